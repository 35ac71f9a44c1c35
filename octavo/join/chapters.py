"""One transcript as a chapter: ids given, cut at its headings, typographic marks set.

Comes in: a transcript and the plan of its chapter. Goes out: the chapter. The one decision:
the plan holds all that makes a chapter but its transcript, so that one of the same transcript
and plan is the same.
"""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b

from octavo.book import (
    BookBlock,
    BookEvent,
    BookProse,
    BookTurn,
    Chapter,
    Paragraph,
    Section,
)
from octavo.edition.schema import Speaker
from octavo.join.headings import Headings, questions
from octavo.memory import Memory
from octavo.model import Event, Text, Transcript, Turn
from octavo.readers import Script
from octavo.typography import map_spans, set_marks


@dataclass(frozen=True, slots=True)
class Marks:
    """How typographic marks are set: in the book's language and house style."""

    language: str
    dashes: str

    def set(self, words: str) -> str:
        return set_marks(words, self.language, self.dashes)[0]

    def paragraph(self, paragraph_id: str, text: Text) -> Paragraph:
        words, changes = set_marks(text.words, self.language, self.dashes)
        events = tuple(map_spans(changes, text.events))
        return Paragraph(paragraph_id, words, changes, events, text)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that makes a chapter beside its transcript; equal plans have one ``repr``."""

    number: int
    """Of the chapter, from 1."""
    alone: bool
    """Whether it is the book's only one."""
    title: str
    """The edition's; empty where the transcript's own is printed."""
    marks: Marks
    speakers: Mapping[str, Speaker]
    """By the labels of the transcript."""
    headings: Headings | None
    """None where questions stand for them."""

    @property
    def prefix(self) -> str:
        """What the ids of the chapter begin with."""
        return "" if self.alone else f"c{self.number}."


def join_chapter(script: Script, plan: Plan, memory: Memory) -> Chapter:
    """The chapter that *plan* makes of the transcript."""
    return memory.recall(
        partial(_join, script, plan), b"chapter", script.digest, repr(plan).encode()
    )


def _join(script: Script, plan: Plan) -> Chapter:
    chapter = _chapter(script.transcript, plan)
    content = pickle.dumps(chapter, pickle.HIGHEST_PROTOCOL)
    characters = set("".join(paragraph.words for paragraph in chapter.all_paragraphs()))
    return replace(
        chapter,
        digest=blake2b(content, digest_size=20).digest(),
        characters="".join(sorted(characters)),
    )


def _chapter(transcript: Transcript, plan: Plan) -> Chapter:
    marks, prefix = plan.marks, plan.prefix
    title = tuple(
        marks.paragraph(f"{prefix}title.{n}", text) for n, text in enumerate(transcript.title, 1)
    )
    byline = tuple(
        marks.paragraph(f"{prefix}byline.{n}", text) for n, text in enumerate(transcript.byline, 1)
    )
    heading = ""
    if not plan.alone:
        heading = marks.set(plan.title) or (title[0].words if title else f"{plan.number}")
    return Chapter(
        id=f"c{plan.number}",
        title=title,
        byline=byline,
        heading=heading,
        sections=tuple(_sections(transcript, plan)),
    )


def _sections(transcript: Transcript, plan: Plan) -> Iterator[Section]:
    """Cut the chapter at its headings; a heading inside a turn parts the turn in two."""
    headings = plan.headings
    if headings is None:
        interviewers = {
            label for label, speaker in plan.speakers.items() if speaker.role == "interviewer"
        }
        headings = questions(transcript, interviewers)
    number = 0
    heading = ""
    blocks: list[BookBlock] = []
    for at, block in enumerate(_blocks(transcript, plan)):
        for first, part in _parts(at, block, headings):
            new_heading = headings.get((at, first))
            if new_heading is not None:
                if blocks or number:
                    yield Section(f"{plan.prefix}s{number}", heading, tuple(blocks))
                number, heading, blocks = number + 1, plan.marks.set(new_heading), []
            blocks.append(part)
    yield Section(f"{plan.prefix}s{number}", heading, tuple(blocks))


def _parts(at: int, block: BookBlock, headings: Headings) -> Iterator[tuple[int, BookBlock]]:
    """The block cut before each of its paragraphs that a heading stands before."""
    if not isinstance(block, BookTurn):
        yield 0, block
        return
    cuts = [p for p in range(1, len(block.paragraphs)) if (at, p) in headings]
    for start, end in zip([0, *cuts], [*cuts, len(block.paragraphs)], strict=True):
        part = replace(block, paragraphs=block.paragraphs[start:end])
        yield start, part if start == 0 else replace(part, first=False)


def _blocks(transcript: Transcript, plan: Plan) -> Iterator[BookBlock]:
    """Number turns from t1, events from e1 and prose from p1, each in reading order."""
    marks, prefix = plan.marks, plan.prefix
    turns = events = prose = 0
    seen: set[str] = set()
    for block in transcript.blocks:
        if isinstance(block, Turn):
            turns += 1
            yield _turn(f"{prefix}t{turns}", block, plan, seen)
        elif isinstance(block, Event):
            events += 1
            yield BookEvent(marks.paragraph(f"{prefix}e{events}", block.text))
        else:
            prose += 1
            standfirst = turns == 0
            yield BookProse(marks.paragraph(f"{prefix}p{prose}", block.text), standfirst)


def _turn(turn_id: str, turn: Turn, plan: Plan, seen: set[str]) -> BookTurn:
    speaker = plan.speakers[turn.label]
    first = speaker.label not in seen
    seen.add(speaker.label)
    paragraphs = tuple(
        plan.marks.paragraph(f"{turn_id}.{n}", text)
        for n, text in enumerate(turn.paragraphs, start=1)
    )
    return BookTurn(turn_id, speaker, first, paragraphs)
