"""Quotes, dashes, spaces: plain text in, the same words with a book's marks out.

No letter and no digit is touched, and every change is on record, so that the proof
can undo it. The passes run in the order of the list: dashes before quotation marks,
whose direction they may tell, and spaces last, when every mark stands.
"""

from collections.abc import Callable, Iterator

from octavo.typography.changes import (
    Change,
    Edit,
    apply,
    join,
    map_spans,
    restore,
    source_offset,
)
from octavo.typography.dashes import set_dashes, set_ellipses, set_ranges
from octavo.typography.languages import Marks, marks_of
from octavo.typography.protected import addresses, spare
from octavo.typography.quotes import set_apostrophes, set_quotes
from octavo.typography.spaces import set_spaces

__all__ = ["PASSES", "Change", "map_spans", "restore", "set_marks", "source_offset"]

Pass = Callable[[str, Marks, str], Iterator[Edit]]
"""A text, its language's marks and the house's dashes in; edits in order and apart out."""

PASSES: tuple[tuple[str, Pass], ...] = (
    ("dashes", set_dashes),
    ("ranges", lambda text, marks, _: set_ranges(text, marks)),
    ("ellipses", lambda text, *_: set_ellipses(text)),
    ("apostrophes", lambda text, marks, _: set_apostrophes(text, marks)),
    ("quotes", lambda text, marks, _: set_quotes(text, marks)),
    ("spaces", lambda text, marks, _: set_spaces(text, marks)),
)


def set_marks(text: str, language: str, dashes: str = "as-is") -> tuple[str, tuple[Change, ...]]:
    """Return *text* with the typographic marks of *language*, and what changed, in order.

    *dashes* is ``em``, ``spaced-en`` or ``as-is``. Text that is set already comes back
    as it is.
    """
    words = text
    changes: tuple[Change, ...] = ()
    marks = marks_of(language)
    if marks is None:
        return words, changes
    for _, find_edits in PASSES:
        edits = spare(find_edits(words, marks, dashes), addresses(words))
        words, later = apply(words, edits)
        changes = join(changes, later, text, words)
    return words, changes
