"""How a reader finds the way in the bound file: destinations, links, outline and page labels.

Comes in: pages that are sewn, and the parts that they are of. Goes out: nothing; the open file
has them then. The one decision: a link of a signature says whereto by a name alone, and all
names are found here, when the whole book is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from octavo.pagemap import Point
from octavo.print.place import Part
from octavo.print.setpages import LINK, Line


class DeadLink(Exception):
    """A link leads to an anchor that is on no page: a template's fault, so ours."""


Destinations = dict[str, tuple[int, float, float]]
"""Anchor to page index and the point in PDF units, from the bottom left."""


def destinations(
    pages: Sequence[Any], parts: Sequence[Part], points: Iterable[Point]
) -> Destinations:
    """Where every anchor of *parts* and every point stands on *pages*, by name."""
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


def join_links(
    pdf: Any, pages: Sequence[Any], places: Destinations, points: Mapping[str, Point]
) -> None:
    """Turn every link to ``point:NAME`` into one to the destination NAME, or to the point.

    Raises ``DeadLink``.
    """
    import pikepdf

    for page in pages:
        for annotation in page.obj.get("/Annots", ()):
            address = str(annotation.get("/A", {}).get("/URI", ""))
            if not address.startswith(LINK):
                continue
            name = address.removeprefix(LINK)
            name = points[name].anchor if name in points else name
            if name not in places:
                raise DeadLink(name)
            del annotation.A
            annotation.Dest = pikepdf.String(name)
    names: list[Any] = []
    targets, kind = [page.obj for page in pages], pikepdf.Name.XYZ
    for name in sorted(places, key=lambda name: name.encode()):
        number, x, y = places[name]
        names += pikepdf.String(name), [targets[number], kind, round(x, 3), round(y, 3), None]
    tree = pikepdf.Dictionary(Names=pikepdf.Array(names))
    pdf.Root.Names = pikepdf.Dictionary(Dests=pdf.make_indirect(tree))


def add_outline(pdf: Any, parts: Sequence[Part]) -> None:
    """Give viewers the headings of *parts*, by level."""
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


def label_pages(pdf: Any, parts: Sequence[Part]) -> None:
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
