"""The versions of everything that can change the output.

The one decision: a package's version is read off the name of the folder that its installer
wrote (PyPA, "Recording installed projects"); ``importlib.metadata`` loads a reader of mail to
tell the same, and the first chapter would wait for it.
"""

import re
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from octavo import __version__

PACKAGES = (
    "weasyprint",
    "pydyf",
    "pyphen",
    "fonttools",
    "uharfbuzz",
    "pikepdf",
    "ebooklib",
    "lxml",
    "jinja2",
    "markdown-it-py",
)
RUNS = re.compile(r"[-_.]+")


def package_versions() -> dict[str, str]:
    """Octavo's own version and those of its Python packages, without importing them."""
    return {"octavo": __version__, **{package: package_version(package) for package in PACKAGES}}


def installed_versions() -> list[tuple[str, str]]:
    """All packages that Python finds, with their versions, and zlib, which is no package."""
    return [*sorted(_installed().items()), ("zlib", zlib.ZLIB_RUNTIME_VERSION)]


def package_version(package: str) -> str:
    """The installed version of *package*, or ``missing``."""
    return _installed().get(_plain(package)) or _told_by_python(package)


def _told_by_python(package: str) -> str:
    """The version of a package that was installed in another way."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


@cache
def _installed() -> dict[str, str]:
    """Versions by normalized name; what is found first on Python's path counts."""
    found: dict[str, str] = {}
    for folder in filter(None, sys.path):
        for name, version in _in_folder(Path(folder)):
            found.setdefault(name, version)
    return found


def _in_folder(folder: Path) -> Iterator[tuple[str, str]]:
    # Most of Python's path are archives and folders without any.
    for path in folder.glob("*-*.dist-info"):
        name, _, version = path.name.removesuffix(".dist-info").partition("-")
        yield _plain(name), version


def _plain(name: str) -> str:
    return RUNS.sub("-", name).lower()
