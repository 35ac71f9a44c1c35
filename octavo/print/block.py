"""The block of a signature: its pages as objects of a PDF, wherever in a book they come to lie.

Comes in: the pages as WeasyPrint has laid them. Goes out: objects that refer to each other and
to what all parts of a book share, by numbers that are filled in when the block is sewn. The one
decision: what the engine draws is taken before it is written to a file, so that nothing has to
be read again, and so that a block is bytes that stay as they are while a book around it changes.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

from octavo.print.pdffile import packed_stream, plain_stream
from octavo.print.setpages import LINK, MUTE, FontUse, SetPage
from octavo.print.slots import SLOT_MARK, Slot, slot_from, slots_of
from octavo.render.slots import OPEN

REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|(-?\d+) 0 ([RK])\b|<(LINK|SAID) ([^>]*)>", re.DOTALL)
"""A string, in which no reference stands; a reference or a key; or where a link leads, or a text
with slots."""
PAGES, DOCUMENT = -1, -2
"""What all parts of a book share: the root of its pages, and of its tags."""
FONT = -10
"""The first of the block's fonts; the second is one less, and so on."""
FOLIO = -1_000_000
"""The stream with the folio of the first page that shows one; the second is one less, and so on.
They are made where the block is sewn."""
LENGTH_SIZE = 8
BOXES = ("MediaBox", "TrimBox", "BleedBox")
EMPTY = ("XObject", "Pattern", "Shading")
"""Resources that are left out where they hold nothing."""


class Said(NamedTuple):
    """A text that is heard, with slots for words in it (``render.slots``)."""

    text: str


Words = str | Said | Slot
"""What is filled in as words: the name of where a link leads, or what a slot is for."""
Filled = int | Words
"""What is filled in: the number of an object, or words."""


@dataclass(frozen=True, slots=True)
class Template:
    """An object, with ``%d`` where a number is filled in and ``%b`` where words are."""

    data: bytes
    filled: tuple[Filled, ...]
    """From 0 on the block's own objects; below 0 folios, and what is shared."""

    def fill(self, numbers: Callable[[int], int], words: Callable[[Words], bytes]) -> bytes:
        return self.data % tuple(
            [numbers(one) if one.__class__ is int else words(one) for one in self.filled]  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class Block:
    """The objects of a signature: pages first, then all else, then the streams."""

    objects: tuple[Template, ...]
    streams: tuple[tuple[Template, bytes | Template], ...]
    """Each stream's dictionary, and what it holds, packed; of one that has slots its entries, and
    its content."""
    fonts: tuple[tuple[str, bool], ...]
    """The sha256 of each font file that it shares, and whether its text layer is blank."""
    folio_fonts: Mapping[str, str]
    """The names that the pages have for the fonts of folios, by the files."""
    tags: tuple[int, ...]
    """The objects that stand at the top of its tag tree."""
    keys: int
    """The object that tells which tags the marks and links of its pages belong to."""
    heights: tuple[float, ...]
    """Of the pages, in points."""
    boxes: str
    """The last page's boxes, as they stand in the file."""

    @property
    def size(self) -> int:
        """How many numbers its own objects take, without the folios."""
        return len(self.objects) + len(self.streams)


def draw(document: Any) -> Any:
    """Have WeasyPrint draw the laid *document*; what it drew is not written to a file."""
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.pdf import generate_pdf

    options = {**DEFAULT_OPTIONS, "pdf_version": "1.7", "pdf_tags": True}
    drawn = generate_pdf(document, None, 1, **options)
    _describe_links(document)
    return drawn


def take_block(drawn: Any, pages: Sequence[SetPage], uses: Sequence[FontUse]) -> Block:
    """Take what a book needs of the *drawn* document, whose *pages* and fonts are known."""
    return _Taking(drawn, pages, uses).take()


def _describe_links(document: Any) -> None:
    """Say in words where each link leads (PDF/UA-1, 7.18.5): its label, else its text."""
    import pydyf

    for page in document.pages:
        for _, _, _, box in page.links:
            annotation = box.link_annotation
            text = box.element.get("aria-label") or "".join(box.element.itertext())
            words = " ".join(text.split())
            has_slot = OPEN in words
            annotation["Contents"] = _mark(b"SAID", words) if has_slot else pydyf.String(words)
            annotation["F"] = 4
            address = annotation["A"]["URI"].string if "A" in annotation else ""
            if address.startswith(LINK):
                del annotation["A"]
                # The engine writes addresses in ASCII.
                annotation["Dest"] = _mark(b"LINK", unquote(address.removeprefix(LINK)))


def _mark(kind: bytes, words: str) -> bytes:
    """What stands for *words* until the block is a template."""
    return b"<%b %b>" % (kind, words.encode().hex().encode())


class _Taking:
    """Takes the objects of a drawn document that a book needs."""

    def __init__(self, pdf: Any, pages: Sequence[SetPage], uses: Sequence[FontUse]) -> None:
        self._pdf = pdf
        self._pages = [int(number) for number in pdf.pages["Kids"][::3]]
        self._shared = {pdf.pages.number: PAGES, pdf.octavo_tags.document: DOCUMENT}
        self._streams: set[int] = set()
        self._fonts: list[tuple[str, bool]] = []
        self._folio_fonts: dict[str, str] = {}
        self._share_fonts(uses, pages)
        self._seat_folios(pages)

    def take(self) -> Block:
        tags = self._pdf.octavo_tags
        written = self._reached([*self._pages, *tags.top, tags.keys])
        streams = sorted(written.keys() & self._streams)
        order = [*self._pages, *sorted(written.keys() - self._streams - {*self._pages})]
        self._numbers = {number: at for at, number in enumerate((*order, *streams))}
        return Block(
            objects=tuple(self._template(written[number]) for number in order),
            streams=tuple(self._stream(self._pdf.objects[number]) for number in streams),
            fonts=tuple(self._fonts),
            folio_fonts=self._folio_fonts,
            tags=tuple(self._numbers[number] for number in tags.top),
            keys=self._numbers[tags.keys],
            heights=tuple(float(self._pdf.objects[n]["MediaBox"][3]) for n in self._pages),
            boxes="".join(_boxes(self._pdf.objects[self._pages[-1]])),
        )

    def _share_fonts(self, uses: Sequence[FontUse], pages: Sequence[SetPage]) -> None:
        """Have the pages name the book's fonts, and those that their folios are to be set in."""
        resources = self._object(self._pdf.objects[self._pages[0]]["Resources"])
        fonts = self._object(resources["Font"])
        for use in uses:
            fonts[use.name] = self._font(use.file)
            self._folio_fonts.setdefault(use.file, use.name)
            if use.muted:
                fonts[use.name + MUTE] = self._font(use.file, muted=True)
        seats = {seat.font: None for page in pages for seat in page.seats}
        for number, file in enumerate(file for file in seats if file not in self._folio_fonts):
            self._folio_fonts[file] = f"Folio{number}"
            fonts[f"Folio{number}"] = self._font(file)
        self._folio_fonts = {file: self._folio_fonts[file] for file in seats}
        for kind in EMPTY:
            if kind in resources and not resources[kind]:
                del resources[kind]

    def _font(self, file: str, *, muted: bool = False) -> bytes:
        if (file, muted) not in self._fonts:
            self._fonts.append((file, muted))
        return b"%d 0 R" % (FONT - self._fonts.index((file, muted)))

    def _seat_folios(self, pages: Sequence[SetPage]) -> None:
        """The folio's stream goes first, for the page's own leaves its scale set."""
        import pydyf

        folio = FOLIO
        for number, page in zip(self._pages, pages, strict=True):
            entry = self._pdf.objects[number]
            entry["StructParents"] = b"%d 0 K" % number
            if page.seats:
                entry["Contents"] = pydyf.Array([b"%d 0 R" % folio, entry["Contents"]])
                folio -= 1

    def _object(self, reference: bytes) -> Any:
        return self._pdf.objects[int(reference.split()[0])]

    def _reached(self, roots: Sequence[int]) -> dict[int, bytes]:
        """All that *roots* lead to, by number; of a stream its dictionary."""
        import pydyf

        objects = self._pdf.objects
        written: dict[int, bytes] = {}
        open_ones, met = [*roots], {*roots, *self._shared}
        while open_ones:
            number = open_ones.pop()
            entry = objects[number]
            if isinstance(entry, pydyf.Stream):
                self._streams.add(number)
                data = written[number] = pydyf.Dictionary(entry.extra).data
            else:
                data = written[number] = entry.data
            led = {int(one[0] or PAGES) for one in REFERENCE.findall(data)} - met
            met |= led
            open_ones += (one for one in led if one >= 0)
        return written

    def _stream(self, stream: Any) -> tuple[Template, bytes | Template]:
        import pydyf

        data = b"\n".join(map(pydyf._to_bytes, stream.stream))
        entries = pydyf.Dictionary(stream.extra).data.removeprefix(b"<<").removesuffix(b">>")
        slots = slots_of(data)
        if slots:
            content = SLOT_MARK.sub(b"%b", data.replace(b"%", b"%%"))
            return self._template(entries), Template(content, tuple(slots))
        pack = packed_stream if stream.compress else plain_stream
        dictionary, packed = pack(entries, data)
        return self._template(dictionary), packed

    def _template(self, data: bytes) -> Template:
        filled: list[Filled] = []

        def put_in(match: re.Match[bytes]) -> bytes:
            if match[3] is not None:
                words = bytes.fromhex(match[4].decode("ascii")).decode()
                filled.append(Said(words) if match[3] == b"SAID" else words)
                return b"%b"
            if match[1] is None:
                return match[0]
            filled.append(self._number(int(match[1])))
            return b"%d 0 R" if match[2] == b"R" else b"%d"

        return Template(REFERENCE.sub(put_in, data.replace(b"%", b"%%")), tuple(filled))

    def _number(self, number: int) -> int:
        if number < 0:
            return number
        return self._shared.get(number, 0) or self._numbers[number]


def _boxes(page: Any) -> Iterator[str]:
    for key in BOXES:
        if key in page:
            yield f"/{key}{page[key].data.decode('ascii')}"


# As the cache keeps it ------------------------------------------------------------


def pack_block(block: Block) -> bytes:
    """Put *block* into bytes: what is plain in JSON, and behind it what is not."""
    texts = [*block.objects, *(dictionary for dictionary, _ in block.streams)]
    contents = [held for _, held in block.streams if isinstance(held, Template)]
    held = [one.data if isinstance(one, Template) else one for _, one in block.streams]
    plain = json.dumps(
        [
            [len(text.data) for text in texts],
            [text.filled for text in texts],
            [len(data) for data in held],
            [isinstance(one, Template) for _, one in block.streams],
            [content.filled for content in contents],
            block.fonts,
            dict(block.folio_fonts),
            block.tags,
            block.keys,
            block.heights,
            block.boxes,
        ]
    ).encode()
    size = len(plain).to_bytes(LENGTH_SIZE, "big")
    return b"".join((size, plain, *(text.data for text in texts), *held))


def unpack_block(data: bytes) -> Block:
    """Return what ``pack_block`` was given; of other bytes some exception comes.

    The cache gives entries back whole or not at all, so that only forged ones have such bytes.
    """
    end = LENGTH_SIZE + int.from_bytes(data[:LENGTH_SIZE], "big")
    plain = json.loads(data[LENGTH_SIZE:end])
    lengths, filled, sizes, opens, slots, fonts, folio_fonts, tags, keys, heights, boxes = plain
    pieces = _cut(data, end, [*lengths, *sizes])
    texts = [Template(next(pieces), tuple(map(_filled, numbers))) for numbers in filled]
    objects = texts[: len(texts) - len(sizes)]
    open_slots = iter(slots)
    held = (
        Template(piece, tuple(map(slot_from, next(open_slots)))) if is_open else piece
        for piece, is_open in zip(pieces, opens, strict=True)
    )
    return Block(
        tuple(objects),
        tuple(zip(texts[len(objects) :], held, strict=True)),
        tuple((file, muted) for file, muted in fonts),
        folio_fonts,
        tuple(tags),
        keys,
        tuple(heights),
        boxes,
    )


def _filled(plain: Any) -> Filled:
    filled: Filled = Said(*plain) if plain.__class__ is list else plain
    return filled


def _cut(data: bytes, start: int, sizes: Sequence[int]) -> Iterator[bytes]:
    for size in sizes:
        yield data[start : start + size]
        start += size
