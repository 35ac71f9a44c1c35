"""What the editor may get wrong: each fault is a finding, and nothing in dist/ changes."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo.cli import main

HARBOUR = Path(__file__).parent / "books" / "harbour" / "in"
LAST_GOOD = b"the last good book"

Spoil = Callable[[Path], None]


def rewrite(name: str, pattern: str, replacement: str) -> Spoil:
    """Replace what *pattern* finds first in the file *name*."""

    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        changed, count = re.subn(pattern, lambda _: replacement, text, count=1)
        assert count == 1
        (folder / name).write_text(changed, encoding="utf-8")

    return spoil


def append(name: str, data: bytes) -> Spoil:
    """Add *data* to the end of the file *name*."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + data)


def remove(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def empty(name: str) -> Spoil:
    return lambda folder: (folder / name).write_bytes(b"")


FAULTS: dict[str, tuple[Spoil, str]] = {
    "missing transcript": (remove("harbour.txt"), "missing-transcript"),
    "empty transcript": (empty("harbour.txt"), "empty-transcript"),
    "undecodable bytes": (append("harbour.txt", b"\n\nTom: caf\xe9.\n"), "undecodable"),
    "NUL": (append("harbour.txt", b"\n\nTom: a\x00b.\n"), "control-character"),
    "control character": (append("harbour.txt", b"\n\nTom: a\x1bb.\n"), "control-character"),
    "lone surrogate": (append("harbour.txt", b"\n\nTom: a\xed\xa0\x80b.\n"), "lone-surrogate"),
    "a word of 100,000 characters": (
        append("harbour.txt", b"\n\nTom: " + b"a" * 100_000 + b".\n"),
        "long-word",
    ),
    "a paragraph of 1 MB": (
        append("harbour.txt", b"\n\nTom: " + b"word " * 200_000 + b".\n"),
        "long-paragraph",
    ),
    "an undeclared speaker": (append("harbour.txt", b"\n\nMartha: Hello.\n"), "unknown-speaker"),
    "a heading's quote not found": (
        rewrite("contents.toml", "You were born", "We were born"),
        "section-not-found",
    ),
    "a heading's quote found twice": (
        append("harbour.txt", b"\n\nAnna: And the storm, then?\n\nTom: Yes.\n"),
        "section-found-twice",
    ),
    "an index term with no hit": (
        rewrite("index.toml", r'"great storm", "storm"', '"tempest"'),
        "no-hit",
    ),
    "a see to nowhere": (rewrite("index.toml", r'see = "harbour"', 'see = "port"'), "dead-see"),
    "TOML syntax": (rewrite("book.toml", r"\[book\]", "[book"), "toml-syntax"),
    "a wrong type": (rewrite("book.toml", r'name = "harbour"', "name = 7"), "wrong-type"),
    "an unknown key": (rewrite("book.toml", "language =", "langauge ="), "unknown-key"),
    "a character that no font has": (
        append("harbour.txt", "\n\nTom: \N{CHESTNUT}.\n".encode()),
        "missing-glyph",
    ),
}


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A copy of a good book, with the last good files in dist/."""
    folder = tmp_path / "harbour"
    shutil.copytree(HARBOUR, folder)
    dist = tmp_path / "dist"
    dist.mkdir()
    for name in ("harbour.pdf", "harbour.epub"):
        (dist / name).write_bytes(LAST_GOOD)
    return folder


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_a_finding_and_changes_nothing(
    name: str, harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, the finding's code with file, line and column, and the last good book in place."""
    spoil, code = FAULTS[name]
    spoil(harbour)
    before = contents_of(harbour.parent / "dist")
    assert main(["--book", str(harbour)]) == 1
    said = capsys.readouterr().err
    assert re.search(rf"(?m)^\S.*:\d+:\d+: {code}: ", said), said
    assert contents_of(harbour.parent / "dist") == before


def test_all_findings_of_a_file_are_said_at_once(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two faults of index.toml and one of contents.toml need one run, not three."""
    rewrite("index.toml", r'"great storm", "storm"', '"tempest"')(harbour)
    rewrite("index.toml", r'see = "harbour"', 'see = "port"')(harbour)
    rewrite("contents.toml", "You were born", "We were born")(harbour)
    assert main(["--book", str(harbour)]) == 1
    said = capsys.readouterr().err
    codes = re.findall(r"(?m)^\S+:\d+:\d+: ([a-z-]+): ", said)
    assert {"no-hit", "dead-see", "section-not-found"} <= set(codes)


def test_a_folder_that_cannot_be_written_is_a_finding(
    harbour: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only dist/ is reported, and what is in it stays."""
    # Refused by hand: the tests may run as root, who may write anywhere.
    dist = harbour.parent / "dist"

    def refuse(**place: str) -> None:
        raise PermissionError(13, "Permission denied", str(place["dir"]))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert main(["--book", str(harbour)]) == 1
    assert "unwritable" in capsys.readouterr().err
    assert contents_of(dist) == {"harbour.epub": LAST_GOOD, "harbour.pdf": LAST_GOOD}


def test_a_file_in_the_place_of_dist_is_a_finding(
    harbour: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no folder can be, the book cannot be written, and says so."""
    (tmp_path / "taken").write_text("a file")
    assert main(["--book", str(harbour), "--out", str(tmp_path / "taken" / "dist")]) == 1
    assert "unwritable" in capsys.readouterr().err


def test_markup_in_speech_is_printed_as_said(harbour: Path) -> None:
    """Text is data: no template, entity or tag in it is ever obeyed; the proof sees to it."""
    append(
        "harbour.txt", b"\n\nTom: Type <script>alert(1)</script>, {{ 7*7 }}, &amp; and ]]> here.\n"
    )(harbour)
    assert main(["--book", str(harbour)]) == 0
    import pypdfium2

    pages = pypdfium2.PdfDocument(harbour.parent / "dist" / "harbour.pdf")
    text = " ".join(" ".join(p.get_textpage().get_text_range() for p in pages).split())
    assert "Type <script>alert(1)</script>, {{ 7*7 }}, &amp; and ]]> here." in text


def test_usage_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped option is a matter of usage, not a finding."""
    assert main(["--bok", "x"]) == 2
    assert "--bok" in capsys.readouterr().err
