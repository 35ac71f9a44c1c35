"""What a proof says: a sum when all is well, discrepancies when it is not.

A discrepancy is a fault of ours: a proof never reports a finding, which would be the
editor's to mend. It names the proof, the place and the words on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 12
"""A proof stops counting here: what breaks one page often breaks all."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that the finished files do not hold as they must."""

    proof: str
    """``words as drawn``, ``words in tag order``, ``locators``, ``fonts`` and so on."""
    place: str
    """The page by its folio, or the file."""
    expected: str
    found: str
    context: str = ""
    """The few words before it."""

    def __str__(self) -> str:
        after = f" (after `{self.context}`)" if self.context else ""
        expected = f"`{self.expected}`" if self.expected else "nothing"
        found = f"`{self.found}`" if self.found else "nothing"
        return f"{self.proof}, {self.place}: expected {expected}, found {found}{after}"


def silence(warnings: Sequence[str]) -> list[Discrepancy]:
    """The engine has nothing to complain of."""
    return [Discrepancy("silence", "the engine", "", warning) for warning in warnings]


class ProofFailed(Exception):
    """The finished files are not the book: nothing of them may be published."""

    def __init__(self, discrepancies: Sequence[Discrepancy]) -> None:
        self.discrepancies = tuple(discrepancies)
        lines = "\n".join(f"  {one}" for one in self.discrepancies)
        super().__init__(f"the proof failed in {len(self.discrepancies)} places\n{lines}")

    def __reduce__(self) -> tuple[type["ProofFailed"], tuple[tuple[Discrepancy, ...]]]:
        return type(self), (self.discrepancies,)


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved, for the one-line sum at the end of a build."""

    words: int = 0
    """Words of the transcripts, each found in every output once, in order."""
    pages: int = 0
    locators: int = 0
    """Printed locators whose page holds their term, counted once for each output."""
    links: int = 0
    fonts: int = 0
    """Embedded fonts, all of them ours."""
