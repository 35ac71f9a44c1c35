"""The front matter as it is set, with a contents whose folios its own length makes true.

The one decision: the contents lists parts of the front matter that come after it, whose
folios depend on its own length. It is set on a guess of that length, which nearly always
holds, and set again with the folios found where it does not. The folios of the text it has
slots for, and need not be set again where pages move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

from octavo.contents import ContentsRow, make_contents
from octavo.index import Index
from octavo.pagemap import roman
from octavo.press.reading import Reading
from octavo.print.body import Body
from octavo.print.compositor import Compositor, Setting
from octavo.print.copy import Copy
from octavo.print.place import Place, place_front
from octavo.render.aroundpages import contents_words, front_html, has_slots, made_of_front
from octavo.render.pages import custom_lengths, head_paragraphs
from octavo.render.particulars import Matter

SHORT_BODY = 48
"""A book of fewer body pages lets parts of its front matter share a page."""
SHORT_FRONT = ("title", "imprint", "contents", "participants+note")
LONG_FRONT = ("title", "imprint", "contents", "participants", "note")
LETTER = 0.46
"""How wide a letter is, about, in sizes."""
FILLED_BY_HEADINGS = 0.85
"""Which share of a row of the contents its heading may take, about; then it turns over."""
ROW_SPACE = 0.5
"""Lines of space below a row, and what the heading takes with the space around it."""
CONTENTS_HEADING = 5.5
MOST_SETTINGS = 4
"""The contents is set once, or twice; more often would mean that its length swings."""


class FrontAtWork:
    """The front matter as it is set, again if need be, until the contents is right."""

    def __init__(
        self,
        reading: Reading,
        css: str,
        body: Body,
        index: Index,
        matter: Matter,
        compositor: Compositor,
    ) -> None:
        self._reading, self._css, self._body, self._matter = reading, css, body, matter
        self._compositor = compositor
        self._listed = _listed_parts(reading, index)
        self._pages = _front_pages(reading, body.next_folio - 1)
        self._folios = _guessed_folios(self._pages, self._listed, contents_pages=1)
        contents_pages = guess_pages([row.heading for row in self._rows()], css)
        self._folios = _guessed_folios(self._pages, self._listed, contents_pages)
        self._setting = self._set()

    @property
    def is_fresh(self) -> bool:
        """Whether it is set now, and was not kept."""
        return self._setting.fresh

    def settle(self) -> Place:
        """Wait until the contents gives the folios that its own length makes true."""
        for _ in range(MOST_SETTINGS):
            place = place_front(self._setting, contents_words(self.contents))
            found = place.folios_of(list(self._folios))
            if found == self._folios:
                return place
            self._folios = found
            self._setting = self._set()
        message = f"the contents does not settle: {self._folios}"
        raise RuntimeError(message)

    def _set(self) -> Setting:
        book, templates = self._reading.book, self._reading.templates
        self.contents = self._rows()
        parts = {part for page in self._pages for part in page}
        if has_slots(templates, "front", "turn", *sorted(parts)):
            # It says nothing of what most edits change.
            matter = replace(self._matter, headnote="", colophon=())
            facts = (templates, book, self._pages, self.contents, matter)
            self.html, to_set = self._reading.memory.recall(
                lambda: (front_html(*facts), front_html(*facts, slots=True)),
                b"front matter",
                made_of_front(*facts),
            )
        else:
            facts = (templates, book, self._pages, self.contents, self._matter)
            self.html = to_set = front_html(*facts)
        copy = Copy(to_set, self._css, templates.folders, head_paragraphs(book))
        return self._compositor.set(copy)

    def _rows(self) -> tuple[ContentsRow, ...]:
        # The index opens the back matter, so its folio is known before it is set.
        behind = {"index": str(self._body.next_folio)} if "index" in self._listed else {}
        folios = {**self._folios, **behind}
        return make_contents(self._reading.book, self._body.pagemap, self._listed, folios)


def _listed_parts(reading: Reading, index: Index) -> dict[str, str]:
    """The parts around the text that the contents lists, with their headings."""
    words = reading.templates.words
    listed = ["participants", "note"] + (["index"] if index.groups else [])
    return {part: words[part] for part in listed}


def _front_pages(reading: Reading, body_pages: int) -> tuple[tuple[str, ...], ...]:
    """The names of the parts on each page of the front matter, fit to the book's length."""
    front = reading.edition.file.book.front or (
        SHORT_FRONT if body_pages < SHORT_BODY else LONG_FRONT
    )
    return tuple(tuple(part.strip() for part in page.split("+")) for page in front)


def _guessed_folios(
    pages: Sequence[Sequence[str]], listed: Mapping[str, str], contents_pages: int
) -> dict[str, str]:
    """The folios of the *listed* parts if all pages but those of the contents fill one."""
    folios: dict[str, str] = {}
    folio = 1
    for parts in pages:
        folios |= {part: roman(folio) for part in parts if part in listed}
        folio += contents_pages if "contents" in parts else 1
    return folios


def guess_pages(headings: Sequence[str], css: str) -> int:
    """How many pages a contents of these *headings* is likely to take."""
    lengths = custom_lengths(css)
    measure = lengths["width"] - lengths["inner"] - lengths["outer"]
    letters = measure * FILLED_BY_HEADINGS / (LETTER * lengths["size"])
    lines = sum(ceil(len(heading) / letters) + ROW_SPACE for heading in headings)
    return max(1, ceil((CONTENTS_HEADING + lines) / lengths["lines"]))
