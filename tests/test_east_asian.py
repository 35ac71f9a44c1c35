"""Text without spaces between words: its lines are justified by room behind each character."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.print.copy import Copy
from octavo.print.setpages import SetPage
from octavo.print.shaping import gives
from octavo.print.signature import set_signature
from octavo.render import TEMPLATES

KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよ"
MARKS = "、。」"
"""None of them begins a line (JLREQ, 3.1.7)."""
SIZE = 10.0
MEASURE = 213.0
"""Points; no whole number of characters."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates with a font of squares, one em wide each."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    pen.lineTo((900, 0))
    pen.lineTo((900, 800))
    pen.closePath()
    glyphs = {".notdef": pen.glyph()}
    characters = {ord(sign): f"uni{ord(sign):04X}" for sign in KANA + MARKS + "「 -"}
    glyphs |= dict.fromkeys(characters.values(), glyphs[".notdef"])
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(characters)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Squares", "styleName": "Regular", "psName": "Squares"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    font.setupPost()
    folder = tmp_path_factory.mktemp("templates")
    (folder / "fonts").mkdir()
    font.save(folder / "fonts" / "squares.ttf")
    return folder


def set_paragraph(folder: Path, words: str) -> tuple[SetPage, ...]:
    font = (folder / "fonts" / "squares.ttf").as_uri()
    css = (
        f'@font-face {{ font-family: X; src: url("{font}") }}'
        "body { margin: 0 }"
        f"@page {{ margin: 10pt; size: {MEASURE + 20}pt 400pt }}"
        f"p {{ font: {SIZE}pt/15pt X; margin: 0; text-align: justify; --line-breaking: optimum }}"
    )
    html = (
        f'<html lang="ja"><head><title>x</title></head><body><p id="p1">{words}</p></body></html>'
    )
    return set_signature(Copy(html, css, (folder, TEMPLATES), {"p1": words})).pages


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([*KANA, *KANA, *MARKS, "「"]), min_size=60, max_size=150))
def test_lines_are_full_and_no_mark_begins_one(folder: Path, signs: list[str]) -> None:
    """All but the last fill the measure, with the same little room behind each character."""
    words = "".join(signs).lstrip(MARKS) or KANA
    lines = [line for page in set_paragraph(folder, words) for line in page.lines]
    assert "".join(words[line.start : line.end] for line in lines) == words
    for line in lines[:-1]:
        assert line.x + line.width == pytest.approx(10 + MEASURE, abs=0.01)
        assert abs(line.space) < SIZE / 4
    if not any(pair in words for pair in ("「、", "「。", "「」")):
        assert not any(words[line.start] in MARKS for line in lines)


def test_what_gives_room() -> None:
    """Spaces, ideographs, kana and their marks; no letter, no figure, no Hangul syllable."""
    assert [sign for sign in "a 1é、漢かカ「한\u00a0\u3000ｱ-—" if gives(sign)] == [
        *" 、漢かカ「\u00a0\u3000ｱ"
    ]
