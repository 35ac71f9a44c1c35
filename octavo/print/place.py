"""Signatures in their places: which folios their pages have.

Comes in: signatures at work. Goes out: their folios. The one decision: body folios start
at 1 and front matter is roman, so that no part waits for the length of one before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from octavo.pagemap import roman
from octavo.print.compositor import Setting

if TYPE_CHECKING:
    from octavo.print.setpages import Signature


@dataclass(frozen=True, slots=True)
class Part:
    """A drawn signature in its place; a blank leaf side has no signature."""

    signature: "Signature"
    folios: tuple[str, ...]
    """One a page, as printed."""
    blank_after: str = ""
    """The folio of a blank page sewn in behind it; empty for none."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What stands in its slots, by their names."""
    of_index: bool = False
    """Whether it is a page of an index that is a signature a page."""


@dataclass(frozen=True, slots=True)
class Place:
    """A signature with the folios of its pages, perhaps still to be drawn."""

    setting: Setting
    folios: tuple[str, ...]
    blank_after: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    of_index: bool = False

    def part(self) -> Part:
        """Wait for the signature."""
        return Part(
            self.setting.signature, self.folios, self.blank_after, self.words, self.of_index
        )

    def folios_of(self, anchors: Sequence[str]) -> dict[str, str]:
        """The folio on which each of *anchors* begins; those that are on no page are left out."""
        found: dict[str, str] = {}
        for page, folio in zip(self.setting.pages, self.folios, strict=True):
            for anchor in anchors:
                if anchor in page.anchors:
                    found.setdefault(anchor, folio)
        return found


def place_front(setting: Setting, words: Mapping[str, str]) -> Place:
    """The front matter has roman folios; the body behind it begins on a recto."""
    count = len(setting.pages)
    folios = tuple(roman(number) for number in range(1, count + 1))
    return Place(setting, folios, roman(count + 1) if count % 2 else "", words)


def place_body(
    setting: Setting,
    first: int,
    words: Mapping[str, str] | None = None,
    *,
    end_on_verso: bool = False,
) -> Place:
    """Give the pages arabic folios from *first* on, and its slots their *words*."""
    last = first + len(setting.pages) - 1
    blank = str(last + 1) if end_on_verso and last % 2 else ""
    folios = tuple(str(folio) for folio in range(first, last + 1))
    return Place(setting, folios, blank, words or {})
