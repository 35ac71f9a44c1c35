"""Compare text as a reader does: a quote typed plainly is found where it is set finely.

Text goes in, its folded form comes out: one kind of quotation mark, one of dash,
single spaces, nothing invisible, with the way back to the offsets of the original.
The one decision: whatever typography may do to a text in any language makes no
difference, so that an editor may quote the source and find it in the Book. Hence no
spaces beside quotation marks, dashes and high punctuation, on either side.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from octavo.model import Span

DASHES = r"\-\u2010-\u2015\u2212"
"""From the hyphen to the horizontal bar, and the minus; all are a hyphen to us."""
QUOTES = "'\"\u2018-\u201f\u2032\u2033\u02bc\u0060\u00b4\u00ab\u00bb\u2039\u203a"
"""Straight and curly, single and double, guillemets, primes, accents misused."""
ELLIPSIS = "\u2026"
LIGATURES = "\ufb00-\ufb06"
INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Soft hyphen, zero-width spaces and joiners, direction marks, word joiner, BOM."""

_GAP = rf"[\s{INVISIBLE}]"
_FOLDED = re.compile(
    # Most characters are letters, or single spaces before letters: those are out at once.
    rf"(?=[\s{INVISIBLE}{DASHES}{QUOTES}{ELLIPSIS}{LIGATURES}])(?! \w)(?:"
    rf"(?P<dash>{_GAP}*[{DASHES}][\s{INVISIBLE}{DASHES}]*)"
    rf"|(?P<quote>{_GAP}*[{QUOTES}][\s{INVISIBLE}{QUOTES}]*)"
    rf"|(?P<high>{_GAP}+(?=[;:!?]))"
    rf"|(?P<gap>{_GAP}+)"
    rf"|(?P<ellipsis>{ELLIPSIS})"
    rf"|(?P<ligature>[{LIGATURES}]))"
)
_FIXED = {"dash": "-", "quote": "'", "high": "", "ellipsis": "..."}
_ONLY_INVISIBLE = re.compile(f"[{INVISIBLE}]*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the folded text and the stretch of the original that it stands for."""

    text: str
    origin: Span
    literal: bool
    """Whether the two match character by character."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable; ``span`` leads from a match in it back to the original."""

    text: str
    original: str
    _starts: tuple[int, ...]
    _pieces: tuple[_Piece, ...]

    def offset(self, index: int) -> int:
        """Where in the original the folded character at *index* begins."""
        if not self._pieces:
            return index
        at = max(bisect_right(self._starts, index) - 1, 0)
        piece = self._pieces[at]
        into = index - self._starts[at]
        if piece.literal:
            return piece.origin.start + into
        return piece.origin.start if into < len(piece.text) else piece.origin.end

    def span(self, start: int, end: int) -> Span:
        """What folded to ``text[start:end]``, without white space at either end."""
        first, last = self.offset(start), self._end(end)
        while first < last and self.original[first].isspace():
            first += 1
        while first < last and self.original[last - 1].isspace():
            last -= 1
        return Span(first, last)

    def _end(self, end: int) -> int:
        """Where the folded character before *end* ends in the original."""
        if not self._pieces or end == 0:
            return end
        piece_at = bisect_right(self._starts, end - 1) - 1
        piece = self._pieces[piece_at]
        if piece.literal:
            return piece.origin.start + end - self._starts[piece_at]
        return piece.origin.end


def fold(text: str, *, case: bool = False) -> Folded:
    """Fold *text*; with *case* its letter case too, fully (``ß`` becomes ``ss``)."""
    return _fold(text, case)


# Every quote of an edition is sought in every paragraph: folding each once matters.
@lru_cache(maxsize=1 << 14)
def _fold(text: str, case: bool) -> Folded:
    pieces = [
        part
        for piece in _marks(text)
        for part in (_letters(piece, case) if piece.literal else (piece,))
    ]
    folded = "".join(piece.text for piece in pieces)
    if len(folded) == len(text) and all(len(piece.text) == 1 or piece.literal for piece in pieces):
        return Folded(folded, text, (), ())
    starts, length = [], 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.text)
    return Folded(folded, text, tuple(starts), tuple(pieces))


def _marks(text: str) -> Iterator[_Piece]:
    """Cut *text* into marks and spaces, folded, and what stands between them, as it is."""
    done = 0
    for found in _FOLDED.finditer(text):
        was, now = found[0], _mark(found)
        if was == now:
            continue
        if done < found.start():
            yield _Piece(text[done : found.start()], Span(done, found.start()), literal=True)
        yield _Piece(now, Span(*found.span()), literal=False)
        done = found.end()
    if done < len(text):
        yield _Piece(text[done:], Span(done, len(text)), literal=True)


def _mark(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind == "gap":
        return "" if _ONLY_INVISIBLE.fullmatch(found[0]) else " "
    if kind == "ligature":
        return unicodedata.normalize("NFKC", found[0])
    return _FIXED[kind]


def _letters(piece: _Piece, case: bool) -> Iterator[_Piece]:
    """Compose the letters of *piece* (NFC) and fold their case if *case* says so."""
    whole = piece.text.casefold() if case else piece.text
    if unicodedata.is_normalized("NFC", piece.text) and len(whole) == len(piece.text):
        yield _Piece(whole, piece.origin, literal=True)
        return
    start = piece.origin.start
    for cluster in _clusters(piece.text):
        letters = unicodedata.normalize("NFC", cluster)
        letters = letters.casefold() if case else letters
        yield _Piece(letters, Span(start, start + len(cluster)), literal=False)
        start += len(cluster)


_HANGUL = re.compile(
    "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]"
)


def _clusters(text: str) -> Iterator[str]:
    """Cut *text* where composition cannot reach across."""
    start = 0
    while start < len(text):
        jamo = _HANGUL.match(text, start)
        end = jamo.end() if jamo else start + 1
        while end < len(text) and unicodedata.category(text[end])[0] == "M":
            end += 1
        yield text[start:end]
        start = end


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A place where a quote stands: which of the texts, and from where to where in it."""

    text: int
    start: int
    end: int


def find_quote(quote: str, texts: Sequence[str]) -> tuple[Found, ...]:
    """Every place in *texts* where *quote* occurs when both are folded, in order.

    Letter case counts. Offsets are those of the original texts. An empty quote
    occurs nowhere.
    """
    sought = fold(quote).text.strip()
    return tuple(
        Found(number, span.start, span.end)
        for number, text in enumerate(texts)
        for span in _occurrences(sought, fold(text))
    )


def _occurrences(sought: str, folded: Folded) -> Iterator[Span]:
    at = folded.text.find(sought) if sought else -1
    while at >= 0:
        yield folded.span(at, at + len(sought))
        at = folded.text.find(sought, at + 1)


_WORD = re.compile(r"\w+")
_OPENING = 80
"""Characters of a quote that are compared; its first words say where it was meant to be."""
_CANDIDATES = 200
"""Places that are compared closely; those of the quote's rarest words."""


class Likeness:
    """Finds what resembles a quote; made once for all the quotes that go astray in *texts*.

    It is for a hint after ``find_quote`` found nothing.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._folded = [fold(text, case=True) for text in texts]
        self._places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, folded in enumerate(self._folded):
            for word in _WORD.finditer(folded.text):
                self._places[word[0]].append((number, word.start()))

    def nearest(self, quote: str) -> tuple[int, int] | None:
        """Text number and offset of what most resembles *quote*.

        None when nothing resembles it enough for the quote to be a slip.
        """
        opening = fold(quote, case=True).text.strip()[:_OPENING]
        best, place = 0.5, None
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(opening)
        for number, start in self._candidates(opening):
            folded = self._folded[number]
            matcher.set_seq1(folded.text[start : start + len(opening)])
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                ratio = matcher.ratio()
                if ratio > best:
                    best, place = ratio, (number, folded.span(start, start + 1).start)
        return place

    def _candidates(self, opening: str) -> list[tuple[int, int]]:
        """Where *opening* might begin, judged by where its rarest words stand."""
        sought: list[tuple[int, str, int]] = []
        for word in _WORD.finditer(opening):
            near = [word[0]] if word[0] in self._places else self._similar(word[0])
            sought += [(len(self._places[known]), known, word.start()) for known in near]
        found: set[tuple[int, int]] = set()
        for count, known, lead in sorted(sought):
            if found and len(found) + count > _CANDIDATES:
                break
            for number, at in self._places[known][:_CANDIDATES]:
                found.add((number, _word_start(self._folded[number].text, max(at - lead, 0))))
        return sorted(found)

    def _similar(self, word: str) -> list[str]:
        # Comparing with every word of a long book takes a second; a slip rarely changes
        # both the first letter and the last, or the length by much.
        near = [
            other
            for other in self._places
            if abs(len(other) - len(word)) <= 2 and (other[0] == word[0] or other[-1] == word[-1])
        ]
        return get_close_matches(word, near, n=2, cutoff=0.7)


def _word_start(text: str, at: int) -> int:
    """The beginning of the word that stands at *at*."""
    while at > 0 and text[at - 1].isalnum():
        at -= 1
    return at
