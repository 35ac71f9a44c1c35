"""The boxes of a line of which runs are read from right to left.

Comes in: what of a paragraph stands in the line. Goes out: its boxes, as the engine would have
made them. The one decision: what stands in the line is put into the order in which it is seen
over all boxes at once; a box reaches from the first to the last of what is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from octavo.print.bidi import seen_order
from octavo.print.lineboxes import Making, Piece
from octavo.print.mixedtext import MixedText
from octavo.print.paragraph import edges


@dataclass(slots=True, eq=False)
class _Item:
    """A run, a box that stands as a whole, or the room at the edge of a box."""

    width: float
    level: int
    x: float = 0.0


class MixedMaking(Making):
    """The boxes of one line."""

    def __init__(self, *facts: Any) -> None:
        super().__init__(*facts)
        self._items: list[_Item] = []
        """What stands in the line, in the order in which it is read."""
        self._made: list[tuple[Any, Sequence[_Item], Piece | None]] = []
        """Every box, what stands in it, and its text."""

    def fill(self, line: Any, box: Any, x: float) -> None:
        """Put what stands in the line into *line*, a copy of *box* whose measure begins at *x*."""
        span = self._span
        line.children = self.children_of(box, x)
        line.width = sum(item.width for item in self._items)
        if line.style["direction"] == "ltr":
            left = x - span.hang_left + span.indent
        else:
            # How far from the measure's begin is given from its left edge.
            begun = x - self._containing_block.content_box_x()
            right = x - 2 * begun + self._containing_block.width + span.hang_left - span.indent
            left = right - line.width
        line.position_x = left
        for at in seen_order([item.level for item in self._items]):
            self._items[at].x = left
            left += self._items[at].width
        for made in self._made:
            self._place(*made)

    def _text(self, box: Any, piece: Piece, is_last: bool) -> Any:
        new = super()._text(box, piece, is_last)
        spread = self._spread
        items = [
            _Item(glyphs.width() * spread.scale + sum(glyphs.spaces()) * spread.space, glyphs.level)
            for glyphs in piece.glyphs
        ]
        self._items += items
        self._made.append((new, items, piece))
        return new

    def _atom(self, box: Any) -> Any:
        new = super()._atom(box)
        leaf = self._paragraph.leaves[self._paragraph.reach[id(box)][0]]
        item = _Item(new.margin_width(), leaf.level)
        self._items.append(item)
        self._made.append((new, [item], None))
        return new

    def _inline(self, box: Any, *, is_start: bool, behind: int) -> Any:
        begin = len(self._items)
        new = super()._inline(box, is_start=is_start, behind=behind)
        start, end = edges(new)
        inside = self._items[begin:]
        # Room at an edge goes with what it stands beside: else it would part a phrase.
        if start and inside:
            self._items.insert(begin, _Item(start, inside[0].level))
        if end and inside:
            self._items.append(_Item(end, inside[-1].level))
        self._made.append((new, self._items[begin:], None))
        return new

    def _place(self, box: Any, items: Sequence[_Item], piece: Piece | None) -> None:
        """Move *box* to where its *items* stand."""
        if not items:
            return
        left = min(item.x for item in items)
        right = max(item.x + item.width for item in items)
        if piece:
            box.position_x = left
            box.width = right - left
            box.pango_layout = MixedText(
                piece.text,
                box.style,
                [(glyphs, item.x - left) for glyphs, item in zip(piece.glyphs, items, strict=True)],
                space=self._spread.space / self._spread.scale,
                scale=self._spread.scale,
                hyphen=box.pango_layout.hyphen,
            )
        elif len(items) == 1 and not hasattr(box, "text") and _is_atom(box):
            box.translate(left - box.position_x, 0)
        else:
            box.position_x = left
            box.width = right - left - sum(edges(box))


def _is_atom(box: Any) -> bool:
    from weasyprint.formatting_structure import boxes

    return isinstance(box, boxes.AtomicInlineLevelBox)
