"""A first edition for a transcript that has none: what ``new TRANSCRIPT`` writes.

Comes in: a transcript. Goes out: book.toml, contents.toml and index.toml, which build
without a finding. The one decision: what the text shows is written down, what it does
not show stays away or in a comment; nothing is invented, and no file is overwritten.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from octavo.edition import BOOK, CONTENTS, INDEX
from octavo.edition.files import read_bytes, show_path
from octavo.edition.rules import LONGEST_STEM, is_stem
from octavo.findings import Finding, Findings, Report, shorten
from octavo.model import Location, Transcript, Turn
from octavo.readers import Survey, survey

EXAMPLES = 2
"""How many sections the commented examples in contents.toml show."""
WORDS_OF_A_QUOTE = 8


def draft_edition(
    transcript: Path,
    folder: Path,
    language: str,
    report: Report,
    modified: datetime | None = None,
) -> list[Path]:
    """Write an edition of *transcript* into *folder* and return the files written.

    *modified* has an offset; without it the key stays a comment. Writes nothing when the
    transcript cannot be read or a file of the edition is there already; both are reported.
    """
    findings = Findings()
    data = _read(transcript, findings.report)
    _refuse_to_overwrite(folder, findings.report)
    found = survey(data, show_path(transcript), findings.report) if data is not None else None
    for finding in findings.ordered:
        report(finding)
    if data is None or found is None or findings.faults:
        return []
    files = {
        BOOK: "".join(_book(transcript, folder, data, found, language, modified)),
        CONTENTS: "".join(_contents(found.transcript)),
        INDEX: _INDEX,
    }
    return _write(folder, files, report)


def _read(transcript: Path, report: Report) -> bytes | None:
    if transcript.is_file():
        return read_bytes(transcript, report)
    location = Location(show_path(transcript))
    report(Finding(location, "missing-transcript", "there is no such file", "look at its name"))
    return None


def _refuse_to_overwrite(folder: Path, report: Report) -> None:
    for name in (BOOK, CONTENTS, INDEX):
        if (folder / name).exists():
            hint = "delete it, or give another folder with `--book`"
            location = Location(show_path(folder / name))
            report(Finding(location, "already-exists", "an edition is there already", hint))


def _write(folder: Path, files: Mapping[str, str], report: Report) -> list[Path]:
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            written.append(folder / name)
    except OSError as error:
        found = f"the edition cannot be written: {(error.strerror or str(error)).lower()}"
        hint = "look at the folder's permissions"
        report(Finding(Location(show_path(folder)), "unwritable", found, hint))
    return written


# book.toml -------------------------------------------------------------------


def _book(
    transcript: Path,
    folder: Path,
    data: bytes,
    found: Survey,
    language: str,
    modified: datetime | None,
) -> Iterator[str]:
    digest = sha256(data).hexdigest()
    identifier = uuid5(NAMESPACE_URL, f"urn:sha256:{digest}").urn
    yield "[book]\n"
    yield f"name = {_toml(_stem(transcript))}  # of the files in dist/\n"
    source = "" if found.title else "  # the file's name: the text has no title"
    yield f"title = {_toml(found.title or transcript.stem)}{source}\n"
    if found.subtitle:
        yield f"subtitle = {_toml(found.subtitle)}\n"
    yield f"language = {_toml(language)}  # hyphenation, quotation marks, sorting\n"
    yield f"identifier = {_toml(identifier)}  # never changes\n"
    yield f"{_modified(modified)}  # goes into the files; the clock is never read\n"
    yield "# date, publisher, isbn, rights, series: only what is true\n"
    yield "\n[[transcript]]\n"
    yield f"source = {_toml(_relative(transcript, folder))}\n"
    yield f"sha256 = {_toml(digest)}\n"
    yield from _not_speakers(found)
    yield from _speakers(found)


def _modified(modified: datetime | None) -> str:
    if modified is None:
        return "# modified = 2026-11-23T00:00:00Z"
    moment = modified.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"modified = {moment.isoformat()}Z"


def _not_speakers(found: Survey) -> Iterator[str]:
    if not found.doubtful:
        return
    yield "# These look like speakers and were taken for speech. If one of them speaks,\n"
    yield "# delete it here and add a [[speaker]] with it as `label`.\n"
    yield "not_speakers = [\n"
    for doubt in found.doubtful:
        times = f", {doubt.times} times" if doubt.times > 1 else ""
        yield f"    {_toml(doubt.label)},  # line {doubt.location.line}{times}\n"
    yield "]\n"


def _speakers(found: Survey) -> Iterator[str]:
    if not found.labels:
        yield "\n# No speaker was found: a turn begins with a label and a colon.\n"
        yield '# [[speaker]]\n# label = "Wang"\n'
    for number, speaker in enumerate(found.labels):
        turns = "1 turn" if speaker.turns == 1 else f"{speaker.turns} turns"
        yield "\n[[speaker]]\n"
        yield f"label = {_toml(speaker.label)}  # {turns}, first on line {speaker.first.line}\n"
        if number == 0:
            yield '# name = "…"  # in full, as the title pages print it\n'
            yield '# role = "interviewer"  # or interviewee, host, moderator, witness …\n'
            yield '# aliases = ["…"]  # other spellings of the label in the transcript\n'


def _stem(transcript: Path) -> str:
    """A name for the files in dist/, made from the transcript's."""
    name = transcript.name.split(".")[0] or transcript.stem
    stem = re.sub(r"[\W_]+", "-", name).strip("-").lower()[:LONGEST_STEM].strip("-")
    return stem if is_stem(stem) else "book"


def _relative(transcript: Path, folder: Path) -> str:
    return Path(os.path.relpath(transcript.absolute(), folder.absolute())).as_posix()


def _toml(text: str) -> str:
    """Write *text* as a TOML string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# contents.toml and index.toml ------------------------------------------------


def _contents(transcript: Transcript) -> Iterator[str]:
    yield "# A heading stands before the paragraph whose first words `begins` quotes; quote\n"
    yield "# until no other paragraph begins so. Delete the `#` to use it.\n"
    turns = [block for block in transcript.blocks if isinstance(block, Turn) and block.paragraphs]
    for turn in turns[: 2 * EXAMPLES : 2]:
        words = " ".join(turn.paragraphs[0].words.split()[:WORDS_OF_A_QUOTE])
        yield "\n# [[section]]\n"
        yield '# heading = "…"\n'
        yield f"# begins = {_toml(shorten(f'{turn.label}: {words}', 80).removesuffix(' …'))}\n"


_INDEX = """\
# An entry is printed with the pages on which its forms stand; a form is matched as a
# whole word. Delete the `#` to use it.

# [[entry]]
# heading = "Party, the"
# match = ["Party", "the Party's"]
#
# [[entry.sub]]
# heading = "history of"
# match = ["founding of the Party"]
#
# [[entry]]
# heading = "CPC"
# see = "Party, the"
"""
