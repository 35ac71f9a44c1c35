"""No dead link: every one leads to a page, or to a file and an id, or where declared.

Comes in: the finished files. Goes out: how many links there are, and discrepancies.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from octavo.proof.crossref import CrossReferences, Unusual, references
from octavo.proof.declared import Declared
from octavo.proof.epub import Publication
from octavo.proof.epubread import DocumentRead
from octavo.proof.outcome import Discrepancy

PROOF = "links"
DEPTH = 32
"""No name tree nests deeper; one that does goes round in circles."""
NAMED = re.compile(rb"\(([!-'*-\[\]-~]*)\)\[(\d+) 0 R/XYZ [-.\d]+ [-.\d]+ null\]")
"""A plain name and the place that it stands for."""
FIRST_REFERENCE = re.compile(rb"\[\s*(\d+) \d+ R\b")
"""An array that begins with a reference."""
LEAF = re.compile(
    rb"<</Limits\[\(([^()\\]*)\)\(([^()\\]*)\)\]/Names\[(?P<names>(?:%b)*)\]>>" % NAMED.pattern
)


class Annotation(NamedTuple):
    """A link of a page, or a line of the outline, as it stands there."""

    number: int
    """Of its object; 0 for the outline's."""
    page: int
    """Where it stands: a page of its part, from 0."""
    name: str
    """The named destination; empty where it has none."""
    target: int
    """The number of the page object that it leads to without a name; 0 for none."""
    address: str
    """Where it leads outside the book; empty inside."""
    kind: str
    """``link``, ``outline``, or an action that has no place in a book."""
    label: str = ""
    """What is heard of it (ISO 14289-1, 7.18.5)."""


class PdfLink(NamedTuple):
    """A link annotation or a line of the outline; a book has thousands."""

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


def read_annotations(page: Any, number: int) -> Iterator[Annotation]:
    """Read every link on a page object, which is the page *number* of its part."""
    for annotation in page.get("/Annots", ()):
        if annotation.get("/Subtype") == "/Link":
            yield _annotation(annotation, annotation.objgen[0], number, "link")


def read_outline(document: Any) -> Iterator[tuple[str, Annotation]]:
    """Read the outline of an open PDF, each item with its title, and what else may lead away."""
    yield from _outline(document.Root.get("/Outlines", {}))
    for name in ("/OpenAction", "/AA"):
        if name in document.Root:
            yield "the PDF", Annotation(0, 0, "", 0, "", f"action {name}")


def _outline(parent: Any) -> Iterator[tuple[str, Annotation]]:
    item = parent.get("/First")
    while item is not None:
        yield f"outline `{item['/Title']}`", _annotation(item, 0, 0, "outline")
        yield from _outline(item)
        item = item.get("/Next")


def _annotation(item: Any, number: int, page: int, kind: str) -> Annotation:
    action = item.get("/A", {})
    action_kind = str(action.get("/S", "/GoTo"))
    label = str(item.get("/Contents", ""))
    if action_kind == "/URI":
        return Annotation(number, page, "", 0, str(action["/URI"]), kind, label)
    if action_kind != "/GoTo" or "/AA" in item:
        return Annotation(number, page, "", 0, "", f"action {action_kind}", label)
    target = item.get("/Dest", action.get("/D"))
    if _is_array(target):
        return Annotation(number, page, "", _target(target), "", kind, label)
    return Annotation(number, page, str(target), 0, "", kind, label)


def _target(target: Any) -> int:
    """The number of the page object of an explicit destination, 0 for none."""
    if target is not None and not _is_array(target):
        target = target.get("/D")
    # As it stands there: to ask for the page would have all that is packed with it unpacked.
    array = target.unparse(resolved=True) if _is_array(target) else b""
    first = FIRST_REFERENCE.match(array)
    return int(first[1]) if first else 0


class Finder:
    """Finds the page of a destination, named or not."""

    def __init__(
        self, document: Any, pages: Sequence[int], table: CrossReferences | None = None
    ) -> None:
        """*pages* are the numbers of the page objects, in order; *table* is the file's, if any."""
        root = document.Root
        self._pages = {number: index for index, number in enumerate(pages)}
        tree = root.get("/Names", {}).get("/Dests", {})
        leaves = _plain_leaves(tree, table) if table else None
        found = [*_name_tree(tree, DEPTH)] if leaves is None else leaves
        names = [name for name, _ in found]
        is_sorted = names == sorted(set(names)) and all(map(str.isascii, names))
        self.is_sorted = is_sorted and (leaves is not None or _are_limits_true(tree, DEPTH))
        """Whether each name is found by whoever looks for it as in a sorted tree."""
        self._names = dict(found)
        self._names |= {name: _target(target) for name, target in root.get("/Dests", {}).items()}

    def follow(self, annotation: Annotation, place: str) -> PdfLink:
        """Where *annotation* leads, which stands at *place*."""
        target = annotation.target or self._names.get(annotation.name, 0)
        return PdfLink(
            place,
            annotation.number,
            self._pages.get(target, -1),
            annotation.name,
            annotation.address,
            annotation.kind,
        )


def _is_array(item: Any) -> bool:
    import pikepdf

    return isinstance(item, pikepdf.Array)


Named = tuple[str, int]
"""A name, and the number of the page object that it leads to."""


def _name_tree(node: Any, depth: int) -> Iterator[Named]:
    names = list(node.get("/Names", ()))
    yield from ((str(name), _target(to)) for name, to in zip(names[::2], names[1::2], strict=True))
    for kid in node.get("/Kids", ()) if depth else ():
        yield from _name_tree(kid, depth - 1)


def _are_limits_true(node: Any, depth: int) -> bool:
    """Whether every node says truly which names stand below it."""
    names = [name for name, _ in _name_tree(node, depth)]
    if "/Limits" in node and [*map(str, node["/Limits"])] != [*names[:1], *names[-1:]]:
        return False
    kids = node.get("/Kids", ()) if depth else ()
    return all("/Limits" in kid and _are_limits_true(kid, depth - 1) for kid in kids)


def _plain_leaves(node: Any, table: CrossReferences) -> list[Named] | None:
    """What stands in the leaves below *node*, if all are as we write them; else nothing.

    They are read as they stand in the file: as objects they take ten times as long.
    """
    if "/Kids" not in node or "/Names" in node:
        return None
    found: list[Named] = []
    try:
        for number in references(node["/Kids"].unparse(resolved=True)):
            leaf = LEAF.fullmatch(table.packed(number))
            names = NAMED.findall(leaf["names"]) if leaf else ()
            if not leaf or not names or leaf.group(1, 2) != (names[0][0], names[-1][0]):
                return None
            found += ((name.decode("ascii"), int(number)) for name, number in names)
    except (Unusual, LookupError):
        return None
    return found


def check_pdf_links(
    links: Sequence[PdfLink], tagged: Mapping[int, str], declared: Declared
) -> Iterator[Discrepancy]:
    """Every link leads to a page or a declared address, and is in the tag tree with its text.

    *tagged* are the texts of the links in the tree, by the numbers of their annotations.
    """
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
