"""What holds for every test: where tools are found, and that none goes missing unseen.

A test that wants a program asks the fixture ``program`` for it and is skipped with a
loud reason where the machine has none. With ``OCTAVO_NO_SKIPS=1``, as in ``.ci/run``,
a skip of any kind is a failure: there, everything is installed.
"""

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from preview_browser import Browser

ROOT = Path(__file__).parents[1]
NPM_PROGRAMS = ROOT / "tests/readers/node_modules/.bin"
if "OCTAVO_CACHE" not in os.environ:
    # What is kept for the books of the checkout is not for tests, nor theirs for it.
    os.environ["OCTAVO_CACHE"] = tempfile.mkdtemp(prefix="octavo-test-cache-")
    atexit.register(shutil.rmtree, os.environ["OCTAVO_CACHE"], ignore_errors=True)

# What a shell runs behind its back ignores interrupts, and so would all that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

NO_SKIPS = os.environ.get("OCTAVO_NO_SKIPS", "") not in ("", "0")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# The examples are the same in every run: a law that fails here fails for everyone.
hypothesis.settings.register_profile("octavo", database=None, deadline=None, derandomize=True)
hypothesis.settings.load_profile("octavo")
set_hypothesis_home_dir(ROOT / ".octavo/hypothesis")


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """Return a function from a program's names to the path of the first that is here.

    They are looked for among the npm packages of ``tests/readers``, then on PATH.
    """

    def find(*names: str) -> str:
        places = [str(NPM_PROGRAMS), os.environ.get("PATH", os.defpath)]
        found = (shutil.which(name, path=os.pathsep.join(places)) for name in names)
        path = next(filter(None, found), None)
        if path is None:
            pytest.skip(f"{' or '.join(names)} is not installed; .ci/run shows how to install it")
        return path

    return find


@pytest.fixture(scope="module")
def browser(program: Callable[..., str]) -> "Iterator[Browser]":
    """Chromium with one page, for all tests of a module."""
    from preview_browser import MODULES, Browser

    node, chromium = program("node"), program("chromium")
    if not (MODULES / "playwright-core").is_dir():
        pytest.skip(f"{MODULES} is not there; `npm ci` in tests/readers makes it")
    # Not the print engine's word that there are no fonts.
    own = {k: v for k, v in os.environ.items() if k != "FONTCONFIG_FILE"}
    browser = Browser(node, {**own, "CHROMIUM": chromium, "MODULES": str(MODULES)})
    yield browser
    browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _without_skip((yield))


def _without_skip(report: Report) -> Report:
    """Make a skip a failure where none is allowed; an expected failure is not a skip."""
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though OCTAVO_NO_SKIPS is set: {report.longrepr}"
    return report
