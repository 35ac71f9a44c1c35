"""The PDF as its tags tell it: our own walk of content streams and structure tree.

Comes in: the finished PDF. Goes out: the text of every block in tag order, what is
drawn outside the tree, and which glyphs of which font are drawn. The one decision:
text is read through each font's ToUnicode alone and put into lines by where it stands,
so that nothing is shared with the extractor that reads the page as drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from octavo.proof.operators import Mark, Shown, read_operators
from octavo.proof.pdffont import PdfFont, read_font

INLINE_ROLES = "/Annot /Code /Em /Lbl /Link /NonStruct /Private /Quote /Reference /Span /Strong"
INLINE = frozenset(INLINE_ROLES.split())
SAME_LINE = 0.75
"""A baseline that moves by less, in ems, and not back to the left, is still the same line."""
SPACE = 0.15
"""A wider gap on one line, in ems, is a space: text is read so where no space is drawn."""


@dataclass(slots=True)
class Run:
    """A stretch of text drawn at one go; lengths are in units of its stream."""

    text: str
    page: int
    x: float
    y: float
    size: float
    font: PdfFont
    codes: str
    shifts: bytes
    """The numbers that move its glyphs together or apart, as a ``TJ`` gives them."""

    @property
    def end(self) -> float:
        """Where the next glyph would stand."""
        shift = sum(map(float, self.shifts.split()))
        return self.x + (self.font.width(self.codes) - shift) / 1000 * self.size


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
    fonts: list[PdfFont] = field(default_factory=list)
    """Each font of the file once, with what is drawn of it."""
    links: list[tuple[int, str]] = field(default_factory=list)
    """The object number of each link annotation in the tree, and the text of its element."""


def read_tree(pdf: bytes) -> TagTree:
    """Read the tag tree and all text of a PDF. Raises ``KeyError`` where it has no tree."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        tree = TagTree()
        fonts: dict[int, PdfFont] = {}
        pages = [_Page(number, page.obj, fonts) for number, page in enumerate(document.pages)]
        numbers = {page.obj.objgen[0]: page.number for page in pages}
        root = document.Root["/StructTreeRoot"]
        _Walk(tree, pages, numbers, root.get("/RoleMap", {})).walk_kids(root)
        for page in pages:
            tree.artifacts.append(page.artifacts)
            tree.stray.append(page.stray)
            tree.forgotten.append([run for runs in page.marks.values() for run in runs])
            tree.replaced += page.replaced
        tree.blocks = [block for block in tree.blocks if block.runs]
        tree.fonts = list(fonts.values())
        return tree


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
    return " " if abs(after.x - before.end) > SPACE * before.size else ""


# Content streams ----------------------------------------------------------------


class _Page:
    """The text of one page, by the marks that the tag tree refers to."""

    def __init__(self, number: int, obj: Any, fonts: dict[int, PdfFont]) -> None:
        self.number = number
        self.obj = obj
        self.marks: dict[int, list[Run]] = {}
        self.artifacts: list[Run] = []
        self.stray: list[Run] = []
        self.replaced: list[str] = []
        self._fonts = fonts
        self._targets: list[list[Run]] = [self.stray]
        self._read(obj, obj.get("/Resources", {}))

    def _read(self, stream: Any, resources: Any) -> None:
        fonts = {
            name.removeprefix("/"): read_font(font, self._fonts)
            for name, font in resources.get("/Font", {}).items()
        }
        pen = _Pen(self.number)
        for name, operands in read_operators(stream, resources):
            match name:
                case "Tj" | "'" | '"' | "TJ":
                    if name in "'\"":
                        pen.next_line()
                    run = pen.show(operands)
                    if run.text:
                        self._targets[-1].append(run)
                case "Tm":
                    pen.place(operands)
                case "Td" | "TD":
                    pen.move(operands[0], operands[1], leading=name == "TD")
                case "T*":
                    pen.next_line()
                case "TL":
                    pen.leading = operands[0]
                case "Tf":
                    pen.font, pen.font_size = fonts[operands[0]], operands[1]
                case "BT":
                    pen.place([1, 0, 0, 1, 0, 0])
                case "BDC" | "BMC":
                    self._open_mark(operands)
                case "EMC":
                    self._targets.pop()
                case "Do":
                    self._draw(resources["/XObject"][f"/{operands}"], resources)

    def _open_mark(self, mark: Mark) -> None:
        """Text goes to the innermost mark that says where it belongs."""
        target = self._targets[-1]
        if mark.tag == "Artifact":
            target = self.artifacts
        elif mark.number is not None:
            target = self.marks.setdefault(mark.number, [])
        if mark.replacement is not None:
            self.replaced.append(mark.replacement)
        self._targets.append(target)

    def _draw(self, form: Any, resources: Any) -> None:
        if form.get("/Subtype") == "/Form":
            self._read(form, form.get("/Resources", resources))


class _Pen:
    """Where on the page text is drawn. Only differences count, so the page's own scale is 1."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.font: PdfFont | None = None
        self.font_size = 1.0
        self.leading = 0.0
        self.place([1, 0, 0, 1, 0, 0])

    def place(self, matrix: list[float]) -> None:
        self.scale = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
        self.rise = matrix[3]
        self.x = matrix[4]
        self.y = matrix[5]
        self.before: Run | None = None

    def move(self, across: float, up: float, *, leading: bool = False) -> None:
        if leading:
            self.leading = -up
        self.x += across * self.scale
        self.y += up * self.rise
        self.before = None

    def next_line(self) -> None:
        self.move(0, -self.leading)

    def show(self, shown: Shown) -> Run:
        assert self.font, "text is drawn before a font is chosen"
        codes = self.font.codes(shown.codes)
        # Where nothing moves the pen, text goes on where the text before it ends.
        x = self.before.end if self.before else self.x
        size = self.font_size * self.scale
        self.before = Run(
            self.font.read(codes), self.page, x, self.y, size, self.font, codes, shown.shifts
        )
        return self.before


# The tree -------------------------------------------------------------------------


class _Walk:
    """Walks the structure tree in order and takes each mark's text once."""

    def __init__(
        self, tree: TagTree, pages: list[_Page], numbers: dict[int, int], role_map: Any
    ) -> None:
        self._tree = tree
        self._pages = pages
        self._numbers = numbers
        self._role_map = {str(name): str(role) for name, role in role_map.items()}
        self._around: list[Block] = [Block("/Document", 0, 0)]

    def walk_kids(self, element: Any, page: int = -1) -> None:
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
                self._walk(kid, page)

    def _walk(self, element: Any, page: int) -> None:
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
        self.walk_kids(element, page)
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
        self.walk_kids(element, page)
        if role == "/Link":
            text = lines_of_runs(block.runs[before:])
            self._tree.links += [(number, text) for number in _annotations(element)]

    def _page(self, item: Any, otherwise: int) -> int:
        return self._numbers[item["/Pg"].objgen[0]] if "/Pg" in item else otherwise

    def _take(self, page: int, mark: int) -> None:
        self._around[-1].runs += self._pages[page].marks.pop(mark, [])


def _annotations(element: Any) -> Iterator[int]:
    import pikepdf

    kids = element.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else (kids,):
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid:
            yield kid["/Obj"].objgen[0]
