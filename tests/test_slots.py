"""Slots: words that are known where the book is bound, on pages that need not be set again."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_books import BOOKS, write_book

from octavo.cache import Cache
from octavo.findings import Findings
from octavo.press import Built, Request, backmatter, build
from octavo.press.layout import lay_out
from octavo.press.reading import read_book
from octavo.print import bindery, sewing
from octavo.print.compositor import Compositor
from octavo.proof import ProofFailed
from octavo.proof.epub import open_epub
from octavo.proof.epubfolios import are_whole, put_folios, take_folios
from octavo.proof.epubread import read_document
from octavo.proof.epubtext import _check_folio_ids
from octavo.proof.markup import lines_of
from octavo.render.slots import fill, said

SHAPE = replace(BOOKS[1], chapters=3, turns=8, longest=6)
SPEECH = "Dr. Falk: It is long ago, and nobody could say more of the water then. "
RIGHT = 2
"""In the box of a character: its right edge."""


def built(book: Path, cache: Cache | None = None) -> Built:
    return build(Request(book, book.parent / "dist", cache=cache), Findings(), lambda step: None)


def pdf_of(made: Built) -> bytes:
    return next(data for path, data in made.files.items() if path.suffix == ".pdf")


def epub_of(made: Built) -> bytes:
    return next(data for path, data in made.files.items() if path.suffix == ".epub")


def contents_of(pdf: pypdfium2.PdfDocument) -> pypdfium2.PdfTextPage:
    """The text of the page with the contents."""
    texts = (page.get_textpage() for page in pdf)
    return next(text for text in texts if "Contents" in text.get_text_range())


def add_pages(book: Path) -> None:
    """Let the first chapter grow by two pages: one may fill a blank."""
    seed = book.parent / "seeds" / "01.txt"
    text = seed.read_text(encoding="utf-8")
    seed.write_text(f"{text.rstrip()}\n\n{SPEECH}{SPEECH[10:] * 60}\n", encoding="utf-8")


def make_index_long(book: Path) -> None:
    """Let its index take several pages."""
    entries = "".join(
        f'\n[[entry]]\nheading = "the water, {number}"\nmatch = ["water"]\n' for number in range(90)
    )
    index = book / "index.toml"
    index.write_text(index.read_text(encoding="utf-8") + entries, encoding="utf-8")


@pytest.fixture(params=["short index", "long index"])
def book(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book whose index has a page or two, each a signature of its own if that is called long."""
    if request.param == "long index":
        monkeypatch.setattr(backmatter, "SHORT_INDEX", 0)
    return write_book(SHAPE, tmp_path)


def test_a_contents_whose_folios_move_is_not_set_again(book: Path) -> None:
    """Nor is the colophon, which tells another checksum; and the bytes are those of a new book."""
    cache = Cache(book.parent / "cache")
    first = built(book, cache)
    add_pages(book)
    again, anew = built(book, cache), built(book)
    assert pdf_of(again) == pdf_of(anew) != pdf_of(first)
    assert epub_of(again) == epub_of(anew)
    with pypdfium2.PdfDocument(pdf_of(again)) as pdf:
        labels = [pdf.get_page_label(number) for number in range(len(pdf))]
    # The chapter that grew, and what of the index names other pages: nothing of the front matter.
    front = sum(not label.isdecimal() for label in labels)
    assert front >= 3
    assert 0 < again.changes.anew < again.changes.pages - front


def test_folios_of_the_contents_stand_in_a_column(book: Path) -> None:
    """One digit ends where two do."""
    for _ in range(3):
        add_pages(book)
    with pypdfium2.PdfDocument(pdf_of(built(book))) as pdf:
        text = contents_of(pdf)
        ends = [
            (match[1], text.get_charbox(match.end(1) - 1)[RIGHT])
            for match in re.finditer(r" (\d+) ?(?:\r|$)", text.get_text_range())
        ]
    assert {len(folio) for folio, _ in ends} == {1, 2}
    edges = [edge for _, edge in ends]
    # A glyph has some air at its side, a 1 more than others.
    assert max(edges) - min(edges) < 1.5


def test_what_is_heard_of_a_row_has_its_folio(book: Path) -> None:
    """The label of the link in the PDF."""
    with pikepdf.open(BytesIO(pdf_of(built(book)))) as pdf:
        said_of = [
            str(note.Contents)
            for page in pdf.pages
            for note in page.get("/Annots", ())  # type: ignore[union-attr]
            if "/Contents" in note
        ]
    rows = [text for text in said_of if re.search(r", page \d+$", text)]
    assert rows
    assert not any("\ufdd0" in text for text in said_of)


def test_templates_of_an_edition_have_no_slots(book: Path) -> None:
    """They show the folio that they are given, wherever they put it."""
    ours = Path(__file__).parents[1] / "templates" / "print" / "contents.html"
    own = book / "templates" / "print"
    own.mkdir(parents=True)
    text = ours.read_text(encoding="utf-8").replace("{{ row.folio }}", "({{ row.folio }})")
    (own / "contents.html").write_text(text, encoding="utf-8")
    with pypdfium2.PdfDocument(pdf_of(built(book))) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert any(re.search(r"\(\d\)", text) for text in texts)


def test_a_long_index_is_one_element_with_heads_on_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is a signature of its own, but no screen reader hears of that."""
    monkeypatch.setattr(backmatter, "SHORT_INDEX", 0)
    book = write_book(SHAPE, tmp_path)
    make_index_long(book)
    with pikepdf.open(BytesIO(pdf_of(built(book)))) as pdf:
        top = pdf.Root.StructTreeRoot.K[0].K
        (root,) = (one for one in top if one.S == "/Index")
        kinds = [str(one.S) for one in root.K]
        assert kinds[:2] == ["/H1", "/P"]
        assert kinds.count("/H1") == 1
        assert all(one.P.objgen == root.objgen for one in root.K)
        assert len({one.Pg.objgen for one in root.K}) > 1
    with Compositor() as compositor:
        layout = lay_out(read_book(book, Findings()), compositor, Findings(), lambda step: None)
        pages = [place.setting.pages for place in layout.back[:-1]]
    assert {len(page) for page in pages} == {1}
    assert [page.head for (page,) in pages] == ["", *["Index of terms"] * (len(pages) - 1)]


@given(st.dictionaries(st.text("abc.1"), st.text(max_size=5), min_size=1), st.text(max_size=5))
def test_what_is_said_is_filled_in(words: dict[str, str], around: str) -> None:
    """Every slot, and nothing else."""
    open_text = around + around.join(map(said, words)) + around
    assert fill(open_text, words) == around + around.join(words.values()) + around


def test_a_chapter_is_read_alike_with_its_folios_taken_out_and_put_in(book: Path) -> None:
    """Ids, places and all that else is read of it."""
    epub = open_epub(epub_of(built(book)))
    found = 0
    for path in epub.spine:
        files, folios = take_folios(epub.files, [path])
        found += len(folios)
        assert (b"pagebreak" in epub.files[path] and "nav" not in path) == bool(folios)
        tree, without = epub.parse(path), replace(epub, files=files).parse(path)
        names = [name for name in tree.xpath("//@id") if "." in name]
        whole = read_document(epub, path, tree, lines_of(tree), names)
        taken = read_document(epub, path, without, lines_of(without), names)
        assert put_folios(taken, folios) == whole
        assert (taken == whole) == (not folios)
    assert found > 3


def test_a_page_that_begins_twice_is_found() -> None:
    """Its id would stand twice in a document."""
    text = (
        b'<p xmlns="x"><span aria-label="%b" epub:type="pagebreak" id="page-%b" role="doc-x"/></p>'
    )
    files = {"a": (text + text) % (b"3", b"3", b"3", b"3")}
    taken, folios = take_folios(files, ["a"])
    assert folios == ["3", "3"]
    assert b"3" not in taken["a"]
    read = replace(
        read_document_of(b"<p/>"), ids=tuple(f"page-{said(str(number))}" for number in range(2))
    )
    (wrong,) = _check_folio_ids(read, put_folios(read, folios))
    assert "`page-3` once" in str(wrong)
    assert not [*_check_folio_ids(read, put_folios(read, ["3", "4"]))]


def read_document_of(data: bytes):  # type: ignore[no-untyped-def]
    with BytesIO() as file:
        with ZipFile(file, "w") as archive:
            archive.writestr(
                "META-INF/container.xml",
                '<c:container xmlns:c="urn:oasis:names:tc:opendocument:xmlns:container">'
                '<c:rootfile full-path="o"/></c:container>',
            )
            archive.writestr(
                "o",
                '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a"'
                ' media-type="application/xhtml+xml"/></manifest><spine/></package>',
            )
            archive.writestr("a", data)
        epub = open_epub(file.getvalue())
    return read_document(epub, "a", epub.parse("a"), (), ())


OWN = [
    # Of what the index pages take more than one each, or none to go on from.
    ".headnote { margin-bottom: 60pt }",
    ".index-page + .index-page { break-before: auto }",
]


@pytest.mark.parametrize("css", OWN)
def test_an_index_whose_pages_a_style_does_not_keep_is_set_whole(
    css: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages have the margins of their sides, and so has the colophon behind it."""
    book = write_book(SHAPE, tmp_path)
    make_index_long(book)
    own = book / "templates" / "print"
    own.mkdir(parents=True)
    (own / "own.css").write_text(css, encoding="utf-8")
    monkeypatch.setattr(backmatter, "SHORT_INDEX", 0)
    cache = Cache(tmp_path / "cache")
    made = [built(book, cache), built(book, cache)]
    assert pdf_of(made[0]) == pdf_of(made[1])
    with pypdfium2.PdfDocument(pdf_of(made[0])) as pdf:
        # The last pages but one are the index's: on each side all begin at one edge.
        edges = [
            (number % 2, left_edge(pdf[number])) for number in range(len(pdf) - 5, len(pdf) - 1)
        ]
    assert len({*edges}) == 2
    assert len({edge for _, edge in edges}) == 2


def left_edge(page: pypdfium2.PdfPage) -> float:
    text = page.get_textpage()
    return round(min(text.get_charbox(number)[0] for number in range(text.count_chars())))


@pytest.mark.parametrize(
    "words", ["{name} ({checksum})", "{name:>20} {checksum:.16}", "<{name}> {checksum}"]
)
def test_a_checksum_is_said_as_an_edition_says_it(words: str, tmp_path: Path) -> None:
    """It is a slot only where nothing stands behind it."""
    book = write_book(SHAPE, tmp_path)
    own = book / "templates"
    own.mkdir()
    ours = (Path(__file__).parents[1] / "templates" / "words.toml").read_text(encoding="utf-8")
    line = re.compile(r"^text_checksum = .*$", re.MULTILINE)
    (own / "words.toml").write_text(line.sub(f'text_checksum = "{words}"', ours), "utf-8")
    with pypdfium2.PdfDocument(pdf_of(built(book))) as pdf:
        last = pdf[len(pdf) - 1].get_textpage().get_text_range()
    assert "01.txt" in last


def test_a_front_page_of_an_edition_gets_true_folios(tmp_path: Path) -> None:
    """It may show one of the contents anywhere."""
    book = write_book(SHAPE, tmp_path)
    own = book / "templates" / "print"
    own.mkdir(parents=True)
    (own / "note.html").write_text("<p>To page {{ contents[-2].folio }}!</p>", "utf-8")
    with pypdfium2.PdfDocument(pdf_of(built(book))) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert any(re.search(r"To page [1-9]\d*!", text) for text in texts)


def test_a_label_that_says_another_page_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is heard, and not seen."""
    monkeypatch.setattr(sewing, "fill", lambda text, words: "nonsense, page 999")
    with pytest.raises(ProofFailed) as failure:
        built(write_book(SHAPE, tmp_path))
    assert all("heard of the link" in str(one) for one in failure.value.discrepancies)


BREAK = '<span aria-label="{0}" epub:type="pagebreak" id="page-{0}" role="doc-pagebreak"></span>'


@pytest.mark.parametrize("seen", ["", BREAK.format("&#xfdd0;0&#xfdd1;"), BREAK.format(said("0"))])
def test_a_page_break_is_none_in_a_remark(seen: str, tmp_path: Path) -> None:
    """Nor is one that is written in the characters that stand for folios while they are out."""
    made = epub_of(built(write_book(SHAPE, tmp_path)))
    epub = open_epub(made)
    path = next(path for path in epub.spine if b'<span aria-label="' in epub.files[path])
    true = re.search(rb'<span aria-label="[^>]*role="doc-pagebreak"></span>', epub.files[path])
    assert true
    tampered = b"%b<!-- %b -->" % (seen.encode(), true[0])
    data = epub.files[path].replace(true[0], tampered)
    files, folios = take_folios({path: data}, [path])
    tree = replace(epub, files=files).parse(path)
    read = read_document(epub, path, tree, lines_of(tree), ())
    whole = are_whole([read], folios)
    ids = put_folios(read, folios if whole else []).ids
    assert true[0].split(b'"')[1].decode() not in {one.removeprefix("page-") for one in ids}


@pytest.mark.parametrize(
    "more",
    [
        '<?xml version="1.0" encoding = "latin-1"?>',
        '<!DOCTYPE html [<!ENTITY e "e">]>',
        "&#xFDD0;",
        "&#64977;",
        "\ufdd1",
        "\0",
    ],
)
def test_of_an_unusual_document_no_folio_is_taken_out(more: str) -> None:
    """It could mean by them something else than they are."""
    for data in (more + BREAK.format("3"), BREAK.format("3") + more):
        files, folios = take_folios({"a": data.encode()}, ["a"])
        assert (files["a"], folios) == (data.encode(), [])
    assert take_folios({"a": BREAK.format("3").encode()}, ["a"])[1] == ["3"]


@pytest.mark.parametrize("more", ["/Alt(zz)", "/Lang(xx)", "/ActualText(zz)"])
def test_the_element_around_an_index_says_nothing_else(
    more: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages are proved apart, so that nobody would read what it says."""
    monkeypatch.setattr(backmatter, "SHORT_INDEX", 0)
    stock = bindery.ELEMENT
    monkeypatch.setattr(bindery, "ELEMENT", stock.replace(b">>", more.encode() + b">>"))
    with pytest.raises(ProofFailed):
        built(write_book(SHAPE, tmp_path))


def test_letters_in_a_slot_stand_as_far_apart_as_the_style_has_them(book: Path) -> None:
    """And the last ends where those of other rows do."""
    for _ in range(3):
        add_pages(book)
    own = book / "templates" / "print"
    own.mkdir(parents=True)
    gaps = []
    for spacing in ("0", "1pt"):
        css = f".contents-folio {{ letter-spacing: {spacing} }}"
        (own / "own.css").write_text(css, encoding="utf-8")
        with pypdfium2.PdfDocument(pdf_of(built(book))) as pdf:
            text = contents_of(pdf)
            at = re.search(r" \d\d ?\r", text.get_text_range())
            assert at
            first, second = (text.get_charbox(at.start() + place) for place in (1, 2))
            gaps.append(second[0] - first[RIGHT])
    assert gaps[1] - gaps[0] == pytest.approx(1, abs=0.1)
