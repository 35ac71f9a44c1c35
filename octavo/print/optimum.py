"""Paragraphs set line by line where we broke them: what is justified, and what mixes two ways.

Comes in: a paragraph as WeasyPrint is about to break it. Goes out: its lines. The one decision:
the engine goes on to make boxes, pages and all; we tell it which lines a paragraph has, and
how they are spaced. What we cannot measure (floats, words that do not fit) is left to it.
"""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from octavo.print.bidi import levels_of
from octavo.print.mixedtext import mix
from octavo.print.paragraph import Paragraph
from octavo.print.setlines import Planned
from octavo.print.settext import SetText
from octavo.print.shaping import Unmeasured
from octavo.print.slots import SlotText, slot_name

BROKEN_BEFOREHAND = "pre-line"
"""The ``white-space`` of text with line feeds where its lines end, as the index has it."""
MOST_TURNS = 3
"""How often the lines before a page turn are broken anew."""


_AT_WORK: list[Planned] = []
"""The paragraphs of the signature that is being laid out."""


def let_paragraphs_go() -> None:
    """Let go of what was measured, once all pages are made.

    A paragraph and its boxes hold each other: the collector would have to find them.
    """
    for planned in _AT_WORK:
        planned.let_go()
    _AT_WORK.clear()


def break_paragraphs_whole() -> None:
    """Have WeasyPrint set lines that we break: justified text, and such as is read both ways."""
    _make_lines()
    _stand_on_one_line()
    _mend_page_turns()
    _write_set_text()


def _make_lines() -> None:
    from weasyprint.layout import block, inline

    stock = inline.iter_line_boxes

    def iter_lines(
        context: Any,
        box: Any,
        position_y: float,
        bottom_space: float,
        skip_stack: Any,
        containing_block: Any,
        *rest: Any,
    ) -> Iterator[tuple[Any, Any]]:
        _, _, *styles = rest
        # Text beside a float, and that of which a part has a style of its own.
        is_plain = not context.excluded_shapes and not any(styles)
        planned = _plan(context, box, containing_block, skip_stack) if is_plain else None
        if planned:
            return planned.lines(context, containing_block, position_y, skip_stack)
        lines: Iterator[tuple[Any, Any]] = stock(
            context, box, position_y, bottom_space, skip_stack, containing_block, *rest
        )
        if box.style["direction"] == "rtl" and skip_stack is None:
            return _indented(lines, box)
        return lines

    block.iter_line_boxes = iter_lines


def _indented(lines: Iterator[tuple[Any, Any]], line_box: Any) -> Iterator[tuple[Any, Any]]:
    """Indent the first of *lines*, which are read from right to left: the engine does not."""
    for line, resume in lines:
        if line and line_box.text_indent:
            line.translate(-line_box.text_indent, 0)
        yield line, resume


def _stand_on_one_line() -> None:
    """Have the letters of all fonts stand on the baseline of the first, as CSS has it.

    The engine asks a font that stands in for another for its own, and the line grows.
    """
    from weasyprint.layout import inline
    from weasyprint.text.line_break import strut

    split = inline.split_text_box

    def split_text_box(*facts: Any, **more: Any) -> Any:
        box, *rest = split(*facts, **more)
        if box:
            _, box.baseline = strut(box.style)
        return box, *rest

    inline.split_text_box = split_text_box


def _mend_page_turns() -> None:
    """Break no word from a recto to the page behind it."""
    from weasyprint.layout import block

    lay_out_lines = block._linebox_layout

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


def _mend_turn(line_box: Any, lines: Sequence[Any]) -> bool:
    numbers = [line.octavo_line for line in lines if "octavo_line" in line.__dict__]
    planned: Planned | None = line_box.__dict__.get("octavo_planned")
    return planned is not None and bool(numbers) and planned.mend_turn(numbers[0], numbers[-1])


def _write_set_text() -> None:
    from weasyprint.draw import text
    from weasyprint.matrix import Matrix

    draw_first_line = text.draw_first_line

    def draw(stream: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any) -> Any:
        layout = box.pango_layout
        if name := slot_name(box):
            layout = box.pango_layout = SlotText(name, layout, box.style)
        if not isinstance(layout, SetText):
            layout = box.pango_layout = mix(box) or layout
        if not isinstance(layout, SetText):
            return draw_first_line(stream, box, overflow, ellipsis, matrix)
        is_plain = overflow == "clip" and ellipsis == "none"
        if is_plain and layout.write(stream, box, matrix):
            return []
        box.pango_layout = layout.engine_layout(box)
        return draw_first_line(stream, box, overflow, ellipsis, Matrix(a=layout.scale) @ matrix)

    text.draw_first_line = draw


def _plan(context: Any, line_box: Any, containing_block: Any, skip_stack: Any) -> Planned | None:
    """The plan of *line_box*, made once; none where the engine is to break it."""
    if "octavo_planned" not in line_box.__dict__:
        line_box.octavo_planned = _plan_anew(context, line_box, containing_block)
    planned: Planned | None = line_box.octavo_planned
    if planned and planned.measure != containing_block.width:
        # On another page with other margins.
        if skip_stack is not None:
            return None
        planned = line_box.octavo_planned = _plan_anew(context, line_box, containing_block)
    return planned


def _plan_anew(context: Any, line_box: Any, containing_block: Any) -> Planned | None:
    style = line_box.style
    align = _align(style)
    levels = levels_of(line_box) if isfinite(containing_block.width) else b""
    # Box by box, as the engine orders them, words of two scripts do not stand where they belong.
    is_ours = levels or style["white_space"] == BROKEN_BEFOREHAND
    if not is_ours and (align or not _is_optimum(style["__line_breaking"])):
        return None
    from weasyprint.layout.percent import resolve_one_percentage

    resolve_one_percentage(line_box, "text_indent", containing_block.width)
    paragraph = Paragraph(context, containing_block, line_box.text_indent, levels, hangs=not align)
    try:
        paragraph.add(line_box)
        paragraph.finish()
    except Unmeasured:
        return None
    planned = Planned(line_box, paragraph, containing_block.width, align)
    _AT_WORK.append(planned)
    return planned if planned.spans else None


def _align(style: Any) -> str:
    """Where lines stand: ``start``, ``center``, ``end``, or nothing where they are justified."""
    align = str(style["text_align_all"])
    if align in ("left", "right"):
        return "start" if (align == "left") == (style["direction"] == "ltr") else "end"
    return {"justify": "", "center": "center", "end": "end"}.get(align, "start")


def _is_optimum(tokens: Any) -> bool:
    """Whether the custom property ``--line-breaking`` asks for it."""
    return any(getattr(token, "value", "") == "optimum" for token in tokens or ())
