"""The words in tag order: what a screen reader says is what was said, and who said it.

Comes in: the tag tree as read. Goes out: discrepancies. The one decision: a paragraph
begins a block, and the paragraphs of one turn, and of no other, share the element
around them, so that the label read before them is the label of their speaker.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from octavo.book import Book
from octavo.proof.declared import Declared, Part, Sheet
from octavo.proof.expected import Speech, lines_of_part, speech_of
from octavo.proof.outcome import Discrepancy
from octavo.proof.streams import Run
from octavo.proof.tagtree import Block, TagTree, lines_of_runs
from octavo.proof.words import Alignment, Drawn, align, fold, lines_of_text

PROOF = "words in tag order"


def check_tags(tree: TagTree, declared: Declared, book: Book) -> Iterator[Discrepancy]:
    """Find every word in the tree, once, in order, and nothing but furniture outside it."""
    yield from _check_outside(tree, declared.sheets)
    for text in tree.replaced:
        yield Discrepancy(PROOF, "the tag tree", "no text but what is drawn", text)
    speech = speech_of(book)
    parts = [number for number, part in enumerate(declared.printed) for _ in range(part.pages)]
    blocks: list[list[Block]] = [[] for _ in declared.printed]
    for block in tree.blocks:
        if block.page < len(parts):
            blocks[parts[block.page]].append(block)
    for part, own in zip(declared.printed, blocks, strict=True):
        yield from _check_part(part, own, declared.sheets, speech)
    yield from _check_order(tree.blocks, declared.sheets)


def _check_part(
    part: Part, blocks: Sequence[Block], sheets: Sequence[Sheet], speech: Speech
) -> Iterator[Discrepancy]:
    drawn = Drawn()
    for block in blocks:
        drawn.add(f"page {sheets[block.page].label}", lines_of_text(block.text))
    found = align(PROOF, tuple(lines_of_part(part, speech)), drawn)
    yield from found.discrepancies or _check_turns(found, blocks)


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


def _check_order(blocks: Sequence[Block], sheets: Sequence[Sheet]) -> Iterator[Discrepancy]:
    """The tree tells the pages in their order: no part is hung in before another."""
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


def _tokens(runs: list[Run]) -> list[str]:
    return [token for line in lines_of_text(lines_of_runs(runs)) for token in line]
