"""Package the rendered e-book: manifest, spine and ZIP by EbookLib, the rest as rendered.

Comes in: documents, facts and fonts. Goes out: bytes. The one decision: EbookLib's own
documents, navigation and clock are passed by: its HTML parser drops what it does not
know, and it stamps the archive with the time of day.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import Any

from ebooklib import epub
from lxml import etree

from octavo.book import Book
from octavo.ebook.archive import Archive, Packed, deflated, stored
from octavo.ebook.metadata import Fact
from octavo.memory import Memory
from octavo.render import Templates
from octavo.render.ebook import COVER_PICTURE, Ebook
from octavo.render.ebooktext import Document

FONTS = ("SourceSerif4-Regular", "SourceSerif4-It", "SourceSerif4-Bold")
XHTML = "application/xhtml+xml"
PROPERTIES = {"nav.xhtml": "nav"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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
    memory: Memory,
) -> bytes:
    """Return the archive. Raises ``lxml.etree.XMLSyntaxError`` for a malformed document."""
    made = _Book()
    made.metadata.clear()
    made.set_identifier(book.identifier)
    made.set_direction(ebook.direction)
    made.add_metadata("DC", "language", book.language)
    for fact in facts:
        _add_fact(made, fact)
    made.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-picture"})
    for document, packed in zip(ebook.spine, _all_packed(ebook.spine, memory), strict=True):
        made.add_item(_xhtml_item(document, packed))
    (ncx,) = _packed((ebook.ncx,), memory)
    style = deflated(_read(templates, "ebook/book.css"))
    made.add_item(_item("ncx", "contents.ncx", "application/x-dtbncx+xml", ncx))
    made.add_item(_item("cover-picture", COVER_PICTURE, "image/png", stored(cover), "cover-image"))
    made.add_item(_item("style", "book.css", "text/css", style))
    for number, font in enumerate(font_files, start=1):
        packed = stored(font.data) if font.is_font else deflated(font.data)
        made.add_item(_item(f"font-{number}", f"fonts/{font.name}", font.media_type, packed))
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


def _xhtml_item(document: Document, packed: Packed) -> Any:
    properties = PROPERTIES.get(document.name, "")
    return _item(_item_id(document), document.name, XHTML, packed, properties)


def _item_id(document: Document) -> str:
    return document.name.removesuffix(".xhtml")


def _item(item_id: str, name: str, media_type: str, packed: Packed, properties: str = "") -> Any:
    # A plain item is passed through; EbookLib parses and rewrites its own HTML items.
    item = epub.EpubItem(item_id, name, media_type, packed)
    item.properties = properties.split()
    return item


def _all_packed(documents: Sequence[Document], memory: Memory) -> Iterator[Packed]:
    """Pack *documents*: those of a chapter are kept together, what stands around them alone."""
    for _, group in groupby(documents, lambda document: document.chapter or document.name):
        yield from _packed([document.text for document in group], memory)


def _packed(texts: Sequence[str], memory: Memory) -> tuple[Packed, ...]:
    data = [text.encode() for text in texts]
    around = (b"packed documents", zlib.ZLIB_RUNTIME_VERSION.encode())
    return memory.recall(partial(_pack, data), *around, *data)


def _pack(documents: Sequence[bytes]) -> tuple[Packed, ...]:
    """Pack documents that are known to be well-formed."""
    for data in documents:
        etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return tuple(map(deflated, documents))


def _write(made: Any, language: str, modified: datetime) -> bytes:
    options = {"mtime": modified.astimezone(UTC), "package_direction": True}
    file = BytesIO()
    _Writer(file, made, options, language).write()
    return file.getvalue()


class _Book(epub.EpubBook):  # type: ignore[misc]
    """EbookLib's book, which need not look through all of its items to find one."""

    def __init__(self) -> None:
        super().__init__()
        self._by_id: dict[str, Any] = {}

    def add_item(self, item: Any) -> Any:
        self._by_id.setdefault(item.id, item)
        return super().add_item(item)

    def get_item_with_id(self, uid: str) -> Any:
        return self._by_id.get(uid)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer, with the package's language set and an archive without a clock."""

    def __init__(self, file: BytesIO, made: Any, options: dict[str, Any], language: str) -> None:
        super().__init__(file, made, options)
        self._language = language

    def write(self) -> None:
        with Archive(self.file_name, "w") as self.out:
            self.out.writestr("mimetype", stored(b"application/epub+zip"))
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        root.set(XML_LANG, self._language)
        # EbookLib declares a prefix that is reserved, and that nothing uses.
        del root.attrib["prefix"]
        super()._write_opf_file(root)
