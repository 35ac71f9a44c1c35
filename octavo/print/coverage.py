"""Which characters of the book no font can draw: found before anything is typeset."""

from collections.abc import Iterator

from octavo.book import Book
from octavo.findings import Finding, Report
from octavo.model import Location
from octavo.print.fonts import FontCase
from octavo.render.characters import characters_of, edition_words

DRAWN_WITHOUT_GLYPH = frozenset("\n\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}")
SHOWN = 12


def check_characters(book: Book, case: FontCase, report: Report) -> None:
    """Report ``missing-glyph`` for the characters that no font has, where the first stands."""
    lacking = case.lacks(characters_of(book)) - DRAWN_WITHOUT_GLYPH
    if lacking:
        report(_finding(dict(_places(book, lacking))))


def _places(book: Book, lacking: set[str]) -> Iterator[tuple[str, Location]]:
    """Each of the characters with the first place where it stands."""
    for paragraph in (p for chapter in book.chapters for p in chapter.all_paragraphs()):
        for offset, character in enumerate(paragraph.words):
            if character in lacking:
                lacking = lacking - {character}
                yield character, paragraph.locate(offset)
    for words, location in edition_words(book):
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
