"""No stream of the printer's file ends so that a strict reader takes it to be shorter."""

import zlib
from io import BytesIO
from itertools import count
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.print.saving import save

OPTIONS = {"min_version": "1.6"}
MISREAD = b"\r\nendstream"


def document(*pages: bytes, packed: bool = True) -> Any:
    """A PDF of these contents, packed before or not."""
    pdf = pikepdf.new()
    for content in pages:
        page = pdf.add_blank_page(page_size=(100, 100))
        page.obj.Contents = pdf.make_stream(content)
        if packed:
            page.obj.Contents.write(zlib.compress(content, 9), filter=pikepdf.Name.FlateDecode)
    return pdf


def misread_content() -> bytes:
    """Content that ends in a carriage return when it is compressed."""
    contents = (f"{number} 0 m".encode() for number in count())
    return next(content for content in contents if zlib.compress(content, 9).endswith(b"\r"))


@pytest.mark.parametrize("packed", [True, False])
def test_a_stream_that_could_be_misread_is_padded(packed: bool) -> None:
    """Its words stay, the others stay as they are, and the bytes are the same again."""
    contents = (b"q Q", misread_content(), b"0 0 m")
    data = save(document(*contents, packed=packed), **OPTIONS)
    assert MISREAD not in data
    assert save(document(*contents, packed=packed), **OPTIONS) == data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert [page.Contents.read_bytes() for page in pdf.pages] == list(contents)
        raw = [page.Contents.read_raw_bytes() for page in pdf.pages]
        assert [zlib.decompressobj().decompress(packed) for packed in raw] == list(contents)
        assert [packed[-1:] == b" " for packed in raw] == [False, True, False]


def test_a_stream_that_another_packed_keeps_how_it_was_packed() -> None:
    """A picture's, for example, and one whose rows are told by what is different."""
    pdf = document(b"q Q")
    picture = pdf.Root.Picture = pdf.make_stream(b"")
    picture.write(b"0\r", filter=pikepdf.Name.DCTDecode)
    rows = pdf.Root.Rows = pdf.make_stream(b"")
    told = pikepdf.Dictionary(Predictor=12, Columns=1)
    plain = (b"".join(b"\2%c" % byte for byte in n.to_bytes(3, "big")) for n in count())
    packed = next(data for data in map(zlib.compress, plain) if data.endswith(b"\r"))
    rows.write(packed, filter=pikepdf.Name.FlateDecode, decode_parms=told)
    before = rows.read_bytes()
    with pikepdf.open(BytesIO(save(pdf, **OPTIONS))) as again:
        assert again.Root.Picture.Filter == "/DCTDecode"
        assert again.Root.Picture.read_raw_bytes() == b"0\r "
        assert again.Root.Rows.DecodeParms.Predictor == 12
        assert again.Root.Rows.read_raw_bytes() == packed + b" "
        assert again.Root.Rows.read_bytes() == before


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=20))
def test_a_file_holds_what_it_held(contents: list[bytes]) -> None:
    """Any contents, some that could be misread among them."""
    contents = [misread_content(), *contents]
    data = save(document(*contents, packed=False), **OPTIONS)
    assert MISREAD not in data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert not pdf.get_warnings()
        assert [page.Contents.read_bytes() for page in pdf.pages] == contents
