"""The Book as web pages: one to download it from, one to read it on, and feeds of both.

Comes in: the Book, what was made of it, and the files that were made. Goes out: the text of
each page. The one decision: pages are whole without a script; what is read is the same markup
as in the e-book, in one page, so that every turn has an address.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Any
from urllib.parse import urljoin

from markupsafe import Markup

from octavo.book import Book, Chapter
from octavo.contents import ContentsRow
from octavo.index import Index
from octavo.memory import Memory
from octavo.pagemap import PageMap, Point
from octavo.render import Templates
from octavo.render.credits import Person, people
from octavo.render.ebook import PARTS, book_head
from octavo.render.ebooktext import Marks, SectionView, has_head, look_of, section_view
from octavo.render.pagebreaks import page_breaks
from octavo.render.pages import head_is_title
from octavo.render.particulars import Matter

LANDING, READING, FEED, PUBLICATIONS = "index.html", "read.html", "opds.xml", "opds.json"
SHOWN_HEADINGS = 60
"""A longer contents is shown by its chapters alone, or the page would be slow to come."""


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
    def shown_size(self) -> str:
        return f"{self.size / 1024:,.0f} KB"


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of the cover."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody who made the book or speaks in it, as the page names them."""

    name: str
    role: str
    about: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents, and the lines below it."""

    heading: str
    href: str
    below: tuple["Heading", ...] = ()


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
        return urljoin(self.url, name)


def render_landing(site: Site) -> str:
    """The page to download the book from."""
    headings = _headings(site.contents)
    rows = sum(1 + len(heading.below) for heading in headings)
    if rows > SHOWN_HEADINGS:
        headings = tuple(Heading(heading.heading, heading.href) for heading in headings)
    return _render(
        site,
        LANDING,
        credits=_credits(site),
        headings=headings if len(headings) <= SHOWN_HEADINGS else (),
        citation=_citation(site.book),
        example=_example(site),
        identity=schema_of(site),
    )


def render_reading(site: Site, memory: Memory) -> str:
    """The text on one page; *memory* keeps its chapters."""
    marks = Marks(site.index.spans(), page_breaks(site.book, site.pagemap))
    return _render(
        site,
        READING,
        chapters=[*_chapters(site, marks, memory)],
        head=book_head(site.book, marks),
        headings=_headings(site.contents),
    )


def _render(site: Site, name: str, **data: Any) -> str:
    look = look_of(site.book)
    return site.templates.render(
        f"web/{name}",
        book=site.book,
        direction=look.direction,
        voices=look.voices,
        index=site.index,
        matter=site.matter,
        downloads=site.downloads,
        cover=site.cover,
        site=site,
        **data,
    )


# The text ---------------------------------------------------------------------


def _chapters(site: Site, marks: Marks, memory: Memory) -> Iterator[Markup]:
    templates, on_title = site.templates, head_is_title(site.book)
    around = repr(on_title).encode()
    for chapter in site.book.chapters:
        yield memory.recall(
            partial(_chapter, templates, chapter, marks, on_title=on_title),
            b"chapter of the web page",
            templates.digest,
            around,
            chapter.digest,
            marks.within(chapter),
        )


def _chapter(templates: Templates, chapter: Chapter, marks: Marks, *, on_title: bool) -> Markup:
    with_head = has_head(chapter, head_on_title=on_title)
    sections: list[SectionView] = [
        section_view(chapter, section, marks, with_head=with_head) for section in chapter.sections
    ]
    text = templates.render("web/chapter.html", chapter=chapter, sections=sections)
    return Markup(text)  # noqa: S704 - Jinja escaped it


def _headings(rows: Sequence[ContentsRow]) -> tuple[Heading, ...]:
    """The headings of the text, and the index; what else the contents lists is not here."""
    found: list[Heading] = []
    for row in rows:
        if row.anchor in PARTS and row.anchor != "index":
            continue
        heading = Heading(row.heading, f"#{row.anchor}")
        if row.level == 1 or not found:
            found.append(heading)
        else:
            above = found.pop()
            found.append(Heading(above.heading, above.href, (*above.below, heading)))
    return tuple(found)


# What is said of the book ---------------------------------------------------------


def _credits(site: Site) -> tuple[Credit, ...]:
    table, roles = site.book.edition.file, site.templates.words["roles"]
    about = {person.name: person.about for person in table.contributor}
    about |= {speaker.name: speaker.about for speaker in site.book.speakers}
    return tuple(
        Credit(person.name, roles.get(person.role, person.role), about.get(person.name, ""))
        for person in people(site.book)
    )


def _citation(book: Book) -> str:
    """The book as a list of references names it, by what the edition says."""
    table = book.edition.file.book
    names = ", ".join(person.name for person in people(book))
    title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    made = ", ".join(fact for fact in (table.publisher, table.date) if fact)
    parts = (names, title, table.series, made, book.identifier)
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _example(site: Site) -> Mapping[str, str] | None:
    """How a turn is cited: its speaker, its number, its printed page, and its address."""
    turn = next(site.book.turns(), None)
    if turn is None:
        return None
    words = site.templates.words
    folio = site.pagemap.folio(Point(turn.paragraphs[0].id, 0))
    number = turn.id.rpartition("t")[2]
    cited = f"{turn.speaker.short_name}, {words['turn']} {number}, {words['page']} {folio}"
    return {"cited": cited, "href": f"{READING}#{turn.id}"}


def render_feed(site: Site) -> str:
    """The catalogue of the book as an Atom feed (OPDS 1.2)."""
    return _render(
        site,
        FEED,
        creators=[person for person in people(site.book) if person.creates],
        others=[person for person in people(site.book) if not person.creates],
        table=site.book.edition.file.book,
        updated=stamp_of(site.book),
    )


def stamp_of(book: Book) -> str:
    """When the edition was made, as feeds write it (RFC 3339)."""
    return book.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_publications(site: Site) -> str:
    """The catalogue of the book as JSON (OPDS 2.0)."""
    book = site.book
    facts = {
        "@type": "http://schema.org/Book",
        "identifier": book.identifier,
        "title": book.title,
        "subtitle": book.subtitle,
        "author": [{"name": person.name} for person in people(book) if person.creates],
        "contributor": [{"name": person.name} for person in people(book) if not person.creates],
        "language": book.language,
        "modified": stamp_of(book),
        "published": book.edition.file.book.date,
        "publisher": book.edition.file.book.publisher,
        "numberOfPages": next((one.pages for one in site.downloads if one.pages), 0),
        "description": site.templates.words["about_book"],
    }
    cover = site.cover
    images = (
        [
            {
                "href": site.address(cover.name),
                "type": "image/png",
                "width": cover.width,
                "height": cover.height,
            }
        ]
        if cover
        else []
    )
    catalogue = {
        "metadata": {"title": book.title},
        "links": [
            {"rel": "self", "href": site.address(PUBLICATIONS), "type": "application/opds+json"}
        ],
        "publications": [
            {
                "metadata": {name: value for name, value in facts.items() if value},
                "links": [
                    {
                        "rel": "http://opds-spec.org/acquisition/open-access",
                        "href": site.address(one.name),
                        "type": one.media_type,
                    }
                    for one in site.downloads
                ],
                "images": images,
            }
        ],
    }
    return json.dumps(catalogue, ensure_ascii=False, indent=1) + "\n"


def schema_of(site: Site) -> dict[str, object]:
    """What search engines are told of the book (schema.org), in JSON-LD."""
    book, table = site.book, site.book.edition.file.book
    creators = [person for person in people(book) if person.creates]
    others = [person for person in people(book) if not person.creates]
    pages = next((one.pages for one in site.downloads if one.pages), 0)
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": book.title,
        "alternativeHeadline": book.subtitle,
        "author": [*map(_schema_of_person, creators)],
        "contributor": [*map(_schema_of_person, others)],
        "inLanguage": book.language,
        "identifier": book.identifier,
        "isbn": table.isbn.replace("-", ""),
        "datePublished": table.date,
        "publisher": {"@type": "Organization", "name": table.publisher} if table.publisher else "",
        "copyrightNotice": table.rights,
        "numberOfPages": pages,
        "image": site.address(site.cover.name) if site.cover else "",
        "url": site.url,
        "encoding": [
            {
                "@type": "MediaObject",
                "contentUrl": site.address(one.name),
                "encodingFormat": one.media_type,
                "contentSize": str(one.size),
                "sha256": one.sha256,
            }
            for one in site.downloads
        ],
    }
    return {name: value for name, value in facts.items() if value}


def _schema_of_person(person: Person) -> dict[str, str]:
    return {"@type": "Person", "name": person.name}
