"""The text of an HTML or XHTML tree, a line for each block.

Comes in: a parsed tree. Goes out: its lines as a reader meets them, with the ids of
the elements on the way. The one decision: white space is folded as browsers fold it,
and the edge of a block parts words, that of an inline element does not.
"""

from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

INLINE_NAMES = (
    "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small "
    "span strong sub sup time u var wbr"
)
INLINE = frozenset(INLINE_NAMES.split())
UNREAD = frozenset({"head", "script", "style", "template", "title"})
LINK = "point:"
"""The scheme of links inside the book."""
PAGE_BREAK = "doc-pagebreak"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
BLOCK_EDGE = "\v"


def lines_of_html(html: str) -> tuple[str, ...]:
    """Return the text of an HTML page, a line for each block: what the press declares of it."""
    # The engine reads it so too; to load lxml takes longer than to read a book's front matter.
    return lines_of(fromstring(html))  # noqa: S314 - our templates rendered it


def links_of_html(html: str) -> tuple[tuple[str, str], ...]:
    """Where the links of an HTML page lead inside the book, and what is heard of each, sorted."""
    found = set()
    for link in fromstring(html).iter("a"):  # noqa: S314 - our templates rendered it
        address = link.get("href", "")
        if address.startswith(LINK):
            name = address.removeprefix(LINK)
            heard = link.get("aria-label") or "".join(link.itertext())
            found.add((name if name.isascii() else quote(name), " ".join(heard.split())))
    return tuple(sorted(found))


def lines_of_xhtml(text: str) -> tuple[str, ...]:
    """Return the text of an XHTML document, a line for each block."""
    from lxml import etree

    return lines_of(etree.fromstring(text.encode()))


def lines_of(root: Any) -> tuple[str, ...]:
    """Return the text below *root*, a line for each block; page breaks are no text."""
    lines = (collapse(line) for line in _text_below(root).split(BLOCK_EDGE))
    return tuple(line for line in lines if line)


def text_of(element: Any) -> str:
    """Return the text below *element* on one line."""
    return collapse(_text_below(element))


def collapse(text: str) -> str:
    """Fold white space as browsers do: no-break spaces are kept."""
    # Bytes are split at the white space of browsers and at no other; no pattern is as quick.
    return b" ".join(text.encode("utf-8", "surrogatepass").split()).decode("utf-8", "surrogatepass")


def _text_below(element: Any) -> str:
    pieces: list[str] = []
    _flow(element, pieces)
    return "".join(pieces)


def _flow(element: Any, pieces: list[str]) -> None:
    """Add the text of *element* to *pieces*; a list is quicker than generators in generators."""
    tag = element.tag
    if not isinstance(tag, str) or tag.rpartition("}")[2] in UNREAD or is_page_break(element):
        return
    edge = edge_of(element)
    if edge:
        pieces.append(edge)
    if element.text:
        pieces.append(element.text)
    for child in element:
        _flow(child, pieces)
        if child.tail:
            pieces.append(child.tail)
    if edge:
        pieces.append(edge)


def edge_of(element: Any) -> str:
    """What parts the text of *element* from the text around it: nothing when it is inline."""
    tag = element.tag
    return BLOCK_EDGE if isinstance(tag, str) and tag.rpartition("}")[2] not in INLINE else ""


def is_page_break(element: Any) -> bool:
    """Whether it marks where a printed page begins."""
    return PAGE_BREAK in element.get("role", "") or "pagebreak" in element.get(EPUB_TYPE, "")
