"""The index in lines, columns and pages."""

from hypothesis import given
from hypothesis import strategies as st

from octavo.print.columns import Geometry, Page, SetRow, break_row, set_columns
from octavo.render.indexrows import Entry, Group, Piece, Row, continued

WORDS = {"continued": "continued"}
NARROW = Geometry(width=20, indent=1, turnover=3, first_height=12, height=20)


def measure(words: str, _: str) -> float:
    """Every character is one wide."""
    return float(len(words))


def head_again(entry: Entry) -> Row:
    return continued(entry, WORDS)


def row(kind: str, *words: str) -> Row:
    return Row(kind, "", tuple(Piece(part) for part in words))


def text_of(set_row: SetRow) -> str:
    return "".join(piece.words for piece in set_row.row.pieces)


def rows_of(pages: tuple[Page, ...]) -> list[SetRow]:
    return [set_row for page in pages for column in page for set_row in column]


def test_a_row_breaks_at_the_last_space_that_fits() -> None:
    """Turned-over lines are shorter by their deeper indent."""
    found = break_row(row("entry", "one two three four five six seven"), measure, NARROW)
    assert text_of(found) == "one two three four\nfive six seven"
    assert found.lines == 2


def test_a_locator_stays_with_its_comma() -> None:
    """A line never begins with the comma that follows a heading."""
    found = break_row(row("entry", "abcdefghij klmnopqrs", ", ", "12"), measure, NARROW)
    assert text_of(found) == "abcdefghij\nklmnopqrs, 12"


def test_a_line_end_between_pieces_replaces_the_space() -> None:
    """The space before a locator that begins a line is not set."""
    found = break_row(row("entry", "abcdefghijklmnop", ", ", "12", ", ", "34"), measure, NARROW)
    assert text_of(found) == "abcdefghijklmnop,\n12, 34"


def test_a_broken_entry_repeats_its_heading() -> None:
    """At the top of the next column the heading stands again, marked as continued."""
    subs = tuple(row("sub", f"sub {number}") for number in range(16))
    group = Group(row("letter", "A"), ((row("entry", "apples"), *subs),))
    pages = set_columns((group,), measure, NARROW, head_again)
    left, right = pages[0]
    assert text_of(left[0]) == "A"
    assert text_of(right[0]) == "apples (continued)"
    assert [text_of(r) for r in (*left[2:], *right[1:])] == [f"sub {n}" for n in range(16)]


def test_no_subentry_is_alone_at_a_columns_foot_or_head() -> None:
    """Two subentries at least stand on either side of a break."""
    for count in range(8, 20):
        subs = tuple(row("sub", f"sub {number}") for number in range(count))
        group = Group(row("letter", "A"), ((row("entry", "apples"), *subs),))
        pages = set_columns((group,), measure, NARROW, head_again)
        for column in [column for page in pages for column in page if column]:
            kinds = [set_row.row.kind for set_row in column]
            assert kinds.count("sub") >= 2


@given(st.integers(1, 400), st.integers(0, 3))
def test_an_entry_longer_than_a_column_goes_on_in_the_next(count: int, subs: int) -> None:
    """Every locator stands once and in order, each column below its heading, none too high."""
    words = [word for number in range(count) for word in (", ", str(number))]
    below = tuple(row("sub", f"sub {number}") for number in range(subs))
    group = Group(row("letter", "A"), ((row("entry", "apples", *words), *below),))
    pages = set_columns((group,), measure, NARROW, head_again)
    columns = [column for page in pages for column in page if column]
    for number, column in enumerate(columns):
        height = NARROW.first_height if number < 2 else NARROW.height
        assert sum(set_row.height for set_row in column) <= height
        if number:
            assert text_of(column[0]) == "apples (continued)"
    rows = [r for r in rows_of(pages) if r.row.kind in {"entry", "turnover"}]
    said = " ".join(" ".join(text_of(r).split("\n")) for r in rows)
    assert said == "apples" + "".join(f", {number}" for number in range(count))
    for set_row in rows:
        assert set_row.lines == 1 + text_of(set_row).count("\n")


def test_the_last_columns_are_balanced() -> None:
    """Two columns of the last page differ by no more than one entry."""
    entries = tuple((row("entry", f"entry {number}"),) for number in range(10))
    ((left, right),) = set_columns(
        (Group(row("letter", "E"), entries),), measure, NARROW, head_again
    )
    assert abs(len(left) - len(right)) <= 1


names = st.text(alphabet="abcde ", min_size=1, max_size=40).map(lambda t: t.strip() or "x")
entries = st.lists(names, min_size=1, max_size=25).map(
    lambda found: (row("entry", found[0]), *(row("sub", name) for name in found[1:]))
)
groups = st.lists(
    st.lists(entries, min_size=1, max_size=6).map(
        lambda found: Group(row("letter", "L"), tuple(found))
    ),
    max_size=6,
)


@given(groups)
def test_every_row_stands_once_and_in_order(found: list[Group]) -> None:
    """Nothing is lost in a column, and no column is higher than the page."""
    pages = set_columns(tuple(found), measure, NARROW, head_again)
    expected = [
        "".join(piece.words for piece in each.pieces)
        for group in found
        for each in (group.letter, *(r for entry in group.entries for r in entry))
    ]
    rows = [r for r in rows_of(pages) if r.row.kind != "continued"]
    assert [" ".join(text_of(r).split()) for r in rows] == [" ".join(t.split()) for t in expected]
    for number, page in enumerate(pages):
        limit = NARROW.height if number else NARROW.first_height
        assert all(sum(r.height for r in column) <= limit for column in page)
