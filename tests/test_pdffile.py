"""The file as we write it: others find every object in it, and nothing between."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
from hypothesis import given
from hypothesis import strategies as st
from test_print import first_book, particulars

from octavo.cache import Cache
from octavo.memory import Memory
from octavo.print.bindery import BookBlock
from octavo.print.fonts import FontCase
from octavo.print.pdffile import PdfFile, packed_stream, plain_stream, stream_object
from octavo.print.place import Part
from octavo.print.sewing import SPAN, text_string
from octavo.render import TEMPLATES
from octavo.render.indexrows import link_points

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
    """A carriage return alone is none: it is no part of any text of ours."""
    text = text.replace("\r", "")
    file = PdfFile()
    file.add(1, b"<</Type/Catalog/Pages<</Type/Pages/Count 0/Kids[]>>/Said%b>>" % text_string(text))
    with pikepdf.open(BytesIO(file.finish(2, {"Root": b"1 0 R"}))) as pdf:
        assert str(pdf.Root.Said) == text


def test_a_part_that_grows_a_little_moves_no_other() -> None:
    """What stands behind it keeps its bytes, under the same numbers."""
    _, layout = first_book()
    front, body, back = layout.parts
    behind = []
    for part in (front, body):
        block = BookBlock(layout.case)
        block.sew([part, back])
        before, after = (bound.sewn for bound in block._order)
        assert before.first % SPAN == after.first % SPAN == 0
        assert before.folios.stop <= after.first
        behind.append((after.first - before.first, after.data))
    assert front.signature.block != body.signature.block
    assert (behind[0] == behind[1]) == (behind[0][0] == behind[1][0])


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
