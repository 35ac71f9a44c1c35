"""Small books built without a file: a Book from who said what, a page map from its bars.

A bar (``|``) in a paragraph begins a page and is no part of the words. Events are
what stands in brackets. Each paragraph has a line of ``talk.txt`` to itself.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

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
from octavo.edition.schema import (
    BookFile,
    BookTable,
    ContentsFile,
    Edition,
    Entry,
    IndexFile,
    IndexTable,
    Passage,
    Speaker,
)
from octavo.model import Anchor, Location, Span, Text
from octavo.pagemap import PageMap, PageStart, Point

PAGE = "|"
ROLES = {"Reporter": "interviewer", "Host": "host"}
"""The roles of labels that small books often use; others are plain speakers."""

Turns = Sequence[tuple[str, Sequence[str]]]
"""Label and paragraphs of each turn; no label: prose, or an event if all in brackets."""


def small_book(
    *chapters: Turns,
    entries: Iterable[Entry] = (),
    index: IndexTable | None = None,
    language: str = "en",
    speakers: Iterable[Speaker] = (),
) -> Book:
    """A Book of *chapters* without headings, its speakers those of the labels."""
    known = {speaker.label: speaker for speaker in speakers}
    for label in dict.fromkeys(label for turns in chapters for label, _ in turns if label):
        known.setdefault(label, Speaker(label, role=ROLES.get(label, "speaker")))
    file = BookFile(
        book=BookTable(language=language, title="Talk"),
        speaker=tuple(known.values()),
        index=index or IndexTable(),
    )
    return Book(
        edition=Edition("", file, ContentsFile(), IndexFile(tuple(entries)), ""),
        title="Talk",
        subtitle="",
        language=language,
        identifier="urn:uuid:00000000-0000-4000-8000-000000000000",
        speakers=tuple(known.values()),
        chapters=tuple(_chapters(chapters, known)),
    )


def small_pagemap(book: Book, chapters: Sequence[Turns], folios: Iterable[str] = ()) -> PageMap:
    """The pages that the bars in *chapters* begin; *folios* are given out in order, then 1, 2, 3.

    A bar opens the page; text before the first bar is on a page of its own.
    """
    written = [text for turns in chapters for _, texts in turns for text in texts]
    order = [paragraph.id for paragraph in book.paragraphs()]
    starts = [Point(order[0], 0)] if order else []
    for paragraph, text in zip(order, written, strict=True):
        for number, bar in enumerate(re.finditer(re.escape(PAGE), text)):
            point = Point(paragraph, bar.start() - number)
            starts += [point] if point not in starts else []
    named = list(folios)
    numbers = (str(number) for number in range(1, len(starts) + 1))
    folio_of = [*named, *numbers]
    return PageMap(order, [PageStart(f, p) for f, p in zip(folio_of, starts, strict=False)])


def _chapters(chapters: Sequence[Turns], speakers: Mapping[str, Speaker]) -> Iterable[Chapter]:
    line = 0
    seen: set[str] = set()
    for number, turns in enumerate(chapters, 1):
        prefix = f"c{number}." if len(chapters) > 1 else ""
        blocks: list[BookBlock] = []
        counts = {"t": 0, "e": 0, "p": 0}
        for label, texts in turns:
            kind = _kind(label, texts)
            counts[kind] += 1
            block_id = f"{prefix}{kind}{counts[kind]}"
            paragraphs = []
            for at, text in enumerate(texts, 1):
                line += 1
                name = f"{block_id}.{at}" if kind == "t" else block_id
                paragraphs.append(small_paragraph(name, text.replace(PAGE, ""), line))
            if kind == "t":
                speaker = speakers[label]
                blocks.append(BookTurn(block_id, speaker, label not in seen, tuple(paragraphs)))
                seen.add(label)
            elif kind == "e":
                blocks.append(BookEvent(paragraphs[0]))
            else:
                blocks.append(BookProse(paragraphs[0], standfirst=counts["t"] == 0))
        section = Section(f"{prefix}s0", "", tuple(blocks))
        yield Chapter(f"c{number}", (), (), "", (section,))


def _kind(label: str, texts: Sequence[str]) -> str:
    if label:
        return "t"
    return "e" if re.fullmatch(r"\[[^]]*\]", texts[0].replace(PAGE, "")) else "p"


def small_paragraph(paragraph_id: str, words: str, line: int = 1) -> Paragraph:
    """A paragraph whose source is the words themselves, on *line* of ``talk.txt``."""
    events = tuple(Span(*found.span()) for found in re.finditer(r"\[[^]]*\]", words))
    text = Text(words, (Anchor(0, Location("talk.txt", line)),), events)
    return Paragraph(paragraph_id, words, (), events, text)


# What people write ----------------------------------------------------------


def read_turns(text: str) -> list[tuple[str, list[str]]]:
    """Turns from lines "Label: words"; a line that begins with white space is one more paragraph.

    A line that begins with a colon is prose, or an event.
    """
    turns: list[tuple[str, list[str]]] = []
    for line in filter(str.strip, text.splitlines()):
        if line[0].isspace():
            turns[-1][1].append(line.strip())
        else:
            label, words = line.split(":", 1)
            turns.append((label, [words.strip()]))
    return turns


def read_entries(toml: str) -> tuple[Entry, ...]:
    """Entries as ``index.toml`` has them, each located at its ``[[entry]]`` line."""
    tables = tomllib.loads(toml)
    lines = [n for n, line in enumerate(toml.splitlines(), 1) if line.startswith("[[entry")]
    places = iter(lines)
    return tuple(_entry(table, places) for table in tables.get("entry", []))


def _entry(table: Mapping[str, Any], lines: Any) -> Entry:
    values: dict[str, Any] = {"location": Location("index.toml", next(lines, 1))}
    for field in fields(Entry):
        if field.name not in table:
            continue
        value = table[field.name]
        if field.name == "sub":
            value = tuple(_entry(sub, lines) for sub in value)
        elif field.name == "passages":
            value = tuple(Passage(**p, location=values["location"]) for p in value)
        elif field.name in ("match", "see", "see_also", "skip", "only"):
            value = (value,) if isinstance(value, str) else tuple(value)
        values[field.name] = value
    return Entry(**values)
