"""Where the printed pages begin in running text: before the first whole word of each.

Comes in: the page map. Goes out: a folio for each offset at which a page break stands.
The one decision: a word that the page's end broke in two belongs to the page on which
it begins, as its locator in the index says; the break stands after it.
"""

import re
import unicodedata
from collections.abc import Mapping

from octavo.book import Book, Paragraph
from octavo.pagemap import PageMap, Point

REST_OF_WORD = re.compile(r"[\w\u0300-\u036f]*[^\w\s]*\s*")
SPACES = re.compile(r"\s*")
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that set no spaces between words (Thai, Burmese, Khmer, Chinese, Japanese)."""

Breaks = Mapping[str, Mapping[int, str]]
"""By paragraph: the offset of each page's beginning, and the folio of the page."""


def page_breaks(book: Book, pagemap: PageMap) -> Breaks:
    """Return a break for every page that begins with text, in page order."""
    text = _Text(book)
    breaks: dict[str, dict[int, str]] = {}
    for number, start in enumerate(pagemap.starts):
        point = text.first_whole_word(start.point)
        following = pagemap.starts[number + 1 : number + 2]
        if following and text.key(point) >= text.key(following[0].point):
            point = start.point  # A page of half a word: nothing whole is left to stand before.
        breaks.setdefault(point.paragraph, {})[point.offset] = start.folio
    return breaks


class _Text:
    """The book's paragraphs in reading order, heads of chapters included."""

    def __init__(self, book: Book) -> None:
        self._paragraphs: list[Paragraph] = []
        for chapter in book.chapters:
            self._paragraphs += chapter.all_paragraphs()
        self._rank = {paragraph.id: rank for rank, paragraph in enumerate(self._paragraphs)}

    def key(self, point: Point) -> tuple[int, int]:
        """What puts points in reading order."""
        return self._rank[point.paragraph], point.offset

    def first_whole_word(self, point: Point) -> Point:
        """The first point from *point* on at which a word begins that is not begun before."""
        rank = self._rank[point.paragraph]
        words = self._paragraphs[rank].words
        rest = REST_OF_WORD if _is_inside_word(words, point.offset) else SPACES
        found = rest.match(words, point.offset)
        offset = found.end() if found else point.offset
        if offset < len(words) or rank + 1 == len(self._paragraphs):
            return Point(point.paragraph, min(offset, len(words) - 1))
        return Point(self._paragraphs[rank + 1].id, 0)


def _is_inside_word(words: str, offset: int) -> bool:
    if not 0 < offset < len(words):
        return False
    before, after = words[offset - 1], words[offset]
    return _is_of_word(before) and _is_of_word(after) and not UNSPACED.match(after)


def _is_of_word(character: str) -> bool:
    return character.isalnum() or bool(unicodedata.combining(character))
