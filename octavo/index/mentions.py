"""Where the text speaks of each entry: by its forms, its passages, its principal passage.

Comes in: the Book and the entries' nodes. Goes out: mentions in reading order. The
faults of forms and quotes are found here, each with the nearest text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from octavo.book import Book, BookBlock, BookEvent, BookTurn, Chapter, Paragraph
from octavo.edition.schema import Passage
from octavo.findings import Finding, Report, shorten
from octavo.folding import Found, Likeness, find_quote
from octavo.index.entries import Node
from octavo.index.matching import FormHits, Hit, Searcher, Speech, longest
from octavo.index.parts import Mention
from octavo.model import Location
from octavo.pagemap import Point

QUESTIONERS = frozenset({"interviewer", "moderator", "host", "questioner", "examiner", "chair"})
"""Roles whose turn opens an exchange: a question and what is answered to it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A paragraph and who speaks it."""

    paragraph: Paragraph
    turn: str
    speaker: str
    speech: bool
    """False for events between turns, where nothing is matched."""
    discussion: str


def read_settings(book: Book) -> tuple[Setting, ...]:
    """Every paragraph of the book's text, in reading order."""
    merge = book.edition.file.index.merge
    asked = any(turn.speaker.role in QUESTIONERS for turn in book.turns())
    return tuple(
        setting
        for chapter in book.chapters
        for setting in _chapter_settings(
            chapter, "turn" if merge == "exchange" and not asked else merge
        )
    )


def _chapter_settings(
    chapter: Chapter, merge: Literal["turn", "exchange", "all"]
) -> Iterator[Setting]:
    """No discussion reaches from one chapter into another."""
    exchange, answered = 0, False
    for block in (block for section in chapter.sections for block in section.blocks):
        if isinstance(block, BookTurn):
            asks = block.speaker.role in QUESTIONERS
            exchange += asks and answered
            answered = not asks
        for paragraph in _paragraphs(block):
            turn = block.id if isinstance(block, BookTurn) else paragraph.id
            key = {"turn": turn, "exchange": f"exchange {exchange}", "all": "all"}[merge]
            yield Setting(
                paragraph=paragraph,
                turn=turn,
                speaker=block.speaker.label if isinstance(block, BookTurn) else "",
                speech=not isinstance(block, BookEvent),
                discussion=f"{chapter.id} {key}",
            )


def _paragraphs(block: BookBlock) -> tuple[Paragraph, ...]:
    return block.paragraphs if isinstance(block, BookTurn) else (block.paragraph,)


def find_mentions(
    book: Book, settings: Sequence[Setting], nodes: Sequence[Node], report: Report
) -> tuple[Mention, ...]:
    """All mentions of all *nodes*, in reading order, those of one place in the nodes' order.

    Reports ``no-hit``, ``quote-not-found`` and ``quote-twice``.
    """
    finder = _Finder(book, settings, report)
    found = finder.by_forms(nodes)
    mentions: list[tuple[int, int, int, Mention]] = []
    for number, node in enumerate(nodes):
        own = [*found[node.id], *finder.passages(node)]
        for mention in finder.with_main(node, own):
            rank = finder.rank[mention.point.paragraph]
            mentions.append((rank, mention.point.offset, number, mention))
    return tuple(mention for *_, mention in sorted(mentions, key=lambda m: m[:3]))


class _Finder:
    """Holds the text while entry after entry is sought in it."""

    def __init__(self, book: Book, settings: Sequence[Setting], report: Report) -> None:
        self._book = book
        self._settings = settings
        self._report = report
        self._words = tuple(setting.paragraph.words for setting in settings)
        self.rank = {s.paragraph.id: number for number, s in enumerate(settings)}

    @cached_property
    def _likeness(self) -> Likeness:
        """Made at the first fault: most indexes need none."""
        return Likeness(self._words)

    # Forms

    def by_forms(self, nodes: Sequence[Node]) -> dict[str, list[Mention]]:
        """The mentions by forms of each node, the longest of all nodes' forms only."""
        searcher = Searcher(
            Speech(
                tuple(s.paragraph.words if s.speech else "" for s in self._settings),
                tuple(s.paragraph.events for s in self._settings),
            )
        )
        found = {node.id: searcher.form_hits(node.entry) for node in nodes}
        kept = longest(hit for forms in found.values() for form in forms for hit in form.counted)
        mentions = {}
        for node in nodes:
            forms = found[node.id]
            self._report_no_hits(node, forms, kept)
            hits = {hit for form in forms for hit in form.counted if hit in kept}
            mentions[node.id] = [self._mention(node, hit, hit) for hit in sorted(hits)]
        return mentions

    def _mention(self, node: Node, first: Hit | Found, last: Hit | Found) -> Mention:
        """The mention whose words are *first* and which treats of the entry until *last* ends."""
        begin, end = self._setting(first), self._setting(last)
        return Mention(
            entry=node.id,
            point=Point(begin.paragraph.id, first.start),
            end=first.end,
            last=Point(end.paragraph.id, last.end - 1),
            turn=begin.turn,
            speaker=begin.speaker,
            form=begin.paragraph.words[first.start : first.end],
        )

    def _setting(self, place: Hit | Found) -> Setting:
        return self._settings[place.paragraph if isinstance(place, Hit) else place.text]

    def _report_no_hits(self, node: Node, forms: Iterable[FormHits], kept: frozenset[Hit]) -> None:
        if node.entry.sub or node.entry.see:
            return
        own = longest(hit for form in forms for hit in form.counted)
        for form in forms:
            lost_to_others = any(hit in own for hit in form.counted) and not any(
                hit in kept for hit in form.counted
            )
            if form.counted and not lost_to_others:
                continue
            self._report(
                Finding(
                    node.entry.location,
                    "no-hit",
                    f"`{node.path}`: nothing is found for `{shorten(form.form)}`",
                    self._why_no_hit(form),
                )
            )

    def _why_no_hit(self, form: FormHits) -> str:
        if form.counted:
            return "it stands only within longer forms of other entries, which win"
        if form.all:
            return "it stands only where `skip` and `only` leave it out"
        for where, texts in self._unmatched():
            speech = Speech(texts, ((),) * len(texts))
            if any(Searcher(speech).find(form.form, False)):
                return f"it stands only in {where}, which is never matched"
        return self._nearest(form.form)

    def _unmatched(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What stands in the book and is no place for mentions."""
        speakers = self._book.speakers
        yield "a speaker's label", tuple(n for s in speakers for n in (s.label, s.full_name))
        chapters = self._book.chapters
        yield (
            "a heading",
            tuple(
                words
                for chapter in chapters
                for words in (
                    chapter.heading,
                    *(paragraph.words for paragraph in (*chapter.title, *chapter.byline)),
                    *(section.heading for section in chapter.sections),
                )
            ),
        )
        yield (
            "an event in brackets",
            tuple(
                s.paragraph.words[event.start : event.end]
                for s in self._settings
                for event in s.paragraph.events
            ),
        )

    def _nearest(self, quote: str) -> str:
        place = self._likeness.nearest(quote)
        if place is None:
            return "nothing like it stands in the text"
        number, offset = place
        paragraph = self._settings[number].paragraph
        words = shorten(paragraph.words[offset : offset + max(40, len(quote) + 10)], 60)
        return f"the nearest is `{words}` at {paragraph.locate(offset)}"

    # Quotes

    def passages(self, node: Node) -> Iterator[Mention]:
        """The mentions that *node*'s passages are, those whose quotes are found."""
        for passage in node.entry.passages:
            start = self._quoted(node, "passage", passage.start, passage.location)
            end = self._quoted(node, "passage", passage.end, passage.location)
            if start is None or end is None:
                continue
            if (end.text, end.end) < (start.text, start.end):
                self._report_backwards(node, passage)
                continue
            yield replace(self._mention(node, start, end), main=passage.main)

    def _report_backwards(self, node: Node, passage: Passage) -> None:
        self._report(
            Finding(
                passage.location,
                "passage-backwards",
                f"`{node.path}`: `{shorten(passage.end)}` stands before `{shorten(passage.start)}`",
                "give the words that the passage begins with as `start`",
            )
        )

    def with_main(self, node: Node, mentions: list[Mention]) -> list[Mention]:
        """*mentions* with those in the principal passage marked; its quote is one if none is."""
        if not node.entry.main:
            return mentions
        quoted = self._quoted(node, "main passage", node.entry.main, node.entry.location)
        if quoted is None:
            return mentions
        marked = [
            replace(mention, main=True) if self._overlaps(mention, quoted) else mention
            for mention in mentions
        ]
        if not any(self._overlaps(m, quoted) for m in mentions):
            marked.append(replace(self._mention(node, quoted, quoted), main=True))
        return marked

    def _overlaps(self, mention: Mention, quoted: Found) -> bool:
        begin = self.rank[mention.point.paragraph], mention.point.offset
        end = self.rank[mention.last.paragraph], mention.last.offset
        return begin < (quoted.text, quoted.end) and end >= (quoted.text, quoted.start)

    def _quoted(self, node: Node, what: str, quote: str, location: Location) -> Found | None:
        found = find_quote(quote, self._words)
        if len(found) == 1:
            return found[0]
        if found:
            places = [str(self._settings[f.text].paragraph.locate(f.start)) for f in found[:3]]
            self._report(
                Finding(
                    location,
                    "quote-twice",
                    f"`{node.path}`: the {what}'s `{shorten(quote)}` stands in {len(found)} places"
                    f" ({', '.join(places)})",
                    "quote more words, until they stand in one place only",
                )
            )
        else:
            self._report(
                Finding(
                    location,
                    "quote-not-found",
                    f"`{node.path}`: the {what}'s `{shorten(quote)}` is not in the text",
                    self._nearest(quote),
                )
            )
        return None
