"""Where printed pages begin in the e-book's text."""

from hypothesis import given
from hypothesis import strategies as st
from small_books import small_book, small_pagemap

from octavo.render.pagebreaks import page_breaks

TEXTS = st.lists(st.lists(
    st.text("ab ,-—’é水", min_size=1).filter(lambda page: page[0] != " " != page[-1]), min_size=1
).map("|".join), min_size=1, max_size=4)  # fmt: skip
"""Paragraphs of one page or more."""


def broken(*texts: str) -> list[str]:
    """The paragraphs with a bar where the e-book puts each page's break, the first's apart."""
    talk = (("Wang", texts),)
    book = small_book(talk)
    breaks = page_breaks(book, small_pagemap(book, (talk,)))
    lines = []
    for paragraph in book.paragraphs():
        words = paragraph.words
        for offset in sorted(breaks.get(paragraph.id, {}), reverse=True):
            words = f"{words[:offset]}|{words[offset:]}"
        lines.append(words)
    return lines


def test_a_broken_word_stays_on_the_page_on_which_it_begins() -> None:
    """The break stands after the word and what closes it, before what opens the next."""
    assert broken("|The commit|tee met.") == ["|The committee |met."]
    assert broken("|The commit|tee, “they” met.") == ["|The committee, |“they” met."]
    assert broken("|The commit|tee—they met.") == ["|The committee—|they met."]


def test_a_break_between_words_stays() -> None:
    """At a space, after a dash, within a compound: each part of it is a word."""
    assert broken("|One |two.") == ["|One |two."]
    assert broken("|One| two.") == ["|One |two."]
    assert broken("|One—|two.") == ["|One—|two."]
    assert broken("|well-|off") == ["|well-|off"]


def test_a_page_that_begins_with_the_end_of_a_paragraph() -> None:
    """The break goes on to the next paragraph."""
    assert broken("|One commit|tee.", "Two.") == ["|One committee.", "|Two."]


def test_scripts_without_spaces_break_anywhere() -> None:
    """A Japanese page begins where it begins."""
    assert broken("|川は雨|に始まる。") == ["|川は雨|に始まる。"]


@given(TEXTS)
def test_every_page_begins_once_and_in_order(texts: list[str]) -> None:
    """No page is lost, none changes places, and the words stay as they are."""
    talk = (("Wang", texts),)
    book = small_book(talk)
    pagemap = small_pagemap(book, (talk,))
    breaks = page_breaks(book, pagemap)
    order = [p.id for p in book.paragraphs()]
    found = [breaks.get(name, {})[at] for name in order for at in sorted(breaks.get(name, {}))]
    assert found == [start.folio for start in pagemap.starts]
