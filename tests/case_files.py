"""Cases as prose: a Markdown file that says why, then shows what goes in and what comes out.

A case is a fence whose first word is ``case``; options may follow it. A line that
holds a full stop alone parts the input from what is expected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

CASES = Path(__file__).parent / "cases"

_FENCE = re.compile(r"(?P<fence>`{3,})case(?P<options>.*)")


@dataclass(frozen=True, slots=True)
class Case:
    """One case; input and expected end without a line end."""

    options: str
    input: str
    expected: str
    path: Path
    line: int
    """Where its fence opens."""


def cases(folder: str) -> list[ParameterSet]:
    """Return every case of ``tests/cases/<folder>/*.md``, each called by its file and line."""
    return [
        pytest.param(case, id=f"{path.name}:{case.line}")
        for path in sorted((CASES / folder).glob("*.md"))
        for case in read_cases(path)
    ]


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file in order."""
    lines = path.read_text(encoding="utf-8").split("\n")
    number = 0
    while number < len(lines):
        opening = _FENCE.fullmatch(lines[number].rstrip())
        number += 1
        if not opening:
            continue
        end = number
        while end < len(lines) and lines[end].rstrip() != opening["fence"]:
            end += 1
        yield _case(path, number, opening["options"], lines[number:end], closed=end < len(lines))
        number = end + 1


def _case(path: Path, line: int, options: str, body: list[str], *, closed: bool) -> Case:
    if not closed or "." not in body:
        raise ValueError(f"{path}:{line}: a case wants a line `.` and a fence that closes it")
    dot = body.index(".")
    given, expected = "\n".join(body[:dot]), "\n".join(body[dot + 1 :])
    return Case(options.strip(), given, expected, path, line)
