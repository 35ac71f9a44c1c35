"""What the pages and feeds of a book's site are made of.

Comes in: the Book, what was made of it, and the files that were made. Goes out: one record for
all templates of the site. The one decision: addresses are relative, so that the folder may lie
anywhere, until the edition says where it will.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from octavo.book import Book
from octavo.contents import ContentsRow
from octavo.index import Index
from octavo.pagemap import PageMap
from octavo.render import Templates
from octavo.render.ebooktext import voices_of
from octavo.render.particulars import Matter

LANDING, READING, FEED, PUBLICATIONS = "index.html", "read.html", "opds.xml", "opds.json"


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the page offers."""

    kind: str
    """``pdf`` or ``epub``."""
    name: str
    media_type: str
    size: int
    """In bytes."""
    sha256: str
    pages: int = 0
    """0 where it has no pages of its own."""

    @property
    def href(self) -> str:
        """Its address, as seen from the pages."""
        return _address(self.name)

    @property
    def shown_size(self) -> str:
        return f"{self.size / 1024:,.0f} KB"


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of the cover."""

    name: str
    width: int
    height: int

    @property
    def href(self) -> str:
        """Its address, as seen from the pages."""
        return _address(self.name)


@dataclass(frozen=True, slots=True)
class Site:
    """All that the pages are made of."""

    book: Book
    index: Index
    pagemap: PageMap
    contents: Sequence[ContentsRow]
    matter: Matter
    templates: Templates
    downloads: tuple[Download, ...]
    cover: Picture | None

    @property
    def url(self) -> str:
        """Where the pages will stand; empty where the edition does not say."""
        url = self.book.edition.file.web.url
        return url if not url or url.endswith("/") else f"{url}/"

    def address(self, name: str) -> str:
        """The address of a file: absolute where ``web.url`` is given."""
        return urljoin(self.url, _address(name))

    @property
    def pages(self) -> int:
        """Those of the PDF; 0 where none is offered."""
        return next((one.pages for one in self.downloads if one.pages), 0)

    def render(self, name: str, **data: Any) -> str:
        """Render the page or feed *name* with what all of them need."""
        return self.templates.render(
            f"web/{name}",
            book=self.book,
            cover=self.cover,
            downloads=self.downloads,
            index=self.index,
            matter=self.matter,
            site=self,
            voices=voices_of(self.book),
            **data,
        )


def _address(name: str) -> str:
    """The address of a file beside the page."""
    return quote(name, safe="")
