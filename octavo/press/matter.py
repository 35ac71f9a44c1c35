"""Front and back matter, set by the body's page map; with the body they are the layout.

The one decision: the contents lists parts of the front matter that come after it, whose
folios depend on its own length. It is set on a guess of that length, which nearly always
holds, and set again with the folios found where it does not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from math import ceil

from markupsafe import Markup

from octavo import __version__, proof
from octavo.book import Book
from octavo.contents import ContentsRow, make_contents
from octavo.findings import Findings
from octavo.index import Index, IndexPlan, make_index, plan_index
from octavo.pagemap import PageMap, roman
from octavo.press.coverpicture import Front, begin_front
from octavo.press.reading import Reading
from octavo.print import bindery
from octavo.print.body import Body
from octavo.print.columns import Page
from octavo.print.compositor import Compositor, Setting
from octavo.print.copy import Copy
from octavo.print.coverage import check_characters
from octavo.print.fonts import FontCase
from octavo.print.indexpages import set_index
from octavo.print.place import Part, Place, place_body, place_front
from octavo.render.characters import characters_of
from octavo.render.indexrows import continued, index_rows
from octavo.render.pages import (
    SHORT_INDEX,
    back_html,
    colophon_html,
    custom_lengths,
    front_html,
    head_paragraphs,
    stylesheet,
)
from octavo.render.particulars import (
    SHOWN_PACKAGES,
    Matter,
    colophon_lines,
    headnote,
    imprint_lines,
    participants,
)
from octavo.render.prose import markdown
from octavo.typography import set_marks
from octavo.versions import package_version

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
PAGES_OF_INDEX = b"pages of the index"
MOST_SETTINGS = 4
"""The contents is set once, or twice; more often would mean that its length swings."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The typeset signatures and what was made from their page map."""

    front: Place
    body: Body
    back_at_work: tuple[Setting, ...]
    """The e-book need not wait for their pages."""
    contents: tuple[ContentsRow, ...]
    index: Index
    matter: Matter
    front_html: str
    back_html: tuple[str, ...]
    case: FontCase
    cover: Front
    block: bindery.BookBlock
    """The body sewn, or nothing yet."""

    @property
    def pagemap(self) -> PageMap:
        return self.body.pagemap

    @property
    def back(self) -> tuple[Place, ...]:
        places: list[Place] = []
        folio = self.body.next_folio
        for setting in self.back_at_work:
            places.append(place_body(setting, folio))
            folio += len(places[-1].folios)
        return tuple(places)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All signatures in page order, drawn until they are bound; waits for them."""
        return tuple(place.part() for place in (self.front, *self.body.places, *self.back))

    def count_pages(self) -> int:
        """Those of the whole book, blank ones among them; waits for all signatures."""
        places = (self.front, *self.body.places, *self.back)
        return sum(len(place.folios) + bool(place.blank_after) for place in places)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the engine warned of while it set the signatures."""
        return tuple(w for part in self.parts for w in part.signature.warnings)


@dataclass(frozen=True, slots=True)
class Ready:
    """What is known of front and back matter before the pages of the body are."""

    plan: IndexPlan
    case: FontCase
    matter: Matter
    """All but the headnote, which tells of the index as it came out."""
    cover: Front
    colophon: "_EarlyColophon"


def get_ready(reading: Reading, css: str, compositor: Compositor, findings: Findings) -> Ready:
    """Check, plan and load what can be while the compositor breaks the lines of the body.

    Raises ``Unbuildable`` when the index cannot be planned or a character has no glyph.
    """
    plan = plan_index(reading.book, findings.report, reading.memory)
    case = FontCase(reading.templates.folders, css)
    check_characters(reading.book, case, findings.report)
    findings.stop_on_faults()
    matter = _matter(reading, case, compositor.engine_versions)
    cover = begin_front(reading, case, compositor)
    colophon = _EarlyColophon(reading, matter, css, compositor)
    # The e-book is made by another process, which has time to load what it needs.
    reading.templates.get_ready("print")
    proof.get_ready()
    return Ready(plan, case, matter, cover, colophon)


def lay_out_matter(
    reading: Reading,
    ready: Ready,
    css: str,
    body: Body,
    compositor: Compositor,
    findings: Findings,
    progress: Callable[[str], None],
    *,
    to_bind: bool,
) -> Layout:
    """Set what stands around the *body*, what takes longest first."""
    book, templates = reading.book, reading.templates
    progress("setting the index")
    index = make_index(ready.plan, body.pagemap, findings.report)
    matter = replace(ready.matter, headnote=headnote(index, templates.words))
    index_pages = _index_pages(reading, index, matter.headnote, css, ready.case, compositor)
    ready.colophon.note(len(index_pages))
    back_text = back_html(templates, book, index_pages, matter)
    progress("setting the contents")
    front = _FrontAtWork(reading, css, body, index, matter, compositor)
    index_copy, *others = (Copy(html, css, templates.folders) for html in back_text)
    back = (
        compositor.set_first(index_copy),
        *(ready.colophon.settle(copy, len(index_pages)) for copy in others),
    )
    block = bindery.BookBlock(ready.case, reading.memory)
    if to_bind and front.is_fresh:
        # While we wait.
        block.sew(place.part() for place in body.places)
    return Layout(
        front.settle(),
        body,
        back,
        front.contents,
        index,
        matter,
        front.html,
        back_text,
        ready.case,
        ready.cover,
        block,
    )


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


class _EarlyColophon:
    """The colophon, handed over beside the body, before it is known how long the index will be.

    It tells the checksums of the transcripts, so that it is set anew after each edit. Most edits
    leave the index as long as it was, so that the side on which the colophon begins is guessed.
    """

    def __init__(self, reading: Reading, matter: Matter, css: str, compositor: Compositor) -> None:
        self._memory, self._compositor = reading.memory, compositor
        self._edition = repr(reading.edition.file.book.location.path).encode()
        self._copy: Copy | None = None
        pages = self._memory.find(PAGES_OF_INDEX, self._edition)
        if isinstance(pages, int) and pages > SHORT_INDEX:
            html = colophon_html(reading.templates, reading.book, matter)
            self._begin(Copy(html, css, reading.templates.folders), pages)

    def note(self, pages: int) -> None:
        """Remember how many pages the index takes, for the next build."""
        self._memory.keep(pages, PAGES_OF_INDEX, self._edition)

    def settle(self, copy: Copy, pages: int) -> Setting:
        """The colophon behind an index of so many *pages*, set again if it was guessed wrong."""
        if self._copy != self._placed(copy, pages):
            self._begin(copy, pages)
        return self._setting

    def _begin(self, copy: Copy, pages: int) -> None:
        self._copy = self._placed(copy, pages)
        self._setting = self._compositor.set(self._copy)

    def _placed(self, copy: Copy, pages: int) -> Copy:
        # The index begins on a recto.
        return replace(copy, verso=pages % 2 == 1)


class _FrontAtWork:
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
            place = place_front(self._setting)
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
        self.html = front_html(templates, book, self._pages, self.contents, self._matter)
        copy = Copy(self.html, self._css, templates.folders, head_paragraphs(book))
        return self._compositor.set(copy)

    def _rows(self) -> tuple[ContentsRow, ...]:
        # The index opens the back matter, so its folio is known before it is set.
        behind = {"index": str(self._body.next_folio)} if "index" in self._listed else {}
        folios = {**self._folios, **behind}
        return make_contents(self._reading.book, self._body.pagemap, self._listed, folios)


def _matter(reading: Reading, case: FontCase, engine_versions: Mapping[str, str]) -> Matter:
    book, words = reading.book, reading.templates.words
    css = stylesheet(reading.templates, book)
    faces = case.of_style(css, "").families(characters_of(book) - {" "})
    checksums = [(name, sha256(data).hexdigest()) for name, data in reading.attached.items()]
    software = {
        "octavo": __version__,
        **{name: package_version(name) for name in SHOWN_PACKAGES},
        **engine_versions,
    }
    return Matter(
        imprint=imprint_lines(book, words),
        participants=participants(book, words),
        note=_note(reading),
        note_is_ours=not book.edition.note,
        headnote="",
        colophon=colophon_lines(words, faces, software, checksums),
    )


def _note(reading: Reading) -> Markup:
    book = reading.book
    text = book.edition.note or reading.templates.words["default_note"]
    return reading.memory.recall(
        lambda: markdown(text, partial(_set_marks, book)),
        b"note",
        repr((text, book.language, book.edition.file.book.dashes)).encode(),
    )


def _set_marks(book: Book, text: str) -> str:
    """The edition's own prose gets the marks of the book's language too."""
    return set_marks(text, book.language, book.edition.file.book.dashes)[0]


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
