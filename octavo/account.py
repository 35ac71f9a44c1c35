"""The account of a build: what it found, said and made, as data that outlives its process.

Comes in: what a build came to. Goes out: plain values that JSON holds, and the account again.
The one decision: whoever was not there (the ledger's next build, the preview) knows a build
by this alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from octavo.findings import Finding, Weight
from octavo.model import Location


@dataclass(frozen=True, slots=True)
class Account:
    """What one build came to."""

    findings: tuple[Finding, ...] = ()
    """In source order."""
    lines: tuple[str, ...] = ()
    """What it said of its files and proofs."""
    files: tuple[str, ...] = ()
    """The paths that it wrote; none where faults were found."""
    locators: Mapping[str, Sequence[str]] | None = None
    """The index's, by the ids of entries and subentries; not known where faults were found."""
    headings: Mapping[str, str] | None = None
    """By the same ids, as a reader would name the entry: ``work: in the fields``."""
    broken: str = ""
    """The last line of a traceback, where the fault was ours."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.weight is Weight.FAULT)

    @property
    def is_good(self) -> bool:
        """Whether the book was made."""
        return not self.faults and not self.broken

    @property
    def code(self) -> int:
        """What the command ends with."""
        return 0 if self.is_good else 1

    def as_data(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def account_of(data: Mapping[str, Any]) -> Account:
    """Read what ``as_data`` gave.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
    """
    return Account(
        tuple(_finding(found) for found in data["findings"]),
        tuple(data["lines"]),
        tuple(data["files"]),
        _mapping(data["locators"]),
        _mapping(data["headings"]),
        str(data["broken"]),
    )


def _mapping(found: Any) -> Mapping[str, Any] | None:
    return None if found is None else dict(found)


def _finding(data: Mapping[str, Any]) -> Finding:
    path, line, column = data["location"]
    where = Location(str(path), int(line), int(column))
    return Finding(where, data["code"], data["found"], data["hint"], Weight(data["weight"]))
