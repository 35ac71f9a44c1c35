"""Files appear under their names only whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from octavo import unchanged
from octavo.account import Account
from octavo.findings import Finding, Weight
from octavo.ledger import Entry, Ledger
from octavo.model import Location
from octavo.outputs import write_whole
from octavo.unchanged import ROOT, digest, note_asked, own_files, surroundings, told_before


def test_all_files_or_none(tmp_path: Path) -> None:
    """When one file cannot be written, the other keeps its old bytes and no scrap is left."""
    good = tmp_path / "book.pdf"
    good.write_bytes(b"old")
    (tmp_path / "taken").write_bytes(b"a file where a folder should be")
    with pytest.raises(OSError, match="taken"):
        write_whole({good: b"new", tmp_path / "taken" / "book.epub": b"new"})
    assert good.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.pdf", "taken"]


def test_files_are_written_whole(tmp_path: Path) -> None:
    """Folders are made, and nothing but the files is left in them."""
    out = tmp_path / "dist"
    write_whole({out / "a.pdf": b"A", out / "a.epub": b"B"})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "a.pdf": b"A",
        "a.epub": b"B",
    }


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    """Of an edition of one file that made another."""
    source, output = tmp_path / "edition" / "in", tmp_path / "out"
    source.parent.mkdir()
    source.write_bytes(b"1")
    output.write_bytes(b"2")
    book = str(source.parent)
    inputs = {path: digest(path) for path in own_files(book)}
    return Entry(inputs, {str(output): digest(str(output))}, surroundings(), book, Account())


def test_a_changed_input_output_or_setting_makes_an_entry_untrue(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger trusts content alone."""
    (output,) = map(Path, entry.outputs)
    source = Path(entry.book) / "in"
    assert entry.is_true(digest)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert not entry.is_true(digest)
    monkeypatch.undo()
    new = source.with_name("new")
    new.touch()
    assert not entry.is_true(digest)
    new.unlink()
    output.write_bytes(b"3")
    assert not entry.is_true(digest)
    output.write_bytes(b"2")
    assert entry.is_true(digest)
    source.unlink()
    assert not entry.is_true(digest)


def test_no_record_speaks_for_another_program_or_of_nothing(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another checkout may share the cache; its code and its templates made something else."""
    assert entry.is_true(digest)
    assert not replace(entry, outputs={}).is_true(digest)
    own = {path: known for path, known in entry.inputs.items() if path.startswith(entry.book)}
    assert own
    assert not replace(entry, inputs=own).is_true(digest)
    monkeypatch.setattr(unchanged, "ROOT", entry.book)
    assert not entry.is_true(digest)


def test_a_ledger_is_read_back_as_written(tmp_path: Path) -> None:
    """And a damaged one is no ledger."""
    ledger = Ledger(tmp_path, "key")
    assert ledger.read() is None
    remark = Finding(Location("a.txt", 3, 4), "lone", "one `b`", "add `c`", Weight.REMARK)
    account = Account((remark,), ("line",), ("b",), {"ix-tea": ["4", "9–11"]}, {"ix-tea": "tea"})
    entry = Entry({"a": "1"}, {"b": "2"}, {"c": "3"}, "d", account)
    ledger.write(entry)
    assert ledger.read() == entry
    next(tmp_path.glob("ledger-*")).write_text("[]")
    assert ledger.read() is None


def test_who_asks_the_same_again_is_told_the_same(
    entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only from the same folder, and only as long as it is true; a damaged record tells nothing."""
    monkeypatch.setenv("OCTAVO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    ledger = Ledger(tmp_path / "cache", "key")
    remark = Finding(Location("a.txt", 3, 4), "lone", "one `b`", "add `c`", Weight.REMARK)
    ledger.write(replace(entry, account=Account((remark,), ("line",))))
    (made,) = map(Path, entry.outputs)
    (tmp_path / "link").symlink_to(entry.book)
    asked = ["--book", "link"]
    assert told_before(asked) is None
    note_asked(asked, str(ledger.path), ["link", "dist"])
    told = [str(remark), "line", "nothing to do"]
    assert told_before(asked) == told
    assert told_before([*asked, "--only", "epub"]) is None
    made.write_bytes(b"3")
    assert told_before(asked) is None
    made.write_bytes(b"2")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert told_before(asked) is None
    monkeypatch.chdir(tmp_path)
    assert told_before(asked) == told
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("elsewhere")
    assert told_before(asked) is None
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to(entry.book)
    monkeypatch.setattr(unchanged, "ROOT", "elsewhere")
    assert told_before(asked) is None
    monkeypatch.setattr(unchanged, "ROOT", ROOT)
    assert told_before(asked) == told
    for damaged in ("", "[]", "{}", "null"):
        ledger.path.write_text(damaged)
        assert told_before(asked) is None
