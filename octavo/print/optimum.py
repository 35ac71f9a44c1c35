"""Paragraphs for the engine with their lines broken beforehand.

Comes in: a paragraph as WeasyPrint is about to break it. Goes out: the same, with a note
where each of its lines ends. The one decision: widths come from the engine's own shaper,
features, kerning and all, so that a line that we find to fit is the line that it sets; it
then shapes each line once, where its own breaking shapes a line five times. What we cannot
measure (text from right to left, boxes in the line) is left to the engine.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from octavo.print.linebreaks import Give, Places, Task, break_lines, share

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
STRETCH = 0.11
"""How far a space gives, in sizes (em)."""
SHRINK = 0.08
GLYPHS = 0.02
"""How far glyphs may be scaled sideways: no eye sees it (microtype's default)."""
MOST_TURNS = 3
"""How often the lines before a page turn are broken anew."""
ROOM = 1e6
"""The width of a line that is broken beforehand: it fits, whatever its spaces would need."""

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


class _Unmeasured(Exception):
    """The paragraph holds what only the engine can break."""


@dataclass(frozen=True, slots=True)
class _End:
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


def break_paragraphs_whole() -> None:
    """Have WeasyPrint set the lines that we break, wherever text is justified."""
    from weasyprint.draw import text
    from weasyprint.layout import block, inline
    from weasyprint.matrix import Matrix
    from weasyprint.text import line_break

    draw_first_line = text.draw_first_line
    iter_line_boxes = inline.iter_line_boxes
    lay_out_lines = block._linebox_layout
    split_inline_box = inline.split_inline_box
    split_text_box = inline.split_text_box
    split_first_line = inline.split_first_line
    text_align = inline.text_align
    next_piece: list[tuple[str, int, int | None]] = []

    def iter_lines(context: Any, box: Any, *rest: Any) -> Any:
        _plan(context, box, containing_block=rest[3])
        return iter_line_boxes(context, box, *rest)

    def split_box(context: Any, box: Any, position_x: float, max_x: float, *rest: Any) -> Any:
        if "octavo_planned" in box.__dict__:
            max_x = ROOM
        return split_inline_box(context, box, position_x, max_x, *rest)

    def split_text(context: Any, box: Any, width: float, skip: int, **more: Any) -> Any:
        ends = box.__dict__.get("octavo_ends")
        if ends is None or not skip < len(box.text.encode()):
            return split_text_box(context, box, width, skip, **more)
        place = bisect_right(ends, skip, key=lambda end: end.end)
        line_end = ends[place] if place < len(ends) else None
        data = box.text.encode()[skip : line_end.end if line_end else None]
        words = data.decode() + (
            box.style["hyphenate_character"] if line_end and line_end.hyphen else ""
        )
        next_piece.append((words, len(data), line_end.resume - skip if line_end else None))
        new, resume, preserved = split_text_box(context, box, width, skip, **more)
        new.octavo_hang_left = ends[place - 1].hang_left if place and skip else box.octavo_hang_left
        if line_end:
            new.octavo_end = line_end
            new.octavo_space_after = line_end.resume > line_end.end
        new.octavo_hang_right = line_end.hang_right if line_end else box.octavo_hang_right
        return new, resume, preserved

    def first_line(text: str, style: Any, context: Any, *rest: Any, **more: Any) -> Any:
        if not next_piece:
            return split_first_line(text, style, context, *rest, **more)
        words, length, resume = next_piece.pop()
        layout = inline.create_layout(words, style, context, None, rest[1])
        line, _ = layout.get_first_line()
        width, height = line_break.line_size(line, style)
        baseline = line_break.pango.pango_layout_get_baseline(layout.layout)
        layout.deactivate()
        return layout, length, resume, width, height, baseline * line_break.FROM_UNITS

    def align(context: Any, line: Any, width: float, last: bool) -> Any:
        if "octavo_planned" not in line.__dict__:
            return text_align(context, line, width, last)
        texts = list(_texts(line))
        left = getattr(texts[0], "octavo_hang_left", 0) if texts else 0
        right = getattr(texts[-1], "octavo_hang_right", 0) if texts else 0
        room = width + left + right - line.width
        if room < 0 or not last:
            glyphs, space = share(room, inline.count_expandable_spaces(line), GLYPHS * width)
            _fill(context, line, 1 + glyphs / sum(text.width for text in texts), space)
        return -left

    def draw(stream: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any) -> Any:
        scale = getattr(box, "octavo_scale", 1)
        return draw_first_line(stream, box, overflow, ellipsis, Matrix(a=scale) @ matrix)

    def lay_lines(context: Any, box: Any, index: int, child: Any, lines: Any, *rest: Any) -> Any:
        before = [*lines]
        result = lay_out_lines(context, box, index, child, lines, *rest)
        for _ in range(MOST_TURNS):
            own = lines[len(before) :]
            if result[2] is None or not context.current_page % 2 or not _mend_turn(child, own):
                break
            lines[:] = before
            result = lay_out_lines(context, box, index, child, lines, *rest)
        return result

    block._linebox_layout = lay_lines
    block.iter_line_boxes = iter_lines
    inline.split_inline_box = split_box
    inline.split_text_box = split_text
    inline.split_first_line = first_line
    inline.text_align = align
    text.draw_first_line = draw


def _texts(box: Any) -> Iterator[Any]:
    """The text boxes of a line, in order; those in a box that stands in it are not its own."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            yield from _texts(child)


def _fill(context: Any, box: Any, scale: float, space: float, moved: float = 0) -> float:
    """Scale the glyphs of *box* and widen its spaces; return how far it moves what follows."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline

    if not isinstance(box, (boxes.TextBox, boxes.LineBox, boxes.InlineBox)):
        box.translate(moved, 0)
        return moved
    box.position_x += moved
    if isinstance(box, boxes.TextBox):
        spaces = inline.count_expandable_spaces(box)
        more = float(box.width * (scale - 1) + spaces * space)
        box.octavo_scale = scale
        box.justification_spacing = space / scale
        if spaces:
            box.pango_layout = inline.create_layout(
                box.text, box.style, context, None, box.justification_spacing
            )
            box.pango_layout.deactivate()
        box.width += more
        return moved + more
    before = moved
    for child in box.children:
        moved = _fill(context, child, scale, space, moved)
    box.width += moved - before
    return moved


def _plan(context: Any, line_box: Any, containing_block: Any) -> None:
    """Note in the text boxes of *line_box* where its lines end, once."""
    if "octavo_asked" in line_box.__dict__:
        return
    line_box.octavo_asked = True
    style = line_box.style
    wanted = style["text_align_all"] == "justify" and _is_optimum(style["__line_breaking"])
    if not wanted or style["direction"] != "ltr":
        return
    from weasyprint.layout.percent import resolve_one_percentage

    resolve_one_percentage(line_box, "text_indent", containing_block.width)
    paragraph = _Paragraph(context, containing_block, line_box.text_indent)
    try:
        paragraph.add(line_box)
    except _Unmeasured:
        return
    size = style["font_size"]
    task = Task(
        paragraph.finish(),
        containing_block.width,
        paragraph.indent,
        Give(STRETCH * size, SHRINK * size, GLYPHS * containing_block.width),
    )
    taken = break_lines(task)
    if taken is None:
        return
    paragraph.note(taken)
    line_box.octavo_planned = _Plan(paragraph, task, taken)


def _mend_turn(line_box: Any, lines: Sequence[Any]) -> bool:
    """Break the lines of this page anew where a word would be broken over the page turn."""
    plan: _Plan | None = line_box.__dict__.get("octavo_planned")
    ends = [_end_of(line) for line in lines]
    if plan is None or not ends or ends[0] is None or ends[-1] is None or not ends[-1].hyphen:
        return False
    kept = plan.taken[: plan.taken.index(ends[0].place)]
    barred = plan.task.barred | {ends[-1].place}
    task = replace(plan.task, barred=barred, start=kept[-1] if kept else -1)
    anew = break_lines(task)
    if anew is None:
        return False
    plan.paragraph.note((*kept, *anew))
    line_box.octavo_planned = _Plan(plan.paragraph, replace(task, start=-1), (*kept, *anew))
    return True


def _end_of(line: Any) -> _End | None:
    """Where the line ends, as it was planned; none for a paragraph's last."""
    end: _End | None = None
    for text in _texts(line):
        end = text.__dict__.get("octavo_end")
    return end


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was planned for a paragraph."""

    paragraph: "_Paragraph"
    task: Task
    taken: tuple[int, ...]


def _is_optimum(tokens: Any) -> bool:
    """Whether the custom property ``--line-breaking`` asks for it."""
    return any(getattr(token, "value", "") == "optimum" for token in tokens or ())


class _Paragraph:
    """A paragraph as it is measured, one text box after the other."""

    def __init__(self, context: Any, containing_block: Any, indent: float) -> None:
        self.indent = indent
        self._context = context
        self._containing_block = containing_block
        self._x = 0.0
        self._spaces = 0
        self._boxes: list[Any] = []
        self._ends: list[tuple[Any, _End]] = []
        self._places = Places([], [], [], [], [], [], [])

    def add(self, box: Any) -> None:
        """Measure all that is in *box*. Raises ``_Unmeasured``."""
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
            raise _Unmeasured
        if not isinstance(box, boxes.LineBox):
            resolve_percentages(box, self._containing_block)
            self._x += _edge(box, "left")
        for child in box.children:
            if not child.is_in_normal_flow():
                raise _Unmeasured
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
            raise _Unmeasured
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
                    _End(
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
    """How far each byte's character stands from the line's beginning. Raises ``_Unmeasured``."""
    from weasyprint.text.ffi import FROM_UNITS, ffi

    found = [-1.0] * (length + 1)
    x = 0
    run = line.runs
    while run != ffi.NULL:
        item = run.data
        if item.item.analysis.level % 2:
            raise _Unmeasured
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
