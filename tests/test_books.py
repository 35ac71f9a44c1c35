"""Small whole books: every stage as text against golden files, and the finished files.

``UPDATE_GOLDEN=1 python3 build.py test tests/test_books.py`` rewrites the golden files;
a person reads the difference.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from octavo.cli import CACHE, STAGES, main

BOOKS = Path(__file__).parent / "books"
ROOT = Path(__file__).parents[1]
NAMES = sorted(path.name for path in BOOKS.iterdir() if path.is_dir())
UPDATE = "UPDATE_GOLDEN" in os.environ


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", NAMES)
def test_stages_are_as_the_golden_files_say(
    name: str, stage: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stage of each small book, printed by the command line itself."""
    monkeypatch.chdir(BOOKS / name)
    assert main(["--book", "in", "--stage", stage]) == 0
    printed = capsys.readouterr().out
    golden = BOOKS / name / "golden" / f"{stage}.txt"
    if UPDATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(printed, encoding="utf-8")
    assert printed == golden.read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=NAMES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a small book's finished files."""
    out = tmp_path_factory.mktemp(request.param)
    assert main(["--book", str(BOOKS / request.param / "in"), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def pdf(built: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(next(built.glob("*.pdf"))) as found:
        yield found


def test_front_matter_is_roman_and_the_text_begins_on_recto_1(pdf: pikepdf.Pdf) -> None:
    """Page labels run i, ii ... and then 1, 2 ..., and folio 1 lies on a right-hand page."""
    labels = [page.label for page in pdf.pages]
    first = labels.index("1")
    assert first % 2 == 0
    assert not any(label.isdecimal() for label in labels[:first])
    assert labels[first:] == [str(number) for number in range(1, len(labels) - first + 1)]


def test_one_font_object_holds_each_face(pdf: pikepdf.Pdf) -> None:
    """Signatures share their subsets: no face is embedded twice."""
    programs = [
        str(font.FontName).partition("+")[2]
        for font in pdf.objects
        if isinstance(font, pikepdf.Dictionary) and "/FontFile2" in font
    ]
    assert len(programs) == len(set(programs)) > 0


def test_every_page_is_tagged_or_blank(pdf: pikepdf.Pdf) -> None:
    """Pages with text belong to the one tag tree."""
    for page in pdf.pages:
        assert ("/StructParents" in page.obj) == ("/Contents" in page.obj)
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.StructTreeRoot.K[0].S == "/Document"


def test_the_outline_leads_to_the_parts(pdf: pikepdf.Pdf) -> None:
    """The contents stands first, in the language of the book, then headings and parts."""
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[0] in {"Contents", "Inhalt", "תוכן העניינים"}
    assert len(titles) > 3


def test_the_same_bytes_anywhere_at_any_hour(tmp_path: Path) -> None:
    """Two hash seeds, two clocks, two locales, two folders: one and the same book."""
    made = []
    for number, zone in enumerate(("UTC", "Pacific/Kiritimati")):
        copy = tmp_path / f"copy {number}" / "harbour"
        shutil.copytree(BOOKS / "harbour" / "in", copy)
        environment = os.environ | {
            "PYTHONHASHSEED": str(number),
            "TZ": zone,
            "LC_ALL": ("C", "C.UTF-8")[number],
            "OCTAVO_CACHE": str(tmp_path / f"cache {number}"),
        }
        code = (
            "import sys, time; real = time.time; "
            f"time.time = lambda: real() + {number} * 400_000_000; "
            "from octavo.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        subprocess.run(
            [sys.executable, "-c", code, "--book", str(copy)],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
        made.append(
            [p.read_bytes() for p in sorted((copy.parent / "dist").rglob("*")) if p.is_file()]
        )
    assert len(made[0]) == 16
    assert made[0] == made[1]


def test_a_build_with_nothing_to_do_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second build says so and leaves the files as they are, to the time of day."""
    folder = tmp_path / "harbour"
    shutil.copytree(BOOKS / "harbour" / "in", folder)
    assert main(["--book", str(folder)]) == 0
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "dist").rglob("*")}
    capsys.readouterr()
    assert main(["--book", str(folder)]) == 0
    assert capsys.readouterr().err.endswith("nothing to do\n")
    again = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "octavo", "--book", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    # Not even the command line is taken apart.
    assert again.endswith("nothing to do\n")
    assert "octavo.unchanged" in again
    assert "click" not in again
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "dist").rglob("*")} == before


def test_a_command_that_is_given_again_after_an_edit_builds_what_it_should(tmp_path: Path) -> None:
    """Its engine is loaded before the command line is taken apart."""
    folder = tmp_path / "harbour"
    shutil.copytree(BOOKS / "harbour" / "in", folder)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OCTAVO_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "octavo", "--book", str(folder), "--only", "pdf,epub"]
    told = []
    for _ in range(2):
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        told.append(done.stderr)
        text = (folder / "harbour.txt").read_text(encoding="utf-8")
        (folder / "harbour.txt").write_text(text.replace("eleven", "twelve"), encoding="utf-8")
    assert all("built in" in one for one in told)
    made = (tmp_path / "dist" / "harbour.pdf").read_bytes()
    assert main(["--book", str(folder), "--out", str(tmp_path / "again"), "--only", "pdf"]) == 0
    assert (tmp_path / "again" / "harbour.pdf").read_bytes() == made


@pytest.mark.parametrize("change", ["text", "index", "output", "ledger"])
def test_whatever_changed_is_built_again(
    change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An edited text or index, a damaged output, a damaged ledger: all of them build."""
    folder = tmp_path / "harbour"
    shutil.copytree(BOOKS / "harbour" / "in", folder)
    assert main(["--book", str(folder)]) == 0
    good = (tmp_path / "dist" / "harbour.pdf").read_bytes()
    if change == "text":
        text = (folder / "harbour.txt").read_text(encoding="utf-8")
        (folder / "harbour.txt").write_text(text.replace("eleven", "twelve"), encoding="utf-8")
    elif change == "index":
        index = (folder / "index.toml").read_text(encoding="utf-8")
        (folder / "index.toml").write_text(index.replace("news of", "its news"), encoding="utf-8")
    elif change == "output":
        (tmp_path / "dist" / "harbour.pdf").write_bytes(good[:-100])
    else:
        for ledger in CACHE.glob("ledger-*.json"):
            if str(folder) in ledger.read_text(encoding="utf-8"):
                ledger.write_text("{", encoding="utf-8")
    capsys.readouterr()
    assert main(["--book", str(folder)]) == 0
    assert "built in" in capsys.readouterr().err
    now = (tmp_path / "dist" / "harbour.pdf").read_bytes()
    assert (now == good) == (change in {"output", "ledger"})


def test_a_broken_template_that_nobody_renders_stops_no_build(tmp_path: Path) -> None:
    """Templates are compiled while there is nothing else to do, those of no use among them."""
    folder = tmp_path / "harbour"
    shutil.copytree(BOOKS / "harbour" / "in", folder)
    for name in ("ebook/scrap.xhtml", "print/scrap.html"):
        (folder / "templates" / name).parent.mkdir(parents=True)
        (folder / "templates" / name).write_text("{% if broken", encoding="utf-8")
    assert main(["--book", str(folder)]) == 0


def test_only_what_is_asked_for_is_made(tmp_path: Path) -> None:
    """``--only epub`` makes an EPUB, page numbers and all, and no PDF."""
    arguments = ["--book", str(BOOKS / "harbour" / "in"), "--out", str(tmp_path), "--only", "epub"]
    assert main(arguments) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "harbour-cover.png",
        "harbour.epub",
    ]
