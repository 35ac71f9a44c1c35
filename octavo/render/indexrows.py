"""The index as rows of pieces: what each line says, and in which type, before it is broken.

Comes in: the Index and the words of the templates. Goes out: rows in printed order; a row
is a letter, an entry, a subentry or its *see also*. Indented style, two levels (Chicago).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from octavo.index import CrossReference, Index, IndexEntry, Locator
from octavo.pagemap import Point

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class Piece(NamedTuple):
    """Words set in one type."""

    words: str
    """A line ends where it holds a line feed."""
    type: str = ""
    """``italic``, ``bold`` or nothing."""
    anchor: str = ""
    """What it links to; empty for no link."""
    spoken: str = ""
    """What a screen reader says of the link."""


class Row(NamedTuple):
    """A paragraph of the index."""

    kind: str
    """``letter``, ``entry``, ``sub``, ``continued`` or ``turnover``; its CSS class too."""
    id: str
    pieces: tuple[Piece, ...]


Entry = tuple[Row, ...]
"""A heading's row, then those of its subentries and of its *see also*."""


@dataclass(frozen=True, slots=True)
class Group:
    """The entries under one letter."""

    letter: Row
    entries: tuple[Entry, ...]


def index_rows(index: Index, words: Mapping[str, Any]) -> tuple[Group, ...]:
    """Return the index's rows, group by group."""
    return tuple(
        Group(
            Row("letter", "", (Piece(group.letter),)),
            tuple(tuple(_rows(entry, words)) for entry in group.entries),
        )
        for group in index.groups
    )


def link_points(index: Index) -> dict[str, Point]:
    """Where the links of the printed index lead, by their names."""
    return {name: locator.target for entry in index.entries() for name, locator in entry.links()}


def continued(entry: Entry, words: Mapping[str, Any]) -> Row:
    """The row that stands above what is left of *entry* in the next column."""
    heading = entry[0].pieces[0]
    return Row("continued", "", (heading, Piece(f" ({words['continued']})", "italic")))


def _rows(entry: IndexEntry, words: Mapping[str, Any]) -> Iterator[Row]:
    last = () if entry.subs else _references(entry.see_also, words["see_also"])
    yield Row("entry", entry.id, (*_head(entry, words), *_after_stop(last)))
    for sub in entry.subs:
        sub_last = _references(sub.see_also, words["see_also"])
        yield Row("sub", sub.id, (*_head(sub, words), *_after_stop(sub_last)))
    if entry.subs and entry.see_also:
        yield Row("sub", "", tuple(_references(entry.see_also, words["see_also"])))


def _head(entry: IndexEntry, words: Mapping[str, Any]) -> Iterator[Piece]:
    yield Piece(entry.heading)
    space = NO_BREAK_SPACE
    for name, locator in entry.links():
        # The first locator is never parted from the heading's last word.
        yield Piece(f",{space}")
        yield _locator(locator, name, entry, words)
        space = " "
    yield from _after_stop(_references(entry.see, words["see"]))


def _locator(locator: Locator, link: str, entry: IndexEntry, words: Mapping[str, Any]) -> Piece:
    spoken = f"{words['page']} {locator.spoken}, {entry.heading}"
    if locator.main:
        return Piece(locator.text, "bold", link, f"{spoken}, {words['main_passage']}")
    return Piece(locator.text, "", link, spoken)


def _references(targets: tuple[CrossReference, ...], word: str) -> list[Piece]:
    pieces = []
    for number, target in enumerate(targets):
        pieces.append(
            Piece("; ")
            if number
            else Piece(f"{word.capitalize().replace(' ', NO_BREAK_SPACE)} ", "italic")
        )
        pieces.append(Piece(target.label, "", target.target, target.label))
    return pieces


def _after_stop(pieces: tuple[Piece, ...] | list[Piece] | Iterator[Piece]) -> list[Piece]:
    found = list(pieces)
    return [Piece(". "), *found] if found else []
