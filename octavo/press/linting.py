"""The page lint of a book: its layout and the lengths of its style in, its faults out."""

from octavo.press.matter import Layout
from octavo.press.reading import Reading
from octavo.print.lint import PageFault, Sheet, lint_pages
from octavo.render.pages import custom_lengths, stylesheet

SPACE = " "


def lint_layout(reading: Reading, layout: Layout) -> tuple[PageFault, ...]:
    """Return the faults of the body's pages, in page order."""
    turns = {
        paragraph.id: turn.id for turn in reading.book.turns() for paragraph in turn.paragraphs
    }
    return lint_pages(layout.body.places, turns, _sheet(reading, layout))


def _sheet(reading: Reading, layout: Layout) -> Sheet:
    css = stylesheet(reading.templates, reading.book)
    lengths = custom_lengths(css)
    face = layout.case.of_style(css, "")
    return Sheet(
        width=lengths["width"],
        inner=lengths["inner"],
        outer=lengths["outer"],
        top=lengths["top"],
        line=lengths["line"],
        lines=int(lengths["lines"]),
        size=lengths["size"],
        space=face.width(face.glyph(SPACE)) / 1000 * lengths["size"],
    )
