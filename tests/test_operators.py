"""Content streams are read alike by the pattern and by the parser that knows all of PDF."""

from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_print import first_pdf

from octavo.proof.operators import Shown, _content, _read_any, _read_usual, read_operators


def stream(data: bytes) -> Any:
    pdf = pikepdf.new()
    return pdf, pdf.make_stream(data)


def plain(operators: Any) -> list[tuple[str, Any]]:
    """Shifts as numbers: they may be written in more ways than one."""
    return [
        (name, (what.codes, [float(number) for number in what.shifts.split()]))
        if isinstance(what, Shown)
        else (name, what)
        for name, what in operators
    ]


def test_every_page_of_the_first_book_is_read_by_the_pattern() -> None:
    """Operator by operator as the parser reads it."""
    from io import BytesIO

    with pikepdf.open(BytesIO(first_pdf())) as pdf:
        shown = 0
        for page in pdf.pages:
            usual = _read_usual(_content(page.obj))
            assert usual is not None
            assert plain(usual) == plain(_read_any(page.obj, {}))
            shown += sum(name == "TJ" for name, _ in usual)
    assert shown > 500


NUMBER = st.one_of(
    st.integers(-999, 999).map(str), st.floats(-999, 999, width=16).map(lambda x: f"{x:.3f}")
)
CODES = st.binary(max_size=6).map(lambda codes: f"<{codes.hex()}>")
OPERATORS = st.one_of(
    st.lists(st.one_of(CODES, NUMBER), max_size=6).map(lambda items: f"[{' '.join(items)}] TJ"),
    CODES.map(lambda codes: f"{codes} Tj"),
    st.lists(NUMBER, min_size=6, max_size=6).map(lambda numbers: f"{' '.join(numbers)} Tm"),
    st.lists(NUMBER, min_size=6, max_size=6).map(lambda numbers: f"{' '.join(numbers)} cm"),
    st.lists(NUMBER, min_size=2, max_size=2).map(lambda numbers: f"{' '.join(numbers)} Td"),
    st.lists(NUMBER, max_size=3).map(lambda numbers: f"[{' '.join(numbers)}] 0 d"),
    NUMBER.map(lambda size: f"/F1 {size} Tf"),
    NUMBER.map(lambda leading: f"{leading} TL"),
    st.integers(0, 99).map(lambda number: f"/P <</MCID {number}>> BDC q EMC"),
    st.sampled_from(
        ["BT", "ET", "q", "Q", "T*", "/Artifact BMC EMC", "/X1 Do", "/TJ gs", "/Do 9 Tf",
         "/Artifact <</Type /Pagination /Subtype /Header>> BDC EMC",
         "0 0 1 rg", "(a \\) TJ b) Tj", "% 1 2 Td", "(it's) '", "<414> Tj",
         "<41 42> Tj", "[<4 1> 3] TJ",
         "/P <</MCID 1 /ActualText (Do)>> BDC EMC", "/P <</MCID 2 /A <</B 1>>>> BDC EMC"]
    ),
)  # fmt: skip


@given(st.lists(OPERATORS, max_size=12))
def test_any_stream_is_read_as_the_parser_reads_it(lines: list[str]) -> None:
    """By the pattern where it can be, by the parser where it cannot."""
    _, one = stream("\n".join(lines).encode())
    assert plain(read_operators(one, {})) == plain(_read_any(one, {}))


@pytest.mark.parametrize("odd", ["(a) Tj", "[(a) 1] TJ", "% TJ", "1 2 '", "<</A <</B 1>>>> TJ"])
def test_what_the_pattern_does_not_know_it_leaves(odd: str) -> None:
    """A wrong count of one operator is enough."""
    data = f"BT {odd} ET".encode()
    _, one = stream(data)
    assert plain(read_operators(one, {})) == plain(_read_any(one, {}))
