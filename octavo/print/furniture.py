"""The furniture of the pages, their heads and folios, set once for all pages that have the same.

Comes in: pages as WeasyPrint has laid them out. Goes out: their margin boxes. The one decision:
pages of a kind whose heads say the same share the boxes of the first of them; a folio takes
part, for only its seat is kept.
"""

from typing import Any

FOLIO = ("counter()", ("page", "decimal"))


def set_furniture_once() -> None:
    """Have WeasyPrint set the margin boxes of a page like those of an earlier one."""
    from weasyprint import layout

    set_boxes = layout.make_margin_boxes

    def make_boxes(context: Any, page: Any, state: Any) -> Any:
        says = _said(context, page)
        if says is None:
            return set_boxes(context, page, state)
        known = context.__dict__.setdefault("octavo_furniture", {})
        if says not in known:
            known[says] = tuple(set_boxes(context, page, state))
        return known[says]

    layout.make_margin_boxes = make_boxes


def is_folio(style: Any) -> bool:
    """Whether a margin box of *style* begins with the page's number, and so shows a folio."""
    content = style["content"]
    return isinstance(content, tuple) and content[:1] == (FOLIO,)


def _said(context: Any, page: Any) -> tuple[object, ...] | None:
    """All that the margin boxes of *page* depend on; none where that cannot be told."""
    styles = context.style_for.get_computed_styles()
    kind = page.page_type
    says: list[object] = [id(page.style), page.width, page.height, page.margin_left]
    for keyword in KEYWORDS:
        style = styles.get((kind, keyword))
        content = style["content"] if style is not None else "normal"
        if not isinstance(content, tuple) or is_folio(style):
            continue
        for token, value in content:
            if token == "string()":  # noqa: S105 - a function of CSS
                says.append(context.get_string_set_for(page, *value))
            elif token != "string":  # noqa: S105
                return None
    return tuple(says)


_SIDES = {"top": "left center right", "bottom": "left center right"}
_SIDES |= {"left": "top middle bottom", "right": "top middle bottom"}
KEYWORDS = (
    *(f"@{side}-{place}" for side, places in _SIDES.items() for place in places.split()),
    *(f"@{edge}-{side}-corner" for edge in ("top", "bottom") for side in ("left", "right")),
)
"""The margin boxes that a page can have (CSS Paged Media 3, 4.2)."""
