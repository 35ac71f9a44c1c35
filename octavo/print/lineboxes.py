"""The boxes of one line, put together from what is known of its paragraph.

Comes in: which stretch of a paragraph a line is, and how it is spread. Goes out: boxes as the
engine's own. The one decision: what was measured is copied, and nothing is laid out again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout.inline import atomic_box

from octavo.print.paragraph import LineEnd, Paragraph, edges
from octavo.print.settext import SetText
from octavo.print.shaping import Glyphs


class Span(NamedTuple):
    """A line: from a byte of a leaf to its end."""

    leaf: int
    start: int
    after: int
    """The last leaf that stands, as a whole or in part, in the line before; -1 for none."""
    end: LineEnd
    stretch: int
    place: int
    """The number of its end among the places of its stretch."""
    width: float
    """As it was measured, with what hangs in the margins."""
    hang_left: float
    indent: float
    is_last: bool
    """Whether it ends its stretch: it is as wide as its words are."""


class Piece(NamedTuple):
    """What of a leaf of text stands in a line."""

    text: str
    glyphs: Sequence[Glyphs]
    width: float
    spaces: int
    more: float
    """How much wider it is than it was measured: its end kerns with a hyphen, or with no space."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a line is justified."""

    scale: float
    """Of its glyphs, sideways."""
    space: float
    """How much wider each space is set, after that."""


class Making:
    """The boxes of one line, made from the left; ``x`` is how far it got."""

    def __init__(
        self,
        paragraph: Paragraph,
        span: Span,
        pieces: dict[int, Piece],
        spread: Spread,
        context: Any,
        containing_block: Any,
    ) -> None:
        self.x = 0.0
        self._paragraph = paragraph
        self._span = span
        self._pieces = pieces
        self._spread = spread
        self._context = context
        self._containing_block = containing_block
        resume = span.end.resume_leaf
        self._resume_leaf = len(paragraph.leaves) if resume < 0 else resume

    def fill(self, line: Any, box: Any, x: float) -> None:
        """Put what stands in the line into *line*, a copy of *box* whose measure begins at *x*."""
        line.position_x = x - self._span.hang_left
        line.children = self.children_of(box, line.position_x + self._span.indent)
        line.width = self.x - line.position_x

    def children_of(self, box: Any, x: float) -> list[Any]:
        """What of the children of *box* stands in the line, from *x* on."""
        self.x = x
        firsts, behinds = self._paragraph.reaches(box)
        # Of the many children of a long paragraph a line holds a few.
        begin = bisect_left(behinds, self._span.after)
        end = bisect_right(firsts, self._resume_leaf)
        made = (self._make(child) for child in box.children[begin:end])
        return [new for new in made if new is not None]

    def _make(self, box: Any) -> Any:
        first, behind = self._paragraph.reach[id(box)]
        if not self._holds(first, behind):
            return None
        if isinstance(box, boxes.TextBox):
            # Of text with forced line ends in it a line has one piece.
            leaf = next((leaf for leaf in range(first, behind) if leaf in self._pieces), None)
            if leaf is None:
                return None
            return self._text(box, self._pieces[leaf], leaf == self._span.end.leaf)
        if isinstance(box, boxes.AtomicInlineLevelBox):
            return self._atom(box)
        return self._inline(box, is_start=first > self._span.after, behind=behind)

    def _holds(self, first: int, behind: int) -> bool:
        """Whether a box of these leaves stands in the line, as a whole or in part."""
        span = self._span
        if behind == first:
            return span.after < first <= self._resume_leaf
        goes_on = span.after == span.leaf
        return behind > span.after + (not goes_on) and first <= self._resume_leaf

    def _text(self, box: Any, piece: Piece, is_last: bool) -> Any:
        end, spread = self._span.end, self._spread
        new = box.copy()
        new.text = piece.text
        new.position_x = self.x
        new.width = piece.width * spread.scale + piece.spaces * spread.space
        new.justification_spacing = spread.space / spread.scale
        new.octavo_scale = spread.scale
        if is_last and end.leaf == end.resume_leaf:
            new.octavo_space_after = end.resume > end.end
        hyphen = is_last and end.hyphen
        new.pango_layout = SetText(
            piece.text, box.style, piece.glyphs, hyphen=hyphen, scale=spread.scale
        )
        self.x += new.width
        return new

    def _atom(self, box: Any) -> Any:
        new = atomic_box(self._context, box, self.x, None, self._containing_block, [], [])
        new.position_x = self.x
        self.x += new.margin_width()
        return new

    def _inline(self, box: Any, *, is_start: bool, behind: int) -> Any:
        new = box.copy()
        new.remove_decoration_sides = set()
        new.remove_decoration(start=not is_start, end=behind > self._resume_leaf)
        new.position_x = self.x
        start, end = edges(new)
        content = self.x + start
        new.children = self.children_of(box, content)
        new.width = self.x - content
        self.x += end
        return new
