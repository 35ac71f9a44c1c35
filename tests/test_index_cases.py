"""The index of small books, as ``cases/index`` tells: what is printed and what is found."""

import pytest
from case_files import Case, cases
from small_books import read_entries, read_turns, small_book, small_pagemap

from octavo.edition.schema import IndexTable
from octavo.findings import Findings
from octavo.index import dump_index, make_index, plan_index


def printed(text: str, options: str) -> str:
    """The index of a case, then its findings.

    *options* are words of ``[index]`` as ``key=value``, ``language=`` and ``folios=``.
    Chapters are parted by a line ``***``, the text from its entries by a line ``---``.
    """
    settings = dict(option.split("=") for option in options.split())
    speech, _, toml = text.partition("\n---\n")
    chapters = [read_turns(chapter) for chapter in speech.split("\n***\n")]
    language = settings.pop("language", "en")
    folios = settings.pop("folios", "").split(",")
    index = {key: _VALUES.get(value, value) for key, value in settings.items()}
    book = small_book(
        *chapters,
        entries=read_entries(toml),
        index=IndexTable(**index),  # type: ignore[arg-type]
        language=language,
    )
    findings = Findings()
    plan = plan_index(book, findings.report)
    pagemap = small_pagemap(book, chapters, filter(None, folios))
    made = dump_index(make_index(plan, pagemap, findings.report))
    said = "\n".join(map(str, findings.ordered))
    return "\n".join(filter(None, [made.rstrip("\n"), said]))


_VALUES = {"true": True, "false": False} | {str(n): n for n in range(20)}


@pytest.mark.parametrize("case", cases("index"))
def test_index_case(case: Case) -> None:
    """Each case prints the index and the findings that stand below its text."""
    assert printed(case.input, case.options) == case.expected
