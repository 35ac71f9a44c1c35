"""What Python compiles anew in every process, compiled once for this environment.

Python keeps its modules compiled, but not the methods that ``dataclasses`` puts together as source
and hands to ``exec`` whenever a class is made, nor the patterns of ``re``: more than a thousand
small compilations at each start. They are kept beside. And it asks for the fields of a class each
time that one object of it is pickled or read again; here that is asked once a class.

Comes in: a folder. Goes out: nothing; classes and patterns are made as before. The one decision:
what is kept is found by a digest of the very source, so that nothing is taken for another's.
"""

import atexit
import dataclasses
import marshal
import os
import re
import sys
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FOLDER = Path(sys.prefix)
DIGEST_SIZE = 16
MOST = 5000
"""Beyond so many, only those that this process asked for are kept on."""


def compile_once(folder: Path = FOLDER) -> Callable[[], int]:
    """Have what is compiled taken from *folder*, and what is new kept there when Python ends.

    Return how much was compiled so far in this process. What cannot be read or written there is
    compiled as before; nothing is written where Python is told to write no bytecode.
    """
    store = _Store(folder / f"octavo_compiled.{sys.implementation.cache_tag}")
    _take_methods(store)
    _take_patterns(store)
    _take_states()
    atexit.register(store.keep)
    return lambda: len(store.new)


class _Store:
    """What is kept, by the digests of its sources: each by itself, for no process asks for all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = os.getpid()
        self.new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        try:
            found: Any = marshal.loads(path.read_bytes())  # noqa: S302 - trusted as .pyc files are
        except (OSError, EOFError, ValueError, TypeError):
            found = None
        self._known: dict[bytes, bytes] = found if isinstance(found, dict) else {}

    def take(self, make: Callable[[], Any], *source: object) -> Any:
        """What was made of *source*, or what *make* makes of it."""
        key = blake2b(repr(source).encode(errors="surrogatepass"), digest_size=DIGEST_SIZE).digest()
        self._used.add(key)
        data = self._known.get(key) or self.new.get(key)
        if data:
            return marshal.loads(data)  # noqa: S302 - trusted as .pyc files are
        made = make()
        self.new[key] = marshal.dumps(made)
        return made

    def keep(self) -> None:
        """Write what is new to the file, if this is the process that read it."""
        if not self.new or sys.dont_write_bytecode or os.getpid() != self._process:
            return
        temporary = self._path.with_name(f"{self._path.name}.{self._process}")
        kept = {**self._known, **self.new}
        if len(kept) > MOST:
            kept = {key: kept[key] for key in self._used}
        try:
            temporary.write_bytes(marshal.dumps(kept))
            temporary.replace(self._path)
        except OSError:
            temporary.unlink(missing_ok=True)


def _take_methods(store: _Store) -> None:
    def execute(source: str, *scopes: Any) -> None:
        exec(  # noqa: S102 - what dataclasses would execute itself
            store.take(lambda: compile(source, "<string>", "exec"), "method", source), *scopes
        )

    # Found before the builtin of that name; where a later Python asks no ``exec``, nothing changes.
    dataclasses.__dict__["exec"] = execute


def _take_states() -> None:
    """Have the state of frozen objects with slots told, and put back, by what is known of a class.

    It is the same state, so that either way reads what the other wrote.
    """
    if not hasattr(dataclasses, "_dataclass_setstate"):
        return
    known: dict[type, list[Any]] = {}

    def slots_of(kind: type) -> list[Any]:
        if kind not in known:
            names = [field.name for field in dataclasses.fields(kind)]
            known[kind] = [getattr(kind, name) for name in names]
        return known[kind]

    def get_state(self: object) -> list[Any]:
        kind = type(self)
        return [slot.__get__(self, kind) for slot in slots_of(kind)]

    def set_state(self: object, state: Sequence[Any]) -> None:
        for slot, value in zip(slots_of(type(self)), state, strict=True):
            slot.__set__(self, value)

    # Each class takes them when it is made.
    dataclasses.__dict__["_dataclass_getstate"] = get_state
    dataclasses.__dict__["_dataclass_setstate"] = set_state


def _take_patterns(store: _Store) -> None:
    compiler: Any = getattr(re, "_compiler", None)
    if not hasattr(compiler, "_sre") or not hasattr(compiler, "compile"):
        return
    engine, stock = compiler._sre, compiler.compile  # noqa: SLF001 - there is no other way in
    facts: list[Any] = []

    def make(pattern: str | bytes, *rest: Any) -> Any:
        facts[:] = rest
        return engine.compile(pattern, *rest)

    def compiled(pattern: str | bytes, flags: int) -> tuple[Any, ...]:
        stock(pattern, flags)
        own, code, groups, names, indices = facts
        # Plain numbers: the engine's own have names, and marshal takes none.
        return int(own), [*map(int, code)], int(groups), dict(names), indices

    def compile_pattern(pattern: Any, flags: int = 0) -> Any:
        if not isinstance(pattern, str | bytes) or flags & re.DEBUG:
            return stock(pattern, flags)
        flags = int(flags)
        known = store.take(
            lambda: compiled(pattern, flags), "pattern", engine.MAGIC, pattern, flags
        )
        return engine.compile(pattern, *known)

    compiler._sre = SimpleNamespace(**{**vars(engine), "compile": make})  # noqa: SLF001 - see above
    compiler.compile = compile_pattern
