"""The e-book from what earlier builds kept: the same bytes, and no proof that is not true now."""

import re
import shutil
import subprocess
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from made_books import BOOKS, write_book
from proof_sample import Sample, break_epub, sample

from octavo.cache import Cache
from octavo.ebook.archive import EPOCH, Archive, deflated, stored
from octavo.findings import Findings
from octavo.memory import Memory
from octavo.press import Request, build
from octavo.proof import ProofFailed, epubtext, source, trial
from octavo.proof.epub import open_epub
from octavo.render import TEMPLATES, Templates, ebooktext

SHAPE = replace(BOOKS[1], chapters=3, turns=6, longest=6)
Calls = Counter[str]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """How often a chapter is rendered, documents are proved, and a transcript is heard."""
    count: Calls = Counter()

    def counted(owner: Any, name: str) -> None:
        function = getattr(owner, name)

        def call(*arguments: Any) -> Any:
            count[name] += 1
            return function(*arguments)

        monkeypatch.setattr(owner, name, call)

    counted(ebooktext._Text, "chapter")
    counted(epubtext, "_prove")
    counted(source, "_hear")
    return count


# The bytes ------------------------------------------------------------------------


def change(path: Path, pattern: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def change_word(book: Path) -> None:
    change(book.parent / "seeds" / "02.txt", r"\bwater\b", "watre")


def change_heading(book: Path) -> None:
    change(book / "book.toml", r'(title = "[^"]*, 2)"', r'\1, continued"')


def change_name(book: Path) -> None:
    change(book / "book.toml", r'name = "Dr\. Falk"', 'name = "Dr. Ada Falk"')


def change_title(book: Path) -> None:
    change(book / "book.toml", r'title = "Hearing on', 'title = "A Hearing on')


def add_entry(book: Path) -> None:
    with (book / "index.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[entry]]\nheading = "storms"\nmatch = ["storm"]\n')


def change_template(book: Path) -> None:
    own = book / "templates" / "ebook"
    own.mkdir(parents=True)
    text = (TEMPLATES / "ebook" / "text.xhtml").read_text(encoding="utf-8")
    (own / "text.xhtml").write_text(text.replace(' speech"', ' speech own"'), "utf-8")


def epub_of(book: Path, cache: Cache | None) -> bytes:
    request = Request(book, book.parent / "dist", frozenset({"epub"}), cache)
    built = build(request, Findings(), lambda step: None)
    return next(data for path, data in built.files.items() if path.suffix == ".epub")


@pytest.mark.parametrize(
    ("edit", "rendered"),
    [
        (change_word, 1),
        (change_heading, 1),
        (add_entry, 3),
        (change_name, 3),
        (change_title, 3),
        (change_template, 3),
    ],
)
def test_an_ebook_from_what_was_kept_is_a_new_one(
    edit: Callable[[Path], None], rendered: int, calls: Calls, tmp_path: Path
) -> None:
    """To the byte; and no chapter is rendered that the edit does not touch."""
    book, cache = write_book(SHAPE, tmp_path), Cache(tmp_path / "cache")
    first = epub_of(book, cache)
    calls.clear()
    assert epub_of(book, cache) == first
    assert calls["chapter"] == 0
    edit(book)
    kept = epub_of(book, cache)
    assert calls["chapter"] <= rendered
    assert kept == epub_of(book, None) != first


def test_what_is_packed_apart_is_what_zipfile_packs(tmp_path: Path) -> None:
    """Its own writer makes the same archive, and others can read it."""
    files = {"a.txt": b"tea " * 999, "ä/b.png": bytes(range(256)), "empty": b""}
    ours, theirs = BytesIO(), BytesIO()
    with Archive(ours, "w") as archive, zipfile.ZipFile(theirs, "w") as other:
        for name, data in files.items():
            is_stored = name.endswith(".png")
            archive.writestr(name, stored(data) if is_stored else deflated(data))
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            method = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
            other.writestr(info, data, method, 9)
    assert ours.getvalue() == theirs.getvalue()
    with zipfile.ZipFile(ours) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in files} == files
    path = tmp_path / "a.zip"
    path.write_bytes(ours.getvalue())
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-tq", path], check=True)


def test_a_template_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process finds it in the cache; its text is the key."""
    made = []
    for _ in range(2):
        templates = Templates("en", memory=Memory(Cache(tmp_path)))
        templates.get_ready("ebook")
        made.append(templates)
        monkeypatch.setattr(templates._environment.__class__, "_compile", None)
    assert len({templates.digest for templates in made}) == 1


def test_templates_are_known_by_all_that_is_in_them(tmp_path: Path) -> None:
    """And by the language of their words."""
    own = tmp_path / "ebook"
    own.mkdir()
    found = [Templates("en").digest, Templates("de").digest]
    for name, text in (("part.txt", ""), ("part.txt", "x"), ("page.xhtml", "x")):
        (own / name).write_text(text, encoding="utf-8")
        found.append(Templates("en", [tmp_path]).digest)
    assert len(set(found)) == 5


# The proof ------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """One that knows the sample."""
    known = Cache(tmp_path / "cache")
    sample().prove(pdf=False, cache=known)
    return known


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is kept is on trial."""
    monkeypatch.setattr(trial, "SAMPLE", 0)


@pytest.mark.usefixtures("untried")
def test_what_was_proved_is_not_proved_again(cache: Cache, calls: Calls) -> None:
    """And the sum is the same."""
    assert sample().prove(pdf=False, cache=cache) == sample().prove(pdf=False)
    # Once, without the cache: title, index, and the documents of the chapter.
    assert calls == {"_prove": 3, "_hear": 1}


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("s1.xhtml", "refuse ", "refute "),
        ("s1.xhtml", "Edward Marsh", "Ito"),
        ("s1.xhtml", 'id="t1.1-136"', 'id="t1.1-137"'),
        ("s1.xhtml", '<span id="t1.1-136"></span>fishing ', 'fishing <span id="t1.1-136"></span>'),
        ("s1.xhtml", 'aria-label="2"', 'aria-label="3"'),
        ("title.xhtml", "A River", "The River"),
        ("title.xhtml", "<p>A River", '<p id="t1.1">A River'),
        ("index.xhtml", ">1</a>", ">2</a>"),
        ("index.xhtml", "s1.xhtml#t1.1-136", "s1.xhtml#t1.1-137"),
        ("index.xhtml", "s1.xhtml#t1.1-136", "s2.xhtml#t1.1-136"),
        ("style.css", "book.woff2", "look.woff2"),
    ],
)
def test_no_tampering_passes_for_what_was_proved(
    cache: Cache, name: str, old: str, new: str
) -> None:
    """A word, a label, a locator or a link; and the second time as the first."""
    if name == "index.xhtml" and ">" in old:
        old = f'#t1.1-136"{old}'
        new = f'#t1.1-136"{new}'
    broken = break_epub(name, old, new)
    found = [wrong_of(broken, known) for known in (None, cache, cache)]
    assert found[0]
    assert found[0] == found[1] == found[2]


def wrong_of(broken: Sample, cache: Cache | None) -> list[str]:
    with pytest.raises(ProofFailed) as failure:
        broken.prove(pdf=False, cache=cache)
    return [str(one) for one in failure.value.discrepancies]


def test_an_id_of_a_paragraph_in_two_documents_is_caught() -> None:
    """A link must not depend on which of them is opened."""
    broken = break_epub("title.xhtml", "<p>A River", '<p id="t1.1">A River')
    assert wrong_of(broken, None) == ["ids, OPS/s1.xhtml: expected ``t1.1` once`, found `twice`"]


@pytest.mark.usefixtures("untried")
def test_another_book_is_no_proof_of_this_one(cache: Cache, calls: Calls) -> None:
    """What the documents were compared with is a part of the key."""
    declared = replace(
        sample().declared,
        ebook=tuple(replace(part, lines=(*part.lines, "More")) for part in sample().declared.ebook),
    )
    assert wrong_of(replace(sample(), declared=declared), cache)
    assert calls["_prove"] == 3
    chapter = replace(sample().book.chapters[0], heading="Another")
    replace(sample(), book=replace(sample().book, chapters=(chapter,))).prove(
        pdf=False, cache=cache
    )
    assert (calls["_prove"], calls["_hear"]) == (4, 1)


@pytest.mark.usefixtures("untried")
def test_a_transcript_is_heard_again_when_its_file_or_its_labels_change(
    cache: Cache, calls: Calls
) -> None:
    replace(sample(), sources=(sample().sources[0] + b"\n",)).prove(pdf=False, cache=cache)
    assert calls["_hear"] == 1
    other = replace(sample().transcripts[0], path="streams.txt")
    replace(sample(), transcripts=(other,)).prove(pdf=False, cache=cache)
    assert calls["_hear"] == 2


def falsify(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Cache:
    """A cache that knows the sample, but for what it says of the documents and the words."""
    keep = Memory.keep

    def keep_false(self: Memory, product: Any, *made_of: bytes) -> None:
        if isinstance(product, epubtext._Outcome):
            product = replace(product, documents=product.documents[:1])
        elif isinstance(product, source._Heard):
            product = replace(product, words=product.words + 1)
        keep(self, product, *made_of)

    known = Cache(folder / "false")
    with monkeypatch.context() as patch:
        patch.setattr(Memory, "keep", keep_false)
        sample().prove(pdf=False, cache=known)
    return known


def test_what_is_not_borne_out_is_not_believed(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some part is proved again in every build; where it differs all are, and made good."""
    known = falsify(monkeypatch, tmp_path)
    monkeypatch.setattr(trial, "SAMPLE", 3)
    calls.clear()
    proved = sample().prove(pdf=False, cache=known)
    # The chapter's documents were told falsely: it was tried at the latest as the third.
    assert 3 < calls["_prove"] <= 6
    assert calls["_hear"] == 2
    assert proved == sample().prove(pdf=False)
    calls.clear()
    monkeypatch.setattr(trial, "SAMPLE", 0)
    assert sample().prove(pdf=False, cache=known) == proved
    assert calls == {}


def test_others_are_on_trial_in_each_file(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of three, by the bytes of the file."""
    tried = []
    prove = epubtext._prove

    def note(epub: Any, together: Any) -> Any:
        tried.append(together.paths)
        return prove(epub, together)

    monkeypatch.setattr(epubtext, "_prove", note)
    for number in range(20):
        archive = BytesIO(sample().epub)
        with zipfile.ZipFile(archive, "a") as more:
            more.writestr(f"META-INF/{number}", b"")
        replace(sample(), epub=archive.getvalue()).prove(pdf=False, cache=cache)
    assert len(tried) == 20
    assert len(set(tried)) == 3


@pytest.mark.usefixtures("cache")
def test_a_cache_from_elsewhere_proves_nothing(calls: Calls, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "cache", tmp_path / "other")
    calls.clear()
    sample().prove(pdf=False, cache=Cache(tmp_path / "other"))
    assert calls == {"_prove": 3, "_hear": 1}


def test_what_is_wrong_is_never_kept(tmp_path: Path, calls: Calls) -> None:
    """It is told anew in every build."""
    broken = break_epub("s1.xhtml", "refuse ", "refute ")
    wrong_of(broken, Cache(tmp_path))
    calls.clear()
    wrong_of(broken, Cache(tmp_path))
    # The chapter again, and one of the others on trial.
    assert calls["_prove"] == 2


# The archive as it is read ----------------------------------------------------------


def test_an_archive_is_read_as_zipfile_reads_it() -> None:
    with zipfile.ZipFile(BytesIO(sample().epub)) as archive:
        assert open_epub(sample().epub).files == {
            name: archive.read(name) for name in archive.namelist()
        }


def test_a_damaged_archive_is_no_ebook(tmp_path: Path) -> None:
    """Wherever a byte of a file or of its header is another."""
    book = write_book(replace(SHAPE, chapters=1), tmp_path)
    data = epub_of(book, None)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        starts = [info.header_offset for info in archive.infolist()]
    for start, end in list(pairwise(starts))[:6]:
        for at in (start, start + 8, start + 14, start + 18, start + 30, end - 6):
            broken = bytearray(data)
            broken[at] ^= 1
            with pytest.raises((zipfile.BadZipFile, zlib.error)):
                open_epub(bytes(broken))
