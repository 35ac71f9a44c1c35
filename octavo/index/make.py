"""Plan and page map in, the index out: locators, order, letter groups."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from octavo.findings import Finding, Report
from octavo.index.collation import (
    NUMBERS_GROUP,
    SYMBOLS_GROUP,
    SortKey,
    group_letter,
    pass_over,
    sort_key,
)
from octavo.index.lint import remark_on_pages
from octavo.index.locators import make_locators
from octavo.index.parts import (
    CrossReference,
    Index,
    IndexEntry,
    IndexGroup,
    IndexPlan,
    Mention,
    PlannedEntry,
)
from octavo.pagemap import PageMap


def _ignore(finding: Finding) -> None:
    """Nobody asked for remarks."""


def make_index(plan: IndexPlan, pagemap: PageMap, report: Report = _ignore) -> Index:
    """Give every entry its locators, sort the entries and group them by letter.

    Remarks on ``many-locators`` and ``idle-see-also``, which only the pages show.
    """
    maker = _Maker(plan, pagemap)
    index = Index(tuple(maker.groups()), plan.house.sort)
    remark_on_pages(plan, index, pagemap, report)
    return index


class _Maker:
    """Makes one plan into an index by one page map."""

    def __init__(self, plan: IndexPlan, pagemap: PageMap) -> None:
        self._plan = plan
        self._pagemap = pagemap
        self._mentions: defaultdict[str, list[Mention]] = defaultdict(list)
        for mention in plan.mentions:
            self._mentions[mention.entry].append(mention)

    def groups(self) -> Iterator[IndexGroup]:
        entries = sorted(self._plan.entries, key=self._entry_key)
        letters = {entry.id: self._letter(entry) for entry in entries}
        if SYMBOLS_GROUP in letters.values():
            # Digits and symbols are one group.
            letters = {
                entry: SYMBOLS_GROUP if letter == NUMBERS_GROUP else letter
                for entry, letter in letters.items()
            }
        for letter, group in groupby(entries, key=lambda entry: letters[entry.id]):
            yield IndexGroup(letter, tuple(self._printed(entry) for entry in group))

    def _printed(self, entry: PlannedEntry) -> IndexEntry:
        return IndexEntry(
            id=entry.id,
            heading=entry.heading,
            locators=make_locators(
                self._mentions[entry.id],
                self._plan.discussions,
                self._pagemap,
                self._plan.house.ranges,
                self._plan.language,
            ),
            subs=tuple(self._printed(sub) for sub in sorted(entry.subs, key=self._sub_key)),
            see=self._sorted(entry.see),
            see_also=self._sorted(entry.see_also),
        )

    # Order

    def _key(self, text: str) -> SortKey:
        return sort_key(text, self._plan.language, self._plan.house.sort)

    def _entry_key(self, entry: PlannedEntry) -> SortKey:
        return self._key(self._sorted_by(entry))

    def _sub_key(self, sub: PlannedEntry) -> SortKey:
        return self._key(sub.sort or pass_over(sub.heading, self._plan.language, little_words=True))

    def _letter(self, entry: PlannedEntry) -> str:
        return group_letter(self._sorted_by(entry), self._plan.language)

    def _sorted_by(self, entry: PlannedEntry) -> str:
        return entry.sort or pass_over(entry.heading, self._plan.language)

    def _sorted(self, references: tuple[CrossReference, ...]) -> tuple[CrossReference, ...]:
        return tuple(
            sorted(references, key=lambda r: self._key(pass_over(r.label, self._plan.language)))
        )
