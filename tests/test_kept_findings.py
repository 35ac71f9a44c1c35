"""What is to be mended is told of a warm cache as of none, before and after edits elsewhere."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from octavo.cache import Cache
from octavo.findings import Findings, Unbuildable
from octavo.press import Request, build
from octavo.press.changes import Changes

FILES = {
    "one.txt": """Ann: Where does the harbour begin?

Tom: At the mill. The harbour was never empty in those years.

Ann: And the bridge?

Tom: The bridge came late, and nobody locked a door.
""",
    "two.txt": """Ann: What of the water?

Tom: Too much of it in March, none in August. That is what the engineers said.

Ann: Was the harbour full?

Tom: It was, until the storm.
""",
    "book/book.toml": """[book]
title = "Two Talks"

[[transcript]]
source = "../one.txt"
title = "The First"

[[transcript]]
source = "../two.txt"
title = "The Second"

[[speaker]]
label = "Ann"
role = "interviewer"

[[speaker]]
label = "Tom"
""",
    "book/contents.toml": """[[section]]
heading = "The mill"
begins = "At the mill. The harbour"

[[section]]
heading = "Water"
begins = "Tom: Too much of it"
""",
    "book/index.toml": """[[entry]]
heading = "harbour"
match = ["harbour"]

[[entry]]
heading = "water"
match = ["water"]
main = "Too much of it in March"

[[entry]]
heading = "storm"
match = ["storm"]
""",
}

Spoil = Callable[[Path], None]


def rewrite(name: str, was: str, now: str) -> Spoil:
    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert was in text
        (folder / name).write_text(text.replace(was, now, 1), encoding="utf-8")

    return spoil


EDITS: list[Spoil] = [
    rewrite("two.txt", "engineers", "old engineers"),
    rewrite("book/book.toml", 'label = "Tom"', 'label = "Tom"\nname = "Tom Hale"'),
]
"""What is edited elsewhere, one after the other."""

FAULTS: dict[str, tuple[Spoil, str]] = {
    "none": (lambda folder: None, ""),
    "unknown speaker": (
        rewrite("one.txt", "Ann: And", "Martha: Yes.\n\nAnn: And"),
        "unknown-speaker",
    ),
    "control character": (rewrite("two.txt", "Was the", "Was\x07 the"), "control-character"),
    "a lost character": (rewrite("two.txt", "Was the", "Was \ufffd the"), "replacement-character"),
    "section not found": (
        rewrite("book/contents.toml", "At the mill.", "By the mill."),
        "section-not-found",
    ),
    "section found twice": (
        rewrite("book/contents.toml", "Tom: Too much of it", "Ann: W"),
        "section-found-twice",
    ),
    "a long quote found nowhere": (
        rewrite(
            "book/contents.toml", "At the mill. The harbour", "At the mill. " + "The harbour" * 9
        ),
        "section-not-found",
    ),
    "no headings": (lambda folder: (folder / "book/contents.toml").unlink(), "no-headings"),
    "entry without a match": (rewrite("book/index.toml", '"storm"]', '"storms"]'), "no-hit"),
    "entry lost to a longer one": (
        rewrite(
            "book/index.toml",
            'heading = "storm"',
            'heading = "the storm"\nmatch = ["the storm"]\n\n[[entry]]\nheading = "storm"',
        ),
        "no-hit",
    ),
    "quote in two places": (
        rewrite("book/index.toml", 'main = "Too much of it in March"', 'main = "harbour"'),
        "quote-twice",
    ),
    "quote not found": (rewrite("book/index.toml", "in March", "in May"), "quote-not-found"),
    "same mentions": (
        rewrite("book/index.toml", '["storm"]', '["harbour"]\nsee_also = ["water"]'),
        "same-mentions",
    ),
    "a character without a glyph": (
        rewrite("one.txt", "bridge?", "bridge \U00013080?"),
        "missing-glyph",
    ),
}


def found(folder: Path, cache: Cache | None) -> tuple[list[str], Changes | None]:
    """What is to be mended, in order, and what the build did."""
    findings = Findings()
    changes = None
    with suppress(Unbuildable):
        request = Request(folder / "book", folder / "dist", frozenset({"pdf"}), cache)
        changes = build(request, findings, lambda step: None).changes
    return [str(finding) for finding in findings.ordered], changes


@pytest.mark.parametrize("fault", FAULTS)
def test_findings_are_told_again(fault: str, tmp_path: Path) -> None:
    """All of them, in order, in the same words; and the index has the same locators."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    cache = Cache(tmp_path / "cache")
    found(tmp_path, cache)
    spoil, code = FAULTS[fault]
    spoil(tmp_path)
    for edit in (lambda folder: None, *EDITS):
        edit(tmp_path)
        (cold, made), (warm, kept) = found(tmp_path, None), found(tmp_path, cache)
        assert any(f" {code}: " in line for line in cold) or not code, cold
        assert warm == cold
        assert found(tmp_path, cache)[0] == cold
        assert (made and made.locators) == (kept and kept.locators)
