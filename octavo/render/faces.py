"""The faces of scripts that Source Serif 4 has not.

Comes in: the Book. Goes out: style and the names of font files. The one decision: a book that
has no letter of a script neither loads nor carries a face for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from octavo.book import Book
from octavo.render import Templates
from octavo.render.characters import characters_of

SCRIPTS = {
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"),
    "hebrew": re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]"),
}
"""By the name that their stylesheets have."""
FILE = re.compile(r"url\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class MoreFaces:
    """What an e-book or a site needs besides our own."""

    css: str
    files: tuple[str, ...]
    """In ``fonts/``."""


def scripts_of(book: Book) -> tuple[str, ...]:
    """Those of ``SCRIPTS`` of which *book* has a letter."""
    text = "".join(characters_of(book))
    return tuple(name for name, letters in SCRIPTS.items() if letters.search(text))


def print_faces(templates: Templates, scripts: Sequence[str]) -> str:
    """The style that names the faces of *scripts* for the printed page."""
    return "\n".join(
        templates.find(f"print/fonts-{name}.css").read_text(encoding="utf-8") for name in scripts
    )


def more_faces(templates: Templates, book: Book, folder: str = "") -> MoreFaces:
    """The faces of other scripts in *book*, their files in *folder* as seen from the style."""
    css = "".join(
        templates.find(f"fonts/{name}.css").read_text(encoding="utf-8") for name in scripts_of(book)
    )
    return MoreFaces(FILE.sub(rf"url({folder}\1)", css), tuple(FILE.findall(css)))
