"""All parts of the finished PDF, proved: where every paragraph and heading really stands."""

from dataclasses import dataclass
from functools import cached_property

from octavo.proof.partproof import PartProof, Stretch


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
        first, stretches = self._places[paragraph]
        reached = 0
        for begins, page in stretches:
            if begins > offset:
                break
            reached = page
        return first + reached

    @cached_property
    def _places(self) -> dict[str, tuple[int, tuple[Stretch, ...]]]:
        """The first page of the part that holds each paragraph, and where in that it stands."""
        return {
            paragraph: (first, stretches)
            for first, part in zip(self.first_pages, self.parts, strict=True)
            for paragraph, stretches in part.paragraphs.items()
        }

    @cached_property
    def headings(self) -> set[tuple[str, str]]:
        """The words of every line that is not a paragraph's, with the folio of its page."""
        return {
            (text, self.labels[first + page])
            for first, part in zip(self.first_pages, self.parts, strict=True)
            for text, page in part.headings
        }
