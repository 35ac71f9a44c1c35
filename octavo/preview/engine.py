"""The reading engine that shows the EPUB: epub.js, fetched by npm once.

Comes in: the cache folder. Goes out: the engine's files, or in plain words why there are none.
The one decision: nothing that npm brings is run but in the browser (no package's scripts), and
the lock file's hashes say what it may bring; a folder gets its name when all of it is there.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock, Thread

from octavo.render import TEMPLATES

PACKAGE = TEMPLATES / "preview" / "reader"
FILES = {
    "jszip.js": "node_modules/jszip/dist/jszip.min.js",
    "epub.js": "node_modules/epubjs/dist/epub.min.js",
}
PATIENCE = 180
"""Seconds that npm may take."""
NO_NPM = (
    "The e-book cannot be shown: its reading engine is fetched by npm, which is not installed. "
    "Install Node.js, which brings npm, and start the preview again."
)


class Engine:
    """The engine of one preview."""

    def __init__(self, cache: Path, changed: Callable[[], None]) -> None:
        lock = (PACKAGE / "package-lock.json").read_bytes()
        self._folder = cache / f"reader-{sha256(lock).hexdigest()[:16]}"
        self._changed = changed
        self._lock = Lock()
        self._begun = False
        self.trouble = ""
        """Why there is no engine, when there will be none."""

    @property
    def is_ready(self) -> bool:
        return all((self._folder / file).is_file() for file in FILES.values())

    def file(self, name: str) -> Path | None:
        """The file that is served as *name*."""
        return self._folder / FILES[name] if name in FILES else None

    def want(self) -> None:
        """Fetch the engine if it is not there; another thread does it, once."""
        with self._lock:
            if not self._begun and not self.is_ready:
                self._begun = True
                Thread(target=self._fetch, daemon=True, name="octavo-npm").start()

    def _fetch(self) -> None:
        self.trouble = fetch(self._folder)
        self._changed()


def fetch(folder: Path) -> str:
    """Fill *folder* with what the lock file names; return what went wrong, if anything."""
    npm = shutil.which("npm")
    if npm is None:
        return NO_NPM
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        return f"The e-book cannot be shown: {error.filename} cannot be written ({error.strerror})."
    try:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(PACKAGE / name, temporary / name)
        failure = _run([npm, "ci", "--ignore-scripts", "--loglevel=error"], temporary)
        if not failure:
            shutil.rmtree(folder, ignore_errors=True)
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return failure


def _run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=folder,
            env=environment,
            errors="replace",
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"The e-book cannot be shown: npm did not come to an end ({error})."
    if done.returncode == 0:
        return ""
    said = next((line for line in done.stderr.splitlines() if line.strip()), "")
    return (
        f"The e-book cannot be shown: npm could not fetch its reading engine (“{said.strip()}”). "
        "Is there a network? Then start the preview again."
    )


def remove_engines(cache: Path) -> None:
    """Remove what was fetched; the next preview fetches it again."""
    for folder in cache.glob("reader-*"):
        shutil.rmtree(folder, ignore_errors=True)
