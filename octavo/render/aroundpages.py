"""The pages around the text as HTML for print: title page, contents, index, colophon.

Comes in: the Book, and what stands around it. Goes out: HTML, a page of it a signature. The one
decision: what is known only where the book is bound has slots (``render.slots``), but in our own
templates alone, for those of an edition may do anything with what they are given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from octavo.book import Book
from octavo.cache import key_of
from octavo.contents import ContentsRow
from octavo.render import Templates
from octavo.render.pages import (
    ParagraphView,
    head_is_title,
    interviewees,
    make_frame,
    render_page,
    views_of,
)
from octavo.render.runs import Run
from octavo.render.slots import said
from octavo.render.titles import balance

SHORT_INDEX = 4
"""Pages of an index whose last one the colophon may share."""


@dataclass(frozen=True, slots=True)
class ContentsView:
    """A row of the contents."""

    heading: str
    level: int
    anchor: str
    folio: str
    """As it is drawn; where it is a slot, digits to set it by."""
    said: str
    """The folio as it is heard."""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The title page's lines: the transcript's own head where it says the same words."""

    title: tuple[ParagraphView, ...]
    byline: tuple[ParagraphView, ...]
    heading: str
    subtitle: str
    contributors: tuple[Any, ...]
    interviewees: tuple[Any, ...]
    """Who is spoken with, where one interviews one other."""


def front_html(
    templates: Templates,
    book: Book,
    pages: Sequence[Sequence[str]],
    contents: Sequence[ContentsRow],
    matter: Any,
    *,
    slots: bool = False,
) -> str:
    """The front matter: *pages* holds the names of the parts that share each page.

    With *slots* the contents has them for the folios of the text, by the anchors of its rows.
    """
    return render_page(
        templates,
        "print/front.html",
        book,
        make_frame(templates, book),
        pages=pages,
        contents=_contents_views(contents, slots=slots),
        title_page=_title_page(book),
        matter=matter,
    )


def has_slots(templates: Templates, *names: str) -> bool:
    """Whether the templates *names* are ours, which have slots: others show what they are given."""
    return all(templates.is_ours(f"print/{name}.html") for name in (*names, "page"))


def made_of_frame(templates: Templates, book: Book) -> bytes:
    """All that stands around the text of each of these pages, if the templates are ours."""
    return key_of(templates.digest, repr(make_frame(templates, book)).encode()).encode()


def made_of_front(
    templates: Templates,
    book: Book,
    pages: Sequence[Sequence[str]],
    contents: Sequence[ContentsRow],
    matter: Any,
) -> bytes:
    """All that ``front_html`` makes of these, if the templates are ours."""
    told = repr((pages, contents, matter, _title_page(book))).encode()
    return key_of(made_of_frame(templates, book), told).encode()


def contents_words(contents: Sequence[ContentsRow]) -> dict[str, str]:
    """The words of the slots of a contents."""
    return {row.anchor: row.folio for row in contents if row.folio.isdecimal()}


def _contents_views(contents: Sequence[ContentsRow], *, slots: bool) -> list[ContentsView]:
    in_slots = contents_words(contents) if slots else {}
    like = "0" * max(map(len, in_slots.values()), default=0)
    return [
        ContentsView(row.heading, row.level, row.anchor, like, said(row.anchor), row.anchor)
        if row.anchor in in_slots
        else ContentsView(row.heading, row.level, row.anchor, row.folio, row.folio)
        for row in contents
    ]


def back_html(templates: Templates, book: Book, index_pages: Sequence[Any], matter: Any) -> str:
    """The back matter: the index in its columns, its heading on both sides, and the colophon."""
    return _back_html(templates, book, index_pages, matter.headnote, matter.colophon)


def index_html(templates: Templates, book: Book, index_pages: Sequence[Any], matter: Any) -> str:
    """The index where it is a signature of its own."""
    return _back_html(templates, book, index_pages, matter.headnote, ())


def index_page_html(
    templates: Templates, book: Book, page: Any, headnote: str, *, goes_on: bool
) -> str:
    """A page of the index where that is a signature of its own.

    One that goes on begins behind a page with nothing but the heading's words for the heads.
    """
    return _back_html(templates, book, (page,), headnote, (), alone=True, goes_on=goes_on)


def colophon_html(templates: Templates, book: Book, matter: Any) -> str:
    """The colophon where it is a signature of its own."""
    return _back_html(templates, book, (), matter.headnote, matter.colophon)


def _back_html(
    templates: Templates,
    book: Book,
    index_pages: Sequence[Any],
    headnote: str,
    colophon: Sequence[str],
    *,
    alone: bool = False,
    goes_on: bool = False,
) -> str:
    head = {"book_head": templates.words["index"]} if index_pages else {}
    return render_page(
        templates,
        "print/back.html",
        book,
        make_frame(templates, book),
        index_pages=index_pages,
        headnote=headnote,
        colophon=colophon,
        alone=alone,
        goes_on=goes_on,
        **head,
    )


def _title_page(book: Book) -> TitlePage:
    if head_is_title(book):
        head = book.chapters[0]
        title = tuple(
            ParagraphView(view.id, (Run(balance(view.runs[0].words)),))
            for view in views_of(head.title)
        )
        return TitlePage(title, views_of(head.byline), "", "", (), interviewees(book))
    contributors = book.edition.file.contributor
    return TitlePage((), (), balance(book.title), book.subtitle, contributors, interviewees(book))
