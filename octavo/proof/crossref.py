"""Where the objects of a finished file stand, and which of them never reach beyond themselves.

Comes in: a PDF, as bytes and open. Goes out: digests of runs of object numbers, and whether the
objects of a run refer to nothing outside it. The one decision: what is read of a run that is
closed depends on its bytes alone, so that a part of a book, whose objects have numbers of their
own, is known by one digest. A file of another make is no fault, but nothing of it is known.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Container, Iterator
from hashlib import blake2b
from typing import Any

from octavo.proof.digests import REFERENCE

START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
OBJECT = re.compile(rb"(\d+) 0 obj\s*<<")
REFERENCES = re.compile(rb"\[\s*(?:\d+ \d+ R\s*)*\]")
"""An array of references alone."""
FREE, IN_FILE, IN_STREAM = range(3)
"""Where an object stands (ISO 32000-1, table 18)."""
STREAM = b"stream"
WIDEST = 8
"""Bytes of a place in the widest table that is read."""


class Unusual(Exception):
    """The file's table of objects is of another make than ours."""


class CrossReferences:
    """The one table of a file."""

    def __init__(self, pdf: bytes, document: Any) -> None:
        """Read the table of *pdf*, which is open as *document*. Raises ``Unusual``."""
        self._pdf, self._document = pdf, document
        start = START.search(pdf[-64:])
        head = OBJECT.match(pdf, int(start[1])) if start else None
        if not start or not head:
            raise Unusual
        table = document.get_object(int(head[1]), 0)
        if any(key in table for key in ("/Prev", "/Index", "/XRefStm")):
            raise Unusual
        sizes = [int(size) for size in table["/W"]]
        rows, width = table.read_bytes(), sum(sizes)
        if sizes[0] != 1 or sizes[2] != 1 or sizes[1] > WIDEST or len(rows) % width:
            raise Unusual
        self._kinds = rows[::width]
        self._indices = rows[width - 1 :: width]
        self._places = _numbers([rows[at::width] for at in range(1, 1 + sizes[1])])
        self._streams = self._places[:]
        """For each object the stream that holds it; 0 for one that stands in the file itself."""
        self._ends = [len(pdf)]
        for number in self._in_file(range(len(self._kinds))):
            self._ends.append(self._places[number])
            self._streams[number] = 0
        self._ends.sort()
        self._unpacked: dict[int, tuple[list[int], list[int], bytes]] = {}

    def end(self, first: int) -> int:
        """The first number from *first* on that is free."""
        found = self._kinds.find(FREE, first)
        return found if found >= 0 else len(self._kinds)

    def last_stream(self, numbers: range) -> int:
        """The highest of the object streams that hold the objects with these *numbers*."""
        return max(self._streams[numbers.start : numbers.stop], default=0)

    def digest(self, numbers: range, before: bytes = b"") -> bytes:
        """The digest of all objects with these *numbers*, and of what is *before* them.

        Raises ``Unusual``.
        """
        digest = blake2b(b"%b %d " % (before, numbers.start), digest_size=20)
        for column in (self._kinds, self._indices, self._streams):
            digest.update(column[numbers.start : numbers.stop])
        for number in self._in_file(numbers):
            digest.update(self._written(number))
        return digest.digest()

    def _in_file(self, numbers: range) -> Iterator[int]:
        """Those of *numbers* whose objects stand in the file themselves."""
        at = self._kinds.find(IN_FILE, numbers.start, numbers.stop)
        while at >= 0:
            yield at
            at = self._kinds.find(IN_FILE, at + 1, numbers.stop)

    def is_closed(self, numbers: range, own: range, shared: Container[int]) -> bool:
        """Whether the objects with these *numbers* refer to *own* and *shared* ones alone."""
        return all(number in own or number in shared for number in self._referred(numbers))

    def _referred(self, numbers: range) -> Iterator[int]:
        """Every number that the objects refer to, and those of the streams that they stand in."""
        yield from filter(None, set(self._streams[numbers.start : numbers.stop]))
        for number in self._in_file(numbers):
            yield from references(self._written(number).partition(STREAM)[0])
            yield from references(self._held(number))

    def _held(self, number: int) -> bytes:
        """The objects that the stream *number* holds; nothing if it holds none."""
        import pikepdf

        found = self._document.get_object(number, 0)
        is_stream = isinstance(found, pikepdf.Stream) and found.get("/Type") == "/ObjStm"
        return bytes(found.read_bytes()[int(found["/First"]) :]) if is_stream else b""

    def packed(self, number: int) -> bytes:
        """An object as it stands in an object stream. Raises ``Unusual`` where it does not."""
        stream, index = self._streams[number], self._indices[number]
        if not stream:
            raise Unusual
        if stream not in self._unpacked:
            self._unpacked[stream] = self._unpack(stream)
        numbers, ends, data = self._unpacked[stream]
        if numbers[index : index + 1] != [number]:
            raise Unusual
        return data[ends[index] : ends[index + 1]].strip()

    def _unpack(self, stream: int) -> tuple[list[int], list[int], bytes]:
        """The numbers of the objects in a stream, where they begin, and all of them."""
        found = self._document.get_object(stream, 0)
        data, first = bytes(found.read_bytes()), int(found["/First"])
        head = [int(number) for number in data[:first].split()]
        held = data[first:]
        return head[::2], [*head[1::2], len(held)], held

    def _written(self, number: int) -> bytes:
        """An object as it stands in the file. Raises ``Unusual``."""
        place = self._places[number]
        end = self._ends[bisect_right(self._ends, place)]
        if not self._pdf.startswith(b"%d 0 obj" % number, place):
            raise Unusual
        return self._pdf[place:end]


def references(data: bytes) -> Iterator[int]:
    """The numbers of the objects that *data* refers to."""
    for number, _ in REFERENCE.findall(data):
        if number:
            yield int(number)


def numbers_in(array: Any) -> list[int] | None:
    """The numbers of the objects that make up *array*; None where some have no number.

    As objects, one by one, they take ten times as long.
    """
    data = array.unparse(resolved=True)
    return [*references(data)] if REFERENCES.fullmatch(data) else None


def _numbers(columns: list[bytes]) -> "array[int]":
    """Numbers of which *columns* hold the bytes, the highest first."""
    count = len(columns[0])
    whole = bytearray(WIDEST * count)
    for at, column in enumerate(columns, start=WIDEST - len(columns)):
        whole[at::WIDEST] = column
    numbers = array("Q", bytes(whole))
    if array("H", [1]).tobytes()[0] == 1:
        numbers.byteswap()
    return numbers
