"""Files appear under their names only whole."""

from pathlib import Path

import pytest

from octavo.account import Account
from octavo.findings import Finding, Weight
from octavo.ledger import Entry, Ledger, digest, still_true
from octavo.model import Location
from octavo.outputs import write_whole


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


def test_a_changed_input_output_or_setting_makes_an_entry_untrue(tmp_path: Path) -> None:
    """The ledger trusts content alone."""
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_bytes(b"1")
    output.write_bytes(b"2")
    entry = Entry(
        {str(source): digest(source)}, {str(output): digest(output)}, {"a": "b"}, Account()
    )
    assert still_true(entry, [source], {"a": "b"})
    assert not still_true(entry, [source], {"a": "c"})
    assert not still_true(entry, [source, tmp_path / "new"], {"a": "b"})
    output.write_bytes(b"3")
    assert not still_true(entry, [source], {"a": "b"})
    output.write_bytes(b"2")
    source.unlink()
    assert not still_true(entry, [source], {"a": "b"})


def test_a_ledger_is_read_back_as_written(tmp_path: Path) -> None:
    """And a damaged one is no ledger."""
    ledger = Ledger(tmp_path, "key")
    assert ledger.read() is None
    remark = Finding(Location("a.txt", 3, 4), "lone", "one `b`", "add `c`", Weight.REMARK)
    account = Account((remark,), ("line",), ("b",), {"ix-tea": ["4", "9–11"]}, {"ix-tea": "tea"})
    entry = Entry({"a": "1"}, {"b": "2"}, {"c": "3"}, account)
    ledger.write(entry)
    assert ledger.read() == entry
    next(tmp_path.glob("ledger-*")).write_text("[]")
    assert ledger.read() is None
