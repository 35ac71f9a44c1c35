"""Book to HTML and XHTML: the only room with Jinja2.

Text is data: it is escaped once, by autoescape. Templates hold loops and tests
only; a book's own ``templates/`` folder overrides ours one file at a time.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from octavo.cache import key_of
from octavo.direction import direction_of
from octavo.memory import Memory

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FONTS = (".otf", ".ttf", ".woff", ".woff2")


class Templates:
    """The templates in force for one book: its own folder first, then ours.

    They are read once, so that all is rendered from what ``digest`` tells.
    """

    def __init__(
        self, language: str, overrides: Sequence[Path] = (), memory: Memory | None = None
    ) -> None:
        self.folders = (*overrides, TEMPLATES)
        self.language = language
        self._files = dict(_read_all(self.folders))
        self._environment = jinja2.Environment(
            autoescape=True,
            bytecode_cache=_Compiled(memory or Memory(None)),
            keep_trailing_newline=True,
            loader=_Loader(self._files),
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

    @cached_property
    def digest(self) -> bytes:
        """Of all that is rendered from: every file that a template may be or include, the words."""
        files = (part for name, (_, data) in self._files.items() for part in (name.encode(), data))
        return key_of(repr((self.language, self.words)).encode(), *files).encode()

    def find(self, name: str) -> Path:
        """Return the file in force for *name*, e.g. ``print/book.css``."""
        for folder in self.folders:
            if (folder / name).is_file():
                return folder / name
        raise FileNotFoundError(name)

    def is_ours(self, name: str) -> bool:
        """Whether the file in force for *name* is ours, and not an edition's own."""
        return self.find(name).is_relative_to(self.folders[-1])

    def get_ready(self, folder: str) -> None:
        """Compile the templates of *folder*: to be done while there is nothing else to do."""
        for name in self._environment.list_templates(["html", "ncx", "xhtml"]):
            if name.startswith(f"{folder}/"):
                # Whoever renders a broken one tells; nobody may.
                with suppress(jinja2.TemplateError):
                    self._environment.get_template(name)

    def render(self, name: str, **data: Any) -> str:
        """Render the template *name* with *data*, ``words`` and their languages added."""
        template = self._environment.get_template(name)
        return template.render(
            words=self.words,
            language=self.language,
            direction=direction_of(self.language),
            own_language=self.own_language,
            own_direction=direction_of(self.own_language),
            own=self._attributes(self.own_language),
            of_text=self._attributes(self.language),
            **data,
        )

    @cached_property
    def own_language(self) -> str:
        """That of ``words``; the book's where it is the same but for the country."""
        own = str(self.words["language"])
        is_same = own.split("-", maxsplit=1)[0] == self.language.split("-")[0].lower()
        return self.language if is_same else own

    def _attributes(self, language: str) -> Markup:
        """What an element is given whose words are in another language than those around it.

        Nothing where the templates speak the book's (WCAG 2.2, 3.1.2).
        """
        if self.own_language == self.language:
            return Markup()
        given = Markup(' lang="{0}" xml:lang="{0}"').format(language)
        ways = {direction_of(self.own_language), direction_of(self.language)}
        if len(ways) > 1:
            given += Markup(' dir="{}"').format(direction_of(language))
        return given


def read_words(path: Path, language: str) -> dict[str, Any]:
    """Return what the templates themselves say, in *language*; English fills the gaps."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    own = tables.get(language.lower()) or tables.get(language.lower().split("-")[0]) or {}
    return {**tables.get("en", {}), **own}


Files = Mapping[str, tuple[Path, bytes]]
"""By the name that a template has for it: where a file lies, and what is in it."""


def _read_all(folders: Sequence[Path]) -> Iterator[tuple[str, tuple[Path, bytes]]]:
    """Read what lies in *folders*, of which the first come first; a font is no template."""
    for folder in reversed(folders):
        for place, below, names in os.walk(folder, followlinks=True):
            below[:] = sorted(name for name in below if name[0] != ".")
            for name in sorted(names):
                path = Path(place, name)
                if path.suffix not in FONTS and path.is_file():
                    yield path.relative_to(folder).as_posix(), (path, path.read_bytes())


class _Loader(jinja2.BaseLoader):
    """Gives Jinja2 the files that were read."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 - what Jinja2 calls it with
        template: str,
    ) -> tuple[str, str | None, None]:
        if template not in self._files:
            raise jinja2.TemplateNotFound(template)
        path, data = self._files[template]
        return data.decode("utf-8"), str(path), None

    def list_templates(self) -> list[str]:
        return sorted(self._files)


class _Compiled(jinja2.BytecodeCache):
    """Keeps what Jinja2 compiles; ``marshal``, which reads it, must never see a stranger's."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def load_bytecode(self, bucket: Any) -> None:
        code = self._memory.find(*_all_of(bucket))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Any) -> None:
        self._memory.keep(bucket.bytecode_to_string(), *_all_of(bucket))


def _all_of(bucket: Any) -> tuple[bytes, ...]:
    # The checksum is that of the template's text.
    return (b"compiled template", bucket.key.encode(), bucket.checksum.encode())
