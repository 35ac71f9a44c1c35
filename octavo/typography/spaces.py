"""Spaces that hold, and the spaces that French sets around its marks.

A space becomes a no-break space where a line may not end: after "Mr.", between
initials, between a number and its unit. No more than that: a paragraph of long
unbreakable chains cannot be justified. A space that already holds is kept.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from octavo.typography.changes import Edit
from octavo.typography.characters import (
    CURLY_QUOTES,
    DASHES,
    ELLIPSIS,
    NARROW_NO_BREAK_SPACE,
    NO_BREAK_SPACE,
)
from octavo.typography.languages import UNITS, Marks


def set_spaces(text: str, marks: Marks) -> Iterator[Edit]:
    """Set the spaces of *text*, each once."""
    edits = {at: Edit(at, at + 1, NO_BREAK_SPACE) for at in _holding(text, marks)}
    if marks.grouping:
        edits |= {at: Edit(at, at + 1, marks.grouping) for at in _groups(text)}
    if marks.thin_before or marks.wide_before:
        edits |= {edit.start: edit for edit in _before_high_marks(text, marks)}
    if marks.quotes[0] == ("«", "»"):
        edits |= {edit.start: edit for edit in _inside_guillemets(text, marks)}
    for at in sorted(edits):
        yield edits[at]


# Spaces that hold ------------------------------------------------------------


def _holding(text: str, marks: Marks) -> Iterator[int]:
    for pattern in _patterns(marks):
        for found in pattern.finditer(text):
            yield from _spaces(text, found)
    for pattern in _words(marks):
        for found in _alone(pattern, text):
            yield from _spaces(text, found)


def _alone(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What *pattern* finds where no word and no full stop stands before it."""
    at = 0
    while found := pattern.search(text, at):
        before = text[found.start() - 1 : found.start()]
        if before.isalnum() or before in {"_", "."}:
            at = found.start() + 1
        else:
            yield found
            at = found.end()


def _spaces(text: str, found: re.Match[str]) -> Iterator[int]:
    return (at for at in range(*found.span()) if text[at] == " ")


_NAME = r"(?=[\"'“‘«„(]*[^\W\d_])"
_NUMERAL = r"(?=\d|[IVXLC]+\b)"


@lru_cache(maxsize=32)
def _patterns(marks: Marks) -> tuple[re.Pattern[str], ...]:
    """What holds together; every plain space within a match is one that holds."""
    # A pattern that begins with what it finds is looked for quicker than one that looks behind.
    patterns = [
        rf" (?<=\d )(?=(?:{_any(UNITS, marks.units)})(?!\w))",
        r" (?<=\d )(?=[%‰°€£¥])",
        r" (?<=[§№€£$¥] )(?=\d)",
        r" (?<=\d[ \u00a0]h )(?=\d\d\b)",  # 9 h 30
        r"\. (?<=[^\W\d_]\. )(?<![\w.'’][^\W\d_]\. )(?=[^\W\d_]\.)",  # J. R. R.; z. B.
        r" (?<=[“‘’”] )(?=[‘’”](?!\w))",  # ’ ”
        r" (?<=\. )(?=\.(?!\w))",  # . . .
        r" (?<=\S )(?=\.[ \u00a0]\.)",
    ]
    if marks.prepositions:
        patterns.append(rf"(?<!\w)(?i:{_any(marks.prepositions)}) (?=\w)")
    return tuple(map(re.compile, patterns))


@lru_cache(maxsize=32)
def _words(marks: Marks) -> tuple[re.Pattern[str], ...]:
    """Words that hold to what follows; they stand alone."""
    # Not told by the pattern: one that looks behind first does so at every letter.
    patterns = []
    if marks.titles:
        patterns.append(rf"(?:{_any(marks.titles)}) {_NAME}")
    if marks.markers:
        patterns.append(rf"(?:{_any(marks.markers)}) {_NUMERAL}")
    if marks.together:
        patterns.append("|".join(map(re.escape, marks.together)))
    return tuple(map(re.compile, patterns))


def _any(*words: str) -> str:
    """An alternation of all *words*, the longest first."""
    listed = sorted(" ".join(words).split(), key=len, reverse=True)
    return "|".join(map(re.escape, listed))


_GROUPS = re.compile(
    r"(?<![\w.,])(?<!\d[ \u00a0\u202f])[1-9]\d{0,2}(?: \d{3})+(?!\w| \d)", re.ASCII
)


def _groups(text: str) -> Iterator[int]:
    for found in _GROUPS.finditer(text):
        yield from _spaces(text, found)


# Spaces around marks ---------------------------------------------------------

_HIGH = re.compile(
    r"(?<=[^\s(\[{«“‘‹;!?:]) ?"
    rf"(?=([;!?:])[;!?:]*(?:[\s.,)\]}}\"'{CURLY_QUOTES}{ELLIPSIS}{DASHES}]|\Z))"
)
_AFTER_OPENING = re.compile(r"(?<=«) ?(?=\S)")
_BEFORE_CLOSING = re.compile(r"(?<=\S) ?(?=»)")


def _before_high_marks(text: str, marks: Marks) -> Iterator[Edit]:
    """Part a word from the mark after it, where that mark ends something."""
    for found in _HIGH.finditer(text):
        if found[1] in marks.thin_before:
            yield Edit(found.start(), found.end(), NARROW_NO_BREAK_SPACE)
        elif found[1] in marks.wide_before:
            yield Edit(found.start(), found.end(), NO_BREAK_SPACE)


def _inside_guillemets(text: str, marks: Marks) -> Iterator[Edit]:
    for pattern in (_AFTER_OPENING, _BEFORE_CLOSING):
        for found in pattern.finditer(text):
            if marks.inside or found[0]:
                yield Edit(found.start(), found.end(), marks.inside or NARROW_NO_BREAK_SPACE)
