"""What the package says of the book: bibliographic facts, and what a reader can rely on.

Comes in: the Book and what was rendered of it. Goes out: elements of the package's
metadata, in order. Nothing is claimed that is not so: no date that the edition does not give,
each accessibility feature only where it is there, and that the book conforms to a standard
only where the edition names who looked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from octavo.book import Book
from octavo.edition.roles import relator
from octavo.render.credits import people
from octavo.render.ebook import Ebook

CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
"""As EPUB Accessibility 1.1 writes the claim, in its section on conformance."""
FEATURES = (
    "ARIA",
    "displayTransformability",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """An element of the metadata: ``dc:title`` or, with a property, ``meta``."""

    name: str
    value: str
    attributes: Mapping[str, str]


def metadata(
    book: Book, ebook: Ebook, words: Mapping[str, Any], pdf_identifier: str
) -> tuple[Fact, ...]:
    """Return all facts, in the order in which the package lists them."""
    return (
        *_titles(book),
        *_people(book),
        *_bibliography(book),
        *_pages(ebook, pdf_identifier),
        *_accessibility(ebook, words),
        *_conformance(book.edition.file.ebook.certified_by),
    )


def _titles(book: Book) -> Iterator[Fact]:
    yield Fact("dc:title", book.title, {"id": "main-title"})
    yield _refine("main-title", "title-type", "main")
    if book.subtitle:
        yield _refine("main-title", "display-seq", "1")
        yield Fact("dc:title", book.subtitle, {"id": "subtitle"})
        yield _refine("subtitle", "title-type", "subtitle")
        yield _refine("subtitle", "display-seq", "2")


def _people(book: Book) -> Iterator[Fact]:
    for number, person in enumerate(people(book), start=1):
        anchor = f"person-{number}"
        yield Fact(
            "dc:creator" if person.creates else "dc:contributor", person.name, {"id": anchor}
        )
        yield _refine(anchor, "role", relator(person.role), scheme="marc:relators")
        if person.sort:
            yield _refine(anchor, "file-as", person.sort)
        yield _refine(anchor, "display-seq", str(number))


def _bibliography(book: Book) -> Iterator[Fact]:
    table = book.edition.file.book
    if table.isbn:
        yield Fact("dc:identifier", f"urn:isbn:{table.isbn.replace('-', '')}", {"id": "isbn"})
    facts = (
        ("dc:date", table.date),
        ("dc:publisher", table.publisher),
        ("dc:rights", table.rights),
    )
    for name, value in facts:
        if value:
            yield Fact(name, value, {})
    if table.series:
        yield Fact("meta", table.series, {"property": "belongs-to-collection", "id": "series"})
        yield _refine("series", "collection-type", "series")


def _pages(ebook: Ebook, pdf_identifier: str) -> Iterator[Fact]:
    if ebook.pages:
        yield Fact("dc:source", pdf_identifier, {"id": "pages"})
        yield _meta("pageBreakSource", pdf_identifier)


def _accessibility(ebook: Ebook, words: Mapping[str, Any]) -> Iterator[Fact]:
    features = [*FEATURES]
    summary = words["accessibility"]
    if any(document.name == "index.xhtml" for document in ebook.back):
        features.append("index")
        summary += " " + words["accessibility_index"]
    if ebook.pages:
        features += ["pageBreakMarkers", "pageNavigation"]
        summary += " " + words["accessibility_pages"]
    yield _meta("schema:accessMode", "textual")
    yield _meta("schema:accessModeSufficient", "textual")
    for feature in sorted(features, key=str.casefold):
        yield _meta("schema:accessibilityFeature", feature)
    yield _meta("schema:accessibilityHazard", "none")
    yield Fact(
        "meta",
        summary,
        {"property": "schema:accessibilitySummary", "xml:lang": words["language"]},
    )


def _conformance(certifier: str) -> Iterator[Fact]:
    """What somebody claims who went through the criteria that no tool can see."""
    if certifier:
        yield Fact("meta", CONFORMANCE, {"property": "dcterms:conformsTo", "id": "conformance"})
        yield _refine("conformance", "a11y:certifiedBy", certifier)


def _meta(name: str, value: str) -> Fact:
    return Fact("meta", value, {"property": name})


def _refine(anchor: str, name: str, value: str, **more: str) -> Fact:
    return Fact("meta", value, {"refines": f"#{anchor}", "property": name, **more})
