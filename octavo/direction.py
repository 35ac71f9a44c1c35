"""Which way text is read: languages, letters, and marks that turn round with them.

The one decision: a book is read as its language is; a word of another script in it is put
into place by the Unicode Bidirectional Algorithm, never by marks that we add to the text.
"""

import re
import unicodedata
from functools import cache

LANGUAGES = frozenset(
    ["ar", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "syr", "ug", "ur", "yi"]
)
SCRIPTS = frozenset(["arab", "hebr", "nkoo", "syrc", "thaa"])
"""What stands in a language's tag where it is not written as usual (ISO 15924)."""

TURNED = re.compile("[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters that are read from right to left, and what turns others round (UAX 9)."""

_SIDES = {"LEFT": "RIGHT", "RIGHT": "LEFT", "LESS": "GREATER", "GREATER": "LESS"}
_SIDE = re.compile(r"\b(?:LEFT|RIGHT|LESS|GREATER)\b")


def is_right_to_left(language: str) -> bool:
    """Whether *language* (BCP 47) is written from right to left."""
    own, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    return script in SCRIPTS if script else own in LANGUAGES


def direction_of(language: str) -> str:
    """``ltr`` or ``rtl``, as HTML and CSS call it."""
    return "rtl" if is_right_to_left(language) else "ltr"


def turned(text: str) -> str:
    """The *text* that is read where each of its characters is seen among such letters."""
    return "".join(map(mirrored, text))


@cache
def mirrored(character: str) -> str:
    """The character that looks as *character* does among letters read from right to left.

    That is the other one of a pair, ``)`` for ``(``; most are themselves (UAX 9, rule L4).
    """
    if not unicodedata.mirrored(character):
        return character
    name = _SIDE.sub(lambda side: _SIDES[side[0]], unicodedata.name(character))
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return character
