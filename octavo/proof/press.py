"""The file for the printer against the one that was proved: the same words on the same pages.

Comes in: both files. Goes out: discrepancies. The one decision: the pages are read by
PDFium, which knows nothing of how the one was made from the other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO

from octavo.proof.outcome import Discrepancy
from octavo.proof.pdftext import read_pages

PROOF = "the press file"


def check_cover(
    cover: bytes, lines: Sequence[str], folds: Sequence[float], safe: float, fold_safe: float
) -> Iterator[Discrepancy]:
    """Find the words of *lines* on the cover, none of them too near to an edge or a fold.

    *folds* are in points from the trim's left edge; *safe* and *fold_safe* are distances.
    """
    import pypdfium2

    page = pypdfium2.PdfDocument(cover)[0]
    left, bottom, right, top = page.get_trimbox()
    text = page.get_textpage()
    seen: Counter[str] = Counter()
    for at in range(text.count_chars()):
        character = text.get_text_range(at, 1)
        if character.isspace() or not character:
            continue
        seen[character] += 1
        x, y, x_end, y_end = text.get_charbox(at)
        near = x < left + safe or x_end > right - safe or y < bottom + safe or y_end > top - safe
        near |= any(
            x < left + fold + fold_safe and x_end > left + fold - fold_safe for fold in folds
        )
        if near:
            yield Discrepancy(
                "the cover", f"{x:.0f}, {y:.0f}", "away from edge and fold", character
            )
    expected = Counter(character for line in lines for character in line if not character.isspace())
    if seen != expected:
        missing, more = "".join((expected - seen).elements()), "".join((seen - expected).elements())
        yield Discrepancy("the cover", "its words", missing, more)


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
