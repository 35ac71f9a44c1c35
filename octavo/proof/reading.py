"""The pages of a finished PDF, read by PDFium and by our own walk of their streams.

Comes in: the file, and how many pages each part has. Goes out: its pages as drawn, and its
tag tree. The one decision: what an earlier build read is taken from the cache where all of it
that is read is byte for byte the same; a page then costs its digest. The two readings know
nothing of each other, so that they can be made by two processes. Where pages move, all folios
change: if a page draws its own in a stream apart, we read that anew, and the text is kept.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain
from random import Random
from typing import Any, TypeVar

from octavo.beside import beside
from octavo.cache import Cache, key_of
from octavo.proof import kept
from octavo.proof.digests import Digests, Endless
from octavo.proof.pdffont import Fonts
from octavo.proof.pdftext import DrawnPage, Extractor, versions
from octavo.proof.streams import PageText, joined, read_apart, read_streams, stands_apart
from octavo.proof.tagtree import TagTree, read_tree

SAMPLE = 12
"""Kept pages that each reader reads again, others in each file: the keys are on trial too."""
FEW = 40
"""So many pages are read sooner than a process is forked and heard."""
AS_DRAWN, AS_TAGGED = "-drawn", "-tagged"
"""Behind the key of a part: whose reading is kept."""


Page = TypeVar("Page")


@dataclass(slots=True)
class _Part:
    """Pages whose readings are kept together."""

    pages: range
    drawn_key: str = ""
    """Empty where nothing can be kept."""
    tagged_key: str = ""
    drawn: list[str] | None = None
    """By PDFium."""


class PdfReading:
    """A finished PDF as it is read."""

    def __init__(
        self, pdf: bytes, document: Any, counts: Sequence[int], cache: Cache | None
    ) -> None:
        """Begin to read *pdf*, which is open as *document*; *counts* are the parts' pages."""
        self._pdf, self._document, self._cache = pdf, document, cache
        self._pages = [page.obj for page in document.pages]
        digests = Digests(document)
        self._fonts = Fonts(digests)
        for page in self._pages:
            self._fonts.read_all(page.get("/Resources", {}))
        self._parts = list(_cut(len(self._pages), counts))
        self._is_kept_true = True
        self._parted = {n for n, page in enumerate(self._pages) if stands_apart(page)}
        # A file that had to be mended to be read may be mended otherwise by another reader.
        if cache and cache.seal and not document.get_warnings():
            self._find_kept(cache, digests)

    def drawn(self) -> tuple[DrawnPage, ...]:
        """The pages as PDFium sees them; keeps what was read now."""
        unread = [part for part in self._parts if part.drawn is None]
        # Half of them beside the other half, for our own reading may have less to do.
        half = len(unread) // 2 if sum(len(part.pages) for part in unread) > 2 * FEW else 0
        wait = beside(partial(self._read_drawn, unread[:half])) if half else list
        now = self._read_drawn(unread[half:])
        for part, texts in zip(unread, [*wait(), *now], strict=True):
            part.drawn = texts
            self._keep(part.drawn_key, kept.pack_drawn(texts))
        with Extractor(self._pdf) as extractor:
            labels = extractor.labels()
        drawn = (text for part in self._parts for text in part.drawn or ())
        return tuple(DrawnPage(*page) for page in zip(labels, drawn, strict=True))

    def _read_drawn(self, parts: Sequence[_Part]) -> list[list[str]]:
        with Extractor(self._pdf) as extractor:
            return [[extractor.text(number) for number in part.pages] for part in parts]

    def tree(self) -> TagTree:
        """The tag tree, and all text by its marks; keeps what was read now."""
        known = [self._texts_kept(part) for part in self._parts]
        if not self._is_text_true(known):
            known = [None] * len(known)
        texts = [
            self._texts_read(part) if text is None else text
            for part, text in zip(self._parts, known, strict=True)
        ]
        pages = [self._joined(*page) for page in enumerate(chain.from_iterable(texts))]
        for page in pages:
            for run in page.runs():
                run.font.drawn.update(run.codes)
        return read_tree(self._document, pages, self._fonts.known.values())

    def _texts_kept(self, part: _Part) -> Sequence[PageText] | None:
        """What the streams of a part draw, without those that are read anew."""
        data = self._kept(part.tagged_key)
        if data is not None:
            with suppress(kept.Unreadable):
                return kept.unpack_texts(data, part.pages, self._fonts.known)
        return None

    def _texts_read(self, part: _Part) -> Sequence[PageText]:
        """The same read now, and kept."""
        texts = [self._read(number) for number in part.pages]
        self._keep(part.tagged_key, kept.pack_texts(texts))
        return texts

    def _is_text_true(self, known: Sequence[Sequence[PageText] | None]) -> bool:
        """Whether we read some of the kept pages as we did before."""
        pages = [
            page
            for part, texts in zip(self._parts, known, strict=True)
            for page in zip(part.pages, texts or (), strict=False)
        ]
        return all(self._read(number) == text for number, text in self._sample(pages))

    def _joined(self, number: int, text: PageText) -> PageText:
        """All that a page draws."""
        if number not in self._parted:
            return text
        return joined(read_apart(number, self._pages[number], self._fonts), text)

    def _read(self, number: int) -> PageText:
        return read_streams(number, self._pages[number], self._fonts, self._rest(number))

    def _rest(self, number: int) -> Any:
        """The stream of a page beside the one that stands apart; none where all are one."""
        return self._pages[number].Contents[1] if number in self._parted else None

    def _kept(self, key: str) -> bytes | None:
        return self._cache.read(key) if self._cache and key and self._is_kept_true else None

    def _keep(self, key: str, data: bytes) -> None:
        if self._cache and key:
            self._cache.keep(key, data)

    def _find_kept(self, cache: Cache, digests: Digests) -> None:
        import pikepdf

        libraries = (versions(), f"{pikepdf.__version__} {pikepdf.__libqpdf_version__}".encode())
        around = (kept.readers(*libraries), cache.seal)
        for part in self._parts:
            try:
                whole = [digests.page(self._pages[n]) for n in part.pages]
                rest = [digests.page(self._pages[n], self._rest(n)) for n in part.pages]
                part.drawn_key = key_of(*around, digests.catalog(), *whole) + AS_DRAWN
                part.tagged_key = key_of(*around, digests.catalog(), *rest) + AS_TAGGED
            except (Endless, RecursionError):
                continue
            data = self._kept(part.drawn_key)
            if data is not None:
                with suppress(kept.Unreadable):
                    part.drawn = kept.unpack_drawn(data, len(part.pages))
        self._is_kept_true = self._is_sample_true()
        if not self._is_kept_true:
            for part in self._parts:
                part.drawn = None

    def _is_sample_true(self) -> bool:
        """Whether PDFium reads some of the kept pages as it did before."""
        pages = [
            page for part in self._parts for page in zip(part.pages, part.drawn or (), strict=False)
        ]
        with Extractor(self._pdf) as extractor:
            return all(extractor.text(number) == text for number, text in self._sample(pages))

    def _sample(self, pages: Sequence[Page]) -> Sequence[Page]:
        """Some of *pages*, others in each file."""
        chance = Random(blake2b(self._pdf, digest_size=8).digest())  # noqa: S311 - no secret
        return chance.sample(pages, min(SAMPLE, len(pages)))


def _cut(count: int, counts: Sequence[int]) -> Iterator[_Part]:
    """Part *count* pages by *counts*, which are only declared: all pages are in one part."""
    first = 0
    for pages in (*counts, count):
        end = min(count, first + pages)
        if end > first:
            yield _Part(range(first, end))
        first = end
