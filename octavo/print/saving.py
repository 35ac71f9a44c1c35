"""The file for the printer written to bytes: the same at every run, and no stream misread.

Comes in: an open PDF. Goes out: its bytes. The one decision: every stream is packed here, as those
of the reading file are (``print.pdffile`` says why none ends in a carriage return), and qpdf packs
nothing itself: there would be no way to see how that ends.
"""

import zlib
from io import BytesIO
from typing import Any

from octavo.print.pdffile import RETURN


def save(pdf: Any, **options: Any) -> bytes:
    """Return the bytes of *pdf*; *options* are pikepdf's for ``save``."""
    import pikepdf

    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            _pack(item)
    out = BytesIO()
    mode = pikepdf.ObjectStreamMode.disable
    pdf.save(out, deterministic_id=True, object_stream_mode=mode, compress_streams=False, **options)
    return out.getvalue()


def _pack(stream: Any) -> None:
    import pikepdf

    if "/Filter" not in stream:
        stream.write(zlib.compress(stream.read_bytes(), 9), filter=pikepdf.Name.FlateDecode)
    data = stream.read_raw_bytes()
    if data.endswith(RETURN):
        parameters = stream.get("/DecodeParms")
        stream.write(data + b" ", filter=stream.Filter, decode_parms=parameters)
