"""The bindery: finished signatures sewn into one PDF.

Comes in: signatures, each page with its folio. Goes out: one file with one tag tree, one
outline, named destinations, page labels, metadata and one subset a font. The one decision:
nothing of a signature is typeset again; its block gets its numbers and folios, and stands in
the file as bytes that depend on its own content and on where it begins. Sewing begins with the
body, while what stands around it is still being set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import md5
from io import BytesIO
from itertools import count

from octavo.memory import Memory
from octavo.pagemap import Point
from octavo.print.block import unpack_block
from octavo.print.fonts import NUMBERS_A_FONT, FontCase, embed, font_number, merge_uses
from octavo.print.metadata import Particulars, describe, pdf_date
from octavo.print.navigation import BoundPart, add_destinations, add_outline, page_labels
from octavo.print.pdffile import PdfFile, packed_stream
from octavo.print.place import Part
from octavo.print.setpages import FontUse
from octavo.print.sewing import Shared, next_span, plain_name, sew, stamp, text_string

CATALOG, PAGES, DOCUMENT, TAGS, KEYS, INFO, INDEX, FIRST_FONT = range(1, 9)
"""The numbers of what every book has, and of the index where it is a signature a page."""
ELEMENT = b"<</Type/StructElem/S/%b/P %b/K[%b]>>"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the book: a transcript, as it was received."""

    name: str
    data: bytes
    media_type: str
    about: str


def bind(
    parts: Iterable[Part],
    points: Mapping[str, Point],
    case: FontCase,
    particulars: Particulars,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Sew *parts* and return the bound file; see ``BookBlock``."""
    block = BookBlock(case)
    block.sew(parts)
    return block.bind(points, particulars, attachments)


class BookBlock:
    """Signatures sewn together, before the book is bound."""

    def __init__(self, case: FontCase, memory: Memory | None = None) -> None:
        self._case = case
        self._memory = memory or Memory(None)
        fonts = {
            (file, muted): font_number(FIRST_FONT + NUMBERS_A_FONT * at, muted=muted)
            for at, file in enumerate(case.digests())
            for muted in (False, True)
        }
        self._shared = Shared(PAGES, DOCUMENT, fonts)
        self._next = next_span(max(fonts.values()) + NUMBERS_A_FONT)
        self._order: list[BoundPart] = []
        self._parts: list[BoundPart] = []
        self._uses: list[FontUse] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing is sewn yet."""
        return not self._parts

    def sew(self, parts: Iterable[Part], *, in_front: bool = False) -> None:
        """Sew *parts* behind those that are sewn, or in front of them.

        The order of sewing shows in the numbers of objects, so it must not be left to chance.
        """
        place = 0 if in_front else len(self._parts)
        for at, part in enumerate(parts, start=place):
            self._parts.insert(at, self._sewn(part))

    def bind(
        self,
        points: Mapping[str, Point],
        particulars: Particulars,
        attachments: Sequence[Attachment] = (),
    ) -> bytes:
        """Return the bound file, PDF/UA-1 and PDF/A-3a; the same parts give the same bytes.

        *points* become named destinations, by the names that links have for them, beside the
        anchors of the signatures. Raises ``DeadLink``. The block is used up.
        """
        file = PdfFile()
        for part in self._order:
            part.sewn.add_to(file)
            part.stamps.add_to(file)
        numbers = count(self._next)
        self._embed_fonts(file)
        self._add_tags(file)
        self._add_pages(file, numbers)
        names = {"Dests": add_destinations(file, numbers, self._parts, points)}
        catalog = {
            "Type": b"/Catalog",
            "Pages": _reference(PAGES),
            "StructTreeRoot": _reference(TAGS),
            "MarkInfo": b"<</Marked true>>",
            "PageLabels": page_labels(self._parts),
            **add_outline(file, numbers, self._parts),
            **describe(file, numbers, INFO, particulars),
        }
        if attachments:
            attached = _attach(file, numbers, attachments, particulars.modified, self._memory)
            names["EmbeddedFiles"] = attached.names
            catalog["AF"] = attached.associated
        catalog["Names"] = b"<<%b>>" % _entries(names)
        file.add(CATALOG, b"<<%b>>" % _entries(catalog))
        # What is in the file need not be held twice.
        self._order, self._parts = [], []
        trailer = {"Root": _reference(CATALOG), "Info": _reference(INFO)}
        return file.finish(next(numbers), trailer)

    def _sewn(self, part: Part) -> BoundPart:
        signature, first = part.signature, self._next
        shared = replace(self._shared, document=INDEX) if part.of_index else self._shared
        around = repr((first, shared, part.words)).encode()
        sewn = self._memory.recall(
            lambda: sew(unpack_block(signature.block), first, shared, self._case, part.words),
            b"sewn",
            signature.block,
            around,
        )
        seats = repr((part.folios, [page.seats for page in signature.pages], sewn.heights)).encode()
        stamps = self._memory.recall(
            lambda: stamp(sewn, signature.pages, part.folios, self._case),
            b"stamps",
            seats,
            repr((sewn.folios, sewn.folio_fonts)).encode(),
        )
        self._next = sewn.next_number
        self._uses += (*signature.fonts, *sewn.uses, *stamps.uses)
        # What was drawn is in the book now.
        bound = BoundPart(replace(part, signature=replace(signature, block=b"")), sewn, stamps)
        self._order.append(bound)
        return bound

    def _embed_fonts(self, file: PdfFile) -> None:
        muted = merge_uses(use for use in self._uses if use.muted)
        # The text first: its widths are those that its lines were set with.
        for name, use in merge_uses(sorted(self._uses, key=_is_of_folio)).items():
            first, twin = self._shared.fonts[name, False], muted.get(name)
            used = sorted(use.widths.items()), sorted(use.unicode.items())
            embedded = self._memory.recall(
                partial(embed, first, self._case.face(name), use, twin),
                b"font",
                name.encode(),
                repr((first, used, twin and sorted(twin.unicode))).encode(),
            )
            embedded.add_to(file)

    def _add_tags(self, file: PdfFile) -> None:
        """One tree of the trees of all parts, in page order."""
        of_index = [tag for part in self._parts if part.place.of_index for tag in part.sewn.tags]
        tops: list[int] = []
        for part in self._parts:
            new = [INDEX] if part.place.of_index else part.sewn.tags
            tops += [tag for tag in new if tag not in tops[-1:]]
        kids = b" ".join(map(_reference, tops))
        if of_index:
            inside = b" ".join(map(_reference, of_index))
            file.add(INDEX, ELEMENT % (b"Index", _reference(DOCUMENT), inside))
        # The keys are numbers of objects, so that these are in the order of sewing.
        leaves = b" ".join(_reference(part.sewn.keys) for part in self._order)
        file.add(DOCUMENT, ELEMENT % (b"Document", _reference(TAGS), kids))
        file.add(KEYS, b"<</Kids[%b]>>" % leaves)
        file.add(
            TAGS,
            b"<</Type/StructTreeRoot/K[%b]/ParentTree %b/ParentTreeNextKey %d>>"
            % (_reference(DOCUMENT), _reference(KEYS), self._next),
        )

    def _add_pages(self, file: PdfFile, numbers: Iterator[int]) -> None:
        pages: list[int] = []
        for part in self._parts:
            pages += part.pages
            if part.place.blank_after:
                pages.append(next(numbers))
                blank = b"<</Type/Page/Parent %b%b/Resources<<>>/Tabs/S>>"
                file.add(pages[-1], blank % (_reference(PAGES), part.sewn.boxes))
        kids = b" ".join(map(_reference, pages))
        file.add(PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids))


def _is_of_folio(use: FontUse) -> bool:
    return not use.name


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _entries(entries: Mapping[str, bytes]) -> bytes:
    return b"".join(b"/%b %b" % (key.encode(), value) for key, value in entries.items())


def count_pages(pdf: bytes) -> int:
    """The number of pages of a finished file."""
    import pikepdf

    # To go through all of them takes a while in a long book.
    with pikepdf.open(BytesIO(pdf), inherit_page_attributes=False) as document:
        return int(document.Root.Pages.Count)


# Attachments -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Attached:
    """What the catalog says of attached files."""

    names: bytes
    """A tree of their names."""
    associated: bytes
    """An array of them."""


def _packed(attached: Attachment, modified: datetime) -> tuple[bytes, bytes]:
    """The stream of an attached file, with its checksum."""
    # The format asks for this digest; it is no safeguard.
    checksum = md5(attached.data, usedforsecurity=False).hexdigest().encode()
    head = b"/Type/EmbeddedFile/Subtype/%b/Params<</Size %d/CheckSum<%b>/ModDate %b>>" % (
        attached.media_type.replace("/", "#2F").encode(),
        len(attached.data),
        checksum,
        text_string(pdf_date(modified)),
    )
    return packed_stream(head, attached.data)


def _attach(
    file: PdfFile,
    numbers: Iterator[int],
    attachments: Sequence[Attachment],
    modified: datetime,
    memory: Memory,
) -> _Attached:
    """Put the sources in as associated files (ISO 19005-3, 6.8)."""
    found: list[tuple[bytes, bytes]] = []
    for attached in sorted(attachments, key=lambda attached: plain_name(attached.name)):
        stream, entry = next(numbers), next(numbers)
        said = repr((attached.media_type, modified)).encode()
        packed = memory.recall(
            partial(_packed, attached, modified), b"attached", attached.data, said
        )
        file.add_stream(stream, *packed)
        plain, name = text_string(plain_name(attached.name)), text_string(attached.name)
        about, held = text_string(attached.about), _reference(stream)
        file.add(
            entry,
            b"<</Type/Filespec/F %b/UF %b/Desc %b/EF<</F %b/UF %b>>/AFRelationship/Source>>"
            % (plain, name, about, held, held),
        )
        found.append((plain, _reference(entry)))
    names = b" ".join(b" ".join(pair) for pair in found)
    entries = b" ".join(entry for _, entry in found)
    return _Attached(b"<</Names[%b]>>" % names, b"[%b]" % entries)
