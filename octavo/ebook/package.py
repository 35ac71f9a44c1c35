"""Package the rendered e-book: manifest, spine and ZIP by EbookLib, the rest as rendered.

Comes in: documents, facts and fonts. Goes out: bytes. The one decision: EbookLib's own
documents, navigation and clock are passed by: its HTML parser drops what it does not
know, and it stamps the archive with the time of day.
"""

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from ebooklib import epub
from lxml import etree

from octavo.book import Book
from octavo.ebook.metadata import Fact
from octavo.render import Templates
from octavo.render.ebook import COVER_PICTURE, Document, Ebook

FONTS = ("SourceSerif4-Regular", "SourceSerif4-It", "SourceSerif4-Bold")
XHTML = "application/xhtml+xml"
PROPERTIES = {"nav.xhtml": "nav"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can tell: that of every file in the archive."""
UNIX = 3
PLAIN_FILE = 0o100644
ALREADY_PACKED = (".png", ".woff2")


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font, or the licence that goes with it."""

    name: str
    media_type: str
    data: bytes

    @property
    def is_font(self) -> bool:
        return self.media_type.startswith("font/")


def fonts(templates: Templates) -> tuple[FontFile, ...]:
    """Read the fonts that the stylesheet names, unmodified, and their licence."""
    names = [f"{name}.ttf.woff2" for name in FONTS]
    files = [FontFile(name, "font/woff2", _read(templates, f"fonts/{name}")) for name in names]
    licence = FontFile("LICENSE.txt", "text/plain", _read(templates, "fonts/LICENSE.md"))
    return (*files, licence)


def package(
    book: Book,
    ebook: Ebook,
    facts: tuple[Fact, ...],
    font_files: tuple[FontFile, ...],
    cover: bytes,
    templates: Templates,
    modified: datetime,
) -> bytes:
    """Return the archive. Raises ``lxml.etree.XMLSyntaxError`` for a malformed document."""
    made = epub.EpubBook()
    made.metadata.clear()
    made.set_identifier(book.identifier)
    made.set_direction(ebook.direction)
    made.add_metadata("DC", "language", book.language)
    for fact in facts:
        _add_fact(made, fact)
    made.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-picture"})
    for document in ebook.spine:
        made.add_item(_xhtml_item(document))
    made.add_item(_item("ncx", "contents.ncx", "application/x-dtbncx+xml", _xml(ebook.ncx)))
    made.add_item(_item("cover-picture", COVER_PICTURE, "image/png", cover, "cover-image"))
    made.add_item(_item("style", "book.css", "text/css", _read(templates, "ebook/book.css")))
    for number, font in enumerate(font_files, start=1):
        made.add_item(_item(f"font-{number}", f"fonts/{font.name}", font.media_type, font.data))
    made.spine = [_item_id(document) for document in ebook.spine]
    return _write(made, book.language, modified)


def _read(templates: Templates, name: str) -> bytes:
    return templates.find(name).read_bytes()


def _add_fact(made: Any, fact: Fact) -> None:
    attributes = {
        XML_LANG if name == "xml:lang" else name: value for name, value in fact.attributes.items()
    }
    namespace, _, name = fact.name.rpartition(":")
    made.add_metadata(namespace.upper() or None, name, fact.value, attributes)


def _xhtml_item(document: Document) -> Any:
    properties = PROPERTIES.get(document.name, "")
    return _item(_item_id(document), document.name, XHTML, _xml(document.text), properties)


def _item_id(document: Document) -> str:
    return document.name.removesuffix(".xhtml")


def _item(item_id: str, name: str, media_type: str, data: bytes, properties: str = "") -> Any:
    # A plain item is passed through; EbookLib parses and rewrites its own HTML items.
    item = epub.EpubItem(item_id, name, media_type, data)
    item.properties = properties.split()
    return item


def _xml(text: str) -> bytes:
    """Encode a document, once it is known to be well-formed."""
    data = text.encode()
    etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return data


def _write(made: Any, language: str, modified: datetime) -> bytes:
    options = {"mtime": modified.astimezone(UTC), "package_direction": True}
    file = BytesIO()
    _Writer(file, made, options, language).write()
    return file.getvalue()


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer, with the package's language set and an archive without a clock."""

    def __init__(self, file: BytesIO, made: Any, options: dict[str, Any], language: str) -> None:
        super().__init__(file, made, options)
        self._language = language

    def write(self) -> None:
        with _TimelessZip(self.file_name, "w") as self.out:
            self.out.writestr("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        root.set(XML_LANG, self._language)
        # EbookLib declares a prefix that is reserved, and that nothing uses.
        del root.attrib["prefix"]
        super()._write_opf_file(root)


class _TimelessZip(zipfile.ZipFile):
    """A ZIP whose bytes depend on its files' names, contents and order alone."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = str(zinfo_or_arcname)
        info = zipfile.ZipInfo(name, EPOCH)
        info.create_system = UNIX
        info.external_attr = PLAIN_FILE << 16
        if compress_type is None:
            packed = name.endswith(ALREADY_PACKED)
            compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        super().writestr(info, data, compress_type, compresslevel or 9)
