"""The PDF as its tags tell it: our own walk of the structure tree.

Comes in: elements of the finished PDF, and the text of a part's pages by marks. Goes out: the
text of every block in tag order, and what is drawn outside the tree. The one decision: text is
put into lines by where it stands, so that nothing is shared with the extractor that reads the
page as drawn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from octavo.proof.crossref import numbers_in
from octavo.proof.streams import PageText, Run

INLINE_ROLES = "/Annot /Code /Em /Lbl /Link /NonStruct /Private /Quote /Reference /Span /Strong"
INLINE = frozenset(INLINE_ROLES.split())
GROUP = {"/Type", "/S", "/P", "/K"}
"""All that an element around several parts has."""
NOWHERE = -1
"""Instead of the index of a page that is none of the part's."""
DEPTH = 32
"""No element nests deeper without naming a page."""
SAME_LINE = 0.75
"""A baseline that moves by less, in ems, and not back to the left, is still the same line."""
SPACE = 0.15
"""A wider gap on one line, in ems, is a space: text is read so where no space is drawn."""


@dataclass(slots=True)
class Block:
    """The text that stands directly in one block-level element."""

    role: str
    element: int
    parent: int
    """The nearest block-level element around it."""
    runs: list[Run] = field(default_factory=list)

    @property
    def page(self) -> int:
        return self.runs[0].page

    @property
    def text(self) -> str:
        """Its lines, each after the first behind a line feed."""
        text = self.runs[0].text
        for before, run in zip(self.runs, self.runs[1:], strict=False):
            text += _between(before, run) + run.text
        return text


@dataclass(slots=True)
class TagTree:
    """What was read."""

    blocks: list[Block] = field(default_factory=list)
    artifacts: list[list[Run]] = field(default_factory=list)
    """By page: text drawn as furniture."""
    stray: list[list[Run]] = field(default_factory=list)
    """By page: text drawn that is neither tagged nor an artifact."""
    forgotten: list[list[Run]] = field(default_factory=list)
    """By page: text marked for a tag that is not in the tree."""
    replaced: list[str] = field(default_factory=list)
    """Texts that are read out in place of what is drawn (``ActualText``)."""
    links: list[tuple[int, str]] = field(default_factory=list)
    """The object number of each link annotation in the tree, and the text of its element."""


def read_tree(
    elements: Iterable[Any], pages: Sequence[PageText], numbers: Mapping[int, int], roles: Any
) -> TagTree:
    """Read the *elements* at the top of a part's tags, and give them the text of its *pages*.

    *numbers* are the pages by the numbers of their objects; *roles* is the tree's role map.
    """
    tree = TagTree()
    walk = _Walk(tree, pages, numbers, roles)
    for element in elements:
        walk.walk(element, NOWHERE)
    for page in pages:
        tree.artifacts.append(page.artifacts)
        tree.stray.append(page.stray)
        tree.forgotten.append([run for runs in page.marks.values() for run in runs])
        tree.replaced += page.replaced
    tree.blocks = [block for block in tree.blocks if block.runs]
    return tree


def top_elements(tree: Any) -> tuple[Any, list[int]]:
    """The element around all others, and the numbers of those right below it; 0 for one without."""
    import pikepdf

    top = tree["/K"]
    around = top[0] if isinstance(top, pikepdf.Array) and len(top) == 1 else top
    if not isinstance(around, pikepdf.Dictionary):
        around, kids = tree, top
    else:
        kids = around.get("/K")
    if not isinstance(kids, pikepdf.Array):
        return around, [_number(kids)]
    numbers = numbers_in(kids)
    return around, [_number(kid) for kid in kids] if numbers is None else numbers


def group(element: Any) -> list[int] | None:
    """The numbers of what stands in an *element* around those of several parts; None for others.

    It is an index that names no page, says nothing else, and holds other elements alone.
    """
    import pikepdf

    if not isinstance(element, pikepdf.Dictionary) or {*element.keys()} != GROUP:
        return None
    kids = element["/K"]
    if element["/S"] != "/Index" or not isinstance(kids, pikepdf.Array):
        return None
    numbers = numbers_in(kids)
    return None if numbers is None or element.objgen[0] in numbers else numbers


def _number(kid: Any) -> int:
    import pikepdf

    return kid.objgen[0] if isinstance(kid, pikepdf.Dictionary) else 0


def first_page(element: Any, depth: int = DEPTH) -> int:
    """The number of the page object that *element* names first, or what is in it; 0 for none."""
    import pikepdf

    if not isinstance(element, pikepdf.Dictionary) or not depth:
        return 0
    if "/Pg" in element:
        return int(element["/Pg"].objgen[0])
    kids = element.get("/K")
    below = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return next(filter(None, (first_page(kid, depth - 1) for kid in below)), 0)


def lines_of_runs(runs: list[Run]) -> str:
    """Return what *runs* read, as the text of a block is put together."""
    return Block("", 0, 0, runs).text if runs else ""


def _between(before: Run, after: Run) -> str:
    """What stands between two runs: a new line, a space, or nothing."""
    if before.page != after.page:
        return "\n"
    moved = abs(after.y - before.y)
    if moved > 0.01 and (after.x <= before.x or moved >= SAME_LINE * before.size):
        return "\n"
    if before.text.endswith(" ") or after.text.startswith(" "):
        return ""
    if before.is_reversed or after.is_reversed:
        # What is read next need not stand beside it: all their spaces are drawn.
        return ""
    return " " if abs(after.x - before.end) > SPACE * before.size else ""


# The tree -------------------------------------------------------------------------


class _Walk:
    """Walks the structure tree in order and takes each mark's text once."""

    def __init__(
        self, tree: TagTree, pages: Sequence[PageText], numbers: Mapping[int, int], roles: Any
    ) -> None:
        self._tree = tree
        self._pages = pages
        self._numbers = numbers
        self._role_map = {str(name): str(role) for name, role in roles.items()}
        self._around: list[Block] = [Block("/Document", 0, 0)]

    def _walk_kids(self, element: Any, page: int) -> None:
        import pikepdf

        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
            if isinstance(kid, int):
                self._take(page, kid)
            elif kid is None:
                continue
            elif "/MCID" in kid:
                self._take(self._page(kid, page), int(kid["/MCID"]))
            elif "/S" in kid:
                self.walk(kid, page)

    def walk(self, element: Any, page: int) -> None:
        role = str(element["/S"])
        role = self._role_map.get(role, role)
        if "/ActualText" in element:
            self._tree.replaced.append(str(element["/ActualText"]))
        page = self._page(element, page)
        if role in INLINE:
            self._walk_inline(element, page, role)
            return
        number = element.objgen[0]
        self._open(Block(role, number, self._around[-1].element))
        self._walk_kids(element, page)
        self._around.pop()
        # What follows in the element around it is a block of its own.
        outer = self._around.pop()
        self._open(Block(outer.role, outer.element, outer.parent))

    def _open(self, block: Block) -> None:
        self._around.append(block)
        self._tree.blocks.append(block)

    def _walk_inline(self, element: Any, page: int, role: str) -> None:
        block = self._around[-1]
        before = len(block.runs)
        self._walk_kids(element, page)
        if role == "/Link":
            text = lines_of_runs(block.runs[before:])
            self._tree.links += [(number, text) for number in _annotations(element)]

    def _page(self, item: Any, otherwise: int) -> int:
        if "/Pg" not in item:
            return otherwise
        return self._numbers.get(item["/Pg"].objgen[0], NOWHERE)

    def _take(self, page: int, mark: int) -> None:
        # What is taken from another part's page is missed there.
        if page != NOWHERE:
            self._around[-1].runs += self._pages[page].marks.pop(mark, [])


def _annotations(element: Any) -> Iterator[int]:
    import pikepdf

    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid:
            yield kid["/Obj"].objgen[0]
