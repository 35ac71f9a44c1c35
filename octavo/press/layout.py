"""The typeset book: body first, then what its page map makes possible.

The one decision: the contents lists parts of the front matter that come after it, whose
folios depend on its own length. It is set on the guess that each front page fills one
page, which nearly always holds, and set again with the folios found where it does not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256

from octavo import __version__
from octavo.beside import beside
from octavo.book import Book
from octavo.contents import ContentsRow, make_contents
from octavo.findings import Findings
from octavo.index import Index, make_index
from octavo.pagemap import PageMap, roman
from octavo.press.reading import Reading
from octavo.print.bindery import Part
from octavo.print.coverage import check_characters
from octavo.print.engine import engine_versions
from octavo.print.fonts import FontCase
from octavo.print.make import part_folios, set_back, set_body, set_front, set_index
from octavo.render.indexrows import continued, index_rows
from octavo.render.pages import back_html, front_html, head_paragraphs, stylesheet
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
from octavo.versions import package_version, package_versions

SHORT_BODY = 48
"""A book of fewer body pages lets parts of its front matter share a page."""
SHORT_FRONT = ("title", "imprint", "contents", "participants+note")
LONG_FRONT = ("title", "imprint", "contents", "participants", "note")
MOST_SETTINGS = 4
"""The contents is set once, or twice; more often would mean that its length swings."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """The typeset signatures and what was made from their page map."""

    front: Part
    body: tuple[Part, ...]
    wait_for_back: Callable[[], Part]
    """The back matter is set on the other core; only the PDF has to wait for it."""
    pagemap: PageMap
    contents: tuple[ContentsRow, ...]
    index: Index
    matter: Matter
    front_html: str
    back_html: str

    @property
    def back(self) -> Part:
        return self.wait_for_back()

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.front, *self.body, self.back)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the engine warned of while it set the signatures."""
        return tuple(w for part in self.parts for w in part.signature.warnings)


def lay_out(reading: Reading, findings: Findings, progress: Progress) -> Layout:
    """Typeset the whole book. Raises ``Unbuildable`` when a character has no glyph."""
    book, templates = reading.book, reading.templates
    case = FontCase(templates.folders)
    check_characters(book, case, findings.report)
    findings.stop_on_faults()
    css = stylesheet(templates, book)
    body = set_body(book, templates, progress)
    index = make_index(reading.plan, body.pagemap, findings.report)
    matter = _matter(reading, case, index)
    progress("setting the index")
    index_pages = set_index(
        index_rows(index, templates.words),
        matter.headnote,
        css,
        case,
        partial(continued, words=templates.words),
    )
    back_text = back_html(templates, book, index_pages, matter)
    wait_for_back = cache(beside(partial(set_back, back_text, css, templates, body.next_folio)))
    body_parts = body.draw()
    listed = _listed_parts(reading, index)
    # The index opens the back matter, so its folio is known before it is set.
    behind = {"index": str(body.next_folio)} if "index" in listed else {}
    pages = _front_pages(reading, body.next_folio - 1)
    folios = _guessed_folios(pages, listed)
    progress("setting the contents")
    for _ in range(MOST_SETTINGS):
        contents = make_contents(book, body.pagemap, listed, {**folios, **behind})
        front_text = front_html(templates, book, pages, contents, matter=matter)
        front = set_front(front_text, css, templates, head_paragraphs(book))
        found = part_folios(front, list(folios))
        if found == folios:
            return Layout(
                front,
                body_parts,
                wait_for_back,
                body.pagemap,
                contents,
                index,
                matter,
                front_text,
                back_text,
            )
        folios = found
    message = f"the contents does not settle: {folios}"
    raise RuntimeError(message)


def _matter(reading: Reading, case: FontCase, index: Index) -> Matter:
    book, words = reading.book, reading.templates.words
    checksums = [(path.name, sha256(data).hexdigest()) for path, data in reading.sources.items()]
    software = {
        "octavo": __version__,
        **{name: package_version(name) for name in SHOWN_PACKAGES},
        **engine_versions(),
    }
    return Matter(
        imprint=imprint_lines(book, words),
        participants=participants(book, words),
        note=markdown(book.edition.note or words["default_note"], partial(_set_marks, book)),
        headnote=headnote(index, words),
        colophon=colophon_lines(words, case.family_names(), software, checksums),
    )


def _set_marks(book: Book, text: str) -> str:
    """The edition's own prose gets the marks of the book's language too."""
    return set_marks(text, book.language, book.edition.file.book.dashes)[0]


def all_versions() -> dict[str, str]:
    """The versions of everything that can change the output."""
    return {**package_versions(), **engine_versions()}


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


def _guessed_folios(pages: Sequence[Sequence[str]], listed: Mapping[str, str]) -> dict[str, str]:
    return {
        part: roman(number)
        for number, parts in enumerate(pages, start=1)
        for part in parts
        if part in listed
    }
