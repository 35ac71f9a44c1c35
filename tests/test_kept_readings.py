"""What the proof read in an earlier build: used where every byte is the same, and only there."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proof_sample import break_pdf, sample

from octavo.cache import Cache
from octavo.proof import ProofFailed, kept, reading
from octavo.proof.digests import Digests, Endless
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
    from dataclasses import replace

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
    """Links, outline, tags and labels are read in every build; pages are not, for their sake."""

    def edit(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.Outlines
        pdf.Root.PageLabels.Nums[-1].St = 2
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


def change_folio(pdf: pikepdf.Pdf) -> None:
    """A glyph of the folio another one, as where pages were added before."""
    stream = pdf.pages[2].Contents[0]
    before, _, after = stream.read_bytes().partition(b"<0")
    stream.write(b"%b<%04x%b" % (before, int(after[:3], 16) + 1, after[3:]))


def test_the_text_of_a_page_is_known_under_another_folio(cache: Cache, reads: Reads) -> None:
    """PDFium reads the page again; we read the folio, whose stream stands apart, and see it."""
    broken = break_pdf(change_folio)
    with pytest.raises(ProofFailed) as found:
        broken.prove(epub=False, cache=cache)
    assert reads["drawn"] > 0
    assert reads["streams"] == 0
    assert "furniture" in {one.proof for one in found.value.discrepancies}


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


def test_a_page_is_known_under_any_number() -> None:
    """Objects may be numbered anew; what the page looks like is what counts."""
    shifted = break_pdf(lambda pdf: [pdf.make_indirect(pikepdf.Dictionary()) for _ in range(9)])
    out = BytesIO()
    with pikepdf.open(BytesIO(shifted.pdf)) as pdf:
        del pdf.Root.Outlines
        pdf.save(out)

    def digests(data: bytes) -> list[bytes]:
        with pikepdf.open(BytesIO(data)) as pdf:
            return [Digests(pdf).page(page.obj) for page in pdf.pages]

    assert digests(out.getvalue()) == digests(sample().pdf)
    assert len(set(digests(sample().pdf))) == 6


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


def falsify(cache: Cache, whose: str, before: bytes, after: bytes, folder: Path) -> None:
    """Change what is kept of a reader's, so that it is another reading and no damage."""
    for path in entries(folder):
        key = path.name.removeprefix("kept-")
        if key.endswith(whose):
            cache.keep(key, (cache.read(key) or b"").replace(before, after))


def test_a_reading_that_pdfium_does_not_bear_out_is_not_believed(
    cache: Cache, reads: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kept pages are read again in every build; where one differs, all are."""
    falsify(cache, reading.AS_DRAWN, b"e", b"o", tmp_path / "cache")
    monkeypatch.setattr(reading, "SAMPLE", 6)
    sample().prove(epub=False, cache=cache)
    assert reads["streams"] == 6


def test_a_reading_that_we_do_not_bear_out_is_not_believed(
    cache: Cache, reads: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some kept pages are read again by us too, or the pages that moved would be on no trial."""
    falsify(cache, reading.AS_TAGGED, b"th", b"ht", tmp_path / "cache")
    monkeypatch.setattr(reading, "SAMPLE", 6)
    sample().prove(epub=False, cache=cache)
    # One on trial at the least, then all.
    assert reads["streams"] > 6


def test_a_kept_reading_is_what_was_read() -> None:
    """Every run and mark of it."""
    with pikepdf.open(BytesIO(sample().pdf)) as pdf:
        fonts = reading.Fonts(Digests(pdf))
        pages = [
            reading.read_streams(number, page.obj, fonts) for number, page in enumerate(pdf.pages)
        ]
    assert sum(len(list(page.runs())) for page in pages) > 50
    drawn = ["a\nb", "\ud800"]
    assert kept.unpack_drawn(kept.pack_drawn(drawn), 2) == drawn
    assert kept.unpack_texts(kept.pack_texts(pages), range(6), fonts.known) == pages


JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=3), st.just("f")),
    lambda inner: st.lists(inner, max_size=8),
)


@given(st.one_of(st.binary(max_size=99), JSON.map(kept._to_bytes), st.just(b"[" * 10**5)))
def test_bytes_that_are_no_reading_are_told(data: bytes) -> None:
    with pytest.raises(kept.Unreadable):
        kept.unpack_drawn(data, 9)
    with pytest.raises(kept.Unreadable):
        kept.unpack_texts(data, range(1), {})
