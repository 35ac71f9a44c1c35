"""Join transcripts and edition into the Book: ids, headings in place, typographic marks set.

The words of the transcript pass through here once and are only ever marked up by
``typography``, on record. A heading stands before the block whose first words it
quotes; a book with no contents.toml takes an interview's questions as headings.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePath
from uuid import NAMESPACE_URL, uuid5

from octavo.book import EARLIEST, Book, Chapter
from octavo.edition.schema import Edition, Speaker
from octavo.findings import Finding, Report, Weight
from octavo.join.chapters import Marks, Plan, join_chapter
from octavo.join.headings import Headings, place_headings
from octavo.memory import Memory
from octavo.model import Location
from octavo.readers import Script

__all__ = ["make_book"]


def make_book(edition: Edition, scripts: Sequence[Script], memory: Memory, report: Report) -> Book:
    """Return the Book of *scripts*, one chapter each, in order; what is kept is not joined again.

    Reports ``section-not-found``, ``section-found-twice`` and ``section-order`` for
    headings whose quoted beginning is not to be had.
    """
    table = edition.file.book
    marks = Marks(table.language, table.dashes)
    speakers = _speakers(edition, scripts)
    headings = _headings(edition, scripts, memory, report)
    head = scripts[0].gist.title
    title, subtitle = table.title or " ".join(head[:1]), table.subtitle
    if not table.title and not subtitle:
        subtitle = " ".join(head[1:])
    chapters = tuple(
        join_chapter(
            script,
            Plan(
                number=number,
                alone=len(scripts) == 1,
                title=edition.file.transcript[number - 1].title,
                marks=marks,
                speakers={label: speakers[label] for label in script.gist.labels},
                headings=own,
            ),
            memory,
        )
        for number, (script, own) in enumerate(zip(scripts, headings, strict=True), start=1)
    )
    if not edition.contents.section:
        _remark_on_questions(edition, chapters, report)
    return Book(
        edition=edition,
        title=marks.set(title),
        subtitle=marks.set(subtitle),
        language=table.language,
        identifier=table.identifier or _identifier(scripts),
        speakers=tuple(dict.fromkeys(speakers.values())),
        chapters=chapters,
        modified=_modified(edition),
    )


def _modified(edition: Edition) -> datetime:
    """The edition's own time, else SOURCE_DATE_EPOCH (reproducible-builds.org), else 1980."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if edition.file.book.modified:
        return edition.file.book.modified.astimezone(UTC)
    if epoch.isdecimal():
        return max(datetime.fromtimestamp(int(epoch), UTC), EARLIEST)
    return EARLIEST


def _identifier(scripts: Sequence[Script]) -> str:
    """Make an identifier from the text alone: the same book has the same one anywhere."""
    text = "\n".join(script.gist.words for script in scripts if script.gist.words)
    return uuid5(NAMESPACE_URL, "octavo:" + sha256(text.encode()).hexdigest()).urn


def _speakers(edition: Edition, scripts: Sequence[Script]) -> dict[str, Speaker]:
    """The speaker that each label stands for; undeclared labels speak for themselves."""
    by_label: dict[str, Speaker] = {}
    for speaker in edition.file.speaker:
        for label in (speaker.label, *speaker.aliases):
            by_label.setdefault(label, speaker)
    for script in scripts:
        for label in script.gist.labels:
            by_label.setdefault(label, Speaker(label=label))
    return by_label


def _headings(
    edition: Edition, scripts: Sequence[Script], memory: Memory, report: Report
) -> Sequence[Headings | None]:
    sections = edition.contents.section
    return place_headings(sections, scripts, memory, report) if sections else [None] * len(scripts)


def _remark_on_questions(edition: Edition, chapters: Sequence[Chapter], report: Report) -> None:
    count = sum(bool(section.heading) for chapter in chapters for section in chapter.sections)
    if count:
        report(
            Finding(
                _beside(edition, "contents.toml"),
                "no-headings",
                f"no headings are given: the {count} questions' first words stand for them",
                "write a [[section]] with `heading` and `begins` for each",
                Weight.REMARK,
            )
        )


def _beside(edition: Edition, name: str) -> Location:
    """The place of another file of the edition's folder, shown as book.toml's is."""
    return Location(str(PurePath(edition.file.book.location.path).with_name(name)))
