"""The ledger: what was built from what, so that a build with nothing to do does nothing.

Comes in: the files that a build read and the files that it wrote, known by the digest of
their content. Goes out: whether all of them are still so. The one decision: times and
sizes are not trusted, and neither is the ledger: an entry that does not read is no entry.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from octavo.account import Account, account_of

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One build's record."""

    inputs: Mapping[str, str]
    """Digest by path; an empty digest is a file that was looked for and not there."""
    outputs: Mapping[str, str]
    surroundings: Mapping[str, str]
    """What else changes the output: versions, settings, environment."""
    account: Account
    """What the build found and said, and the locators, to tell what moves."""


class Ledger:
    """The ledger of one book, kept in the cache folder."""

    def __init__(self, folder: Path, key: str) -> None:
        self._path = folder / f"ledger-{blake2b(os.fsencode(key), digest_size=8).hexdigest()}.json"

    def read(self) -> Entry | None:
        """The last build's entry; ``None`` when there is none that can be read."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return Entry(
                dict(found["inputs"]),
                dict(found["outputs"]),
                dict(found["surroundings"]),
                account_of(found["account"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, entry: Entry) -> None:
        """Keep *entry*; where the cache cannot be written, the next build builds again."""
        text = json.dumps(
            {
                "inputs": dict(entry.inputs),
                "outputs": dict(entry.outputs),
                "surroundings": dict(entry.surroundings),
                "account": entry.account.as_data(),
            }
        )
        temporary = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            temporary.unlink(missing_ok=True)


def still_true(
    entry: Entry,
    inputs: Iterable[Path],
    surroundings: Mapping[str, str],
    digest_now: Callable[[Path], str] | None = None,
) -> bool:
    """Whether a build now would read the same *inputs* and find its outputs untouched."""
    if dict(entry.surroundings) != dict(surroundings):
        return False
    if not {str(path) for path in inputs} <= set(entry.inputs):
        return False
    digest_now = digest_now or digest
    # The transcripts, which stand last, are what is edited most: then no other file is read.
    recorded = (*reversed([*entry.inputs.items()]), *entry.outputs.items())
    return all(digest_now(Path(path)) == known for path, known in recorded)


def digest(path: Path) -> str:
    """The digest of a file's content; empty when it cannot be read."""
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""


def digest_of(data: bytes) -> str:
    """The digest of a file's content at hand."""
    return blake2b(data, digest_size=16).hexdigest()


def own_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Every file below *folders* that a build may read: our code, templates, an edition."""
    for folder in folders:
        for place, below, names in os.walk(folder, followlinks=True):
            below[:] = sorted(name for name in below if name[0] not in "._")
            for name in sorted(names):
                if name[0] != "." and not name.endswith((".pyc", "~")):
                    yield Path(place, name)


def surroundings(**settings: str) -> dict[str, str]:
    """What is not a file and changes the output all the same."""
    return {
        "python": sys.version,
        "epoch": os.environ.get("SOURCE_DATE_EPOCH", ""),
        **settings,
    }
