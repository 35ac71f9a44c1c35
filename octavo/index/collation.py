"""The order of an index: a sort key for each heading in the book's language.

Letters decide first, then accents, then case: words that a reader takes for equal
stand together. This is not the whole Unicode Collation Algorithm: no wheel offers
that with the tailorings of languages (PyICU must be compiled, pyuca has the root
order alone, icu4py no collator). It knows Latin, Greek, Cyrillic and Hebrew alphabets with
the departures listed in ``languages``; other scripts stand in the order of their code
points, which is not stroke or pinyin order for Chinese, and French accents are
weighed from the left, as in France, not from the right, as in Canada. The language's own
script comes first. A heading's ``sort`` decides where this does not.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from octavo.folding import fold
from octavo.index.languages import (
    ALPHABETS,
    ARTICLES,
    DOTLESS,
    LITTLE_WORDS,
    ROOT,
    SCRIPTS,
    SPREAD,
)

Weight = tuple[int, str, int]
"""Kind of character, letter, and rank after that letter (or the number that digits spell)."""
SortKey = tuple[tuple[Weight, ...], tuple[str, ...], tuple[bool, ...], str]

BRACKET, COMMA, SPACE, SYMBOL, NUMBER, LETTER, FOREIGN = range(7)
"""Kinds in their order: "war (1914)", "war, causes of", "war crimes", "warfare"."""
SYMBOLS = frozenset("&@#%*§¶†‡\\")
"""Punctuation by Unicode's books, symbols by an indexer's."""
_GAP_BEFORE = re.compile(r" +(?=[(\[,])")
NUMBERS_GROUP = "0–9"
SYMBOLS_GROUP = "#"


def sort_key(text: str, language: str, mode: Literal["word", "letter"] = "word") -> SortKey:
    """The key by which *text* is sorted: ``word`` lets a space sort before any letter.

    ``letter`` passes over spaces up to the first comma or bracket. Hyphens,
    apostrophes and other punctuation are passed over in both.
    """
    elements = list(_elements(text, _language(language)))
    if mode == "letter":
        elements = [element for element in elements if element.weight[0] != SPACE]
    return (
        tuple(element.weight for element in elements),
        tuple(element.accent for element in elements),
        tuple(element.capital for element in elements),
        text,
    )


def group_letter(text: str, language: str) -> str:
    """The letter under which *text* is listed: ``Å`` is one in Swedish, in English it is ``A``."""
    elements = list(_elements(text, _language(language)))
    if not elements or elements[0].weight[0] in (BRACKET, COMMA, SYMBOL):
        return SYMBOLS_GROUP
    kind, letter, rank = elements[0].weight
    if kind == NUMBER:
        return NUMBERS_GROUP
    name = _alphabet(_language(language)).names.get((letter, rank), letter)
    return "İ" if name == "i" and _language(language) in DOTLESS else name[0].upper() + name[1:]


def pass_over(heading: str, language: str, *, little_words: bool = False) -> str:
    """*heading* without its leading articles; *little_words* takes prepositions and such too.

    Something always stays: "The" alone is "The".
    """
    words = ARTICLES.get(_language(language), "").split()
    if little_words:
        words += LITTLE_WORDS.get(_language(language), "").split()
    rest = heading
    while (cut := _leading_word(rest, words)) and rest[cut:].strip():
        rest = rest[cut:].lstrip()
        if not little_words:
            break
    return rest


def _leading_word(heading: str, words: list[str]) -> int:
    """How many characters of *heading* one of *words* takes up at its beginning."""
    folded = fold(heading, case=True)
    for word in words:
        elided = word.endswith("'")
        if folded.text.startswith(word if elided else word + " "):
            return folded.span(0, len(word)).end
    return 0


def _language(tag: str) -> str:
    """The primary language of a BCP 47 tag."""
    return tag.replace("_", "-").partition("-")[0].lower()


# Elements -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Element:
    """What one letter, number or mark contributes to a key."""

    weight: Weight
    accent: str = ""
    capital: bool = False


def _elements(text: str, language: str) -> Iterator[_Element]:
    alphabet = _alphabet(language)
    text = _GAP_BEFORE.sub("", unicodedata.normalize("NFC", " ".join(text.split())))
    lower = _lower(text, language)
    at, gap = 0, True
    while at < len(text):
        if text[at].isdecimal():
            end = _end_of_number(text, at)
            yield _Element((NUMBER, "", int(text[at:end])))
            at, gap = end, False
            continue
        if text[at].isalpha():
            length = alphabet.letters_at(lower, at)
            yield from _letter(text[at : at + length], alphabet, language)
            at, gap = at + length, False
            continue
        kind = _kind(text[at])
        # A space that opens the text or follows a comma says nothing more.
        if kind == SYMBOL or (kind is not None and not (kind == SPACE and gap)):
            yield _Element((kind, text[at] if kind == SYMBOL else "", 0))
            gap = kind != SYMBOL
        at += 1


def _end_of_number(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    return end


def _kind(mark: str) -> int | None:
    """The kind of a character that is neither letter nor digit; None when it is passed over."""
    if mark in "([":
        return BRACKET
    if mark == ",":
        return COMMA
    if mark in " /":
        return SPACE
    if mark in SYMBOLS or unicodedata.category(mark)[0] in "SN":
        return SYMBOL
    return None


def _letter(text: str, alphabet: "_Alphabet", language: str) -> Iterator[_Element]:
    """The elements of one letter, perhaps written with several characters, or of its parts."""
    lower, capital = _lower(text, language), text[:1].isupper()
    if lower in alphabet.ranks:
        base, rank, variant = alphabet.ranks[lower]
        yield _Element((_script(base, language), base, rank), variant, capital)
        return
    base, marks = _take_apart(lower, alphabet)
    for letter in SPREAD.get(base, base.casefold()):
        spelled = alphabet.ranks.get(letter, (letter, 0, ""))
        accent = marks or (base if letter != base else "") or spelled[2]
        kind = _script(spelled[0], language)
        yield _Element((kind, spelled[0], spelled[1]), accent, capital)


def _script(letter: str, language: str) -> int:
    """Whether *letter* is of the script that *language* is written in, as far as it matters."""
    script = SCRIPTS.get(language)
    own = script is None or unicodedata.name(letter[0], "").startswith(script)
    return LETTER if own else FOREIGN


def _take_apart(lower: str, alphabet: "_Alphabet") -> tuple[str, str]:
    """A letter without the accents that do not make it another letter, and those accents."""
    parts = unicodedata.normalize("NFKD", lower)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    marks = [part for part in parts if unicodedata.combining(part)]
    for mark in marks:
        named = unicodedata.normalize("NFC", base + mark)
        if named in alphabet.ranks:
            marks.remove(mark)
            return named, "".join(marks)
    return base, "".join(marks)


def _lower(text: str, language: str) -> str:
    """Lower case, one character for one."""
    if language in DOTLESS:
        text = text.replace("I", "ı").replace("İ", "i")
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


# Alphabets ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """Where a language departs from the order of the base letters."""

    ranks: dict[str, tuple[str, int, str]]
    """By letter: the base letter that it follows, how far, and what parts it from its equal."""
    names: dict[tuple[str, int], str]
    """The letter at each place."""
    longest: int

    def letters_at(self, lower: str, at: int) -> int:
        """How many characters the letter at *at* is written with."""
        for length in range(self.longest, 1, -1):
            if lower[at : at + length] in self.ranks:
                return length
        return 1


@lru_cache
def _alphabet(language: str) -> _Alphabet:
    ranks: dict[str, tuple[str, int, str]] = {}
    names: dict[tuple[str, int], str] = {}
    runs = (ROOT + ";" + ALPHABETS.get(language, "")).split(";")
    for base, *places in filter(None, map(str.split, runs)):
        # "y y=ü" gives ü the place of y itself; "n ñ" gives ñ the first place after n.
        for rank, place in enumerate(places, 0 if places[0].split("=")[0] == base else 1):
            for variant, letter in enumerate(place.split("=")):
                ranks[letter] = base, rank, "" if variant == 0 else letter
            names[base, rank] = place.split("=")[0]
    return _Alphabet(ranks, names, max(map(len, ranks)))
