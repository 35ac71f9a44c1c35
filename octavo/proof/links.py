"""No dead link: every one leads to a page, or to a file and an id, or where declared.

Comes in: the finished files. Goes out: how many links there are, and discrepancies.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from octavo.proof.declared import Declared
from octavo.proof.epub import Publication
from octavo.proof.epubread import DocumentRead
from octavo.proof.outcome import Discrepancy
from octavo.proof.tagtree import TagTree

PROOF = "links"
DEPTH = 32
"""No name tree nests deeper; one that does goes round in circles."""


@dataclass(frozen=True, slots=True)
class PdfLink:
    """A link annotation or a line of the outline."""

    place: str
    number: int
    """The object number of the annotation; 0 for an outline item."""
    page: int
    """The index of the page that it leads to; -1 for none."""
    name: str
    """The named destination; empty where it has none."""
    address: str
    """Where it leads outside the book; empty inside."""
    kind: str
    """``link``, ``outline``, or an action that has no place in a book."""


def read_links(document: Any) -> tuple[PdfLink, ...]:
    """Read every link of an open PDF and find where it leads."""
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    finder = _Finder(document.Root, pages)
    return tuple(_read_links(document, finder))


def _read_links(document: Any, finder: "_Finder") -> Iterator[PdfLink]:
    for page in document.pages:
        annotations = page.obj.get("/Annots", ())
        place = f"page {page.label}" if annotations else ""
        for annotation in annotations:
            if annotation.get("/Subtype") == "/Link":
                yield finder.follow(annotation, place, annotation.objgen[0], "link")
    yield from _outline(document.Root.get("/Outlines", {}), finder)
    for name in ("/OpenAction", "/AA"):
        if name in document.Root:
            yield PdfLink("the PDF", 0, -1, "", "", f"action {name}")


def _outline(parent: Any, finder: "_Finder") -> Iterator[PdfLink]:
    item = parent.get("/First")
    while item is not None:
        yield finder.follow(item, f"outline `{item['/Title']}`", 0, "outline")
        yield from _outline(item, finder)
        item = item.get("/Next")


class _Finder:
    """Finds the page of a destination, named or not."""

    def __init__(self, root: Any, pages: dict[tuple[int, int], int]) -> None:
        self._pages = pages
        self._names = dict(_name_tree(root.get("/Names", {}).get("/Dests", {}), DEPTH))
        self._names |= dict(root.get("/Dests", {}).items())

    def follow(self, item: Any, place: str, number: int, kind: str) -> PdfLink:
        action = item.get("/A", {})
        action_kind = str(action.get("/S", "/GoTo"))
        if action_kind == "/URI":
            return PdfLink(place, number, -1, "", str(action["/URI"]), kind)
        if action_kind != "/GoTo" or "/AA" in item:
            return PdfLink(place, number, -1, "", "", f"action {action_kind}")
        target = item.get("/Dest", action.get("/D"))
        name = ""
        if not _is_array(target):
            name = str(target)
            target = self._names.get(name)
        return PdfLink(place, number, self._page(target), name, "", kind)

    def _page(self, target: Any) -> int:
        if target is not None and not _is_array(target):
            target = target.get("/D")
        if not _is_array(target) or not hasattr(target[0], "objgen"):
            return -1
        return self._pages.get(target[0].objgen, -1)


def _is_array(item: Any) -> bool:
    import pikepdf

    return isinstance(item, pikepdf.Array)


def _name_tree(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    names = list(node.get("/Names", ()))
    yield from zip(map(str, names[::2]), names[1::2], strict=True)
    for kid in node.get("/Kids", ()) if depth else ():
        yield from _name_tree(kid, depth - 1)


def check_pdf_links(
    links: tuple[PdfLink, ...], tree: TagTree, declared: Declared
) -> Iterator[Discrepancy]:
    """Every link leads to a page or a declared address, and is in the tag tree with its text."""
    tagged = dict(tree.links)
    for link in links:
        if link.kind not in {"link", "outline"}:
            yield Discrepancy(PROOF, link.place, "a link", link.kind)
        elif link.address:
            if link.address not in declared.addresses:
                yield Discrepancy(
                    PROOF, link.place, "no address but what is declared", link.address
                )
        elif link.page < 0:
            yield Discrepancy(PROOF, link.place, "a page", f"dead link `{link.name}`")
        if link.kind == "link" and link.number not in tagged:
            yield Discrepancy(PROOF, link.place, "a link in the tag tree", f"`{link.name}` in none")
        elif link.kind == "link" and not tagged[link.number].strip():
            yield Discrepancy(PROOF, link.place, "a link with a text", f"`{link.name}` without")


def check_epub_links(
    epub: Publication, documents: Sequence[DocumentRead], declared: Declared
) -> Iterator[Discrepancy]:
    """Every address in every document leads to a file of the manifest, and to an id in it."""
    for path in epub.media_types:
        if path not in epub.files:
            yield Discrepancy(PROOF, epub.package, path, "")
    ids = {document.path: frozenset(document.ids) for document in documents}
    for document in documents:
        for href, target, fragment in document.links:
            if not target:
                if href not in declared.addresses:
                    expected = "no address but what is declared"
                    yield Discrepancy(PROOF, document.path, expected, href)
            elif target not in epub.media_types:
                yield Discrepancy(PROOF, document.path, "a file of the book", f"dead link `{href}`")
            elif fragment and fragment not in ids.get(target, ()):
                yield Discrepancy(PROOF, document.path, "an id", f"dead link `{href}`")


def count_epub_links(documents: Iterable[DocumentRead]) -> int:
    """The links that a reader can follow, in the spine's documents and the navigation."""
    return sum(document.followed for document in documents)
