"""The memory: what functions made before, as the objects that they made.

Comes in: a function, and all that its product is made of. Goes out: the product. The one
decision: products are pickled, which a stranger's bytes must never be, so that each stands
under a key with the cache's seal in it: no cache that came from elsewhere holds such a key.
"""

import pickle
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from octavo.cache import Cache, key_of, names_and_content
from octavo.near import AT_HAND
from octavo.versions import installed_versions

HERE = Path(__file__).resolve().parent
Product = TypeVar("Product")


class Memory:
    """Products of earlier builds of this very cache; without a cache all is made anew."""

    def __init__(self, kept: Cache | None) -> None:
        self._cache = kept if kept and kept.seal else None

    def recall(self, make: Callable[[], Product], *made_of: bytes) -> Product:
        """Return what *make* makes, or made when it was called with the same *made_of*.

        *made_of* must tell the kind of the product and every input of *make*, but for our own
        code, Python and the packages, which are known here; an empty part stands for what is
        not known, and nothing is kept then. The product must pickle, and is not None.
        """
        known: Product | None = self.find(*made_of)
        if known is not None:
            return known
        product = make()
        self.keep(product, *made_of)
        return product

    def find(self, *made_of: bytes) -> Any:
        """What was kept under *made_of*; None where nothing was."""
        if not self._cache or not all(made_of):
            return None
        key = self._key(made_of)
        product = AT_HAND.find(key)
        if product is not None:
            return product
        data = self._cache.read(key)
        if data is None:
            return None
        # The seal is known to this cache alone, so that our own process wrote it.
        product = pickle.loads(data)  # noqa: S301
        AT_HAND.keep(key, product, len(data))
        return product

    def keep(self, product: object, *made_of: bytes) -> None:
        """Keep *product* in the place of what was there."""
        if self._cache and all(made_of):
            key, data = self._key(made_of), pickle.dumps(product, pickle.HIGHEST_PROTOCOL)
            self._cache.keep(key, data)
            AT_HAND.keep(key, product, len(data))

    def forget(self, *made_of: bytes) -> None:
        """Let go of what was kept under *made_of*, for it turned out not to be so."""
        if self._cache and all(made_of):
            key = self._key(made_of)
            self._cache.drop(key)
            AT_HAND.drop(key)

    def _key(self, made_of: tuple[bytes, ...]) -> str:
        assert self._cache
        return key_of(self._cache.seal, _surroundings(), *made_of)


@cache
def _surroundings() -> bytes:
    """The digest of what makes everything: our code, Python, zlib, and the packages."""
    versions = repr(installed_versions()).encode()
    return key_of(sys.version.encode(), versions, *names_and_content(HERE, "*.py")).encode()
