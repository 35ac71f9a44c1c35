"""A font as the PDF embeds it: codes to text, codes to glyphs, and which of them are drawn.

Comes in: a font object. Goes out: what the proofs ask of it. Only Type 0 fonts are read
whole, for the book has no others; any other kind reads as no text and is found out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from octavo.direction import turned
from octavo.proof.digests import DEEPEST, NO_NUMBER, Digests, Endless

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
BLOCKS = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f]+)>")


class Texts(dict[int, str]):
    """What codes stand for; a code that ToUnicode leaves out stands for an unknown sign."""

    def __missing__(self, code: int) -> str:
        return UNKNOWN


@dataclass(slots=True)
class PdfFont:
    """One font of the file."""

    name: str
    """As embedded, its subset tag included."""
    kind: str
    """``Type0``, ``TrueType`` and so on."""
    text: Texts
    """By code: what ToUnicode says it is."""
    widths: dict[int, float]
    """By code, in thousandths of the size."""
    default_width: float
    glyphs: bytes
    """The CIDToGIDMap, two bytes a code; empty where codes are glyph ids."""
    program: bytes
    """The TrueType file embedded; empty where there is none."""
    digest: str = ""
    """Of all that the font object is made of."""
    drawn: set[str] = field(default_factory=set)
    """The codes that are drawn somewhere, each as a character."""
    is_mute: bool = field(init=False)
    """Whether all of it reads as spaces: seen, and neither read out nor copied."""

    def __post_init__(self) -> None:
        self.is_mute = set(self.text.values()) == {" "}

    def read(self, codes: str) -> str:
        """Return the text of *codes*."""
        return codes.translate(self.text)

    def read_reversed(self, codes: str) -> str:
        """Return the text of *codes* that are read from right to left."""
        return "".join(turned(self.text[ord(code)]) for code in reversed(codes))

    def codes(self, shown: bytes) -> str:
        """Return the codes of a string that is shown, each as a character."""
        return shown.decode("utf-16-be" if self.kind == "Type0" else "latin-1", "surrogatepass")

    def width(self, codes: str) -> float:
        return sum(self.widths.get(ord(code), self.default_width) for code in codes)

    def glyph(self, code: int) -> int:
        if not self.glyphs:
            return code
        return int.from_bytes(self.glyphs[2 * code : 2 * code + 2], "big")


class Fonts:
    """The fonts of one file, each read once, known by all that they are made of."""

    def __init__(self, digests: Digests) -> None:
        self.known: dict[str, PdfFont] = {}
        """By their digests."""
        self._digests = digests
        self._named: dict[tuple[int, int], dict[str, PdfFont]] = {}

    def of(self, resources: Any) -> dict[str, PdfFont]:
        """The fonts of *resources* by their names in it."""
        number = getattr(resources, "objgen", NO_NUMBER)
        if number == NO_NUMBER:
            return self._read(resources)
        if number not in self._named:
            self._named[number] = self._read(resources)
        return self._named[number]

    def read_all(self, resources: Any, depth: int = DEEPEST) -> None:
        """Read the fonts of *resources* and of the forms in it."""
        if not depth or getattr(resources, "objgen", NO_NUMBER) in self._named:
            return
        self.of(resources)
        for form in resources.get("/XObject", {}).values():
            self.read_all(form.get("/Resources", {}), depth - 1)

    def _read(self, resources: Any) -> dict[str, PdfFont]:
        fonts = resources.get("/Font", {})
        return {name.removeprefix("/"): self.read(font) for name, font in fonts.items()}

    def read(self, obj: Any) -> PdfFont:
        """Read a font object."""
        try:
            digest = self._digests.of(obj).decode()
        except Endless:
            # No reading of a page with such a font is kept.
            digest = f"object {obj.objgen}"
        if digest not in self.known:
            self.known[digest] = _read(obj, digest)
        return self.known[digest]


def _read(obj: Any, digest: str) -> PdfFont:
    import pikepdf

    descendant = obj["/DescendantFonts"][0] if "/DescendantFonts" in obj else obj
    descriptor = descendant.get("/FontDescriptor", {})
    glyphs = descendant.get("/CIDToGIDMap", "/Identity")
    return PdfFont(
        name=str(descendant["/BaseFont"]).removeprefix("/"),
        kind=str(obj["/Subtype"]).removeprefix("/"),
        text=Texts(_to_unicode(obj["/ToUnicode"].read_bytes()) if "/ToUnicode" in obj else ()),
        widths=dict(_widths(descendant["/W"])) if "/W" in descendant else {},
        default_width=float(descendant.get("/DW", 1000)),
        # Not by its text: to tell all of a stream takes a tenth of a second.
        glyphs=glyphs.read_bytes() if isinstance(glyphs, pikepdf.Stream) else b"",
        program=descriptor["/FontFile2"].read_bytes() if "/FontFile2" in descriptor else b"",
        digest=digest,
    )


def _to_unicode(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Read the mappings of a ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    for kind, body in BLOCKS.findall(cmap):
        numbers = HEXADECIMAL.findall(body)
        if kind == b"char":
            for code, text in zip(numbers[::2], numbers[1::2], strict=True):
                yield int(code, 16), _utf16(text)
            continue
        for first, last, text in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            start = _utf16(text)
            for step in range(int(last, 16) - int(first, 16) + 1):
                yield int(first, 16) + step, start[:-1] + chr(ord(start[-1]) + step)


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")


def _widths(array: Any) -> Iterator[tuple[int, float]]:
    """Read a W array: ``first [width ...]`` or ``first last width`` (ISO 32000-1, 9.7.4.3)."""
    import pikepdf

    items = list(array)
    at = 0
    while at < len(items):
        first = int(items[at])
        if isinstance(items[at + 1], pikepdf.Array):
            yield from enumerate((float(width) for width in items[at + 1]), start=first)
            at += 2
        else:
            for code in range(first, int(items[at + 1]) + 1):
                yield code, float(items[at + 2])
            at += 3
