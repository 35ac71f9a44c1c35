"""Where headings stand: before the paragraph whose first words the section quotes.

Comes in: the edition's sections and the transcripts. Goes out: headings by their places, and
every fault of a quote. The one decision: how each paragraph of a transcript begins is kept,
folded and in order, so that a quote is looked up and no transcript read for it; with no
contents.toml an interview's questions are headings.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from octavo.edition.schema import SectionTable
from octavo.findings import Finding, Report, shorten
from octavo.folding import Likeness, fold
from octavo.memory import Memory
from octavo.model import Location, Transcript, Turn
from octavo.readers import Script

HEADING_LENGTH = 48
"""A heading made from a question's first words is cut at a word before this length."""
BEGINNING = 80
"""Characters of a paragraph that are kept; few quotes are longer, and those are read on."""

Headings = dict[tuple[int, int], str]
"""One transcript's headings by the block and paragraph, counted from 0, that they stand before."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """A paragraph that a heading may stand before."""

    block: int
    paragraph: int
    labelled: str
    """The words with the label before them, as the transcript has it."""
    words: str
    location: Location

    @property
    def place(self) -> tuple[int, int]:
        return self.block, self.paragraph

    def folded(self) -> Iterator[str]:
        """What a quote of its beginning is to be compared with."""
        yield fold(self.labelled).text
        if self.words != self.labelled:
            yield fold(self.words).text


_Place = tuple[int, int, int]
"""Transcript, block and paragraph, counted from 0."""


def place_headings(
    sections: Iterable[SectionTable], scripts: Sequence[Script], memory: Memory, report: Report
) -> list[Headings]:
    """The headings of each transcript.

    Reports ``section-not-found``, ``section-found-twice`` and ``section-order``.
    """
    headings: list[Headings] = [{} for _ in scripts]
    beginnings = _Beginnings(scripts, memory)
    earlier: _Place | None = None
    for section in sections:
        place = _find_place(section, beginnings, report)
        if place is None:
            continue
        if earlier and place <= earlier:
            report(
                Finding(
                    section.location,
                    "section-order",
                    f"`{shorten(section.heading)}` begins before the section above it",
                    "put the sections in the order of the text",
                )
            )
        transcript, block, paragraph = place
        headings[transcript][block, paragraph] = section.heading
        earlier = place
    return headings


def questions(transcript: Transcript, interviewers: Collection[str]) -> Headings:
    """An interview's questions as its headings: the turns whose label is of *interviewers*."""
    return {
        opening.place: shorten(opening.words, HEADING_LENGTH)
        for opening in _openings(transcript)
        for block in [transcript.blocks[opening.block]]
        if isinstance(block, Turn) and opening.paragraph == 0 and block.label in interviewers
    }


def _openings(transcript: Transcript) -> Iterator[_Opening]:
    for b, block in enumerate(transcript.blocks):
        texts = block.paragraphs if isinstance(block, Turn) else (block.text,)
        for p, text in enumerate(texts):
            label = f"{block.label}: " if isinstance(block, Turn) and p == 0 else ""
            yield _Opening(b, p, label + text.words, text.words, text.location)


class _Beginnings:
    """How the paragraphs of all transcripts begin, to be looked up."""

    def __init__(self, scripts: Sequence[Script], memory: Memory) -> None:
        self._scripts = scripts
        # Each transcript's are in order, so that little is left to sort.
        self._sorted = sorted(
            (folded, number, block, paragraph)
            for number, script in enumerate(scripts)
            for folded, block, paragraph in memory.recall(
                partial(_beginnings, script), b"beginnings of paragraphs", script.digest
            )
        )

    def find(self, quote: str) -> list[_Place]:
        """Where the folded *quote* begins a paragraph, in the order of the text."""
        start = quote[:BEGINNING]
        found: set[_Place] = set()
        at = bisect_left(self._sorted, (start, -1, -1, -1)) if quote else len(self._sorted)
        while at < len(self._sorted) and self._sorted[at][0].startswith(start):
            found.add(self._sorted[at][1:])
            at += 1
        if len(quote) > BEGINNING:
            found = {place for place in found if self._reads_on(place, quote)}
        return sorted(found)

    def _reads_on(self, place: _Place, quote: str) -> bool:
        return any(folded.startswith(quote) for folded in self.opening(place).folded())

    def opening(self, place: _Place) -> _Opening:
        openings = _openings(self._scripts[place[0]].transcript)
        return next(opening for opening in openings if opening.place == place[1:])

    def nearest(self, quote: str) -> _Opening:
        """The paragraph whose beginning is most like *quote*; all transcripts are read for it."""
        place = self._likeness.nearest(quote)
        return self._openings[place[0] if place else 0]

    @cached_property
    def _openings(self) -> tuple[_Opening, ...]:
        return tuple(
            opening for script in self._scripts for opening in _openings(script.transcript)
        )

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness([opening.labelled for opening in self._openings])


def _beginnings(script: Script) -> list[tuple[str, int, int]]:
    """How each paragraph begins, in alphabetical order; with the label, too, where it has one."""
    return sorted(
        (folded[:BEGINNING], opening.block, opening.paragraph)
        for opening in _openings(script.transcript)
        for folded in opening.folded()
    )


def _find_place(section: SectionTable, beginnings: _Beginnings, report: Report) -> _Place | None:
    found = beginnings.find(fold(section.begins).text.strip())
    if len(found) == 1:
        return found[0]
    if found:
        lines = ", ".join(f"line {beginnings.opening(at).location.line}" for at in found[:3])
        report(
            Finding(
                section.location,
                "section-found-twice",
                f"{len(found)} paragraphs begin with `{shorten(section.begins)}` ({lines})",
                "quote more of the first words, until only one paragraph begins so",
            )
        )
        return None
    near = beginnings.nearest(section.begins)
    report(
        Finding(
            section.location,
            "section-not-found",
            f"no paragraph begins with `{shorten(section.begins)}`",
            f"the nearest is `{shorten(near.labelled)}` at {near.location}",
        )
    )
    return None
