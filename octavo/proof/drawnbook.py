"""All parts of the finished PDF, proved: where every paragraph and heading really stands."""

from dataclasses import dataclass
from functools import cached_property

from octavo.proof.partproof import PartProof


@dataclass(frozen=True)
class DrawnBook:
    """The parts of the book found on its pages."""

    labels: tuple[str, ...]
    """The folio of every page."""
    first_pages: tuple[int, ...]
    """Of each part."""
    parts: tuple[PartProof, ...]

    def page_of(self, paragraph: str, offset: int) -> int:
        """Return the index of the page with the character at *offset* of a paragraph.

        Raises ``KeyError`` for a paragraph that is not in the book.
        """
        part = self._holders[paragraph]
        return self.first_pages[part] + self.parts[part].page_of(paragraph, offset)

    @cached_property
    def _holders(self) -> dict[str, int]:
        """The part that holds each paragraph."""
        return {
            paragraph: number
            for number, part in enumerate(self.parts)
            for paragraph in part.paragraphs
        }

    @cached_property
    def headings(self) -> set[tuple[str, str]]:
        """The words of every line that is not a paragraph's, with the folio of its page."""
        return {
            (text, self.labels[first + page])
            for first, part in zip(self.first_pages, self.parts, strict=True)
            for text, page in part.headings
        }
