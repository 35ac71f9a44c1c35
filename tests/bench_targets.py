"""What the bench wants of its figures: each target, met or not, and the table.

Comes in: a row of figures a case. Goes out: lines to print.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

Rows = Mapping[str, Mapping[str, float]]
"""``seconds``, ``peak_mb``, ``anew`` and ``pages`` by the name of the case."""

COLD = "octavo, cold"
IDLE = "octavo, nothing changed"
WORD = "octavo, a word changed"
GROWN = "octavo, a page added early"
WATCHED = "octavo watch, a word changed"
PYTHON = "python -c pass"
EPUB = "pandoc, EPUB"
WEASYPRINT = "pandoc, PDF by WeasyPrint"
LUALATEX = "pandoc, PDF by LuaLaTeX"
TYPST = "Typst, PDF, cold"
TYPST_KEPT = "Typst, PDF, a word changed"

Figure = Callable[[Rows, Rows], float]
"""From the rows of this run and of the run of 50 copies beside it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that is wanted to be no more than so much."""

    name: str
    wanted: float
    figure: Figure


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a target; it has no figure where a case was left out."""

    name: str
    wanted: float
    figure: float | None

    @property
    def met(self) -> bool | None:
        return None if self.figure is None else self.figure <= self.wanted

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "met": self.met}


def of(numerator: str, denominator: str) -> Figure:
    """The time of one case as a multiple of another's."""
    return lambda rows, _: rows[numerator]["seconds"] / rows[denominator]["seconds"]


def cold_of_pandoc(rows: Rows, _: Rows) -> float:
    return rows[COLD]["seconds"] / pandoc_seconds(rows)


def pandoc_seconds(rows: Rows) -> float:
    """What pandoc needs for both files."""
    return rows[EPUB]["seconds"] + rows[WEASYPRINT]["seconds"]


def page_growth(rows: Rows, beside: Rows) -> float:
    return seconds_a_page(rows[COLD]) / seconds_a_page(beside[COLD])


def seconds_a_page(row: Mapping[str, float]) -> float:
    return row["seconds"] / row["pages"]


def word_growth(rows: Rows, beside: Rows) -> float:
    return rows[WORD]["seconds"] / beside[WORD]["seconds"]


def largest_process(rows: Rows, _: Rows) -> float:
    return max(rows[name]["peak_mb"] for name in (COLD, IDLE, WORD, GROWN, WATCHED))


NOTHING = Target("nothing changed, of python -c pass", 5, of(IDLE, PYTHON))
EARLY = Target("a page added early, of a word changed", 1.5, of(GROWN, WORD))
TARGETS = {
    1: (Target("cold, of pandoc's EPUB and PDF", 1, cold_of_pandoc), NOTHING, EARLY),
    50: (
        Target("cold, of pandoc's EPUB and PDF", 0.6, cold_of_pandoc),
        Target("a word changed, of Typst cold", 0.45, of(WORD, TYPST)),
        Target("a word changed in watch, of Typst's", 1, of(WATCHED, TYPST_KEPT)),
        NOTHING,
        EARLY,
    ),
    500: (
        Target("cold, a page, of that at 50 copies", 1.1, page_growth),
        Target("a word changed, of that at 50 copies", 4, word_growth),
        Target("MB, the largest process of Octavo", 600, largest_process),
        EARLY,
    ),
}
"""By the number of copies; for any other number only ``EARLY`` is wanted."""


def judge(copies: int, rows: Rows, beside: Rows | None) -> list[Judgement]:
    """Hold the figures against the targets of a book of so many *copies*."""
    judgements = []
    for target in TARGETS.get(copies, (EARLY,)):
        try:
            figure = target.figure(rows, beside or {})
        except KeyError:
            figure = None
        judgements.append(Judgement(target.name, target.wanted, figure))
    return judgements


def judgement_lines(judgements: Sequence[Judgement]) -> list[str]:
    """A line a target: the figure, what is wanted, and whether that is met."""
    verdicts = {True: "met", False: "NOT met", None: "not measured"}
    return [
        f"{judged.name:37} {_number(judged.figure, 2):>8}  wanted at most {judged.wanted:<5g}"
        f" {verdicts[judged.met]}"
        for judged in judgements
    ]


def table_lines(rows: Rows) -> list[str]:
    """The rows below their heads, with their times as multiples of the peers'."""
    pandoc = pandoc_seconds(rows) if WEASYPRINT in rows else None
    typst = rows[TYPST]["seconds"] if TYPST in rows else None
    head = f"{'':28} {'median s':>9} {'peak MB':>8} {'pages':>6} {'set anew':>9}"
    lines = [f"{head} {'of pandoc':>10} {'of Typst':>9}"]
    for name, row in rows.items():
        seconds = row["seconds"]
        figures = f"{seconds:9.3f} {_number(row['peak_mb'] or None, 0):>8}"
        pages = f"{_number(row['pages'] or None, 0):>6} {_number(row['anew'] or None, 0):>9}"
        ratios = f"{_number(pandoc and seconds / pandoc, 2):>10}"
        ratios += f" {_number(typst and seconds / typst, 2):>9}"
        lines.append(f"{name:28} {figures} {pages} {ratios}".rstrip())
    return lines


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
