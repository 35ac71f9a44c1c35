"""What opens a turn: a speaker's label, a colon, then words.

Comes in: one line and the labels that the edition declares. Goes out: the
label that opens it, or the doubt that it may. The one decision: a declared
label is taken wherever a line begins with it; of the rest the shape alone says
what looks like a name, and looking like one makes a doubt, never a speaker.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"
IDEOGRAPHIC_SPACE = "\u3000"
DIRECTION_MARKS = "\u200e\u200f\u061c"
"""Left-to-right, right-to-left and Arabic letter mark: unseen, often before a Hebrew label."""

LONGEST_SHAPE = 60
MOST_WORDS = 8
LONGEST_ASIDE = 80

# What may stand between a label and its words where the transcript writes no colon.
_WIDE_GAP = re.compile(f"[ {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]{{2,}}|[\t{IDEOGRAPHIC_SPACE}]+")
_COLON = re.compile("[:：]")
_ASIDE = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\])$")
_NO_LABEL = re.compile(r"[?!;“”„«»…—–<>@#*=|\\/{}]")
_SENTENCE_INSIDE = re.compile(r"[.]\s+[a-zß-öø-ÿ]")
_QUOTE_AT_AN_EDGE = re.compile(r'(?:^|\W)"|"(?:\W|$)')


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PARTICLES = _word_set(
    "de da do du des del della di la le les von van der den dem zu zur of the and y e i und al el "
    "bin ibn ben ter af av"
)
_NUMBERED = _word_set(
    "speaker participant audience caller guest voice respondent interviewer interviewee panelist "
    "witness student juror member person subject sprecher teilnehmer orador participante "
    "intervenant locuteur hablante"
)

# Words that open a sentence before a colon far oftener than they name anybody.
_ORDINARY_OPENINGS = _word_set(
    """first second third fourth fifth firstly secondly thirdly lastly finally next then also
    again so well yes no ok okay right now note remember question answer example conclusion
    ps nb todo url warning correction result however but and or
    premièrement deuxièmement troisièmement enfin oui non bref remarque exemple
    primero segundo tercero finalmente sí bueno nota ejemplo
    erstens zweitens drittens schließlich ja nein frage antwort beispiel"""
)

# What the lines above the first turn are called in the files that people keep.
_HEADER_WORDS = _word_set(
    """note time title subtitle author language organizer organiser present date place location
    venue subject topic agenda source url transcript transcriber translator scribe recorded
    recording duration length project collection copyright license licence
    lieu titre auteur sujet durée datum ort titel autor thema dauer fecha lugar título tema
    duración"""
)


@dataclass(frozen=True)
class Labels:
    """The labels that the edition declares, as a reader needs them."""

    known: tuple[str, ...] = ()
    """Labels and aliases."""
    not_speakers: tuple[str, ...] = ()
    """Openings of a line that look like a label and are speech."""
    free: bool = False
    """No speaker is declared: whatever the transcript uses as labels is taken."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Alias and label of the same speaker, so that neighbouring turns of one can be joined."""

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """Each label as declared, by its folded form."""
        return {fold_label(label): label for label in reversed(self.known)}

    @cached_property
    def refused(self) -> frozenset[str]:
        """The folded forms of what is speech though it looks like a label."""
        return frozenset(fold_label(words) for words in self.not_speakers)

    @cached_property
    def any_case(self) -> frozenset[str]:
        return frozenset(label.casefold() for label in self.folded)

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.known), default=0)

    def speaker(self, label: str) -> str:
        """Return the label of the speaker whom *label*, a label or an alias, stands for."""
        return self._by_alias.get(label, label)

    @cached_property
    def _by_alias(self) -> Mapping[str, str]:
        return dict(self.aliases)


@dataclass(frozen=True, slots=True)
class Opening:
    """A declared label at the start of a line."""

    label: str
    """As declared."""
    rest: int
    """Where in the line the words begin; its length when none follow."""
    aside: tuple[int, int] | None = None
    """Start and end of a bracketed note that stands before the colon: "Wang (laughing):"."""


# A long transcript has few labels: each is looked at once.
@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """Return *label* as labels are compared: single spaces, no period or colon at its end."""
    for mark in DIRECTION_MARKS:
        label = label.replace(mark, "")
    return " ".join(label.split()).rstrip(" .:：")


def find_opening(words: str, labels: Labels) -> Opening | None:
    """Return the declared label and colon that *words*, a line, begins with."""
    limit = labels.longest + LONGEST_ASIDE
    for colon in _COLON.finditer(words, 0, limit):
        before = words[: colon.start()]
        if not _separates(words, colon):
            continue
        label = labels.folded.get(fold_label(before))
        if label is not None:
            return Opening(label, _skip_space(words, colon.end()))
        aside = _ASIDE.search(before)
        label = labels.folded.get(fold_label(before[: aside.start()])) if aside else None
        if aside and label is not None:
            return Opening(label, _skip_space(words, colon.end()), aside.span(1))
    return None


def find_wide_opening(words: str, labels: Labels) -> Opening | None:
    """Return the declared label that *words* begins with, parted by a gap and no colon."""
    gap = _WIDE_GAP.search(words, 0, labels.longest + 4)
    label = labels.folded.get(fold_label(words[: gap.start()])) if gap else None
    if gap is None or label is None or ":" in words[: gap.start()]:
        return None
    return Opening(label, _skip_space(words, gap.end()))


class Shape(Enum):
    """How much the words before a colon look like somebody's label."""

    NONE = 0
    NAME = 1
    """Capitalised like a name or a role."""
    CASELESS = 2
    """Short, in a script without capitals: only its coming again tells."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The words before a colon at the start of a line that may be a label."""

    label: str
    """Spaces folded."""
    shape: Shape
    rest: str
    """What follows the colon; empty when the line ends there."""


def find_candidate(words: str, labels: Labels | None = None) -> Candidate | None:
    """Return what looks like a label at the start of *words*, declared or not.

    A label of *labels* in other letters, capital or small, looks like one too.
    """
    colon = _COLON.search(words, 0, LONGEST_SHAPE + LONGEST_ASIDE)
    if colon is None or not _separates(words, colon):
        return None
    before = words[: colon.start()]
    shape = shape_of(before)
    if shape is Shape.NONE and labels and fold_label(before).casefold() in labels.any_case:
        shape = Shape.NAME
    if shape is Shape.NONE:
        return None
    return Candidate(fold_label(before), shape, words[colon.end() :].strip())


def find_wide_candidate(words: str) -> Candidate | None:
    """Return the few capitals or ideographs that stand before a gap at the start of *words*."""
    gap = _WIDE_GAP.search(words, 0, 8)
    if gap is None:
        return None
    before = words[: gap.start()]
    capitals = before.isalpha() and before.isupper() and len(before) <= 3
    ideographs = before.isalpha() and shape_of(before) is Shape.CASELESS and len(before) <= 6
    if not (capitals or ideographs):
        return None
    return Candidate(before, Shape.NAME if capitals else Shape.CASELESS, words[gap.end() :].strip())


@lru_cache(maxsize=4096)
def shape_of(before: str) -> Shape:
    """Return what the words before a colon look like, whatever follows it."""
    label = fold_label(before)
    while aside := _ASIDE.search(label):
        label = label[: aside.start()]
    words = label.split()
    if not 1 <= len(words) <= MOST_WORDS or len(label) > LONGEST_SHAPE or label[0] in "([":
        return Shape.NONE
    if _NO_LABEL.search(label) or _SENTENCE_INSIDE.search(label) or _QUOTE_AT_AN_EDGE.search(label):
        return Shape.NONE
    letters = [c for c in label if c.isalpha()]
    if not letters or not _numbers_are_numbering(words):
        return Shape.NONE
    if not any(c.isupper() or c.islower() for c in letters):
        return Shape.CASELESS if len(label) <= 12 or len(words) <= 4 else Shape.NONE
    return Shape.NAME if _is_capitalised(words) else Shape.NONE


def is_ordinary(label: str) -> bool:
    """Whether *label* is a word that opens sentences: only its coming often makes it a doubt."""
    return label.casefold() in _ORDINARY_OPENINGS


def is_header(label: str) -> bool:
    """Whether *label* is what a line above the first turn is called: "Date", "Place"."""
    return label.split(maxsplit=1)[0].casefold() in _HEADER_WORDS


def _separates(words: str, colon: re.Match[str]) -> bool:
    following = words[colon.end() : colon.end() + 1]
    if colon.group() == "：":
        return True
    # "10:30", "http://", "std::map" hold a colon that parts nothing.
    return not (following.isdigit() or following in ("/", ":")) or not following


def _skip_space(words: str, offset: int) -> int:
    return len(words) - len(words[offset:].lstrip())


def _numbers_are_numbering(words: list[str]) -> bool:
    previous = ""
    for word in words:
        if word.strip("().").isdigit() and previous.casefold() not in _NUMBERED:
            return False
        previous = word
    return True


def _is_capitalised(words: list[str]) -> bool:
    after_comma = False
    for position, word in enumerate(words):
        is_particle = position > 0 and word.casefold() in _PARTICLES
        if not (after_comma or is_particle or _begins_large(word)):
            return False
        after_comma = after_comma or word.endswith(",")
    return True


def _begins_large(word: str) -> bool:
    first = next((c for c in word if c.isalpha()), "")
    if not first.islower():
        return True
    # "d'Artagnan", "l'Estrange": the capital stands behind the elided article.
    return (
        bool(re.match(r"\w{1,2}['’][^\W\d_]", word)) and word[word.find(first) + 2 :][:1].isupper()
    )
