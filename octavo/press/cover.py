"""The cover's file: its spine is computed from the pages and the paper at every build."""

from octavo.direction import is_right_to_left
from octavo.press.coverpicture import cover_measure, cover_style
from octavo.press.matter import Layout
from octavo.press.reading import Reading
from octavo.press.sheetproof import prove_cover
from octavo.print.bindery import bind
from octavo.print.compositor import Compositor
from octavo.print.copy import Copy
from octavo.print.metadata import Particulars
from octavo.print.place import Part
from octavo.print.printer import PrinterSheet, for_printer
from octavo.render.coversheet import CoverSize, cover_sheet_html
from octavo.render.credits import cover_names
from octavo.render.pages import custom_lengths, points, stylesheet

PAPERS = {"cream": "0.0025in", "white": "0.002252in", "colour": "0.002347in"}
"""What a page of the common print-on-demand papers adds to the spine."""


def make_cover(
    reading: Reading, layout: Layout, compositor: Compositor, pages: int, particulars: Particulars
) -> bytes:
    """Set, bind and prove the cover of a book of so many *pages*."""
    book, templates = reading.book, reading.templates
    size = cover_size(reading, pages)
    measure = cover_measure(reading, layout.case)
    html = cover_sheet_html(
        templates, book, size, cover_names(book), layout.matter.participants, measure
    )
    copy = Copy(html, cover_style(reading, size, "fonts", "cover"), templates.folders)
    signature = compositor.set(copy).signature
    bound = bind([Part(signature, ("1",))], {}, layout.case, particulars)
    sheet = PrinterSheet(size.bleed, 1, drawn=True, folds=size.folds if size.spine else ())
    cover = for_printer(bound, sheet, particulars)
    prove_cover(cover, html, size, signature.warnings)
    return cover


def cover_size(reading: Reading, pages: int) -> CoverSize:
    """Return the sheet's lengths; the printer binds whole signatures, blank pages included."""
    table = reading.edition.file.print
    lengths = custom_lengths(stylesheet(reading.templates, reading.book))
    bound = -(-pages // table.signature) * table.signature
    caliper = points(table.caliper or PAPERS[table.paper])
    return CoverSize(
        lengths["width"],
        lengths["height"],
        bound * caliper,
        points(table.bleed),
        front_on_left=is_right_to_left(reading.book.language),
    )
