"""A small whole book for the tests of the proofs, and ways to break its finished files.

The PDF is set and bound by the print room, the EPUB is written by hand, so that what
the proofs read is what they are to read in a build; all the rest is plain data.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pikepdf
from rewriting import rewritten

from octavo.book import (
    Book,
    BookBlock,
    BookEvent,
    BookProse,
    BookTurn,
    Chapter,
    Paragraph,
    Section,
)
from octavo.cache import Cache
from octavo.edition.schema import BookFile, ContentsFile, Edition, IndexFile, Speaker
from octavo.index.parts import Index, IndexEntry, IndexGroup, Locator, Mention
from octavo.memory import Memory
from octavo.model import Anchor, Event, Location, Prose, Text, Transcript, Turn
from octavo.pagemap import Point
from octavo.proof import Declared, Part, Sheet, Source, lines_of_html, prove
from octavo.typography import Change

TEMPLATES = Path(__file__).parents[1] / "templates"
FONT_FILES = tuple(sorted((TEMPLATES / "fonts").glob("*.ttf")))
WEB_FONT = TEMPLATES / "fonts" / "SourceSerif4-Regular.ttf.woff2"

CSS = """
@font-face { font-family: "Book"; src: url(../fonts/SourceSerif4-Regular.ttf) }
@font-face { font-family: "Book"; font-style: italic; src: url(../fonts/SourceSerif4-It.ttf) }
@page {
  margin: 18mm 14mm; size: 104mm 92mm;
  @top-center { content: string(head); font: italic 8pt "Book" }
  @bottom-center { content: counter(page); font: 8pt "Book"; font-variant-numeric: oldstyle-nums }
}
html { font: 10pt/13pt "Book"; string-set: head attr(data-head) }
body { hyphens: auto; hyphenate-limit-chars: 6 3 3; margin: 0; text-align: justify }
h1 { font: italic 12pt/13pt "Book"; margin: 13pt 0 }
p { margin: 0 }
.label { font-variant-caps: small-caps; letter-spacing: 0.05em; margin-right: 0.28em }
a { color: inherit; text-decoration: none }
.folio { padding-left: 2em }
"""

STANDFIRST = "A conversation about rivers, held after dinner, in two sittings."
QUESTION = (
    "Why did the committee refuse the well-known offer of 1956? I found the official "
    "affidavit, and it says nothing—nothing at all—about the fishing rights or the flood."
)
ANSWER = (
    "Because it was an extraordinarily complicated undertaking, and an international one. "
    "We had neither engineers nor photographers; we'd the responsibility and none of the "
    "instruments. [Laughter.] Imagine measuring a two-hundred-mile river with a bicycle."
)
SECOND = (
    "Nevertheless the hydrological observations were remarkably trustworthy. Everything "
    "that the administration published afterwards, either/or, depended upon these "
    "measurements, and the Yangtze River Commission acknowledged it 20 years later."
)
REPLY = "And the photographs?"
LAST = "The photographs were lost, or misunderstood. They were finally found in an attic."
EVENT = "[Applause.]"

SPEAKERS = (
    Speaker(label="Ito", name="Ito Haruko", role="interviewer"),
    Speaker(label="Marsh", name="Edward Marsh", role="interviewee"),
)


def said(words: str) -> Text:
    return Text(words, (Anchor(0, Location("rivers.txt")),))


def paragraph(identity: str, words: str) -> Paragraph:
    """Set typographic apostrophes, on record."""
    marked, changes = words, []
    while (at := marked.find("'")) >= 0:
        marked = marked[:at] + "\N{RIGHT SINGLE QUOTATION MARK}" + marked[at + 1 :]
        changes.append(Change(at, "'", "\N{RIGHT SINGLE QUOTATION MARK}"))
    return Paragraph(identity, marked, tuple(changes), (), said(words))


def turn(identity: str, speaker: int, *words: str, first: bool = False) -> BookTurn:
    paragraphs = (paragraph(f"{identity}.{n}", text) for n, text in enumerate(words, start=1))
    return BookTurn(identity, SPEAKERS[speaker], first, tuple(paragraphs))


TRANSCRIPT = Transcript(
    path="rivers.txt",
    title=(said("A River Measured"),),
    byline=(said("Ito Haruko talks to Edward Marsh"),),
    blocks=(
        Prose(said(STANDFIRST)),
        Turn("Ito", (said(QUESTION),), Location("rivers.txt", 7)),
        Turn("Marsh", (said(ANSWER), said(SECOND)), Location("rivers.txt", 9)),
        Event(said(EVENT)),
        Turn("Ito", (said(REPLY),), Location("rivers.txt", 15)),
        Turn("Marsh", (said(LAST),), Location("rivers.txt", 17)),
    ),
)
SOURCE = "\n\n".join(
    (
        "A River Measured:",
        "Ito Haruko talks to Edward Marsh",
        STANDFIRST,
        f"Ito: {QUESTION}",
        f"Marsh: {ANSWER}",
        SECOND,
        EVENT,
        f"Ito: {REPLY}",
        f"Marsh: {LAST}",
    )
).encode()

EDITION = Edition("", BookFile(speaker=SPEAKERS), ContentsFile(), IndexFile(), "")
BOOK = Book(
    edition=EDITION,
    title="A River Measured",
    subtitle="",
    language="en",
    identifier="urn:x-test:rivers",
    speakers=SPEAKERS,
    chapters=(
        Chapter(
            id="c1",
            title=(paragraph("title.1", "A River Measured"),),
            byline=(paragraph("byline.1", "Ito Haruko talks to Edward Marsh"),),
            heading="",
            sections=(
                Section("s0", "", (BookProse(paragraph("p1", STANDFIRST), standfirst=True),)),
                Section(
                    "s1",
                    "The offer refused",
                    (
                        turn("t1", 0, QUESTION, first=True),
                        turn("t2", 1, ANSWER, SECOND, first=True),
                        BookEvent(paragraph("e1", EVENT)),
                    ),
                ),
                Section("s2", "The photographs", (turn("t3", 0, REPLY), turn("t4", 1, LAST))),
            ),
        ),
    ),
    **({"modified": datetime(2026, 1, 1, tzinfo=UTC)} if "modified" in Book.__slots__ else {}),
)


# The index ------------------------------------------------------------------


def mention(words: str) -> Point:
    """Where *words* first stand in the book."""
    for one in BOOK.paragraphs():
        if words in one.words:
            return Point(one.id, one.words.index(words))
    raise KeyError(words)


MENTIONS = {"fishing rights": "fishing", "photographs": "photographs", "Yangtze": "Yangtze River"}


# The finished files -----------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """A finished book, with all that the proof asks for."""

    pdf: bytes
    epub: bytes
    book: Book
    index: Index
    declared: Declared
    transcripts: tuple[Transcript, ...] = (TRANSCRIPT,)
    sources: tuple[bytes, ...] = (SOURCE,)

    def prove(self, *, pdf: bool = True, epub: bool = True, cache: Cache | None = None) -> Any:
        pairs = zip(self.transcripts, self.sources, strict=True)
        return prove(
            self.pdf if pdf else None,
            self.epub if epub else None,
            book=with_digests(self.book),
            sources=[
                Source("rivers.txt", data, lambda made=made: made, pickle.dumps(made))
                for made, data in pairs
            ],
            index=self.index,
            declared=self.declared,
            memory=Memory(cache),
        )


def with_digests(book: Book) -> Book:
    """The book with a digest of each chapter, as ``join`` makes it."""
    chapters = (replace(chapter, digest=b"") for chapter in book.chapters)
    digested = tuple(replace(one, digest=sha256(pickle.dumps(one)).digest()) for one in chapters)
    return replace(book, chapters=digested)


@cache
def sample() -> Sample:
    """Make the book: body first, then front and back from where its words stand."""
    from octavo.print.bindery import Particulars, bind
    from octavo.print.fonts import FontCase
    from octavo.print.place import Part as Bound

    words = {one.id: one.words for one in BOOK.paragraphs()}
    body = _set(_page("Rivers", _body()), words)
    folios = [str(number) for number in range(1, len(body.pages) + 1)]
    at = _folios_of(body, folios)
    index = _index(at)
    contents = (("The offer refused", at["t1.1", 0]), ("The photographs", at["t3.1", 0]))
    front_html = _page("Before", _front(contents))
    back_html = _page("Behind", _back(index))
    front, back = _set(front_html, {}), _set(back_html, {})
    parts = (
        Bound(front, ("i",), "ii"),
        Bound(body, tuple(folios)),
        Bound(back, (str(len(folios) + 1),)),
    )
    points = {name: one.target for entry in index.entries() for name, one in entry.links()}
    particulars = Particulars(
        "A River Measured", (), "en", "urn:x-test:rivers", datetime(2026, 1, 1, tzinfo=UTC), "test"
    )
    pdf = bind(parts, points, FontCase([TEMPLATES]), particulars)
    labels = ["i", "ii", *folios, str(len(folios) + 1)]
    heads = {"i": "Before", labels[-1]: "Behind", **dict.fromkeys(folios, "Rivers")}
    epub_parts, epub = _epub(body, folios, index)
    declared = Declared(
        printed=(
            Part("front", lines_of_html(front_html), pages=2),
            Part("c1", speech="c1", pages=len(folios)),
            Part("back", lines_of_html(back_html), pages=1),
        ),
        sheets=tuple(
            Sheet(label, (label,), heads[label]) if label in heads else Sheet(label)
            for label in labels
        ),
        ebook=epub_parts,
        contents=contents,
        fonts={path.name: path.read_bytes() for path in FONT_FILES},
        webfonts=frozenset({sha256(WEB_FONT.read_bytes()).hexdigest()}),
    )
    return Sample(pdf, epub, BOOK, index, declared)


def _set(html: str, words: dict[str, str]) -> Any:
    from octavo.print.copy import Copy
    from octavo.print.signature import set_signature

    return set_signature(Copy(html, CSS, (TEMPLATES,), words))


def _folios_of(body: Any, folios: list[str]) -> dict[tuple[str, int], str]:
    """The folio of every character of every paragraph, from where its lines were set."""
    return {
        (line.paragraph, offset): folio
        for page, folio in zip(body.pages, folios, strict=True)
        for line in page.lines
        for offset in range(line.start, line.end)
    }


def _index(at: dict[tuple[str, int], str]) -> Index:
    entries = []
    for words, heading in MENTIONS.items():
        target = mention(words)
        folio = at[target.paragraph, target.offset]
        entries.append(IndexEntry(heading, heading, (_locator(words, target, target, folio),)))
    first, last = mention("complicated"), mention("acknowledged")
    pages = (at[first.paragraph, first.offset], at[last.paragraph, last.offset])
    text = "\N{EN DASH}".join(dict.fromkeys(pages))
    entries.append(IndexEntry("work", "work", (_locator("complicated", first, last, text),)))
    return Index((IndexGroup("A", tuple(entries)),), "word")


def _locator(words: str, target: Point, last: Point, text: str) -> Locator:
    """A locator of one mention; a passage where *last* is another point."""
    end = target.offset + len(words)
    treated = last if last != target else Point(target.paragraph, end - 1)
    only = Mention("", target, end, treated, "", "", words)
    first, _, second = text.partition("\N{EN DASH}")
    return Locator(text, text, first, second or first, target, end, False, (only,))


def _locators(index: Index) -> list[Locator]:
    return list(index.locators())


def _page(head: str, content: str) -> str:
    return (
        f'<html lang="en" data-head="{head}"><head><title>{head}</title></head>'
        f"<body>{content}</body></html>"
    )


def _front(contents: tuple[tuple[str, str], ...]) -> str:
    rows = "".join(
        f'<p><a href="point:s{n}">{heading} <span class="folio">{folio}</span></a></p>'
        for n, (heading, folio) in enumerate(contents, start=1)
    )
    head = "<p>A River Measured</p><p>Ito Haruko talks to Edward Marsh</p>"
    return f'{head}<h1 id="contents">Contents</h1>{rows}'


def _back(
    index: Index, href: Callable[[str, Locator], str] = lambda name, _: f"point:{name}"
) -> str:
    rows = "".join(
        f"<p>{entry.heading}, "
        + ", ".join(f'<a href="{href(*one)}">{one[1].text}</a>' for one in entry.links())
        + "</p>"
        for group in index.groups
        for entry in group.entries
    )
    return f"<h1>Index</h1>{rows}"


def _body(cut: Callable[[Paragraph], str] = lambda one: one.words) -> str:
    return "".join(_section(section, cut) for section in BOOK.chapters[0].sections)


def _section(section: Section, cut: Callable[[Paragraph], str]) -> str:
    heading = f"<h1>{section.heading}</h1>" if section.heading else ""
    blocks = "".join(_block(block, cut) for block in section.blocks)
    return f'<section id="{section.id}">{heading}{blocks}</section>'


def _block(block: BookBlock, cut: Callable[[Paragraph], str]) -> str:
    if not isinstance(block, BookTurn):
        return f'<p id="{block.paragraph.id}">{cut(block.paragraph)}</p>'
    label = block.speaker.full_name if block.first else block.speaker.short_name
    lead = f'<span class="label">{label}</span> '
    rows = "".join(
        f'<p>{lead if n == 0 else ""}<span id="{one.id}">{cut(one)}</span></p>'
        for n, one in enumerate(block.paragraphs)
    )
    return f'<div class="turn" id="{block.id}">{rows}</div>'


# The EPUB -----------------------------------------------------------------------

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
STYLE = '@font-face { font-family: "Book"; src: url("fonts/book.woff2") }'
XHTML = "application/xhtml+xml"


def _epub(body: Any, folios: list[str], index: Index) -> tuple[tuple[Part, ...], bytes]:
    """Write title, sections and index, with page breaks where the printed pages begin."""
    breaks: dict[str, dict[int, str]] = {}
    for page, folio in zip(body.pages, folios, strict=True):
        line = page.lines[0]
        words = next(one.words for one in BOOK.paragraphs() if one.id == line.paragraph)
        offset = line.start
        while offset and offset < len(words) and words[offset - 1] != " ":
            offset += 1
        breaks.setdefault(line.paragraph, {})[offset] = folio
    targets = {(one.target.paragraph, one.target.offset) for one in _locators(index)}

    def cut(one: Paragraph) -> str:
        offsets = sorted(
            {0, *breaks.get(one.id, ()), *(at for owner, at in targets if owner == one.id)}
        )
        return "".join(
            _marks(one, start, breaks, targets) + one.words[start:end]
            for start, end in pairwise((*offsets, len(one.words)))
        )

    sections = BOOK.chapters[0].sections
    files = {f"{section.id}.xhtml": _section(section, cut) for section in sections}
    homes = {one.id: section.id for section in sections for one in section.paragraphs()}
    index_text = _back(
        index, lambda _, one: f"{homes[one.target.paragraph]}.xhtml#{one.target.anchor}"
    )
    title = "<p>A River Measured</p><p>Ito Haruko talks to Edward Marsh</p>"
    documents = {"title.xhtml": title, **files, "index.xhtml": index_text}
    parts = (
        Part("title.xhtml", lines_of_html(f"<body>{title}</body>")),
        *(Part(f"{section.id}.xhtml", speech=section.id) for section in sections),
        Part("index.xhtml", lines_of_html(f"<body>{index_text}</body>")),
    )
    return parts, _zip(documents)


def _marks(
    one: Paragraph,
    at: int,
    breaks: dict[str, dict[int, str]],
    targets: set[tuple[str, int]],
) -> str:
    folio = breaks.get(one.id, {}).get(at)
    page = f'<span role="doc-pagebreak" id="page-{folio}" aria-label="{folio}"></span>'
    target = f'<span id="{one.id}-{at}"></span>'
    return (page if folio else "") + (target if (one.id, at) in targets else "")


def _zip(documents: dict[str, str]) -> bytes:
    items = "".join(
        f'<item id="d{n}" href="{name}" media-type="{XHTML}"/>' for n, name in enumerate(documents)
    )
    spine = "".join(f'<itemref idref="d{n}"/>' for n in range(len(documents)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
        f'{items}<item id="style" href="style.css" media-type="text/css"/>'
        '<item id="font" href="fonts/book.woff2" media-type="font/woff2"/>'
        f"</manifest><spine>{spine}</spine></package>"
    )
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OPS/package.opf", package)
        archive.writestr("OPS/style.css", STYLE)
        archive.writestr("OPS/fonts/book.woff2", WEB_FONT.read_bytes())
        for name, text in documents.items():
            archive.writestr(
                f"OPS/{name}",
                '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>'
                f'<link rel="stylesheet" href="style.css"/></head><body>{text}</body></html>',
            )
    return out.getvalue()


# Breaking -------------------------------------------------------------------------


def break_pdf(edit: Callable[[pikepdf.Pdf], None]) -> Sample:
    """The sample with its PDF edited, all else byte for byte as it was."""
    with pikepdf.open(BytesIO(sample().pdf)) as pdf:
        edit(pdf)
        return replace(sample(), pdf=rewritten(sample().pdf, pdf))


def break_epub(name: str, old: str, new: str) -> Sample:
    """The sample with *old*, which stands once in a file of its EPUB, made *new*."""
    out = BytesIO()
    with ZipFile(BytesIO(sample().epub)) as archive, ZipFile(out, "w") as broken:
        for path in archive.namelist():
            data = archive.read(path)
            if path == f"OPS/{name}":
                assert data.count(old.encode()) == 1, f"{old} in {data!r}"
                data = data.replace(old.encode(), new.encode())
            broken.writestr(path, data)
    return replace(sample(), epub=out.getvalue())
