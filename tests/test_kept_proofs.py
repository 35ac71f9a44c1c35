"""What an earlier build proved of a part: believed where every byte is the same, and only there."""

import os
import pickle
import shutil
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proof_sample import Sample, break_pdf, sample

from octavo.cache import Cache
from octavo.proof import ProofFailed, partplaces, reading
from octavo.proof.crossref import IN_FILE, IN_STREAM, CrossReferences
from octavo.proof.digests import Digests, Endless
from octavo.proof.links import Finder
from octavo.proof.partproof import PartProof
from octavo.proof.pdftext import Extractor
from octavo.proof.streams import stands_apart

Reads = Counter[str]
Edit = Callable[[pikepdf.Pdf], None]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """How many pages each reader reads; none of them to try what is kept."""
    count: Reads = Counter()
    text, streams = Extractor.text, reading.read_streams

    def count_drawn(self: Extractor, number: int) -> str:
        count["drawn"] += 1
        return text(self, number)

    def count_streams(*arguments: object) -> object:
        count["streams"] += 1
        return streams(*arguments)

    monkeypatch.setattr(Extractor, "text", count_drawn)
    monkeypatch.setattr(reading, "read_streams", count_streams)
    monkeypatch.setattr(reading, "SAMPLE", 0)
    return count


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """One that knows the sample."""
    known = Cache(tmp_path / "cache")
    sample().prove(cache=known)
    return known


def prove(pdf: bytes, cache: Cache) -> None:
    """Prove the sample's words in another PDF, whatever comes of it."""
    try:
        replace(sample(), pdf=pdf).prove(epub=False, cache=cache)
    except ProofFailed:
        return


def test_what_was_read_is_not_read_again(cache: Cache, reads: Reads) -> None:
    """And it proves the same."""
    assert sample().prove(cache=cache) == sample().prove()
    # Once, without the cache.
    assert reads == {"drawn": 6, "streams": 6}


def test_what_is_told_of_other_parts_changes_no_page(cache: Cache, reads: Reads) -> None:
    """Links and outline are followed in every build; pages are not read for their sake."""

    def edit(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.Outlines
        pdf.Root.StructTreeRoot.K[0].Lang = pikepdf.String("fr")

    prove(break_pdf(edit).pdf, cache)
    assert reads == {}


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[2].Resources.Font.values()))


def change_content(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[2].Contents
    stream = stream[-1] if isinstance(stream, pikepdf.Array) else stream
    stream.write(stream.read_bytes() + b"\n")


def change_text_layer(pdf: pikepdf.Pdf) -> None:
    stream = font(pdf).ToUnicode
    stream.write(stream.read_bytes().replace(b"<0061>", b"<0062>") + b" ")


def change_widths(pdf: pikepdf.Pdf) -> None:
    font(pdf).DescendantFonts[0].W[1][0] = 333


def change_program(pdf: pikepdf.Pdf) -> None:
    file = font(pdf).DescendantFonts[0].FontDescriptor.FontFile2
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write(bytes(data))


def change_glyphs(pdf: pikepdf.Pdf) -> None:
    stream = font(pdf).DescendantFonts[0].CIDToGIDMap
    data = bytearray(stream.read_bytes())
    data[-1] ^= 1
    stream.write(bytes(data))


def change_box(pdf: pikepdf.Pdf) -> None:
    pdf.pages[2].MediaBox[2] = 300


def turn_by_the_tree(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Rotate = 90


def read_to_the_left(pdf: pikepdf.Pdf) -> None:
    """PDFium asks the viewer's preferences which way a line is read."""
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(Direction=pikepdf.Name.R2L)


def go_round(pdf: pikepdf.Pdf) -> None:
    """What has no end has no digest."""
    resources = pdf.pages[2].Resources
    resources.Properties = pdf.make_indirect(pikepdf.Dictionary())
    resources.Properties.Again = resources.Properties


@pytest.mark.parametrize(
    "edit",
    [
        change_content,
        change_text_layer,
        change_widths,
        change_program,
        change_glyphs,
        change_box,
        turn_by_the_tree,
        read_to_the_left,
        go_round,
    ],
)
def test_whatever_is_read_of_a_page_it_is_read_again_when_that_changes(
    cache: Cache, reads: Reads, edit: Edit
) -> None:
    """By both readers, and only the parts that the change touches."""
    prove(break_pdf(edit).pdf, cache)
    assert reads["drawn"] == reads["streams"] > 0


def change_folio(pdf: pikepdf.Pdf, number: int = 2) -> None:
    """A glyph of the folio the next one, as where pages were added before."""
    stream = pdf.pages[number].Contents[0]
    before, _, after = stream.read_bytes().partition(b"<0")
    changed = b"%b<%04x%b" % (before, int(after[:3], 16) + 1, after[3:])
    stream.write(zlib.compress(changed), filter=pikepdf.Name.FlateDecode)


def test_a_wrong_folio_is_seen(cache: Cache, reads: Reads) -> None:
    """Its stream is the only thing that changed."""
    broken = break_pdf(change_folio)
    with pytest.raises(ProofFailed) as found:
        broken.prove(epub=False, cache=cache)
    assert reads["drawn"] == reads["streams"] > 0
    assert "furniture" in {one.proof for one in found.value.discrepancies}


def moved() -> Sample:
    """The sample with the pages of its body moved by one, but for the first."""

    def edit(pdf: pikepdf.Pdf) -> None:
        for number in (3, 4):
            change_folio(pdf, number)
        pdf.Root.PageLabels.Nums.extend([3, pikepdf.Dictionary(S=pikepdf.Name.D, St=3)])

    declared = sample().declared
    sheets = [
        replace(sheet, label=str(int(sheet.label) + 1), furniture=(str(int(sheet.label) + 1),))
        if number in (3, 4)
        else replace(sheet, label=str(int(sheet.label) + 1))
        if number > 4
        else sheet
        for number, sheet in enumerate(declared.sheets)
    ]
    return replace(break_pdf(edit), declared=replace(declared, sheets=tuple(sheets)))


def test_a_page_is_known_under_another_folio(cache: Cache, reads: Reads) -> None:
    """Where it stands in a stream apart we read it, and PDFium need not read the page again."""
    with pytest.raises(ProofFailed) as found:
        moved().prove(epub=False, cache=cache)
    # Contents and index give the old folios, the last part's own does not fit.
    assert {one.proof for one in found.value.discrepancies} <= {"contents", "locators", "furniture"}
    assert reads["drawn"] == reads["streams"] <= 1


def test_a_stream_that_leaves_something_behind_does_not_stand_apart() -> None:
    """An open mark, a state that is not restored, or a string that could hold words."""
    for content, apart in {
        b"q\n/Artifact BMC\nEMC\nQ": True,
        b"q\n/Artifact BMC\nQ": False,
        b"q\n/Artifact BMC\nEMC\nq\nQ": False,
        b"q\nBT\nQ": False,
        b"q\nEMC\n/Artifact BMC\nQ": False,
        b"q ET BT Q": False,
        b"q Q Q q q Q": False,
        b"q Q q Q": False,
        b"q % Q\nQ": False,
        b"q\nBT (EMC) Tj ET\nQ": False,
        b"/Artifact BMC\nEMC": False,
        b"": False,
    }.items():
        pdf = pikepdf.new()
        page = pdf.add_blank_page()
        page.Contents = pikepdf.Array([pdf.make_stream(content), pdf.make_stream(b"")])
        assert stands_apart(page.obj) == apart, content


def test_another_part_stays_known(cache: Cache, reads: Reads) -> None:
    prove(break_pdf(change_content).pdf, cache)
    assert 0 < reads["streams"] < 6


def test_what_reaches_beyond_itself_is_not_kept(cache: Cache, reads: Reads) -> None:
    """It could change with the other part, and its own bytes stay the same."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[2].Resources.Properties = pikepdf.Dictionary(Other=pdf.pages[5].obj)

    broken = break_pdf(edit)
    for _ in range(2):
        reads.clear()
        prove(broken.pdf, cache)
        assert 0 < reads["drawn"] == reads["streams"] < 6


def test_every_object_is_where_the_table_says() -> None:
    """As pikepdf finds them."""
    data = sample().pdf
    with pikepdf.open(BytesIO(data)) as pdf:
        table = CrossReferences(data, pdf)
        for number in range(1, len(table._kinds)):
            found = pdf.get_object(number, 0)
            if table._kinds[number] == IN_FILE:
                assert table._written(number).startswith(b"%d 0 obj" % number)
                assert isinstance(found, pikepdf.Stream)
            elif table._kinds[number] == IN_STREAM:
                held = table._held(table._places[number])
                assert isinstance(found, pikepdf.Dictionary | pikepdf.Array)
                assert held
            else:
                assert found is None


def test_names_are_read_as_others_read_them() -> None:
    """As bytes of the file, where they are plain: pikepdf takes them one by one."""
    data = sample().pdf
    with pikepdf.open(BytesIO(data)) as pdf:
        numbers = partplaces.page_numbers(pdf)
        known = Finder(pdf, numbers, CrossReferences(data, pdf))._names
        assert known == Finder(pdf, numbers)._names
        assert known == {
            str(name): spot[0].objgen[0]
            for name, spot in pikepdf.NameTree(pdf.Root.Names.Dests).items()
        }
        assert len(known) > 10


def outcome(pdf: bytes, cache: Cache | None) -> list[str]:
    """All that is said of a file, whatever it is."""
    try:
        replace(sample(), pdf=pdf).prove(epub=False, cache=cache)
    except ProofFailed as failed:
        return [str(one) for one in failed.discrepancies]
    except Exception as error:  # noqa: BLE001 - any will do, if it is the same
        return [type(error).__name__]
    return []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, len(sample().pdf) - 1), st.integers(1, 255))
def test_the_same_is_said_of_a_damaged_file(cache: Cache, at: int, change: int) -> None:
    """Whatever is known of the sound one."""
    data = bytearray(sample().pdf)
    data[at] ^= change
    assert outcome(bytes(data), cache) == outcome(bytes(data), None)


def test_a_reference_in_a_string_is_none() -> None:
    pdf = pikepdf.new()
    one, other = (pdf.make_indirect(pikepdf.Dictionary(A=1)) for _ in range(2))
    names = [f"({number[0]} 0 R" for number in (one.objgen, other.objgen)]
    digests = [Digests(pdf).of(pikepdf.Dictionary(A=pikepdf.String(name))) for name in names]
    assert digests[0] != digests[1]
    assert Digests(pdf).of(pikepdf.Array([one])) == Digests(pdf).of(pikepdf.Array([other]))
    one.Again = one
    with pytest.raises(Endless):
        Digests(pdf).of(one)


def entries(cache_folder: Path) -> list[Path]:
    return sorted(cache_folder.glob("kept-*"))


def test_a_damaged_reading_is_made_again(cache: Cache, reads: Reads, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in entries(tmp_path / "cache")}
    for path, data in before.items():
        path.write_bytes(data[:-1] + b"?")
    sample().prove(cache=cache)
    assert reads == {"drawn": 6, "streams": 6}
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.usefixtures("cache")
def test_a_cache_from_elsewhere_is_closed(reads: Reads, tmp_path: Path) -> None:
    """Its seal came with it, with all its times, and does not fit this place."""
    shutil.copytree(tmp_path / "cache", tmp_path / "other")
    seal = (tmp_path / "cache/seal").stat()
    os.utime(tmp_path / "other/seal", ns=(seal.st_atime_ns, seal.st_mtime_ns))
    sample().prove(epub=False, cache=Cache(tmp_path / "other"))
    assert reads == {"drawn": 6, "streams": 6}


def test_a_cache_that_cannot_be_sealed_proves_nothing(tmp_path: Path, reads: Reads) -> None:
    (tmp_path / "file").write_text("in the way")
    for _ in range(2):
        sample().prove(epub=False, cache=Cache(tmp_path / "file"))
    assert reads == {"drawn": 12, "streams": 12}


def falsify(folder: Path, **fields: object) -> None:
    """Change what is kept of every part, so that it is another proof and no damage."""
    cache = Cache(folder)
    for path in entries(folder):
        key = path.name.removeprefix("kept-")
        proof = pickle.loads(cache.read(key) or b"")
        if isinstance(proof, PartProof):
            cache.keep(key, pickle.dumps(replace(proof, **fields)))


@pytest.mark.parametrize("whose", ["seen", "streams"])
def test_what_a_reader_does_not_bear_out_is_not_believed(
    cache: Cache, reads: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    """A few pages of what is kept are read again in every build; where one differs, all are."""
    falsify(tmp_path / "cache", **{whose: (b"another",) * 6})
    monkeypatch.setattr(reading, "SAMPLE", 6)
    sample().prove(epub=False, cache=cache)
    # One on trial at the least, then all.
    assert reads["drawn"] > 6


def test_a_file_that_is_opened_again_and_again_is_read_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a long one is, for what is read of it is held as long as it is open."""
    whole = sample().prove()
    monkeypatch.setattr(reading, "AT_ONCE", 0)
    assert sample().prove() == whole


def test_what_is_wrong_is_not_kept(cache: Cache, reads: Reads) -> None:
    broken = break_pdf(change_text_layer)
    for _ in range(2):
        reads.clear()
        prove(broken.pdf, cache)
        assert reads["drawn"] > 0
