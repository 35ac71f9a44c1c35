"""Objects of a PDF known by all that they are made of.

Comes in: objects of an open file. Goes out: a digest of each, whatever its number in the file.
The one decision: all that an object refers to is in it, streams byte for byte as they stand in
the file, so that what has an equal digest is read alike by whoever reads it.
"""

import re
from collections.abc import Mapping
from typing import Any

from octavo.cache import key_of

REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|\b(\d+) (\d+) R\b", re.DOTALL)
"""A string, in which no reference stands, or a reference."""
OF_ALL_PAGES = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
"""What a page may leave to the nodes above it."""
OTHERS = "/Pages /StructTreeRoot /Names /Dests /Outlines /PageLabels /Metadata /AF /OutputIntents"
OF_OTHER_READERS = frozenset(OTHERS.split())
"""What the catalog tells that no reader of a page's content asks for; all else may matter."""
DEEPEST = 32
NO_NUMBER = (0, 0)
"""Of an object that stands within another."""


class Endless(Exception):
    """An object refers to itself, or nests too deep or where it may not: it has no digest."""


class Digests:
    """The digests of one file's objects, each found once."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._known: dict[tuple[int, int], bytes] = {}
        self._above: dict[tuple[int, int], dict[str, Any]] = {}
        """What pages inherit, by the number of the node above them."""
        self._open: set[tuple[int, int]] = set()

    def above(self, node: Any) -> bytes:
        """The digest of what pages have from *node* above them. Raises ``Endless``."""
        return self._of_items(self._inherited(node))

    def _inherited(self, node: Any) -> dict[str, Any]:
        """What a page below *node* has from it and from the nodes above, the nearest first."""
        number = node.objgen
        if number == NO_NUMBER:
            raise Endless
        if number not in self._above:
            found: dict[str, Any] = {}
            for _ in range(DEEPEST):
                found = {**{key: node[key] for key in OF_ALL_PAGES if key in node}, **found}
                node = node.get("/Parent", {})
            self._above[number] = found
        return self._above[number]

    def catalog(self) -> bytes:
        """The digest of what holds for all pages. Raises ``Endless``."""
        root = self._document.Root
        return self._of_items({key: root[key] for key in root if key not in OF_OTHER_READERS})

    def apart(self, obj: Any, *keys: str) -> bytes:
        """The digest of all of the dictionary *obj* but what its *keys* say. Raises ``Endless``."""
        return self._of_items({key: obj[key] for key in obj if key not in keys})

    def of(self, obj: Any) -> bytes:
        """The digest of *obj*. Raises ``Endless``."""
        number = getattr(obj, "objgen", NO_NUMBER)
        if number == NO_NUMBER:
            return self._read(obj)
        if number in self._open or len(self._open) > DEEPEST:
            raise Endless
        if number not in self._known:
            self._open.add(number)
            try:
                self._known[number] = self._read(obj)
            finally:
                self._open.remove(number)
        return self._known[number]

    def _of_items(self, items: Mapping[str, Any]) -> bytes:
        import pikepdf

        return self._read(pikepdf.Dictionary(items))

    def _read(self, obj: Any) -> bytes:
        import pikepdf

        if not isinstance(obj, pikepdf.Object):
            # A number, a truth or nothing.
            return key_of(repr(obj).encode()).encode()
        if isinstance(obj, pikepdf.Stream):
            return key_of(self._follow(obj.stream_dict), obj.read_raw_bytes()).encode()
        return key_of(self._follow(obj)).encode()

    def _follow(self, obj: Any) -> bytes:
        """What stands in *obj*, with digests in place of references."""
        return REFERENCE.sub(self._digest_of, obj.unparse(resolved=True))

    def _digest_of(self, match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        # No brace stands outside a string here, so that this is told from all else.
        return b"{%b}" % self.of(self._document.get_object(int(match[1]), int(match[2])))
