"""Files appear under their names only whole.

Comes in: a path and bytes. Goes out: the file, or nothing at all: written beside its
place, forced to the disk, then renamed: nothing is ever half-written.
"""

import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

HOUR = 3600


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Put all *files* in place; when one cannot be written, none of them is changed.

    Raises ``OSError`` with the file's own path. A kill between two renames leaves each
    file whole, old or new.
    """
    with ExitStack() as stack:
        ready = []
        for path, data in files.items():
            ready.append((_write_beside(path, data, stack), path))
        for temporary, path in ready:
            temporary.replace(path)
        for folder in {path.parent for path in files}:
            _sync_folder(folder)


def _write_beside(path: Path, data: bytes, stack: ExitStack) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    stack.callback(temporary.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(0o644)
    return temporary


def _sweep(path: Path) -> None:
    """Remove what a build that was killed left here; a build takes no hour."""
    for scrap in path.parent.glob(f".{path.name}.*"):
        with suppress(OSError):
            if scrap.stat().st_mtime < time.time() - HOUR:
                scrap.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
