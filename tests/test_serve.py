"""The server of the finished book: downloads that break off, and guests with bad manners."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from octavo.cli import main, qr_code
from octavo.serve import server
from octavo.serve.server import own_address, serve
from octavo.serve.shelf import FEEDS, media_type

ROOT = Path(__file__).parents[1]
EPUB = bytes(range(256)) * 4000
SECRET = b"nobody's business"
SOON = 0.4
"""Seconds that a client has in these tests."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a build leaves it, and around it what is not to be had."""
    folder = tmp_path_factory.mktemp("around")
    dist = folder / "dist"
    (dist / "web").mkdir(parents=True)
    (dist / "index.html").write_text("<!DOCTYPE html><title>The book</title>", encoding="utf-8")
    (dist / "book.epub").write_bytes(EPUB)
    (dist / "opds.xml").write_text("<feed/>", encoding="utf-8")
    (dist / "web" / "base.css").write_text("p { margin: 0 }", encoding="utf-8")
    (dist / ".book.epub.scrap").write_bytes(SECRET)
    (dist / ".git").mkdir()
    (dist / ".git" / "config").write_bytes(SECRET)
    (folder / "secret.txt").write_bytes(SECRET)
    (folder / "dist-secret").mkdir()
    (folder / "dist-secret" / "secret.txt").write_bytes(SECRET)
    (dist / "out.txt").symlink_to(folder / "secret.txt")
    (dist / "up").symlink_to(folder)
    (dist / "within.css").symlink_to(dist / "web" / "base.css")
    return dist


@pytest.fixture(scope="module")
def port(shelf: Path) -> Iterator[int]:
    """Of a server that looks for its clients' requests for a moment only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "PATIENCE", SOON)
        patch.setattr(server, "KEPT_OPEN", 1)
        with serve(shelf, 0, lan=False) as addresses:
            yield int(addresses.here.rstrip("/").rpartition(":")[2])


Answer = tuple[int, Mapping[str, str], bytes]


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask as a browser does."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asking.request(method, path, headers=named)
        answer = asking.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        asking.close()


def say(port: int, data: bytes) -> bytes:
    """Send *data* as it is, and hear all that is answered until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(data)
        heard = b""
        while more := line.recv(65536):
            heard += more
    return heard


# A good guest ----------------------------------------------------------------------


def test_a_download_that_breaks_off_goes_on(port: int) -> None:
    """The rest is sent alone, and both halves are the file."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asking.request("GET", "/book.epub")
    answer = asking.getresponse()
    first, tag = answer.read(300_000), answer.headers["etag"]
    asking.close()
    status, headers, rest = ask(port, "/book.epub", Range=f"bytes={len(first)}-", If_Range=tag)
    assert status == 206
    assert headers["content-range"] == f"bytes {len(first)}-{len(EPUB) - 1}/{len(EPUB)}"
    assert first + rest == EPUB


def test_a_book_that_was_built_anew_is_not_patched_together(port: int, shelf: Path) -> None:
    """The rest of another file is of no use: all of the new one comes."""
    status, headers, _ = ask(port, "/index.html")
    assert status == 200
    page = shelf / "index.html"
    old = page.read_bytes()
    page.write_bytes(old + b"<p>New.")
    os.utime(page, (1, 1))
    try:
        status, _, data = ask(port, "/index.html", Range="bytes=5-", If_Range=headers["etag"])
        assert (status, data) == (200, old + b"<p>New.")
    finally:
        page.write_bytes(old)


def test_what_did_not_change_is_not_sent_again(port: int) -> None:
    """By the tag or by the time."""
    _, headers, _ = ask(port, "/book.epub")
    for known in (
        {"If_None_Match": headers["etag"]},
        {"If_Modified_Since": headers["last-modified"]},
    ):
        status, again, data = ask(port, "/book.epub", **known)
        assert (status, data) == (304, b"")
        assert again["etag"] == headers["etag"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/book.epub", "application/epub+zip"),
        ("/opds.xml", FEEDS["opds.xml"]),
        ("/web/base.css", "text/css; charset=utf-8"),
        ("/within.css", "text/css; charset=utf-8"),
    ],
)
def test_files_are_what_they_are_called(path: str, kind: str, port: int) -> None:
    """With the headers that let a browser do nothing else with them; HEAD tells the same."""
    status, headers, data = ask(port, path)
    assert (status, headers["content-type"]) == (200, kind)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    head_status, head, nothing = ask(port, path, "HEAD")
    assert (head_status, nothing) == (200, b"")
    assert int(head["content-length"]) == len(data)


def test_what_nobody_knows_is_not_opened() -> None:
    """A file of another kind is something to save, not to show."""
    assert media_type(Path("a.xhtml")) == "application/octet-stream"


# A bad one --------------------------------------------------------------------------


ADDRESSES = [
    "/../secret.txt",
    "/web/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%2fsecret.txt",
    "/web/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/%252e%252e/secret.txt",
    "//etc/passwd",
    "/%2fetc/passwd",
    "/../dist-secret/secret.txt",
    "/out.txt",
    "/up/secret.txt",
    "/.book.epub.scrap",
    "/.git/config",
    "/web/../.git/config",
    "/index.html%00.png",
    "/web",
    "/nothing-here",
    "/" + "a" * 2000,
    "/" + "a" * 900 + ".html",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_above_or_behind_is_had(address: str, port: int) -> None:
    """Said to the wire as it is, for a client would tidy it up."""
    heard = say(
        port,
        f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode(),
    )
    assert 400 <= int(heard.split()[1]) < 500
    assert SECRET not in heard
    assert b"root:" not in heard
    assert b"Traceback" not in heard


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_nothing_can_be_changed(method: str, port: int) -> None:
    """Only GET and HEAD are known."""
    status, headers, _ = ask(port, "/index.html", method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=9999999-", 416),
        ("bytes=-0", 416),
        ("bytes=5-2", 400),
        ("bytes=abc", 400),
        ("lines=1-2", 400),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(500)), 200),
    ],
)
def test_a_part_that_is_none_is_refused(asked: str, status: int, port: int) -> None:
    """Or the whole file is sent, which is what else the standard allows (RFC 9110, 14.2)."""
    found, _, data = ask(port, "/book.epub", Range=asked)
    assert found == status
    assert found != 200 or data == EPUB


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"X: " + b"a" * 100_000 + b"\r\n\r\n", id="a huge header"),
        pytest.param(b"A: a\r\n" * 20_000 + b"\r\n", id="many headers"),
        pytest.param(b"Host: 127.0.0.1\r\nHost: example.org\r\n\r\n", id="two names"),
        pytest.param(b"Host: example.org\r\n\r\n", id="another's name"),
        pytest.param(b"\r\n", id="no name"),
        pytest.param(b"Host 127\r\n\r\n", id="no header at all"),
    ],
)
def test_a_head_that_is_none_is_refused(head: bytes, port: int) -> None:
    """With a status, not with silence."""
    try:
        heard = say(port, b"GET / HTTP/1.1\r\n" + head)
    except ConnectionResetError:
        # It hung up before all was said.
        return
    assert 400 <= int(heard.split()[1]) < 500


@pytest.mark.parametrize(
    "said", [b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n"]
)
def test_what_is_no_http_is_refused(said: bytes, port: int) -> None:
    """TLS, versions that are not, half a line."""
    heard = say(port, said)
    assert heard.split()[1] in {b"400", b"408", b"421", b"505"}


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\nX-a: "])
def test_a_slow_client_is_sent_away(begun: bytes, port: int) -> None:
    """In time, and meanwhile others are answered."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
        slow.sendall(begun)
        assert ask(port, "/")[0] == 200
        heard = b""
        while more := slow.recv(4096):
            heard += more
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert SOON * 0.9 < time.monotonic() - began < SOON + 5


def test_a_second_request_on_a_line_is_waited_for_as_long(port: int) -> None:
    """The first was answered; that is no leave to dawdle."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        host = f"Host: 127.0.0.1:{port}\r\n\r\n".encode()
        line.sendall(b"GET / HTTP/1.1\r\n" + host)
        heard = b""
        while not heard.endswith(b"</title>"):
            heard += line.recv(65536)
        assert heard.startswith(b"HTTP/1.1 200 ")
        line.sendall(b"GET / HT")
        while more := line.recv(65536):
            heard += more
    assert b"HTTP/1.1 408 " in heard


def test_a_client_that_reads_slowly_gets_all(port: int, shelf: Path) -> None:
    """How long it takes is its own affair; no system holds so much ready for it."""
    whole = EPUB * 32
    long = shelf / "long.pdf"
    long.write_bytes(whole)
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asking.request("GET", "/long.pdf")
        answer = asking.getresponse()
        data = answer.read(1000)
        time.sleep(SOON * 2)
        assert data + answer.read() == whole
    finally:
        asking.close()
        long.unlink()


def test_a_crowd_of_idle_lines_keeps_nobody_out(shelf: Path) -> None:
    """One guest may have so many lines and no more; a second guest is answered all the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "MOST_OF_ONE", 5)
        with serve(shelf, 0, lan=True) as addresses:
            port = int(addresses.here.rstrip("/").rpartition(":")[2])
            idle = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(5)]
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=20) as one_more:
                    assert one_more.recv(4096).startswith(b"HTTP/1.1 503 ")
                other = http.client.HTTPConnection(
                    "127.0.0.1", port, timeout=20, source_address=("127.0.0.2", 0)
                )
                other.request("GET", "/")
                assert other.getresponse().status == 200
                other.close()
            finally:
                for line in idle:
                    line.close()


def test_what_a_guest_brings_is_not_taken_in(port: int) -> None:
    """A body that trickles would hold the line for ever."""
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    for length in (b"Content-Length: 1000000000\r\n", b"Transfer-Encoding: chunked\r\n"):
        heard = say(port, b"GET / HTTP/1.1\r\n" + host + length + b"\r\nab")
        assert heard.startswith(b"HTTP/1.1 413 ")


def test_a_folder_that_is_gone_is_nothing_found(tmp_path: Path) -> None:
    """And no traceback."""
    folder = tmp_path / "dist"
    folder.mkdir()
    with serve(folder, 0, lan=False) as addresses:
        port = int(addresses.here.rstrip("/").rpartition(":")[2])
        folder.rmdir()
        status, headers, _ = ask(port, "/index.html")
    assert status == 404
    assert headers["x-content-type-options"] == "nosniff"


def test_only_this_machine_may_ask_unless_told_so(shelf: Path) -> None:
    """The line listens at 127.0.0.1 alone: at another of this machine's addresses nobody does."""
    with serve(shelf, 0, lan=False) as addresses:
        port = int(addresses.here.rstrip("/").rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=20)


# The command ------------------------------------------------------------------------


def test_the_network_may_ask_where_it_is_told_so(shelf: Path) -> None:
    """By any name; and the address is printed, and drawn for a camera."""
    with serve(shelf, 0, lan=True) as addresses:
        port = int(addresses.here.rstrip("/").rpartition(":")[2])
        assert addresses.around == f"http://{own_address()}:{port}/"
        assert ask(port, "/", Host="laptop.local")[0] == 200
    drawn = qr_code(addresses.around).split("\n")
    assert len(drawn) > 10
    assert len({len(line) for line in drawn if line}) == 1


def test_the_command_serves_until_it_is_interrupted(shelf: Path) -> None:
    """As a person starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo", "serve", "--out", str(shelf), "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        line = process.stderr.readline()
        port = int(line.rstrip("/\n").rpartition(":")[2])
        assert ask(port, "/book.epub")[2] == EPUB
        process.send_signal(2)
        assert process.wait(20) in {0, 130}
    finally:
        process.kill()
        process.stderr.close()
        process.wait()


def test_without_a_book_there_is_nothing_to_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the way to one is told."""
    assert main(["serve", "--out", str(tmp_path)]) == 2
    assert "python3 build.py" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        assert main(["serve", "--out", str(shelf), "--port", str(taken)]) == 2
    assert f"port {taken} is taken" in capsys.readouterr().err
