"""The page to read on, read back: every word of the Book, once, in order, to be seen by all.

Comes in: the finished page. Goes out: what of it the proof of the site needs. The one decision:
the page is compared whole, but a chapter at a time, so that what was proved of one can be kept;
each is shown to stand by itself, and the page to have nothing but them between its heading,
contents and index.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

from octavo.book import Book, Chapter
from octavo.cache import key_of
from octavo.index import Index
from octavo.memory import Memory
from octavo.proof.declared import Part
from octavo.proof.epub import XHTML, Publication
from octavo.proof.epubread import DocumentRead, Link, read_document
from octavo.proof.epubtext import Elements, check_chapter, check_paragraph, check_words, collect
from octavo.proof.expected import speech_of_chapter
from octavo.proof.locators import check_epub_locators, printed_locators
from octavo.proof.markup import collapse, is_page_break, lines_of, text_of
from octavo.proof.outcome import Discrepancy, ProofFailed
from octavo.proof.source import check_heads
from octavo.proof.trial import Job, done

READING = "read.html"
PROOF = "the page to read on"
CHAPTER = re.compile(rb'<div class="chapter">.*?</div><!-- chapter -->', re.DOTALL)
"""No text holds a bracket, so that nothing said can look like this."""
STUB = b'<div id="chapter-%d"></div>'
"""Stands for a chapter while what is around it is read."""
END = b"</div><!-- chapter -->"
NO_TAG = re.compile(rb"<[!?]|/>")
"""Comments and the like, and tags that XML closes and a browser leaves open."""
OPENED, CLOSED = re.compile(rb"<([a-z]\w*)"), re.compile(rb"</([a-z]\w*)")
VOID = frozenset({b"br", b"hr", b"wbr"})
"""Elements that are never closed."""
ALONE = b"<!DOCTYPE html><meta charset=utf-8><title>a</title><body><main>%b<hr></main>"
SHOWING = (
    "a b blockquote br div em h1 h2 h3 h4 h5 h6 header hr i li ol p section span strong sub sup "
    "ul wbr"
)
SEEN = frozenset(SHOWING.split())
"""Elements that show the text in them."""
AROUND = SEEN | {"body", "button", "form", "input", "label", "main", "nav", "output"}
IN_HEAD = frozenset({"head", "link", "meta", "script", "title"})
UNSEEN = re.compile(r"hidden|style|on.*")
"""Attributes by which an element might not be seen, or not stay so."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """What is told of a page to whoever proves the site."""

    ids: frozenset[str]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A chapter of the page, read, and what is wrong with it."""

    document: DocumentRead
    part: Part
    folios: tuple[str, ...]
    """Of its page breaks, in order."""
    wrong: tuple[Discrepancy, ...]


def prove_reading(
    data: bytes,
    book: Book,
    index: Index,
    contents: Sequence[tuple[str, str]],
    folios: Sequence[str],
    memory: Memory,
) -> PageRead:
    """Prove the page to read on, but for its links to other files.

    *contents* are the headings and ids that it lists, *folios* the printed pages of the text.
    *memory* keeps what was proved of a chapter. Raises ``ProofFailed``.
    """
    chapters = CHAPTER.findall(data)
    if len(chapters) != len(book.chapters):
        expected, found = f"{len(book.chapters)} chapters", f"{len(chapters)}"
        raise ProofFailed([Discrepancy(PROOF, READING, expected, found)])
    targets = _targets(index)
    jobs = [
        Job(partial(_prove_chapter, part, chapter, names), _made_of(part, chapter, names))
        for part, chapter in zip(chapters, book.chapters, strict=True)
        for names in [_names_in(chapter, targets)]
    ]
    outcomes = done(jobs, memory, key_of(data).encode())
    stubs = iter(range(len(chapters)))
    around = parse(CHAPTER.sub(lambda _: STUB % next(stubs), data))
    # The index, whose links are counted, stands in what is around.
    spine = [*(one.document for one in outcomes), read_page(READING, around, ())]
    ids = [identity for document in spine for identity in document.ids]
    parts = [*(one.part for one in outcomes), Part(READING, lines_of(around))]
    wrong = [
        *(discrepancy for one in outcomes for discrepancy in one.wrong),
        *_check_frame(around, len(chapters), index),
        *_check_contents(around, contents),
        *_check_folios(outcomes, folios),
        *_check_once(ids),
        *check_epub_locators(tuple(printed_locators(index)), spine, book, READING),
        *check_heads(book, parts, READING),
    ]
    if wrong:
        raise ProofFailed(wrong)
    return PageRead(frozenset(ids), tuple(link for one in spine for link in one.links))


def parse(data: bytes) -> Any:
    """Parse a page as HTML."""
    from lxml import html

    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))


def read_page(name: str, tree: Any, targets: Sequence[str]) -> DocumentRead:
    """Read a page as a document that stands alone."""
    page = Publication({}, "", {name: XHTML}, (name,))
    return read_document(page, name, tree, lines_of(tree), targets)


# A chapter ------------------------------------------------------------------------


def _targets(index: Index) -> Mapping[str, Sequence[str]]:
    """The ids that locators lead to, by the paragraphs that they are in."""
    found: dict[str, list[str]] = {}
    for locator in index.locators():
        found.setdefault(locator.target.paragraph, []).append(locator.target.anchor)
    return found


def _names_in(chapter: Chapter, targets: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    names = (targets.get(paragraph.id, ()) for paragraph in chapter.paragraphs())
    return tuple(sorted({name for some in names for name in some}))


def _made_of(part: bytes, chapter: Chapter, names: tuple[str, ...]) -> tuple[bytes, ...]:
    return b"chapter of the site", part, repr(names).encode(), chapter.digest


def _prove_chapter(part: bytes, chapter: Chapter, names: tuple[str, ...]) -> _Outcome:
    """All that stands in a chapter, in order, and each turn once more by its id."""
    (main,) = parse(ALONE % part).xpath("//main")
    tree = main[0]
    elements: Elements = {}
    wrong = [*_check_alone(part, main), *_check_seen(tree, SEEN), *collect(READING, tree, elements)]
    heads = tree.xpath("./header")
    lines = tuple(line for head in heads[:1] for line in lines_of(head))
    expected = Part(READING, lines, chapter.id)
    wrong += check_words(READING, lines_of(tree), [expected], speech_of_chapter(chapter))
    wrong += check_chapter(chapter, elements)
    if heads:
        for paragraph in (*chapter.title, *chapter.byline):
            wrong += check_paragraph(paragraph, elements, "")
    folios = tuple(one.get("title", "") for one in tree.iter("*") if is_page_break(one))
    return _Outcome(read_page(READING, tree, names), expected, folios, tuple(wrong))


def _check_alone(part: bytes, main: Any) -> Iterator[Discrepancy]:
    """The chapter closes what it opens: what follows it is read as if it were not there."""
    opened, closed = (Counter(tags.findall(part)) for tags in (OPENED, CLOSED))
    tags = [child.tag for child in main if isinstance(child.tag, str)]
    if tags != ["div", "hr"] or any(
        opened[tag] != closed[tag] for tag in opened if tag not in VOID
    ):
        yield Discrepancy(PROOF, READING, "a chapter that closes what it opens", "")
    bad = NO_TAG.search(part.removesuffix(END))
    if bad:
        found = part[bad.start() : bad.start() + 60].decode(errors="replace")
        yield Discrepancy(PROOF, READING, "tags that every browser reads alike", found)


def _check_seen(tree: Any, allowed: frozenset[str]) -> Iterator[Discrepancy]:
    """Nothing is in an element, or has an attribute, by which it might not be seen."""
    for element in tree.iter("*"):
        if element.tag not in allowed:
            yield Discrepancy(PROOF, READING, "elements that show their text", f"<{element.tag}>")
        for name in element.attrib:
            # The script shows the box that it serves.
            if UNSEEN.fullmatch(name) and element.get("class") != "find":
                yield Discrepancy(PROOF, READING, f"no `{name}`", f"<{element.tag} {name}>")


# What is around ---------------------------------------------------------------------


def _check_frame(tree: Any, count: int, index: Index) -> Iterator[Discrepancy]:
    """The page is a bar and the text: its heading, contents, chapters and index, in order."""
    mains = tree.xpath("/html/body/main")
    body = tree.xpath("/html/body")[0]
    frames = [(body, ["a", "header", "main"], [child.tag for child in body])]
    for main in mains[:1]:
        has_contents = bool(main.xpath("./nav[@id='contents']"))
        wanted = [
            "header",
            *(["nav contents"] if has_contents else []),
            *(f"div chapter-{number}" for number in range(count)),
            *(["nav index"] if index.groups else []),
        ]
        frames.append((main, wanted, [f"{one.tag} {one.get('id', '')}".strip() for one in main]))
    for element, expected, found in frames:
        if found != expected:
            yield Discrepancy(PROOF, READING, " ".join(expected), " ".join(map(str, found)))
        stray = [element.text, *(child.tail for child in element)]
        if "".join(filter(None, stray)).strip():
            yield Discrepancy(
                PROOF, READING, "no text between the parts", "".join(filter(None, stray))
            )
    yield from _check_seen(body, AROUND)
    yield from _check_seen(tree.xpath("/html/head")[0], IN_HEAD)


def _check_contents(tree: Any, contents: Sequence[tuple[str, str]]) -> Iterator[Discrepancy]:
    links = tree.xpath("//nav[@id='contents']//a")
    found = [(text_of(link), link.get("href", "")) for link in links]
    expected = [(collapse(heading), f"#{anchor}") for heading, anchor in contents]
    for wanted, has in zip_longest(expected, found, fillvalue=("", "")):
        if wanted != has:
            yield Discrepancy(PROOF, "the contents", " ".join(wanted), " ".join(has))


def _check_folios(outcomes: Sequence[_Outcome], folios: Sequence[str]) -> Iterator[Discrepancy]:
    found = [folio for one in outcomes for folio in one.folios]
    if found != [*folios]:
        yield Discrepancy(PROOF, "the printed pages", " ".join(folios), " ".join(found))


def _check_once(ids: Sequence[str]) -> Iterator[Discrepancy]:
    seen: set[str] = set()
    for identity in ids:
        if identity in seen:
            yield Discrepancy("ids", READING, f"`{identity}` once", "twice")
        seen.add(identity)
