"""Styles of list markers and of calls to notes, worked out for those that there are.

Comes in: WeasyPrint. Goes out: the same styles, when they are asked for. The one decision: the
engine's own stylesheet has rules for six pseudo-elements of every element, and stock it works
all of them out; ours are put below what other sheets say when a box is made of one.
"""

from typing import Any

UNIVERSAL = frozenset(
    ("marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback")
)
Cascaded = dict[str, tuple[Any, Any]]


def style_pseudo_elements_late() -> None:
    """Have WeasyPrint work them out when a box is made."""
    from weasyprint import css
    from weasyprint.html import UA_STYLESHEET

    ours = _take(UA_STYLESHEET)
    begin, look_up = css.StyleFor.__init__, css.StyleFor.__call__

    def start(
        self: Any,
        html: Any,
        sheets: Any,
        presentational_hints: Any,
        font_config: Any,
        target_collector: Any,
    ) -> None:
        self.octavo_html, self.octavo_targets = html, target_collector
        self.octavo_known = set()
        begin(self, html, sheets, presentational_hints, font_config, target_collector)

    def style_for(self: Any, element: Any, pseudo_type: str | None = None) -> Any:
        key = (element, pseudo_type)
        if pseudo_type in UNIVERSAL and key not in self.octavo_known:
            self.octavo_known.add(key)
            _style(self, element, pseudo_type, ours.get(pseudo_type, {}))
        return look_up(self, element, pseudo_type)

    css.StyleFor.__init__ = start
    css.StyleFor.__call__ = style_for


def _take(sheet: Any) -> dict[str, Cascaded]:
    """Take the rules for any element's pseudo-elements out of *sheet*; return what they say."""
    from math import inf

    from weasyprint.css import declaration_precedence

    taken: dict[str, Cascaded] = {}
    others = []
    for entry in sheet.matcher.other_selectors:
        _, specificity, _, pseudo_type, (declarations, layer) = entry
        if pseudo_type not in UNIVERSAL or layer is not None:
            others.append(entry)
            continue
        cascaded = taken.setdefault(pseudo_type, {})
        for name, values, importance in declarations:
            precedence = declaration_precedence("user agent", importance)
            cascaded[name] = values, (precedence, inf, specificity)
    sheet.matcher.other_selectors[:] = others
    return taken


def _style(style_for: Any, element: Any, pseudo_type: str, ours: Cascaded) -> None:
    """Work out the style of a pseudo-element from *ours* and from what other sheets say of it."""
    html, computed = style_for.octavo_html, style_for.get_computed_styles()
    key = (element, pseudo_type)
    if (element, None) not in computed:
        return
    said = computed[key].cascaded if key in computed else {}
    cascaded = style_for.get_cascaded_styles()
    cascaded[key] = {**ours, **said}
    style_for.set_computed_styles(
        element,
        pseudo_type=pseudo_type,
        root=html.etree_element,
        parent=element,
        base_url=html.base_url,
        target_collector=style_for.octavo_targets,
    )
    del cascaded[key]
