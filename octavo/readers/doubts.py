"""Doubts: lines that look as if somebody spoke whom the edition does not declare.

Comes in: the lines and the openings found in them. Goes out: a doubt for each label,
with its first place and its count. The one decision: the shape of a name at the start
of a paragraph is a fault, since the wrong speaker would say the words; elsewhere it is
a remark at most.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from octavo.findings import Finding, Report, Weight, nearest
from octavo.model import Location
from octavo.readers.convention import ends_sentence
from octavo.readers.guess import OFTEN, is_link
from octavo.readers.labels import (
    Candidate,
    Labels,
    Opening,
    Shape,
    fold_label,
    is_header,
    is_ordinary,
)
from octavo.readers.source import Line


@dataclass(frozen=True, slots=True)
class Doubt:
    """An opening that looks like a label and is not declared."""

    label: str
    location: Location
    """Where it stands first."""
    times: int
    at_start: bool
    """Whether it opens a paragraph anywhere."""


def find_doubts(
    lines: Sequence[Line],
    candidates: Mapping[int, Candidate],
    openings: Mapping[int, Opening],
    starts: Container[int],
    labels: Labels,
    path: str,
) -> tuple[Doubt, ...]:
    """Return the doubts in order of first appearance; *starts* are lines that begin paragraphs."""
    first_turn = min(openings, default=len(lines))
    alone = any(opening.rest >= len(lines[n].words) for n, opening in openings.items())
    seen: dict[str, list[int]] = {}
    for number, candidate in candidates.items():
        if number in openings or fold_label(candidate.label) in labels.refused:
            continue
        if is_link(candidate) or not (candidate.rest or alone):
            continue
        if is_header(candidate.label) and number < first_turn:
            continue
        if number in starts or ends_sentence(lines[number - 1].words):
            seen.setdefault(fold_label(candidate.label), []).append(number)
    doubts: list[Doubt] = []
    for numbers in seen.values():
        candidate = candidates[numbers[0]]
        if _is_doubtful(candidate, len(numbers)):
            at_starts = [number for number in numbers if number in starts]
            line = lines[(at_starts or numbers)[0]]
            location = Location(path, line.number, line.column)
            doubts.append(Doubt(candidate.label, location, len(numbers), bool(at_starts)))
    return tuple(doubts)


def report_doubts(doubts: Sequence[Doubt], labels: Labels, report: Report) -> None:
    """Report each doubt as ``unknown-speaker``, with the nearest declared label."""
    for doubt in doubts:
        times = f" ({doubt.times} times, first here)" if doubt.times > 1 else ""
        near = _nearest_label(doubt.label, labels)
        hint = f"{near} Then list it in the `aliases` of that [[speaker]]; else " if near else ""
        hint += (
            "add a [[speaker]] with this `label`, or, where it is speech, list it in "
            "`not_speakers` of the [[transcript]]"
        )
        weight = Weight.FAULT if doubt.at_start else Weight.REMARK
        found = f"no speaker is called `{doubt.label}`{times}"
        report(Finding(doubt.location, "unknown-speaker", found, hint, weight))


def _is_doubtful(candidate: Candidate, times: int) -> bool:
    if is_ordinary(candidate.label):
        return times >= OFTEN
    return candidate.shape is Shape.NAME or times > 1


def _nearest_label(label: str, labels: Labels) -> str:
    same_letters = {known.casefold(): known for known in labels.known}
    if known := same_letters.get(label.casefold()):
        return f"did you mean `{known}`?"
    return nearest(label, labels.known)
