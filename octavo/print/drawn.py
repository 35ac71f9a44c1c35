"""What is drawn on each page of a finished PDF, as digests: to tell pages apart, and know them.

Comes in: a PDF. Goes out: a page's folio, its size, a digest of all that is drawn on it, and
one of its words alone, by which a page is known that has moved. The one decision: two files
draw a page alike if its operators and what these name are alike; a font is no more than the
outlines of those of its glyphs that the page shows, for the subset grows with the book.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from struct import unpack
from typing import Any

DIGEST_SIZE = 16
FONT = re.compile(rb"/([^\s/<>\[\]()]+)(?=\s+[-+.\d]+\s+Tf\b)")
TOKEN = re.compile(
    rb"""
    /(?P<font>[^\s/<>\[\]()]+) \s+ [-+.\d]+ \s+ Tf \b
    | \[(?P<array>[^\[\]]*)\] \s* TJ
    | (?P<string><[0-9A-Fa-f\s]*>) \s* (?:Tj|'|")
    | /(?P<artifact>Artifact) (?=[\s<])
    | (?<![\w/*.\#]) (?:(?P<begin>BDC|BMC)|(?P<end>EMC)) \b
    """,
    re.VERBOSE,
)
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\s]*)>")
OTHER_STRINGS = re.compile(rb"\(")
"""Strings that are not hexadecimal; none of ours, but a picture in the book may hold some."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as it is seen."""

    digest: str
    """Of all that is drawn."""
    words: str
    """Of the text without running head and folio, wherever it stands; empty for none."""
    folio: str
    width: float
    """In points, like the height."""
    height: float


def read_pages(pdf: bytes) -> tuple[DrawnPage, ...]:
    """Read every page of *pdf*, in order."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        reader = _Reader()
        return tuple(reader.read(page, at) for at, page in enumerate(document.pages))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page's operators show."""

    codes: dict[str, set[int]]
    """By the name that the page has for the font."""
    words: str


class _Reader:
    """Reads the pages of one document; its objects are looked at once each."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}
        self._fonts: dict[tuple[int, int], tuple[bytes, _Face] | None] = {}

    def read(self, page: Any, at: int) -> DrawnPage:
        data = _content(page.obj)
        resources = page.obj.get("/Resources", {})
        fonts = resources.get("/Font", {})
        shown = _read_shown(data)
        # A name that a font has in this file only says nothing of how the page looks.
        named = {name.encode("latin-1"): self._base_name(fonts[f"/{name}"]) for name in shown.codes}
        ink = blake2b(FONT.sub(lambda font: b"/" + named[font[1]], data), digest_size=DIGEST_SIZE)
        whole = bool(OTHER_STRINGS.search(data))
        for name, codes in sorted(
            shown.codes.items(), key=lambda item: named[item[0].encode("latin-1")]
        ):
            font = fonts[f"/{name}"]
            ink.update(self._deep(font) if whole else self._glyphs(font, codes))
        for kind in sorted(key for key in resources if key not in ("/Font", "/ProcSet")):
            ink.update(kind.encode() + self._deep(resources[kind]))
        box = [float(edge) for edge in page.mediabox]
        ink.update(repr(box).encode())
        width, height = box[2] - box[0], box[3] - box[1]
        return DrawnPage(ink.hexdigest(), shown.words, page.label or str(at + 1), width, height)

    def _base_name(self, font: Any) -> bytes:
        return str(font.get("/BaseFont", "")).partition("+")[2].encode()

    def _glyphs(self, font: Any, codes: set[int]) -> bytes:
        """The digest of the outlines that *font* has for *codes*."""
        place = font.objgen
        if place not in self._fonts:
            self._fonts[place] = _embedded(font)
        embedded = self._fonts[place]
        if embedded is None:
            return self._deep(font)
        table, face = embedded
        glyphs = (int.from_bytes(table[2 * code : 2 * code + 2]) for code in sorted(codes))
        return blake2b(b"".join(map(face.outline, glyphs)), digest_size=DIGEST_SIZE).digest()

    def _deep(self, found: Any) -> bytes:
        """The digest of an object and of all that it leads to."""
        import pikepdf

        if not isinstance(found, pikepdf.Object):
            return repr(found).encode()
        place = found.objgen if found.is_indirect else None
        if place in self._known:
            return self._known[place]
        if place:
            self._known[place] = b"itself"  # Where it leads back to where it came from.
        digest = blake2b(b"".join(self._parts(found)), digest_size=DIGEST_SIZE).digest()
        if place:
            self._known[place] = digest
        return digest

    def _parts(self, found: Any) -> Iterator[bytes]:
        import pikepdf

        if isinstance(found, pikepdf.Array):
            for item in list(found):
                yield self._deep(item)
            return
        if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found.unparse()
            return
        for key in sorted(found.keys()):
            # Neither is drawn, and both lead to all the rest of the book.
            if key not in ("/Parent", "/StructParent", "/StructParents", "/Length"):
                yield key.encode() + self._deep(found[key])
        if isinstance(found, pikepdf.Stream):
            yield found.read_raw_bytes()


def _embedded(font: Any) -> "tuple[bytes, _Face] | None":
    """The glyphs that codes stand for, and the file that has them; ``None``: not one of ours."""
    try:
        (descendant,) = font.DescendantFonts
        table = bytes(descendant.CIDToGIDMap.read_bytes())
        return table, _face(bytes(descendant.FontDescriptor.FontFile2.read_bytes()))
    except (AttributeError, ValueError):
        return None


def _content(page: Any) -> bytes:
    import pikepdf

    contents = page.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        return b"\n".join(part.read_bytes() for part in contents)
    return bytes(contents.read_bytes()) if contents is not None else b""


def _read_shown(data: bytes) -> _Shown:
    """Which codes of which fonts the operators *data* show, and the words among them."""
    codes: dict[str, set[int]] = {name.decode("latin-1"): set() for name in FONT.findall(data)}
    words = blake2b(digest_size=DIGEST_SIZE)
    font = ""
    has_words = is_artifact = False
    marks: list[bool] = []
    for token in TOKEN.finditer(data):
        match token.lastgroup:
            case "font":
                font = token["font"].decode("latin-1")
            case "array" | "string" as kind:
                digits = b"".join(HEXADECIMAL.findall(token[kind]))
                string = bytes.fromhex(digits.decode("ascii"))
                codes.setdefault(font, set()).update(unpack(f">{len(string) // 2}H", string))
                if string and not any(marks):
                    has_words = True
                    words.update(string)
            case "artifact":
                is_artifact = True
            case "begin":
                marks.append(is_artifact)
                is_artifact = False
            case "end" if marks:
                marks.pop()
    codes.pop("", None)
    return _Shown(codes, words.hexdigest() if has_words else "")


class _Face:
    """The outlines of an embedded font."""

    def __init__(self, data: bytes) -> None:
        import uharfbuzz

        self._font = uharfbuzz.Font(uharfbuzz.Face(data))
        self._known: dict[int, bytes] = {}

    def outline(self, glyph: int) -> bytes:
        """The digest of how *glyph* looks and how wide it is."""
        if glyph not in self._known:
            steps: list[Any] = [self._font.get_glyph_h_advance(glyph)]
            self._font.draw_glyph_with_pen(glyph, _Pen(steps))
            self._known[glyph] = blake2b(repr(steps).encode(), digest_size=DIGEST_SIZE).digest()
        return self._known[glyph]


class _Pen:
    """Writes down what it is told to draw."""

    def __init__(self, steps: list[Any]) -> None:
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        return lambda *points: self._steps.append((name, points))


@lru_cache(maxsize=32)
def _face(data: bytes) -> _Face:
    return _Face(data)
