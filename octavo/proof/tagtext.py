"""The words in tag order: what a screen reader says is what was said, and who said it.

Comes in: the tag tree of a part as read. Goes out: discrepancies. The one decision: a paragraph
begins a block, and the paragraphs of one turn, and of no other, share the element
around them, so that the label read before them is the label of their speaker.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from unicodedata import bidirectional

from octavo.direction import TURNED
from octavo.proof.declared import Sheet
from octavo.proof.outcome import Discrepancy
from octavo.proof.streams import PageText, Run
from octavo.proof.tagtree import Block, TagTree, lines_of_runs
from octavo.proof.words import Alignment, Drawn, Line, align, fold, lines_of_text

PROOF = "words in tag order"
LEFT_TO_RIGHT = frozenset({"L", "EN", "AN"})
"""Letters, and figures of either kind."""
RIGHT_TO_LEFT = frozenset({"R", "AL"})


def check_tags(
    tree: TagTree, lines: Sequence[Line], sheets: Sequence[Sheet]
) -> Iterator[Discrepancy]:
    """Find every word of a part in its tree, once, in order, and nothing but furniture outside."""
    yield from _check_outside(tree, sheets)
    for text in tree.replaced:
        yield Discrepancy(PROOF, "the tag tree", "no text but what is drawn", text)
    yield from _check_ways(tree.blocks, sheets)
    drawn = Drawn()
    for block in tree.blocks:
        drawn.add(f"page {sheets[block.page].label}", lines_of_text(block.text))
    found = align(PROOF, lines, drawn)
    yield from found.discrepancies or _check_turns(found, tree.blocks)
    yield from _check_order(tree.blocks, sheets)


def _check_turns(found: Alignment, blocks: Sequence[Block]) -> Iterator[Discrepancy]:
    """Paragraphs begin blocks; those of one turn, and of no other, share what is around."""
    units = []
    for line, word in zip(found.lines, found.line_firsts, strict=True):
        token = found.tokens[word]
        unit = found.drawn.unit(token)
        units.append(unit)
        if line.paragraph and found.drawn.firsts[unit] != token:
            yield _misplaced(found, token, "the beginning of a block", blocks[unit].role, line.text)
    for (line, unit), (after, unit_after) in pairwise(zip(found.lines, units, strict=True)):
        # An element that a page turn cuts may be tagged in two pieces: ask the last of them.
        last = blocks[unit_after - 1] if unit_after > unit else blocks[unit]
        together = last.parent == blocks[unit_after].parent
        same_turn = bool(line.turn) and line.turn == after.turn
        cut = last.page != blocks[unit_after].page
        if same_turn and not together and not cut:
            yield _misplaced(
                found,
                found.drawn.firsts[unit_after],
                f"turn of `{line.turn}`",
                "another element",
                after.text,
            )
        if (line.turn or after.turn) and not same_turn and together:
            yield _misplaced(
                found,
                found.drawn.firsts[unit_after],
                "an element of its own",
                f"the element of `{line.turn or 'what is before it'}`",
                after.text,
            )


def _misplaced(found: Alignment, token: int, expected: str, actual: str, text: str) -> Discrepancy:
    return Discrepancy("turns in tag order", found.drawn.place(token), expected, actual, text[:60])


def _check_ways(blocks: Sequence[Block], sheets: Sequence[Sheet]) -> Iterator[Discrepancy]:
    """What is marked as read from right to left is, and nothing else (Unicode Standard Annex 9)."""
    for block in blocks:
        for run in block.runs:
            if not run.is_reversed and not TURNED.search(run.text):
                continue
            wrong = LEFT_TO_RIGHT if run.is_reversed else RIGHT_TO_LEFT
            if not wrong.isdisjoint(map(bidirectional, run.text)):
                place = f"page {sheets[run.page].label}"
                expected = "left to right" if run.is_reversed else "right to left"
                yield Discrepancy(PROOF, place, expected, "the other way", run.text[:60])


def _check_order(blocks: Sequence[Block], sheets: Sequence[Sheet]) -> Iterator[Discrepancy]:
    """The tree tells the pages in their order."""
    for before, block in pairwise(blocks):
        if block.page < before.page:
            place = f"page {sheets[before.page].label}"
            found = f"page {sheets[block.page].label}"
            yield Discrepancy(PROOF, place, "a later page", found, block.text[:60])


def _check_outside(tree: TagTree, sheets: Sequence[Sheet]) -> Iterator[Discrepancy]:
    """Outside the tree stands the page's furniture, as artifacts, and nothing else."""
    pages = zip(sheets, tree.artifacts, tree.stray, tree.forgotten, strict=True)
    for sheet, artifacts, stray, forgotten in pages:
        place = f"page {sheet.label}"
        declared = sorted(word for text in sheet.furniture for word in fold(text).split())
        if sorted(_tokens(artifacts)) != declared:
            found = " ".join(_tokens(artifacts))
            yield Discrepancy("furniture", place, " / ".join(sheet.furniture), found)
        if _tokens(stray):
            yield Discrepancy(PROOF, place, "", " ".join(_tokens(stray)), "outside any tag")
        if _tokens(forgotten):
            yield Discrepancy(PROOF, place, "", " ".join(_tokens(forgotten)), "not in the tree")


def is_folio(text: PageText, sheet: Sheet) -> bool:
    """Whether *text* is the furniture of its page and nothing else."""
    declared = sorted(word for piece in sheet.furniture for word in fold(piece).split())
    outside = text.stray or text.marks or text.replaced
    return not outside and sorted(_tokens(text.artifacts)) == declared


def _tokens(runs: list[Run]) -> list[str]:
    return [token for line in lines_of_text(lines_of_runs(runs)) for token in line]
