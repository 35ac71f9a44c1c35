"""From TOML values to the tables of ``schema``: every key and type checked, all faults told.

Comes in: a TOML file and the dataclass that it should be. Goes out: the dataclass,
with defaults where a fault was reported. The one decision: the types of the fields are
the rule. (pydantic's strict mode takes no nested tables for dataclasses, and its import
costs more than the whole reading of an edition; msgspec stops at the first fault.)
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from types import GenericAlias, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from octavo.edition.files import TomlFile
from octavo.edition.places import Path
from octavo.findings import Finding, Report, nearest

Table = TypeVar("Table")

LOCATION = "location"
"""The one field of a table that the reader fills in, not the editor."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_WRONG: Any = object()


def read_table(kind: type[Table], file: TomlFile, report: Report) -> Table:
    """Return *file* as a *kind*; reports unknown and missing keys, wrong types, bad values."""
    return _Reading(file, report).table(kind, file.values, ())


class _Reading:
    """Reads one file; holds what every finding needs."""

    def __init__(self, file: TomlFile, report: Report) -> None:
        self._file = file
        self._report = report

    def table(self, kind: type[Table], values: Mapping[str, Any], path: Path) -> Table:
        known = _fields(cast(Any, kind))
        for key in values:
            if key not in known:
                self._unknown(key, known, path)
        arguments: dict[str, Any] = {}
        for name, (field, wanted) in known.items():
            value = self._value(wanted, values[name], (*path, name)) if name in values else _WRONG
            if value is not _WRONG:
                arguments[name] = value
            elif _is_required(field):
                arguments[name] = ""
                if name not in values:
                    self._missing(name, path)
        if LOCATION in {field.name for field in fields(cast(Any, kind))}:
            arguments[LOCATION] = self._file.locate(path)
        return kind(**arguments)

    def _value(self, wanted: Any, value: Any, path: Path) -> Any:
        """Return *value* as a *wanted*, or ``_WRONG`` after reporting why it is none."""
        if get_origin(wanted) is tuple:
            return self._list(get_args(wanted)[0], value, path)
        if is_dataclass(wanted):
            if isinstance(value, dict):
                return self.table(cast(type[Any], wanted), value, path)
            return self._wrong(wanted, value, path)
        if get_origin(wanted) is Literal:
            return self._choice(get_args(wanted), value, path)
        if type(value) is not wanted:
            return self._wrong(wanted, value, path)
        if isinstance(value, datetime) and value.tzinfo is None:
            hint = f"add the offset: `{value.isoformat()}Z` for UTC, or e.g. `+02:00`"
            return self._finding(path, "bad-value", "the time has no offset", hint)
        if isinstance(value, str) and (control := _CONTROL.search(value)):
            found = f"the control character U+{ord(control.group()):04X} in `{path[-1]}`"
            return self._finding(path, "control-character", found, "delete it; it prints nothing")
        return value

    def _list(self, wanted: Any, value: Any, path: Path) -> Any:
        if isinstance(value, str) and not is_dataclass(wanted):
            value = [value]  # One text is a list of one, as in `see = "Party"`.
        if not isinstance(value, list):
            return self._wrong(GenericAlias(tuple, (wanted, ...)), value, path)
        items = [self._value(wanted, item, (*path, n)) for n, item in enumerate(value)]
        return tuple(item for item in items if item is not _WRONG)

    def _choice(self, allowed: tuple[str, ...], value: Any, path: Path) -> Any:
        if value in allowed:
            return value
        if not isinstance(value, str):
            return self._wrong(str, value, path)
        found = f"`{_key(path)}` is `{value}`"
        return self._finding(path, "bad-value", found, list_allowed(value, allowed))

    def _unknown(self, key: str, known: Mapping[str, Any], path: Path) -> None:
        where = _header(path) if path else "the file"
        hint = nearest(key, known) or _nearest_below(key, known)
        hint = hint or "its keys are " + ", ".join(f"`{name}`" for name in known)
        self._finding((*path, key), "unknown-key", f"{where} has no key `{key}`", hint)

    def _missing(self, name: str, path: Path) -> None:
        hint = f'add `{name} = "…"` under it'
        self._finding(path, "missing-key", f"{_header(path)} has no `{name}`", hint)

    def _wrong(self, wanted: Any, value: Any, path: Path) -> Any:
        item = "an item of " if isinstance(path[-1], int) else ""
        found = f"{item}`{_key(path)}` is {_describe(value)}, not {_name_type(wanted)}"
        return self._finding(path, "wrong-type", found, _how_to_write(wanted, value, path))

    def _finding(self, path: Path, code: str, found: str, hint: str) -> Any:
        self._report(Finding(self._file.locate(path), code, found, hint))
        return _WRONG


def list_allowed(word: str, allowed: Collection[str]) -> str:
    """Return a hint that names the nearest of the *allowed* words, and all of them."""
    listed = ", ".join(f"`{name}`" for name in allowed)
    it_is = f"it is one of {listed}" if len(allowed) > 1 else f"only {listed} is known yet"
    return " ".join(filter(None, [nearest(word, allowed), it_is]))


def _nearest_below(key: str, known: Mapping[str, tuple[Field[Any], Any]]) -> str:
    """Name the table that a key was meant to stand in, when it was written above all tables."""
    for name, (_, wanted) in known.items():
        if is_dataclass(wanted) and (near := nearest(key, _fields(cast(Any, wanted)))):
            return f"{near} It stands under `[{name}]`"
    return ""


@cache
def _fields(kind: type) -> dict[str, tuple[Field[Any], Any]]:
    """The fields that an editor may write, each with its type, an absent value left out."""
    hints = get_type_hints(kind)
    known: dict[str, tuple[Field[Any], Any]] = {}
    for field in fields(kind):
        wanted = hints[field.name]
        if get_origin(wanted) is UnionType:
            wanted = next(part for part in get_args(wanted) if part is not type(None))
        if field.name != LOCATION:
            known[field.name] = (field, wanted)
    return known


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _key(path: Path) -> str:
    """The name of the last key of *path*: items of a list go by the list's name."""
    return ".".join(str(part) for part in path if isinstance(part, str))


def _header(path: Path) -> str:
    return f"[[{_key(path)}]]" if isinstance(path[-1], int) else f"[{_key(path)}]"


def _describe(value: Any) -> str:
    names = {
        str: "a text",
        bool: "true/false",
        int: "a whole number",
        float: "a number with a point",
        datetime: "a date and time",
        date: "a date",
        time: "a time",
        list: "a list",
        dict: "a table",
    }
    return names[type(value)]


def _name_type(wanted: Any) -> str:
    if get_origin(wanted) is tuple:
        item = get_args(wanted)[0]
        return "a list of tables" if is_dataclass(item) else "a list of texts"
    if is_dataclass(wanted):
        return "a table"
    return "a date and time with an offset" if wanted is datetime else _describe(wanted())


def _how_to_write(wanted: Any, value: Any, path: Path) -> str:
    key = path[-1] if isinstance(path[-1], str) else ""
    if get_origin(wanted) is tuple and is_dataclass(get_args(wanted)[0]):
        return f"head each with two brackets: `[[{_key(path)}]]`"
    if is_dataclass(wanted):
        return f"head it with one pair of brackets: `[{_key(path)}]`"
    if get_origin(wanted) is tuple:
        return f'write `{key} = ["…", "…"]`'
    if wanted is datetime:
        return f"write it without quotation marks, as `{key} = 2026-11-23T00:00:00Z`"
    if wanted is bool:
        return f"write `{key} = true` or `{key} = false`, without quotation marks"
    if wanted is int:
        return f"write `{key} = 7`, without quotation marks"
    if isinstance(value, list | dict):
        return f'write `{key} = "…"`' if key else 'write `"…"`'
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'put it in quotation marks: `"{text}"`'
