"""An incremental build gives the bytes of a cold one, whatever was edited.

    OCTAVO_EDITS=500 python3 build.py test tests/test_incremental.py

A made-up book of three chapters is edited at random, again and again, with one cache; after
each edit it is built from the cache and, in another folder, from nothing.
"""

import os
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_books import BOOKS, write_book

from octavo.cache import Cache
from octavo.findings import Findings
from octavo.press import Built, Request, build
from octavo.press.changes import count_moved
from octavo.render import Templates
from octavo.render.pages import shows_the_frame_alone

EDITS = int(os.environ.get("OCTAVO_EDITS", "8"))
SHAPE = replace(BOOKS[1], chapters=3, turns=6, longest=6)
WORDS = [
    "harbour",
    "water",
    "letter",
    "bridge",
    "storm",
    "nobody",
    "1932",
    "piano",
    "committee",
    "sand",
]


def edit(book: Path, chance: random.Random) -> str:
    """Change one thing of the edition or its transcripts; return what it was."""
    kind = chance.choice(
        (
            "word",
            "word",
            "paragraph",
            "turn",
            "drop",
            "speaker",
            "heading",
            "term",
            "style",
            "words",
        )
    )
    seeds = sorted((book.parent / "seeds").glob("*.txt"))
    seed = chance.choice(seeds)
    turns = seed.read_text(encoding="utf-8").strip().split("\n\n")
    at = chance.randrange(len(turns))
    word = chance.choice(WORDS)
    match kind:
        case "word":
            turns[at] = re.sub(r"\b(\w+)([.?])", rf"\1 {word}\2", turns[at], count=1)
        case "paragraph":
            turns.insert(at + 1, f"And then there was the {word}, which {word} nobody could see.")
        case "turn":
            turns.insert(at, f"Mr. Oakes: What of the {word}? Nobody told us of the {word}.")
        case "drop" if len(turns) > 4:
            del turns[-1]
        case "speaker":
            change(book / "book.toml", r'name = "Dr\. Falk[^"]*"', f'name = "Dr. Falk {word}"')
        case "heading":
            change(book / "book.toml", r'(title = "[^"]*, 2)[^"]*"', rf'\1 {word}"')
        case "term":
            index = book / "index.toml"
            entry = f'\n[[entry]]\nheading = "the {word}"\nmatch = ["{word}"]\n'
            text = index.read_text(encoding="utf-8")
            index.write_text(text.replace(entry, "") if entry in text else text + entry, "utf-8")
        case "style":
            own = book / "templates" / "print"
            own.mkdir(parents=True, exist_ok=True)
            (own / "own.css").write_text(f"p {{ orphans: {chance.randint(2, 3)} }}\n", "utf-8")
        case "words":
            (book / "note.md").write_text(f"The {word} is spelled as it was heard.\n", "utf-8")
    seed.write_text("\n\n".join(turns) + "\n", encoding="utf-8")
    return kind


def change(path: Path, pattern: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, replacement, text, count=1), encoding="utf-8")


def built(book: Path, out: Path, cache: Cache | None) -> Built:
    return build(Request(book, out, cache=cache), Findings(), lambda step: None)


def test_an_edited_book_is_what_a_new_one_would_be(tmp_path: Path) -> None:
    book = write_book(SHAPE, tmp_path)
    cache = Cache(tmp_path / "cache")
    chance = random.Random("edits")
    built(book, tmp_path / "dist", cache)
    kept = 0
    for number in range(EDITS):
        kind = edit(book, chance)
        warm = built(book, tmp_path / "dist", cache)
        cold = built(book, tmp_path / "cold", None)
        for path, data in warm.files.items():
            name = path.relative_to(tmp_path / "dist")
            assert cold.files[tmp_path / "cold" / name] == data, (number, kind, name)
        assert cold.changes.anew == cold.changes.pages == warm.changes.pages
        kept += warm.changes.pages - warm.changes.anew
    # The law would hold of a build that keeps nothing, too.
    assert kept > EDITS


def test_one_word_changed_sets_one_chapter_anew(tmp_path: Path) -> None:
    """The others are kept, and so is all that the word does not touch."""
    book = write_book(SHAPE, tmp_path)
    cache = Cache(tmp_path / "cache")
    first = built(book, tmp_path / "dist", cache).changes
    assert first.anew == first.pages
    again = built(book, tmp_path / "dist", cache).changes
    assert again.anew == 0
    change(book.parent / "seeds" / "02.txt", r"\bbridge\b", "brigde")
    now = built(book, tmp_path / "dist", cache).changes
    assert 0 < now.anew < first.pages / 2
    assert now.tell(first.locators).startswith(f"{now.anew} of {now.pages} pages set anew, ")


def test_a_damaged_cache_is_made_good(tmp_path: Path) -> None:
    """Whatever stands in its files."""
    book = write_book(SHAPE, tmp_path)
    cache = Cache(tmp_path / "cache")
    good = built(book, tmp_path / "dist", cache).files
    for number, path in enumerate(sorted((tmp_path / "cache").iterdir())):
        data = path.read_bytes()
        path.write_bytes((b"", data[: len(data) // 2], data[:-1] + b"?", b"{}" * 99)[number % 4])
    again = built(book, tmp_path / "dist", cache)
    assert again.files == good
    assert again.changes.anew == again.changes.pages
    assert built(book, tmp_path / "dist", cache).changes.anew == 0


def test_templates_that_are_not_ours_are_not_known_by_the_frame(tmp_path: Path) -> None:
    """They may show anything of the book; a stylesheet shows nothing of it."""
    own = tmp_path / "print"
    own.mkdir()
    (own / "own.css").write_text("p { orphans: 3 }", "utf-8")
    assert shows_the_frame_alone(Templates("en", [tmp_path]))
    (own / "turn.html").write_text("{{ book.subtitle }}", "utf-8")
    assert not shows_the_frame_alone(Templates("en", [tmp_path]))


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ({}, {}, 0),
        ({"tea": ["1", "4"]}, {"tea": ("1", "5")}, 1),
        ({"tea": ["1"]}, {"tea": ("1", "5"), "water": ("2",)}, 2),
        ({"tea": ["1"], "water": ["3", "4"]}, {}, 3),
    ],
)
def test_locators_that_moved_are_counted(
    before: dict[str, list[str]], after: dict[str, tuple[str, ...]], moved: int
) -> None:
    """New ones and gone ones among them."""
    assert count_moved(before, after) == moved
