"""The versions of everything that can change the output."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

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


def package_versions() -> dict[str, str]:
    """Octavo's own version and those of its Python packages, without importing them."""
    return {"octavo": __version__, **{package: package_version(package) for package in PACKAGES}}


@cache
def package_version(package: str) -> str:
    """The installed version of *package*, or ``missing``."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
