"""Jobs done beside other work, with tools that were got ready once."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import jobs
import pytest

from octavo.beside import can_fork
from octavo.workshop import DONE, Workshop, _Shop

PATIENCE = 60
"""Seconds."""
forks = pytest.mark.skipif(not can_fork(), reason="this system cannot fork safely")


def test_results_come_in_order_and_jobs_in_any(tmp_path: Path) -> None:
    """A job's results wait for who asks, whatever other jobs were asked for before."""
    with Workshop(tmp_path) as workshop:
        first, second = workshop.begin(jobs.count, 3), workshop.begin(jobs.count, 2)
        assert list(second) == [0, 1]
        assert list(first) == [0, 1, 2]


@forks
def test_tools_are_got_ready_once_for_all_jobs(tmp_path: Path) -> None:
    """What is loaded in the workshop is there in every job; none is done in our process."""
    with Workshop(tmp_path) as workshop:
        assert next(workshop.get_ready(jobs.fetch_tools, "saw")) == 1
        results = [next(workshop.begin(jobs.use_tools)) for _ in range(3)]
    assert [tools for _, tools in results] == [("saw",)] * 3
    assert os.getpid() not in {process for process, _ in results}
    assert jobs.TOOLS == []


@forks
def test_what_is_got_ready_later_is_there_in_every_later_job(tmp_path: Path) -> None:
    """Hands that did jobs before have no part in it; busy ones end when they are done."""
    with Workshop(tmp_path) as workshop:
        before = [workshop.begin(jobs.use_tools) for _ in range(12)]
        workshop.get_ready(jobs.fetch_tools, "saw")
        after = [workshop.begin(jobs.use_tools) for _ in range(12)]
        first, later = ([next(told) for told in half] for half in (before, after))
    assert {tools for _, tools in first} == {()}
    assert {tools for _, tools in later} == {("saw",)}
    assert {process for process, _ in first}.isdisjoint(process for process, _ in later)


@forks
def test_a_hand_does_one_job_after_the_other(tmp_path: Path) -> None:
    """No more processes than there are cores, and one for who waits, however many the jobs."""
    with Workshop(tmp_path) as workshop:
        most = len(os.sched_getaffinity(0)) + 1
        told = [next(workshop.begin(jobs.use_tools))[0] for _ in range(3 * most)]
    assert len(set(told)) <= most


@forks
def test_a_hand_that_was_killed_while_it_was_free_is_replaced(tmp_path: Path) -> None:
    """Its last job was done; the next is another's."""
    with Workshop(tmp_path) as workshop:
        job = workshop.begin(jobs.use_tools)
        killed = next(job)[0]
        assert list(job) == []
        os.kill(killed, signal.SIGKILL)
        wait_until_buried(killed)
        assert [next(workshop.begin(jobs.use_tools))[0] for _ in range(4)].count(killed) == 0


@forks
def test_a_hand_that_dies_when_its_job_is_done_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was asked of it was told before."""
    say = _Shop.say

    def say_and_die(self: _Shop, number: int, kind: int, which: int) -> None:
        say(self, number, kind, which)
        if (number, kind) == (1, DONE):
            os._exit(9)

    monkeypatch.setattr(_Shop, "say", say_and_die)
    with Workshop(tmp_path) as workshop:
        first = workshop.begin(jobs.use_tools)
        assert len(list(first)) == 1
        for _ in range(4):
            assert len(list(workshop.begin(jobs.use_tools))) == 1


def wait_until_buried(process: int) -> None:
    end = time.monotonic() + PATIENCE
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.kill(process, 0)
            time.sleep(0.01)
        pytest.fail(f"{process} was never waited for")


@forks
def test_a_job_may_begin_in_the_workshop_and_end_in_a_hand(tmp_path: Path) -> None:
    """What it loads before its first result is there for the jobs after it."""
    with Workshop(tmp_path) as workshop:
        first, second = workshop.begin_here(jobs.fetch_and_tell, "plane")
        assert next(workshop.begin(jobs.use_tools))[1] == ("plane",)
    assert first != second


def test_large_orders_and_results_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Orders are taken while results lie unread, however large both are."""
    size = 3_000_000
    with Workshop(tmp_path) as workshop:
        given = [workshop.begin(jobs.give, size) for _ in range(8)]
        taken = [workshop.begin(jobs.take, b"y" * size) for _ in range(8)]
        assert [next(answer) for answer in taken] == [size] * 8
        assert [len(next(answer)) for answer in given] == [size] * 8


def test_an_exception_is_raised_where_the_result_is_waited_for(tmp_path: Path) -> None:
    """What was yielded before it still comes."""
    with Workshop(tmp_path) as workshop:
        answers = workshop.begin(jobs.fail_after_one)
        assert next(answers) == "one"
        with pytest.raises(KeyError, match="lost"):
            next(answers)


@forks
def test_a_job_that_dies_is_not_waited_for_in_vain(tmp_path: Path) -> None:
    """A process ended by the system ends the build, not hangs it; other jobs go on."""
    with Workshop(tmp_path) as workshop:
        dead, alive = workshop.begin(jobs.die), workshop.begin(jobs.count, 1)
        with pytest.raises(RuntimeError, match="9"):
            next(dead)
        assert list(alive) == [0]


@forks
def test_a_result_that_cannot_be_sent_is_not_waited_for_in_vain(tmp_path: Path) -> None:
    """Nor one for which the disk has no room."""
    with Workshop(tmp_path) as workshop, pytest.raises(RuntimeError, match="ended early"):
        next(workshop.begin(jobs.yield_what_cannot_be_sent))


@forks
def test_closing_ends_all_that_is_at_work(tmp_path: Path) -> None:
    """Nothing goes on when the workshop is closed, and closing waits for nothing."""
    with Workshop(tmp_path) as workshop:
        workshop.begin(jobs.go_on)
        process = workshop._process
    with pytest.raises(ProcessLookupError):
        os.killpg(process, 0)


def test_two_workshops_in_one_folder_do_not_mix_their_results(tmp_path: Path) -> None:
    """The hands of one whose process was killed may still be about their jobs."""
    with Workshop(tmp_path) as one, Workshop(tmp_path) as other:
        first, second = one.begin(jobs.count, 3), other.begin(jobs.fetch_tools, "saw")
        assert next(second) == 1
        assert list(first) == [0, 1, 2]
        assert list(second) == []
