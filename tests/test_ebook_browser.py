"""The e-book's documents as reading systems set them: large, narrow, spaced, in other colours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from ebook_sample import ENTRIES, TALK, Package, sample
from preview_browser import Browser
from test_reading_systems import first_book

SIDEWAYS = """[...document.querySelectorAll("body, body *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 ||
                 one.getBoundingClientRect().left < -1)
  .map(one => one.outerHTML.slice(0, 80))"""
CLIPPED = """[...document.querySelectorAll("body *")]
  .filter(one => one.textContent.trim() && getComputedStyle(one).overflow !== "visible")
  .map(one => one.outerHTML.slice(0, 80))"""
CONTRAST = """(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0)
  const behind = one => {
    for (; one; one = one.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(one).backgroundColor)
      if (a) return [r, g, b]
    }
    return [255, 255, 255]
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let least = 21
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement
    if (!walker.currentNode.data.trim() || !one.getClientRects().length) continue
    const [a, b] = [numbers(getComputedStyle(one).color), behind(one)].map(light)
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05))
  }
  return least
})()"""
SPACED = """* { letter-spacing: 0.12em !important; line-height: 1.5 !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
"""Of WCAG 2.2, 1.4.12."""
THEMES = {
    "dark": ("#ffffff", "#121212"),
    "sepia": ("#5b4636", "#f4ecd8"),
    "e-ink": ("#000000", "#ffffff"),
}


@dataclass(frozen=True)
class Opened:
    """An e-book, unpacked, in a browser."""

    documents: tuple[Path, ...]
    browser: Browser

    def each(self, style: str, expression: str) -> Iterator[tuple[str, object]]:
        """What *expression* comes to in each document under a reader's own *style*."""
        put_in = f"""(() => {{
          const style = document.createElementNS("http://www.w3.org/1999/xhtml", "style")
          style.textContent = {style!r}
          document.head.append(style)
        }})()"""
        for document in self.documents:
            self.browser.do(go=document.as_uri())
            self.browser.ask(put_in)
            yield document.name, self.browser.ask(expression)


BOOKS: dict[str, Callable[[], bytes]] = {
    "the first book": first_book,
    "two talks": lambda: sample(TALK, TALK, entries=ENTRIES[1:]).package.data,
    "right to left": lambda: sample(language="he").package.data,
}


@pytest.fixture(scope="module", params=BOOKS)
def opened(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Opened:
    data = BOOKS[request.param]()
    folder = tmp_path_factory.mktemp("opened")
    with ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    package = Package(data)
    (content,) = folder.rglob("content.opf")
    return Opened(tuple(content.parent / name for name in package.spine), browser)


@pytest.mark.parametrize(
    "style", ["html { font-size: 200% }", SPACED, f"html {{ font-size: 200% }} {SPACED}"]
)
def test_nothing_breaks_in_a_narrow_column(style: str, opened: Opened) -> None:
    """320 pixels wide, letters twice as large, spaced as WCAG wants it to be borne."""
    opened.browser.do(width=320)
    assert [found for found in opened.each(style, SIDEWAYS) if found[1]] == []
    assert [found for found in opened.each(style, CLIPPED) if found[1]] == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_reader_s_colours_win(theme: str, opened: Opened) -> None:
    """Every letter has the contrast that the theme has: no colour of ours is in its way."""
    ink, paper = THEMES[theme]
    style = f"html, body {{ background: {paper}; color: {ink} }}"
    # Images have a background of their own.
    found = dict(opened.each(style, CONTRAST))
    assert [name for name, least in found.items() if float(str(least)) < 7] == []


def test_the_reader_s_face_wins(opened: Opened) -> None:
    """A reading system's choice for the body is that of all text."""
    style = "body { font-family: monospace !important }"
    faces = """[...new Set([...document.querySelectorAll("body *")]
      .map(one => getComputedStyle(one).fontFamily))]"""
    assert {str(face) for _, face in opened.each(style, faces)} <= {"['monospace']", "[]"}
