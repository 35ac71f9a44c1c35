"""What the index finds in one chapter: mentions by forms, and where quotes stand.

Comes in: a chapter, and what is sought. Goes out: finds. The one decision: a chapter is
searched by itself, for no mention reaches out of its paragraph but a passage, so that the
finds of a chapter that did not change are kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from functools import cached_property, partial
from typing import Literal

from octavo.book import Book, BookBlock, BookEvent, BookTurn, Chapter, Paragraph
from octavo.cache import key_of
from octavo.edition.schema import Entry
from octavo.folding import Found, find_quote
from octavo.index.entries import Node
from octavo.index.matching import FormHits, Hit, Searcher, Speech, longest
from octavo.index.parts import Mention
from octavo.memory import Memory
from octavo.pagemap import Point

QUESTIONERS = frozenset({"interviewer", "moderator", "host", "questioner", "examiner", "chair"})
"""Roles whose turn opens an exchange: a question and what is answered to it."""


Merge = Literal["turn", "exchange", "all"]
"""What makes mentions on consecutive pages one discussion."""


class Fate(IntFlag):
    """What became of a form's hits."""

    FOUND = 1
    """It stands somewhere as whole words in speech."""
    COUNTED = 2
    """``skip`` and ``only`` leave a hit."""
    OWN = 4
    """A hit is in no longer one of the same entry."""
    KEPT = 8
    """A hit is in no longer one of any entry."""


@dataclass(frozen=True)
class Sought:
    """What is sought in every chapter."""

    nodes: tuple[tuple[str, Entry], ...]
    """Ids, and entries bare of all but what is to be matched."""
    quotes: tuple[str, ...]
    merge: Merge

    @cached_property
    def digest(self) -> bytes:
        return key_of(repr(self).encode()).encode()


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found in a chapter."""

    discussions: Mapping[str, str]
    """By paragraph id, in reading order: equal where mentions on neighbouring pages join."""
    mentions: tuple[Mention, ...]
    """In reading order, those of one place in the order of what is sought."""
    fates: bytes
    """A ``Fate`` for each form of each entry, in order."""
    quotes: Mapping[str, tuple[Mention, ...]]
    """The places of each quote that stands in the chapter, as mentions of no entry."""


def seek(book: Book, nodes: Sequence[Node]) -> Sought:
    """What *nodes* have found in each chapter of *book*."""
    merge = book.edition.file.index.merge
    if merge == "exchange" and not any(t.speaker.role in QUESTIONERS for t in book.turns()):
        merge = "turn"
    bare = (
        Entry("", match=e.match, case=e.case, skip=e.skip, only=e.only)
        for e in (node.entry for node in nodes)
    )
    return Sought(
        tuple((node.id, entry) for node, entry in zip(nodes, bare, strict=True)),
        tuple(dict.fromkeys(quote for node in nodes for quote in _quotes(node.entry))),
        merge,
    )


def _quotes(entry: Entry) -> Iterator[str]:
    for passage in entry.passages:
        yield from (passage.start, passage.end)
    if entry.main:
        yield entry.main


def find_in(chapter: Chapter, sought: Sought, memory: Memory) -> Finds:
    """What of *sought* stands in *chapter*."""
    find = partial(_find, chapter, sought)
    return memory.recall(find, b"finds of the index", chapter.digest, sought.digest)


def _find(chapter: Chapter, sought: Sought) -> Finds:
    settings = tuple(_settings(chapter, sought.merge))
    searcher = Searcher(
        Speech(
            tuple(s.paragraph.words if s.speech else "" for s in settings),
            tuple(s.paragraph.events for s in settings),
        )
    )
    found = [(name, searcher.form_hits(entry)) for name, entry in sought.nodes]
    kept = longest(hit for _, forms in found for form in forms for hit in form.counted)
    words = tuple(setting.paragraph.words for setting in settings)
    return Finds(
        discussions={setting.paragraph.id: setting.discussion for setting in settings},
        mentions=tuple(_mentions(found, kept, settings)),
        fates=bytes(fate for _, forms in found for fate in _fates(forms, kept)),
        quotes={
            quote: tuple(_mention("", settings[place.text], place) for place in places)
            for quote in sought.quotes
            if (places := find_quote(quote, words))
        },
    )


def _fates(forms: Sequence[FormHits], kept: frozenset[Hit]) -> Iterator[Fate]:
    own = longest(hit for form in forms for hit in form.counted)
    for form in forms:
        yield (
            (Fate.FOUND if form.all else Fate(0))
            | (Fate.COUNTED if form.counted else Fate(0))
            | (Fate.OWN if any(hit in own for hit in form.counted) else Fate(0))
            | (Fate.KEPT if any(hit in kept for hit in form.counted) else Fate(0))
        )


def _mentions(
    found: Iterable[tuple[str, Sequence[FormHits]]],
    kept: frozenset[Hit],
    settings: Sequence["_Setting"],
) -> Iterator[Mention]:
    """The mentions by the longest forms of all."""
    placed = []
    for number, (name, forms) in enumerate(found):
        hits = {hit for form in forms for hit in form.counted if hit in kept}
        placed += [(hit.paragraph, hit.start, number, hit.end, name) for hit in hits]
    for at, start, _, end, name in sorted(placed):
        yield _mention(name, settings[at], Found(at, start, end))


def _mention(name: str, setting: "_Setting", place: Found) -> Mention:
    paragraph = setting.paragraph
    return Mention(
        entry=name,
        point=Point(paragraph.id, place.start),
        end=place.end,
        last=Point(paragraph.id, place.end - 1),
        turn=setting.turn,
        speaker=setting.speaker,
        form=paragraph.words[place.start : place.end],
    )


# Settings -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Setting:
    """A paragraph and who speaks it."""

    paragraph: Paragraph
    turn: str
    speaker: str
    speech: bool
    """False for events between turns, where nothing is matched."""
    discussion: str


def _settings(chapter: Chapter, merge: Merge) -> Iterator[_Setting]:
    """Every paragraph of the chapter's text; no discussion reaches out of the chapter."""
    exchange, answered = 0, False
    for block in (block for section in chapter.sections for block in section.blocks):
        if isinstance(block, BookTurn):
            asks = block.speaker.role in QUESTIONERS
            exchange += asks and answered
            answered = not asks
        for paragraph in _paragraphs(block):
            turn = block.id if isinstance(block, BookTurn) else paragraph.id
            key = {"turn": turn, "exchange": f"exchange {exchange}", "all": "all"}[merge]
            yield _Setting(
                paragraph=paragraph,
                turn=turn,
                speaker=block.speaker.label if isinstance(block, BookTurn) else "",
                speech=not isinstance(block, BookEvent),
                discussion=f"{chapter.id} {key}",
            )


def _paragraphs(block: BookBlock) -> tuple[Paragraph, ...]:
    return block.paragraphs if isinstance(block, BookTurn) else (block.paragraph,)
