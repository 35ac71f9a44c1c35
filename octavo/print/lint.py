"""The page lint: what a book designer would send back, counted on the finished pages.

Comes in: the pages of the body as they are set, with their folios. Goes out: faults, each
with page and line. The one decision: it looks at where lines came to stand, not at what
was asked for, so that it tells on the engine, on our line breaking and on an edition's own
rules alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from octavo.print.place import Place
from octavo.print.setpages import Line, SetPage

SAME_LINE = 2.0
"""Points by which stretches of one line may differ in height."""
LOOSE = 1.6
"""Of the normal word space; a wider one is a hole in the page."""
RUNT_CHARACTERS = 4
STACKED = 3
UNDER_HEADING = 3
WITH_LABEL = 2
LEVEL = 0.5
"""Points that a line may stand beside the grid."""
HANGING = 0.7
"""Sizes by which marks may hang in the margin."""
SHORT_PAGE = 1 / 3

CODES = {
    "widow": ("widow", "widows"),
    "orphan": ("orphan", "orphans"),
    "runt": ("runt", "runts"),
    "stranded-label": ("stranded label", "stranded labels"),
    "stacked-hyphens": ("stack of hyphens", "stacks of hyphens"),
    "loose-line": ("loose line", "loose lines"),
    "overfull-line": ("overfull line", "overfull lines"),
    "broken-over-page": ("word broken over a page turn", "words broken over a page turn"),
    "heading-at-foot": ("heading at the foot", "headings at the foot"),
    "unlevel-line": ("unlevel line", "unlevel lines"),
    "short-page": ("short page", "short pages"),
}
"""Every kind of fault, one of it and several."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The measures of a page, in points."""

    width: float
    inner: float
    outer: float
    top: float
    line: float
    lines: int
    """Lines on a full page."""
    size: float
    space: float
    """The normal word space."""
    rectos_left: bool = False
    """Whether rectos are left-hand pages, in a book that is read from right to left."""

    def margins(self, folio: int) -> tuple[float, float]:
        """Those on the left and on the right of the page with that folio."""
        is_left = (folio % 2 == 1) == self.rectos_left
        return (self.outer, self.inner) if is_left else (self.inner, self.outer)


@dataclass(frozen=True, slots=True)
class PageFault:
    """One fault; lengths in points from the page's top left."""

    code: str
    folio: str
    line: int
    """Counted from the page's first line of text."""
    found: str
    x: float
    y: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"page {self.folio}, line {self.line}: {self.code}: {self.found}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line: all stretches of a paragraph on it."""

    page: int
    folio: str
    number: int
    stretches: tuple[Line, ...]

    @property
    def paragraph(self) -> str:
        return self.stretches[0].paragraph

    @property
    def left(self) -> float:
        return min(line.x for line in self.stretches)

    @property
    def right(self) -> float:
        return max(line.x + line.width for line in self.stretches)

    @property
    def hyphen(self) -> bool:
        return self.stretches[-1].hyphen

    def fault(self, code: str, found: str) -> PageFault:
        first = self.stretches[0]
        return PageFault(
            code,
            self.folio,
            self.number,
            found,
            self.left,
            first.y,
            self.right - self.left,
            first.height,
        )


def lint_pages(
    pages: Sequence[SetPage], turns: Mapping[str, str], sheet: Sheet, *, verso: bool
) -> tuple[PageFault, ...]:
    """Return the faults of one chapter in page order, its folios counted from 1, or from 2.

    *turns* gives the turn of each paragraph that is speech.
    """
    folios = tuple(str(number) for number, _ in enumerate(pages, start=2 if verso else 1))
    rows = [
        row
        for number, (page, folio) in enumerate(zip(pages, folios, strict=True))
        for row in _rows(number, folio, page)
    ]
    by_paragraph = {
        paragraph: tuple(own) for paragraph, own in groupby(rows, key=lambda row: row.paragraph)
    }
    faults: list[PageFault] = []
    for own in by_paragraph.values():
        faults += _paragraph_faults(own)
    faults += _label_faults(by_paragraph, turns)
    for row in rows:
        faults += _row_faults(row, sheet)
    faults += _heading_faults(pages, folios, rows)
    faults += _short_pages(rows, sheet)
    return tuple(sorted(faults, key=lambda fault: (_order(fault.folio), fault.line, fault.code)))


def is_verso(place: Place) -> bool:
    """Whether its first page is a verso, with an even folio."""
    return bool(place.folios) and _order(place.folios[0]) % 2 == 0


def in_place(faults: Iterable[PageFault], place: Place) -> Iterator[PageFault]:
    """*faults* as ``lint_pages`` has them, with the folios that their pages have in *place*."""
    before = _order(place.folios[0]) - (2 if is_verso(place) else 1) if place.folios else 0
    for fault in faults:
        folio = _order(fault.folio) + before
        found = _over_page(folio) if fault.code == "broken-over-page" else fault.found
        yield replace(fault, folio=str(folio), found=found)


def sum_of_faults(faults: Sequence[PageFault]) -> str:
    """The one-line sum: ``page lint: 2 loose lines, 1 runt``."""
    counts = Counter(fault.code for fault in faults)
    said = [
        f"{counts[code]} {words[counts[code] > 1]}" for code, words in CODES.items() if counts[code]
    ]
    return f"page lint: {', '.join(said) or 'no fault'}"


def _order(folio: str) -> int:
    return int(folio) if folio.isdecimal() else 0


def _rows(page_index: int, folio: str, page: SetPage) -> Iterator[_Row]:
    found: list[list[Line]] = []
    for line in page.lines:
        before = found[-1][-1] if found else None
        same = before and before.paragraph == line.paragraph and abs(before.y - line.y) < SAME_LINE
        if same:
            found[-1].append(line)
        else:
            found.append([line])
    for number, stretches in enumerate(found, start=1):
        yield _Row(page_index, folio, number, tuple(stretches))


def _paragraph_faults(rows: Sequence[_Row]) -> Iterator[PageFault]:
    if len(rows) == 1:
        return
    last = rows[-1]
    characters = sum(line.end - line.start for line in last.stretches)
    if characters < RUNT_CHARACTERS:
        yield last.fault("runt", f"the last line holds {characters} characters")
    parts = [tuple(part) for _, part in groupby(rows, key=lambda row: row.page)]
    if len(parts) > 1 and len(parts[0]) == 1:
        yield rows[0].fault("orphan", "a paragraph's first line stands alone at the foot")
    if len(parts) > 1 and len(parts[-1]) == 1:
        yield last.fault("widow", "a paragraph's last line stands alone at the head")
    for before, _ in pairwise(parts):
        if before[-1].hyphen and _order(before[-1].folio) % 2:
            yield before[-1].fault("broken-over-page", _over_page(_order(before[-1].folio)))
    run = 0
    for row in rows:
        run = run + 1 if row.hyphen else 0
        if run == STACKED:
            yield row.fault("stacked-hyphens", f"{STACKED} lines in a row end in a hyphen")


def _over_page(folio: int) -> str:
    return f"the word ends on page {folio + 1}"


def _label_faults(
    by_paragraph: Mapping[str, Sequence[_Row]], turns: Mapping[str, str]
) -> Iterator[PageFault]:
    """A label is never parted from the first lines of what is said."""
    of_turn: dict[str, list[_Row]] = {}
    for paragraph, rows in by_paragraph.items():
        if paragraph in turns:
            of_turn.setdefault(turns[paragraph], []).extend(rows)
    for rows in of_turn.values():
        beginning = [row for row in rows if row.page == rows[0].page]
        if len(beginning) < min(WITH_LABEL, len(rows)):
            yield rows[0].fault("stranded-label", "the speaker's next line is on the next page")


def _row_faults(row: _Row, sheet: Sheet) -> Iterator[PageFault]:
    widest = max((line.space for line in row.stretches), default=0.0) / sheet.space + 1
    if widest > LOOSE:
        yield row.fault("loose-line", f"word space {widest:.2f} of normal")
    left, right = sheet.margins(_order(row.folio))
    over = left - row.left if sheet.rectos_left else row.right - (sheet.width - right)
    if over > HANGING * sheet.size:
        yield row.fault("overfull-line", f"{over:.1f} points over the measure")
    steps = (row.stretches[0].y - sheet.top) / sheet.line
    beside = abs(steps - round(steps)) * sheet.line
    if beside > LEVEL:
        yield row.fault("unlevel-line", f"{beside:.1f} points beside the lines of the facing page")


def _heading_faults(
    pages: Sequence[SetPage], folios: Sequence[str], rows: Sequence[_Row]
) -> Iterator[PageFault]:
    for number, (page, folio) in enumerate(zip(pages, folios, strict=True)):
        own = [row for row in rows if row.page == number]
        for mark in page.bookmarks:
            below = [row for row in own if row.stretches[0].y > mark.y + SAME_LINE]
            if len(below) < UNDER_HEADING:
                line = len(own) - len(below) + 1
                yield PageFault(
                    "heading-at-foot",
                    folio,
                    line,
                    f"`{mark.label}` has {len(below)} lines under it",
                    mark.x,
                    mark.y,
                    100,
                    15,
                )


def _short_pages(rows: Sequence[_Row], sheet: Sheet) -> Iterator[PageFault]:
    """The last page of a chapter, where others come before it, is at least a third full."""
    if not rows:
        return
    last = rows[-1]
    filled = (last.stretches[0].y - sheet.top) / sheet.line + 1
    if last.page > 0 and filled < SHORT_PAGE * sheet.lines:
        yield last.fault(
            "short-page", f"{round(filled)} of {sheet.lines} lines before a new chapter"
        )
