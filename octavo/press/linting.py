"""The page lint of a book: its faults in text and as JSON, and its pages as pictures.

Comes in: what was read and its layout. Goes out: faults, and the files of ``dist/proof/``.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from octavo.findings import Findings
from octavo.outputs import write_whole
from octavo.press.layout import lay_out
from octavo.press.making import bind_layout
from octavo.press.matter import Layout
from octavo.press.reading import Reading, read_book
from octavo.print.compositor import Compositor
from octavo.print.lint import PageFault, Sheet, lint_pages, sum_of_faults
from octavo.print.viewer import draw_pages, draw_spreads
from octavo.render.pages import custom_lengths, stylesheet

SPACE = " "


def lint_layout(reading: Reading, layout: Layout) -> tuple[PageFault, ...]:
    """Return the faults of the body's pages, in page order."""
    turns = {
        paragraph.id: turn.id for turn in reading.book.turns() for paragraph in turn.paragraphs
    }
    return lint_pages(layout.body.places, turns, _sheet(reading, layout))


def lint_book(
    folder: Path, out: Path, findings: Findings, progress: Callable[[str], None]
) -> tuple[PageFault, ...]:
    """Set the book in *folder*, write its pages as pictures to *out*, and return the faults.

    Raises ``Unbuildable`` when the editor's files hold faults.
    """
    with Compositor() as compositor:
        reading = read_book(folder, findings)
        layout = lay_out(reading, compositor, findings, progress)
        pdf = bind_layout(reading, layout)
    faults = lint_layout(reading, layout)
    progress("drawing the pages")
    write_whole(_pictures(reading, pdf, faults, out))
    return faults


def as_json(faults: Sequence[PageFault]) -> str:
    """A list of objects: ``code``, ``folio``, ``line``, ``found``, and the place in points."""
    return json.dumps([asdict(fault) for fault in faults], ensure_ascii=False, indent=2) + "\n"


def _pictures(
    reading: Reading, pdf: bytes, faults: Sequence[PageFault], out: Path
) -> dict[Path, bytes]:
    pages = list(draw_pages(pdf, faults))
    sheets = dict(draw_spreads(pdf))
    html = reading.templates.render(
        "proof/pages.html",
        book=reading.book,
        faults=faults,
        pages=pages,
        sheets=list(sheets),
        sum=sum_of_faults(faults),
    )
    files = {page.file: page.data for page in pages} | sheets
    files |= {"index.html": html.encode(), "lint.json": as_json(faults).encode()}
    return {out / name: data for name, data in files.items()}


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
