"""Work that goes on beside other work, on another core.

Comes in: a function of no arguments. Goes out: a way to wait for its result. The one
decision: a forked process, which has all that was read and loaded for nothing; where the
system cannot fork safely the work is done when it is waited for.
"""

import atexit
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")
_LEAVING: set[int] = set()
"""Processes that sent their result, and give back their memory: nobody waits for that."""


def can_fork() -> bool:
    """Whether a process may fork: macOS can, but its text libraries may not be used then."""
    return sys.platform == "linux"


def beside(work: Callable[[], Result]) -> "Beside[Result]":
    """Begin *work*; what is returned waits for it when it is called, and returns its result.

    The result must pickle. An exception in *work* is raised where it is waited for.
    """
    if not can_fork():
        return Beside(work)
    _bury()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _LEAVING.clear()
        os.close(reader)
        _report(work, writer)
    os.close(writer)
    return _InAChild(child, reader)


class Beside(Generic[Result]):
    """Work that was begun, or is done when it is waited for; called once, or else closed."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work

    def __call__(self) -> Result:
        """Wait for the work, and return its result."""
        return self._work()

    def close(self) -> None:
        """End the work if nobody waited for it."""


def ended_early(status: int) -> RuntimeError:
    """What to raise of a process whose wait status tells that it was ended from outside."""
    return RuntimeError(f"a helper process ended early, with {os.waitstatus_to_exitcode(status)}")


def _bury() -> None:
    """Take note of those that are gone by now."""
    for process in [*_LEAVING]:
        if os.waitpid(process, os.WNOHANG)[0]:
            _LEAVING.discard(process)


atexit.register(_bury)


def _report(work: Callable[[], object], writer: int) -> None:
    """Run *work* in the child, send what came of it, and end without the parent's farewells."""
    try:
        answer: tuple[bool, object] = (True, work())
    except BaseException as error:  # noqa: BLE001 - it is raised in the parent
        error.add_note(traceback.format_exc())
        answer = (False, error)
    try:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(_packed(answer))
    finally:
        os._exit(0)


def _packed(answer: tuple[bool, object]) -> bytes:
    """The *answer* in bytes; of an error that does not pickle its words."""
    try:
        data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        # Some errors pickle and cannot be read again.
        pickle.loads(data)  # noqa: S301 - just written
    except Exception:  # noqa: BLE001 - whatever a class does when it is pickled
        error = answer[1]
        told = "".join(getattr(error, "__notes__", ())) or repr(error)
        return pickle.dumps((False, RuntimeError(told)), pickle.HIGHEST_PROTOCOL)
    return data


class _InAChild(Beside[Result]):
    """Work of a child process, which will send what comes of it."""

    def __init__(self, child: int, reader: int) -> None:
        self._child = child
        self._reader = reader

    def __call__(self) -> Result:
        child, self._child = self._child, 0
        with os.fdopen(self._reader, "rb") as pipe:
            data = pipe.read()
        if not data:
            raise ended_early(os.waitpid(child, 0)[1])
        _LEAVING.add(child)
        well, answer = pickle.loads(data)  # noqa: S301 - our own child wrote it
        if not well:
            raise answer
        result: Result = answer
        return result

    def close(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            os.close(self._reader)
            self._child = 0
