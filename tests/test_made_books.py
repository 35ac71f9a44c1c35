"""Books of other shapes than the first: a play, a hearing, German and French, all proved."""

from dataclasses import replace
from pathlib import Path

import pikepdf
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


def test_a_chapter_may_begin_on_either_side(tmp_path: Path) -> None:
    """``chapter_start = "page"``: no page is lost, and none is blank between chapters."""
    shape = replace(SMALL[0], turns=8)
    book = write_book(shape, tmp_path)
    with (book / "book.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[print]\nchapter_start = "page"\n')
    assert main(["--book", str(book)]) == 0
    with pikepdf.open(book.parent / "dist" / f"{shape.name}.pdf") as pdf:
        places = [page.label for page in pdf.pages]
        with pdf.open_outline() as outline:
            begins = {
                pdf.pages.index(pikepdf.Page(item.destination[0]))
                for item in outline.root
                if item.title.startswith(shape.title)
            }
        assert len(begins) == 3
        assert any(int(places[page]) % 2 == 0 for page in begins)
        blank = [label for page, label in zip(pdf.pages, places, strict=True)
                 if label.isdecimal() and "/StructParents" not in page.obj]  # fmt: skip
    assert len(blank) <= 1
