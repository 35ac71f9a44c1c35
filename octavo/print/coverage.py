"""Which characters of the book no font can draw: found before anything is typeset."""

from collections.abc import Iterator

from octavo.book import Book, Chapter
from octavo.findings import Finding, Report
from octavo.model import Location
from octavo.print.fonts import FontCase

DRAWN_WITHOUT_GLYPH = frozenset("\n\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}")
SHOWN = 12


def check_characters(book: Book, case: FontCase, report: Report) -> None:
    """Report ``missing-glyph`` for the characters that no font has, where the first stands."""
    lacking = case.lacks(characters_of(book)) - DRAWN_WITHOUT_GLYPH
    if lacking:
        report(_finding(dict(_places(book, lacking))))


def characters_of(book: Book) -> frozenset[str]:
    """All characters of the text and of what the edition has printed."""
    texts = [text for chapter in book.chapters for text in _characters(chapter)]
    return frozenset("".join((*texts, *(words for words, _ in _edition_words(book)))))


def _characters(chapter: Chapter) -> Iterator[str]:
    """Strings that hold all characters of *chapter*."""
    if chapter.characters:
        yield chapter.characters
    else:
        yield from (paragraph.words for paragraph in chapter.all_paragraphs())


def _places(book: Book, lacking: set[str]) -> Iterator[tuple[str, Location]]:
    """Each of the characters with the first place where it stands."""
    for paragraph in (p for chapter in book.chapters for p in chapter.all_paragraphs()):
        for offset, character in enumerate(paragraph.words):
            if character in lacking:
                lacking = lacking - {character}
                yield character, paragraph.locate(offset)
    for words, location in _edition_words(book):
        for character in words:
            if character in lacking:
                lacking = lacking - {character}
                yield character, location


def _finding(missing: dict[str, Location]) -> Finding:
    first = next(iter(missing.values()))
    shown = ", ".join(f"`{c}` (U+{ord(c):04X})" for c in list(missing)[:SHOWN])
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    return Finding(
        first,
        "missing-glyph",
        f"no font has the character {shown}{more}",
        "put a TrueType font that has it into the edition's templates/fonts"
        " and name it in templates/print/fonts.css",
    )


def _edition_words(book: Book) -> Iterator[tuple[str, Location]]:
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
