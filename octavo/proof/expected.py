"""What must be in the finished files, from the Book and from what is declared.

The label of a turn is worked out here again, from the Book alone, so that a template
that prints the wrong one is found out.
"""

from collections.abc import Iterator, Mapping, Sequence

from octavo.book import Book, BookTurn, Chapter, Section
from octavo.proof.declared import Part
from octavo.proof.words import Line

Speech = Mapping[str, Sequence[Section]]
"""The sections of every chapter, and each section alone, by its id."""


def speech_of(book: Book) -> Speech:
    """What parts may hold of *book*."""
    speech: dict[str, Sequence[Section]] = {}
    for chapter in book.chapters:
        speech |= speech_of_chapter(chapter)
    return speech


def speech_of_chapter(chapter: Chapter) -> Speech:
    """What parts may hold of *chapter*."""
    return {chapter.id: chapter.sections} | {section.id: (section,) for section in chapter.sections}


def lines_of_part(part: Part, speech: Speech) -> Iterator[Line]:
    """All lines that *part* must hold, in reading order."""
    yield from (Line(text) for text in part.lines)
    for section in speech.get(part.speech, ()):
        yield from _lines_of_section(section)


def _lines_of_section(section: Section) -> Iterator[Line]:
    """The heading, then turns under their labels, events and prose."""
    if section.heading:
        yield Line(section.heading)
    for block in section.blocks:
        if isinstance(block, BookTurn):
            yield from _lines_of_turn(block, f"{section.id} {block.id}")
        else:
            yield Line(block.paragraph.words, block.paragraph.id)


def _lines_of_turn(turn: BookTurn, key: str) -> Iterator[Line]:
    label = label_of(turn)
    for paragraph in turn.paragraphs:
        text = f"{label} {paragraph.words}" if label else paragraph.words
        yield Line(text, paragraph.id, key, label)
        label = ""


def label_of(turn: BookTurn) -> str:
    """The label as printed: the full name at a speaker's first turn, then the short one."""
    return turn.speaker.full_name if turn.first else turn.speaker.short_name
