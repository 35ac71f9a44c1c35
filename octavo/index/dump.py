"""The index as text, for ``--stage index``."""

from collections.abc import Iterator

from octavo.index.parts import CrossReference, Index, IndexEntry, IndexGroup


def dump_index(index: Index) -> str:
    """The index as text, an entry a line; locators of principal passages between asterisks."""
    return "".join(line for group in index.groups for line in _group_lines(group))


def _group_lines(group: IndexGroup) -> Iterator[str]:
    yield f"{group.letter}\n"
    for entry in group.entries:
        yield from _entry_lines(entry, "  ")


def _entry_lines(entry: IndexEntry, indent: str) -> Iterator[str]:
    locators = [f"*{loc.text}*" if loc.main else loc.text for loc in entry.locators]
    see = f". See {_labels(entry.see)}" if entry.see else ""
    yield f"{indent}{', '.join([entry.heading, *locators])}{see}\n"
    for sub in entry.subs:
        yield from _entry_lines(sub, indent + "  ")
    if entry.see_also:
        yield f"{indent}  See also {_labels(entry.see_also)}\n"


def _labels(references: tuple[CrossReference, ...]) -> str:
    return "; ".join(reference.label for reference in references)
