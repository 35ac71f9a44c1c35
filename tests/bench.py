"""Measure a build against pandoc and Typst, whole processes, in turn, in one run.

    python3 tests/bench.py [--runs 5] [--copies 1|50|500] [--json FILE]
                           [--beside FILE] [--ours-only]

Comes in: this checkout. Goes out: a table of medians, the targets, met or not, and JSON. All
contestants go into throw-away environments of the Python that runs this, for a Python built
otherwise may be a third slower. Their runs take turns, so that a noisy machine is noisy for
each of them. With --copies the book is the text so many times over, a chapter each, with an
index of words. A book of 500 is judged beside the JSON of one of 50.
"""

import argparse
import json
import signal
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench_octavo import our_cases
from bench_peers import peer_cases
from bench_runs import Case, Run, summarise
from bench_targets import Rows, judge, judgement_lines, table_lines


def main() -> None:
    """Set up, measure in turns, print the table and the targets."""
    options = parse_options()
    # What stays is ended by an interrupt, which a shell has its background jobs ignore.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    beside = read_rows(options.beside) if options.beside else None
    with tempfile.TemporaryDirectory() as folder, ExitStack() as residents:
        here = Path(folder)
        cases = our_cases(here, options.copies, residents)
        if not options.ours_only:
            cases |= peer_cases(here, options.copies, residents)
        results = measure(cases, options.runs)
        peaks = {name: case.end() for name, case in cases.items()}
    rows = summarise(results, peaks)
    judgements = judge(options.copies, rows, beside)
    print("\n".join([*table_lines(rows), "", *judgement_lines(judgements)]))
    if options.json:
        report = {
            "copies": options.copies,
            "runs": options.runs,
            "rows": rows,
            "targets": [judgement.as_json() for judgement in judgements],
        }
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--copies", type=int, default=1, help="the text so many times over")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--beside", type=Path, help="the JSON of a run with --copies 50")
    parser.add_argument("--ours-only", action="store_true", help="leave pandoc and Typst out")
    return parser.parse_args(arguments)


def read_rows(path: Path) -> Rows:
    """The rows of an earlier run, which must be one of 50 copies."""
    report = json.loads(path.read_text(encoding="utf-8"))
    if report["copies"] != 50:
        message = f"{path} is of {report['copies']} copies; --beside wants a run of 50"
        raise SystemExit(message)
    rows: Rows = report["rows"]
    return rows


def measure(cases: dict[str, Case], runs: int) -> dict[str, list[Run]]:
    """Run all *cases* in turn, *runs* times, after one round that is not counted."""
    results: dict[str, list[Run]] = {name: [] for name in cases}
    for count in range(runs + 1):
        for name, case in cases.items():
            run = case.run()
            if count:
                results[name].append(run)
    return results


if __name__ == "__main__":
    main()
