"""What each part of the finished PDF must be, and a digest of it.

Comes in: what is declared, and the Book. Goes out: a record a part. The one decision: pages that
only move must hold the same, so that there are two digests, with the folios and without.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from octavo.book import Book
from octavo.cache import key_of
from octavo.proof.declared import Declared, Part, Sheet


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one part must be."""

    part: Part
    sheets: Sequence[Sheet]
    speech: bytes
    """Tells all that is said in it."""

    def digest(self, *, folios: bool) -> bytes:
        """Of all of it, with or without the folios that its pages show."""
        sheets = [
            (sheet.label, sheet.furniture, sheet.head)
            if folios
            else (bool(sheet.furniture), sheet.head)
            for sheet in self.sheets
        ]
        return key_of(repr((self.part, sheets)).encode(), self.speech).encode()


def wanted_parts(declared: Declared, book: Book) -> Iterator[Wanted]:
    """What each part of the PDF must be."""
    said = {chapter.id: chapter.digest or repr(chapter).encode() for chapter in book.chapters}
    first = 0
    for part in declared.printed:
        end = first + part.pages
        yield Wanted(part, declared.sheets[first:end], said.get(part.speech, b""))
        first = end
