"""Which way each character of a paragraph is read, and in which order a line shows them.

Comes in: a line box of WeasyPrint's, before it is broken. Goes out: levels of the Unicode
Bidirectional Algorithm (Unicode Standard Annex 9), odd for what is read from right to left. The
one decision: levels are Pango's for the whole paragraph, where the engine asks for them box by
box, so that a word in italics would fall out of the phrase that it stands in.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.formatting_structure import boxes

from octavo.direction import TURNED
from octavo.print.shaping import level_of

ATOM = "\N{OBJECT REPLACEMENT CHARACTER}"
"""What a box counts as that stands in the line as a whole (CSS Writing Modes 4, 2.4.3)."""
FORCED = "\n"
"""What ends a line, and with it what the algorithm calls a paragraph."""
FORCED_OR_NOT = re.compile(f"{FORCED}|[^{FORCED}]+")
ISOLATES = {"ltr": "\N{LEFT-TO-RIGHT ISOLATE}", "rtl": "\N{RIGHT-TO-LEFT ISOLATE}"}
BY_ITSELF = {"bdi": "\N{FIRST STRONG ISOLATE}"}
"""Elements that nothing around them is read with, a speaker's label above all."""
ISOLATED = "\N{POP DIRECTIONAL ISOLATE}"


def levels_of(line_box: Any) -> bytes:
    """The level of each character in the boxes of text in *line_box*, and of each atom.

    Empty where all of them are read from left to right, or nothing is read.
    """
    direction = line_box.style["direction"]
    pieces = [*_pieces(line_box, direction)]
    if direction == "ltr" and not any(TURNED.search(text) for text, _ in pieces):
        return b""
    if not any(text.strip(ATOM + " ") for text, counts in pieces if counts):
        return b""
    found = bytearray()
    begin = 0
    ends = [at for at, (text, _) in enumerate(pieces) if text == FORCED]
    for end in (*ends, len(pieces)):
        some = pieces[begin:end]
        levels = iter(_levels("".join(text for text, _ in some), line_box.style))
        for text, counts in some:
            own = bytes(next(levels) for _ in text)
            found += own if counts else b""
        if end < len(pieces):
            found.append(direction == "rtl")
        begin = end + 1
    return bytes(found)


def seen_order(levels: Sequence[int]) -> list[int]:
    """The numbers of what has these *levels* in one line, as it is seen from the left (rule L2)."""
    order = [*range(len(levels))]
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = end + 1
    return order


def _pieces(box: Any, direction: str) -> Iterator[tuple[str, bool]]:
    """The text of what is in *box*, and whether it is the boxes' or only turns it round."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield from ((text, True) for text in FORCED_OR_NOT.findall(child.text))
        elif isinstance(child, boxes.InlineBox):
            own = child.style["direction"]
            opening = ISOLATES[own] if own != direction else BY_ITSELF.get(child.element_tag, "")
            yield opening, False
            yield from _pieces(child, own)
            yield ISOLATED if opening else "", False
        elif isinstance(child, boxes.AtomicInlineLevelBox):
            yield ATOM, True


def _levels(text: str, style: Any) -> bytes:
    """The level of each character of *text*."""
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi

    if not text:
        return b""
    found = bytearray(len(text.encode()))
    layout = line_break.create_layout(text, style, None, None, 0)
    line, _ = layout.get_first_line()
    run = line.runs
    while run != ffi.NULL:
        item = run.data.item
        found[item.offset : item.offset + item.length] = bytes([level_of(item)]) * item.length
        run = run.next
    at = 0
    levels = bytearray()
    for character in text:
        levels.append(found[at])
        at += len(character.encode())
    return bytes(levels)
