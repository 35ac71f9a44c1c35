"""What the proof reads in a document of the EPUB: ids, links, page breaks and what follows them.

Comes in: a parsed document. Goes out: plain data, so that a document that stays the same need
not be parsed again. The one decision: all that ties documents together is only read here; it
is proved of the whole book in every build.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from octavo.proof.epub import XHTML, Publication, resolve
from octavo.proof.markup import collapse, edge_of, is_page_break, text_of

COMPARED = 40
"""Characters of the text behind a link that must be those of the mention."""
PIECES = 40
"""Pieces of text that hold as many, but for the empty ones around page breaks and targets."""
ADDRESSES = "//@*[local-name() = 'href' or local-name() = 'src']"

Link = tuple[str, str, str]
"""An address as it is written, and the file and the id that it leads to.

The file is an empty string where it leads out of the book.
"""
Place = tuple[str | None, str]
"""The folio of the page break before an element, None before the first, and the words after it."""


# Without slots it is pickled, and read again, more quickly.
@dataclass(frozen=True)
class DocumentRead:
    """A document, read."""

    path: str
    characters: str
    """Those of its text, each once."""
    ids: tuple[str, ...]
    links: tuple[Link, ...]
    followed: int
    """How many links a reader can follow."""
    linked: tuple[tuple[str, str], ...]
    """The text of each link to an id, and the id."""
    folio: str | None
    """That of its last page break."""
    places: Mapping[str, Place]
    """By id, where the elements that were asked for stand."""


def read_document(
    epub: Publication, path: str, tree: Any, lines: Iterable[str], names: Collection[str]
) -> DocumentRead:
    """Read the document at *path*, whose text is *lines*, and where its *names* stand."""
    anchors = [(one, one.get("href")) for one in tree.iter("{*}a") if "href" in one.attrib]
    folio, places = _places(tree, names)
    return DocumentRead(
        path=path,
        characters="".join(sorted(set("".join(lines)))),
        ids=tuple(filter(None, tree.xpath("//@id", smart_strings=False))),
        links=tuple(_link(href, path) for href in tree.xpath(ADDRESSES, smart_strings=False)),
        followed=len(anchors) if epub.media_types[path] == XHTML else 0,
        linked=tuple(
            (text_of(one), href.partition("#")[2]) for one, href in anchors if "#" in href
        ),
        folio=folio,
        places=places,
    )


def _link(href: str, base: str) -> Link:
    if ":" in href.split("/", maxsplit=1)[0]:
        return href, "", ""
    path, _, fragment = href.partition("#")
    return href, resolve(path, base) if path else base, unquote(fragment)


def _places(tree: Any, names: Collection[str]) -> tuple[str | None, dict[str, Place]]:
    """The last folio, and where the elements called *names* stand."""
    folio: str | None = None
    pieces: list[str] = []
    found: list[tuple[str, str | None, int]] = []
    steps: list[Step] = []
    _walk(tree, steps)
    for kind, value in steps:
        if kind == "page":
            folio = value
        elif kind == "text":
            pieces.append(value)
        elif value in names:
            found.append((value, folio, len(pieces)))
    return folio, {name: (on, _words(pieces[at : at + PIECES])) for name, on, at in found}


def _words(pieces: Sequence[str]) -> str:
    return collapse("".join(pieces))[:COMPARED]


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


# Printed pages ----------------------------------------------------------------


Target = tuple[str, str, str]
"""The document of an element that links lead to, the folio it stands on, the words after it.

The folio is an empty string before the first printed page.
"""


def targets_of(spine: Iterable[DocumentRead]) -> dict[str, Target]:
    """Where the elements that were asked for stand in the book, by id."""
    targets: dict[str, Target] = {}
    folio = ""
    for document in spine:
        for name, (on, text) in document.places.items():
            targets[name] = (document.path, folio if on is None else on, text)
        folio = folio if document.folio is None else document.folio
    return targets
