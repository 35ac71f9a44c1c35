"""Builds that are killed, and builds that run at once: no file half-written, no cache that lies.

OCTAVO_KILLS=50 python3 build.py test tests/test_killed.py
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from made_books import BOOKS, write_book

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("OCTAVO_KILLS", "5"))
SHAPE = replace(BOOKS[1], chapters=3, turns=6, longest=6)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(SHAPE, tmp_path)


def start(book: Path, cache: Path, out: str = "dist") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "octavo", "--book", str(book), "--out", str(book.parent / out)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "OCTAVO_CACHE": str(cache)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )


def files(folder: Path) -> Mapping[str, bytes]:
    found = (path for path in folder.rglob("[!.]*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def change(book: Path, number: int) -> None:
    """The second of two states of the text, or the first again."""
    seed = book.parent / "seeds" / "02.txt"
    words = ("bridge", "harbour bridge")
    text = seed.read_text(encoding="utf-8").replace(words[1], words[0])
    text = text.replace(*words) if number % 2 else text
    seed.write_text(text, encoding="utf-8")


def test_a_kill_leaves_whole_files_and_a_cache_that_serves(book: Path, tmp_path: Path) -> None:
    """Each file is that of one state or the other, and the next build is right."""
    good = []
    for state in (0, 1):
        change(book, state)
        started = time.perf_counter()
        assert start(book, tmp_path / f"cache {state}", f"good {state}").wait() == 0
        took = time.perf_counter() - started
        good.append(files(book.parent / f"good {state}"))
    assert good[0]["hearing.pdf"] != good[1]["hearing.pdf"]
    chance = random.Random("kills")
    cache = tmp_path / "cache"
    for number in range(KILLS):
        change(book, number)
        build = start(book, cache)
        time.sleep(chance.uniform(0.1, 1.1) * took)
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        for name, data in files(book.parent / "dist").items():
            assert data in [state[name] for state in good], f"{name} after kill {number}"
        if number % 3 == 2:
            assert start(book, cache).wait() == 0
            assert files(book.parent / "dist") == good[number % 2]


def test_two_builds_at_once_both_end_well(book: Path, tmp_path: Path) -> None:
    """Into one folder, out of one cache, that is empty and then full."""
    for state in (0, 1):
        change(book, state)
        builds = [start(book, tmp_path / "cache") for _ in range(2)]
        assert [build.wait() for build in builds] == [0, 0]
        made = files(book.parent / "dist")
        assert start(book, tmp_path / f"alone {state}", "alone").wait() == 0
        assert made == files(book.parent / "alone")
