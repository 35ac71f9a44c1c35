"""The back matter as it is set: the index, a signature a page where it is long, and the colophon.

Comes in: the index as it came out, and the colophon. Goes out: settings, and their places. The
one decision: our own breaker made the pages of the index, so that each is set by itself, beside
the others, and one on which no locator moved is not set again. The colophon has slots for the
checksums of the transcripts, for most edits change one of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from octavo import __version__
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


class BackAtWork:
    """The signatures of the back matter; the e-book need not wait for their pages."""

    def __init__(
        self,
        reading: Reading,
        pages: Sequence[Page],
        matter: Matter,
        colophon: Colophon,
        css: str,
        compositor: Compositor,
    ) -> None:
        """Begin to set the index in *pages*, and the *colophon*."""
        self._reading, self._matter, self._colophon = reading, matter, colophon
        self._css, self._compositor = css, compositor
        self._texts = tuple(_texts(reading, pages, matter, colophon))
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
        pages = [text.page for text in self._texts if text.of_index]
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
    pages = _index_pages(reading, index, matter.headnote, css, case, compositor)
    return BackAtWork(reading, pages, matter, colophon, css, compositor)


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
    page: Page = ((), ())


def _texts(
    reading: Reading, pages: Sequence[Page], matter: Matter, colophon: Colophon
) -> Iterator[_Text]:
    templates, book = reading.templates, reading.book
    is_ours = has_slots(templates, "back")
    in_slots = replace(matter, colophon=colophon.in_slots)
    if len(pages) <= SHORT_INDEX:
        to_set = back_html(templates, book, pages, in_slots)
        yield _Text(back_html(templates, book, pages, matter), to_set)
        return
    if is_ours:
        # It begins on a recto.
        for number, page in enumerate(pages):
            html = index_page_html(templates, book, page, matter, goes_on=number > 0)
            yield _Text(html, verso=number % 2 == 1, of_index=True, goes_on=number > 0, page=page)
    else:
        yield _Text(index_html(templates, book, pages, matter))
    to_set = colophon_html(templates, book, in_slots)
    yield _Text(colophon_html(templates, book, matter), to_set, verso=len(pages) % 2 == 1)


def _index_pages(
    reading: Reading,
    index: Index,
    headnote: str,
    css: str,
    case: FontCase,
    compositor: Compositor,
) -> tuple[Page, ...]:
    """The index in its columns: the same while no locator moves."""
    words = reading.templates.words
    rows = index_rows(index, words)
    return reading.memory.recall(
        lambda: set_index(rows, headnote, css, case, partial(continued, words=words)),
        b"index in its columns",
        repr((rows, headnote, css, words["continued"])).encode(),
        # The fonts are among the templates.
        compositor.around(reading.templates.folders),
    )
