"""The validators of `build.py check`: sound files pass, broken ones do not, and each says why."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from proof_sample import sample

from octavo.proof import validators
from octavo.proof.validators import Verdict, missing_tools, validate

MISSING = missing_tools()
needs_tools = pytest.mark.skipif(
    bool(MISSING), reason=f"NOT VALIDATED, missing: {', '.join(MISSING)}; run build.py check once"
)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's PDF, as the bindery makes it."""
    path = tmp_path_factory.mktemp("sound") / "rivers.pdf"
    path.write_bytes(sample().pdf)
    return path


def summary(verdicts: tuple[Verdict, ...]) -> list[tuple[str, str, bool]]:
    return [(verdict.tool, verdict.standard, verdict.passed) for verdict in verdicts]


@needs_tools
def test_a_sound_pdf_passes(pdf: Path) -> None:
    """The syntax is sound, and two validators agree on both standards."""
    assert summary(validate(pdf, None)) == [
        ("QPDF, in pikepdf", "", True),
        ("page-validation", "PDF/UA-1", True),
        ("veraPDF", "PDF/UA-1", True),
        ("page-validation", "PDF/A-3a", True),
        ("veraPDF", "PDF/A-3a", True),
    ]


@needs_tools
def test_an_untagged_pdf_fails_in_both_validators(pdf: Path, tmp_path: Path) -> None:
    """A PDF without its tag tree is whole, but not accessible: each broken rule is named."""
    path = tmp_path / "untagged.pdf"
    with pikepdf.open(pdf) as document:
        del document.Root.StructTreeRoot
        del document.Root.MarkInfo
        document.save(path)
    syntax, page, vera, *archive = validate(path, None)
    assert [syntax.passed, page.passed, vera.passed] == [True, False, False]
    assert not any(verdict.passed for verdict in archive)
    assert any("7.1/" in message for message in vera.messages)
    assert str(vera).startswith("veraPDF 2.5.16: untagged.pdf against PDF/UA-1: FAILED\n  7.1/")


@needs_tools
def test_a_file_that_is_no_pdf_fails_everywhere(tmp_path: Path) -> None:
    """No validator is taken for content because it could not read the file."""
    path = tmp_path / "none.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    verdicts = validate(path, None)
    assert [verdict.passed for verdict in verdicts] == [False] * 5
    assert all(len(verdict.messages) == 1 for verdict in verdicts)


@needs_tools
def test_a_broken_epub_fails_with_its_places(tmp_path: Path) -> None:
    """EPUBCheck's messages are readable: file, line, column, code and what is wrong."""
    out = BytesIO()
    with ZipFile(BytesIO(sample().epub)) as sound, ZipFile(out, "w") as broken:
        for name in sound.namelist():
            broken.writestr(name, sound.read(name).replace(b"s2.xhtml#t3.1-8", b"s2.xhtml#t9"))
    path = tmp_path / "rivers.epub"
    path.write_bytes(out.getvalue())
    (verdict,) = validate(None, path)
    assert (verdict.tool, verdict.version, verdict.passed) == ("EPUBCheck", "5.3.0", False)
    dead = [message for message in verdict.messages if "RSC-012" in message]
    assert dead[0].startswith("OPS/index.xhtml:1:")
    assert ": error RSC-012: " in dead[0]


def test_a_missing_validator_is_a_failed_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not run has not passed; the verdict says what is missing and how to get it."""
    monkeypatch.setattr(validators, "find_spec", lambda module: None)
    path = tmp_path / "rivers.epub"
    (verdict,) = validate(None, path)
    assert not verdict.passed
    assert str(verdict).splitlines() == [
        f"EPUBCheck {verdict.version}: rivers.epub against EPUB 3.3: NOT RUN",
        "  epubcheck is missing; `python build.py check` installs it",
    ]


def test_a_verdict_shows_only_its_first_messages() -> None:
    """A file with a thousand faults does not fill the terminal."""
    messages = tuple(f"fault {number}" for number in range(25))
    verdict = Verdict("Tool", "1", "PDF/UA-1", Path("a.pdf"), passed=False, messages=messages)
    lines = str(verdict).splitlines()
    assert lines[0] == "Tool 1: a.pdf against PDF/UA-1: FAILED"
    assert lines[-2:] == ["  fault 19", "  and 5 more"]
