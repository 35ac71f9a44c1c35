"""The formats that a transcript may be in, each with its reader."""

from collections.abc import Mapping
from typing import Protocol

from octavo.findings import Report
from octavo.model import Transcript
from octavo.readers.labels import Labels
from octavo.readers.plain import read_plain


class Reader(Protocol):
    """Reads one format."""

    def __call__(self, data: bytes, path: str, labels: Labels, report: Report) -> Transcript: ...


FORMATS: Mapping[str, Reader] = {"plain": read_plain}
"""The words that ``format`` of a [[transcript]] may be."""


def read_transcript(
    data: bytes, path: str, kind: str, labels: Labels, report: Report
) -> Transcript:
    """Read *data* as *kind*, a key of ``FORMATS`` or ``""``; *path* is what findings show.

    After a fault the Transcript holds what could be read, and is not to be printed.
    """
    return FORMATS[kind or "plain"](data, path, labels, report)
