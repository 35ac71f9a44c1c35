"""Mentions in, locators out: which pages are printed after a heading, and how.

A range promises one continuous discussion, "5, 6, 7" three short references
(New Hart's Rules, 19.6): mentions on neighbouring pages join when they belong to
one discussion, as the plan says, and never otherwise. Pages are counted by their
place in the page map; folios are only printed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from octavo.index.languages import RANGES
from octavo.index.parts import Locator, Mention
from octavo.pagemap import PageMap

EN_DASH = "\u2013"
Style = Literal["chicago", "full", "minimal", "minimal-two"]


def make_locators(
    mentions: Iterable[Mention],
    discussions: Mapping[str, str],
    pagemap: PageMap,
    style: Style,
    language: str,
) -> tuple[Locator, ...]:
    """The locators of one entry's *mentions*, in page order; no page stands in two of them."""
    return tuple(
        _locator(treatment, first, last, pagemap, style, language)
        for treatment in _treatments(mentions, discussions, pagemap)
        for first, last in _alike(treatment.first, treatment.last, pagemap)
    )


class _Placed(NamedTuple):
    """A mention and the indexes of the pages that it begins and ends on."""

    mention: Mention
    first: int
    last: int


@dataclass(slots=True)
class _Treatment:
    """Neighbouring pages that treat of one thing without a break."""

    first: int
    last: int
    placed: list[_Placed] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)
    """By discussion, the last page on which it was mentioned."""

    def continues(self, page: int, discussion: str) -> bool:
        return page <= self.last or page == self.reached.get(discussion, page) + 1

    def add(self, placed: _Placed, discussions: Mapping[str, str]) -> None:
        self.placed.append(placed)
        self.last = max(self.last, placed.last)
        self._reach(discussions[placed.mention.point.paragraph], placed.first)
        if placed.mention.is_passage:
            self._reach(discussions[placed.mention.last.paragraph], placed.last)

    def _reach(self, discussion: str, page: int) -> None:
        self.reached[discussion] = max(self.reached.get(discussion, page), page)


def _treatments(
    mentions: Iterable[Mention], discussions: Mapping[str, str], pagemap: PageMap
) -> list[_Treatment]:
    place = pagemap.place
    # As plain tuples: of a frequent word there are thousands.
    placed = sorted(
        (place(one.point), -one.end, place(one.last), one.main, one) for one in mentions
    )
    treatments: list[_Treatment] = []
    before: tuple[int, str] | None = None
    for begins, end, ends, _, mention in placed:
        page = pagemap.page_at(begins)
        discussion = discussions[mention.point.paragraph]
        is_passage = ends != (begins[0], -end - 1)
        if (page, discussion) == before and not is_passage:
            # Most mentions of a frequent word follow one of the same page.
            treatments[-1].placed.append(_Placed(mention, page, page))
            continue
        before = page, discussion
        # Words that run over a page's end are cited where they begin.
        reached = pagemap.page_at(ends) if is_passage else page
        if not treatments or not treatments[-1].continues(page, discussion):
            treatments.append(_Treatment(page, page))
        treatments[-1].add(_Placed(mention, page, reached), discussions)
    return treatments


def _alike(first: int, last: int, pagemap: PageMap) -> Iterator[tuple[int, int]]:
    """The pages cut where the folios change from roman to arabic: no range runs across."""
    start = first
    for page, following in pairwise(range(first, last + 1)) if first < last else ():
        folios = pagemap.starts[page].folio, pagemap.starts[following].folio
        if folios[0].isdecimal() != folios[1].isdecimal():
            yield start, page
            start = following
    yield start, last


def _locator(
    treatment: _Treatment, first: int, last: int, pagemap: PageMap, style: Style, language: str
) -> Locator:
    placed = [p for p in treatment.placed if p.first <= last and p.last >= first]
    target, end = placed[0].mention.point, placed[0].mention.end
    if placed[0].first < first:
        # A passage only goes on here: the page's first word stands for it.
        target, end = pagemap.starts[first].point, pagemap.starts[first].point.offset
    folios = pagemap.starts[first].folio, pagemap.starts[last].folio
    return Locator(
        text=format_range(*folios, style),
        spoken=speak_range(*folios, language),
        first=folios[0],
        last=folios[1],
        target=target,
        end=end,
        main=any(p.mention.main for p in placed),
        mentions=tuple(p.mention for p in placed),
    )


# Ranges ---------------------------------------------------------------------


def format_range(first: str, last: str, style: Style) -> str:
    """Print the pages from folio *first* to *last*: ``321–28``; one folio alone where equal.

    The second number is shortened as *style* says; roman folios and numbers of
    different length stand in full. Chicago's table is that of its manual, 9.61
    (17th edition).
    """
    if first == last:
        return first
    return f"{first}{EN_DASH}{last[_dropped(first, last, style) :]}"


def expand_range(text: str) -> tuple[str, str]:
    """Undo ``format_range``: the first and the last folio in full."""
    first, _, last = text.partition(EN_DASH)
    if not last:
        return first, first
    if first.isdecimal() and last.isdecimal():
        last = first[: max(len(first) - len(last), 0)] + last
    return first, last


def speak_range(first: str, last: str, language: str) -> str:
    """Say the pages in words that the ear understands: ``49 to 51``, never shortened."""
    if first == last:
        return first
    word = RANGES.get(language.partition("-")[0].lower(), EN_DASH)
    return f"{first}{word}{last}" if word == EN_DASH else f"{first} {word} {last}"


def _dropped(first: str, last: str, style: Style) -> int:
    """How many leading digits of *last* are left out."""
    if style == "full" or not (first.isdecimal() and last.isdecimal() and len(first) == len(last)):
        return 0
    same = next(n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
    if style == "minimal":
        return same
    if style == "chicago" and (len(first) < 3 or first.endswith("00")):
        return 0
    if style == "chicago" and first[-2] == "0":
        return same
    return min(same, max(len(first) - 2, 0))
