"""A paragraph of the engine's, measured: where its lines may end, and how wide all of it is.

Comes in: a line box of WeasyPrint's, before it is broken. Goes out: stretches, which end
where a line must end, each with places for ``linebreaks``. The one decision: widths come
from the engine's own shaper, features, kerning and all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent
from weasyprint.layout.inline import _adjust_line_height, atomic_box
from weasyprint.text.line_break import _font_style_cache_key, strut

from octavo.print.bidi import FORCED, FORCED_OR_NOT
from octavo.print.linebreaks import Places
from octavo.print.shaping import EAST_ASIAN_BEGINS, Shaped, Unmeasured, gives_at_end, shape

WORD = re.compile(r"[^\W\d_]+")
DASHES = "\N{EM DASH}\N{EN DASH}"
HYPHENS = "-\N{HYPHEN}"
HYPHEN_PENALTY = 100.0
OWN_HYPHEN_PENALTY = 50.0
"""Of a break behind a hyphen that the author wrote."""
DASH_PENALTY = 20.0
DASH_BEGINS_PENALTY = 500.0
"""Of a break before a dash that has a space behind it: it belongs to the line before."""
PENALTIES = {
    **dict.fromkeys(HYPHENS, OWN_HYPHEN_PENALTY),
    **dict.fromkeys(DASHES, DASH_PENALTY),
}
OPENING = DASHES + HYPHENS
FOLDED = ("normal", "pre-line")
"""Values of ``white-space`` with which lines may end at spaces, and several are one."""
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


@dataclass(frozen=True, slots=True)
class Leaf:
    """A box of text, or one that stands in the line as a whole."""

    box: Any
    shaped: Shaped | None
    path: tuple[int, ...]
    """Its number among its parent's children, and so on from the line box down."""
    level: int = 0
    """Of a box that stands as a whole: which way it is read."""
    begin: int = 0
    """At which byte of the box's text it begins."""


class LineEnd(NamedTuple):
    """Where a line ends, and where the engine goes on: a leaf's number, and bytes of its text.

    A tuple, for one is made for every place where a line might end.
    """

    leaf: int
    end: int
    resume_leaf: int
    """-1 behind the paragraph's end."""
    resume: int
    hyphen: bool = False
    """Whether a hyphen is put in."""
    hang_right: float = 0.0
    hang_left: float = 0.0
    """How far the first mark of the next line hangs out."""


@dataclass(slots=True)
class Stretch:
    """What is broken on its own: all up to a forced line end, or to the paragraph's."""

    places: Places
    ends: list[LineEnd]
    """By the numbers of the places."""
    indent: float
    first: int
    """The first of its leaves."""
    begin: int = 0
    """At which byte of that it begins: spaces before it are left out."""
    hang_left: float = 0.0


class Paragraph:
    """A paragraph as it is measured, one box after the other."""

    def __init__(
        self,
        context: Any,
        containing_block: Any,
        indent: float,
        levels: bytes = b"",
        *,
        hangs: bool = True,
    ) -> None:
        self.hangs = hangs
        """Whether marks hang in the margins."""
        self.levels = levels
        """Of each character and each atom, as ``bidi`` has them; empty: all from left to right."""
        self._levels_taken = 0
        self.leaves: list[Leaf] = []
        self.reach: dict[int, tuple[int, int]] = {}
        """By the identity of a box: its first leaf, and the one behind its last."""
        self._reaches: dict[int, tuple[list[int], list[int]]] = {}
        self.stretches = [_stretch(indent, 0)]
        self._context = context
        self._containing_block = containing_block
        self._begin_anew()

    def add(self, box: Any, path: tuple[int, ...] = ()) -> None:
        """Measure all that is in *box*. Raises ``Unmeasured``."""
        first = len(self.leaves)
        if isinstance(box, boxes.TextBox):
            self._add_text(box, path)
        elif isinstance(box, boxes.AtomicInlineLevelBox):
            self._add_atom(box, path)
        elif isinstance(box, (boxes.LineBox, boxes.InlineBox)) and not box.is_leader:
            percent.resolve_percentages(box, self._containing_block)
            _adjust_line_height(box)
            start, end = edges(box)
            self._x += start
            for number, child in enumerate(box.children):
                if not child.is_in_normal_flow():
                    raise Unmeasured
                self.add(child, (*path, number))
            self._x += end
            self._solid_x += end
        else:
            raise Unmeasured
        self.reach[id(box)] = first, len(self.leaves)

    def reaches(self, box: Any) -> tuple[list[int], list[int]]:
        """The first leaf of each child of *box*, and the one behind its last."""
        known = self._reaches.get(id(box))
        if known is None:
            reach = [self.reach[id(child)] for child in box.children]
            known = [first for first, _ in reach], [behind for _, behind in reach]
            self._reaches[id(box)] = known
        return known

    def finish(self) -> None:
        """Note the paragraph's end, which ends its last stretch. Raises ``Unmeasured``."""
        if not self._is_empty:
            self._end_stretch(-1, -1)
            return
        # What ends in a forced line end has no line behind it.
        self.stretches.pop()
        if not self.stretches:
            raise Unmeasured
        ends = self.stretches[-1].ends
        ends[-1] = ends[-1]._replace(resume_leaf=-1)

    def _add_atom(self, box: Any, path: tuple[int, ...]) -> None:
        percent.resolve_percentages(box, self._containing_block)
        laid = atomic_box(self._context, box, 0, None, self._containing_block, [], [])
        self.leaves.append(Leaf(box, None, path, *self._take_levels(1)))
        self._is_empty = False
        self._x += laid.margin_width()
        self._note_solid(self._x, self._spaces, 0.0, 0)

    def _add_text(self, box: Any, path: tuple[int, ...]) -> None:
        begin = 0
        for text in FORCED_OR_NOT.findall(box.text):
            levels = self._take_levels(len(text))
            if text == FORCED:
                self._add_forced_end(box, path, begin)
            else:
                self._add_words(box, path, begin, text, levels)
            begin += len(text.encode())

    def _add_forced_end(self, box: Any, path: tuple[int, ...], begin: int) -> None:
        self.leaves.append(Leaf(box, None, path, begin=begin))
        if self._is_empty:
            raise Unmeasured
        self._end_stretch(len(self.leaves) - 1, 1)
        self.stretches.append(_stretch(0.0, len(self.leaves)))

    def _add_words(
        self, box: Any, path: tuple[int, ...], begin: int, text: str, levels: bytes
    ) -> None:
        if box.style["white_space"] not in FOLDED or not box.style["font_size"]:
            raise Unmeasured
        shaped = shape(text, box.style, levels)
        self._set_height(box, shaped)
        self.leaves.append(Leaf(box, shaped, path, begin=begin))
        last = len(text.rstrip(" "))
        if self._is_empty:
            self._begin(shaped)
        if last:
            self._add_breaks(shaped)
            spaces = self._spaces + shaped.spaces[last] - gives_at_end(text[:last])
            x = self._x + shaped.x[last]
            if last < len(text):
                x -= shaped.kerning(shaped.bytes[last])
            hang = self._hang(shaped, last - 1, HANG_RIGHT)
            self._note_solid(x, spaces, hang, shaped.bytes[last])
        self._x += shaped.x[-1]
        self._spaces += shaped.spaces[-1]

    def _hang(self, shaped: Shaped, at: int, shares: dict[str, float]) -> float:
        return _hang(shaped, at, shares) if self.hangs else 0.0

    def _take_levels(self, count: int) -> bytes:
        """The levels of what comes next, which *count* characters are."""
        self._levels_taken += count
        return self.levels[self._levels_taken - count : self._levels_taken]

    def _set_height(self, box: Any, shaped: Shaped) -> None:
        """Tell *box* how high it is and where its baseline stands, on which all fonts stand."""
        percent.resolve_percentages(box, self._containing_block)
        line_height, box.baseline = strut(box.style)
        box.height = shaped.height
        box.margin_top = box.margin_bottom = (line_height - shaped.height) / 2

    def _begin(self, shaped: Shaped) -> None:
        """Begin a stretch with its first text; spaces before it are left out."""
        stretch = self.stretches[-1]
        lead = len(shaped.text) - len(shaped.text.lstrip(" "))
        self._x -= shaped.x[lead]
        self._spaces -= shaped.spaces[lead]
        self._is_empty = lead == len(shaped.text)
        stretch.first = len(self.leaves) - (not self._is_empty)
        if not self._is_empty:
            stretch.begin = shaped.bytes[lead]
            stretch.hang_left = self._hang(shaped, lead, HANG_LEFT)

    def _begin_anew(self) -> None:
        self._x = self._solid_x = 0.0
        self._spaces = 0
        self._is_empty = True

    def _note_solid(self, x: float, spaces: int, hang_right: float, end: int) -> None:
        """Note where the stretch would end if nothing but spaces followed."""
        self._solid_x, self._solid_spaces, self._hang_right = x, spaces, hang_right
        self._solid_leaf, self._solid_end = len(self.leaves) - 1, end

    def _end_stretch(self, resume_leaf: int, resume: int) -> None:
        x, spaces, hang = self._solid_x, self._solid_spaces, self._hang_right
        end = LineEnd(self._solid_leaf, self._solid_end, resume_leaf, resume, hang_right=hang)
        self._place(end, x - hang, x, spaces, spaces, 0)
        self._begin_anew()

    def _add_breaks(self, shaped: Shaped) -> None:
        text, x, spaces, places = shaped.text, shaped.x, shaped.spaces, shaped.bytes
        words = len(text.rstrip(" "))
        begin = len(text) - len(text.lstrip(" "))
        inside = set(_hyphenations(shaped))
        hyphen = hyphen_width(shaped.style) if inside else 0.0
        hyphen_hangs = hyphen * HANG_RIGHT[HYPHENS[1]] * self.hangs
        leaf, x_before, spaces_before = len(self.leaves) - 1, self._x, self._spaces
        allowed = {*shaped.line_breaks()}
        # Of a thousand places in a paragraph a few have marks that hang.
        right, left = (HANG_RIGHT, HANG_LEFT) if self.hangs else ({}, {})
        place = self._place
        for at in sorted(allowed | inside):
            end = at
            while end and text[end - 1] == " ":
                end -= 1
            if not begin < end or at >= words:
                # The engine cannot end a line where one text box meets the next.
                continue
            may_break, before, behind = at in allowed, text[end - 1], text[at]
            if may_break:
                width, penalty = x[end], PENALTIES.get(before, 0.0)
                hang_right = _hang(shaped, end - 1, right) if before in right else 0.0
                if behind in OPENING and text[at + 1 : at + 2] == " ":
                    penalty += DASH_BEGINS_PENALTY
            else:
                width, hang_right, penalty = x[end] + hyphen, hyphen_hangs, HYPHEN_PENALTY
            hang_left = _hang(shaped, at, left) if behind in left else 0.0
            given = gives_at_end(before) if before >= EAST_ASIAN_BEGINS else False
            place(
                LineEnd(leaf, places[end], leaf, places[at], not may_break, hang_right, hang_left),
                x_before + width - hang_right,
                x_before + x[at] + hang_left,
                spaces_before + spaces[end] - given,
                spaces_before + spaces[at],
                penalty,
                not may_break or before in HYPHENS,
            )

    def _place(
        self,
        line_end: LineEnd,
        end: float,
        start: float,
        spaces: int,
        start_spaces: int,
        penalty: float,
        hyphen: bool = False,
    ) -> None:
        stretch = self.stretches[-1]
        stretch.ends.append(line_end)
        places = stretch.places
        places.ends.append(end)
        places.starts.append(start)
        places.spaces.append(spaces)
        places.start_spaces.append(start_spaces)
        places.penalties.append(penalty)
        places.hyphens.append(hyphen)
        places.inside.append(line_end.hyphen)


def edges(box: Any) -> tuple[float, float]:
    """How wide margin, border and padding of *box* are where it begins and where it ends."""
    left = box.padding_left + box.border_left_width
    right = box.padding_right + box.border_right_width
    left += 0 if box.margin_left == "auto" else box.margin_left
    right += 0 if box.margin_right == "auto" else box.margin_right
    return (left, right) if box.style["direction"] == "ltr" else (right, left)


def _stretch(indent: float, first: int) -> Stretch:
    return Stretch(Places([], [], [], [], [], [], []), [], indent, first)


def _hang(shaped: Shaped, at: int, shares: dict[str, float]) -> float:
    if shaped.levels and shaped.levels[at] != (shaped.style["direction"] == "rtl"):
        # In a phrase that is read the other way it is not at the edge.
        return 0.0
    share = shares.get(shaped.text[at])
    return share * (shaped.x[at + 1] - shaped.x[at]) if share else 0.0


def hyphen_width(style: Any) -> float:
    """How wide the hyphen is that a line end puts in; asked once a style."""
    character = style["hyphenate_character"]
    font = _font_style_cache_key(style, include_size=True)
    key = ("hyphen", character, font, style["letter_spacing"])
    known = style.font_config.strut_layouts
    if key not in known:
        known[key] = Shaped(character, style).x[-1]
    return float(known[key])


def _hyphenations(shaped: Shaped) -> Iterator[int]:
    """Where a word may be broken, counted in characters."""
    import pyphen

    style = shaped.style
    language = style["lang"] and pyphen.language_fallback(style["lang"])
    if style["hyphens"] != "auto" or not language:
        return
    total, left, right = style["hyphenate_limit_chars"]
    dictionary = pyphen.Pyphen(lang=language, left=left, right=right)
    for word in WORD.finditer(shaped.text):
        if word.end() - word.start() >= total:
            for position in dictionary.positions(word[0]):
                at = word.start() + position
                # A hyphen belongs to what is read from left to right.
                if not position.data and not (shaped.levels and shaped.levels[at] % 2):
                    yield at
