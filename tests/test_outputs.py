"""Files appear under their names only whole."""

from pathlib import Path

import pytest

from octavo.account import Account
from octavo.findings import Finding, Weight
from octavo.ledger import Entry, Ledger
from octavo.model import Location
from octavo.outputs import write_whole
from octavo.unchanged import digest, note_asked, surroundings, told_before


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


def test_a_changed_input_output_or_setting_makes_an_entry_untrue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger trusts content alone."""
    source, output = tmp_path / "edition" / "in", tmp_path / "out"
    source.parent.mkdir()
    source.write_bytes(b"1")
    output.write_bytes(b"2")
    inputs, outputs = ({str(path): digest(str(path))} for path in (source, output))
    entry = Entry(inputs, outputs, surroundings(), (str(source.parent),), Account())
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


def test_a_ledger_is_read_back_as_written(tmp_path: Path) -> None:
    """And a damaged one is no ledger."""
    ledger = Ledger(tmp_path, "key")
    assert ledger.read() is None
    remark = Finding(Location("a.txt", 3, 4), "lone", "one `b`", "add `c`", Weight.REMARK)
    account = Account((remark,), ("line",), ("b",), {"ix-tea": ["4", "9–11"]}, {"ix-tea": "tea"})
    entry = Entry({"a": "1"}, {"b": "2"}, {"c": "3"}, ("d",), account)
    ledger.write(entry)
    assert ledger.read() == entry
    next(tmp_path.glob("ledger-*")).write_text("[]")
    assert ledger.read() is None


def test_who_asks_the_same_again_is_told_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only from the same folder, and only as long as it is true; a damaged record tells nothing."""
    monkeypatch.setenv("OCTAVO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "made"
    made.write_bytes(b"1")
    ledger = Ledger(tmp_path / "cache", "key")
    outputs = {str(made): digest(str(made))}
    remark = Finding(Location("a.txt", 3, 4), "lone", "one `b`", "add `c`", Weight.REMARK)
    ledger.write(Entry({}, outputs, surroundings(), (), Account((remark,), ("line",))))
    assert told_before(["--only", "pdf"]) is None
    note_asked(["--only", "pdf"], str(ledger.path))
    assert told_before(["--only", "pdf"]) == [str(remark), "line", "nothing to do"]
    assert told_before(["--only", "epub"]) is None
    made.write_bytes(b"2")
    assert told_before(["--only", "pdf"]) is None
    made.write_bytes(b"1")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert told_before(["--only", "pdf"]) is None
    monkeypatch.chdir(tmp_path)
    for damaged in ("", "[]", "{}", "null"):
        ledger.path.write_text(damaged)
        assert told_before(["--only", "pdf"]) is None
