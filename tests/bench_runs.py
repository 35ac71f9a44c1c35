"""What the bench measures: a process from start to end, or a process that stays and answers.

Comes in: commands. Goes out: runs, in seconds and megabytes. Memory is that of the largest
single process of a command, as the system counts it; pages are those that were typeset.
"""

import os
import re
import select
import signal
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Self

PATIENCE = 1800
"""Seconds that an answer may take before the bench is given up."""


@dataclass(frozen=True, slots=True)
class Run:
    """One build from start to end; ``anew`` of its ``pages`` were set, none where it has none."""

    seconds: float
    peak_mb: float = 0
    anew: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table: what to run each time."""

    run: Callable[[], Run]
    end: Callable[[], float] = lambda: 0
    """Ends a process that stays, and tells its peak memory in megabytes."""


def run_once(command: Sequence[str]) -> Run:
    """Run *command* to its end; pages are counted where its closing line tells of them."""
    with tempfile.TemporaryFile() as said:
        started = perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    if status:
        message = f"{' '.join(command)} ended with {process.returncode}:\n{text}"
        raise SystemExit(message)
    return Run(seconds, usage.ru_maxrss / 1024, *pages_told(text))


def pages_told(text: str) -> tuple[int, int]:
    """The pages set anew and all pages, as Octavo's last closing line in *text* tells them."""
    told = re.findall(r"(\d+) of (\d+) pages set anew", text)
    return (int(told[-1][0]), int(told[-1][1])) if told else (0, 0)


class Resident:
    """A process that stays, and says a line with *sign* in it on stderr whenever it has built."""

    def __init__(self, command: Sequence[str], sign: str) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        self._sign = sign.encode()
        self._peak_mb = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.end()

    def ask(self) -> None:
        """Send an empty line, to one that waits for it."""
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def timed(self, save: Callable[[], object]) -> Run:
        """Time from the beginning of *save* until the build is told of."""
        started = perf_counter()
        save()
        said = self.wait()
        return Run(perf_counter() - started, 0, *pages_told(said))

    def wait(self) -> str:
        """Wait for the next build; return what was said until then."""
        assert self._process.stderr
        pipe, said, end = self._process.stderr.fileno(), b"", perf_counter() + PATIENCE
        while self._sign not in said or not said.endswith(b"\n"):
            ready, _, _ = select.select([pipe], [], [], max(0, end - perf_counter()))
            part = os.read(pipe, 65536) if ready else b""
            if not part:
                message = f"no build was told of, but this:\n{said.decode(errors='replace')}"
                raise SystemExit(message)
            said += part
        return said.decode(errors="replace")

    def end(self) -> float:
        """End the process, if it still runs; return the peak memory of the largest in its tree."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGINT)
            _, status, usage = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            self._peak_mb = usage.ru_maxrss / 1024
            for pipe in (self._process.stdin, self._process.stderr):
                assert pipe
                pipe.close()
        return self._peak_mb


def summarise(
    results: Mapping[str, Sequence[Run]], peaks: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    """The median time of each case, its largest memory, and the pages of its last run."""
    return {
        name: {
            "seconds": statistics.median(run.seconds for run in runs),
            "peak_mb": max(peaks[name], *(run.peak_mb for run in runs)),
            "anew": runs[-1].anew,
            "pages": runs[-1].pages,
        }
        for name, runs in results.items()
    }
