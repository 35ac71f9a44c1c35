"""What the imprint, the participants' page and the colophon say: facts, and no others.

Comes in: the Book and the versions at work. Goes out: plain lines for the templates of
print, e-book and web. Nothing is said that the edition or the files do not say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from octavo.book import EARLIEST, Book, BookTurn
from octavo.index import Index

SHOWN_PACKAGES = ("weasyprint", "ebooklib")
"""Beside Octavo itself and the libraries that break and shape the lines."""
HERE = "\ufdd2"
"""No text may have it (Unicode 23.7)."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A line of the participants' page."""

    name: str
    role: str
    about: str
    label: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What stands around the text, ready for the templates of print, e-book and web."""

    imprint: tuple[str, ...]
    participants: tuple[Participant, ...]
    note: Markup
    """HTML that is well-formed XHTML too (``render.prose``)."""
    note_is_ours: bool
    """Whether the editor wrote none: it is in the language of the templates then."""
    headnote: str
    colophon: tuple[str, ...]


def participants(book: Book, words: Mapping[str, Any]) -> tuple[Participant, ...]:
    """Every speaker of the book, in order of first appearance or of the edition."""
    return tuple(
        Participant(
            speaker.full_name,
            words["roles"].get(speaker.role, speaker.role),
            speaker.about,
            speaker.short_name,
        )
        for speaker in book.speakers
    )


def imprint_lines(book: Book, words: Mapping[str, Any]) -> tuple[str, ...]:
    """The bibliographic facts that book.toml gives, and how to cite."""
    table = book.edition.file.book
    title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
    facts = [title, table.series, table.publisher, table.date, table.rights]
    if table.isbn:
        facts.append(f"ISBN {table.isbn}")
    if book.modified != EARLIEST:
        facts.append(words["dated"].format(date=book.modified.date().isoformat()))
    facts.append(words["identified"].format(identifier=book.identifier))
    turn = next(book.turns(), None)
    if turn:
        facts.append(words["cite"].format(example=cited(turn, "1", words)))
    return tuple(fact for fact in facts if fact)


def cited(turn: BookTurn, folio: str, words: Mapping[str, Any]) -> str:
    """How a turn is cited: by its speaker, its number, and its page in print."""
    number = turn.id.rpartition("t")[2]
    return f"{turn.speaker.short_name}, {words['turn']} {number}, {words['page']} {folio}"


def colophon_lines(
    words: Mapping[str, Any],
    faces: Sequence[str],
    software: Mapping[str, str],
    sources: Sequence[tuple[str, str]],
) -> tuple[str, ...]:
    """Typeface, software and the transcripts' checksums: file name and sha256, or a slot for it."""
    made = ", ".join(f"{name} {number}" for name, number in software.items())
    lines = [
        words["set_in"].format(faces=", ".join(faces)),
        words["made_with"].format(software=made),
    ]
    lines += [_checksum_line(words["text_checksum"], *source) for source in sources]
    return tuple(lines)


def may_have_slots(words: Mapping[str, Any]) -> bool:
    """Whether a checksum may be a slot: only at a line's end no room is left behind it."""
    return str(words["text_checksum"]).endswith("{checksum}")


def _checksum_line(said: str, name: str, checksum: str) -> str:
    if not isinstance(checksum, Markup):
        return said.format(name=name, checksum=checksum)
    # What is said is text, the slot is not.
    line = escape(said.format(name=name, checksum=HERE))
    return Markup(line.replace(HERE, checksum))  # noqa: S704 - both parts are escaped


def headnote(index: Index, words: Mapping[str, Any]) -> str:
    """What the index says of its numbers and its order."""
    note: str = words["headnote_letter" if index.mode == "letter" else "headnote"]
    return f"{note} {words['headnote_main']}" if index.has_main else note
