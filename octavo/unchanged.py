"""Whether a command has nothing to do: asked before anything else is loaded.

Comes in: a command line, and the records of builds. Goes out: what was told when the very same was
asked last, if all that it was built from, and all that it made, is as it was. The one decision:
times and sizes of files are not trusted, nor is a record; and nothing is imported here that takes
long to load, not even ``pathlib``, for most of a run that has nothing to do is loading.
"""

import json
import os
import sys
from hashlib import blake2b

from octavo import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""Of the program that runs: another checkout may share the cache."""


def cache_folder() -> str:
    """Where builds keep what later ones may use."""
    return os.environ.get("OCTAVO_CACHE") or os.path.join(ROOT, ".octavo")


def told_before(arguments: "Sequence[str]") -> "list[str] | None":
    """What was told when *arguments* were asked here last; None where that may be untrue now."""
    folder = cache_folder()
    try:
        asked = _read(_asked(folder, arguments))
        if any(os.path.realpath(path) != was for path, was in asked["leads"].items()):
            return None
        record = _read(os.path.join(folder, os.path.basename(asked["record"])))
        told = [*map(str, record["told"])]
        return told if is_unchanged(record, digest) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def was_asked(arguments: "Sequence[str]") -> bool:
    """Whether *arguments* were asked here before, and a book was built."""
    return os.path.exists(_asked(cache_folder(), arguments))


def note_asked(arguments: "Sequence[str]", record: str, paths: "Iterable[str]") -> None:
    """Note that *arguments* ask for what the file *record* of the cache tells of.

    *paths* are those that they name, or mean: where each leads now is noted too.
    """
    leads = {os.path.abspath(path): os.path.realpath(path) for path in paths}
    asked = _asked(cache_folder(), arguments)
    temporary = f"{asked}.{os.getpid()}"
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump({"record": os.path.basename(record), "leads": leads}, file)
        os.replace(temporary, asked)
    except OSError:
        # Then it is looked for the long way.
        return


def _read(path: str) -> "Any":
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _asked(folder: str, arguments: "Sequence[str]") -> str:
    """The file that names the record of what *arguments* ask for, of this program and here."""
    asked = b"\0".join(map(os.fsencode, (ROOT, os.getcwd(), *arguments)))
    return os.path.join(folder, f"asked-{blake2b(asked, digest_size=8).hexdigest()}")


def is_unchanged(record: "Mapping[str, Any]", digest_now: "Callable[[str], str]") -> bool:
    """Whether a build now would read the same files and find its outputs untouched.

    *record* tells ``surroundings``, the folder of the ``book``, and the digests of ``inputs`` and
    ``outputs`` by path. Raises ``KeyError``, ``TypeError`` or ``AttributeError`` where it is none.
    """
    inputs, outputs = record["inputs"], record["outputs"]
    if record["surroundings"] != surroundings() or not outputs:
        return False
    # Whatever the record says, these are read, and a new one among them is, too.
    if not inputs.keys() >= {*own_files(record["book"])}:
        return False
    # The transcripts, which stand last, are what is edited most: then no other file is read.
    recorded = (*reversed([*inputs.items()]), *outputs.items())
    return all(digest_now(path) == known for path, known in recorded)


def digest(path: str) -> str:
    """The digest of a file's content; empty when it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return digest_of(file.read())
    except OSError:
        return ""


def digest_of(data: bytes) -> str:
    """The digest of a file's content at hand."""
    return blake2b(data, digest_size=16).hexdigest()


def own_files(book: str) -> "Iterator[str]":
    """Every file that may change the edition in *book*, the transcripts elsewhere aside.

    That is all of the edition, of our templates and our code.
    """
    for folder in (book, os.path.join(ROOT, "templates"), os.path.join(ROOT, "octavo")):
        for place, below, names in os.walk(folder, followlinks=True):
            below[:] = sorted(name for name in below if name[0] not in "._")
            for name in sorted(names):
                if name[0] != "." and not name.endswith((".pyc", "~")):
                    yield os.path.join(place, name)
    yield os.path.join(ROOT, "requirements.lock")


def surroundings() -> dict[str, str]:
    """What is not a file and changes the output all the same."""
    return {
        "python": sys.version,
        "epoch": os.environ.get("SOURCE_DATE_EPOCH", ""),
        "version": __version__,
    }
