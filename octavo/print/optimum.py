"""Paragraphs for the engine with their lines broken beforehand.

Comes in: a paragraph as WeasyPrint is about to break it. Goes out: the same, with a note
where each of its lines ends. The one decision: the engine goes on to set lines, hyphens,
pages and all; it is only told where each line ends, and shapes it once, where its own
breaking shapes a line five times. What we cannot measure (text from right to left) is left
to the engine.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from octavo.print.linebreaks import Give, Task, break_lines, share
from octavo.print.paragraph import LineEnd, Paragraph, Unmeasured

STRETCH = 0.11
"""How far a space gives, in sizes (em)."""
SHRINK = 0.08
GLYPHS = 0.02
"""How far glyphs may be scaled sideways: no eye sees it (microtype's default)."""
MOST_TURNS = 3
"""How often the lines before a page turn are broken anew."""
ROOM = 1e6
"""The width of a line that is broken beforehand: it fits, whatever its spaces would need."""


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
    paragraph = Paragraph(context, containing_block, line_box.text_indent)
    try:
        paragraph.add(line_box)
    except Unmeasured:
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


def _end_of(line: Any) -> LineEnd | None:
    """Where the line ends, as it was planned; none for a paragraph's last."""
    end: LineEnd | None = None
    for text in _texts(line):
        end = text.__dict__.get("octavo_end")
    return end


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was planned for a paragraph."""

    paragraph: Paragraph
    task: Task
    taken: tuple[int, ...]


def _is_optimum(tokens: Any) -> bool:
    """Whether the custom property ``--line-breaking`` asks for it."""
    return any(getattr(token, "value", "") == "optimum" for token in tokens or ())
