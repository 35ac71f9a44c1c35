"""Who made the book or speaks in it, as covers, packages and pages name them.

Comes in: the Book. Goes out: people, each once. The one decision: nobody is named whom the
edition does not name; a label alone is no name.
"""

from dataclasses import dataclass

from octavo.book import Book

HELPING = frozenset(
    {
        "cover designer",
        "illustrator",
        "narrator",
        "photographer",
        "producer",
        "proofreader",
        "publisher",
        "recordist",
        "researcher",
        "transcriber",
        "translator",
        "voice actor",
    }
)
"""Contributors who made the book what it is, but not what is said in it."""
CREATING = frozenset({"interviewee"})
"""Speakers whose words the book is made of, and who count as its creators."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who made the book or speaks in it."""

    name: str
    role: str
    sort: str
    creates: bool


def people(book: Book) -> tuple[Person, ...]:
    """Contributors, then the speakers that the edition names; each name once."""
    table = book.edition.file
    found = [Person(c.name, c.role, c.sort, c.role not in HELPING) for c in table.contributor]
    found += [
        Person(speaker.name, speaker.role, speaker.sort, creates=speaker.role in CREATING)
        for speaker in book.speakers
        if speaker.name
    ]
    first: dict[str, Person] = {}
    for person in found:
        first.setdefault(person.name, person)
    return tuple(first.values())


def cover_names(book: Book) -> tuple[str, ...]:
    """The names on the cover: the book's creators."""
    return tuple(person.name for person in people(book) if person.creates)
