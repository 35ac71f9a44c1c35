"""A block in its place: its objects with their numbers in the book, its folios stamped.

Comes in: a block, the first number that is free, the words of its slots and the folios of its
pages. Goes out: bytes of the finished file. The one decision: behind a block some numbers are
left free, so that what stands behind a chapter that grew a little keeps its own, and its bytes.
"""

import re
import sys
from codecs import BOM_UTF16_BE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote

from octavo.print.block import DOCUMENT, FOLIO, FONT, PAGES, Block, Said, Template, Words
from octavo.print.fonts import FontCase
from octavo.print.pdffile import (
    PACKED_TOGETHER,
    Numbered,
    PdfFile,
    object_streams,
    packed_stream,
    stream_object,
)
from octavo.print.setpages import FontUse, SetPage
from octavo.print.slots import Slot
from octavo.print.stamping import Stamping
from octavo.render.slots import fill

SPECIAL = re.compile(r"[\\()]")
PLAIN = re.compile(r"[\t\n\r -~]*")
SPAN = 512
"""A chapter of ten pages takes about as many numbers; those left over are free."""
SMALL_SPAN = 64
"""Of what takes fewer than half as many: QPDF refuses a file with many more numbers than bytes."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The numbers of what all parts of a book share."""

    pages: int
    document: int
    fonts: Mapping[tuple[str, bool], int]
    """By the sha256 of the file, and whether the text layer is blank."""


@dataclass(frozen=True, slots=True)
class Sewn:
    """A part of the book as it stands in the file, but for its folios."""

    data: bytes
    first: int
    """Its first number, which is that of its first page."""
    objects: int
    """How many objects are packed, from the first number on."""
    streams: int
    """The number of the first stream that they are packed into."""
    places: tuple[tuple[int, int], ...]
    """Where in ``data`` each number stands that is not packed."""
    folios: range
    """The numbers of the streams that draw them."""
    folio_fonts: Mapping[str, str]
    """The names that the pages have for the fonts of folios, by the files."""
    heights: tuple[float, ...]
    """Of its pages."""
    boxes: bytes
    """Of its last page."""
    tags: tuple[int, ...]
    """The elements at the top of its tags."""
    keys: int
    links: tuple[str, ...]
    """The destinations that links on its pages lead to."""
    uses: tuple[FontUse, ...]
    """What the words of its slots use of the fonts."""

    @property
    def next_number(self) -> int:
        """The first number behind it."""
        taken = self.folios.stop - self.first
        return next_span(self.folios.stop, SPAN if taken > SPAN // 2 else SMALL_SPAN)

    def add_to(self, file: PdfFile) -> None:
        """Put it into the *file*."""
        file.add_packed_run(self.streams, self.first, self.objects)
        file.add_written(self.data, self.places)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The folios of a part as they stand in the file."""

    data: bytes
    places: tuple[tuple[int, int], ...]
    uses: tuple[FontUse, ...]
    """What they use of the fonts."""

    def add_to(self, file: PdfFile) -> None:
        """Put them into the *file*."""
        file.add_written(self.data, self.places)


def next_span(number: int, span: int = SMALL_SPAN) -> int:
    """The first number, from *number* on, with which a part may begin."""
    return -(-number // span) * span


def sew(block: Block, first: int, shared: Shared, case: FontCase, words: Mapping[str, str]) -> Sewn:
    """Sew *block* with numbers from *first* on, and with the *words* of its slots."""
    above = {PAGES: shared.pages, DOCUMENT: shared.document}
    above |= {FONT - at: shared.fonts[font] for at, font in enumerate(block.fonts)}
    streams = first + block.size
    # Last, so that all before them stays as it is where the book around it moves.
    folios = range(streams + -(-len(block.objects) // PACKED_TOGETHER), sys.maxsize)
    stamped = 0

    def number(one: int) -> int:
        nonlocal stamped
        if one >= 0:
            return first + one
        if one > FOLIO:
            return above[one]
        stamped += 1
        return folios[FOLIO - one]

    links: list[str] = []

    stamping = Stamping(case)

    def put(one: Words) -> bytes:
        if isinstance(one, Said):
            return text_string(fill(one.text, words))
        if isinstance(one, Slot):
            return stamping.in_slot(one, words[one.name])
        links.append(one)
        return text_string(plain_name(one))

    def stream(template: Template, held: bytes | Template) -> tuple[bytes, bytes]:
        filled = template.fill(number, put)
        if isinstance(held, Template):
            return packed_stream(filled, held.fill(number, put))
        return filled, held

    objects = [
        (at, template.fill(number, put)) for at, template in enumerate(block.objects, start=first)
    ]
    written = [
        (at, stream_object(at, *stream(*one)))
        for at, one in enumerate(block.streams, start=first + len(objects))
    ]
    written += enumerate(object_streams(streams, objects), start=streams)
    return Sewn(
        data=b"".join(data for _, data in written),
        first=first,
        objects=len(objects),
        streams=streams,
        places=_places(written),
        folios=folios[:stamped],
        folio_fonts=block.folio_fonts,
        heights=block.heights,
        boxes=block.boxes.encode("ascii"),
        tags=tuple(first + tag for tag in block.tags),
        keys=first + block.keys,
        links=tuple(links),
        uses=tuple(stamping.uses),
    )


def stamp(sewn: Sewn, pages: Sequence[SetPage], folios: Sequence[str], case: FontCase) -> Stamps:
    """Draw the *folios* of a sewn part on its *pages*."""
    stamping = Stamping(case)
    drawn = [
        stamping.folio(page.seats, folio, height, sewn.folio_fonts)
        for page, folio, height in zip(pages, folios, sewn.heights, strict=True)
        if page.seats
    ]
    written = [
        (number, stream_object(number, *packed_stream(b"", content)))
        for number, content in zip(sewn.folios, drawn, strict=True)
    ]
    data = b"".join(data for _, data in written)
    return Stamps(data, _places(written), tuple(stamping.uses))


def _places(written: Sequence[Numbered]) -> tuple[tuple[int, int], ...]:
    """Where each object begins when all are written one after the other."""
    begins = accumulate((len(data) for _, data in written), initial=0)
    return tuple((number, at) for (number, _), at in zip(written, begins, strict=False))


def plain_name(name: str) -> str:
    """What a place, or a file, is called where readers look for it by its name.

    It is ASCII: some sort a tree of names by its bytes, and others by what they stand for.
    """
    return name if name.isascii() else quote(name)


def text_string(text: str) -> bytes:
    """A text as it is written (ISO 32000-1, 7.9.2.2)."""
    # Other ASCII means accents here (ISO 32000-1, annex D.2).
    if PLAIN.fullmatch(text):
        escaped = SPECIAL.sub(r"\\\g<0>", text)
        # As it stands it would be read as a line feed.
        return b"(%b)" % escaped.replace("\r", "\\r").encode("ascii")
    return b"<%b>" % (BOM_UTF16_BE + text.encode("utf-16-be")).hex().encode("ascii")
