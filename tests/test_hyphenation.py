"""Patterns taken apart late break words where Pyphen breaks them."""

from functools import cache
from typing import Any

import pyphen
from hypothesis import given
from hypothesis import strategies as st

from octavo.print.engine import load

load()
Late: Any = pyphen.HyphDict
Stock: Any = Late.__mro__[1]
LANGUAGES = sorted(set(pyphen.LANGUAGES.values()))


@cache
def dictionaries(number: int) -> tuple[Any, Any]:
    path = LANGUAGES[number]
    return Late(path), Stock(path)


@given(st.data())
def test_the_breaks_are_those_of_pyphen(data: st.DataObject) -> None:
    """In every language, for words made of its own patterns."""
    late, stock = dictionaries(data.draw(st.integers(0, len(LANGUAGES) - 1)))
    pieces = data.draw(st.lists(st.sampled_from(sorted(stock.patterns)), max_size=4))
    word = "".join(pieces).replace(".", "")
    found, expected = late.positions(word), stock.positions(word)
    assert [(int(p), p.data) for p in found] == [(int(p), p.data) for p in expected]
