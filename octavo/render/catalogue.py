"""What machines are told of the book: catalogues for reading apps, and facts for search engines.

Comes in: the site. Goes out: OPDS 1.2 and 2.0, and schema.org's JSON-LD. The one decision: a
fact that the edition does not give is left out.
"""

import json
import re
from datetime import UTC, date
from uuid import NAMESPACE_URL, uuid5

from octavo.book import EARLIEST, Book
from octavo.render.credits import Person, people
from octavo.render.site import FEED, PUBLICATIONS, Site


def render_feed(site: Site) -> str:
    """The catalogue of the book as an Atom feed (OPDS 1.2)."""
    return site.render(
        FEED,
        catalogue=_catalogue_id(site.book),
        creators=_creators(site.book),
        others=[person.name for person in people(site.book) if not person.creates],
        table=site.book.edition.file.book,
        updated=stamp_of(site.book),
    )


def _catalogue_id(book: Book) -> str:
    return uuid5(NAMESPACE_URL, f"{book.identifier} catalogue").urn


def _creators(book: Book) -> list[str]:
    """Atom wants an author: where nobody is named it is who speaks, as they are labelled."""
    named = [person.name for person in people(book) if person.creates]
    return named or [speaker.full_name for speaker in book.speakers]


def stamp_of(book: Book) -> str:
    """When the edition was made, as feeds write it (RFC 3339)."""
    return book.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_publications(site: Site) -> str:
    """The catalogue of the book as JSON (OPDS 2.0)."""
    book = site.book
    facts = {
        "@type": "http://schema.org/Book",
        "identifier": book.identifier,
        "title": book.title,
        "subtitle": book.subtitle,
        "author": [{"name": person.name} for person in people(book) if person.creates],
        "contributor": [{"name": person.name} for person in people(book) if not person.creates],
        "language": book.language,
        "modified": "" if book.modified == EARLIEST else stamp_of(book),
        "published": _whole_date(book.edition.file.book.date),
        "publisher": book.edition.file.book.publisher,
        "numberOfPages": site.pages,
        "description": site.templates.words["about_book"],
    }
    publication: dict[str, object] = {
        "metadata": {name: value for name, value in facts.items() if value},
        "links": [
            {
                "rel": "http://opds-spec.org/acquisition/open-access",
                "href": site.address(one.name),
                "type": one.media_type,
            }
            for one in site.downloads
        ],
    }
    if site.cover:
        publication["images"] = [
            {
                "href": site.address(site.cover.name),
                "type": "image/png",
                "width": site.cover.width,
                "height": site.cover.height,
            }
        ]
    catalogue = {
        "metadata": {"title": book.title},
        "links": [
            {"rel": "self", "href": site.address(PUBLICATIONS), "type": "application/opds+json"}
        ],
        "publications": [publication],
    }
    return json.dumps(catalogue, ensure_ascii=False, indent=1) + "\n"


def _whole_date(text: str) -> str:
    """A date with year, month and day, which the feed's format asks for; else nothing."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def schema_of(site: Site) -> dict[str, object]:
    """What search engines are told of the book (schema.org), in JSON-LD."""
    book, table = site.book, site.book.edition.file.book
    creators = [person for person in people(book) if person.creates]
    others = [person for person in people(book) if not person.creates]
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": book.title,
        "alternativeHeadline": book.subtitle,
        "author": [*map(_schema_of_person, creators)],
        "contributor": [*map(_schema_of_person, others)],
        "inLanguage": book.language,
        "identifier": book.identifier,
        "isbn": re.sub(r"[\s-]", "", table.isbn),
        "datePublished": table.date,
        "publisher": {"@type": "Organization", "name": table.publisher} if table.publisher else "",
        "copyrightNotice": table.rights,
        "numberOfPages": site.pages,
        "image": site.address(site.cover.name) if site.cover else "",
        "url": site.url,
        "encoding": [
            {
                "@type": "MediaObject",
                "contentUrl": site.address(one.name),
                "encodingFormat": one.media_type,
                "contentSize": str(one.size),
                "sha256": one.sha256,
            }
            for one in site.downloads
        ],
    }
    return {name: value for name, value in facts.items() if value}


def _schema_of_person(person: Person) -> dict[str, str]:
    return {"@type": "Person", "name": person.name}
