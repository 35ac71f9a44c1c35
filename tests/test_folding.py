"""Folding: what a reader takes for the same is the same, and the way back is kept."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.folding import Found, Likeness, find_quote, fold
from octavo.model import Span
from octavo.typography import set_marks

SOFT_HYPHEN = "\u00ad"
NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"
THIN_SPACE = "\u2009"
ZERO_WIDTH_SPACE = "\u200b"
ZERO_WIDTH_JOINER = "\u200d"
WORD_JOINER = "\u2060"
BYTE_ORDER_MARK = "\ufeff"
HYPHEN = "\u2010"
NO_BREAK_HYPHEN = "\u2011"
FIGURE_DASH = "\u2012"
EN_DASH = "\u2013"
EM_DASH = "\u2014"
MINUS = "\u2212"
FI_LIGATURE = "\ufb01"
FFL_LIGATURE = "\ufb04"
LONG_ST_LIGATURE = "\ufb05"
SUPERSCRIPT_TWO = "\u00b2"
COMBINING_ACUTE = "\u0301"
COMBINING_DOT_BELOW = "\u0323"

SPECIAL = (
    " \t\n'\"-.…‘’“”„«»‹›;:!?fiß"
    + SOFT_HYPHEN
    + NO_BREAK_SPACE
    + NARROW_NO_BREAK_SPACE
    + ZERO_WIDTH_SPACE
    + NO_BREAK_HYPHEN
    + EN_DASH
    + EM_DASH
    + FI_LIGATURE
    + COMBINING_ACUTE
    + "\u1100\u1161\u11a8"
)
TEXTS = st.text(st.sampled_from(SPECIAL + "aeb") | st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ('“Three” ‘four’ "five"', "'Three'four'five'"),
        ("people’s, people´s", "people's, people's"),
        ("``Yes'', ''no''", "'Yes','no'"),
        ("“ ‘Yes’ ”", "'Yes'"),
        ("a" + NO_BREAK_SPACE + " \n\t" + THIN_SPACE + "b", "a b"),
        ("of" + SOFT_HYPHEN + "fice", "office"),
        (BYTE_ORDER_MARK + "a" + ZERO_WIDTH_SPACE + "b" + WORD_JOINER, "ab"),
        ("ka" + ZERO_WIDTH_JOINER + "sha", "kasha"),
        ("a" + SOFT_HYPHEN + " b", "a b"),
        ("win" + NO_BREAK_HYPHEN + "win, co" + HYPHEN + "op", "win-win, co-op"),
        ("1949" + EN_DASH + "76, 555" + FIGURE_DASH + "1", "1949-76, 555-1"),
        ("yes " + EN_DASH + " no, yes" + EM_DASH + "no", "yes-no, yes-no"),
        ("yes -- no, yes---no, yes - no", "yes-no, yes-no, yes-no"),
        ("pre- and post-war", "pre-and post-war"),
        ("5 " + MINUS + " 3", "5-3"),
        (FI_LIGATURE + "ve wa" + FFL_LIGATURE + "es", "five waffles"),
        ("te" + LONG_ST_LIGATURE, "test"),
        ("m" + SUPERSCRIPT_TWO, "m" + SUPERSCRIPT_TWO),
        ("cafe" + COMBINING_ACUTE, "café"),
        ("wait… and . . . so...", "wait... and . . . so..."),
        ("« Oui" + NARROW_NO_BREAK_SPACE + "! »", "'Oui!'"),
        ("sagte »ja« und ‚nein‘", "sagte'ja'und'nein'"),
        ("Straße", "Straße"),
    ],
)
def test_what_is_folded(text: str, folded: str) -> None:
    """Marks, spaces, ligatures and accents come out plain; letters and other signs stay."""
    assert fold(text).text == folded


def test_case_is_folded_on_request() -> None:
    """Case folding is full and goes with the rest."""
    assert fold("“GROSSE” Straße", case=True).text == "'grosse'strasse"


def test_a_match_leads_back_to_the_words() -> None:
    """A span covers the words as they stand, marks within, and no space around."""
    text = "an  of" + SOFT_HYPHEN + FI_LIGATURE + "ce “here” Straße."
    folded = fold(text, case=True)
    words = {}
    for word in ("offi", "office", "'here'", "here", "strasse", "sse."):
        at = folded.text.find(word)
        span = folded.span(at, at + len(word))
        words[word] = text[span.start : span.end]
    assert words == {
        "office": "of" + SOFT_HYPHEN + FI_LIGATURE + "ce",
        "offi": "of" + SOFT_HYPHEN + FI_LIGATURE,
        "'here'": "“here”",
        "here": "here",
        "strasse": "Straße",
        "sse.": "ße.",
    }


@given(TEXTS, st.booleans())
def test_folding_twice_is_folding_once(text: str, case: bool) -> None:
    """What is folded stays as it is: quotes may be folded before they are compared."""
    once = fold(text, case=case).text
    # Case folding can set apart what was composed; composing again is not folding's work.
    assert fold(once).text == unicodedata.normalize("NFC", fold(once).text)
    if not case:
        assert fold(once).text == once


@given(TEXTS)
def test_offsets_rise_and_stay_within(text: str) -> None:
    """The way back never turns round."""
    folded = fold(text)
    offsets = [folded.offset(index) for index in range(len(folded.text) + 1)]
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


@given(st.text(st.sampled_from("aeioué ñb̲") | st.characters(categories=["L", "M"])))
def test_composed_and_decomposed_are_one(text: str) -> None:
    """An accent of its own is the same as an accented letter."""
    composed = unicodedata.normalize("NFC", text)
    assert fold(unicodedata.normalize("NFD", text)).text.strip() == fold(composed).text.strip()


@given(TEXTS, st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    """A folded piece, sought as a quote, is found where it was cut out."""
    folded = fold(text).text
    start = data.draw(st.integers(0, len(folded)))
    end = data.draw(st.integers(start, len(folded)))
    quote = folded[start:end]
    if fold(quote).text.strip() != quote.strip() or not quote.strip():
        return
    spans = [Span(found.start, found.end) for found in find_quote(quote, [text])]
    lead = len(quote) - len(quote.lstrip())
    assert fold(text).span(start + lead, start + lead + len(quote.strip())) in spans


LANGUAGES = ["en", "en-GB", "fr", "fr-CH", "de", "de-CH", "es", "it", "pl", "sv", "hu", "nl", "ru"]
TYPED = st.text(st.sampled_from("ab1 9.,;:!?'\"`-—–…«»()") | st.sampled_from("\n\u00a0é"))


@given(TYPED, st.sampled_from(LANGUAGES), st.sampled_from(["em", "spaced-en", "as-is"]))
def test_typography_makes_no_difference(text: str, language: str, dashes: str) -> None:
    """What an editor copies from the source is found in the Book, in any language."""
    words, _ = set_marks(text, language, dashes)
    assert fold(words).text.strip() == fold(text).text.strip()


# Quotes ---------------------------------------------------------------------

TALK = (
    "At present, the whole Party is studying the “Three Represents”.",
    "It was pointed out at the Sixteenth Congress",
    "that the Three Represents, and the Sixteenth",
)


def test_every_place_of_a_quote_is_found() -> None:
    """Text number, start and end, in order; they may overlap."""
    assert find_quote("Three Represents", TALK) == (Found(0, 45, 61), Found(2, 9, 25))
    assert find_quote("aba", ["ababa"]) == (Found(0, 0, 3), Found(0, 2, 5))


def test_a_straight_quote_finds_a_curly_one() -> None:
    """The editor types plain marks; the span takes the text's own."""
    (found,) = find_quote('the "Three Represents".', TALK)
    assert TALK[0][found.start : found.end] == "the “Three Represents”."


def test_an_empty_quote_is_nowhere() -> None:
    """White space alone quotes nothing."""
    assert find_quote(" \n", TALK) == ()


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("It was ponted out at the 16th Congress", (1, 0)),
        ("The hole party is studying", (0, 12)),
        ("the three representatives", (0, 40)),
        ("Sixtenth", (1, 26)),
    ],
)
def test_the_nearest_text(quote: str, place: tuple[int, int]) -> None:
    """A slip, another case or another ending is traced to where it was meant."""
    assert Likeness(TALK).nearest(quote) == place


def test_nothing_near() -> None:
    """What resembles nothing is traced to nothing."""
    assert Likeness(TALK).nearest("xylophones") is None


def test_a_long_book_is_searched_fast() -> None:
    """A megabyte is folded, searched and compared in a second or so."""
    book = [f"{number} {text}" for number in range(6000) for text in TALK]
    began = time.process_time()
    assert len(find_quote("Three Represents, and", book)) == 6000
    assert Likeness(book).nearest("5999 that the Tree Represent, and") == (17999, 0)
    assert time.process_time() - began < 2
