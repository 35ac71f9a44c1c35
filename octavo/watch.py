"""Rebuild when a file is saved.

Comes in: the edition's folder and what to do. Goes out: a build after every save, its
findings shown at once. The one decision: a keeper process has the engines loaded and does
each build in a fork of itself, so that a build starts warm, and one that is overtaken by the
next save is ended; files and cache bear that at any moment.
"""

import atexit
import os
import select
import signal
import tomllib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from octavo.beside import can_fork

Build = Callable[[], object]
PAUSE = 50
"""Milliseconds of silence after a save: editors write a file in several steps."""


def watch(
    book: Path,
    others: Sequence[Path],
    out: Path,
    build: Build,
    warm: Callable[[], None],
    service: AbstractContextManager[object],
) -> None:
    """Build now and after every save below *book*, *others* or a transcript's folder.

    *build* writes to *out*; *warm* loads what it needs; *service* is there meanwhile, and may
    have threads. Ends with ``KeyboardInterrupt``.
    """
    with _keeper(build, warm) as rebuild, service:
        rebuild()
        # Not before the keeper is forked: the watcher has threads.
        from watchfiles import watch as changes

        while True:
            folders = watched_folders(book, others)
            for _ in changes(*folders, watch_filter=Filter(folders, out), debounce=PAUSE, step=10):
                rebuild()
                if watched_folders(book, others) != folders:
                    break


def watched_folders(book: Path, others: Sequence[Path]) -> frozenset[Path]:
    """The folders whose files may change the book; those of transcripts as book.toml names them."""
    folders = {book, *others}
    # What is wrong with the file the build tells.
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        tables = tomllib.loads((book / "book.toml").read_text(encoding="utf-8"))["transcript"]
        folders |= {(book / table["source"]).parent for table in tables}
    return frozenset(folder.resolve() for folder in folders if folder.is_dir())


class Filter:
    """Passes what is written by hand below *folders*: no scraps, nothing that a build writes."""

    def __init__(self, folders: Iterable[Path], out: Path) -> None:
        self._folders = tuple(folders)
        self._out = out.resolve()

    def __call__(self, _: object, name: str) -> bool:
        path = Path(name)
        if path.is_relative_to(self._out) or name.endswith("~"):
            return False
        # A folder that lies below a hidden one is not hidden by that.
        below = [path.relative_to(top) for top in self._folders if path.is_relative_to(top)]
        return any(not any(part[0] in "._" for part in inner.parts) for inner in below)


@contextmanager
def _keeper(build: Build, warm: Callable[[], None]) -> Iterator[Callable[[], object]]:
    """Yield what begins a build; where the system cannot fork it is done at once, to its end."""
    if not can_fork():
        yield build
        return
    orders, order = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(order)
        _keep(orders, build, warm)
    os.close(orders)
    try:
        yield partial(os.write, order, b".")
    finally:
        os.close(order)
        os.waitpid(keeper, 0)


# In the keeper --------------------------------------------------------------------


def _keep(orders: int, build: Build, warm: Callable[[], None]) -> NoReturn:
    """Begin a build at each order, until the pipe of the orders is closed."""
    # An interrupt is for the process that watches; it closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = 0
    try:
        warm()
        while os.read(orders, 4096):
            _end(child)
            child = _begin(build)
            _wait(child, orders)
    finally:
        _end(child)
        # What warming left in files goes, but not what this process was forked from holds.
        atexit._run_exitfuncs()  # noqa: SLF001 - as Python does at its end
        os._exit(0)


def _begin(build: Build) -> int:
    child = os.fork()
    if child:
        return child
    # A group of its own: what it begins ends with it.
    os.setpgid(0, 0)
    try:
        build()
    except Exception:  # noqa: BLE001 - a fault of ours: it is shown, and the next save may mend it
        traceback.print_exc()
    finally:
        os._exit(0)


def _wait(child: int, orders: int) -> None:
    """Wait for the build's end or the next order, whichever comes first."""
    handle = os.pidfd_open(child)
    try:
        select.select([handle, orders], [], [])
    finally:
        os.close(handle)


def _end(child: int) -> None:
    """End a build, if it still runs."""
    if child:
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError):
                kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
