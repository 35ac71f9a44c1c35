"""The Book as HTML for print: one page of HTML a signature, and the stylesheet.

Templates get small views of the Book, never the engine: what needs thought is a
function here. Links lead to ``point:NAME`` (``print.setpages``).
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from octavo.book import Book, BookBlock, BookEvent, BookProse, BookTurn, Chapter, Paragraph
from octavo.direction import is_right_to_left
from octavo.edition.schema import Speaker
from octavo.findings import shorten
from octavo.render import Templates
from octavo.render.faces import print_faces, scripts_of
from octavo.render.runs import Run, runs

HEAD_SHARE = 0.84
"""Of the measure, for the running head between the folio's corners; ``print/book.css``."""
HEAD_CHARACTER = 0.46
"""A generous mean width of a character, in sizes."""
BRIEF = 80
"""Characters, label and all, that may stand on one line."""
LONG_HEADING = 70
"""Characters that surely fit on two lines of a chapter's heading."""
LINE = 14.5
"""Points from one line of text to the next; ``--line`` of print/book.css."""
CUSTOM_LENGTH = re.compile(r"--([a-z-]+)\s*:\s*([0-9.]+)(mm|in|pt)?\s*;")
POINTS = {"mm": 72 / 25.4, "in": 72.0, "pt": 1.0}


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph cut into runs."""

    id: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block for the templates; ``kind`` is its CSS class."""

    kind: str
    id: str
    paragraphs: tuple[ParagraphView, ...]
    label: str = ""
    role: str = ""
    speaker: str = ""
    """The full name."""
    brief: bool = False
    """Whether the first of several paragraphs may be a single line."""


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    heading: str
    head: str
    """The running head, short enough for its line."""
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class ChapterView:
    id: str
    heading: str
    long: bool
    """Whether the heading takes more than two lines."""
    head: str
    title: tuple[ParagraphView, ...]
    byline: tuple[ParagraphView, ...]
    sections: tuple[SectionView, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What our templates show of the book around any text of it; ``repr`` tells all of that."""

    title: str
    language: str
    classes: str
    """The settings of ``[print]`` as CSS classes."""
    head: str
    """The book's title, short enough for a running head."""
    head_length: int
    """How many characters a running head may have."""
    head_is_title: bool
    """Whether the title page prints the head of the one chapter."""


def make_frame(templates: Templates, book: Book) -> Frame:
    """The frame of *book*'s pages."""
    table = book.edition.file.print
    classes = f"layout-{table.layout}" + (" two-voices" if is_two_voices(book) else "")
    classes += f" sections-{table.section_start} lines-{table.line_breaking}"
    length = _head_length(templates, book)
    return Frame(
        title=book.title,
        language=book.language,
        classes=classes,
        head=shorten(book.title, length),
        head_length=length,
        head_is_title=head_is_title(book),
    )


def shows_the_frame_alone(templates: Templates) -> bool:
    """Whether ``body_html`` is made of chapter and frame; of what else, other templates decide."""
    return all(templates.is_ours(f"print/{name}.html") for name in ("body", "page", "turn"))


def body_html(templates: Templates, book: Book, frame: Frame, chapter: Chapter) -> str:
    """The signature of one chapter; *book* is for templates that are not ours."""
    return render_page(
        templates,
        "print/body.html",
        book,
        frame,
        chapter=_chapter_view(frame, chapter),
        level=2 if chapter.heading else 1,
    )


def head_paragraphs(book: Book) -> dict[str, str]:
    """The words of the head's lines by id, where the title page prints them."""
    if not head_is_title(book):
        return {}
    head = book.chapters[0]
    return {paragraph.id: paragraph.words for paragraph in (*head.title, *head.byline)}


def stylesheet(templates: Templates, book: Book) -> str:
    """The stylesheet in force: those of print/, with the lengths of the trim."""
    return _stylesheet(templates, book.edition.file.print.trim, scripts_of(book))


# Every page asks for its lengths.
@lru_cache(maxsize=4)
def _stylesheet(templates: Templates, trim_name: str, scripts: tuple[str, ...]) -> str:
    trims = tomllib.loads(templates.find("print/trims.toml").read_text(encoding="utf-8"))
    trim = trims[trim_name]
    # Half a point of air below the last line: the engine's sums are not exact.
    bottom = points(trim["height"]) - points(trim["top"]) - trim["lines"] * LINE - 0.5
    trimmed = {key: trim[key] for key in ("width", "height", "inner", "outer", "top")}
    trimmed |= {"bottom": f"{bottom:.3f}pt", "lines": str(trim["lines"])}
    root = "".join(f"--{name}:{value};" for name, value in trimmed.items())
    turned = is_right_to_left(templates.language)
    fonts, *page, own = (
        templates.find(f"print/{name}.css").read_text(encoding="utf-8")
        for name in ("fonts", "book", *(["right-to-left"] if turned else []), "own")
    )
    faces = print_faces(templates, scripts)
    return "\n".join((fonts, faces, *page, f":root{{{root}}}", own))


def custom_lengths(css: str) -> dict[str, float]:
    """The plain lengths among the custom properties of *css*, in points; the last one counts."""
    return {
        name: float(number) * POINTS[unit or "pt"]
        for name, number, unit in CUSTOM_LENGTH.findall(css)
    }


def points(length: str) -> float:
    """A length as CSS and ``book.toml`` write it (``3mm``, ``0.125in``), in points."""
    return float(length[:-2]) * POINTS[length[-2:]]


def is_two_voices(book: Book) -> bool:
    """Whether one interviews one other, so that italics tell the questions apart."""
    roles = [speaker.role for speaker in book.speakers]
    return len(roles) == 2 and roles.count("interviewer") == 1


def printed_label(turn: BookTurn) -> str:
    """The full name at a speaker's first turn, the short one after that."""
    return turn.speaker.full_name if turn.first else turn.speaker.short_name


def render_page(templates: Templates, name: str, book: Book, frame: Frame, **data: Any) -> str:
    """Render the template *name* of ``print/`` with what all pages show around their text."""
    around = {"book_head": frame.head, "classes": frame.classes}
    return templates.render(name, book=book, **around | data)


def _head_length(templates: Templates, book: Book) -> int:
    """How many characters a running head may have: no engine shortens one at a word."""
    lengths = custom_lengths(_stylesheet(templates, book.edition.file.print.trim, ()))
    measure = lengths["width"] - lengths["inner"] - lengths["outer"]
    return int(measure * HEAD_SHARE / (lengths["head-size"] * HEAD_CHARACTER))


def head_is_title(book: Book) -> bool:
    """Whether the title page prints the head of the book's one transcript."""
    if len(book.chapters) != 1:
        return False
    own = " ".join(paragraph.words for paragraph in book.chapters[0].title)
    return own == f"{book.title} {book.subtitle}".strip()


def interviewees(book: Book) -> tuple[Speaker, ...]:
    """Who is asked, where two talk: the title page names them."""
    if not is_two_voices(book):
        return ()
    return tuple(speaker for speaker in book.speakers if speaker.role != "interviewer")


def head_lines(book: Book, chapter: Chapter) -> tuple[str, ...]:
    """The lines that stand above a chapter's text, in print and in the e-book."""
    own = () if head_is_title(book) else (*chapter.title, *chapter.byline)
    said = [run.words for line in views_of(own) for run in line.runs]
    heading = heading_of(chapter)
    return (heading, *said) if heading else tuple(said)


def heading_of(chapter: Chapter) -> str:
    """The chapter's heading; none where its own head says the same."""
    is_said = chapter.heading and chapter.title and chapter.heading == chapter.title[0].words
    return "" if is_said else chapter.heading


def _chapter_view(frame: Frame, chapter: Chapter) -> ChapterView:
    length = frame.head_length
    head = shorten(chapter.heading or frame.title, length)
    heading = heading_of(chapter)
    own = () if frame.head_is_title else chapter.title
    return ChapterView(
        id=chapter.id,
        heading=heading,
        long=len(heading or " ".join(line.words for line in own[:1])) > LONG_HEADING,
        head=head,
        title=views_of(own),
        byline=() if frame.head_is_title else views_of(chapter.byline),
        sections=tuple(
            SectionView(
                section.id,
                section.heading,
                shorten(section.heading, length) if section.heading else head,
                tuple(_block_view(block) for block in section.blocks),
            )
            for section in chapter.sections
        ),
    )


def _block_view(block: BookBlock) -> BlockView:
    if isinstance(block, BookTurn):
        return BlockView(
            "turn",
            _part_id(block),
            views_of(block.paragraphs),
            printed_label(block),
            block.speaker.role,
            block.speaker.full_name,
            len(block.paragraphs) > 1
            and len(printed_label(block)) + len(block.paragraphs[0].words) < BRIEF,
        )
    return BlockView(kind_of(block), block.paragraph.id, views_of((block.paragraph,)))


def kind_of(block: BookEvent | BookProse) -> str:
    """What stands between turns, as templates and stylesheets call it."""
    if isinstance(block, BookEvent):
        return "between"
    return "standfirst" if block.standfirst else "prose"


def _part_id(turn: BookTurn) -> str:
    """The turn's id; the part of it below a later heading has one of its own."""
    first = turn.paragraphs[0].id
    return turn.id if first == f"{turn.id}.1" else f"{turn.id}-from-{first.rpartition('.')[2]}"


def views_of(paragraphs: Sequence[Paragraph]) -> tuple[ParagraphView, ...]:
    """*paragraphs* cut into runs."""
    return tuple(ParagraphView(paragraph.id, runs(paragraph)) for paragraph in paragraphs)
