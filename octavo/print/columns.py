"""The index broken into lines, columns and pages.

Comes in: rows of pieces, and a measure of widths. Goes out: pages of two columns. The one
decision: we break the lines and columns ourselves, for no engine repeats a heading with
*(continued)*, keeps a lone subentry from a column's foot, or balances fast: WeasyPrint
lays a balanced index out many times (1.8 s against 0.5 s for three pages).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from octavo.render.indexrows import Entry, Group, Piece, Row

SPACE = " "
TURNOVER = "turnover"
"""The kind of a row that goes on with one of the column before."""
KEPT_WHOLE = 7
"""An entry of no more lines is moved to the next column rather than broken."""

Measure = Callable[[str, str], float]
"""Width in points of words set in a type (``""``, ``italic``, ``bold``)."""
Continued = Callable[[Entry], Row]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Lengths in points."""

    width: float
    """Of a column."""
    indent: float
    """Of a subentry."""
    turnover: float
    """Of every line of a row but its first; deeper than any indent."""
    first_height: int
    """Lines in a column of the first page, below heading and headnote."""
    height: int
    """Lines in a column of the pages after it."""


class SetRow(NamedTuple):
    """A row whose lines are broken."""

    row: Row
    lines: int
    space: bool = False
    """Whether a line of space stands above it."""
    path: str = ""
    """Which list, item and body of the tag tree its words belong to; see ``print.tags``."""

    @property
    def height(self) -> int:
        return self.lines + self.space


Column = tuple[SetRow, ...]
Page = tuple[Column, Column]


def set_columns(
    groups: Sequence[Group], measure: Measure, geometry: Geometry, continued: Continued
) -> tuple[Page, ...]:
    """Return the pages; the columns of the last are balanced.

    Every row stands once and in order; one that is higher than a column goes on in the next,
    as turned-over lines below its heading.
    """
    blocks = list(_blocks(groups, measure, geometry))
    head = _Continued(continued, measure, geometry)
    pages: list[Page] = []
    height = geometry.first_height
    while blocks:
        balanced = _balanced(blocks, height, head)
        if balanced:
            return (*pages, balanced)
        left, blocks = _fill(blocks, height, head, cut_rows=True)
        right, blocks = _fill(blocks, height, head, cut_rows=True)
        pages.append((left, right))
        height = geometry.height
    return tuple(pages)


# Lines ----------------------------------------------------------------------


def break_row(row: Row, measure: Measure, geometry: Geometry) -> SetRow:
    """Put a line feed for each space at which a line ends, as many words a line as fit."""
    indent = geometry.indent if row.kind == "sub" else 0
    room = geometry.width - indent
    turnover = geometry.width - geometry.turnover
    lines, used = 1, 0.0
    pieces = []
    pending = 0.0
    for at, piece in enumerate(row.pieces):
        words = piece.words.split(SPACE)
        text = ""
        for number, word in enumerate(words):
            if number:
                pending = measure(SPACE, piece.type)
            width = measure(word, piece.type) if word else 0.0
            tail = _tail(row.pieces[at + 1 :], measure) if number == len(words) - 1 else 0.0
            if pending and word and used + pending + width + tail > room:
                text = f"{text}\n{word}"
                lines, used, room = lines + 1, width, turnover
            else:
                text = f"{text}{SPACE if number else ''}{word}"
                used += (pending if number else 0) + width
            if word:
                pending = 0.0
        pieces.append(piece._replace(words=text))
    return SetRow(row._replace(pieces=tuple(_ends_of_pieces(pieces))), lines)


def _tail(following: Sequence[Piece], measure: Measure) -> float:
    """The width that follows without a space: a comma, a stop, a locator on a no-break space."""
    width = 0.0
    for piece in following:
        first, space, _ = piece.words.partition(SPACE)
        width += measure(first, piece.type)
        if space:
            break
    return width


def _ends_of_pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Let a line that would begin inside a piece begin before it: no link begins with nothing."""
    for number, piece in enumerate(pieces):
        words = piece.words
        following = pieces[number + 1].words if number + 1 < len(pieces) else ""
        if following.startswith("\n"):
            words = words.removesuffix(SPACE) + "\n"
        yield piece._replace(words=words.removeprefix("\n"))


# Columns --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """An entry with its letter, if it is the first under it."""

    rows: tuple[SetRow, ...]
    entry: Entry

    @property
    def height(self) -> int:
        return sum(row.height for row in self.rows)


class _Continued:
    """Makes the row that repeats a broken entry's heading."""

    def __init__(self, continued: Continued, measure: Measure, geometry: Geometry) -> None:
        self._continued = continued
        self._measure = measure
        self._geometry = geometry

    def row(self, entry: Entry) -> SetRow:
        return break_row(self._continued(entry), self._measure, self._geometry)


def _blocks(groups: Sequence[Group], measure: Measure, geometry: Geometry) -> Iterator[_Block]:
    for group in groups:
        letter = [break_row(group.letter, measure, geometry)._replace(space=True)]
        for entry in group.entries:
            rows = [*letter, *(break_row(row, measure, geometry) for row in entry)]
            letter = []
            yield _Block(tuple(rows), entry)


def _fill(
    blocks: list[_Block], height: int, head: _Continued, *, cut_rows: bool = False
) -> tuple[Column, list[_Block]]:
    """Fill one column; return it and what is left.

    Raises ``ValueError`` where a row is higher than the column, unless rows may be cut.
    """
    column: list[SetRow] = []
    used = 0
    for number, block in enumerate(blocks):
        rows = block.rows
        if not column:
            rows = (rows[0]._replace(space=False), *rows[1:])
        room = height - used
        if sum(row.height for row in rows) <= room:
            column += rows
            used += sum(row.height for row in rows)
            continue
        cut = _cut(rows, room, whole=bool(column) and block.height <= KEPT_WHOLE)
        if not cut and not column:
            if not cut_rows:
                message = "a row of the index is higher than a column"
                raise ValueError(message)
            kept, left = _cut_row(rows, room)
            rest = _Block((head.row(block.entry), *left), block.entry)
            return kept, [rest, *blocks[number + 1 :]]
        if cut:
            column += rows[:cut]
            rest = _Block((head.row(block.entry), *rows[cut:]), block.entry)
            return tuple(column), [rest, *blocks[number + 1 :]]
        return tuple(column), blocks[number:]
    return tuple(column), []


def _cut(rows: Sequence[SetRow], room: int, *, whole: bool) -> int:
    """How many of *rows* stay: two subentries at least above the cut and below; 0 for none."""
    if whole:
        return 0
    opening = next(n for n, row in enumerate(rows) if row.row.kind in {"entry", "continued"})
    best = used = 0
    for number, row in enumerate(rows):
        used += row.height
        if used > room:
            break
        above, below = number - opening, len(rows) - 1 - number
        if above >= 2 and below >= 2:
            best = number + 1
    return best


def _cut_row(rows: Sequence[SetRow], room: int) -> tuple[Column, list[SetRow]]:
    """Cut the first of *rows* that does not fit where the column ends."""
    kept: list[SetRow] = []
    for number, row in enumerate(rows):
        if row.height > room:
            lines = room - row.space
            if lines < 1 or row.lines == 1:
                return tuple(kept), list(rows[number:])
            pieces, left = _cut_pieces(row.row.pieces, lines)
            tail = SetRow(Row(TURNOVER, "", left), row.lines - lines)
            head = row._replace(row=row.row._replace(pieces=pieces), lines=lines)
            return (*kept, head), [tail, *rows[number + 1 :]]
        kept.append(row)
        room -= row.height
    return tuple(kept), []


def _cut_pieces(pieces: Sequence[Piece], lines: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Part *pieces* behind so many lines."""
    first: list[Piece] = []
    for number, piece in enumerate(pieces):
        parts = piece.words.split("\n")
        if len(parts) > lines:
            before, after = "\n".join(parts[:lines]), "\n".join(parts[lines:])
            if before:
                first.append(piece._replace(words=before))
            rest = [piece._replace(words=after)] if after else []
            return tuple(first), (*rest, *pieces[number + 1 :])
        lines -= len(parts) - 1
        first.append(piece)
    return tuple(first), ()


def _balanced(blocks: list[_Block], height: int, head: _Continued) -> Page | None:
    """The rest in two columns of the least height, or ``None`` where it needs more pages."""
    total = sum(block.height for block in blocks)
    if total > 2 * height:
        return None
    for least in range(max(1, total // 2), height + 1):
        try:
            left, rest = _fill(blocks, least, head)
            right, rest = _fill(rest, least, head)
        except ValueError:
            continue
        if not rest:
            return left, right
    return None
