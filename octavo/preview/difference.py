"""What changed between two books that were built one after the other.

Comes in: their pages and their index's locators. Goes out: which pages were set anew, which
stand under another number, and which locators are other ones. The one decision: a page has
moved if its words are those of a page that bore another folio; where it stands on the sheet
and what its running head says is no part of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from octavo.print.drawn import DrawnPage


@dataclass(frozen=True, slots=True)
class Stretch:
    """The folios of neighbouring pages; the first is the last for a single one."""

    first: str
    last: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Move:
    """Neighbouring pages that stand elsewhere, still one after the other."""

    before: Stretch
    now: Stretch


@dataclass(frozen=True, slots=True)
class MovedLocators:
    """An entry whose locators are other ones."""

    heading: str
    before: str
    """As printed: ``4, 9–11``; empty for an entry that is new."""
    now: str
    """Empty for an entry that is gone."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a build did to the book of the build before."""

    changed: tuple[Stretch, ...] = ()
    """Pages with other words, or the same words set otherwise."""
    moves: tuple[Move, ...] = ()
    locators: tuple[MovedLocators, ...] = ()
    marks: Mapping[str, str] | None = None
    """What to say of a page, by its folio: ``changed`` or ``was 12``."""
    pages: tuple[int, int] = (0, 0)
    """How many there were and how many there are."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.moves or self.locators) or self.pages[0] != self.pages[1]


def pages_of(before: Sequence[DrawnPage], now: Sequence[DrawnPage]) -> dict[int, int | None]:
    """By the index of each page that is not as it was: that of the same words before, if moved.

    Pages that nothing says to be new are left out, blank ones among them.
    """
    at_folio = {page.folio: at for at, page in enumerate(before)}
    looks = {page.digest for page in before}
    by_words: defaultdict[str, list[int]] = defaultdict(list)
    # Backwards, for the first is taken from the end.
    for at in reversed(range(len(before))):
        if before[at].words:
            by_words[before[at].words].append(at)
    found: dict[int, int | None] = {}
    for at, page in enumerate(now):
        same = before[at_folio[page.folio]] if page.folio in at_folio else None
        if same and same.words == page.words and page.words:
            by_words[page.words].remove(at_folio[page.folio])
            if same.digest != page.digest:
                found[at] = None
    for at, page in enumerate(now):
        same = before[at_folio[page.folio]] if page.folio in at_folio else None
        if same and (same.digest == page.digest or (page.words and same.words == page.words)):
            continue
        if page.words and by_words[page.words]:
            found[at] = by_words[page.words].pop()
        elif page.words or page.digest not in looks:
            found[at] = None
    return dict(sorted(found.items()))


def compare_pages(before: Sequence[DrawnPage], now: Sequence[DrawnPage]) -> Difference:
    """Compare all but the locators."""
    found = pages_of(before, now)
    changed = [(at, at) for at, earlier in found.items() if earlier is None]
    moved = [(at, earlier) for at, earlier in found.items() if earlier is not None]
    return Difference(
        changed=tuple(_stretch(now, some, 0) for some in _runs(changed)),
        moves=tuple(
            Move(_stretch(before, some, 1), _stretch(now, some, 0)) for some in _runs(moved)
        ),
        marks={
            now[at].folio: "changed" if earlier is None else f"was {before[earlier].folio}"
            for at, earlier in found.items()
        },
        pages=(len(before), len(now)),
    )


def _runs(pairs: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Neighbours in both."""
    for _, run in groupby(
        enumerate(pairs), lambda item: (item[1][0] - item[0], item[1][1] - item[0])
    ):
        yield [pair for _, pair in run]


def _stretch(pages: Sequence[DrawnPage], run: Sequence[tuple[int, int]], side: int) -> Stretch:
    return Stretch(pages[run[0][side]].folio, pages[run[-1][side]].folio)


Locators = Mapping[str, Sequence[str]]


def compare_locators(
    before: Locators, now: Locators, headings: Mapping[str, str]
) -> tuple[MovedLocators, ...]:
    """Entries whose locators are other ones, in the order of *headings*."""
    order = {entry: at for at, entry in enumerate(headings)}
    return tuple(
        MovedLocators(
            headings.get(entry, entry),
            ", ".join(before.get(entry, ())),
            ", ".join(now.get(entry, ())),
        )
        for entry in sorted(
            {*before, *now}, key=lambda entry: (order.get(entry, len(order)), entry)
        )
        if list(before.get(entry, ())) != list(now.get(entry, ()))
    )
