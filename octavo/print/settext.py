"""The text of one line, set: its glyphs written where they stand.

Comes in: glyphs as they were shaped, and how the line is justified. Goes out: text operators
of PDF (ISO 32000-1, 9.4). The one decision: each glyph stands where it belongs to half a
thousandth of its size, for what the font's rounded widths and kerning leave over is carried
to the next, where the engine drops it glyph by glyph.
"""

from collections.abc import Sequence
from typing import Any
from unicodedata import normalize

from octavo.print.fonts import Face
from octavo.print.setpages import LINE_SPACE_CODE, SOFT_HYPHEN_CODE
from octavo.print.shaping import UNIT, Glyphs


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
        self.hyphen = hyphen

    @property
    def font(self) -> Any:
        """Pango's, of the first of the text."""
        return self._glyphs[0].font

    def write(self, stream: Any, box: Any, matrix: Any) -> bool:
        """Write *box* to *stream*; false where the font is drawn by pictures, not outlines."""
        fonts = [stream.add_font(glyphs.font) for glyphs in self._glyphs]
        if not are_outlines(fonts):
            return False
        (a, b, _), (c, d, _), (e, f, _) = matrix
        stream.set_text_matrix(a * self.scale, b * self.scale, c, d, e, f)
        pieces: list[str] = []
        ahead = 0.0
        for glyphs, (font, size) in zip(self._glyphs, fonts, strict=True):
            if pieces:
                show(stream, pieces)
            stream.set_font_size(font.hash, size)
            unit = size / 1000
            pen = Pen(stream, font, size)
            pieces, ahead = pen.place(glyphs, box.justification_spacing / unit, ahead / unit)
            ahead *= unit
        if self.hyphen:
            pieces[-1] = f"{SOFT_HYPHEN_CODE:04x}"
        elif getattr(box, "octavo_space_after", False):
            pieces.append(f"{LINE_SPACE_CODE:04x}")
        show(stream, pieces)
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


class Pen:
    """Writes glyphs in a font at a size; lengths are thousandths of that."""

    def __init__(self, stream: Any, font: Any, size: float) -> None:
        self._stream, self._font, self._size = stream, font, size
        self._unit = 1000 * UNIT / size
        """How much a unit of Pango's is."""
        sizes = font.__dict__.setdefault("octavo_sizes", {})
        self._known: dict[tuple[int, int], tuple[str, float]] = sizes.setdefault(size, {})
        """By a glyph and its width as it was shaped: its code, and how far the pen is ahead then.

        What is no glyph at all has no code.
        """

    def place(self, glyphs: Glyphs, space: float, ahead: float) -> tuple[list[str], float]:
        """The codes of *glyphs*, and between them how far the next is moved to the left.

        *ahead* is how far the pen stands to the right of where it should, before and behind
        them.
        """
        pieces: list[str] = []
        unit = self._unit
        for (code, more), right, up, is_space in zip(
            self._known_of(glyphs), glyphs.rights, glyphs.ups, glyphs.spaces(), strict=True
        ):
            if not code:
                ahead += more
                continue
            off = ahead - right * unit if right else ahead
            if off > 0.5 or off < -0.5:
                move = round(off)
                ahead -= move
                pieces.append(f">{move}<")
            pieces.append(self._raised(code, up) if up else code)
            ahead += more
            if is_space:
                ahead -= space
        return pieces, ahead

    def _known_of(self, glyphs: Glyphs) -> Sequence[tuple[str, float]]:
        """What is known of each of *glyphs*."""
        known = self._known
        shaped = [*zip(glyphs.numbers, glyphs.widths, strict=True)]
        if not known.keys() >= {*shaped}:
            for at, glyph in enumerate(shaped):
                if glyph not in known:
                    known[glyph] = self._look_at(glyphs, at)
        return [*map(known.__getitem__, shaped)]

    def _look_at(self, glyphs: Glyphs, at: int) -> tuple[str, float]:
        """Find a glyph's code; the first time it comes the font is told of it."""
        from weasyprint.text.ffi import pango

        number, shaped = glyphs.numbers[at], glyphs.widths[at] * self._unit
        if number == pango.PANGO_GLYPH_EMPTY:
            return "", -shaped
        font, stream = self._font, self._stream
        if number not in font.widths:
            pango.pango_font_get_glyph_extents(
                glyphs.font, number, stream.ink_rect, stream.logical_rect
            )
            width = stream.logical_rect.width * 1000 * UNIT / self._size
            font.widths[number] = round(width)
            font.to_unicode.setdefault(number, self._text_of(glyphs, at))
        return f"{number:04x}", font.widths[number] - shaped

    def _text_of(self, glyphs: Glyphs, at: int) -> str:
        """The text that a glyph stands for: its own part of it where a letter has its accents."""
        sharing, text = glyphs.texts.cluster(glyphs.first + at)
        if len(sharing) == 1:
            return text
        # Of the whole run: a sign above a letter may be drawn apart from it.
        numbers = [glyphs.texts.numbers[other] for other in sharing]
        return shared_out(text, numbers, _face(self._font))[sharing.index(glyphs.first + at)]

    @staticmethod
    def _raised(code: str, up: int) -> str:
        return f">] TJ {-up * UNIT:.3f} Ts [<{code}>] TJ 0 Ts [<"


def show(stream: Any, pieces: Sequence[str]) -> None:
    """Write what a pen put down."""
    stream.show_text(f"<{''.join(pieces)}>".removeprefix("<>"))


def are_outlines(fonts: Sequence[tuple[Any, float]]) -> bool:
    """Whether each of *fonts* is drawn by outlines, not by pictures."""
    return not any(font.bitmap or font.png or font.svg or font.colr for font, _ in fonts)


def shared_out(text: str, numbers: Sequence[int], face: Face) -> list[str]:
    """What each of the glyphs *numbers* says of the *text* that they stand for together.

    A glyph says the character that it is the font's glyph of; the last of the others says the
    rest, so that the whole is said once. Where more glyphs are left than characters, a font has
    taken a letter apart, and so is the text.
    """
    for form in (text, normalize("NFD", text)):
        left, said = list(form), [""] * len(numbers)
        for at, number in enumerate(numbers):
            own = next((character for character in left if face.glyph(character) == number), "")
            if own:
                left.remove(own)
                said[at] = own
        others = [at for at, own in enumerate(said) if not own]
        if len(others) <= len(left):
            break
    said[others[-1] if others else -1] += "".join(left)
    return said


def _face(font: Any) -> Face:
    """The file of a font of the engine's, opened once."""
    if "octavo_face" not in font.__dict__:
        from weasyprint.text.fonts import get_hb_object_data

        font.octavo_face = Face(get_hb_object_data(font.hb_face))
    face: Face = font.octavo_face
    return face
