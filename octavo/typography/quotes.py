"""Quotation marks and apostrophes: straight ones in, each language's own out.

Which way a mark faces is told by what stands on its two sides; only where that says
nothing does it matter whether a quotation is open. A quotation may run on into the
next paragraph and open anew there, so one that is never closed is no error. What
follows a number and closes nothing is a prime and stays straight: feet and inches,
minutes and seconds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from unicodedata import category

from octavo.typography.changes import Edit
from octavo.typography.characters import (
    ACUTE,
    APOSTROPHE,
    BACKTICK,
    CURLY_QUOTES,
    PRIME,
    STRAIGHT_DOUBLE,
    STRAIGHT_SINGLE,
    UNSEEN,
)
from octavo.typography.languages import Marks

# Apostrophes -----------------------------------------------------------------

_STROKE = re.compile(f"[{STRAIGHT_SINGLE}{ACUTE}]")
"""What every apostrophe that is typed begins with."""
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"


def set_apostrophes(text: str, marks: Marks) -> Iterator[Edit]:
    """Set the apostrophes that are beyond doubt, before quotation marks are looked for."""
    pattern, done = _apostrophes(marks), 0
    # Looked for where one stands: a pattern that looks behind first does so at every letter.
    for stroke in _STROKE.finditer(text):
        found = pattern.match(text, stroke.start()) if stroke.start() >= done else None
        if found is None:
            continue
        done = found.end()
        for at in range(*found.span()):
            if text[at] in STRAIGHT_SINGLE + ACUTE:
                yield Edit(at, at + 1, APOSTROPHE)


@lru_cache(maxsize=32)
def _apostrophes(marks: Marks) -> re.Pattern[str]:
    words = "|".join(marks.elisions.split()) or r"(?!)"
    thousands = r"(?<=\d)'(?=\d{3}(?!\d))" if marks.thousands else r"(?!)"
    opening = rf"(?<![^\s(\[{{{CURLY_QUOTES}\"\-\u2010-\u2015/{UNSEEN}])"
    return re.compile(
        rf"(?<={_LETTER})['{ACUTE}](?={_LETTER}|\d)"  # don't, Windows'95
        rf"|(?<={_LETTER})'(?=[\"“«„]{_LETTER})"  # l'"homme"
        r"|(?<=\d)'(?=s\b)"  # the 1960's
        r"|(?<=\s)'n'(?=\s)"  # rock 'n' roll
        rf"|{thousands}"  # 10'000
        rf"|{opening}'(?=\d\d(?![\d'%{APOSTROPHE}]|[.,]\d))"  # the '90s, of '68
        rf"|{opening}'(?=(?:{words})\b(?!['{APOSTROPHE}](?!\w)))",  # 'em, 'tis
        re.IGNORECASE,
    )


# Quotation marks -------------------------------------------------------------


class Kind(Enum):
    """Which of the typist's two keys was meant."""

    DOUBLE = "double"
    SINGLE = "single"


class Role(Enum):
    """What a mark does."""

    OPENS = "opens"
    CLOSES = "closes"
    UNCLEAR = "unclear"
    """Its neighbours do not tell."""
    APOSTROPHE = "apostrophe"
    STAYS = "stays"
    """It is no quotation mark, or nobody can tell."""


@dataclass(frozen=True, slots=True)
class Run:
    """Marks that touch, and what they do by what stands before and after them all."""

    start: int
    marks: str
    before: str
    """The character before; empty at the beginning of the text."""
    after: str
    role: Role


@dataclass(frozen=True, slots=True)
class Mark:
    """One quotation mark, typed with one key, two strokes of one, or set already."""

    start: int
    end: int
    kind: Kind
    glyph: str
    roles: frozenset[Role] = frozenset(Role)
    """What it can do, as it stands."""

    @property
    def is_set(self) -> bool:
        return self.glyph not in _TYPED


@dataclass(slots=True)
class Nesting:
    """The quotations that are open, the innermost last; each kind once at most."""

    open: list[tuple[Kind, int]] = field(default_factory=list)

    def holds(self, kind: Kind) -> bool:
        return any(one is kind for one, _ in self.open)

    def enter(self, kind: Kind, level: int) -> None:
        self.leave(kind)
        self.open.append((kind, level))

    def leave(self, kind: Kind) -> int:
        """Close *kind* and all within it; return the level of its marks."""
        for at, (one, level) in enumerate(self.open):
            if one is kind:
                del self.open[at:]
                return level
        return 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one must know of a whole text to judge its single marks."""

    text: str
    last_close: int
    """Where the last single mark stands that can close a quotation."""
    backticks: bool
    """Whether backticks open quotations (``so'')."""


def set_quotes(text: str, marks: Marks) -> Iterator[Edit]:
    """Set every straight quotation mark, and apostrophes that only context tells."""
    if not any(typed in text for typed in _TYPED):
        return
    runs = tuple(_runs(text))
    outlook = _look_out(text, runs, marks)
    nesting = Nesting()
    for run in runs:
        for mark in _marks(run, marks, outlook):
            role = _judge(mark, run, nesting, outlook)
            glyph = _set(mark, role, nesting, marks)
            if glyph and not mark.is_set:
                yield Edit(mark.start, mark.end, glyph)


_TYPED = (STRAIGHT_DOUBLE, STRAIGHT_SINGLE, STRAIGHT_SINGLE * 2, BACKTICK, BACKTICK * 2)
_RUN = re.compile(rf"[\"'{BACKTICK}{CURLY_QUOTES}{UNSEEN}]+")
_IN_RUN = re.compile(rf"'{{1,3}}(?!')|'{{4,}}|{BACKTICK}+|[\"{CURLY_QUOTES}]")
_ELIDED = re.compile(rf"['{APOSTROPHE}](?:[“„«]|\"(?={_LETTER}))")
"""An article before a quotation: l'"homme"."""


def _runs(text: str) -> Iterator[Run]:
    for found in _RUN.finditer(text):
        if _IN_RUN.search(found[0]):
            start, end = found.span()
            before, after = text[start - 1 : start] if start else "", text[end : end + 1]
            if _ELIDED.match(text, start) and before.isalpha():
                start, before = start + 1, ""
            yield Run(start, text[start:end], before, after, _face(before, after))


def _face(before: str, after: str) -> Role:
    """Tell from its neighbours what a mark does.

    White space and opening brackets stand before a quotation, white space and closing
    punctuation after it. A dash, a slash or a sign (``a="b"``) may stand on either side
    and gives way to a word.
    """
    gap_before = not before or before.isspace() or before in "¿¡" or category(before) == "Ps"
    gap_after = not after or after.isspace()
    if gap_before:
        return Role.UNCLEAR if gap_after or after in ",;)]}" else Role.OPENS
    if gap_after or category(after) == "Pe":
        return Role.CLOSES
    closing = after in ".,;:!?…"
    if not _joins(before):
        return Role.CLOSES if closing or _joins(after) else Role.UNCLEAR
    if _joins(after):
        return Role.UNCLEAR
    return Role.CLOSES if closing else Role.OPENS


def _joins(character: str) -> bool:
    return character == "/" or category(character) in ("Pd", "Sm")


# Of the whole text -----------------------------------------------------------

_OPENING_BACKTICKS = re.compile(rf"(?<!\S){BACKTICK}{BACKTICK}(?=[^\s{BACKTICK}])")
_CLOSING_BACKTICKS = re.compile(rf"(?<=[^\s{BACKTICK}]){BACKTICK}{BACKTICK}(?!\w)")


def _look_out(text: str, runs: tuple[Run, ...], marks: Marks) -> Outlook:
    singles = {STRAIGHT_SINGLE, APOSTROPHE, *(close for _, close in marks.quotes[1:])}
    closes = (run.start for run in runs if run.role is Role.CLOSES and singles & {*run.marks})
    return Outlook(
        text,
        last_close=max(closes, default=-1),
        # Code in plain text has backticks on both sides of it.
        backticks=bool(_OPENING_BACKTICKS.search(text)) and not _CLOSING_BACKTICKS.search(text),
    )


# Of one mark -----------------------------------------------------------------


def _marks(run: Run, marks: Marks, outlook: Outlook) -> Iterator[Mark]:
    """Read the marks of a run; what is none, four straight ones for instance, is left out."""
    known = _known(marks)
    for found in _IN_RUN.finditer(run.marks):
        start, end = run.start + found.start(), run.start + found.end()
        glyph = found[0]
        if glyph == STRAIGHT_SINGLE * 3:
            yield from _three(start, run.role)
        elif glyph in (STRAIGHT_DOUBLE, STRAIGHT_SINGLE * 2):
            yield Mark(start, end, Kind.DOUBLE, glyph)
        elif glyph == STRAIGHT_SINGLE:
            yield Mark(start, end, Kind.SINGLE, glyph)
        elif glyph in (BACKTICK, BACKTICK * 2) and outlook.backticks:
            kind = Kind.DOUBLE if len(glyph) == 2 else Kind.SINGLE
            yield Mark(start, end, kind, glyph, frozenset({Role.OPENS}))
        elif glyph in known:
            kind, roles = known[glyph]
            yield Mark(start, end, kind, glyph, roles)


def _three(start: int, role: Role) -> Iterator[Mark]:
    """Three strokes are a double and a single mark, the single one on the inner side."""
    single, double = (start, start + 1) if role is Role.CLOSES else (start + 2, start)
    both = (
        Mark(single, single + 1, Kind.SINGLE, STRAIGHT_SINGLE),
        Mark(double, double + 2, Kind.DOUBLE, STRAIGHT_SINGLE * 2),
    )
    yield from both if single < double else reversed(both)


@lru_cache(maxsize=32)
def _known(marks: Marks) -> dict[str, tuple[Kind, frozenset[Role]]]:
    """What the language's own marks do where they are set already."""
    known: dict[str, tuple[Kind, frozenset[Role]]] = {}
    for level, (opening, closing) in enumerate(marks.quotes):
        kind = Kind.SINGLE if level else Kind.DOUBLE
        for glyph, role in ((opening, Role.OPENS), (closing, Role.CLOSES)):
            _, others = known.get(glyph, (kind, frozenset[Role]()))
            known[glyph] = kind, others | {role}
    if APOSTROPHE in known:
        kind, roles = known[APOSTROPHE]
        known[APOSTROPHE] = kind, roles | {Role.APOSTROPHE}
    return known


def _judge(mark: Mark, run: Run, nesting: Nesting, outlook: Outlook) -> Role:
    """Decide what *mark* does; STAYS when it cannot do that."""
    if len(mark.roles) == 1 and mark.is_set:
        return next(iter(mark.roles))
    if mark.start == run.start and _is_prime(mark, run, nesting, outlook.text):
        return Role.STAYS
    if mark.glyph == STRAIGHT_SINGLE * 2:
        role = _judge_pair(mark, run, nesting, outlook.text)
    elif mark.kind is Kind.DOUBLE:
        role = _judge_double(run, nesting)
    else:
        role = _judge_single(run, nesting, outlook)
    return role if role in mark.roles else Role.STAYS


_SENTENCE_ENDS = ".!?…"


def _judge_double(run: Run, nesting: Nesting) -> Role:
    if run.role is Role.UNCLEAR:
        closes = nesting.holds(Kind.DOUBLE) or (run.before and run.before in _SENTENCE_ENDS)
        return Role.CLOSES if closes else Role.OPENS
    return run.role


def _judge_pair(mark: Mark, run: Run, nesting: Nesting, text: str) -> Role:
    """Two single strokes close a quotation that is open, or a sentence; code holds them too."""
    solid = run.before.strip() and not _joins(run.before)
    if not solid or text[mark.end : mark.end + 1].isalnum():
        return Role.STAYS
    closes = nesting.holds(Kind.DOUBLE) or run.before in _SENTENCE_ENDS
    return Role.CLOSES if closes else Role.STAYS


def _judge_single(run: Run, nesting: Nesting, outlook: Outlook) -> Role:
    if run.role is Role.OPENS:
        closed_later = run.start < outlook.last_close
        return Role.OPENS if closed_later or _runs_on(run, outlook.text) else Role.APOSTROPHE
    if nesting.holds(Kind.SINGLE):
        return Role.CLOSES
    if run.role is Role.UNCLEAR and not run.before.strip() and not run.after.strip():
        return Role.STAYS
    return Role.APOSTROPHE


def _runs_on(run: Run, text: str) -> bool:
    """Whether a single mark looks like the beginning of several paragraphs' quotation."""
    introduced = run.start == 0 or text[max(run.start - 2, 0)] == ":"
    return introduced and run.after.isupper()


_NUMBER = re.compile(r"\d[\d.,]*\Z")
_FEET = re.compile(rf"\d['{APOSTROPHE}{PRIME}]\s?\d{{1,2}}(?:[.,]\d+)?\Z")
_MINUTES = re.compile(r"\d|\s\d{1,2}(?:[.,]\d+)?(?:\"|''|[\u2033\u201d])")
_LONGEST_MEASURE = 3
"""Digits: 100' or 12", but a longer number before a quotation mark is a year."""


def _is_prime(mark: Mark, run: Run, nesting: Nesting, text: str) -> bool:
    """Whether *mark* stands for feet, inches, minutes or seconds."""
    if not run.before.isdigit():
        return False
    ahead = text[max(mark.start - 10, 0) : mark.start]
    if mark.kind is Kind.DOUBLE and _FEET.search(ahead):
        return True
    if mark.kind is Kind.SINGLE and _MINUTES.match(text, mark.end):
        return True
    number = _NUMBER.search(ahead)
    return not nesting.holds(mark.kind) and bool(number and len(number[0]) <= _LONGEST_MEASURE)


def _set(mark: Mark, role: Role, nesting: Nesting, marks: Marks) -> str:
    """Note in *nesting* what the mark does; return its glyph, empty when it stays."""
    if role is Role.APOSTROPHE:
        return APOSTROPHE
    if role is Role.OPENS:
        level = _level(mark, nesting, marks)
        nesting.enter(mark.kind, level)
        return marks.quotes[level][0]
    if role is Role.CLOSES:
        return marks.quotes[nesting.leave(mark.kind)][1]
    return ""


def _level(mark: Mark, nesting: Nesting, marks: Marks) -> int:
    """Which pair opens: the outer for a double mark, the inner for a single one within it.

    A single mark that stands alone stays single where the language has such a pair.
    """
    if mark.kind is Kind.DOUBLE:
        return 0
    return 1 if nesting.holds(Kind.DOUBLE) else len(marks.quotes) - 1
