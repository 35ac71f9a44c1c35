"""The characters that a book is printed with, and where the edition wrote its own.

Comes in: the Book. Goes out: its characters, each once. The one decision: what the templates say
is not among them, for their letters are those of their language.
"""

from collections.abc import Iterator

from octavo.book import Book, Chapter
from octavo.model import Location


def characters_of(book: Book) -> frozenset[str]:
    """All characters of the text and of what the edition has printed."""
    texts = [text for chapter in book.chapters for text in _characters(chapter)]
    return frozenset("".join((*texts, *(words for words, _ in edition_words(book)))))


def _characters(chapter: Chapter) -> Iterator[str]:
    """Strings that hold all characters of *chapter*."""
    if chapter.characters:
        yield chapter.characters
    else:
        yield from (paragraph.words for paragraph in chapter.all_paragraphs())


def edition_words(book: Book) -> Iterator[tuple[str, Location]]:
    """What the edition itself has printed, and where it says so."""
    file = book.edition.file
    table = file.book
    facts = (book.title, book.subtitle, table.publisher, table.rights, table.series, table.date)
    yield "".join(facts), table.location
    for speaker in book.speakers:
        yield speaker.full_name + speaker.short_name + speaker.about, speaker.location
    for person in file.contributor:
        yield person.name + person.about, person.location
    for section in book.edition.contents.section:
        yield section.heading, section.location
    for entry in book.edition.index.entry:
        for part in (entry, *entry.sub):
            yield part.heading, part.location
    yield book.edition.note, table.location
