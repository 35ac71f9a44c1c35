"""What earlier builds proved of parts that are the same now, some of them proved again.

Comes in: jobs, each with all that it depends on. Goes out: what came of each. The one
decision: it is kept that nothing was wrong with a part and what was read of it, and only so;
whatever was wrong is looked for anew in every build. Some kept part is on trial each time, and
where it was not told truly none is believed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, Protocol, TypeVar

from octavo.memory import Memory
from octavo.proof.outcome import Discrepancy

SAMPLE = 1
"""Kept parts that are proved again, others in each file: the keys are on trial too.

A part is a chapter with all of its documents: as much of a book as the pages that are read again.
"""


class Checked(Protocol):
    """What came of a job."""

    @property
    def wrong(self) -> Sequence[Discrepancy]: ...


Outcome = TypeVar("Outcome", bound=Checked)


@dataclass(frozen=True, slots=True)
class Job(Generic[Outcome]):
    """A part to be proved; what it depends on is named as ``Memory`` wants it."""

    do: Callable[[], Outcome]
    made_of: tuple[bytes, ...]


def done(jobs: Sequence[Job[Outcome]], memory: Memory, seed: bytes) -> list[Outcome]:
    """What comes of *jobs*, in order; *seed* chooses those on trial."""
    kept: list[Outcome | None] = [memory.find(*job.made_of) for job in jobs]
    known = [pair for pair in zip(jobs, kept, strict=True) if pair[1] is not None]
    chance = Random(seed)  # noqa: S311 - no secret
    if any(job.do() != before for job, before in chance.sample(known, min(SAMPLE, len(known)))):
        for job in jobs:
            memory.forget(*job.made_of)
        kept = [None] * len(jobs)
    return [
        _do(job, memory) if before is None else before
        for job, before in zip(jobs, kept, strict=True)
    ]


def _do(job: Job[Outcome], memory: Memory) -> Outcome:
    outcome = job.do()
    if not outcome.wrong:
        memory.keep(outcome, *job.made_of)
    return outcome
