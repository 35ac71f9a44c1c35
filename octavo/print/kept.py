"""Signatures as the cache keeps them.

Comes in: a signature, and the versions of the libraries that set it. Goes out: bytes, and the
signature again. The one decision: JSON, then lines as numbers, then the block, nothing that could
run: a cache may have come with a folder from somebody else.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from octavo.cache import key_of, names_and_content
from octavo.print.copy import Copy
from octavo.print.keptlines import KeptLines, pack_lines
from octavo.print.setpages import Bookmark, FontUse, Line, Seat, SetPage, Signature
from octavo.versions import installed_versions

HERE = Path(__file__).resolve().parent
LENGTH_SIZE = 8


class Unreadable(Exception):
    """The bytes are not those of a kept signature."""


def signature_key(copy: Copy, around: bytes) -> str:
    """The key of what *copy* makes: its words and style, and what ``surroundings`` tells.

    The system's libraries are not in it: ``unpack`` tells which ones it was.
    """
    return key_of(
        copy.html.encode(),
        copy.css.encode(),
        json.dumps(sorted(copy.paragraphs.items())).encode(),
        str((copy.verso, copy.goes_on)).encode(),
        around,
    )


def surroundings(folders: Iterable[Path]) -> bytes:
    """The digest of what sets a signature: the templates' files, this room, the packages."""
    versions = json.dumps(installed_versions()).encode()
    code = names_and_content(HERE, "*.py")
    files = (part for folder in folders for part in names_and_content(folder, "*"))
    return key_of(versions, sys.version.encode(), *code, *files).encode()


def pack(signature: Signature, engine: Mapping[str, str]) -> bytes:
    """Put *signature* and the versions of the *engine* into bytes."""
    paragraphs = dict.fromkeys(line.paragraph for page in signature.pages for line in page.lines)
    numbers = {name: number for number, name in enumerate(paragraphs)}
    lines = [pack_lines(page.lines, numbers) for page in signature.pages]
    plain = [
        dict(engine),
        list(paragraphs),
        [len(data) for data in lines],
        [_plain_page(page) for page in signature.pages],
        [
            [use.name, use.file, list(use.widths.items()), list(use.unicode.items()), use.muted]
            for use in signature.fonts
        ],
        list(signature.warnings),
    ]
    text = json.dumps(plain, ensure_ascii=False).encode()
    return b"".join((len(text).to_bytes(LENGTH_SIZE, "big"), text, *lines, signature.block))


def unpack(data: bytes) -> tuple[Signature, Mapping[str, str]]:
    """Return what ``pack`` was given. Raises ``Unreadable``."""
    end = LENGTH_SIZE + int.from_bytes(data[:LENGTH_SIZE], "big")
    try:
        engine, names, lengths, pages, fonts, warnings = json.loads(data[LENGTH_SIZE:end])
        ends = [*accumulate(lengths, initial=end)]
        lines = [KeptLines(data[a:b], names) for a, b in pairwise(ends)]
        signature = Signature(
            data[ends[-1] :],
            tuple(_page(own, *page) for own, page in zip(lines, pages, strict=True)),
            tuple(
                FontUse(name, file, dict(widths), dict(unicode), muted)
                for name, file, widths, unicode, muted in fonts
            ),
            tuple(warnings),
        )
        return signature, dict(engine)
    except (ValueError, TypeError) as error:
        raise Unreadable from error


def _plain_page(page: SetPage) -> list[object]:
    return [
        [[name, x, y] for name, (x, y) in page.anchors.items()],
        [_fields(bookmark) for bookmark in page.bookmarks],
        [_fields(seat) for seat in page.seats],
        page.head,
    ]


def _page(
    lines: Sequence[Line],
    anchors: Iterable[tuple[str, float, float]],
    bookmarks: Iterable[list[object]],
    seats: Iterable[list[object]],
    head: str,
) -> SetPage:
    return SetPage(
        lines,
        {name: (x, y) for name, x, y in anchors},
        tuple(Bookmark(*fields) for fields in bookmarks),  # type: ignore[arg-type]
        tuple(_seat(fields) for fields in seats),
        head,
    )


def _seat(fields: list[object]) -> Seat:
    *others, features = fields
    return Seat(*others, tuple(features))  # type: ignore[arg-type, call-arg]


def _fields(record: Bookmark | Seat) -> list[object]:
    return [getattr(record, name) for name in record.__slots__]
