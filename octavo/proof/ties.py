"""What ties the parts of the finished PDF together: links, outline, fonts, and their order.

Comes in: the open file and the proofs of its parts. Goes out: discrepancies, and where links
lead. The one decision: what a part was proved to hold is not looked at again; only what depends
on more than one part is, in every build.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from octavo.proof.declared import Declared
from octavo.proof.drawnbook import DrawnBook
from octavo.proof.fonts import Face, check_pdf_fonts, count_faces
from octavo.proof.links import Annotation, Finder, PdfLink, check_pdf_links
from octavo.proof.locators import Linked
from octavo.proof.outcome import Discrepancy
from octavo.proof.partproof import PartProof
from octavo.proof.pdffont import Fonts, PdfFont
from octavo.proof.words import fold


@dataclass(frozen=True, slots=True)
class Tied:
    """What was found."""

    wrong: Sequence[Discrepancy]
    linked: Linked
    links: int
    fonts: int


def check_ties(
    document: Any,
    outline: Sequence[tuple[str, Annotation]],
    finder: Finder,
    drawn: DrawnBook,
    fonts: Fonts,
    declared: Declared,
    faces: Mapping[str, Face],
) -> Tied:
    """Prove links and fonts of an open PDF, whose *outline* was read."""
    tagged = {number: text for part in drawn.parts for number, text in part.tagged.items()}
    links = tuple(_links(outline, finder, drawn))
    used = _fonts(document, drawn.parts, fonts)
    wrong = [*check_pdf_fonts(used, faces), *check_pdf_links(links, tagged, declared)]
    if not finder.is_sorted:
        wrong.append(Discrepancy("links", "the names of places", "each where it is sought", ""))
    return Tied(wrong, _linked(links, tagged), len(links), count_faces(used))


def _links(
    outline: Sequence[tuple[str, Annotation]], finder: Finder, drawn: DrawnBook
) -> Iterator[PdfLink]:
    for first, part in zip(drawn.first_pages, drawn.parts, strict=True):
        for annotation in part.annotations:
            place = f"page {drawn.labels[first + annotation.page]}"
            yield finder.follow(annotation, place)
    for place, item in outline:
        yield finder.follow(item, place)


def _fonts(document: Any, parts: Sequence[PartProof], fonts: Fonts) -> list[PdfFont]:
    """The fonts of the file, each with all that is drawn of it."""
    for page in document.pages if not _are_known(parts, fonts) else ():
        fonts.read_all(page.obj.get("/Resources", {}))
    for part in parts:
        for drawn in (part.codes, part.folio_codes):
            for digest, codes in drawn.items():
                fonts.known[digest].drawn.update(codes)
    return list(fonts.known.values())


def _are_known(parts: Sequence[PartProof], fonts: Fonts) -> bool:
    return all(
        digest in fonts.known for part in parts for digest in (*part.codes, *part.folio_codes)
    )


def _linked(links: Sequence[PdfLink], tagged: Mapping[int, str]) -> Linked:
    # Many locators say the same page.
    said = cache(lambda text: fold(text).strip())
    return Counter(
        (said(tagged.get(link.number, "")), link.name, link.page)
        for link in links
        if link.kind == "link" and link.page >= 0
    )
