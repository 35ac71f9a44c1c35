"""The pages of the book as pictures, drawn when they are asked for.

Comes in: the bytes of a PDF. Goes out: PNG files by a page's digest and a width in pixels. The
one decision: PDFium may be used by one thread at a time, so one lock is around all of it.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping
from ctypes import create_string_buffer
from io import BytesIO
from threading import Lock
from typing import Any

from octavo.print.drawn import DrawnPage, read_pages

WIDTHS = (400, 800, 1200)
"""In pixels: a page beside its neighbour on a small screen, on a usual one, on a sharp one."""
MOST_BYTES = 64 * 1024 * 1024
BOOKS_KEPT = 3
"""A browser may still ask for pages of the book before, where one build follows the other."""


class Pictures:
    """Draws the pages of one book after the other; what was drawn is kept, up to a bound."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._books: deque[tuple[Any, Mapping[str, int]]] = deque(maxlen=BOOKS_KEPT)
        """The last ones, the newest first, and the numbers of their pages by digests."""
        self._drawn: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._size = 0

    def open(self, pdf: bytes) -> tuple[str, str, tuple[DrawnPage, ...]]:
        """Take *pdf* for the book; return its title, ``ltr`` or ``rtl``, and its pages."""
        import pypdfium2

        pages = read_pages(pdf)
        with self._lock:
            # From memory: the file may be written again while it is drawn from.
            document = pypdfium2.PdfDocument(pdf)
            numbers = {page.digest: number for number, page in enumerate(pages)}
            self._books.appendleft((document, numbers))
            title = str(document.get_metadata_value("Title"))
            direction = _direction(document)
        return title, direction, pages

    def draw(self, digest: str, width: int) -> bytes | None:
        """The picture of a page; ``None`` where no book has one of that digest or width."""
        if width not in WIDTHS:
            return None
        with self._lock:
            picture = self._drawn.get((digest, width))
            for document, numbers in self._books if picture is None else ():
                if digest in numbers:
                    picture = _draw(document[numbers[digest]], width)
                    self._keep((digest, width), picture)
                    break
            if picture is not None:
                self._drawn.move_to_end((digest, width))
            return picture

    def _keep(self, key: tuple[str, int], picture: bytes) -> None:
        self._drawn[key] = picture
        self._size += len(picture)
        while self._size > MOST_BYTES and len(self._drawn) > 1:
            _, oldest = self._drawn.popitem(last=False)
            self._size -= len(oldest)


def _draw(page: Any, width: int) -> bytes:
    bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True)
    picture = bitmap.to_pil().convert("RGB")
    grey = picture.convert("L")
    out = BytesIO()
    # Most pages have no colour, and a third of the bytes does for them.
    (grey if grey.convert("RGB") == picture else picture).save(out, "PNG", compress_level=3)
    return out.getvalue()


def _direction(document: Any) -> str:
    """How pages of a PDF follow each other (ISO 32000-1, table 150)."""
    from pypdfium2.raw import FPDF_VIEWERREF_GetName

    name = create_string_buffer(8)
    FPDF_VIEWERREF_GetName(document, b"Direction", name, len(name))
    return "rtl" if name.value == b"R2L" else "ltr"
