"""The edition's files on disk: bytes in, checked TOML with its places or text out.

A fault of a file (not there, not readable, not UTF-8, not TOML) is reported once, and
the file is then taken as empty, so that the faults of the others are found too.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from octavo.edition.places import Path as KeyPath
from octavo.edition.places import find_places
from octavo.findings import Finding, Report
from octavo.model import Location
from octavo.readers.source import Places, read_characters

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file: its values, and where each stands."""

    path: str
    """As it is shown."""
    values: Mapping[str, Any]
    places: Mapping[KeyPath, tuple[int, int]]
    is_sound: bool = True
    """Whether it could be read; if not, that is reported, and the values are empty."""

    def locate(self, path: KeyPath) -> Location:
        """Where the key, or else the nearest table around it, stands."""
        while path and path not in self.places:
            path = path[:-1]
        return Location(self.path, *self.places.get(path, (1, 1)))


def show_path(path: Path) -> str:
    """Return *path* as findings show it: relative to the current folder when it lies below."""
    here = Path.cwd()
    whole = Path(os.path.normpath(here / path))
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def read_toml(path: Path, report: Report) -> TomlFile:
    """Read a TOML file; one that is absent is empty."""
    shown = show_path(path)
    unsound = TomlFile(shown, {}, {}, is_sound=False)
    text = read_text(path, report)
    if text is None:
        return unsound
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        report(_syntax_finding(error, text, shown))
        return unsound
    except RecursionError:
        hint = "write the values out in tables"
        found = "brackets are nested too deeply"
        report(Finding(Location(shown), "toml-syntax", found, hint))
        return unsound
    return TomlFile(shown, values, find_places(text))


def read_text(path: Path, report: Report) -> str | None:
    """Return the text of a UTF-8 file, lines ending with LF; None after reporting a fault."""
    data = read_bytes(path, report)
    return None if data is None else read_characters(data, show_path(path), report)


def read_bytes(path: Path, report: Report) -> bytes | None:
    """Return the bytes of a file, none when it is absent; None after reporting a fault."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        found = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
        hint = "look at its permissions, and that it is a file"
        report(Finding(Location(show_path(path)), "unreadable", found, hint))
        return None


def _syntax_finding(error: tomllib.TOMLDecodeError, text: str, shown: str) -> Finding:
    message = str(error)
    end = Places(text, shown).locate(len(text.rstrip()))
    place = _PLACE.search(message)
    where = Location(shown, int(place[1]), int(place[2])) if place and place[1] else end
    found = _PLACE.sub("", message)
    if found.startswith("Cannot "):  # tomllib points behind what stands twice.
        hint = "it stands in the file twice, or is both a table and a value: delete one"
        return Finding(Location(shown, where.line), "toml-syntax", f"c{found[1:]}", hint)
    return Finding(where, "toml-syntax", found[:1].lower() + found[1:], _hint(text, where))


def _hint(text: str, where: Location) -> str:
    line = text.split("\n")[where.line - 1] if where.line <= text.count("\n") + 1 else ""
    if any(mark in line for mark in "“”„«»‘’"):
        return "texts stand in straight quotation marks: `\"` or `'`"
    if "=" in line and not re.search(r"""["'\[{]|=\s*[\d+-]""", line):
        return 'a text stands in quotation marks: `title = "A Talk"`'
    if line.count('"') % 2:
        return "a quotation mark inside a text is written `\\\"`, or the text stands in `'`"
    return "a line is a `[table]` or a `key = value`"
