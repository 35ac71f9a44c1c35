"""Methods of dataclasses, compiled once: the same classes, sooner."""

import subprocess
import sys
from pathlib import Path

import pytest

CLASSES = """
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

@dataclass(frozen=True, slots=True, order=True)
class Place:
    file: str
    line: int = 0
    also: tuple = field(default=(), compare=False)

a, b = Place("a.txt", 3), Place("a.txt", 4)
assert a < b and a == Place("a.txt", 3, ("x",)) and hash(a) == hash(replace(a))
assert repr(a) == "Place(file='a.txt', line=3, also=())"
assert [one.name for one in fields(Place)] == ["file", "line", "also"]
try:
    a.line = 5
except FrozenInstanceError:
    pass
else:
    raise SystemExit("a frozen instance was changed")
"""
START = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from octavo.methods import compile_once
compiled = compile_once(Path({folder!r}))
{classes}
print(compiled())
"""


def run(folder: Path, classes: str = CLASSES, *options: str) -> int:
    """How many methods a new process compiles that makes *classes*."""
    code = START.format(root=str(Path(__file__).parents[1]), folder=str(folder), classes=classes)
    done = subprocess.run(
        [sys.executable, "-E", *options, "-c", code], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def test_methods_are_compiled_once(tmp_path: Path) -> None:
    """The second process compiles none, and only what has changed after that."""
    first = run(tmp_path)
    assert first > 5
    assert run(tmp_path) == 0
    changed = (
        CLASSES.replace("line: int = 0", "line: int = 0\n    column: int = 0")
        .replace(", also=()", ", column=0, also=()")
        .replace('"line", "also"', '"line", "column", "also"')
        .replace('3, ("x",)', '3, 0, ("x",)')
    )
    assert 0 < run(tmp_path, changed) < first + 1
    assert run(tmp_path, changed) == run(tmp_path) == 0


@pytest.mark.parametrize("data", [b"", b"nonsense", b"i\x01\x00\x00\x00"])
def test_a_damaged_file_is_made_anew(data: bytes, tmp_path: Path) -> None:
    run(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(data)
    assert run(tmp_path) > 5
    assert run(tmp_path) == 0


def test_nothing_is_written_where_python_shall_not(tmp_path: Path) -> None:
    """Nor where nobody may write; the classes are made all the same."""
    assert run(tmp_path, CLASSES, "-B") > 5
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path / "nowhere") > 5
