"""From an edition's folder to the Book: read, joined and checked before anything is set.

Comes in: the folder, and the cache. Goes out: the Book. The one decision: whatever is made of
one transcript or chapter is kept, so that a build reads and joins what changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from octavo.book import Book
from octavo.cache import Cache
from octavo.edition import make_labels, read_edition, show_path, source_path
from octavo.edition.schema import Edition
from octavo.findings import Findings
from octavo.join import make_book
from octavo.memory import Memory
from octavo.readers import Script
from octavo.render import Templates


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is known before typesetting."""

    edition: Edition
    sources: Mapping[Path, bytes]
    """The transcripts' bytes by path, in the order of the chapters."""
    scripts: tuple[Script, ...]
    book: Book
    templates: Templates
    memory: Memory
    """What later stages keep, too."""

    @property
    def attached(self) -> dict[str, bytes]:
        """The transcripts' bytes by names, each of which is there once."""
        found: dict[str, bytes] = {}
        for path, data in self.sources.items():
            names = (f"{path.stem}-{number}{path.suffix}" for number in count(2))
            found[next(name for name in chain([path.name], names) if name not in found)] = data
        return found


def read_book(folder: Path, findings: Findings, cache: Cache | None = None) -> Reading:
    """Read the edition in *folder* and join it to its transcripts.

    Raises ``Unbuildable`` as soon as a stage has reported faults.
    """
    memory = Memory(cache)
    edition = read_edition(folder, findings.report)
    findings.stop_on_faults()
    sources = _sources(edition)
    scripts = tuple(_scripts(edition, sources, memory))
    for finding in (finding for script in scripts for finding in script.gist.findings):
        findings.report(finding)
    findings.stop_on_faults()
    book = make_book(edition, scripts, memory, findings.report)
    if findings.faults:
        # The index is planned later, while the body is set; its faults are told in this run.
        from octavo.index import plan_index

        plan_index(book, findings.report, memory)
    findings.stop_on_faults()
    templates = _templates(folder, book.language, memory)
    return Reading(edition, sources, scripts, book, templates, memory)


def _sources(edition: Edition) -> dict[Path, bytes]:
    """``read_edition`` has seen that the files are there."""
    paths = [source_path(edition, table) for table in edition.file.transcript]
    return {path: path.read_bytes() for path in paths}


def _scripts(edition: Edition, sources: Mapping[Path, bytes], memory: Memory) -> Iterator[Script]:
    for table, (path, data) in zip(edition.file.transcript, sources.items(), strict=True):
        labels = make_labels(edition, table)
        yield Script(data, show_path(path), table.format, labels, memory)


def _templates(folder: Path, language: str, memory: Memory) -> Templates:
    """The book's own ``templates/`` override ours one file at a time."""
    own = (folder / "templates").resolve()
    return Templates(language, [own] if own.is_dir() else [], memory)
