"""The matcher: nothing but what an engine may do to words at line ends goes unseen."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from octavo.proof.words import SOFT_HYPHEN, Drawn, Line, align, fold, lines_of_text

EN_DASH = "\N{EN DASH}"
PDFIUM = "\ufffe"


def differences(text: str, *pages: str) -> list[str]:
    """What the matcher finds wrong with *pages*, as drawn, of a book that says *text*."""
    return [str(one) for one in aligned(text, *pages).discrepancies]


def aligned(text: str, *pages: str):
    drawn = Drawn()
    for number, page in enumerate(pages, start=1):
        drawn.add(f"page {number}", lines_of_text(page))
    return align("words", [Line(line) for line in text.splitlines()], drawn)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("the international work", "the interna\u00ad\ntional work"),
        ("the international work", f"the interna{PDFIUM}tional work"),
        ("the international work", "the interna\x02tional work"),
        ("a well-known man", f"a well{PDFIUM}known man"),
        ("a well-known man", "a well-\nknown man"),
        ("pre- and postwar", f"pre{PDFIUM}and postwar"),
        ("nothing\u2014at all", "nothing\u2014\nat all"),
        ("nothing\u2014at all", "nothing\n\u2014at all"),
        ("either/or", "either/\nor"),
        ("1999\u20132003", "1999\u2013\n2003"),
        ("20\u00a0years", "20 years"),
        ("office", "o\ufb03ce"),
        ("he said\u2026", "he said..."),
        ("\u8fd9\u662f\u4e00\u672c\u4e66", "\u8fd9\u662f\n\u4e00\u672c\n\u4e66"),
        ("x" * 90, "\n".join(["x" * 40, "x" * 40, "x" * 10])),
        ("co\u00adoperate", "cooperate"),
        ("zero\u200bwidth", "zerowidth"),
        ("non\u2011breaking", "non-breaking"),
    ],
)
def test_what_a_line_end_does_to_a_word_is_undone(text: str, page: str) -> None:
    """Hyphens of the engine, break opportunities, spaces and ligatures change no word."""
    assert differences(text, page) == []


@pytest.mark.parametrize(
    ("text", "page", "found"),
    [
        (
            "we met in May again",
            "we met in again",
            "words, page 1: expected `May`, found nothing (after `we met in`)",
        ),
        (
            "we met in May again",
            "we met in in May again",
            "words, page 1: expected nothing, found `in` (after `we met in`)",
        ),
        (
            "we met in May again",
            "we met in Bay again",
            "words, page 1: expected `May`, found `Bay` (after `we met in`)",
        ),
        (
            "the therapist came",
            "the the\nrapist came",
            "words, page 1: expected `therapist`, found `the rapist` (after `the`)",
        ),
        (
            "the rapist came",
            "the\u00ad\nrapist came",
            "words, page 1: expected `the`, found `the\u00ad`",
        ),
        (
            "a well-known man",
            "a well\u00ad\nknown man",
            "words, page 1: expected `well-known`, found `well\u00ad known` (after `a`)",
        ),
        (
            "it cost 2000 then",
            "it cost 20\u00ad\n00 then",
            "words, page 1: expected `2000`, found `20\u00ad 00` (after `it cost`)",
        ),
        (
            "he said no",
            "he said no.",
            "words, page 1: expected `no`, found `no.` (after `he said`)",
        ),
        (
            "we met",
            "we met\nwe met",
            "words, page 1: expected nothing, found `we met` (after `we met`)",
        ),
        ("we met", "", "words, page 1: expected `we met`, found nothing"),
        ("", "we met", "words, page 1: expected nothing, found `we met`"),
        (
            "interna tional",
            f"interna{PDFIUM}tional",
            f"words, page 1: expected `interna`, found `interna{PDFIUM}`",
        ),
    ],
)
def test_any_other_difference_is_told(text: str, page: str, found: str) -> None:
    """A word lost, added, changed or run together with another is told with its place."""
    assert differences(text, page) == [found]


def test_the_place_is_the_page_on_which_the_difference_stands() -> None:
    """A discrepancy names the unit that holds the strange word."""
    assert differences("one two three four", "one two", "three for") == [
        "words, page 2: expected `four`, found `for` (after `one two three`)"
    ]


def test_several_differences_are_all_told() -> None:
    """After a difference both sides are followed from where they agree again."""
    text = "one two three four five six seven eight nine ten"
    page = "one three four five six seven eight nine nine ten"
    assert differences(text, page) == [
        "words, page 1: expected `two`, found nothing (after `one`)",
        "words, page 1: expected nothing, found `nine` (after `five six seven eight nine`)",
    ]


def test_a_word_broken_over_a_page_turn_stands_on_the_page_of_each_letter() -> None:
    """The unit of an offset is that of its character, whatever folding did before it."""
    found = aligned(
        "Wait\u2026 an\u00a0international affair", "Wait... an interna\u00ad", "tional affair"
    )
    text = found.lines[0].text
    assert [found.unit_of(0, text.index(part)) for part in ("an", "inter", "tional", "affair")] == [
        0,
        0,
        1,
        1,
    ]


# Laws -------------------------------------------------------------------------

LETTERS = st.text("abcdeghiklmnoprstuw", min_size=1, max_size=9)
WORDS = st.lists(LETTERS, min_size=2, max_size=40)


@st.composite
def settings_of(draw: st.DrawFn, words: list[str]) -> list[str]:
    """Set *words* on pages as an engine may: lines end at spaces, or in words with a hyphen."""
    pages = [""]
    for word in words:
        if len(word) > 4 and draw(st.booleans()):
            at = draw(st.integers(2, len(word) - 2))
            hyphen = draw(st.sampled_from((SOFT_HYPHEN + "\n", PDFIUM)))
            word = word[:at] + hyphen + word[at:]
        pages[-1] += word + draw(st.sampled_from((" ", " ", " ", "\n")))
        if draw(st.integers(0, 9)) == 0:
            pages.append("")
    return pages


@settings(max_examples=60, deadline=None)
@given(st.data(), WORDS)
def test_every_setting_of_the_words_is_accepted(data: st.DataObject, words: list[str]) -> None:
    """However lines and pages fall, words that are all there are found to be there."""
    assert differences(" ".join(words), *data.draw(settings_of(words))) == []


MUTATIONS = ("drop", "double", "swap", "change", "join", "hyphenate")


@settings(max_examples=120, deadline=None)
@given(st.data(), WORDS, st.sampled_from(MUTATIONS))
def test_every_mutation_of_the_words_is_found(
    data: st.DataObject, words: list[str], mutation: str
) -> None:
    """Any word dropped, doubled, swapped, changed, or joined to the next is told."""
    at = data.draw(st.integers(0, len(words) - 2))
    broken = list(words)
    match mutation:
        case "drop":
            del broken[at]
        case "double":
            broken.insert(at, broken[at])
        case "swap":
            assume(words[at] != words[at + 1])
            broken[at], broken[at + 1] = broken[at + 1], broken[at]
        case "change":
            broken[at] += "x"
        case "join":
            broken[at : at + 2] = [broken[at] + broken[at + 1]]
        case "hyphenate":
            broken[at] += data.draw(st.sampled_from((SOFT_HYPHEN + "\n", PDFIUM)))
    assert differences(" ".join(words), *data.draw(settings_of(broken)))


@settings(max_examples=60, deadline=None)
@given(st.data(), WORDS)
def test_every_character_is_found_on_its_page(data: st.DataObject, words: list[str]) -> None:
    """``unit_of`` agrees with counting letters page by page."""
    pages = data.draw(settings_of(words))
    found = aligned(" ".join(words), *pages)
    letters = [n for n, page in enumerate(pages) for c in page if c.isalpha()]
    text = " ".join(words)
    offsets = [at for at, character in enumerate(text) if character.isalpha()]
    assert [found.unit_of(0, at) for at in offsets] == letters


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded stays as it is."""
    assert fold(fold(text)) == fold(text)
