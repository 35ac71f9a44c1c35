"""The peers in the bench: pandoc, by WeasyPrint and by LuaLaTeX, and Typst.

Comes in: a scratch folder and how often the text stands in the book. Goes out: cases. pandoc's
source is the plain text under headings. Typst's is what a Typst user would write for a book:
A5, justified, a contents page, a file a chapter, each beginning a page, speakers in bold, and
Typst's own typeface; docs/speed.md tells what these choices do to the figures.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench_octavo import SEED, change_word
from bench_runs import Case, Resident, Run, run_once
from bench_targets import EPUB, LUALATEX, TYPST, TYPST_KEPT, WEASYPRINT


def peer_cases(here: Path, copies: int, residents: ExitStack) -> dict[str, Case]:
    """Every case of the others; *residents* ends what stays."""
    place = here / "peer"
    venv.create(place, with_pip=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    packages = ["pypandoc-binary", "weasyprint==70.0", "typst", "pypdfium2"]
    subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
    return {
        **pandoc_cases(here, python, copies),
        **typst_cases(here / "typst", python, copies, residents),
    }


def pdf_case(command: Sequence[str], pdf: Path, python: Path) -> Case:
    """A command that makes *pdf* anew, the pages of which are counted."""

    def run() -> Run:
        pdf.unlink(missing_ok=True)
        made, pages = run_once(command), count_pages(python, pdf)
        return replace(made, anew=pages, pages=pages)

    return Case(run)


def count_pages(python: Path, pdf: Path, word: str = "") -> int:
    """How many pages *pdf* has, on one of which *word* must stand."""
    counted = [str(python), "-c", COUNT, str(pdf), word]
    return int(subprocess.run(counted, check=True, capture_output=True, text=True).stdout)


COUNT = """
import sys
from pypdfium2 import PdfDocument
pdf, word = PdfDocument(sys.argv[1]), sys.argv[2]
if word and not any(word in page.get_textpage().get_text_range() for page in pdf):
    raise SystemExit(f"{word} does not stand in {sys.argv[1]}")
print(len(pdf))
"""


# pandoc -----------------------------------------------------------------------------


def pandoc_cases(here: Path, python: Path, copies: int) -> dict[str, Case]:
    """To EPUB, to PDF by WeasyPrint, and by LuaLaTeX where that is installed."""
    script = "import pypandoc; print(pypandoc.get_pandoc_path())"
    found = subprocess.run([str(python), "-c", script], check=True, capture_output=True, text=True)
    source = here / "text.md"
    source.write_text(markdown(copies), encoding="utf-8")
    pandoc = [found.stdout.strip(), str(source), "--metadata", "title=The International work"]
    pandoc.append("--toc")

    def to_pdf(name: str, *options: str) -> Case:
        pdf = here / f"{name}.pdf"
        return pdf_case([*pandoc, *options, "-o", str(pdf)], pdf, python)

    epub = [*pandoc, "-o", str(here / "text.epub")]
    cases = {
        EPUB: Case(lambda: run_once(epub)),
        WEASYPRINT: to_pdf("weasyprint", f"--pdf-engine={python.parent / 'weasyprint'}"),
    }
    if shutil.which("lualatex"):
        book = ("-V", "documentclass=book", "-V", "papersize=a5")
        cases[LUALATEX] = to_pdf("lualatex", "--pdf-engine=lualatex", *book)
    else:
        print("no lualatex is installed; pandoc's PDF by LuaLaTeX is left out", file=sys.stderr)
    return cases


def markdown(copies: int) -> str:
    """The text in Markdown, with a heading a copy where there are more than one."""
    text = SEED.read_text(encoding="utf-8")
    if copies == 1:
        return text
    return "".join(f"# Talk {number}\n\n{text}\n\n" for number in range(1, copies + 1))


# Typst ------------------------------------------------------------------------------


def typst_cases(folder: Path, python: Path, copies: int, residents: ExitStack) -> dict[str, Case]:
    """A new process that compiles all, and one that keeps its compiler while a word changes."""
    folder.mkdir()
    main, chapters = write_typst(folder, copies)
    cold, kept = folder / "cold.pdf", folder / "kept.pdf"
    compiler = Resident([str(python), "-c", KEEP, str(main), str(kept)], "compiled")
    residents.enter_context(compiler)
    compiler.wait()
    numbers = itertools.count(1)
    changing = len(chapters) // 2

    def edited() -> Run:
        number = next(numbers)
        text = chapter(change_word(SEED.read_text(encoding="utf-8"), number), changing + 1)

        def save() -> None:
            chapters[changing].write_text(text, encoding="utf-8")
            compiler.ask()

        run = compiler.timed(save)
        return replace(run, pages=count_pages(python, kept, f"with{number}"))

    return {
        TYPST: pdf_case([str(python), "-c", COMPILE, str(main), str(cold)], cold, python),
        TYPST_KEPT: Case(edited, compiler.end),
    }


COMPILE = """
import sys, typst
typst.compile(sys.argv[1], sys.argv[2], ignore_system_fonts=True)
"""

KEEP = """
import sys, typst
compiler = typst.Compiler(sys.argv[1], ignore_system_fonts=True)
while True:
    # The files are read again each time; what was laid out of those that are equal is kept.
    compiler.compile(output=sys.argv[2])
    print("compiled", file=sys.stderr, flush=True)
    if not sys.stdin.readline():
        break
"""


def write_typst(folder: Path, copies: int) -> tuple[Path, list[Path]]:
    """Write the book's main file and its chapters."""
    chapters = [folder / f"{number:04}.typ" for number in range(1, copies + 1)]
    text = SEED.read_text(encoding="utf-8")
    for number, path in enumerate(chapters, 1):
        path.write_text(chapter(text, number), encoding="utf-8")
    main = folder / "main.typ"
    includes = "".join(f'#include "{path.name}"\n' for path in chapters)
    main.write_text(f"{TYPST_BOOK}{includes}", encoding="utf-8")
    return main, chapters


TYPST_BOOK = """\
#set document(title: "The International work")
#set page(paper: "a5", numbering: "1")
#set text(lang: "en")
#set par(justify: true)
#show heading.where(level: 1): it => { pagebreak(weak: true); it }
#outline()
"""


def chapter(text: str, number: int) -> str:
    """The transcript *text* as a chapter in Typst's markup."""
    escaped = re.sub(r"([#$*_`<>@\\\[\]~])", r"\\\1", text)
    speech = re.sub(r"^(Reporter|Wang):", r"*\1:*", escaped, flags=re.MULTILINE)
    return f"= Talk {number}\n\n{speech}\n"
