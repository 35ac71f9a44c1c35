"""Package the rendered e-book: manifest, spine and ZIP by EbookLib, the rest as rendered.

Comes in: documents, facts and fonts. Goes out: bytes. The one decision: EbookLib's own
documents, navigation and clock are passed by: its HTML parser drops what it does not
know, and it stamps the archive with the time of day.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any

from ebooklib import epub
from lxml import etree

from octavo.book import Book
from octavo.ebook.archive import Archive, Packed, deflated, stored
from octavo.ebook.metadata import Fact
from octavo.memory import Memory
from octavo.render import Templates
from octavo.render.ebook import COVER_PICTURE, Ebook
from octavo.render.ebooktext import ChapterText, Document
from octavo.render.faces import MoreFaces

FONTS = ("SourceSerif4-Regular", "SourceSerif4-It", "SourceSerif4-Bold")
XHTML = "application/xhtml+xml"
PROPERTIES = {"nav.xhtml": "nav"}
ZLIB = zlib.ZLIB_RUNTIME_VERSION.encode()
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Spine = tuple[tuple[Document, Packed], ...]
"""The documents in reading order, each with what it is packed as."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font, or the licence that goes with it."""

    name: str
    media_type: str
    data: bytes

    @property
    def is_font(self) -> bool:
        return self.media_type.startswith("font/")


def fonts(
    templates: Templates, more: MoreFaces, spine: Spine, memory: Memory
) -> tuple[FontFile, ...]:
    """Read the fonts that the stylesheet names, and their licence.

    Our own are whole, for the licence lets nobody change a font and keep its reserved name; of
    *more*, which have none, what the documents of *spine* show is taken.
    """
    files = {f"{name}.ttf.woff2": _read(templates, f"fonts/{name}.ttf.woff2") for name in FONTS}
    if more.files:
        shown = "".join(sorted(set().union(*(document.text for document, _ in spine))))
    for name in more.files:
        whole = _read(templates, f"fonts/{name.removesuffix('.woff2')}")
        files[name] = memory.recall(
            partial(_subset, whole, shown), b"webfont", whole, shown.encode()
        )
    licence = FontFile("LICENSE.txt", "text/plain", _read(templates, "fonts/LICENSE.md"))
    return (*(FontFile(name, "font/woff2", data) for name, data in files.items()), licence)


def _subset(font: bytes, characters: str) -> bytes:
    """What a TrueType *font* has for *characters*, forms and all, as WOFF2."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    face = TTFont(BytesIO(font), recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=["*"], notdef_outline=True))
    subsetter.populate(text=characters)
    subsetter.subset(face)
    face.flavor = "woff2"
    out = BytesIO()
    face.save(out)
    return out.getvalue()


def pack_spine(ebook: Ebook, memory: Memory) -> Spine:
    """Render and pack what is not known of the text, and pack what stands around it.

    Raises ``lxml.etree.XMLSyntaxError`` for a malformed document.
    """
    text = (
        memory.recall(
            partial(_packed_chapter, one, memory),
            b"packed chapter",
            ZLIB,
            repr(one.folios).encode(),
            *one.made_of,
        )
        for one in ebook.text
    )
    return (
        *((document, _packed(document.text, memory)) for document in ebook.front),
        *chain.from_iterable(text),
        *((document, _packed(document.text, memory)) for document in ebook.back),
    )


def _packed_chapter(text: ChapterText, memory: Memory) -> Spine:
    documents = memory.recall(text.render, b"chapter with slots", *text.made_of)
    return tuple((document, _pack(document.text)) for document in text.fill(documents))


def _packed(text: str, memory: Memory) -> Packed:
    return memory.recall(partial(_pack, text), b"packed document", ZLIB, text.encode())


def _pack(text: str) -> Packed:
    """Pack a document, once it is known to be well-formed."""
    data = text.encode()
    etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return deflated(data)


def package(
    book: Book,
    ebook: Ebook,
    spine: Spine,
    facts: tuple[Fact, ...],
    font_files: tuple[FontFile, ...],
    more: MoreFaces,
    cover: bytes,
    templates: Templates,
    modified: datetime,
    memory: Memory,
) -> bytes:
    """Return the archive. Raises ``lxml.etree.XMLSyntaxError`` for malformed navigation."""
    made = _Book()
    made.metadata.clear()
    made.set_identifier(book.identifier)
    made.set_direction(ebook.direction)
    made.add_metadata("DC", "language", book.language)
    for fact in facts:
        _add_fact(made, fact)
    made.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-picture"})
    for document, packed in spine:
        made.add_item(_xhtml_item(document, packed))
    ncx = _packed(ebook.ncx, memory)
    style = deflated(_style(templates, ebook.direction) + more.css.encode())
    made.add_item(_item("ncx", "contents.ncx", "application/x-dtbncx+xml", ncx))
    made.add_item(_item("cover-picture", COVER_PICTURE, "image/png", stored(cover), "cover-image"))
    made.add_item(_item("style", "book.css", "text/css", style))
    for number, font in enumerate(font_files, start=1):
        packed = stored(font.data) if font.is_font else deflated(font.data)
        made.add_item(_item(f"font-{number}", f"fonts/{font.name}", font.media_type, packed))
    made.spine = [_item_id(document) for document, _ in spine]
    return _write(made, book.language, modified)


def _style(templates: Templates, direction: str) -> bytes:
    turned = ["right-to-left"] if direction == "rtl" else []
    return b"\n".join(_read(templates, f"ebook/{name}.css") for name in ("book", *turned))


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
