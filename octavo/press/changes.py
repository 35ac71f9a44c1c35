"""What changed since the build before: pages that were set, and locators that moved.

Comes in: the layout, and the locators of the build before. Goes out: numbers to be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.index.parts import Index
    from octavo.press.matter import Layout

Locators = Mapping[str, Sequence[str]]
"""The printed locators by the ids of entries and subentries."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build did."""

    pages: int
    anew: int
    """Those of them that were set now, and not kept from an earlier build."""
    locators: Locators
    headings: Mapping[str, str]
    """By the same ids, a subentry's after its entry's."""

    def tell(self, before: Locators | None) -> str:
        """In words: ``3 of 412 pages set anew, 2 locators moved``; *before* may not be known."""
        said = f"{self.anew} of {self.pages} pages set anew"
        if before is None:
            return said
        moved = count_moved(before, self.locators)
        return f"{said}, {moved} locator{'' if moved == 1 else 's'} moved"


def changes_of(layout: "Layout") -> Changes:
    """Count what was set for *layout*."""
    places = (layout.front, *layout.body.places, *layout.back)
    pages = [(place.setting.fresh, len(place.folios) + bool(place.blank_after)) for place in places]
    return Changes(
        pages=sum(count for _, count in pages),
        anew=sum(count for fresh, count in pages if fresh),
        locators={
            entry.id: tuple(locator.text for locator in entry.locators)
            for entry in layout.index.entries()
        },
        headings=_headings(layout.index),
    )


def _headings(index: "Index") -> dict[str, str]:
    named = {}
    for group in index.groups:
        for entry in group.entries:
            named[entry.id] = entry.heading
            named |= {sub.id: f"{entry.heading}: {sub.heading}" for sub in entry.subs}
    return named


def count_moved(before: Locators, after: Locators) -> int:
    """How many locators are other ones than *before*, new and gone ones among them."""
    return sum(
        old != new
        for entry in {*before, *after}
        for old, new in zip_longest(before.get(entry, ()), after.get(entry, ()))
    )
