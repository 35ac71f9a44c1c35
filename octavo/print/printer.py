"""The file for the printer: the reading PDF made over into PDF/X-4.

Comes in: the bound PDF and what the printer asks for. Goes out: the same pages with bleed
and crop marks, in black ink alone, without links and tags, as many as fill the sheets. The
one decision: it is made from the finished PDF, so that what is printed is what was proved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from octavo.print.metadata import Particulars, describe_for_printer
from octavo.print.saving import save

MARK = 14.0
"""Length of a crop mark in points; none stands inside the bleed."""
MARK_GAP = 3.0
HAIRLINE = 0.25
GREY, COLOUR = {"g": "k", "G": "K"}, {"rg": "k", "RG": "K"}
TAGGING = frozenset({"BDC", "BMC", "EMC", "MP", "DP"})
READING_ONLY = (
    "/AF",
    "/Lang",
    "/MarkInfo",
    "/Names",
    "/OpenAction",
    "/Outlines",
    "/PageMode",
    "/StructTreeRoot",
)


class Coloured(Exception):
    """A page is printed in a colour, which black ink alone cannot give."""


@dataclass(frozen=True, slots=True)
class PrinterSheet:
    """What the printer asks for."""

    bleed: float
    """Points beyond the trim."""
    signature: int
    """Pages on a sheet: the book has a multiple of it."""
    marks: bool = True
    drawn: bool = False
    """Whether the pages reach to the bleed already."""
    folds: tuple[float, ...] = ()
    """Where the sheet is folded, in points from the trim's left edge."""


def for_printer(pdf: bytes, sheet: PrinterSheet, particulars: Particulars) -> bytes:
    """Return PDF/X-4 (ISO 15930-7) of the pages of *pdf*; the same pages give the same bytes.

    Raises ``Coloured`` for a page that is not black on white.
    """
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        for key in READING_ONLY:
            if key in document.Root:
                del document.Root[key]
        for number, page in enumerate(document.pages, start=1):
            _make_over(document, page, sheet, number)
        for _ in range(-len(document.pages) % sheet.signature):
            document.pages.append(_blank(document, sheet))
        describe_for_printer(document, particulars)
        document.remove_unreferenced_resources()
        return save(document, force_version="1.6")


def _make_over(document: Any, page: Any, sheet: PrinterSheet, number: int) -> None:
    import pikepdf

    trim = [float(edge) for edge in page.obj.get("/TrimBox", page.MediaBox)]
    if sheet.drawn:
        trim = [edge + way * sheet.bleed for edge, way in zip(trim, (1, 1, -1, -1), strict=True)]
    width, height = trim[2] - trim[0], trim[3] - trim[1]
    around = _around(sheet)
    drawn = b"".join(
        pikepdf.unparse_content_stream([instruction]) + b"\n"
        for instruction in _in_black(page, number)
    )
    moved = f"q 1 0 0 1 {around - trim[0]:.3f} {around - trim[1]:.3f} cm\n".encode("ascii")
    marks = "".join(_marks(width, height, sheet)).encode("ascii") if sheet.marks else b""
    page.obj.Contents = document.make_stream(moved + drawn + b"Q\n" + marks)
    for key in ("/Annots", "/StructParents", "/Tabs", "/ArtBox", "/CropBox", "/Group"):
        if key in page.obj:
            del page.obj[key]
    resources = page.obj.Resources
    for key in ("/ColorSpace", "/Pattern", "/Shading"):
        if key in resources:
            del resources[key]
    _set_boxes(page, width, height, sheet)


def _around(sheet: PrinterSheet) -> float:
    """How far the trim stands from the edge of the sheet."""
    return sheet.bleed + (MARK_GAP + MARK if sheet.marks else 0.0)


def _set_boxes(page: Any, width: float, height: float, sheet: PrinterSheet) -> None:
    import pikepdf

    around, bleed = _around(sheet), sheet.bleed
    trim = [around, around, around + width, around + height]
    grown = [trim[0] - bleed, trim[1] - bleed, trim[2] + bleed, trim[3] + bleed]
    page.obj.MediaBox = pikepdf.Array(
        [0, 0, _round(width + 2 * around), _round(height + 2 * around)]
    )
    page.obj.TrimBox = pikepdf.Array([_round(edge) for edge in trim])
    page.obj.BleedBox = pikepdf.Array([_round(edge) for edge in grown])


def _round(number: float) -> float:
    return round(number, 3)


def _in_black(page: Any, number: int) -> Iterator[Any]:
    """The page's instructions, colours as shares of black ink, marked content unmarked."""
    import pikepdf

    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator in TAGGING:
            continue
        if operator in GREY or operator in COLOUR:
            levels = {round(float(level), 4) for level in operands}
            if len(levels) > 1:
                message = f"page {number} is printed in a colour: {' '.join(map(str, operands))}"
                raise Coloured(message)
            ink = [0, 0, 0, round(1 - levels.pop(), 4)]
            black = pikepdf.Operator({**GREY, **COLOUR}[operator])
            yield pikepdf.ContentStreamInstruction(ink, black)
        else:
            yield instruction


def _marks(width: float, height: float, sheet: PrinterSheet) -> Iterator[str]:
    """Crop marks at the corners of the trim, outside the bleed."""
    around = _around(sheet)
    near = sheet.bleed + MARK_GAP
    yield f"q 0 0 0 1 K {HAIRLINE} w\n"
    for x, way in ((around, -1), (around + width, 1)):
        for y, up in ((around, -1), (around + height, 1)):
            first, last = x + way * near, x + way * (near + MARK - 1)
            yield f"{first:.3f} {y:.3f} m {last:.3f} {y:.3f} l S\n"
            first, last = y + up * near, y + up * (near + MARK - 1)
            yield f"{x:.3f} {first:.3f} m {x:.3f} {last:.3f} l S\n"
    for fold in sheet.folds:
        for y, up in ((around, -1), (around + height, 1)):
            first, last = y + up * near, y + up * (near + MARK - 1)
            x = around + fold
            yield f"[2 2] 0 d {x:.3f} {first:.3f} m {x:.3f} {last:.3f} l S [] 0 d\n"
    yield "Q\n"


def _blank(document: Any, sheet: PrinterSheet) -> Any:
    import pikepdf

    last = document.pages[-1].obj
    trim = [float(edge) for edge in last.TrimBox]
    page = pikepdf.Page(
        document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Page, Resources=pikepdf.Dictionary())
        )
    )
    width, height = trim[2] - trim[0], trim[3] - trim[1]
    marks = "".join(_marks(width, height, sheet)).encode("ascii") if sheet.marks else b""
    page.obj.Contents = document.make_stream(marks)
    _set_boxes(page, width, height, sheet)
    return page
