"""What the preview knows: the last good book, the last build's account, what changed.

Comes in: accounts from the post. Goes out: a ``Snapshot`` that never changes, the next one in
its place, and a call to all who listen. The one decision: a build that fails leaves the last
good book where it is.
"""

import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from octavo.account import Account
from octavo.preview.difference import Difference, compare_locators, compare_pages
from octavo.preview.pages import Pictures
from octavo.print.drawn import DrawnPage


@dataclass(frozen=True, slots=True)
class ShownBook:
    """A book that was built, as far as it is shown."""

    account: Account
    title: str
    direction: str
    """``ltr`` or ``rtl``: on which side of a verso its recto stands."""
    pages: tuple[DrawnPage, ...]
    """None where the edition makes no PDF."""
    epub: bytes
    epub_digest: str
    pdf_digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that there is to show at one moment."""

    number: int = 0
    """Counts the snapshots."""
    is_building: bool = False
    account: Account | None = None
    """The last build's that came to an end."""
    book: ShownBook | None = None
    """The last good one."""
    difference: Difference | None = None
    """Between the last good book and the one before; ``None`` for the first."""
    sources: dict[str, Path] = field(default_factory=dict)
    """The files that findings named, by what stands for them in an address."""


class State:
    """The snapshot in force, and who wants to know of the next."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()
        self.is_over = False
        """Whether there will be no other snapshot."""
        self.pictures = Pictures()
        self._listeners: set[Callable[[], object]] = set()
        self._lock = Lock()

    def follow(self, letters: Iterable[Account | None]) -> None:
        """Take in one letter after the other, for as long as there are any."""
        for account in letters:
            if account is None:
                self.change(is_building=True)
                continue
            try:
                self.take(account)
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end the preview
                traceback.print_exc()
                broken = Account(broken=f"{type(error).__name__}: {error}")
                self.change(is_building=False, account=broken)

    def take(self, account: Account) -> None:
        """Take in the *account* of a build that has ended."""
        now = self.snapshot
        book = self._read(account) if account.files and account.is_good else now.book
        sources = now.sources | {
            source_key(path): path
            for finding in account.findings
            if (path := Path(finding.location.path).resolve()).is_file()
        }
        difference = now.difference
        if book and now.book and account.is_good:
            difference = _compare(now.book, book)
        self.change(
            is_building=False, account=account, book=book, difference=difference, sources=sources
        )

    def _read(self, account: Account) -> ShownBook:
        """Read the files that a build wrote; pages that have been read already are not again."""
        pdf, epub = _read_first(account, ".pdf"), _read_first(account, ".epub")
        known = self.snapshot.book
        digest = _digest(pdf)
        if known and known.pdf_digest == digest:
            title, direction, pages = known.title, known.direction, known.pages
        else:
            title, direction, pages = self.pictures.open(pdf) if pdf else ("", "ltr", ())
        return ShownBook(account, title, direction, pages, epub, _digest(epub), digest)

    def change(self, **values: object) -> None:
        """Put the next snapshot in the place of this one, and call."""
        with self._lock:
            number = self.snapshot.number + 1
            self.snapshot = replace(self.snapshot, number=number, **values)  # type: ignore[arg-type]
            listeners = tuple(self._listeners)
        for call in listeners:
            call()

    def end(self) -> None:
        """Let all who listen go."""
        self.is_over = True
        self.change()

    def listen(self, call: Callable[[], object]) -> Callable[[], object]:
        """Have *call* called, from another thread, at each change; what is returned ends it."""
        with self._lock:
            self._listeners.add(call)
        return lambda: self._listeners.discard(call)


def source_key(path: Path) -> str:
    """What stands for *path* in an address."""
    return blake2b(str(path).encode(errors="surrogateescape"), digest_size=8).hexdigest()


def _compare(before: ShownBook, now: ShownBook) -> Difference:
    headings = {**(before.account.headings or {}), **(now.account.headings or {})}
    locators = compare_locators(before.account.locators or {}, now.account.locators or {}, headings)
    return replace(compare_pages(before.pages, now.pages), locators=locators)


def _read_first(account: Account, ending: str) -> bytes:
    """The first file of this *ending*, the cover aside; nothing if it was taken away since."""
    for name in account.files:
        if name.endswith(ending) and not name.endswith(f"-cover{ending}"):
            with suppress(OSError):
                return Path(name).read_bytes()
    return b""


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
