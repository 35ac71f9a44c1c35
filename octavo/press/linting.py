"""The page lint of a book: its layout and the lengths of its style in, its faults out.

The faults of a chapter are kept with the folios left out: pages in front may come or go.
"""

from collections.abc import Mapping
from functools import partial

from octavo.book import BookTurn, Chapter
from octavo.direction import is_right_to_left
from octavo.press.matter import Layout
from octavo.press.reading import Reading
from octavo.print.lint import PageFault, Sheet, in_place, is_verso, lint_pages
from octavo.print.place import Place
from octavo.render.pages import custom_lengths, stylesheet

SPACE = " "


def lint_layout(
    reading: Reading, layout: Layout, engine: Mapping[str, str]
) -> tuple[PageFault, ...]:
    """Return the faults of the body's pages, in page order; *engine* tells what set them."""
    sheet = _sheet(reading, layout)
    around = repr((sorted(engine.items()), sheet)).encode()
    return tuple(
        fault
        for chapter, place in zip(reading.book.chapters, layout.body.places, strict=True)
        for fault in in_place(_chapter_faults(chapter, place, sheet, around, reading), place)
    )


def _chapter_faults(
    chapter: Chapter, place: Place, sheet: Sheet, around: bytes, reading: Reading
) -> tuple[PageFault, ...]:
    verso = is_verso(place)
    lint = partial(_lint, chapter, place, sheet, verso=verso)
    # The key tells all that the pages are made from but the engine; they have lines of ids alone.
    made_of = place.setting.key.encode(), chapter.digest, around, str(verso).encode()
    return reading.memory.recall(lint, b"page lint of a chapter", *made_of)


def _lint(chapter: Chapter, place: Place, sheet: Sheet, *, verso: bool) -> tuple[PageFault, ...]:
    turns = {
        paragraph.id: block.id
        for section in chapter.sections
        for block in section.blocks
        if isinstance(block, BookTurn)
        for paragraph in block.paragraphs
    }
    return lint_pages(place.setting.pages, turns, sheet, verso=verso)


def _sheet(reading: Reading, layout: Layout) -> Sheet:
    css = stylesheet(reading.templates, reading.book)
    lengths = custom_lengths(css)
    return Sheet(
        width=lengths["width"],
        inner=lengths["inner"],
        outer=lengths["outer"],
        top=lengths["top"],
        line=lengths["line"],
        lines=int(lengths["lines"]),
        size=lengths["size"],
        space=layout.case.of_style(css, "").advance(SPACE, ()) * lengths["size"],
        rectos_left=is_right_to_left(reading.book.language),
    )
