"""What changed since the build before: pages that were set, and locators that moved.

Comes in: the layout, and the locators of the build before. Goes out: numbers to be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.index import Index
    from octavo.index.parts import IndexEntry
    from octavo.press.matter import Layout

Locators = Mapping[str, Sequence[str]]
"""The printed locators by heading; a subentry's stands after its entry's and a colon."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build did."""

    pages: int
    anew: int
    """Those of them that were set now, and not kept from an earlier build."""
    locators: Locators

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
        locators=locators_by_heading(layout.index),
    )


def locators_by_heading(index: "Index") -> dict[str, tuple[str, ...]]:
    """The locators of *index* as they are printed."""
    return {
        heading: locators
        for group in index.groups
        for entry in group.entries
        for heading, locators in _of_entry(entry, entry.heading)
    }


def _of_entry(entry: "IndexEntry", heading: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield heading, tuple(locator.text for locator in entry.locators)
    for sub in entry.subs:
        yield from _of_entry(sub, f"{heading}: {sub.heading}")


def count_moved(before: Locators, after: Locators) -> int:
    """How many locators are other ones than *before*, new and gone ones among them."""
    return sum(
        old != new
        for heading in {*before, *after}
        for old, new in zip_longest(before.get(heading, ()), after.get(heading, ()))
    )
