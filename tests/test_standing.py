"""A press that stands gives the bytes of a new one, and a builder that is no good is replaced."""

import atexit
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_books import write_book
from test_incremental import EDITS, SHAPE, built, edit

from octavo.beside import can_fork
from octavo.cache import Cache
from octavo.findings import Unbuildable
from octavo.near import AT_HAND, Near
from octavo.press import standing
from octavo.press.standing import STANDING, StandingPress
from octavo.watch import _keeper

PATIENCE = 30


@pytest.fixture
def press(tmp_path: Path) -> Iterator[StandingPress]:
    """One in this process, taken down afterwards."""
    press = StandingPress(tmp_path / "cache")
    press.stand()
    yield press
    for compositor in STANDING:
        compositor.close()
    STANDING.clear()
    AT_HAND.make_room(0)


def test_an_edited_book_is_what_a_new_one_would_be(press: StandingPress, tmp_path: Path) -> None:
    """Build after build in one process: styles, templates, headings and words may change."""
    book = write_book(SHAPE, tmp_path)
    cache = Cache(tmp_path / "cache")
    chance = random.Random("standing")
    built(book, tmp_path / "dist", cache)
    kept = 0
    for number in range(EDITS):
        kind = edit(book, chance)
        warm = built(book, tmp_path / "dist", cache)
        press.tidy()
        stands = STANDING[:]
        STANDING.clear()
        AT_HAND.make_room(0)
        cold = built(book, tmp_path / "cold", None)
        AT_HAND.make_room(standing.ROOM)
        STANDING[:] = stands
        for path, data in warm.files.items():
            name = path.relative_to(tmp_path / "dist")
            assert cold.files[tmp_path / "cold" / name] == data, (number, kind, name)
        kept += warm.changes.pages - warm.changes.anew
    assert kept > EDITS


@pytest.mark.usefixtures("press")
def test_another_font_by_the_same_name_is_read(tmp_path: Path) -> None:
    """The workshop has style and fonts loaded: it is opened anew when a file of them changes."""
    book = write_book(SHAPE, tmp_path)
    fonts = Path(__file__).parents[1] / "templates" / "fonts"
    own = book / "templates" / "fonts"
    own.mkdir(parents=True)
    cache = Cache(tmp_path / "cache")
    first = built(book, tmp_path / "dist", cache)
    bold = (fonts / "SourceSerif4-Bold.ttf").read_bytes()
    (own / "SourceSerif4-Regular.ttf").write_bytes(bold)
    other = built(book, tmp_path / "dist", cache)
    assert other.changes.anew == other.changes.pages
    (own / "SourceSerif4-Regular.ttf").unlink()
    assert built(book, tmp_path / "dist", cache).files == first.files != other.files


@pytest.mark.usefixtures("press")
@pytest.mark.skipif(not can_fork(), reason="this system cannot fork safely")
def test_a_press_that_was_at_work_for_another_build_begins_again(tmp_path: Path) -> None:
    """What a build that was stopped by a fault left to be set troubles nobody."""
    book = write_book(SHAPE, tmp_path)
    cache = Cache(tmp_path / "cache")
    first = built(book, tmp_path / "dist", cache)
    index = book / "index.toml"
    text = index.read_text(encoding="utf-8")
    seed = book.parent / "seeds" / "02.txt"
    words = seed.read_text(encoding="utf-8")
    # The index is planned while the chapter is being set.
    index.write_text(text + '\n[[entry]]\nheading = "a"\nsee = ["nowhere"]\n', encoding="utf-8")
    seed.write_text(words.replace("bridge", "brigde"), encoding="utf-8")
    with pytest.raises(Unbuildable):
        built(book, tmp_path / "dist", cache)
    index.write_text(text, encoding="utf-8")
    seed.write_text(words, encoding="utf-8")
    assert built(book, tmp_path / "dist", cache).files == first.files


class Fake:
    """A press of nothing, fit as long as no file says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.unfit = folder / "unfit"

    def load(self) -> None:
        """Nothing."""

    def stand(self) -> None:
        """Nothing."""

    def is_fit(self) -> bool:
        return not self.unfit.exists()

    def tidy(self) -> None:
        """Nothing."""


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork safely")
def test_a_builder_goes_on_while_it_is_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is another where it was not, where it broke, and where an order overtook it."""
    # What pytest left to be done at its end is not the keeper's.
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: None)
    told = tmp_path / "told"
    told.touch()
    slow, broken = tmp_path / "slow", tmp_path / "broken"

    def build() -> None:
        if slow.exists():
            time.sleep(PATIENCE)
        with told.open("a", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n")
        if broken.exists():
            raise RuntimeError

    def after(order: Callable[[], object]) -> str:
        """The process of the build that *order* begins."""
        count = len(told.read_text().splitlines())
        order()
        end = time.monotonic() + PATIENCE
        while len(lines := told.read_text().splitlines()) == count:
            assert time.monotonic() < end
            time.sleep(0.01)
        # Word of it may still be on its way.
        time.sleep(0.05)
        return lines[-1]

    with _keeper(build, Fake(tmp_path)) as order:
        first = after(order)
        assert after(order) == first
        (tmp_path / "unfit").touch()
        assert after(order) == first
        (tmp_path / "unfit").unlink()
        second = after(order)
        assert second != first
        broken.touch()
        assert after(order) == second
        broken.unlink()
        third = after(order)
        assert third not in (first, second)
        os.kill(int(third), signal.SIGKILL)
        fourth = after(order)
        assert fourth not in (first, second, third)
        slow.touch()
        order()
        time.sleep(0.2)
        slow.unlink()
        assert after(order) not in (first, second, third, fourth)


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=40),
    st.integers(0, 20),
)
def test_what_is_at_hand_is_what_was_of_use_last(kept: list[tuple[str, int]], most: int) -> None:
    """And takes no more room than it may."""
    near = Near()
    near.make_room(most)
    last: dict[str, int] = {}
    for key, size in kept:
        near.keep(key, (key, size), size)
        last.pop(key, None)
        if size <= most:
            last[key] = size
        while sum(last.values()) > most:
            del last[next(iter(last))]
    assert {key: near.find(key) for key in "abcdef"} == {
        key: (key, last[key]) if key in last else None for key in "abcdef"
    }


@pytest.mark.skipif(not can_fork(), reason="it is asked where a process may be forked")
def test_a_process_that_takes_much_memory_is_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build is done in another."""
    press = StandingPress(tmp_path)
    monkeypatch.setattr(standing, "MOST_MEMORY", 1 << 60)
    assert press.is_fit()
    monkeypatch.setattr(standing, "MOST_MEMORY", 1 << 20)
    assert not press.is_fit()
