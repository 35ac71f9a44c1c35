"""The file as we write it: others find every object in it, and nothing between."""

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_print import first_book, particulars

from octavo.cache import Cache
from octavo.memory import Memory
from octavo.print.bindery import Attachment, BookBlock, bind
from octavo.print.block import unpack_block
from octavo.print.copy import Copy
from octavo.print.fonts import FontCase
from octavo.print.keptlines import LinesOfPart
from octavo.print.pdffile import PdfFile, packed_stream, plain_stream, rows, stream_object
from octavo.print.place import Part
from octavo.print.setpages import Line
from octavo.print.sewing import SPAN, Shared, plain_name, sew, text_string
from octavo.print.shaping import UNIT
from octavo.print.signature import set_signature
from octavo.proof.attached import check_attached
from octavo.render import TEMPLATES
from octavo.render.indexrows import link_points
from octavo.render.pages import stylesheet

OBJECTS = st.dictionaries(st.integers(2, 900), st.integers(0, 10**6), max_size=450)
STREAMS = st.dictionaries(st.integers(901, 990), st.binary(max_size=40), max_size=9)


@given(OBJECTS, STREAMS)
def test_every_object_is_found(objects: dict[int, int], streams: dict[int, bytes]) -> None:
    """Under its number, with no fault; a number that nobody took is null."""
    file = PdfFile()
    file.add(1, b"<</Type/Catalog/Pages 991 0 R>>")
    file.add(991, b"<</Type/Pages/Count 1/Kids[992 0 R]>>")
    file.add(992, b"<</Type/Page/Parent 991 0 R/MediaBox[0 0 9 9]/Resources<<>>>>")
    for number, value in objects.items():
        file.add(number, b"%d" % value)
    for number, data in streams.items():
        file.add_stream(number, *(packed_stream if number % 2 else plain_stream)(b"", data))
    # QPDF takes a table for damaged that has many more rows than the file has bytes for.
    file.add_stream(995, *plain_stream(b"", bytes(4000)))
    written = file.finish(1000, {"Root": b"1 0 R"})
    with pikepdf.open(BytesIO(written)) as pdf:
        assert pdf.check_pdf_syntax() == []
        for number in range(2, 901):
            assert pdf.get_object(number, 0) == objects.get(number)
        for number, data in streams.items():
            assert pdf.get_object(number, 0).read_bytes() == data


@given(st.binary(max_size=60))
def test_no_stream_ends_in_a_carriage_return(data: bytes) -> None:
    """A strict reader would take it for a part of the line's end."""
    for pack in (packed_stream, plain_stream):
        written = stream_object(7, *pack(b"", data + b"\r"))
        assert b"\r\nendstream" not in written


@given(st.text(max_size=20))
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    """Whatever it holds."""
    file = PdfFile()
    file.add(1, b"<</Type/Catalog/Pages<</Type/Pages/Count 0/Kids[]>>/Said%b>>" % text_string(text))
    with pikepdf.open(BytesIO(file.finish(2, {"Root": b"1 0 R"}))) as pdf:
        assert str(pdf.Root.Said) == text


@pytest.mark.parametrize("objects", [90, 300])
def test_a_part_that_grows_a_little_moves_no_other(objects: int) -> None:
    """Some numbers behind it are free; what stands there keeps its own, and its bytes."""
    _, layout = first_book()
    part = layout.parts[-1]
    back = unpack_block(part.signature.block)
    one = back.objects[0]
    # Objects that refer to nothing, in place of those of a chapter.
    shared = Shared(2, 3, dict.fromkeys(back.fonts, 8))
    behind = []
    for count in (objects, objects + 20):
        grown = replace(back, objects=(replace(one, data=b"null", filled=()),) * count, streams=())
        before = sew(grown, SPAN, shared, layout.case, {})
        behind.append(sew(back, before.next_number, shared, layout.case, part.words))
        assert 0 < before.next_number - before.folios.stop < SPAN
    assert behind[0] == behind[1]


def test_every_name_is_found_by_others() -> None:
    """PDFium looks for it from leaf to leaf, by their limits; letters of no ASCII among them."""
    reading, layout = first_book()
    words = ("ix-\u00f8re", "ix-\u4e2d\u56fd", "ix-zz", "ix-a")
    point = next(iter(link_points(layout.index).values()))
    points = {f"{word}.{number}": point for word in words for number in range(90)}
    block = BookBlock(layout.case)
    # Without the index, whose links have other names.
    block.sew(layout.parts[1:2])
    for part in block._parts:
        object.__setattr__(part.sewn, "links", ())
    document = pypdfium2.PdfDocument(block.bind(points, particulars(reading)))
    for name in map(plain_name, points):
        assert pypdfium2.raw.FPDF_GetNamedDestByName(document.raw, name.encode("ascii")), name


def test_files_of_any_name_go_with_the_book() -> None:
    """Each is found under its own name, and looked for in order."""
    reading, layout = first_book()
    names = ["Zeit.txt", "M\u00fcller.txt", "Nachwort.txt", "\u4e2d.txt"]
    files = [Attachment(name, name.encode(), "text/plain", "as received") for name in names]
    data = bind(layout.parts, link_points(layout.index), layout.case, particulars(reading), files)
    with pikepdf.open(BytesIO(data)) as pdf:
        found = {file.filename: file.get_file().read_bytes() for file in pdf.attachments.values()}
        keys = [str(name) for name in pdf.Root.Names.EmbeddedFiles.Names[::2]]
        declared = {name: sha256(name.encode()).hexdigest() for name in names}
        assert list(check_attached(pdf, declared)) == []
    assert found == {name: name.encode() for name in names}
    assert keys == sorted(keys)
    assert all(map(str.isascii, keys))


def test_a_book_of_many_short_parts_is_no_damaged_file() -> None:
    """The numbers that are left free between them are not more than others bear."""
    reading, layout = first_book()
    html = '<html lang="en"><head><title>x</title></head><body><p id="p">Tea.</p></body></html>'
    style = "html { font: 9pt 'Source Serif 4' }"
    css = stylesheet(reading.templates, reading.book)
    signature = set_signature(Copy(html, css + style, (TEMPLATES,), {"p": "Tea."}))
    parts = [Part(signature, (str(number),)) for number in range(1, 121)]
    with pikepdf.open(BytesIO(bind(parts, {}, layout.case, particulars(reading)))) as pdf:
        assert len(pdf.pages) == 120
        assert pdf.check_pdf_syntax() == []


def test_a_folio_that_moves_on_its_page_is_drawn_anew(tmp_path: Path) -> None:
    """Though nothing else of the page changed, and all of it is known."""
    reading, layout = first_book()
    points = link_points(layout.index)
    files = []
    for shift in (0, 3):
        parts = [_with_folios_moved(part, shift) for part in layout.parts]
        for memory in (Memory(Cache(tmp_path / "cache")), None):
            block = BookBlock(FontCase([TEMPLATES]), memory)
            block.sew(parts)
            files.append(block.bind(points, particulars(reading)))
    assert files[0] == files[1] != files[2] == files[3]


def _with_folios_moved(part: Part, shift: float) -> Part:
    pages = [
        replace(page, seats=tuple(replace(seat, x=seat.x + shift) for seat in page.seats))
        for page in part.signature.pages
    ]
    return replace(part, signature=replace(part.signature, pages=tuple(pages)))


@given(st.lists(st.binary(min_size=1, max_size=3).map(lambda row: row.ljust(3)), max_size=40))
def test_each_row_of_the_table_is_told_by_the_one_above(table: list[bytes]) -> None:
    """As the filter Up of PNG has it (PNG specification, 9.2)."""
    columns = [bytes(row[at] for row in table) for at in range(3)]
    above, found = bytes(3), rows(columns)
    for number, row in enumerate(table):
        kind, *told = found[4 * number : 4 * number + 4]
        assert kind == 2
        assert bytes((one + up) % 256 for one, up in zip(told, above, strict=True)) == row
        above = row
    assert len(found) == 4 * len(table)


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=5), max_size=8),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_the_line_of_a_character_is_the_first_that_ends_behind_it(
    shape: list[list[tuple[int, int]]], turns: list[bool]
) -> None:
    """Of all lines of its paragraph, on whichever page."""
    pages: list[list[Line]] = [[]]
    for name, lines in enumerate(shape):
        end = 0
        for number, (gap, length) in enumerate(lines):
            if turns[(5 * name + number) % len(turns)]:
                pages.append([])
            pages[-1].append(Line(str(name), end + gap, end + gap + length, 0, number, 1, 1))
            end += gap + length
    part = LinesOfPart(pages)
    assert {*part.paragraphs} == {line.paragraph for page in pages for line in page}
    for name in part.paragraphs:
        own = [(at, line) for at, page in enumerate(pages) for line in page if line[0] == name]
        for offset in range(own[-1][1].end + 1):
            behind = (one for one in own if one[1].end > offset)
            assert part.find(name, offset) == next(behind, None)


def test_a_unit_of_length_is_the_engines() -> None:
    """It is written down, for lines are measured by it before they are asked."""
    from octavo.print.engine import load

    load()
    from weasyprint.text.ffi import FROM_UNITS

    assert UNIT == FROM_UNITS
