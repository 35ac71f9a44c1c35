"""The pages of a book as pictures, with the faults that the page lint finds.

Comes in: an edition's folder. Goes out: faults in text and as JSON, and the files of
``dist/proof/``.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from octavo.direction import is_right_to_left
from octavo.findings import Findings
from octavo.outputs import write_whole
from octavo.press.layout import lay_out
from octavo.press.linting import lint_layout
from octavo.press.making import bind_layout
from octavo.press.reading import Reading, read_book
from octavo.print.compositor import Compositor
from octavo.print.lint import PageFault, sum_of_faults
from octavo.print.viewer import draw_pages, draw_spreads


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
        faults = lint_layout(reading, layout, compositor.engine_versions)
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
    sheets = dict(draw_spreads(pdf, rectos_left=is_right_to_left(reading.book.language)))
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
