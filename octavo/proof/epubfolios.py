"""The folios of the printed pages in a chapter's documents, taken out and put in again.

Comes in: documents as they are in the finished file. Goes out: the same with numbers in place of
folios, and the folios. The one decision: what is proved of a chapter is proved of the former, so
that it holds where pages have moved; the folios themselves are proved of the whole book.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from octavo.proof.epubread import DocumentRead

BREAK = re.compile(
    rb'(<(?:div|span) aria-label=")([^"&<>]+)(" epub:type="pagebreak" id="page-)\2(" role="doc-)'
)
"""Where a folio stands in documents as our templates have them; any other is left in."""
NUMBERED = re.compile("\ufdd0([0-9]+)\ufdd1")
"""What stands in its place: characters that no text may have (Unicode 23.7)."""
CHARACTERS = ("\ufdd0".encode(), "\ufdd1".encode())
UNUSUAL = (
    (b"&#", re.compile(rb"&#(?:x0*fdd[01]|0*6497[67]);", re.IGNORECASE)),
    (b"<!DOCTYPE", re.compile(rb"<!DOCTYPE[^>]*\[")),
    (b"encoding", re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)),
)
"""Such a character however it is written, names for any, and other ways to write them.

Each behind what it begins with, for few documents have that, and it is found far sooner.
"""


def take_folios(
    files: Mapping[str, bytes], paths: Iterable[str]
) -> tuple[dict[str, bytes], list[str]]:
    """The *files* at *paths* without their folios, and these in order."""
    folios: list[str] = []

    def number(match: re.Match[bytes]) -> bytes:
        folios.append(match[2].decode())
        numbered = f"\ufdd0{len(folios) - 1}\ufdd1".encode()
        return b"".join((match[1], numbered, match[3], numbered, match[4]))

    taken = {
        path: files[path] if _is_unusual(files[path]) else BREAK.sub(number, files[path])
        for path in paths
    }
    return taken, folios


def _is_unusual(data: bytes) -> bool:
    if b"\0" in data or any(character in data for character in CHARACTERS):
        return True
    return any(begin in data and pattern.search(data) for begin, pattern in UNUSUAL)


def are_whole(documents: Iterable[DocumentRead], folios: Sequence[str]) -> bool:
    """Whether each number stands in one id of *documents*: what was taken was a page break."""
    found = (NUMBERED.findall(one) for document in documents for one in document.ids)
    numbers = sorted(int(number) for numbers in found for number in numbers)
    return numbers == [*range(len(folios))]


def put_folios(document: DocumentRead, folios: Sequence[str]) -> DocumentRead:
    """The *document* as it is read with its *folios*."""

    def put(text: str) -> str:
        return NUMBERED.sub(lambda match: folios[int(match[1])], text)

    if not folios:
        return document
    return replace(
        document,
        ids=tuple(map(put, document.ids)),
        folio=None if document.folio is None else put(document.folio),
        places={
            name: (None if folio is None else put(folio), words)
            for name, (folio, words) in document.places.items()
        },
    )
