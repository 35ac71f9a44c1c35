"""A PDF of ours with some objects changed and all else byte for byte as it was.

pikepdf numbers and packs all objects anew when it saves; what is known of a file's parts would
be tried on no file but the very same.
"""

from io import BytesIO
from typing import Any

import pikepdf

from octavo.print.pdffile import PdfFile, object_streams, stream_object
from octavo.proof.crossref import IN_FILE, IN_STREAM, CrossReferences


def rewritten(before: bytes, edited: pikepdf.Pdf) -> bytes:
    """Return *before*, which was opened as *edited*, with what was changed since."""
    with pikepdf.open(BytesIO(before)) as sound:
        table = CrossReferences(before, sound)
        count = len(table._kinds) - 1
        changed = {number for number in range(1, count) if is_changed(sound, edited, number)}
    file = PdfFile()
    held: dict[int, list[int]] = {}
    for number in range(count):
        if table._kinds[number] == IN_STREAM:
            held.setdefault(table._places[number], []).append(number)
    for number in range(count):
        if table._kinds[number] != IN_FILE:
            continue
        if number in held:
            members = sorted(held[number], key=lambda one: table._indices[one])
            data = table._written(number)
            if changed.intersection(members):
                texts = [(one, edited.get_object(one, 0).unparse(resolved=True)) for one in members]
                (data,) = object_streams(number, texts)
            file.add_written(data, [(number, 0)])
            file.add_packed(number, members)
        elif number in changed:
            file.add_written(written(edited, number), [(number, 0)])
        else:
            file.add_written(table._written(number), [(number, 0)])
    # Its last number was that of the table of objects.
    new = [one.objgen[0] for one in edited.objects if one.objgen[0] > count]
    for number in new:
        file.add_written(written(edited, number), [(number, 0)])
    root = b"%d 0 R" % edited.trailer.Root.objgen[0]
    return file.finish(max([count, *new]) + 1, {"Root": root})


def is_changed(sound: pikepdf.Pdf, edited: pikepdf.Pdf, number: int) -> bool:
    return plain(sound.get_object(number, 0)) != plain(edited.get_object(number, 0))


def plain(found: Any) -> bytes:
    """All of an object."""
    if isinstance(found, pikepdf.Stream):
        return bytes(found.stream_dict.unparse(resolved=True) + found.read_raw_bytes())
    return bytes(found.unparse(resolved=True)) if found is not None else b"null"


def written(edited: pikepdf.Pdf, number: int) -> bytes:
    found: Any = edited.get_object(number, 0)
    if not isinstance(found, pikepdf.Stream):
        return b"%d 0 obj\n%b\nendobj\n" % (number, found.unparse(resolved=True))
    data = found.read_raw_bytes()
    entries = pikepdf.Dictionary({key: found.stream_dict[key] for key in found.stream_dict})
    entries.Length = len(data)
    return stream_object(number, entries.unparse(resolved=True), data)
