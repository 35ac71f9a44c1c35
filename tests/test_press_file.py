"""The file for the printer: boxes, black ink, no links, whole sheets, and the same words."""

import shutil
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_print import first_book, first_pdf, particulars

from octavo.cli import main
from octavo.print.printer import PrinterSheet, for_printer
from octavo.proof.press import check_press
from octavo.render.pages import points

ROOT = Path(__file__).resolve().parents[1]
MILLIMETRE = 72 / 25.4
A5 = (148 * MILLIMETRE, 210 * MILLIMETRE)


@cache
def press_file(signature: int = 4) -> bytes:
    reading, _ = first_book()
    return for_printer(first_pdf(), PrinterSheet(points("3mm"), signature), particulars(reading))


def opened() -> Any:
    return pikepdf.open(BytesIO(press_file()))


def box(page: Any, name: str) -> list[float]:
    return [float(edge) for edge in page.obj[name]]


def test_trim_and_bleed_are_right_on_every_page() -> None:
    """The trim is the page, the bleed three millimetres around it, the marks outside both."""
    for page in opened().pages:
        trim, bleed, media = (box(page, f"/{name}Box") for name in ("Trim", "Bleed", "Media"))
        assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx(A5, abs=0.01)
        around = [t - b for t, b in zip(trim[:2], bleed[:2], strict=True)]
        around += [b - t for t, b in zip(trim[2:], bleed[2:], strict=True)]
        assert around == pytest.approx([3 * MILLIMETRE] * 4, abs=0.01)
        assert media[:2] == [0, 0]
        assert bleed[0] > 0 < bleed[1]


def test_only_black_ink_is_used() -> None:
    """No colour operator but CMYK's, and of that the black alone: text is not four inks deep."""
    inks = [
        tuple(map(float, instruction.operands))
        for page in opened().pages
        for instruction in pikepdf.parse_content_stream(page)
        if str(instruction.operator) in {"k", "K", "g", "G", "rg", "RG", "cs", "CS", "sc", "scn"}
    ]
    assert inks
    assert all(len(ink) == 4 and ink[:3] == (0, 0, 0) for ink in inks)


def test_nothing_but_pages_goes_to_the_printer() -> None:
    """No link, tag, bookmark or attachment; the intent and the trapping are said."""
    pdf = opened()
    assert all("/Annots" not in page.obj for page in pdf.pages)
    for key in ("/StructTreeRoot", "/Outlines", "/Names", "/AF"):
        assert key not in pdf.Root
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFX"
    assert pdf.docinfo.Trapped == "/False"
    assert pdf.pdf_version == "1.6"
    assert b"<pdfxid:GTS_PDFXVersion>PDF/X-4<" in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize("signature", [1, 4, 16])
def test_the_pages_fill_the_printers_sheets(signature: int) -> None:
    """Blank pages make up the number, and every word stands on the page that was proved."""
    count = len(pikepdf.open(BytesIO(press_file(signature))).pages)
    assert count == -(-17 // signature) * signature
    assert list(check_press(first_pdf(), press_file(signature), signature)) == []


def test_another_page_is_found() -> None:
    """A press file with its pages in another order is not the book."""
    with opened() as pdf:
        pdf.pages.insert(0, pdf.pages[5])
        out = BytesIO()
        pdf.save(out)
    places = [wrong.place for wrong in check_press(first_pdf(), out.getvalue(), 1)]
    assert {"page 1", "page 2"} <= set(places)


def test_the_same_pages_give_the_same_bytes() -> None:
    """No clock and no random number is in it."""
    reading, _ = first_book()
    sheet = PrinterSheet(points("3mm"), 4)
    assert for_printer(first_pdf(), sheet, particulars(reading)) == press_file()


@given(st.floats(0.1, 9).map(lambda number: round(number, 2)))
def test_a_length_is_read_in_every_unit(number: float) -> None:
    """Points are the unit of a PDF."""
    assert points(f"{number}pt") == pytest.approx(number)
    assert points(f"{number}in") == pytest.approx(72 * number)
    assert points(f"{number}mm") == pytest.approx(MILLIMETRE * number)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path / "book"


def add(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as toml:
        toml.write(text)


def test_the_edition_chooses_its_files(book: Path) -> None:
    """``press`` alone makes no reading file; the e-book is made all the same."""
    add(book / "book.toml", '\n[print]\nedition = ["press"]\nbleed = "0.125in"\nsignature = 8\n')
    assert main(["--book", str(book)]) == 0
    made = sorted(path.name for path in (book.parent / "dist").glob("international-work*"))
    assert made == [
        "international-work-cover.png",
        "international-work-press.pdf",
        "international-work.epub",
    ]
    with pikepdf.open(book.parent / "dist" / made[1]) as pdf:
        assert len(pdf.pages) == 24
        page = pdf.pages[0]
        assert box(page, "/TrimBox")[0] - box(page, "/BleedBox")[0] == pytest.approx(9, abs=0.01)


def test_a_colour_is_a_finding_and_nothing_is_written(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Black ink prints no red: the editor is told where, and what to do."""
    add(book / "book.toml", '\n[print]\nedition = ["reading", "press"]\n')
    (book / "templates" / "print").mkdir(parents=True)
    own = book / "templates" / "print" / "own.css"
    own.write_text(".label { color: #b00 }\n", encoding="utf-8")
    assert main(["--book", str(book)]) == 1
    said = capsys.readouterr().err
    assert "coloured: page 5 is printed in a colour" in said
    assert "hint: print in black and greys" in said
    assert not (book.parent / "dist").exists()


@pytest.mark.parametrize("setting", ['bleed = "wide"', 'bleed = "30mm"', "signature = 6"])
def test_what_no_printer_asks_for_is_a_finding(
    setting: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bleed that is a length of some millimetres, a sheet of as many pages as sheets have."""
    add(book / "book.toml", f"\n[print]\n{setting}\n")
    assert main(["--book", str(book)]) == 1
    assert ": bad-value: " in capsys.readouterr().err
