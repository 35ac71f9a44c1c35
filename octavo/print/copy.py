"""Copy, in the printers' sense: what is handed over to be set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Copy:
    """What is to be set as one signature: it depends on this and on nothing else."""

    html: str
    """Well-formed; links inside the book lead to ``point:NAME``."""
    css: str
    """The whole stylesheet, read as if it stood in the last folder's ``print``."""
    folders: tuple[Path, ...]
    """The folders of templates: nothing outside them is read."""
    paragraphs: Mapping[str, str] = field(default_factory=dict)
    """The words of the ids whose lines are wanted."""
    verso: bool = False
    """Whether the first page is a verso."""
    goes_on: bool = False
    """Whether the HTML begins with the page before, which is laid to be gone on from, not taken."""
