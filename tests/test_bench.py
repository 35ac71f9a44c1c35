"""The bench's own arithmetic: targets, the table, and the changes that it makes to the text."""

import json
from pathlib import Path

import pytest
from bench import read_rows
from bench_octavo import SEED, add_page, change_word
from bench_peers import chapter
from bench_runs import Run, pages_told, summarise
from bench_targets import (
    COLD,
    EPUB,
    GROWN,
    IDLE,
    PYTHON,
    TYPST,
    TYPST_KEPT,
    WATCHED,
    WEASYPRINT,
    WORD,
    judge,
    judgement_lines,
    table_lines,
)


def row(
    seconds: float, peak_mb: float = 100, anew: float = 0, pages: float = 0
) -> dict[str, float]:
    return {"seconds": seconds, "peak_mb": peak_mb, "anew": anew, "pages": pages}


OURS = {
    COLD: row(10, 200, 500, 500),
    IDLE: row(0.1),
    WORD: row(1, anew=10, pages=500),
    GROWN: row(1.5, anew=12, pages=502),
    WATCHED: row(0.5, 0, 10, 500),
    PYTHON: row(0.02),
}
PEERS = {
    EPUB: row(4),
    WEASYPRINT: row(16, pages=300),
    TYPST: row(2, pages=300),
    TYPST_KEPT: row(0.4),
}


def test_a_target_is_met_up_to_the_wanted_figure() -> None:
    """Each line has the figure, what is wanted, and the verdict."""
    assert judgement_lines(judge(50, {**OURS, **PEERS}, None)) == [
        "cold, of pandoc's EPUB and PDF            0.50  wanted at most 0.6   met",
        "a word changed, of Typst cold             0.50  wanted at most 0.45  NOT met",
        "a word changed in watch, of Typst's       1.25  wanted at most 1     NOT met",
        "nothing changed, of python -c pass        5.00  wanted at most 5     met",
        "a page added early, of a word changed     1.50  wanted at most 1.5   met",
    ]


def test_a_target_without_its_peer_is_not_measured() -> None:
    """Neither met nor missed, in the JSON too."""
    judgements = judge(1, OURS, None)
    assert [judged.met for judged in judgements] == [None, True, True]
    assert judgement_lines(judgements)[0].endswith(" wanted at most 1     not measured")
    assert judgements[0].as_json() == {
        "name": "cold, of pandoc's EPUB and PDF",
        "wanted": 1,
        "figure": None,
        "met": None,
    }


def test_five_hundred_copies_are_held_against_fifty() -> None:
    """Time a page, time of a word, and the largest process, whichever case it is of."""
    long = {
        **OURS,
        COLD: row(120, 300, 5000, 5000),
        WORD: row(4, 599),
        GROWN: row(6),
        WATCHED: row(3, 601),
    }
    judgements = judge(500, long, OURS)
    assert [judged.figure for judged in judgements] == [pytest.approx(1.2), 4, 601, 1.5]
    assert [judged.met for judged in judgements] == [False, True, False, True]
    assert [judged.figure for judged in judge(500, long, None)] == [None, None, 601, 1.5]


def test_other_lengths_have_the_one_target_of_all() -> None:
    """A page added early is dear in a book of any length."""
    assert [judged.name for judged in judge(7, OURS, None)] == [
        "a page added early, of a word changed"
    ]


def test_the_table_leaves_out_what_is_not_known() -> None:
    """Pages of an e-book, memory of one that is not asked, ratios without peers."""
    assert table_lines({COLD: OURS[COLD], WATCHED: OURS[WATCHED]}) == [
        "                              median s  peak MB  pages  set anew  of pandoc  of Typst",
        "octavo, cold                    10.000      200    500       500",
        "octavo watch, a word changed     0.500             500        10",
    ]
    assert table_lines({**OURS, **PEERS})[1] == (
        "octavo, cold                    10.000      200    500       500       0.50      5.00"
    )


def test_rows_hold_the_median_and_the_largest_memory() -> None:
    """A process that stays tells its memory at its end."""
    runs = [Run(3, 50, 9, 9), Run(1, 70, 9, 9), Run(2, 60, 2, 9)]
    assert summarise({"a": runs, "b": [Run(1)]}, {"a": 0, "b": 80}) == {
        "a": row(2, 70, 2, 9),
        "b": row(1, 80),
    }


def test_pages_are_read_from_the_last_closing_line() -> None:
    """A watch may have told of several builds."""
    said = "17 of 17 pages set anew, built in 1 s\n3 of 18 pages set anew, 2 locators moved\n"
    assert pages_told(said) == (3, 18)
    assert pages_told("nothing to do\n") == (0, 0)


def test_one_word_of_the_text_is_changed() -> None:
    """In its middle, to another one each time, and nothing else."""
    text = SEED.read_text(encoding="utf-8")
    first, second = (change_word(text, number).split() for number in (1, 2))
    changed = [
        number for number, words in enumerate(zip(first, second, strict=True)) if len({*words}) > 1
    ]
    assert len(changed) == 1
    assert len(first) / 3 < changed[0] < len(first) * 2 / 3
    assert change_word(text, 1).replace(" with1 ", " with ") == text


def test_pages_are_added_to_the_first_answer() -> None:
    """As a paragraph of its own, before the second question."""
    text = "A talk\n\nReporter: Why?\n\nWang: So.\n\nReporter: And then?\n\nWang: No.\n"
    before, _, after = add_page(text).partition("\n\nMore was said")
    assert before == "A talk\n\nReporter: Why?\n\nWang: So."
    assert after.endswith("then.\n\nReporter: And then?\n\nWang: No.\n")


def test_typst_is_given_the_speakers_in_bold() -> None:
    """And signs that are markup to Typst as the signs that they are."""
    assert chapter("Talk\n\nWang: $5 *is* [5].\n", 3) == (
        "= Talk 3\n\nTalk\n\n*Wang:* \\$5 \\*is\\* \\[5\\].\n\n"
    )


def test_only_a_run_of_fifty_is_looked_at_beside(tmp_path: Path) -> None:
    """Or a figure would be held against the wrong one."""
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"copies": 1, "rows": OURS}), encoding="utf-8")
    with pytest.raises(SystemExit, match="is of 1 copies; --beside wants a run of 50"):
        read_rows(path)
    path.write_text(json.dumps({"copies": 50, "rows": OURS}), encoding="utf-8")
    assert read_rows(path) == OURS
