"""Plain text, ``Name: words``: bytes in, Transcript out.

First the convention of the whole document is found (which lines open turns, whether
lines are hard-wrapped), then it is applied. Nothing is dropped: what is no label,
title or event is speech, and what may be a label after all is a doubt.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo.findings import Finding, Report, Weight
from octavo.model import Block, Event, Location, Prose, Text, Transcript, Turn
from octavo.readers.convention import find_convention
from octavo.readers.doubts import Doubt, find_doubts, report_doubts
from octavo.readers.events import end_of_leading_events, is_event
from octavo.readers.guess import find_candidates, guess_labels
from octavo.readers.head import Head, cut_head
from octavo.readers.labels import (
    Candidate,
    Labels,
    Opening,
    find_candidate,
    find_opening,
    find_wide_candidate,
    find_wide_opening,
    fold_label,
    is_header,
)
from octavo.readers.paragraphs import Paragraph, find_paragraphs, make_text
from octavo.readers.source import Line, cut_lines, read_characters, report_long_words

LONGEST_PARAGRAPH = 200_000
"""Characters; a hundred pages without a break are no paragraph."""


@dataclass(frozen=True, slots=True)
class Document:
    """A transcript, with what its reader was not sure of."""

    transcript: Transcript
    doubts: tuple[Doubt, ...] = ()


def read_plain(data: bytes, path: str, labels: Labels, report: Report) -> Transcript:
    """Read a plain text; all its faults are reported, with their places."""
    document = read_document(data, path, labels, report)
    if not labels.free:
        report_doubts(document.doubts, labels, report)
    return document.transcript


def read_document(data: bytes, path: str, labels: Labels, report: Report) -> Document:
    """Read a plain text; what may be a label is returned, every other fault is reported."""
    text = read_characters(data, path, report)
    if text is None:
        return Document(Transcript(path, (), (), ()))
    report_long_words(text, path, report)
    lines = _part_events_from_labels(cut_lines(text), labels)
    candidates = find_candidates(lines, labels)
    if labels.free:
        labels = replace(labels, known=guess_labels(lines, candidates))
    openings = _find_openings(lines, labels)
    head = _find_head(lines, candidates, openings)
    not_run_on = {number - head.end for number in openings.keys() | candidates.keys()}
    convention = find_convention(lines[head.end :], not_run_on)
    facts = _find_facts(candidates, openings)
    paragraphs = list(find_paragraphs(lines, head.end, openings, facts, convention, path))
    transcript = Transcript(
        path,
        tuple(make_text([line], path) for line in head.title),
        tuple(make_text([line], path) for line in head.byline),
        tuple(_make_blocks(paragraphs, labels)),
    )
    _report_faults(transcript, labels, candidates, report)
    body = {number: found for number, found in candidates.items() if number >= head.end}
    starts = {paragraph.start for paragraph in paragraphs}
    return Document(transcript, find_doubts(lines, body, openings, starts, labels, path))


# Lines -----------------------------------------------------------------------


def _part_events_from_labels(lines: Sequence[Line], labels: Labels) -> list[Line]:
    """Make two lines of "[Laughter.] Wang: Thank you"."""
    parted: list[Line] = []
    for line in lines:
        end = end_of_leading_events(line.words)
        if end and is_event(line.words[:end].rstrip()) and _may_open(line.words[end:], labels):
            parted.append(Line(line.number, line.column, line.words[:end].rstrip()))
            line = Line(line.number, line.column + end, line.words[end:])
        parted.append(line)
    return parted


def _may_open(words: str, labels: Labels) -> bool:
    return bool(find_opening(words, labels) or find_candidate(words))


def _find_openings(lines: Sequence[Line], labels: Labels) -> dict[int, Opening]:
    """Return the declared labels that open lines, by the number of the line.

    A wide gap parts a label from its words only where no colon ever follows that label.
    """
    openings: dict[int, Opening] = {}
    wide: dict[int, Opening] = {}
    for number, line in enumerate(lines):
        if opening := find_opening(line.words, labels):
            openings[number] = opening
        elif find_wide_candidate(line.words) and (opening := find_wide_opening(line.words, labels)):
            wide[number] = opening
    with_colon = {opening.label for opening in openings.values()}
    wide = {number: o for number, o in wide.items() if o.label not in with_colon}
    return dict(sorted((openings | wide).items()))


def _find_head(
    lines: Sequence[Line], candidates: Mapping[int, Candidate], openings: Mapping[int, Opening]
) -> Head:
    undeclared = Counter(
        fold_label(found.label) for number, found in candidates.items() if number not in openings
    )
    recurring = {label for label, times in undeclared.items() if times > 1}
    return cut_head(lines, min(openings, default=len(lines)), recurring)


def _find_facts(candidates: Mapping[int, Candidate], openings: Mapping[int, Opening]) -> set[int]:
    """Return the lines above the first turn that say when, where and who: "Date: 5 May"."""
    first = min(openings, default=0)
    return {n for n, found in candidates.items() if n < first and is_header(found.label)}


# Blocks ----------------------------------------------------------------------


def _make_blocks(paragraphs: Iterable[Paragraph], labels: Labels) -> Iterator[Block]:
    """Gather paragraphs into turns; an event between two labels stands between their turns."""
    turn: Turn | None = None
    said: list[Text] = []
    events: list[Text] = []
    for paragraph in paragraphs:
        opening, text = paragraph.opening, paragraph.text
        if opening and not (turn and not events and _is_same(turn, opening, labels)):
            yield from _close(turn, said, events)
            turn, said, events = Turn(opening.label, (), paragraph.location), [], []
        if text is None:
            continue
        if paragraph.is_event:
            events.append(text)
        elif turn:
            # Words without a label go on after an event: it happened within the turn.
            said += [*events, text]
            events = []
        else:
            yield from map(Event, events)
            yield Prose(text)
            events = []
    yield from _close(turn, said, events)


def _is_same(turn: Turn, opening: Opening, labels: Labels) -> bool:
    return labels.speaker(turn.label) == labels.speaker(opening.label)


def _close(turn: Turn | None, said: list[Text], events: list[Text]) -> Iterator[Block]:
    if turn and not said:
        said, events = events, []
    if turn:
        yield replace(turn, paragraphs=tuple(said))
    yield from map(Event, events)


# Faults of the whole ---------------------------------------------------------


def _report_faults(
    transcript: Transcript, labels: Labels, candidates: Mapping[int, Candidate], report: Report
) -> None:
    if not transcript.blocks:
        held = "a title and no more" if transcript.title else "no words"
        found = f"the file holds {held}"
        hint = "is it the right file?"
        report(Finding(Location(transcript.path), "empty-transcript", found, hint))
        return
    turns = [block for block in transcript.blocks if isinstance(block, Turn)]
    if not turns:
        _report_no_turns(transcript.path, labels, candidates, report)
    for turn in turns:
        if not turn.paragraphs:
            found = f"`{turn.label}` says nothing here"
            hint = "add the words, delete the label, or write what happened in brackets"
            report(Finding(turn.location, "empty-turn", found, hint))
    for text in transcript.texts():
        if len(text.words) > LONGEST_PARAGRAPH:
            found = f"a paragraph of {len(text.words):,} characters"
            hint = f"part it with blank lines; at most {LONGEST_PARAGRAPH:,} are set as one"
            report(Finding(text.location, "long-paragraph", found, hint))
    _report_labels_inside(turns, labels, report)


def _report_no_turns(
    path: str, labels: Labels, candidates: Mapping[int, Candidate], report: Report
) -> None:
    best = Counter(found.label for found in candidates.values()).most_common(3)
    listed = ", ".join(f"`{label}` ({times})" for label, times in best)
    seen = f"; lines begin with {listed}" if listed else ""
    if labels.free:
        found, weight = "no line begins with a speaker's label", Weight.REMARK
    else:
        found, weight = ("no line begins with the label of a declared speaker", Weight.FAULT)
    hint = f"a turn begins with a label and a colon, as in `Wang: It was`{seen}"
    report(Finding(Location(path), "no-turns", found, hint, weight))


def _report_labels_inside(turns: Sequence[Turn], labels: Labels, report: Report) -> None:
    """Remark on a declared label in the midst of a paragraph: a line end may be lost there."""
    if not labels.known:
        return
    known = "|".join(map(re.escape, sorted(labels.known, key=len, reverse=True)))
    inside = re.compile(rf"[.?!…”\"\])] +({known})[:：]\s")
    for turn in turns:
        for text in turn.paragraphs:
            for found in inside.finditer(text.words):
                hint = "if a turn begins here, begin a new line with it"
                message = f"`{found[1]}:` stands inside a paragraph of `{turn.label}`"
                place = text.locate(found.start(1))
                report(Finding(place, "label-inside", message, hint, Weight.REMARK))
