"""A set page as a picture: what the e-book's cover and the web page's thumbnail are.

Comes in: a signature of one page. Goes out: PNG files of it, one a size. The one decision: the
page is bound and then drawn by PDFium, so that the picture is of the book's own type. What was
drawn of the very same page is kept.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from octavo.cache import Cache, key_of
from octavo.print.bindery import bind
from octavo.print.fonts import FontCase
from octavo.print.metadata import Particulars
from octavo.print.place import Part
from octavo.print.setpages import Signature
from octavo.versions import package_version

COLOURS = 64
"""Enough for type and rules on flat ground with smooth edges, at a fifth of the bytes."""
DRAWN_BY = ("pypdfium2", "pillow")
SIZE = 8
"""Bytes of a kept picture's length."""
_UNSAID = Particulars("", (), "", "", datetime(1980, 1, 1, tzinfo=UTC), "")


def bind_page(signature: Signature, case: FontCase) -> bytes:
    """Return the one page of *signature* as a PDF that says nothing of itself."""
    return bind([Part(signature, ("1",))], {}, case, _UNSAID)


def draw_page(pdf: bytes, widths: Sequence[int], cache: Cache | None) -> tuple[bytes, ...]:
    """Return the first page of *pdf* as PNG in each of *widths* in pixels, largest first."""
    if not cache or not cache.seal:
        return _draw(pdf, widths)
    drawers = [*map(package_version, DRAWN_BY), *widths]
    key = key_of(cache.seal, pdf, json.dumps(drawers).encode(), Path(__file__).read_bytes())
    kept = cache.read(key)
    if kept is not None:
        return _unpack(kept)
    pictures = _draw(pdf, widths)
    cache.keep(key, _pack(pictures))
    return pictures


def _pack(pictures: Sequence[bytes]) -> bytes:
    sizes = (len(picture).to_bytes(SIZE, "big") + picture for picture in pictures)
    return b"".join(sizes)


def _unpack(data: bytes) -> tuple[bytes, ...]:
    pictures = []
    while data:
        end = SIZE + int.from_bytes(data[:SIZE], "big")
        pictures.append(data[SIZE:end])
        data = data[end:]
    return tuple(pictures)


def _draw(pdf: bytes, widths: Sequence[int]) -> tuple[bytes, ...]:
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
