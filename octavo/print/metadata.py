"""What the PDF says of itself: XMP and Info alike, and the standards that it keeps.

Comes in: the particulars. Goes out: a metadata stream, an Info dictionary and an output
intent. The one decision: written by hand, in one order: a library's clock and its own name
have no place in it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape as escape_html
from typing import Any

from octavo.direction import is_right_to_left
from octavo.print.pdffile import PdfFile, packed_stream, plain_stream
from octavo.print.sewing import text_string

escape = partial(escape_html, quote=False)

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{creator}<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:identifier>{identifier}</dc:identifier>
<dc:format>application/pdf</dc:format>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file keeps</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
"""PDF/UA-1 (ISO 14289-1, 5) and PDF/A-3a (ISO 19005-3, 6.6) at once; PDF/A wants every schema
that is not its own described."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the file says of itself."""

    title: str
    authors: tuple[str, ...]
    language: str
    identifier: str
    modified: datetime
    """The edition's time; the clock is never read."""
    producer: str


def describe(
    file: PdfFile, numbers: Iterator[int], info: int, particulars: Particulars
) -> dict[str, bytes]:
    """Add XMP, Info (with the number *info*) and output intent; return the catalog's entries."""
    about, intent, profile = next(numbers), next(numbers), next(numbers)
    said = _info(particulars)
    if particulars.authors:
        said["Author"] = "; ".join(particulars.authors)
    file.add(
        info, b"<<%b>>" % b"".join(b"/%b%b" % (k.encode(), text_string(v)) for k, v in said.items())
    )
    file.add_stream(about, *plain_stream(b"/Type/Metadata/Subtype/XML", _xmp(particulars).encode()))
    file.add_stream(profile, *packed_stream(b"/N 3", srgb_profile()))
    file.add(
        intent,
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        b"/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>" % profile,
    )
    return {
        "Lang": text_string(particulars.language),
        "Metadata": b"%d 0 R" % about,
        "OutputIntents": b"[%d 0 R]" % intent,
        "PageMode": b"/UseOutlines",
        "ViewerPreferences": b"<</DisplayDocTitle true%b>>"
        % (b"/Direction/R2L" if is_right_to_left(particulars.language) else b""),
    }


def _info(particulars: Particulars) -> dict[str, str]:
    stamp = pdf_date(particulars.modified)
    return {
        "Title": particulars.title,
        "Producer": particulars.producer,
        "CreationDate": stamp,
        "ModDate": stamp,
    }


PRINTER_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:format>application/pdf</dc:format>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmpMM:DocumentID>{identifier}</xmpMM:DocumentID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
"""ISO 15930-7, 6.15 and 6.17; the identifier is the edition's, never a random one."""
CONDITION = "CGATS TR 006"
"""The characterized printing condition that the file is meant for, as color.org lists it."""


def describe_for_printer(pdf: Any, particulars: Particulars) -> None:
    """Write XMP, Info and the output intent of PDF/X-4."""
    import pikepdf

    date = particulars.modified.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    xmp = PRINTER_XMP.format(
        title=escape(particulars.title),
        producer=escape(particulars.producer),
        identifier=escape(f"{particulars.identifier}:press"),
        date=date,
    )
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=pikepdf.Name.Metadata)
    pdf.Root.Metadata.Subtype = pikepdf.Name.XML
    pdf.trailer.Info = pdf.make_indirect(
        pikepdf.Dictionary({f"/{key}": text for key, text in _info(particulars).items()})
    )
    pdf.trailer.Info.Trapped = pikepdf.Name("/False")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    if is_right_to_left(particulars.language):
        # How its pages face each other (ISO 32000-1, table 150).
        pdf.Root.ViewerPreferences.Direction = pikepdf.Name.R2L
    pdf.Root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFX,
                OutputConditionIdentifier=CONDITION,
                RegistryName="http://www.color.org",
                Info="Black ink alone",
            )
        ]
    )


def pdf_date(time: datetime) -> str:
    """Return *time*, which is UTC, as ISO 32000-1, 7.9.4 writes it."""
    return time.strftime("D:%Y%m%d%H%M%S+00'00'")


def _xmp(particulars: Particulars) -> str:
    names = "".join(f"<rdf:li>{escape(name)}</rdf:li>" for name in particulars.authors)
    creator = f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>\n" if names else ""
    return XMP.format(
        title=escape(particulars.title),
        creator=creator,
        language=escape(particulars.language),
        identifier=escape(particulars.identifier),
        producer=escape(particulars.producer),
        date=particulars.modified.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
    )


# The colour of the page ------------------------------------------------------------------

CREATED = (2026, 1, 1, 0, 0, 0)
D50 = (0.9642, 1.0, 0.8249)
SRGB_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
"""Of IEC 61966-2-1, adapted to D50."""
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def srgb_profile() -> bytes:
    """Return a profile of the colours of sRGB (ICC.1:2010, version 4), always the same bytes."""
    curve = b"para\0\0\0\0\0\3\0\0" + b"".join(map(_fixed, SRGB_CURVE))
    tags = {
        b"desc": _text("sRGB"),
        b"cprt": _text("No copyright"),
        b"wtpt": _xyz(D50),
        **{name: _xyz(value) for name, value in SRGB_PRIMARIES.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s6H4s",
        start + len(body), b"\0\0\0\0", 0x04200000, b"mntr", b"RGB ", b"XYZ ", *CREATED, b"acsp",
    ).ljust(68, b"\0")  # fmt: skip
    return (header + b"".join(map(_fixed, D50))).ljust(128, b"\0") + table + body


def _fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _text(words: str) -> bytes:
    data = words.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(data), 28) + data
