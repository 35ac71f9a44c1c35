"""A block in its place: its objects with their numbers in the book, its folios stamped.

Comes in: a block, the first number that is free, and the folios of its pages. Goes out: bytes
of the finished file. The one decision: the numbers of a block begin at a multiple of ``SPAN``,
so that what stands behind a chapter that grew a little keeps its numbers, and its bytes.
"""

import re
from codecs import BOM_UTF16_BE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from octavo.print.block import DOCUMENT, FOLIO, FONT, PAGES, Block
from octavo.print.fonts import FontCase
from octavo.print.pdffile import (
    PACKED_TOGETHER,
    PdfFile,
    object_streams,
    packed_stream,
    stream_object,
)
from octavo.print.setpages import FontUse, Seat, SetPage

SPECIAL = re.compile(rb"[\\()]")
SPAN = 512
"""A chapter of ten pages takes about as many numbers; those left over are free."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The numbers of what all parts of a book share."""

    pages: int
    document: int
    fonts: Mapping[tuple[str, bool], int]
    """By the sha256 of the file, and whether the text layer is blank."""


@dataclass(slots=True)
class Sewn:
    """A part of the book as it stands in the file."""

    data: bytes
    first: int
    """Its first number, which is that of its first page."""
    objects: int
    """How many objects are packed, from the first number on."""
    streams: int
    """The number of the first stream that they are packed into."""
    places: list[tuple[int, int]]
    """Where in ``data`` each number stands that is not packed."""
    heights: tuple[float, ...]
    """Of its pages."""
    boxes: bytes
    """Of its last page."""
    tags: tuple[int, ...]
    """The elements at the top of its tags."""
    keys: int
    links: tuple[str, ...]
    """The destinations that links on its pages lead to."""
    uses: list[FontUse] = field(default_factory=list)
    """What its folios use of the fonts."""

    @property
    def next_number(self) -> int:
        """The first number behind it."""
        return next_span(self.places[-1][0] + 1)

    def add_to(self, file: PdfFile) -> None:
        """Put it into the *file*."""
        file.add_packed_run(self.streams, self.first, self.objects)
        file.add_written(self.data, self.places)


def count_streams(objects: int) -> int:
    """How many streams so many objects are packed into."""
    return -(-objects // PACKED_TOGETHER)


def next_span(number: int) -> int:
    """The first number, from *number* on, with which a part may begin."""
    return -(-number // SPAN) * SPAN


def sew(
    block: Block,
    first: int,
    shared: Shared,
    pages: Sequence[SetPage],
    folios: Sequence[str],
    case: FontCase,
) -> Sewn:
    """Sew *block*, whose pages are *pages*, with numbers from *first* on."""
    above = {PAGES: shared.pages, DOCUMENT: shared.document}
    above |= {FONT - at: shared.fonts[font] for at, font in enumerate(block.fonts)}

    folio = first + block.size + count_streams(len(block.objects))

    def number(one: int) -> int:
        if one >= 0:
            return first + one
        return folio + FOLIO - one if one <= FOLIO else above[one]

    links: list[str] = []

    def destination(name: str) -> bytes:
        links.append(name)
        return text_string(name)

    objects = [
        (at, template.fill(number, destination))
        for at, template in enumerate(block.objects, start=first)
    ]
    written = [
        (at, stream_object(at, template.fill(number, destination), data))
        for at, (template, data) in enumerate(block.streams, start=first + len(objects))
    ]
    streams = first + block.size
    written += enumerate(object_streams(streams, objects), start=streams)
    stamping = _Stamping(case, block.folio_fonts)
    # Last, so that all before them stays as it is where the book around it moves.
    for page, printed, height in zip(pages, folios, block.heights, strict=True):
        if page.seats:
            content = stamping.draw(page.seats, printed, height)
            at = written[-1][0] + 1
            written.append((at, stream_object(at, *packed_stream(b"", content))))
    places, reached = [], 0
    for at, data in written:
        places.append((at, reached))
        reached += len(data)
    return Sewn(
        data=b"".join(data for _, data in written),
        first=first,
        objects=len(objects),
        streams=streams,
        places=places,
        heights=block.heights,
        boxes=block.boxes.encode("ascii"),
        tags=tuple(first + tag for tag in block.tags),
        keys=first + block.keys,
        links=tuple(links),
        uses=stamping.uses,
    )


class _Stamping:
    """Draws folios, and notes what they use of the fonts."""

    def __init__(self, case: FontCase, names: Mapping[str, str]) -> None:
        self._case, self._names = case, names
        self.uses: list[FontUse] = []

    def draw(self, seats: Sequence[Seat], folio: str, height: float) -> bytes:
        """Draw *folio* on the *seats* of a page so high."""
        drawn = "".join(self._draw(seat, folio, height) for seat in seats)
        return f"q\n{drawn}Q\n".encode("ascii")

    def _draw(self, seat: Seat, folio: str, height: float) -> str:
        shaped = self._case.face(seat.font).shape(folio, seat.features)
        widths = dict(zip(shaped.glyphs, shaped.widths, strict=True))
        unicode = dict(zip(shaped.glyphs, shaped.text, strict=True))
        self.uses.append(FontUse("", seat.font, widths, unicode))
        width = sum(shaped.widths) * seat.size / 1000
        x = seat.x - {"left": 0, "center": width / 2, "right": width}[seat.align]
        codes = "".join(f"{glyph:04x}" for glyph in shaped.glyphs)
        kind = "Header" if seat.header else "Footer"
        return (
            f"/Artifact <</Type /Pagination /Subtype /{kind}>> "
            f"BDC\nBT 0 g /{self._names[seat.font]} {seat.size:.3f} Tf "
            f"{x:.3f} {height - seat.baseline:.3f} Td <{codes}> Tj ET\nEMC\n"
        )


def text_string(text: str) -> bytes:
    """A text as it is written (ISO 32000-1, 7.9.2.2)."""
    if text.isascii():
        return b"(%b)" % SPECIAL.sub(rb"\\\g<0>", text.encode("ascii"))
    return b"<%b>" % string_bytes(text).hex().encode("ascii")


def string_bytes(text: str) -> bytes:
    """The bytes that a text stands for in the file."""
    return text.encode("ascii") if text.isascii() else BOM_UTF16_BE + text.encode("utf-16-be")
