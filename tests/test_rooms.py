"""The rooms: who may import whom. Arrows point down the list, never up."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ROOMS = (
    ("__main__",),
    ("cli", "watch"),
    ("preview",),
    ("serve",),
    ("ledger", "press"),
    ("proof", "print", "ebook", "web"),
    ("render",),
    ("index", "contents"),
    ("pagemap",),
    ("join",),
    ("book",),
    ("edition", "typography", "folding"),
    ("readers",),
    ("account",),
    ("findings",),
    ("model",),
    ("memory", "workshop"),
    ("beside", "cache", "compiled", "direction", "near", "outputs", "unchanged", "versions"),
)
"""From the top down. Rooms on one floor do not import each other, but for those below."""

NEIGHBOURS = {("cli", "watch"), ("edition", "readers"), ("press", "ledger")}
"""What is allowed on one floor."""

GUARDED = {
    "weasyprint": {"print"},
    "pydyf": {"print"},
    "ebooklib": {"ebook"},
    "pikepdf": {"print", "proof"},
    "uharfbuzz": {"print", "proof"},
    "jinja2": {"render"},
    "starlette": {"preview", "serve"},
    "uvicorn": {"preview", "serve"},
}
"""Which rooms may import a heavy or replaceable package."""


def room_of(path: Path) -> str:
    """The room of a file: the folder or module right below the package."""
    return path.relative_to(ROOT / "octavo").parts[0].removesuffix(".py")


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield file, room and imported module for every import in the package."""
    for path in sorted((ROOT / "octavo").rglob("*.py")):
        if path == ROOT / "octavo" / "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                yield str(path.relative_to(ROOT)), room_of(path), name


FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}


def test_every_room_is_on_the_list() -> None:
    """A new room is placed on a floor before it is built."""
    found = {room_of(path) for path in (ROOT / "octavo").rglob("*.py")} - {"__init__"}
    assert found <= set(FLOOR)


def test_arrows_point_down() -> None:
    """No room imports one above it, nor one beside it."""
    wrong = [
        f"{file} imports {module}"
        for file, room, module in imports()
        if module.startswith("octavo.")
        for target in [module.split(".")[1]]
        if target != room and FLOOR[target] <= FLOOR[room] and (room, target) not in NEIGHBOURS
    ]
    assert wrong == []


def test_heavy_packages_stay_in_their_rooms() -> None:
    """WeasyPrint is known to print alone, EbookLib to ebook, Jinja2 to render."""
    wrong = [
        f"{file} imports {module}"
        for file, room, module in imports()
        if room not in GUARDED.get(module.split(".")[0], {room})
    ]
    assert wrong == []


def test_a_build_with_nothing_to_do_imports_no_engine() -> None:
    """What the command line and the press import at once holds no engine and no template."""
    code = "import sys, octavo.cli, octavo.press; print(*sorted(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert set(found) & (set(GUARDED) - {"jinja2"} | {"lxml", "fontTools"}) == set()


def test_whether_there_is_nothing_to_do_is_asked_before_anything_is_loaded() -> None:
    """Most of such a run would be loading."""
    code = "import sys, octavo.unchanged; print(*sorted(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert set(found) & {"click", "dataclasses", "inspect", "pathlib", "typing"} == set()
    assert {name for name in found if name.startswith("octavo")} == {"octavo", "octavo.unchanged"}
