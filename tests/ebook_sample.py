"""Small e-books for the tests: a talk in two exchanges, its index, its printed pages.

A bar in the talk begins a printed page (``small_books``). Pages begin where it is
awkward: before a heading, within a word, within a compound, after a dash.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree
from markupsafe import Markup
from PIL import Image
from small_books import Turns, small_book, small_pagemap, small_paragraph

from octavo.book import Book, Section
from octavo.contents import ContentsRow, make_contents
from octavo.ebook import MadeEbook, make_ebook
from octavo.edition.schema import BookTable, Contributor, EbookTable, Entry, Speaker
from octavo.findings import Findings
from octavo.index import Index, make_index, plan_index
from octavo.pagemap import PageMap
from octavo.render import Templates
from octavo.render.particulars import Matter, participants

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "epub": "http://www.idpf.org/2007/ops",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "opf": "http://www.idpf.org/2007/opf",
    "x": "http://www.w3.org/1999/xhtml",
}
EPUB_TYPE = f"{{{NAMESPACES['epub']}}}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MODIFIED = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
PDF = "urn:uuid:00000000-0000-4000-8000-00000000000f"

REPORTER = Speaker("Reporter", role="interviewer")
WANG = Speaker("Wang", "Wang Jiarui", "interviewee", "Keeper of the rivers", sort="Wang Jiarui")
SPEAKERS = (REPORTER, WANG)
TALK: Turns = (
    ("", ["Two people talk of rivers. [Rain.]"]),
    ("Reporter", ["|What is a well-|ordered river? [Laughter.]"]),
    (
        "Wang",
        ["A river begins in rain. It ends in the sea—|always.", "The commit|tee met on rivers."],
    ),
    ("", ["[Applause.]"]),
    ("Reporter", ["|And <script>the flood</script>, {{ 7 * 7 }} & ]]> &amp;?"]),
    ("Wang", ["The flood of 1956 fed the rivers; no committee did."]),
)
HEADINGS = {1: "Where rivers begin", 4: "The flood & after"}
"""By the number of the block that each stands before."""
ENTRIES = (
    Entry("committee", match=("committee",), main="The committee met on rivers"),
    Entry("flood", match=("flood",), see_also=("rivers",)),
    Entry("order", match=("ordered",)),
    Entry("rivers", match=("river", "rivers"), see_also=("flood",)),
    Entry("water", see=("rivers",)),
)


def _picture() -> bytes:
    out = BytesIO()
    Image.new("L", (16, 26)).save(out, "PNG")
    return out.getvalue()


COVER = _picture()


@dataclass(frozen=True)
class Sample:
    """A book with all that an e-book is made from, and the e-book."""

    book: Book
    pagemap: PageMap
    index: Index
    contents: tuple[ContentsRow, ...]
    matter: Matter
    overrides: tuple[Path, ...] = field(default=())

    @cached_property
    def made(self) -> MadeEbook:
        templates = Templates(self.book.language, self.overrides)
        return make_ebook(
            self.book,
            self.index,
            self.pagemap,
            self.contents,
            self.matter,
            templates,
            MODIFIED,
            PDF,
            COVER,
        )

    @cached_property
    def package(self) -> "Package":
        return Package(self.made.data)


class Package:
    """The finished file, opened without the code that wrote it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with ZipFile(BytesIO(data)) as archive:
            self.entries = archive.infolist()
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.opf = self.tree("content.opf")

    def tree(self, name: str) -> Any:
        return etree.fromstring(self.files[f"EPUB/{name}"])

    def find(self, name: str, path: str) -> list[Any]:
        """What the XPath *path* selects in the file *name*."""
        found = self.tree(name).xpath(path, namespaces=NAMESPACES)
        assert isinstance(found, list)
        return found

    @cached_property
    def spine(self) -> list[str]:
        hrefs = {i.get("id"): i.get("href") for i in self.find("content.opf", "//opf:item")}
        return [hrefs[ref.get("idref")] for ref in self.find("content.opf", "//opf:itemref")]

    def links(self, kind: str) -> list[tuple[str, str]]:
        """Text and address of each link of one ``nav``."""
        links = self.find("nav.xhtml", f"//x:nav[@epub:type='{kind}']//x:a")
        return [(text_of(link), link.get("href")) for link in links]

    def target(self, href: str, base: str = "nav.xhtml") -> Any:
        """The element that a link in the file *base* leads to; the root without a fragment."""
        name, _, fragment = href.partition("#")
        tree = self.tree(name or base)
        if not fragment:
            return tree
        (element,) = tree.xpath("//*[@id=$id]", id=fragment)
        return element

    def paragraphs(self) -> Iterator[tuple[str, str]]:
        """Id and text of each paragraph of the text, labels left out, in reading order."""
        for name in self.spine:
            for element in self.find(name, "//x:body[@epub:type='bodymatter']//x:p[@id]"):
                for label in element.findall("x:b[@class='label']", NAMESPACES):
                    assert label.tail is not None
                    del label[:]
                    label.tail = label.tail.removeprefix(" ")
                yield element.get("id"), text_of(element)


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def sample(
    *chapters: Turns,
    headings: Mapping[int, str] = HEADINGS,
    entries: Sequence[Entry] = ENTRIES,
    language: str = "en",
    table: BookTable | None = None,
    head: Sequence[str] = ("Rivers", "A talk"),
    certified_by: str = "",
) -> Sample:
    """An e-book of *chapters*, the talk by default; *headings* stand in each of them."""
    chapters = chapters or (TALK,)
    book = small_book(*chapters, entries=entries, language=language, speakers=SPEAKERS)
    book = _with_edition(
        _with_headings(book, headings, head),
        table or BookTable(language=language),
        EbookTable(certified_by=certified_by),
    )
    pagemap = small_pagemap(book, chapters)
    findings = Findings()
    index = make_index(plan_index(book, findings.report), pagemap)
    assert findings.faults == []
    words = Templates(language).words
    around = {"participants": "v", "note": "v", "index": "5", "colophon": "7"}
    absent = {"index"} if not index.groups else set()
    if book.edition.file.book.front:
        absent |= {part for part in around if part not in "+".join(book.edition.file.book.front)}
    around = {part: folio for part, folio in around.items() if part not in absent}
    parts = {part: words[part] for part in around}
    return Sample(
        book,
        pagemap,
        index,
        make_contents(book, pagemap, parts, around),
        Matter(
            imprint=("Rivers: A talk", "Dated 2026-11-23."),
            participants=participants(book, words),
            note=Markup("<p>The words are the transcript’s.</p>\n"),
            note_is_ours=True,
            headnote=words["headnote"],
            colophon=("Set in Source Serif 4.",),
        ),
    )


def _with_headings(book: Book, headings: Mapping[int, str], head: Sequence[str]) -> Book:
    chapters = []
    many = len(book.chapters) > 1
    for number, chapter in enumerate(book.chapters, start=1):
        prefix = f"c{number}." if many else ""
        blocks = chapter.sections[0].blocks
        cuts = [0, *(cut for cut in headings if cut), len(blocks)]
        sections = [
            Section(f"{prefix}s{n}", headings.get(start, ""), blocks[start:end])
            for n, (start, end) in enumerate(pairwise(cuts))
        ]
        title = tuple(
            small_paragraph(f"{prefix}title.{n}", line) for n, line in enumerate(head, start=1)
        )
        byline = (small_paragraph(f"{prefix}byline.1", "Ann Lee"),)
        heading = f"Talk {number}" if many else ""
        chapters.append(replace(chapter, title=title, byline=byline, heading=heading,
                                sections=tuple(sections)))  # fmt: skip
    return replace(book, title="Rivers", subtitle="A talk", chapters=tuple(chapters))


def _with_edition(book: Book, table: BookTable, ebook: EbookTable) -> Book:
    contributors = (Contributor("Ann Lee", "interviewer"),)
    file = replace(book.edition.file, book=table, contributor=contributors, ebook=ebook)
    return replace(book, edition=replace(book.edition, file=file), language=table.language)


def said(book: Book) -> list[tuple[str, str]]:
    """Id and words of each paragraph of the text."""
    return [(paragraph.id, paragraph.words) for paragraph in book.paragraphs()]
