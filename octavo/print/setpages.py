"""Typeset pages, as all who bind, keep, count and prove them know them.

Comes in: nothing. Goes out: a signature, its pages, and what stands where on each. The one
decision: lengths are points from the page's top left corner, as a designer measures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

HYPHEN = "\N{HYPHEN}"
"""What is put in where a line ends inside a word; the author's are ``-``."""
SOFT_HYPHEN_CODE = 0xFFF0
"""The character code of a hyphen that a line end put in; the author's keep the glyph's own."""
LINE_SPACE_CODE = 0xFFF1
"""The character code of the space that a line end stands for."""
LINK = "point:"
"""The scheme of links inside the book; what follows is an anchor of any signature."""
MUTE = "Mute"
"""Added to a font's resource name where its text layer is to be blank."""


class Line(NamedTuple):
    """A stretch of a paragraph set on one line; lengths in points from the page's top left."""

    paragraph: str
    start: int
    end: int
    """Offsets in the paragraph's words; a hyphen that the line end put in is not counted."""
    x: float
    y: float
    width: float
    height: float
    space: float = 0.0
    """How much wider than the font's own each of its spaces is set."""
    hyphen: bool = False
    """Whether it ends in a hyphen, put in or the author's."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a page's folio is to stand, and in what type."""

    header: bool
    align: str
    """``left``, ``center`` or ``right``: which point of the folio stands at ``x``."""
    x: float
    baseline: float
    size: float
    font: str
    """The sha256 of the font file."""
    features: tuple[str, ...]
    """OpenType features, e.g. ``onum``."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading for the outline; lengths in points from the page's top left."""

    level: int
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SetPage:
    """What stands where on one page."""

    lines: Sequence[Line]
    anchors: Mapping[str, tuple[float, float]]
    """The top left corner of every element with an id that begins on the page."""
    bookmarks: tuple[Bookmark, ...]
    seats: tuple[Seat, ...]
    head: str
    """The running heads drawn on the page, joined by spaces; folios are not among them."""


@dataclass(frozen=True, slots=True)
class FontUse:
    """What a signature uses of one font file; character codes are glyph ids of the file."""

    name: str
    """Resource name on the signature's pages."""
    file: str
    """The sha256 of the font file."""
    widths: Mapping[int, int]
    """Advance of each code in thousandths of the size, as the lines were set with."""
    unicode: Mapping[int, str]
    """The text that each code stands for."""
    muted: bool = False
    """Whether running heads are set in it, whose text layer is blank."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A typeset run of pages."""

    block: bytes
    """Its pages as objects of a PDF; see ``print.block``."""
    pages: tuple[SetPage, ...]
    fonts: tuple[FontUse, ...]
    warnings: tuple[str, ...]
