"""The parts of a finished PDF, each read by PDFium and by our own walk of its streams and tags.

Comes in: the file, and what must be in it. Goes out: a proof of each part. The one decision: a
part that an earlier build proved is not read again where all of it is byte for byte the same and
must hold the same words. Where only its folios are other ones, for pages were added before it,
these are read anew, if they stand in streams apart.

What is kept is believed, as PDFium is. So it stands under the cache's seal, it is kept only where
nothing was wrong, and a few pages of it are read again in every build.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import accumulate
from random import Random
from typing import Any

from octavo.beside import beside
from octavo.memory import Memory
from octavo.proof.expected import Speech, lines_of_part
from octavo.proof.fonts import Face
from octavo.proof.links import read_annotations
from octavo.proof.partplaces import Places
from octavo.proof.partproof import (
    PartProof,
    PartReading,
    digest_of_body,
    digest_of_streams,
    prove_part,
)
from octavo.proof.pdftext import Extractor, ways_without_furniture
from octavo.proof.streams import PageText, is_sound, joined, read_apart, read_streams, stands_apart
from octavo.proof.tagtext import is_folio
from octavo.proof.tagtree import read_tree
from octavo.proof.turnedtext import is_turned_book, without_furniture
from octavo.proof.wanted import Wanted

AT_ONCE = 600
"""Pages that are read before the file is opened anew."""
SAMPLE = 5
"""Kept pages that each reader reads again, others in each file: what is kept is on trial too."""
FEW = 40
"""A book of so many pages is read sooner than a process is forked and heard."""
REST = 4400
"""About so many objects are read in the time that the rest of a proof takes.

These numbers share work between two processes, and nothing else hangs on them.
"""
PAGE = 120
"""About so many are read in the time that the text of a page is."""
FOLIO = 12
"""And its folio alone."""


class PdfReading:
    """A finished PDF as its parts are read."""

    def __init__(
        self,
        pdf: bytes,
        document: Any,
        extractor: Extractor,
        wanted: Sequence[Wanted],
        speech: Speech,
        faces: Mapping[str, Face],
        memory: Memory,
    ) -> None:
        """Begin to read *pdf*, which has as many pages as *wanted*.

        It is open as *document* and in *extractor*; processes that read share both.
        """
        self._pdf, self._document, self._memory = pdf, document, memory
        self._extractor = extractor
        self._source = document
        """The same again, for what is read once."""
        self._wanted, self._speech, self._faces = wanted, speech, faces
        self._places = Places(pdf, document, wanted, faces)
        self.fonts = self._places.fonts

    @property
    def places(self) -> Places:
        """Where the parts stand."""
        return self._places

    @property
    def first_pages(self) -> Sequence[int]:
        """The indices of the parts' first pages."""
        return [place.first for place in self._places]

    def begin(self) -> Callable[[], tuple[PartProof, ...]]:
        """Begin to prove every part; the function returned waits until all are, and keeps them."""
        everything = range(len(self._wanted))
        kept = [self._find(at) for at in everything]
        moved = [None if kept[at] else self._find(at, moved=True) for at in everything]
        wait = self._make(kept, moved)
        known = [one or other for one, other in zip(kept, moved, strict=True)]
        if all(self._bears_out(known, *page) for page in self._sample(known)):
            return wait
        wait()
        for at, place in enumerate(self._places):
            if place.known:
                self._memory.forget(*self._key(at))
                self._memory.forget(*self._key(at, moved=True))
        nothing: list[PartProof | None] = [None for _ in everything]
        return self._make(nothing, nothing)

    # What is known ---------------------------------------------------------------

    def _find(self, at: int, *, moved: bool = False) -> PartProof | None:
        """What an earlier build proved of the part, if all of it or all but its folios is known."""
        if not self._places[at].known:
            return None
        found: PartProof | None = self._memory.find(*self._key(at, moved=moved))
        return found

    def _moved(self, at: int, moved: PartProof) -> PartProof | None:
        """What is true of a part that *moved*; None where its folios are not to be told apart."""
        place = self._places[at]
        folios = self._read_folios(at, moved.folios)
        if folios is None:
            return None
        now = replace(moved, folio_codes=folios)
        # The rest was closed when it was kept.
        if self._places.is_closed(range(place.folios, place.own.stop), place):
            self._memory.keep(now, *self._key(at))
        return now

    def _keep(self, at: int, proof: PartProof) -> None:
        """Keep what was proved of a part, if nothing else can change it."""
        place, sheets = self._places[at], self._wanted[at].sheets
        if proof.discrepancies or not place.known:
            return
        if self._places.is_closed(place.own, place):
            self._memory.keep(proof, *self._key(at))
            apart = {page for page, _ in proof.folios}
            if all((page in apart) == bool(sheet.furniture) for page, sheet in enumerate(sheets)):
                self._memory.keep(proof, *self._key(at, moved=True))

    def _key(self, at: int, *, moved: bool = False) -> tuple[bytes, ...]:
        place, wanted = self._places[at], self._wanted[at]
        elements, around = repr(place.elements).encode(), self._places.around
        if moved:
            return b"moved", around, place.known_moved, elements, wanted.digest(folios=False)
        return b"part", around, place.known, elements, wanted.digest(folios=True)

    def _read_folios(self, at: int, folios: Sequence[tuple[int, int]]) -> Mapping[str, str] | None:
        """The codes of a moved part's folios, if they stand in the same streams and are right."""
        codes = _Codes()
        sheets = self._wanted[at].sheets
        for number, stream in folios:
            page = self._document.get_object(self._places[at].pages[number], 0)
            if not stands_apart(page) or page.Contents[0].objgen[0] != stream:
                return None
            if not is_sound(page.Contents[0]):
                return None
            text = read_apart(number, page, self.fonts)
            if not is_folio(text, sheets[number]):
                return None
            codes.add(text)
        return codes.found

    def _sample(self, kept: Sequence[PartProof | None]) -> Sequence[tuple[int, int]]:
        """Some pages that need not be read, by part and page, others in each file."""
        pages = [
            (at, page)
            for at, proof in enumerate(kept)
            if proof
            for page in range(len(self._places[at].pages))
        ]
        # A digest of the file: no two of ours have the same.
        identifiers = self._document.trailer.get("/ID", ())
        chance = Random(b"".join(map(bytes, identifiers)))  # noqa: S311 - no secret
        return chance.sample(pages, min(SAMPLE, len(pages)))

    def _bears_out(self, kept: Sequence[PartProof | None], at: int, page: int) -> bool:
        """Whether both readers read the page *page* of a part as they did before."""
        proof, place = kept[at], self._places[at]
        assert proof
        text = self._extractor.text(place.first + page)
        sheet = self._wanted[at].sheets[page]
        ways = [bodies[0] for bodies in ways_without_furniture([text], [sheet], [])]
        if proof.seen[page] not in map(digest_of_body, [*ways, without_furniture(text, sheet)]):
            return False
        return self._read_page(at, page).digest == proof.streams[page]

    # What is read now --------------------------------------------------------------

    def _make(
        self, kept: Sequence[PartProof | None], moved: Sequence[PartProof | None]
    ) -> Callable[[], tuple[PartProof, ...]]:
        """Begin to prove the parts that are not *kept*, beside what else there is to do.

        Some are left to be proved when all are waited for, so many that both end at a time.
        """
        left = [number for number, proof in enumerate(kept) if proof is None]
        sizes = [*accumulate(self._size(at, is_moved=moved[at] is not None) for at in left)]
        share = bisect_left(sizes, (sizes[-1] + REST) / 2) + 1 if left else 0
        if len(self._places.numbers) <= FEW:
            share = 0
        wait = beside(partial(self._prove_all, left[:share], moved)) if share else list

        def finish() -> tuple[PartProof, ...]:
            now = self._prove_all(left[share:], moved)
            made = dict(zip(left, [*wait(), *now], strict=True))
            return tuple(proof or made[number] for number, proof in enumerate(kept))

        return finish

    def _size(self, at: int, *, is_moved: bool) -> int:
        """How much there is to read in a part, in objects."""
        place = self._places[at]
        if is_moved:
            return FOLIO * len(place.pages)
        return PAGE * len(place.pages) + len(place.own)

    def _prove_all(self, left: Sequence[int], moved: Sequence[PartProof | None]) -> list[PartProof]:
        proofs: list[PartProof] = []
        read = 0
        for at in left:
            if read > AT_ONCE:
                read = 0
                self._open_again()
            before = moved[at]
            proof = self._moved(at, before) if before else None
            if proof is None:
                proof = self._prove(at)
                read += len(self._places[at].pages)
            proofs.append(proof)
        return proofs

    def _open_again(self) -> None:
        """Let go of all objects that were read: QPDF keeps each of them as long as it is open."""
        import pikepdf

        self._source = pikepdf.open(BytesIO(self._pdf), inherit_page_attributes=False)

    def _prove(self, at: int) -> PartProof:
        wanted = self._wanted[at]
        lines = tuple(lines_of_part(wanted.part, self._speech))
        read = self._read(at)
        proof = prove_part(lines, wanted.sheets, read, self._faces, wanted.part.links)
        self._keep(at, proof)
        return proof

    def _read(self, at: int) -> PartReading:
        place = self._places[at]
        pages = [self._read_page(at, number) for number in range(len(place.pages))]
        codes, folio_codes = _Codes(), _Codes()
        for page in pages:
            codes.add(page.rest)
            folio_codes.add(page.folio)
        numbers = {number: page for page, number in enumerate(place.pages)}
        objects = [self._source.get_object(number, 0) for number in place.pages]
        tree = self._source.Root.StructTreeRoot
        return PartReading(
            texts=tuple(
                self._extractor.text(place.first + page) for page in range(len(place.pages))
            ),
            tree=read_tree(
                [self._source.get_object(number, 0) for number in self._places[at].elements],
                [joined(page.folio, page.rest) for page in pages],
                numbers,
                tree.get("/RoleMap", {}),
            ),
            annotations=tuple(
                one for at, page in enumerate(objects) for one in read_annotations(page, at)
            ),
            codes=codes.found,
            folio_codes=folio_codes.found,
            folios=tuple((at, page.stream) for at, page in enumerate(pages) if page.stream),
            streams=tuple(page.digest for page in pages),
            is_turned=is_turned_book(self._source),
        )

    def _read_page(self, at: int, number: int) -> "_Page":
        page = self._source.get_object(self._places[at].pages[number], 0)
        if not stands_apart(page):
            rest = read_streams(number, page, self.fonts)
            return _Page(PageText(), rest, 0, digest_of_streams(rest))
        rest = read_streams(number, page, self.fonts, page.Contents[1])
        stream = page.Contents[0].objgen[0]
        return _Page(read_apart(number, page, self.fonts), rest, stream, digest_of_streams(rest))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as we read it."""

    folio: PageText
    """What the stream draws that stands apart; nothing where there is none."""
    rest: PageText
    stream: int
    """The number of that stream, 0 for none."""
    digest: bytes
    """Of the rest."""


class _Codes:
    """Collects the codes that are drawn, by the digests of their fonts."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def add(self, text: PageText) -> None:
        for run in text.runs():
            known = self.found.get(run.font.digest, "")
            more = set(run.codes).difference(known)
            if more:
                self.found[run.font.digest] = known + "".join(sorted(more))
