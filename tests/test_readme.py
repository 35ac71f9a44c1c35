"""README under test: its commands run, its output is what they print, its options exist."""

import re
from pathlib import Path

import click
import pytest

from octavo.cli import commands, main
from octavo.edition.draft import draft_edition

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    """The bodies of README's fenced blocks in *language*, indentation taken off."""
    found = re.findall(rf"(?m)^( *)```{language}\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"(?m)^{indent}", "", body) for indent, body in found]


def test_the_first_command_prints_what_readme_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the time that it took."""
    monkeypatch.chdir(tmp_path)
    assert main(["--out", "dist"]) == 0
    printed = capsys.readouterr().err.splitlines()[:-1]
    shown = fences("console")[0].splitlines()
    assert shown[0] == "$ python3 build.py"
    assert printed == shown[1:-1]


def test_a_book_of_ones_own_is_made_as_readme_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transcript, the two commands, the mistake with its message, and the mending."""
    monkeypatch.chdir(tmp_path)
    transcript, *messages = fences("text")
    Path("harbour.txt").write_text(transcript, encoding="utf-8")
    for line in fences("console")[2].splitlines():
        assert main(line.removeprefix("$ python3 build.py ").split()) == 0
    assert sorted(path.name for path in Path("dist").iterdir()) == [
        "harbour-cover.png",
        "harbour.epub",
        "harbour.pdf",
        "index.html",
        "opds.json",
        "opds.xml",
        "read.html",
        "web",
    ]
    Path("harbour/index.toml").write_text(fences("toml")[0], encoding="utf-8")
    capsys.readouterr()
    assert main(["--book", "harbour"]) == 1
    assert capsys.readouterr().err == messages[0]
    mended = fences("toml")[0].replace('"shops"', '"shop"')
    Path("harbour/index.toml").write_text(mended, encoding="utf-8")
    assert main(["--book", "harbour"]) == 0


def test_every_option_is_named_in_readme_and_every_named_one_exists() -> None:
    """README and the command line know the same words."""
    options = {
        option
        for command in (commands, *commands.commands.values())
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    named = set(re.findall(r"--[a-z]+", README))
    assert options - {"--help"} == named
    assert {f"`python3 build.py {name}" for name in commands.commands if name != "build"} <= set(
        re.findall(r"`python3 build\.py [a-z]+", README)
    )


def test_the_files_of_a_draft_are_those_that_readme_lists(tmp_path: Path) -> None:
    """What ``new`` writes stands in the table of the edition's files."""
    transcript = tmp_path / "harbour.txt"
    transcript.write_text(fences("text")[0], encoding="utf-8")
    for path in draft_edition(transcript, tmp_path / "harbour", "en", lambda finding: None):
        assert f"| `{path.name}` |" in README


def test_the_map_of_the_code_names_every_room() -> None:
    """And no room that is not there."""
    rooms = {path.stem for path in (ROOT / "octavo").iterdir() if path.name[0] not in "_."}
    code = next(block for block in fences("text") if "octavo/" in block)
    missing = {room for room in rooms if not re.search(rf"\b{room}\b", code)}
    assert missing == set()
