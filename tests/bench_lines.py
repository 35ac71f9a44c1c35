"""Measure justified lines against TeX's and Typst's: same text, face, size and measure.

    .venv/bin/python tests/bench_lines.py [--json FILE] [--keep FOLDER]
        [--font FILE.ttf --size POINTS --leading POINTS --measure MILLIMETRES]

Comes in: the first book's words. Goes out: a table. Typst comes from PyPI into a
throw-away folder; LuaLaTeX is Debian's texlive-luatex with texlive-latex-recommended, and
its rows say so where it is not installed. The ruler reads finished PDFs by PDFium and
knows nothing of who made them.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import pairwise
from pathlib import Path

import pypdfium2
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WIDTH, HEIGHT = 148, 210
"""Millimetres: A5."""
LONGEST_FAULT = 1.4
"""Of the median word space: a wider one is counted as loose."""


@dataclass(frozen=True, slots=True)
class Setting:
    """In what type and on what measure the text is set; points, but for the measure."""

    font: Path = ROOT / "templates" / "fonts" / "SourceSerif4-Regular.ttf"
    size: float = 10.5
    leading: float = 14.5
    measure: float = 109
    """Millimetres."""

    @property
    def margin(self) -> float:
        return (WIDTH - self.measure) / 2

    @property
    def family(self) -> str:
        with TTFont(self.font) as font:
            return str(font["name"].getBestFamilyName())


@dataclass(frozen=True, slots=True)
class Figures:
    """How even the lines of a file are; word spaces are in sizes (em)."""

    lines: int
    mean: float
    deviation: float
    percentile: float
    """95 of 100 lines have narrower spaces."""
    loose: float
    """Per cent of lines."""
    hyphens: float
    """In 100 lines."""
    stacked: int
    runts: int


def main() -> None:
    """Set the text by every engine, measure, print the table."""
    usual = Setting()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the PDFs")
    parser.add_argument("--font", type=Path, default=usual.font)
    for name in ("size", "leading", "measure"):
        parser.add_argument(f"--{name}", type=float, default=getattr(usual, name))
    options = parser.parse_args()
    setting = Setting(options.font.resolve(), options.size, options.leading, options.measure)
    paragraphs = list(words_of_first_book())
    rows: dict[str, Figures | str] = {}
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for name, engine in ENGINES.items():
            try:
                pdf = engine(paragraphs, here, setting)
                rows[name] = measure(pdf, setting.size)
            except NotHere as reason:
                rows[name] = f"not measured: {reason}"
        if options.keep:
            options.keep.mkdir(exist_ok=True)
            for pdf in here.glob("*.pdf"):
                shutil.copy(pdf, options.keep)
    print_table(rows)
    if options.json:
        plain = {
            name: row if isinstance(row, str) else {key: getattr(row, key) for key in row.__slots__}
            for name, row in rows.items()
        }
        options.json.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


class NotHere(Exception):
    """The engine is not installed."""


def words_of_first_book() -> Iterator[str]:
    """The paragraphs of speech, with the marks that the book is set with."""
    from octavo.findings import Findings
    from octavo.press.reading import read_book

    book = read_book(ROOT / "book", Findings()).book
    return (paragraph.words for paragraph in book.paragraphs())


# Engines --------------------------------------------------------------------


def set_by_octavo(paragraphs: Sequence[str], here: Path, setting: Setting, way: str) -> Path:
    from datetime import UTC, datetime

    from octavo.print.bindery import bind
    from octavo.print.copy import Copy
    from octavo.print.fonts import FontCase
    from octavo.print.metadata import Particulars
    from octavo.print.place import Part
    from octavo.print.signature import set_signature

    css = f"""
      @font-face {{ font-family: B; src: url(../fonts/{setting.font.name}) }}
      @page {{ size: {WIDTH}mm {HEIGHT}mm; margin: {setting.margin}mm }}
      html {{ font: {setting.size}pt/{setting.leading}pt B;
              font-variant-numeric: oldstyle-nums proportional-nums }}
      body {{ margin: 0; hyphens: auto; hyphenate-limit-chars: 6 3 3; text-align: justify;
              --line-breaking: {way} }}
      p {{ margin: 0; text-indent: 1em }}
    """
    body = "".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    html = f'<html lang="en-US"><head><title>x</title></head><body>{body}</body></html>'
    # The fonts lie where a folder of templates has them.
    fonts = here / "fonts"
    fonts.mkdir(exist_ok=True)
    shutil.copy(setting.font, fonts)
    signature = set_signature(Copy(html, css, (here,)))
    folios = tuple(str(number + 1) for number in range(len(signature.pages)))
    said = Particulars("x", (), "en", "urn:x", datetime(2026, 1, 1, tzinfo=UTC), "Octavo")
    path = here / f"octavo-{way}.pdf"
    path.write_bytes(bind([Part(signature, folios)], {}, FontCase([here]), said))
    return path


def set_by_typst(paragraphs: Sequence[str], here: Path, setting: Setting) -> Path:
    packages = here / "packages"
    command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(packages), "typst"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        raise NotHere("PyPI's typst cannot be installed")
    source = here / "text.typ"
    escaped = "\n\n".join("".join(f"\\{c}" if c in "#$*_`<>@\\[]=-+/~'\"" else c for c in words)
                          for words in paragraphs)  # fmt: skip
    between = setting.leading - setting.size * 0.7
    source.write_text(
        f"#set page(width: {WIDTH}mm, height: {HEIGHT}mm, margin: {setting.margin}mm)\n"
        f'#set text(font: "{setting.family}", size: {setting.size}pt, lang: "en",'
        ' number-type: "old-style")\n'
        f"#set par(justify: true, leading: {between}pt, first-line-indent: 1em,"
        f" spacing: {between}pt)\n{escaped}\n",
        encoding="utf-8",
    )
    path = here / "typst.pdf"
    fonts = str(setting.font.parent)
    script = f"import typst; typst.compile({str(source)!r}, {str(path)!r}, font_paths=[{fonts!r}])"
    subprocess.run(
        [sys.executable, "-c", script], check=True, env={"PYTHONPATH": str(packages)}, cwd=here
    )
    return path


def set_by_latex(paragraphs: Sequence[str], here: Path, setting: Setting, microtype: bool) -> Path:
    latex = shutil.which("lualatex")
    if not latex:
        raise NotHere("LuaLaTeX is not installed")
    name = "microtype" if microtype else "plain"
    escaped = "\n\n".join(
        "".join(f"\\{c}" if c in "#$%&_{}" else c for c in words) for words in paragraphs
    )
    (here / f"{name}.tex").write_text(
        "\\documentclass{article}\n\\usepackage{fontspec}\n"
        f"\\usepackage[paperwidth={WIDTH}mm,paperheight={HEIGHT}mm,margin={setting.margin}mm]{{geometry}}\n"
        f"\\setmainfont{{{setting.font.name}}}[Path={setting.font.parent}/,Numbers=OldStyle]\n"
        + ("\\usepackage{microtype}\n" if microtype else "")
        + "\\lefthyphenmin=3\\righthyphenmin=3\\pagestyle{empty}\\parindent=1em\n"
        f"\\begin{{document}}\\fontsize{{{setting.size}}}{{{setting.leading}}}\\selectfont\n{escaped}\n"
        "\\end{document}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [latex, "-interaction=batchmode", f"{name}.tex"], cwd=here, check=False, capture_output=True
    )
    path = here / f"{name}.pdf"
    if not path.is_file():
        raise NotHere(f"LuaLaTeX failed with {done.returncode}")
    return path


Engine = Callable[[Sequence[str], Path, Setting], Path]
ENGINES: dict[str, Engine] = {
    "WeasyPrint's own lines (greedy)": partial(set_by_octavo, way="greedy"),
    "Typst": set_by_typst,
    "LuaLaTeX": partial(set_by_latex, microtype=False),
    "LuaLaTeX with microtype": partial(set_by_latex, microtype=True),
    "Octavo (optimum)": partial(set_by_octavo, way="optimum"),
}

# The ruler -------------------------------------------------------------------

Glyph = tuple[str, float, float]
"""A character, and where it begins and ends."""


def measure(path: Path, size: float) -> Figures:
    """Measure every justified line of at least four words."""
    spaces: list[float] = []
    hyphens = stacked = runts = run = count = 0
    lines = [line for page in pypdfium2.PdfDocument(path) for line in lines_of(page)]
    edge = Counter(round(line[-1][2]) for line in lines).most_common(1)[0][0]
    left = Counter(round(line[0][1]) for line in lines).most_common(1)[0][0]
    for line in lines:
        gaps = [after[1] - before[2] for before, after in pairwise(line)]
        gaps = [gap for gap in gaps if gap > 0.1 * size]
        full = abs(line[-1][2] - edge) < 0.7 * size
        if full and len(gaps) >= 3:
            count += 1
            spaces.append(statistics.mean(gaps) / size)
            ends = line[-1][0] in "-\N{HYPHEN}\N{SOFT HYPHEN}\ufffe\x02"
            hyphens += ends
            run = run + 1 if ends else 0
            stacked += run == 3
        else:
            run = 0
            runts += line[-1][2] - left < 0.08 * (edge - left)
    median = statistics.median(spaces)
    return Figures(
        count,
        statistics.mean(spaces),
        statistics.pstdev(spaces),
        sorted(spaces)[int(0.95 * len(spaces))],
        100 * sum(space > LONGEST_FAULT * median for space in spaces) / count,
        100 * hyphens / count,
        stacked,
        runts,
    )


def lines_of(page: pypdfium2.PdfPage) -> Iterator[list[Glyph]]:
    """The lines of a page from the top, each its inked characters from the left."""
    import ctypes

    text = page.get_textpage()
    rows: dict[int, list[Glyph]] = {}
    for at in range(text.count_chars()):
        character = chr(pypdfium2.raw.FPDFText_GetUnicode(text.raw, at))
        if character.isspace() or character == "\0":
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        pypdfium2.raw.FPDFText_GetCharOrigin(text.raw, at, x, y)
        box = text.get_charbox(at)
        rows.setdefault(round(y.value), []).append((character, box[0], box[2]))
    for height in sorted(rows, reverse=True):
        yield sorted(rows[height], key=lambda glyph: glyph[1])


def print_table(rows: dict[str, Figures | str]) -> None:
    head = ("lines", "mean", "sd", "95 %", "loose %", "hyphens", "stacked", "runts")
    print(f"{'':34}" + "".join(f"{word:>9}" for word in head))
    for name, row in rows.items():
        if isinstance(row, str):
            print(f"{name:34} {row}")
            continue
        print(
            f"{name:34}{row.lines:9}{row.mean:9.3f}{row.deviation:9.4f}{row.percentile:9.3f}"
            f"{row.loose:9.1f}{row.hyphens:9.1f}{row.stacked:9}{row.runts:9}"
        )


if __name__ == "__main__":
    main()
