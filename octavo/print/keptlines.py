"""The lines of a page as the cache keeps them: numbers of fixed length, read when asked for.

Comes in: lines, or their bytes. Goes out: the one for the other. The one decision: most pages
of a kept signature are sewn and never looked at, so that their lines stay bytes till then.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import groupby
from operator import itemgetter
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


Run = list[tuple[Any, ...]]
"""Lines as plain tuples of a ``Line``'s fields, the first of which may not be a name."""


def runs_of(lines: Sequence[Line]) -> Iterator[tuple[str, Run]]:
    """The lines of a page by the paragraphs that they are of, in order.

    By the hundred thousand they are quicker read so than one by one.
    """
    if isinstance(lines, KeptLines):
        return lines.runs()
    return ((paragraph, [*run]) for paragraph, run in groupby(lines, itemgetter(0)))


class KeptLines(Sequence[Line]):
    """The lines that ``pack_lines`` was given."""

    def __init__(self, data: bytes, names: Sequence[str]) -> None:
        self._data, self._names = data, names

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        names, make = self._names, partial(tuple.__new__, Line)
        # By the thousand; a named tuple's own way takes twice as long.
        return tuple(make((names[at], *others)) for at, *others in RECORD.iter_unpack(self._data))

    def _line(self, fields: tuple[Any, ...]) -> Line:
        return Line(self._names[fields[0]], *fields[1:])

    def runs(self) -> Iterator[tuple[str, Run]]:
        """See ``runs_of``."""
        for number, run in groupby(RECORD.iter_unpack(self._data), itemgetter(0)):
            yield self._names[number], [*run]

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if at == 0 and self._data:
            # Where a page begins is asked of every page.
            return self._line(RECORD.unpack_from(self._data))
        return self._lines[at]

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._data) // RECORD.size

    def __eq__(self, other: object) -> bool:
        return self._lines == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
