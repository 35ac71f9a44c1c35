"""From the source to the Book: no word is lost before there is anything to print.

Comes in: the transcripts, the bytes they were read from, and the Book. Goes out:
discrepancies. The one decision: what typography changed is undone and compared with
the source character by character; the reader is checked by counting the words of the
file itself, which knows nothing of turns. A transcript is proved with its chapter, and kept
under the bytes of its file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from octavo.book import Book, BookTurn, Chapter
from octavo.cache import key_of
from octavo.memory import Memory
from octavo.model import Transcript, Turn
from octavo.proof.declared import Part, Source
from octavo.proof.outcome import Discrepancy
from octavo.proof.trial import Job, done
from octavo.proof.words import Drawn, Line, align, fold
from octavo.typography import restore

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came of a transcript."""

    words: int
    wrong: tuple[Discrepancy, ...]


def check_transcripts(
    book: Book, sources: Sequence[Source], memory: Memory
) -> tuple[int, list[Discrepancy]]:
    """Read every transcript again: the file's words are in it, and the Book says what it says.

    Returns how many words there are, the label of each turn included, and what is wrong.
    """
    jobs = [
        Job(partial(_hear, source, chapter), _made_of(source, chapter))
        for source, chapter in zip(sources, book.chapters, strict=True)
    ]
    heard = done(jobs, memory, key_of(*(chapter.digest for chapter in book.chapters)).encode())
    wrong = [discrepancy for one in heard for discrepancy in one.wrong]
    return sum(one.words for one in heard), [*wrong, *_check_ids(book, sources)]


def _made_of(source: Source, chapter: Chapter) -> tuple[bytes, ...]:
    """All that ``_hear`` depends on."""
    path = source.path.encode("utf-8", "surrogateescape")
    return (b"transcript and chapter", path, source.data, source.read_as, chapter.digest)


def _hear(source: Source, chapter: Chapter) -> _Heard:
    transcript = source.read()
    texts = [(_words(label), opens, _words(text)) for label, opens, text in _texts(transcript)]
    wrong = (
        *_check_source(transcript.path, texts, source.data),
        *_check_chapter(chapter, transcript),
    )
    return _Heard(sum(len(text) + opens * len(label) for label, opens, text in texts), wrong)


InWords = tuple[list[str], bool, list[str]]
"""A label, whether it opens a turn, and a text."""


def _check_source(path: str, texts: Sequence[InWords], source: bytes) -> Sequence[Discrepancy]:
    """Every word of the file is in its transcript: once, in order; and no other."""
    words = _words(source.decode("utf-8-sig", "replace"))
    spoken = list(_spoken(texts, words))
    if [word for text in spoken for word in text] == words:
        return ()
    drawn = Drawn()
    drawn.add(path, spoken)
    return align("words of the source", [Line(" ".join(words))], drawn).discrepancies


def _spoken(texts: Sequence[InWords], source: Sequence[str]) -> Iterator[list[str]]:
    """The words of all that the transcript holds, in order: head, then labels and texts.

    A label that the source writes again within a turn, which opens no turn then, is said
    again here too.
    """
    at = 0
    for label, opens, text in texts:
        again = label and (opens or _says_again(source, at, label, text))
        spoken = label + text if again else text
        at += len(spoken)
        yield spoken


def _says_again(source: Sequence[str], at: int, label: list[str], text: list[str]) -> bool:
    """Whether *source* goes on with *label* before *text*."""
    goes_on = list(source[at : at + max(len(label), len(text))])
    return goes_on[: len(text)] != text and goes_on[: len(label)] == label


def _check_chapter(chapter: Chapter, transcript: Transcript) -> Iterator[Discrepancy]:
    """The chapter with its typography undone is the transcript: every text under its label."""
    said = tuple(_transcript_texts(transcript))
    return _compare(transcript.path, tuple(_book_texts(chapter)), said)


def _check_ids(book: Book, sources: Sequence[Source]) -> Iterator[Discrepancy]:
    seen: set[str] = set()
    for chapter, source in zip(book.chapters, sources, strict=True):
        for paragraph in chapter.all_paragraphs():
            if paragraph.id in seen:
                yield Discrepancy("the Book", source.path, "ids once", paragraph.id)
            seen.add(paragraph.id)


def check_heads(book: Book, parts: Sequence[Part], output: str) -> Iterator[Discrepancy]:
    """The head of each transcript, its title and byline, is printed among what is declared."""
    text_of = cache(lambda part: _plain("\n".join(part.lines)))
    parts_of: dict[str, list[Part]] = {}
    for part in parts:
        parts_of.setdefault(part.speech, []).append(part)
    for chapter in book.chapters:
        own = (chapter.id, *(section.id for section in chapter.sections), "")
        for paragraph in (*chapter.title, *chapter.byline):
            words = _plain(paragraph.words)
            near = (part for speech in own for part in parts_of.get(speech, ()))
            if not any(words in text_of(part) for part in near):
                yield Discrepancy("the transcript's head", output, words.strip(), "")


def _plain(text: str) -> str:
    """The folded words with a space on either side, so that only whole words are found."""
    return f" {' '.join(fold(text).split())} "


def _words(text: str) -> list[str]:
    return WORD.findall(fold(text))


def _texts(transcript: Transcript) -> Iterator[tuple[str, bool, str]]:
    """Each text with its label, and whether it opens a turn; no label outside turns."""
    for text in (*transcript.title, *transcript.byline):
        yield "", False, text.words
    for block in transcript.blocks:
        if isinstance(block, Turn):
            for number, text in enumerate(block.paragraphs):
                yield block.label, number == 0, text.words
        else:
            yield "", False, block.text.words


# Texts under their labels -------------------------------------------------------

Said = tuple[tuple[str, ...], bool, str]
"""Who may have said it, by label; whether a turn begins with it; the words."""


def _compare(path: str, book: Sequence[Said], transcript: Sequence[Said]) -> Iterator[Discrepancy]:
    for (names, opens, words), (labels, opened, said) in zip(book, transcript, strict=False):
        if words != said:
            yield Discrepancy("the Book", path, said, words)
        if labels != names and not set(labels) & set(names):
            yield Discrepancy("the Book", path, "/".join(labels), "/".join(names), said[:60])
        if opens != opened:
            told = {True: "the beginning of a turn", False: "more of the same turn"}
            yield Discrepancy("the Book", path, told[opened], told[opens], said[:60])
    for _, _, said in transcript[len(book) :]:
        yield Discrepancy("the Book", path, said, "")
    for _, _, words in book[len(transcript) :]:
        yield Discrepancy("the Book", path, "", words)


def _book_texts(chapter: Chapter) -> Iterator[Said]:
    """The chapter as its transcript must have it: a turn that a heading parts is one again."""
    for paragraph in (*chapter.title, *chapter.byline):
        yield (), False, restore(paragraph.words, paragraph.changes)
    turn = ""
    for block in (block for section in chapter.sections for block in section.blocks):
        if isinstance(block, BookTurn):
            names = (block.speaker.label, *block.speaker.aliases)
            for paragraph in block.paragraphs:
                yield (
                    names,
                    block.id != turn,
                    restore(paragraph.words, paragraph.changes),
                )
                turn = block.id
        else:
            yield (), False, restore(block.paragraph.words, block.paragraph.changes)


def _transcript_texts(transcript: Transcript) -> Iterator[Said]:
    for label, opens, words in _texts(transcript):
        yield (label,) if label else (), opens, words
