"""Slots: places in a line for words that are known only where the book is bound.

Comes in: the text box of an element with ``data-slot``, which holds words to be set by. Goes
out: a mark in the page's content, for which the true words are drawn when the block is sewn
(``print.stamping``). The one decision: all else stays where it was set, so that a contents or
a colophon need not be set again when what it tells of changes.
"""

import json
import re
from hashlib import sha256
from typing import Any, NamedTuple

from octavo.print.settext import SetText

SLOT = "data-slot"
SLOT_MARK = re.compile(rb"<SLOT ([0-9a-f]+)>")
"""In content: where the words of a slot are drawn."""


class Slot(NamedTuple):
    """A slot in a line; the pen stands where it begins, in its font and size."""

    name: str
    at_right: bool
    """Whether its words stand at the right end of it."""
    width: float
    """In thousandths of the size."""
    font: str
    """The sha256 of the font file."""
    features: tuple[str, ...]
    """OpenType features, e.g. ``onum``."""
    space_after: bool
    """Whether a line end behind it stands for a space."""
    spacing: float
    """How far its letters stand apart, in thousandths of the size."""


def slot_from(fields: Any) -> Slot:
    """The slot that was written as plain *fields*."""
    name, at_right, width, font, features, *others = fields
    return Slot(name, at_right, width, font, tuple(features), *others)


def slots_of(content: bytes) -> list[Slot]:
    """The slots that *content* has marks for, in order."""
    found = SLOT_MARK.findall(content)
    return [slot_from(json.loads(bytes.fromhex(one.decode()))) for one in found]


def slot_name(box: Any) -> str:
    """The name of the slot that a text *box* is to be; none for other text."""
    if box.element is None or "::" in (box.element_tag or ""):
        return ""
    name: str = box.element.get(SLOT, "")
    return name


class SlotText(SetText):
    """What the text box of a slot holds in place of the engine's own layout."""

    def __init__(self, name: str, layout: Any, style: Any) -> None:
        super().__init__("", style, (), hyphen=False, scale=1)
        self._name = name
        self._layout = layout

    @property
    def font(self) -> Any:
        """Pango's, of the words that it was set by."""
        return first_font(self._layout)

    def write(self, stream: Any, box: Any, matrix: Any) -> bool:
        """Write where the words of *box* are to be drawn."""
        font, size = stream.add_font(self.font)
        stream.set_text_matrix(*matrix.values)
        stream.set_font_size(font.hash, size)
        is_end = self._style["text_align_all"] in ("end", "right")
        spacing = self._style["letter_spacing"]
        slot = Slot(
            self._name,
            is_end == (self._style["direction"] == "ltr"),
            round(box.width * 1000 / size, 1),
            font_file_digest(font),
            features_of(self._style),
            getattr(box, "octavo_space_after", False),
            0 if spacing == "normal" else round(spacing * 1000 / size, 1),
        )
        stream.stream.append(b"<SLOT %b>" % json.dumps(slot).encode().hex().encode())
        return True


def first_font(layout: Any) -> Any:
    """Pango's font of the first run of a *layout*, the engine's own or one of ours."""
    if isinstance(layout, SetText):
        return layout.font
    line, _ = layout.get_first_line()
    return line.runs[0].data.item.analysis.font


def features_of(style: Any) -> tuple[str, ...]:
    """The OpenType features that *style* turns on, sorted; worked out once a style."""
    from weasyprint.text.fonts import font_features

    known = style.__dict__
    if "octavo_features" not in known:
        names = [name for name in style if name.startswith(("font_variant_", "font_feature"))]
        found = font_features(**{name: style[name] for name in names})
        known["octavo_features"] = tuple(sorted(name for name, value in found.items() if value))
    features: tuple[str, ...] = known["octavo_features"]
    return features


def font_file_digest(font: Any) -> str:
    """The sha256 of the file of a *font* of the engine's, worked out once."""
    if "octavo_digest" not in font.__dict__:
        font.octavo_digest = face_digest(font.hb_face)
    digest: str = font.octavo_digest
    return digest


def face_digest(face: Any) -> str:
    """The sha256 of the file of a *face* of HarfBuzz's."""
    from weasyprint.text.fonts import get_hb_object_data

    return sha256(get_hb_object_data(face)).hexdigest()
