"""Where the text speaks of each entry: by its forms, its passages, its principal passage.

Comes in: the entries' nodes, and what was found in each chapter. Goes out: mentions in
reading order. The faults of forms and quotes are found here, each with the nearest text;
the text itself is looked at only for those.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from operator import or_

from octavo.book import Book, Paragraph
from octavo.edition.schema import Passage
from octavo.findings import Finding, Report, shorten
from octavo.folding import Likeness
from octavo.index.entries import Node
from octavo.index.finds import Fate, Finds
from octavo.index.matching import Searcher, Speech
from octavo.index.parts import Mention
from octavo.model import Location
from octavo.pagemap import Point


def join_mentions(
    book: Book, nodes: Sequence[Node], finds: Sequence[Finds], report: Report
) -> tuple[Mention, ...]:
    """All mentions of all *nodes*, in reading order, those of one place in the nodes' order.

    *finds* are those of the chapters. Reports ``no-hit``, ``quote-not-found``, ``quote-twice``
    and ``passage-backwards``.
    """
    finder = _Finder(book, finds, report)
    finder.report_no_hits(nodes)
    mentions = [mention for found in finds for mention in found.mentions]
    numbers = {node.id: number for number, node in enumerate(nodes)}
    places: defaultdict[str, list[int]] = defaultdict(list)
    if any(node.entry.main for node in nodes):
        for place, mention in enumerate(mentions):
            places[mention.entry].append(place)
    more: list[Mention] = []
    for node in nodes:
        own = list(finder.passages(node))
        quoted = finder.main(node)
        if quoted:
            overlapping = [at for at in places[node.id] if finder.overlap(mentions[at], quoted)]
            for at in overlapping:
                mentions[at] = mentions[at]._replace(main=True)
            marked = [m._replace(main=True) if finder.overlap(m, quoted) else m for m in own]
            if not overlapping and not any(finder.overlap(m, quoted) for m in own):
                marked.append(quoted._replace(entry=node.id, main=True))
            own = marked
        more += own
    for mention in more:
        insort(mentions, mention, key=lambda m: (*finder.place(m.point), numbers[m.entry]))
    return tuple(mentions)


class _Finder:
    """Looks up in the finds of all chapters what entry after entry quotes."""

    def __init__(self, book: Book, finds: Sequence[Finds], report: Report) -> None:
        self._book = book
        self._finds = finds
        self._report = report
        order = (paragraph for found in finds for paragraph in found.discussions)
        self._rank = {paragraph: number for number, paragraph in enumerate(order)}

    def place(self, point: Point) -> tuple[int, int]:
        """*point* in the order of the text."""
        return self._rank[point.paragraph], point.offset

    @cached_property
    def _paragraphs(self) -> dict[str, Paragraph]:
        """The text, in reading order."""
        return {paragraph.id: paragraph for paragraph in self._book.paragraphs()}

    @cached_property
    def _likeness(self) -> Likeness:
        """Made at the first fault: most indexes need none."""
        return Likeness([paragraph.words for paragraph in self._paragraphs.values()])

    # Forms

    def report_no_hits(self, nodes: Sequence[Node]) -> None:
        """Report ``no-hit`` for each form that is found nowhere, or only in longer ones."""
        count = sum(len(node.entry.match) for node in nodes)
        together = reduce(or_, (int.from_bytes(found.fates) for found in self._finds), 0)
        fates = iter(together.to_bytes(count))
        for node in nodes:
            for form, number in zip(node.entry.match, fates, strict=False):
                fate = Fate(number)
                lost_to_others = Fate.OWN in fate and Fate.KEPT not in fate
                if (
                    node.entry.sub
                    or node.entry.see
                    or (Fate.COUNTED in fate and not lost_to_others)
                ):
                    continue
                self._report(
                    Finding(
                        node.entry.location,
                        "no-hit",
                        f"`{node.path}`: nothing is found for `{shorten(form)}`",
                        self._why_no_hit(form, fate),
                    )
                )

    def _why_no_hit(self, form: str, fate: Fate) -> str:
        if Fate.COUNTED in fate:
            return "it stands only within longer forms of other entries, which win"
        if Fate.FOUND in fate:
            return "it stands only where `skip` and `only` leave it out"
        for where, texts in self._unmatched():
            speech = Speech(texts, ((),) * len(texts))
            if any(Searcher(speech).find(form, False)):
                return f"it stands only in {where}, which is never matched"
        return self._nearest(form)

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
                paragraph.words[event.start : event.end]
                for paragraph in self._paragraphs.values()
                for event in paragraph.events
            ),
        )

    def _nearest(self, quote: str) -> str:
        place = self._likeness.nearest(quote)
        if place is None:
            return "nothing like it stands in the text"
        number, offset = place
        paragraph = tuple(self._paragraphs.values())[number]
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
            if self.place(end.last) < self.place(start.last):
                self._report_backwards(node, passage)
                continue
            yield start._replace(entry=node.id, last=end.last, main=passage.main)

    def _report_backwards(self, node: Node, passage: Passage) -> None:
        self._report(
            Finding(
                passage.location,
                "passage-backwards",
                f"`{node.path}`: `{shorten(passage.end)}` stands before `{shorten(passage.start)}`",
                "give the words that the passage begins with as `start`",
            )
        )

    def main(self, node: Node) -> Mention | None:
        """Where the quote from *node*'s principal passage stands."""
        if not node.entry.main:
            return None
        return self._quoted(node, "main passage", node.entry.main, node.entry.location)

    def overlap(self, mention: Mention, quoted: Mention) -> bool:
        """Whether what *mention* treats of and the words *quoted* have a character in common."""
        return self.place(mention.point) <= self.place(quoted.last) and self.place(
            mention.last
        ) >= self.place(quoted.point)

    def _quoted(self, node: Node, what: str, quote: str, location: Location) -> Mention | None:
        found = [place for finds in self._finds for place in finds.quotes.get(quote, ())]
        if len(found) == 1:
            return found[0]
        if found:
            places = [
                str(self._paragraphs[m.point.paragraph].locate(m.point.offset)) for m in found[:3]
            ]
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
