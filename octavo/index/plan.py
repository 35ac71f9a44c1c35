"""The index before layout: entries with ids and references, mentions as points.

Comes in: the Book. Goes out: an ``IndexPlan``, and every fault and remark that needs
no page. Everything after this only counts pages and sorts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from octavo.book import Book
from octavo.edition.schema import Speaker
from octavo.findings import Finding, Report
from octavo.index.entries import Ids, Node, References, make_nodes, resolve
from octavo.index.finds import find_in, seek
from octavo.index.lint import remark_on_entries, remark_on_lone_subentries
from octavo.index.mentions import join_mentions
from octavo.index.parts import CrossReference, IndexPlan, Mention, PlannedEntry
from octavo.memory import Memory
from octavo.typography import set_marks


def plan_index(book: Book, report: Report, memory: Memory | None = None) -> IndexPlan:
    """Plan the index of *book* and report all that is wrong with its entries.

    What was found in a chapter is kept in *memory*.
    """
    ids = Ids()
    nodes = make_nodes(book.edition.index.entry, ids, report)
    references = resolve(nodes, report)
    sought = seek(book, nodes)
    finds = [find_in(chapter, sought, memory or Memory(None)) for chapter in book.chapters]
    mentions = join_mentions(book, nodes, finds, report)
    _report_see_with_locators(nodes, mentions, report)
    remark_on_entries(nodes, references, mentions, report)
    headings = {node.id: _set_heading(node.entry.heading, book) for node in nodes}
    entries = tuple(_entries(nodes, references, headings))
    by_speaker = _Speakers(book, ids)
    entries, mentions = by_speaker.part(nodes, entries, mentions)
    remark_on_lone_subentries(entries, report)
    return IndexPlan(
        language=book.language,
        house=book.edition.file.index,
        entries=entries,
        mentions=mentions,
        discussions=dict(pair for found in finds for pair in found.discussions.items()),
    )


def _report_see_with_locators(
    nodes: Iterable[Node], mentions: Iterable[Mention], report: Report
) -> None:
    mentioned = {mention.entry for mention in mentions}
    for node in nodes:
        own = {
            "mentions": node.id in mentioned,
            "subentries": bool(node.entry.sub),
            "a `see_also`": bool(node.entry.see_also),
        }
        if node.entry.see and any(own.values()):
            has = " and ".join(name for name, there in own.items() if there)
            report(
                Finding(
                    node.entry.location,
                    "see-with-locators",
                    f"`{node.path}` has a `see` and {has} of its own",
                    "write `see_also` for `see`, or move the rest to the entry referred to",
                )
            )


def _set_heading(heading: str, book: Book) -> str:
    return set_marks(heading, book.language, book.edition.file.book.dashes)[0]


def _entries(
    nodes: Sequence[Node], references: Mapping[str, References], headings: Mapping[str, str]
) -> Iterator[PlannedEntry]:
    subs: defaultdict[str, list[PlannedEntry]] = defaultdict(list)
    for node in reversed(nodes):
        entry = PlannedEntry(
            id=node.id,
            heading=headings[node.id],
            sort=node.entry.sort,
            location=node.entry.location,
            subs=tuple(reversed(subs[node.id])),
            see=_cross_references(references[node.id].see, headings),
            see_also=_cross_references(references[node.id].see_also, headings),
        )
        subs[node.parent].append(entry)
    yield from reversed(subs[""])


def _cross_references(
    targets: Iterable[Node], headings: Mapping[str, str]
) -> tuple[CrossReference, ...]:
    return tuple(
        CrossReference(
            ": ".join(headings[name] for name in (target.parent, target.id) if name), target.id
        )
        for target in targets
    )


class _Speakers:
    """Makes subentries from the speakers of an entry's mentions."""

    def __init__(self, book: Book, ids: Ids) -> None:
        self._by_label: dict[str, Speaker] = {s.label: s for s in book.speakers}
        self._default = book.edition.file.index.by_speaker
        self._ids = ids

    def part(
        self,
        nodes: Iterable[Node],
        entries: Iterable[PlannedEntry],
        mentions: tuple[Mention, ...],
    ) -> tuple[tuple[PlannedEntry, ...], tuple[Mention, ...]]:
        """*entries* with a subentry for each speaker, and *mentions* moved there.

        An entry of which one speaker alone speaks stays whole: a lone subentry says nothing.
        """
        wanted = {
            node.id
            for node in nodes
            if not node.parent
            and not node.entry.see
            and (self._default if node.entry.by_speaker is None else node.entry.by_speaker)
        }
        labels: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for mention in mentions:
            if mention.entry in wanted and mention.speaker:
                labels[mention.entry].setdefault(mention.speaker)
        moved: dict[tuple[str, str], str] = {}
        parted = []
        for entry in entries:
            subs = list(entry.subs)
            if len(labels[entry.id]) > 1:
                for label in labels[entry.id]:
                    subs.append(self._sub(entry, label))
                    moved[entry.id, label] = subs[-1].id
            parted.append(replace(entry, subs=tuple(subs)))
        if not moved:
            return tuple(parted), mentions
        return tuple(parted), tuple(
            m._replace(entry=moved[m.entry, m.speaker]) if (m.entry, m.speaker) in moved else m
            for m in mentions
        )

    def _sub(self, entry: PlannedEntry, label: str) -> PlannedEntry:
        speaker = self._by_label[label]
        return PlannedEntry(
            id=self._ids.give(entry.heading, speaker.full_name),
            heading=speaker.full_name,
            sort=speaker.sort or speaker.full_name,
            location=entry.location,
        )
