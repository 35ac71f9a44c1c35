"""Book to HTML and XHTML: the only room with Jinja2.

Text is data: it is escaped once, by autoescape. Templates hold loops and tests
only; a book's own ``templates/`` folder overrides ours one file at a time.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Templates:
    """The templates in force for one book: its own folder first, then ours."""

    def __init__(self, language: str, overrides: Sequence[Path] = ()) -> None:
        self.folders = (*overrides, TEMPLATES)
        self.language = language
        self._environment = jinja2.Environment(
            autoescape=True,
            keep_trailing_newline=True,
            loader=jinja2.FileSystemLoader([str(folder) for folder in self.folders]),
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self.words = {
            key: word
            for folder in reversed(self.folders)
            if (folder / "words.toml").is_file()
            for key, word in read_words(folder / "words.toml", language).items()
        }

    def find(self, name: str) -> Path:
        """Return the file in force for *name*, e.g. ``print/book.css``."""
        for folder in self.folders:
            if (folder / name).is_file():
                return folder / name
        raise FileNotFoundError(name)

    def get_ready(self, folder: str) -> None:
        """Compile the templates of *folder*: to be done while there is nothing else to do."""
        for name in self._environment.list_templates(["html", "ncx", "xhtml"]):
            if name.startswith(f"{folder}/"):
                self._environment.get_template(name)

    def render(self, name: str, **data: Any) -> str:
        """Render the template *name* with *data*, ``words`` and ``language`` added."""
        template = self._environment.get_template(name)
        return template.render(words=self.words, language=self.language, **data)


def read_words(path: Path, language: str) -> dict[str, Any]:
    """Return what the templates themselves say, in *language*; English fills the gaps."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    own = tables.get(language.lower()) or tables.get(language.lower().split("-")[0]) or {}
    return {**tables.get("en", {}), **own}
