"""The cover: any title fits on it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from small_books import small_book

from octavo.print.fonts import FontCase
from octavo.render import TEMPLATES
from octavo.render.cover import MEASURE, SMALLEST, Cover, set_cover

FACE = FontCase([TEMPLATES]).of_style((TEMPLATES / "print/fonts.css").read_text("utf-8"), "")

BOOK = small_book((("Wang", ["Yes."]),))
TITLES = st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=30).map(" ".join)


def width(words: str, italic: bool) -> float:
    """The face is the same for both here; only that widths differ by letter matters."""
    assert italic in {True, False}
    return FACE.advance(words, ())


def cover(title: str, subtitle: str = "") -> Cover:
    return set_cover(replace(BOOK, title=title, subtitle=subtitle), ("Ann Lee",), width)


def test_lines_are_of_about_the_same_length() -> None:
    """No lone word at the end where the title can be parted evenly."""
    lines = cover("The International work of the Communist Party of China (CPC)").lines
    assert [line.words for line in lines] == [
        "The International",
        "work of the",
        "Communist Party",
        "of China (CPC)",
        "Ann Lee",
    ]


@given(TITLES, TITLES)
def test_any_title_fits(title: str, subtitle: str) -> None:
    """Every word is there, every line within the measure, each below the one before."""
    lines = cover(title, subtitle).lines
    assert " ".join(line.words for line in lines) == f"{title} {subtitle} Ann Lee"
    assert all(FACE.advance(line.words, ()) * line.size <= MEASURE + 1 for line in lines)
    assert all(line.size >= SMALLEST for line in lines)
    places = [line.y for line in lines]
    assert places == sorted(set(places))
    assert places[-1] < 2480
