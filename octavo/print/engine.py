"""WeasyPrint, loaded once and told what it cannot be told by its public interface.

Comes in: nothing. Goes out: the loaded engine. The one decision: what we change of
WeasyPrint 70 is here and nowhere else, each change with its reason, and the version
is asserted, so that an upgrade is a decision and not a surprise.
"""

import ctypes.util
import importlib.resources
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree  # noqa: ICN001 - spelled out

from octavo.print.declarations import compiled_declarations
from octavo.print.scratch import scratch_folder
from octavo.print.setpages import HYPHEN, LINE_SPACE_CODE, MUTE, SOFT_HYPHEN_CODE
from octavo.print.settext import SetText

WEASYPRINT = "70.0"

FONT_CHOICE = re.compile(rb"/(\w+)( \S+ Tf)")

FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><cachedir>{folder}</cachedir></fontconfig>
"""

UNUSED_STYLE = re.compile(
    r"/\* Form fields \*/.*?(?=/\* Pages \*/)"
    r"|@counter-style (?!disc|circle|square|decimal|(?:lower|upper)-(?:alpha|latin|roman))[^\n]*",
    re.DOTALL,
)
MEDIA_TYPES = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


@cache
def load() -> Any:
    """Return the ``weasyprint`` module, hermetic and patched.

    Raises ``OSError`` where Pango is missing: a fault of the machine, exit 3.
    """
    with (
        no_fonts_of_the_machine(),
        _quick_library_lookup(),
        _no_subsetting_in_python(),
        _only_what_books_need(),
        compiled_declarations(),
        warnings.catch_warnings(),
    ):
        # No fonts but the stylesheet's is what we want; WeasyPrint warns of it at import.
        warnings.filterwarnings("ignore", "No fonts configured")
        import weasyprint

        from octavo.print.furniture import set_furniture_once
        from octavo.print.hyphenation import read_patterns_late
        from octavo.print.optimum import break_paragraphs_whole
        from octavo.print.pseudostyles import style_pseudo_elements_late
        from octavo.print.styles import work_styles_out_once
        from octavo.print.tags import tag_by_elements
    if weasyprint.__version__ != WEASYPRINT:
        message = f"made for WeasyPrint {WEASYPRINT}, not {weasyprint.__version__}"
        raise RuntimeError(message)
    _make_heads_artifacts()
    _count_pages_once()
    _leave_fonts_out()
    _write_line_ends()
    _write_plain_values_quickly()
    work_styles_out_once()
    style_pseudo_elements_late()
    set_furniture_once()
    read_patterns_late()
    break_paragraphs_whole()
    tag_by_elements()
    return weasyprint


@contextmanager
def no_fonts_of_the_machine() -> Iterator[None]:
    """Only fonts that the stylesheet names exist, so none of the machine's slips in.

    The setting holds for the time being: a browser that is started later has its fonts.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = _empty_configuration()
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _empty_configuration() -> str:
    folder = scratch_folder()
    configuration = folder / "fonts.conf"
    configuration.write_text(FONTCONFIG.format(folder=folder), encoding="utf-8")
    return str(configuration)


@contextmanager
def _quick_library_lookup() -> Iterator[None]:
    """Open libraries by their names alone: ``find_library`` runs ldconfig 20 times (0.2 s)."""
    found = ctypes.util.find_library
    if sys.platform.startswith("linux"):
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = found


@contextmanager
def _no_subsetting_in_python() -> Iterator[None]:
    """Leave fontTools' subsetter unimported (0.1 s): the bindery subsets, by HarfBuzz."""
    unused = ("fontTools.subset", "fontTools.varLib.instancer")
    missing = [name for name in unused if name not in sys.modules]
    for name in missing:
        stand_in = ModuleType(name)
        stand_in.__dict__["instantiateVariableFont"] = None
        sys.modules[name] = stand_in
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


@contextmanager
def _only_what_books_need() -> Iterator[None]:
    """Read the engine's own stylesheet without form fields and the counters of other scripts.

    It parses that, and one for presentational attributes, at each import.
    """
    found: Any = importlib.resources.files

    def find(package: Any) -> Any:
        is_styles = getattr(package, "__name__", "") == "weasyprint.css"
        return _Sheets(found(package)) if is_styles else found(package)

    importlib.resources.files = find
    try:
        yield
    finally:
        importlib.resources.files = found


class _Sheets:
    """The folder of the engine's own stylesheets."""

    def __init__(self, folder: Any) -> None:
        self._folder = folder

    def __truediv__(self, name: str) -> "_Sheet":
        return _Sheet(self._folder / name)


class _Sheet:
    def __init__(self, file: Any) -> None:
        self._file = file

    def read_text(self, encoding: str) -> str:
        if self._file.name != "html5_ua.css":
            return ""
        return UNUSED_STYLE.sub("", self._file.read_text(encoding))


def _make_heads_artifacts() -> None:
    """Draw margin boxes as pagination artifacts, outside the tag tree (PDF/UA-1, 7.8).

    Stock, they are marked content whose elements hang outside the tree; ``tags`` leaves them out.
    """
    import pydyf
    from weasyprint import draw
    from weasyprint.formatting_structure import boxes

    draw_stacking_context = draw.draw_stacking_context

    def draw_artifact(stream: Any, context: Any) -> None:
        if stream._tags is None or not isinstance(context.box, boxes.MarginBox):
            draw_stacking_context(stream, context)
            return
        subtype = "/Header" if context.box.at_keyword.startswith("@top") else "/Footer"
        artifact = pydyf.Dictionary({"Type": "/Pagination", "Subtype": subtype})
        pydyf.Stream.begin_marked_content(stream, "Artifact", artifact)
        kept, stream._tags = stream._tags, None
        start = len(stream.stream)
        draw_stacking_context(stream, context)
        _mute(stream, start)
        stream._tags = kept
        pydyf.Stream.end_marked_content(stream)

    draw.draw_stacking_context = draw_artifact


def _mute(stream: Any, start: int) -> None:
    """Set what was drawn from *start* on in fonts whose text layer is blank.

    A paragraph that runs on over the page is then copied, searched and extracted without
    a running head in its midst; few tools leave artifacts out.
    """
    for place in range(start, len(stream.stream)):
        item = stream.stream[place]
        found = FONT_CHOICE.fullmatch(item) if isinstance(item, bytes) else None
        if found:
            stream.stream[place] = b"/" + found[1] + MUTE.encode() + found[2]
            for font in stream._fonts.values():
                if font.hash.encode() == found[1]:
                    font.is_muted = True


def _count_pages_once() -> None:
    """``page_references`` is rebuilt for every structure element: quadratic in pages."""
    import pydyf

    stock = pydyf.PDF.page_references

    def page_references(self: Any) -> Any:
        count = len(self.pages["Kids"])
        kept = self.__dict__.get("_octavo_references")
        if kept is None or kept[0] != count:
            kept = self.__dict__["_octavo_references"] = (count, stock.fget(self))
        return kept[1]

    pydyf.PDF.page_references = property(page_references)


def _leave_fonts_out() -> None:
    """The bindery embeds one subset a font for the whole book; a signature needs none."""
    import pydyf
    import weasyprint.pdf

    weasyprint.pdf.build_fonts_dictionary = lambda *_: pydyf.Dictionary()


def _write_line_ends() -> None:
    """Give line-end hyphens a code of their own, and write the space that a line end stands for.

    U+2010 and "-" share one glyph in most fonts, so that a reader of the text layer
    could not tell "elab-orate" from "well-known"; and an element's lines, read one after
    the other, would run together.
    """
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf.stream import Stream

    marked = Stream.marked
    last_glyph = re.compile(r"([0-9a-f]{4})(>[^<>]*(?:<>[^<>]*)*)$")

    @contextmanager
    def mark(self: Any, box: Any, tag: str) -> Iterator[None]:
        with marked(self, box, tag):
            yield
            if not isinstance(box, boxes.TextBox) or isinstance(box.pango_layout, SetText):
                return
            if box.text.endswith(HYPHEN):
                change = f"{SOFT_HYPHEN_CODE:04x}\\2"
            elif getattr(box, "octavo_space_after", False):
                change = f"\\g<1>{LINE_SPACE_CODE:04x}\\2"
            else:
                return
            place = next((at for at, item in _backwards(self.stream) if _shows_text(item)), None)
            if place is not None:
                text = self.stream[place].decode("ascii").removesuffix("] TJ")
                self.stream[place] = last_glyph.sub(change, text).encode("ascii") + b"] TJ"

    Stream.marked = mark


def _write_plain_values_quickly() -> None:
    """Ask what a value is by its very type: stock, each goes through a row of questions."""
    import pydyf

    stock = pydyf._to_bytes

    def to_bytes(item: Any) -> bytes:
        kind = item.__class__
        if kind is bytes:
            return item  # type: ignore[no-any-return]
        if kind is str:
            return item.encode("ascii")  # type: ignore[no-any-return]
        if kind is int:
            return b"%d" % item
        return stock(item)  # type: ignore[no-any-return]

    def data(self: Any) -> bytes:
        items = [b"/%b %b" % (to_bytes(key), to_bytes(value)) for key, value in self.items()]
        return b"<<%b>>" % b"".join(items)

    pydyf._to_bytes = to_bytes
    pydyf.Dictionary.data = property(data)


def _backwards(items: list[Any]) -> Iterator[tuple[int, Any]]:
    for at in range(len(items) - 1, -1, -1):
        yield at, items[at]


def _shows_text(item: object) -> bool:
    return isinstance(item, bytes) and item.endswith(b"TJ")


def engine_versions() -> dict[str, str]:
    """The versions of the system's libraries that break and shape the lines."""
    load()
    from weasyprint.text.ffi import harfbuzz, pango

    major, rest = divmod(pango.pango_version(), 10000)
    found = [0, 0, 0]
    for place in range(3):
        # HarfBuzz is bound with "at least" alone: count up, part by part.
        while harfbuzz.hb_version_atleast(*found[:place], found[place] + 1, *[0] * (2 - place)):
            found[place] += 1
    return {
        "pango": f"{major}.{rest // 100}.{rest % 100}",
        "harfbuzz": ".".join(map(str, found)),
    }


def parse_page(html: str, fetcher: Any) -> Any:
    """Return WeasyPrint's document of a well-formed page.

    Its own parser takes any HTML there is and ten times as long: 80 ms of a short book.
    Raises ``ElementTree.ParseError`` for a template that is not well-formed.
    """
    import cssselect2

    page = object.__new__(load().HTML)
    page.base_url = None
    page.url_fetcher = fetcher
    page.media_type = "print"
    root = ElementTree.fromstring(html)  # noqa: S314 - our templates rendered it
    page.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    page.etree_element = page.wrapper_element.etree_element
    return page


def make_fetcher(folders: Sequence[Path]) -> Any:
    """Return a URL fetcher that reads style, fonts and pictures below *folders* alone."""
    load()
    from urllib.request import url2pathname

    from weasyprint.urls import URLFetcher, URLFetcherResponse

    roots = [folder.resolve() for folder in folders]

    def in_force(path: Path) -> Path:
        """The file that stands in for one of the last folder, if a folder before it has one."""
        if not path.is_relative_to(roots[-1]):
            return path
        name = path.relative_to(roots[-1])
        return next((root / name for root in roots if (root / name).is_file()), path)

    class TemplateFetcher(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)

        def fetch(self, url: str, headers: object = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
                message = f"only files of the templates are read, not {url[:80]}"
                raise ValueError(message)
            path = in_force(Path(url2pathname(parts.path)).resolve())
            if not any(path.is_relative_to(root) for root in roots):
                message = f"outside the templates: {path}"
                raise ValueError(message)
            headers = {"Content-Type": MEDIA_TYPES[path.suffix.lower()]}
            return URLFetcherResponse(path.as_uri(), path.read_bytes(), headers)

    return TemplateFetcher()


class EngineLog(logging.Handler):
    """Collects what the engine warns of: each warning must be accounted for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    @contextmanager
    def listening(self) -> Iterator["EngineLog"]:
        logger = logging.getLogger("weasyprint")
        logger.addHandler(self)
        propagates, logger.propagate = logger.propagate, False
        try:
            yield self
        finally:
            logger.removeHandler(self)
            logger.propagate = propagates
