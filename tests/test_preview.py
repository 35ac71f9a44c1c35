"""The preview: what it shows of builds, to whom it answers, and how it knows a page again."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_books import BOOKS, write_book

from octavo.account import Account
from octavo.beside import can_fork
from octavo.cli import main
from octavo.findings import Finding, Findings, Weight
from octavo.model import Location
from octavo.press import Request, build
from octavo.preview import engine as engines
from octavo.preview.difference import compare_locators, compare_pages, pages_of
from octavo.preview.engine import Engine, fetch
from octavo.preview.pages import BOOKS_KEPT, MOST_BYTES, WIDTHS, Pictures
from octavo.preview.post import Post, open_post
from octavo.preview.server import preview
from octavo.preview.state import State, source_key
from octavo.preview.view import pieces, status_of, view_of
from octavo.print.drawn import DrawnPage, read_pages

ROOT = Path(__file__).parents[1]
SHAPE = replace(BOOKS[1], chapters=2, turns=4, longest=4)
TURN = "Mr. Oakes: And so it went on.\n\n"


def make(book: Path) -> Account:
    """Build *book* as ``watch`` does, but for the talk."""
    built = build(Request(book, book.parent / "dist"), Findings(), lambda step: None)
    changes = built.changes
    files = tuple(str(path) for path in built.files)
    return Account((), ("built",), files, changes.locators, changes.headings)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Account]:
    """A small book's folder and the account of its build."""
    book = write_book(SHAPE, tmp_path_factory.mktemp("made"))
    return book, make(book)


@pytest.fixture
def book(made: tuple[Path, Account], tmp_path: Path) -> Path:
    """A copy of the small book, to be changed."""
    shutil.copytree(made[0].parent, tmp_path / "hearing")
    return tmp_path / "hearing" / "book"


def pdf_of(account: Account) -> bytes:
    return Path(next(name for name in account.files if name.endswith(".pdf"))).read_bytes()


# How a page is known ----------------------------------------------------------------


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_word_changes_its_page_and_no_other(
    made: tuple[Path, Account], book: Path
) -> None:
    """Even where the word brings a glyph that the book's font did not have before."""
    change(book.parent / "seeds/02.txt", "storm", "stoßm")
    before, now = read_pages(pdf_of(made[1])), read_pages(pdf_of(make(book)))
    assert len(before) == len(now)
    same = [one.digest == other.digest for one, other in zip(before, now, strict=True)]
    # The text, and nothing else: not the contents, nor the first chapter.
    assert 1 <= same.count(False) <= 3
    assert all(same[: len(same) // 2])


def test_another_outline_for_the_same_code_is_another_page(made: tuple[Path, Account]) -> None:
    """The operators are alike, and what they draw is not."""
    data = pdf_of(made[1])
    with pikepdf.open(BytesIO(data)) as pdf:
        files = {
            str(found.FontName).partition("+")[2]: found
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and "/FontFile2" in found
        }
        roman, italic = files["SourceSerif4-Regular"], files["SourceSerif4-It"]
        roman.FontFile2 = italic.FontFile2
        out = BytesIO()
        pdf.save(out)
    before, now = read_pages(data), read_pages(out.getvalue())
    assert [page.words for page in before] == [page.words for page in now]
    with_words = [at for at, page in enumerate(before) if page.words]
    assert all(before[at].digest != now[at].digest for at in with_words)


def test_pages_behind_longer_ones_have_moved(made: tuple[Path, Account], book: Path) -> None:
    """They bear other folios, and are told by those that they had."""
    first = book.parent / "seeds/01.txt"
    first.write_text(TURN * 80 + first.read_text(encoding="utf-8"), encoding="utf-8")
    before, now = read_pages(pdf_of(made[1])), read_pages(pdf_of(make(book)))
    difference = compare_pages(before, now)
    assert difference.pages == (len(before), len(now))
    assert difference.moves
    for move in difference.moves:
        assert difference.marks
        assert difference.marks[move.now.first] == f"was {move.before.first}"
        assert int(move.now.first) > int(move.before.first)


def test_pages_without_words_have_none(made: tuple[Path, Account]) -> None:
    """A blank page's folio and running head, if it had any, are no words."""
    pages = read_pages(pdf_of(made[1]))
    assert {page.folio for page in pages if not page.words} != set()
    assert len({page.digest for page in pages if page.words}) == sum(
        bool(page.words) for page in pages
    )


# What changed ------------------------------------------------------------------------


def drawn(words: str, folio: int, look: str = "") -> DrawnPage:
    """A page of these words; its folio is drawn on it unless it is blank."""
    return DrawnPage(f"{words}{look}{folio if words else ''}", words, str(folio), 400, 600)


books = st.lists(
    st.tuples(st.sampled_from(["", "a", "b", "c", "d", "e"]), st.sampled_from(["", "'"]))
).map(lambda pages: [drawn(words, at + 1, look) for at, (words, look) in enumerate(pages)])


@given(books)
def test_a_book_does_not_differ_from_itself(pages: list[DrawnPage]) -> None:
    """However often its pages repeat."""
    difference = compare_pages(pages, pages)
    assert not difference
    assert not difference.marks


@given(books, books)
def test_each_page_is_told_of_once(before: list[DrawnPage], now: list[DrawnPage]) -> None:
    """One that moved has the words of its own page before; one not told of looks as it did."""
    found = pages_of(before, now)
    taken = [earlier for earlier in found.values() if earlier is not None]
    assert len(set(taken)) == len(taken)
    looks = {page.digest for page in before}
    for at, page in enumerate(now):
        if at not in found:
            assert page.digest in looks
        elif (earlier := found[at]) is not None:
            assert before[earlier].words == page.words
            assert before[earlier].folio != page.folio
        else:
            assert page.digest not in looks
    difference = compare_pages(before, now)
    told = [*difference.changed, *(move.now for move in difference.moves)]
    pages = [n for s in told for n in range(int(s.first), int(s.last) + 1)]
    assert sorted(pages) == [at + 1 for at in found]
    assert set(difference.marks or {}) == {str(number) for number in pages}


def test_neighbours_are_told_of_together() -> None:
    """Pages set anew, and pages that moved by the same number."""
    before = [drawn(word, at + 1) for at, word in enumerate("abcdef")]
    now = [drawn(word, at + 1) for at, word in enumerate("aXYbcdef")]
    difference = compare_pages(before, now)
    assert [str(stretch) for stretch in difference.changed] == ["2–3"]
    assert [(str(move.before), str(move.now)) for move in difference.moves] == [("2–6", "4–8")]
    assert difference.marks == {
        "2": "changed", "3": "changed",
        "4": "was 2", "5": "was 3", "6": "was 4", "7": "was 5", "8": "was 6",
    }  # fmt: skip


def test_locators_are_told_by_their_heading() -> None:
    """In the order of the index; those that are as they were are not told."""
    headings = {"ix-b": "boats", "ix-t": "tea", "ix-t-g": "tea: green", "ix-w": "water"}
    before = {"ix-b": ["1"], "ix-t": ["2", "4–5"], "ix-w": ["9"]}
    now = {"ix-b": ["1"], "ix-t": ["2", "5"], "ix-t-g": ["7"]}
    assert [(m.heading, m.before, m.now) for m in compare_locators(before, now, headings)] == [
        ("tea", "2, 4–5", "2, 5"),
        ("tea: green", "", "7"),
        ("water", "9", ""),
    ]


# The post ----------------------------------------------------------------------------


def test_a_build_that_is_killed_leaves_the_post_whole() -> None:
    """Its end is never told; the next build's is."""
    with open_post() as post:
        child = os.fork()
        if child == 0:
            post.tell(lambda: os._exit(0))
        os.waitpid(child, 0)
        account = Account((finding(),), ("a line",), ("book.pdf",), {"ix-a": ["1"]}, {"ix-a": "a"})
        post.tell(lambda: account)
        # One that ends before the account of another was read takes nothing from it.
        post.tell(Account)
        letters = post.letters()
        assert [next(letters) for _ in range(5)] == [None, None, account, None, Account()]


def test_a_fault_of_ours_is_told_and_raised() -> None:
    """The editor is not left waiting for the end of the build."""

    def fail() -> Account:
        raise AssertionError("no such page")

    with open_post() as post:
        with pytest.raises(AssertionError):
            post.tell(fail)
        letters = post.letters()
        assert next(letters) is None
        told = next(letters)
        assert told
        assert (told.broken, told.is_good) == ("AssertionError: no such page", False)


def finding(path: str = "a.txt", found: str = "`b` is odd", line: int = 3) -> Finding:
    return Finding(Location(path, line, 2), "odd", found, "write `c`")


# What is shown -----------------------------------------------------------------------


def test_the_last_good_book_stays_while_faults_are_mended(
    made: tuple[Path, Account], book: Path
) -> None:
    """It is said to be older than the files, and the difference stays what it was."""
    state = State()
    assert status_of(state.snapshot) == "Waiting for the first build …"
    state.take(made[1])
    good = state.snapshot
    state.change(is_building=True)
    assert status_of(state.snapshot) == "Building …"
    source = book / "book.toml"
    state.take(Account((finding(str(source), line=1), finding("gone.txt"))))
    now = state.snapshot
    assert now.book is good.book
    view = view_of(now)
    assert (view["is_stale"], view["status"]) == (True, "Not built: 2 faults to mend")
    assert [found.address for found in view["findings"]] == [
        f"/source/{source_key(source.resolve())}#line-1",
        "",
    ]
    state.take(made[1])
    assert not view_of(state.snapshot)["is_stale"]
    assert state.snapshot.difference is not None
    assert not state.snapshot.difference


def test_faults_stand_before_remarks_and_literals_are_known() -> None:
    """What stops the build comes first, whatever the order of the files."""
    state = State()
    remark = replace(finding("a.txt"), weight=Weight.REMARK)
    state.take(Account((remark, finding("b.txt"))))
    assert [found.is_fault for found in view_of(state.snapshot)["findings"]] == [True, False]
    assert pieces("`a` is not `b`") == [(True, "a"), (False, " is not "), (True, "b")]
    assert pieces("an odd ` stays") == [(False, "an odd ` stays")]


def test_a_fault_of_ours_is_not_laid_on_the_editor() -> None:
    """A broken build is told as such."""
    state = State()
    state.take(Account(broken="KeyError: 'x'"))
    assert status_of(state.snapshot) == "The build broke, by a fault of Octavo"


def test_a_file_that_cannot_be_shown_is_told(tmp_path: Path) -> None:
    """The window does not wait for ever, and the next build is followed."""
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    state = State()
    state.follow([None, Account(lines=("built",), files=(str(tmp_path / "a.pdf"),))])
    assert not state.snapshot.is_building
    assert view_of(state.snapshot)["broken"].startswith("PdfError: ")
    state.follow([None, Account((finding(),))])
    assert status_of(state.snapshot) == "Not built: 1 fault to mend"


def test_a_page_of_the_book_before_is_still_drawn(made: tuple[Path, Account]) -> None:
    """A browser may ask for it while the next book is taken in; not for one that is long gone."""
    _, account = made
    pdf = pdf_of(account)
    pictures = Pictures()
    _, _, pages = pictures.open(pdf)
    out = BytesIO()
    with pikepdf.new() as other:
        other.add_blank_page()
        other.save(out)
    for _ in range(BOOKS_KEPT - 1):
        pictures.open(out.getvalue())
    assert pictures.draw(pages[0].digest, WIDTHS[0])
    pictures.open(out.getvalue())
    assert pictures.draw(pages[1].digest, WIDTHS[0]) is None


def test_pictures_are_kept_up_to_a_bound(made: tuple[Path, Account]) -> None:
    """Drawn once; an unknown page or width is nothing; what is oldest goes first."""
    pictures = Pictures()
    _, direction, pages = pictures.open(pdf_of(made[1]))
    assert direction == "ltr"
    first = pictures.draw(pages[0].digest, WIDTHS[0])
    assert first
    assert first is pictures.draw(pages[0].digest, WIDTHS[0])
    assert pictures.draw(pages[0].digest, WIDTHS[0] + 1) is None
    assert pictures.draw("0" * 32, WIDTHS[0]) is None
    for page in pages:
        pictures.draw(page.digest, WIDTHS[2])
    pictures._keep(("other", 1), bytes(MOST_BYTES))
    assert list(pictures._drawn) == [("other", 1)]


# The reading engine --------------------------------------------------------------------


def fake_npm(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = folder / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")


def test_the_engine_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By npm, with no package's script run, from the lock file; the next preview has it."""
    made = " ".join(engines.FILES.values())
    script = f'echo "$@" >> {tmp_path}/log; ls -A >> {tmp_path}/log; for f in {made}; do '
    fake_npm(tmp_path, script + 'mkdir -p "$(dirname $f)"; echo x > $f; done', monkeypatch)
    done = threading.Event()
    engine = Engine(tmp_path / "cache", done.set)
    assert not engine.is_ready
    for _ in range(3):
        engine.want()
    assert done.wait(20)
    assert (engine.is_ready, engine.trouble) == (True, "")
    assert (tmp_path / "log").read_text().splitlines() == [
        "ci --ignore-scripts --loglevel=error",
        ".npmrc",
        "package-lock.json",
        "package.json",
    ]
    assert Engine(tmp_path / "cache", done.set).is_ready
    assert [path.name[:7] for path in (tmp_path / "cache").iterdir()] == ["reader-"]
    engines.remove_engines(tmp_path / "cache")
    assert not engine.is_ready


def test_without_npm_or_network_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In plain words, and nothing half-fetched is left."""
    fake_npm(tmp_path, "echo 'npm error code ENOTFOUND' >&2; exit 1", monkeypatch)
    said = fetch(tmp_path / "cache" / "reader-x")
    assert "could not fetch its reading engine (“npm error code ENOTFOUND”)" in said
    assert list((tmp_path / "cache").iterdir()) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "npm, which is not installed" in fetch(tmp_path / "cache" / "reader-x")


def test_the_lock_file_names_no_place() -> None:
    """Versions and hashes, not where the packages come from."""
    lock = json.loads((engines.PACKAGE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


# Who is answered -----------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """A preview that answers."""

    port: int
    post: Post

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="host" in named)
        for name, value in named.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        body = response.read()
        connection.close()
        return response.status, found, body

    def page(self, words: str) -> str:
        """The page, as soon as it says *words*."""
        end = time.monotonic() + 20
        while words not in (said := self.get("/")[2].decode()):
            assert time.monotonic() < end, said
            time.sleep(0.02)
        return said


@pytest.fixture(scope="module")
def served(
    made: tuple[Path, Account], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A preview of the small book, with a finding that tries to be markup."""
    cache = tmp_path_factory.mktemp("cache")
    with open_post() as post, preview(post, 0, cache) as address:
        served = Served(int(address.rsplit(":", 1)[1].strip("/")), post)
        post.tell(lambda: made[1])
        evil = made[0] / "<b>.txt"
        evil.write_text("one\n<script>two</script>\n", encoding="utf-8")
        odd = finding(str(evil), "<script>alert(1)</script> in `<i>`", 2)
        post.tell(lambda: Account((odd,)))
        served.page("Not built")
        yield served


def test_the_page_shows_spreads_and_what_is_wrong(
    served: Served, made: tuple[Path, Account]
) -> None:
    """Each page once with its folio, the first at the right; a finding is text, not markup."""
    page = served.page("To be mended")
    pages = read_pages(pdf_of(made[1]))
    assert [page.index(f'data-digest="{one.digest}" data-folio="{one.folio}"') for one in pages]
    assert page.count('<li class="recto"') == (len(pages) + 1) // 2
    assert page.index('class="recto"') < page.index('class="verso"')
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; in <code>&lt;i&gt;</code>" in page
    assert "older than your files" in page


def test_what_is_named_is_handed_out(served: Served, made: tuple[Path, Account]) -> None:
    """Pictures for ever, the e-book, assets, and the source with its line."""
    digest = read_pages(pdf_of(made[1]))[0].digest
    status, headers, body = served.get(f"/page/400/{digest}.png")
    assert (status, headers["content-type"], body[:4]) == (200, "image/png", b"\x89PNG")
    assert "immutable" in headers["cache-control"]
    page = served.get("/")[2].decode()
    epub = page.split('data-epub="')[1].split('"')[0]
    assert served.get(epub)[2][:2] == b"PK"
    source = page.split('<a href="/source/')[1].split('"')[0]
    name, line = source.split("#")
    found = served.get(f"/source/{name}")[2].decode()
    assert f'<li id="{line}"><code>&lt;script&gt;two&lt;/script&gt;</code></li>' in found
    for asset in ("preview.css", "preview.js", "reader.css", "reader.js", "icon.svg"):
        assert served.get(f"/assets/{asset}")[0] == 200
    status, headers, body = served.get("/", "HEAD")
    assert (status, body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../preview.css",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/assets//etc/passwd",
        "/assets/package.json",
        "/source/..%2f..%2fetc%2fpasswd",
        "/source/%2fetc%2fpasswd",
        "/source/0000000000000000",
        "/page/400/..%2f..%2fetc%2fpasswd.png",
        "/page/99999999/00000000000000000000000000000000.png",
        "/page/400/00000000000000000000000000000000.png",
        "/book/..%2fbook.epub",
        "/book/.epub",
        "//etc/passwd",
        "/%00",
        "/docs",
        "/openapi.json",
    ],
)
def test_nothing_else_is(served: Served, path: str) -> None:
    """An address is looked up among what is known, or it is nothing."""
    status, _, body = served.get(path)
    assert status == 404
    assert b"root:" not in body


@pytest.mark.parametrize("host", ["octavo.example", "127.0.0.1", "localhost:1", "", "[::1]:{port}"])
def test_another_name_is_not_answered(served: Served, host: str) -> None:
    """A page from elsewhere that has its own name lead here learns nothing (DNS rebinding)."""
    status, _, body = served.get("/", host=host.format(port=served.port))
    assert status in (400, 421)
    assert b"data-digest" not in body


def test_our_own_names_are(served: Served) -> None:
    """Both of them, with the port."""
    for name in ("127.0.0.1", "localhost", "LOCALHOST"):
        assert served.get("/", host=f"{name}:{served.port}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_the_preview_is_for_looking(served: Served, method: str) -> None:
    """Nothing can be told to it, whatever the address."""
    for path in ("/", "/nothing"):
        status, headers, _ = served.get(path, method)
        assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_a_page_from_elsewhere_may_not_draw_on_it(served: Served) -> None:
    """But a person may follow a link to it."""
    assert served.get("/reader", sec_fetch_site="cross-site", sec_fetch_dest="iframe")[0] == 403
    assert served.get("/", sec_fetch_site="cross-site", sec_fetch_dest="document")[0] == 200
    assert served.get("/", sec_fetch_site="same-origin", sec_fetch_dest="empty")[0] == 200


@pytest.mark.parametrize("path", ["/", "/reader", "/assets/preview.js", "/nothing"])
def test_every_answer_says_what_a_browser_may_do(
    served: Served, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No script but ours, no frame around it, no guess at a type."""
    monkeypatch.setattr(Engine, "want", lambda engine: None)
    _, headers, _ = served.get(path)
    policy = headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_it_listens_here_alone(served: Served) -> None:
    """Not on the addresses that others reach this machine by."""
    with (
        pytest.raises(ConnectionRefusedError),
        socket.create_connection(("127.0.0.2", served.port), 5),
    ):
        pass


def test_a_change_is_called_out(served: Served, made: tuple[Path, Account]) -> None:
    """To a window that listens: what is now at once, then each change."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert response.getheader("content-type", "").startswith("text/event-stream")

    def called() -> dict[str, object]:
        while not (line := response.readline().decode()).startswith("data: "):
            pass
        found: dict[str, object] = json.loads(line.removeprefix("data: "))
        return found

    first = called()
    served.post.tell(lambda: replace(made[1], lines=("built once more",)))
    seen = [called()]
    while seen[-1]["building"]:
        seen.append(called())
    assert seen[-1]["number"] == int(str(first["number"])) + 2
    connection.close()
    served.page("Built once more")
    served.post.tell(lambda: Account((finding(),)))
    served.page("Not built")


def test_a_port_that_is_taken_is_told(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a mistake in the command, with what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["watch", "--serve", "--port", str(port), "--book", str(book)]) == 2
    assert f"port {port} is taken; choose another with `--port`" in capsys.readouterr().err


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork safely")
def test_a_port_without_a_preview_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """An option that would do nothing is a slip of the pen."""
    assert main(["watch", "--port", "8000"]) == 2
    assert "add `--serve`" in capsys.readouterr().err


def test_an_interrupt_ends_it_while_a_window_listens(book: Path, tmp_path: Path) -> None:
    """At once, with success; the port is free again, and nothing is left of the post."""
    command = [sys.executable, "-m", "octavo", "watch", "--serve", "--port", "0"]
    (tmp_path / "scratch").mkdir()
    own = {"TMPDIR": str(tmp_path / "scratch"), "OCTAVO_CACHE": str(tmp_path / "cache")}
    watching = subprocess.Popen(
        [*command, "--book", str(book)],
        cwd=ROOT,
        env={**os.environ, **own},
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert watching.stderr
    try:
        lines = iter(watching.stderr)
        address = next(line for line in lines if line.startswith("the preview: "))
        port = int(address.rstrip("/\n").rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/events")
        assert connection.getresponse().readline()
        next(line for line in lines if "built in" in line)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(10) == 0
        assert "Traceback" not in watching.stderr.read()
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", port))
        assert list((tmp_path / "scratch").glob("octavo-preview-*")) == []
        connection.close()
    finally:
        if watching.poll() is None:
            os.killpg(watching.pid, signal.SIGKILL)
            watching.wait()
        watching.stderr.close()
