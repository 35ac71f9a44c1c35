"""Dashes and ellipses: typed with hyphens and full stops, set with their own glyphs.

A hyphen within a word is never touched. Two hyphens become the language's dash; what
else changes is the edition's choice: ``em`` closes dashes up, ``spaced-en`` sets en
dashes between spaces, ``as-is`` leaves them as the text has them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from octavo.typography.changes import Edit
from octavo.typography.characters import (
    CURLY_QUOTES,
    DASHES,
    ELLIPSIS,
    EM_DASH,
    EN_DASH,
    GAPS,
    NO_BREAK_SPACE,
    NO_BREAK_SPACES,
    UNSEEN,
)
from octavo.typography.languages import Marks

# Dashes between words --------------------------------------------------------

_DASH = re.compile(
    rf"(?<![{DASHES}])(?:(?<!<!)-{{2,4}}(?!>)|[{EN_DASH}{EM_DASH}]"
    rf"|(?<= )-(?=[ )\]\"'{CURLY_QUOTES}]|\Z))(?![{DASHES}])"
)


@dataclass(frozen=True, slots=True)
class Dash:
    """A dash with the spaces that it stands between."""

    text: str
    left: int
    """Where the space before it begins."""
    start: int
    end: int
    right: int
    """Where the space after it ends."""

    @property
    def typed(self) -> str:
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """The character before the space; empty at the beginning of the text."""
        return self.text[self.left - 1 : self.left] if self.left else ""

    @property
    def after(self) -> str:
        return self.text[self.right : self.right + 1]

    @property
    def gap_before(self) -> str:
        return self.text[self.left : self.start]

    @property
    def gap_after(self) -> str:
        return self.text[self.end : self.right]


def set_dashes(text: str, marks: Marks, style: str) -> Iterator[Edit]:
    """Set the dashes between words in the house's *style*."""
    # Most paragraphs have none, and to look for each alone is quick.
    if not any(sign in text for sign in ("--", " -", EN_DASH, EM_DASH)):
        return
    for found in _DASH.finditer(text):
        dash = _dash(text, *found.span())
        if _touches_dash(dash):
            continue
        if marks.breaks_off and _breaks_off(dash):
            yield Edit(dash.left, dash.end, EM_DASH)
        elif _is_plain(dash, marks):
            yield from _set_plain(dash, marks, style)


def _dash(text: str, start: int, end: int) -> Dash:
    left, right = start, end
    while left > 0 and text[left - 1] in GAPS:
        left -= 1
    while right < len(text) and text[right] in GAPS:
        right += 1
    return Dash(text, left, start, end, right)


_ANY_DASH = re.compile(f"[{DASHES}]")


def _touches_dash(dash: Dash) -> bool:
    """Two dashes in a row are a rule, a signature, or a drawing."""
    return bool(_ANY_DASH.match(dash.before) or _ANY_DASH.match(dash.after))


_END = re.compile(
    rf"[{UNSEEN}]*(?:\Z|[)\]]"
    rf"|[{GAPS}]*\[[^\[\]]*\](?:\Z|[{GAPS}]+[^\W\d_a-z])"
    rf"|[\"'{CURLY_QUOTES}]+(?:\Z|[\s.,;:!?)\]{ELLIPSIS}{DASHES}{UNSEEN}]))"
)


def _breaks_off(dash: Dash) -> bool:
    """Whether speech ends there: nothing follows in the text or the quotation, or an event."""
    if not dash.before or dash.before in "([{.!?:;" + ELLIPSIS:
        return False
    if dash.before.isdigit() and dash.typed == EN_DASH:
        return False  # (1935–) is a range without an end.
    return dash.right == len(dash.text) or bool(_END.match(dash.text, dash.end))


def _is_plain(dash: Dash, marks: Marks) -> bool:
    """Whether it stands between words or clauses, not in a number, a rule or a command."""
    if dash.typed == "-":
        return not (dash.before.isdigit() and dash.after.isdigit())
    if dash.typed == EN_DASH:
        both = bool(dash.gap_before and dash.gap_after)
        return " " in dash.gap_before + dash.gap_after and (both or not dash.after.isdigit())
    if dash.typed == "--":
        option = dash.left and dash.gap_before and not dash.gap_after and not marks.raya
        return not (option and dash.after.isascii() and dash.after.islower())
    return dash.typed != "----"


def _set_plain(dash: Dash, marks: Marks, style: str) -> Iterator[Edit]:
    if style == "as-is":
        if dash.typed.startswith("--"):
            yield Edit(dash.start, dash.end, marks.dash)
    elif not dash.before or not dash.after or (marks.raya and _is_raya(dash)):
        yield Edit(dash.start, dash.end, EM_DASH if style == "em" else EN_DASH)
    elif style == "em":
        yield Edit(dash.left, dash.right, EM_DASH)
    else:
        yield Edit(dash.left, dash.right, _spaced(dash))


def _is_raya(dash: Dash) -> bool:
    """Whether the dash touches what it encloses, on one side."""
    return bool(dash.gap_before) != bool(dash.gap_after)


def _spaced(dash: Dash) -> str:
    """An en dash between spaces, which hold on its left; none where it touches a bracket."""
    before, after = dash.gap_before, " "
    if not (len(before) == 1 and before in NO_BREAK_SPACES):
        opening = _AT_OPENING.search(dash.text, max(dash.start - 5, 0), dash.start)
        before = "" if opening else NO_BREAK_SPACE
    if _AT_CLOSE.match(dash.text, dash.end):
        after = ""
    return before + EN_DASH + after


_AT_OPENING = re.compile(rf"(?:[(\[{{]|(?:\A|[\s(\[{{])[\"'{CURLY_QUOTES}]{{1,3}})\Z")
_AT_CLOSE = re.compile(rf"[)\]}}]|[\"'{CURLY_QUOTES}]{{1,3}}(?:\Z|[\s.,;:!?)\]{DASHES}])")


# Ranges of numbers -----------------------------------------------------------

_JOINED = re.compile(r"\d-\d", re.ASCII)
_RANGE = re.compile(
    rf"(?<![\w.,:/#+{ELLIPSIS}{DASHES}])(\d{{1,4}})-(\d{{1,4}})(?![\w/:{DASHES}]|[.,]\d)",
    re.ASCII,
)


def set_ranges(text: str, marks: Marks) -> Iterator[Edit]:
    """Join the numbers of a range with an en dash; dates, telephones and names stay."""
    if not marks.ranges or not _JOINED.search(text):
        return
    for found in _RANGE.finditer(text):
        if _is_range(found[1], found[2]) and not _is_name(text, found, marks):
            yield Edit(found.end(1), found.start(2), EN_DASH)


def _is_range(first: str, last: str) -> bool:
    """Whether two numbers rise; after a year the last may be shortened (1949-76)."""
    if (len(first), len(last)) == (3, 4) or (first[0] == "0" and len(first) > 1):
        return False  # A telephone number; a date.
    if len(first) == 4 and len(last) < 3:
        last = first[: -len(last)] + last
    return int(first) < int(last) and len(last) - len(first) <= 1


_NAMED = re.compile(rf"(?<![^\W_])[A-Z]\w*(?<!s)\.?[{GAPS}]\Z")
_LONGEST_NAME = 20


def _is_name(text: str, found: re.Match[str], marks: Marks) -> bool:
    """Whether two numbers name a law or a report (Public Law 107-243); years never do."""
    if marks.ranges_after_names or len(found[1]) == 4:
        return False
    return bool(_NAMED.search(text, max(found.start() - _LONGEST_NAME, 0), found.start()))


# Ellipses --------------------------------------------------------------------

_DOTS = re.compile(rf"(?<![.{ELLIPSIS}])(\.?)\.\.\.(?![.{ELLIPSIS}])")


def set_ellipses(text: str) -> Iterator[Edit]:
    """Set three full stops as one ellipsis, four as a full stop and an ellipsis."""
    if "..." not in text:
        return
    for found in _DOTS.finditer(text):
        yield Edit(found.end(1), found.end(), ELLIPSIS)
