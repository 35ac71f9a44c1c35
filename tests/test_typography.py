"""Typographic marks: cases for each language, and the laws that hold for any text."""

import time
from collections.abc import Sequence

import pytest
from case_files import Case, cases
from hypothesis import example, given
from hypothesis import strategies as st

from octavo.model import Span
from octavo.typography import PASSES, Change, map_spans, restore, set_marks, source_offset
from octavo.typography.changes import Edit, apply, join
from octavo.typography.languages import LANGUAGES, UNTOUCHED, marks_of

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"
VISIBLE = {NO_BREAK_SPACE: "⍽", NARROW_NO_BREAK_SPACE: "˽"}
"""How the case files write the spaces that hold."""

CHANGEABLE = set("\"'`´.…- \u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00a0\u202f\u2007") | set(
    "‘’‚‛“”„‟«»‹›"
)
"""No other character is ever written or taken away."""


@pytest.mark.parametrize("case", cases("typography"))
def test_case(case: Case) -> None:
    """Each line of a case is set as the case says, and can be undone."""
    language, *dashes = case.options.split()
    set_lines = []
    for line in case.input.split("\n"):
        words, changes = set_marks(hidden(line), language, *dashes)
        assert restore(words, changes) == hidden(line)
        set_lines.append(visible(words))
    assert "\n".join(set_lines) == case.expected


def visible(words: str) -> str:
    for space, sign in VISIBLE.items():
        words = words.replace(space, sign)
    return words


def hidden(words: str) -> str:
    for space, sign in VISIBLE.items():
        words = words.replace(sign, space)
    return words


# Laws ------------------------------------------------------------------------

MARKS = "\"'`´.…,;:!?¿¡-–—−()[]{}<>/@&*_ \u00a0\u202f\u2007\u200b\ue000\u0301‘’‚“”„«»‹›′″\n"
PIECES = (
    "--", "---", "----", "''", "'''", "``", "...", "....", ". . .", " -- ", " - ", " – ", " — ",
    "http://a.b/c", "www.a", "a@b.c", "&amp;", "Mr. ", "p. ", " kg", "5", "12", "1914-1918",
    "10 000", "'90s", "'em", "'n'", "l'", "don't", "5'10\"", "word", "Word", "é", "字", "[", "]",
)  # fmt: skip
texts = st.one_of(
    st.text(),
    st.text(st.sampled_from(MARKS + "abcAB159")),
    st.lists(st.sampled_from((*PIECES, *MARKS))).map("".join),
)
languages = st.sampled_from((*LANGUAGES, *UNTOUCHED, "en-GB", "es-MX", "xx", ""))
styles = st.sampled_from(("as-is", "em", "spaced-en"))


@given(texts, languages, styles)
def test_the_source_is_restored_from_any_text(text: str, language: str, style: str) -> None:
    """What typography did can be undone to the character."""
    assert restore(*set_marks(text, language, style)) == text


@given(texts, languages, styles)
def test_text_that_is_set_stays_as_it_is(text: str, language: str, style: str) -> None:
    """A set text set again is the same text."""
    words, _ = set_marks(text, language, style)
    assert set_marks(words, language, style)[0] == words


@given(texts, languages, styles)
def test_only_marks_and_spaces_change(text: str, language: str, style: str) -> None:
    """No change takes or writes a letter, a digit or any sign that is no mark or space."""
    _, changes = set_marks(text, language, style)
    for change in changes:
        assert {*change.was, *change.now} <= CHANGEABLE
        assert change.was != change.now


@given(texts, languages, styles)
def test_changes_are_in_order_and_apart(text: str, language: str, style: str) -> None:
    """Each change stands where it says, after the one before it."""
    words, changes = set_marks(text, language, style)
    done = 0
    for change in changes:
        assert change.at >= done
        assert words.startswith(change.now, change.at)
        done = change.at + len(change.now)


@given(texts, languages, styles)
def test_offsets_lead_back_in_order(text: str, language: str, style: str) -> None:
    """Later in the set text is later in the source; the ends meet; what stayed is found."""
    words, changes = set_marks(text, language, style)
    offsets = [source_offset(changes, offset) for offset in range(len(words) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert not words or offsets[0] == 0 or changes[0].now == ""
    written = {
        offset for change in changes for offset in range(change.at, change.at + len(change.now))
    }
    for offset, character in enumerate(words):
        assert offset in written or text[offsets[offset]] == character


@given(texts, languages, styles, st.data())
def test_spans_keep_their_words(text: str, language: str, style: str, data: st.DataObject) -> None:
    """A span of the source holds the same letters in the set text, and stays within it."""
    words, changes = set_marks(text, language, style)
    ends = st.integers(0, len(text))
    start, end = sorted((data.draw(ends), data.draw(ends)))
    (span,) = map_spans(changes, [Span(start, end)])
    assert 0 <= span.start <= span.end <= len(words)
    assert letters(words[span.start : span.end]) == letters(text[start:end])


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


edits = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.text("xy", max_size=2)))


def apart(drawn: Sequence[tuple[int, int, str]], text: str) -> list[Edit]:
    """Make edits of *text* that come in order and apart."""
    made: list[Edit] = []
    for start, length, now in sorted(drawn):
        end = min(start + length, len(text))
        if start <= len(text) and (not made or (start > made[-1].start and start >= made[-1].end)):
            made.append(Edit(start, end, now))
    return made


@given(st.text("abc", max_size=12), edits, edits)
@example("ab", [(1, 1, "")], [(1, 0, "x")])
def test_two_steps_are_joined_into_one(
    text: str, first: list[tuple[int, int, str]], then: list[tuple[int, int, str]]
) -> None:
    """Changes of a changed text, joined with those before them, lead to the first text."""
    between, changes = apply(text, apart(first, text))
    words, later = apply(between, apart(then, between))
    assert restore(words, join(changes, later, text, words)) == text


# Bounds ----------------------------------------------------------------------

HOSTILE = (
    '"', "'", "`", "-", ".", " ", "«", "&", "@", "/", "a.", "a@", "a'", '5"', "' ", " -- ", "www.",
    "a://", ". ", "1 000 ", "? ", "_", "``a", "'n' ", 'He said, "Don\'t -- Mr. Ng, it\'s 5 kg..." ',
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_time_grows_with_the_text_and_no_faster(piece: str, language: str) -> None:
    """Ten thousand characters of anything are set in a fraction of a second."""
    text = (piece * 10_000)[:10_000]
    start = time.process_time()
    set_marks(text, language)
    assert time.process_time() - start < 0.5


# Interface -------------------------------------------------------------------


def test_the_passes_are_a_visible_list() -> None:
    """Each pass has a name, so that a stage can be shown and a fault be placed."""
    assert [name for name, _ in PASSES] == [
        "dashes", "ranges", "ellipses", "apostrophes", "quotes", "spaces",
    ]  # fmt: skip


def test_changes_are_counted_in_the_set_text() -> None:
    """A change says where it stands in the set text, what stood there, and what stands there."""
    words, changes = set_marks('He -- "ah"', "en", "em")
    assert words == "He—“ah”"
    assert changes == (Change(2, " -- ", "—"), Change(3, '"', "“"), Change(6, '"', "”"))


def test_an_event_is_found_in_the_set_text() -> None:
    """A bracketed event keeps its brackets, whatever grew or shrank before and within it."""
    source = 'Oui -- [rires; "bravo"] non'
    words, changes = set_marks(source, "fr", "em")
    (span,) = map_spans(changes, [Span(source.index("["), source.index("]") + 1)])
    assert visible(words[span.start : span.end]) == "[rires˽; «˽bravo˽»]"


@pytest.mark.parametrize(
    ("tag", "row"),
    [
        ("EN", "en"), ("en-GB", "en"), ("de-AT", "de"), ("de_ch", "de-ch"), ("sr-Latn-RS", "sr"),
        ("es-MX", "es-419"), ("es-ES", "es"), ("fr-Latn-CH", "fr-ch"), ("pt-BR", "pt"),
    ],
)  # fmt: skip
def test_a_language_is_found_by_its_tag(tag: str, row: str) -> None:
    """Case, script and unknown regions do not matter; a known region does."""
    assert marks_of(tag) is LANGUAGES[row]


@pytest.mark.parametrize("language", ["xx", "", "tlh", "th"])
def test_an_unknown_language_has_english_quotes_and_nothing_else(language: str) -> None:
    """What is not in the table is still set with curly quotes."""
    assert set_marks('"a" 1914-1918 Mr. B', language)[0] == "“a” 1914-1918 Mr. B"


@pytest.mark.parametrize("language", ["he", "ar", "fa-IR", "ja", "zh-Hant-TW", "yi"])
def test_scripts_with_marks_of_their_own_are_left_alone(language: str) -> None:
    """Not one character of them changes."""
    text = 'צה"ל "דבר" -- ... מס\' 11 1914-1918 5 kg'
    assert set_marks(text, language, "em") == (text, ())


@pytest.mark.parametrize("row", LANGUAGES)
def test_every_row_is_whole(row: str) -> None:
    """Two or three pairs of single characters, and no word listed twice."""
    marks = LANGUAGES[row]
    assert len(marks.quotes) in (2, 3)
    assert all(len(mark) == 1 for pair in marks.quotes for mark in pair)
    for words in (marks.titles, marks.markers, marks.units, marks.elisions):
        assert len(words.split()) == len(set(words.split()))
