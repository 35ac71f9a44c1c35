"""The back matter as it is set: the index, a signature a page where it is long, and the colophon.

Comes in: the index as it came out, and the colophon. Goes out: settings, and their places. The
one decision: our own breaker made the pages of the index, so that each is set by itself, beside
the others, and one on which no locator moved is not set again. The colophon has slots for the
checksums of the transcripts, for most edits change one of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import sha256

from octavo import __version__
from octavo.cache import key_of
from octavo.index import Index
from octavo.press.reading import Reading
from octavo.print.columns import Page
from octavo.print.compositor import Compositor
from octavo.print.copy import Copy
from octavo.print.fonts import FontCase
from octavo.print.indexpages import set_index
from octavo.print.place import Place, place_body
from octavo.render.aroundpages import (
    SHORT_INDEX,
    back_html,
    colophon_html,
    has_slots,
    index_html,
    index_page_html,
    made_of_frame,
)
from octavo.render.characters import characters_of
from octavo.render.indexrows import continued, index_rows
from octavo.render.particulars import SHOWN_PACKAGES, Matter, colophon_lines, may_have_slots
from octavo.render.slots import slot
from octavo.versions import package_version

WIDE_DIGIT = "d"
"""Of hexadecimal ones: no checksum is wider than one of these alone."""


@dataclass(frozen=True, slots=True)
class Colophon:
    """The lines of the colophon, and the same with slots for the checksums."""

    lines: tuple[str, ...]
    in_slots: tuple[str, ...]
    words: Mapping[str, str]
    """Those of the slots."""


class IndexText:
    """The index in its pages, and their HTML: the same while no locator moves."""

    def __init__(
        self,
        reading: Reading,
        index: Index,
        headnote: str,
        css: str,
        case: FontCase,
        compositor: Compositor,
    ) -> None:
        self._reading, self._headnote, self._css, self._case = reading, headnote, css, case
        self._rows = index_rows(index, reading.templates.words)
        words = reading.templates.words["continued"]
        self._made_of = (
            repr((self._rows, headnote, css, words, SHORT_INDEX)).encode(),
            # The fonts are among the templates.
            compositor.around(reading.templates.folders),
        )

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Its rows, in columns."""
        more = partial(continued, words=self._reading.templates.words)
        return self._reading.memory.recall(
            lambda: set_index(self._rows, self._headnote, self._css, self._case, more),
            b"index in its columns",
            *self._made_of,
        )

    @cached_property
    def alone(self) -> tuple[str, ...]:
        """The HTML of each page where each is a signature; nothing where they are not."""
        reading = self._reading
        if not has_slots(reading.templates, "back"):
            return ()
        made_of = key_of(*self._made_of, made_of_frame(reading.templates, reading.book)).encode()
        return reading.memory.recall(self._render, b"pages of a long index", made_of)

    def _render(self) -> tuple[str, ...]:
        if len(self.pages) <= SHORT_INDEX:
            return ()
        templates, book = self._reading.templates, self._reading.book
        return tuple(
            index_page_html(templates, book, page, self._headnote, goes_on=number > 0)
            for number, page in enumerate(self.pages)
        )


class BackAtWork:
    """The signatures of the back matter; the e-book need not wait for their pages."""

    def __init__(
        self,
        reading: Reading,
        index: IndexText,
        matter: Matter,
        colophon: Colophon,
        css: str,
        compositor: Compositor,
    ) -> None:
        """Begin to set the *index* and the *colophon*."""
        self._reading, self._matter, self._colophon = reading, matter, colophon
        self._css, self._compositor, self._index = css, compositor, index
        self._texts = tuple(_texts(reading, index, matter, colophon))
        # One for which all wait need not wait for a hand to be forked.
        begin = compositor.set_first if len(self._texts) == 1 else compositor.set
        self._settings = tuple(begin(self._copy(text)) for text in self._texts)

    @property
    def html(self) -> tuple[str, ...]:
        """What stands in each signature; waits until their lines are broken."""
        self._settle()
        return tuple(text.html for text in self._texts)

    def places(self, folio: int) -> tuple[Place, ...]:
        """Their places from *folio* on; waits until their lines are broken."""
        self._settle()
        found: list[Place] = []
        for text, setting in zip(self._texts, self._settings, strict=True):
            words = self._colophon.words if text is self._texts[-1] else {}
            found.append(replace(place_body(setting, folio, words), of_index=text.of_index))
            folio += len(found[-1].folios)
        return tuple(found)

    def _settle(self) -> None:
        """Set the index as a whole if a page of ours is not a page: a style may have it so."""
        settings = zip(self._texts, self._settings, strict=True)
        lengths = [len(setting.pages) for text, setting in settings if text.of_index]
        if lengths == [1] * len(lengths):
            return
        reading, last = self._reading, self._texts[-1]
        pages = self._index.pages
        whole = _Text(index_html(reading.templates, reading.book, pages, self._matter))
        index = self._compositor.set_first(self._copy(whole))
        last = replace(last, verso=len(index.pages) % 2 == 1)
        self._texts = (whole, last)
        self._settings = (index, self._compositor.set(self._copy(last)))

    def _copy(self, text: "_Text") -> Copy:
        folders = self._reading.templates.folders
        to_set = text.to_set or text.html
        return Copy(to_set, self._css, folders, verso=text.verso, goes_on=text.goes_on)


def make_colophon(
    reading: Reading, css: str, case: FontCase, engine_versions: Mapping[str, str]
) -> Colophon:
    """What the book is set in and made with, and of which transcripts."""
    book, words = reading.book, reading.templates.words
    faces = case.of_style(css, "").families(characters_of(book) - {" "})
    software = {
        "octavo": __version__,
        **{name: package_version(name) for name in SHOWN_PACKAGES},
        **engine_versions,
    }
    checksums = {name: sha256(data).hexdigest() for name, data in reading.attached.items()}
    slots = {name: f"checksum-{number}" for number, name in enumerate(checksums)}
    lines = in_slots = colophon_lines(words, faces, software, [*checksums.items()])
    # With a style of an edition's own a checksum may be too wide for its line.
    styles = (f"print/{name}.css" for name in ("book", "fonts", "own", "right-to-left"))
    ours = has_slots(reading.templates, "back") and all(map(reading.templates.is_ours, styles))
    if ours and may_have_slots(words):
        like = WIDE_DIGIT * len(sha256().hexdigest())
        sources = [(name, slot(slots[name], like)) for name in checksums]
        in_slots = colophon_lines(words, faces, software, sources)
    return Colophon(
        lines, in_slots, {slots[name]: checksum for name, checksum in checksums.items()}
    )


def set_back(
    reading: Reading,
    index: Index,
    matter: Matter,
    colophon: Colophon,
    css: str,
    case: FontCase,
    compositor: Compositor,
) -> BackAtWork:
    """Begin to set the back matter."""
    text = IndexText(reading, index, matter.headnote, css, case, compositor)
    return BackAtWork(reading, text, matter, colophon, css, compositor)


@dataclass(frozen=True, slots=True)
class _Text:
    """What a signature says."""

    html: str
    to_set: str = ""
    """The same with slots."""
    verso: bool = False
    of_index: bool = False
    """Whether it is one page of the index."""
    goes_on: bool = False


def _texts(
    reading: Reading, index: IndexText, matter: Matter, colophon: Colophon
) -> Iterator[_Text]:
    templates, book = reading.templates, reading.book
    in_slots = replace(matter, colophon=colophon.in_slots)
    # It begins on a recto.
    for number, html in enumerate(index.alone):
        yield _Text(html, verso=number % 2 == 1, of_index=True, goes_on=number > 0)
    count = len(index.alone)
    if not count:
        pages = index.pages
        count = len(pages)
        if count <= SHORT_INDEX:
            to_set = back_html(templates, book, pages, in_slots)
            yield _Text(back_html(templates, book, pages, matter), to_set)
            return
        yield _Text(index_html(templates, book, pages, matter))
    to_set = colophon_html(templates, book, in_slots)
    yield _Text(colophon_html(templates, book, matter), to_set, verso=count % 2 == 1)
