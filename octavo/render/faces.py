"""The faces of scripts that Source Serif 4 has not, for what is read on screens.

Comes in: the Book. Goes out: style and the names of font files. The one decision: a book that
has no letter of a script carries no face for it; the printed pages take only what they use.
"""

import re
from dataclasses import dataclass

from octavo.book import Book
from octavo.render import Templates

SCRIPTS = {
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"),
    "hebrew": re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]"),
}
"""By the name of its stylesheet in ``fonts/``."""
FILE = re.compile(r"url\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class MoreFaces:
    """What a book needs besides our own."""

    css: str
    files: tuple[str, ...]
    """In ``fonts/``."""


def more_faces(templates: Templates, book: Book, folder: str = "") -> MoreFaces:
    """The faces of other scripts in *book*, their files in *folder* as seen from the style."""
    names = [speaker.full_name for speaker in book.speakers]
    paragraphs = (
        chapter.characters or "".join(one.words for one in chapter.all_paragraphs())
        for chapter in book.chapters
    )
    text = "".join((book.title, book.subtitle, *names, *paragraphs))
    styles = [
        templates.find(f"fonts/{name}.css").read_text(encoding="utf-8")
        for name, letters in SCRIPTS.items()
        if letters.search(text)
    ]
    css = "".join(styles)
    return MoreFaces(FILE.sub(rf"url({folder}\1)", css), tuple(FILE.findall(css)))
