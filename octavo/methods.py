"""The methods that dataclasses write for themselves, compiled once for this environment.

``dataclasses`` puts each method of each class together as source and hands it to ``exec`` whenever
the class is made, which is in every process anew: a thousand small compilations, an eighth of what
a changed word costs. Python keeps its modules compiled; this keeps these methods beside them.

Comes in: a folder. Goes out: nothing; classes are made as before. The one decision: what is kept
is found by a digest of the very source, so that a method is never another's.
"""

import atexit
import dataclasses
import marshal
import os
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from types import CodeType
from typing import Any

FOLDER = Path(sys.prefix)
DIGEST_SIZE = 16


def compile_once(folder: Path = FOLDER) -> Callable[[], int]:
    """Have ``dataclasses`` take the code of methods from *folder*, and keep there what is new.

    Return how many were compiled so far in this process. What cannot be read or written there is
    compiled as before; nothing is written where Python is told to write no bytecode.
    """
    path = folder / f"octavo_methods.{sys.implementation.cache_tag}"
    known = _read(path)
    new: dict[bytes, CodeType] = {}

    def execute(source: str, *scopes: Any) -> None:
        digest = blake2b(source.encode(), digest_size=DIGEST_SIZE).digest()
        code = known.get(digest) or new.get(digest)
        if code is None:
            code = new[digest] = compile(source, "<string>", "exec")
        exec(code, *scopes)  # noqa: S102 - what dataclasses would execute itself

    # Found before the builtin of that name; where a later Python asks no ``exec``, nothing changes.
    dataclasses.__dict__["exec"] = execute
    own = os.getpid()

    def keep() -> None:
        if new and os.getpid() == own and not sys.dont_write_bytecode:
            _write(path, {**known, **new})

    atexit.register(keep)
    return lambda: len(new)


def _read(path: Path) -> dict[bytes, CodeType]:
    try:
        found = marshal.loads(path.read_bytes())  # noqa: S302 - of this environment, like its .pyc
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, methods: dict[bytes, CodeType]) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(marshal.dumps(methods))
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
