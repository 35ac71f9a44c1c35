"""What the content streams of a page draw as text: our own reading of them.

Comes in: a page of the finished PDF, and its fonts. Goes out: its text, by the marks that the
tag tree refers to. The one decision: text is read through each font's ToUnicode alone, and from
its end where it is marked as reversed (ISO 32000-1, 14.8.2.3.3).
"""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from octavo.proof.operators import Mark, Shown, read_operators
from octavo.proof.pdffont import Fonts, PdfFont

STEPS = {
    b"q": ("state", 1),
    b"Q": ("state", -1),
    b"BT": ("text", 1),
    b"ET": ("text", -1),
    b"BDC": ("mark", 1),
    b"BMC": ("mark", 1),
    b"EMC": ("mark", -1),
}
"""What operators open and close."""


@dataclass(slots=True)
class Run:
    """A stretch of text drawn at one go; lengths are in units of its stream."""

    text: str
    page: int
    x: float
    y: float
    size: float
    font: PdfFont
    codes: str
    shifts: bytes
    """The numbers that move its glyphs together or apart, as a ``TJ`` gives them."""
    is_reversed: bool = False
    """Whether it is read from right to left; its codes are as they are seen."""

    @property
    def end(self) -> float:
        """Where the next glyph would stand."""
        shift = sum(map(float, self.shifts.split()))
        return self.x + (self.font.width(self.codes) - shift) / 1000 * self.size


@dataclass(slots=True)
class PageText:
    """The text of one page."""

    marks: dict[int, list[Run]] = field(default_factory=dict)
    """By the marks that the tag tree refers to."""
    artifacts: list[Run] = field(default_factory=list)
    stray: list[Run] = field(default_factory=list)
    """Neither marked nor an artifact."""
    replaced: list[str] = field(default_factory=list)
    """What is read out in place of what is drawn."""

    def runs(self) -> Iterator[Run]:
        """All of them."""
        return chain(self.artifacts, self.stray, *self.marks.values())


def read_streams(number: int, page: Any, fonts: Fonts, stream: Any = None) -> PageText:
    """Read the page object with index *number*, or one *stream* of its content alone."""
    reader = _Reader(number, fonts)
    reader.read(page if stream is None else stream, page.get("/Resources", {}))
    return reader.text


def read_apart(number: int, page: Any, fonts: Fonts) -> PageText:
    """Read the stream of a page that stands apart."""
    return read_streams(number, page, fonts, page.Contents[0])


def stands_apart(page: Any) -> bool:
    """Whether the first of two streams on *page* leaves nothing behind for the second.

    All of it stands between a state saved and restored, and what it opens it closes before. A
    string or a remark might seem to, so it has none.
    """
    import pikepdf

    contents = page.get("/Contents")
    if not isinstance(contents, pikepdf.Array) or len(contents) != 2:
        return False
    data = contents[0].read_bytes()
    words = data.split()
    if b"(" in data or b"%" in data or not words or (words[0], words[-1]) != (b"q", b"Q"):
        return False
    depths = Counter[str]()
    for word in words[:-1]:
        what, step = STEPS.get(word, ("", 0))
        depths[what] += step
        if depths[what] < 0 or not depths["state"]:
            return False
    return +depths == {"state": 1}


def is_sound(stream: Any) -> bool:
    """Whether *stream* is packed without a fault, which each reader would mend in its own way."""
    if [*map(str, stream.stream_dict.keys() - {"/Length"})] != ["/Filter"]:
        return False
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(stream.read_raw_bytes())
    except zlib.error:
        return False
    return (
        stream.get("/Filter") == "/FlateDecode"
        and unpacking.eof
        and not unpacking.unused_data.strip()
    )


def joined(first: PageText, rest: PageText) -> PageText:
    """What two streams of a page draw, one after the other."""
    marks = {mark: list(runs) for mark, runs in first.marks.items()}
    for mark, runs in rest.marks.items():
        marks.setdefault(mark, []).extend(runs)
    return PageText(
        marks,
        first.artifacts + rest.artifacts,
        first.stray + rest.stray,
        first.replaced + rest.replaced,
    )


class _Reader:
    """Reads the streams of one page."""

    def __init__(self, number: int, fonts: Fonts) -> None:
        self.text = PageText()
        self._number = number
        self._fonts = fonts
        self._targets: list[list[Run]] = [self.text.stray]
        self._reversed = [False]

    def read(self, stream: Any, resources: Any) -> None:
        fonts = self._fonts.of(resources)
        pen = _Pen(self._number)
        for name, operands in read_operators(stream, resources):
            match name:
                case "Tj" | "'" | '"' | "TJ":
                    if name in "'\"":
                        pen.next_line()
                    run = pen.show(operands, is_reversed=self._reversed[-1])
                    if run.codes:
                        self._targets[-1].append(run)
                case "Tm":
                    pen.place(operands)
                case "Td" | "TD":
                    pen.move(operands[0], operands[1], leading=name == "TD")
                case "T*":
                    pen.next_line()
                case "TL":
                    pen.leading = operands[0]
                case "Tf":
                    pen.font, pen.font_size = fonts[operands[0]], operands[1]
                case "BT":
                    pen.place([1, 0, 0, 1, 0, 0])
                case "BDC" | "BMC":
                    self._open_mark(operands)
                case "EMC":
                    self._targets.pop()
                    self._reversed.pop()
                case "Do":
                    self._draw(resources["/XObject"][f"/{operands}"], resources)

    def _open_mark(self, mark: Mark) -> None:
        """Text goes to the innermost mark that says where it belongs."""
        target = self._targets[-1]
        if mark.tag == "Artifact":
            target = self.text.artifacts
        elif mark.number is not None:
            target = self.text.marks.setdefault(mark.number, [])
        if mark.replacement is not None:
            self.text.replaced.append(mark.replacement)
        self._targets.append(target)
        self._reversed.append(self._reversed[-1] or mark.tag == "ReversedChars")

    def _draw(self, form: Any, resources: Any) -> None:
        if form.get("/Subtype") == "/Form":
            self.read(form, form.get("/Resources", resources))


class _Pen:
    """Where on the page text is drawn. Only differences count, so the page's own scale is 1."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.font: PdfFont | None = None
        self.font_size = 1.0
        self.leading = 0.0
        self.place([1, 0, 0, 1, 0, 0])

    def place(self, matrix: list[float]) -> None:
        self.scale = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
        self.rise = matrix[3]
        self.x = matrix[4]
        self.y = matrix[5]
        self.before: Run | None = None

    def move(self, across: float, up: float, *, leading: bool = False) -> None:
        if leading:
            self.leading = -up
        self.x += across * self.scale
        self.y += up * self.rise
        self.before = None

    def next_line(self) -> None:
        self.move(0, -self.leading)

    def show(self, shown: Shown, *, is_reversed: bool) -> Run:
        assert self.font, "text is drawn before a font is chosen"
        codes = self.font.codes(shown.codes)
        text = self.font.read_reversed(codes) if is_reversed else self.font.read(codes)
        # Where nothing moves the pen, text goes on where the text before it ends.
        x = self.before.end if self.before else self.x
        size = self.font_size * self.scale
        self.before = Run(
            text, self.page, x, self.y, size, self.font, codes, shown.shifts, is_reversed
        )
        return self.before
