"""The press: from an edition's folder to the finished files.

Comes in: a request. Goes out: files, written only when every proof holds. Each product
is a function of those before it: transcripts and edition make the Book; the Book, the
signatures; the signatures, the page map; the page map, contents, index and e-book.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from octavo.beside import beside
from octavo.book import Book
from octavo.edition import file_stem, show_path
from octavo.findings import Finding, Findings
from octavo.model import Location
from octavo.outputs import write_whole
from octavo.press.reading import Reading, read_book

if TYPE_CHECKING:
    from octavo.ebook import MadeEbook
    from octavo.press.layout import Layout
    from octavo.proof import Proved

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be built."""

    book: Path
    """The edition's folder."""
    out: Path
    only: frozenset[str] = frozenset({"pdf", "epub"})


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    files: Mapping[Path, bytes]
    inputs: Mapping[Path, bytes]
    """The transcripts, as they were read."""
    lines: tuple[str, ...]
    """What to say of it: a line a file, and the sum of the proofs."""


def build(request: Request, findings: Findings, progress: Progress) -> Built:
    """Make, prove and write the book.

    Raises ``Unbuildable`` when the editor's files hold faults, and ``ProofFailed`` when
    the finished files are not the book; nothing is written then.
    """
    with _one_collection():
        reading = read_book(request.book, findings)
        built = _make(reading, request, findings, progress)
    _write(built.files, request.out, findings)
    return built


def _make(reading: Reading, request: Request, findings: Findings, progress: Progress) -> Built:
    from octavo.press.layout import lay_out
    from octavo.press.proving import sum_up

    layout = lay_out(reading, findings, progress)
    stem = file_stem(reading.edition)
    progress("binding, packing and proving")
    makers = {
        "pdf": lambda: _make_pdf(reading, layout),
        "epub": lambda: _make_epub(reading, layout),
    }
    wanted = [name for name in makers if name in request.only]
    # The first is made here, the other beside it.
    waits = [beside(makers[name]) for name in wanted[1:]]
    made = [makers[wanted[0]](), *(wait() for wait in waits)]
    files = {
        request.out / f"{stem}.{name}": data for name, (data, _) in zip(wanted, made, strict=True)
    }
    lines = [_file_line(path, data, layout) for path, data in files.items()]
    return Built(files, reading.sources, (*lines, sum_up([p for _, p in made])))


def _make_pdf(reading: Reading, layout: "Layout") -> tuple[bytes, "Proved"]:
    from octavo import proof
    from octavo.press.proving import prove_pdf
    from octavo.print import bindery

    # The index is still being set on the other core: there is time to load all this.
    bindery.get_ready()
    proof.get_ready()
    pdf = _bind(reading, layout)
    return pdf, prove_pdf(reading, layout, pdf)


def _make_epub(reading: Reading, layout: "Layout") -> tuple[bytes, "Proved"]:
    from octavo.press.proving import prove_epub

    ebook = _pack(reading, layout)
    return ebook.data, prove_epub(reading, layout, ebook)


def _bind(reading: Reading, layout: "Layout") -> bytes:
    from octavo import __version__
    from octavo.print.bindery import Particulars
    from octavo.print.make import bind_book
    from octavo.versions import package_version

    book = reading.book
    particulars = Particulars(
        title=f"{book.title}: {book.subtitle}" if book.subtitle else book.title,
        authors=tuple(person.name for person in book.edition.file.contributor),
        language=book.language,
        identifier=_pdf_identifier(book),
        modified=book.modified,
        producer=f"Octavo {__version__}; WeasyPrint {package_version('weasyprint')}",
    )
    points = tuple(locator.target for locator in layout.index.locators())
    return bind_book(layout.parts, points, reading.templates, particulars)


def _pack(reading: Reading, layout: "Layout") -> "MadeEbook":
    from octavo.ebook import make_ebook

    book = reading.book
    return make_ebook(
        book,
        layout.index,
        layout.pagemap,
        layout.contents,
        layout.matter,
        reading.templates,
        book.modified,
        _pdf_identifier(book),
    )


def _pdf_identifier(book: Book) -> str:
    """The PDF's own identifier, by which the EPUB names the source of its page numbers."""
    return uuid5(NAMESPACE_URL, f"{book.identifier} pdf").urn


def _file_line(path: Path, data: bytes, layout: "Layout") -> str:
    size = f"{len(data) / 1024:.0f} KB"
    if path.suffix == ".pdf":
        pages = sum(len(part.folios) + bool(part.blank_after) for part in layout.parts)
        return f"{show_path(path)}  {pages} pages, {size}"
    return f"{show_path(path)}  {size}"


def _write(files: Mapping[Path, bytes], out: Path, findings: Findings) -> None:
    """Put the files in place; a folder that cannot be written is the editor's to mend."""
    try:
        write_whole(files)
    except OSError as error:
        findings.report(
            Finding(
                Location(show_path(out)),
                "unwritable",
                f"the book cannot be written: `{error.filename}`: {error.strerror}",
                "make room for it there, or choose another folder with `--out`",
            )
        )
        findings.stop_on_faults()


@contextmanager
def _one_collection() -> Iterator[None]:
    """Keep the collector from walking the growing heap again and again (8 to 20 % of a build)."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made stays out of the collector's sight, or it walks it all at once now.
        gc.freeze()
        if enabled:
            gc.enable()
