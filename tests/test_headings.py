"""Sections are found by the words they begin with, as if every paragraph were read for them."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from octavo.cache import Cache
from octavo.edition.schema import SectionTable
from octavo.findings import Finding
from octavo.folding import fold
from octavo.join.headings import BEGINNING, place_headings
from octavo.memory import Memory
from octavo.model import Turn
from octavo.readers import Labels, Script

WORDS = st.lists(st.sampled_from(["so", "it", "“was”", "it's", "so—so"]), min_size=1, max_size=40)
TALK = st.lists(WORDS.map(" ".join), min_size=1, max_size=5)


def script(paragraphs: list[str], memory: Memory) -> Script:
    data = "\n\n".join(f"Ann: {words}\n\nBo: Yes." for words in paragraphs).encode()
    return Script(data, "talk.txt", "", Labels(known=("Ann", "Bo")), memory)


def naive(quote: str, scripts: list[Script]) -> list[tuple[int, int, int]]:
    """Where *quote* begins a paragraph, with its label or without."""
    sought = fold(quote).text.strip()
    return [
        (number, at, part)
        for number, one in enumerate(scripts)
        for at, block in enumerate(one.transcript.blocks)
        if isinstance(block, Turn)
        for part, text in enumerate(block.paragraphs)
        for label in [f"{block.label}: " if part == 0 else ""]
        if any(fold(words).text.startswith(sought) for words in (label + text.words, text.words))
    ]


@given(st.lists(TALK, min_size=1, max_size=3), st.data())
def test_a_section_stands_where_its_words_begin(
    talks: list[list[str]], data: st.DataObject
) -> None:
    """In one place, or the fault is told; quotes longer than what is kept are read on."""
    memory = Memory(None)
    scripts = [script(talk, memory) for talk in talks]
    words = data.draw(st.sampled_from([words for talk in talks for words in talk]))
    quote = words[: data.draw(st.integers(1, len(words)))]
    quote = data.draw(st.sampled_from(["", "Ann: ", "Bo: "])) + quote
    findings: list[Finding] = []
    placed = place_headings([SectionTable("It", quote)], scripts, memory, findings.append)
    found = [(number, *place) for number, own in enumerate(placed) for place in own]
    expected = naive(quote, scripts)
    assert found == (expected if len(expected) == 1 else [])
    codes = {0: ["section-not-found"], 1: []}
    assert [f.code for f in findings] == codes.get(len(expected), ["section-found-twice"])


def test_a_long_quote_tells_two_long_beginnings_apart(tmp_path: Path) -> None:
    """With what was kept as with what is read."""
    same = "so " * BEGINNING
    for _ in range(2):
        memory = Memory(Cache(tmp_path))
        scripts = [script([same + "it was", same + "it is"], memory)]
        findings: list[Finding] = []
        section = SectionTable("It", same + "it is")
        assert place_headings([section], scripts, memory, findings.append) == [{(2, 0): "It"}]
        assert findings == []
