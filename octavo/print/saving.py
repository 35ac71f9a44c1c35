"""A PDF written to bytes: the same at every run, and no stream that can be misread.

Comes in: an open PDF. Goes out: its bytes. The one decision: no stream ends in a carriage
return. With the line feed that follows it in the file it looks like one end of line, and a
strict reader of ISO 19005-3, 6.1.7.1 takes the stream to be a byte shorter than it says; one
packed stream in 256 would end so. Such a one is given a space behind its packed data, which
says where it ends (RFC 1950) and is not read beyond.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MISREAD = b"\r\nendstream"
NUMBER = re.compile(rb"\d+$")


def save(pdf: Any, **options: Any) -> bytes:
    """Return the bytes of *pdf*; *options* are pikepdf's for ``save``."""
    data = _write(pdf, options)
    if MISREAD in data:
        data = _pad_streams(data, options)
    # What is left are the file's own tables, which are made anew at every writing.
    for number in range(len(pdf.pages)):
        if MISREAD not in data:
            break
        data = _shift_tables(data, number, options)
    return data


def _write(pdf: Any, options: Any) -> bytes:
    out = BytesIO()
    pdf.save(out, deterministic_id=True, **options)
    return out.getvalue()


def _pad_streams(data: bytes, options: Any) -> bytes:
    """Write again with a space behind every stream that could be misread."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        streams: list[Any] = [pdf.get_object(number, 0) for number in _misread(data)]
        if not all(_ends_misread(stream) for stream in streams):
            # What looked like the head of an object stands within a stream.
            streams = [stream for stream in pdf.objects if _ends_misread(stream)]
        for stream in streams:
            if stream.get("/Filter") != pikepdf.Name.FlateDecode:
                continue
            if stream.get("/Type") not in {"/ObjStm", "/XRef"}:
                parameters = stream.get("/DecodeParms")
                padded = stream.read_raw_bytes() + b" "
                stream.write(padded, filter=stream.Filter, decode_parms=parameters)
        return _write(pdf, options)


def _misread(data: bytes) -> Iterator[int]:
    """The numbers of the streams that could be misread, by the heads that stand before them."""
    for found in re.finditer(MISREAD, data):
        head = data.rfind(b" 0 obj", 0, found.start())
        number = NUMBER.search(data, max(0, head - 12), max(0, head))
        yield int(number[0]) if number else 0


def _ends_misread(stream: Any) -> bool:
    import pikepdf

    return isinstance(stream, pikepdf.Stream) and stream.read_raw_bytes().endswith(b"\r")


def _shift_tables(data: bytes, number: int, options: Any) -> bytes:
    """Write again with an object more, a page's own box, so that all tables differ."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        page = pdf.pages[number].obj
        page.MediaBox = pdf.make_indirect(page.MediaBox)
        return _write(pdf, options)
