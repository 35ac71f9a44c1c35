"""The text of the e-book: a document for each section.

Comes in: the Book, and the points of it that become markup. Goes out: how to render each
chapter, and all that this depends on. The one decision: the templates of the text are told of
one chapter, and a few facts of the book besides, so that a chapter's documents stay as they are
while others change. For the folios of the printed pages they have slots, so that a chapter whose
pages only move is not rendered again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from octavo.book import Book, BookBlock, BookTurn, Chapter, Paragraph, Section
from octavo.edition.schema import Speaker
from octavo.index.parts import Spans
from octavo.render import Templates
from octavo.render.pagebreaks import Breaks
from octavo.render.pages import (
    ParagraphView,
    head_is_title,
    heading_of,
    is_two_voices,
    kind_of,
    printed_label,
)
from octavo.render.runs import runs
from octavo.render.slots import fill, said

TEMPLATES = ("page", "section", "text")


# Without slots it is pickled, and read again, more quickly.
@dataclass(frozen=True)
class Document:
    """An XHTML file of the e-book."""

    name: str
    title: str
    text: str
    chapter: str = ""
    """The id of the chapter that it holds a section of; empty around the text."""


@dataclass(frozen=True, slots=True)
class ChapterText:
    """The documents of a chapter, to be rendered where they are not known."""

    render: Callable[[], tuple[Document, ...]]
    """Renders them with slots for folios."""
    made_of: tuple[bytes, ...]
    """All that ``render`` depends on, as ``Memory`` wants it."""
    folios: Mapping[str, str]
    """The words of the slots."""

    def fill(self, documents: tuple[Document, ...]) -> tuple[Document, ...]:
        """The *documents* that ``render`` made, with their folios."""
        return tuple(replace(one, text=fill(one.text, self.folios)) for one in documents)


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What the documents of the text are told of the book; none of it changes with a word."""

    title: str
    subtitle: str
    language: str
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block for the templates; ``kind`` is its CSS class."""

    kind: str
    id: str
    paragraphs: tuple[ParagraphView, ...]
    page: str = ""
    """The folio of the page that begins with its label."""
    label: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class HeadView:
    """The head of the book or of a chapter."""

    id: str
    heading: str
    title: tuple[ParagraphView, ...]
    byline: tuple[ParagraphView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A document of the text; ``page`` is the folio of a page that begins with its heading."""

    id: str
    heading: str
    level: int
    page: str
    head: HeadView | None
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """The points of the text that become markup."""

    anchors: Spans
    breaks: Breaks

    def view(self, paragraph: Paragraph, *, page_before: bool = False) -> ParagraphView:
        """Cut *paragraph* into runs; with *page_before* the break at its start is left out."""
        folios = {
            offset: folio
            for offset, folio in self.breaks.get(paragraph.id, {}).items()
            if offset or not page_before
        }
        return ParagraphView(
            paragraph.id, runs(paragraph, self.anchors.get(paragraph.id, ()), folios)
        )

    def page_at(self, paragraph: Paragraph) -> str:
        """The folio of the page that begins with *paragraph*, or an empty string."""
        return self.breaks.get(paragraph.id, {}).get(0, "")

    def in_slots(self, chapter: Chapter) -> tuple["Marks", dict[str, str]]:
        """The marks of *chapter* with slots for the folios, and the words of these."""
        words: dict[str, str] = {}
        breaks: dict[str, dict[int, str]] = {}
        for paragraph in chapter.all_paragraphs():
            for offset, folio in self.breaks.get(paragraph.id, {}).items():
                name = str(len(words))
                words[name] = folio
                breaks.setdefault(paragraph.id, {})[offset] = said(name)
        return Marks(self.anchors, breaks), words

    def within(self, chapter: Chapter) -> bytes:
        """All of them in *chapter*, as a part of a key."""
        found = []
        for paragraph in chapter.all_paragraphs():
            spans = self.anchors.get(paragraph.id, ())
            folios = self.breaks.get(paragraph.id, {})
            if spans or folios:
                at = [(span.start, span.end) for span in spans]
                found.append((paragraph.id, at, list(folios.items())))
        return repr(found).encode()


def voices_of(book: Book) -> str:
    """The class that tells templates whether two people speak."""
    return "two-voices" if is_two_voices(book) else "many-voices"


def render_text(templates: Templates, book: Book, marks: Marks) -> Iterator[ChapterText]:
    """Tell how to render the sections of each chapter of *book*, in reading order."""
    facts = BookFacts(book.title, book.subtitle, book.language, book.speakers)
    text = _Text(templates, facts, voices_of(book), head_is_title(book))
    around = repr((facts, text.voices, text.head_on_title)).encode()
    # Templates that are not ours may do something else with a folio than show it.
    has_slots = all(templates.is_ours(f"ebook/{name}.xhtml") for name in TEMPLATES)
    for chapter in book.chapters:
        own, folios = marks.in_slots(chapter) if has_slots else (marks, {})
        made_of = (templates.digest, around, chapter.digest, own.within(chapter))
        yield ChapterText(partial(text.chapter, chapter, own), made_of, folios)


@dataclass(frozen=True, slots=True)
class _Text:
    """Renders ``section.xhtml``."""

    templates: Templates
    facts: BookFacts
    voices: str
    head_on_title: bool
    """Whether the title page has the head of the one chapter."""

    def chapter(self, chapter: Chapter, marks: Marks) -> tuple[Document, ...]:
        return tuple(self._section(chapter, section, marks) for section in chapter.sections)

    def _section(self, chapter: Chapter, section: Section, marks: Marks) -> Document:
        with_head = has_head(chapter, head_on_title=self.head_on_title)
        view = section_view(chapter, section, marks, with_head=with_head)
        title = view.heading or self.templates.words["opening"]
        text = self.templates.render(
            "ebook/section.xhtml",
            book=self.facts,
            division="bodymatter",
            head=view.head,
            section=view,
            title=title,
            voices=self.voices,
        )
        return Document(f"{view.id}.xhtml", title, text, chapter.id)


def has_head(chapter: Chapter, *, head_on_title: bool) -> bool:
    """Whether the chapter's head stands before its text, and not on the title page."""
    return bool(chapter.heading or chapter.title or chapter.byline) and not head_on_title


def section_view(
    chapter: Chapter, section: Section, marks: Marks, *, with_head: bool
) -> SectionView:
    head = None
    opens = next(section.paragraphs())
    if with_head and section is chapter.sections[0]:
        head_paragraphs = (*chapter.title, *chapter.byline)
        opens = head_paragraphs[0] if head_paragraphs else opens
        head = _chapter_head(chapter, marks, opens)
    return SectionView(
        id=section.id,
        heading=section.heading,
        level=2 if chapter.heading else 1,
        page=marks.page_at(opens),
        head=head,
        blocks=tuple(_block_view(block, marks, opens) for block in section.blocks),
    )


def _chapter_head(chapter: Chapter, marks: Marks, opens: Paragraph) -> HeadView:
    """The chapter's heading, then what its head says besides."""
    return HeadView(
        chapter.id,
        heading_of(chapter),
        tuple(marks.view(line, page_before=line == opens) for line in chapter.title),
        tuple(marks.view(line, page_before=line == opens) for line in chapter.byline),
    )


def _block_view(block: BookBlock, marks: Marks, opens: Paragraph) -> BlockView:
    """The block cut into runs; the page that begins with *opens* has its break elsewhere."""
    if isinstance(block, BookTurn):
        first, *others = block.paragraphs
        return BlockView(
            "turn",
            block.id,
            (marks.view(first, page_before=True), *(marks.view(other) for other in others)),
            "" if first == opens else marks.page_at(first),
            printed_label(block),
            block.speaker.role,
        )
    paragraph = block.paragraph
    view = marks.view(paragraph, page_before=paragraph == opens)
    return BlockView(kind_of(block), paragraph.id, (view,))
