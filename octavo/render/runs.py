"""A paragraph cut into runs: where the kind of text changes, a link lands or a page begins.

Mentions and page breaks are points in the Book; they become markup only here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from octavo.book import Paragraph
from octavo.model import Span


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph that is marked up in one way."""

    words: str
    event: bool = False
    """Whether it lies within a bracketed event."""
    anchor: str = ""
    """The id that links to its first word lead to."""
    folio: str = ""
    """The printed page that begins with it."""


def runs(
    paragraph: Paragraph,
    anchors: Iterable[Span] = (),
    folios: Mapping[int, str] | None = None,
) -> tuple[Run, ...]:
    """Cut *paragraph* at its events, at *anchors* and at page beginnings.

    *anchors* are spans of ``paragraph.words``; each becomes one run, cut short where
    another anchor, a page or an event begins, and its id is the paragraph's with the
    span's start (``t7.2-153``). *folios* maps offsets to the folio of the page that
    begins there. The runs' words joined are the paragraph's words.
    """
    folios = folios or {}
    starts = {span.start: span.end for span in anchors}
    cuts = {0, len(paragraph.words), *folios, *starts, *starts.values()}
    cuts |= {edge for span in paragraph.events for edge in (span.start, span.end)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(paragraph.words))
    return tuple(
        Run(
            words=paragraph.words[start:end],
            event=any(span.covers(start) for span in paragraph.events),
            anchor=f"{paragraph.id}-{start}" if start in starts else "",
            folio=folios.get(start, ""),
        )
        for start, end in pairwise(edges)
    )
