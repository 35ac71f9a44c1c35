"""What the proof needs to be told: everything that was meant to be in the files.

Comes in: the layout and the finished files. Goes out: the proof's one-line sum. All that
is declared here is what templates rendered and the edition wrote; the words of the
transcript are not declared, the proof takes them from the Book and from the source.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from html import unescape

from octavo.ebook import MadeEbook
from octavo.edition import make_labels, show_path
from octavo.findings import Findings
from octavo.press.matter import Layout
from octavo.press.reading import Reading
from octavo.print.place import Place
from octavo.proof import Declared, Part, Proved, Sheet, Source, lines_of_html, links_of_html, prove
from octavo.proof.declared import INDEX
from octavo.proof.markup import lines_of_xhtml
from octavo.readers import read_transcript
from octavo.render.pages import head_lines

ADDRESS = re.compile(r'href="((?:https?|mailto):[^"]*)"')
"""The links that the edition's own prose may have."""


def prove_pdf(
    reading: Reading,
    layout: Layout,
    pdf: bytes,
    *,
    with_sources: bool = True,
) -> Proved:
    """Prove the PDF, and that the Book is what the sources say, unless it is proved elsewhere.

    Raises ``ProofFailed``.
    """
    return _prove(reading, layout, pdf, None, with_sources=with_sources)


def prove_epub(reading: Reading, layout: Layout, ebook: MadeEbook) -> Proved:
    """Prove the EPUB, and that the Book is what the sources say. Raises ``ProofFailed``."""
    return _prove(reading, layout, None, ebook)


def sum_up(proofs: Sequence[Proved]) -> str:
    """What the proofs of all files come to, in a line."""
    words = max(proved.words for proved in proofs)
    locators = sum(proved.locators for proved in proofs)
    links = sum(proved.links for proved in proofs)
    fonts = sum(proved.fonts for proved in proofs)
    return (
        f"proved: {words:,} words, each once and in order in every file;"
        f" {locators} locators, {links} links, {fonts} fonts"
    )


def _prove(
    reading: Reading,
    layout: Layout,
    pdf: bytes | None,
    ebook: MadeEbook | None,
    *,
    with_sources: bool = True,
) -> Proved:
    declared = Declared(
        printed=tuple(_printed(reading, layout)) if pdf else (),
        sheets=tuple(_sheets(layout)) if pdf else (),
        ebook=tuple(_documents(reading, ebook)) if ebook else (),
        contents=tuple((row.heading, row.folio) for row in layout.contents),
        fonts=layout.case.files(),
        webfonts=frozenset(sha256(data).hexdigest() for data in (ebook.fonts if ebook else ())),
        attached={name: sha256(data).hexdigest() for name, data in reading.attached.items()},
        addresses=frozenset(map(unescape, ADDRESS.findall(layout.matter.note))),
        warnings=layout.warnings if pdf else (),
    )
    return prove(
        pdf,
        ebook.data if ebook else None,
        book=reading.book,
        sources=tuple(_sources(reading)) if with_sources else None,
        index=layout.index,
        declared=declared,
        memory=reading.memory,
    )


def _sources(reading: Reading) -> Iterator[Source]:
    """The transcripts' files, to be read again: what the Book was made from is on trial."""
    edition = reading.edition
    for table, (path, data) in zip(edition.file.transcript, reading.sources.items(), strict=True):
        name, labels = show_path(path), make_labels(edition, table)
        read = partial(read_transcript, data, name, table.format, labels, Findings().report)
        yield Source(name, data, read, repr((table.format, labels)).encode())


def _printed(reading: Reading, layout: Layout) -> Iterator[Part]:
    lines = partial(_lines, reading)
    links = partial(_links, reading)
    yield Part(
        "front",
        lines(layout.front_html),
        pages=_pages(layout.front),
        links=links(layout.front_html),
    )
    for chapter, part in zip(reading.book.chapters, layout.body.places, strict=True):
        yield Part(chapter.id, head_lines(reading.book, chapter), chapter.id, _pages(part))
    for html, part in zip(layout.back_at_work.html, layout.back, strict=True):
        name = INDEX if part.of_index else "back"
        yield Part(name, lines(html), pages=_pages(part), links=links(html))


def _lines(reading: Reading, html: str) -> tuple[str, ...]:
    read = partial(lines_of_html, html)
    return reading.memory.recall(read, b"lines of HTML", html.encode())


def _links(reading: Reading, html: str) -> tuple[tuple[str, str], ...]:
    read = partial(links_of_html, html)
    return reading.memory.recall(read, b"links of HTML", html.encode())


def _pages(part: Place) -> int:
    return len(part.folios) + bool(part.blank_after)


def _sheets(layout: Layout) -> Iterator[Sheet]:
    for part in layout.parts:
        for page, folio in zip(part.signature.pages, part.folios, strict=True):
            # A running head has no text layer: it is proved by its glyphs, not read as words.
            yield Sheet(folio, tuple(folio for _ in page.seats), page.head)
        if part.blank_after:
            yield Sheet(part.blank_after)


def _documents(reading: Reading, ebook: MadeEbook) -> Iterator[Part]:
    opens = {
        f"{chapter.sections[0].id}.xhtml": head_lines(reading.book, chapter)
        for chapter in reading.book.chapters
    }
    for document in ebook.spine:
        if document.chapter:
            section = document.name.removesuffix(".xhtml")
            yield Part(document.name, opens.get(document.name, ()), section)
        else:
            read = partial(lines_of_xhtml, document.text)
            lines = reading.memory.recall(read, b"lines of XHTML", document.text.encode())
            yield Part(document.name, lines)
