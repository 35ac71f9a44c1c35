"""What this process read or made before, at hand: for one that builds again and again.

Comes in: products by their keys. Goes out: the same objects. The one decision: nothing is kept
at hand unless a process says how much, for one that builds once has no use of it; a product is
never changed once it is made, so that it may be handed out again.
"""

from collections import OrderedDict
from typing import Any


class Near:
    """Products, as far as there is room."""

    def __init__(self) -> None:
        self._products: OrderedDict[str, tuple[object, int, int]] = OrderedDict()
        """Each with its size and the build that it was of use in last, that one first which was
        of no use for longest."""
        self._size = 0
        self._most = 0
        self._build = 0

    def make_room(self, most: int) -> None:
        """Keep products of *most* bytes in all, as large as they are when they are packed."""
        self._most = most
        while self._size > self._most:
            self.drop(next(iter(self._products)))

    def begin(self) -> None:
        """Note that another build begins."""
        self._build += 1

    def find(self, key: str) -> Any:
        """The product under *key*, or None."""
        if key not in self._products:
            return None
        product, size, _ = self._products[key]
        self._products[key] = product, size, self._build
        self._products.move_to_end(key)
        return product

    def keep(self, key: str, product: object, size: int) -> None:
        """Keep *product*, which takes *size* bytes when it is packed, if there is room for it.

        What the last build had no use of makes room for it. The rest stays: where all of a book
        is more than there is room for, each product would else be gone when it is asked for again.
        """
        self.drop(key)
        while self._products and self._size + size > self._most:
            oldest = next(iter(self._products))
            if self._products[oldest][2] >= self._build - 1:
                break
            self.drop(oldest)
        if self._size + size <= self._most:
            self._products[key] = product, size, self._build
            self._size += size

    def drop(self, key: str) -> None:
        """Let go of what is under *key*."""
        _, size, _ = self._products.pop(key, (None, 0, 0))
        self._size -= size


AT_HAND = Near()
"""Those of this process, and of all that are forked from it."""
