"""Watching: a build after each save, findings at once, an overtaken build dropped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_books import BOOKS, write_book

from octavo.beside import can_fork
from octavo.watch import Filter, watched_folders

ROOT = Path(__file__).parents[1]
SHAPE = replace(BOOKS[1], chapters=2, turns=4, longest=4)
PATIENCE = 60
forks = pytest.mark.skipif(not can_fork(), reason="this system cannot fork safely")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(SHAPE, tmp_path)


class Watched:
    """A ``build.py watch`` at work."""

    def __init__(self, book: Path, log: Path) -> None:
        self.log = log
        command = [sys.executable, "-m", "octavo", "watch", "--book", str(book)]
        environment = {**os.environ, "OCTAVO_CACHE": str(log.parent / "cache")}
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stderr=file, start_new_session=True
            )

    def wait_for(self, true: Callable[[str], bool]) -> str:
        """Wait until *true* of all that was said so far."""
        end = time.monotonic() + PATIENCE
        while not true(said := self.log.read_text(encoding="utf-8")):
            assert self.process.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.02)
        return said


@pytest.fixture
def watched(book: Path, tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(book, tmp_path / "log")
    yield watched
    if watched.process.poll() is None:
        os.killpg(watched.process.pid, signal.SIGKILL)
        watched.process.wait()


@forks
def test_each_save_is_followed_by_a_build(book: Path, watched: Watched) -> None:
    """A word, a fault, its mending, a transcript gone and back; and an end on interrupt."""
    seed = book.parent / "seeds" / "02.txt"
    text = seed.read_text(encoding="utf-8")
    watched.wait_for(lambda said: said.count("built in") == 1)
    seed.write_text(text.replace("bridge", "brigde"), encoding="utf-8")
    said = watched.wait_for(lambda said: said.count("built in") == 2)
    last = said.strip().splitlines()[-1]
    anew, pages = (int(word) for word in last.split()[:3:2])
    assert 0 < anew < pages
    seed.write_text(text.replace("Mr. Oakes:", "Mr. Oaks:"), encoding="utf-8")
    watched.wait_for(lambda said: "did you mean `Mr. Oakes`?" in said)
    seed.unlink()
    watched.wait_for(lambda said: "missing-transcript" in said)
    seed.write_text(text, encoding="utf-8")
    watched.wait_for(lambda said: said.count("built in") == 3)
    os.kill(watched.process.pid, signal.SIGINT)
    assert watched.process.wait(PATIENCE) == 0


@forks
def test_a_build_that_is_overtaken_is_dropped(book: Path, watched: Watched) -> None:
    """Of saves in a row only the last one's book is told of and written."""
    seed = book.parent / "seeds" / "02.txt"
    text = seed.read_text(encoding="utf-8")
    own = book / "templates" / "print" / "own.css"
    own.parent.mkdir(parents=True)
    watched.wait_for(lambda said: said.count("built in") == 1)
    for number, word in enumerate(("one", "two", "three", "four"), start=2):
        # With another style all is set anew, which takes longer than to the next save.
        own.write_text(f"p {{ orphans: {number} }}", encoding="utf-8")
        seed.write_text(text.replace("bridge", word), encoding="utf-8")
        time.sleep(0.1)
    watched.wait_for(lambda said: said.count("built in") >= 2)
    time.sleep(1)
    assert watched.log.read_text(encoding="utf-8").count("built in") == 2
    dist = book.parent / "dist"
    made = (dist / "hearing.pdf").read_bytes()
    command = [sys.executable, "-m", "octavo", "--book", str(book), "--out", str(dist.parent / "x")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert (dist.parent / "x" / "hearing.pdf").read_bytes() == made


def test_the_folders_of_transcripts_are_watched_too(book: Path, tmp_path: Path) -> None:
    """As book.toml names them; one that cannot be read names none."""
    seeds = (book.parent / "seeds").resolve()
    assert watched_folders(book, [tmp_path / "nowhere"]) == {book.resolve(), seeds}
    (book / "book.toml").write_text("[[transcript]\n")
    assert watched_folders(book, []) == {book.resolve()}


@pytest.mark.parametrize(
    ("path", "by_hand"),
    [
        ("/.a/book/book.toml", True),
        ("/.a/dist/seeds/talk.txt", True),
        ("/.a/book/dist/talk.pdf", False),
        ("/.a/book/.book.toml.swp", False),
        ("/.a/book/book.toml~", False),
        ("/.a/book/.git/index", False),
        ("/.a/book/templates/print/own.css", True),
    ],
)
def test_only_what_is_written_by_hand_counts(path: str, by_hand: bool) -> None:
    """A folder below a hidden one is not hidden, and `dist` is what `--out` says."""
    folders = [Path("/.a/book"), Path("/.a/dist/seeds")]
    assert Filter(folders, Path("/.a/book/dist"))(None, path) is by_hand
