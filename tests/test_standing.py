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


KEYS = st.sampled_from("abcdef")


@given(
    st.lists(
        st.one_of(st.none(), st.tuples(KEYS, st.none()), st.tuples(KEYS, st.integers(0, 9))),
        max_size=60,
    ),
    st.integers(0, 20),
)
def test_what_is_at_hand_stays_while_each_build_has_use_of_it(
    steps: list[tuple[str, int | None] | None], most: int
) -> None:
    """It takes no more room than it may; what is asked for is what was kept last, or nothing."""
    near = Near()
    near.make_room(most)
    build = 0
    kept: dict[str, tuple[str, int]] = {}
    used: dict[str, int] = {}
    for number, step in enumerate(steps):
        if step is None:
            near.begin()
            build += 1
            continue
        key, size = step
        before = {*near._products} - {key}
        if size is None:
            found = near.find(key)
            assert found in (None, kept.get(key))
            assert (found is not None) == (key in near._products)
        else:
            kept[key] = key, number
            near.keep(key, kept[key], size)
        used[key] = build
        assert {one for one in before if used[one] >= build - 1} <= {*near._products}
        assert near._size == sum(size for _, size, _ in near._products.values()) <= most


def test_a_book_larger_than_the_room_is_at_hand_in_part() -> None:
    """Each build asks for all of it in turn, so that to keep what came last would be of no use."""
    near = Near()
    near.make_room(10)
    for _ in range(3):
        near.begin()
        found = [near.find(str(number)) for number in range(30)]
        for number in range(30):
            near.keep(str(number), number, 1)
    assert found == [*range(10), *[None] * 20]


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
