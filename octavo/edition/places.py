"""Where each key of a TOML file stands, which ``tomllib`` does not tell.

Comes in: text that ``tomllib`` has accepted. Goes out: line and column by the key's
path. The one decision: being accepted, the text is only walked, not checked; values
are passed over but for what holds keys or items.
"""

import re
import tomllib

Path = tuple[str | int, ...]
"""Keys, and the numbers of items from 0: ``("entry", 2, "see")``."""

_SPACE = re.compile(r"[ \t]*")
_SPACE_AND_COMMENTS = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}')
_LONG_LITERAL = re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}")
_SCALAR = re.compile(r"[^,\]}#\n]+")


def find_places(text: str) -> dict[Path, tuple[int, int]]:
    """Return line and column, from 1, where each key, table and item of *text* first stands.

    A table stands at its ``[header]``; a key that only dots name stands where it is first named.
    """
    return _Walk(text.replace("\r\n", "\n")).places()


class _Walk:
    """Walks a TOML text once, from its first character to its last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._offsets: dict[Path, int] = {}
        self._items: dict[Path, int] = {}
        """How many ``[[tables]]`` of a path have begun."""

    def places(self) -> dict[Path, tuple[int, int]]:
        table: Path = ()
        self._skip(_SPACE_AND_COMMENTS)
        while self._at < len(self._text):
            table = self._header() if self._next("[") else self._pair(table)
            self._skip(_SPACE_AND_COMMENTS)
        return self._count_lines()

    def _header(self) -> Path:
        start = self._at
        brackets = 2 if self._next("[[") else 1
        self._at += brackets
        keys = [key for key, _ in self._key()]
        self._skip(_SPACE)
        self._at += brackets
        path: Path = ()
        for key in keys[:-1]:
            path = self._last_item((*path, key))
            self._offsets.setdefault(path, start)
        path = (*path, keys[-1])
        self._offsets.setdefault(path, start)
        if brackets == 2:
            number = self._items.get(path, 0)
            self._items[path] = number + 1
            path = (*path, number)
        self._offsets.setdefault(path, start)
        return path

    def _last_item(self, path: Path) -> Path:
        """A header below ``[[a]]`` belongs to the ``a`` that was begun last."""
        return (*path, self._items[path] - 1) if path in self._items else path

    def _pair(self, table: Path) -> Path:
        path = table
        for key, offset in self._key():
            path = (*path, key)
            self._offsets.setdefault(path, offset)
        self._skip(_SPACE)
        self._at += len("=")
        self._skip(_SPACE)
        self._value(path)
        return table

    def _key(self) -> list[tuple[str, int]]:
        """The parts of a dotted key and where each begins."""
        parts: list[tuple[str, int]] = []
        while True:
            self._skip(_SPACE)
            start = self._at
            if self._next('"') or self._next("'"):
                quoted = self._take(_BASIC if self._next('"') else _LITERAL)
                parts.append((tomllib.loads(f"k = {quoted}")["k"], start))
            else:
                parts.append((self._take(_BARE_KEY), start))
            self._skip(_SPACE)
            if not self._next("."):
                return parts
            self._at += 1

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._array(path)
        elif self._next("{"):
            self._inline_table(path)
        elif self._next('"""'):
            self._take(_LONG_BASIC)
        elif self._next("'''"):
            self._take(_LONG_LITERAL)
        elif self._next('"'):
            self._take(_BASIC)
        elif self._next("'"):
            self._take(_LITERAL)
        else:
            self._take(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        self._skip(_SPACE_AND_COMMENTS)
        number = 0
        while not self._next("]"):
            item = (*path, number)
            self._offsets.setdefault(item, self._at)
            self._value(item)
            self._skip(_SPACE_AND_COMMENTS)
            if self._next(","):
                self._at += 1
                self._skip(_SPACE_AND_COMMENTS)
            number += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        self._skip(_SPACE_AND_COMMENTS)
        while not self._next("}"):
            self._pair(path)
            self._skip(_SPACE_AND_COMMENTS)
            if self._next(","):
                self._at += 1
                self._skip(_SPACE_AND_COMMENTS)
        self._at += 1

    def _next(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise AssertionError(f"walked off the TOML at {self._text[self._at : self._at + 20]!r}")
        self._at = found.end()
        return found.group()

    def _count_lines(self) -> dict[Path, tuple[int, int]]:
        places: dict[Path, tuple[int, int]] = {}
        line, line_start, at = 1, 0, 0
        for path, offset in sorted(self._offsets.items(), key=lambda item: item[1]):
            line += self._text.count("\n", at, offset)
            line_start = self._text.rfind("\n", 0, offset) + 1
            at = offset
            places[path] = (line, offset - line_start + 1)
        return places
