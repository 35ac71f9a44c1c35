"""Paragraphs out of lines, by the document's convention.

Comes in: lines, the openings found in them, the convention. Goes out: each paragraph
as one text whose every character can be led back to its line and column. The one
decision: lines are joined with one space, but for scripts that write none and for
hyphens and dashes that were already closed up.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo.model import Anchor, Location, Span, Text
from octavo.readers.convention import Convention, ends_sentence, fills, parts
from octavo.readers.events import find_events, is_event
from octavo.readers.labels import Opening
from octavo.readers.source import Line

SOFT_HYPHEN = "\u00ad"
HYPHEN = "\u2010"
EM_DASH = "\u2014"

# "pre- and postwar": a hyphen before one of these stands for the rest of a word.
_AFTER_SUSPENDED = frozenset(("and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, and the label that opens it if there is one."""

    start: int
    """The number of its first line in the list of lines."""
    location: Location
    """Where it begins, label included."""
    opening: Opening | None
    text: Text | None
    """None after a label that stands alone on its line."""

    @property
    def is_event(self) -> bool:
        return self.opening is None and self.text is not None and is_event(self.text.words)


def find_paragraphs(
    lines: Sequence[Line],
    start: int,
    openings: Mapping[int, Opening],
    apart: Container[int],
    convention: Convention,
    path: str,
) -> Iterator[Paragraph]:
    """Return the paragraphs of the lines from number *start* on; *apart* begin one in any case."""
    first = -1
    for number in range(start, len(lines)):
        goes_on = first >= 0 and number not in openings and bool(lines[number].words)
        if goes_on and number not in apart and not _parts(convention, lines, first, number):
            continue
        if first >= 0:
            yield _paragraph(lines, first, number, openings.get(first), path)
        first = number if lines[number].words else -1
    if first >= 0:
        yield _paragraph(lines, first, len(lines), openings.get(first), path)


def make_text(pieces: Sequence[Line], path: str) -> Text:
    """Join *pieces* into one text, anchored at the place of each."""
    words: list[str] = []
    anchors: list[Anchor] = []
    length = 0
    for before, piece in zip([None, *pieces], pieces, strict=False):
        gap = _gap(before.words, piece.words) if before else ""
        length += len(gap)
        anchors.append(Anchor(length, Location(path, piece.number, piece.column)))
        # A tab or a form feed is a space to the reader of a book, one for one.
        words.append(gap + piece.words.replace("\t", " ").replace("\f", " "))
        length += len(piece.words)
    joined = "".join(words)
    return Text(joined, tuple(anchors), find_events(joined))


def _parts(convention: Convention, lines: Sequence[Line], first: int, number: int) -> bool:
    before, after = lines[number - 1], lines[number]
    if parts(convention, before, after):
        return True
    if is_event(after.words) and ends_sentence(before.words):
        return True
    stands_alone = number - 1 == first and is_event(before.words)
    return stands_alone and not fills(before, after, convention.width)


def _paragraph(
    lines: Sequence[Line], first: int, end: int, opening: Opening | None, path: str
) -> Paragraph:
    line = lines[first]
    location = Location(path, line.number, line.column)
    pieces = [*(_pieces_after_label(line, opening) if opening else [line]), *lines[first + 1 : end]]
    text = make_text(pieces, path) if pieces else None
    if text and opening is None and is_event(text.words):
        text = replace(text, events=(Span(0, len(text.words)),))
    if text and opening and opening.aside:
        aside = Span(0, opening.aside[1] - opening.aside[0])
        text = replace(text, events=tuple(sorted({aside, *text.events})))
    return Paragraph(first, location, opening, text)


def _pieces_after_label(line: Line, opening: Opening) -> list[Line]:
    spans = [opening.aside] if opening.aside else []
    if opening.rest < len(line.words):
        spans.append((opening.rest, len(line.words)))
    return [Line(line.number, line.column + a, line.words[a:b]) for a, b in spans]


def _gap(before: str, after: str) -> str:
    """What stands between two joined lines: one space, or nothing."""
    last, first = before[-1], after[0]
    if _is_written_solid(last) and _is_written_solid(first):
        return ""
    if last == SOFT_HYPHEN:
        return ""
    if last in ("-", HYPHEN, EM_DASH):
        stem = before.rstrip("-" + HYPHEN + EM_DASH)
        if not stem or stem[-1].isspace():
            return " "
        suspended = after.split(maxsplit=1)[0].casefold() in _AFTER_SUSPENDED
        return " " if suspended and last != EM_DASH else ""
    return " "


def _is_written_solid(character: str) -> bool:
    """Whether it belongs to Chinese or Japanese writing, which puts no spaces between words."""
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uf900" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uffef"
        or "\U00020000" <= character <= "\U0003ffff"
    )
