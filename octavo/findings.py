"""What a build has to say about the editor's files, and how it is said.

A finding is a fault the editor can mend, or a remark worth a look; a fault of
ours stays an exception. Stages take ``report: Report`` and never print. The
code is stable; each message is written in the room that finds the fault.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum

from octavo.model import Location


class Weight(IntEnum):
    """A fault stops the build (exit 1); a remark is shown and the build goes on."""

    FAULT = 0
    REMARK = 1


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing found: where, a stable code, what was found, and what to do."""

    location: Location
    code: str
    """Lower case with hyphens, e.g. ``unknown-speaker``."""
    found: str
    """No full stop; literals in backticks."""
    hint: str = ""
    weight: Weight = Weight.FAULT

    def __str__(self) -> str:
        kind = "remark: " if self.weight is Weight.REMARK else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.location}: {kind}{self.code}: {self.found}{hint}"


Report = Callable[[Finding], None]


class Findings:
    """Collects what the stages report; every stage is handed its ``report`` method."""

    def __init__(self) -> None:
        self._all: dict[Finding, None] = {}

    def report(self, finding: Finding) -> None:
        self._all.setdefault(finding)

    @property
    def ordered(self) -> list[Finding]:
        """In source order, each once."""
        return sorted(self._all)

    @property
    def faults(self) -> list[Finding]:
        return [f for f in self.ordered if f.weight is Weight.FAULT]

    def stop_on_faults(self) -> None:
        """Raise ``Unbuildable`` when a fault was reported: what follows would build on it."""
        if self.faults:
            raise Unbuildable


class Unbuildable(Exception):
    """The editor's files hold faults that were all reported; nothing is written."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "did you mean `x`?" for the known name nearest to *word*, or an empty string."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def shorten(text: str, length: int = 60) -> str:
    """Return *text* on one line, cut at a word with an ellipsis when longer than *length*."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(",;:") + " …"
