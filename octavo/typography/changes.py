"""Changes on record: made, joined to earlier ones, undone, and reckoned with.

Comes in: edits of a text. Goes out: the text after them, and what they changed, so
that the proof can undo it and any offset can be traced to the source.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from octavo.model import Span


class Change(NamedTuple):
    """One mark set: at offset ``at`` of the set text stands ``now`` where the source has ``was``.

    Either may be empty: a space put in, a space closed up.
    """

    at: int
    was: str
    now: str


class Edit(NamedTuple):
    """What a pass wants: ``now`` in place of the characters ``start`` up to ``end``."""

    start: int
    end: int
    now: str


def apply(text: str, edits: Iterable[Edit]) -> tuple[str, tuple[Change, ...]]:
    """Return *text* after *edits*, which come in order and apart, and what they changed."""
    pieces: list[str] = []
    changes: list[Change] = []
    done = shift = 0
    for start, end, now in edits:
        was = text[start:end]
        if was == now:
            continue
        pieces += text[done:start], now
        changes.append(Change(start + shift, was, now))
        shift += len(now) - len(was)
        done = end
    pieces.append(text[done:])
    return "".join(pieces), tuple(changes)


def restore(words: str, changes: Iterable[Change]) -> str:
    """Return the source of the set text *words*, to the character."""
    pieces: list[str] = []
    done = 0
    for change in changes:
        pieces += words[done : change.at], change.was
        done = change.at + len(change.now)
    pieces.append(words[done:])
    return "".join(pieces)


def source_offset(changes: Iterable[Change], offset: int) -> int:
    """Return the offset in the source of the character at *offset* of the set text."""
    shift = 0
    for change in changes:
        if offset < change.at + len(change.now):
            return min(offset, change.at) + shift
        shift += len(change.was) - len(change.now)
    return offset + shift


def map_spans(changes: Sequence[Change], spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return where *spans* of the source stand in the set text.

    A mark that a span begins or ends within is taken in whole; a space put in beside
    a span stays outside.
    """
    return tuple(_set_span(changes, span) for span in spans)


def _set_span(changes: Sequence[Change], span: Span) -> Span:
    start, end = _set_start(changes, span.start), _set_end(changes, span.end)
    return Span(start, max(start, end))


def _set_start(changes: Iterable[Change], offset: int) -> int:
    shift = 0
    for change in changes:
        was_at = change.at - shift
        if was_at > offset:
            break
        if offset < was_at + len(change.was):
            return change.at
        shift += len(change.now) - len(change.was)
    return offset + shift


def _set_end(changes: Iterable[Change], offset: int) -> int:
    shift = 0
    for change in changes:
        was_at = change.at - shift
        if was_at >= offset:
            break
        if offset < was_at + len(change.was):
            return change.at + len(change.now)
        shift += len(change.now) - len(change.was)
    return offset + shift


# Changes of changes ----------------------------------------------------------


class _Stretch(NamedTuple):
    """A stretch of the text between two passes that one of them wrote or the other changed."""

    start: int
    end: int
    growth_before: int
    """By how much the first pass made it longer."""
    growth_after: int
    """By how much the second pass makes it longer."""


def join(
    first: Sequence[Change], then: Sequence[Change], source: str, words: str
) -> tuple[Change, ...]:
    """Return the changes from *source* to *words* in one step instead of two."""
    if not first or not then:
        return tuple(first or then)
    joined: list[Change] = []
    before = after = 0  # How much longer than the source, and shorter than the end, we are.
    for group in _overlapping(first, then):
        start, end = group[0].start, max(stretch.end for stretch in group)
        was_at, at = start - before, start + after
        before += sum(stretch.growth_before for stretch in group)
        after += sum(stretch.growth_after for stretch in group)
        was, now = source[was_at : end - before], words[at : end + after]
        if was != now:
            joined.append(Change(at, was, now))
    return tuple(joined)


def _overlapping(first: Sequence[Change], then: Sequence[Change]) -> Iterator[list[_Stretch]]:
    """Yield the stretches in order, those together that share a character or a place."""
    group: list[_Stretch] = []
    end = 0
    for stretch in _stretches(first, then):
        if group and (stretch.start < end or stretch[:2] == group[-1][:2]):
            group.append(stretch)
            end = max(end, stretch.end)
            continue
        if group:
            yield group
        group, end = [stretch], stretch.end
    if group:
        yield group


def _stretches(first: Sequence[Change], then: Sequence[Change]) -> list[_Stretch]:
    stretches = [
        _Stretch(change.at, change.at + len(change.now), len(change.now) - len(change.was), 0)
        for change in first
    ]
    grown = 0
    for change in then:
        start, growth = change.at - grown, len(change.now) - len(change.was)
        stretches.append(_Stretch(start, start + len(change.was), 0, growth))
        grown += growth
    return sorted(stretches)
