"""The e-book in the hands of others: EPUBCheck, Ace, two reading systems, and an old engine."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ebook_sample import ENTRIES, NAMESPACES, TALK, Package, sample, text_of

from octavo.edition.schema import BookTable
from octavo.findings import Findings
from octavo.press import Request, build
from octavo.proof.validators import check_epub, missing_tools

ROOT = Path(__file__).parents[1]
READERS = Path(__file__).with_name("readers")
MODULES = Path(os.environ.get("MODULES", READERS / "node_modules"))
MISSING = missing_tools()
SLOWEST_LINK = 1000
"""Milliseconds."""
Find = Callable[..., str]

SAMPLES = {
    "one talk": sample(),
    "two talks": sample(TALK, TALK, entries=ENTRIES[1:]),
    "right to left": sample(language="he"),
    "nothing but talk": sample(
        (("Wang", ["Yes."]), ("Li", ["No."])),
        headings={},
        entries=(),
        table=BookTable(front=("title",)),
        head=(),
    ),
}
FIRST = "the first book"


@cache
def first_book() -> bytes:
    """The EPUB of this repository's own book, built and proved but not written."""
    with TemporaryDirectory() as out:
        request = Request(ROOT / "book", Path(out), frozenset({"epub"}))
        files = build(request, Findings(), lambda step: None).files
    return next(data for path, data in files.items() if path.suffix == ".epub")


@pytest.fixture
def package(request: pytest.FixtureRequest) -> Package:
    return Package(first_book()) if request.param == FIRST else SAMPLES[request.param].package


@pytest.fixture
def epub(package: Package, tmp_path: Path) -> Path:
    path = tmp_path / "book.epub"
    path.write_bytes(package.data)
    return path


def books(*names: str) -> pytest.MarkDecorator:
    """The books that a test is about; a browser takes its time, so not always all of them."""
    return pytest.mark.parametrize("package", names, indirect=True)


@pytest.mark.skipif(
    bool(MISSING), reason=f"NOT VALIDATED, missing: {', '.join(MISSING)}; run build.py check once"
)
@books(FIRST, "two talks", "right to left", "nothing but talk")
def test_epubcheck_has_nothing_to_say(epub: Path) -> None:
    """No error, no warning, no remark."""
    assert check_epub(epub).messages == ()


def environment(**more: str) -> dict[str, str]:
    """What a browser is started with; not the print engine's word that there are no fonts."""
    return {**{k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}, **more}


def npm_program(program: Find, name: str) -> str:
    """A program among the npm packages in use."""
    path = MODULES / ".bin" / name
    return str(path) if path.exists() else program(name)


@books(FIRST, "two talks")
def test_ace_has_no_finding(epub: Path, tmp_path: Path, program: Find) -> None:
    """DAISY's accessibility checker, axe included, finds nothing to mend."""
    ace = npm_program(program, "ace-cli")
    browser = tmp_path / "browser"
    # Chromium will not run its sandbox for root, as in a container.
    browser.write_text(f'#!/bin/sh\nexec {program("chromium")} --no-sandbox --disable-gpu "$@"\n')
    browser.chmod(0o755)
    run = subprocess.run(
        [ace, "--silent", "--force", "--outdir", str(tmp_path / "ace"), str(epub)],
        env=environment(PUPPETEER_EXECUTABLE_PATH=str(browser), ACE_TIMEOUT_INITIAL="60000"),
        capture_output=True,
        check=False,
        text=True,
    )
    report = tmp_path / "ace" / "report.json"
    assert report.is_file(), run.stdout + run.stderr
    findings = [
        f"{document['earl:testSubject']['url']}: {finding['earl:test']['dct:title']}: "
        f"{finding['earl:result']['dct:description']}"
        for document in json.loads(report.read_text(encoding="utf-8"))["assertions"]
        for finding in document["assertions"]
    ]
    assert findings == []


# Reading systems ------------------------------------------------------------------


@pytest.fixture(params=["epubjs", "foliate"])
def seen(request: pytest.FixtureRequest, epub: Path, program: Find) -> dict[str, Any]:
    """What a reading system showed of the book (``readers/read.mjs``)."""
    node, browser = program("node"), program("chromium")
    if not (MODULES / "playwright-core").is_dir():
        pytest.skip(f"{MODULES} is not there; `npm ci` in tests/readers makes it")
    run = subprocess.run(
        [node, str(READERS / "read.mjs"), str(epub), request.param],
        env=environment(CHROMIUM=browser, MODULES=str(MODULES), VIEWPORT="400x500"),
        capture_output=True,
        check=False,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@books(FIRST, "right to left")
def test_a_reading_system_shows_the_book(seen: dict[str, Any], package: Package) -> None:
    """Contents, landmarks, pages, every word in order, every link of the index, no complaint."""
    assert seen["complaints"] == []
    assert seen["title"] == package.find("content.opf", "//dc:title")[0].text
    assert [tuple(item) for item in seen["toc"]] == package.links("toc")
    assert [href for _, href in seen["landmarks"]] == [
        href for _, href in package.links("landmarks")
    ]
    assert [tuple(item) for item in seen["pages"]] == package.links("page-list")
    assert [document["name"] for document in seen["documents"]] == package.spine
    for document in seen["documents"]:
        assert "".join(document["words"]) == visible_text(package, document["name"])
    _assert_links_land(seen["links"], package)


def _assert_links_land(links: list[dict[str, Any]], package: Package) -> None:
    """Each link of the index led to its words, on the page shown, in less than a second."""
    expected = [
        (href, text_of(package.target(href, "index.xhtml")))
        for href in package.find("index.xhtml", "//x:a/@href")
    ]
    assert [(link["href"], link["text"]) for link in links] == expected
    assert [link for link in links if link["milliseconds"] > SLOWEST_LINK] == []


def visible_text(package: Package, name: str) -> str:
    """The text of a document without its white space and what is hidden."""
    (body,) = package.find(name, "//x:body")
    for hidden in body.findall(".//x:nav[@hidden]", NAMESPACES):
        hidden.clear()
    return "".join(text_of(body).split())


@pytest.mark.parametrize("name", SAMPLES)
def test_an_engine_without_a_browser_reads_the_book(
    name: str, tmp_path: Path, program: Find
) -> None:
    """MuPDF, which ignores most of the stylesheet, shows every paragraph under its speaker."""
    epub = tmp_path / "book.epub"
    epub.write_bytes(SAMPLES[name].made.data)
    run = subprocess.run(
        [program("mutool"), "draw", "-q", "-F", "txt", str(epub)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert run.returncode == 0
    shown = "".join(run.stdout.split())
    at = 0
    for turn in SAMPLES[name].book.turns():
        label = turn.speaker.full_name if turn.first else turn.speaker.short_name
        for words in (label, *(paragraph.words for paragraph in turn.paragraphs)):
            at = shown.index("".join(words.split()), at)
