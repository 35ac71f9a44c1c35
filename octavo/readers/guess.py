"""Guess the labels of a transcript whose speakers nobody has declared.

Comes in: the lines and what looks like a label in them. Goes out: the labels that the
document uses. The one decision: coming again is the evidence; a label that comes once
is believed only in a document that has a convention of labels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from octavo.readers.convention import ends_sentence
from octavo.readers.labels import (
    Candidate,
    Labels,
    Shape,
    find_candidate,
    find_wide_candidate,
    fold_label,
    is_header,
    is_ordinary,
)
from octavo.readers.source import Line

MOST_WORDS_ONCE = 4
OFTEN = 3
"""So often even an ordinary word, or one in the midst of a paragraph, is a label."""
LABELLED_SHARE = 0.6
"""A short text whose labels all come once has at least this share of labelled lines."""


@dataclass(slots=True)
class _Evidence:
    first: int
    candidate: Candidate
    at_starts: int = 0
    inside: int = 0

    @property
    def times(self) -> int:
        return self.at_starts + self.inside


def find_candidates(lines: Sequence[Line], labels: Labels) -> dict[int, Candidate]:
    """Return what looks like a label, by the number of its line in *lines*."""
    found = ((number, find_candidate(line.words, labels)) for number, line in enumerate(lines))
    return {number: candidate for number, candidate in found if candidate}


def guess_labels(lines: Sequence[Line], candidates: Mapping[int, Candidate]) -> tuple[str, ...]:
    """Return the labels that *lines* use, in order of first appearance."""
    evidence = _collect(lines, candidates)
    recurring = {label for label, seen in evidence.items() if _recurs(seen)}
    start = min((evidence[label].first for label in recurring), default=len(lines))
    once = {label for label, seen in evidence.items() if _is_believed_once(seen, start)}
    words = sum(1 for line in lines if line.words)
    if not recurring and len(once) < LABELLED_SHARE * words:
        once = set()
    labels = [evidence[label] for label in recurring | once] + _wide_labels(lines, candidates)
    return tuple(seen.candidate.label for seen in sorted(labels, key=lambda seen: seen.first))


def begins_afresh(lines: Sequence[Line], number: int, candidates: Mapping[int, Candidate]) -> bool:
    """Whether the line may begin a paragraph, whatever the convention turns out to be."""
    if number == 0 or number - 1 in candidates:
        return True
    before = lines[number - 1].words
    return not before or ends_sentence(before)


def is_link(candidate: Candidate) -> bool:
    """Whether only an address follows the colon, as in a list of links."""
    rest = candidate.rest.strip("<>")
    return "://" in rest and len(rest.split()) == 1


def _collect(lines: Sequence[Line], candidates: Mapping[int, Candidate]) -> dict[str, _Evidence]:
    evidence: dict[str, _Evidence] = {}
    for number, candidate in candidates.items():
        if is_link(candidate):
            continue
        seen = evidence.setdefault(fold_label(candidate.label), _Evidence(number, candidate))
        if begins_afresh(lines, number, candidates):
            seen.at_starts += 1
        else:
            seen.inside += 1
    return evidence


def _recurs(seen: _Evidence) -> bool:
    label = seen.candidate.label
    if is_ordinary(label) or is_header(label):
        return seen.at_starts >= OFTEN
    return seen.times >= OFTEN or (seen.times == 2 and seen.at_starts >= 1)


def _is_believed_once(seen: _Evidence, start: int) -> bool:
    candidate = seen.candidate
    return (
        seen.at_starts == seen.times == 1
        and candidate.shape is Shape.NAME
        and bool(candidate.rest)
        and "," not in candidate.label
        and len(candidate.label.split()) <= MOST_WORDS_ONCE
        and not is_ordinary(candidate.label)
        and not is_header(candidate.label)
        # Before the others a sentence is speech; other words may be a title's.
        and (seen.first > start or ends_sentence(candidate.rest))
    )


def _wide_labels(lines: Sequence[Line], candidates: Mapping[int, Candidate]) -> list[_Evidence]:
    evidence: dict[str, _Evidence] = {}
    for number, line in enumerate(lines):
        candidate = find_wide_candidate(line.words) if number not in candidates else None
        if candidate and begins_afresh(lines, number, candidates):
            seen = evidence.setdefault(candidate.label, _Evidence(number, candidate))
            seen.at_starts += 1
    return [seen for seen in evidence.values() if seen.at_starts >= OFTEN]
