"""The folder for what the engine must find as files; gone when the process that made it ends.

A process on another core that is begun after it was made uses it too, and may be killed.
"""

import atexit
import os
import tempfile
from functools import cache
from pathlib import Path
from shutil import rmtree


@cache
def scratch_folder() -> Path:
    """Return the folder, made at the first call."""
    folder = Path(tempfile.mkdtemp(prefix="octavo-"))
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        rmtree(folder, ignore_errors=True)
