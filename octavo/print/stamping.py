"""Words that are known only where the book is bound: folios on their seats, words in slots.

Comes in: where they are to stand, and in what type. Goes out: operators for a page's content
(ISO 32000-1, 9.4). The one decision: they stand letter by letter, as wide as the font makes
each, so that whoever reads the file finds a glyph for every letter.
"""

from collections.abc import Iterable, Mapping, Sequence

from octavo.print.fonts import FontCase, Shaped
from octavo.print.setpages import LINE_SPACE_CODE, FontUse, Seat
from octavo.print.slots import Slot


class Stamping:
    """Draws words, and notes what they use of the fonts."""

    def __init__(self, case: FontCase) -> None:
        self._case = case
        self.uses: list[FontUse] = []

    def folio(
        self, seats: Sequence[Seat], folio: str, height: float, names: Mapping[str, str]
    ) -> bytes:
        """Draw *folio* on the *seats* of a page so high, which has *names* for the fonts."""
        drawn = "".join(self._on_seat(seat, folio, height, names[seat.font]) for seat in seats)
        return f"q\n{drawn}Q\n".encode("ascii")

    def in_slot(self, slot: Slot, words: str) -> bytes:
        """Draw *words* in a *slot*, where the pen stands."""
        shaped = self._shape(words, slot.font, slot.features)
        spacing = round(slot.spacing)
        width = sum(shaped.widths) + spacing * len(shaped.widths)
        ahead = round(width - slot.width) if slot.at_right else 0
        after = f"<{LINE_SPACE_CODE:04x}>" if slot.space_after else ""
        return f"[{ahead or ''}{_codes(shaped, spacing)}{after}] TJ".encode("ascii")

    def _on_seat(self, seat: Seat, folio: str, height: float, name: str) -> str:
        shaped = self._shape(folio, seat.font, seat.features)
        width = sum(shaped.widths) * seat.size / 1000
        x = seat.x - {"left": 0, "center": width / 2, "right": width}[seat.align]
        kind = "Header" if seat.header else "Footer"
        return (
            f"/Artifact <</Type /Pagination /Subtype /{kind}>> "
            f"BDC\nBT 0 g /{name} {seat.size:.3f} Tf "
            f"{x:.3f} {height - seat.baseline:.3f} Td {_codes(shaped)} Tj ET\nEMC\n"
        )

    def _shape(self, words: str, font: str, features: Iterable[str]) -> Shaped:
        shaped = self._case.face(font).shape(words, features)
        widths = dict(zip(shaped.glyphs, shaped.widths, strict=True))
        unicode = dict(zip(shaped.glyphs, shaped.text, strict=True))
        self.uses.append(FontUse("", font, widths, unicode))
        return shaped


def _codes(shaped: Shaped, spacing: int = 0) -> str:
    """The codes of the letters, with room behind each."""
    codes = [f"{glyph:04x}" for glyph in shaped.glyphs]
    if spacing:
        return "".join(f"<{code}>{-spacing}" for code in codes)
    return f"<{''.join(codes)}>"
