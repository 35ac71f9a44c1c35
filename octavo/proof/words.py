"""The matcher: whether the words as they were drawn are exactly those that were said.

Comes in: lines that must be there, and the tokens read from a finished file. Goes out:
where each stands, or the discrepancies. The one decision: the engine may break a line
at a space, at a break opportunity, or inside a word with a hyphen of its own; with
nothing but that undone, both sides must be equal character by character.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from sys import intern

from octavo.proof.outcome import SHOWN, Discrepancy

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
PDFIUM_HYPHENS = "\ufffe\x02"
"""What PDFium says where a line ends in a hyphen, whether the author's or the engine's."""

# Characters that set no ink, so that a page cannot show whether they are there.
UNSEEN = "\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
UNSEEN_OR_SOFT = re.compile(f"[{SOFT_HYPHEN}{UNSEEN}]")
WORD = re.compile(r"\S+")
UNSEEN_ONLY = re.compile(f"[{UNSEEN}]")

# One glyph serves them all, and the text layer can name but one of them.
SAME_GLYPH = ("\N{HYPHEN}", "\N{NON-BREAKING HYPHEN}")

LONG = 30
"""A longer token may be broken anywhere, for it may not fit the measure."""
WINDOW = 60
"""How many tokens ahead a discrepancy looks for the place where both sides agree again."""
STRIDE = 32
"""How many words are compared at once; about as many stand between two that lines break."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a heading, or any other line that must be in the book."""

    text: str
    paragraph: str = ""
    """The id of the paragraph whose words it holds."""
    turn: str = ""
    """The turn that it belongs to, told apart from every other in the book."""
    label: str = ""
    """The speaker's label that opens it."""

    @property
    def said_from(self) -> int:
        """The offset at which the paragraph's own words begin, after its label."""
        return len(self.label) + 1 if self.label else 0


def fold(text: str) -> str:
    """Return *text* without the differences that no page can show."""
    return text if text.isascii() else _fold(UNSEEN_OR_SOFT.sub("", text))


def fold_drawn(text: str) -> str:
    """Fold what was read from a page: a soft hyphen there is ink, and stays."""
    return text if text.isascii() else _fold(UNSEEN_ONLY.sub("", text))


def _fold(text: str) -> str:
    for hyphen in SAME_GLYPH:
        # Much quicker than str.translate.
        text = text.replace(hyphen, "-")
    return unicodedata.normalize("NFKC", text)


class Drawn:
    """Tokens in the order they were read, with the ends of lines and of units kept."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.line_ends: set[int] = set()
        """The tokens that are the last of their line."""
        self.firsts: list[int] = []
        """The first token of each unit: a page, a block, a document."""
        self.places: list[str] = []
        """What each unit is called."""

    def add(self, place: str, lines: Iterable[Sequence[str]]) -> None:
        """Add a unit; *lines* are its lines, each as tokens."""
        self.firsts.append(len(self.tokens))
        self.places.append(place)
        for line in lines:
            self.tokens += line
            self.line_ends.add(len(self.tokens) - 1)

    def unit(self, token: int) -> int:
        return bisect_right(self.firsts, token) - 1

    def place(self, token: int) -> str:
        return self.places[max(0, self.unit(min(token, len(self.tokens) - 1)))]


def lines_of_text(text: str) -> list[list[str]]:
    """Cut text read from a page into lines of tokens; PDFium's hyphen ends a line too."""
    for hyphen in PDFIUM_HYPHENS:
        text = text.replace(hyphen, hyphen + "\n")
    lines = fold_drawn(text).splitlines()
    return [[*map(intern, line.split())] for line in lines if line.strip()]


@dataclass(slots=True)
class Alignment:
    """Where the expected words were found."""

    lines: Sequence[Line]
    words: list[str]
    """All words of all lines."""
    line_firsts: list[int]
    """The first word of each line."""
    drawn: Drawn
    tokens: "array[int]" = field(default_factory=lambda: array("q"))
    """For each word the token that it begins with."""
    cuts: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The word and the offset in it at which each token begins that continues a word."""
    discrepancies: list[Discrepancy] = field(default_factory=list)
    _starts: dict[int, list[int]] = field(default_factory=dict)
    """By line: where its words begin, if folding leaves it as it is."""

    def unit_of(self, line: int, offset: int) -> int:
        """Return the unit that holds the character at *offset* of a line's text."""
        before, inside = self._words_before(line, offset)
        word = self.line_firsts[line] + before
        token = self.tokens[word]
        while self.cuts.get(token + 1, (word, inside + 1)) <= (word, inside):
            token += 1
        return self.drawn.unit(token)

    def _words_before(self, line: int, offset: int) -> tuple[int, int]:
        """How many whole words stand before *offset*, and how much of the next."""
        text = self.lines[line].text[:offset]
        if line not in self._starts:
            whole = self.lines[line].text
            # What folding leaves as it is, of that it leaves every beginning as it is (UAX 15).
            plain = fold(whole) == whole
            self._starts[line] = [word.start() for word in WORD.finditer(whole)] if plain else []
        begun = bisect_left(self._starts[line], len(text))
        if not begun:
            words = fold(text).split()
            begun, inside = len(words), len(words[-1]) if words else 0
        else:
            inside = len(text) - self._starts[line][begun - 1]
        return (begun - 1, inside) if text and not text[-1].isspace() else (begun, 0)


def align(proof: str, lines: Sequence[Line], drawn: Drawn) -> Alignment:
    """Find every word of *lines* among the tokens: each once, in order, and nothing else."""
    found = Alignment(lines, [], [], drawn)
    for line in lines:
        found.line_firsts.append(len(found.words))
        # Most words of a book come again.
        found.words += map(intern, fold(line.text).split())
    _follow(proof, found)
    return found


def _follow(proof: str, found: Alignment) -> None:
    words, tokens = found.words, found.drawn.tokens
    word = token = 0
    while word < len(words) or token < len(tokens):
        alike = _alike(words[word : word + STRIDE], tokens[token : token + STRIDE])
        if alike:
            found.tokens.extend(range(token, token + alike))
            word, token = word + alike, token + alike
            continue
        end = _end_of_word(found, word, token)
        if end:
            found.tokens.append(token)
            word, token = word + 1, end
            continue
        missed, strange = _difference(words, word, tokens, token)
        found.discrepancies.append(
            Discrepancy(
                proof,
                found.drawn.place(token) if found.drawn.places else "the whole of it",
                " ".join(words[word : word + missed]),
                " ".join(tokens[token : token + strange]),
                " ".join(words[max(0, word - 5) : word]),
            )
        )
        if len(found.discrepancies) == SHOWN:
            return
        found.tokens.extend([token] * missed)
        word, token = word + missed, token + strange


def _alike(words: list[str], tokens: list[str]) -> int:
    """How many words, from the first on, are drawn as one token each."""
    if words == tokens:
        return len(words)
    pairs = enumerate(zip(words, tokens, strict=False))
    return next((at for at, (word, token) in pairs if word != token), min(len(words), len(tokens)))


def _end_of_word(found: Alignment, word: int, token: int) -> int:
    """Return the token after the last that *word* is drawn with, 0 when it is not drawn here."""
    tokens = found.drawn.tokens
    if word == len(found.words) or token == len(tokens):
        return 0
    return _join(found, word, token)


def _join(found: Alignment, number: int, token: int) -> int:
    """Follow a word over the ends of lines; 0 when the pieces do not make it up."""
    word, drawn = found.words[number], found.drawn
    cuts: dict[int, tuple[int, int]] = {}
    at = 0
    for piece in _lines_pieces(drawn, token):
        if at:
            cuts[token] = (number, at)
        if word.startswith(piece, at):
            at += len(piece)
            broken_well = _may_break(word, at)
        else:
            at, broken_well = _hyphenated(word, at, piece)
        token += 1
        if at == len(word):
            found.cuts.update(cuts)
            return token
        if not broken_well or token - 1 not in drawn.line_ends:
            return 0
    return 0


def _lines_pieces(drawn: Drawn, token: int) -> Iterator[str]:
    while token < len(drawn.tokens):
        yield drawn.tokens[token]
        token += 1


def _may_break(word: str, at: int) -> bool:
    """Whether a line may end within *word* before the character at *at*, with no hyphen."""
    if at >= len(word):
        return True
    return len(word) > LONG or not (_needs_hyphen(word[at - 1]) and _needs_hyphen(word[at]))


def _needs_hyphen(character: str) -> bool:
    """Whether it is of a script that breaks words with a hyphen (not CJK, not Thai)."""
    return character.isdigit() or character.islower() or character.isupper()


def _hyphenated(word: str, at: int, piece: str) -> tuple[int, bool]:
    """Return how far a piece with a hyphen at its end reaches, and whether it may end there."""
    body, hyphen = piece[:-1], piece[-1]
    end = at + len(body)
    if not body or hyphen not in SOFT_HYPHEN + PDFIUM_HYPHENS or not word.startswith(body, at):
        return at, False
    if hyphen in PDFIUM_HYPHENS and word[end : end + 1] == "-":
        return end + 1, True
    if end < len(word) and word[end - 1].isalpha() and word[end].isalpha():
        return end, True
    return at, False


def _difference(words: list[str], word: int, tokens: list[str], token: int) -> tuple[int, int]:
    """Return how many words are missed and how many tokens are strange from here on."""
    expected, actual = words[word : word + WINDOW], tokens[token : token + WINDOW]
    matcher = SequenceMatcher(None, expected, actual, autojunk=False)
    _, _, expected_end, _, actual_end = matcher.get_opcodes()[0]
    return expected_end, actual_end
