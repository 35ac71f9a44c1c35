"""The text of one box, shaped once: its glyphs, and how far each stands from the box's edge.

Comes in: a text box of WeasyPrint's, before its lines are broken. Goes out: places where a
line may end with their widths, and the glyphs of any stretch of it, ready to be written. The
one decision: what was shaped to be measured is what is written, where the engine shapes each
line once more to break it, to space it and to draw it. Only where a line ends inside a word
is that word's part shaped again, for a hyphen kerns with the letter before it and a ligature
may be parted.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, compress
from typing import Any, NamedTuple

SPACES = frozenset(" \N{NO-BREAK SPACE}")
"""Those that justification widens."""
EAST_ASIAN = re.compile(
    "[\u3000-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Ideographs, kana and their marks, with no spaces between words: each gives room behind it."""
EAST_ASIAN_BEGINS = "\u3000"
"""No character before it is one of them."""
LEADS_EAST_ASIAN = 0xE3
"""The first byte of the first of them in UTF-8."""
BEGINS_A_CHARACTER = bytes(byte & 0xC0 != 0x80 for byte in range(256))
"""For each byte of UTF-8 whether it is a character's first."""
IS_SPACE = bytes(byte == ord(" ") for byte in range(256))
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}".encode()
SHORT = 32
"""Characters; a text of no more is kept."""
UNIT = 1 / 1024
"""A unit of Pango's lengths (PANGO_SCALE), in CSS pixels."""
GLYPH_FIELDS = 5
"""A glyph of Pango's: its number, width, two offsets, and flags; 32 bits each."""


class Unmeasured(Exception):
    """The paragraph holds what only the engine can break."""


class Glyphs(NamedTuple):
    """Glyphs of one font, in the order in which they are read; lengths in Pango's units.

    A tuple, for some are made for every line, like all that its boxes are made from.
    """

    font: Any
    """Pango's, kept alive by ``layout``."""
    numbers: Sequence[int]
    widths: Sequence[int]
    rights: Sequence[int]
    """How far each is moved to the right of its place; the next stays where it is."""
    ups: Sequence[int]
    texts: "Texts"
    first: int
    """Which glyph of ``texts`` the first is."""
    layout: Any
    level: int = 0
    """Odd where they are read from right to left (Unicode Standard Annex 9)."""

    @property
    def is_reversed(self) -> bool:
        """Whether they are read from right to left."""
        return self.level % 2 == 1

    def cut(self, start: int, end: int) -> "Glyphs":
        return Glyphs(
            self.font,
            self.numbers[start:end],
            self.widths[start:end],
            self.rights[start:end],
            self.ups[start:end],
            self.texts,
            self.first + start,
            self.layout,
            self.level,
        )

    def width(self) -> float:
        """How wide they are, in CSS pixels."""
        return sum(self.widths) * UNIT

    def spaces(self) -> Sequence[int]:
        """Which of them are spaces that justification widens."""
        return self.texts.spaces[self.first : self.first + len(self.numbers)]


class Texts:
    """What text the glyphs of a run stand for; positions are bytes of UTF-8."""

    def __init__(
        self, data: bytes, offsets: Sequence[int], end: int, numbers: Sequence[int]
    ) -> None:
        self.numbers = numbers
        """The glyphs themselves, all of the run."""
        self._data = data
        self._offsets = [*offsets, end]
        self.spaces = self._spaces(offsets)

    def _spaces(self, offsets: Sequence[int]) -> Sequence[int]:
        """For each glyph whether it is a space that justification widens, or is widened as one."""
        data = self._data
        if data and max(data) >= LEADS_EAST_ASIAN:
            return bytes(gives(data[at : at + 4].decode(errors="ignore")[:1]) for at in offsets)
        if NO_BREAK_SPACE not in data:
            return bytes(map(data.__getitem__, offsets)).translate(IS_SPACE)
        return bytes(data[at] == ord(" ") or data.startswith(NO_BREAK_SPACE, at) for at in offsets)

    def cluster(self, number: int) -> tuple[range, str]:
        """The text that a glyph stands for, and the numbers of all glyphs that do."""
        start = self._offsets[number]
        first, after = bisect_left(self._offsets, start), bisect_right(self._offsets, start)
        return range(first, after), self._data[start : self._offsets[after]].decode()


@dataclass(frozen=True, slots=True)
class Run:
    """A run of glyphs as they were shaped, and where in the text each begins."""

    glyphs: Glyphs
    offsets: Sequence[int]
    end: int


class Shaped:
    """Text as the engine shapes it in one line; ``x``, ``bytes`` and ``spaces`` count characters.

    *levels* says which way each character is read; empty: all from left to right. Raises
    ``Unmeasured`` for a character that no font has.
    """

    def __init__(self, text: str, style: Any, levels: bytes = b"") -> None:
        from weasyprint.text import line_break

        self.text = text
        self.style = style
        self.levels = levels
        layout = line_break.create_layout(text, style, None, None, 0)
        line, _ = layout.get_first_line()
        self.height: float = line_break.line_size(line, style)[1]
        self._layout = layout
        data = self.data = text.encode()
        self.bytes: Sequence[int] = [
            *compress(range(len(data)), data.translate(BEGINS_A_CHARACTER)),
            len(data),
        ]
        self._runs = [
            *(_mixed_runs(text, style, levels) if levels else runs_of_line(line, data, layout))
        ]
        self._by_byte = _positions(self._runs, len(data))
        self.x = [*map(self._by_byte.__getitem__, self.bytes)]
        """How far each character's left edge stands from the box's, and the end of the last."""
        counted = gives if EAST_ASIAN.search(text) else SPACES.__contains__
        self.spaces = [*accumulate(map(counted, text), initial=0)]

    def width(self, start: int, end: int) -> float:
        """How wide it is from *start* to *end*, counted in bytes."""
        return self._by_byte[end] - self._by_byte[start]

    def kerning(self, end: int) -> float:
        """How much wider the glyph before *end* is set than at a line's end, where nothing follows.

        *end* counts bytes.
        """
        if self.style["letter_spacing"] != "normal":
            return 0.0
        run = next((run for run in self._runs if run.offsets[0] < end <= run.end), None)
        if run is None:
            # What ends a line by itself belongs to none.
            raise Unmeasured
        at = bisect_left(run.offsets, end) - 1
        if at and run.offsets[at - 1] == run.offsets[at]:
            # An accent, whose advance was taken away.
            return 0.0
        alone = _advance(self.style, run.glyphs, run.glyphs.numbers[at])
        return (run.glyphs.widths[at] - alone) * UNIT

    def line_breaks(self) -> Iterator[int]:
        """The characters that a line may begin with."""
        from weasyprint.text.ffi import ffi, pango

        count = len(self.text) + 1
        found = pango.pango_layout_get_log_attrs_readonly(self._layout.layout, ffi.NULL)
        flags = memoryview(ffi.buffer(found, count * 4)).cast("I").tolist()
        # Behind the text a line always may.
        return compress(range(count - 1), map(_line_break_mask().__and__, flags))

    def cut(self, start: int, end: int) -> tuple[list[Glyphs], float] | None:
        """The glyphs of a stretch, counted in bytes, and its width.

        None where a glyph would be parted.
        """
        found = []
        for run in self._runs:
            if run.end <= start or end <= run.offsets[0]:
                continue
            first = bisect_left(run.offsets, start)
            last = bisect_left(run.offsets, end)
            if _parts(run, first, start) or _parts(run, last, end):
                return None
            found.append(run.glyphs.cut(first, last))
        return found, self.width(start, end)


def gives(character: str) -> bool:
    """Whether justification sets room behind *character*: a space, or one that needs none."""
    return character in SPACES or bool(EAST_ASIAN.match(character))


def gives_at_end(text: str) -> bool:
    """Whether the last of *text* gives room that a line's end does not show."""
    return bool(EAST_ASIAN.match(text[-1:]))


def shape(text: str, style: Any, levels: bytes = b"") -> Shaped:
    """Shape *text*; what is short may stand in many paragraphs, a speaker's label above all."""
    if len(text) > SHORT:
        return Shaped(text, style, levels)
    # Of this document, and with the style, whose identity could be another's when it is gone.
    known = style.cache.setdefault("octavo_shaped", {})
    key = text, id(style), levels
    if key not in known:
        known[key] = Shaped(text, style, levels)
    shaped: Shaped = known[key]
    return shaped


def cut(shaped: Shaped, start: int, end: int, hyphen: str) -> tuple[list[Glyphs], float]:
    """The glyphs from *start* to *end*, counted in bytes, with a *hyphen* put in; their width."""
    if not hyphen:
        whole = shaped.cut(start, end)
        if whole:
            return whole
    data = shaped.data
    # Only the words at both ends: what is between them stays as it was shaped.
    tail = max(start, data.rfind(b" ", start, end) + 1)
    head = data.find(b" ", start, end)
    head = tail if head < 0 else min(head, tail)
    before = _shape_or_cut(shaped, data, start, head, "")
    between = shaped.cut(head, tail) if head < tail else ([], 0.0)
    after = _shape_or_cut(shaped, data, tail, end, hyphen) if tail < end else ([], 0.0)
    assert between is not None, "a glyph stands for a space and more"
    found = (before, between, after)
    return [glyphs for part, _ in found for glyphs in part], sum(width for _, width in found)


def _shape_or_cut(
    shaped: Shaped, data: bytes, start: int, end: int, hyphen: str
) -> tuple[list[Glyphs], float]:
    if start == end:
        return [], 0.0
    whole = None if hyphen else shaped.cut(start, end)
    if whole:
        return whole
    levels = shaped.levels[bisect_left(shaped.bytes, start) : bisect_left(shaped.bytes, end)]
    levels += levels[-1:] * len(hyphen)
    text = data[start:end].decode() + hyphen
    found = [run.glyphs for run in _runs(text, shaped.style, levels)]
    return found, sum(sum(glyphs.widths) for glyphs in found) * UNIT


def _parts(run: Run, glyph: int, at: int) -> bool:
    """Whether a stretch that begins or ends at *at*, before *glyph*, would part a glyph."""
    if glyph == len(run.offsets):
        return at < run.end
    return run.offsets[glyph] != at and at > run.offsets[0]


def _runs(text: str, style: Any, levels: bytes) -> Iterator[Run]:
    """The runs of *text* in the order in which they are read."""
    from weasyprint.text import line_break

    if levels:
        return _mixed_runs(text, style, levels)
    layout = line_break.create_layout(text, style, None, None, 0)
    line, _ = layout.get_first_line()
    return runs_of_line(line, text.encode(), layout)


def _mixed_runs(text: str, style: Any, levels: bytes) -> Iterator[Run]:
    """Yield the runs of *text* in the order in which they are read, each with its own level.

    Pango would find levels of the text's own, as if nothing stood before it or behind.
    """
    from weasyprint.text import line_break

    begin = place = 0
    while begin < len(text):
        level = levels[begin]
        end = begin + 1
        while end < len(text) and levels[end] == level:
            end += 1
        part = text[begin:end]
        data = part.encode()
        layout = line_break.create_layout(part, _Way(style, level), None, None, 0)
        line, _ = layout.get_first_line()
        for run in sorted(runs_of_line(line, data, layout), key=lambda run: run.offsets[0]):
            if run.glyphs.level % 2 != level % 2:
                raise Unmeasured
            yield Run(
                run.glyphs._replace(level=level),
                [place + at for at in run.offsets],
                place + run.end,
            )
        begin = end
        place += len(data)


class _Way:
    """A style that is read the way that a level says."""

    def __init__(self, style: Any, level: int) -> None:
        self._style = style
        self._direction = "rtl" if level % 2 else "ltr"

    def __getitem__(self, name: str) -> Any:
        return self._direction if name == "direction" else self._style[name]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._style, name)


def runs_of_line(line: Any, data: bytes, layout: Any) -> Iterator[Run]:
    """Yield the runs of a line of Pango's from the left.

    Raises ``Unmeasured`` where no font has a character.
    """
    from weasyprint.text.ffi import ffi, pango

    run = line.runs
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        # What is read from right to left is in the order in which it is seen.
        level = level_of(item)
        step = -1 if level % 2 else 1
        count = glyphs.num_glyphs
        size = count * GLYPH_FIELDS * 4
        # Not a list: to cut it would touch each number, wherever in memory that is.
        facts = array("i", bytes(ffi.buffer(glyphs.glyphs, size)))
        numbers = facts[0::GLYPH_FIELDS]
        if max(numbers, default=0) >= pango.PANGO_GLYPH_UNKNOWN_FLAG:
            raise Unmeasured
        offsets = [item.offset + at for at in ffi.unpack(glyphs.log_clusters, count)][::step]
        end = item.offset + item.length
        yield Run(
            Glyphs(
                item.analysis.font,
                numbers[::step],
                facts[1::GLYPH_FIELDS][::step],
                facts[2::GLYPH_FIELDS][::step],
                facts[3::GLYPH_FIELDS][::step],
                Texts(data, offsets, end, numbers[::step]),
                0,
                layout,
                level,
            ),
            offsets,
            end,
        )
        run = run.next


def level_of(item: Any) -> int:
    """The level of a run of Pango's (Unicode Standard Annex 9).

    WeasyPrint declares it as four bytes; it is the first of them.
    """
    from weasyprint.text.ffi import ffi

    return bytes(ffi.buffer(ffi.addressof(item.analysis, "level"), 1))[0]


def _positions(runs: Sequence[Run], length: int) -> list[float]:
    """How far each byte's character stands from the beginning."""
    known: dict[int, float] = {}
    x = 0
    for run in runs:
        *starts, x = accumulate(run.glyphs.widths, initial=x)
        # Backwards, so that of the glyphs of one character the first tells.
        places = reversed([place * UNIT for place in starts])
        known |= zip(reversed(run.offsets), places, strict=True)
    known[length] = x * UNIT
    found = [known.get(at, -1.0) for at in range(length + 1)]
    for at in range(length - 1, -1, -1) if len(known) <= length else ():
        if found[at] < 0:
            # A ligature's later letters: where it would be parted is not known before.
            found[at] = found[at + 1]
    return found


def _advance(style: Any, glyphs: Glyphs, number: int) -> int:
    """The font's own width of a glyph, in Pango's units."""
    from weasyprint.text.ffi import ffi, pango

    # With the layout, for which Pango keeps the font: its address stands for no other one.
    key = ("advances", int(ffi.cast("intptr_t", glyphs.font)))
    _, known = style.font_config.strut_layouts.setdefault(key, (glyphs.layout, {}))
    if number not in known:
        extents = ffi.new("PangoRectangle *")
        pango.pango_font_get_glyph_extents(glyphs.font, number, ffi.NULL, extents)
        known[number] = extents.width
    return int(known[number])


@cache
def _line_break_mask() -> int:
    """The bit of Pango's attributes that says so; where it stands is the compiler's choice."""
    from weasyprint.text.ffi import ffi

    probe = ffi.new("PangoLogAttr *")
    probe.is_line_break = 1
    return int(memoryview(ffi.buffer(probe, 4)).cast("I")[0])
