"""The contents: every heading with the folio that the page map gives it.

Comes in: the Book, the page map and the folios of the parts around it. Goes out: rows
in page order, the same for the printed contents page, the outline and the e-book.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from octavo.book import Book, Section
from octavo.pagemap import PageMap, Point


@dataclass(frozen=True, slots=True)
class ContentsRow:
    """One line of the contents."""

    heading: str
    level: int
    """1 for parts, chapters and the sections of a book of one chapter; 2 below a chapter."""
    anchor: str
    """The id that the line leads to."""
    folio: str


def make_contents(
    book: Book, pagemap: PageMap, parts: Mapping[str, str], folios: Mapping[str, str]
) -> tuple[ContentsRow, ...]:
    """Return the rows in page order.

    *folios* gives the folio on which each listed part begins; *parts* its heading. Parts
    with a roman folio stand before the text, the others after it.
    """
    around = [ContentsRow(parts[part], 1, part, folio) for part, folio in folios.items()]
    before = [row for row in around if not row.folio.isdecimal()]
    after = [row for row in around if row.folio.isdecimal()]
    return (*before, *_text_rows(book, pagemap), *after)


def dump_contents(rows: tuple[ContentsRow, ...]) -> str:
    """A line a row: folio, anchor, heading indented by level."""
    return "".join(
        f"{row.folio:>5}  {row.anchor:<12}  {'  ' * (row.level - 1)}{row.heading}\n" for row in rows
    )


def _text_rows(book: Book, pagemap: PageMap) -> Iterator[ContentsRow]:
    for chapter in book.chapters:
        level = 1
        if chapter.heading:
            folio = _folio(chapter.sections[0], pagemap)
            yield ContentsRow(chapter.heading, level, chapter.id, folio)
            level = 2
        for section in chapter.sections:
            if section.heading:
                yield ContentsRow(section.heading, level, section.id, _folio(section, pagemap))


def _folio(section: Section, pagemap: PageMap) -> str:
    """The folio of the section's first words: a heading is never parted from them."""
    return pagemap.folio(Point(next(section.paragraphs()).id, 0))
