"""The memory: what functions made before, as the objects that they made.

Comes in: a function, and all that its product is made of. Goes out: the product. The one
decision: products are pickled, which a stranger's bytes must never be, so that each stands
under a key with the cache's seal in it: no cache that came from elsewhere holds such a key.
"""

import pickle
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from octavo.cache import Cache, key_of, names_and_content
from octavo.versions import package_versions

HERE = Path(__file__).resolve().parent
Product = TypeVar("Product")


class Memory:
    """Products of earlier builds of this very cache; without a cache all is made anew."""

    def __init__(self, kept: Cache | None) -> None:
        self._cache = kept if kept and kept.seal else None

    def recall(self, make: Callable[[], Product], *made_of: bytes) -> Product:
        """Return what *make* makes, or made when it was called with the same *made_of*.

        *made_of* must tell the kind of the product and every input of *make*, but for our own
        code, Python and the packages, which are known here. The product must pickle.
        """
        found = self.find(*made_of)
        if found is None:
            found = make()
            self.keep(found, *made_of)
        return cast("Product", found)

    def find(self, *made_of: bytes) -> object | None:
        """Return what was kept of the same *made_of*, or nothing."""
        data = self._cache.read(self._key(made_of)) if self._cache else None
        # The seal is known to this cache alone, so that our own process wrote it.
        return None if data is None else cast("object", pickle.loads(data))  # noqa: S301

    def keep(self, product: object, *made_of: bytes) -> None:
        """Keep what was made of *made_of*."""
        if self._cache:
            self._cache.keep(self._key(made_of), pickle.dumps(product, pickle.HIGHEST_PROTOCOL))

    def _key(self, made_of: Sequence[bytes]) -> str:
        assert self._cache
        return key_of(self._cache.seal, _surroundings(), *made_of)


@cache
def _surroundings() -> bytes:
    """The digest of what makes everything: our code, Python, and the packages."""
    versions = repr(sorted(package_versions().items())).encode()
    return key_of(sys.version.encode(), versions, *names_and_content(HERE, "*.py")).encode()
