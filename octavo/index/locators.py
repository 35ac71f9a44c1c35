"""Mentions in, locators out: which pages are printed after a heading, and how.

A range promises one continuous discussion, "5, 6, 7" three short references
(New Hart's Rules, 19.6): mentions on neighbouring pages join when they belong to
one discussion, as the plan says, and never otherwise. Pages are counted by their
place in the page map; folios are only printed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from operator import lt
from typing import Literal

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


def pages_of(mention: Mention, pagemap: PageMap) -> range:
    """The page indexes of a mention: words count where they begin, a passage to its end."""
    first = pagemap.page_index(mention.point)
    return range(first, (pagemap.page_index(mention.last) if mention.is_passage else first) + 1)


@dataclass(slots=True)
class _Treatment:
    """Neighbouring pages that treat of one thing without a break."""

    first: int
    last: int
    mentions: list[Mention] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)
    """By discussion, the last page on which it was mentioned."""

    def continues(self, page: int, discussion: str) -> bool:
        return page <= self.last or page == self.reached.get(discussion, page) + 1

    def add(self, mention: Mention, pages: range, discussions: Mapping[str, str]) -> None:
        self.mentions.append(mention)
        self.last = max(self.last, pages[-1])
        self._reach(discussions[mention.point.paragraph], pages[0])
        if mention.is_passage:
            self._reach(discussions[mention.last.paragraph], pages[-1])

    def _reach(self, discussion: str, page: int) -> None:
        self.reached[discussion] = max(self.reached.get(discussion, page), page)


def _treatments(
    mentions: Iterable[Mention], discussions: Mapping[str, str], pagemap: PageMap
) -> list[_Treatment]:
    treatments: list[_Treatment] = []
    before: tuple[int, str] | None = None
    for mention in _in_order([*mentions], pagemap):
        page = pagemap.page_index(mention.point)
        discussion = discussions[mention.point.paragraph]
        is_passage = mention.is_passage
        if (page, discussion) == before and not is_passage:
            # Most mentions of a frequent word follow one of the same page.
            treatments[-1].mentions.append(mention)
            continue
        before = page, discussion
        if not treatments or not treatments[-1].continues(page, discussion):
            treatments.append(_Treatment(page, page))
        pages = pages_of(mention, pagemap) if is_passage else range(page, page + 1)
        treatments[-1].add(mention, pages, discussions)
    return treatments


def _in_order(mentions: list[Mention], pagemap: PageMap) -> list[Mention]:
    """*mentions* in reading order; of those that begin at one place the longest first."""
    place = pagemap.place
    keys = [(place(one.point), -one.end) for one in mentions]
    if all(map(lt, keys, keys[1:])):
        # As a plan has them.
        return mentions
    return sorted(mentions, key=lambda one: (place(one.point), -one.end, place(one.last), one.main))


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
    mentions = treatment.mentions
    if (first, last) != (treatment.first, treatment.last):
        pages = range(first, last + 1)
        mentions = [one for one in mentions if {*pages_of(one, pagemap)} & {*pages}]
    target, end = mentions[0].point, mentions[0].end
    if pagemap.page_index(target) < first:
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
        main=any(mention.main for mention in mentions),
        mentions=tuple(mentions),
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
