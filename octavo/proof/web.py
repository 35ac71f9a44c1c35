"""The site read back: every word of the Book on the reading page, every link alive, every sum true.

Comes in: the files as they will lie in ``dist/``. Goes out: discrepancies. The one decision: the
page is compared whole, as each document of the EPUB is, a chapter at a time; each is well-formed,
so that none can change how another is read. Around the text stands what the page's own headings,
contents and index say, and nothing else.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from json import loads
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
from octavo.proof.markup import lines_of, text_of
from octavo.proof.outcome import Discrepancy, ProofFailed
from octavo.proof.source import check_heads
from octavo.proof.trial import Job, done

READING, LANDING = "read.html", "index.html"
FEEDS = ("opds.xml", "opds.json")
PROOF = "the site"
CHAPTER = re.compile(rb'<div class="chapter">.*?</div><!-- chapter -->', re.DOTALL)
"""No text holds a bracket, so that nothing said can look like this."""
AROUND = ("//main/header", "//nav[@id='contents']", "//nav[@id='index']")
"""What stands around the chapters."""


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
    wrong: tuple[Discrepancy, ...]


def prove_reading(data: bytes, book: Book, index: Index, memory: Memory) -> PageRead:
    """Prove the page to read on, but for its links to other files.

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
    around = _parse(CHAPTER.sub(b"", data))
    # The index, whose links are counted, stands in what is around.
    spine = [*(one.document for one in outcomes), _read(READING, around, ())]
    ids = [identity for document in spine for identity in document.ids]
    wrong = [
        *(discrepancy for one in outcomes for discrepancy in one.wrong),
        *_check_around(around),
        *_check_once(ids),
        *check_epub_locators(tuple(printed_locators(index)), spine, book, READING),
        *check_heads(book, [one.part for one in outcomes] + [_around(around)], READING),
    ]
    if wrong:
        raise ProofFailed(wrong)
    return PageRead(frozenset(ids), tuple(link for one in spine for link in one.links))


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
    from lxml import etree

    tree: Any = etree.fromstring(part)
    elements: Elements = {}
    wrong = [*collect(READING, tree, elements)]
    head = _lines(tree, "./header")
    expected = Part(READING, head, chapter.id)
    wrong += check_words(READING, lines_of(tree), [expected], speech_of_chapter(chapter))
    wrong += check_chapter(chapter, elements)
    if head:
        for paragraph in (*chapter.title, *chapter.byline):
            wrong += check_paragraph(paragraph, elements, "")
    return _Outcome(_read(READING, tree, names), expected, tuple(wrong))


def _around(tree: Any) -> Part:
    """What stands before and behind the chapters: heading, contents and index."""
    return Part(READING, tuple(line for path in AROUND for line in _lines(tree, path)))


def _check_around(tree: Any) -> Iterator[Discrepancy]:
    """Nothing else stands there."""
    main = tree.xpath("//main")
    found = lines_of(main[0]) if main else ()
    yield from check_words(READING, found, [_around(tree)], {})


def _check_once(ids: Sequence[str]) -> Iterator[Discrepancy]:
    seen: set[str] = set()
    for identity in ids:
        if identity in seen:
            yield Discrepancy("ids", READING, f"`{identity}` once", "twice")
        seen.add(identity)


def check_site(files: Mapping[str, bytes], reading: PageRead) -> Iterator[Discrepancy]:
    """Prove links, checksums and feeds of *files*, which are all that lies in the folder.

    *reading* is the page to read on, as it was proved.
    """
    landing = _parse(files[LANDING])
    read = _read(LANDING, landing, ())
    pages = {READING: reading, LANDING: PageRead(frozenset(read.ids), read.links)}
    for name in pages:
        yield from _check_links(name, pages, files)
    yield from _check_sums(landing, files)
    yield from _check_feeds(files)


def _parse(data: bytes) -> Any:
    from lxml import html

    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))


def _lines(tree: Any, path: str) -> tuple[str, ...]:
    return tuple(line for element in tree.xpath(path)[:1] for line in lines_of(element))


def _read(name: str, tree: Any, targets: Collection[str]) -> DocumentRead:
    """The page as a document that stands alone."""
    page = Publication({}, "", {name: XHTML}, (name,))
    return read_document(page, name, tree, lines_of(tree), targets)


def _check_links(
    name: str, pages: Mapping[str, PageRead], files: Mapping[str, bytes]
) -> Iterator[Discrepancy]:
    """Every address on a page leads to a file beside it, or to an id, or elsewhere."""
    for href, target, fragment in pages[name].links:
        if not target:
            continue
        if target not in files:
            yield Discrepancy(PROOF, name, "a file of the site", f"dead link `{href}`")
        elif fragment and (target not in pages or fragment not in pages[target].ids):
            yield Discrepancy(PROOF, name, "an id", f"dead link `{href}`")


def _check_sums(tree: Any, files: Mapping[str, bytes]) -> Iterator[Discrepancy]:
    """Each file that the page offers is told by its own checksum."""
    names = [text_of(one) for one in tree.xpath("//dl[@class='checksums']/dt")]
    told = [text_of(one) for one in tree.xpath("//dl[@class='checksums']/dd")]
    offered = tree.xpath("//a[@download]/@href")
    if names != offered:
        yield Discrepancy(PROOF, LANDING, f"checksums of {offered}", f"of {names}")
    for name, checksum in zip(names, told, strict=False):
        found = sha256(files[name]).hexdigest() if name in files else "no file"
        if checksum != found:
            yield Discrepancy(PROOF, name, found, checksum)


def _check_feeds(files: Mapping[str, bytes]) -> Iterator[Discrepancy]:
    """Each feed offers files that are there."""
    from lxml import etree

    feed: Any = etree.fromstring(files[FEEDS[0]])
    listed = loads(files[FEEDS[1]])["publications"][0]
    hrefs = {
        FEEDS[0]: feed.xpath("//@href"),
        FEEDS[1]: [link["href"] for link in (*listed["links"], *listed.get("images", ()))],
    }
    for name, found in hrefs.items():
        for href in found:
            if href.rpartition("/")[2] not in files:
                yield Discrepancy(PROOF, name, "a file of the site", f"dead link `{href}`")
