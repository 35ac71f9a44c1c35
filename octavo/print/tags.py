"""The tag tree of a signature: what a screen reader hears, one element for each of ours.

Comes in: the pages as WeasyPrint has laid and drawn them. Goes out: the structure tree
(ISO 32000-1, 14.7 and 14.8). The one decision: the tree follows the elements of the HTML,
not the boxes of the layout, so that a paragraph is one element however many lines and
pages it takes; what has no meaning of its own (a span, a column) is no element at all.

``data-tag`` on an element names its structure type; without it the type is that of
``TYPES``, or none. ``data-path`` hangs an element's content below elements that the HTML
does not have: ``L-c LI-china LBody-china`` are three, each made at its first mention; one without
a name (``Reference``) is made anew each time.
``data-title`` is an element's title, ``lang`` the language of its words.
"""

from dataclasses import dataclass
from typing import Any

TYPES = {
    "a": "Link",
    "blockquote": "BlockQuote",
    "caption": "Caption",
    "div": "Div",
    "figcaption": "Caption",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "h5": "H5",
    "h6": "H6",
    "img": "Figure",
    "li": "LI",
    "ol": "L",
    "p": "P",
    "section": "Sect",
    "ul": "L",
}
NOTHING = "none"
"""The ``data-tag`` of an element that only lays out."""


def tag_by_elements() -> None:
    """Have WeasyPrint build our tree in place of its own."""
    import weasyprint.pdf

    weasyprint.pdf.add_tags = _add_tags


def _add_tags(pdf: Any, document: Any, _version: Any, streams: Any) -> None:
    tree = _Tree(pdf)
    for number, (page, stream) in enumerate(zip(document.pages, streams, strict=True)):
        tree.add_page(number, page._page_box, stream._tags)
    pdf.octavo_tags = tree.finish()


@dataclass(frozen=True, slots=True)
class Tags:
    """Where the tree of a signature is found among the objects of its pages, by number."""

    document: int
    """The element around all others, which is the book's."""
    top: tuple[int, ...]
    """The elements right below it."""
    keys: int
    """A leaf of the tree of parents (ISO 32000-1, 14.7.4.4). The key of a page, or of a link, is
    its own number, written ``12 0 K``."""


def _key(reference: bytes) -> bytes:
    return reference.removesuffix(b"R") + b"K"


class _Element:
    """A structure element as it grows."""

    def __init__(self, pdf: Any, kind: str, parent: Any, page: int) -> None:
        import pydyf

        self.page = page
        self.kids = pydyf.Array()
        self.entry = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": f"/{kind}",
                "K": self.kids,
                "P": parent.reference,
            }
        )
        pdf.add_object(self.entry)
        self.below: dict[str, _Element] = {}
        """Those made by ``data-path``, by what names them there."""


class _Tree:
    """The tree of one signature."""

    def __init__(self, pdf: Any) -> None:
        import pydyf
        from weasyprint.formatting_structure.boxes import MarginBox
        from weasyprint.layout.absolute import AbsolutePlaceholder

        self._margin_box, self._placeholder = MarginBox, AbsolutePlaceholder
        self._pdf = pdf
        self._keys = pydyf.Dictionary({})
        pdf.add_object(self._keys)
        self._document = _Element(pdf, "Document", self._keys, 0)
        self._nums = self._keys["Nums"] = pydyf.Array()
        self._made: dict[int, _Element] = {}
        self._annotations: list[tuple[_Element, Any]] = []
        self._page = 0
        self._marks: dict[Any, Any] = {}
        self._owners: dict[int, _Element] = {}

    def add_page(self, number: int, page_box: Any, marks: dict[Any, Any]) -> None:
        """Hang all that is drawn on the page into the tree."""
        import pydyf

        self._page, self._marks, self._owners = number, marks, {}
        for child in page_box.children:
            self._walk(child, self._document)
        assert len(self._owners) == len(marks), "something drawn has no place in the tree"
        owners = [self._owners[mark].entry.reference for mark in sorted(self._owners)]
        self._nums.extend([_key(self._pdf.page_references[number]), pydyf.Array(owners)])

    def finish(self) -> Tags:
        """Tell each link annotation which element it belongs to."""
        import pydyf

        # Pages have lower numbers in the book than all that stands on them.
        for element, annotation in sorted(self._annotations, key=lambda pair: pair[1].number):
            annotation["StructParent"] = _key(annotation.reference)
            self._nums.extend([annotation["StructParent"], element.entry.reference])
        self._keys["Limits"] = pydyf.Array([self._nums[0], self._nums[-2]])
        top = (int(kid.split()[0]) for kid in self._document.kids)
        return Tags(self._document.entry.number, tuple(top), self._keys.number)

    def _walk(self, box: Any, around: _Element) -> None:
        if isinstance(box, self._placeholder):
            box = box._box
        if isinstance(box, self._margin_box):
            return
        element = self._element_of(box, around)
        if box.link_annotation:
            self._add_annotation(element, box.link_annotation)
        if box in self._marks:
            self._add_mark(element, self._marks[box]["mcid"])
        for child in getattr(box, "children", ()):
            self._walk(child, element)

    def _element_of(self, box: Any, around: _Element) -> _Element:
        """The element of the box's HTML element, made at its first box; *around* for none."""
        source = box.element
        if source is None or "::" in (box.element_tag or ""):
            return around
        made = self._made.get(id(source))
        if made is None:
            made = self._made[id(source)] = self._make(source, around)
        return made

    def _make(self, source: Any, around: _Element) -> _Element:
        import pydyf

        for step in source.get("data-path", "").split():
            around = self._step(step, around)
        kind = source.get("data-tag") or TYPES.get(source.tag, NOTHING)
        language = source.get("lang", "") if source.tag != "html" else ""
        if kind == NOTHING and not language:
            return around
        element = self._hang("Span" if kind == NOTHING else kind, around)
        if language:
            element.entry["Lang"] = pydyf.String(language)
        if title := source.get("data-title"):
            element.entry["T"] = pydyf.String(title)
        if source.tag == "img":
            element.entry["Alt"] = pydyf.String(source.get("alt", ""))
        if kind == "LI":
            element = self._hang("LBody", element)
        return element

    def _step(self, step: str, around: _Element) -> _Element:
        if "-" not in step:
            return self._hang(step, around)
        if step not in around.below:
            around.below[step] = self._hang(step.partition("-")[0], around)
        return around.below[step]

    def _hang(self, kind: str, around: _Element) -> _Element:
        element = _Element(self._pdf, kind, around.entry, self._page)
        element.entry["Pg"] = self._pdf.page_references[self._page]
        around.kids.append(element.entry.reference)
        return element

    def _add_mark(self, element: _Element, mark: int) -> None:
        import pydyf

        self._owners[mark] = element
        if element.page == self._page and "Pg" in element.entry:
            element.kids.append(mark)
            return
        page = self._pdf.page_references[self._page]
        element.kids.append(pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": mark}))

    def _add_annotation(self, element: _Element, annotation: Any) -> None:
        import pydyf

        page = self._pdf.page_references[self._page]
        link = pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, "Pg": page})
        self._pdf.add_object(link)
        element.kids.append(link.reference)
        self._annotations.append((element, annotation))
