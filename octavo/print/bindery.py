"""The bindery: finished signatures sewn into one PDF.

Comes in: signatures in order, each page with its folio. Goes out: one file with one tag
tree, one outline, named destinations, page labels, metadata and one subset a font. The
one decision: nothing of a signature is typeset again; a folio is stamped on its seat as
a pagination artifact, and links that lead to another signature are joined here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from io import BytesIO
from typing import Any

from octavo.pagemap import Point
from octavo.print.fonts import FontCase, Shaped, embed, merge_uses, mute
from octavo.print.metadata import Particulars, describe, pdf_date
from octavo.print.place import Part
from octavo.print.saving import save
from octavo.print.setpages import LINK, MUTE, FontUse, Line, Seat, Signature


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the book: a transcript, as it was received."""

    name: str
    data: bytes
    media_type: str
    about: str


class DeadLink(Exception):
    """A link leads to an anchor that is on no page: a template's fault, so ours."""


def get_ready() -> None:
    """Load what binding needs: to be done while the last signature is still being set."""
    import pikepdf

    assert pikepdf


def bind(
    parts: Sequence[Part],
    points: Mapping[str, Point],
    case: FontCase,
    particulars: Particulars,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the bound file, PDF/UA-1 and PDF/A-3a; the same parts give the same bytes.

    *points*, by the names that links have for them, become named destinations beside the
    anchors of the signatures.
    """
    import pikepdf

    pdf = pikepdf.new()
    stamps = {seat: shaped for part in parts for seat, shaped in _stamps(part, case)}
    fonts = _embed_fonts(pdf, parts, stamps, case)
    tree = _TagTree(pdf)
    for part in parts:
        first = len(pdf.pages)
        with pikepdf.open(BytesIO(part.signature.pdf)) as source:
            pdf.pages.extend(source.pages)
            # Only those: to list all pages each time would take the square of a book's length.
            pages = [pdf.pages[number] for number in range(first, len(pdf.pages))]
            tree.sew(source, pages)
        _share_fonts(pdf, pages[0], part.signature, fonts)
        for page, seats in zip(pages, _seats(part), strict=True):
            _stamp(pdf, page, seats, stamps, fonts)
        if part.blank_after:
            _add_blank(pdf)
    tree.finish()
    pages = list(pdf.pages)
    _join_links(pdf, pages, _destinations(pages, parts, points.values()), points)
    _add_outline(pdf, parts)
    _label_pages(pdf, parts)
    describe(pdf, particulars)
    _attach(pdf, attachments, particulars.modified)
    return save(pdf, min_version="1.7")


def count_pages(pdf: bytes) -> int:
    """The number of pages of a finished file."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


# Folios and fonts -------------------------------------------------------------

Placed = tuple[Seat, str]
"""A seat and the folio that takes it."""


def _seats(part: Part) -> Iterator[tuple[Placed, ...]]:
    for page, folio in zip(part.signature.pages, part.folios, strict=True):
        yield tuple((seat, folio) for seat in page.seats)


def _stamps(part: Part, case: FontCase) -> Iterator[tuple[Placed, Shaped]]:
    for seats in _seats(part):
        for seat, folio in seats:
            yield (seat, folio), case.face(seat.font).shape(folio, seat.features)


def _embed_fonts(
    pdf: Any, parts: Sequence[Part], stamps: Mapping[Placed, Shaped], case: FontCase
) -> dict[str, Any]:
    """Embed each font file once, with the glyphs of all signatures and all folios."""
    uses = [use for part in parts for use in part.signature.fonts]
    for (seat, _), shaped in stamps.items():
        widths = dict(zip(shaped.glyphs, shaped.widths, strict=True))
        unicode = dict(zip(shaped.glyphs, shaped.text, strict=True))
        uses.append(FontUse("", seat.font, widths, unicode))
    return {
        file: embed(pdf, case.face(file), use) for file, use in sorted(merge_uses(uses).items())
    }


def _share_fonts(pdf: Any, first: Any, signature: Signature, fonts: Mapping[str, Any]) -> None:
    """Hang the book's fonts into the signature's resources, which all its pages share."""
    import pikepdf

    resources = first.Resources
    resources.Font = pikepdf.Dictionary(
        {f"/{use.name}": fonts[use.file] for use in signature.fonts}
    )
    for use in signature.fonts:
        if use.muted:
            resources.Font[f"/{use.name}{MUTE}"] = mute(pdf, fonts[use.file], use)
    for kind in ("/XObject", "/Pattern", "/Shading"):
        if kind in resources and not resources[kind]:
            del resources[kind]


def _stamp(
    pdf: Any,
    page: Any,
    seats: Sequence[Placed],
    stamps: Mapping[Placed, Shaped],
    fonts: Mapping[str, Any],
) -> None:
    """Draw the page's folio; it goes first, for the page's own stream leaves its scale set."""
    if not seats:
        return
    height = float(page.MediaBox[3])
    drawn = []
    for seat, folio in seats:
        shaped = stamps[seat, folio]
        name = f"/Folio{sorted(fonts).index(seat.font)}"
        page.Resources.Font[name] = fonts[seat.font]
        width = sum(shaped.widths) * seat.size / 1000
        x = seat.x - {"left": 0, "center": width / 2, "right": width}[seat.align]
        codes = "".join(f"{glyph:04x}" for glyph in shaped.glyphs)
        drawn.append(
            f"/Artifact <</Type /Pagination /Subtype /{'Header' if seat.header else 'Footer'}>> "
            f"BDC\nBT 0 g {name} {seat.size:.3f} Tf {x:.3f} {height - seat.baseline:.3f} Td "
            f"<{codes}> Tj ET\nEMC\n"
        )
    page.contents_add(pdf.make_stream(f"q\n{''.join(drawn)}Q\n".encode("ascii")), prepend=True)


def _add_blank(pdf: Any) -> None:
    import pikepdf

    before = pdf.pages[-1].obj
    boxes = {key: before[key] for key in ("/MediaBox", "/TrimBox", "/BleedBox") if key in before}
    blank = pikepdf.Dictionary(Type=pikepdf.Name.Page, Resources=pikepdf.Dictionary())
    for key, box in boxes.items():
        blank[key] = pikepdf.Array(list(box))
    blank.Tabs = pikepdf.Name.S
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(blank)))


# Tags -----------------------------------------------------------------------


class _TagTree:
    """The tag tree of the book, sewn from the signatures' trees."""

    def __init__(self, pdf: Any) -> None:
        import pikepdf

        self._pdf = pdf
        self._nums = pikepdf.Array()
        self._next = 0
        self._root = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document, K=pikepdf.Array()
            )
        )

    def sew(self, source: Any, pages: Sequence[Any]) -> None:
        """Hang the tree of *source*, whose pages are now *pages*, behind the others'."""
        tree = self._pdf.copy_foreign(source.Root.StructTreeRoot)
        for child in tree.K[0].K:
            child.P = self._root
            self._root.K.append(child)
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


# Links, outline, labels -------------------------------------------------------

Destinations = dict[str, tuple[int, float, float]]
"""Anchor to page index and the point in PDF units, from the bottom left."""


def _destinations(
    pages: Sequence[Any], parts: Sequence[Part], points: Iterable[Point]
) -> Destinations:
    heights = [float(page.MediaBox[3]) for page in pages]
    found: Destinations = {}
    lines: dict[str, list[tuple[int, Line]]] = {}
    number = 0
    for part in parts:
        for page in part.signature.pages:
            for name, (x, y) in page.anchors.items():
                found.setdefault(name, (number, x, heights[number] - y))
            for line in page.lines:
                lines.setdefault(line.paragraph, []).append((number, line))
            number += 1
        number += bool(part.blank_after)
    for point in points:
        page_index, line = next(
            (at, line) for at, line in lines[point.paragraph] if point.offset < line.end
        )
        share = max(0, point.offset - line.start) / max(1, line.end - line.start)
        found[point.anchor] = (
            page_index,
            line.x + share * line.width,
            heights[page_index] - line.y,
        )
    return found


def _join_links(
    pdf: Any, pages: Sequence[Any], destinations: Destinations, points: Mapping[str, Point]
) -> None:
    """Turn every link to ``point:NAME`` into one to the destination NAME, or to the point."""
    import pikepdf

    for page in pages:
        for annotation in page.obj.get("/Annots", ()):
            address = str(annotation.get("/A", {}).get("/URI", ""))
            if not address.startswith(LINK):
                continue
            name = address.removeprefix(LINK)
            name = points[name].anchor if name in points else name
            if name not in destinations:
                raise DeadLink(name)
            del annotation.A
            annotation.Dest = pikepdf.String(name)
    names: list[Any] = []
    targets, kind = [page.obj for page in pages], pikepdf.Name.XYZ
    for name in sorted(destinations, key=lambda name: name.encode()):
        number, x, y = destinations[name]
        names += pikepdf.String(name), [targets[number], kind, round(x, 3), round(y, 3), None]
    tree = pikepdf.Dictionary(Names=pikepdf.Array(names))
    pdf.Root.Names = pikepdf.Dictionary(Dests=pdf.make_indirect(tree))


def _add_outline(pdf: Any, parts: Sequence[Part]) -> None:
    import pikepdf

    with pdf.open_outline() as outline:
        levels: list[tuple[int, list[Any]]] = [(0, outline.root)]
        number = 0
        for part in parts:
            for page in part.signature.pages:
                height = float(pdf.pages[number].MediaBox[3])
                for mark in page.bookmarks:
                    item = pikepdf.OutlineItem(
                        mark.label, number, "XYZ", left=round(mark.x, 3), top=height - mark.y
                    )
                    while levels[-1][0] >= mark.level:
                        levels.pop()
                    levels[-1][1].append(item)
                    levels.append((mark.level, item.children))
                number += 1
            number += bool(part.blank_after)


def _label_pages(pdf: Any, parts: Sequence[Part]) -> None:
    """Give viewers the folios: roman from i, then arabic from 1."""
    import pikepdf

    numbers = pikepdf.Array()
    kind = ""
    at = 0
    for part in parts:
        for folio in (*part.folios, *([part.blank_after] if part.blank_after else [])):
            now = "D" if folio.isdecimal() else "r"
            if now != kind:
                numbers.append(at)
                numbers.append(pikepdf.Dictionary(S=pikepdf.Name(f"/{now}"), St=1))
                kind = now
            at += 1
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=numbers)


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
