"""No stream of a file ends so that a strict reader takes it to be shorter than it says."""

import zlib
from io import BytesIO
from itertools import count
from typing import Any

import pikepdf
import pytest

from octavo.print.saving import MISREAD, save

OPTIONS = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "min_version": "1.7"}


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
    pdf.save(out, deterministic_id=True, **OPTIONS)
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


def test_a_file_whose_own_tables_could_be_misread_is_written_anew() -> None:
    """They are qpdf's: an object more has them differ."""
    titles = (str(number) for number in count())
    title = next(title for title in titles if MISREAD in written(document(b"q Q", title=title)))
    data = save(document(b"q Q", title=title), **OPTIONS)
    assert MISREAD not in data
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.docinfo["/Title"] == title
        assert pdf.pages[0].Contents.read_bytes() == b"q Q"


def test_a_file_that_is_read_rightly_is_left_alone() -> None:
    assert save(document(b"q Q"), **OPTIONS) == written(document(b"q Q"))
