"""Books of other shapes than the first: a play, a hearing, German and French, all proved."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_books import BOOKS, Made, write_book

from octavo.cli import main

SMALL = [replace(made, chapters=min(made.chapters, 3), turns=min(made.turns, 40)) for made in BOOKS]


@pytest.mark.parametrize("made", SMALL, ids=lambda made: made.name)
def test_made_up_books_are_proved(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twelve speakers and one-line turns, long answers, their quotation marks and hyphens."""
    assert main(["--book", str(write_book(made, tmp_path))]) == 0
    said = capsys.readouterr().err
    assert ", each once and in order in every file" in said
    for fault in ("widow", "orphan", "stack", "stranded", "overfull", "unlevel", "page turn"):
        assert fault not in said.partition("page lint: ")[2].partition("\n")[0]
