"""Octavo in the bench: cold, nothing to do, a word changed, pages added early, and in watch.

Comes in: a scratch folder and how often the text stands in the book. Goes out: cases. The
edition lies there twice, each with a cache of its own: one for builds in new processes, and
one that a ``build.py watch`` looks at all the while.
"""

import itertools
import os
import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from bench_runs import Case, Resident, Run, run_once
from bench_targets import COLD, GROWN, IDLE, PYTHON, WATCHED, WORD

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "seeds" / "international-work.txt"
NAME = "international-work"
ONLY = ("--only", "pdf,epub")
"""No peer makes a site."""


def our_cases(here: Path, copies: int, residents: ExitStack) -> dict[str, Case]:
    """Every case of Octavo, and Python itself; *residents* ends what stays."""
    copy = here / "octavo"
    ignored = shutil.ignore_patterns(".git", ".octavo", "dist", "__pycache__", ".venv")
    shutil.copytree(ROOT, copy, ignore=ignored)
    os.environ["OCTAVO_VENV"] = str(here / "venv")
    # Where this is set all of Octavo would be compiled at each start, but nothing of its peers.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    program = [sys.executable, str(copy / "build.py")]
    plain = [sys.executable, "-c", "pass"]
    return {
        **new_processes(here / "plain", copies, program),
        **watched(here / "watched", copies, program, residents),
        PYTHON: Case(lambda: run_once(plain)),
    }


def new_processes(folder: Path, copies: int, program: list[str]) -> dict[str, Case]:
    """The builds that are each a process; in every round ``cold`` comes first."""
    seeds, first = write_edition(folder, copies), SEED.read_text(encoding="utf-8")
    cache = folder / "cache"
    build = [*program, "--book", str(folder / "book"), *ONLY]
    numbers = itertools.count(1)
    whole = 0

    def run() -> Run:
        os.environ["OCTAVO_CACHE"] = str(cache)
        return run_once(build)

    def cold() -> Run:
        nonlocal whole
        for seed in seeds:
            seed.write_text(first, encoding="utf-8")
        for leftover in (cache, folder / "dist"):
            shutil.rmtree(leftover, ignore_errors=True)
        made = run()
        whole = made.pages
        return made

    def edited() -> Run:
        seeds[len(seeds) // 2].write_text(change_word(first, next(numbers)), encoding="utf-8")
        return run()

    def grown() -> Run:
        text = seeds[0].read_text(encoding="utf-8")
        seeds[0].write_text(add_page(text), encoding="utf-8")
        made = run()
        if made.pages <= whole:
            raise SystemExit(f"the text grew, but not the book: {made.pages} of {whole} pages")
        return made

    return {COLD: Case(cold), IDLE: Case(run), WORD: Case(edited), GROWN: Case(grown)}


def watched(folder: Path, copies: int, program: list[str], residents: ExitStack) -> dict[str, Case]:
    """A word changed while ``build.py watch`` looks on, from the save to the closing line."""
    seeds, first = write_edition(folder, copies), SEED.read_text(encoding="utf-8")
    os.environ["OCTAVO_CACHE"] = str(folder / "cache")
    watch = Resident([*program, "watch", "--book", str(folder / "book"), *ONLY], " built in ")
    residents.enter_context(watch)
    watch.wait()
    numbers = itertools.count(1)
    pdf = folder / "dist" / f"{NAME}.pdf"

    def edited() -> Run:
        before, text = pdf.stat(), change_word(first, next(numbers))
        seed = seeds[len(seeds) // 2]
        run = watch.timed(lambda: seed.write_text(text, encoding="utf-8"))
        if pdf.stat().st_mtime_ns == before.st_mtime_ns:
            raise SystemExit(f"{pdf} was not replaced when the build was told of")
        return run

    return {WATCHED: Case(edited, watch.end)}


def change_word(text: str, number: int) -> str:
    """Change one word in the middle of *text*, to another one for each *number*."""
    # No passage that the first book's edition quotes has this word.
    old = " with "
    before = text.index(old, len(text) // 2)
    return f"{text[:before]} with{number} {text[before + len(old) :]}"


def add_page(text: str) -> str:
    """Make the first answer longer by two pages: one may only fill the blank before a recto."""
    question = "\n\nReporter:"
    second = text.index(question, text.index(question) + 1)
    more = "More was said of the same matter then. " * 120
    return f"{text[:second]}\n\n{more.rstrip()}{text[second:]}"


def write_edition(folder: Path, copies: int) -> list[Path]:
    """Write the first book, or one of its text *copies* times over; return its transcripts."""
    book, seeds = folder / "book", folder / "seeds"
    seeds.mkdir(parents=True)
    if copies == 1:
        shutil.copytree(ROOT / "book", book)
        return [Path(shutil.copy(SEED, seeds))]
    book.mkdir()
    toml = (ROOT / "book" / "book.toml").read_text(encoding="utf-8")
    table = re.compile(r"\[\[transcript\]\]\n(?:[^\[\n].*\n)*")
    texts = [seeds / f"{number:04}.txt" for number in range(1, copies + 1)]
    chapters = []
    for number, path in enumerate(texts, 1):
        shutil.copy(SEED, path)
        source = f'source = "../seeds/{path.name}"'
        chapters.append(f'[[transcript]]\n{source}\ntitle = "Talk {number}"\n')
    (book / "book.toml").write_text(table.sub("\n".join(chapters), toml), encoding="utf-8")
    words = ["China", "party", "world", "peace", "congress", "development", "theory", "relations"]
    entries = (f'[[entry]]\nheading = "{word}"\nmatch = ["{word}"]\n' for word in words)
    (book / "index.toml").write_text("\n".join(entries), encoding="utf-8")
    return texts
