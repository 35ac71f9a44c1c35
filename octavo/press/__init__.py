"""The press: from an edition's folder to the finished files.

Comes in: a request. Goes out: files, written only when every proof holds. Each product
is a function of those before it: transcripts and edition make the Book; the Book, the
signatures; the signatures, the page map; the page map, contents, index and e-book.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.cache import Cache
from octavo.findings import Findings
from octavo.outputs import write_whole
from octavo.press.standing import compositor_for, dismiss

if TYPE_CHECKING:
    from octavo.press.changes import Changes

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built."""

    book: Path
    """The edition's folder."""
    out: Path
    only: frozenset[str] = frozenset({"pdf", "epub", "web"})
    cache: Cache | None = None
    """What is kept from one build to the next; nothing is without it."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    files: Mapping[Path, bytes]
    inputs: Mapping[Path, bytes]
    """The transcripts, as they were read."""
    lines: tuple[str, ...]
    """What to say of it: a line a file, and the sum of the proofs."""
    changes: "Changes"


def build(
    request: Request,
    findings: Findings,
    progress: Progress,
    look: Callable[[], None] = lambda: None,
) -> Built:
    """Make, prove and write the book; *look* is called before any file of it is read.

    Raises ``Unbuildable`` when the editor's files hold faults, and ``ProofFailed`` when
    the finished files are not the book; nothing is written then.
    """
    # The compositor loads the engine while this process loads all the rest and reads.
    with _one_collection(), compositor_for(request.cache) as compositor:
        look()
        from octavo.press.making import make

        built = make(request, compositor, findings, progress)
        dismiss(compositor)
        _write(built.files, request.out, findings)
    if request.cache:
        request.cache.tidy()
    return built


def _write(files: Mapping[Path, bytes], out: Path, findings: Findings) -> None:
    """Put the files in place; a folder that cannot be written is the editor's to mend."""
    from octavo.edition import show_path
    from octavo.findings import Finding
    from octavo.model import Location

    try:
        write_whole(files)
    except OSError as error:
        findings.report(
            Finding(
                Location(show_path(out)),
                "unwritable",
                f"the book cannot be written: `{error.filename}`: {error.strerror}",
                "make room for it there, or choose another folder with `--out`",
            )
        )
        findings.stop_on_faults()


@contextmanager
def _one_collection() -> Iterator[None]:
    """Keep the collector from walking the growing heap again and again (8 to 20 % of a build)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made stays out of the collector's sight, or it walks it all at once now.
        gc.freeze()
        if enabled:
            gc.enable()
