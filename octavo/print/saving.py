"""A PDF written to bytes: the same at every run, and no stream that can be misread.

Comes in: an open PDF. Goes out: its bytes. The one decision: no stream ends in a carriage
return. With the line feed that follows it in the file it looks like one end of line, and a
strict reader of ISO 19005-3, 6.1.7.1 takes the stream to be a byte shorter than it says; one
packed stream in 256 would end so. Such a one is given a space behind its packed data, which
says where it ends (RFC 1950) and is not read beyond. It is put into the written file, and the
cross-references behind it are moved: to write anew is to pack anew what qpdf packs itself,
and of a long book's object streams there is always one that ends so.
"""

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from typing import Any

from octavo.print.pdffile import UP, rows

MISREAD = b"\r\nendstream"
AFTER = b"\nendobj\n"
BEFORE = b"\nstream\n"
LENGTH = re.compile(rb"/Length (\d+)")
PACKED = b"/FlateDecode"
FIELDS = re.compile(rb"/W \[ (\d+) (\d+) (\d+) \]")
TABLE_ONLY = re.compile(rb" ?/(?:Type /XRef|Length \d+|Filter /\w+|DecodeParms <<[^>]*>>)")
TAIL = b"startxref\n%d\n%%%%EOF\n"
IN_FILE = 1
"""The type of an object that stands in the file itself (ISO 32000-1, table 18)."""


def save(pdf: Any, **options: Any) -> bytes:
    """Return the bytes of *pdf*; *options* are pikepdf's for ``save``."""
    import pikepdf

    out = BytesIO()
    mode = pikepdf.ObjectStreamMode.generate
    pdf.save(out, deterministic_id=True, object_stream_mode=mode, **options)
    data = out.getvalue()
    return _pad(data) if MISREAD in data else data


@dataclass(frozen=True, slots=True)
class _Change:
    """Bytes of the file that give way to others."""

    start: int
    end: int
    to: bytes


def _pad(data: bytes) -> bytes:
    """Put a space behind every packed stream that ends in a carriage return."""
    place = int(data[data.rindex(b"startxref") :].split()[1])
    table = _Table(data, place)
    changes = [change for end in _ends(data, place) for change in _changes(data, end, table)]
    changes.sort(key=lambda change: change.start)
    moved = [*accumulate((len(c.to) - (c.end - c.start) for c in changes), initial=0)]
    starts = [change.start for change in changes]
    table.offsets = [at + moved[bisect_right(starts, at)] for at in table.offsets]
    pieces: list[bytes] = []
    reached = 0
    for change in changes:
        pieces += data[reached : change.start], change.to
        reached = change.end
    pieces.append(data[reached:place])
    at = place + moved[-1]
    return b"".join((*pieces, table.written(at), TAIL % at))


def _ends(data: bytes, table: int) -> Iterator[int]:
    """Where the streams before the table end that could be misread."""
    end = data.find(MISREAD)
    while 0 <= end < table:
        yield end + 1
        end = data.find(MISREAD, end + 1)


def _changes(data: bytes, end: int, table: "_Table") -> Iterator[_Change]:
    """The space behind the stream that ends at *end*, and its new length."""
    first, after = table.around(end)
    # Packed data may hold anything, the end of a stream too.
    if not data.startswith(MISREAD[1:] + AFTER, end) or end + len(MISREAD[1:] + AFTER) != after:
        return
    begin = data.find(BEFORE, first, end)
    while begin >= 0:
        told = LENGTH.search(data, first, begin)
        if told and int(told[1]) == end - begin - len(BEFORE):
            if PACKED in data[first:begin]:
                yield _Change(told.start(1), told.end(1), b"%d" % (int(told[1]) + 1))
                yield _Change(end, end, b" ")
            return
        begin = data.find(BEFORE, begin + 1, end)


class _Table:
    """The cross-references of a file (ISO 32000-1, 7.5.8), as qpdf writes them."""

    def __init__(self, data: bytes, place: int) -> None:
        begin = data.index(BEFORE, place)
        self._head = data[place:begin]
        fields = FIELDS.search(self._head)
        length = LENGTH.search(self._head)
        assert fields
        assert length
        self._sizes = [int(size) for size in fields.groups()]
        start = begin + len(BEFORE)
        rows = zlib.decompressobj().decompress(data[start : start + int(length[1])])
        width = sum(self._sizes) + 1
        assert rows[::width] == bytes([UP]) * (len(rows) // width)
        self._columns = [_column(rows[at::width]) for at in range(1, width)]
        kinds, self._second = self._columns[0], self._columns[1 : 1 + self._sizes[1]]
        self._in_file = [number for number, kind in enumerate(kinds) if kind == IN_FILE]
        seconds = list(zip(*self._second, strict=True))
        self.offsets = [int.from_bytes(seconds[number], "big") for number in self._in_file]
        """Of the objects that stand in the file themselves, by their numbers."""
        self._sorted = sorted(self.offsets)

    def around(self, place: int) -> tuple[int, int]:
        """Where the object with *place* in it begins, and the next one."""
        next_one = bisect_right(self._sorted, place)
        return self._sorted[next_one - 1], self._sorted[next_one]

    def written(self, place: int) -> bytes:
        """The table as an object at *place*, the last of the file."""
        size = max(self._sizes[1], (place.bit_length() + 7) // 8)
        second = [bytearray(len(self._columns[0])) for _ in range(size - self._sizes[1])]
        second += [bytearray(column) for column in self._second]
        for number, offset in zip(self._in_file, self.offsets, strict=True):
            for column, byte in zip(second, offset.to_bytes(size, "big"), strict=True):
                column[number] = byte
        columns = [self._columns[0], *map(bytes, second), *self._columns[1 + self._sizes[1] :]]
        packed = zlib.compress(rows(columns), 9)
        packed += b" " if packed.endswith(b"\r") else b""
        name, _, rest = self._head.partition(b" obj\n<<")
        rest = TABLE_ONLY.sub(b"", rest.removesuffix(b" >>"))
        sizes = b"/W [ %d %d %d ]" % (self._sizes[0], size, self._sizes[2])
        return b"%b obj\n<< /Type /XRef /Length %d /Filter %b /DecodeParms %b%b >>%b%b%b" % (
            name,
            len(packed),
            PACKED,
            b"<< /Columns %d /Predictor 12 >>" % len(columns),
            FIELDS.sub(sizes, rest),
            BEFORE,
            packed,
            MISREAD[1:] + AFTER,
        )


def _column(steps: bytes) -> bytes:
    """A column of a table, of which each row tells the difference to the row above."""
    column = bytearray(steps)
    above = 0
    for row, step in enumerate(steps):
        above = column[row] = (above + step) & 0xFF
    return bytes(column)
