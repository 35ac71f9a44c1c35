"""Join transcripts and edition into the Book: ids, headings in place, typographic marks set.

The words of the transcript pass through here once and are only ever marked up by
``typography``, on record. A heading stands before the block whose first words it
quotes; a book with no contents.toml takes an interview's questions as headings.
"""

import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from pathlib import PurePath
from uuid import NAMESPACE_URL, uuid5

from octavo.book import (
    EARLIEST,
    Book,
    BookBlock,
    BookEvent,
    BookProse,
    BookTurn,
    Chapter,
    Paragraph,
    Section,
)
from octavo.edition.schema import Edition, SectionTable, Speaker
from octavo.findings import Finding, Report, Weight, shorten
from octavo.folding import fold, nearest_text
from octavo.model import Event, Location, Text, Transcript, Turn
from octavo.typography import map_spans, set_marks

HEADING_LENGTH = 48
"""A heading made from a question's first words is cut at a word before this length."""


def make_book(edition: Edition, transcripts: Sequence[Transcript], report: Report) -> Book:
    """Return the Book of *transcripts*, one chapter each, in order.

    Reports ``section-not-found``, ``section-found-twice`` and ``section-order`` for
    headings whose quoted beginning is not to be had.
    """
    marks = _Marks(edition)
    speakers = _Speakers(edition, transcripts)
    headings = _place_headings(edition, transcripts, speakers, report)
    first = transcripts[0]
    title = edition.file.book.title or " ".join(t.words for t in first.title[:1])
    subtitle = edition.file.book.subtitle
    if not edition.file.book.title and not subtitle:
        subtitle = " ".join(t.words for t in first.title[1:])
    many = len(transcripts) > 1
    chapters = tuple(
        _chapter(number, transcript, edition, headings, speakers, marks, many=many)
        for number, transcript in enumerate(transcripts, start=1)
    )
    return Book(
        edition=edition,
        title=marks.set(title),
        subtitle=marks.set(subtitle),
        language=edition.file.book.language,
        identifier=edition.file.book.identifier or _identifier(transcripts),
        speakers=speakers.all,
        chapters=chapters,
        modified=_modified(edition),
    )


def _modified(edition: Edition) -> datetime:
    """The edition's own time, else SOURCE_DATE_EPOCH (reproducible-builds.org), else 1980."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if edition.file.book.modified:
        return edition.file.book.modified.astimezone(UTC)
    if epoch.isdecimal():
        return max(datetime.fromtimestamp(int(epoch), UTC), EARLIEST)
    return EARLIEST


def _identifier(transcripts: Sequence[Transcript]) -> str:
    """Make an identifier from the text alone: the same book has the same one anywhere."""
    text = "\n".join(text.words for transcript in transcripts for text in transcript.texts())
    return uuid5(NAMESPACE_URL, "octavo:" + sha256(text.encode()).hexdigest()).urn


class _Marks:
    """Sets typographic marks in the book's language and house style."""

    def __init__(self, edition: Edition) -> None:
        self._language = edition.file.book.language
        self._dashes = edition.file.book.dashes

    def set(self, words: str) -> str:
        return set_marks(words, self._language, self._dashes)[0]

    def paragraph(self, paragraph_id: str, text: Text) -> Paragraph:
        words, changes = set_marks(text.words, self._language, self._dashes)
        events = tuple(map_spans(changes, text.events))
        return Paragraph(paragraph_id, words, changes, events, text)


class _Speakers:
    """Finds the speaker that a label stands for; undeclared labels speak for themselves."""

    def __init__(self, edition: Edition, transcripts: Sequence[Transcript]) -> None:
        self._by_label: dict[str, Speaker] = {}
        for speaker in edition.file.speaker:
            for label in (speaker.label, *speaker.aliases):
                self._by_label.setdefault(label, speaker)
        for transcript in transcripts:
            for label in transcript.labels():
                self._by_label.setdefault(label, Speaker(label=label))
        self.all = tuple(dict.fromkeys(self._by_label.values()))

    def of(self, label: str) -> Speaker:
        return self._by_label[label]


# Headings -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Opening:
    """A paragraph that a heading may stand before."""

    transcript: int
    block: int
    paragraph: int
    labelled: str
    """The words with the label before them, as the transcript has it."""
    words: str
    location: Location

    @property
    def place(self) -> tuple[int, int, int]:
        return self.transcript, self.block, self.paragraph


Headings = dict[tuple[int, int, int], str]
"""Headings by the transcript, block and paragraph, counted from 0, that they stand before."""


def _place_headings(
    edition: Edition, transcripts: Sequence[Transcript], speakers: _Speakers, report: Report
) -> Headings:
    openings = tuple(_openings(transcripts))
    if not edition.contents.section:
        return _questions(edition, openings, transcripts, speakers, report)
    headings: Headings = {}
    folded = [(fold(o.labelled).text, fold(o.words).text) for o in openings]
    earlier: _Opening | None = None
    for section in edition.contents.section:
        opening = _find_opening(section, openings, folded, report)
        if opening is None:
            continue
        if earlier and opening.place <= earlier.place:
            report(
                Finding(
                    section.location,
                    "section-order",
                    f"`{shorten(section.heading)}` begins before the section above it",
                    "put the sections in the order of the text",
                )
            )
        headings[opening.place] = section.heading
        earlier = opening
    return headings


def _openings(transcripts: Sequence[Transcript]) -> Iterator[_Opening]:
    for t, transcript in enumerate(transcripts):
        for b, block in enumerate(transcript.blocks):
            texts = block.paragraphs if isinstance(block, Turn) else (block.text,)
            for p, text in enumerate(texts):
                label = f"{block.label}: " if isinstance(block, Turn) and p == 0 else ""
                yield _Opening(t, b, p, label + text.words, text.words, text.location)


def _find_opening(
    section: SectionTable,
    openings: Sequence[_Opening],
    folded: Sequence[tuple[str, str]],
    report: Report,
) -> _Opening | None:
    quote = fold(section.begins).text.strip()
    found = [
        opening
        for opening, (labelled, words) in zip(openings, folded, strict=True)
        if quote and (labelled.startswith(quote) or words.startswith(quote))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"line {opening.location.line}" for opening in found[:3])
        report(
            Finding(
                section.location,
                "section-found-twice",
                f"{len(found)} paragraphs begin with `{shorten(section.begins)}` ({places})",
                "quote more of the first words, until only one paragraph begins so",
            )
        )
        return None
    number, _ = nearest_text(section.begins, [opening.labelled for opening in openings])
    near = openings[number]
    report(
        Finding(
            section.location,
            "section-not-found",
            f"no paragraph begins with `{shorten(section.begins)}`",
            f"the nearest is `{shorten(near.labelled)}` at {near.location}",
        )
    )
    return None


def _questions(
    edition: Edition,
    openings: Iterable[_Opening],
    transcripts: Sequence[Transcript],
    speakers: _Speakers,
    report: Report,
) -> Headings:
    """Take an interview's questions as its headings, and say so."""
    headings: Headings = {}
    for opening in openings:
        block = transcripts[opening.transcript].blocks[opening.block]
        if (
            isinstance(block, Turn)
            and opening.paragraph == 0
            and speakers.of(block.label).role == "interviewer"
        ):
            headings[opening.place] = shorten(opening.words, HEADING_LENGTH)
    if headings:
        report(
            Finding(
                _beside(edition, "contents.toml"),
                "no-headings",
                f"no headings are given: the {len(headings)} questions' first words stand for them",
                "write a [[section]] with `heading` and `begins` for each",
                Weight.REMARK,
            )
        )
    return headings


def _beside(edition: Edition, name: str) -> Location:
    """The place of another file of the edition's folder, shown as book.toml's is."""
    return Location(str(PurePath(edition.file.book.location.path).with_name(name)))


# Chapters -------------------------------------------------------------------


def _chapter(
    number: int,
    transcript: Transcript,
    edition: Edition,
    headings: Headings,
    speakers: _Speakers,
    marks: _Marks,
    *,
    many: bool,
) -> Chapter:
    prefix = f"c{number}." if many else ""
    table = edition.file.transcript[number - 1]
    title = tuple(
        marks.paragraph(f"{prefix}title.{n}", text) for n, text in enumerate(transcript.title, 1)
    )
    byline = tuple(
        marks.paragraph(f"{prefix}byline.{n}", text) for n, text in enumerate(transcript.byline, 1)
    )
    heading = ""
    if many:
        heading = marks.set(table.title) or (title[0].words if title else f"{number}")
    chapter = Chapter(
        id=f"c{number}",
        title=title,
        byline=byline,
        heading=heading,
        sections=tuple(_sections(number - 1, prefix, transcript, headings, speakers, marks)),
    )
    content = pickle.dumps(chapter, pickle.HIGHEST_PROTOCOL)
    return replace(chapter, digest=blake2b(content, digest_size=20).digest())


def _sections(
    chapter: int,
    prefix: str,
    transcript: Transcript,
    headings: Headings,
    speakers: _Speakers,
    marks: _Marks,
) -> Iterator[Section]:
    """Cut the chapter at its headings; a heading inside a turn parts the turn in two."""
    number = 0
    heading = ""
    blocks: list[BookBlock] = []
    for at, block in _blocks(prefix, transcript, speakers, marks):
        for first, part in _parts(chapter, at, block, headings):
            new_heading = headings.get((chapter, at, first))
            if new_heading is not None:
                if blocks or number:
                    yield Section(f"{prefix}s{number}", heading, tuple(blocks))
                number, heading, blocks = number + 1, marks.set(new_heading), []
            blocks.append(part)
    yield Section(f"{prefix}s{number}", heading, tuple(blocks))


def _parts(
    chapter: int, at: int, block: BookBlock, headings: Headings
) -> Iterator[tuple[int, BookBlock]]:
    """The block cut before each of its paragraphs that a heading stands before."""
    if not isinstance(block, BookTurn):
        yield 0, block
        return
    cuts = [p for p in range(1, len(block.paragraphs)) if (chapter, at, p) in headings]
    for start, end in zip([0, *cuts], [*cuts, len(block.paragraphs)], strict=True):
        part = replace(block, paragraphs=block.paragraphs[start:end])
        yield start, part if start == 0 else replace(part, first=False)


def _blocks(
    prefix: str, transcript: Transcript, speakers: _Speakers, marks: _Marks
) -> Iterator[tuple[int, BookBlock]]:
    """Number turns from t1, events from e1 and prose from p1, each in reading order."""
    turns = events = prose = 0
    seen: set[str] = set()
    for at, block in enumerate(transcript.blocks):
        if isinstance(block, Turn):
            turns += 1
            yield at, _turn(f"{prefix}t{turns}", block, speakers, seen, marks)
        elif isinstance(block, Event):
            events += 1
            yield at, BookEvent(marks.paragraph(f"{prefix}e{events}", block.text))
        else:
            prose += 1
            standfirst = turns == 0
            yield at, BookProse(marks.paragraph(f"{prefix}p{prose}", block.text), standfirst)


def _turn(turn_id: str, turn: Turn, speakers: _Speakers, seen: set[str], marks: _Marks) -> BookTurn:
    speaker = speakers.of(turn.label)
    first = speaker.label not in seen
    seen.add(speaker.label)
    paragraphs = tuple(
        marks.paragraph(f"{turn_id}.{n}", text) for n, text in enumerate(turn.paragraphs, start=1)
    )
    return BookTurn(turn_id, speaker, first, paragraphs)
