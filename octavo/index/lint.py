"""Remarks on an index: what is allowed and worth a look.

Some need nothing but the entries and their mentions, some need the pages.
"""

from collections.abc import Iterable, Mapping, Sequence

from octavo.findings import Finding, Report, Weight
from octavo.index.entries import Node, References
from octavo.index.locators import pages_of
from octavo.index.parts import Index, IndexEntry, IndexPlan, Mention, PlannedEntry
from octavo.model import Location
from octavo.pagemap import PageMap, Point


def remark_on_entries(
    nodes: Sequence[Node],
    references: Mapping[str, References],
    mentions: Iterable[Mention],
    report: Report,
) -> None:
    """Remark on ``one-way-see-also`` and ``same-mentions``."""
    for node in nodes:
        for target in references[node.id].see_also:
            faulty = node.entry.see or target.entry.see
            if not faulty and not _leads_back(target, node, nodes, references):
                _remark(
                    report,
                    node.entry.location,
                    "one-way-see-also",
                    f"`{node.path}` says see also `{target.path}`, which does not refer back",
                    f"give `{target.path}` a `see_also` to `{node.path}`, if that helps a reader",
                )
    _remark_on_same_mentions(nodes, mentions, report)


def remark_on_lone_subentries(entries: Iterable[PlannedEntry], report: Report) -> None:
    """Remark on ``single-subentry``: it distinguishes nothing."""
    for entry in entries:
        if len(entry.subs) == 1:
            sub = entry.subs[0]
            _remark(
                report,
                sub.location,
                "single-subentry",
                f"`{entry.heading}` has one subentry only, `{sub.heading}`",
                f"make the heading `{entry.heading}, {sub.heading}`, or add another subentry",
            )


def _leads_back(
    target: Node, node: Node, nodes: Iterable[Node], references: Mapping[str, References]
) -> bool:
    """Whether *target* or one of its subentries refers to *node* or to *node*'s entry."""
    back = {
        end.id
        for other in nodes
        if target.id in (other.id, other.parent) or target.parent == other.id
        for end in references[other.id].see_also
    }
    return bool(back & {node.id, node.parent})


def _remark_on_same_mentions(
    nodes: Iterable[Node], mentions: Iterable[Mention], report: Report
) -> None:
    own: dict[str, list[Mention]] = {}
    for mention in mentions:
        own.setdefault(mention.entry, []).append(mention)

    def places(node: Node) -> list[tuple[Point, Point]]:
        return [(mention.point, mention.last) for mention in own[node.id]]

    # Of most it is enough to know how many they are, and where the first is.
    seen: dict[tuple[int, Point], list[Node]] = {}
    for node in nodes:
        if node.id not in own or node.entry.see:
            continue
        alike = seen.setdefault((len(own[node.id]), own[node.id][0].point), [])
        known = next((other for other in alike if places(other) == places(node)), None)
        if known is None:
            alike.append(node)
        elif known.path != node.path:
            _remark(
                report,
                node.entry.location,
                "same-mentions",
                f"`{node.path}` is found in the very places of `{known.path}`",
                "make one of them a `see` to the other, unless readers look under both",
            )


def remark_on_pages(plan: IndexPlan, index: Index, pagemap: PageMap, report: Report) -> None:
    """Remark on ``many-locators`` and ``idle-see-also``."""
    printed = {entry.id: entry for entry in index.entries()}
    for planned in (member for entry in plan.entries for member in entry.family()):
        entry = printed[planned.id]
        plain = [locator for locator in entry.locators if not locator.main]
        if len(plain) > plan.house.locators:
            _remark(
                report,
                planned.location,
                "many-locators",
                f"`{planned.heading}` has {len(plain)} locators that nothing tells apart",
                "part them into subentries, or mark the principal passage with `main`",
            )
        pages = _pages(entry, pagemap) if entry.see_also else set()
        for reference in entry.see_also:
            found = _pages(printed[reference.target], pagemap)
            if found and found <= pages:
                _remark(
                    report,
                    planned.location,
                    "idle-see-also",
                    f"see also `{reference.label}` adds no page to those of `{planned.heading}`",
                    "take the reference out",
                )


def _pages(entry: IndexEntry, pagemap: PageMap) -> set[int]:
    """The page indexes of the entry and its subentries."""
    return {
        page
        for member in (entry, *entry.subs)
        for locator in member.locators
        for mention in locator.mentions
        for page in pages_of(mention, pagemap)
    }


def _remark(report: Report, location: Location, code: str, found: str, hint: str) -> None:
    report(Finding(location, code, found, hint, Weight.REMARK))
