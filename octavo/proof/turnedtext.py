"""Pages with text that is read from right to left: what is drawn there is what is tagged.

Comes in: a part's pages as PDFium sees them, and its tag tree as we read it. Goes out: the lines
of each page in tag order, and discrepancies. The one decision: a page holds such text as it is
seen, and each program puts it into order by rules of its own; those of PDFium misplace marks
and numbers between two scripts. So the order of all words is proved by the tags alone, and of
PDFium we ask on each page for the same words, letter by letter, and the same characters in all.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from octavo.direction import TURNED, mirrored
from octavo.proof.declared import Sheet
from octavo.proof.outcome import Discrepancy
from octavo.proof.pdftext import Lines
from octavo.proof.streams import Run
from octavo.proof.tagtree import TagTree, lines_of_runs
from octavo.proof.words import PDFIUM_HYPHENS, SOFT_HYPHEN, Line, fold, fold_drawn, lines_of_text

PROOF = "words as drawn"
VOWELS = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
"""Signs above and below letters."""
SIGNS = re.compile(rf"[{VOWELS}]+")
OVERLAP = 0.3
"""In sizes (em): kerning, and marks that lean into what they stand beside."""
WORD = re.compile(rf"(?:[^\W\d_]|[{VOWELS}])+")
NUMBER = re.compile(r"\d+")
HYPHENS = re.compile(f"[-{SOFT_HYPHEN}{PDFIUM_HYPHENS}]")
"""PDFium does not say which of them ends a line."""
TAKEN_FOR = str.maketrans({"”": "“", "’": "‘", "\u2044": "/", "®": "R", "≠": "=/", "\u0301": ""})
"""What PDFium makes of them among such letters: it turns quotation marks round as it does
brackets, and takes signs apart, against the Unicode Standard."""
LIGATURES = ("\u0644\u0627", "\u0644\u0623", "\u0644\u0625", "\u0644\u0622")
"""Lam and alef, always one glyph: PDFium turns its two letters round."""


def is_turned(lines: Sequence[Line]) -> bool:
    """Whether some of *lines* are read from right to left."""
    return any(TURNED.search(line.text) for line in lines)


def is_turned_book(document: Any) -> bool:
    """Whether a PDF says that it is read from right to left: PDFium takes all its lines so then."""
    return bool(document.Root.get("/ViewerPreferences", {}).get("/Direction") == "/R2L")


def pages_by_tags(tree: TagTree, count: int) -> list[Lines]:
    """The lines of each of *count* pages, in the order of the tags, without furniture."""
    return [
        [line for runs in blocks for line in lines_of_text(lines_of_runs(runs))]
        for blocks in _runs_by_page(tree, count)
    ]


def check_drawn(
    texts: Sequence[str], tree: TagTree, sheets: Sequence[Sheet]
) -> Iterator[Discrepancy]:
    """PDFium sees on each page the words and the characters that are tagged or furniture there."""
    pages = zip(texts, _runs_by_page(tree, len(sheets)), tree.artifacts, sheets, strict=True)
    for text, blocks, artifacts, sheet in pages:
        place = f"page {sheet.label}"
        seen, read = fold_drawn(text), "\n".join(map(lines_of_runs, (*blocks, artifacts)))
        expected, found = _characters(fold_drawn(read)), _characters(seen)
        if expected != found:
            lost, more = (expected - found).elements(), (found - expected).elements()
            yield Discrepancy(PROOF, place, " ".join(lost), " ".join(more))
        missing = _words(fold_drawn(read)) - _words(seen)
        if missing:
            yield Discrepancy(PROOF, place, " ".join(missing.elements()), "other words")


def check_apart(tree: TagTree, sheets: Sequence[Sheet]) -> Iterator[Discrepancy]:
    """No two strings of a page's text are drawn over each other.

    Each string of such a line has a place of its own, which neither reader asks for.
    """
    pages = zip(_runs_by_page(tree, len(sheets)), sheets, strict=True)
    for blocks, sheet in pages:
        runs = [run for block in blocks for run in block if _has_width(run)]
        runs.sort(key=lambda run: (round(run.y, 1), run.x))
        for before, run in pairwise(runs):
            same_line = round(before.y, 1) == round(run.y, 1)
            if same_line and before.end - run.x > OVERLAP * min(before.size, run.size):
                place = f"page {sheet.label}"
                yield Discrepancy(
                    PROOF, place, "room of its own", f"over `{before.text}`", run.text
                )


def _has_width(run: Run) -> bool:
    """Whether letters or marks of *run* take room; signs above and below them take none."""
    return bool(run.text.strip()) and run.end > run.x and not SIGNS.fullmatch(run.text)


def without_furniture(text: str, sheet: Sheet) -> Lines:
    """What PDFium sees on a page but its furniture, in no order: the same where it only moved."""
    characters = _characters(fold_drawn(text))
    characters.subtract(_characters(fold(" ".join(sheet.furniture))))
    return [[f"{character}{count}" for character, count in sorted(characters.items())]]


def _runs_by_page(tree: TagTree, count: int) -> list[list[list[Run]]]:
    """The runs of each block on each page."""
    pages: list[list[list[Run]]] = [[] for _ in range(count)]
    for block in tree.blocks:
        for page in sorted({run.page for run in block.runs}):
            pages[page].append([run for run in block.runs if run.page == page])
    return pages


def _words(text: str) -> Counter[str]:
    """What is made of letters or of figures alone; PDFium parts a word at the sign of a vowel."""
    for ligature in LIGATURES:
        text = text.replace(ligature, ligature[::-1])
    words = [word for word in WORD.findall(text) if word.isalpha()]
    return Counter([*words, *NUMBER.findall(text)])


def _characters(text: str) -> Counter[str]:
    """How often each occurs; a bracket counts as the other one of its pair."""
    plain = "".join(HYPHENS.sub("", text).split()).translate(TAKEN_FOR)
    return Counter(min(sign, mirrored(sign)) for sign in plain)
