"""The head of a transcript: the title and byline lines above its first turn.

Comes in: the lines before the first label. Goes out: which of them are title and
byline. The one decision: the first block of short lines that are no statement is the
title, the second the byline; what follows is prose.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from octavo.readers.convention import ends_sentence, is_statement
from octavo.readers.events import is_event
from octavo.readers.labels import find_candidate, fold_label, is_header
from octavo.readers.source import Line

LONGEST_HEAD_LINE = 120
MOST_TITLE_LINES = 4
MOST_BYLINE_LINES = 6


@dataclass(frozen=True, slots=True)
class Head:
    """How many of the first lines are the head, and what they are."""

    title: tuple[Line, ...]
    byline: tuple[Line, ...]
    end: int
    """The number of the first line that is not of the head."""


def cut_head(lines: Sequence[Line], end: int, recurring: Container[str]) -> Head:
    """Return title and byline of the *lines* before number *end*.

    *recurring* are folded openings that come again in the text: they are labels that
    nobody declared, and no title.
    """
    title, after_title = _heading_block(lines, 0, end, recurring, MOST_TITLE_LINES)
    if not title:
        return Head((), (), 0)
    byline, after_byline = _heading_block(lines, after_title, end, recurring, MOST_BYLINE_LINES)
    if any(ends_sentence(line.words) for line in byline):
        byline, after_byline = (), after_title
    return Head(_without_leading_colons(title), byline, after_byline)


def _heading_block(
    lines: Sequence[Line], start: int, end: int, recurring: Container[str], most: int
) -> tuple[tuple[Line, ...], int]:
    """The next block when it reads as a heading, and the number of the line after it."""
    while start < end and not lines[start].words:
        start += 1
    block: list[Line] = []
    for line in lines[start:end]:
        if not line.words or _is_header_line(line.words):
            break
        block.append(line)
    heading = (
        0 < len(block) <= most
        and all(len(line.words) <= LONGEST_HEAD_LINE for line in block)
        and not any(is_statement(line.words) or is_event(line.words) for line in block)
        and not any(_label(line.words) in recurring for line in block)
    )
    return (tuple(block), start + len(block)) if heading else ((), start)


def _is_header_line(words: str) -> bool:
    candidate = find_candidate(words)
    return bool(candidate and candidate.rest and is_header(candidate.label))


def _label(words: str) -> str:
    candidate = find_candidate(words)
    return fold_label(candidate.label) if candidate else ""


def _without_leading_colons(title: tuple[Line, ...]) -> tuple[Line, ...]:
    """A colon that ends a line only leads to the next one: the line end says as much."""
    return tuple(
        Line(line.number, line.column, line.words.rstrip(":：").rstrip())
        if number < len(title) and line.words.rstrip(":： ")
        else line
        for number, line in enumerate(title, start=1)
    )
