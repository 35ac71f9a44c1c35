"""Addresses: what is typed for machines, in which no mark is a typographic one.

Found by their own signs (``://``, ``www.``, ``@``, ``.org/``, ``&amp;``), none of
which a pass ever changes, so a set text has the same addresses as its source.
"""

import re
from collections.abc import Iterable, Iterator

from octavo.model import Span
from octavo.typography.changes import Edit
from octavo.typography.characters import CURLY_QUOTES, ELLIPSIS, EM_DASH, EN_DASH

_INSIDE = rf"[^\s\"<>{CURLY_QUOTES}{ELLIPSIS}{EN_DASH}{EM_DASH}]*"
_ADDRESS = re.compile(
    rf"\b[a-zA-Z]{{2,12}}://{_INSIDE}"
    rf"|\bwww\.{_INSIDE}"
    r"|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    rf"|\w\.[a-z]{{2,24}}/{_INSIDE}"
    r"|&#?\w{1,31};"
)
_SIGNS = ("://", "www.", "@", "/", "&")
_NOT_AT_ITS_END = ".,:!?')]}"


def addresses(text: str) -> tuple[Span, ...]:
    """Return where the addresses of *text* stand, in order."""
    if not any(sign in text for sign in _SIGNS):
        return ()
    return tuple(
        Span(found.start(), found.start() + len(found[0].rstrip(_NOT_AT_ITS_END)))
        for found in _ADDRESS.finditer(text)
    )


def spare(edits: Iterable[Edit], spans: tuple[Span, ...]) -> Iterator[Edit]:
    """Yield the *edits* that change nothing within *spans*; both come in order."""
    ahead = iter(spans)
    span = next(ahead, None)
    for edit in edits:
        while span and span.end <= edit.start:
            span = next(ahead, None)
        if span is None or edit.end <= span.start:
            yield edit
