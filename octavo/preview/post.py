"""The post from the process that builds to the one that serves.

Comes in: a build. Goes out: word that it has begun, and its account when it has ended. The
one decision: an account is a file of its own, and a line in a pipe names it once it is whole;
a build may be ended at any moment, and so short a line is written at once or not at all.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from octavo.account import Account, account_of

BEGUN = ""


class Post:
    """One way only; the building end may be in any process that was forked from this one."""

    def __init__(self, folder: Path, reader: int, writer: int) -> None:
        self._folder = folder
        self._reader = reader
        self._writer = writer

    def tell(self, build: Callable[[], Account]) -> None:
        """Run *build* and send word of it."""
        self._send(BEGUN)
        account = Account(broken="the build did not come to an end")
        try:
            account = build()
        except Exception as error:
            account = Account(broken=f"{type(error).__name__}: {error}")
            raise
        finally:
            handle, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(account.as_data(), file)
            self._send(Path(name).name)

    def _send(self, line: str) -> None:
        os.write(self._writer, f"{line}\n".encode("ascii"))

    def letters(self) -> Iterator[Account | None]:
        """Wait for each letter: ``None`` when a build begins, and its account when it ends.

        A build that is overtaken sends no account; the next one begins.
        """
        with os.fdopen(self._reader, "rb", closefd=False) as lines:
            for line in lines:
                name = line.decode("ascii").strip()
                if name == BEGUN:
                    yield None
                else:
                    path = self._folder / name
                    yield account_of(json.loads(path.read_text(encoding="utf-8")))


@contextmanager
def open_post() -> Iterator[Post]:
    """Yield a post; its folder is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="octavo-preview-")
    reader, writer = os.pipe()
    try:
        yield Post(Path(folder), reader, writer)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
