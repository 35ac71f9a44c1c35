"""Each printed folio is true: the page that bears it holds what it was printed for.

Comes in: the index, the contents, and both files as read back. Goes out: discrepancies.
The one decision: where a word stands is asked of the finished file, where the matcher
found it, and never of the page map, which is what is on trial.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from octavo.book import Book
from octavo.index.parts import Index, IndexEntry, Locator
from octavo.pagemap import Point
from octavo.proof.declared import Declared
from octavo.proof.drawnbook import DrawnBook
from octavo.proof.epubread import COMPARED, DocumentRead, targets_of
from octavo.proof.markup import collapse
from octavo.proof.outcome import Discrepancy
from octavo.proof.words import fold

PROOF = "locators"
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Printed:
    """One locator as the index prints it."""

    heading: str
    """A subentry's stands after its entry's."""
    link: str
    """The name that the PDF's link has for where it leads, in ASCII."""
    locator: Locator
    first: str
    last: str
    """The last folio in full: 321–28 ends on 328."""

    @property
    def text(self) -> str:
        return self.locator.text

    @property
    def target(self) -> Point:
        return self.locator.target


def _ends_of(text: str) -> tuple[str, str]:
    """The first folio that a locator says, and the last in full."""
    first, _, last = text.partition(DASH)
    if last.isdecimal() and len(last) < len(first):
        return first, first[: len(first) - len(last)] + last
    return first, last or first


def printed_locators(index: Index) -> Iterator[Printed]:
    """Yield every locator of the index in the order of printing."""
    for group in index.groups:
        for entry in group.entries:
            yield from _of_entry(entry, entry.heading)


def _of_entry(entry: IndexEntry, heading: str) -> Iterator[Printed]:
    for link, locator in entry.links():
        name = link if link.isascii() else quote(link)
        yield Printed(heading, name, locator, *_ends_of(locator.text))
    for sub in entry.subs:
        yield from _of_entry(sub, f"{heading}: {sub.heading}")


# The PDF ------------------------------------------------------------------------


Linked = Counter[tuple[str, str, int]]
"""How often each text is a link, by the destination's name and the index of its page."""


def check_pdf_locators(
    locators: Sequence[Printed], drawn: DrawnBook, linked: Linked
) -> Iterator[Discrepancy]:
    """Each locator's pages hold what it is printed for, and its link leads there."""
    pages = {label: number for number, label in enumerate(drawn.labels)}
    for one in locators:
        if one.first not in pages or one.last not in pages:
            yield _wrong(one, "the PDF", "pages of the book", one.text)
        else:
            yield from _check_pages(one, pages, drawn.labels, drawn.page_of)
    yield from _check_links(locators, pages, linked)


def _check_pages(
    one: Printed,
    pages: Mapping[str, int],
    folios: Sequence[str],
    page_of: Callable[[str, int], int],
) -> Iterator[Discrepancy]:
    """The target stands on the first page, every mention on one of them, some on the last."""
    first, last = pages[one.first], pages[one.last]
    target = page_of(one.target.paragraph, one.target.offset)
    if target != first:
        yield _wrong(one, "the PDF", one.first, folios[target])
    reached = target
    for mention in one.locator.mentions:
        begins = ends = page_of(mention.point.paragraph, mention.point.offset)
        if mention.is_passage:
            ends = page_of(mention.last.paragraph, mention.last.offset)
        if begins > last or ends < first:
            yield _wrong(one, "the PDF", one.text, folios[begins])
        reached = max(reached, ends)
    if reached < last:
        yield _wrong(one, "the PDF", f"a mention on {one.last}", f"the last on {folios[reached]}")


def check_mentions(locators: Sequence[Printed], book: Book) -> Iterator[Discrepancy]:
    """The words at each mention are the term's, as the index matched it."""
    words = {paragraph.id: paragraph.words for paragraph in book.paragraphs()}
    for one in locators:
        for mention in one.locator.mentions:
            found = words[mention.point.paragraph][mention.point.offset : mention.end]
            if found != mention.form:
                yield _wrong(one, mention.point.anchor, mention.form, found)


def _check_links(
    locators: Sequence[Printed], pages: Mapping[str, int], linked: Linked
) -> Iterator[Discrepancy]:
    left = linked.copy()
    folded = cache(fold)
    for one in locators:
        key = (folded(one.text), one.link, pages.get(one.first, -1))
        if not left[key]:
            yield _wrong(one, "the PDF", f"a link to {one.link} on {one.first}", "none")
        left[key] -= 1


def check_contents(declared: Declared, drawn: DrawnBook) -> Iterator[Discrepancy]:
    """The page that the contents give for a heading holds the heading."""
    for heading, folio in declared.contents:
        if (fold(heading), folio) not in drawn.headings:
            pages = [page for text, page in drawn.headings if text == fold(heading)]
            yield Discrepancy("contents", f"`{heading}`", folio, ", ".join(pages))


def _wrong(one: Printed, place: str, expected: str, found: str) -> Discrepancy:
    return Discrepancy(PROOF, place, expected, found, f"{one.heading}, {one.text}")


# The EPUB -----------------------------------------------------------------------


def check_epub_locators(
    locators: Sequence[Printed],
    spine: Sequence[DocumentRead],
    book: Book,
    file: str = "the EPUB",
) -> Iterator[Discrepancy]:
    """Each locator links to its mention, which stands behind the page break of its folio."""
    words = {paragraph.id: paragraph.words for paragraph in book.paragraphs()}
    targets = targets_of(spine)
    # How often each text is a link to each id.
    linked = Counter(link for document in spine for link in document.linked)
    for one in locators:
        point = one.target
        anchor = point.anchor
        if anchor not in targets:
            yield _wrong(one, file, f"an element {anchor}", "none")
            continue
        path, folio, text = targets[anchor]
        if folio != one.first:
            yield _wrong(one, path, one.first, folio)
        expected = collapse(words[point.paragraph][point.offset : point.offset + COMPARED])
        if not text.startswith(expected):
            yield _wrong(one, path, expected, text)
        if not linked[one.text, anchor]:
            yield _wrong(one, file, f"a link to {anchor}", "none")
        linked[one.text, anchor] -= 1
