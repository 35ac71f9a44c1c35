"""What this process read or made before, at hand: for one that builds again and again.

Comes in: products by their keys. Goes out: the same objects. The one decision: nothing is kept
at hand unless a process says how much, for one that builds once has no use of it; a product is
never changed once it is made, so that it may be handed out again.
"""

from collections import OrderedDict
from typing import Any


class Near:
    """Products, those that were of use last, as far as there is room."""

    def __init__(self) -> None:
        self._products: OrderedDict[str, tuple[object, int]] = OrderedDict()
        self._size = 0
        self._most = 0

    def make_room(self, most: int) -> None:
        """Keep products of *most* bytes in all, as large as they are when they are packed."""
        self._most = most
        self._let_go()

    def find(self, key: str) -> Any:
        """The product under *key*, or None."""
        if key not in self._products:
            return None
        self._products.move_to_end(key)
        return self._products[key][0]

    def keep(self, key: str, product: object, size: int) -> None:
        """Keep *product*, which takes *size* bytes when it is packed."""
        self.drop(key)
        if size > self._most:
            return
        self._products[key] = product, size
        self._size += size
        self._let_go()

    def drop(self, key: str) -> None:
        """Let go of what is under *key*."""
        _, size = self._products.pop(key, (None, 0))
        self._size -= size

    def _let_go(self) -> None:
        while self._size > self._most:
            _, (_, size) = self._products.popitem(last=False)
            self._size -= size


AT_HAND = Near()
"""Those of this process, and of all that are forked from it."""
