"""A paragraph of the engine's, measured: where its lines may end, and how wide all of it is.

Comes in: a line box of WeasyPrint's, before it is broken. Goes out: places for
``linebreaks``, and for those that are taken a note in the text boxes. The one decision:
widths come from the engine's own shaper, features, kerning and all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from octavo.print.linebreaks import Places

WORD = re.compile(r"[^\W\d_]+")
SPACES = frozenset(" \N{NO-BREAK SPACE}")
"""Those that justification widens."""
DASHES = "\N{EM DASH}\N{EN DASH}"
HYPHENS = "-\N{HYPHEN}"
HYPHEN_PENALTY = 100.0
OWN_HYPHEN_PENALTY = 50.0
"""Of a break behind a hyphen that the author wrote."""
DASH_PENALTY = 20.0
PENALTIES = {
    **dict.fromkeys(HYPHENS, OWN_HYPHEN_PENALTY),
    **dict.fromkeys(DASHES, DASH_PENALTY),
}
HANG_RIGHT = {
    **dict.fromkeys(".,", 0.7),
    **dict.fromkeys(HYPHENS, 0.6),
    **dict.fromkeys("’”‘“'\"»«", 0.5),
    **dict.fromkeys(":;", 0.4),
    **dict.fromkeys(DASHES, 0.2),
    **dict.fromkeys("!?)]", 0.15),
}
"""Which share of a mark's width hangs in the right margin, so that the edge looks even."""
HANG_LEFT = {
    **dict.fromkeys("“‘„‚«»\"'", 0.5),
    **dict.fromkeys("([", 0.15),
    **dict.fromkeys(DASHES, 0.2),
}


class Unmeasured(Exception):
    """The paragraph holds what only the engine can break."""


@dataclass(frozen=True, slots=True)
class LineEnd:
    """Where a line ends in a text box: offsets in bytes, as the engine counts."""

    end: int
    resume: int
    """Where the next line begins."""
    hyphen: bool
    """Whether a hyphen is put in."""
    hang_right: float
    hang_left: float
    """How far the first mark of the next line hangs out."""
    place: int
    """Its number among the paragraph's places."""


class Paragraph:
    """A paragraph as it is measured, one text box after the other."""

    def __init__(self, context: Any, containing_block: Any, indent: float) -> None:
        self.indent = indent
        self._context = context
        self._containing_block = containing_block
        self._x = 0.0
        self._spaces = 0
        self._boxes: list[Any] = []
        self._ends: list[tuple[Any, LineEnd]] = []
        self._places = Places([], [], [], [], [], [], [])

    def add(self, box: Any) -> None:
        """Measure all that is in *box*. Raises ``Unmeasured``."""
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.inline import atomic_box
        from weasyprint.layout.percent import resolve_percentages

        if isinstance(box, boxes.TextBox):
            self._add_text(box)
            return
        if isinstance(box, boxes.AtomicInlineLevelBox):
            resolve_percentages(box, self._containing_block)
            laid = atomic_box(self._context, box, 0, None, self._containing_block, [], [])
            self._x += laid.margin_width()
            return
        if not isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            raise Unmeasured
        if not isinstance(box, boxes.LineBox):
            resolve_percentages(box, self._containing_block)
            self._x += _edge(box, "left")
        for child in box.children:
            if not child.is_in_normal_flow():
                raise Unmeasured
            self.add(child)
        if not isinstance(box, boxes.LineBox):
            self._x += _edge(box, "right")

    def finish(self) -> Places:
        """Add the paragraph's end."""
        hang = self._boxes[-1].octavo_hang_right if self._boxes else 0.0
        self._place(self._x - hang, self._x, self._spaces, self._spaces, 0)
        return self._places

    def note(self, taken: tuple[int, ...]) -> None:
        """Note in each text box which lines end in it."""
        for box in self._boxes:
            box.octavo_ends = []
        for place in taken[:-1]:
            box, end = self._ends[place]
            box.octavo_ends.append(end)

    def _add_text(self, box: Any) -> None:
        text = box.text
        if text == "\n":
            self._begin_anew()
            return
        if box.style["white_space"] != "normal":
            raise Unmeasured
        if not text:
            return
        measured = _Measured(box, self._context)
        box.octavo_hang_left = 0.0 if self._boxes else measured.hang(0, HANG_LEFT)
        self._boxes.append(box)
        self._add_breaks(box, measured)
        box.octavo_hang_right = measured.hang(len(text) - 1, HANG_RIGHT)
        self._x += measured.x[-1]
        self._spaces += measured.spaces[-1]

    def _begin_anew(self) -> None:
        """A line ends here in any case: what stands before it is a label, and fits."""
        for box in self._boxes:
            box.octavo_ends = []
        self._boxes, self._ends = [], []
        self._places = Places([], [], [], [], [], [], [])
        self._x, self._spaces = 0.0, 0
        self.indent = 0.0

    def _add_breaks(self, box: Any, measured: "_Measured") -> None:
        text = box.text
        words = len(text.rstrip(" "))
        begin = len(text) - len(text.lstrip(" "))
        for at, inside in measured.breaks():
            end = len(text[:at].rstrip(" "))
            if not begin < end or at >= words:
                # The engine cannot end a line where one text box meets the next.
                continue
            before = text[end - 1]
            hyphen = inside or before in HYPHENS
            if inside:
                hang_right = measured.hyphen_width * HANG_RIGHT[HYPHENS[1]]
                width = measured.x[end] + measured.hyphen_width
            else:
                hang_right = measured.hang(end - 1, HANG_RIGHT)
                width = measured.x[end]
            hang_left = measured.hang(at, HANG_LEFT)
            penalty = HYPHEN_PENALTY if inside else PENALTIES.get(before, 0.0)
            self._ends.append(
                (
                    box,
                    LineEnd(
                        measured.bytes[end],
                        measured.bytes[at],
                        inside,
                        hang_right,
                        hang_left,
                        len(self._ends),
                    ),
                )
            )
            self._place(
                self._x + width - hang_right,
                self._x + measured.x[at] + hang_left,
                self._spaces + measured.spaces[end],
                self._spaces + measured.spaces[at],
                penalty,
                hyphen=hyphen,
                inside=inside,
            )

    def _place(
        self,
        end: float,
        start: float,
        spaces: int,
        start_spaces: int,
        penalty: float,
        *,
        hyphen: bool = False,
        inside: bool = False,
    ) -> None:
        places = self._places
        places.ends.append(end)
        places.starts.append(start)
        places.spaces.append(spaces)
        places.start_spaces.append(start_spaces)
        places.penalties.append(penalty)
        places.hyphens.append(hyphen)
        places.inside.append(inside)


def _edge(box: Any, side: str) -> float:
    margin = getattr(box, f"margin_{side}")
    padding, border = getattr(box, f"padding_{side}"), getattr(box, f"border_{side}_width")
    return float((0 if margin == "auto" else margin) + padding + border)


class _Measured:
    """The text of a box as the engine shapes it in one line; offsets count characters."""

    def __init__(self, box: Any, context: Any) -> None:
        from weasyprint.text import line_break

        self._text: str = box.text
        self._style = box.style
        layout = line_break.create_layout(self._text, box.style, context, None, 0)
        line, _ = layout.get_first_line()
        lengths = (len(character.encode()) for character in self._text)
        self.bytes: list[int] = [*accumulate(lengths, initial=0)]
        by_byte = _positions(line, self.bytes[-1])
        self.x = [by_byte[at] for at in self.bytes]
        """How far each character's left edge stands from the box's, and the end of the last."""
        self.spaces = [*accumulate(map(SPACES.__contains__, self._text), initial=0)]
        self._attributes = line_break.pango.pango_layout_get_log_attrs_readonly(
            layout.layout, line_break.ffi.NULL
        )
        self._layout = layout  # The attributes are its own.
        hyphen = line_break.create_layout(
            box.style["hyphenate_character"], box.style, context, None, 0
        )
        self.hyphen_width = line_break.line_size(hyphen.get_first_line()[0], box.style)[0]

    def breaks(self) -> Iterator[tuple[int, bool]]:
        """Where a line may begin, and whether that is inside a word, in order."""
        inside = set(self._hyphenations())
        for at in range(1, len(self._text)):
            if self._attributes[at].is_line_break:
                yield at, False
            elif at in inside:
                yield at, True

    def hang(self, at: int, shares: dict[str, float]) -> float:
        share = shares.get(self._text[at])
        return share * (self.x[at + 1] - self.x[at]) if share else 0.0

    def _hyphenations(self) -> Iterator[int]:
        import pyphen

        style = self._style
        language = style["lang"] and pyphen.language_fallback(style["lang"])
        if style["hyphens"] != "auto" or not language:
            return
        total, left, right = style["hyphenate_limit_chars"]
        dictionary = pyphen.Pyphen(lang=language, left=left, right=right)
        for word in WORD.finditer(self._text):
            if word.end() - word.start() >= total:
                for position in dictionary.positions(word[0]):
                    if not position.data:
                        yield word.start() + position


def _positions(line: Any, length: int) -> list[float]:
    """How far each byte's character stands from the line's beginning. Raises ``Unmeasured``."""
    from weasyprint.text.ffi import FROM_UNITS, ffi

    found = [-1.0] * (length + 1)
    x = 0
    run = line.runs
    while run != ffi.NULL:
        item = run.data
        if item.item.analysis.level % 2:
            raise Unmeasured
        glyphs = item.glyphs
        count = glyphs.num_glyphs
        offset = item.item.offset
        clusters = ffi.unpack(glyphs.log_clusters, count)
        for number, cluster in enumerate(clusters):
            if found[offset + cluster] < 0:
                found[offset + cluster] = x * FROM_UNITS
            x += glyphs.glyphs[number].geometry.width
        run = run.next
    found[length] = x * FROM_UNITS
    for at in range(length - 1, -1, -1):
        if found[at] < 0:
            # A ligature's later letters: no line may end between them and the next.
            found[at] = found[at + 1]
    return found
