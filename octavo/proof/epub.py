"""The finished EPUB, opened as a reading system opens it: container, package, spine.

Comes in: the bytes. Goes out: every file, and its path in the archive. The one decision:
nothing is taken from what wrote it; all paths are resolved here again.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

CONTAINER = "META-INF/container.xml"
XHTML = "application/xhtml+xml"
MARKUP = frozenset((XHTML, "application/x-dtbncx+xml", "image/svg+xml"))
NAMESPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
}


@dataclass(frozen=True, slots=True)
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

    def markup(self) -> tuple[str, ...]:
        """The paths of all XML documents of the manifest."""
        return tuple(
            path
            for path, media_type in self.media_types.items()
            if media_type in MARKUP and path in self.files
        )

    def parse(self, path: str) -> Any:
        """Parse an XML document. Raises ``XMLSyntaxError`` where it is none."""
        from lxml import etree

        return etree.fromstring(self.files[path])

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
    )


# A book has many links and few files.
@lru_cache(maxsize=4096)
def resolve(href: str, base: str) -> str:
    """Return the path in the archive of *href* as the file *base* writes it."""
    return normpath(join(dirname(base), unquote(href)))
