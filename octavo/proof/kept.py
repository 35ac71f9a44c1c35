"""Readings as the cache keeps them: what stands on the pages of a part, as each reader read it.

Comes in: readings of a finished file. Goes out: bytes, and the readings again. The one decision:
only readings are kept, never a verdict, and only under the digest of all that they were read
from in the finished file; what is compared with them is compared anew in every build.

A kept reading is believed, as PDFium is. So its key holds the cache's seal too, and a cache that
came from elsewhere costs time and proves nothing.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from octavo.cache import key_of, names_and_content
from octavo.proof.pdffont import PdfFont
from octavo.proof.streams import PageText, Run

HERE = Path(__file__).resolve().parent
ARTIFACT, STRAY = -1, -2
"""Where runs stand that no mark of the tree tells of; marks are counted from 0."""
RUN = (str, float, float, float, int, str, str)
"""What is kept of a run: text, x, y, size, its font's number, codes, shifts."""


class Unreadable(Exception):
    """The bytes are not those of a kept reading."""


@cache
def readers(*versions: bytes) -> bytes:
    """The digest of who reads: this room, Python, and the *versions* of the libraries."""
    code = names_and_content(HERE, "*.py")
    return key_of(*versions, sys.version.encode(), *code).encode()


def pack_texts(pages: Sequence[PageText]) -> bytes:
    """Put what the streams of *pages* draw into bytes."""
    fonts: dict[str, int] = {}
    plain = [
        [
            [
                *([mark, _plain(runs, fonts)] for mark, runs in page.marks.items()),
                [ARTIFACT, _plain(page.artifacts, fonts)],
                [STRAY, _plain(page.stray, fonts)],
            ],
            page.replaced,
        ]
        for page in pages
    ]
    return _to_bytes([list(fonts), plain])


def unpack_texts(
    data: bytes, numbers: Sequence[int], fonts: Mapping[str, PdfFont]
) -> list[PageText]:
    """Return what ``pack_texts`` was given, as pages with these *numbers*.

    *fonts* are those of the finished file. Raises ``Unreadable``.
    """
    try:
        names, pages = _from_bytes(data)
        used = [fonts[name] for name in names]
        return [_page(number, page, used) for number, page in zip(numbers, pages, strict=True)]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise Unreadable from error


def pack_drawn(drawn: Sequence[str]) -> bytes:
    """Put what PDFium reads on each page of a part into bytes."""
    return _to_bytes(drawn)


def unpack_drawn(data: bytes, count: int) -> list[str]:
    """Return what ``pack_drawn`` was given for *count* pages. Raises ``Unreadable``."""
    try:
        drawn = _from_bytes(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not _are_texts(drawn) or len(drawn) != count:
        raise Unreadable
    return list(drawn)


def _plain(runs: Sequence[Run], fonts: dict[str, int]) -> list[list[object]]:
    return [
        [
            run.text,
            float(run.x),
            float(run.y),
            float(run.size),
            fonts.setdefault(run.font.digest, len(fonts)),
            run.codes,
            run.shifts.decode("ascii"),
        ]
        for run in runs
    ]


def _page(number: int, page: Any, fonts: Sequence[PdfFont]) -> PageText:
    stretches, replaced = page
    if not _are_texts(replaced):
        raise Unreadable
    marks = {int(mark): _runs(number, runs, fonts) for mark, runs in stretches}
    artifacts, stray = marks.pop(ARTIFACT), marks.pop(STRAY)
    return PageText(marks, artifacts, stray, replaced)


def _runs(number: int, plain: Any, fonts: Sequence[PdfFont]) -> list[Run]:
    runs = []
    for fields in plain:
        if tuple(map(type, fields)) != RUN:
            raise Unreadable
        text, x, y, size, font, codes, shifts = fields
        runs.append(Run(text, number, x, y, size, fonts[font], codes, shifts.encode("ascii")))
    return runs


def _are_texts(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(item, str) for item in items)


def _to_bytes(plain: object) -> bytes:
    # Codes may look like halves of characters.
    return json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _from_bytes(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))
