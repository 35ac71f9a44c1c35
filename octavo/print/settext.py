"""The text of one line, set: its glyphs written where they stand.

Comes in: glyphs as they were shaped, and how the line is justified. Goes out: text operators
of PDF (ISO 32000-1, 9.4). The one decision: each glyph stands where it belongs to half a
thousandth of its size, for what the font's rounded widths and kerning leave over is carried
to the next, where the engine drops it glyph by glyph.
"""

from collections.abc import Sequence
from typing import Any

from octavo.print.shaping import Glyphs

SOFT_HYPHEN_CODE = 0xFFF0
"""The character code of a hyphen that a line end put in; the author's keep the glyph's own."""
LINE_SPACE_CODE = 0xFFF1
"""The character code of the space that a line end stands for."""


class SetText:
    """What a text box holds in place of the engine's own layout, once its line is set."""

    first_line_direction = 0
    max_width = None

    def __init__(
        self, text: str, style: Any, glyphs: Sequence[Glyphs], *, hyphen: bool, scale: float
    ) -> None:
        self.text = text
        self.scale = scale
        self._glyphs = glyphs
        self._style = style
        self._hyphen = hyphen

    def write(self, stream: Any, box: Any, matrix: Any) -> bool:
        """Write *box* to *stream*; false where the font is drawn by pictures, not outlines."""
        from weasyprint.matrix import Matrix

        fonts = [stream.add_font(glyphs.font) for glyphs in self._glyphs]
        if any(font.bitmap or font.png or font.svg or font.colr for font, _ in fonts):
            return False
        stream.set_text_matrix(*(Matrix(a=self.scale) @ matrix).values)
        pieces: list[str] = []
        ahead = 0.0
        for glyphs, (font, size) in zip(self._glyphs, fonts, strict=True):
            if pieces:
                _show(stream, pieces)
            stream.set_font_size(font.hash, size)
            _note_glyphs(stream, glyphs, font, size)
            unit = size / 1000
            pieces, ahead = _placed(
                glyphs, font, size, box.justification_spacing / unit, ahead / unit
            )
            ahead *= unit
        if self._hyphen:
            pieces[-1] = f"{SOFT_HYPHEN_CODE:04x}"
        elif getattr(box, "octavo_space_after", False):
            pieces.append(f"{LINE_SPACE_CODE:04x}")
        _show(stream, pieces)
        return True

    def engine_layout(self, box: Any) -> Any:
        """The engine's own layout of the same text."""
        from weasyprint.text import line_break

        return line_break.create_layout(
            self.text, self._style, None, None, box.justification_spacing
        )

    def reactivate(self, style: Any) -> None:
        """The engine asks for it before it draws; there is nothing to be done."""

    def deactivate(self) -> None:
        """The engine asks for it after it drew."""

    def __getattr__(self, name: str) -> Any:
        # Where lines under and over the text stand.
        from weasyprint.text import line_break

        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(line_break.Layout(self._style), name)


def _note_glyphs(stream: Any, glyphs: Glyphs, font: Any, size: float) -> None:
    """Tell *font* what each glyph stands for and how wide it is, the first time it comes."""
    from weasyprint.text.ffi import FROM_UNITS, pango

    for at, number in enumerate(glyphs.numbers):
        if number in font.widths or number == pango.PANGO_GLYPH_EMPTY:
            continue
        pango.pango_font_get_glyph_extents(
            glyphs.font, number, stream.ink_rect, stream.logical_rect
        )
        font.widths[number] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
        font.to_unicode.setdefault(number, glyphs.texts.text(glyphs.first + at))


def _placed(
    glyphs: Glyphs, font: Any, size: float, space: float, ahead: float
) -> tuple[list[str], float]:
    """The glyphs' codes, and between them how far the next is moved to the left.

    *ahead* is how far the pen stands to the right of where it should, before and behind them;
    it and *space* are in thousandths of the size.
    """
    from weasyprint.text.ffi import FROM_UNITS, pango

    pieces: list[str] = []
    unit = 1000 * FROM_UNITS / size
    widths = font.widths
    facts = zip(
        glyphs.numbers, glyphs.widths, glyphs.rights, glyphs.ups, glyphs.spaces(), strict=True
    )
    for number, width, right, up, is_space in facts:
        if number == pango.PANGO_GLYPH_EMPTY:
            ahead -= width * unit
            continue
        move = round(ahead - right * unit)
        if move:
            ahead -= move
            pieces.append(f">{move}<")
        if up:
            pieces.append(f">] TJ {-up * FROM_UNITS:.3f} Ts [<{number:04x}>] TJ 0 Ts [<")
        else:
            pieces.append(f"{number:04x}")
        ahead += widths[number] - width * unit
        if is_space:
            ahead -= space
    return pieces, ahead


def _show(stream: Any, pieces: Sequence[str]) -> None:
    stream.show_text(f"<{''.join(pieces)}>".removeprefix("<>"))
