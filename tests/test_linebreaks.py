"""Lines of whole paragraphs: the best setting there is, held against all there are."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from octavo.print import linebreaks
from octavo.print.linebreaks import Give, Places, Task, break_lines, share

GIVE = Give(stretch=1.2, shrink=0.8, glyphs=1.0)
MEASURE = 30.0


@st.composite
def paragraphs(draw: st.DrawFn) -> Places:
    """A few words of one to nine units, parted by spaces of two, or broken inside."""
    places = Places([], [], [], [], [], [], [])
    x, spaces = 0.0, 0
    words = draw(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=12))
    for number, (width, inside) in enumerate(words, start=1):
        x += width
        last = number == len(words)
        inside = inside and not last
        places.ends.append(x + inside)
        places.spaces.append(spaces)
        if not inside and not last:
            x += 2
            spaces += 1
        places.starts.append(x)
        places.start_spaces.append(spaces)
        places.penalties.append(100.0 if inside else 0.0)
        places.hyphens.append(inside)
        places.inside.append(inside)
    return places


def demerits(places: Places, taken: tuple[int, ...], indent: float, most: float) -> float | None:
    """What a setting costs, worked out line by line as Knuth and Plass define it; None: not set."""
    total, looks, run = 0.0, linebreaks.EVEN, 0
    start, spaces = 0.0, 0
    for number, place in enumerate(taken):
        last = place == len(places.ends) - 1
        room = MEASURE - (indent if number == 0 else 0) - (places.ends[place] - start)
        gaps = places.spaces[place] - spaces
        room = min(room, 0.0) if last else room
        glyphs = max(-GIVE.glyphs, min(room, GIVE.glyphs))
        left = room - glyphs
        if left and not gaps:
            return None
        ratio = left / gaps / (GIVE.stretch if left > 0 else GIVE.shrink) if left else 0.0
        if not -1 <= ratio <= most:
            return None
        run = run + 1 if places.hyphens[place] else 0
        if run > linebreaks.MOST_HYPHENS:
            return None
        now = 0 if ratio < -0.5 else 1 if ratio <= 0.5 else 2 if ratio <= 1 else 3
        scale = linebreaks.SCALE_PENALTY * (glyphs / GIVE.glyphs) ** 2
        total += (linebreaks.LINE_PENALTY + 100 * abs(ratio) ** 3 + scale) ** 2
        total += places.penalties[place] ** 2
        total += linebreaks.TWO_HYPHENS * (run > 1)
        total += linebreaks.UNLIKE_NEIGHBOURS * (abs(now - looks) > 1)
        if last and number:
            total += linebreaks.RUNT_DEMERITS * (
                places.ends[place] - start < linebreaks.RUNT * MEASURE
            )
            total += linebreaks.HYPHEN_BEFORE_LAST * places.hyphens[taken[number - 1]]
        looks = now
        start, spaces = places.starts[place], places.start_spaces[place]
    return total


@given(paragraphs(), st.sampled_from([0.0, 4.0]))
def test_no_other_setting_costs_less(places: Places, indent: float) -> None:
    """Of all settings that keep within the tolerance, the one found is a cheapest."""
    most = linebreaks.TOLERANCES[0]
    found = linebreaks._search(Task(places, MEASURE, indent, GIVE), most, inside_words=True)
    last = len(places.ends) - 1
    costs = [
        cost
        for count in range(last + 1)
        for some in combinations(range(last), count)
        if (cost := demerits(places, (*some, last), indent, most)) is not None
    ]
    if found is None:
        assert costs == []
    else:
        cost = demerits(places, found, indent, most)
        assert cost is not None
        assert abs(cost - min(costs)) <= 1e-6 * max(1, cost)


@given(paragraphs())
def test_lines_follow_each_other_to_the_end(places: Places) -> None:
    """Places come in order, each once, the last at the paragraph's end."""
    found = break_lines(Task(places, MEASURE, 0.0, GIVE))
    assert found
    assert found[-1] == len(places.ends) - 1
    assert all(a < b for a, b in pairwise(found))


@given(paragraphs(), st.integers(0, 5), st.sets(st.integers(0, 11)))
def test_what_is_left_may_be_broken_anew(places: Places, start: int, barred: set[int]) -> None:
    """Behind the place where it starts, and never where it is barred."""
    last = len(places.ends) - 1
    start = min(start, last - 1)
    task = Task(places, MEASURE, 0.0, GIVE, start, frozenset(barred - {last}))
    found = break_lines(task)
    if found is not None:
        assert found[0] > start
        assert found[-1] == last
        assert not task.barred & set(found)


def test_a_word_wider_than_the_measure_is_left_to_the_engine() -> None:
    """No setting fits it, and none is made up."""
    places = Places([40.0], [40.0], [0], [0], [0.0], [False], [False])
    assert break_lines(Task(places, MEASURE, 0.0, GIVE)) is None


@given(st.floats(-20, 20), st.integers(1, 12))
def test_what_glyphs_do_not_take_the_spaces_take(room: float, spaces: int) -> None:
    """Together they fill the line; glyphs give no more than they may."""
    glyphs, space = share(room, spaces, 1.5)
    assert abs(glyphs + space * spaces - room) < 1e-9
    assert abs(glyphs) <= 1.5
