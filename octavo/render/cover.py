"""The cover: title and names, cut into lines for a picture of 1600 by 2560 units.

Comes in: the Book, and how wide words are in its face. Goes out: lines, their sizes and
places. The one decision: the artwork is cut once, in units of its own, so that the
e-book's picture and the front of the printer's sheet are the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from octavo.book import Book

PICTURE = (1600, 2560)
"""Width and height of the artwork, in its units: pixels of the e-book's cover."""
MEASURE = 1180
"""Units that a line may fill."""
LARGEST = 184
TOP = 720
"""Where the first line stands."""
BOTTOM = 2380
"""Where the last line stands at the lowest."""
LEADING = 1.25
SUBTITLE_SHARE = 0.5
"""The subtitle's size, in that of the title."""
SUBTITLE_DROP = 2.4
"""From the title's last line down to the subtitle's first, in sizes of the subtitle."""
NAME_SIZE = 68
SMALLEST = 24
FEW_LINES = 4
LONG_LINE = 20
"""Characters to a line of a title that does not fit on a few lines."""
MOST_NAMES = 4
ABOVE_RULE = 170

Measure = Callable[[str, bool], float]
"""The width of words in ems, roman or, with ``True``, italic."""


@dataclass(frozen=True, slots=True)
class CoverLine:
    """A line of the cover; lengths in units of its picture."""

    words: str
    size: int
    y: int
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """The lines, and how far down the rule stands between title and names; 0 without names."""

    lines: tuple[CoverLine, ...]
    rule: int


def set_cover(book: Book, names: Sequence[str], measure: Measure) -> Cover:
    """Set title, subtitle, a rule, and *names*, the title as large as leaves room for all."""
    cover = _set_from(book, names, measure, LARGEST)
    for largest in range(LARGEST, SMALLEST, -8):
        cover = _set_from(book, names, measure, largest)
        if cover.lines[-1].y <= BOTTOM:
            break
    return cover


def _set_from(book: Book, names: Sequence[str], measure: Measure, largest: int) -> Cover:
    title = _Words(book.title, measure, italic=False)
    lines = title.set(title.fitting_size(largest), TOP)
    if book.subtitle:
        subtitle = _Words(book.subtitle, measure, italic=True)
        size = min(round(lines[0].size * SUBTITLE_SHARE), subtitle.fitting_size(largest))
        lines += subtitle.set(size, lines[-1].y + round(SUBTITLE_DROP * size))
    rule = lines[-1].y + ABOVE_RULE
    for name in names[:MOST_NAMES]:
        words = _Words(name, measure, italic=False)
        top = max(rule, lines[-1].y) + 2 * NAME_SIZE
        lines += words.set(words.fitting_size(NAME_SIZE), top)
    return Cover(tuple(lines), rule if names else 0)


class _Words:
    """Words of one face, to be parted into lines at spaces alone."""

    def __init__(self, words: str, measure: Measure, *, italic: bool) -> None:
        self._italic = italic
        self._words = words.split()
        self._widths = [measure(word, italic) for word in self._words]
        self._space = measure(" ", italic)

    def set(self, size: int, top: int) -> list[CoverLine]:
        return [
            CoverLine(line, size, top + round(LEADING * size * number), self._italic)
            for number, (line, _) in enumerate(self._even_lines(MEASURE / size))
        ]

    def fitting_size(self, largest: int) -> int:
        """The largest size at which the longest word fits and there are not too many lines."""
        most = max(FEW_LINES, sum(map(len, self._words)) / LONG_LINE)
        for size in range(largest, SMALLEST, -4):
            lines = self._lines(MEASURE / size)
            if len(lines) <= most and _widest(lines) <= MEASURE / size:
                return size
        return SMALLEST

    def _even_lines(self, measure: float) -> list[tuple[str, float]]:
        """As few lines as fit, of about the same length."""
        lines = self._lines(measure)
        while True:
            closer = self._lines(_widest(lines) - 0.001)
            if len(closer) > len(lines) or _widest(closer) >= _widest(lines):
                return lines
            lines = closer

    def _lines(self, measure: float) -> list[tuple[str, float]]:
        """Fill lines of *measure* ems in turn; a word that is wider has one of its own."""
        return list(self._fill(measure))

    def _fill(self, measure: float) -> Iterator[tuple[str, float]]:
        line, filled = self._words[:1], sum(self._widths[:1])
        for word, width in zip(self._words[1:], self._widths[1:], strict=True):
            if filled + self._space + width > measure:
                yield " ".join(line), filled
                line, filled = [word], width
            else:
                line.append(word)
                filled += self._space + width
        yield " ".join(line), filled


def _widest(lines: Sequence[tuple[str, float]]) -> float:
    return max(width for _, width in lines)
