"""Mentions: found as a patient reader would find them, whatever marks the text is set with."""

import re
import time
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from small_books import Turns, small_book

from octavo.edition.schema import Entry
from octavo.findings import Finding, Findings
from octavo.index import Mention, plan_index
from octavo.index.matching import Hit, Searcher, Speech, longest

NO_BREAK_SPACE = "\u00a0"
SOFT_HYPHEN = "\u00ad"
NO_BREAK_HYPHEN = "\u2011"
COMBINING_ACUTE = "\u0301"
FI_LIGATURE = "\ufb01"


def ignore(finding: Finding) -> None:
    """Forms without a hit are not what these tests are about."""


def mentions(turns: Turns, entries: Iterable[Entry]) -> tuple[Mention, ...]:
    return plan_index(small_book(turns, entries=entries), ignore).mentions


def hits(text: str, form: str, case: bool | None = None) -> list[tuple[int, int]]:
    found = Searcher(Speech((text,), ((),))).find(form, case)
    return [(hit.start, hit.end) for hit in found]


# Laws -----------------------------------------------------------------------

WORDS = st.sampled_from(["war", "War", "world", "II", "wars", "a", "war-a", "war's"])
FORM = st.lists(st.sampled_from(["war", "War", "world", "II", "a"]), min_size=1, max_size=3)
FORMS = st.lists(FORM.map(" ".join), min_size=1, max_size=5, unique=True)
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1)


@given(PARAGRAPHS, FORMS)
def test_the_search_equals_the_naive_one(paragraphs: list[str], forms: list[str]) -> None:
    """Every form at every place, less what lies within a longer hit."""
    entries = [Entry(heading=form, match=(form,)) for form in forms]
    found = {
        (m.entry, m.point.paragraph, m.point.offset, m.end)
        for m in mentions([("Ann", paragraphs)], entries)
    }
    ids = {entry.heading: name for entry, name in zip(entries, _ids(entries), strict=True)}
    assert found == {
        (ids[form], f"t1.{number}", start, end)
        for number, words in enumerate(paragraphs, 1)
        for form, start, end in _naive(words, forms)
    }


def _ids(entries: Iterable[Entry]) -> list[str]:
    plan = plan_index(small_book([("Ann", ["x"])], entries=entries), ignore)
    return [entry.id for entry in plan.entries]


def _naive(words: str, forms: list[str]) -> list[tuple[str, int, int]]:
    places = [
        (form, found.start(1), found.end(1))
        for form in forms
        for found in re.finditer(
            rf"(?=(\b{form}\b))", words, 0 if re.search("[A-Z]", form) else re.IGNORECASE
        )
    ]
    return [
        (form, start, end)
        for form, start, end in places
        if not any(s <= start and end <= e and e - s > end - start for _, s, e in places)
    ]


DISGUISES = {
    " ": ["  ", NO_BREAK_SPACE, " \t", NO_BREAK_SPACE + " "],
    "'": ["’", "‘"],
    "-": [NO_BREAK_HYPHEN],
    "a": ["a" + SOFT_HYPHEN],
    "o": ["o" + SOFT_HYPHEN],
}


@given(PARAGRAPHS, FORMS, st.randoms(use_true_random=False))
def test_marks_and_spaces_change_no_mention(
    paragraphs: list[str], forms: list[str], chance: object
) -> None:
    """The same words, set otherwise, have the same mentions in the same order."""

    def disguise(found: re.Match[str]) -> str:
        choice: str = chance.choice([found[0], *DISGUISES[found[0]]])  # type: ignore[attr-defined]
        return choice

    entries = [Entry(heading=form, match=(form,)) for form in forms]
    disguised = [re.sub("[ '\\-ao]", disguise, words) for words in paragraphs]
    plain, set_otherwise = (
        [(m.entry, m.point.paragraph, _bare(m.form)) for m in mentions([("Ann", texts)], entries)]
        for texts in (paragraphs, disguised)
    )
    assert plain == set_otherwise


def _bare(form: str) -> str:
    return " ".join(form.replace(SOFT_HYPHEN, "").split())


@given(PARAGRAPHS, FORMS)
def test_a_mention_is_the_words_of_the_text(paragraphs: list[str], forms: list[str]) -> None:
    """Point, end and last agree with the words, and the order is that of reading."""
    entries = [Entry(heading=form, match=(form,)) for form in forms]
    found = mentions([("Ann", paragraphs)], entries)
    for one in found:
        words = paragraphs[int(one.point.paragraph.partition(".")[2]) - 1]
        assert words[one.point.offset : one.end] == one.form
        assert (one.last.paragraph, one.last.offset) == (one.point.paragraph, one.end - 1)
    places = [(int(m.point.paragraph[3:]), m.point.offset) for m in found]
    assert places == sorted(places)


@given(st.lists(st.builds(Hit, *[st.integers(0, 6)] * 3), max_size=12))
def test_longest_keeps_what_lies_in_nothing_longer(found: list[Hit]) -> None:
    """Judged one by one."""
    kept = {
        hit
        for hit in found
        if not any(
            other != hit
            and other.paragraph == hit.paragraph
            and other.start <= hit.start
            and hit.end <= other.end
            for other in found
        )
    }
    assert longest(found) == kept


# Words ----------------------------------------------------------------------


def test_a_mark_of_its_own_belongs_to_its_letter() -> None:
    """An accent in two parts is seen through, and "cafe" does not end within "café"."""
    text = "cafe" + COMBINING_ACUTE + " cafe"
    assert hits(text, "café") == [(0, 5)]
    assert hits(text, "cafe") == [(6, 10)]
    # No composed letter exists for this one: the mark stays by itself.
    assert hits("q" + COMBINING_ACUTE + " q", "q") == [(3, 4)]


def test_what_is_invisible_is_seen_through() -> None:
    """Soft hyphens, no-break spaces and hyphens, ligatures."""
    text = (
        "of" + SOFT_HYPHEN + FI_LIGATURE + "ce" + NO_BREAK_SPACE + "win" + NO_BREAK_HYPHEN + "win"
    )
    assert hits(text, "offi" + "ce win-win") == [(0, len(text))]
    assert hits(text, "win") == [(len(text) - 7, len(text) - 4), (len(text) - 3, len(text))]


def test_a_hyphen_is_no_dash() -> None:
    """A compound is not found across a break of the sentence, however the dash is typed."""
    texts = ("Party-building", "Party‑building", "Party – building", "Party—building")
    assert [bool(hits(text, "Party-building")) for text in texts] == [True, True, False, False]
    assert [bool(hits(text, "Party -- building")) for text in texts] == [False, False, True, True]
    assert hits("the Party--building", "Party-building") == []
    assert hits("1949–76", "1949-76") == [(0, 7)]


def test_letter_case_is_folded_in_full() -> None:
    """``ß`` is ``ss`` where case does not count, and itself where it does."""
    assert hits("STRASSE, Straße", "straße") == [(0, 7), (9, 15)]
    assert hits("STRASSE, Straße", "Straße") == [(9, 15)]
    assert hits("STRASSE, Straße", "straße", True) == []


def test_scripts_without_spaces_need_none() -> None:
    """Chinese, Japanese and Thai words stand side by side; Korean has spaces."""
    assert hits("学习三个代表", "三个") == [(2, 4)]
    assert hits("พรรคการเมือง", "การ") == [(4, 7)]
    assert hits("당은", "당") == []
    assert hits("CPC中国", "CPC") == [(0, 3)]


def test_numbers_are_whole() -> None:
    """A comma or stop between digits joins them; one after them does not."""
    assert hits("1,600. 600, 5.5 and 5.", "600") == [(7, 10)]
    assert hits("1,600. 600, 5.5 and 5.", "5") == [(20, 21)]
    assert hits("600", "600") == [(0, 3)]


def test_a_form_may_begin_and_end_with_a_mark() -> None:
    """Word boundaries are asked for only between letters."""
    assert hits("the “West” and “Western” .NET", '"West"') == [(4, 10)]
    assert hits("in .NET", ".NET") == [(3, 7)]


def test_an_empty_form_is_found_nowhere() -> None:
    """Nor is one of spaces."""
    assert hits("a b", "") == hits("a b", " ") == []


def test_a_long_book_is_indexed_fast() -> None:
    """A hundred entries in a megabyte of talk: well under a second on an idle machine."""
    words = "the party of the people's work in the world war and the peace after it "
    paragraph = words * 8 + "“Term {number}” was said."
    turns = [("Ann", [paragraph.format(number=n % 100)]) for n in range(1700)]
    entries = [Entry(f"{n}", (f"Term {n}", f"term {n} was", f"absent {n}")) for n in range(100)]
    book = small_book(turns, entries=entries)
    findings = Findings()
    began = time.process_time()
    plan = plan_index(book, ignore)
    assert time.process_time() - began < 2
    assert len(plan.mentions) == 1700
    assert findings.ordered == []
