"""From the source to the Book: no word is lost before there is anything to print.

Comes in: the transcripts, the bytes they were read from, and the Book. Goes out:
discrepancies. The one decision: what typography changed is undone and compared with
the source character by character; the reader is checked by counting the words of the
file itself, which knows nothing of turns.
"""

import re
from collections.abc import Iterator, Sequence

from octavo.book import Book, BookTurn, Chapter
from octavo.model import Transcript, Turn
from octavo.proof.declared import Part
from octavo.proof.outcome import Discrepancy
from octavo.proof.words import Drawn, Line, align, fold
from octavo.typography import restore

WORD = re.compile(r"[^\W_]+")


def check_sources(
    transcripts: Sequence[Transcript], sources: Sequence[bytes]
) -> Iterator[Discrepancy]:
    """Every word of each file is in its transcript: once, in order; and no other."""
    for transcript, source in zip(transcripts, sources, strict=True):
        words = _words(source.decode("utf-8-sig", "replace"))
        spoken = list(_spoken(transcript, words))
        if [word for text in spoken for word in text] == words:
            continue
        drawn = Drawn()
        drawn.add(transcript.path, spoken)
        yield from align("words of the source", [Line(" ".join(words))], drawn).discrepancies


def _spoken(transcript: Transcript, source: Sequence[str]) -> Iterator[list[str]]:
    """The words of all that the transcript holds, in order: head, then labels and texts.

    A label that the source writes again within a turn, which opens no turn then, is said
    again here too.
    """
    at = 0
    for label, opens, text in _texts(transcript):
        spoken, named = _words(text), _words(label)
        if named and (opens or _says_again(source, at, named, spoken)):
            spoken = named + spoken
        at += len(spoken)
        yield spoken


def _says_again(source: Sequence[str], at: int, label: list[str], text: list[str]) -> bool:
    """Whether *source* goes on with *label* before *text*."""
    goes_on = list(source[at : at + max(len(label), len(text))])
    return goes_on[: len(text)] != text and goes_on[: len(label)] == label


def check_book(book: Book, transcripts: Sequence[Transcript]) -> Iterator[Discrepancy]:
    """The Book with its typography undone is the transcripts: every text under its label."""
    seen: set[str] = set()
    for chapter, transcript in zip(book.chapters, transcripts, strict=True):
        said = tuple(_transcript_texts(transcript))
        yield from _compare(transcript.path, tuple(_book_texts(chapter)), said)
        for paragraph in (*chapter.title, *chapter.byline, *chapter.paragraphs()):
            if paragraph.id in seen:
                yield Discrepancy("the Book", transcript.path, "ids once", paragraph.id)
            seen.add(paragraph.id)


def check_heads(book: Book, parts: Sequence[Part], output: str) -> Iterator[Discrepancy]:
    """The head of each transcript, its title and byline, is printed among what is declared."""
    texts = [(part.speech, _plain("\n".join(part.lines))) for part in parts]
    for chapter in book.chapters:
        own = {"", chapter.id, *(section.id for section in chapter.sections)}
        for paragraph in (*chapter.title, *chapter.byline):
            words = _plain(paragraph.words)
            if not any(speech in own and words in text for speech, text in texts):
                yield Discrepancy("the transcript's head", output, words.strip(), "")


def _plain(text: str) -> str:
    """The folded words with a space on either side, so that only whole words are found."""
    return f" {' '.join(fold(text).split())} "


def count_words(transcripts: Sequence[Transcript]) -> int:
    """The words of all transcripts, the label of each turn included."""
    return sum(len(words) for one in transcripts for words in _spoken(one, ()))


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
