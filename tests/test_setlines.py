"""Lines that we set: what is drawn is as wide as it was laid out, and all of it is drawn."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.findings import Findings
from octavo.press.reading import read_book
from octavo.print.bindery import bind
from octavo.print.copy import Copy
from octavo.print.fonts import FontCase
from octavo.print.metadata import Particulars
from octavo.print.place import Part
from octavo.print.setpages import (
    LINE_SPACE_CODE,
    SOFT_HYPHEN_CODE,
    FontUse,
    Line,
    SetPage,
    Signature,
)
from octavo.print.signature import set_signature
from octavo.render import TEMPLATES
from octavo.render.pages import stylesheet

ROOT = Path(__file__).resolve().parents[1]
POINTS = 0.75
LINE = 14.5
"""From baseline to baseline, in points."""
TAG = re.compile(r"<[^>]*>")
SENTENCE = (
    "An office of efficient officials AVOIDS waffle, “To Yves”, “Wo” and the "
    "extraordinarily well-known naïveté of institutionalisation in the “Tůma” affair. "
)


@cache
def style() -> str:
    reading = read_book(ROOT / "book", Findings())
    return stylesheet(reading.templates, reading.book)


def set_paragraph(inner: str, more: str = "", kind: str = "p") -> Signature:
    """Set a justified paragraph of inner XHTML, whose words are wanted."""
    html = (
        '<html lang="en"><head><title>x</title></head><body>'
        f'<{kind} id="p1">{inner}</{kind}></body></html>'
    )
    words = " ".join(TAG.sub("", inner).split())
    return set_signature(Copy(html, style() + more, (TEMPLATES,), {"p1": words}))


def bound(signature: Signature) -> BytesIO:
    """The pages of *signature* as a file."""
    folios = tuple(str(number) for number in range(1, len(signature.pages) + 1))
    said = Particulars("", (), "en", "", datetime(2026, 1, 1, tzinfo=UTC), "")
    return BytesIO(bind([Part(signature, folios)], {}, FontCase([TEMPLATES]), said))


def drawn_widths(signature: Signature) -> Iterator[float]:
    """The width in points of each line's glyphs, read off the text operators."""
    widths = {use.name: with_hyphen(use) for use in signature.fonts}
    with pikepdf.open(bound(signature)) as pdf:
        for page in pdf.pages:
            font: Mapping[int, int] = {}
            size, scale, x, baseline = 0.0, 1.0, 0.0, 0.0
            edges: dict[float, tuple[float, float]] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                match str(operator):
                    case "Tf":
                        font = widths.get(str(operands[0])[1:], {})
                        size = float(operands[1])
                    case "Tm":
                        scale, x = float(operands[0]), float(operands[4])
                        baseline = round(float(operands[5]), 1)
                    case "TJ":
                        units = sum(units_of(item, font) for item in operands[0])
                        left, _ = edges.get(baseline, (x, x))
                        x += scale * size * units / 1000
                        edges[baseline] = (left, x)
            yield from ((right - left) * POINTS for left, right in edges.values())


def units_of(item: object, font: Mapping[int, int]) -> float:
    """How far an item of a ``TJ`` moves the pen, in thousandths of the size."""
    if not isinstance(item, pikepdf.String):
        return -float(item)  # type: ignore[arg-type]
    data = bytes(item)
    codes = (int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    return sum(font[code] for code in codes if code != LINE_SPACE_CODE)


def with_hyphen(use: FontUse) -> Mapping[int, int]:
    """The widths of a font, and that of the hyphen which a line end puts in."""
    hyphen = next((code for code, text in use.unicode.items() if text in {"-", "\N{HYPHEN}"}), None)
    return use.widths if hyphen is None else {**use.widths, SOFT_HYPHEN_CODE: use.widths[hyphen]}


def lines_of(page: SetPage) -> Iterator[Iterator[Line]]:
    """The parts of each line, which stand on one height."""
    for _, parts in groupby(page.lines, key=lambda line: line.y):
        yield parts


def check_widths(signature: Signature) -> None:
    """Each line's glyphs are as wide as the line was laid out, to a fiftieth of a point."""
    laid = [
        max(line.x + line.width for line in lines) - min(line.x for line in lines)
        for page in signature.pages
        for lines in map(list, lines_of(page))
    ]
    assert [*drawn_widths(signature)] == pytest.approx(laid, abs=0.02)


def test_glyphs_fill_their_lines() -> None:
    """With kerning, ligatures, hyphens and accents; not a line is ragged by a hair."""
    check_widths(set_paragraph(SENTENCE * 12))


def test_a_line_of_several_types_is_filled() -> None:
    """Italics, small capitals and nested phrases, broken over lines as they come."""
    inner = f"{SENTENCE}<i>{SENTENCE}</i>and <b>so <i>it</i> went</b> on, {SENTENCE}"
    check_widths(set_paragraph(inner * 3))


def test_lines_run_on_over_pages() -> None:
    """The engine resumes where it left, in the midst of a phrase."""
    signature = set_paragraph(f"Well. <i>{SENTENCE * 40}</i> So <i>{SENTENCE * 40}</i>")
    assert len(signature.pages) > 2
    check_widths(signature)


def test_a_forced_line_end() -> None:
    """A label stands on a line of its own, and no line follows the last."""
    more = 'b::after { content: "\\A"; white-space: pre }'
    signature = set_paragraph(f"<b>A label</b> {SENTENCE * 3}<b>end</b>", more)
    lines = signature.pages[0].lines
    assert (lines[0].start, lines[0].end) == (0, len("A label"))
    assert lines[1].y - lines[0].y == pytest.approx(LINE)
    assert lines[-1].end == len(f"A label {SENTENCE * 3}end")


def test_fonts_of_a_line_stand_on_one_baseline() -> None:
    """A word in another face moves neither its line nor those below it."""
    mixed = set_paragraph(f"{SENTENCE * 4}<i>{SENTENCE}</i>{SENTENCE * 3}").pages[0].lines
    steps = [(line.y - mixed[0].y) / LINE for line in mixed]
    assert steps == pytest.approx([round(step) for step in steps], abs=0.001)
    assert len({round(step) for step in steps}) > 10


def test_what_is_underlined_is_drawn_so() -> None:
    """The engine asks the text where a line under it would stand."""
    underlined = set_paragraph(f"<u>{SENTENCE}</u>", "u{text-decoration:underline}")
    with pikepdf.open(bound(underlined)) as pdf:
        operators = [str(operator) for _, operator in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("S") >= 2


WORDS = st.sampled_from(
    ["a", "fi", "office", "AVA", "extraordinarily", "“Yes”", "well-known", "–", "naïve", "x\u0301y"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
PIECES = st.one_of(
    TEXTS,
    TEXTS.map(lambda text: f"<i>{text}</i>"),
    TEXTS.map(lambda text: f" <b>{text} <i>{text}</i></b> "),
    st.just('<span id="a"></span>'),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12).map(" ".join), st.sampled_from(["", "0", "4em"]))
def test_no_word_of_any_paragraph_is_lost(inner: str, indent: str) -> None:
    """Whatever its phrases: ``set_signature`` refuses a paragraph whose lines are not its words."""
    signature = set_paragraph(inner, f"p{{text-indent:{indent}}}" if indent else "")
    check_widths(signature)
