"""Hyphenation patterns, read as a book needs them.

Pyphen takes every one of a language's thousands of patterns apart when it reads them; a book
asks for few of them. Here a pattern is taken apart when a word asks for it. What Pyphen
answers stays the same.
"""

from pathlib import Path
from typing import Any

import pyphen

DIGITS = str.maketrans("", "", "0123456789")
SPECIAL = ("^^", "/")
"""Marks of characters in hexadecimal, and of words that change their letters at a break."""


def read_patterns_late() -> None:
    """Have Pyphen take patterns apart when they are asked for."""
    pyphen.HyphDict = _Dictionary


class _Dictionary(pyphen.HyphDict):  # type: ignore[misc]
    """A file of patterns (``hyph_en_US.dic``; "man 4 hunspell")."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            encoding = file.readline().decode().strip()
        text = path.read_text("cp1251" if encoding.lower() == "microsoft-cp1251" else encoding)
        written = [
            pattern
            for line in text.split("\n")[1:]
            if (pattern := line.strip()) and not pattern.startswith(pyphen.ignored)
        ]
        body = "\n".join(written)
        if any(mark in body for mark in SPECIAL):
            super().__init__(path)
            return
        letters = body.translate(DIGITS).split("\n")
        self.patterns = _Patterns(zip(letters, written, strict=True))
        self.cache: dict[str, Any] = {}
        self.maxlen = max(map(len, self.patterns))


class _Patterns(dict[str, Any]):
    """Where to break by the letters of each pattern; those not asked for are as written."""

    def get(self, letters: str, default: object = None) -> Any:
        found = super().get(letters, default)
        if isinstance(found, str):
            found = self[letters] = _take_apart(found)
        return found


def _take_apart(written: str) -> tuple[int, tuple[int, ...]] | None:
    """``.ad4der`` is 4 behind the third letter: (3, (4,)); none where all are zero."""
    values = tuple(int(digit or "0") for digit, _ in pyphen.parse(written))
    held = [place for place, value in enumerate(values) if value]
    if not held:
        return None
    return held[0], values[held[0] : held[-1] + 1]
