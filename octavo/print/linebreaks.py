"""Where the lines of a paragraph end: the whole of it considered at once.

Comes in: every place where a line may end, with widths, and the measure. Goes out: the
places where lines end, chosen so that the spaces of the whole paragraph are as even as
can be (D. E. Knuth and M. F. Plass, "Breaking Paragraphs into Lines", Software: Practice
and Experience 11, 1981; the terms and most of the figures are TeX's). The one decision:
glyphs give before spaces do, each line by a hair that nobody sees (H. Zapf, "About
micro-typography and the hz-program", 1993), and hyphens come only where that and the
spaces are not enough.
"""

from dataclasses import dataclass
from math import inf

LINE_PENALTY = 10
SCALE_PENALTY = 10
"""Added for glyphs scaled as far as they may be."""
TWO_HYPHENS = 10_000
"""Demerits of a second line in a row that ends in a hyphen; a third is not allowed."""
HYPHEN_BEFORE_LAST = 5_000
UNLIKE_NEIGHBOURS = 10_000
"""Demerits of a tight line beside a loose one."""
MOST_HYPHENS = 2
RUNT = 0.16
"""A last line that fills less of the measure is a runt, unless the paragraph is one line."""
RUNT_DEMERITS = 200_000
WITHOUT_HYPHENS = 0.8
"""How far spaces may stretch, in their stretch, before hyphens are tried."""
TOLERANCES = (2.0, 8.0, inf)
"""With hyphens: how far they may stretch; and where even that is not enough."""
WORST = 50.0
"""The stretch that the worst line is counted with."""
TIGHT, EVEN, OPEN, LOOSE = range(4)
"""How a line's spaces look; neighbours should differ by one step at most."""


@dataclass(frozen=True, slots=True)
class Give:
    """How far a line gives without harm, in the unit of the widths."""

    stretch: float
    """Of each space."""
    shrink: float
    glyphs: float
    """Of all its glyphs together, wider or narrower."""


@dataclass(slots=True)
class Places:
    """Where lines may end, in order; the last is the paragraph's end. One list a fact.

    Widths are counted from the paragraph's beginning, spaces included; what hangs in the
    margin is left out of them, and a hyphen that the break puts in is counted.
    """

    ends: list[float]
    """The width up to the end of a line that ends here."""
    starts: list[float]
    """The width before the line that begins behind it."""
    spaces: list[int]
    """How many spaces stand before the end."""
    start_spaces: list[int]
    """How many stand before the next line."""
    penalties: list[float]
    hyphens: list[bool]
    """Whether the line ends in a hyphen."""
    inside: list[bool]
    """Whether the break is inside a word."""


@dataclass(frozen=True, slots=True)
class Task:
    """A paragraph, or what is left of it, to be broken."""

    places: Places
    measure: float
    indent: float
    give: Give
    start: int = -1
    """The place behind which the first line begins; -1 for the paragraph's beginning."""
    barred: frozenset[int] = frozenset()
    """Places where no line may end."""


def break_lines(task: Task) -> tuple[int, ...] | None:
    """Return the numbers of the places where lines end, the last among them.

    None where no setting keeps within the measure: a word is too long for it.
    """
    found = _search(task, WITHOUT_HYPHENS, inside_words=False)
    for tolerance in TOLERANCES:
        if found:
            break
        found = _search(task, tolerance, inside_words=True)
    return found


def share(room: float, spaces: int, glyphs: float) -> tuple[float, float]:
    """Divide the *room* that a line leaves: among all its glyphs, and for each of its *spaces*.

    What is lacking is negative. *glyphs* is as in ``Give``.
    """
    scaled = max(-glyphs, min(room, glyphs))
    return scaled, (room - scaled) / spaces if spaces else 0.0


Node = tuple[float, int, float, int, int, float, int, "Node | None"]
"""A line's end that may be taken: width and spaces before the next line, demerits so far,
how its spaces look, hyphens in a row, the next line's length, its place, the one before."""


def _first_node(task: Task) -> Node:
    start, places = task.start, task.places
    if start < 0:
        return (0.0, 0, 0.0, EVEN, 0, task.measure - task.indent, start, None)
    return (
        places.starts[start],
        places.start_spaces[start],
        0.0,
        EVEN,
        0,
        task.measure,
        start,
        None,
    )


def _search(task: Task, tolerance: float, *, inside_words: bool) -> tuple[int, ...] | None:
    places, measure = task.places, task.measure
    stretch, shrink, glyphs = task.give.stretch, task.give.shrink, task.give.glyphs
    last = len(places.ends) - 1
    active = [_first_node(task)]
    facts = zip(
        places.ends,
        places.starts,
        places.spaces,
        places.start_spaces,
        places.penalties,
        places.hyphens,
        places.inside,
        strict=True,
    )
    for place, (end, start, spaces, start_spaces, penalty, hyphen, inside) in enumerate(facts):
        if (inside and not inside_words) or place <= task.start or place in task.barred:
            continue
        best: dict[tuple[int, int], Node] = {}
        passed: list[Node] = []
        for node in active:
            room = node[5] - end + node[0]
            gaps = spaces - node[1]
            if place == last and room > 0:
                room = 0.0
            if -glyphs <= room <= glyphs:
                ratio = 0.0
            elif room > glyphs:
                ratio = (room - glyphs) / (gaps * stretch) if gaps else inf
            else:
                ratio = (room + glyphs) / (gaps * shrink) if gaps else -inf
                if ratio < -1:
                    passed.append(node)
                    continue
            if ratio > tolerance:
                # The nodes stand in the order of their places: lines from later ones are shorter.
                break
            ratio = min(ratio, WORST)
            run = node[4] + 1 if hyphen else 0
            if run > MOST_HYPHENS:
                continue
            looks = _looks(ratio)
            scale = 1.0 if ratio else room / glyphs
            badness = 100 * abs(ratio) ** 3 + SCALE_PENALTY * scale * scale
            demerits = (LINE_PENALTY + badness) ** 2 + penalty * penalty + node[2]
            if run > 1:
                demerits += TWO_HYPHENS
            if abs(looks - node[3]) > 1:
                demerits += UNLIKE_NEIGHBOURS
            if place == last and node[7]:
                if end - node[0] < RUNT * measure:
                    demerits += RUNT_DEMERITS
                if node[4]:
                    demerits += HYPHEN_BEFORE_LAST
            key = looks, run
            known = best.get(key)
            if known is None or demerits < known[2]:
                best[key] = (start, start_spaces, demerits, looks, run, measure, place, node)
        if passed == active[: len(passed)]:
            # As they stand in order it is nearly always the first that are.
            del active[: len(passed)]
        else:
            active = [node for node in active if node not in passed]
        active += best.values()
        if not active:
            return None
        if place == last and best:
            return _places_of(min(best.values(), key=_demerits))
    return None


def _looks(ratio: float) -> int:
    if ratio < -0.5:
        return TIGHT
    if ratio <= 0.5:
        return EVEN
    return OPEN if ratio <= 1 else LOOSE


def _demerits(node: Node) -> float:
    return node[2]


def _places_of(node: "Node | None") -> tuple[int, ...]:
    taken: list[int] = []
    while node and node[7]:
        taken.append(node[6])
        node = node[7]
    return tuple(reversed(taken))
