"""The transcript: who spoke, in what order, and where it stands in the source.

Plain data that every other room reads and none changes. Text is plain Unicode
as the source has it: no markup, no entities, no typographic marks added. Of what a
book has thousands there are named tuples: they are made and unpickled sooner.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Location(NamedTuple):
    """A place in a source file; line and column count from 1, as editors do."""

    path: str
    """As it is to be printed: relative to the folder of the command where possible."""
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text: characters ``start`` up to, but not including, ``end``."""

    start: int
    end: int

    def covers(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


class Anchor(NamedTuple):
    """From ``offset`` of a text onwards, its characters stand at ``location`` and after."""

    offset: int
    location: Location


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph as it was said, hard line ends turned into single spaces."""

    words: str
    anchors: tuple[Anchor, ...]
    """One for each source line that the text was joined from, in order; the first at 0."""
    events: tuple[Span, ...] = ()
    """The bracketed events in it ("[Laughter.]"), brackets included, in order."""

    def locate(self, offset: int) -> Location:
        """Where in the source the character at *offset* stands."""
        found = self.anchors[bisect_right(self.anchors, offset, key=lambda a: a.offset) - 1]
        place = found.location
        return Location(place.path, place.line, place.column + offset - found.offset)

    @property
    def location(self) -> Location:
        return self.anchors[0].location


@dataclass(frozen=True, slots=True)
class Turn:
    """All that one speaker says before another begins.

    A pause parts two paragraphs; only a change of speaker parts two turns
    (TEI Guidelines, note on ``<u>``).
    """

    label: str
    """The speaker's label as declared: the transcript's but for spaces, without its colon."""
    paragraphs: tuple[Text, ...]
    location: Location
    """Where the label stands; a finding about the turn points here."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened between turns: ``[Applause.]``, brackets included."""

    text: Text


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph that nobody is said to speak: a standfirst, a closing note."""

    text: Text


Block = Turn | Event | Prose


@dataclass(frozen=True, slots=True)
class Transcript:
    """One source file, read: its head, then its blocks in reading order."""

    path: str
    title: tuple[Text, ...]
    """The title lines, a colon that only leads to the next line left off."""
    byline: tuple[Text, ...]
    """The lines under the title that say whose text it is."""
    blocks: tuple[Block, ...]

    def texts(self) -> Iterator[Text]:
        """Every text of the transcript once, in reading order; labels are not texts."""
        yield from self.title
        yield from self.byline
        for block in self.blocks:
            if isinstance(block, Turn):
                yield from block.paragraphs
            else:
                yield block.text

    def labels(self) -> dict[str, int]:
        """How many turns each label opens, in order of first appearance."""
        counts: dict[str, int] = {}
        for block in self.blocks:
            if isinstance(block, Turn):
                counts[block.label] = counts.get(block.label, 0) + 1
        return counts
