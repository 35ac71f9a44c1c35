"""The PDF as drawn, read by PDFium, an extractor that is none of ours.

Comes in: the finished PDF. Goes out: the text of its pages, and their lines of tokens with the
furniture taken off. The one decision: furniture stands before or after a
page's text in the order of drawing, so it is taken off the ends, each piece once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Self

from octavo.proof.declared import Declared, Sheet
from octavo.proof.outcome import Discrepancy
from octavo.proof.words import fold, lines_of_text


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as PDFium sees it."""

    label: str
    text: str


def get_ready() -> None:
    """Load PDFium."""
    import pypdfium2

    assert pypdfium2


def read_pages(pdf: bytes) -> tuple[DrawnPage, ...]:
    """Read label and text of every page."""
    with Extractor(pdf) as extractor:
        return tuple(
            DrawnPage(label, extractor.text(number))
            for number, label in enumerate(extractor.labels())
        )


class Extractor:
    """A PDF open in PDFium."""

    def __init__(self, pdf: bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(pdf)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._document.close()

    def labels(self) -> list[str]:
        """The folio that viewers show, of every page."""
        count = len(self._document)
        return [str(self._document.get_page_label(number)) for number in range(count)]

    def text(self, number: int) -> str:
        """What is drawn on the page with index *number*."""
        page = self._document[number]
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
        text_page.close()
        page.close()
        return text


def versions() -> bytes:
    """Who reads: the versions of PDFium and of what calls it."""
    import pypdfium2

    return f"{pypdfium2.PYPDFIUM_INFO} {pypdfium2.PDFIUM_INFO}".encode()


def read_labels(pdf: bytes) -> tuple[str, ...]:
    """The folio that viewers show, of every page."""
    with Extractor(pdf) as extractor:
        return tuple(extractor.labels())


def check_pages(labels: Sequence[str], declared: Declared) -> Iterator[Discrepancy]:
    """The pages are as many as declared, and viewers show the folio that is printed."""
    counts = {
        "sheets": len(declared.sheets),
        "pages of the parts": sum(part.pages for part in declared.printed),
    }
    for what, count in counts.items():
        if count != len(labels):
            yield Discrepancy("pages", what, f"{count} pages", f"{len(labels)} pages")
            return
    for number, (label, sheet) in enumerate(zip(labels, declared.sheets, strict=True), start=1):
        if label != sheet.label:
            yield Discrepancy("pages", f"page {number} of the file", sheet.label, label)


# Furniture --------------------------------------------------------------------

Lines = list[list[str]]
HEAD, FOOT = False, True
Sides = tuple[bool, ...]


def ways_without_furniture(
    texts: Sequence[str], sheets: Sequence[Sheet], wrong: list[Discrepancy]
) -> Iterator[list[Lines]]:
    """Yield the pages' lines without their furniture, in each way that it may be taken off.

    Nearly always there is one. But a folio may equal the last word of its page; then it stands
    where the part's folios usually stand, or where all of them may. What is not drawn goes to
    *wrong*.
    """
    usual: Counter[tuple[int, Sides]] = Counter()
    choices: list[dict[Sides, Lines]] = []
    for text, sheet in zip(texts, sheets, strict=True):
        lines = lines_of_text(text)
        furniture = [
            tokens for tokens in (fold(text).split() for text in sheet.furniture) if tokens
        ]
        found = dict(_ways_off(lines, furniture))
        if not found:
            drawn = " / ".join(" ".join(line) for line in (*lines[:2], *lines[-1:]))
            place = f"page {sheet.label}"
            wrong.append(Discrepancy("furniture", place, " / ".join(sheet.furniture), drawn))
            found = {(): lines}
        if len(found) == 1:
            usual.update((len(furniture), sides) for sides in found)
        choices.append(found)
    yield [
        found[max(found, key=lambda sides: (usual[len(sides), sides], sides))] for found in choices
    ]
    if any(len(found) > 1 for found in choices):
        yield [found[min(found)] for found in choices]
        yield [found[max(found)] for found in choices]


def _ways_off(lines: Lines, furniture: list[list[str]]) -> Iterator[tuple[Sides, Lines]]:
    """Yield every way to take all furniture off: each piece from the head or from the foot."""
    for sides in product((HEAD, FOOT), repeat=len(furniture)):
        heads = [piece for piece, side in zip(furniture, sides, strict=True) if side is HEAD]
        feet = [piece for piece, side in zip(furniture, sides, strict=True) if side is FOOT]
        rest = _take(lines, heads, from_foot=False)
        rest = None if rest is None else _take(rest, feet, from_foot=True)
        if rest is not None:
            yield sides, rest


def _take(lines: Lines, pieces: list[list[str]], *, from_foot: bool) -> Lines | None:
    """Take *pieces*, in any order, off one end; None when they do not all stand there."""
    if not pieces:
        return lines
    for number, piece in enumerate(pieces):
        cut = _cut_foot(lines, piece) if from_foot else _cut_head(lines, piece)
        if cut is not None:
            rest = _take(cut, pieces[:number] + pieces[number + 1 :], from_foot=from_foot)
            if rest is not None:
                return rest
    return None


def _cut_head(lines: Lines, piece: list[str]) -> Lines | None:
    taken = 0
    for number, line in enumerate(lines):
        wanted = piece[taken : taken + len(line)]
        if line[: len(wanted)] != wanted:
            return None
        taken += len(wanted)
        if taken == len(piece):
            rest = line[len(wanted) :]
            return [rest, *lines[number + 1 :]] if rest else lines[number + 1 :]
    return None


def _cut_foot(lines: Lines, piece: list[str]) -> Lines | None:
    mirrored = _cut_head([line[::-1] for line in lines[::-1]], piece[::-1])
    return None if mirrored is None else [line[::-1] for line in mirrored[::-1]]
