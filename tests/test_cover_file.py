"""The cover's sheet: its spine follows the pages, its words keep clear of edge and fold."""

import shutil
from io import BytesIO
from pathlib import Path
from statistics import correlation
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from octavo.cli import main
from octavo.proof.press import check_cover
from octavo.render.coversheet import (
    BAR_HEIGHT,
    SAFE,
    SPINE_SAFE,
    CoverSize,
    people_on_back,
    spine_size,
)
from octavo.render.particulars import Participant

ROOT = Path(__file__).resolve().parents[1]
MILLIMETRE = 72 / 25.4
ISBN = "978-3-16-148410-0"
LEFT = [
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
]
PARITIES = [
    "LLLLLL",
    "LLGLGG",
    "LLGGLG",
    "LLGGGL",
    "LGLLGG",
    "LGGLLG",
    "LGGGLL",
    "LGLGLG",
    "LGLGGL",
    "LGGLGL",
]
"""ISO/IEC 15420, tables 1 and 2: set A of digits, and which sets the first digit asks for."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path / "book"


def make(book: Path, settings: str, replace: tuple[str, str] = ("", ""), only: str = "pdf") -> Path:
    toml = book / "book.toml"
    text = toml.read_text(encoding="utf-8").replace(*replace, 1) if replace[0] else ""
    text = text or toml.read_text(encoding="utf-8")
    toml.write_text(f'{text}\n[print]\nedition = ["cover"]\n{settings}\n', encoding="utf-8")
    assert main(["--book", str(book), "--only", only]) == 0
    return book.parent / "dist" / "international-work-cover.pdf"


def pictures(book: Path) -> tuple[Image.Image, Image.Image, str]:
    """The EPUB's cover, the thumbnail, and what the EPUB says in place of its cover."""
    dist = book.parent / "dist"
    with ZipFile(dist / "international-work.epub") as epub:
        cover = Image.open(BytesIO(epub.read("EPUB/cover.png")))
        page = epub.read("EPUB/cover.xhtml").decode()
    thumbnail = Image.open(dist / "international-work-cover.png")
    return cover, thumbnail, page


def across(picture: Image.Image) -> list[float]:
    """How light each hundredth of its width is, between the sides of the frame."""
    inner = picture.convert("L").crop(
        (
            picture.width // 10,
            picture.height // 5,
            picture.width - picture.width // 10,
            picture.height * 4 // 5,
        )
    )
    return [float(value) for value in inner.resize((80, 1), Image.Resampling.BOX).tobytes()]


def trim_width(path: Path) -> float:
    with pikepdf.open(path) as pdf:
        left, _, right, _ = (float(edge) for edge in pdf.pages[0].TrimBox)
        return right - left


def words(path: Path) -> str:
    page = pypdfium2.PdfDocument(path)[0]
    return " ".join(page.get_textpage().get_text_range().split())


@pytest.mark.parametrize(
    ("settings", "pages", "inches"),
    [
        ("", 20, 0.0025),
        ('paper = "white"\nsignature = 16', 32, 0.002252),
        ('caliper = "0.1mm"\nsignature = 1', 17, 0.1 / 25.4),
    ],
)
def test_the_spine_is_that_of_the_pages_and_the_paper(
    settings: str, pages: int, inches: float, book: Path
) -> None:
    """Two pages' widths and what the bound sheets add; a thin spine bears no words."""
    path = make(book, settings)
    assert trim_width(path) == pytest.approx(2 * 148 * MILLIMETRE + pages * inches * 72, abs=0.02)
    assert words(path).count("Communist") == 1


def test_the_e_book_has_the_sheet_s_front_for_a_picture(book: Path) -> None:
    """Of the size that shops ask for; what is drawn is told to those who do not see it."""
    sheet = pypdfium2.PdfDocument(make(book, "", only="pdf,epub"))[0]
    cover, thumbnail, page = pictures(book)
    assert (cover.format, cover.size) == ("PNG", (1600, 2560))
    assert thumbnail.size == (400, 640)
    assert (
        'alt="Cover: The International work of the Communist Party of China (CPC). '
        'New Tasks in the New Situation. Gong Xiuchuan, Wang Jiarui"'
    ) in page
    _, bottom, right, top = sheet.get_trimbox()
    sheet.set_cropbox(right - 148 * MILLIMETRE, bottom, right, top)
    front = across(sheet.render(scale=4).to_pil())
    assert correlation(front, across(cover)) > 0.95
    assert correlation(front, across(thumbnail)) > 0.95
    assert correlation(front, across(cover.crop((200, 0, 1600, 2560)))) < 0.8


def test_a_wide_spine_bears_title_and_names(book: Path) -> None:
    """They are read from the top down, between the folds."""
    path = make(book, 'caliper = "1.5mm"')
    assert words(path).count("(CPC)") == 2
    assert words(path).count("Gong Xiuchuan") == 2


def test_a_long_title_keeps_clear_of_edges_and_folds(book: Path) -> None:
    """The proof looks at every character; here it has much to look at."""
    title = "On the long and winding conversations that we had about everything under the sun " * 3
    replace = ('title = "', f'title = "{title.strip()}: ')
    path = make(book, 'caliper = "1mm"', replace)
    assert words(path).count("winding") >= 3


@pytest.mark.parametrize(("count", "told"), [(1, True), (2, True), (9, False), (17, False)])
def test_the_back_names_all_who_speak_or_nobody(count: int, told: bool) -> None:
    """What they are is told where there is room; the barcode is always clear of them."""
    size = CoverSize(148 * MILLIMETRE, 210 * MILLIMETRE, 10, 3 * MILLIMETRE)
    people = [
        Participant(f"Ann {number}", role="", about="a keeper", label="") for number in range(count)
    ]
    lines = people_on_back(size, people)
    names = [line.words for line in lines if not line.italic]
    assert names == [person.name for person in people]
    assert any(line.italic for line in lines) is told
    tops = [line.top for line in lines]
    assert tops == sorted(tops)
    assert tops[-1] + 14 < size.bleed + size.height - BAR_HEIGHT - 4 * SAFE - 6
    assert people_on_back(size, people * 20) == []


def test_words_too_near_to_a_fold_are_found(book: Path) -> None:
    """And so are words that are missing."""
    path = make(book, "")
    size = CoverSize(148 * MILLIMETRE, 210 * MILLIMETRE, 20 * 0.0025 * 72, 3 * MILLIMETRE)
    middle = size.width * 1.5 + size.spine
    wrong = list(check_cover(path.read_bytes(), [words(path)], [middle], SAFE, SPINE_SAFE))
    assert wrong
    assert {discrepancy.expected for discrepancy in wrong} == {"away from edge and fold"}
    missing = list(check_cover(path.read_bytes(), [words(path) + "!"], (), SAFE, SPINE_SAFE))
    assert [discrepancy.expected for discrepancy in missing] == ["!"]


def test_words_shrink_with_the_spine_and_then_go() -> None:
    """Never nearer to a fold than they may be."""
    sizes = [spine_size(CoverSize(420, 595, spine, 9), "A title") for spine in range(60)]
    assert sizes == sorted(sizes)
    assert all(not size or size <= spine - 2 * SPINE_SAFE for spine, size in enumerate(sizes))
    assert sizes[10] == 0 < sizes[20]


def test_the_barcode_is_that_of_the_isbn(book: Path) -> None:
    """Read back from the picture by the tables of the standard; no ISBN, no barcode."""
    path = make(book, "", ("[book]\n", f'[book]\nisbn = "{ISBN}"\n'))
    assert read_barcode(path) == ISBN.replace("-", "")
    assert f"ISBN {ISBN}" in words(path)


def read_barcode(path: Path) -> str:
    """The digits of the one EAN-13 on the sheet's back, from a row of pixels through its bars."""
    page = pypdfium2.PdfDocument(path)[0]
    picture = page.render(scale=10, grayscale=True).to_pil()
    left, bottom, _, _ = page.get_trimbox()
    y = picture.height - int((bottom + 60) * 10)
    row = [picture.getpixel((x, y)) < 60 for x in range(int(left * 10), int((left + 419) * 10))]
    light = next(x for x, _ in enumerate(row) if picture.getpixel((int(left * 10) + x, y)) > 240)
    first = next(x for x in range(light, len(row)) if row[x])
    modules = "".join("01"[row[first + int((number + 0.5) * 8)]] for number in range(95))
    assert (modules[:3], modules[45:50], modules[92:]) == ("101", "01010", "101")
    digits, parity = "", ""
    for at in range(6):
        code = modules[3 + 7 * at : 10 + 7 * at]
        is_left = code in LEFT
        parity += "L" if is_left else "G"
        turned = "".join("10"[int(bit)] for bit in reversed(code))
        digits += str(LEFT.index(code if is_left else turned))
    for at in range(6):
        code = modules[50 + 7 * at : 57 + 7 * at]
        digits += str(LEFT.index("".join("10"[int(bit)] for bit in code)))
    return f"{PARITIES.index(parity)}{digits}"
