"""The index in its columns, by the lengths and the faces of the stylesheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from octavo.print.columns import TURNOVER, Geometry, Page, SetRow, break_row, set_columns
from octavo.print.fonts import FontCase
from octavo.render.indexrows import Entry, Group, Piece, Row
from octavo.render.pages import custom_lengths

INDEX_FEATURES = ("clig", "kern", "liga", "onum", "pnum")
HEADING_LINES = 6.5
"""Lines that the index's heading takes with the space around it and below the headnote."""


def set_index(
    groups: Sequence[Group],
    headnote: str,
    css: str,
    case: FontCase,
    continued: Callable[[Entry], Row],
) -> tuple[Page, ...]:
    """Break the index into pages of two columns, by the lengths that *css* gives."""
    lengths = custom_lengths(css)
    size, line = lengths["index-size"], lengths["index-line"]
    faces = {style: case.of_style(css, style) for style in ("", "italic", "bold")}

    @cache
    def measure(words: str, style: str) -> float:
        return faces[style].advance(words, INDEX_FEATURES) * size

    page = lengths["width"] - lengths["inner"] - lengths["outer"]
    head = Row("headnote", "", (Piece(headnote, "italic"),))
    whole = Geometry(page, 0, 0, 0, 0)
    above = HEADING_LINES * lengths["line"] + break_row(head, measure, whole).lines * line
    text = lengths["lines"] * lengths["line"]
    geometry = Geometry(
        # A hair less than the column, so that the engine need not break a line of ours.
        width=(page - lengths["index-gap"]) / 2 - 0.5,
        indent=lengths["index-indent"],
        turnover=lengths["index-turnover"],
        first_height=int((text - above) / line),
        height=int(text / line),
    )
    return _hang(set_columns(groups, measure, geometry, continued))


def _hang(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Give every row its place in the tag tree."""
    tree = _IndexTree()
    return tuple((tree.hang(left), tree.hang(right)) for left, right in pages)


@dataclass(slots=True)
class _IndexTree:
    """The tags of the index as it is read: a list a letter, in each entry one of subentries."""

    letters: int = 0
    entries: int = 0
    rows: int = 0
    entry: str = ""
    """The path of the entry that the last row belongs to."""
    subentries: str = ""

    def hang(self, column: Sequence[SetRow]) -> tuple[SetRow, ...]:
        """Return the rows of the next column, each with its path."""
        return tuple(row._replace(path=self._path(row.row.kind)) for row in column)

    def _path(self, kind: str) -> str:
        self.rows += 1
        if kind == "letter":
            self.letters += 1
            return ""
        if kind == TURNOVER:
            return self.entry
        if kind == "entry":
            self.entries += 1
            self.entry = f"L-{self.letters} LI-{self.entries} LBody-{self.entries}"
        elif kind != "continued":
            return f"{self.subentries} LI-{self.rows} LBody-{self.rows}"
        # Behind a heading that is continued begins a new list of subentries: read in order.
        self.subentries = f"{self.entry} L-{self.rows}"
        return self.entry
