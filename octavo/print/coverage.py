"""Which characters of the book no font can draw: found before anything is typeset."""

from octavo.book import Book
from octavo.findings import Finding, Report
from octavo.print.fonts import FontCase

DRAWN_WITHOUT_GLYPH = frozenset("\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}")


def check_characters(book: Book, case: FontCase, report: Report) -> None:
    """Report ``missing-glyph`` for each character that no font has, where it first stands."""
    known = case.characters() | DRAWN_WITHOUT_GLYPH
    missing: dict[str, None] = {}
    paragraphs = [p for chapter in book.chapters for p in (*chapter.title, *chapter.byline)]
    for paragraph in [*paragraphs, *book.paragraphs()]:
        if known.issuperset(paragraph.words):
            continue
        for offset, character in enumerate(paragraph.words):
            if character not in known and character not in missing:
                missing[character] = None
                report(
                    Finding(
                        paragraph.locate(offset),
                        "missing-glyph",
                        f"no font has the character `{character}` (U+{ord(character):04X})",
                        "put a TrueType font that has it into the edition's templates/fonts"
                        " and name it in templates/print/book.css",
                    )
                )
