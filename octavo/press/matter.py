"""Front and back matter, set by the body's page map; with the body they are the layout.

Comes in: what was read, and the body. Goes out: the layout. The one decision: whatever needs no
page map is made ready while the body is being set.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup

from octavo import proof
from octavo.book import Book
from octavo.contents import ContentsRow
from octavo.findings import Findings
from octavo.index import Index, IndexPlan, make_index, plan_index
from octavo.pagemap import PageMap
from octavo.press.backmatter import BackAtWork, Colophon, make_colophon, set_back
from octavo.press.coverpicture import Front, begin_front
from octavo.press.frontmatter import FrontAtWork
from octavo.press.reading import Reading
from octavo.print import bindery
from octavo.print.body import Body
from octavo.print.compositor import Compositor
from octavo.print.coverage import check_characters
from octavo.print.fonts import FontCase
from octavo.print.place import Part, Place
from octavo.render.particulars import (
    Matter,
    headnote,
    imprint_lines,
    participants,
)
from octavo.render.prose import markdown
from octavo.typography import set_marks


@dataclass(frozen=True, slots=True)
class Layout:
    """The typeset signatures and what was made from their page map."""

    front: Place
    body: Body
    back_at_work: BackAtWork
    contents: tuple[ContentsRow, ...]
    index: Index
    matter: Matter
    front_html: str
    case: FontCase
    cover: Front
    block: bindery.BookBlock
    """The body sewn, or nothing yet."""

    @property
    def pagemap(self) -> PageMap:
        return self.body.pagemap

    @property
    def back(self) -> tuple[Place, ...]:
        return self.back_at_work.places(self.body.next_folio)

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
    colophon: Colophon


def get_ready(reading: Reading, css: str, compositor: Compositor, findings: Findings) -> Ready:
    """Check, plan and load what can be while the compositor breaks the lines of the body.

    Raises ``Unbuildable`` when the index cannot be planned or a character has no glyph.
    """
    plan = plan_index(reading.book, findings.report, reading.memory)
    case = FontCase(reading.templates.folders, css)
    check_characters(reading.book, case, findings.report)
    findings.stop_on_faults()
    colophon = make_colophon(reading, css, case, compositor.engine_versions)
    matter = _matter(reading, colophon)
    cover = begin_front(reading, case, compositor)
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
    progress("setting the index")
    index = make_index(ready.plan, body.pagemap, findings.report)
    matter = replace(ready.matter, headnote=headnote(index, reading.templates.words))
    front = FrontAtWork(reading, css, body, index, matter, compositor)
    back = set_back(reading, index, matter, ready.colophon, css, ready.case, compositor)
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
        ready.case,
        ready.cover,
        block,
    )


def _matter(reading: Reading, colophon: Colophon) -> Matter:
    book, words = reading.book, reading.templates.words
    return Matter(
        imprint=imprint_lines(book, words),
        participants=participants(book, words),
        note=_note(reading),
        note_is_ours=not book.edition.note,
        headnote="",
        colophon=colophon.lines,
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
