"""The compositor: a workshop that sets signatures while this process reads and thinks.

Comes in: copy, which is HTML and style. Goes out: first the pages, when their lines are
broken, then the drawn signature. The one decision: it begins to load the engine before
anything was read, and sets every signature with that one, so that none waits for it.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from octavo.beside import can_fork
from octavo.cache import Cache
from octavo.near import AT_HAND
from octavo.print.copy import Copy
from octavo.print.scratch import scratch_folder
from octavo.workshop import Workshop

if TYPE_CHECKING:
    from octavo.print.setpages import SetPage, Signature


class Setting:
    """A signature at work."""

    fresh = True
    """Whether it is set now, and was not kept from an earlier build."""

    def __init__(self, answers: "Iterator[tuple[SetPage, ...] | Signature]", key: str = "") -> None:
        self._answers = answers
        self.key = key
        """What its signature is kept under; empty where nothing is kept."""

    @cached_property
    def pages(self) -> "tuple[SetPage, ...]":
        """What stands where on each page; waits until the lines are broken."""
        return cast("tuple[SetPage, ...]", next(self._answers))

    @cached_property
    def signature(self) -> "Signature":
        """The drawn pages; waits for them."""
        pages = self.pages
        # They came before, and take more room than what is drawn of them.
        return replace(cast("Signature", next(self._answers)), pages=pages)

    def shed(self) -> None:
        """Forget what is drawn, when it is sewn; what stands where is still known."""
        self.__dict__["signature"] = replace(self.signature, block=b"")


class KeptSetting(Setting):
    """A signature that an earlier build set."""

    fresh = False

    def __init__(self, signature: "Signature", key: str) -> None:
        super().__init__(iter((signature.pages, signature)), key)


class Compositor(Workshop):
    """Sets copy, as much at a time as there are cores, and keeps what it set in *cache*."""

    def __init__(self, cache: Cache | None = None) -> None:
        super().__init__(scratch_folder())
        self._cache = cache
        self._around: dict[tuple[Path, ...], bytes] = {}
        self._style: tuple[object, ...] = ()
        """What style was got ready last, and all that it was read from."""
        self._loaded = self.get_ready(_load_engine, self.folder)

    def begin_again(self, *, anew: bool = False) -> None:
        """Let go of what was known of files in the build before; *anew* in another workshop."""
        self._around = {}
        if anew:
            self._style = ()
            self.open_anew()
            self._loaded = self.get_ready(_load_engine, self.folder)

    @property
    def keeps(self) -> bool:
        """Whether what it sets is kept."""
        return self._cache is not None

    @cached_property
    def engine_versions(self) -> Mapping[str, str]:
        """The versions of the libraries that break and shape the lines."""
        return next(self._loaded)

    def get_style_ready(self, css: str, folders: tuple[Path, ...], language: str) -> None:
        """Read style, fonts and hyphenation before the first copy comes."""
        style = (css, folders, language, self.around(folders))
        if style == self._style:
            return
        if self._style:
            # What was read of files by these names may not be read again.
            self.begin_again(anew=True)
        self._style = style
        self.get_ready(_get_style_ready, css, folders, language)

    def set(self, copy: Copy) -> Setting:
        """Begin to set *copy*. What goes wrong is raised where its result is waited for."""
        return self._set(self.begin, copy)

    def set_first(self, copy: Copy) -> Setting:
        """Begin to set *copy*, which all else waits for: before all that is handed over later."""
        return self._set(self.begin_here, copy)

    def _set(self, begin: Callable[..., Iterator[Any]], copy: Copy) -> Setting:
        """Take *copy* from the cache, or *begin* to set it and keep it there."""
        if not self._cache:
            return Setting(begin(_set, copy))
        key = self.key(copy)
        return self.kept(key) or Setting(begin(_set_and_keep, copy, self._cache, key), key)

    def key(self, copy: Copy) -> str:
        """What the signature of *copy* is kept under."""
        from octavo.print.kept import signature_key

        return signature_key(copy, self.around(copy.folders))

    def around(self, folders: tuple[Path, ...]) -> bytes:
        """The digest of what else but its copy makes a signature, with templates in *folders*."""
        from octavo.print.kept import surroundings

        if folders not in self._around:
            self._around[folders] = surroundings(folders)
        return self._around[folders]

    def kept(self, key: str) -> Setting | None:
        """The signature that an earlier build kept under *key*, if the same libraries set it."""
        from octavo.print.kept import Unreadable, unpack

        found = AT_HAND.find(key)
        if found is None:
            data = self._cache.read(key) if self._cache else None
            if data is None:
                return None
            try:
                found = unpack(data)
            except Unreadable:
                return None
            AT_HAND.keep(key, found, len(data))
        signature, engine = found
        return KeptSetting(signature, key) if engine == self.engine_versions else None


_EARLY: list[Compositor] = []


def begin_early(cache: Cache) -> Callable[[], None]:
    """Have an engine loaded for a build that is about to come: ``early_compositor`` hands it out.

    Returns what ends it, if nobody wanted it.
    """
    early = Compositor(cache)
    _EARLY.append(early)
    return early.close


def early_compositor() -> Compositor | None:
    """The compositor that was begun early; it is handed out once."""
    return _EARLY.pop() if _EARLY else None


def _load_engine(folder: Path) -> Iterator[Mapping[str, str]]:
    # A hand may be ended at any time: its scraps go where the workshop's are cleared away.
    tempfile.tempdir = str(folder) if can_fork() else str(scratch_folder())
    from octavo.print import engine, signature

    assert signature
    yield engine.engine_versions()


def _get_style_ready(css: str, folders: tuple[Path, ...], language: str) -> Iterator[None]:
    from octavo.print.signature import get_ready

    get_ready(css, folders, language)
    yield None


def _set(copy: Copy) -> "Iterator[tuple[SetPage, ...] | Signature]":
    from octavo.print.signature import lay_signature

    laid = lay_signature(copy)
    yield laid.pages
    if not laid.pages:
        return
    yield replace(laid.draw(), pages=())


def _set_and_keep(
    copy: Copy, cache: Cache, key: str
) -> "Iterator[tuple[SetPage, ...] | Signature]":
    from octavo.print.engine import engine_versions
    from octavo.print.kept import pack
    from octavo.print.signature import lay_signature

    laid = lay_signature(copy)
    yield laid.pages
    if not laid.pages:
        return
    signature = laid.draw()
    # Before it is handed over: nobody goes on with this afterwards where no process does it.
    cache.keep(key, pack(signature, engine_versions()))
    yield replace(signature, pages=())
