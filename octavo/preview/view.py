"""What the templates of the preview show of a snapshot: words and addresses, no more thought.

Comes in: a snapshot. Goes out: plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from octavo.account import Account
from octavo.findings import Finding, Weight
from octavo.preview.pages import WIDTHS
from octavo.preview.state import Snapshot, source_key

Pieces = Sequence[tuple[bool, str]]
"""Text in pieces; of each, whether it is a literal."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as it is shown."""

    where: str
    address: str
    """Of the line in the file; empty where there is no such file."""
    code: str
    found: Pieces
    hint: Pieces
    is_fault: bool


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page as it is shown."""

    digest: str
    words: str
    """The digest of its words; empty for a blank page."""
    folio: str
    side: str
    """``recto`` or ``verso``."""
    address: str
    others: str
    """The same in other sizes, as ``srcset`` has them."""
    width: int
    """In pixels of the browser, like the height; what counts is their proportion."""
    height: int
    mark: str


def view_of(snapshot: Snapshot) -> dict[str, Any]:
    """All that ``page.html`` shows."""
    book, account = snapshot.book, snapshot.account
    marks = snapshot.difference.marks if snapshot.difference else None
    return {
        "number": snapshot.number,
        "is_building": snapshot.is_building,
        "title": (book and book.title) or "Preview",
        "progression": (book and book.direction) or "ltr",
        "status": status_of(snapshot),
        "findings": _findings(account, snapshot.sources),
        "has_faults": bool(account and account.faults),
        "broken": account.broken if account else "",
        "is_stale": bool(book and account and not account.is_good),
        "lines": account.lines[:-1] if account else (),
        "difference": snapshot.difference,
        "has_book": book is not None,
        "pages": _pages(snapshot, marks or {}),
        "epub": f"/book/{book.epub_digest}.epub" if book and book.epub else "",
    }


def status_of(snapshot: Snapshot) -> str:
    """How the last build ended, or that one is running."""
    account = snapshot.account
    if snapshot.is_building:
        return "Building …" if account else "Building for the first time …"
    if account is None:
        return "Waiting for the first build …"
    if account.broken:
        return "The build broke, by a fault of Octavo"
    if account.faults:
        return f"Not built: {_count(len(account.faults), 'fault')} to mend"
    return _sentence(account)


def _sentence(account: Account) -> str:
    said = account.lines[-1] if account.lines else "built"
    return said[:1].upper() + said[1:]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _findings(account: Account | None, sources: Mapping[str, Path]) -> list[ShownFinding]:
    """What is to be mended stands before what is worth a look."""
    shown = [_finding(finding, sources) for finding in account.findings] if account else []
    return sorted(shown, key=lambda finding: not finding.is_fault)


def _finding(finding: Finding, sources: Mapping[str, Path]) -> ShownFinding:
    where = finding.location
    key = source_key(Path(where.path).resolve())
    return ShownFinding(
        where=str(where),
        address=f"/source/{key}#line-{where.line}" if key in sources else "",
        code=finding.code,
        found=pieces(finding.found),
        hint=pieces(finding.hint),
        is_fault=finding.weight is Weight.FAULT,
    )


def pieces(text: str) -> Pieces:
    """Part *text* at its backticks; an odd one stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return [(False, text)]
    return [(bool(at % 2), part) for at, part in enumerate(parts) if part]


def _pages(snapshot: Snapshot, marks: Mapping[str, str]) -> list[ShownPage]:
    return [
        ShownPage(
            digest=page.digest,
            words=page.words,
            folio=page.folio,
            side="verso" if at % 2 else "recto",
            address=f"/page/{WIDTHS[1]}/{page.digest}.png",
            others=", ".join(f"/page/{width}/{page.digest}.png {width}w" for width in WIDTHS),
            width=round(page.width),
            height=round(page.height),
            mark=marks.get(page.folio, ""),
        )
        for at, page in enumerate(snapshot.book.pages if snapshot.book else ())
    ]
