"""The finished EPUB, opened as a reading system opens it: container, package, spine.

Comes in: the bytes. Goes out: every file, and its path in the archive. The one decision:
nothing is taken from what wrote it; all paths are resolved here again.
"""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from posixpath import dirname, join, normpath
from struct import Struct
from typing import Any
from urllib.parse import unquote
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

CONTAINER = "META-INF/container.xml"
XHTML = "application/xhtml+xml"
MARKUP = frozenset((XHTML, "application/x-dtbncx+xml", "image/svg+xml"))
NAMESPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
}
HEADER = Struct("<4s2xHH4xLLLHH")
"""Before each file in a ZIP: signature, flags, method, CRC-32, sizes, lengths of what follows."""
SIGNATURE = b"PK\x03\x04"
IN_UTF_8 = 0x800
RAW = -15
"""The whole window of zlib, and no header of its own."""


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
    """Read an EPUB. Raises ``BadZipFile``, ``KeyError`` or ``XMLSyntaxError`` where it is none."""
    from lxml import etree

    with ZipFile(BytesIO(data)) as archive:
        files = {info.filename: _unpacked(data, info) for info in archive.infolist()}
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


def _unpacked(data: bytes, info: ZipInfo) -> bytes:
    """The file that the archive *data* lists as *info*, which its own header must tell too.

    Several times as quick as ``ZipFile.read``, and some books have thousands of files.
    """
    at = info.header_offset + HEADER.size
    *told, name_size, extra = HEADER.unpack_from(data, info.header_offset)
    begin = at + name_size + extra
    listed = [
        SIGNATURE,
        info.flag_bits & IN_UTF_8,
        info.compress_type,
        info.CRC,
        info.compress_size,
        info.file_size,
    ]
    if told != listed or data[at : at + name_size] != info.orig_filename.encode():
        raise BadZipFile(f"two headers for {info.filename}")
    packed = data[begin : begin + info.compress_size]
    stored = info.compress_type == ZIP_STORED
    content = packed if stored else zlib.decompress(packed, RAW, info.file_size)
    if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise BadZipFile(f"what is packed as {info.filename} is not what it was")
    return content


# A book has many links and few files.
@lru_cache(maxsize=4096)
def resolve(href: str, base: str) -> str:
    """Return the path in the archive of *href* as the file *base* writes it."""
    return normpath(join(dirname(base), unquote(href)))
