"""A workshop: a process that gets its tools ready once, and hands of it that do the jobs.

Comes in: jobs, which are generator functions of some module, with arguments that pickle.
Goes out: what they yield, as soon as it is there. The one decision: a hand is a fork of the
workshop, so that it has all tools for nothing and uses a core of its own; it does one job
after the other, for what a fork touches of its memory is copied. Where the system cannot fork
safely a job is done here, when its results are waited for.
"""

import gc
import os
import pickle
import select
import shutil
import signal
import struct
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum, auto
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, ParamSpec, Self, TypeVar

from octavo.beside import can_fork, ended_early

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")
LENGTH = struct.Struct("<q")
WORD = struct.Struct("<qqq")
"""Job, kind and number of a result: short enough to be written whole beside other writers."""
RESULT, DONE, FAILED, DIED = range(4)


class Doer(Enum):
    """Who does a job."""

    SHOP = auto()
    SHOP_THEN_HAND = auto()
    HAND = auto()


WAITING = 1
"""Hands beyond the cores: the process that gives the orders mostly waits for their results."""

LITTER = 4_000
"""So many objects that refer to each other a hand lets lie between two jobs: about a chapter's."""


class Workshop:
    """Does jobs, about as many at a time as there are cores, each with the tools got ready before.

    *folder* is for results on their way; it must stay until the workshop is closed.
    """

    def __init__(self, folder: Path) -> None:
        self._scratch = folder
        # Hands of a workshop whose process was killed may still write to theirs.
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        """For what is on its way, and what tools must find as files."""
        self._numbers = count(1)
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
        return self._hand_over(Doer.SHOP, job, *arguments, **named)

    def begin_here(
        self,
        job: Callable[Arguments, Iterator[Result]],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Iterator[Result]:
        """Begin *job* in the workshop itself; from its first result on a hand goes on with it.

        It is quicker by the fork's copying of memory, but no other job is begun before.
        """
        return self._hand_over(Doer.SHOP_THEN_HAND, job, *arguments, **named)

    def begin(
        self,
        job: Callable[Arguments, Iterator[Result]],
        *arguments: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Iterator[Result]:
        """Begin *job*; the iterator returned waits for each of its results.

        An exception in the job is raised where its next result is waited for.
        """
        return self._hand_over(Doer.HAND, job, *arguments, **named)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the workshop, whatever its hands are about."""
        self.close()

    def dismiss(self) -> None:
        """End the workshop, whatever its hands are about, but do not wait until it is gone."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)

    def close(self) -> None:
        """End the workshop, whatever its hands are about."""
        self.dismiss()
        if self._process:
            os.waitpid(self._process, 0)
            os.close(self._orders)
            os.close(self._answers)
            self._process = 0
            shutil.rmtree(self.folder, ignore_errors=True)

    def open_anew(self) -> None:
        """End the workshop, and begin one with what this process has loaded by now."""
        self.close()
        self._words.clear()
        self.folder = Path(tempfile.mkdtemp(dir=self._scratch))
        if can_fork():
            self._fork()

    def _hand_over(
        self, doer: Doer, job: Callable[..., Iterator[Any]], *arguments: Any, **named: Any
    ) -> Iterator[Any]:
        if not self._process:
            return job(*arguments, **named)
        number = next(self._numbers)
        self._words[number] = deque()
        order = pickle.dumps((number, doer, job, arguments, named), pickle.HIGHEST_PROTOCOL)
        _write_order(self._orders, order)
        return self._results(number)

    def _fork(self) -> None:
        orders_out, self._orders = os.pipe()
        self._answers, answers_in = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(self._orders)
            os.close(self._answers)
            _keep_shop(orders_out, answers_in, self.folder)
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
                del self._words[number]
                return
            if kind == DIED:
                raise ended_early(which)
            path = _result_path(self.folder, number, which)
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
        # Of a hand that was ended when its job was done nobody needs to hear.
        if number in self._words:
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


class _Hand:
    """A process at work, as the shop knows it."""

    def __init__(self, number: int) -> None:
        self.number = number
        """Of its job."""
        self.is_leaving = False
        """Whether it was told to end."""
        self.orders, self.order = os.pipe()
        """Where it reads its next orders, and where the shop writes them."""


class _Shop:
    """The workshop's own process."""

    def __init__(self, orders: int, answers: int, folder: Path) -> None:
        self._orders, self._answers, self._folder = orders, answers, folder
        self._hands: dict[int, _Hand] = {}
        """By process."""
        self._free: list[int] = []
        """The processes that wait for an order."""
        self._most = len(os.sched_getaffinity(0)) + WAITING
        self._waiting: deque[bytes] = deque()
        """Orders for which there was no free hand: whoever gives them is not kept waiting."""
        self._calls, self._call = os.pipe()
        """Where hands tell that they are free."""
        self._bell, bell = os.pipe()
        os.set_blocking(bell, False)
        signal.set_wakeup_fd(bell)
        # Only with a handler does the end of a hand ring the bell.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def take_order(self) -> None:
        """Wait for the next order, and for a free hand if it needs one."""
        while not self._waiting or not (self._free or len(self._hands) < self._most):
            heard, _, _ = select.select([self._bell, self._calls, self._orders], [], [])
            if self._calls in heard:
                self._note_free(LENGTH.unpack(_read_exactly(self._calls, LENGTH.size))[0])
            if self._bell in heard:
                os.read(self._bell, 4096)
                self._bury()
            if self._orders in heard:
                self._waiting.append(_read_order(self._orders))
        order = self._waiting.popleft()
        number, doer, job, arguments, named = pickle.loads(order)  # noqa: S301 - our parent wrote it
        if doer is Doer.HAND and self._free:
            self._hand_on(number, order)
            return
        # What there is now is for good; what a job makes goes when it is done.
        gc.freeze()
        results = _Results(self, number, job(*arguments, **named))
        if doer is Doer.HAND:
            self._fork(results)
            return
        # What hands there are lack what is got ready now.
        self._send_home()
        if doer is Doer.SHOP:
            results.send_all()
            return
        results.send_next()
        self._fork(results)
        # A hand goes on with what was made of it here.
        del results
        gc.collect()

    def _note_free(self, process: int) -> None:
        hand = self._hands.get(process)
        if hand and not hand.is_leaving:
            self._free.append(process)

    def _hand_on(self, number: int, order: bytes) -> None:
        """Give *order* to a free hand."""
        hand = self._hands[self._free.pop()]
        hand.number = number
        # One that was ended from outside is found by the bell.
        with suppress(BrokenPipeError):
            _write_order(hand.order, order)

    def _send_home(self) -> None:
        """Let each hand end when its job is done."""
        for hand in self._hands.values():
            hand.is_leaving = True
            with suppress(BrokenPipeError):
                _write_order(hand.order, b"")
        self._free.clear()

    def _fork(self, results: "_Results") -> None:
        hand = _Hand(results.number)
        process = os.fork()
        if process == 0:
            try:
                # So that it hears when the shop is gone.
                for other in (*self._hands.values(), hand):
                    os.close(other.order)
                self._work(results, hand.orders)
                os._exit(0)
            finally:
                # A result that could not be sent: the bell tells whoever waits for it.
                os._exit(1)
        os.close(hand.orders)
        self._hands[process] = hand

    def _work(self, results: "_Results", orders: int) -> None:
        """Do one job after the other."""
        while True:
            results.send_all()
            if gc.get_count()[0] > LITTER:
                gc.collect()
            os.write(self._call, LENGTH.pack(os.getpid()))
            try:
                order = _read_order(orders)
            except EOFError:
                return
            if not order:
                return
            number, _, job, arguments, named = pickle.loads(order)  # noqa: S301
            results = _Results(self, number, job(*arguments, **named))

    def send(self, number: int, kind: int, which: int, result: object) -> None:
        """Results go by files: a pipe could fill up while the other side writes an order."""
        path = _result_path(self._folder, number, which)
        path.write_bytes(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        self.say(number, kind, which)

    def say(self, number: int, kind: int, which: int) -> None:
        os.write(self._answers, WORD.pack(number, kind, which))

    def _bury(self) -> None:
        """Note the hands that ended; one that did not end by itself is a fault to be told."""
        while self._hands:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            hand = self._hands.pop(process)
            os.close(hand.order)
            if process in self._free:
                self._free.remove(process)
            elif status:
                self.say(hand.number, DIED, status)


class _Results:
    """What a job yields, sent as soon as it is there."""

    def __init__(self, shop: _Shop, number: int, job: Iterator[object]) -> None:
        self.number = number
        self._shop = shop
        self._job = job
        self._count = 0
        self._ended = False

    def send_all(self) -> None:
        while not self._ended:
            self.send_next()

    def send_next(self) -> None:
        try:
            result = next(self._job)
        except StopIteration:
            self._ended = True
            self._shop.say(self.number, DONE, 0)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._ended = True
            error.add_note(traceback.format_exc())
            self._shop.send(self.number, FAILED, self._count, error)
        else:
            self._shop.send(self.number, RESULT, self._count, result)
            self._count += 1


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


def _read_order(pipe: int) -> bytes:
    """Raises ``EOFError`` when the other side is gone."""
    return _read_exactly(pipe, LENGTH.unpack(_read_exactly(pipe, LENGTH.size))[0])


def _write_order(pipe: int, order: bytes) -> None:
    data = LENGTH.pack(len(order)) + order
    while data:
        data = data[os.write(pipe, data) :]
