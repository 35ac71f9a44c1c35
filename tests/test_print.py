"""Signatures, folios and the bindery, on the finished pages."""

from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.contents import ContentsRow, make_contents
from octavo.findings import Findings
from octavo.pagemap import Point
from octavo.press import frontmatter
from octavo.press.layout import lay_out
from octavo.press.matter import Layout
from octavo.press.reading import Reading, read_book
from octavo.print.bindery import Particulars, bind
from octavo.print.compositor import Compositor, Setting
from octavo.print.copy import Copy
from octavo.print.fonts import FontCase
from octavo.print.navigation import DeadLink
from octavo.print.place import Part
from octavo.print.signature import LostText, set_signature
from octavo.render import TEMPLATES
from octavo.render.indexrows import link_points
from octavo.render.pages import stylesheet
from octavo.render.titles import balance

ROOT = Path(__file__).resolve().parents[1]
MILLIMETRE = 72 / 25.4


@cache
def first_book() -> tuple[Reading, Layout]:
    reading = read_book(ROOT / "book", Findings())
    with Compositor() as compositor:
        layout = lay_out(reading, compositor, Findings(), lambda step: None)
        assert layout.parts  # All is waited for while there is a compositor.
    return reading, layout


def particulars(reading: Reading) -> Particulars:
    book = reading.book
    return Particulars(book.title, ("A. N. Author",), "en", "urn:x", book.modified, "Octavo")


@cache
def first_pdf() -> bytes:
    reading, layout = first_book()
    points = link_points(layout.index)
    case = FontCase(reading.templates.folders)
    return bind(layout.parts, points, case, particulars(reading))


def drawn(page_index: int) -> list[tuple[str, float, float]]:
    """Every character drawn on the page with the left and bottom edges of its box."""
    text = pypdfium2.PdfDocument(first_pdf())[page_index].get_textpage()
    return [
        (text.get_text_range(i, 1), *text.get_charbox(i)[:2]) for i in range(text.count_chars())
    ]


def page_with(folio: str) -> int:
    with pikepdf.open(BytesIO(first_pdf())) as pdf:
        return [page.label for page in pdf.pages].index(folio)


def test_folios_stand_in_the_outer_corner() -> None:
    """A verso's folio at its left edge, a recto's at its right, on one height."""
    verso = next(c for c in drawn(page_with("2")) if c[0] == "2" and c[2] > 540)
    recto = next(c for c in drawn(page_with("3")) if c[0] == "3" and c[2] > 540)
    assert verso[1] == pytest.approx(21 * MILLIMETRE, abs=1)
    assert recto[1] == pytest.approx((148 - 21) * MILLIMETRE - 4.5, abs=1.5)
    # The old-style 3 descends by more than a point, the 2 does not.
    assert verso[2] == pytest.approx(recto[2], abs=1.5)


def test_a_hyphen_of_the_line_end_is_told_from_the_authors() -> None:
    """The text layer has a soft hyphen where the engine broke a word, "-" where it was said."""
    texts = [pypdfium2.PdfDocument(first_pdf())[n].get_textpage() for n in range(4, 12)]
    words = "".join(text.get_text_range() for text in texts)
    assert "all-round" in words
    with pikepdf.open(BytesIO(first_pdf())) as pdf:
        maps = [
            font.ToUnicode.read_bytes().decode("ascii")
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary) and "/DescendantFonts" in font
        ]
    assert any("<fff0> <00ad>" in unicode for unicode in maps)


def test_lines_of_facing_pages_stand_level() -> None:
    """Every full line of the body begins on the grid of 14.5 points."""
    _, layout = first_book()
    heights = {
        round(((line.y - 60) / 14.5) % 1, 2)
        for part in layout.body.places
        for page in part.setting.pages
        for line in page.lines
    }
    assert heights <= {0.0, 1.0}


def test_a_signature_does_not_know_its_place() -> None:
    """The same signature bound with other folios draws them, with not a byte of it set anew."""
    reading, layout = first_book()
    front, part, back = layout.parts
    case = FontCase(reading.templates.folders)
    moved = Part(part.signature, tuple(str(int(folio) + 100) for folio in part.folios))
    points = link_points(layout.index)
    data = bind([front, moved, back], points, case, particulars(reading))
    page = len(front.folios) + bool(front.blank_after) + 1
    text = pypdfium2.PdfDocument(data)[page].get_textpage().get_text_range()
    assert "102" in text.split()


def test_a_dead_link_is_our_fault() -> None:
    """A template that links to what is on no page stops the build with an exception."""
    reading, _ = first_book()
    css = stylesheet(reading.templates, reading.book)
    html = '<html lang="en"><title>x</title><p><a href="point:nowhere">go</a></p></html>'
    signature = set_signature(Copy(html, css, (TEMPLATES,)))
    with pytest.raises(DeadLink, match="nowhere"):
        bind([Part(signature, ("1",))], {}, FontCase([TEMPLATES]), particulars(reading))


def test_lost_words_are_our_fault() -> None:
    """A template that drops words of a paragraph stops the build with an exception."""
    reading, _ = first_book()
    css = stylesheet(reading.templates, reading.book)
    html = '<html lang="en"><title>x</title><p id="t1.1">All that was</p></html>'
    with pytest.raises(LostText, match=r"t1\.1"):
        set_signature(Copy(html, css, (TEMPLATES,), {"t1.1": "All that was said"}))


def test_the_engine_fetches_nothing_outside_the_templates(tmp_path: Path) -> None:
    """Neither a file elsewhere nor the network is ever read for a page."""
    reading, _ = first_book()
    secret = tmp_path / "secret.css"
    secret.write_text("p { color: red }", encoding="utf-8")
    css = stylesheet(reading.templates, reading.book)
    for address in (secret.as_uri(), "http://127.0.0.1:9/style.css"):
        html = f'<html lang="en"><link rel="stylesheet" href="{address}"/><p>x</p></html>'
        with pytest.raises(BaseException, match="Error fetching"):
            set_signature(Copy(html, css, (TEMPLATES,)))


def test_an_edition_s_own_font_is_found_beside_its_own_style(tmp_path: Path) -> None:
    """``print/fonts.css`` and ``fonts/`` of its templates stand in for ours, one file at a time."""
    (tmp_path / "fonts").mkdir()
    data = (TEMPLATES / "fonts/SourceSerif4-BoldIt.ttf").read_bytes()
    (tmp_path / "fonts/Own.ttf").write_bytes(data)
    css = (
        '@font-face { font-family: "Own"; src: url(../fonts/Own.ttf) } body { font-family: "Own" }'
    )
    signature = set_signature(
        Copy("<html><body><p>Own</p></body></html>", css, (tmp_path, TEMPLATES))
    )
    assert [use.file for use in signature.fonts] == [sha256(data).hexdigest()]
    assert signature.warnings == ()


def test_destinations_stand_on_the_line_of_their_word() -> None:
    """A locator's destination is the top of the line that holds the word."""
    reading, layout = first_book()
    point = Point("t2.1", 300)
    points = {"word": point, **link_points(layout.index)}
    data = bind(layout.parts, points, FontCase(reading.templates.folders), particulars(reading))
    page, line = next(
        (page, line)
        for page in layout.body.places[0].setting.pages
        for line in page.lines
        if line.paragraph == "t2.1" and line.start <= 300 < line.end
    )
    assert page in layout.body.places[0].setting.pages
    with pikepdf.open(BytesIO(data)) as pdf:
        destination = pikepdf.NameTree(pdf.Root.Names.Dests)["word"]
        assert float(destination[3]) == pytest.approx(
            float(pdf.pages[0].MediaBox[3]) - line.y, abs=0.01
        )


@given(st.lists(st.text("abcdeF", min_size=1, max_size=12), min_size=1, max_size=9))
def test_a_balanced_title_keeps_its_words(words: list[str]) -> None:
    """Only spaces turn into line ends, and no line is longer than the measure allows."""
    title = " ".join(words)
    lines = balance(title, measure=27).split("\n")
    assert " ".join(lines) == title
    assert all(len(line) <= 27 for line in lines)


def test_a_title_is_not_broken_inside_a_name() -> None:
    """Even lines matter less than keeping two capitals together."""
    title = "The International work of the Communist Party of China (CPC)"
    assert balance(title) == ("The International work\nof the Communist Party\nof China (CPC)")


def test_a_long_contents_is_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its length is guessed well enough that the parts behind it have their folios at once."""
    reading, layout = first_book()
    settings: list[str] = []
    stock = frontmatter.FrontAtWork._set

    def counted(self: frontmatter.FrontAtWork) -> Setting:
        settings.append("")
        return stock(self)

    monkeypatch.setattr(frontmatter.FrontAtWork, "_set", counted)
    monkeypatch.setattr(frontmatter, "make_contents", partial(many_rows, make_contents))
    css = stylesheet(reading.templates, reading.book)
    with Compositor() as compositor:
        front = frontmatter.FrontAtWork(
            reading, css, layout.body, layout.index, layout.matter, compositor
        )
        place = front.settle()
    assert len(place.folios) > 12
    assert len(settings) == 1


def many_rows(
    stock: Callable[..., tuple[ContentsRow, ...]], *arguments: object
) -> tuple[ContentsRow, ...]:
    """The contents with each of its rows thirty times."""
    return tuple(row for row in stock(*arguments) for _ in range(30))


def test_transcripts_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """In what is attached and in the colophon: each is there, byte for byte."""
    (tmp_path / "book").mkdir()
    tables = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "talk.txt").write_text(f"Ada: Tea of {name}.\n", encoding="utf-8")
        tables.append(f'[[transcript]]\nsource = "../{name}/talk.txt"\ntitle = "{name}"\n')
    toml = f'[book]\ntitle = "Tea"\nlanguage = "en"\n\n{"".join(tables)}'
    (tmp_path / "book" / "book.toml").write_text(toml, encoding="utf-8")
    findings = Findings()
    reading = read_book(tmp_path / "book", findings)
    assert findings.ordered == []
    assert [*reading.attached] == ["talk.txt", "talk-2.txt"]
    assert [*reading.attached.values()] == [*reading.sources.values()]
