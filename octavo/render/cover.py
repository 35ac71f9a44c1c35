"""The cover: title and names, cut into lines for a picture of 1600 by 2560 units.

Comes in: the Book. Goes out: lines, their sizes and places. The one decision: the face is
the reader's own serif, whose widths nobody knows here, so lines are cut short enough
for a wide one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from octavo.book import Book

MEASURE = 1180
"""Units that a line may fill."""
WIDEST = 0.58
"""Width of a character in a wide serif face, in ems, on the average of a line."""
LARGEST = 168
TOP = 720
"""Where the first line stands."""
BOTTOM = 2380
"""Where the last line stands at the lowest."""
SUBTITLE_SHARE = 0.52
"""The subtitle's size, in that of the title."""
NAME_SIZE = 68
SMALLEST = 24
FEW_LINES = 4
LONG_LINE = 20
"""Characters to a line of a title that does not fit on a few lines."""
MOST_NAMES = 4
ABOVE_RULE = 170


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A line of the cover; lengths in units of its picture."""

    words: str
    size: int
    y: int
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """The lines, and how far down the rule stands below the title."""

    lines: tuple[CoverLine, ...]
    rule: int


def set_cover(book: Book, names: Sequence[str]) -> Cover:
    """Set title, subtitle, a rule, and *names*, the title as large as leaves room for all."""
    cover = _set_from(book, names, LARGEST)
    for largest in range(LARGEST, SMALLEST, -8):
        cover = _set_from(book, names, largest)
        if cover.lines[-1].y <= BOTTOM:
            break
    return cover


def _set_from(book: Book, names: Sequence[str], largest: int) -> Cover:
    lines = _set(book.title, _fitting_size(book.title, largest), TOP)
    if book.subtitle:
        size = min(round(lines[0].size * SUBTITLE_SHARE), _fitting_size(book.subtitle, largest))
        lines += _set(book.subtitle, size, lines[-1].y + round(2.2 * size), italic=True)
    rule = lines[-1].y + ABOVE_RULE
    for name in names[:MOST_NAMES]:
        lines += _set(name, _fitting_size(name, NAME_SIZE), max(rule, lines[-1].y) + 2 * NAME_SIZE)
    return Cover(tuple(lines), rule)


def _fitting_size(words: str, largest: int = LARGEST) -> int:
    """The largest size at which the longest word fits and there are not too many lines."""
    for size in range(largest, SMALLEST, -4):
        lines = _lines(words, size)
        if len(lines) <= max(FEW_LINES, len(words) / LONG_LINE) and max(
            map(len, lines)
        ) <= _characters(size):
            return size
    return SMALLEST


def _characters(size: int) -> int:
    return int(MEASURE / (size * WIDEST))


def _lines(words: str, size: int) -> list[str]:
    """Break *words* into as few lines as fit, of about the same length."""
    measure = _characters(size)
    fewest = len(_wrap(words, measure))
    while measure > 1 and len(_wrap(words, measure - 1)) == fewest:
        measure -= 1
    return _wrap(words, measure)


def _wrap(words: str, measure: int) -> list[str]:
    return wrap(words, measure, break_long_words=False, break_on_hyphens=False)


def _set(words: str, size: int, top: int, *, italic: bool = False) -> list[CoverLine]:
    return [
        CoverLine(line, size, top + round(1.25 * size * number), italic)
        for number, line in enumerate(_lines(words, size))
    ]
