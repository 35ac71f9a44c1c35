"""What the edition and the templates say that the book holds besides the transcript.

Plain data that the press fills in while it makes the files. All that is declared must
be there, and nothing that is neither declared nor said may be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from octavo.model import Transcript


@dataclass(frozen=True, slots=True)
class Source:
    """The file of a transcript, which the Book was made from."""

    path: str
    """As findings show it."""
    data: bytes
    read: Callable[[], Transcript]
    """Reads it again."""
    read_as: bytes
    """All that ``read`` depends on besides; empty where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Part:
    """A signature of the PDF, or a document of the EPUB's spine."""

    name: str
    """In the EPUB the document's path relative to the package document."""
    lines: tuple[str, ...] = ()
    """The text as rendered, an item a block; before speech, what stands above it."""
    speech: str = ""
    """The id of the chapter or section whose text follows ``lines``; empty elsewhere."""
    pages: int = 0
    """Pages in the PDF, blank ones included; not used for the EPUB."""
    links: tuple[tuple[str, str], ...] | None = None
    """Where its links lead inside the book, and what is heard of each, sorted; None: not asked."""


INDEX = "index"
"""The name of a part that is one page of the index."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page of the PDF bears besides its text."""

    label: str
    """The folio that viewers show, whether it is printed or not."""
    furniture: tuple[str, ...] = ()
    """The folio and what else is drawn beside the text, each as it is read."""
    head: str = ""
    """The running head, drawn in a font without a text layer: it is seen and not read."""


@dataclass(frozen=True, slots=True)
class Declared:
    """All of it. Leave out what belongs to an output that is not made."""

    printed: tuple[Part, ...] = ()
    """In page order; their pages add up to ``sheets``."""
    sheets: tuple[Sheet, ...] = ()
    """One a page, in page order."""
    ebook: tuple[Part, ...] = ()
    """In spine order."""
    contents: tuple[tuple[str, str], ...] = ()
    """Each line of the printed contents that gives a folio: the heading's words, the folio."""
    fonts: Mapping[str, bytes] = field(default_factory=dict)
    """The TrueType files of the templates, by name: no other face may be in a file."""
    webfonts: frozenset[str] = frozenset()
    """The sha256, in hexadecimal, of each font file that the EPUB may hold."""
    attached: Mapping[str, str] = field(default_factory=dict)
    """The sha256, in hexadecimal, of each file that is attached to the PDF, by its name."""
    addresses: frozenset[str] = frozenset()
    """The addresses outside the book that it may link to."""
    warnings: tuple[str, ...] = ()
    """What the engines warned of and nobody accounted for; there must be none."""
