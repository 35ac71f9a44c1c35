"""The preview in Chromium, over the builds of a ``watch --serve``: what a person sees of edits."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from made_books import BOOKS, write_book
from preview_browser import MODULES, PATIENCE, Browser

from octavo.preview.engine import Engine

ROOT = Path(__file__).parents[1]
SHAPE = replace(BOOKS[1], chapters=6, turns=12, longest=8)
STATUS = "document.getElementById('status').textContent"
PICTURES = "[...document.querySelectorAll('#pages img')].map(i => i.src.split('/').pop())"
PLACE = "(({ folio, top }) => [folio, Math.round(top)])(placeInPages())"
KEPT = "[...document.querySelectorAll('#pages img')].filter(i => kept.has(i)).length"
SPREADS = """[...document.querySelectorAll("#pages > li")].map(page => {
  const { left, right, top } = page.getBoundingClientRect()
  return [page.dataset.folio, Math.round(left), Math.round(right), Math.round(top + scrollY)]
})"""
READ = """(() => {
  const { cfi, href } = rendition.currentLocation().start
  const { startContainer } = rendition.getRange(cfi)
  const nearest = startContainer.closest ? startContainer : startContainer.parentElement
  return [href, nearest.closest("p")?.textContent.slice(0, 60) ?? ""]
})()"""


@dataclass(frozen=True)
class Seen:
    """A book at work, and the browser that it is seen in."""

    book: Path
    browser: Browser
    address: str

    def seed(self, number: int) -> Path:
        return self.book.parent / "seeds" / f"{number:02}.txt"

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def wait_for_build(self, before: object) -> None:
        """Wait until a build later than the snapshot *before* is shown."""
        self.browser.wait_for(
            f"shown > {before} && !document.body.classList.contains('building')", bool
        )

    @property
    def number(self) -> object:
        return self.browser.ask("shown")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Seen]:
    """A made-up book that is watched and served, in a browser of 1280 by 800 pixels."""
    folder = tmp_path_factory.mktemp("seen")
    book = write_book(SHAPE, folder)
    # The engine is of the very version that npm would bring.
    engine = Engine(folder / "cache", lambda: None)
    engine._folder.mkdir(parents=True)
    (engine._folder / "node_modules").symlink_to(MODULES)
    own = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    with (folder / "log").open("wb") as log:
        watching = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "octavo",
                "watch",
                "--serve",
                "--port",
                "0",
                "--book",
                str(book),
            ],
            cwd=ROOT,
            env={**own, "OCTAVO_CACHE": str(folder / "cache")},
            stderr=log,
            start_new_session=True,
        )
    try:
        address = wait_for_address(folder / "log", watching)
        browser.do(go=address)
        browser.wait_for(STATUS, lambda said: "set anew" in said)
        yield Seen(book, browser, address)
    finally:
        os.killpg(watching.pid, signal.SIGKILL)
        watching.wait()


def wait_for_address(log: Path, watching: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE
    while not (found := re.search(r"the preview: (\S+)", log.read_text(encoding="utf-8"))):
        assert watching.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end
        time.sleep(0.05)
    return found[1]


def test_pages_lie_in_spreads(seen: Seen) -> None:
    """The first is a recto by itself at the right; then a verso and a recto side by side."""
    first, *others = seen.browser.ask(SPREADS)
    assert first[0] == "i"
    for verso, recto in zip(others[::2], others[1::2], strict=False):
        assert verso[3] == recto[3] > first[3]
        assert verso[2] == recto[1] == first[1]


def test_an_edited_word_changes_its_pages_alone(seen: Seen) -> None:
    """Other pictures are not asked for again and keep their elements; nothing scrolls."""
    browser = seen.browser
    # Every picture has been seen once.
    browser.ask("document.querySelectorAll('#pages img').forEach(i => { i.loading = 'eager' })")
    browser.wait_for("[...document.querySelectorAll('#pages img')].every(i => i.complete)", bool)
    browser.ask("window.kept = new Set(document.querySelectorAll('#pages img'))")
    browser.ask("scrollTo(0, 3000)")
    place, pictures, number = browser.ask(PLACE), browser.ask(PICTURES), seen.number
    browser.do(heard=True)
    seen.edit(seen.seed(5), "storm", "tempest")
    seen.wait_for_build(number)
    now = browser.ask(PICTURES)
    fresh = {name for name in now if name not in pictures}
    assert 0 < len(fresh) < len(now) / 2
    assert browser.ask(KEPT) == len(now) - len(fresh)
    time.sleep(1)
    asked = {path.split("/")[-1] for path in browser.do(heard=True)["asked"] if "/page/" in path}
    assert asked <= fresh
    # What is said above the pages may be longer now.
    assert browser.ask(PLACE) == place
    told = browser.ask("document.getElementById('changes-told').textContent")
    assert "Pages set anew" in told
    marks = browser.ask("document.querySelectorAll('#pages .mark').length")
    assert marks == len(fresh)


def test_more_text_moves_pages_and_the_place_stays(seen: Seen) -> None:
    """What was read stays under the eye, though its number is another; locators are told."""
    browser = seen.browser
    browser.ask("[...document.querySelectorAll('#pages > li')].at(-8).scrollIntoView()")
    place = browser.ask("placeInPages()")
    words = browser.ask("find('pages').children[placeInPages().at].dataset.folio")
    text, number = seen.seed(1).read_text(encoding="utf-8"), seen.number
    seen.seed(1).write_text("Mr. Oakes: And so it went on.\n\n" * 90 + text, encoding="utf-8")
    seen.wait_for_build(number)
    told = browser.ask("document.getElementById('changes-told').textContent")
    assert "Length" in told
    assert "Pages moved" in told
    assert "Locators" in told
    assert re.search(r"harbour:\s+\d[\d, –]* → \d", told)
    after = browser.ask("placeInPages()")
    assert abs(after["top"] - place["top"]) <= 1
    assert browser.ask(
        "find('pages').children[placeInPages().at].querySelector('.mark')?.textContent"
    ) in (f"was {words}", "changed")
    number = seen.number
    seen.seed(1).write_text(text, encoding="utf-8")
    seen.wait_for_build(number)


def test_a_fault_is_told_on_top_and_the_book_stays(seen: Seen) -> None:
    """With a link to the line; mended, all is as it was."""
    browser, seed = seen.browser, seen.seed(2)
    pictures, number = browser.ask(PICTURES), seen.number
    text = seed.read_text(encoding="utf-8")
    line = next(n for n, words in enumerate(text.split("\n"), 1) if words.startswith("Mr. Oakes:"))
    seen.edit(seed, "Mr. Oakes:", "Mr. Oaks:")
    seen.wait_for_build(number)
    assert browser.ask(STATUS).startswith("Not built: ")
    assert "did you mean Mr. Oakes?" in browser.ask("document.querySelector('.findings').innerText")
    assert "older than your files" in browser.ask("document.querySelector('.stale').textContent")
    assert browser.ask(PICTURES) == pictures
    # From wherever one reads, one link leads to what is wrong.
    browser.ask("document.getElementById('to-told').click()")
    top = browser.ask("document.querySelector('.findings').getBoundingClientRect().top")
    assert 0 < top < 200
    label = browser.ask("document.querySelector('.where a').textContent")
    assert label.startswith(f"{seed}:{line}:")
    assert_accessible(seen)
    browser.do(go=browser.ask("document.querySelector('.where a').href"))
    assert "Mr. Oaks:" in browser.ask("document.querySelector(':target').textContent")
    assert browser.ask("getComputedStyle(document.querySelector(':target')).backgroundColor") != (
        "rgba(0, 0, 0, 0)"
    )
    assert_accessible(seen)
    browser.do(go=seen.address)
    number = browser.wait_for("shown", bool)
    seed.write_text(text, encoding="utf-8")
    seen.wait_for_build(number)
    assert browser.ask("document.querySelector('.stale, .findings')") is None
    assert browser.ask(PICTURES) == pictures


def test_a_speaker_is_renamed(seen: Seen) -> None:
    """Pages follow, and the list of changes."""
    browser, number, pictures = seen.browser, seen.number, seen.browser.ask(PICTURES)
    seen.edit(seen.book / "book.toml", 'name = "Dr. Falk"', 'name = "Dr. Falkenberg"')
    seen.wait_for_build(number)
    assert browser.ask(PICTURES) != pictures
    assert "Pages set anew" in browser.ask("document.getElementById('changes-told').textContent")


def test_a_transcript_goes_and_comes_back(seen: Seen) -> None:
    """The last book is there all the while."""
    browser, seed = seen.browser, seen.seed(3)
    text, pictures, number = seed.read_bytes(), browser.ask(PICTURES), seen.number
    seed.unlink()
    seen.wait_for_build(number)
    assert "missing-transcript" in browser.ask("document.querySelector('.findings').textContent")
    assert browser.ask(PICTURES) == pictures
    number = seen.number
    seed.write_bytes(text)
    seen.wait_for_build(number)
    assert browser.ask("document.querySelector('.findings')") is None
    assert browser.ask(PICTURES) == pictures


def test_the_ebook_keeps_its_place(seen: Seen) -> None:
    """The engine shows its text, no script runs, and a build leaves it at the same words."""
    browser = seen.browser
    browser.wait_for("document.body.dataset.shown ?? ''", bool, "/reader")
    leaf = browser.ask("document.querySelector('#leaf iframe').getAttribute('sandbox')", "/reader")
    assert leaf == "allow-same-origin"
    browser.ask("rendition.display(book.spine.get(7).href).then(() => rendition.next())", "/reader")
    place = browser.wait_for(READ, lambda found: len(found[1]) > 20, "/reader")
    before = browser.ask("document.body.dataset.shown", "/reader")
    number = seen.number
    seen.edit(seen.seed(1), "harbour", "haven of the harbour")
    seen.wait_for_build(number)
    browser.wait_for("document.body.dataset.shown", lambda now: now != before, "/reader")
    assert browser.ask(READ, "/reader") == place
    assert browser.ask("document.querySelectorAll('#leaf iframe').length", "/reader") == 1


def test_it_is_used_by_keyboard(seen: Seen) -> None:
    """The first key leads past the bar; a page is jumped to, and one that is not there is told."""
    browser = seen.browser
    browser.do(go=seen.address)
    browser.wait_for("shown", bool)
    browser.do(press="Tab")
    assert browser.ask("document.activeElement.className") == "skip"
    browser.ask("document.getElementById('jump-to').focus()")
    for key in ("9", "Enter"):
        browser.do(press=key)
    assert browser.ask("document.activeElement.dataset.folio") == "9"
    place = browser.ask("document.activeElement.getBoundingClientRect().top")
    bar = browser.ask("document.querySelector('.bar').getBoundingClientRect().bottom")
    assert bar <= place < bar + 60
    browser.ask("document.getElementById('jump-to').focus()")
    for key in ("9", "9", "9", "Enter"):
        browser.do(press=key)
    assert browser.ask(STATUS) == "There is no page 9999"
    # Panes go and come, and stay as they were left.
    browser.ask("document.querySelector('[data-pane=ebook]').focus()")
    browser.do(press="Space")
    browser.do(go=seen.address)
    assert browser.ask("document.getElementById('ebook').hidden") is True
    browser.ask("document.querySelector('[data-pane=ebook]').click()")
    assert browser.ask("document.getElementById('ebook').hidden") is False


def test_axe_has_nothing_against_it(seen: Seen) -> None:
    """Neither in light nor in dark, neither the window nor the frame in it."""
    seen.browser.do(go=seen.address)
    seen.browser.wait_for("document.body?.dataset.shown ?? ''", bool, "/reader")
    assert_accessible(seen, "", "/reader")


def assert_accessible(seen: Seen, *frames: str) -> None:
    for colours in ("dark", "light"):
        seen.browser.do(colours=colours)
        for frame in frames or ("",):
            assert seen.browser.do(axe=True, frame=frame) == []


def test_the_browser_had_no_complaint(seen: Seen) -> None:
    """In all that the tests above did: no error, and nothing that the policy refused."""
    assert seen.browser.do(heard=True)["complaints"] == []
