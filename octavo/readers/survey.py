"""A first look at a transcript that no edition knows yet, for ``new``.

Comes in: bytes. Goes out: the transcript as far as it can be read by itself, the
labels found with the turns of each, and the doubtful ones apart.
"""

from dataclasses import dataclass

from octavo.findings import Report
from octavo.model import Location, Transcript, Turn
from octavo.readers.doubts import Doubt
from octavo.readers.labels import Labels
from octavo.readers.plain import read_document


@dataclass(frozen=True, slots=True)
class Found:
    """A label that the transcript uses."""

    label: str
    turns: int
    first: Location


@dataclass(frozen=True, slots=True)
class Survey:
    """What a transcript shows of itself."""

    transcript: Transcript
    labels: tuple[Found, ...]
    """In order of first appearance."""
    doubtful: tuple[Doubt, ...]
    """What looks like a label and is taken for speech."""

    @property
    def title(self) -> str:
        """The first title line; empty when the text has no head."""
        return self.transcript.title[0].words if self.transcript.title else ""

    @property
    def subtitle(self) -> str:
        """The other title lines on one."""
        return " ".join(text.words for text in self.transcript.title[1:])


def survey(data: bytes, path: str, report: Report) -> Survey:
    """Read *data* with no speaker declared and return what was found."""
    document = read_document(data, path, Labels(free=True), report)
    turns = [block for block in document.transcript.blocks if isinstance(block, Turn)]
    first: dict[str, Location] = {}
    for turn in turns:
        first.setdefault(turn.label, turn.location)
    counts = document.transcript.labels()
    labels = tuple(Found(label, counts[label], place) for label, place in first.items())
    return Survey(document.transcript, labels, document.doubts)
