"""The engine's C declarations, compiled once for this environment.

WeasyPrint hands cffi the declarations of the functions it calls as C source, and each
process that imports it reads them anew. cffi's own compiled form of them needs no
reading; it is kept in the environment, as Python keeps its modules', and is never trusted
beyond its name, which is a digest of the source and the version of cffi.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(sys.prefix)


@contextmanager
def compiled_declarations() -> Iterator[None]:
    """Have modules imported meanwhile get compiled declarations from ``cffi.FFI``."""
    if "cffi" in sys.modules:
        yield
        return
    stand_in = ModuleType("cffi")
    stand_in.__dict__["FFI"] = _Declarations
    sys.modules["cffi"] = stand_in
    try:
        yield
    finally:
        del sys.modules["cffi"]


class _Declarations:
    """Stands in for ``cffi.FFI`` until it is told what to declare."""

    def cdef(self, source: str) -> None:
        import _cffi_backend

        digest = sha256(f"{_cffi_backend.__version__} {source}".encode()).hexdigest()[:16]
        name = f"octavo_declarations_{digest}"
        path = FOLDER / f"{name}.py"
        declared = _load(name, path) if path.exists() else _compile(name, path, source)
        for part in dir(declared):
            if not part.startswith("_"):
                setattr(self, part, getattr(declared, part))


def _load(name: str, path: Path) -> Any:
    loader = SourceFileLoader(name, str(path))
    spec = spec_from_loader(name, loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module.ffi


def _compile(name: str, path: Path, source: str) -> Any:
    """Declare by cffi itself, and keep the compiled form where that may be written."""
    stand_in = sys.modules.pop("cffi")
    try:
        import cffi

        ffi = cffi.FFI()
        ffi.cdef(source)
        ffi.set_source(name, None)
        temporary = path.with_suffix(f".{id(ffi):x}")
        try:
            with redirect_stdout(StringIO()):  # It tells what it is about.
                ffi.emit_python_code(str(temporary))
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
        return ffi
    finally:
        sys.modules["cffi"] = stand_in
