"""The front of the cover as pictures, for the e-book and for a web page.

Comes in: what was read. Goes out: PNG files. The one decision: the front is set beside the
body, and drawn by the process that packs the e-book, which has time for it.
"""

from dataclasses import dataclass
from functools import partial

from octavo.memory import Memory
from octavo.press.reading import Reading
from octavo.print.compositor import Compositor, Setting
from octavo.print.copy import Copy
from octavo.print.fonts import FontCase
from octavo.print.picture import bind_page, draw_page
from octavo.render.cover import PICTURE, Measure
from octavo.render.coversheet import FRONT_ALONE, CoverSize, cover_front_html, cover_sheet_css
from octavo.render.credits import cover_names
from octavo.render.faces import print_faces, scripts_of

THUMBNAIL = 400
"""Width in pixels of the picture for a web page: sharp at half of that on a fine screen."""


@dataclass(frozen=True, slots=True)
class CoverPictures:
    """The front as PNG."""

    cover: bytes
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Front:
    """The front at work, and what it is set from."""

    html: str
    setting: Setting


def begin_front(reading: Reading, case: FontCase, compositor: Compositor) -> Front:
    """Hand the front of the cover to the compositor."""
    book, templates = reading.book, reading.templates
    html = cover_front_html(templates, book, cover_names(book), cover_measure(reading, case))
    css = cover_style(reading, FRONT_ALONE, "fonts", "cover", "cover-picture")
    return Front(html, compositor.set(Copy(html, css, templates.folders)))


def draw_front(front: Front, case: FontCase, memory: Memory) -> CoverPictures:
    """Draw what ``begin_front`` had set, proved as the printer's sheet is.

    *memory* keeps the pictures of a front that was proved.
    """
    signature = front.setting.signature
    seats = [page.seats for page in signature.pages]
    return memory.recall(
        partial(_drawn, front, case),
        b"cover's pictures",
        signature.block,
        repr((front.html, signature.fonts, signature.warnings, seats)).encode(),
    )


def _drawn(front: Front, case: FontCase) -> CoverPictures:
    from octavo.press.sheetproof import prove_cover

    signature = front.setting.signature
    pdf = bind_page(signature, case)
    prove_cover(pdf, front.html, FRONT_ALONE, signature.warnings)
    return CoverPictures(*draw_page(pdf, (PICTURE[0], THUMBNAIL)))


def cover_style(reading: Reading, size: CoverSize, *names: str) -> str:
    """The stylesheets called *names* of ``print/``, and the sheet's size."""
    sheets = [
        reading.templates.find(f"print/{name}.css").read_text(encoding="utf-8") for name in names
    ]
    sheets.append(print_faces(reading.templates, scripts_of(reading.book)))
    return cover_sheet_css("\n".join(sheets), size)


def cover_measure(reading: Reading, case: FontCase) -> Measure:
    """How wide words are in the faces that the cover's stylesheet names."""
    css = reading.templates.find("print/fonts.css").read_text(encoding="utf-8")
    css += print_faces(reading.templates, scripts_of(reading.book))
    roman, italic = case.of_style(css, ""), case.of_style(css, "italic")
    return lambda words, is_italic: (italic if is_italic else roman).advance(words, ())
