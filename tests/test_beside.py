"""Work beside other work."""

import os

import pytest

from octavo.beside import beside


def test_the_result_comes_back_whole() -> None:
    """Large results are waited for, and several may be under way."""
    first, second = beside(lambda: b"x" * 3_000_000), beside(lambda: ("y", 2))
    assert second() == ("y", 2)
    assert first() == b"x" * 3_000_000


def test_an_exception_is_raised_where_it_is_waited_for() -> None:
    """A fault in the other process is a fault here."""

    def fail() -> None:
        raise KeyError("lost")

    wait = beside(fail)
    with pytest.raises(KeyError, match="lost"):
        wait()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_process_that_dies_is_not_waited_for_in_vain() -> None:
    """A helper process killed by the system ends the build, not hangs it."""
    wait = beside(lambda: os._exit(9))
    with pytest.raises(RuntimeError, match="9"):
        wait()
