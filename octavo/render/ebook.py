"""The Book as XHTML for the e-book: one document a section, and the parts around them.

Comes in: Book, index, page map and what stands around the text. Goes out: documents in
reading order and the navigation, and how to render the text. The one decision: every
document is whole and final here; the package room adds nothing to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from octavo.book import Book
from octavo.contents import ContentsRow
from octavo.direction import direction_of
from octavo.index import Index, IndexEntry
from octavo.memory import Memory
from octavo.pagemap import PageMap, Point
from octavo.render import Templates
from octavo.render.ebooktext import (
    ChapterText,
    Document,
    HeadView,
    Marks,
    has_head,
    render_text,
    voices_of,
)
from octavo.render.pagebreaks import Breaks, page_breaks
from octavo.render.pages import head_is_title, interviewees
from octavo.render.particulars import Matter

FRONT = ("title", "imprint", "contents", "participants", "note")
NAV = "nav.xhtml"
NCX = "contents.ncx"
COVER_PICTURE = "cover.png"


@dataclass(frozen=True, slots=True)
class ContentsItem:
    """A heading of the contents, where it leads to, and the headings below it."""

    anchor: str
    heading: str
    href: str
    below: tuple["ContentsItem", ...] = ()


@dataclass(frozen=True, slots=True)
class PageItem:
    """A printed page and where it begins."""

    folio: str
    href: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """A key place; ``kind`` is its ``epub:type``."""

    kind: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Ebook:
    """All that is rendered of the e-book."""

    front: tuple[Document, ...]
    """In reading order, the contents (``nav.xhtml``) among them."""
    text: tuple[ChapterText, ...]
    back: tuple[Document, ...]
    ncx: str
    direction: str
    """``ltr`` or ``rtl``."""
    pages: tuple[PageItem, ...]
    """The printed pages of the text, in order."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A document around the text: the word that is its title, where it stands, its landmark."""

    file: str
    title: str
    division: str
    landmark: str = ""


PARTS = {
    "cover": _Part("cover.xhtml", "cover", "frontmatter", "cover"),
    "title": _Part("title.xhtml", "title_page", "frontmatter", "titlepage"),
    "imprint": _Part("imprint.xhtml", "imprint", "frontmatter"),
    "contents": _Part(NAV, "contents", "frontmatter", "toc"),
    "participants": _Part("participants.xhtml", "participants", "frontmatter"),
    "note": _Part("note.xhtml", "note", "frontmatter"),
    "index": _Part("index.xhtml", "index", "backmatter", "index"),
    "colophon": _Part("colophon.xhtml", "colophon", "backmatter", "colophon"),
}


def render_ebook(
    templates: Templates,
    book: Book,
    index: Index,
    pagemap: PageMap,
    contents: Sequence[ContentsRow],
    matter: Matter,
    names: Sequence[str],
    memory: Memory,
) -> Ebook:
    """Render the e-book but for its text; *names* are those of the people on its cover.

    *contents* may list the parts of ``PARTS``, chapters and sections. *memory* keeps documents
    that are long.
    """
    places = _Places(book)
    marks = Marks(index.spans(), page_breaks(book, pagemap))
    front = _front_parts(book)
    back = ("index", "colophon") if index.groups else ("colophon",)
    items = contents_items(_with_text(contents, book), places.of_heading)
    pages = tuple(_page_items(marks.breaks, places))
    writer = _Writer(
        templates,
        memory,
        book=book,
        contents=items,
        head=book_head(book, marks),
        index=index,
        interviewees=interviewees(book),
        landmarks=_landmarks(front, back, places, templates.words),
        link=places.of_point,
        matter=matter,
        cover_names=names,
        cover_picture=COVER_PICTURE,
        pages=pages,
    )
    return Ebook(
        front=tuple(writer.part(part) for part in front),
        text=tuple(render_text(templates, book, marks)),
        back=tuple(writer.part(part) for part in back),
        ncx=writer.render(NCX, depth=2 if any(item.below for item in items) else 1),
        direction=direction_of(book.language),
        pages=pages,
    )


def _front_parts(book: Book) -> tuple[str, ...]:
    """The parts before the text, those that the edition chose or all; always a contents."""
    chosen = [part.strip() for page in book.edition.file.book.front for part in page.split("+")]
    parts = ["cover", *(chosen or FRONT)]
    return tuple(parts if "contents" in parts else [*parts, "contents"])


class _Places:
    """In which file each part, chapter, section and paragraph stands."""

    def __init__(self, book: Book) -> None:
        self._files: dict[str, str] = {}
        self._headings = {name: part.file for name, part in PARTS.items()}
        on_title = head_is_title(book)
        self.start = f"{book.chapters[0].sections[0].id}.xhtml"
        for chapter in book.chapters:
            first = f"{chapter.sections[0].id}.xhtml"
            self._headings[chapter.id] = first
            head_file = PARTS["title"].file if on_title else first
            for paragraph in (*chapter.title, *chapter.byline):
                self._files[paragraph.id] = head_file
            for section in chapter.sections:
                file = f"{section.id}.xhtml"
                below_head = file == first and has_head(chapter, head_on_title=on_title)
                self._headings[section.id] = f"{file}#{section.id}" if below_head else file
                for paragraph in section.paragraphs():
                    self._files[paragraph.id] = file

    def of_heading(self, anchor: str) -> str:
        """Where the heading of a part, a chapter or a section stands."""
        return self._headings[anchor]

    def of_point(self, point: Point) -> str:
        """Where the words stand that an index locator leads to."""
        return f"{self._files[point.paragraph]}#{point.anchor}"

    def of_page(self, paragraph: str, folio: str) -> str:
        return f"{self._files[paragraph]}#page-{folio}"


class _Writer:
    """Renders the templates of what stands around the text with what they all need."""

    def __init__(self, templates: Templates, memory: Memory, *, book: Book, **data: Any) -> None:
        self._templates, self._memory = templates, memory
        self._data = {"book": book, "voices": voices_of(book), **data}

    def render(self, name: str, **data: Any) -> str:
        """Render a template, or take what it made before of all that it shows."""
        is_ours = all(self._templates.is_ours(f"ebook/{one}") for one in (name, "page.xhtml"))
        shown = self._shown(name) if is_ours else None
        return self._memory.recall(
            lambda: self._templates.render(f"ebook/{name}", **self._data | data),
            b"document around the text",
            self._templates.digest,
            repr((name, data, shown)).encode() if shown else b"",
        )

    def part(self, name: str) -> Document:
        part = PARTS[name]
        title = self._templates.words[part.title]
        template = NAV if part.file == NAV else f"{name}.xhtml"
        return Document(
            part.file, title, self.render(template, title=title, division=part.division)
        )

    def _shown(self, name: str) -> tuple[object, ...] | None:
        """All that our own template *name* shows of the data, where there is much of it."""
        data = self._data
        if name == PARTS["index"].file:
            shown = _index_shown(data["index"], data["link"])
            return data["voices"], data["matter"].headnote, shown
        if name == NAV:
            return data["voices"], data["contents"], data["landmarks"], data["pages"]
        if name == NCX:
            book = data["book"]
            return book.identifier, book.title, data["contents"], data["pages"]
        return None


def _index_shown(index: Index, link: Callable[[Point], str]) -> list[object]:
    """What is shown of the index: of thousands of locators plain values are told quickest."""
    return [
        (group.letter, [_entry_shown(entry, link) for entry in group.entries])
        for group in index.groups
    ]


def _entry_shown(entry: IndexEntry, link: Callable[[Point], str]) -> tuple[object, ...]:
    locators = [(one.text, one.spoken, one.main, link(one.target)) for one in entry.locators]
    subs = [_entry_shown(sub, link) for sub in entry.subs]
    return entry.id, entry.heading, locators, subs, entry.see, entry.see_also


def _with_text(rows: Sequence[ContentsRow], book: Book) -> Sequence[ContentsRow]:
    """The rows, and one for the text of a book that has no headings."""
    if any(row.anchor not in PARTS for row in rows):
        return rows
    before = [row for row in rows if PARTS[row.anchor].division == "frontmatter"]
    text = ContentsRow(book.title, 1, book.chapters[0].id, "")
    return (*before, text, *rows[len(before) :])


def contents_items(
    rows: Sequence[ContentsRow], href: Callable[[str], str]
) -> tuple[ContentsItem, ...]:
    """Hang the rows of the second level below those of the first; *href* is that of an anchor."""
    items: list[ContentsItem] = []
    for row in rows:
        item = ContentsItem(row.anchor, row.heading, href(row.anchor))
        if row.level == 1 or not items:
            items.append(item)
        else:
            above = items.pop()
            items.append(
                ContentsItem(above.anchor, above.heading, above.href, (*above.below, item))
            )
    return tuple(items)


def _page_items(breaks: Breaks, places: _Places) -> Iterator[PageItem]:
    for paragraph, folios in breaks.items():
        for folio in folios.values():
            yield PageItem(folio, places.of_page(paragraph, folio))


def _landmarks(
    front: Sequence[str], back: Sequence[str], places: _Places, words: Mapping[str, Any]
) -> tuple[Landmark, ...]:
    """The key places in reading order, the beginning of the text among them."""

    def of_parts(names: Sequence[str]) -> list[Landmark]:
        parts = [PARTS[name] for name in names if PARTS[name].landmark]
        return [Landmark(part.landmark, words[part.title], part.file) for part in parts]

    text = Landmark("bodymatter", words["text"], places.start)
    return (*of_parts(front), text, *of_parts(back))


def book_head(book: Book, marks: Marks) -> HeadView:
    """The head of the book's one transcript, where it is what the title page says."""
    if not head_is_title(book):
        return HeadView("", "", (), ())
    chapter = book.chapters[0]
    return HeadView(
        chapter.id,
        "",
        tuple(marks.view(paragraph) for paragraph in chapter.title),
        tuple(marks.view(paragraph) for paragraph in chapter.byline),
    )
