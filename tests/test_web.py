"""The site: pages, feeds and checksums of a finished book, and what the proof says of bad ones."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pikepdf
import pytest
from made_books import BOOKS, write_book

from octavo.cli import main
from octavo.findings import Findings, Unbuildable
from octavo.memory import Memory
from octavo.press import Request, build
from octavo.press.layout import lay_out
from octavo.press.reading import read_book
from octavo.print.compositor import Compositor
from octavo.proof.outcome import ProofFailed
from octavo.proof.site import check_site
from octavo.proof.web import PageRead, prove_reading
from octavo.render.web import text_rows

ROOT = Path(__file__).parents[1]
URL = "https://example.org/harbour/"
SHAPE = replace(BOOKS[1], chapters=2, turns=6, longest=4)
STEM = "international-work"
FIRST_VIEW = 100_000
"""Bytes of all that a browser loads to show the page to download from."""
BLOCKS = frozenset({"div", "h1", "h2", "h3", "li", "p"})
Files = dict[str, bytes]


def make(book: Path, only: str = "pdf,epub,web") -> Files:
    """The files of a build, by their paths below the folder that they are meant for."""
    out = book.parent / "dist"
    request = Request(book, out, frozenset(only.split(",")))
    files = build(request, Findings(), lambda step: None).files
    return {path.relative_to(out).as_posix(): data for path, data in files.items()}


@pytest.fixture(scope="module")
def files() -> Files:
    """The first book's."""
    return make(ROOT / "book")


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Those of a made-up book of two chapters that says where it will stand."""
    book = write_book(SHAPE, tmp_path_factory.mktemp("made"))
    toml = book / "book.toml"
    toml.write_text(f'{toml.read_text(encoding="utf-8")}\n[web]\nurl = "{URL}"\n', encoding="utf-8")
    return make(book)


class Page(HTMLParser):
    """A page as Python's own parser reads it."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.text = ""
        self._silent = 0
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "href" in found or "src" in found:
            self.links.append(found)
        if identity := found.get("id"):
            self.ids.append(identity)
        self._silent += tag in {"script", "title"}
        self.text += " " if tag in BLOCKS else ""

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "title"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data


# The pages --------------------------------------------------------------------------


def test_every_word_of_the_transcript_is_read_in_order(files: Files) -> None:
    """As the source has them, but for the marks that typography sets and the labels."""
    marks = str.maketrans("’‘“”", "''\"\"")
    seed = (ROOT / "seeds" / f"{STEM}.txt").read_text(encoding="utf-8").translate(marks)
    body = re.sub(r"^(?:Reporter|Wang):", "", seed, flags=re.MULTILINE).split()[-2000:]
    shown = iter(Page(files["read.html"]).text.translate(marks).split())
    assert [word for word in body if word not in shown] == []


def test_the_page_tells_what_the_files_are(files: Files) -> None:
    """Pages, sizes, checksums: those of the very files beside it."""
    page = files["index.html"].decode()
    pdf, epub = files[f"{STEM}.pdf"], files[f"{STEM}.epub"]
    with pikepdf.open(BytesIO(pdf)) as document:
        assert f"{len(document.pages)} pages, <bdi>{len(pdf) / 1024:.0f} KB</bdi>" in page
    assert f"{len(epub) / 1024:.0f} KB" in page
    for data in (pdf, epub):
        assert sha256(data).hexdigest() in page


def test_the_page_says_nothing_that_the_edition_does_not(files: Files) -> None:
    """No date, no publisher, no place: none is known."""
    identity = json.loads(re.search(rb"ld\+json\">(.*?)</script>", files["index.html"])[1])  # type: ignore[index]
    assert identity["@type"] == "Book"
    assert [person["name"] for person in identity["author"]] == ["Gong Xiuchuan", "Wang Jiarui"]
    assert identity["numberOfPages"] == 17
    assert not {"datePublished", "publisher", "isbn", "url", "copyrightNotice"} & set(identity)
    assert [one["contentUrl"] for one in identity["encoding"]] == [f"{STEM}.pdf", f"{STEM}.epub"]


def test_all_that_pages_load_lies_beside_them(files: Files, others: Files) -> None:
    """No other host is asked, and every address leads somewhere."""
    for site in (files, others):
        ids = {name: set(Page(site[name]).ids) for name in ("index.html", "read.html")}
        for name in ids:
            for link in Page(site[name]).links:
                href = link.get("href") or link.get("src") or ""
                if link.get("rel") == "canonical":
                    assert href.startswith(URL)
                    continue
                file, _, fragment = href.partition("#")
                assert (file or name) in site, href
                assert not fragment or fragment in ids[file or name], href


def test_the_first_view_is_light(files: Files) -> None:
    """The page, its style, the cover, and the one face that it is set in."""
    loaded = ["index.html", *(f"web/{name}" for name in ("base.css", "landing.css", "icon.svg"))]
    loaded.append(f"{STEM}-cover.png")
    loaded.append("web/SourceSerif4-Regular.ttf.woff2")
    assert sum(len(files[name]) for name in loaded) < FIRST_VIEW


def test_a_turn_is_cited_by_its_printed_page(files: Files, others: Files) -> None:
    """Speaker, turn and page, with the address of that turn."""
    assert '<a href="read.html#t1">Reporter, turn 1, page 1</a>' in files["index.html"].decode()
    assert re.search(
        r'href="read.html#c1.t1">[^<]+, turn 1, page 1<', others["index.html"].decode()
    )


def test_a_long_contents_is_shown_by_its_chapters(tmp_path: Path) -> None:
    """And the reading page has all of it."""
    book = write_book(replace(SHAPE, chapters=3, turns=120, longest=1), tmp_path)
    site = make(book, "pdf,web")
    rows = [link for link in Page(site["index.html"]).links if "read.html#" in str(link["href"])]
    hrefs = [str(link.get("href")) for link in Page(site["read.html"]).links]
    assert len(rows) < 10 < sum(href.startswith("#c") for href in hrefs)
    assert "-cover.png" not in site["index.html"].decode()


def test_words_of_ours_say_that_they_are_english(tmp_path: Path) -> None:
    """In a language that the templates do not speak; a screen reader would mispronounce them."""
    site = make(write_book(replace(SHAPE, language="it"), tmp_path))
    landing, reading = site["index.html"].decode(), site["read.html"].decode()
    assert '<html lang="en">' in landing
    assert '<h1 class="book-title" lang="it" xml:lang="it">' in landing
    assert '<html lang="it">' in reading
    assert '<h2 id="contents-heading" lang="en" xml:lang="en">' in reading


def test_a_book_without_headings_has_no_list_of_them(tmp_path: Path) -> None:
    """An empty list would only be heard."""
    seed = tmp_path / "talk.txt"
    seed.write_text("A talk\n\nAnn: I said so.\n\nTom: So you did.\n", encoding="utf-8")
    assert main(["new", str(seed), "--book", str(tmp_path / "book")]) == 0
    site = make(tmp_path / "book", "pdf,web")
    assert b'id="contents' not in site["index.html"] + site["read.html"]


@pytest.mark.parametrize("name", ["Talk #1", "Gespräch 1", "why?", "50%25 off", "a&b"])
def test_names_of_files_are_addresses(name: str, tmp_path: Path) -> None:
    """Whatever the transcript is called: a browser finds the file, and so does the proof."""
    seed = tmp_path / f"{name}.txt"
    seed.write_text("A talk\n\nAnn: I said so.\n\nTom: So you did.\n", encoding="utf-8")
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.toml").write_text(
        f"[book]\nmodified = 2026-11-23T00:00:00Z\n[[transcript]]\nsource = '../{name}.txt'\n"
        '[[speaker]]\nlabel = "Ann"\n[[speaker]]\nlabel = "Tom"\n',
        encoding="utf-8",
    )
    site = make(book, "epub,web")
    addresses = [link["href"] for link in Page(site["index.html"]).links if "download" in link]
    assert [unquote(str(address)) for address in addresses] == [f"{name}.epub"]
    assert not re.search(r"[ #?&äöü]", str(addresses[0]))


def test_the_editor_s_note_may_lead_anywhere(tmp_path: Path) -> None:
    """An address with an ampersand is the one that was written."""
    book = write_book(SHAPE, tmp_path)
    (book / "note.md").write_text("See [there](https://a.example/?a=1&b=2).\n", encoding="utf-8")
    assert b'href="https://a.example/?a=1&amp;b=2"' in make(book, "epub,web")["index.html"]


# The feeds --------------------------------------------------------------------------


def test_feeds_have_whole_addresses_where_the_place_is_known(files: Files, others: Files) -> None:
    """Reading apps want them; without a place all addresses are relative."""
    hrefs = re.findall(r'href="([^"]+)"', others["opds.xml"].decode())
    assert hrefs
    assert all(href.startswith(URL) for href in hrefs)
    assert all(
        "://" not in href for href in re.findall(r'href="([^"]+)"', files["opds.xml"].decode())
    )
    told = json.loads(others["opds.json"])
    (publication,) = told["publications"]
    links = (*told["links"], *publication["links"], *publication["images"])
    assert all(link["href"].startswith(URL) for link in links)


def test_feeds_offer_both_files_with_their_kinds(files: Files) -> None:
    """In OPDS 1.2 and 2.0 alike."""
    kinds = {f"{STEM}.pdf": "application/pdf", f"{STEM}.epub": "application/epub+zip"}
    offered = re.findall(
        r'rel="http://opds-spec.org/acquisition" href="([^"]+)" length="(\d+)" type="([^"]+)"',
        files["opds.xml"].decode(),
    )
    assert {name: kind for name, _, kind in offered} == kinds
    assert {name: int(size) for name, size, _ in offered} == {n: len(files[n]) for n in kinds}
    (publication,) = json.loads(files["opds.json"])["publications"]
    assert {link["href"]: link["type"] for link in publication["links"]} == kinds


def test_a_feed_without_a_cover_lists_no_pictures(tmp_path: Path) -> None:
    """An empty list is against OPDS 2.0's schema."""
    site = make(write_book(SHAPE, tmp_path), "pdf,web")
    assert "images" not in json.loads(site["opds.json"])["publications"][0]


# The proof --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proved(files: Files) -> tuple[Callable[[bytes], PageRead], PageRead]:
    """How the first book's reading page is proved, and what was read of the good one."""
    reading = read_book(ROOT / "book", Findings())
    with Compositor() as compositor:
        layout = lay_out(reading, compositor, Findings(), lambda step: None)
    contents = [(row.heading, row.anchor) for row in text_rows(layout.contents)]
    folios = [str(number) for number in range(1, 10)]

    def prove(data: bytes) -> PageRead:
        memory = Memory(None)
        return prove_reading(data, reading.book, layout.index, contents, folios, memory)

    return prove, prove(files["read.html"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"determined development", b"determined", id="a word lost"),
        pytest.param(b"determined development", b"development determined", id="words changed over"),
        pytest.param(b"this work.</p>", b"this work. And more.</p>", id="a word added"),
        pytest.param(b'<b class="label">Wang</b>', b'<b class="label">Reporter</b>', id="a label"),
        pytest.param(b'id="t2.1"', b'id="t9.1"', id="an id that is another's"),
        pytest.param(b'<div class="turn', b'<p>Stray.</p><div class="turn', id="a line of nobody"),
        pytest.param(b'title="2"', b'title="3"', id="the number of a page"),
        pytest.param(b'<main id="text">', b'<main id="text"><template>', id="a template"),
        pytest.param(b'<main id="text">', b'<main id="text"><div hidden>', id="hidden words"),
        pytest.param(b'<main id="text">', b'<main id="text"><textarea>', id="a box of words"),
        pytest.param(b'<main id="text">', b'<p>Stray.</p><main id="text">', id="words before"),
        pytest.param(b"</main>", b"</main><p>Stray.</p>", id="words behind"),
        pytest.param(b"</main>", b"Stray.</main>", id="words of no element"),
        pytest.param(b"</main>", b"</main><main>Again.</main>", id="a second text"),
        pytest.param(
            b'<div class="chapter">', b'<div class="chapter"><script src="a.js"/>', id="a script"
        ),
        pytest.param(b'<div class="chapter">', b'<div class="chapter"><b><i>', id="left open"),
        pytest.param(b"determined dev", b"<![CDATA[determined]]> dev", id="what only XML reads"),
        pytest.param(
            b'<p class="speech"', b'<p style="display:none"', id="speech that is not seen"
        ),
        pytest.param(b'href="#s1"', b'href="#s2"', id="a heading that leads elsewhere"),
        pytest.param(b"Ideas for the Intern", b"Ideas of the Intern", id="another heading"),
    ],
)
def test_a_bad_reading_page_is_found_out(
    old: bytes,
    new: bytes,
    files: Files,
    proved: tuple[Callable[[bytes], PageRead], PageRead],
) -> None:
    """Each fault is a discrepancy, and nothing would be written."""
    page = files["read.html"]
    assert old in page
    with pytest.raises(ProofFailed):
        proved[0](page.replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("index.html", b'href="read.html#s1"', b'href="read.html#s99"', id="an id"),
        pytest.param("index.html", b"web/base.css", b"web/bass.css", id="a style"),
        pytest.param("index.html", b"<code>", b"<code>0", id="a checksum"),
        pytest.param("index.html", b"<bdi>", b"<bdi>1", id="a size"),
        pytest.param("index.html", b" pages, ", b"0 pages, ", id="how many pages"),
        pytest.param("index.html", b'-work.epub" download', b'-word.epub" download', id="a file"),
        pytest.param("opds.xml", b"-work.epub", b"-word.epub", id="a file of the feed"),
        pytest.param("opds.json", b"-work.pdf", b"-word.pdf", id="a file of the other feed"),
        pytest.param("opds.json", b"-cover.png", b"-cover.jpg", id="a picture"),
        pytest.param("index.html", b'" download', b'"', id="nothing to download"),
        pytest.param("index.html", b"read.html#s1", b"javascript:alert(1)", id="a script"),
        pytest.param("index.html", b'href="web', b'href="https://a.example/web', id="another host"),
        pytest.param("read.html", b'src="web', b'src="https://a.example/web', id="a host's script"),
        pytest.param("opds.xml", b'acquisition" href', b'alternate" href', id="an empty feed"),
    ],
)
def test_a_bad_site_is_found_out(
    name: str,
    old: bytes,
    new: bytes,
    files: Files,
    proved: tuple[Callable[[bytes], PageRead], PageRead],
) -> None:
    """A dead link, or a sum that is another file's."""
    assert old in files[name]
    offered = [f"{STEM}.pdf", f"{STEM}.epub"]
    assert [*check_site(files, offered, proved[1])] == []
    changed = {**files, name: files[name].replace(old, new, 1)}
    assert [*check_site(changed, offered, proved[1])] != []


# What the editor is told ----------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["example.org", "ftp://example.org/", "https://example.org/?a=1", "https://a.org/index.html"],
)
def test_an_address_that_is_none_is_a_finding(url: str, tmp_path: Path) -> None:
    """With its place in book.toml."""
    book = write_book(SHAPE, tmp_path)
    toml = book / "book.toml"
    toml.write_text(f'{toml.read_text(encoding="utf-8")}\n[web]\nurl = "{url}"\n', encoding="utf-8")
    findings = Findings()
    with pytest.raises(Unbuildable):
        read_book(book, findings)
    assert [finding.code for finding in findings.ordered] == ["bad-url"]


def test_a_site_alone_is_not_made(capsys: pytest.CaptureFixture[str]) -> None:
    """It offers what is made with it."""
    assert main(["--only", "web"]) == 2
    assert "pdf,epub,web" in capsys.readouterr().err


def test_a_page_that_is_left_or_replaced_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another book's goes with a word; this one's own is said to be old."""
    dist = tmp_path / "dist"
    for name in ("ann", "tom"):
        seed = tmp_path / f"{name}.txt"
        seed.write_text(f"A talk\n\n{name}: I said so.\n\nBea: I heard.\n", encoding="utf-8")
        assert main(["new", str(seed), "--book", str(tmp_path / name)]) == 0
        assert main(["--book", str(tmp_path / name), "--out", str(dist)]) == 0
        told = capsys.readouterr().err
        assert ("was the page of another book" in told) == (name == "tom")
    assert main(["--book", str(tmp_path / "tom"), "--out", str(dist), "--only", "epub"]) == 0
    assert "tells of files that were made before" in capsys.readouterr().err
