"""The site in Chromium, served with a strict policy: on phones and walls, dark, by keyboard."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from preview_browser import Browser

from octavo.findings import Findings
from octavo.outputs import write_whole
from octavo.press import Request, build
from octavo.serve.server import serve

ROOT = Path(__file__).parents[1]
FIRST_VIEW = 100_000
WIDTHS = (320, 360, 768, 1280, 2560)
PAGES = ("index.html", "read.html")
LOADED = """performance.getEntriesByType("resource")
  .concat(performance.getEntriesByType("navigation"))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
SMALLEST = """Math.min(...[...document.querySelectorAll(".download, .find button, .find input")]
  .filter(one => one.offsetParent).map(one => one.getBoundingClientRect().height))"""
COUNT = "document.querySelector('.find-count').value"
FOUND = "document.querySelector('.found-here')?.textContent ?? ''"
FOCUS = "document.activeElement.className || document.activeElement.textContent.trim()"


@dataclass(frozen=True)
class Shown:
    """The first book's site, on a server and in a browser."""

    folder: Path
    address: str
    browser: Browser

    def open(self, page: str) -> None:
        # A mere change of the hash would load nothing.
        self.browser.do(go="about:blank")
        self.browser.do(go=self.address + page)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("site")
    built = build(Request(ROOT / "book", folder), Findings(), lambda step: None)
    write_whole(built.files)
    with serve(folder, 0, lan=False) as addresses:
        yield Shown(folder, addresses.here, browser)


def heard(shown: Shown) -> list[str]:
    """What the browser complained of; nobody has an icon at the server's root."""
    said: dict[str, Any] = shown.browser.do(heard=True)
    return said["complaints"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_it(page: str, colours: str, shown: Shown) -> None:
    """Axe has nothing against it at any width, nothing scrolls sideways, fingers hit buttons."""
    shown.browser.do(colours=colours)
    for width in WIDTHS:
        shown.browser.do(width=width)
        shown.open(page)
        assert shown.browser.do(axe=True) == []
        assert not shown.browser.ask(SIDEWAYS), width
        assert shown.browser.ask(SMALLEST) >= 24
    assert heard(shown) == []


def test_the_first_view_is_light(shown: Shown) -> None:
    """All that is loaded, as it is sent."""
    shown.browser.do(width=1280)
    shown.open("index.html")
    shown.browser.ask("document.fonts.ready.then(() => null)")
    assert 50_000 < shown.browser.ask(LOADED) < FIRST_VIEW


def test_all_of_it_is_reached_by_keyboard(shown: Shown) -> None:
    """First the way past the bar, then what is in it."""
    shown.open("read.html")
    reached = []
    for _ in range(4):
        shown.browser.do(press="Tab")
        reached.append(shown.browser.ask(FOCUS))
    assert reached[:2] == ["skip", "bar-title"]
    assert shown.browser.ask("document.activeElement.matches('.find *')")
    shown.open("index.html")
    for kind in ("PDF", "EPUB", "Read online"):
        shown.browser.do(press="Tab")
        assert shown.browser.ask("document.activeElement.textContent").strip().startswith(kind)


@pytest.mark.parametrize("place", ["server", "disk"])
def test_words_are_found(place: str, shown: Shown) -> None:
    """With and without a server; accents, case and the shape of quotation marks do not matter."""
    browser = shown.browser
    if place == "disk":
        browser.do(go=(shown.folder / "read.html").as_uri() + "?q=PARTY's%20GOVERNING")
    else:
        shown.open("read.html?q=PARTY's%20GOVERNING")
    first = browser.wait_for(FOUND, bool)
    assert "Party’s governing" in first
    count = browser.ask(COUNT)
    assert count.startswith("1 of ")
    assert int(count.split()[-1]) > 1
    browser.ask("document.querySelector('#find').focus()")
    browser.do(press="Enter")
    assert browser.ask(COUNT).startswith("2 of ")
    assert browser.ask(FOUND) != first
    browser.ask("document.querySelector('.find-before').click()")
    assert browser.ask(FOUND) == first


@pytest.mark.parametrize("asked", ['"Three Represents"', "„three represents“", "THREE  represents"])
def test_marks_may_be_typed_as_on_any_keyboard(asked: str, shown: Shown) -> None:
    """Straight, German, or none."""
    shown.open(f"read.html?q={quote(asked)}")
    assert "Three Represents" in shown.browser.wait_for(FOUND, bool)


def test_what_is_not_there_is_said(shown: Shown) -> None:
    """And said aloud: the count is a live region."""
    shown.open("read.html?q=zeppelin")
    assert shown.browser.wait_for(COUNT, bool) == "not found"
    assert shown.browser.ask("document.querySelector('.find-count').tagName") == "OUTPUT"


def test_links_of_the_index_land_on_their_words(shown: Shown) -> None:
    """Each shows the element that holds them, below the bar."""
    shown.open("read.html")
    wrong = shown.browser.ask(
        """[...document.querySelectorAll("#index a")].filter(link => {
          const target = document.getElementById(decodeURIComponent(link.hash.slice(1)))
          if (!target) return true
          target.scrollIntoView()
          const { top } = target.getBoundingClientRect()
          const bar = document.querySelector(".bar").getBoundingClientRect().bottom
          const isLast = scrollY + innerHeight >= document.documentElement.scrollHeight - 2
          return !target.textContent.trim() || (top < bar - 1 && !isLast)
        }).map(link => link.href)"""
    )
    assert wrong == []


def test_the_find_box_waits_for_its_script(shown: Shown) -> None:
    """It is not shown where it would do nothing, and no other script is there."""
    page = (shown.folder / "read.html").read_text(encoding="utf-8")
    assert '<form class="find" hidden' in page
    assert page.count("<script") == 1
    assert "style=" not in page
