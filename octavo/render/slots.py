"""Slots: places in print for words that are known only where the book is bound.

Comes in: a name, and words as long as those to come. Goes out: what stands in the HTML instead
(``print.slots``). The one decision: a slot is an element with ``data-slot``, which holds words
to be set by, so that a page is laid out as ever; inside an attribute a mark names it.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""No text may have these characters (Unicode 23.7), so that none can be taken for a slot."""
NAMED = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")


def slot(name: str, like: str) -> Markup:
    """The slot *name* in text, as wide as the words *like*."""
    return Markup('<span data-slot="{}">{}</span>').format(name, like)


def said(name: str) -> str:
    """The slot *name* in an attribute, whose words are heard and not drawn."""
    return f"{OPEN}{name}{CLOSE}"


def fill(text: str, words: Mapping[str, str]) -> str:
    """*text* with the *words* of the slots in it."""
    return NAMED.sub(lambda found: words[found[1]], text)
