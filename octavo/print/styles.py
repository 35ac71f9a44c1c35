"""What the engine works out of styles again and again, worked out once.

Comes in: WeasyPrint. Goes out: the same values, sooner. The one decision: nothing is worked
out in another way; what was found for a style is looked up for the next box, paragraph or
page of the same style.
"""

import sys
from collections.abc import Mapping
from typing import Any

ANCHOR = "anchor"
RESOLVED = (
    *(f"{what}_{side}" for what in ("margin", "padding") for side in ("top", "right", "bottom")),
    "margin_left",
    "padding_left",
    *(f"border_{side}_width" for side in ("top", "right", "bottom", "left")),
    *(f"{bound}{axis}" for bound in ("", "min_", "max_") for axis in ("width", "height")),
)
"""The used values that a box gets from its style and the size of its containing block."""
CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
CHANGED = ("width", "height", "min_width", "min_height", "max_width", "max_height")
"""Of a style: what the layout of rows and grids sets anew."""


def work_styles_out_once() -> None:
    """Have WeasyPrint look up what it knows of styles."""
    _look_styles_up_quickly()
    _share_styles_of_the_named()
    _style_pages_once_a_kind()
    _name_fonts_once_a_style()
    _resolve_once_a_style()
    _tell_flow_once_a_style()
    _pass_by_plain_backgrounds()


def _look_styles_up_quickly() -> None:
    """Answer at once for a property that no rule sets.

    Stock, each goes through the steps for logical names, ``var()`` and ``calc()``.
    """
    from weasyprint import css
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS

    ask = css.ComputedStyle.__missing__
    special = {"display", "float", "page", "position"}
    plain = {
        name
        for name in css.INITIAL_VALUES
        if name not in special and not name.startswith("text_decoration_")
    }
    inherited = frozenset(plain & css.INHERITED - set(PHYSICAL_FUNCTIONS))
    initial = {
        name: css.INITIAL_VALUES[name]
        for name in plain - css.INHERITED - css.INITIAL_NOT_COMPUTED
        if not css.check_math(css.INITIAL_VALUES[name])
    }
    logical = {
        name: {call(block="ttb", inline=side) for side in ("ltr", "rtl")}
        for name, call in PHYSICAL_FUNCTIONS.items()
    }

    def look_up(self: Any, name: str) -> Any:
        if name not in self.cascaded:
            if name in inherited and self.parent_style is not None:
                value = self[name] = self.parent_style[name]
                return value
            if name in initial and self.cascaded.keys().isdisjoint(logical.get(name, ())):
                value = self[name] = initial[name]
                return value
        return ask(self, name)

    css.ComputedStyle.__missing__ = look_up


def _share_styles_of_the_named() -> None:
    """Let elements that differ in their ids alone look their style up with the first of them.

    WeasyPrint shares a style among equal elements, but an id makes each paragraph its own.
    """
    from weasyprint import css

    set_one = css.StyleFor.set_computed_styles

    class Like(css.ComputedStyle):  # type: ignore[misc]
        """The style of an element with another id than that of the style *first*."""

        def __init__(self, first: Any, name: object) -> None:
            self.__dict__.update(first.__dict__)
            self.first = first
            self[ANCHOR] = name

        def __missing__(self, name: str) -> Any:
            value = self[name] = self.first[name]
            return value

        @property
        def anonymous_style(self) -> Any:
            return self.first.anonymous_style

    def set_styles(
        self: Any,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: Any = None,
    ) -> None:
        # The style of a page changes where the document is found to be a note or a table.
        if element == root or not hasattr(element, "tag"):
            set_one(self, element, parent, root, pseudo_type, base_url, target_collector)
            return
        computed = self.get_computed_styles()
        cascaded = self.get_cascaded_styles().get((element, pseudo_type), {})
        above = computed[parent, None]
        set_by = ((n, id(value), weight) for n, (value, weight) in cascaded.items() if n != ANCHOR)
        key = (id(getattr(above, "first", above)), pseudo_type, frozenset(set_by))
        firsts = self.__dict__.setdefault("octavo_firsts", {})
        if key not in firsts:
            set_one(self, element, parent, root, pseudo_type, base_url, target_collector)
            firsts[key] = computed[element, pseudo_type]
            return
        name = cascaded[ANCHOR][0] if ANCHOR in cascaded else None
        computed[element, pseudo_type] = Like(firsts[key], name)
        if target_collector and name:
            target_collector.collect_anchor(name)

    css.StyleFor.set_computed_styles = set_styles


def _style_pages_once_a_kind() -> None:
    """Find the styles of a page and its sixteen margin boxes once for all pages of its kind.

    A style sheet that counts pages (``:nth()``) has none.
    """
    from weasyprint.layout import page

    set_styles = page.set_page_type_computed_styles

    def set_once(page_type: Any, html: Any, style_for: Any) -> None:
        known = style_for.__dict__.setdefault("octavo_pages", {})
        kind = (page_type.side, page_type.blank, page_type.name, page_type.index == 0)
        computed = style_for.get_computed_styles()
        if kind in known:
            computed.update(((page_type, part), style) for part, style in known[kind].items())
            return
        set_styles(page_type, html, style_for)
        if not _counts_pages(style_for):
            parts = [part for of, part in style_for.get_cascaded_styles() if of == page_type]
            known[kind] = {part: computed[page_type, part] for part in (None, *parts)}

    page.set_page_type_computed_styles = set_once


def _name_fonts_once_a_style() -> None:
    """Put together once what the engine knows the fonts of a style by."""
    from weasyprint.text import line_break

    stock = line_break._font_style_cache_key

    def name_fonts(style: Any, include_size: bool = False) -> str:
        known: dict[bool, str] = getattr(style, "first", style).__dict__.setdefault(
            "octavo_fonts", {}
        )
        if include_size not in known:
            known[include_size] = stock(style, include_size)
        return known[include_size]

    line_break._font_style_cache_key = name_fonts


def _counts_pages(style_for: Any) -> bool:
    return any(
        selector[2].index is not None
        for sheet, _, _ in style_for._sheets
        for _, selectors, _ in sheet.page_rules
        for selector in selectors
    )


def _resolve_once_a_style() -> None:
    """Find the used margins, paddings and sizes once for all boxes of a style in equal room."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import percent

    stock = percent.resolve_percentages

    def resolve(box: Any, containing_block: Any) -> None:
        style = box.style
        if isinstance(box, boxes.PageBox) or style["border_collapse"] == "collapse":
            stock(box, containing_block)
            return
        if isinstance(containing_block, boxes.Box):
            room = (containing_block.width, containing_block.height)
        else:
            room = tuple(containing_block)
        key = (*room, *(style[name] for name in CHANGED))
        known: dict[tuple[object, ...], Mapping[str, object]] = style.__dict__.setdefault(
            "octavo_resolved", {}
        )
        values = known.get(key)
        if values is None:
            stock(box, containing_block)
            known[key] = {name: getattr(box, name) for name in RESOLVED}
        else:
            box.__dict__.update(values)

    for name, module in list(sys.modules.items()):
        if name.startswith("weasyprint.") and module.__dict__.get("resolve_percentages") is stock:
            module.__dict__["resolve_percentages"] = resolve


def _tell_flow_once_a_style() -> None:
    """Find once whether boxes of a style are in normal flow: it is asked again and again."""
    from weasyprint.formatting_structure.boxes import Box

    stock = Box.is_in_normal_flow

    def is_in_flow(self: Any) -> bool:
        known = self.style.__dict__
        if "octavo_in_flow" not in known:
            known["octavo_in_flow"] = stock(self)
        return bool(known["octavo_in_flow"])

    Box.is_in_normal_flow = is_in_flow


ROUND = [f"border_{corner}_radius" for corner in CORNERS]
PLAIN: Mapping[str, object] = {"background": None, **dict.fromkeys(ROUND, (0, 0))}
"""What a box gets that has no background, no shadow and no round corners."""


def _pass_by_plain_backgrounds() -> None:
    """Find once whether boxes of a style have a background at all; most have none."""
    from weasyprint.draw.color import get_color
    from weasyprint.formatting_structure.boxes import Box
    from weasyprint.layout import background

    stock = background.layout_box_backgrounds

    def is_plain(style: Any) -> bool:
        known: bool | None = style.__dict__.get("octavo_plain")
        if known is None:
            pictures = ("border_image_source", "mask_border_source")
            known = style.__dict__["octavo_plain"] = (
                all(style[name][0] == "none" for name in pictures)
                and all(kind == "none" for kind, _ in style["background_image"])
                and style["visibility"] == "visible"
                and get_color(style, "background_color").alpha == 0
                and not style["box_shadow"]
                and all((0, "px") in style[name] for name in ROUND)
            )
        return known

    def lay_out(
        page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        # What is out of the flow stands in the tree by a box that hands all on to it.
        is_usual = style is None and box is not page and isinstance(box, Box)
        if not is_usual or not is_plain(box.style):
            stock(page, box, get_image, layout_children, style)
            return
        box.__dict__.update(PLAIN)
        for child in box.all_children() if layout_children else ():
            lay_out(page, child, get_image)

    background.layout_box_backgrounds = lay_out
