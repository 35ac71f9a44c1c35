"""How a reader finds the way in the bound file: destinations, outline and page labels.

Comes in: parts as they are sewn. Goes out: objects of the file, and what its catalog says of
them. The one decision: a link of a signature says whereto by a name alone, and all names are
found here, when the whole book is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from octavo.pagemap import Point
from octavo.print.keptlines import LinesOfPart
from octavo.print.pdffile import PdfFile
from octavo.print.place import Part
from octavo.print.setpages import Bookmark
from octavo.print.sewing import Sewn, Stamps, plain_name, text_string

LEAF = 64
"""Names in a leaf of their tree: a reader need not unpack all of them to find one."""


NOWHERE = "a point of the index stands on no line"


class DeadLink(Exception):
    """A link leads to an anchor that is on no page: a template's fault, so ours."""


@dataclass(frozen=True, slots=True)
class BoundPart:
    """A part of the book, and how it is sewn."""

    place: Part
    sewn: Sewn
    stamps: Stamps

    @property
    def pages(self) -> range:
        """The numbers of its pages."""
        return range(self.sewn.first, self.sewn.first + len(self.sewn.heights))


def _spot(page: int, x: float, y: float) -> bytes:
    """A place on the page object with the number *page*, in points from its bottom left."""
    return b"[%d 0 R/XYZ %.3f %.3f null]" % (page, x, y)


def add_destinations(
    file: PdfFile, numbers: Iterator[int], parts: Sequence[BoundPart], points: Mapping[str, Point]
) -> bytes:
    """Name where every anchor of *parts* and every point stands; return the tree of names.

    Raises ``DeadLink``.
    """
    spots = _spots(parts, points)
    for part in parts:
        for name in part.sewn.links:
            if name not in spots:
                raise DeadLink(name)
    named = sorted((plain_name(name), spot) for name, spot in spots.items())
    entries = [(text_string(name), spot) for name, spot in named]
    leaves = [entries[at : at + LEAF] for at in range(0, len(entries), LEAF)]
    kids = []
    for leaf in leaves:
        kids.append(next(numbers))
        names = b"".join(name + spot for name, spot in leaf)
        limits = leaf[0][0] + leaf[-1][0]
        file.add(kids[-1], b"<</Limits[%b]/Names[%b]>>" % (limits, names), apart=True)
    return b"<</Kids[%b]>>" % b" ".join(b"%d 0 R" % kid for kid in kids)


def _spots(parts: Sequence[BoundPart], points: Mapping[str, Point]) -> dict[str, bytes]:
    anchors: dict[str, bytes] = {}
    found: dict[str, bytes] = {}
    sought: dict[str, list[tuple[str, int]]] = {}
    for name, point in points.items():
        sought.setdefault(point.paragraph, []).append((name, point.offset))
    for part in parts:
        pages = part.place.signature.pages
        for number, page, height in zip(part.pages, pages, part.sewn.heights, strict=True):
            for name, (x, y) in page.anchors.items():
                anchors.setdefault(name, _spot(number, x, height - y))
        lines = LinesOfPart([page.lines for page in pages])
        for paragraph in lines.paragraphs:
            for name, offset in sought.pop(paragraph, ()):
                place = lines.find(paragraph, offset)
                assert place, NOWHERE
                at, line = place
                share = max(0, offset - line.start) / max(1, line.end - line.start)
                x, y = line.x + share * line.width, part.sewn.heights[at] - line.y
                found[name] = _spot(part.pages[at], x, y)
    assert not sought, NOWHERE
    assert not anchors.keys() & found.keys(), "a link of the index is called like an anchor"
    return anchors | found


@dataclass(slots=True)
class _Item:
    """A heading of the outline."""

    number: int
    level: int
    parent: "_Item | None"
    title: bytes = b""
    spot: bytes = b""
    kids: "list[_Item]" = field(default_factory=list)


def add_outline(
    file: PdfFile, numbers: Iterator[int], parts: Sequence[BoundPart]
) -> dict[str, bytes]:
    """Give viewers the headings of *parts*, by level; return what the catalog says of them."""
    root = _Item(next(numbers), 0, None)
    around = [root]
    for number, mark, height in _bookmarks(parts):
        while around[-1].level >= mark.level:
            around.pop()
        spot = _spot(number, mark.x, height - mark.y)
        item = _Item(next(numbers), mark.level, around[-1], text_string(mark.label), spot)
        around[-1].kids.append(item)
        around.append(item)
    if not root.kids:
        return {}
    _write_items(file, root)
    return {"Outlines": b"%d 0 R" % root.number}


def _bookmarks(parts: Sequence[BoundPart]) -> Iterator[tuple[int, Bookmark, float]]:
    for part in parts:
        pages = zip(part.pages, part.place.signature.pages, part.sewn.heights, strict=True)
        for number, page, height in pages:
            for mark in page.bookmarks:
                yield number, mark, height


def _write_items(file: PdfFile, item: _Item) -> int:
    """Write *item* and all below it, which are open; return how many they are."""
    kids, shown = item.kids, 0
    for at, kid in enumerate(kids):
        below = _write_items(file, kid)
        shown += 1 + below
        links = b"/Parent %d 0 R" % item.number
        if at:
            links += b"/Prev %d 0 R" % kids[at - 1].number
        if at + 1 < len(kids):
            links += b"/Next %d 0 R" % kids[at + 1].number
        entries = b"/Title %b/Dest%b%b%b" % (kid.title, kid.spot, links, _kids(kid, below))
        file.add(kid.number, b"<<%b>>" % entries)
    if item.parent is None:
        file.add(item.number, b"<</Type/Outlines%b>>" % _kids(item, shown))
    return shown


def _kids(item: _Item, shown: int) -> bytes:
    if not item.kids:
        return b""
    first, last = item.kids[0].number, item.kids[-1].number
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (first, last, shown)


def page_labels(parts: Sequence[BoundPart]) -> bytes:
    """What tells viewers the folios: roman from i, then arabic from 1."""
    entries = []
    kind = ""
    at = 0
    for part in parts:
        blank = part.place.blank_after
        for folio in (*part.place.folios, *([blank] if blank else [])):
            now = "D" if folio.isdecimal() else "r"
            if now != kind:
                entries.append(b"%d<</S/%b/St 1>>" % (at, now.encode()))
                kind = now
            at += 1
    return b"<</Nums[%b]>>" % b" ".join(entries)
