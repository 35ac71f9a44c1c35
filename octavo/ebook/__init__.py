"""The e-book: an EPUB 3.3 whose bytes depend on the book alone.

Comes in: the Book, its index and the page map of its print. Goes out: the finished
file. The one decision: EbookLib writes the package and nothing else; every document
in it was rendered whole before. EbookLib and lxml are imported only when one is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from octavo.memory import Memory

if TYPE_CHECKING:
    from octavo.book import Book
    from octavo.contents import ContentsRow
    from octavo.index import Index
    from octavo.pagemap import PageMap
    from octavo.render import Templates
    from octavo.render.ebooktext import Document
    from octavo.render.particulars import Matter


@dataclass(frozen=True, slots=True)
class MadeEbook:
    """The finished file, and the documents that it holds."""

    data: bytes
    spine: tuple["Document", ...]
    """In reading order."""
    fonts: tuple[bytes, ...]
    """The font files that it embeds."""


def make_ebook(
    book: "Book",
    index: "Index",
    pagemap: "PageMap",
    contents: Sequence["ContentsRow"],
    matter: "Matter",
    templates: "Templates",
    modified: datetime,
    pdf_identifier: str,
    cover: bytes,
    memory: Memory | None = None,
) -> MadeEbook:
    """Make the EPUB; *pdf_identifier* names the PDF whose pages it marks, *cover* is a PNG.

    *memory* keeps the documents of each chapter, rendered and packed. Raises
    ``lxml.etree.XMLSyntaxError`` when a document is not well-formed: a template is at fault,
    or a character that XML bans was let in.
    """
    from octavo.ebook.metadata import metadata
    from octavo.ebook.package import fonts, pack_spine, package
    from octavo.render.credits import cover_names
    from octavo.render.ebook import render_ebook
    from octavo.render.faces import more_faces

    memory = memory or Memory(None)
    names = cover_names(book)
    ebook = render_ebook(templates, book, index, pagemap, contents, matter, names, memory)
    facts = metadata(book, ebook, templates.words, pdf_identifier)
    more = more_faces(templates, book, "fonts/")
    spine = pack_spine(ebook, memory)
    embedded = fonts(templates, more, spine, memory)
    data = package(book, ebook, spine, facts, embedded, more, cover, templates, modified, memory)
    return MadeEbook(
        data,
        tuple(document for document, _ in spine),
        tuple(font.data for font in embedded if font.is_font),
    )
