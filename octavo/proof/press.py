"""The file for the printer against the one that was proved: the same words on the same pages.

Comes in: both files. Goes out: discrepancies. The one decision: the pages are read by
PDFium, which knows nothing of how the one was made from the other.
"""

from collections.abc import Iterator
from io import BytesIO

from octavo.proof.outcome import Discrepancy
from octavo.proof.pdftext import read_pages

PROOF = "the press file"


def check_press(reading: bytes, press: bytes, signature: int) -> Iterator[Discrepancy]:
    """Find every page of *reading* in *press*, and behind them blank pages alone."""
    import pikepdf

    proved, printed = read_pages(reading), read_pages(press)
    if len(printed) % signature:
        yield Discrepancy(PROOF, "pages", f"a multiple of {signature}", str(len(printed)))
    for number, page in enumerate(printed, start=1):
        expected = proved[number - 1].text.split() if number <= len(proved) else []
        if page.text.split() != expected:
            yield Discrepancy(
                PROOF, f"page {number}", " ".join(expected)[:60], " ".join(page.text.split())[:60]
            )
    if len(printed) < len(proved):
        yield Discrepancy(PROOF, "pages", str(len(proved)), str(len(printed)))
    with pikepdf.open(BytesIO(press)) as document:
        for number, file_page in enumerate(document.pages, start=1):
            if "/Annots" in file_page.obj:
                yield Discrepancy(PROOF, f"page {number}", "no links", "annotations")
