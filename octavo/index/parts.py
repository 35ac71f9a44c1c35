"""The parts of an index: mentions, locators, entries, groups.

Plain data: the plan is what is known before typesetting, the ``Index`` what the
templates print. A mention is a point in the text, not markup.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from octavo.edition.schema import IndexTable
from octavo.model import Location, Span
from octavo.pagemap import Point

Spans = Mapping[str, tuple[Span, ...]]
"""By paragraph id, the words that carry an anchor: what ``render.runs`` takes."""


class Mention(NamedTuple):
    """One place where the text speaks of an entry; a book has thousands."""

    entry: str
    """The id of the entry or subentry."""
    point: Point
    end: int
    """Where the words end that a link leads to, in the point's paragraph."""
    last: Point
    """The last character treated of: in a passage far away, else that of the words."""
    turn: str
    """The id of the turn; that of the paragraph outside turns."""
    speaker: str
    """The label of whoever speaks; empty outside turns."""
    form: str
    """The words as the text has them."""
    main: bool = False
    """Whether it belongs to the principal passage."""

    @property
    def is_passage(self) -> bool:
        return self.last != (self.point.paragraph, self.end - 1)


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A *see* or *see also*: what it prints and the id of the entry that it leads to."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """An entry before its pages are known."""

    id: str
    heading: str
    """With typographic marks."""
    sort: str
    """What it is sorted by, where the heading is not."""
    location: Location
    subs: tuple["PlannedEntry", ...] = ()
    see: tuple[CrossReference, ...] = ()
    see_also: tuple[CrossReference, ...] = ()

    def family(self) -> Iterator["PlannedEntry"]:
        """The entry itself, then its subentries."""
        yield self
        yield from self.subs


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """All of the index that needs no layout."""

    language: str
    house: IndexTable
    entries: tuple[PlannedEntry, ...]
    """As the edition lists them."""
    mentions: tuple[Mention, ...]
    """In reading order."""
    discussions: Mapping[str, str]
    """By paragraph id, in reading order: equal where mentions on neighbouring pages join."""

    def spans(self) -> Spans:
        """The words of every mention: any of them may turn out to be a locator's target."""
        return _spans((m.point, m.end) for m in self.mentions)


@dataclass(frozen=True, slots=True)
class Locator:
    """A page, or the pages of one discussion, as printed after a heading."""

    text: str
    """``49–51``."""
    spoken: str
    """``49 to 51``, for those who hear it."""
    first: str
    """The folio of the first page in full."""
    last: str
    """The folio of the last page in full; the first's for a single page."""
    target: Point
    """The first mention on the pages; what the link leads to."""
    end: int
    """Where the target's words end."""
    main: bool
    """Whether it is printed bold."""
    mentions: tuple[Mention, ...] = field(repr=False)
    """All that it stands for, in reading order."""

    @property
    def is_range(self) -> bool:
        return self.first != self.last


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A heading with what is printed after and below it."""

    id: str
    heading: str
    locators: tuple[Locator, ...] = ()
    subs: tuple["IndexEntry", ...] = ()
    see: tuple[CrossReference, ...] = ()
    see_also: tuple[CrossReference, ...] = ()

    def links(self) -> Iterator[tuple[str, Locator]]:
        """The locators by the names that the PDF's links have for where they lead.

        A name tells which locator of which entry it is, not where its words stand, so that the
        index stays as it is when these are moved.
        """
        for number, locator in enumerate(self.locators):
            yield f"{self.id}.{number}", locator


@dataclass(frozen=True, slots=True)
class IndexGroup:
    """The entries under one letter."""

    letter: str
    """``T``; ``0–9`` for numbers, ``#`` where symbols are among them."""
    entries: tuple[IndexEntry, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The index as it is printed."""

    groups: tuple[IndexGroup, ...]
    mode: str
    """``word`` or ``letter``: how it is sorted."""

    def entries(self) -> Iterator[IndexEntry]:
        """Every entry and subentry, in printed order."""
        for group in self.groups:
            for entry in group.entries:
                yield entry
                yield from entry.subs

    def locators(self) -> Iterator[Locator]:
        for entry in self.entries():
            yield from entry.locators

    @property
    def has_main(self) -> bool:
        """Whether a locator is printed bold, which the headnote then explains."""
        return any(locator.main for locator in self.locators())

    def spans(self) -> Spans:
        """The words that some locator leads to: the only ones that need an anchor."""
        return _spans((locator.target, locator.end) for locator in self.locators())


def _spans(words: Iterable[tuple[Point, int]]) -> Spans:
    """One span for each point, the longest, in order."""
    ends: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for point, end in words:
        known = ends[point.paragraph]
        known[point.offset] = max(end, known.get(point.offset, end))
    return {
        paragraph: tuple(Span(start, end) for start, end in sorted(known.items()))
        for paragraph, known in ends.items()
    }
