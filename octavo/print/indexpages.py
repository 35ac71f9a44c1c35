"""The index in its columns, by the lengths and the faces of the stylesheet."""

from collections.abc import Callable, Sequence
from dataclasses import replace
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
    """Give every row its place in the tag tree: a list a letter, in each entry one of subentries.

    A subentry behind a heading that is continued begins a new list: so it is read in order.
    """
    letters = entries = items = 0
    body = subs = ""
    hung: list[tuple[tuple[SetRow, ...], ...]] = []
    for page in pages:
        columns = []
        for column in page:
            rows = []
            for row in column:
                items += 1
                path = ""
                if row.row.kind == "letter":
                    letters += 1
                elif row.row.kind == "entry":
                    entries += 1
                    path = body = f"L-{letters} LI-{entries} LBody-{entries}"
                    subs = f"{body} L-{items}"
                elif row.row.kind == "continued":
                    path, subs = body, f"{body} L-{items}"
                elif row.row.kind == TURNOVER:
                    path = body
                else:
                    path = f"{subs} LI-{items} LBody-{items}"
                rows.append(replace(row, path=path))
            columns.append(tuple(rows))
        hung.append(tuple(columns))
    return tuple((left, right) for left, right in hung)
