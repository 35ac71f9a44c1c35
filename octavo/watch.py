"""Rebuild when a file is saved.

Comes in: the edition's folder and what to do. Goes out: a build after every save, its
findings shown at once. The one decision: a builder process does one build after the other, so
that what it has loaded, read and made is there for the next; where the next save overtakes it, it
is ended, which files and cache bear at any moment, and the keeper, which has the engines loaded,
forks another.
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
from typing import NoReturn, Protocol

from octavo.beside import can_fork

Build = Callable[[], object]
READY, LEAVING = b".", b"-"
"""What a builder tells when its build is done: it may be given another order, or it ends."""


class Press(Protocol):
    """What is ready when a build begins."""

    def load(self) -> None:
        """Load all that a build needs; what is forked from this process has it."""

    def stand(self) -> None:
        """Be ready in this process for one build after the other."""

    def is_fit(self) -> bool:
        """Whether another build may be done in this process."""

    def tidy(self) -> None:
        """Clear away what the last build left."""


MOST_TRIES = 2
"""How often one order is given: a builder may be ended from outside while it waits for it."""
PAUSE = 50
"""Milliseconds of silence after a save: editors write a file in several steps."""


def watch(
    book: Path,
    others: Sequence[Path],
    out: Path,
    build: Build,
    press: Press,
    service: AbstractContextManager[object],
) -> None:
    """Build now and after every save below *book*, *others* or a transcript's folder.

    *build* writes to *out*; *press* is what it builds on; *service* is there meanwhile, and may
    have threads. Ends with ``KeyboardInterrupt``.
    """
    with _keeper(build, press) as rebuild, service:
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
def _keeper(build: Build, press: Press) -> Iterator[Callable[[], object]]:
    """Yield what begins a build; where the system cannot fork it is done at once, to its end."""
    if not can_fork():
        yield build
        return
    orders, order = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(order)
        _Keeper(orders, build, press).keep()
    os.close(orders)
    try:
        yield partial(os.write, order, b".")
    finally:
        os.close(order)
        os.waitpid(keeper, 0)


# In the keeper --------------------------------------------------------------------


class _Keeper:
    """Hands each order on to a builder, and ends one that is still at work on the last."""

    def __init__(self, orders: int, build: Build, press: Press) -> None:
        self._orders, self._build, self._press = orders, build, press
        self._builder: _Builder | None = None
        self._tries = 0
        """How often the last order was given."""

    def keep(self) -> NoReturn:
        """Take orders until their pipe is closed."""
        # An interrupt is for the process that watches; it closes the pipe.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._press.load()
            while self._take_order():
                pass
        finally:
            self._drop()
            # What loading left in files goes, but not what this process was forked from holds.
            atexit._run_exitfuncs()  # noqa: SLF001 - as Python does at its end
            os._exit(0)

    def _take_order(self) -> bool:
        """Wait for the next order, or for the builder; return whether there will be more."""
        heard, _, _ = select.select([self._orders, *self._builder_at_work()], [], [])
        if self._orders not in heard:
            assert self._builder
            told = self._builder.listen()
            if told != READY:
                self._drop()
            if not told and self._tries < MOST_TRIES:
                # It was ended from outside, perhaps while it waited for this order.
                self._begin()
            return True
        if not os.read(self._orders, 4096):
            return False
        if self._builder and self._builder.is_at_work:
            self._drop()
        self._tries = 0
        self._begin()
        return True

    def _begin(self) -> None:
        """Give the order to a builder."""
        self._tries += 1
        if not self._builder:
            self._builder = _Builder(self._build, self._press)
        self._builder.begin()

    def _builder_at_work(self) -> list[int]:
        return [self._builder.done] if self._builder and self._builder.is_at_work else []

    def _drop(self) -> None:
        """End the builder, whatever it is about."""
        if self._builder:
            self._builder.end()
            self._builder = None


class _Builder:
    """A process that builds again and again."""

    def __init__(self, build: Build, press: Press) -> None:
        self.is_at_work = False
        orders, self._order = os.pipe()
        self.done, tell = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._order)
            os.close(self.done)
            _build_again_and_again(orders, tell, build, press)
        os.close(orders)
        os.close(tell)

    def begin(self) -> None:
        """Begin a build."""
        self.is_at_work = True
        # One that was ended from outside is found when it is listened to.
        with suppress(BrokenPipeError):
            os.write(self._order, b".")

    def listen(self) -> bytes:
        """What it tells of its build; nothing where it was ended from outside."""
        self.is_at_work = False
        return os.read(self.done, 1)

    def end(self) -> None:
        """End it, whatever it is about."""
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError):
                kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._order)
        os.close(self.done)


def _build_again_and_again(orders: int, tell: int, build: Build, press: Press) -> NoReturn:
    """Build at each order, until their pipe is closed or nothing good is left of the last build."""
    try:
        # A group of its own: what it begins ends with it.
        os.setpgid(0, 0)
        press.stand()
        while os.read(orders, 1):
            build()
            if not press.is_fit():
                os.write(tell, LEAVING)
                break
            os.write(tell, READY)
            press.tidy()
    except Exception:  # noqa: BLE001 - a fault of ours: it is shown, and the next save may mend it
        traceback.print_exc()
        os.write(tell, LEAVING)
    finally:
        os._exit(0)
