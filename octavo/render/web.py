"""The Book as web pages: one to download it from, and one to read it on.

Comes in: the site. Goes out: the text of each page. The one decision: pages are whole without
a script; what is read is the same markup as in the e-book, in one page, so that every turn has
an address.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from octavo.book import Book, Chapter
from octavo.contents import ContentsRow
from octavo.memory import Memory
from octavo.pagemap import Point
from octavo.render import Templates
from octavo.render.catalogue import schema_of
from octavo.render.credits import people
from octavo.render.ebook import PARTS, ContentsItem, book_head, contents_items
from octavo.render.ebooktext import Marks, SectionView, has_head, section_view
from octavo.render.pagebreaks import page_breaks
from octavo.render.pages import head_is_title
from octavo.render.particulars import cited
from octavo.render.site import LANDING, READING, Site

ENDS = ".?!\N{HORIZONTAL ELLIPSIS}"
"""After these no full stop is put."""
SHOWN_HEADINGS = 60
"""A longer contents is shown by its chapters alone, or the page would be slow to come."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody who made the book or speaks in it, as the page names them."""

    name: str
    role: str
    about: str


def render_landing(site: Site) -> str:
    """The page to download the book from."""
    headings = _headings(site.contents)
    shown = headings
    if sum(1 + len(heading.below) for heading in headings) > SHOWN_HEADINGS:
        shown = tuple(replace(heading, below=()) for heading in headings)
    return site.render(
        LANDING,
        credits=_credits(site),
        headings=headings,
        shown_headings=shown if len(shown) <= SHOWN_HEADINGS else (),
        citation=_citation(site.book),
        example=_example(site),
        identity=schema_of(site),
    )


def render_reading(site: Site, memory: Memory) -> str:
    """The text on one page; *memory* keeps its chapters."""
    marks = Marks(site.index.spans(), page_breaks(site.book, site.pagemap))
    return site.render(
        READING,
        chapters=[*_chapters(site, marks, memory)],
        head=book_head(site.book, marks),
        headings=_headings(site.contents),
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


def text_rows(rows: Sequence[ContentsRow]) -> tuple[ContentsRow, ...]:
    """Those of the text, and of the index; what else the contents lists is not on the page."""
    return tuple(row for row in rows if row.anchor not in PARTS or row.anchor == "index")


def _headings(rows: Sequence[ContentsRow]) -> tuple[ContentsItem, ...]:
    """The headings that the page lists."""
    return contents_items(text_rows(rows), "#{}".format)


# What is said of the book ---------------------------------------------------------


def _credits(site: Site) -> tuple[Credit, ...]:
    table, roles = site.book.edition.file, site.templates.words["roles"]
    told = [(speaker.name, speaker.about) for speaker in site.book.speakers]
    told += [(person.name, person.about) for person in table.contributor]
    about = {name: words for name, words in told if words}
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
    return " ".join(part if part[-1] in ENDS else f"{part}." for part in parts if part)


def _example(site: Site) -> Mapping[str, str] | None:
    """How a turn is cited: its speaker, its number, its printed page, and its address."""
    turn = next(site.book.turns(), None)
    if turn is None:
        return None
    folio = site.pagemap.folio(Point(turn.paragraphs[0].id, 0))
    return {"cited": cited(turn, folio, site.templates.words), "href": f"{READING}#{turn.id}"}
