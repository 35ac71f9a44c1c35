"""Locators: which pages a reader is sent to, and how they are printed."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.index.locators import (
    Style,
    expand_range,
    format_range,
    make_locators,
    speak_range,
)
from octavo.index.parts import Locator, Mention
from octavo.pagemap import PageMap, PageStart, Point, roman

# Ranges ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "chicago", "minimal", "minimal_two"),
    [
        # Below 100: all digits.
        ("3", "10", "3–10", "3–10", "3–10"),
        ("4", "5", "4–5", "4–5", "4–5"),
        ("71", "72", "71–72", "71–2", "71–72"),
        ("96", "117", "96–117", "96–117", "96–117"),
        # Multiples of 100: all digits.
        ("100", "104", "100–104", "100–4", "100–04"),
        ("600", "613", "600–613", "600–13", "600–13"),
        ("1100", "1123", "1100–1123", "1100–23", "1100–23"),
        # 101 to 109, 201 to 209, ...: the changed part only.
        ("101", "108", "101–8", "101–8", "101–08"),
        ("107", "108", "107–8", "107–8", "107–08"),
        ("505", "517", "505–17", "505–17", "505–17"),
        ("808", "833", "808–33", "808–33", "808–33"),
        ("1002", "1006", "1002–6", "1002–6", "1002–06"),
        ("1103", "1104", "1103–4", "1103–4", "1103–04"),
        # The others: two digits, more where more change.
        ("321", "328", "321–28", "321–8", "321–28"),
        ("498", "532", "498–532", "498–532", "498–532"),
        ("1087", "1089", "1087–89", "1087–9", "1087–89"),
        ("1496", "1500", "1496–500", "1496–500", "1496–500"),
        ("11564", "11615", "11564–615", "11564–615", "11564–615"),
        ("12991", "13001", "12991–3001", "12991–3001", "12991–3001"),
        ("998", "1004", "998–1004", "998–1004", "998–1004"),
        # Roman numerals and one page alone: as they are.
        ("xxv", "xxviii", "xxv–xxviii", "xxv–xxviii", "xxv–xxviii"),
        ("12", "12", "12", "12", "12"),
        ("ix", "ix", "ix", "ix", "ix"),
    ],
)
def test_range_styles(first: str, last: str, chicago: str, minimal: str, minimal_two: str) -> None:
    """Each style shortens the second number in its own way; the full one never does."""
    assert format_range(first, last, "chicago") == chicago
    assert format_range(first, last, "minimal") == minimal
    assert format_range(first, last, "minimal-two") == minimal_two
    assert format_range(first, last, "full") == (first if first == last else f"{first}–{last}")


@given(st.integers(1, 20000), st.integers(0, 20000), st.sampled_from(get_args(Style)))
def test_a_shortened_range_can_be_read_back(first: int, more: int, style: Style) -> None:
    """Nothing is lost: the first number supplies what the second leaves out."""
    folios = str(first), str(first + more)
    assert expand_range(format_range(*folios, style)) == folios


@given(st.integers(1, 3000), st.integers(0, 300), st.sampled_from(get_args(Style)))
def test_roman_ranges_are_read_back_as_they_stand(first: int, more: int, style: Style) -> None:
    """Roman numerals are never shortened."""
    folios = roman(first), roman(first + more)
    assert expand_range(format_range(*folios, style)) == folios


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("en-GB", "498 to 532"), ("de", "498 bis 532"), ("fr", "498 à 532"), ("x-none", "498–532")],
)
def test_a_range_is_spoken_in_full(language: str, spoken: str) -> None:
    """Whoever hears it is told both numbers whole, in the book's language."""
    assert speak_range("498", "532", language) == spoken
    assert speak_range("498", "498", language) == "498"


# Locators -------------------------------------------------------------------

PAGES_A_PARAGRAPH = 3
"""In the made-up book, each paragraph fills three pages of ten characters."""


def pagemap(paragraphs: int, roman_pages: int = 0) -> PageMap:
    order = [f"p{number}" for number in range(paragraphs)]
    starts = []
    for page in range(paragraphs * PAGES_A_PARAGRAPH):
        folio = roman(page + 1) if page < roman_pages else str(page - roman_pages + 1)
        paragraph, part = divmod(page, PAGES_A_PARAGRAPH)
        starts.append(PageStart(folio, Point(order[paragraph], part * 10)))
    return PageMap(order, starts)


def mention(paragraph: int, offset: int, *, main: bool = False) -> Mention:
    point = Point(f"p{paragraph}", offset)
    return Mention("ix", point, offset + 1, point, f"t{paragraph}", "", "w", main)


def passage(first: tuple[int, int], last: tuple[int, int]) -> Mention:
    point, end = Point(f"p{first[0]}", first[1]), Point(f"p{last[0]}", last[1])
    return Mention("ix", point, first[1] + 1, end, f"t{first[0]}", "", "w")


def locators(mentions: list[Mention], keys: list[int], roman_pages: int = 0) -> tuple[Locator, ...]:
    discussions = {f"p{number}": str(key) for number, key in enumerate(keys)}
    return make_locators(mentions, discussions, pagemap(len(keys), roman_pages), "full", "en")


def pages(locator: Locator) -> list[int]:
    return list(range(int(locator.first), int(locator.last) + 1))


PLACES = st.tuples(st.integers(0, 7), st.integers(0, PAGES_A_PARAGRAPH * 10 - 1))
MENTIONS = st.lists(
    st.one_of(
        PLACES.map(lambda place: mention(*place)),
        st.tuples(PLACES, PLACES).map(lambda ends: passage(min(ends), max(ends))),
    ),
    max_size=12,
)
KEYS = st.lists(st.integers(0, 2), min_size=8, max_size=8).map(sorted)


def mentioned_pages(mentions: list[Mention]) -> list[int]:
    """Counted by hand: three pages a paragraph, ten characters a page, folios from 1."""
    found = set()
    for one in mentions:
        first, last = (
            int(point.paragraph[1:]) * PAGES_A_PARAGRAPH + point.offset // 10 + 1
            for point in (one.point, one.last)
        )
        found |= set(range(first, last + 1))
    return sorted(found)


@given(MENTIONS, KEYS)
def test_locators_read_out_are_the_mentions_pages(mentions: list[Mention], keys: list[int]) -> None:
    """Every page of a mention once, in order, and no other."""
    read_out = [page for locator in locators(mentions, keys) for page in pages(locator)]
    assert read_out == mentioned_pages(mentions)


@given(MENTIONS, KEYS, st.randoms(use_true_random=False))
def test_the_order_of_mentions_does_not_matter(
    mentions: list[Mention], keys: list[int], chance: object
) -> None:
    """A mention is a point; the list that it comes in says nothing."""
    mixed = list(mentions)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert locators(mixed, keys) == locators(mentions, keys)


@given(MENTIONS, KEYS)
def test_every_mention_is_kept_by_its_locator(mentions: list[Mention], keys: list[int]) -> None:
    """The proof looks up each mention on the pages of its locator: none may get lost."""
    kept = [one for locator in locators(mentions, keys) for one in locator.mentions]
    assert sorted(map(repr, kept)) == sorted(map(repr, mentions))


@given(MENTIONS, KEYS)
def test_a_locator_leads_to_a_mention_on_its_first_page(
    mentions: list[Mention], keys: list[int]
) -> None:
    """The link's target is the first mention itself."""
    book = pagemap(len(keys))
    for locator in locators(mentions, keys):
        assert book.folio(locator.target) == locator.first
        assert (locator.target, locator.end) in [(m.point, m.end) for m in mentions]


@given(st.lists(PLACES, max_size=12), KEYS)
def test_pages_join_only_within_a_discussion(
    places: list[tuple[int, int]], keys: list[int]
) -> None:
    """Two neighbouring pages are one locator just when one discussion is mentioned on both."""
    mentions = [mention(*place) for place in places]
    joined = {page for loc in locators(mentions, keys) for page in pages(loc)[:-1]}
    on_page: dict[int, set[int]] = {}
    for paragraph, offset in places:
        page = paragraph * PAGES_A_PARAGRAPH + offset // 10 + 1
        on_page.setdefault(page, set()).add(keys[paragraph])
    expected = {page for page in on_page if on_page[page] & on_page.get(page + 1, set())}
    assert joined == expected


def test_a_bold_locator_and_its_link() -> None:
    """One principal mention makes the locator bold; the link still leads to the first."""
    (found,) = locators([mention(0, 12, main=True), mention(0, 3)], [0])
    assert (found.text, found.main, found.target, found.end) == ("1–2", True, Point("p0", 3), 4)


def test_a_passage_from_roman_to_arabic_pages_is_two_locators() -> None:
    """The second leads to where its first page begins, since no mention begins there."""
    found = locators([passage((0, 5), (1, 25))], [0, 0], roman_pages=4)
    assert [(loc.text, loc.target, loc.end) for loc in found] == [
        ("i–iv", Point("p0", 5), 6),
        ("1–2", Point("p1", 10), 10),
    ]


def test_no_locator_hides_a_folio() -> None:
    """First and last are folios in full, whatever the printed range leaves out."""
    book = PageMap(["p0"], [PageStart(str(320 + n), Point("p0", n * 10)) for n in range(3)])
    (found,) = make_locators([mention(0, 11), mention(0, 25)], {"p0": ""}, book, "chicago", "en")
    assert (found.text, found.spoken, found.first, found.last, found.is_range) == (
        "321–22",
        "321 to 322",
        "321",
        "322",
        True,
    )
