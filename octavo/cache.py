"""The cache: what was made before, by the digest of all that it was made from.

Comes in: a key and bytes. Goes out: the same bytes, or nothing. The one decision: no entry is
taken to be whole. Each tells the digest of its own content, and one that does not hold it, for
a disk or a kill cut it short, is no entry. Any number of processes may share it.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

DIGEST_SIZE = 32
SEAL = "seal"
MOST_BYTES = 512 * 1024 * 1024
NOTED = 600.0
"""Seconds in which it is noted once that an entry was of use."""
TIDIED = 60.0
"""Seconds in which the folder is looked through once."""


class Cache:
    """A folder of entries; where it cannot be written, all is made again each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def seal(self) -> bytes:
        """What nobody can know who did not build here; nothing where it cannot be kept.

        It is to be part of the key of what is not proved again. A cache may come with a folder
        from somebody else, its seal too: but no archive and no copy tells a file system when
        it is to say that a file was made, so that such a cache is closed for good here.
        """
        path = self._folder / SEAL
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_bytes(os.urandom(DIGEST_SIZE))
            told = path.stat()
            return b"%d %d %b" % (told.st_ino, told.st_ctime_ns, path.read_bytes())
        except OSError:
            return b""

    def read(self, key: str) -> bytes | None:
        """What was kept under *key*, and note that it was of use."""
        path = f"{self._folder}/kept-{key}"
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - hundreds are read a build
                used = os.fstat(file.fileno()).st_mtime
                entry = file.read()
        except OSError:
            return None
        if time.time() - used > NOTED:
            with suppress(OSError):
                os.utime(path)
        content = entry[DIGEST_SIZE:]
        return content if _digest(content) == entry[:DIGEST_SIZE] else None

    def keep(self, key: str, content: bytes) -> None:
        """Keep *content*, which replaces what was there as a whole."""
        path = self._path(key)
        temporary = self._folder / f".{path.name}.{os.getpid()}"
        entry = _digest(content) + content
        try:
            try:
                temporary.write_bytes(entry)
            except FileNotFoundError:
                self._folder.mkdir(parents=True, exist_ok=True)
                temporary.write_bytes(entry)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def drop(self, key: str) -> None:
        """Remove what was kept under *key*."""
        with suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Make room, but not at each build: to look at all entries takes a while."""
        mark = self._folder / "tidied"
        with suppress(OSError):
            if mark.exists() and time.time() - mark.stat().st_mtime < TIDIED:
                return
            mark.touch()
        self.make_room()

    def make_room(self, most_bytes: int = MOST_BYTES) -> None:
        """Remove what was of no use for longest, until the rest takes no more than *most_bytes*."""
        found = []
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                # Another process may be about the same.
                with suppress(OSError):
                    if entry.name.startswith("kept-"):
                        told = entry.stat()
                        found.append((told.st_mtime, told.st_size, entry.path))
        left = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if left <= most_bytes:
                return
            with suppress(OSError):
                Path(path).unlink()
            left -= size

    def clean(self, older: int) -> int:
        """Remove all files of the folder unused for *older* days; return how many there were."""
        horizon = time.time() - older * 86400
        count = 0
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else []:
            # Without the seal nothing that it is a part of the key of would be found.
            is_of_use = older and path.name == SEAL
            if path.is_file() and not is_of_use and path.stat().st_mtime <= horizon:
                path.unlink(missing_ok=True)
                count += 1
        return count

    def _path(self, key: str) -> Path:
        return self._folder / f"kept-{key}"


def names_and_content(folder: Path, pattern: str) -> Iterator[bytes]:
    """All files below *folder* that *pattern* finds, as parts of a key."""
    for path in sorted(folder.rglob(pattern)):
        if path.is_file():
            yield str(path.relative_to(folder)).encode()
            yield path.read_bytes()


def key_of(*parts: bytes) -> str:
    """A key for what is made of *parts* and of nothing else."""
    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST_SIZE).digest()
