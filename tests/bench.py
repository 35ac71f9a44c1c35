"""Measure a build against pandoc and Typst, whole processes, in turn, in one run.

    python3 tests/bench.py [--runs 5] [--copies 50] [--json FILE]

Comes in: this checkout. Goes out: a table of medians and their ratios, and JSON. Octavo and
pandoc (PyPI's ``pypandoc-binary``) with WeasyPrint go into throw-away environments of the
Python that runs this, for a Python built otherwise may be a third slower. The runs of all
commands take turns, so that a noisy machine is noisy for each of them. With --copies the book
is the text so many times over, a chapter each, with an index of words.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "seeds" / "international-work.txt"
NAME = "international-work"


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end."""

    seconds: float
    peak_mb: float


def main() -> None:
    """Set up, measure in turns, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        commands = {
            **our_commands(here, options.copies),
            **pandoc_commands(here, options.copies),
            **typst_commands(here, options.copies),
        }
        results = measure(commands, options.runs)
    rows = summarise(results)
    print_table(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


Command = Callable[[], Sequence[str]]


def our_commands(here: Path, copies: int) -> dict[str, Command]:
    """A cold build, one with nothing to do, one after an edit, and Python itself."""
    copy = here / "octavo"
    ignored = shutil.ignore_patterns(".git", ".octavo", "dist", "__pycache__", ".venv")
    shutil.copytree(ROOT, copy, ignore=ignored)
    os.environ["OCTAVO_VENV"] = str(here / "venv")
    # Where this is set all of Octavo would be compiled at each start, but nothing of its peers.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    book = copy / "book" if copies == 1 else long_book(here / "long", copies)
    build = [sys.executable, str(copy / "build.py"), "--book", str(book)]
    subprocess.run(build, check=True, capture_output=True)

    def cold() -> Sequence[str]:
        shutil.rmtree(copy / ".octavo", ignore_errors=True)
        shutil.rmtree(book.parent / "dist", ignore_errors=True)
        return build

    seeds = sorted((book.parent / "seeds").glob("*.txt"))
    numbers = itertools.count()

    def edited() -> Sequence[str]:
        change_word(seeds[len(seeds) // 2], next(numbers))
        return build

    def grown() -> Sequence[str]:
        add_page(seeds[0], next(numbers))
        return build

    return {
        "octavo, cold": cold,
        "octavo, nothing to do": lambda: build,
        "octavo, one word changed": edited,
        **({"octavo, a page added early": grown} if copies > 1 else {}),
        "python -c pass": lambda: [sys.executable, "-c", "pass"],
    }


def change_word(seed: Path, number: int) -> None:
    """End the text with another word: there no passage that an edition quotes is parted."""
    text = re.sub(r" word-\d+$", "", seed.read_text(encoding="utf-8").rstrip())
    seed.write_text(f"{text} word-{number}\n", encoding="utf-8")


def add_page(seed: Path, number: int) -> None:
    """Make the answers of a chapter longer by a page, or as long as they were."""
    text, parted, _ = seed.read_text(encoding="utf-8").partition("\n\nWang: And so ")
    more = f"{parted or PARTING}{number}. " + "More was said of the same matter then. " * 80
    seed.write_text(text.rstrip() + ("\n" if parted else f"{more}\n"), encoding="utf-8")


PARTING = "\n\nWang: And so "


def long_book(folder: Path, copies: int) -> Path:
    """Write an edition of the text *copies* times over, a chapter each."""
    book, seeds = folder / "book", folder / "seeds"
    book.mkdir(parents=True)
    seeds.mkdir()
    toml = (ROOT / "book" / "book.toml").read_text(encoding="utf-8")
    table = re.compile(r"\[\[transcript\]\]\n(?:[^\[\n].*\n)*")
    chapters = []
    for number in range(1, copies + 1):
        shutil.copy(SEED, seeds / f"{number:04}.txt")
        source = f'source = "../seeds/{number:04}.txt"'
        chapters.append(f'[[transcript]]\n{source}\ntitle = "Talk {number}"\n')
    (book / "book.toml").write_text(table.sub("\n".join(chapters), toml), encoding="utf-8")
    words = ["China", "party", "world", "peace", "congress", "development", "theory", "relations"]
    entries = (f'[[entry]]\nheading = "{word}"\nmatch = ["{word}"]\n' for word in words)
    (book / "index.toml").write_text("\n".join(entries), encoding="utf-8")
    return book


def pandoc_commands(here: Path, copies: int) -> dict[str, Command]:
    """The same text by pandoc: to EPUB, and to PDF by WeasyPrint."""
    place = here / "peer"
    venv.create(place, with_pip=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    packages = ["pypandoc-binary", "weasyprint==70.0"]
    subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
    found = subprocess.run(
        [str(python), "-c", "import pypandoc; print(pypandoc.get_pandoc_path())"],
        check=True,
        capture_output=True,
        text=True,
    )
    pandoc = found.stdout.strip()
    source = here / "text.md"
    source.write_text(many(copies), encoding="utf-8")
    metadata = ["--metadata", "title=The International work", "--toc"]
    engine = f"--pdf-engine={python.parent / 'weasyprint'}"
    pdf = [pandoc, str(source), *metadata, engine, "-o", str(here / f"{NAME}.pdf")]
    epub = [pandoc, str(source), *metadata, "-o", str(here / f"{NAME}.epub")]
    return {"pandoc, EPUB": lambda: epub, "pandoc, PDF by WeasyPrint": lambda: pdf}


def many(copies: int) -> str:
    """The text in Markdown, with a heading a copy where there are more than one."""
    text = SEED.read_text(encoding="utf-8")
    if copies == 1:
        return text
    return "".join(f"# Talk {number}\n\n{text}\n\n" for number in range(1, copies + 1))


def typst_commands(here: Path, copies: int) -> dict[str, Command]:
    """The same text by Typst: a PDF with contents, and neither index nor EPUB."""
    python = here / "peer" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "typst"], check=True)
    source, pdf = here / "text.typ", here / "typst.pdf"
    special = re.compile(r"([#$*_`<>@\\\[\]~])")
    body = special.sub(r"\\\1", many(copies).replace("# Talk", "\0 Talk")).replace("\0", "=")
    fonts = ROOT / "templates" / "fonts"
    source.write_text(
        '#set page(width: 148mm, height: 210mm, numbering: "1")\n'
        '#set text(font: "Source Serif 4", size: 10.5pt, lang: "en")\n'
        f"#set par(justify: true)\n#outline()\n{body}",
        encoding="utf-8",
    )
    script = (
        f"import typst; typst.compile({str(source)!r}, {str(pdf)!r}, font_paths=[{str(fonts)!r}])"
    )
    return {"Typst, PDF, cold": lambda: [str(python), "-c", script]}


def measure(commands: Mapping[str, Command], runs: int) -> dict[str, list[Run]]:
    """Run all *commands* in turn, *runs* times, after one round that is not counted."""
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for count in range(runs + 1):
        for name, command in commands.items():
            run = run_once(command())
            if count:
                results[name].append(run)
    return results


def run_once(command: Sequence[str]) -> Run:
    """Run *command* to its end; memory is the largest of its processes, as the system counts."""
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - started
    if status:
        message = f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}"
        raise SystemExit(message)
    return Run(seconds, usage.ru_maxrss / 1024)


def summarise(results: Mapping[str, Sequence[Run]]) -> dict[str, dict[str, float]]:
    """Medians, and the ratios that docs and issues speak of."""
    rows = {
        name: {
            "seconds": statistics.median(run.seconds for run in runs),
            "peak_mb": max(run.peak_mb for run in runs),
        }
        for name, runs in results.items()
    }
    both = rows["pandoc, EPUB"]["seconds"] + rows["pandoc, PDF by WeasyPrint"]["seconds"]
    rows["pandoc, both"] = {"seconds": both, "peak_mb": 0}
    for row in rows.values():
        row["of_pandoc"] = row["seconds"] / both
        row["of_typst"] = row["seconds"] / rows["Typst, PDF, cold"]["seconds"]
    return rows


def print_table(rows: Mapping[str, Mapping[str, float]]) -> None:
    print(f"{'':29} {'median s':>9} {'peak MB':>8} {'of pandoc, both':>16} {'of Typst':>9}")
    for name, row in rows.items():
        peak = f"{row['peak_mb']:8.0f}" if row["peak_mb"] else f"{'':8}"
        ratios = f"{row['of_pandoc']:16.2f} {row['of_typst']:9.2f}"
        print(f"{name:29} {row['seconds']:9.3f} {peak} {ratios}")


if __name__ == "__main__":
    main()
