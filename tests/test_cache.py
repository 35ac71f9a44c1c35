"""What is kept from one build to the next: never a wrong byte, whatever happened to it."""

import multiprocessing
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_print import first_book

from octavo.cache import Cache, key_of
from octavo.print.compositor import Compositor
from octavo.print.copy import Copy
from octavo.print.kept import Unreadable, pack, signature_key, surroundings, unpack
from octavo.print.setpages import Signature
from octavo.render import TEMPLATES

CSS = """@font-face { font-family: B; src: url(../fonts/SourceSerif4-Regular.ttf) }
html { font: 9pt B }"""
ENGINE = {"pango": "1", "harfbuzz": "2"}


def body() -> Signature:
    _, layout = first_book()
    return layout.body.places[0].setting.signature


def key(one: Copy) -> str:
    return signature_key(one, surroundings(one.folders))


def copy(words: str = "Tea.", css: str = CSS, verso: bool = False) -> Copy:
    html = f'<html lang="en"><head><title>x</title></head><body><p id="p">{words}</p></body></html>'
    return Copy(html, css, (TEMPLATES,), {"p": words}, verso)


def test_a_signature_is_the_same_when_it_comes_back() -> None:
    """Every line, anchor, seat and font of it, and its PDF."""
    assert unpack(pack(body(), ENGINE)) == (body(), ENGINE)


@given(data=st.data())
def test_what_is_cut_short_or_changed_is_no_entry(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One byte is enough."""
    folder = tmp_path_factory.mktemp("cache")
    cache = Cache(folder)
    cache.keep("key", b"what was made")
    (path,) = folder.iterdir()
    entry = path.read_bytes()
    at = data.draw(st.integers(0, len(entry) - 1))
    if data.draw(st.booleans()):
        path.write_bytes(entry[:at])
    else:
        byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != entry[at]))
        path.write_bytes(entry[:at] + bytes([byte]) + entry[at + 1 :])
    assert cache.read("key") is None
    cache.keep("key", b"what was made")
    assert cache.read("key") == b"what was made"


@given(st.binary(max_size=200))
def test_bytes_that_are_no_signature_are_told(data: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(data)


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    """A build without a cache is a build all the same."""
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file")
    cache.keep("key", b"1")
    cache.make_room()
    assert cache.read("key") is None


def keep_often(folder: str, number: int) -> None:
    for _ in range(200):
        Cache(Path(folder)).keep("key", bytes([number]) * 10_000)


def test_two_that_keep_at_once_leave_one_whole_entry(tmp_path: Path) -> None:
    """And none of their scraps."""
    fork = multiprocessing.get_context("spawn")
    workers = [fork.Process(target=keep_often, args=(str(tmp_path), number)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Cache(tmp_path).read("key") in {b"\1" * 10_000, b"\2" * 10_000}
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_of_no_use_for_longest_makes_room(tmp_path: Path) -> None:
    """Reading is use."""
    import os

    cache = Cache(tmp_path)
    for number, key in enumerate("abcd"):
        cache.keep(key, b"x" * 968)
        os.utime(tmp_path / f"kept-{key}", (number, number))
    assert cache.read("a")
    cache.make_room(2500)
    assert [cache.read(key) is not None for key in "abcd"] == [True, False, False, True]


def test_old_entries_go_and_the_seal_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never written again, and without it nothing that it seals is found."""
    cache = Cache(tmp_path)
    assert cache.seal
    cache.keep("key", b"1")
    later = time.time() + 60 * 86400
    monkeypatch.setattr(time, "time", lambda: later)
    assert cache.clean(30) == 1
    assert Cache(tmp_path).seal == cache.seal
    assert cache.clean(0) == 1
    assert list(tmp_path.iterdir()) == []


def test_room_is_looked_for_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the first build, and not again for a while; then again."""
    import os

    looked = []

    def look(self: Cache) -> None:
        looked.append(self)

    monkeypatch.setattr(Cache, "make_room", look)
    cache = Cache(tmp_path)
    cache.tidy()
    cache.tidy()
    assert len(looked) == 1
    os.utime(tmp_path / "tidied", (0, 0))
    cache.tidy()
    assert len(looked) == 2


def test_keys_tell_parts_apart() -> None:
    assert len({key_of(b"ab", b"c"), key_of(b"a", b"bc"), key_of(b"abc"), key_of()}) == 4


def test_a_signature_is_known_by_all_that_it_is_made_from(tmp_path: Path) -> None:
    """Words, style, side, and the files that a stylesheet may lead to."""
    other = tmp_path / "templates"
    (other / "fonts").mkdir(parents=True)
    (other / "fonts" / "a.ttf").write_bytes(b"1")
    folders = Copy(copy().html, CSS, (other, TEMPLATES), {"p": "Tea."})
    changed = [copy(), copy("Tea"), copy(css=CSS + "p{}"), copy(verso=True), folders]
    assert len({key(one) for one in changed}) == len(changed)
    assert key(copy()) == key(copy())


def test_a_signature_is_set_once(tmp_path: Path) -> None:
    """The next compositor has it from the cache; one with other libraries sets it again."""
    cache = Cache(tmp_path)
    with Compositor(cache) as compositor:
        first = compositor.set(copy())
        made = first.signature
        assert first.fresh
        # The next order is taken when the first is done, the entry kept.
        assert compositor.set(copy("Coffee.")).signature
        end = time.monotonic() + 30
        while cache.read(key(copy())) is None:
            assert time.monotonic() < end, "the signature is not kept"
    with Compositor(cache) as compositor:
        kept = compositor.set(copy())
        assert not kept.fresh
        assert (kept.pages, kept.signature) == (made.pages, made)
        assert compositor.set(copy("Cocoa.")).fresh
    cache.keep(key(copy()), pack(made, {"pango": "0"}))
    with Compositor(cache) as compositor:
        assert compositor.set(copy()).fresh
    cache.keep(key(copy()), b"no signature")
    with Compositor(cache) as compositor:
        again = compositor.set(copy())
        assert again.fresh
        assert again.signature == made
