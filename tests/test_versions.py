"""Versions are those that Python's own reader of packages tells."""

from importlib.metadata import distributions, version

from octavo.versions import PACKAGES, package_version


def test_versions_are_those_of_the_installed_packages() -> None:
    """Of all that change the output, and of whatever else is installed, by any spelling."""
    assert [package_version(package) for package in PACKAGES] == [*map(version, PACKAGES)]
    for found in distributions():
        name = found.metadata["Name"]
        assert package_version(name) == version(name)
        assert package_version(name.upper().replace("-", "_")) == version(name)


def test_a_package_that_is_not_there_is_missing() -> None:
    """The build does not end for it: what lacks it tells."""
    assert package_version("no-such-package") == "missing"
