"""The proof: the finished files read back, and what came out compared with what went in.

Comes in: the bytes of the PDF and of the EPUB, the transcripts, the Book, the index and
what is declared. Goes out: a sum of what was proved. The one decision: a failed proof is
a fault of ours, so it is an exception that says every discrepancy, never a finding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from octavo.book import Book
from octavo.cache import key_of
from octavo.memory import Memory
from octavo.proof.declared import Declared, Part, Sheet, Source
from octavo.proof.markup import lines_of_html, links_of_html
from octavo.proof.outcome import Discrepancy, ProofFailed, Proved, silence

if TYPE_CHECKING:
    from octavo.index.parts import Index

__all__ = [
    "Declared",
    "Discrepancy",
    "Part",
    "ProofFailed",
    "Proved",
    "Sheet",
    "Source",
    "lines_of_html",
    "links_of_html",
    "prove",
]


LAST: list[object] = []
"""The PDF that was proved last: what it takes is given back by the end of the process, which is
quicker at it than QPDF and PDFium."""


def prove(
    pdf: bytes | None,
    epub: bytes | None,
    *,
    book: Book,
    sources: Sequence[Source] | None,
    index: "Index",
    declared: Declared,
    memory: Memory | None = None,
) -> Proved:
    """Prove the finished files; an output that was not made is None.

    *sources* are the transcripts' files, one a chapter, which are read again; None where they
    are proved with another output of the same Book. *memory* keeps what is proved of a part while
    its bytes and its words stay the same. Raises ``ProofFailed`` with every discrepancy that
    was found.
    """
    proof = _Proof(book, declared, index, memory or Memory(None))
    if sources is not None:
        proof.transcripts(sources)
    if pdf is not None:
        proof.pdf(pdf)
    if epub is not None:
        proof.epub(epub)
    proof.silence()
    if proof.wrong:
        raise ProofFailed(proof.wrong)
    return proof.proved


def get_ready() -> None:
    """Load what proving a PDF needs: to be done while it is still being made."""
    import pikepdf

    import octavo.proof.attached
    import octavo.proof.locators
    import octavo.proof.pdftext
    import octavo.proof.reading
    import octavo.proof.source
    import octavo.proof.ties

    assert pikepdf
    octavo.proof.pdftext.get_ready()


class _Proof:
    """Collects discrepancies and counts what was proved."""

    def __init__(self, book: Book, declared: Declared, index: "Index", memory: Memory) -> None:
        from octavo.proof.fonts import read_faces
        from octavo.proof.locators import printed_locators

        self.wrong: list[Discrepancy] = []
        self.proved = Proved()
        self._book = book
        self._declared = declared
        self._memory = memory
        self._locators = tuple(printed_locators(index))
        self._faces = read_faces(declared.fonts)

    def transcripts(self, sources: Sequence[Source]) -> None:
        """Prove the Book: it says what the sources say, and its index matched what it tells."""
        from octavo.proof.locators import check_mentions
        from octavo.proof.source import check_transcripts

        self._note(check_mentions(self._locators, self._book))
        words, wrong = check_transcripts(self._book, sources, self._memory)
        self._note(wrong)
        self._add(words=words)

    def pdf(self, data: bytes) -> None:
        """Prove words as drawn, words in tag order, locators, fonts and links of the PDF."""
        import pikepdf

        from octavo.proof.attached import check_attached
        from octavo.proof.drawnbook import DrawnBook
        from octavo.proof.expected import speech_of
        from octavo.proof.links import Finder, read_outline
        from octavo.proof.locators import check_contents, check_pdf_locators
        from octavo.proof.pdftext import Extractor, check_pages
        from octavo.proof.reading import PdfReading
        from octavo.proof.source import check_heads
        from octavo.proof.ties import check_ties
        from octavo.proof.wanted import wanted_parts

        extractor = Extractor(data)
        labels = tuple(extractor.labels())
        wrong = list(check_pages(labels, self._declared))
        self._note(wrong)
        # As it stands there, or what pages inherit would seem to be their own.
        document = pikepdf.open(BytesIO(data), inherit_page_attributes=False)
        LAST[:] = [document, extractor]
        wanted = () if wrong else tuple(wanted_parts(self._declared, self._book))
        reading = PdfReading(
            data, document, extractor, wanted, speech_of(self._book), self._faces, self._memory
        )
        wait = reading.begin()
        # Meanwhile.
        finder = Finder(document, reading.places.numbers, reading.places.table)
        outline = tuple(read_outline(document))
        self._note(check_attached(document, self._declared.attached))
        self._note(check_heads(self._book, self._declared.printed, "the PDF"))
        proofs = wait()
        drawn = DrawnBook(labels, tuple(reading.first_pages), proofs)
        tied = check_ties(
            document, outline, finder, drawn, reading.fonts, self._declared, self._faces
        )
        missed = [one for proof in proofs for one in proof.discrepancies]
        self._note([*missed, *reading.places.disorder, *tied.wrong])
        if not wrong and not missed:
            # Where the pages are not the book's, no place on them can be told.
            self._note(check_pdf_locators(self._locators, drawn, tied.linked))
            self._note(check_contents(self._declared, drawn))
        self._add(
            pages=len(labels), locators=len(self._locators), links=tied.links, fonts=tied.fonts
        )

    def epub(self, data: bytes) -> None:
        """Prove words, locators, fonts and links of the EPUB."""
        from octavo.proof.epub import open_epub
        from octavo.proof.epubtext import read_epub
        from octavo.proof.fonts import check_epub_fonts, count_webfonts
        from octavo.proof.links import check_epub_links, count_epub_links
        from octavo.proof.locators import check_epub_locators
        from octavo.proof.source import check_heads

        epub = open_epub(data)
        targets = [one.target for one in self._locators]
        seed = key_of(data).encode()
        read = read_epub(epub, self._declared, self._book, targets, self._memory, seed)
        self._note(read.wrong)
        self._note(check_heads(self._book, self._declared.ebook, "the EPUB"))
        self._note(check_epub_fonts(epub, read.spine, self._declared, self._faces))
        self._note(check_epub_links(epub, read.documents, self._declared))
        self._note(check_epub_locators(self._locators, read.spine, self._book))
        self._add(
            locators=len(self._locators),
            links=count_epub_links(read.documents),
            fonts=count_webfonts(epub),
        )

    def silence(self) -> None:
        self.wrong += silence(self._declared.warnings)

    def _note(self, discrepancies: Iterator[Discrepancy] | Sequence[Discrepancy]) -> None:
        self.wrong += discrepancies

    def _add(self, **counts: int) -> None:
        sums = {name: getattr(self.proved, name) + count for name, count in counts.items()}
        self.proved = replace(self.proved, **sums)
