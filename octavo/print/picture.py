"""A set page as a picture: what the e-book's cover and the web page's thumbnail are.

Comes in: a signature of one page. Goes out: PNG files of it, one a size. The one decision: the
page is bound and then drawn by PDFium, so that the picture is of the book's own type.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from octavo.print.bindery import bind
from octavo.print.fonts import FontCase
from octavo.print.metadata import Particulars
from octavo.print.place import Part
from octavo.print.setpages import Signature

COLOURS = 64
"""Enough for type and rules on flat ground with smooth edges, at a fifth of the bytes."""
_UNSAID = Particulars("", (), "", "", datetime(1980, 1, 1, tzinfo=UTC), "")


def bind_page(signature: Signature, case: FontCase) -> bytes:
    """Return the one page of *signature* as a PDF that says nothing of itself."""
    return bind([Part(signature, ("1",))], {}, case, _UNSAID)


def draw_page(pdf: bytes, widths: Sequence[int]) -> tuple[bytes, ...]:
    """Return the first page of *pdf* as PNG in each of *widths* in pixels, largest first."""
    import pypdfium2
    from PIL import Image

    page = pypdfium2.PdfDocument(pdf)[0]
    width, height = page.get_size()
    drawn = page.render(scale=widths[0] / width, rev_byteorder=True).to_pil()
    largest = drawn if drawn.mode == "RGB" else drawn.convert("RGB")
    sizes = [(wanted, round(height * wanted / width)) for wanted in widths]
    return tuple(
        _png(largest if size == largest.size else largest.resize(size, Image.Resampling.BOX))
        for size in sizes
    )


def _png(picture: Any) -> bytes:
    from PIL import Image

    out = BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()
