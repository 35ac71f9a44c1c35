"""The finished EPUB, opened as a reading system opens it: container, package, spine.

Comes in: the bytes. Goes out: every document parsed, with its path in the archive. The
one decision: nothing is taken from what wrote it; all paths are resolved here again.
"""

from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from octavo.proof.markup import lines_of

CONTAINER = "META-INF/container.xml"
XHTML = "application/xhtml+xml"
MARKUP = frozenset((XHTML, "application/x-dtbncx+xml", "image/svg+xml"))
NAMESPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
}


@dataclass(frozen=True)
class Publication:
    """An EPUB, read."""

    files: dict[str, bytes]
    """By path in the archive."""
    package: str
    """The path of the package document."""
    media_types: dict[str, str]
    """Of every manifest item, by path in the archive."""
    spine: tuple[str, ...]
    """Paths in the archive, in reading order."""
    trees: dict[str, Any]
    """The parsed XML documents of the manifest, by path."""
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def lines(self, path: str) -> tuple[str, ...]:
        """The text of a document, a line for each block."""
        if path not in self._lines:
            self._lines[path] = lines_of(self.trees[path])
        return self._lines[path]

    def resolve(self, href: str, base: str) -> tuple[str, str]:
        """Return path in the archive and fragment of *href*, found in the file *base*."""
        path, _, fragment = href.partition("#")
        return resolve(path, base) if path else base, unquote(fragment)

    def relative(self, path: str) -> str:
        """The path of a file as the package document writes it."""
        folder = dirname(self.package)
        return path.removeprefix(f"{folder}/") if folder else path


def open_epub(data: bytes) -> Publication:
    """Read an EPUB. Raises ``KeyError`` or ``XMLSyntaxError`` where it is none."""
    from lxml import etree

    with ZipFile(BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    container: Any = etree.fromstring(files[CONTAINER])
    package = str(container.find(".//c:rootfile", NAMESPACES).get("full-path"))
    opf: Any = etree.fromstring(files[package])
    paths: dict[str, str] = {}
    media_types: dict[str, str] = {}
    for item in opf.iterfind("opf:manifest/opf:item", NAMESPACES):
        path = resolve(item.get("href"), package)
        paths[item.get("id")] = path
        media_types[path] = item.get("media-type")
    return Publication(
        files=files,
        package=package,
        media_types=media_types,
        spine=tuple(
            paths[item.get("idref")] for item in opf.iterfind("opf:spine/opf:itemref", NAMESPACES)
        ),
        trees={
            path: etree.fromstring(files[path])
            for path, media_type in media_types.items()
            if media_type in MARKUP and path in files
        },
    )


def resolve(href: str, base: str) -> str:
    """Return the path in the archive of *href* as the file *base* writes it."""
    return normpath(join(dirname(base), unquote(href)))
