"""Only our faces, whole, and each glyph the one for its character.

Comes in: the fonts of the finished files, and the templates' own. Goes out:
discrepancies. The one decision: the text layer is what every other proof reads, so here
it is tied to the ink: each drawn glyph must have the outline of our file's glyph, and
that glyph's name must stand for what the text layer says.
"""

import re
import struct
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import product
from operator import contains

from octavo.direction import TURNED, turned
from octavo.proof.declared import Declared, Sheet
from octavo.proof.epub import Publication, resolve
from octavo.proof.epubread import DocumentRead
from octavo.proof.outcome import Discrepancy
from octavo.proof.pdffont import UNKNOWN, PdfFont
from octavo.proof.streams import Run
from octavo.proof.tagtree import TagTree
from octavo.proof.words import SOFT_HYPHEN, UNSEEN, fold

PROOF = "fonts"
SUBSET_TAG = re.compile(r"^[A-Z]{6}\+")
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
JOINER = "\N{ZERO WIDTH JOINER}"
LAM = "\N{ARABIC LETTER LAM}"
JOINING_BEFORE, JOINING_AFTER = ("", JOINER, LAM, JOINER + LAM), ("", JOINER)
"""Lam and the letter behind it are joined in a way of their own."""
LANGUAGES = ("ar", "fa", "sd", "ur")
"""Some letters and figures have forms of their own in each."""
ARABIC, THAANA = 0x0600, 0x0780
NEEDS_NO_GLYPH = re.compile(rf"[\s{SOFT_HYPHEN}{UNSEEN}]")


class Face:
    """A TrueType file of the templates."""

    def __init__(self, data: bytes) -> None:
        import uharfbuzz

        self.data = data
        self.digest = sha256(data).hexdigest()
        self._face = uharfbuzz.Face(data)
        self._font = uharfbuzz.Font(self._face)
        self.name = str(self._face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME))
        self._meanings: dict[int, tuple[str, ...]] = {}

    @cached_property
    def glyphs(self) -> "Glyphs":
        return Glyphs(self.data)

    @cached_property
    def characters(self) -> frozenset[int]:
        return frozenset(self._face.unicodes)

    @cached_property
    def _characters_of(self) -> dict[int, set[str]]:
        """The characters that each glyph is the plain form of."""
        found: dict[int, set[str]] = {}
        for code in self.characters:
            glyph = self._font.get_nominal_glyph(code)
            if glyph is not None:
                found.setdefault(glyph, set()).add(fold(chr(code)))
        return found

    @cached_property
    def joins(self) -> bool:
        """Whether it has letters that join (Arabic, Syriac and their kin)."""
        return any(ARABIC <= code < THAANA for code in self.characters)

    @cached_property
    def _joined(self) -> dict[int, set[str]]:
        """The letters that each glyph is a joined form of, in scripts that join theirs.

        Asked of HarfBuzz, letter by letter, for such glyphs often have no name that tells.
        """
        import uharfbuzz

        found: dict[int, set[str]] = {}
        letters = [chr(code) for code in self.characters if TURNED.match(chr(code))]
        for letter, before, after, language in product(
            letters, JOINING_BEFORE, JOINING_AFTER, LANGUAGES
        ):
            buffer = uharfbuzz.Buffer()
            buffer.add_str(before + letter + after)
            buffer.guess_segment_properties()
            buffer.language = language
            uharfbuzz.shape(self._font, buffer)
            own = [one.codepoint for one in buffer.glyph_infos if one.cluster == len(before)]
            if len(own) == 1:
                found.setdefault(own[0], set()).add(fold(letter))
        return found

    def may_mean(self, glyph: int, text: str) -> bool:
        """Whether *glyph* is a form of *text*: plain, or by its name a variant or a ligature.

        The Adobe Glyph List tells variants by a suffix (``a.sc``) and joins the parts of a
        ligature with low lines (``f_i``).
        """
        if text in self._characters_of.get(glyph, ()):
            return True
        stem, _, variant = self._font.glyph_to_string(glyph).partition(".")
        meant = [self._characters_of.get(self._named(part), set()) for part in stem.split("_")]
        if variant:
            # The small capital of "a" is called A.sc; that of "ß" is not one of "ss".
            text, meant = text.lower(), [set(map(str.lower, part)) for part in meant]
        if len(text) == len(meant) and all(map(contains, meant, text)):
            return True
        return bool(TURNED.match(text)) and text in self._joined.get(glyph, ())

    def meanings(self, glyph: int) -> tuple[str, ...]:
        """All that *glyph* may stand for, in small letters and sorted, spaces left out.

        An unknown sign where none can tell.
        """
        if glyph not in self._meanings:
            stem = self._font.glyph_to_string(glyph).partition(".")[0]
            glyphs = [glyph] if glyph in self._characters_of else map(self._named, stem.split("_"))
            meant = [self._characters_of.get(part, {UNKNOWN}) for part in glyphs]
            if {UNKNOWN} in meant and self.joins:
                meant = [self._joined.get(glyph, {UNKNOWN})]
            found = {"".join(parts).casefold() for parts in product(*meant)}
            # A hyphen's glyph serves the soft hyphen too, which is read as nothing.
            self._meanings[glyph] = tuple(sorted(one for one in found if one.strip()))
        return self._meanings[glyph]

    def _named(self, name: str) -> int:
        glyph = self._font.glyph_from_string(name)
        return -1 if glyph is None else int(glyph)


class Glyphs:
    """The outlines of a TrueType file, by glyph id."""

    def __init__(self, data: bytes) -> None:
        tables = dict(_tables(data))
        self._outlines = tables["glyf"]
        count = struct.unpack(">H", tables["maxp"][4:6])[0]
        long = struct.unpack(">h", tables["head"][50:52])[0]
        offsets = struct.unpack_from(f">{count + 1}{'I' if long else 'H'}", tables["loca"])
        self._offsets = offsets if long else tuple(2 * offset for offset in offsets)
        self.count = count

    def outline(self, glyph: int) -> bytes:
        """Contours and bounding box of a glyph, which no hinting changes; empty for a space."""
        start, end = self._offsets[glyph : glyph + 2]
        return self._outlines[start : min(end, start + 10)]


def _tables(data: bytes) -> Iterator[tuple[str, bytes]]:
    for number in range(struct.unpack(">H", data[4:6])[0]):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        yield tag.decode("ascii"), data[offset : offset + length]


# The PDF ------------------------------------------------------------------------


def check_pdf_fonts(fonts: Sequence[PdfFont], faces: Mapping[str, Face]) -> Iterator[Discrepancy]:
    """Every font is embedded and ours, and every glyph drawn is the one that is read."""
    for font in fonts:
        name = SUBSET_TAG.sub("", font.name)
        if name not in faces:
            yield Discrepancy(PROOF, "the PDF", " ".join(sorted(faces)), name)
        elif not font.program or font.kind != "Type0":
            yield Discrepancy(PROOF, name, "an embedded TrueType font", font.kind)
        else:
            yield from _check_glyphs(font, name, faces[name])


def _check_glyphs(font: PdfFont, name: str, face: Face) -> Iterator[Discrepancy]:
    embedded = Glyphs(font.program)
    for code in sorted(map(ord, font.drawn)):
        glyph, text = font.glyph(code), font.text.get(code, "")
        if glyph == 0 or glyph >= embedded.count:
            yield Discrepancy(PROOF, name, f"a glyph for `{text or hex(code)}`", ".notdef")
        elif not text:
            yield Discrepancy(PROOF, name, f"text for glyph {glyph}", "")
        elif embedded.outline(glyph) != face.glyphs.outline(glyph):
            yield Discrepancy(PROOF, name, f"our glyph {glyph} for `{text}`", "another outline")
        elif not font.is_mute and not face.may_mean(glyph, _plain(text)):
            yield Discrepancy(PROOF, name, f"a glyph for `{text}`", f"glyph {glyph}")


def check_running_heads(
    tree: TagTree, sheets: Sequence[Sheet], faces: Mapping[str, Face]
) -> Iterator[Discrepancy]:
    """What is drawn without a text layer is the running head: its glyphs spell it."""
    for sheet, artifacts in zip(sheets, tree.artifacts, strict=True):
        declared = "".join(fold(sheet.head).split()).casefold()
        drawn = ""
        for meanings in _spelled(artifacts, faces):
            # One glyph serves an apostrophe and a quotation mark: take it as it is meant.
            fitting = (one for one in meanings if declared.startswith(one, len(drawn)))
            drawn += next(fitting, meanings[0])
        if drawn != declared:
            yield Discrepancy("running heads", f"page {sheet.label}", declared, drawn)


def check_seen_is_read(tree: TagTree) -> Iterator[Discrepancy]:
    """Nothing but furniture is drawn without a text layer."""
    outside = [run for runs in (*tree.stray, *tree.forgotten) for run in runs]
    tagged = [run for block in tree.blocks for run in block.runs]
    unread = sum(run.font.is_mute for run in (*tagged, *outside))
    if unread:
        yield Discrepancy(PROOF, "the text", "", f"{unread} runs without a text layer")


def _spelled(runs: Sequence[Run], faces: Mapping[str, Face]) -> Iterator[tuple[str, ...]]:
    """What each glyph without a text layer may stand for, spaces left out."""
    for run in runs:
        face = faces.get(SUBSET_TAG.sub("", run.font.name)) if run.font.is_mute else None
        if face is not None:
            for code in reversed(run.codes) if run.is_reversed else run.codes:
                meanings = face.meanings(run.font.glyph(ord(code)))
                if meanings:
                    yield tuple(map(turned, meanings)) if run.is_reversed else meanings


def _plain(text: str) -> str:
    return "-" if text == SOFT_HYPHEN else fold(text)


# The EPUB -----------------------------------------------------------------------


def check_epub_fonts(
    epub: Publication,
    spine: Sequence[DocumentRead],
    declared: Declared,
    faces: Mapping[str, Face],
) -> Iterator[Discrepancy]:
    """Every face that the style names is there and ours, and they have every character."""
    for path, media_type in epub.media_types.items():
        if media_type == "text/css" and path in epub.files:
            yield from _check_sheet(epub, path)
        if "font" in media_type and path in epub.files:
            digest = sha256(epub.files[path]).hexdigest()
            if digest not in declared.webfonts:
                yield Discrepancy(PROOF, path, "a font of the templates", f"sha256 {digest}")
    if faces:
        yield from _check_characters(spine, faces)


def _check_sheet(epub: Publication, path: str) -> Iterator[Discrepancy]:
    for rule in FONT_FACE.findall(epub.files[path].decode("utf-8")):
        for address in CSS_ADDRESS.findall(rule):
            if resolve(address, path) not in epub.media_types:
                yield Discrepancy(PROOF, path, address, "")


def _check_characters(
    spine: Sequence[DocumentRead], faces: Mapping[str, Face]
) -> Iterator[Discrepancy]:
    known = frozenset[int]().union(*(face.characters for face in faces.values()))
    drawn: set[str] = set()
    for document in spine:
        # A character that has a glyph in one document has it in all.
        missing = [c for c in document.characters if c not in drawn and not _has_glyph(c, known)]
        drawn.update(document.characters)
        drawn.difference_update(missing)
        if missing:
            yield Discrepancy(PROOF, document.path, "characters of our fonts", " ".join(missing))


def _has_glyph(character: str, known: Container[int]) -> bool:
    """Whether one of the *known* code points is that of *character*, or it needs none."""
    return ord(character) in known or bool(NEEDS_NO_GLYPH.match(character))


def read_faces(fonts: Mapping[str, bytes]) -> dict[str, Face]:
    """Open the templates' TrueType files, by PostScript name."""
    faces = (Face(data) for data in fonts.values())
    return {face.name: face for face in faces}


def count_faces(fonts: Sequence[PdfFont]) -> int:
    """The faces embedded in the PDF, each once, however many fonts draw with it."""
    return len({SUBSET_TAG.sub("", font.name) for font in fonts})


def count_webfonts(epub: Publication) -> int:
    return sum("font" in media_type for media_type in epub.media_types.values())
