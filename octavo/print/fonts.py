"""One subset a font for the whole book, made when the book is bound.

Comes in: which glyphs the signatures use of which font file. Goes out: objects of the
file. The one decision: glyph ids stay those of the font file (Identity-H), so that
signatures set in different processes share one font without a byte of theirs changed.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from octavo.print.pdffile import PdfFile, packed_stream
from octavo.print.setpages import HYPHEN, LINE_SPACE_CODE, SOFT_HYPHEN_CODE, FontUse

SPACE = " "
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
DROPPED_TABLES = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT")

FONT_FACE = re.compile(r"@font-face\s*{([^}]*)}")
FONT_URL = re.compile(r"url\([\"']?(?:[^)\"']*/)?([^)/\"']+)[\"']?\)")

NOT_JOINED = dict.fromkeys(("calt", "clig", "dlig", "liga"), False)
# One glyph often serves two characters; the text layer gives it the plainer one.
PLAIN = {NO_BREAK_SPACE: SPACE, HYPHEN: "-", "\N{NON-BREAKING HYPHEN}": "-"}


class ForeignFont(Exception):
    """A signature is set in a font that is not a TrueType file of the templates."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A shaped short text: its glyphs, and its width in thousandths of the size."""

    glyphs: tuple[int, ...]
    widths: tuple[int, ...]
    text: str


class Face:
    """A font file, opened."""

    def __init__(self, data: bytes) -> None:
        import uharfbuzz

        if data[:4] not in {b"\x00\x01\x00\x00", b"true"}:
            message = "fonts for print are TrueType files (.ttf)"
            raise ForeignFont(message)
        self.face = uharfbuzz.Face(data)
        self.font = uharfbuzz.Font(self.face)
        names = uharfbuzz.OTNameIdPredefined
        self.name: str = self.face.get_name(names.POSTSCRIPT_NAME)
        self.family: str = self.face.get_name(names.TYPOGRAPHIC_FAMILY) or self.face.get_name(
            names.FONT_FAMILY
        )

    def glyph(self, character: str) -> int:
        """The glyph of *character*, 0 where the font has none."""
        glyph: int | None = self.font.get_nominal_glyph(ord(character))
        return glyph or 0

    def width(self, glyph: int) -> int:
        advance: int = self.font.get_glyph_h_advance(glyph)
        return round(advance * 1000 / int(self.face.upem))

    def advance(self, text: str, features: Iterable[str]) -> float:
        """The width of *text*, kerned, in sizes (em)."""
        import uharfbuzz

        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self.font, buffer, dict.fromkeys(features, True))
        places = buffer.glyph_positions or ()
        return float(sum(place.x_advance for place in places) / self.face.upem)

    def shape(self, text: str, features: Iterable[str]) -> Shaped:
        """Shape *text* letter by letter, glyph advances as the font gives them."""
        import uharfbuzz

        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self.font, buffer, {**dict.fromkeys(features, True), **NOT_JOINED})
        glyphs = tuple(info.codepoint for info in buffer.glyph_infos)
        return Shaped(glyphs, tuple(self.width(glyph) for glyph in glyphs), text)


class Faces:
    """Faces in the order in which text asks them for a character."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._faces = faces
        self._of = cache(self._face_of)

    def advance(self, text: str, features: Iterable[str]) -> float:
        """The width of *text*, kerned, in sizes (em)."""
        runs = groupby(text, self._of)
        return sum(face.advance("".join(run), features) for face, run in runs)

    def families(self, characters: Iterable[str]) -> tuple[str, ...]:
        """The names of the families that *characters* are set in, sorted."""
        return tuple(sorted({self._of(character).family for character in characters}))

    def _face_of(self, character: str) -> Face:
        """The first that has *character*, or else the first."""
        return next((face for face in self._faces if face.glyph(character)), self._faces[0])


class FontCase:
    """The font files at hand, by the sha256 of their bytes: those that *css* names, or else all."""

    def __init__(self, folders: Sequence[Path], css: str = "") -> None:
        named = {*FONT_URL.findall(css)}
        self._data: dict[str, bytes] = {}
        self._by_name: dict[str, str] = {}
        for folder in folders:
            for path in sorted((folder / "fonts").glob("*.ttf")):
                if css and path.name not in named:
                    continue
                data = path.read_bytes()
                digest = sha256(data).hexdigest()
                self._data.setdefault(digest, data)
                self._by_name.setdefault(path.name, digest)
        self.face = cache(self._face)

    def of_style(self, css: str, style: str) -> "Faces":
        """The faces that *css* names for text in ``italic``, ``bold`` or neither (``""``).

        Behind them those of roman text, for scripts that have no other.
        """
        named: dict[str, list[Face]] = {style: [], "": []}
        for rule in FONT_FACE.findall(css):
            is_italic = "italic" in rule.partition("font-style")[2].partition(";")[0]
            is_bold = "bold" in rule.partition("font-weight")[2].partition(";")[0]
            file = FONT_URL.search(rule)
            for wanted, faces in named.items():
                if file and is_italic == (wanted == "italic") and is_bold == (wanted == "bold"):
                    faces.append(self.face(self._by_name[file[1]]))
        if not named[style]:
            message = f"the stylesheet names no font for `{style or 'roman'}` text"
            raise ForeignFont(message)
        return Faces((*named[style], *named[""]))

    def _face(self, file: str) -> Face:
        if file not in self._data:
            message = "a font of no templates/fonts folder was used, or one that is not .ttf"
            raise ForeignFont(message)
        return Face(self._data[file])

    def digests(self) -> tuple[str, ...]:
        """The sha256 of each font at hand, sorted."""
        return tuple(sorted(self._data))

    def lacks(self, characters: Iterable[str]) -> set[str]:
        """Those of *characters* that none of the fonts has a glyph for."""
        faces = [self.face(file) for file in self._data]
        return {c for c in set(characters) if not any(face.glyph(c) for face in faces)}

    def files(self) -> dict[str, bytes]:
        """All fonts at hand by their PostScript names."""
        return {self.face(file).name: data for file, data in self._data.items()}


def merge_uses(uses: Iterable[FontUse]) -> dict[str, FontUse]:
    """Join what all signatures use of each file; where two differ the earlier holds."""
    widths: dict[str, dict[int, int]] = {}
    unicode: dict[str, dict[int, str]] = {}
    for use in reversed([*uses]):
        widths.setdefault(use.file, {}).update(use.widths)
        unicode.setdefault(use.file, {}).update(use.unicode)
    return {file: FontUse("", file, widths[file], unicode[file]) for file in sorted(widths)}


FONT, DESCENDANT, DESCRIPTOR, PROGRAM, GLYPHS, UNICODE, MUTED, BLANK = range(8)
"""What a font is made of, and its twin whose text layer is blank, by their numbers."""
NUMBERS_A_FONT = 8


def font_number(first: int, *, muted: bool) -> int:
    """The number of the font of which the numbers begin with *first*, or of its twin."""
    return first + (MUTED if muted else FONT)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A subset of a font as it stands in the file, by numbers of objects."""

    streams: tuple[tuple[int, tuple[bytes, bytes]], ...]
    objects: tuple[tuple[int, bytes], ...]

    def add_to(self, file: PdfFile) -> None:
        """Put it into the *file*."""
        for number, stream in self.streams:
            file.add_stream(number, *stream)
        for number, data in self.objects:
            file.add(number, data)


def embed(first: int, face: Face, use: FontUse, muted: FontUse | None) -> Embedded:
    """The subset of *face* that *use* asks for, with numbers from *first* on.

    Its twin, if *muted* tells of a use of it, shares all but the text layer.
    """
    soft_hyphen = face.glyph(HYPHEN) or face.glyph("-")
    space = face.glyph(SPACE)
    glyphs = {0, soft_hyphen, space, *use.unicode}
    name = f"{_subset_tag(glyphs)}+{face.name}".encode("ascii")
    widths = {**use.widths, SOFT_HYPHEN_CODE: face.width(soft_hyphen)}
    widths[LINE_SPACE_CODE] = face.width(space)
    unicode = {code: PLAIN.get(text, text) for code, text in use.unicode.items()}
    unicode |= {SOFT_HYPHEN_CODE: SOFT_HYPHEN, LINE_SPACE_CODE: SPACE}
    program = _subset(face, glyphs)
    lines = _glyph_map(glyphs, {SOFT_HYPHEN_CODE: soft_hyphen, LINE_SPACE_CODE: space})
    streams = [
        (first + PROGRAM, packed_stream(b"/Length1 %d" % len(program), program)),
        (first + GLYPHS, packed_stream(b"", lines)),
        (first + UNICODE, packed_stream(b"", _to_unicode(unicode))),
    ]
    objects = [
        (first + DESCRIPTOR, _descriptor(face, name, first + PROGRAM)),
        (
            first + DESCENDANT,
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo"
            b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            b"/CIDToGIDMap %d 0 R/FontDescriptor %d 0 R/W%b>>"
            % (name, first + GLYPHS, first + DESCRIPTOR, _widths(widths)),
        ),
        (first + FONT, _font(name, first + DESCENDANT, first + UNICODE)),
    ]
    if muted:
        blank = _to_unicode(dict.fromkeys(muted.unicode, SPACE))
        streams.append((first + BLANK, packed_stream(b"", blank)))
        objects.append((first + MUTED, _font(name, first + DESCENDANT, first + BLANK)))
    return Embedded(tuple(streams), tuple(objects))


def _font(name: bytes, descendant: int, unicode: int) -> bytes:
    return (
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]"
        b"/ToUnicode %d 0 R>>" % (name, descendant, unicode)
    )


def _subset(face: Face, glyphs: set[int]) -> bytes:
    import uharfbuzz

    subset_input = uharfbuzz.SubsetInput()
    subset_input.glyph_set.update(glyphs)
    tags = (int.from_bytes(name.encode("ascii"), "big") for name in DROPPED_TABLES)
    subset_input.drop_table_tag_set.update(tags)
    subset_input.flags = (
        uharfbuzz.SubsetFlags.RETAIN_GIDS
        | uharfbuzz.SubsetFlags.NO_HINTING
        | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    )
    return bytes(uharfbuzz.subset(face.face, subset_input).blob.data)


def _subset_tag(glyphs: set[int]) -> str:
    """Six capitals that differ where the subset differs (ISO 32000-1, 9.6.4)."""
    digest = sha256(",".join(map(str, sorted(glyphs))).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _descriptor(face: Face, name: bytes, program: int) -> bytes:
    scale = 1000 / face.face.upem
    extents = face.font.get_font_extents("ltr")
    angle = struct.unpack(">i", face.face.reference_table("post").data[4:8])[0] / 65536
    os2 = face.face.reference_table("OS/2").data
    version, weight = struct.unpack(">H2xH", os2[:6])
    cap_height = struct.unpack(">h", os2[88:90])[0] if version >= 2 else extents.ascender
    box = struct.unpack(">4h", face.face.reference_table("head").data[36:44])
    symbolic, italic = 1 << 2, 1 << 6
    return (
        b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle %d"
        b"/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
    ) % (
        name,
        symbolic | (italic if angle else 0),
        *(round(edge * scale) for edge in box),
        round(angle),
        round(extents.ascender * scale),
        round(extents.descender * scale),
        round(cap_height * scale),
        80 if weight < 600 else 140,
        program,
    )


def _glyph_map(glyphs: set[int], special: Mapping[int, int]) -> bytes:
    """Two bytes a code: every code is its glyph's id but those that line ends have."""
    table = bytearray(2 * (max(special) + 1))
    for code, glyph in {**{glyph: glyph for glyph in glyphs}, **special}.items():
        struct.pack_into(">H", table, 2 * code, glyph)
    return bytes(table)


def _widths(widths: Mapping[int, int]) -> bytes:
    """The advances of runs of codes, each run behind its first code (ISO 32000-1, 9.7.4.3)."""
    pieces: list[str] = []
    for code in sorted(widths):
        if code - 1 in widths:
            pieces.append(f" {widths[code]}")
        else:
            pieces.append(f"{']' if pieces else ''}{code}[{widths[code]}")
    return f"[{''.join(pieces)}]]".encode("ascii")


def _to_unicode(unicode: Mapping[int, str]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3), at most 100 mappings a block."""
    mappings = [
        f"<{code:04x}> <{unicode[code].encode('utf-16-be').hex()}>" for code in sorted(unicode)
    ]
    blocks = [mappings[i : i + 100] for i in range(0, len(mappings), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
