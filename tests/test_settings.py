"""Every page size with every layout makes a book that is proved."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from octavo.cli import main
from octavo.findings import Findings
from octavo.press.layout import lay_out
from octavo.press.reading import read_book
from octavo.print.compositor import Compositor
from octavo.print.setpages import Line

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def first_book(tmp_path: Path) -> Path:
    """A copy of the first book that may be set otherwise."""
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path / "book"


def add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("trim", "layout"),
    [("a5", "block"), ("digest", "hang"), ("trade", "run-in"), ("a4", "block"), ("letter", "hang")],
)
def test_trims_and_layouts(trim: str, layout: str, first_book: Path) -> None:
    """The proof holds whatever the page: the same words, other pages."""
    add(first_book / "book.toml", f'\n[print]\ntrim = "{trim}"\nlayout = "{layout}"\n')
    assert main(["--book", str(first_book), "--only", "pdf"]) == 0


def lines_of(book: Path) -> list[Line]:
    """Every line of the text as it is set."""
    with Compositor() as compositor:
        layout = lay_out(read_book(book, Findings()), compositor, Findings(), lambda step: None)
        return [
            line
            for place in layout.body.places
            for page in place.setting.pages
            for line in page.lines
        ]


@pytest.mark.parametrize("layout", ["run-in", "hang", "block"])
def test_paragraphs_are_broken_whole_unless_told_otherwise(layout: str, first_book: Path) -> None:
    """Full lines end at the measure or hang a little; one after the other needs more lines."""
    original = (first_book / "book.toml").read_text(encoding="utf-8")
    found = {}
    for way in ("optimum", "greedy"):
        setting = f'\n[print]\nlayout = "{layout}"\nline_breaking = "{way}"\n'
        (first_book / "book.toml").write_text(original + setting, encoding="utf-8")
        found[way] = lines_of(first_book)
    assert len(found["optimum"]) < len(found["greedy"])
    for lines in found.values():
        rights = [line.x + line.width for line in lines if line.end - line.start > 40]
        # Verso and recto have measures of one width at two places.
        edges = {edge for edge, _ in Counter(map(round, rights)).most_common(2)}
        near = [right for right in rights if any(-1 < right - edge < 6 for edge in edges)]
        assert len(near) > 0.9 * len(rights)


def test_sections_and_chapters_may_begin_on_any_page(first_book: Path) -> None:
    """House style: a section a page, and a front matter of the editor's choice."""
    add(
        first_book / "book.toml",
        '\n[print]\nsection_start = "page"\nchapter_start = "page"\n',
    )
    text = (first_book / "book.toml").read_text(encoding="utf-8")
    front = 'front = ["title", "imprint+contents"]\n\n[[contributor]]'
    text = text.replace("[[contributor]]", front, 1)
    # The table [book] ends where the first contributor begins.
    (first_book / "book.toml").write_text(text, encoding="utf-8")
    assert main(["--book", str(first_book), "--only", "pdf"]) == 0


def test_a_note_may_hold_lists_and_links(first_book: Path) -> None:
    """Markdown of the editor's is set, and the proof knows its words and its addresses."""
    add(first_book / "note.md", "\n\n- one\n- two\n\nSee [the site](https://example.org/a).\n")
    assert main(["--book", str(first_book)]) == 0


def test_a_books_own_rules_are_read_after_ours(first_book: Path) -> None:
    """A file of one rule changes that and nothing else."""
    (first_book / "templates" / "print").mkdir(parents=True)
    own = first_book / "templates" / "print" / "own.css"
    own.write_text(":root { --turn-space: 7.25pt }\n", encoding="utf-8")
    assert main(["--book", str(first_book), "--only", "pdf"]) == 0
