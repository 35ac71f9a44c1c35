"""The edition: the files of ``book/`` in, one checked Edition out.

Everything is optional but one transcript. All the faults of all the files are reported
in one reading, each at the key that it is about.
"""

import os
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from octavo.edition.files import TomlFile, read_bytes, read_text, read_toml, show_path
from octavo.edition.roles import ROLES, relator
from octavo.edition.rules import check_book, check_contents, check_index, is_sha256, is_stem
from octavo.edition.schema import BookFile, BookTable, ContentsFile, Edition, IndexFile, SourceTable
from octavo.edition.tables import read_table
from octavo.findings import Finding, Report, Weight, nearest
from octavo.model import Location
from octavo.readers import Labels

__all__ = [
    "BOOK",
    "CONTENTS",
    "INDEX",
    "NOTE",
    "ROLES",
    "is_stem",
    "make_labels",
    "read_edition",
    "relator",
    "show_path",
    "source_path",
]

BOOK, CONTENTS, INDEX, NOTE = "book.toml", "contents.toml", "index.toml", "note.md"


def read_edition(folder: Path, report: Report) -> Edition:
    """Read the edition in *folder*; after a fault it holds what could be read."""
    folder = folder.absolute()
    if not (folder / BOOK).is_file():
        report(_missing_edition(folder))
        return Edition(str(folder), BookFile(), ContentsFile(), IndexFile(), "")
    book_toml = read_toml(folder / BOOK, report)
    contents_toml = read_toml(folder / CONTENTS, report)
    index_toml = read_toml(folder / INDEX, report)
    book = _place_book(read_table(BookFile, book_toml, report), book_toml)
    contents = read_table(ContentsFile, contents_toml, report)
    index = read_table(IndexFile, index_toml, report)
    check_book(book, book_toml, report)
    check_contents(contents, contents_toml, report)
    check_index(index, index_toml, report)
    _check_sources(folder, book, book_toml, report)
    _check_names_of_files(folder, report)
    note = read_text(folder / NOTE, report) or ""
    return Edition(str(folder), book, contents, index, note)


def make_labels(edition: Edition, source: SourceTable) -> Labels:
    """Return the labels that *source* is to be read with."""
    speakers = edition.file.speaker
    return Labels(
        known=tuple(label for speaker in speakers for label in (speaker.label, *speaker.aliases)),
        not_speakers=source.not_speakers,
        free=not speakers,
        aliases=tuple((alias, speaker.label) for speaker in speakers for alias in speaker.aliases),
    )


def source_path(edition: Edition, source: SourceTable) -> Path:
    """Return the path of the transcript that *source* names."""
    return _source_path(Path(edition.folder), source.source)


def _source_path(folder: Path, source: str) -> Path:
    return Path(os.path.normpath(folder / source))


def _place_book(book: BookFile, file: TomlFile) -> BookFile:
    """An absent [book] stands at the file's first line: findings need a place to point to."""
    if "book" in file.values:
        return book
    values: dict[str, Any] = {name: getattr(book, name) for name in BookFile.__slots__}
    return BookFile(**(values | {"book": BookTable(location=Location(file.path))}))


def _missing_edition(folder: Path) -> Finding:
    if not folder.is_dir():
        found = "there is no such folder"
        return Finding(Location(show_path(folder)), "missing-edition", found, "look at its name")
    transcripts = sorted(path.name for path in folder.glob("*.txt"))
    name = show_path(folder / transcripts[0]) if len(transcripts) == 1 else "TRANSCRIPT"
    hint = f"`python build.py new {name}` writes a first edition"
    location = Location(show_path(folder / BOOK))
    return Finding(location, "missing-edition", f"the folder has no {BOOK}", hint)


# Transcripts -----------------------------------------------------------------


def _check_sources(folder: Path, book: BookFile, file: TomlFile, report: Report) -> None:
    if file.is_sound and "transcript" not in file.values:
        hint = f'add a [[transcript]] with `source = "…"`, relative to {BOOK}'
        found = "no transcript is named"
        report(Finding(Location(file.path), "missing-transcript", found, hint))
    chapters: dict[Path, int] = {}
    for number, source in enumerate(book.transcript):
        if not source.source.strip():
            continue
        _check_source(folder, source, number, file, report)
        earlier = chapters.setdefault(_source_path(folder, source.source), number)
        if earlier != number:
            line = file.locate(("transcript", earlier, "source")).line
            found = f"`{source.source}` is a chapter already, on line {line}"
            location = file.locate(("transcript", number, "source"))
            report(Finding(location, "duplicate-transcript", found, "delete one of the two"))


def _check_source(
    folder: Path, source: SourceTable, number: int, file: TomlFile, report: Report
) -> None:
    location = file.locate(("transcript", number, "source"))
    written = source.source
    if "://" in written:
        found, hint = (f"`{written}` is an address", "save the transcript beside the edition")
        report(Finding(location, "bad-value", f"{found}; nothing is fetched", hint))
        return
    if Path(written).is_absolute():
        relative = Path(os.path.relpath(written, folder)).as_posix()
        found = f"`{written}` holds on this machine only"
        hint = f"write `{relative}`, relative to {BOOK}"
        report(Finding(location, "bad-value", found, hint))
        return
    path = _source_path(folder, written)
    if not path.is_file():
        found = f"there is no file {show_path(path)}"
        report(Finding(location, "missing-transcript", found, _near_files(path, folder)))
        return
    data = read_bytes(path, report)
    if data is None or not is_sha256(source.sha256):
        return
    if sha256(data).hexdigest() != source.sha256.lower():
        place = file.locate(("transcript", number, "sha256"))
        found = f"{show_path(path)} is not the text that this edition was made for"
        hint = f'look what changed in it, then write `sha256 = "{sha256(data).hexdigest()}"`'
        report(Finding(place, "changed-transcript", found, hint, Weight.REMARK))


def _near_files(path: Path, folder: Path) -> str:
    """Name the files near the one that is not there, as book.toml would write them."""
    if not path.parent.is_dir():
        return f"there is no folder {show_path(path.parent)} either"
    files = {item.name for item in path.parent.iterdir() if item.is_file()}
    near = get_close_matches(path.name, sorted(files), n=3, cutoff=0.5)
    if not near:
        return f"`source` is relative to {BOOK}"
    written = (Path(os.path.relpath(path.parent / name, folder)).as_posix() for name in near)
    return "did you mean " + " or ".join(f"`{name}`" for name in written) + "?"


def _check_names_of_files(folder: Path, report: Report) -> None:
    """Remark on a TOML file that nothing reads: its name may be misspelt."""
    known = (BOOK, CONTENTS, INDEX)
    for path in sorted(folder.glob("*.toml")):
        if path.name not in known:
            hint = nearest(path.name, known) or "the edition's are " + ", ".join(known)
            found = "nothing reads this file"
            report(Finding(Location(show_path(path)), "unknown-file", found, hint, Weight.REMARK))


def file_stem(edition: Edition) -> str:
    """The name of the files in dist/, without an ending."""
    return edition.file.book.name or Path(edition.file.transcript[0].source).stem
