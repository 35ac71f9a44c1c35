"""A press that stands: what one build leaves ready for the next in the same process.

Comes in: the cache. Goes out: a compositor with hands that have style and fonts loaded, and what
was read and made at hand. The one decision: what is kept so is known by the same keys as what is
kept in files, so that a build gives the same bytes on whatever press.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from octavo.cache import Cache
from octavo.near import AT_HAND
from octavo.print.compositor import Compositor, early_compositor

ROOM = 12 * 1024 * 1024
"""Bytes of packed products at hand: some fifty chapters; as objects they take more."""
MOST_MEMORY = 400 * 1024 * 1024
"""Where a process takes more, the next build is done in another."""
BETWEEN_COLLECTIONS = 16
STANDING: list[Compositor] = []
"""The compositor of this process, if it builds again and again."""


class StandingPress:
    """Of a process that builds again and again."""

    def __init__(self, cache: Path) -> None:
        self._cache = Cache(cache)
        self._builds = 0

    def load(self) -> None:
        """Load all that a build needs."""
        from octavo.ebook import package
        from octavo.press import layout, making, matter, proving
        from octavo.print import engine, signature

        for room in (layout, making, matter, package, proving, signature):
            assert room
        engine.load()

    def stand(self) -> None:
        """Keep a compositor, and what is read and made, from one build to the next."""
        AT_HAND.make_room(ROOM)
        STANDING[:] = [Compositor(self._cache)]

    def is_fit(self) -> bool:
        """Whether the process takes no more memory than it should."""
        return _memory() < MOST_MEMORY

    def tidy(self) -> None:
        """Let go of the last book.

        Each build leaves what refers to itself, out of the collector's sight.
        """
        from octavo import proof
        from octavo.press import making

        making.LAST.clear()
        proof.LAST.clear()
        self._builds += 1
        if self._builds % BETWEEN_COLLECTIONS == 0:
            gc.unfreeze()
            gc.collect()
            gc.freeze()


@contextmanager
def compositor_for(cache: Cache | None) -> Iterator[Compositor]:
    """The compositor that stands, or one for this build alone."""
    if STANDING:
        AT_HAND.begin()
        STANDING[0].begin_again()
        yield STANDING[0]
        return
    early = early_compositor() if cache else None
    with early or Compositor(cache) as compositor:
        yield compositor


def dismiss(compositor: Compositor) -> None:
    """Let one that does not stand give back its memory while there is something else to do."""
    if compositor not in STANDING:
        compositor.dismiss()


def _memory() -> int:
    """How many bytes of memory this process takes, those that it shares among them."""
    told = Path("/proc/self/statm").read_text(encoding="ascii")
    return int(told.split()[1]) * os.sysconf("SC_PAGE_SIZE")
