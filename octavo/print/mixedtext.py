"""The text of one line of which runs are read from right to left, set.

Comes in: runs of glyphs in the order in which they are read, and where each begins. Goes out:
text operators of PDF. The one decision: runs are written in reading order, which is the order
of a page's content, and each that is read from right to left as it is seen, marked as
``ReversedChars`` (ISO 32000-1, 14.8.2.3.3): that is what viewers look for that put such text
into order themselves. A bracket is written as the one that is seen, for so do other programs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from octavo.direction import TURNED, turned
from octavo.print.setpages import LINE_SPACE_CODE, SOFT_HYPHEN_CODE
from octavo.print.settext import Pen, SetText, are_outlines, show
from octavo.print.shaping import UNIT, Glyphs, Texts, runs_of_line

LINE_SPACE = 0.25
"""How wide the space is that stands for a line end, in sizes (em); it is not seen."""

Placed = tuple[Glyphs, float]
"""A run, and how far from the box's left edge it begins, in CSS pixels."""


class MixedText(SetText):
    """Text of which at least one run is read from right to left."""

    def __init__(
        self,
        text: str,
        style: Any,
        runs: Sequence[Placed],
        *,
        hyphen: bool = False,
        space: float = 0,
        scale: float = 1,
    ) -> None:
        super().__init__(text, style, [glyphs for glyphs, _ in runs], hyphen=hyphen, scale=scale)
        self._runs = runs
        self._space = space
        """How much wider a space is set than its glyph is, in CSS pixels."""

    def write(self, stream: Any, box: Any, matrix: Any) -> bool:
        """Write *box* to *stream*; false where the font is drawn by pictures, not outlines."""
        fonts = [stream.add_font(glyphs.font) for glyphs, _ in self._runs]
        if not are_outlines(fonts):
            return False
        (a, b, _), (c, d, _), (e, f, _) = matrix
        right = 0.0
        for (glyphs, x), (font, size) in zip(self._runs, fonts, strict=True):
            stream.set_font_size(font.hash, size)
            unit = size / 1000
            right = max(right, x + self._width(glyphs))
            if glyphs.is_reversed:
                stream.stream.append(b"/ReversedChars BMC")
            for part, begin in self._strings(glyphs):
                stream.set_text_matrix(a * self.scale, b, c, d, e + x + begin, f)
                seen = as_seen(part) if glyphs.is_reversed else part
                pieces, _ = Pen(stream, font, size).place(seen, self._space / unit, 0)
                if self.hyphen and glyphs is self._runs[-1][0]:
                    pieces[-1] = f"{SOFT_HYPHEN_CODE:04x}"
                show(stream, pieces)
            if glyphs.is_reversed:
                stream.stream.append(b"EMC")
        if not self.hyphen and getattr(box, "octavo_space_after", False):
            is_left = self._style["direction"] == "rtl"
            x = min(x for _, x in self._runs) - LINE_SPACE * size if is_left else right
            stream.set_text_matrix(a, b, c, d, e + x, f)
            show(stream, [f"{LINE_SPACE_CODE:04x}"])
        return True

    def _strings(self, glyphs: Glyphs) -> Iterator[Placed]:
        """The strings of a run, in the order in which they are read.

        One shows what stands on the baseline; what is raised, a vowel's sign, is one of its own.
        """
        ups = glyphs.ups
        if not glyphs.is_reversed or not any(ups):
            yield glyphs, 0.0
            return
        begin = 0
        while begin < len(ups):
            end = begin + 1
            while end < len(ups) and not ups[begin] and not ups[end]:
                end += 1
            yield glyphs.cut(begin, end), self._width(glyphs.cut(end, len(ups)))
            begin = end

    def _width(self, glyphs: Glyphs) -> float:
        return (glyphs.width() + self._space * sum(glyphs.spaces())) * self.scale


def mix(box: Any) -> MixedText | None:
    """What the engine laid out in *box*, if some of it is read from right to left."""
    if not TURNED.search(box.text) and box.style["direction"] == "ltr":
        return None
    layout = box.pango_layout
    line, _ = layout.get_first_line()
    placed: list[tuple[int, Placed]] = []
    x = 0.0
    for run in runs_of_line(line, layout.text.encode(), layout):
        placed.append((run.offsets[0], (run.glyphs, x)))
        x += sum(run.glyphs.widths) * UNIT
    runs = [run for _, run in sorted(placed, key=lambda each: each[0])]
    return MixedText(box.text, box.style, runs)


def as_seen(glyphs: Glyphs) -> Glyphs:
    """The *glyphs* of a run that is read from right to left, from left to right."""
    return Glyphs(
        glyphs.font,
        glyphs.numbers[::-1],
        glyphs.widths[::-1],
        glyphs.rights[::-1],
        glyphs.ups[::-1],
        _Seen(glyphs.texts),
        len(glyphs.texts.numbers) - glyphs.first - len(glyphs.numbers),
        glyphs.layout,
        glyphs.level,
    )


class _Seen(Texts):
    """What text each glyph of a whole run stands for, the last one first."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._last = len(texts.numbers) - 1
        self.spaces = texts.spaces[::-1]
        self.numbers = texts.numbers[::-1]

    def cluster(self, number: int) -> tuple[range, str]:
        glyphs, text = self._texts.cluster(self._last - number)
        return range(self._last - glyphs[-1], self._last - glyphs[0] + 1), turned(text)
