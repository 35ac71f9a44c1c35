"""The memory: what was made is there again, but in no folder that it was carried to."""

import shutil
from collections.abc import Callable
from pathlib import Path

from octavo.cache import Cache
from octavo.memory import Memory
from octavo.model import Location


def counted() -> tuple[list[int], Callable[[], Location]]:
    """A function, and a list that grows when it is called."""
    calls: list[int] = []

    def make() -> Location:
        calls.append(1)
        return Location("talk.txt", 3, 4)

    return calls, make


def test_a_product_is_made_once(tmp_path: Path) -> None:
    """Another process that has the cache gets an equal one."""
    calls, make = counted()
    first = Memory(Cache(tmp_path)).recall(make, b"kind", b"input")
    assert Memory(Cache(tmp_path)).recall(make, b"kind", b"input") == first == make()
    assert len(calls) == 2


def test_other_inputs_make_it_anew(tmp_path: Path) -> None:
    """Inputs are told apart, not run together."""
    calls, make = counted()
    for parts in ((b"kind", b"ab"), (b"kind", b"a", b"b"), (b"kin", b"dab")):
        Memory(Cache(tmp_path)).recall(make, *parts)
    assert len(calls) == 3


def test_a_cache_from_elsewhere_gives_nothing(tmp_path: Path) -> None:
    """What lies in a copied cache is never unpickled, whatever is in it."""
    calls, make = counted()
    Memory(Cache(tmp_path / "own")).recall(make, b"kind")
    shutil.copytree(tmp_path / "own", tmp_path / "copy")
    Memory(Cache(tmp_path / "copy")).recall(make, b"kind")
    assert len(calls) == 2


def test_without_a_cache_all_is_made(tmp_path: Path) -> None:
    """The same where the cache's folder cannot be written."""
    calls, make = counted()
    (tmp_path / "file").write_bytes(b"")
    for memory in (Memory(None), Memory(Cache(tmp_path / "file"))):
        assert memory.recall(make, b"kind") == memory.recall(make, b"kind")
    assert len(calls) == 4


def test_what_is_made_of_something_unknown_is_not_kept(tmp_path: Path) -> None:
    """An empty part of a key tells nothing."""
    calls, make = counted()
    for _ in range(2):
        Memory(Cache(tmp_path)).recall(make, b"kind", b"")
    assert len(calls) == 2


def test_what_is_kept_again_replaces_what_was(tmp_path: Path) -> None:
    memory = Memory(Cache(tmp_path))
    assert memory.find(b"kind") is None
    memory.keep("first", b"kind")
    memory.keep("second", b"kind")
    assert memory.find(b"kind") == "second"


def test_what_is_let_go_of_is_made_again(tmp_path: Path) -> None:
    """It turned out not to be so."""
    calls, make = counted()
    memory = Memory(Cache(tmp_path))
    memory.recall(make, b"kind")
    memory.forget(b"kind")
    memory.forget(b"never kept")
    memory.recall(make, b"kind")
    assert len(calls) == 2
