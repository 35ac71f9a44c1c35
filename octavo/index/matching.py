"""Find the mentions of every entry in the text: whole words, the longest form first.

Comes in: the Book's paragraphs and the entries' forms. Goes out: spans of the
paragraphs' words. All paragraphs are folded into one string and each form is sought
in it, which is quicker than one pattern of all forms. A form inside a longer one
("war" in "World War II") is no mention, whichever entries they belong to; forms that
overlap in part are both, and a form of two entries is a mention of each.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from octavo.edition.schema import Entry
from octavo.folding import Folded, fold
from octavo.model import Span

BREAK = "\n"
"""Stands between two paragraphs of the string; folding leaves none within one."""

_DASH = re.compile(r"[\u2014\u2015]|-{2}|\s[\-\u2010-\u2013]|[\-\u2010-\u2013]\s")
"""A dash between words: long, doubled, or with a space beside it."""

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts, as their characters' names begin, that put no spaces between words."""


class Hit(NamedTuple):
    """Where a form stands: the number of the paragraph, and the span of its words."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speech:
    """The text in which forms are sought, as paragraphs with spans that are not speech."""

    words: tuple[str, ...]
    events: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class FormHits:
    """One form of an entry and what became of its hits."""

    form: str
    all: tuple[Hit, ...]
    """Wherever it stands as whole words in speech."""
    counted: tuple[Hit, ...]
    """Those that ``skip`` and ``only`` leave."""


class Searcher:
    """Finds forms in a speech, folded once with letter case and once without."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._texts: dict[bool, _Joined] = {}

    def form_hits(self, entry: Entry) -> tuple[FormHits, ...]:
        """The hits of each of *entry*'s own forms, subentries left out."""
        skipped = _Cover(hit for phrase in entry.skip for hit in self.find(phrase, entry.case))
        within = _Cover(hit for phrase in entry.only for hit in self.find(phrase, entry.case))
        found = []
        for form in entry.match:
            hits = tuple(self.find(form, entry.case))
            counted = tuple(
                hit
                for hit in hits
                if not skipped.holds(hit) and (not entry.only or within.holds(hit))
            )
            found.append(FormHits(form, hits, counted))
        return tuple(found)

    def find(self, form: str, case: bool | None = None) -> Iterator[Hit]:
        """Every place where *form* stands as whole words outside events, in order.

        *case* says whether letter case counts; None: it does when *form* holds a capital.
        """
        exact = any(c.isupper() for c in form) if case is None else case
        if exact not in self._texts:
            self._texts[exact] = _Joined(self._speech.words, case=not exact)
        for hit in self._texts[exact].find(fold(form, case=not exact).text.strip()):
            words = self._speech.words[hit.paragraph][hit.start : hit.end]
            events = self._speech.events[hit.paragraph]
            in_event = any(event.overlaps(Span(hit.start, hit.end)) for event in events)
            # Folding makes one mark of hyphens and dashes; a form tells them apart.
            if not in_event and bool(_DASH.search(words)) == bool(_DASH.search(form)):
                yield hit


def longest(hits: Iterable[Hit]) -> frozenset[Hit]:
    """The *hits* that lie within no longer one."""
    kept: list[Hit] = []
    paragraph, reach = -1, -1
    for hit in sorted(set(hits), key=lambda h: (h.paragraph, h.start, -h.end)):
        if hit.paragraph != paragraph:
            paragraph, reach = hit.paragraph, -1
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return frozenset(kept)


class _Joined:
    """Many texts folded into one string, with the way back to each."""

    def __init__(self, texts: Sequence[str], *, case: bool) -> None:
        self._folded: list[Folded] = [fold(text, case=case) for text in texts]
        lengths = (len(folded.text) + len(BREAK) for folded in self._folded)
        self._starts = [0, *accumulate(lengths)]
        self._text = BREAK.join(folded.text for folded in self._folded)

    def find(self, form: str) -> Iterator[Hit]:
        at = self._text.find(form) if form else -1
        while at >= 0:
            end = at + len(form)
            if not _joins(self._text, at) and not _joins(self._text, end):
                number = bisect_right(self._starts, at) - 1
                start = self._starts[number]
                span = self._folded[number].span(at - start, end - start)
                yield Hit(number, span.start, span.end)
            at = self._text.find(form, at + 1)


class _Cover:
    """Answers whether a hit lies within one of many others."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._hits = sorted(hits, key=attrgetter("paragraph", "start"))
        self._starts = [(hit.paragraph, hit.start) for hit in self._hits]
        # The furthest end so far: of the hits that begin before, one must reach over.
        self._reach = list(accumulate(((h.paragraph, h.end) for h in self._hits), max))

    def holds(self, hit: Hit) -> bool:
        before = bisect_right(self._starts, (hit.paragraph, hit.start))
        if not before:
            return False
        paragraph, end = self._reach[before - 1]
        return paragraph == hit.paragraph and end >= hit.end


# Word boundaries ------------------------------------------------------------


def _joins(text: str, at: int) -> bool:
    """Whether the characters before and after *at* belong to one word or one number.

    As in Unicode's text segmentation (UAX 29), but that a hyphen and an apostrophe end
    a word: "Party" is mentioned in "the Party's work" and in "Party-building".
    """
    if at <= 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if after in ",." and before.isdecimal():
        return text[at + 1 : at + 2].isdecimal()
    if before in ",." and after.isdecimal():
        return text[at - 2 : at - 1].isdecimal()
    if not (_is_of_word(before) and _is_of_word(after)):
        return False
    return not (_is_unspaced(before) or _is_unspaced(after))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _is_unspaced(character: str) -> bool:
    return not character.isascii() and unicodedata.name(character, "").startswith(_UNSPACED)
