"""The page lint: every fault is found, counted and told with page and line."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from octavo.cli import main
from octavo.print.lint import CODES, PageFault, Sheet, in_place, is_verso, lint_pages, sum_of_faults
from octavo.print.setpages import Bookmark, Line, SetPage

ROOT = Path(__file__).resolve().parents[1]
SHEET = Sheet(
    width=400, inner=50, outer=60, top=60, line=14, lines=30, size=10, space=2.5
)  # A line may reach to 340 on a recto, to 350 on a verso.
LONG = 60


def line(paragraph: str, row: int, *, length: int = LONG, width: float = 290, **more: Any) -> Line:
    """A line of *paragraph* at a row of the page, counted from 0."""
    start = 1000 * row
    return Line(paragraph, start, start + length, 50, 60 + 14 * row, width, 14, **more)


def page(*lines: Line, bookmarks: tuple[Bookmark, ...] = ()) -> SetPage:
    return SetPage(lines, {}, bookmarks, (), "")


def found(pages: tuple[SetPage, ...], turns: dict[str, str], first: int) -> list[PageFault]:
    """The faults of *pages* in their place, the folio *first* on the first."""
    place: Any = SimpleNamespace(
        folios=tuple(str(number) for number in range(first, first + len(pages))),
    )
    return list(in_place(lint_pages(pages, turns, SHEET, verso=is_verso(place)), place))


def faults(*pages: SetPage, turns: dict[str, str] | None = None) -> list[tuple[str, str, int]]:
    return [(f.code, f.folio, f.line) for f in found(pages, turns or {}, 1)]


def full(paragraph: str, rows: int, first: int = 0) -> list[Line]:
    return [line(paragraph, row) for row in range(first, first + rows)]


def test_a_sound_page_has_no_fault() -> None:
    """Lines level, even and whole; paragraphs of two lines and more at head and foot."""
    assert faults(page(*full("a", 28), *full("b", 2, 28)), page(*full("b", 20))) == []


def test_a_paragraphs_line_alone_at_foot_or_head() -> None:
    """An orphan below, a widow above."""
    assert faults(page(*full("a", 29), line("b", 29)), page(*full("b", 20))) == [
        ("orphan", "1", 30)
    ]
    assert faults(page(*full("b", 30)), page(line("b", 0), *full("c", 20, 1))) == [
        ("widow", "2", 1)
    ]


def test_a_label_is_not_parted_from_what_is_said() -> None:
    """A turn of a one-line paragraph at the foot, going on overleaf, strands its label."""
    pages = page(*full("a", 29), line("b", 29)), page(*full("c", 20))
    assert faults(*pages, turns={"b": "t1", "c": "t1"}) == [("stranded-label", "1", 30)]
    assert faults(*pages, turns={"b": "t1", "c": "t2"}) == []


def test_a_last_line_of_three_characters_is_a_runt() -> None:
    """A paragraph of one short line is none."""
    assert faults(page(*full("a", 3), line("a", 3, length=3, width=12))) == [("runt", "1", 4)]
    assert faults(page(line("a", 0, length=3, width=12))) == []


def test_hyphens_in_a_row_and_over_the_page_turn() -> None:
    """Two may follow each other, three are a stack; a word is whole before the page turns."""
    hyphens = [line("a", row, hyphen=True) for row in range(3)]
    assert faults(page(*hyphens[:2], line("a", 2))) == []
    assert faults(page(*hyphens, line("a", 3))) == [("stacked-hyphens", "1", 3)]
    foot = [line("a", 29, hyphen=True)]
    recto, verso = page(*full("a", 29), *foot), page(*full("a", 20))
    assert faults(recto, verso) == [("broken-over-page", "1", 30)]
    assert faults(page(*full("a", 30)), recto, verso) == []


def test_loose_overfull_and_unlevel_lines() -> None:
    """Spaces above 1.6 of normal; beyond the measure by more than marks hang; off the grid."""
    assert faults(page(line("a", 0, space=1.4))) == []
    assert faults(page(line("a", 0, space=1.6))) == [("loose-line", "1", 1)]
    assert faults(page(line("a", 0, width=296))) == []
    assert faults(page(line("a", 0, width=299))) == [("overfull-line", "1", 1)]
    off = Line("a", 0, 60, 50, 60 + 14 * 5.4, 290, 14)
    assert faults(page(*full("a", 3), off)) == [("unlevel-line", "1", 4)]


def test_a_heading_has_three_lines_under_it() -> None:
    """And two at the foot are too few."""
    low, high = Bookmark(1, "Low", 50, 60 + 14 * 27), Bookmark(1, "High", 50, 60 + 14 * 26)
    assert faults(page(*full("a", 27), *full("b", 2, 28), bookmarks=(low,))) == [
        ("heading-at-foot", "1", 28)
    ]
    assert faults(page(*full("a", 26), *full("b", 3, 27), bookmarks=(high,))) == []


def test_a_last_page_is_a_third_full() -> None:
    """Unless the chapter has no other."""
    assert faults(page(*full("a", 30)), page(*full("a", 9))) == [("short-page", "2", 9)]
    assert faults(page(*full("a", 9))) == []


def test_faults_have_the_folios_of_their_place() -> None:
    """Counted from a chapter's first page, on whichever side that is."""
    foot = page(*full("a", 29), line("a", 29, hyphen=True)), page(*full("a", 20))
    wide = page(line("a", 0, width=299))
    said = [str(fault) for first in (41, 42) for fault in found((*foot, wide), {}, first)]
    assert said == [
        "page 41, line 30: broken-over-page: the word ends on page 42",
        "page 43, line 1: overfull-line: 9.0 points over the measure",
        "page 43, line 1: short-page: 1 of 30 lines before a new chapter",
        "page 43, line 1: widow: a paragraph's last line stands alone at the head",
        "page 44, line 1: short-page: 1 of 30 lines before a new chapter",
        "page 44, line 1: widow: a paragraph's last line stands alone at the head",
    ]


def test_the_sum_counts_each_kind() -> None:
    """One line, in the order of the list; none is said too."""
    some = [PageFault(code, "1", 1, "", 0, 0, 0, 0) for code in ("runt", "widow", "runt")]
    assert sum_of_faults(some) == "page lint: 1 widow, 2 runts"
    assert sum_of_faults([]) == "page lint: no fault"
    every = [PageFault(code, "1", 1, "", 0, 0, 0, 0) for code in CODES]
    assert sum_of_faults(every).count("1 ") == len(CODES)


@pytest.fixture
def first_book(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path / "book"


def test_the_first_book_has_no_fault(first_book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As it is set by default."""
    assert main(["lint", "--book", str(first_book)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1] == "page lint: no fault"


def test_lines_set_one_by_one_are_told_as_text_and_as_json(
    first_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with page and line, and every page is drawn."""
    toml = first_book / "book.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + '\n[print]\nline_breaking = "greedy"\n', encoding="utf-8"
    )
    assert main(["lint", "--book", str(first_book)]) == 0
    text = capsys.readouterr().out.splitlines()
    assert main(["lint", "--book", str(first_book), "--json"]) == 0
    objects = json.loads(capsys.readouterr().out)
    assert text == [
        f"page {o['folio']}, line {o['line']}: {o['code']}: {o['found']}" for o in objects
    ]
    assert "loose-line" in {found["code"] for found in objects}
    proof = first_book.parent / "dist" / "proof"
    assert len(list(proof.glob("page-*.png"))) == 17
    html = (proof / "index.html").read_text(encoding="utf-8")
    assert all(line in html for line in text)
    assert json.loads((proof / "lint.json").read_text(encoding="utf-8")) == objects


def test_a_line_from_right_to_left_sticks_out_at_its_end() -> None:
    """Its end is at the left, where a recto has its outer margin; a verso has its inner there."""
    sheet = replace(SHEET, rectos_left=True)
    reaching = page(*full("a", 2))
    far = SetPage(tuple(one._replace(x=40) for one in reaching.lines), {}, (), (), "")
    for place, pages, expected in ((1, reaching, 2), (2, reaching, 0), (2, far, 2)):
        verso = place == 2
        said = lint_pages((pages,), {}, sheet, verso=verso)
        assert [one.code for one in said] == ["overfull-line"] * expected
