"""One signature: a run of pages typeset on its own, as a function of its HTML and style alone.

Comes in: HTML and the stylesheet. Goes out: the pages as objects of a PDF, and the
setting: where each line, heading and folio stands. The one decision: a folio is not
drawn here, only its seat is kept, so that a signature never depends on its place in
the book; links lead to ``point:NAME`` and are joined in the bindery.
"""

import atexit
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from octavo.print.block import draw, pack_block, take_block
from octavo.print.copy import Copy
from octavo.print.engine import (
    EngineLog,
    load,
    make_fetcher,
    no_fonts_of_the_machine,
    parse_page,
)
from octavo.print.furniture import is_folio
from octavo.print.setpages import HYPHEN, Bookmark, FontUse, Line, Seat, SetPage, Signature
from octavo.print.slots import face_digest, features_of, first_font, font_file_digest

CLOSED_UP = frozenset("-/\N{HYPHEN}\N{EN DASH}\N{EM DASH}")
"""A line that ends in one of these goes on without a space."""
CJK = "\N{CJK RADICAL REPEAT}"
"""From here on scripts have no spaces between words."""
POINTS = 0.75
"""PDF points in a CSS pixel."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A signature whose lines are broken, so that its pages are known; ``draw`` ends it."""

    pages: tuple[SetPage, ...]
    draw: Callable[[], Signature]


def set_signature(copy: Copy) -> Signature:
    """Typeset *copy* to the end; see ``lay_signature``."""
    return lay_signature(copy).draw()


def lay_signature(copy: Copy) -> Laid:
    """Lay *copy* out on pages.

    Raises ``LostText`` when the lines of a paragraph are not its words: an engine fault,
    never the editor's.
    """
    weasyprint = load()
    from octavo.print.optimum import let_paragraphs_go

    log = EngineLog()
    with log.listening(), no_fonts_of_the_machine():
        style, fonts, warnings = _style(copy.css, copy.folders)
        log.messages += warnings
        sheets = [style]
        # A page that is not taken is of the other side than the first that is.
        if copy.verso != copy.goes_on:
            sheets.append(weasyprint.CSS(string="html{break-before:verso}"))
        source = parse_page(copy.html, make_fetcher(copy.folders))
        try:
            document = source.render(stylesheets=sheets, font_config=fonts)
        finally:
            let_paragraphs_go()
        if copy.goes_on:
            document = document.copy(document.pages[1:])
        pages = _lay(document, copy.paragraphs)
    return Laid(pages, partial(_draw, document, pages, log))


def get_ready(css: str, folders: tuple[Path, ...], language: str) -> None:
    """Load what ``lay_signature`` loads once: style, fonts and the patterns of hyphenation."""
    load()
    import pyphen

    with no_fonts_of_the_machine():
        _style(css, folders)
    known = pyphen.language_fallback(language)
    if known:
        pyphen.Pyphen(lang=known)


@lru_cache(maxsize=4)
def _style(css: str, folders: tuple[Path, ...]) -> tuple[Any, Any, tuple[str, ...]]:
    """The stylesheet parsed, its fonts loaded, once for all signatures; and what was warned of."""
    weasyprint = load()
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    # WeasyPrint clears the fonts' folder away only with the object that holds it.
    atexit.register(fonts.__del__)
    with EngineLog().listening() as log:
        style = weasyprint.CSS(
            string=css,
            base_url=(folders[-1] / "print" / "book.css").as_uri(),
            font_config=fonts,
            url_fetcher=make_fetcher(folders),
        )
    return style, fonts, tuple(log.messages)


class LostText(Exception):
    """The laid-out lines of a paragraph are not its words."""


def _lay(document: Any, paragraphs: Mapping[str, str]) -> tuple[SetPage, ...]:
    seats = [tuple(_take_folios(page)) for page in document.pages]
    for page in document.pages:
        # Stock, every inline child of a link gets an annotation of its own.
        page.links = [link for link in page.links if link[3].link is not None]
        for line in _lines(page._page_box):
            _note_line_end(line)
    reading = _Reading(paragraphs)
    pages = tuple(
        _set_page(page, reading, page_seats)
        for page, page_seats in zip(document.pages, seats, strict=True)
    )
    reading.check_complete()
    return pages


def _lines(page_box: Any) -> Iterator[Any]:
    """Every line of the page's text; margin boxes have none to be read."""
    from weasyprint.formatting_structure import boxes

    left = [page_box]
    while left:
        box = left.pop()
        if isinstance(box, boxes.LineBox):
            yield box
        elif not isinstance(box, boxes.MarginBox):
            left += reversed(getattr(box, "children", ()))


def _note_line_end(line: Any) -> None:
    """Note where a space belongs that is not drawn: at the line's end, and for a box of spaces."""
    last: Any = None
    for text_box in _text_boxes(line):
        if last is not None and not text_box.text.strip():
            last.octavo_space_after = True
        else:
            last = text_box
    if last is not None and not hasattr(last, "octavo_space_after"):
        text = last.text.rstrip()
        last.octavo_space_after = bool(text) and text[-1] not in CLOSED_UP and text[-1] < CJK


def _draw(document: Any, pages: tuple[SetPage, ...], log: EngineLog) -> Signature:
    with log.listening(), no_fonts_of_the_machine():
        drawn = draw(document)
        fonts = tuple(
            FontUse(
                font.hash,
                font_file_digest(font),
                font.widths,
                font.to_unicode,
                getattr(font, "is_muted", False),
            )
            for font in document.fonts.values()
        )
        block = take_block(drawn, pages, fonts)
    return Signature(pack_block(block), pages, fonts, tuple(log.messages))


def _set_page(page: Any, reading: "_Reading", seats: tuple[Seat, ...]) -> SetPage:
    return SetPage(
        lines=tuple(reading.lines(page._page_box)),
        anchors={name: (box[0] * POINTS, box[1] * POINTS) for name, box in page.anchors.items()},
        bookmarks=tuple(
            Bookmark(level, label, x * POINTS, y * POINTS)
            for level, label, (x, y), _ in page.bookmarks
        ),
        seats=seats,
        head=" ".join(
            text.text.strip()
            for margin_box in _margin_boxes(page)
            for text in _text_boxes(margin_box)
            if text.text.strip()
        ),
    )


# Folios ---------------------------------------------------------------------


def _take_folios(page: Any) -> Iterator[Seat]:
    """Empty the margin boxes that show ``counter(page)``, and yield their seats."""
    for margin_box in _margin_boxes(page):
        if not is_folio(margin_box.style):
            continue
        # Pages share it: it was emptied where it came first.
        if "octavo_seat" not in margin_box.__dict__:
            margin_box.octavo_seat = _seat(margin_box, next(_text_boxes(margin_box)))
            margin_box.children = []
        yield margin_box.octavo_seat


def _seat(margin_box: Any, text: Any) -> Seat:
    align = {"start": "left", "left": "left", "end": "right", "right": "right"}.get(
        text.style["text_align_all"], "center"
    )
    x = margin_box.content_box_x() + {"left": 0, "center": 0.5, "right": 1}[align] * (
        margin_box.width
    )
    return Seat(
        header=margin_box.at_keyword.startswith("@top"),
        align=align,
        x=x * POINTS,
        baseline=(text.position_y + text.baseline) * POINTS,
        size=text.style["font_size"] * POINTS,
        font=_face_of(text),
        features=features_of(text.style),
    )


def _face_of(text: Any) -> str:
    """Ask Pango which font file it chose for the first run of *text*."""
    from weasyprint.text.fonts import get_pango_font_hb_face

    layout = text.pango_layout
    layout.reactivate(text.style)
    digest = face_digest(get_pango_font_hb_face(first_font(layout)))
    layout.deactivate()
    return digest


# Lines ----------------------------------------------------------------------


class _Reading:
    """Reads the lines of paragraphs off the pages, in page order."""

    def __init__(self, paragraphs: Mapping[str, str]) -> None:
        self._words = paragraphs
        self._reached: dict[str, int] = {}

    def lines(self, page_box: Any) -> Iterator[Line]:
        """Yield the lines of all wanted paragraphs on a page."""
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        left = [(page_box, "")]
        while left:
            box, paragraph = left.pop()
            if isinstance(box, AbsolutePlaceholder):
                box = box._box
            if isinstance(box, boxes.TextBox):
                if paragraph and box.text.strip(" "):
                    yield self._line(box, paragraph)
                continue
            if isinstance(box, boxes.MarginBox) or "::" in (box.element_tag or ""):
                continue
            identity = box.element.get("id") if box.element is not None else None
            if identity and identity in self._words:
                paragraph = identity
            left += [(child, paragraph) for child in reversed(getattr(box, "children", ()))]

    def _line(self, box: Any, paragraph: str) -> Line:
        words = self._words[paragraph]
        start = self._reached.get(paragraph, 0)
        while words[start : start + 1] == " ":
            start += 1
        text = box.text.strip(" ")
        end = _end_of(text, words, start)
        if end < 0 and text.endswith(HYPHEN):
            end = _end_of(text.removesuffix(HYPHEN), words, start)
        if end < 0:
            message = f"{paragraph} at {start}: set `{text}`, not `{words[start : start + 80]}`"
            raise LostText(message)
        self._reached[paragraph] = end
        return Line(
            paragraph,
            start,
            end,
            box.position_x * POINTS,
            box.position_y * POINTS,
            box.width * POINTS,
            box.height * POINTS,
            box.justification_spacing * getattr(box, "octavo_scale", 1) * POINTS,
            text.endswith((HYPHEN, "-")),
        )

    def check_complete(self) -> None:
        for paragraph, words in self._words.items():
            if self._reached.get(paragraph, 0) < len(words.rstrip(" ")):
                message = f"{paragraph}: the last words are not on a page"
                raise LostText(message)


def _end_of(text: str, words: str, start: int) -> int:
    """Where *text* ends that stands at *start* of *words*, or -1; the engine folds spaces."""
    if words.startswith(text, start):
        return start + len(text)
    for character in text:
        while character != " " and words[start : start + 1] == " " == words[start - 1 : start]:
            start += 1
        if words[start : start + 1] != character:
            return -1
        start += 1
    return start


def _margin_boxes(page: Any) -> Iterator[Any]:
    for box in page._page_box.children:
        if getattr(box, "at_keyword", None):
            yield box


def _text_boxes(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    for descendant in box.descendants():
        if isinstance(descendant, boxes.TextBox):
            yield descendant
