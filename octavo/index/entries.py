"""The edition's entries in one row: each with its id, and where its references lead.

Comes in: ``index.toml`` as read. Goes out: nodes in the file's order, subentries
after their entry. Faults of headings and cross-references are found here, since
they need nothing but the entries.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from octavo.edition.schema import Entry
from octavo.findings import Finding, Report, nearest
from octavo.folding import fold


class Ids:
    """Gives out ids made from headings, each once: ``ix-three-represents``."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, *headings: str) -> str:
        stem = "-".join(["ix", *filter(None, map(_slug, headings))])
        name, number = stem, 1
        while name in self._given:
            number += 1
            name = f"{stem}-{number}"
        self._given.add(name)
        return name


def _slug(heading: str) -> str:
    """Letters and digits in lower case without accents, hyphens for all between them.

    Letters of other alphabets by their numbers: old reading systems take no others.
    """
    parts = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(c for c in parts if not unicodedata.combining(c) and c not in "'\u2019")
    words = "".join(c if c.isalnum() else " " for c in letters)
    plain = unicodedata.normalize("NFC", "-".join(words.split()))
    return "".join(c if c.isascii() else f"{ord(c):x}" for c in plain)


@dataclass(frozen=True, slots=True)
class Node:
    """An entry or subentry, found by its id."""

    id: str
    entry: Entry
    parent: str
    """The id of the entry that it is a subentry of; empty for an entry."""
    path: str
    """How a reference names it: ``heading``, or ``heading: subheading``."""


def make_nodes(entries: Iterable[Entry], ids: Ids, report: Report) -> tuple[Node, ...]:
    """All entries and subentries, in order.

    Reports ``duplicate-heading``, ``too-deep`` and ``empty-entry``.
    """
    nodes = tuple(_nodes(entries, ids))
    _report_duplicates(nodes, report)
    for node in nodes:
        _report_depth(node, report)
        _report_empty(node, report)
    return nodes


def _nodes(entries: Iterable[Entry], ids: Ids) -> Iterator[Node]:
    for entry in entries:
        node = Node(ids.give(entry.heading), entry, "", entry.heading)
        yield node
        for sub in entry.sub:
            path = f"{entry.heading}: {sub.heading}"
            yield Node(ids.give(entry.heading, sub.heading), sub, node.id, path)


def _report_duplicates(nodes: Sequence[Node], report: Report) -> None:
    first: dict[tuple[str, str], Node] = {}
    for node in nodes:
        known = first.setdefault((node.parent, _key(node.entry.heading)), node)
        if known is not node:
            report(
                Finding(
                    node.entry.location,
                    "duplicate-heading",
                    f"`{node.path}` is already an entry, at {known.entry.location}",
                    "make one entry of the two",
                )
            )


def _report_depth(node: Node, report: Report) -> None:
    if not node.parent:
        return
    for sub in node.entry.sub:
        report(
            Finding(
                sub.location,
                "too-deep",
                f"`{sub.heading}` is a subentry of a subentry",
                f"make it a subentry of its own beside `{node.path}`",
            )
        )
    if node.entry.by_speaker:
        report(
            Finding(
                node.entry.location,
                "too-deep",
                f"`{node.path}` is a subentry and cannot be parted by speaker",
                "set `by_speaker` on an entry, which then gets a subentry for each speaker",
            )
        )


def _report_empty(node: Node, report: Report) -> None:
    entry = node.entry
    if not (entry.match or entry.sub or entry.see or entry.passages or entry.main):
        instead = "write `see` for `see_also`" if entry.see_also else "give it a `match` or a `see`"
        report(
            Finding(
                entry.location,
                "empty-entry",
                f"`{node.path}` leads a reader nowhere",
                f"{instead}, or take it out",
            )
        )


# Cross-references -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class References:
    """Where a node's *see* and *see also* lead; those that lead nowhere are left out."""

    see: tuple[Node, ...]
    see_also: tuple[Node, ...]


def resolve(nodes: Sequence[Node], report: Report) -> dict[str, References]:
    """The references of each node, by id.

    Reports ``dead-see``, ``self-see``, ``chained-see`` and ``looping-see``.
    """
    by_path: dict[str, Node] = {}
    for node in sorted(nodes, key=lambda n: n.parent != ""):
        by_path.setdefault(_key(node.path), node)
    references = {
        node.id: References(
            tuple(_targets(node, node.entry.see, by_path, report)),
            tuple(_targets(node, node.entry.see_also, by_path, report)),
        )
        for node in nodes
    }
    for node in nodes:
        _report_chains(node, references, report)
    return references


def _key(heading: str) -> str:
    return fold(heading).text.strip()


def _targets(
    node: Node, names: Iterable[str], by_path: dict[str, Node], report: Report
) -> Iterator[Node]:
    for name in dict.fromkeys(names):
        target = by_path.get(_key(name))
        if target is None:
            known = [n.path for n in by_path.values()]
            report(
                Finding(
                    node.entry.location,
                    "dead-see",
                    f"`{node.path}` refers to `{name}`, which is no heading",
                    nearest(name, known) or "name a heading as it stands, or `heading: subheading`",
                )
            )
        elif target is node:
            report(
                Finding(
                    node.entry.location,
                    "self-see",
                    f"`{node.path}` refers to itself",
                    "take the reference out",
                )
            )
        else:
            yield target


def _report_chains(node: Node, references: dict[str, References], report: Report) -> None:
    """A reference must lead to pages, not to another *see*."""
    own = references[node.id]
    for target in (*own.see, *own.see_also):
        if not target.entry.see:
            continue
        ends, looping = _ends(target, references)
        if looping:
            report(
                Finding(
                    node.entry.location,
                    "looping-see",
                    f"`{node.path}` refers to `{target.path}`, and from there in a circle",
                    "let one of the entries that refer to each other have the pages",
                )
            )
            continue
        final = " and ".join(f"`{end.path}`" for end in ends if end is not node)
        report(
            Finding(
                node.entry.location,
                "chained-see",
                f"`{node.path}` refers to `{target.path}`, which is itself a `see`",
                f"refer to {final} instead" if final else "take the reference out",
            )
        )


def _ends(start: Node, references: dict[str, References]) -> tuple[list[Node], bool]:
    """The entries with pages that *see* leads to from *start*; whether it goes in a circle."""
    ends: dict[str, Node] = {}
    looping = False

    def follow(node: Node, above: frozenset[str]) -> None:
        nonlocal looping
        if not node.entry.see:
            ends[node.id] = node
        elif node.id in above:
            looping = True
        else:
            for target in references[node.id].see:
                follow(target, above | {node.id})

    follow(start, frozenset())
    return list(ends.values()), looping
