"""Where the parts of a finished PDF stand: their pages, their objects, and their tags.

Comes in: the open file, and what must be in it. Goes out: a place a part, known by the digest
of all its objects where these can be told from those of others. The one decision: what parts
share is found first, and a part that refers to nothing else is what its own objects make of it.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from octavo.cache import key_of
from octavo.proof.crossref import CrossReferences, Unusual, numbers_in
from octavo.proof.declared import INDEX
from octavo.proof.digests import Digests, Endless
from octavo.proof.fonts import Face
from octavo.proof.outcome import Discrepancy
from octavo.proof.pdffont import Fonts
from octavo.proof.pdftext import versions
from octavo.proof.tagtext import PROOF as TAGS
from octavo.proof.tagtree import first_page, group, top_elements
from octavo.proof.wanted import Wanted


@dataclass(slots=True)
class Place:
    """Where a part stands in the file."""

    first: int
    """The index of its first page."""
    pages: Sequence[int]
    """The numbers of its pages."""
    known: bytes = b""
    """The digest of all its objects; empty where they cannot be told from those of others."""
    known_moved: bytes = b""
    """The digest of all but its folios."""
    own: range = range(0)
    """The numbers of its objects."""
    folios: int = 0
    """The first of those that only its folios are drawn by."""
    elements: list[int] = field(default_factory=list)
    """The numbers of the elements at the top of its tags."""


class Places:
    """The places of all parts of one file."""

    def __init__(
        self, pdf: bytes, document: Any, wanted: Sequence[Wanted], faces: Mapping[str, Face]
    ) -> None:
        self._pdf, self._document, self._faces = pdf, document, faces
        self._names = [one.part.name for one in wanted]
        self._digests = Digests(document)
        self.fonts = Fonts(self._digests)
        self.numbers = page_numbers(document)
        """Of the page objects, in order."""
        self._found = [*_places(self.numbers, wanted)]
        self._shared: dict[int, bytes] = {}
        """The digests of what parts may refer to outside themselves, by number."""
        self.around = b""
        """The digest of what all parts share, and of who reads."""
        self.table: CrossReferences | None = None
        """Where the file's objects stand, if that can be told."""
        self.disorder: list[Discrepancy] = []
        """Parts whose tags do not stand in the order of their pages."""
        if wanted:
            self._find_places()
            self._find_elements()

    def __iter__(self) -> Iterator[Place]:
        return iter(self._found)

    def __getitem__(self, at: int) -> Place:
        return self._found[at]

    def is_closed(self, numbers: range, place: Place) -> bool:
        """Whether the objects with these *numbers* refer to what the part and the book have."""
        return self.table is not None and self.table.is_closed(numbers, place.own, self._shared)

    def _find_places(self) -> None:
        """Tell each part by a digest, as far as its objects are told from those of others."""
        # A file that had to be mended to be read may be mended otherwise by another reader.
        if self._document.get_warnings():
            return
        try:
            table = CrossReferences(self._pdf, self._document)
            self.around = self._find_shared()
        except (Unusual, Endless, KeyError, TypeError, ValueError):
            return
        firsts = sorted(place.pages[0] for place in self._found)
        for place in self._found:
            start = place.pages[0]
            after = firsts.index(start) + 1
            end = min(table.end(start), *firsts[after : after + 1], len(self._pdf))
            if self._is_in_a_run(place):
                place.own = range(start, end)
                place.folios = min(end, table.last_stream(place.own) + 1)
                place.known_moved = table.digest(range(start, place.folios))
                place.known = table.digest(range(place.folios, end), place.known_moved)
        self.table = table

    def _is_in_a_run(self, place: Place) -> bool:
        """Whether the pages have numbers in a row; a blank one may stand behind them."""
        run = range(place.pages[0], place.pages[0] + len(place.pages))
        *_, last = place.pages
        return [*place.pages] == [*run] or (
            [*place.pages[:-1]] == [*run[:-1]]
            and not {"/Contents", "/Annots"} & set(self._document.get_object(last, 0).keys())
        )

    def _find_shared(self) -> bytes:
        """Find what parts share; return the digest of it, and of who reads."""
        root = self._document.Root
        tree = root.StructTreeRoot
        digests = self._digests
        for number in range(1, min(place.pages[0] for place in self._found)):
            found = self._document.get_object(number, 0)
            if found is not None and "/DescendantFonts" in found:
                self._shared[number] = digests.of(found)
                self.fonts.read(found)
            elif found is not None and "/S" in found and group(found) is not None:
                self._shared[number] = digests.apart(found, "/K", "/P")
        self._shared[root.Pages.objgen[0]] = digests.above(root.Pages)
        self._shared[top_elements(tree)[0].objgen[0]] = digests.of(tree.get("/RoleMap"))
        faces = [face.digest for face in self._faces.values()]
        return key_of(
            versions(), digests.catalog(), repr((sorted(self._shared.items()), faces)).encode()
        ).encode()

    def _find_elements(self) -> None:
        """Find the part of each element at the top of the tags, or in the one around the index."""
        indices = {number: at for at, place in enumerate(self._found) for number in place.pages}
        owned = {number: at for at, place in enumerate(self._found) for number in place.own}
        before = 0
        for number, grouped in self._elements_in_order(owned):
            at = owned.get(number)
            if at is None:
                at = indices.get(first_page(self._document.get_object(number, 0)), before)
            self._found[at].elements.append(number)
            if at < before:
                self._tell(at, "before what is behind it", "after")
            if grouped != (self._names[at] == INDEX):
                self._tell(at, "an index, and nothing else, in the element around it", "another")
            before = at

    def _tell(self, at: int, expected: str, found: str) -> None:
        self.disorder.append(Discrepancy(TAGS, self._names[at], expected, found))

    def _elements_in_order(self, owned: Container[int]) -> Iterator[tuple[int, bool]]:
        """The numbers of the elements at the top, and of those in one around several parts there.

        With each goes whether it stands in such a one.
        """
        around, kids = top_elements(self._document.Root.StructTreeRoot)
        self._check_not_replaced(around)
        groups = 0
        for number in kids:
            element = self._document.get_object(number, 0) if number not in owned else None
            inside = group(element)
            if inside is None or groups:
                yield number, False
                continue
            groups += 1
            for kid in inside:
                yield kid, True

    def _check_not_replaced(self, element: Any) -> None:
        if "/ActualText" in element:
            said = str(element["/ActualText"])
            self.disorder.append(
                Discrepancy(TAGS, "the tag tree", "no text but what is drawn", said)
            )


def page_numbers(document: Any) -> list[int]:
    """The numbers of the page objects, in order."""
    root = document.Root.Pages
    kids = numbers_in(root.Kids) or []
    if len(kids) == int(root.Count):
        # None of them is a node with pages below it.
        return kids
    return [page.obj.objgen[0] for page in document.pages]


def _places(numbers: Sequence[int], wanted: Sequence[Wanted]) -> Iterator[Place]:
    first = 0
    for one in wanted:
        yield Place(first, numbers[first : first + one.part.pages])
        first += one.part.pages
