"""A transcript that is read when its words are wanted; what a whole book asks of it is kept.

Comes in: the bytes of a file, and how they are to be read. Goes out: the gist at once, the
transcript on demand. The one decision: what reading reports is part of the gist, so that a
transcript which nobody reads again is complained of all the same.
"""

from dataclasses import dataclass
from functools import cached_property

from octavo.cache import key_of
from octavo.findings import Finding
from octavo.memory import Memory
from octavo.model import Transcript
from octavo.readers.formats import read_transcript
from octavo.readers.labels import Labels


@dataclass(frozen=True, slots=True)
class Gist:
    """What is asked of every transcript, whichever of them changed."""

    findings: tuple[Finding, ...]
    """What reading it reported, in order."""
    title: tuple[str, ...]
    labels: tuple[str, ...]
    """In order of first appearance."""
    words: str
    """All of its texts, a line each."""


class Script:
    """One transcript of the book; it is read as ``read_transcript`` does."""

    def __init__(self, data: bytes, path: str, kind: str, labels: Labels, memory: Memory) -> None:
        self._arguments = data, path, kind, labels
        self._memory = memory
        self.digest = key_of(data, repr((path, kind, labels)).encode()).encode()
        """Of all that the transcript is made from."""

    @cached_property
    def gist(self) -> Gist:
        return self._memory.recall(self._make_gist, b"gist of a transcript", self.digest)

    @cached_property
    def transcript(self) -> Transcript:
        """The transcript; what reading it reports is in the gist."""
        return read_transcript(*self._arguments, lambda finding: None)

    def _make_gist(self) -> Gist:
        findings: list[Finding] = []
        transcript = read_transcript(*self._arguments, findings.append)
        # Whoever has no gist will ask for the transcript too.
        self.__dict__["transcript"] = transcript
        return Gist(
            findings=tuple(findings),
            title=tuple(text.words for text in transcript.title),
            labels=tuple(transcript.labels()),
            words="\n".join(text.words for text in transcript.texts()),
        )
