"""A PDF as it is written: objects with numbers of our choice, packed, and found again.

Comes in: objects and streams as bytes, each with its number. Goes out: the file. The one
decision: whoever adds an object says which number it has, so that what is written of a part
of the book can be put into the file as it is; numbers that nobody took are free.

No stream ends in a carriage return. With the line feed that follows it in the file it looks
like one end of line, and a strict reader of ISO 19005-3, 6.1.7.1 takes the stream to be a byte
shorter than it says. Such a one is given a space behind its packed data, which says where it
ends (RFC 1950) and is not read beyond.
"""

import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate

LEVEL = 6
"""Of packing: zlib's own choice between time and size."""
HEADER = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
PACKED_TOGETHER = 200
"""Objects in one object stream: a reader unpacks them all for one; an index takes one byte."""
FREE, IN_FILE, IN_STREAM = range(3)
"""Where an object stands (ISO 32000-1, table 18)."""
RETURN = b"\r"

Numbered = tuple[int, bytes]
"""An object with its number."""


def packed_stream(entries: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Pack *data*; return the stream's dictionary, with *entries* in it, and what is to follow."""
    packed = zlib.compress(data, LEVEL)
    return plain_stream(entries + b"/Filter/FlateDecode", packed)


def plain_stream(entries: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Return the dictionary of a stream of *data*, with *entries* in it, and the data."""
    if data.endswith(RETURN):
        if b"/Filter" not in entries:
            return packed_stream(entries, data)
        data += b" "
    return b"<<%b/Length %d>>" % (entries, len(data)), data


def stream_object(number: int, dictionary: bytes, data: bytes) -> bytes:
    """A stream as it stands in the file."""
    return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, dictionary, data)


def object_streams(first: int, objects: Sequence[Numbered]) -> list[bytes]:
    """Pack *objects* into streams with numbers from *first* on (ISO 32000-1, 7.5.7)."""
    chunks = [objects[at : at + PACKED_TOGETHER] for at in range(0, len(objects), PACKED_TOGETHER)]
    return [_object_stream(number, chunk) for number, chunk in enumerate(chunks, start=first)]


def _object_stream(number: int, objects: Sequence[Numbered]) -> bytes:
    places = accumulate((len(data) + 1 for _, data in objects), initial=0)
    head = b" ".join(b"%d %d" % (of, at) for (of, _), at in zip(objects, places, strict=False))
    data = b"\n".join((head, *(data for _, data in objects)))
    entries = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head) + 1)
    return stream_object(number, *packed_stream(entries, data))


class PdfFile:
    """A file at work."""

    def __init__(self) -> None:
        self._pieces = [HEADER]
        self._length = len(HEADER)
        self._kinds = bytearray(1)
        self._places = array("Q", [0])
        self._indices = bytearray(1)
        self._loose: list[Numbered] = []
        self._apart: list[Numbered] = []

    def add(self, number: int, data: bytes, *, apart: bool = False) -> None:
        """Add an object that is to be packed with others.

        A reader unpacks all objects of a stream for one: *apart* go those that are many and
        seldom asked for.
        """
        (self._apart if apart else self._loose).append((number, data))

    def add_stream(self, number: int, dictionary: bytes, data: bytes) -> None:
        """Add a stream."""
        self.add_written(stream_object(number, dictionary, data), [(number, 0)])

    def add_written(self, data: bytes, places: Iterable[tuple[int, int]]) -> None:
        """Add written objects; *places* tells where in *data* each number stands."""
        for number, at in places:
            self._note(number, IN_FILE, self._length + at, 0)
        self._pieces.append(data)
        self._length += len(data)

    def add_packed(self, stream: int, numbers: Sequence[int]) -> None:
        """Note that the written object stream *stream* holds the objects *numbers*, in order."""
        for index, number in enumerate(numbers):
            self._note(number, IN_STREAM, stream, index)

    def add_packed_run(self, first_stream: int, first: int, count: int) -> None:
        """Note *count* objects from *first* on, packed into streams from *first_stream* on."""
        self._reach(first + count - 1)
        for at in range(0, count, PACKED_TOGETHER):
            held = min(PACKED_TOGETHER, count - at)
            start, end = first + at, first + at + held
            self._kinds[start:end] = bytes([IN_STREAM]) * held
            self._places[start:end] = array("Q", [first_stream + at // PACKED_TOGETHER]) * held
            self._indices[start:end] = bytes(range(held))

    def finish(self, next_number: int, trailer: Mapping[str, bytes]) -> bytes:
        """Return the file; *next_number* and those after it are free for what is still to come."""
        for loose in (self._loose, self._apart):
            next_number = self._pack(next_number, loose)
        content = blake2b(digest_size=16)
        for piece in self._pieces:
            content.update(piece)
        start = self._length
        table = self._table(trailer, content.hexdigest().encode())
        tail = b"startxref\n%d\n%%%%EOF\n" % start
        return b"".join((*self._pieces, table, tail))

    def _pack(self, first: int, loose: Sequence[Numbered]) -> int:
        """Pack *loose* objects into streams from the number *first* on; return the next number."""
        streams = object_streams(first, loose)
        for at, data in enumerate(streams):
            held = loose[at * PACKED_TOGETHER :][:PACKED_TOGETHER]
            self.add_packed(first + at, [number for number, _ in held])
            self.add_written(data, [(first + at, 0)])
        return first + len(streams)

    def _note(self, number: int, kind: int, place: int, index: int) -> None:
        self._reach(number)
        self._kinds[number], self._places[number] = kind, place
        self._indices[number] = index

    def _reach(self, number: int) -> None:
        more = number + 1 - len(self._kinds)
        if more > 0:
            self._kinds.extend(bytes(more))
            self._places.extend(array("Q", [0]) * more)
            self._indices.extend(bytes(more))

    def _table(self, trailer: Mapping[str, bytes], identifier: bytes) -> bytes:
        """The cross-references (ISO 32000-1, 7.5.8)."""
        number = len(self._kinds)
        self._note(number, IN_FILE, self._length, 0)
        size = (max(self._places).bit_length() + 7) // 8
        columns = [bytes(self._kinds), *_columns(self._places, size), bytes(self._indices)]
        packed = zlib.compress(rows(columns), LEVEL)
        entries = b"/Type/XRef/Size %d/W[1 %d 1]/ID[<%b><%b>]" % (
            number + 1,
            size,
            identifier,
            identifier,
        )
        entries += b"".join(b"/%b %b" % (key.encode(), data) for key, data in trailer.items())
        entries += b"/DecodeParms<</Columns %d/Predictor 12>>/Filter/FlateDecode" % len(columns)
        return stream_object(number, *plain_stream(entries, packed))


def _columns(numbers: "array[int]", size: int) -> list[bytes]:
    """The last *size* bytes of all *numbers*, the highest first."""
    whole = numbers.tobytes()
    width = numbers.itemsize
    little = array("H", [1]).tobytes()[0] == 1
    return [whole[at if little else width - 1 - at :: width] for at in range(size - 1, -1, -1)]


UP = 2
"""The row filter of PNG that tells what is different from the row above."""


def rows(columns: Sequence[bytes]) -> bytes:
    """The rows of a table, each as what is different from the row above."""
    count = len(columns[0])
    packed = bytearray(bytes([UP]) * (count * (len(columns) + 1)))
    for at, column in enumerate(columns, start=1):
        packed[at :: len(columns) + 1] = _differences(column, bytes(1) + column[:-1])
    return bytes(packed)


def _differences(some: bytes, others: bytes) -> bytes:
    """Each of *some* bytes less the other that stands at its place, modulo 256.

    All at once, as two long numbers: the highest bit of each byte keeps it from borrowing of the
    next, and is put right at the end.
    """
    high = int.from_bytes(b"\x80" * len(some), "big")
    one, other = int.from_bytes(some, "big"), int.from_bytes(others, "big")
    low = (one | high) - (other & ~high)
    return (low ^ ((one ^ other ^ high) & high)).to_bytes(len(some), "big")
