"""The lines of a paragraph, made where they were planned to end.

Comes in: a paragraph measured, and the measure. Goes out: line boxes of WeasyPrint's, one at a
time, as its own ``iter_line_boxes`` yields them. The one decision: the engine goes on to make
pages of them, with orphans, widows and all; only what it would find out of each line by
breaking and shaping it again and again is put together from what is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from weasyprint.layout.inline import line_box_verticality

from octavo.print.lineboxes import Making, Piece, Span, Spread
from octavo.print.linebreaks import Give, Task, break_lines, share
from octavo.print.mixedlines import MixedMaking
from octavo.print.paragraph import LineEnd, Paragraph, Stretch, hyphen_width
from octavo.print.shaping import cut, gives_at_end

STRETCH = 0.11
"""How far a space gives, in sizes (em)."""
SHRINK = 0.08
GLYPHS = 0.02
"""How far glyphs may be scaled sideways: no eye sees it (microtype's default)."""
RAGGED = 1.0
"""By how much a space's share of a line that is not justified may be short of the measure."""
SHARES = {"": 0.0, "start": 0.0, "center": 0.5, "end": 1.0}
"""How much of the room in a line stands before it."""
RAGGED_SLACK = 0.001
"""CSS pixels that such a line may be too wide, for sums of widths are not exact."""


class Planned:
    """A paragraph that was measured and broken to *measure*, and makes its lines.

    ``spans`` is empty where it cannot be broken: a word is too long.
    """

    def __init__(
        self, line_box: Any, paragraph: Paragraph, measure: float, align: str = ""
    ) -> None:
        size = line_box.style["font_size"]
        give = Give(STRETCH * size, SHRINK * size, GLYPHS * measure)
        if align:
            give = Give(RAGGED * size, RAGGED_SLACK, RAGGED_SLACK)
        self.measure = measure
        self._align = align
        """Where lines stand that are not justified: ``start``, ``center`` or ``end``."""
        self._line_box = line_box
        self._paragraph = paragraph
        self._tasks = [
            Task(stretch.places, measure, stretch.indent, give) for stretch in paragraph.stretches
        ]
        self._taken = [break_lines(task) for task in self._tasks]
        self.spans: list[Span] = []
        self._numbers: dict[tuple[tuple[int, ...], int], int] = {}
        if None not in self._taken:
            self._note_spans()

    def let_go(self) -> None:
        """Forget all; it makes no more lines."""
        self.__dict__.clear()

    def lines(
        self, context: Any, containing_block: Any, y: float, skip_stack: Any
    ) -> Iterator[tuple[Any, Any]]:
        """Yield each line from where the engine resumes, and where the next does."""
        x = containing_block.content_box_x()
        for number in range(self._number_of(skip_stack), len(self.spans)):
            span = self.spans[number]
            line = self._line(context, containing_block, span, x, y)
            line.octavo_line = number
            y = line.position_y + line.height
            yield line, self._resume(span.end)

    def mend_turn(self, first: int, last: int) -> bool:
        """Break the lines from *first* on anew if *last*, before the page's turn, ends in a hyphen.

        Return whether they were.
        """
        end = self.spans[last]
        if not end.end.hyphen:
            return False
        kept = [span.place for span in self.spans[:first] if span.stretch == end.stretch]
        task = self._tasks[end.stretch]
        task = replace(task, barred=task.barred | {end.place}, start=kept[-1] if kept else -1)
        anew = break_lines(task)
        if anew is None:
            return False
        self._tasks[end.stretch] = replace(task, start=-1)
        self._taken[end.stretch] = (*kept, *anew)
        self._note_spans()
        return True

    def _note_spans(self) -> None:
        self.spans = []
        after = -1
        for number, stretch in enumerate(self._paragraph.stretches):
            self.spans += _spans(number, stretch, after, self._taken[number] or ())
            after = self.spans[-1].end.resume_leaf
        self._numbers = {
            self._place_of(span.end): number for number, span in enumerate(self.spans[:-1], start=1)
        }

    def _number_of(self, skip_stack: Any) -> int:
        """Which line begins where the engine resumes."""
        if skip_stack is None:
            return 0
        path: tuple[int, ...] = ()
        while True:
            ((index, skip_stack),) = skip_stack.items()
            if skip_stack is None:
                return self._numbers[path, index]
            path = (*path, index)

    def _resume(self, end: LineEnd) -> Any:
        """Where the engine resumes: for each box on the way down, in which of its children."""
        if end.resume_leaf < 0:
            return None
        path, byte = self._place_of(end)
        stack: Any = {byte: None}
        for index in reversed(path):
            stack = {index: stack}
        return stack

    def _place_of(self, end: LineEnd) -> tuple[tuple[int, ...], int]:
        """Where the engine goes on behind *end*: the path of a text box, and a byte of its text."""
        leaf = self._paragraph.leaves[end.resume_leaf]
        return leaf.path, leaf.begin + end.resume

    def _line(self, context: Any, containing_block: Any, span: Span, x: float, y: float) -> Any:
        pieces = {
            number: piece
            for number in range(span.leaf, span.end.leaf + 1)
            if (piece := self._piece(span, number))
        }
        last = max(pieces, default=-1)
        if pieces and gives_at_end(pieces[last].text):
            pieces[last] = pieces[last]._replace(spaces=pieces[last].spaces - 1)
        width = span.width + sum(piece.more for piece in pieces.values())
        room = self.measure + span.hang_left + span.end.hang_right - span.indent - width
        spread = Spread(1, 0)
        # What stands in a line with no text is moved by nobody.
        if pieces and not self._align and (room < 0 or not span.is_last):
            glyphs, space = share(
                room, sum(piece.spaces for piece in pieces.values()), GLYPHS * self.measure
            )
            spread = Spread(1 + glyphs / sum(piece.width for piece in pieces.values()), space)
        make = MixedMaking if self._paragraph.levels else Making
        line = self._line_box.copy()
        make(self._paragraph, span, pieces, spread, context, containing_block).fill(
            line, self._line_box, x + SHARES[self._align] * max(0.0, room)
        )
        bottom, top = line_box_verticality(line)
        line.baseline = -top
        line.position_y = top
        line.height = bottom - top
        line.margin_top = line.margin_bottom = 0
        line.translate(0, y - top)
        # Not what it was moved to, for y - top + top need not be y.
        line.position_y = y
        return line

    def _piece(self, span: Span, number: int) -> Piece | None:
        shaped = self._paragraph.leaves[number].shaped
        if shaped is None:
            return None
        start = span.start if number == span.leaf else 0
        is_end = number == span.end.leaf
        end = span.end.end if is_end else shaped.bytes[-1]
        if start == end:
            return None
        hyphen = shaped.style["hyphenate_character"] if is_end and span.end.hyphen else ""
        glyphs, width = cut(shaped, start, end, hyphen)
        measured = shaped.width(start, end)
        if hyphen:
            measured += hyphen_width(shaped.style)
        elif is_end and end < shaped.bytes[-1]:
            # No space follows: its own measure is known only where a stretch ends.
            kerning = shaped.kerning(end)
            width -= kerning
            measured -= kerning if span.is_last else 0
        text = shaped.data[start:end].decode() + hyphen
        spaces = sum(sum(part.spaces()) for part in glyphs)
        return Piece(text, glyphs, width, spaces, width - measured)


def _spans(number: int, stretch: Stretch, after: int, taken: Sequence[int]) -> Iterator[Span]:
    """The lines of a stretch, which ends a line at each place *taken*."""
    places = stretch.places
    leaf, start, hang_left, indent = stretch.first, stretch.begin, stretch.hang_left, stretch.indent
    begin = 0.0
    for place in taken:
        end = stretch.ends[place]
        width = places.ends[place] + end.hang_right - begin
        is_last = place == taken[-1]
        yield Span(leaf, start, after, end, number, place, width, hang_left, indent, is_last)
        leaf, start, after = end.resume_leaf, end.resume, end.resume_leaf
        hang_left, indent = end.hang_left, 0.0
        begin = places.starts[place] - hang_left
