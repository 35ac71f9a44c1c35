"""The lines of a page as the cache keeps them: numbers of fixed length, read when asked for.

Comes in: lines, or their bytes. Goes out: the one for the other. The one decision: most pages
of a kept signature are sewn and never looked at, so that their lines stay bytes till then.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, overload

from octavo.print.setpages import Line

RECORD = struct.Struct("<III5d?")
"""A line: the number of its paragraph's name, then its own fields."""


def pack_lines(lines: Sequence[Line], names: Mapping[str, int]) -> bytes:
    """Put *lines* into bytes; *names* numbers their paragraphs."""
    return b"".join(
        RECORD.pack(
            names[line.paragraph],
            line.start,
            line.end,
            line.x,
            line.y,
            line.width,
            line.height,
            line.space,
            line.hyphen,
        )
        for line in lines
    )


PLACE = struct.Struct("<I4xI")
"""Of a record that by which it is found: the paragraph's number, and where the line ends in it."""


class KeptLines(Sequence[Line]):
    """The lines that ``pack_lines`` was given."""

    def __init__(self, data: bytes, names: Sequence[str]) -> None:
        self._data, self._names = data, names

    @property
    def names(self) -> Sequence[str]:
        """Of the paragraphs of the signature, in order."""
        return self._names

    def place_of(self, at: int) -> tuple[int, int]:
        """The number of the paragraph of the line *at*, and where in it the line ends."""
        number, end = PLACE.unpack_from(self._data, at * RECORD.size)
        return number, end

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        names, make = self._names, partial(tuple.__new__, Line)
        # By the thousand; a named tuple's own way takes twice as long.
        return tuple(make((names[at], *others)) for at, *others in RECORD.iter_unpack(self._data))

    def _line(self, fields: tuple[Any, ...]) -> Line:
        return Line(self._names[fields[0]], *fields[1:])

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if at == 0 and self._data:
            # Where a page begins is asked of every page.
            return self.line(at)
        return self._lines[at]

    def line(self, at: int) -> Line:
        """The line *at*, without the others."""
        return self._line(RECORD.unpack_from(self._data, at * RECORD.size))

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._data) // RECORD.size

    def __eq__(self, other: object) -> bool:
        return self._lines == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


class LinesOfPart:
    """The lines of a part's pages, in which the one with some character is sought."""

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        kept = [page for page in pages if isinstance(page, KeptLines)]
        if len(kept) == len(pages) and all(page.names is kept[0].names for page in kept):
            self._pages = kept
        else:
            found = dict.fromkeys(line.paragraph for page in pages for line in page)
            numbers = {name: number for number, name in enumerate(found)}
            self._pages = [KeptLines(pack_lines(page, numbers), [*found]) for page in pages]
        self.paragraphs: Mapping[str, int] = {
            name: number for number, name in enumerate(self._pages[0].names if self._pages else ())
        }
        """The numbers of the paragraphs, by their ids."""
        self._filled = [at for at, page in enumerate(self._pages) if len(page)]
        self._ends = [self._pages[at].place_of(len(self._pages[at]) - 1) for at in self._filled]

    def find(self, paragraph: str, offset: int) -> tuple[int, Line] | None:
        """The page, from 0, and the line with the character at *offset* of *paragraph*.

        Of a space at which a line ends it is the next. None where there is none.
        """
        sought = self.paragraphs[paragraph], offset
        # Lines and paragraphs are in order: they were read so.
        filled = bisect_right(self._ends, sought)
        if filled < len(self._filled):
            page = self._filled[filled]
            lines = self._pages[page]
            line = lines.line(bisect_right(range(len(lines)), sought, key=lines.place_of))
            if line.paragraph == paragraph:
                return page, line
        return None
