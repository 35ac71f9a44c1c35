"""The convention of a document: how its lines make paragraphs.

Comes in: all its lines. Goes out: whether they are hard-wrapped, and what else parts
paragraphs. The one decision: it is found once for the whole document and then applied,
because one line by itself cannot tell a wrapped line from a paragraph.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from octavo.readers.source import Line

LONGEST_WRAPPED = 160
"""Nobody wraps at more characters; a longer line is a paragraph of its own."""

_CLOSERS = "\"'”’»›)]）」』】*_"
_ENDS = ".?!…:;。！？：；—–-"
_LAST_BRACKET = re.compile(r"\s[\[(（［][^\[\]()]{0,100}[\])）］]$")
_INITIALS = re.compile(r"(?:\w\.)*\w")
"""What stands before the last period of "J." and "U.S."; they end no sentence."""
_ABBREVIATIONS = frozenset(
    ("jr", "sr", "inc", "ltd", "co", "corp", "no", "vol", "dr", "mr", "mrs", "ms", "prof", "st")
)


@dataclass(frozen=True, slots=True)
class Convention:
    """How the lines of one document make paragraphs."""

    wrapped: bool
    """Lines were broken at a width; else each line is a paragraph."""
    width: int = 0
    """Characters in all but the longest few lines."""
    indents: bool = False
    """An indented line begins a paragraph; else an indent only hangs."""
    short_lines: bool = False
    """There are no blank lines: a sentence that ends a short line ends a paragraph."""


def find_convention(lines: Sequence[Line], openings: Container[int]) -> Convention:
    """Return the convention of *lines*.

    *openings* are the numbers of the lines that open turns, or may: none of them goes on
    with the line before it.
    """
    pairs = [
        (before, after)
        for number, (before, after) in enumerate(pairwise(lines), start=1)
        if before.words and after.words and number not in openings
    ]
    total = sum(len(line.words) for line in lines)
    long = sum(len(line.words) for line in lines if len(line.words) > LONGEST_WRAPPED)
    running_on = sum(_runs_on(before, after) for before, after in pairs)
    if not pairs or 2 * running_on < len(pairs) or long > 0.3 * total:
        return Convention(wrapped=False)
    lengths = sorted(line.column + len(line.words) - 1 for line in lines if line.words)
    return Convention(
        wrapped=True,
        width=lengths[len(lengths) * 95 // 100],
        indents=_indents_begin_paragraphs(lines, openings),
        short_lines=50 * _blank_lines(lines) < len(lines),
    )


def parts(convention: Convention, before: Line, after: Line) -> bool:
    """Whether a new paragraph begins between two neighbouring lines, neither of them blank."""
    if not convention.wrapped:
        return True
    if convention.indents and after.column > before.column + 1:
        return True
    if convention.short_lines and ends_sentence(before.words):
        return not fills(before, after, 3 * convention.width // 4)
    return False


def fills(before: Line, after: Line, width: int) -> bool:
    """Whether the first word of *after* would have stood beyond *width* on the line *before*."""
    first = after.words.split(maxsplit=1)[0]
    return before.column - 1 + len(before.words) + 1 + len(first) > width


def ends_sentence(words: str) -> bool:
    """Whether *words* end as a sentence does, quotation marks and a last bracket left aside."""
    if bracket := _LAST_BRACKET.search(words, 1):
        words = words[: bracket.start()]
    return words.rstrip(_CLOSERS)[-1:] in tuple(_ENDS)


def is_statement(words: str) -> bool:
    """Whether *words* end with the full stop of a sentence, which no title has."""
    bare = words.rstrip(_CLOSERS)
    if bare[-1:] not in (".", "。", "．") or bare.endswith("..."):
        return False
    last = bare[:-1].rsplit(maxsplit=1)[-1:]
    return not (last and (last[0].casefold() in _ABBREVIATIONS or _INITIALS.fullmatch(last[0])))


def _blank_lines(lines: Sequence[Line]) -> int:
    """How often blank lines part others; those at the end part nothing."""
    return sum(1 for before, after in pairwise(lines) if after.words and not before.words)


def _runs_on(before: Line, after: Line) -> bool:
    return not ends_sentence(before.words) or after.words[0].islower()


def _indents_begin_paragraphs(lines: Sequence[Line], openings: Container[int]) -> bool:
    first_lines = hanging_lines = 0
    for number in range(1, len(lines) - 1):
        before, line, after = lines[number - 1 : number + 2]
        if not (before.words and line.words and after.words) or number in openings:
            continue
        if line.column > before.column + 1 and number + 1 not in openings:
            first_lines += after.column < line.column
            hanging_lines += after.column == line.column
    return first_lines > hanging_lines
