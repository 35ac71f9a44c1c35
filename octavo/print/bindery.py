"""The bindery: finished signatures sewn into one PDF.

Comes in: signatures, each page with its folio. Goes out: one file with one tag tree, one
outline, named destinations, page labels, metadata and one subset a font. The one decision:
nothing of a signature is typeset again; a folio is stamped on its seat as a pagination
artifact, and links that lead to another signature are joined here. Sewing begins with the
body, while what stands around it is still being set.
"""

import ctypes
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import md5
from io import BytesIO
from typing import Any

from octavo.pagemap import Point
from octavo.print.fonts import FontCase, Shaped, embedded, merge_uses, muted
from octavo.print.metadata import Particulars, describe, pdf_date
from octavo.print.navigation import add_outline, destinations, join_links, label_pages
from octavo.print.place import Part
from octavo.print.saving import save
from octavo.print.setpages import MUTE, FontUse, Seat, Signature


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the book: a transcript, as it was received."""

    name: str
    data: bytes
    media_type: str
    about: str


def get_ready() -> None:
    """Load what binding needs: to be done while the last signature is still being set."""
    import pikepdf

    assert pikepdf


def bind(
    parts: Iterable[Part],
    points: Mapping[str, Point],
    case: FontCase,
    particulars: Particulars,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Sew *parts* and return the bound file; see ``BookBlock.bind``."""
    block = BookBlock(case)
    block.sew(parts)
    return block.bind(points, particulars, attachments)


class BookBlock:
    """Signatures sewn together, before the book is bound."""

    def __init__(self, case: FontCase) -> None:
        import pikepdf

        self._pdf = pikepdf.new()
        self._fonts = _Fonts(self._pdf, case)
        self._tree = _TagTree(self._pdf)
        self._parts: list[Part] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing is sewn yet."""
        return not self._parts

    def sew(self, parts: Iterable[Part], *, in_front: bool = False) -> None:
        """Sew *parts* behind those that are sewn, or in front of them.

        The order of sewing shows in the numbers of objects, so it must not be left to chance.
        """
        place, page = (0, 0) if in_front else (len(self._parts), len(self._pdf.pages))
        for number, part in enumerate(parts, start=place):
            page = self._sew(part, number, page)

    def bind(
        self,
        points: Mapping[str, Point],
        particulars: Particulars,
        attachments: Sequence[Attachment] = (),
    ) -> bytes:
        """Return the bound file, PDF/UA-1 and PDF/A-3a; the same parts give the same bytes.

        *points*, by the names that links have for them, become named destinations beside the
        anchors of the signatures. The block is used up.
        """
        pdf = self._pdf
        self._fonts.embed()
        self._tree.finish()
        pages = list(pdf.pages)
        join_links(pdf, pages, destinations(pages, self._parts, points.values()), points)
        add_outline(pdf, self._parts)
        label_pages(pdf, self._parts)
        describe(pdf, particulars)
        _attach(pdf, attachments, particulars.modified)
        data = save(pdf, min_version="1.7")
        # At once: what is sewn of a long book takes more room than the file.
        pdf.close()
        _give_memory_back()
        return data

    def _sew(self, part: Part, number: int, first: int) -> int:
        """Sew *part* in as the part *number*, from the page *first* on; return the page behind."""
        import pikepdf

        pdf = self._pdf
        with pikepdf.open(BytesIO(part.signature.pdf)) as source:
            count = len(source.pages)
            for at, page in enumerate(source.pages, start=first):
                pdf.pages.insert(at, page)
            # Only those: to list all pages each time would take the square of a book's length.
            pages = [pdf.pages[at] for at in range(first, first + count)]
            self._tree.sew(source, pages, number)
        self._fonts.share(pages[0], part.signature)
        for page, set_page, folio in zip(pages, part.signature.pages, part.folios, strict=True):
            self._stamp(page, set_page.seats, folio)
        # What was drawn is in the book now.
        self._parts.insert(number, replace(part, signature=replace(part.signature, pdf=b"")))
        if part.blank_after:
            _add_blank(pdf, first + count)
        return first + count + bool(part.blank_after)

    def _stamp(self, page: Any, seats: Sequence[Seat], folio: str) -> None:
        """Draw the page's folio; it goes first, for the page's own stream leaves its scale set."""
        if not seats:
            return
        height = float(page.MediaBox[3])
        drawn = []
        for seat in seats:
            shaped = self._fonts.shape(seat, folio)
            name = self._fonts.name_for_folios(page, seat.font)
            width = sum(shaped.widths) * seat.size / 1000
            x = seat.x - {"left": 0, "center": width / 2, "right": width}[seat.align]
            codes = "".join(f"{glyph:04x}" for glyph in shaped.glyphs)
            kind = "Header" if seat.header else "Footer"
            drawn.append(
                f"/Artifact <</Type /Pagination /Subtype /{kind}>> "
                f"BDC\nBT 0 g {name} {seat.size:.3f} Tf {x:.3f} {height - seat.baseline:.3f} Td "
                f"<{codes}> Tj ET\nEMC\n"
            )
        content = f"q\n{''.join(drawn)}Q\n".encode("ascii")
        page.contents_add(self._pdf.make_stream(content), prepend=True)


def _give_memory_back() -> None:
    """Have the C library part with what is free, where it can: the proof needs as much again."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim:
        trim(0)


def count_pages(pdf: bytes) -> int:
    """The number of pages of a finished file."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


# Fonts and blank pages ---------------------------------------------------------


class _Fonts:
    """The fonts of the book, each embedded once with the glyphs of all parts and all folios.

    Pages name them while they are sewn; what is in them is known when all are.
    """

    def __init__(self, pdf: Any, case: FontCase) -> None:
        self._pdf, self._case = pdf, case
        self._uses: list[FontUse] = []
        self._folio_uses: list[FontUse] = []
        self._fonts: dict[str, Any] = {}
        self._mutes: list[tuple[Any, FontUse]] = []

    def share(self, first: Any, signature: Signature) -> None:
        """Hang the book's fonts into the signature's resources, which all its pages share."""
        import pikepdf

        resources = first.Resources
        self._uses += signature.fonts
        fonts = {f"/{use.name}": self._font(use.file) for use in signature.fonts}
        for use in signature.fonts:
            if use.muted:
                mute = fonts[f"/{use.name}{MUTE}"] = self._empty()
                self._mutes.append((mute, use))
        resources.Font = pikepdf.Dictionary(fonts)
        for kind in ("/XObject", "/Pattern", "/Shading"):
            if kind in resources and not resources[kind]:
                del resources[kind]

    def shape(self, seat: Seat, folio: str) -> Shaped:
        """Shape *folio* for its seat."""
        shaped = self._case.face(seat.font).shape(folio, seat.features)
        widths = dict(zip(shaped.glyphs, shaped.widths, strict=True))
        unicode = dict(zip(shaped.glyphs, shaped.text, strict=True))
        self._folio_uses.append(FontUse("", seat.font, widths, unicode))
        return shaped

    def name_for_folios(self, page: Any, file: str) -> str:
        """The name that folios have for the font *file* on *page*."""
        font = self._font(file)
        name = f"/Folio{list(self._fonts).index(file)}"
        page.Resources.Font[name] = font
        return name

    def embed(self) -> None:
        """Fill all fonts."""
        # The text first: its widths are those that its lines were set with.
        for file, use in merge_uses((*self._uses, *self._folio_uses)).items():
            _fill(self._fonts[file], embedded(self._pdf, self._case.face(file), use))
        for mute, use in self._mutes:
            _fill(mute, muted(self._pdf, self._fonts[use.file], use))

    def _font(self, file: str) -> Any:
        if file not in self._fonts:
            self._fonts[file] = self._empty()
        return self._fonts[file]

    def _empty(self) -> Any:
        import pikepdf

        return self._pdf.make_indirect(pikepdf.Dictionary())


def _fill(empty: Any, dictionary: Any) -> None:
    for key, value in dictionary.items():
        empty[key] = value


def _add_blank(pdf: Any, at: int) -> None:
    """Put a blank page in as the page *at*, of the size of the one before it."""
    import pikepdf

    before = pdf.pages[at - 1].obj
    boxes = {key: before[key] for key in ("/MediaBox", "/TrimBox", "/BleedBox") if key in before}
    blank = pikepdf.Dictionary(Type=pikepdf.Name.Page, Resources=pikepdf.Dictionary())
    for key, box in boxes.items():
        blank[key] = pikepdf.Array(list(box))
    blank.Tabs = pikepdf.Name.S
    pdf.pages.insert(at, pikepdf.Page(pdf.make_indirect(blank)))


# Tags -----------------------------------------------------------------------


class _TagTree:
    """The tag tree of the book, sewn from the signatures' trees."""

    def __init__(self, pdf: Any) -> None:
        import pikepdf

        self._pdf = pdf
        self._nums = pikepdf.Array()
        self._next = 0
        self._kids: list[list[Any]] = []
        """By part."""
        self._root = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document)
        )

    def sew(self, source: Any, pages: Sequence[Any], number: int) -> None:
        """Hang the tree of *source*, whose pages are now *pages*, in as that of part *number*."""
        tree = self._pdf.copy_foreign(source.Root.StructTreeRoot)
        kids = list(tree.K[0].K)
        for child in kids:
            child.P = self._root
        self._kids.insert(number, kids)
        offset = self._next
        numbers = tree.ParentTree.Nums
        for at in range(0, len(numbers), 2):
            key = int(numbers[at]) + offset
            self._nums.append(key)
            self._nums.append(numbers[at + 1])
            self._next = max(self._next, key + 1)
        for page in pages:
            page.obj.StructParents = int(page.obj.StructParents) + offset
            for annotation in page.obj.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + offset

    def finish(self) -> None:
        import pikepdf

        self._root.K = pikepdf.Array([kid for kids in self._kids for kid in kids])
        root = self._pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructTreeRoot,
                K=pikepdf.Array([self._root]),
                ParentTree=self._pdf.make_indirect(pikepdf.Dictionary(Nums=self._nums)),
                ParentTreeNextKey=self._next,
            )
        )
        self._root.P = root
        self._pdf.Root.StructTreeRoot = root
        self._pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)


# Attachments -------------------------------------------------------------------


def _attach(pdf: Any, attachments: Sequence[Attachment], modified: datetime) -> None:
    """Put the sources in as associated files (ISO 19005-3, 6.8), each with its checksum."""
    import pikepdf

    if not attachments:
        return
    names, associated = pikepdf.Array(), pikepdf.Array()
    for file in sorted(attachments, key=lambda file: file.name.encode()):
        stream = pdf.make_stream(file.data, Type=pikepdf.Name.EmbeddedFile)
        stream.Subtype = pikepdf.Name(f"/{file.media_type}")
        stream.Params = pikepdf.Dictionary(
            Size=len(file.data),
            # The format asks for this digest; it is no safeguard.
            CheckSum=pikepdf.String(md5(file.data, usedforsecurity=False).digest()),
            ModDate=pdf_date(modified),
        )
        entry = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Filespec,
                F=file.name,
                UF=file.name,
                Desc=file.about,
                EF=pikepdf.Dictionary(F=stream, UF=stream),
                AFRelationship=pikepdf.Name.Source,
            )
        )
        names.append(pikepdf.String(file.name))
        names.append(entry)
        associated.append(entry)
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(pikepdf.Dictionary(Names=names))
    pdf.Root.AF = associated
