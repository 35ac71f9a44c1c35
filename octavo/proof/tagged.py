"""The PDF as it is tagged: words, fonts and links, read without PDFium.

Comes in: a finished PDF as it is read, and what is declared. Goes out: discrepancies, and where
links lead. The one decision: it knows nothing of the pages as drawn, so that it can be done
beside them; what it tells is small.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from octavo.book import Book
from octavo.proof.declared import Declared
from octavo.proof.fonts import (
    Face,
    check_pdf_fonts,
    check_running_heads,
    check_seen_is_read,
    count_faces,
)
from octavo.proof.links import PdfLink, check_pdf_links, read_links
from octavo.proof.locators import Linked
from octavo.proof.outcome import Discrepancy
from octavo.proof.reading import PdfReading
from octavo.proof.tagtext import check_tags
from octavo.proof.tagtree import TagTree
from octavo.proof.words import fold


@dataclass(frozen=True, slots=True)
class Tagged:
    """What was found."""

    wrong: Sequence[Discrepancy]
    linked: Linked
    links: int
    fonts: int


def check_tagged(
    reading: PdfReading,
    document: Any,
    declared: Declared,
    book: Book,
    faces: Mapping[str, Face],
) -> Tagged:
    """Prove the tag tree, the fonts and the links of an open PDF."""
    tree = reading.tree()
    links = read_links(document)
    wrong = [*_check(tree, links, declared, faces)]
    if len(tree.artifacts) == len(declared.sheets) == sum(part.pages for part in declared.printed):
        wrong += check_tags(tree, declared, book)
        wrong += check_running_heads(tree, declared.sheets, faces)
    return Tagged(wrong, _linked(tree, links), len(links), count_faces(tree.fonts))


def _check(
    tree: TagTree, links: tuple[PdfLink, ...], declared: Declared, faces: Mapping[str, Face]
) -> Iterator[Discrepancy]:
    yield from check_pdf_fonts(tree.fonts, faces)
    yield from check_seen_is_read(tree)
    yield from check_pdf_links(links, tree, declared)


def _linked(tree: TagTree, links: Sequence[PdfLink]) -> Linked:
    texts = dict(tree.links)
    return Counter(
        (fold(texts.get(link.number, "")).strip(), link.name, link.page)
        for link in links
        if link.kind == "link" and link.page >= 0
    )
