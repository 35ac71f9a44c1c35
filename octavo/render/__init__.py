"""Book to HTML and XHTML: the only room with Jinja2.

Text is data: it is escaped once, by autoescape. Templates hold loops and tests
only; a book's own ``templates/`` folder overrides ours one file at a time.
"""

import marshal
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from octavo.memory import Memory

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class _Environment(jinja2.Environment):
    """Keeps in *memory* what templates are compiled to."""

    def __init__(self, memory: Memory, **options: Any) -> None:
        super().__init__(**options)
        self._memory = memory

    def compile(
        self,
        source: Any,
        name: str | None = None,
        filename: str | None = None,
        raw: Any = False,
        defer_init: bool = False,
    ) -> Any:
        """See there."""
        compiled = super().compile
        if raw or not isinstance(source, str):
            return compiled(source, name, filename, raw, defer_init)
        code = self._memory.recall(
            lambda: marshal.dumps(compiled(source, name, filename, False, defer_init)),
            b"template",
            repr((source, name, filename, defer_init)).encode(),
        )
        # The memory's own process wrote it.
        return marshal.loads(code)  # noqa: S302


class Templates:
    """The templates in force for one book: its own folder first, then ours."""

    def __init__(
        self, language: str, overrides: Sequence[Path] = (), memory: Memory | None = None
    ) -> None:
        self.folders = (*overrides, TEMPLATES)
        self.language = language
        self._environment = _Environment(
            memory or Memory(None),
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
