"""Events: what happens while people speak, written in brackets.

Comes in: a text. Goes out: where its events stand. The one decision: a paragraph
that is all brackets is an event; inside speech an editor's "[sic]" or "[the Party]"
is text, so there only what reads as a note ("[Laughter.]", "[LAUGHTER]",
"[inaudible]") counts, and round brackets only with a word that names an event.
"""

import re

from octavo.model import Span

_PAIRS = (("[", "]"), ("(", ")"), ("［", "］"), ("（", "）"), ("【", "】"))
_BRACKETED = re.compile("|".join(rf"\{a}[^\{a}\{b}]*\{b}" for a, b in _PAIRS))
_ALL_BRACKETS = re.compile(rf"(?:(?:{_BRACKETED.pattern})[\s.]*)+\Z")
_INLINE = re.compile("|".join(rf"\{a}[^\{a}\{b}]{{1,200}}\{b}" for a, b in _PAIRS))
_LEADING = re.compile(rf"(?:(?:{_BRACKETED.pattern})\s*)+")

# What a microphone hears besides words: beginnings of words, then whole words.
_HEARD = re.compile(
    r"""(?x) (?:\w+\s+){0,2} (?:
    laugh | applau | clap | cheer | inaudible | unintelligible | indistinct | cross-?talk | overlap
    | cough | sigh | weep | whisper | chuckl | giggl | interrupt | redacted | bleep
    | gelächter | lach | beifall | heiterkeit | unverständlich | zuruf | rire | applaudi | brouhaha
    | aplaus | risas | 笑 | 掌声 | 掌聲 | 鼓掌 | 拍手 | 播放
    | (?: pause | silence | cr(?:ying|ies) | music | noise | gestures? | nods? | break | recess
    | off[ ](?:mic|the[ ]record) | end[ ]of[ ]\w+ | recording | as[ ]interpreted | speaks?
    | clears[ ]throat | bell | rings? | static | beep | foreign | no[ ]response | blank
    | stille | musik | toux | soupirs? | musique | silencio | música | tos | suspir[oa]s? )\b
    )"""
)

MOST_WORDS_IN_PARENTHESES = 4
"""A longer parenthesis is something said, whatever it is about."""


def is_event(words: str) -> bool:
    """Whether *words*, a whole paragraph, is nothing but bracketed notes."""
    return words[:1] in "[(［（【" and bool(_ALL_BRACKETS.match(words)) and _has_letter(words)


def find_events(words: str) -> tuple[Span, ...]:
    """Return where in somebody's speech the events stand, brackets included."""
    return tuple(Span(*m.span()) for m in _INLINE.finditer(words) if _is_inline_event(m.group()))


def end_of_leading_events(words: str) -> int:
    """Return where the bracketed notes that *words* begins with end; 0 when there are none."""
    leading = _LEADING.match(words)
    return leading.end() if leading else 0


def _is_inline_event(bracketed: str) -> bool:
    note = bracketed[1:-1].strip()
    heard = bool(_HEARD.match(note.casefold()))
    if bracketed[0] in "[［【":
        return heard or (note[:1].isupper() and note[-1] in ".!?。")
    return heard and len(note.split()) <= MOST_WORDS_IN_PARENTHESES


def _has_letter(words: str) -> bool:
    return any(character.isalpha() for character in words)
