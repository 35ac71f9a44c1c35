"""Transcript and edition joined: chapters of sections of turns, each with a stable id.

One Book feeds every output, so that the PDF, the EPUB and the web page agree by
construction. An index mention is a point (paragraph id and offset), not markup.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from octavo.edition.schema import Edition, Speaker
from octavo.model import Location, Span, Text
from octavo.typography import Change, source_offset

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Stands in where neither book.toml nor SOURCE_DATE_EPOCH gives a time: ZIP knows none before."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text as it will be set: typographic marks in place, every change on record."""

    id: str
    """``t7.2``: the second paragraph of turn 7; ``c2.t7.2`` where there are several chapters."""
    words: str
    """The text with typographic marks; every offset in the Book counts in this string."""
    changes: tuple[Change, ...]
    """What typography changed, so that it can be undone."""
    events: tuple[Span, ...]
    """The bracketed events in ``words``."""
    source: Text

    def locate(self, offset: int) -> Location:
        """Where in the source the character at *offset* of ``words`` stands."""
        return self.source.locate(source_offset(self.changes, offset))


@dataclass(frozen=True, slots=True)
class BookTurn:
    """A turn, or the part of one that stands under one heading."""

    id: str
    speaker: Speaker
    first: bool
    """Whether it is the speaker's first in the chapter: the full name is printed."""
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class BookEvent:
    """An event between turns, a paragraph of its own."""

    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class BookProse:
    """Unattributed prose: the standfirst where it opens a chapter."""

    paragraph: Paragraph
    standfirst: bool


BookBlock = BookTurn | BookEvent | BookProse


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; the opening before the first heading has none."""

    id: str
    """``s1`` (``c2.s1``); the opening's is ``s0``."""
    heading: str
    """With typographic marks; empty for the opening."""
    blocks: tuple[BookBlock, ...]

    def paragraphs(self) -> Iterator[Paragraph]:
        for block in self.blocks:
            if isinstance(block, BookTurn):
                yield from block.paragraphs
            else:
                yield block.paragraph


@dataclass(frozen=True, slots=True)
class Chapter:
    """One transcript of the book."""

    id: str
    """``c1``."""
    title: tuple[Paragraph, ...]
    """The head's title lines; they stand on the title page where it says the same words."""
    byline: tuple[Paragraph, ...]
    heading: str
    """The chapter's printed heading; empty in a book of one transcript."""
    sections: tuple[Section, ...]
    digest: bytes = field(default=b"", compare=False, repr=False)
    """Of all of the above, so that what is made of the chapter can be kept; empty if unknown."""
    characters: str = field(default="", compare=False, repr=False)
    """Each character of its paragraphs once, in order; empty if unknown."""

    def all_paragraphs(self) -> Iterator[Paragraph]:
        """Its head, then its text."""
        yield from self.title
        yield from self.byline
        yield from self.paragraphs()

    def paragraphs(self) -> Iterator[Paragraph]:
        """The chapter's text in reading order, its head left out."""
        for section in self.sections:
            yield from section.paragraphs()


@dataclass(frozen=True, slots=True)
class Book:
    """What every output is made from."""

    edition: Edition
    title: str
    subtitle: str
    language: str
    identifier: str
    speakers: tuple[Speaker, ...]
    chapters: tuple[Chapter, ...]
    modified: datetime = EARLIEST
    """The time that goes into the files; the clock is never read."""

    def paragraphs(self) -> Iterator[Paragraph]:
        for chapter in self.chapters:
            yield from chapter.paragraphs()

    def turns(self) -> Iterator[BookTurn]:
        for chapter in self.chapters:
            for section in chapter.sections:
                for block in section.blocks:
                    if isinstance(block, BookTurn):
                        yield block
