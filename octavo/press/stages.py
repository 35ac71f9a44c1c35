"""Each stage as text: transcript, Book, contents, index and page map, for eyes and tests."""

from collections.abc import Iterator
from pathlib import Path

from octavo.book import Book, BookEvent, BookTurn
from octavo.contents import dump_contents
from octavo.findings import Findings
from octavo.index import dump_index
from octavo.pagemap import PageMap
from octavo.press.reading import read_book
from octavo.print.compositor import Compositor
from octavo.readers import dump_transcript


def dump_stage(folder: Path, stage: str, findings: Findings) -> str:
    """Return *stage* of the book in *folder* as readable text, for eyes and golden files.

    Raises ``Unbuildable`` on faults.
    """
    reading = read_book(folder, findings)
    if stage == "transcript":
        return "".join(dump_transcript(script.transcript) for script in reading.scripts)
    if stage == "book":
        return dump_book(reading.book)
    from octavo.press.layout import lay_out

    with Compositor() as compositor:
        layout = lay_out(reading, compositor, findings, lambda step: None)
    if stage == "contents":
        return dump_contents(layout.contents)
    if stage == "index":
        return dump_index(layout.index)
    return dump_pagemap(layout.pagemap, reading.book)


def dump_book(book: Book) -> str:
    """A line a paragraph: its id, its label, its words with typographic marks."""
    return "".join(f"{line}\n" for line in _book_lines(book))


def _book_lines(book: Book) -> Iterator[str]:
    yield f"{book.title} | {book.subtitle} | {book.language} | {book.identifier}"
    for chapter in book.chapters:
        yield f"{chapter.id} {chapter.heading}".rstrip()
        for line in (*chapter.title, *chapter.byline):
            yield f"  {line.id} | {line.words}"
        for section in chapter.sections:
            yield f"  {section.id} {section.heading}".rstrip()
            for block in section.blocks:
                if isinstance(block, BookTurn):
                    label = block.speaker.full_name if block.first else block.speaker.short_name
                    for number, paragraph in enumerate(block.paragraphs):
                        yield f"    {paragraph.id} {'' if number else label} | {paragraph.words}"
                else:
                    kind = "event" if isinstance(block, BookEvent) else "prose"
                    yield f"    {block.paragraph.id} ({kind}) | {block.paragraph.words}"


def dump_pagemap(pagemap: PageMap, book: Book) -> str:
    """A line a page: its folio, the point and the words with which it begins."""
    words = {p.id: p.words for p in book.paragraphs()}
    for chapter in book.chapters:
        words |= {p.id: p.words for p in (*chapter.title, *chapter.byline)}
    return "".join(
        f"{start.folio:>5}  {start.point.anchor:<12}  "
        f"{words[start.point.paragraph][start.point.offset :][:48]}\n"
        for start in pagemap.starts
    )
