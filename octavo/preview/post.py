"""The post from the process that builds to the one that serves.

Comes in: a build. Goes out: word that it has begun, and its account when it has ended. The
one decision: an account is a file that appears whole, and one letter in a pipe says that it
is there; a build may be ended at any moment, and neither can be left half-done.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from octavo.account import Account, account_of

BEGUN, ENDED = b"b", b"e"


class Post:
    """One way only; the building end may be in any process that was forked from this one."""

    def __init__(self, folder: Path, reader: int, writer: int) -> None:
        self._file = folder / "account.json"
        self._reader = reader
        self._writer = writer

    def tell(self, build: Callable[[], Account]) -> None:
        """Run *build* and send word of it."""
        os.write(self._writer, BEGUN)
        account = Account(broken="the build did not come to an end")
        try:
            account = build()
        except Exception as error:
            account = Account(broken=f"{type(error).__name__}: {error}")
            raise
        finally:
            self._send(account)

    def _send(self, account: Account) -> None:
        temporary = self._file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(account.as_data()), encoding="utf-8")
        temporary.replace(self._file)
        os.write(self._writer, ENDED)

    def letters(self) -> Iterator[Account | None]:
        """Wait for each letter: ``None`` when a build begins, and its account when it ends.

        A build that is overtaken sends no account; the next one begins.
        """
        while letter := os.read(self._reader, 1):
            if letter == BEGUN:
                yield None
            else:
                yield account_of(json.loads(self._file.read_text(encoding="utf-8")))


@contextmanager
def open_post() -> Iterator[Post]:
    """Yield a post; its folder is gone afterwards."""
    folder = tempfile.mkdtemp(prefix="octavo-preview-")
    reader, writer = os.pipe()
    try:
        yield Post(Path(folder), reader, writer)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
