"""Pages as pictures, their faults marked, and spreads as a reader of the bound book sees them.

Comes in: the bound PDF and the faults of its pages. Goes out: PNG files by name. Needs
pypdfium2 and Pillow, which WeasyPrint and the proof bring.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from octavo.print.lint import PageFault

PAGE_SCALE = 100 / 72
SPREAD_SCALE = 60 / 72
MARK = (200, 30, 30)
GROUND = (150, 150, 150)
GAP = 12
SPREADS = 4
"""Spreads on a contact sheet, two across."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page drawn."""

    file: str
    folio: str
    data: bytes
    faults: tuple[PageFault, ...]


def draw_pages(pdf: bytes, faults: Sequence[PageFault]) -> Iterator[PagePicture]:
    """Yield every page in order; a fault is framed on its page."""
    import pypdfium2
    from PIL import ImageDraw

    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        folio = document.get_page_label(number) or str(number + 1)
        own = tuple(fault for fault in faults if fault.folio == folio)
        picture = document[number].render(scale=PAGE_SCALE).to_pil().convert("RGB")
        pen = ImageDraw.Draw(picture)
        for fault in own:
            box = (fault.x - 3, fault.y - 1, fault.x + fault.width + 3, fault.y + fault.height + 1)
            pen.rectangle([edge * PAGE_SCALE for edge in box], outline=MARK, width=2)
        yield PagePicture(f"page-{number + 1:03}.png", folio, _png(picture), own)


def draw_spreads(pdf: bytes, *, rectos_left: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield contact sheets by name: page 1 a recto, and rectos on the right unless told."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=SPREAD_SCALE).to_pil().convert("RGB") for page in document]
    width, height = pages[0].size
    spreads = [
        (None, pages[0]),
        *((pages[at], _after(pages, at)) for at in range(1, len(pages), 2)),
    ]
    for first in range(0, len(spreads), SPREADS):
        some = spreads[first : first + SPREADS]
        rows = (len(some) + 1) // 2
        size = (4 * width + 3 * GAP, rows * (height + GAP) + GAP)
        sheet = Image.new("RGB", size, GROUND)
        for number, pair in enumerate(some):
            x = GAP + (number % 2) * (2 * width + GAP)
            y = GAP + (number // 2) * (height + GAP)
            for side, page in enumerate(pair[::-1] if rectos_left else pair):
                if page:
                    sheet.paste(page, (x + side * width, y))
        yield f"spreads-{first // SPREADS + 1:03}.png", _png(sheet)


def _after(pages: Sequence[Any], at: int) -> Any:
    return pages[at + 1] if at + 1 < len(pages) else None


def _png(picture: Any) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
