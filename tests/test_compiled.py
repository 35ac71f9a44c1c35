"""Methods of dataclasses and patterns, compiled once: the same, sooner."""

import subprocess
import sys
from pathlib import Path

import pytest

from octavo.compiled import MOST

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
import pickle

@dataclass(frozen=True, slots=True)
class Near(Place):
    by: str = ""

for whole in (Near("a.txt", 3, ("x",), "y"), Place("b.txt")):
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert whole.__getstate__() == [getattr(whole, one.name) for one in fields(whole)]
assert pickle.loads(pickle.dumps(Near("a.txt", 3, ("x",), "y"))).also == ("x",)
"""
PATTERNS = r"""
import re

date = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})|(?P<word>[^\W\d_]+)", re.VERBOSE)
assert date.match("2026-11").groupdict() == {"year": "2026", "month": "11", "word": None}
assert date.groupindex == {"year": 1, "month": 2, "word": 3} and date.groups == 3
assert date.flags == re.VERBOSE | re.UNICODE and date.pattern.startswith("(?P<year>")
assert re.compile("ÄB", re.IGNORECASE).match("äb") and not re.compile("ÄB").match("äb")
assert re.compile(rb"\xff+").match(b"\xff\xff").end() == 2
assert re.split("(?i)x", "aXb") == ["a", "b"]
assert re.sub(r"(a)(?=b)", r"<\1>", "abac") == "<a>bac" and re.compile(date) is date
try:
    re.compile("(")
except re.error as error:
    assert error.pos == 0
else:
    raise SystemExit("a bracket was left open")
"""
START = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from octavo.compiled import compile_once
compiled = compile_once(Path({folder!r}))
{classes}
print(compiled())
"""


def run(folder: Path, classes: str = CLASSES, *options: str) -> int:
    """How much a new process compiles that makes *classes*."""
    code = START.format(root=str(Path(__file__).parents[1]), folder=str(folder), classes=classes)
    done = subprocess.run(
        [sys.executable, "-E", *options, "-c", code], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def test_all_is_compiled_once(tmp_path: Path) -> None:
    """The second process compiles none, and only what has changed after that."""
    first = run(tmp_path)
    assert first > 5
    assert run(tmp_path) == 0
    assert run(tmp_path, PATTERNS) > 5
    assert run(tmp_path, PATTERNS) == run(tmp_path) == 0
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


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    """Else each new version of the code would leave its own behind for ever."""
    run(tmp_path)
    many = "\n".join(f"re.compile('{number}a+')" for number in range(MOST))
    assert run(tmp_path, f"import re\n{many}") >= MOST
    assert run(tmp_path) > 5


def test_nothing_is_written_where_python_shall_not(tmp_path: Path) -> None:
    """Nor where nobody may write; the classes are made all the same."""
    assert run(tmp_path, CLASSES, "-B") > 5
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path / "nowhere") > 5
