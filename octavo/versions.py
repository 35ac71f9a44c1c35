"""The versions of everything that can change the output."""

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
    found = {"octavo": __version__}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found
