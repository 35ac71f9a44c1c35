"""One part of the finished PDF, proved on its own.

Comes in: the pages of a part as both readers read them, and what must stand there. Goes out:
where every paragraph stands, the links, and discrepancies. The one decision: what a part proves
depends on its own objects and its own words alone, so that it holds for as long as they do; what
ties parts together is proved of the whole book in every build.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from octavo.proof.declared import Sheet
from octavo.proof.fonts import Face, check_running_heads, check_seen_is_read
from octavo.proof.links import Annotation
from octavo.proof.outcome import Discrepancy
from octavo.proof.pdftext import Lines, ways_without_furniture
from octavo.proof.streams import PageText
from octavo.proof.tagtext import check_tags
from octavo.proof.tagtree import TagTree
from octavo.proof.turnedtext import (
    check_apart,
    check_drawn,
    is_turned,
    pages_by_tags,
    without_furniture,
)
from octavo.proof.words import Alignment, Drawn, Line, align, fold

PROOF = "words as drawn"
Stretch = tuple[int, int]
"""The offset in a paragraph with which a page of the part begins, and that page, from 0."""


@dataclass(frozen=True, slots=True)
class PartReading:
    """What both readers read of a part, once it is put in order."""

    texts: tuple[str, ...]
    """By PDFium, a page each."""
    tree: TagTree
    """Its pages are counted from the part's first."""
    annotations: tuple[Annotation, ...]
    codes: Mapping[str, str]
    """The codes that are drawn of each font, by the font's digest, but for those of folios."""
    folio_codes: Mapping[str, str]
    folios: tuple[tuple[int, int], ...]
    """The pages that draw their folio by a stream apart, and the number of that."""
    streams: tuple[bytes, ...]
    """The digest of what each page draws without it."""
    is_turned: bool
    """Whether the book says that it is read from right to left."""


@dataclass(frozen=True, slots=True)
class PartProof:
    """What was proved of a part."""

    discrepancies: tuple[Discrepancy, ...]
    paragraphs: Mapping[str, tuple[Stretch, ...]] = field(default_factory=dict)
    headings: frozenset[tuple[str, int]] = frozenset()
    """The words of every line that is not a paragraph's, and its page."""
    annotations: tuple[Annotation, ...] = ()
    tagged: Mapping[int, str] = field(default_factory=dict)
    """The text of the element of each link, by the number of the annotation."""
    codes: Mapping[str, str] = field(default_factory=dict)
    folio_codes: Mapping[str, str] = field(default_factory=dict)
    folios: tuple[tuple[int, int], ...] = ()
    """The pages of the part that show a folio in a stream apart, and its number."""
    seen: tuple[bytes, ...] = ()
    """The digest of each page's text as PDFium reads it, without its furniture."""
    streams: tuple[bytes, ...] = ()
    """The digest of each page as we read it, without its folio."""


def prove_part(
    lines: Sequence[Line],
    sheets: Sequence[Sheet],
    reading: PartReading,
    faces: Mapping[str, Face],
    links: Sequence[tuple[str, str]] | None = None,
) -> PartProof:
    """Prove that a part of these *sheets* holds *lines* as drawn and as tagged, and no more.

    *links*, if they are asked for, are those that lead to places in the book, each with what is
    heard of it.
    """
    wrong: list[Discrepancy] = []
    if reading.is_turned or is_turned(lines):
        wrong += check_drawn(reading.texts, reading.tree, sheets)
        wrong += check_apart(reading.tree, sheets)
        # What is amiss in the order of the tags is told below.
        _, found = _find(lines, iter([pages_by_tags(reading.tree, len(sheets))]), sheets)
        bodies = [*map(without_furniture, reading.texts, sheets)]
    else:
        ways = ways_without_furniture(reading.texts, sheets, wrong)
        bodies, found = _find(lines, ways, sheets)
        wrong += found.discrepancies
    wrong += check_tags(reading.tree, lines, sheets)
    wrong += check_running_heads(reading.tree, sheets, faces)
    wrong += check_seen_is_read(reading.tree)
    if links is not None:
        wrong += _check_links(links, reading.annotations)
    holds = not wrong
    return PartProof(
        discrepancies=tuple(wrong),
        # Where the pages are not the book's, no place on them can be told.
        paragraphs=dict(_paragraphs(found)) if holds else {},
        headings=frozenset(_headings(found)) if holds else frozenset(),
        annotations=reading.annotations,
        tagged=dict(reading.tree.links),
        codes=reading.codes,
        folio_codes=reading.folio_codes,
        folios=reading.folios,
        seen=tuple(map(digest_of_body, bodies)),
        streams=reading.streams,
    )


def _check_links(
    wanted: Sequence[tuple[str, str]], annotations: Sequence[Annotation]
) -> Iterator[Discrepancy]:
    """Each link says what it should where it leads (PDF/UA-1, 7.18.5)."""
    found = {(one.name, one.label) for one in annotations if one.name}
    for name, label in sorted({*wanted} ^ found):
        said = f"`{label}` heard of the link to `{name}`"
        expected, there = (said, "") if (name, label) not in found else ("no other", said)
        yield Discrepancy("links", "a page around the text", expected, there)


def _find(
    lines: Sequence[Line], ways: Iterator[list[Lines]], sheets: Sequence[Sheet]
) -> tuple[list[Lines], Alignment]:
    """Find *lines* in the first of *ways* that has them, or else in the first."""
    first: tuple[list[Lines], Alignment] | None = None
    for bodies in ways:
        drawn = Drawn()
        for sheet, body in zip(sheets, bodies, strict=True):
            drawn.add(f"page {sheet.label}", body)
        found = bodies, align(PROOF, lines, drawn)
        if not found[1].discrepancies:
            return found
        first = first or found
    assert first
    return first


def _headings(found: Alignment) -> Iterator[tuple[str, int]]:
    for at, line in enumerate(found.lines):
        if not line.paragraph and line.text.strip():
            yield fold(line.text), found.unit_of(at, 0)


def _paragraphs(found: Alignment) -> Iterator[tuple[str, tuple[Stretch, ...]]]:
    for at, line in enumerate(found.lines):
        if line.paragraph:
            yield line.paragraph, tuple(_stretches(found, at))


def _stretches(found: Alignment, at: int) -> Iterator[Stretch]:
    """The page with which a paragraph begins, and where in it each further page begins."""
    line = found.lines[at]
    begins, ends = line.said_from, max(line.said_from, len(line.text) - 1)
    last = found.unit_of(at, ends)
    page = found.unit_of(at, begins)
    yield 0, page
    while page < last:
        low, high = begins, ends
        while low < high:
            middle = (low + high) // 2
            if found.unit_of(at, middle) > page:
                high = middle
            else:
                low = middle + 1
        begins, page = low, found.unit_of(at, low)
        yield begins - line.said_from, page


def digest_of_body(body: Sequence[Sequence[str]]) -> bytes:
    """The digest of a page's lines of tokens."""
    text = "\n".join(" ".join(line) for line in body)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def digest_of_streams(text: PageText) -> bytes:
    """The digest of what a page's streams draw."""
    runs = [
        (run.text, run.x, run.y, run.size, run.font.digest, run.codes, run.shifts, run.is_reversed)
        for run in text.runs()
    ]
    plain = repr((runs, list(text.marks), text.replaced))
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest()
