"""The cover as one sheet for the printer, back, spine and front, and its front alone.

Comes in: the Book, the page's size, the spine and the bleed. Goes out: HTML and style. The
one decision: the front is the e-book's cover, the same lines at the same places, in the
book's own face; what stands on the back are the people who speak, and no praise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from octavo.book import Book
from octavo.render import Templates
from octavo.render.cover import PICTURE, Measure, set_cover
from octavo.render.particulars import Participant

SAFE = 9.0
"""Points from the trim within which no word stands (0.125 in, as most printers ask)."""
SPINE_SAFE = 4.5
SMALLEST_SPINE_TEXT = 6.0
LARGEST_SPINE_TEXT = 14.0
SPINE_SHARE = 0.5
"""The most that the spine's words take of its length, in ems of their size a character."""
ASCENT = 0.8
"""How far above the baseline a line's box begins, in sizes, where its leading is its size."""
FRAME = 80 / 1600
BACK_TOP = 0.28
"""Where the people begin on the back, in heights of the page."""
BACK_ROOM = 0.46
"""What they may take, to clear the barcode."""
PERSON_STEP, ABOUT_STEP, CLOSE_STEP = 30.0, 28.0, 16.0
"""Points from one person to the next, more for what they are, and without it."""
MODULE = 0.8
"""Width of the narrowest bar in points; EAN-13 at 85 % of its nominal size."""
BAR_HEIGHT = 52.0


@dataclass(frozen=True, slots=True)
class CoverSize:
    """Lengths in points."""

    width: float
    """Of the trimmed page."""
    height: float
    spine: float
    bleed: float
    sides: int = 2
    """Front and back, or the front alone."""
    front_on_left: bool = False
    """As seen from outside; so it is where a book is read from right to left."""

    @property
    def sheet(self) -> tuple[float, float]:
        """Width and height with the bleed."""
        width = self.sides * self.width + self.spine + 2 * self.bleed
        return width, self.height + 2 * self.bleed

    @property
    def front(self) -> float:
        """Where the front begins, from the sheet's left edge."""
        beside = 0.0 if self.front_on_left or self.sides == 1 else self.width + self.spine
        return self.bleed + beside

    @property
    def back(self) -> float:
        """Where the back begins, from the sheet's left edge."""
        return self.bleed + (self.width + self.spine if self.front_on_left else 0.0)

    @property
    def folds(self) -> tuple[float, float]:
        """Where the spine begins and ends, from the trim's left edge."""
        return self.width, self.width + self.spine


FRONT_ALONE = CoverSize(PICTURE[0] / 4, PICTURE[1] / 4, 0.0, 0.0, sides=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """Words at a place; lengths in points from the sheet's top left."""

    words: str
    left: float
    top: float
    width: float
    size: float
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the barcode."""

    left: float
    width: float


def cover_sheet_html(
    templates: Templates,
    book: Book,
    size: CoverSize,
    names: Sequence[str],
    people: Sequence[Participant],
    measure: Measure,
) -> str:
    """Return the sheet, ready to be set; *names* stand on the front, *people* on the back."""
    isbn = book.edition.file.book.isbn
    return _html(
        templates,
        book,
        size,
        names,
        measure,
        back=people_on_back(size, people),
        bars=_bars(size, isbn),
        bar_top=size.bleed + size.height - BAR_HEIGHT - 4 * SAFE,
        bar_height=BAR_HEIGHT,
        bar_words=_bar_words(size, isbn),
        spine_size=spine_size(size, f"{book.title}   {', '.join(names)}"),
    )


def cover_front_html(
    templates: Templates, book: Book, names: Sequence[str], measure: Measure
) -> str:
    """Return the front alone, a page of the artwork's own proportions."""
    return _html(templates, book, FRONT_ALONE, names, measure, back=(), bars=(), spine_size=0)


def _html(
    templates: Templates,
    book: Book,
    size: CoverSize,
    names: Sequence[str],
    measure: Measure,
    **data: Any,
) -> str:
    cover = set_cover(book, names, measure)
    left = size.front
    across, down = size.width / PICTURE[0], size.height / PICTURE[1]
    front = [
        Placed(
            line.words,
            left,
            size.bleed + line.y * down - ASCENT * line.size * across,
            size.width,
            line.size * across,
            line.italic,
        )
        for line in cover.lines
    ]
    return templates.render(
        "print/cover.html",
        book=book,
        frame=FRAME * size.width,
        front=front,
        left=left,
        names=", ".join(names),
        rule=size.bleed + cover.rule * down if cover.rule else 0,
        size=size,
        **data,
    )


def cover_sheet_css(style: str, size: CoverSize) -> str:
    """How it looks, and the size of the sheet."""
    width, height = size.sheet
    return f"{style}\n@page {{ margin: 0; size: {width:.4f}pt {height:.4f}pt }}\n"


def spine_size(size: CoverSize, words: str) -> float:
    """The size of the spine's words; 0 where they would come too near to the folds."""
    room = size.spine - 2 * SPINE_SAFE
    length = (size.height - 4 * SAFE) / (SPINE_SHARE * max(1, len(words)))
    fitting = min(room, length, LARGEST_SPINE_TEXT)
    return fitting if fitting >= SMALLEST_SPINE_TEXT else 0.0


def people_on_back(size: CoverSize, people: Sequence[Participant]) -> list[Placed]:
    """The people, and what they are where there is room for it; none if they are too many."""
    left, width = size.back + 4 * SAFE, size.width - 8 * SAFE
    top, room = size.bleed + size.height * BACK_TOP, size.height * BACK_ROOM
    if len(people) * CLOSE_STEP > room:
        return []
    told = sum(PERSON_STEP + ABOUT_STEP * bool(person.about) for person in people) <= room
    lines = []
    for person in people:
        lines.append(Placed(person.name, left, top, width, 12.0))
        if told and person.about:
            lines.append(Placed(person.about, left, top + CLOSE_STEP, width, 9.5, italic=True))
            top += ABOUT_STEP
        top += PERSON_STEP if told else CLOSE_STEP
    return lines


def _bars(size: CoverSize, isbn: str) -> list[Bar]:
    if not isbn:
        return []
    from barcode import EAN13

    modules = EAN13(isbn.replace("-", "")).build()[0]
    modules = modules.replace("G", "1")
    left = _bar_left(size)
    return [Bar(left + at * MODULE, MODULE) for at, module in enumerate(modules) if module == "1"]


def _bar_left(size: CoverSize) -> float:
    """At the foot of the back, beside the spine."""
    if size.front_on_left:
        return size.back + 4 * SAFE
    return size.back + size.width - 95 * MODULE - 4 * SAFE


def _bar_words(size: CoverSize, isbn: str) -> Placed | None:
    if not isbn:
        return None
    top = size.bleed + size.height - 4 * SAFE + 1
    return Placed(f"ISBN {isbn}", _bar_left(size), top, 95 * MODULE, 7.0)
