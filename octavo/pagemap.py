"""The page map: which paragraph offset begins each page, and the folio of each point.

It is read from the finished layout of the body and shared by the contents, the
index, the EPUB's page-list and the proof, so that all of them cite the same page.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place in the book's text: a paragraph, and an offset into its words."""

    paragraph: str
    offset: int

    @property
    def anchor(self) -> str:
        """The id that links lead to, the same in PDF and EPUB: ``t7.2-153``."""
        return f"{self.paragraph}-{self.offset}"


@dataclass(frozen=True, slots=True)
class PageStart:
    """A page of the body: its folio, and the point with which its text begins."""

    folio: str
    point: Point


class PageMap:
    """Answers on which page a point lies.

    *order* lists the ids of all paragraphs in reading order, *starts* the pages that
    begin with text of the transcript, in page order.
    """

    def __init__(self, order: Iterable[str], starts: Iterable[PageStart]) -> None:
        self.starts = tuple(starts)
        self._rank = {paragraph: rank for rank, paragraph in enumerate(order)}
        self._places = [self.place(start.point) for start in self.starts]
        self._whole = dict(self._whole_paragraphs())
        """The page of each paragraph that stands on one."""

    def place(self, point: Point) -> tuple[int, int]:
        """*point* in reading order. Raises ``KeyError`` for an unknown paragraph."""
        return self._rank[point.paragraph], point.offset

    def page_index(self, point: Point) -> int:
        """Count from 0 among ``starts``. Raises ``KeyError`` for an unknown paragraph."""
        page = self._whole.get(point.paragraph)
        return bisect_right(self._places, self.place(point)) - 1 if page is None else page

    def _whole_paragraphs(self) -> Iterator[tuple[str, int]]:
        parted = {start.point.paragraph for start in self.starts if start.point.offset}
        page = -1
        for paragraph, rank in self._rank.items():
            while page + 1 < len(self._places) and self._places[page + 1] <= (rank, 0):
                page += 1
            if paragraph not in parted:
                yield paragraph, page

    def folio(self, point: Point) -> str:
        """The page number printed on the point's page."""
        return self.starts[self.page_index(point)].folio


def roman(number: int) -> str:
    """Lower-case roman numeral of a positive number, as front matter is foliated."""
    numerals = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )  # fmt: skip
    text = ""
    for value, numeral in numerals:
        text += numeral * (number // value)
        number %= value
    return text
