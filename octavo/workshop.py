"""A workshop: a process that gets its tools ready once, and a hand of it for every job.

Comes in: jobs, which are generator functions of some module, with arguments that pickle.
Goes out: what they yield, as soon as it is there. The one decision: each job is done in a
fork of the workshop, so that it has all tools for nothing, uses a core of its own, and
its memory is gone when it ends. Where the system cannot fork safely a job is done here,
when its results are waited for.
"""

import os
import pickle
import select
import signal
import struct
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, ParamSpec, Self, TypeVar

from octavo.beside import can_fork, ended_early

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")
Work = tuple[int, bool, Callable[..., Iterator[object]], tuple[object, ...], dict[str, object]]
"""A job's number, whether it gets tools ready, the generator function, and its arguments."""

LENGTH = struct.Struct("<q")
WORD = struct.Struct("<qqq")
"""Job, kind and number of a result: short enough to be written whole beside other writers."""
RESULT, DONE, FAILED, DIED = range(4)
WAITING = 1
"""Hands beyond the cores: the process that gives the orders mostly waits for their results."""


class Workshop:
    """Does jobs, about as many at a time as there are cores, each with the tools got ready before.

    *folder* is for results on their way; it must stay until the workshop is closed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 0
        self._words: dict[int, deque[tuple[int, int]]] = {}
        self._process = 0
        if can_fork():
            self._fork()

    def get_ready(
        self,
        job: Callable[Arguments, Iterator[Result]],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Iterator[Result]:
        """Run *job* in the workshop itself: what it loads is there for all jobs after it."""
        return self._hand_over(True, job, *arguments, **named)

    def begin(
        self,
        job: Callable[Arguments, Iterator[Result]],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Iterator[Result]:
        """Begin *job*; the iterator returned waits for each of its results.

        An exception in the job is raised where its next result is waited for.
        """
        return self._hand_over(False, job, *arguments, **named)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the workshop, whatever its hands are about."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            os.close(self._orders)
            os.close(self._answers)
            self._process = 0

    def _hand_over(
        self, tools: bool, job: Callable[..., Iterator[Any]], *arguments: Any, **named: Any
    ) -> Iterator[Any]:
        if not self._process:
            return job(*arguments, **named)
        number = self._next
        self._next += 1
        self._words[number] = deque()
        order = pickle.dumps((number, tools, job, arguments, named), pickle.HIGHEST_PROTOCOL)
        _write_all(self._orders, LENGTH.pack(len(order)) + order)
        return self._results(number)

    def _fork(self) -> None:
        orders_out, self._orders = os.pipe()
        self._answers, answers_in = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(self._orders)
            os.close(self._answers)
            _keep_shop(orders_out, answers_in, self._folder)
        # Both do this, for who comes first is not known: then it is one group to be ended.
        with suppress(OSError):
            os.setpgid(process, process)
        os.close(orders_out)
        os.close(answers_in)
        self._process = process

    def _results(self, number: int) -> Iterator[Any]:
        words = self._words[number]
        while True:
            while not words:
                self._listen()
            kind, which = words.popleft()
            if kind == DONE:
                return
            if kind == DIED:
                raise ended_early(which)
            path = _result_path(self._folder, number, which)
            result = pickle.loads(path.read_bytes())  # noqa: S301 - our own child wrote it
            path.unlink()
            if kind == FAILED:
                raise result
            yield result

    def _listen(self) -> None:
        try:
            number, kind, which = WORD.unpack(_read_exactly(self._answers, WORD.size))
        except EOFError:
            process, self._process = self._process, 0
            raise ended_early(os.waitpid(process, 0)[1]) from None
        self._words[number].append((kind, which))


# In the workshop ------------------------------------------------------------------------


def _keep_shop(orders: int, answers: int, folder: Path) -> NoReturn:
    """Take orders until the process that gives them closes its end."""
    try:
        os.setpgid(0, 0)
        shop = _Shop(orders, answers, folder)
        while True:
            shop.take_order()
    except EOFError:
        os._exit(0)
    finally:
        os._exit(1)


class _Shop:
    """The workshop's own process."""

    def __init__(self, orders: int, answers: int, folder: Path) -> None:
        self._orders, self._answers, self._folder = orders, answers, folder
        self._hands: dict[int, int] = {}
        """The job of each process at work."""
        self._most = len(os.sched_getaffinity(0)) + WAITING
        self._bell, bell = os.pipe()
        os.set_blocking(bell, False)
        signal.set_wakeup_fd(bell)
        # Only with a handler does the end of a hand ring the bell.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def take_order(self) -> None:
        """Wait for the next order, and for a free hand if it needs one."""
        while True:
            watched = [self._bell]
            if len(self._hands) < self._most:
                watched.append(self._orders)
            heard, _, _ = select.select(watched, [], [])
            if self._bell in heard:
                os.read(self._bell, 4096)
                self._bury()
            if self._orders in heard:
                break
        length = LENGTH.unpack(_read_exactly(self._orders, LENGTH.size))[0]
        number, tools, job, arguments, named = pickle.loads(  # noqa: S301 - our parent wrote it
            _read_exactly(self._orders, length)
        )
        work = (job, arguments, named)
        if tools:
            self._do(number, *work)
            return
        hand = os.fork()
        if hand == 0:
            try:
                self._do(number, *work)
            finally:
                os._exit(0)
        self._hands[hand] = number

    def _do(
        self,
        number: int,
        job: Callable[..., Iterator[object]],
        arguments: tuple[object, ...],
        named: dict[str, object],
    ) -> None:
        count = 0
        try:
            for result in job(*arguments, **named):
                self._send(number, RESULT, count, result)
                count += 1
            self._say(number, DONE, 0)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            error.add_note(traceback.format_exc())
            self._send(number, FAILED, count, error)

    def _send(self, number: int, kind: int, which: int, result: object) -> None:
        """Results go by files: a pipe could fill up while the other side writes an order."""
        path = _result_path(self._folder, number, which)
        path.write_bytes(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        self._say(number, kind, which)

    def _say(self, number: int, kind: int, which: int) -> None:
        os.write(self._answers, WORD.pack(number, kind, which))

    def _bury(self) -> None:
        """Note the hands that ended; one that did not end by itself is a fault to be told."""
        while self._hands:
            hand, status = os.waitpid(-1, os.WNOHANG)
            if not hand:
                return
            number = self._hands.pop(hand)
            if status:
                self._say(number, DIED, status)


def _result_path(folder: Path, number: int, which: int) -> Path:
    return folder / f"result-{number}-{which}"


def _read_exactly(pipe: int, count: int) -> bytes:
    """Raises ``EOFError`` when the other side is gone."""
    data = b""
    while len(data) < count:
        more = os.read(pipe, count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _write_all(pipe: int, data: bytes) -> None:
    while data:
        data = data[os.write(pipe, data) :]
