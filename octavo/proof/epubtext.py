"""The words of the EPUB: every document of the spine, and every turn under its label.

Comes in: the EPUB, opened. Goes out: discrepancies, and where printed pages begin. The
one decision: a document's text is compared whole, so that nothing can be added, and
each turn and paragraph once more by its id, so that nothing can change hands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from octavo.book import Book, BookTurn, Chapter, Paragraph
from octavo.proof.declared import Declared
from octavo.proof.epub import Publication
from octavo.proof.expected import label_of, lines_of_part, speech_of
from octavo.proof.markup import collapse, edge_of, is_page_break, text_of
from octavo.proof.outcome import Discrepancy
from octavo.proof.words import Drawn, align, fold

PROOF = "words of the EPUB"
LABEL = "label"
"""The class of the element that holds a speaker's label."""
Elements = dict[str, tuple[str, Any]]
"""Every element with an id, by its id: the document's path, and the element."""


def check_epub_words(epub: Publication, declared: Declared, book: Book) -> Iterator[Discrepancy]:
    """Find every word in the spine: once, in order, under its speaker, and nothing else."""
    names = [epub.relative(path) for path in epub.spine]
    expected = [part.name for part in declared.ebook]
    if names != expected:
        yield Discrepancy("the spine", "the EPUB", " ".join(expected), " ".join(names))
        return
    speech = speech_of(book)
    for part, path in zip(declared.ebook, epub.spine, strict=True):
        drawn = Drawn()
        drawn.add(path, [fold(line).split() for line in epub.lines(path)])
        yield from align(PROOF, tuple(lines_of_part(part, speech)), drawn).discrepancies
    elements: Elements = {}
    yield from _collect(epub, elements)
    for chapter in book.chapters:
        yield from _check_chapter(chapter, elements)


def _collect(epub: Publication, elements: Elements) -> Iterator[Discrepancy]:
    """Fill *elements*; an id stands once in its document, and a paragraph's once in the book."""
    for path in epub.spine:
        seen = set()
        for element in epub.trees[path].iter("*"):
            identity = element.get("id")
            if not identity:
                continue
            if identity in seen:
                yield Discrepancy("ids", path, f"`{identity}` once", "twice")
            seen.add(identity)
            elements.setdefault(identity, (path, element))


def _check_chapter(chapter: Chapter, elements: Elements) -> Iterator[Discrepancy]:
    for section in chapter.sections:
        for block in section.blocks:
            if isinstance(block, BookTurn):
                yield from _check_turn(block, elements)
            else:
                yield from _check_paragraph(block.paragraph, elements, "")


def _check_turn(turn: BookTurn, elements: Elements) -> Iterator[Discrepancy]:
    """The paragraphs stand in one turn, and the one label in it is their speaker's."""
    label = label_of(turn)
    first = turn.paragraphs[0]
    for number, paragraph in enumerate(turn.paragraphs):
        yield from _check_paragraph(paragraph, elements, "" if number else label)
    if first.id not in elements:
        return
    path, element = elements[first.id]
    holder = _ancestor(element, "turn")
    if holder is None:
        yield Discrepancy("turns of the EPUB", path, f"a turn around `{first.id}`", "")
        return
    labels = [text_of(part) for part in holder.iter("*") if _has_class(part, LABEL)]
    if labels != [collapse(label)]:
        yield Discrepancy("turns of the EPUB", path, label, " / ".join(labels), first.words[:60])
    held = {part.get("id") for part in holder.iter("*")}
    for paragraph in turn.paragraphs:
        if paragraph.id not in held:
            yield Discrepancy(
                "turns of the EPUB",
                path,
                f"`{paragraph.id}` under {label}",
                "it elsewhere",
            )


def _check_paragraph(paragraph: Paragraph, elements: Elements, label: str) -> Iterator[Discrepancy]:
    if paragraph.id not in elements:
        yield Discrepancy("ids", "the EPUB", f"an element `{paragraph.id}`", "")
        return
    path, element = elements[paragraph.id]
    text = text_of(element)
    words = collapse(paragraph.words)
    if text not in (words, f"{label} {words}"):
        yield Discrepancy(PROOF, f"{path}#{paragraph.id}", words, text)


def _ancestor(element: Any, name: str) -> Any:
    while element is not None and not _has_class(element, name):
        element = element.getparent()
    return element


def _has_class(element: Any, name: str) -> bool:
    return name in element.get("class", "").split()


# Printed pages ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """An element that links may lead to."""

    path: str
    folio: str
    """The printed page that it stands on; empty before the first."""
    text: str
    """The words that follow, from the element's own first on; about a line of them."""


def read_targets(epub: Publication, names: set[str]) -> dict[str, Target]:
    """Find the elements called *names*: after which page break, and before which words."""
    return dict(_targets(epub, names))


def _targets(epub: Publication, names: set[str]) -> Iterator[tuple[str, Target]]:
    folio = ""
    for path in epub.spine:
        pieces: list[str] = []
        found: list[tuple[str, str, int]] = []
        steps: list[Step] = []
        _walk(epub.trees[path], steps)
        for kind, value in steps:
            if kind == "page":
                folio = value
            elif kind == "text":
                pieces.append(value)
            elif value in names:
                found.append((value, folio, len(pieces)))
        for name, on, at in found:
            yield name, Target(path, on, collapse("".join(pieces[at : at + 40]))[:400])


Step = tuple[str, str]
"""A page break, an id or a text, and what it says."""


def _walk(element: Any, steps: list[Step]) -> None:
    """Add page breaks, ids and texts to *steps*, in document order."""
    if not isinstance(element.tag, str):
        return
    is_break = is_page_break(element)
    if is_break:
        folio = element.get("aria-label") or element.get("title") or "".join(element.itertext())
        steps.append(("page", folio))
    identity = element.get("id")
    if identity:
        steps.append(("id", identity))
    if not is_break:
        steps.append(("text", element.text or ""))
        for child in element:
            _walk(child, steps)
            steps.append(("text", edge_of(child) + (child.tail or "")))
