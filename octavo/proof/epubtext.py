"""The words of the EPUB: every document of the spine, and every turn under its label.

Comes in: the EPUB, opened. Goes out: its documents as they were read, and discrepancies. The
one decision: a document's text is compared whole, so that nothing can be added, and each turn
and paragraph once more by its id, so that nothing can change hands. The documents of a chapter
are proved together, without their folios, and kept under what is left of them and all that they
were compared with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from octavo.book import Book, BookTurn, Chapter, Paragraph
from octavo.memory import Memory
from octavo.pagemap import Point
from octavo.proof.declared import Declared, Part
from octavo.proof.epub import Publication
from octavo.proof.epubfolios import are_whole, put_folios, take_folios
from octavo.proof.epubread import DocumentRead, read_document
from octavo.proof.expected import Speech, label_of, lines_of_part, speech_of_chapter
from octavo.proof.markup import collapse, lines_of, text_of
from octavo.proof.outcome import Discrepancy
from octavo.proof.trial import Job, done
from octavo.proof.words import Drawn, align, fold

PROOF = "words"
LABEL = "label"
"""The class of the element that holds a speaker's label."""
AROUND = b"around the text"
"""Stands in a key where the documents of a chapter have its digest."""
Elements = dict[str, tuple[str, Any]]
"""Every element with an id, by its id: the document's path, and the element."""


@dataclass(frozen=True, slots=True)
class ReadEpub:
    """All documents of the EPUB as they were read, and what is wrong with their words."""

    documents: tuple[DocumentRead, ...]
    """Those of the manifest."""
    spine: tuple[DocumentRead, ...]
    wrong: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class _Together:
    """The documents of a chapter, or one that stands around the text."""

    paths: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    """What is declared of each; none where that cannot be told, or need not."""
    chapter: Chapter | None = None
    names: tuple[str, ...] = ()
    """The ids of elements that locators lead to."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    documents: tuple[DocumentRead, ...]
    wrong: tuple[Discrepancy, ...]


def read_epub(
    epub: Publication,
    declared: Declared,
    book: Book,
    targets: Sequence[Point],
    memory: Memory,
    seed: bytes,
) -> ReadEpub:
    """Find every word in the spine: once, in order, under its speaker, and nothing else.

    *targets* are the points that locators lead to; *seed* chooses what is proved again.
    """
    wrong: list[Discrepancy] = []
    names = [epub.relative(path) for path in epub.spine]
    expected = [part.name for part in declared.ebook]
    if names != expected:
        wrong.append(Discrepancy("the spine", "the EPUB", " ".join(expected), " ".join(names)))
        together = (*_unknown(epub, targets),)
    else:
        together = (*_by_chapter(epub, declared, book, targets),)
    taken = [take_folios(epub.files, one.paths) for one in together]
    jobs = []
    for one, (files, _) in zip(together, taken, strict=True):
        without = replace(epub, files=files)
        jobs.append(Job(partial(_prove, without, one), _made_of(without, one)))
    outcomes = done(jobs, memory, seed)
    read: dict[str, DocumentRead] = {}
    for one, outcome, (_, folios) in zip(together, outcomes, taken, strict=True):
        if not are_whole(outcome.documents, folios):
            outcome, folios = _prove(epub, one), []
        wrong += outcome.wrong
        for numbered in outcome.documents:
            document = read[numbered.path] = put_folios(numbered, folios)
            wrong += _check_folio_ids(numbered, document)
    spine = tuple(read[path] for path in epub.spine)
    wrong += _check_once(spine, book, targets)
    return ReadEpub(tuple(read.values()), spine, tuple(wrong))


def _unknown(epub: Publication, targets: Iterable[Point]) -> Iterator[_Together]:
    """All documents, where it cannot be told which is which."""
    names = _anchors(targets)
    for path in dict.fromkeys((*epub.spine, *epub.markup())):
        yield _Together((path,), names=names)


def _by_chapter(
    epub: Publication, declared: Declared, book: Book, targets: Iterable[Point]
) -> Iterator[_Together]:
    """The documents of each chapter, the others one by one."""
    homes = {
        speech: chapter.id
        for chapter in book.chapters
        for speech in (chapter.id, *(section.id for section in chapter.sections))
    }
    documents: dict[str, list[tuple[str, Part]]] = {chapter.id: [] for chapter in book.chapters}
    for path, part in zip(epub.spine, declared.ebook, strict=True):
        if part.speech in homes:
            documents[homes[part.speech]].append((path, part))
        else:
            yield _Together((path,), (part,))
    in_spine = set(epub.spine)
    yield from (_Together((path,)) for path in epub.markup() if path not in in_spine)
    points = defaultdict(list)
    for target in targets:
        points[target.paragraph].append(target)
    for chapter in book.chapters:
        here = documents[chapter.id]
        own = (point for one in chapter.paragraphs() for point in points.get(one.id, ()))
        paths, parts = tuple(path for path, _ in here), tuple(part for _, part in here)
        yield _Together(paths, parts, chapter, _anchors(own))


def _anchors(targets: Iterable[Point]) -> tuple[str, ...]:
    return tuple(sorted({target.anchor for target in targets}))


def _made_of(epub: Publication, together: _Together) -> tuple[bytes, ...]:
    """All that ``_prove`` depends on: the documents as they are in *epub* first."""
    told = [(path, epub.media_types[path]) for path in together.paths]
    return (
        b"documents of the EPUB",
        *(epub.files[path] for path in together.paths),
        repr((told, together.parts, together.names)).encode(),
        together.chapter.digest if together.chapter else AROUND,
    )


def _prove(epub: Publication, together: _Together) -> _Outcome:
    """Read the documents, and compare their words with what is declared and the chapter's."""
    documents: list[DocumentRead] = []
    words: list[Discrepancy] = []
    ids: list[Discrepancy] = []
    elements: Elements = {}
    speech = speech_of_chapter(together.chapter) if together.chapter else {}
    for number, path in enumerate(together.paths):
        tree = epub.parse(path)
        lines = lines_of(tree)
        documents.append(read_document(epub, path, tree, lines, together.names))
        if together.parts:
            words += check_words(path, lines, together.parts[number : number + 1], speech)
        ids += collect(path, tree, elements)
    turns = check_chapter(together.chapter, elements) if together.chapter else ()
    return _Outcome(tuple(documents), (*words, *ids, *turns))


def check_words(
    path: str, lines: Sequence[str], parts: Iterable[Part], speech: Speech
) -> Sequence[Discrepancy]:
    """The *lines* of a document are those of its *parts*, in order, and no others."""
    drawn = Drawn()
    drawn.add(path, [fold(line).split() for line in lines])
    expected = tuple(line for part in parts for line in lines_of_part(part, speech))
    return align(PROOF, expected, drawn).discrepancies


def collect(path: str, tree: Any, elements: Elements) -> Iterator[Discrepancy]:
    """Fill *elements*; an id stands once in its document."""
    seen = set()
    for element in tree.xpath("//*[@id != '']"):
        identity = element.get("id")
        if identity in seen:
            yield Discrepancy("ids", path, f"`{identity}` once", "twice")
        seen.add(identity)
        elements.setdefault(identity, (path, element))


def _check_folio_ids(numbered: DocumentRead, document: DocumentRead) -> Iterator[Discrepancy]:
    """An id that a folio makes stands once in its *document*, which was proved *numbered*."""
    if len({*document.ids}) == len({*numbered.ids}):
        return
    made = {new for new, old in zip(document.ids, numbered.ids, strict=True) if new != old}
    for identity in sorted(made):
        if document.ids.count(identity) > 1:
            yield Discrepancy("ids", document.path, f"`{identity}` once", "twice")


def _check_once(
    spine: Iterable[DocumentRead], book: Book, targets: Iterable[Point]
) -> Iterator[Discrepancy]:
    """The id of a paragraph, and of an element that a locator leads to, is in one document."""
    wanted = {paragraph.id for paragraph in book.paragraphs()}
    wanted.update(target.anchor for target in targets)
    seen: set[str] = set()
    for document in spine:
        found = wanted.intersection(document.ids)
        for identity in sorted(found & seen):
            yield Discrepancy("ids", document.path, f"`{identity}` once", "twice")
        seen |= found


def check_chapter(chapter: Chapter, elements: Elements) -> Iterator[Discrepancy]:
    """Every turn stands under its speaker, every paragraph under its own id."""
    for section in chapter.sections:
        for block in section.blocks:
            if isinstance(block, BookTurn):
                yield from _check_turn(block, elements)
            else:
                yield from check_paragraph(block.paragraph, elements, "")


def _check_turn(turn: BookTurn, elements: Elements) -> Iterator[Discrepancy]:
    """The paragraphs stand in one turn, and the one label in it is their speaker's."""
    label = label_of(turn)
    first = turn.paragraphs[0]
    for number, paragraph in enumerate(turn.paragraphs):
        yield from check_paragraph(paragraph, elements, "" if number else label)
    if first.id not in elements:
        return
    path, element = elements[first.id]
    holder = _ancestor(element, "turn")
    if holder is None:
        yield Discrepancy("turns", path, f"a turn around `{first.id}`", "")
        return
    labels = [text_of(part) for part in holder.iter("*") if _has_class(part, LABEL)]
    if labels != [collapse(label)]:
        yield Discrepancy("turns", path, label, " / ".join(labels), first.words[:60])
    held = {part.get("id") for part in holder.iter("*")}
    for paragraph in turn.paragraphs:
        if paragraph.id not in held:
            yield Discrepancy(
                "turns",
                path,
                f"`{paragraph.id}` under {label}",
                "it elsewhere",
            )


def check_paragraph(paragraph: Paragraph, elements: Elements, label: str) -> Iterator[Discrepancy]:
    """The element of a paragraph holds its words, and before them at most its *label*."""
    if paragraph.id not in elements:
        yield Discrepancy("ids", "a document", f"an element `{paragraph.id}`", "")
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
