"""The edition's tables as typed values: what an editor may write in ``book/``.

Frozen dataclasses, one a table, fields named exactly as the TOML keys. An
absent text is ``""``; ``location`` is filled in by the reader, never by the
editor. Nothing here is invented: an absent date stays absent.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from octavo.model import Location

NOWHERE = Location("")


@dataclass(frozen=True, slots=True)
class BookTable:
    """``[book]``: the bibliographic facts."""

    name: str = ""
    """The stem of the files in dist/; the first transcript's file name when absent."""
    title: str = ""
    """From the first transcript's head when absent."""
    subtitle: str = ""
    language: str = "en"
    """BCP 47; chooses hyphenation, quotation marks and sorting."""
    identifier: str = ""
    """A URI; made from the name and the transcripts' text when absent."""
    modified: datetime | None = None
    """With a time zone. ``SOURCE_DATE_EPOCH`` or 1980-01-01 stand in when absent."""
    date: str = ""
    publisher: str = ""
    isbn: str = ""
    rights: str = ""
    series: str = ""
    dashes: Literal["em", "spaced-en", "as-is"] = "as-is"
    """How a dash between words is set: closed-up em, spaced en, or as the text has it."""
    front: tuple[str, ...] = ()
    """The front matter, a page an item; ``+`` joins parts that share a page."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Contributor:
    """``[[contributor]]``: somebody named on the title page who need not speak."""

    name: str
    role: str = "author"
    about: str = ""
    sort: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class SourceTable:
    """``[[transcript]]``: one chapter's source."""

    source: str
    """Relative to book.toml."""
    title: str = ""
    format: str = ""
    sha256: str = ""
    not_speakers: tuple[str, ...] = ()
    """Openings of a line that look like a speaker's label and are speech."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Speaker:
    """``[[speaker]]``: a voice of the transcript."""

    label: str
    """As the transcript writes it, without its colon."""
    name: str = ""
    """The full name; the label when absent."""
    role: str = "speaker"
    about: str = ""
    aliases: tuple[str, ...] = ()
    """The transcript's other spellings of the label."""
    short: str = ""
    """What is printed from the second turn on; the label when absent."""
    sort: str = ""
    location: Location = NOWHERE

    @property
    def full_name(self) -> str:
        return self.name or self.label

    @property
    def short_name(self) -> str:
        return self.short or self.label


@dataclass(frozen=True, slots=True)
class PrintTable:
    """``[print]``: house style of the PDF."""

    trim: Literal["a5", "digest", "trade", "a4", "letter"] = "a5"
    layout: Literal["run-in", "hang", "block"] = "run-in"
    chapter_start: Literal["recto", "page"] = "recto"
    section_start: Literal["run-on", "page"] = "run-on"
    line_breaking: Literal["optimum", "greedy"] = "optimum"
    """Each paragraph as a whole, or one line after the other."""
    edition: tuple[Literal["reading", "press", "cover"], ...] = ("reading",)
    """``reading`` for screens and shelves, ``press`` and ``cover`` for the printer."""
    bleed: str = "3mm"
    """How far the press file reaches beyond the trim: ``3mm``, ``0.125in``."""
    signature: int = 4
    """Pages on the printer's sheet; the press file has a multiple of it."""
    paper: Literal["cream", "white", "colour"] = "cream"
    """The printer's paper, for the spine."""
    caliper: str = ""
    """How much one page adds to the spine, where the paper is another: ``0.0025in``."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class EbookTable:
    """``[ebook]``: settings of the EPUB."""

    certified_by: str = ""
    """Who went through docs/accessibility.md for this book; without one nothing is claimed."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class WebTable:
    """``[web]``: settings of the download page."""

    url: str = ""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class IndexTable:
    """``[index]`` of book.toml: house style of the index."""

    ranges: Literal["chicago", "full", "minimal", "minimal-two"] = "chicago"
    sort: Literal["word", "letter"] = "word"
    merge: Literal["turn", "exchange", "all"] = "turn"
    """What makes mentions on consecutive pages one discussion."""
    locators: int = 7
    """More plain locators than this after one heading are remarked on."""
    by_speaker: bool = False
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class BookFile:
    """``book.toml``."""

    book: BookTable = field(default_factory=BookTable)
    contributor: tuple[Contributor, ...] = ()
    transcript: tuple[SourceTable, ...] = ()
    speaker: tuple[Speaker, ...] = ()
    print: PrintTable = field(default_factory=PrintTable)
    ebook: EbookTable = field(default_factory=EbookTable)
    web: WebTable = field(default_factory=WebTable)
    index: IndexTable = field(default_factory=IndexTable)


@dataclass(frozen=True, slots=True)
class SectionTable:
    """``[[section]]`` of contents.toml: a heading and the words that it stands before."""

    heading: str
    begins: str
    """The first words of the block, label included or not; quoted as the text has them."""
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class ContentsFile:
    """``contents.toml``."""

    section: tuple[SectionTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A discussion with no keyword: from the quoted ``start`` to the quoted ``end``."""

    start: str
    end: str
    main: bool = False
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Entry:
    """``[[entry]]`` of index.toml and its ``[[entry.sub]]``: see index rules 1 to 8."""

    heading: str
    match: tuple[str, ...] = ()
    """Words and phrases that are mentions of the entry, whole-word."""
    case: bool | None = None
    """Whether letter case counts; absent: it does for forms that hold a capital letter."""
    sort: str = ""
    see: tuple[str, ...] = ()
    """Headings, a subentry's as "heading: subheading". A single string is accepted too."""
    see_also: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    """Longer phrases in which a match does not count, e.g. ``"state party"``."""
    only: tuple[str, ...] = ()
    """When given, a match counts only inside one of these phrases."""
    passages: tuple[Passage, ...] = ()
    main: str = ""
    """A quote from the principal passage; its locator is printed bold."""
    by_speaker: bool | None = None
    sub: tuple["Entry", ...] = ()
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class IndexFile:
    """``index.toml``."""

    entry: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """All that the editor adds, read and checked for shape."""

    folder: str
    """The edition's folder, absolute; sources are relative to it."""
    file: BookFile
    contents: ContentsFile
    index: IndexFile
    note: str
    """Markdown of ``note.md``; empty when absent, and a default is set then."""
