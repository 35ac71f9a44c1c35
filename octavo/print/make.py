"""The book in print: body first, then what the page map makes possible, then the bindery.

Comes in: the Book. Goes out: signatures, the page map and the bound PDF. The one
decision: contents and index are set after the body, as literal text, so that nothing
that carries a folio is laid out twice; body folios start at 1 and front matter is roman.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from octavo.book import Book
from octavo.pagemap import PageMap, PageStart, Point, roman
from octavo.print.bindery import Part, Particulars, bind
from octavo.print.columns import Geometry, Page, break_row, set_columns
from octavo.print.fonts import FontCase
from octavo.print.signature import SetPage, Signature, lay_signature, set_signature
from octavo.render import Templates
from octavo.render.indexrows import Entry, Group, Piece, Row
from octavo.render.pages import body_html, custom_lengths, head_paragraphs, stylesheet

INDEX_FEATURES = ("clig", "kern", "liga", "onum", "pnum")
HEADING_LINES = 6.5
"""Lines that the index's heading takes with the space around it and below the headnote."""


@dataclass(frozen=True, slots=True)
class Body:
    """The chapters laid out in their places."""

    draw: Callable[[], tuple[Part, ...]]
    """Ends the chapters; what needs the page map alone need not wait for it."""
    pagemap: PageMap
    next_folio: int
    """The first free folio behind the body; a recto."""


def set_body(book: Book, templates: Templates, progress: Callable[[str], None]) -> Body:
    """Lay out every chapter as a signature of its own and map its pages."""
    css = stylesheet(templates, book)
    own_head = head_paragraphs(book)
    on_recto = book.edition.file.print.chapter_start == "recto"
    places: list[_Place] = []
    folio = 1
    for number, chapter in enumerate(book.chapters, start=1):
        progress(f"setting chapter {number} of {len(book.chapters)}")
        verso = folio % 2 == 0
        words = {p.id: p.words for p in chapter.paragraphs()}
        if not own_head:
            words |= {p.id: p.words for p in (*chapter.title, *chapter.byline)}
        html = body_html(templates, book, chapter)
        words = {key: value for key, value in words.items() if f'id="{key}"' in html}
        laid = lay_signature(html, css, templates.folders, words, verso=verso)
        last = number == len(book.chapters)
        # Pages laid out and not drawn are held in memory: those of one chapter at most.
        draw = laid.draw if last else partial(_itself, laid.draw())
        place = _place(laid.pages, draw, folio, end_on_verso=on_recto or last)
        places.append(place)
        folio += len(place.folios) + bool(place.blank_after)
    order = [
        paragraph.id
        for chapter in book.chapters
        for paragraph in (*chapter.title, *chapter.byline, *chapter.paragraphs())
    ]
    pagemap = PageMap(order, _page_starts(places))
    return Body(lambda: tuple(place.part() for place in places), pagemap, folio)


@dataclass(frozen=True, slots=True)
class _Place:
    """Pages with their folios, drawn or still to be drawn."""

    pages: tuple[SetPage, ...]
    draw: Callable[[], Signature]
    folios: tuple[str, ...]
    blank_after: str

    def part(self) -> Part:
        return Part(self.draw(), self.folios, self.blank_after)


def _itself(signature: Signature) -> Signature:
    return signature


def set_index(
    groups: Sequence[Group],
    headnote: str,
    css: str,
    case: FontCase,
    continued: Callable[[Entry], Row],
) -> tuple[Page, ...]:
    """Break the index into pages of two columns, by the lengths that *css* gives."""
    lengths = custom_lengths(css)
    size, line = lengths["index-size"], lengths["index-line"]
    faces = {style: case.of_style(css, style) for style in ("", "italic", "bold")}

    @cache
    def measure(words: str, style: str) -> float:
        return faces[style].advance(words, INDEX_FEATURES) * size

    page = lengths["width"] - lengths["inner"] - lengths["outer"]
    head = Row("headnote", "", (Piece(headnote, "italic"),))
    whole = Geometry(page, 0, 0, 0, 0)
    above = HEADING_LINES * lengths["line"] + break_row(head, measure, whole).lines * line
    text = lengths["lines"] * lengths["line"]
    geometry = Geometry(
        # A hair less than the column, so that the engine need not break a line of ours.
        width=(page - lengths["index-gap"]) / 2 - 0.5,
        indent=lengths["index-indent"],
        turnover=lengths["index-turnover"],
        first_height=int((text - above) / line),
        height=int(text / line),
    )
    return set_columns(groups, measure, geometry, continued)


def set_back(html: str, css: str, templates: Templates, first_folio: int) -> Part:
    """Typeset the back matter, which begins on a recto."""
    signature = set_signature(html, css, templates.folders, {})
    return _place(signature.pages, partial(_itself, signature), first_folio).part()


def set_front(html: str, css: str, templates: Templates, paragraphs: Mapping[str, str]) -> Part:
    """Typeset the front matter with roman folios; the body behind it begins on a recto."""
    signature = set_signature(html, css, templates.folders, paragraphs)
    count = len(signature.pages)
    folios = tuple(roman(number) for number in range(1, count + 1))
    return Part(signature, folios, roman(count + 1) if count % 2 else "")


def part_folios(part: Part, anchors: Sequence[str]) -> dict[str, str]:
    """The folio on which each of *anchors* begins; anchors that are on no page are left out."""
    found: dict[str, str] = {}
    for page, folio in zip(part.signature.pages, part.folios, strict=True):
        for anchor in anchors:
            if anchor in page.anchors:
                found.setdefault(anchor, folio)
    return found


def bind_book(
    parts: Sequence[Part],
    points: Sequence[Point],
    templates: Templates,
    particulars: Particulars,
) -> bytes:
    """Sew *parts* into the finished PDF; *points* become destinations."""
    return bind(parts, points, FontCase(templates.folders), particulars)


def _place(
    pages: tuple[SetPage, ...],
    draw: Callable[[], Signature],
    first: int,
    *,
    end_on_verso: bool = False,
) -> _Place:
    """Give the pages arabic folios from *first* on."""
    count = len(pages)
    last = first + count - 1
    blank = str(last + 1) if end_on_verso and last % 2 else ""
    folios = tuple(str(folio) for folio in range(first, last + 1))
    return _Place(pages, draw, folios, blank)


def _page_starts(places: Sequence[_Place]) -> list[PageStart]:
    return [
        PageStart(folio, Point(page.lines[0].paragraph, page.lines[0].start))
        for place in places
        for page, folio in zip(place.pages, place.folios, strict=True)
        if page.lines
    ]
