"""The site read back: every word of the Book on the reading page, every link alive, every sum true.

Comes in: the files as they will lie in ``dist/``. Goes out: discrepancies. The one decision: the
page is compared whole, as each document of the EPUB is; around the text stands what its own
headings, contents and index say, and nothing else.
"""

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from json import loads
from typing import Any

from octavo.book import Book
from octavo.index import Index
from octavo.proof.declared import Part
from octavo.proof.epub import XHTML, Publication
from octavo.proof.epubread import DocumentRead, read_document
from octavo.proof.epubtext import Elements, check_chapter, check_paragraph, check_words, collect
from octavo.proof.expected import speech_of
from octavo.proof.locators import check_epub_locators, printed_locators
from octavo.proof.markup import lines_of, text_of
from octavo.proof.outcome import Discrepancy, ProofFailed

READING, LANDING = "read.html", "index.html"
FEEDS = ("opds.xml", "opds.json")
PROOF = "the site"
HEAD, CONTENTS, INDEX = ("//main/header", "//nav[@id='contents']", "//nav[@id='index']")


def prove_reading(data: bytes, book: Book, index: Index) -> DocumentRead:
    """Prove the page to read on. Raises ``ProofFailed``."""
    tree = _parse(data)
    targets = {locator.target.anchor for locator in index.locators()}
    document = _read(READING, tree, targets)
    locators = tuple(printed_locators(index))
    wrong = [
        *_check_text(tree, book),
        *check_epub_locators(locators, [document], book, READING),
    ]
    if wrong:
        raise ProofFailed(wrong)
    return document


def check_site(files: Mapping[str, bytes], reading: DocumentRead) -> Iterator[Discrepancy]:
    """Prove links, checksums and feeds of *files*, which are all that lies in the folder.

    *reading* is the page to read on, as it was proved.
    """
    landing = _parse(files[LANDING])
    documents = {READING: reading, LANDING: _read(LANDING, landing, ())}
    for document in documents.values():
        yield from _check_links(document, documents, files)
    yield from _check_sums(landing, files)
    yield from _check_feeds(files)


def _parse(data: bytes) -> Any:
    from lxml import html

    return html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))


def _check_text(tree: Any, book: Book) -> Iterator[Discrepancy]:
    """All that stands on the page, in order, and each turn once more by its id."""
    elements: Elements = {}
    yield from collect(READING, tree, elements)
    around = {name: _lines(tree, name) for name in (HEAD, CONTENTS, INDEX)}
    expected = [Part(READING, (*around[HEAD], *around[CONTENTS]))]
    for chapter in book.chapters:
        head = _lines(tree, f"//main/header[@id='{chapter.id}']") if around else ()
        expected.append(Part(READING, head, chapter.id))
        yield from check_chapter(chapter, elements)
        for paragraph in (*chapter.title, *chapter.byline):
            yield from check_paragraph(paragraph, elements, "")
    expected.append(Part(READING, around[INDEX]))
    main = tree.xpath("//main")
    found = lines_of(main[0]) if main else ()
    yield from check_words(READING, found, expected, speech_of(book))


def _lines(tree: Any, path: str) -> tuple[str, ...]:
    return tuple(line for element in tree.xpath(path)[:1] for line in lines_of(element))


def _read(name: str, tree: Any, targets: Collection[str]) -> DocumentRead:
    """The page as a document that stands alone."""
    page = Publication({}, "", {name: XHTML}, (name,))
    return read_document(page, name, tree, lines_of(tree), targets)


def _check_links(
    document: DocumentRead, documents: Mapping[str, DocumentRead], files: Mapping[str, bytes]
) -> Iterator[Discrepancy]:
    """Every address on a page leads to a file beside it, or to an id, or elsewhere."""
    ids = {name: frozenset(page.ids) for name, page in documents.items()}
    for href, target, fragment in document.links:
        if not target:
            continue
        if target not in files:
            yield Discrepancy(PROOF, document.path, "a file of the site", f"dead link `{href}`")
        elif fragment and fragment not in ids.get(target, ()):
            yield Discrepancy(PROOF, document.path, "an id", f"dead link `{href}`")


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
