"""No stream of a file ends so that a strict reader takes it to be shorter than it says."""

import zlib
from io import BytesIO
from itertools import count
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.print.saving import MISREAD, save

OPTIONS = {"min_version": "1.7"}


TABLES = {"/ObjStm", "/XRef"}


def document(*pages: bytes, title: str = "", packed: bool = True) -> Any:
    """A PDF of these contents, as qpdf will pack them or packed before."""
    pdf = pikepdf.new()
    for content in pages:
        page = pdf.add_blank_page(page_size=(100, 100))
        page.obj.Contents = pdf.make_stream(content)
        if packed:
            page.obj.Contents.write(zlib.compress(content), filter=pikepdf.Name.FlateDecode)
    if title:
        pdf.docinfo["/Title"] = title
    return pdf


def misread_content() -> bytes:
    """Content that ends in a carriage return when it is compressed."""
    contents = (f"{number} 0 m".encode() for number in count())
    return next(content for content in contents if zlib.compress(content).endswith(b"\r"))


def written(pdf: Any) -> bytes:
    out = BytesIO()
    mode = pikepdf.ObjectStreamMode.generate
    pdf.save(out, deterministic_id=True, object_stream_mode=mode, **OPTIONS)
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_a_stream_that_could_be_misread_is_padded(packed: bool) -> None:
    """Its words stay, the others stay as they are, and the bytes are the same again."""
    contents = (b"q Q", misread_content(), b"0 0 m")
    assert MISREAD in written(document(*contents, packed=packed))
    data = save(document(*contents, packed=packed), **OPTIONS)
    assert MISREAD not in data
    assert save(document(*contents, packed=packed), **OPTIONS) == data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert [page.Contents.read_bytes() for page in pdf.pages] == list(contents)
        raw = [page.Contents.read_raw_bytes() for page in pdf.pages]
        assert [zlib.decompressobj().decompress(packed) for packed in raw] == list(contents)
        assert [packed[-1:] == b" " for packed in raw] == [False, True, False]


def test_a_stream_that_looks_like_the_head_of_an_object_is_padded_too() -> None:
    """Packed data may hold anything."""
    contents = (f"% {number} 0 obj".encode() for number in count())
    content = next(one for one in contents if zlib.compress(one, 0).endswith(b"\r"))
    pdf = document(content, packed=False)
    pdf.pages[0].Contents.write(zlib.compress(content, 0), filter=pikepdf.Name.FlateDecode)
    assert b" 0 obj" in pdf.pages[0].Contents.read_raw_bytes()
    data = save(pdf, **OPTIONS)
    assert MISREAD not in data
    with pikepdf.open(BytesIO(data)) as again:
        assert again.pages[0].Contents.read_bytes() == content
        assert again.pages[0].Contents.read_raw_bytes().endswith(b"\r ")


def test_a_file_whose_own_tables_could_be_misread_is_mended() -> None:
    """Object streams are padded like others, the table of cross-references is packed anew."""
    mended = 0
    for title in map(str, range(300)):
        before = written(document(b"q Q", title=title))
        if MISREAD not in before:
            continue
        data = save(document(b"q Q", title=title), **OPTIONS)
        assert MISREAD not in data
        with pikepdf.open(BytesIO(data)) as pdf:
            assert not pdf.get_warnings()
            assert pdf.docinfo["/Title"] == title
            assert pdf.pages[0].Contents.read_bytes() == b"q Q"
        mended += 1
    assert mended > 1


def objects(data: bytes) -> list[bytes]:
    """Every object of a file but its tables; of a stream what is packed in it."""
    with pikepdf.open(BytesIO(data)) as pdf:
        found = [
            item.read_bytes() if isinstance(item, pikepdf.Stream) else item.unparse()
            for item in pdf.objects
            if not isinstance(item, pikepdf.Stream) or item.get("/Type") not in TABLES
        ]
        assert not pdf.get_warnings()
        return found


@settings(max_examples=8)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=80), st.integers(0, 3))
def test_a_mended_file_holds_what_it_held(contents: list[bytes], filled: int) -> None:
    """Any contents, some that could be misread among them, however far into the file."""
    contents = [misread_content(), *contents, misread_content(), b"%" * 70_000 * filled]
    before = written(document(*contents))
    data = save(document(*contents), **OPTIONS)
    assert MISREAD in before
    assert MISREAD not in data
    assert objects(data) == objects(before)


def test_a_table_grows_where_offsets_do() -> None:
    """A file that passes 64 KiB by the spaces put in has a byte more for each offset."""

    def filled(size: int) -> Any:
        pdf = document(misread_content())
        pdf.Root.Filler = pdf.make_stream(b"")
        # Packed already, for all that qpdf asks.
        pdf.Root.Filler.write(b"0" * size, filter=pikepdf.Name.DCTDecode)
        return pdf

    def table(data: bytes) -> int:
        return int(data[data.rindex(b"startxref") :].split()[1])

    size = 60_000 + 65_535 - table(written(filled(60_000)))
    before, data = written(filled(size)), save(filled(size), **OPTIONS)
    assert (table(before), table(data)) == (65_535, 65_536)
    assert b"/W [ 1 2 1 ]" in before
    assert b"/W [ 1 3 1 ]" in data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert not pdf.get_warnings()
        assert pdf.pages[0].Contents.read_bytes() == misread_content()


def test_a_file_that_is_read_rightly_is_left_alone() -> None:
    assert save(document(b"q Q"), **OPTIONS) == written(document(b"q Q"))
