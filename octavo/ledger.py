"""The ledger: what was built from what, so that a build with nothing to do does nothing.

Comes in: the files that a build read and the files that it wrote, known by the digest of
their content. Goes out: whether all of them are still so. The one decision: an entry is kept as
a record that is read without us, before anything is loaded (``unchanged``); one that does not
read is no entry.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from octavo.account import Account, account_of
from octavo.unchanged import is_unchanged


@dataclass(frozen=True, slots=True)
class Entry:
    """One build's record."""

    inputs: Mapping[str, str]
    """Digest by path; an empty digest is a file that was looked for and not there."""
    outputs: Mapping[str, str]
    surroundings: Mapping[str, str]
    """What else changes the output: versions and the environment."""
    book: str
    """The edition's folder, in which a new file would be an input too."""
    account: Account
    """What the build found and said, and the locators, to tell what moves."""

    @property
    def told(self) -> tuple[str, ...]:
        """What is said of it when there is nothing to do."""
        return (*map(str, self.account.findings), *self.account.lines, "nothing to do")

    def is_true(self, digest_now: Callable[[str], str]) -> bool:
        """Whether a build now would read the same inputs and find its outputs untouched."""
        record = {
            "inputs": self.inputs,
            "outputs": self.outputs,
            "surroundings": self.surroundings,
            "book": self.book,
        }
        return is_unchanged(record, digest_now)


class Ledger:
    """The ledger of one book, kept in the cache folder."""

    def __init__(self, folder: Path, key: str) -> None:
        self.path = folder / f"ledger-{blake2b(os.fsencode(key), digest_size=8).hexdigest()}.json"

    def read(self) -> Entry | None:
        """The last build's entry; ``None`` when there is none that can be read."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return Entry(
                dict(found["inputs"]),
                dict(found["outputs"]),
                dict(found["surroundings"]),
                str(found["book"]),
                account_of(found["account"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, entry: Entry) -> None:
        """Keep *entry*; where the cache cannot be written, the next build builds again."""
        text = json.dumps({**asdict(entry), "told": entry.told})
        temporary = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self.path)
        except OSError:
            temporary.unlink(missing_ok=True)
