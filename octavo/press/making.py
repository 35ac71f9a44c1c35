"""The outputs made from the layout, each on a core of its own, and proved."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from octavo.beside import beside
from octavo.book import Book
from octavo.edition import file_stem, show_path
from octavo.findings import Finding, Findings
from octavo.press import Built, Progress, Request
from octavo.press.layout import lay_out
from octavo.press.reading import Reading, read_book
from octavo.print.compositor import Compositor

if TYPE_CHECKING:
    from octavo.ebook import MadeEbook
    from octavo.press.matter import Layout
    from octavo.print.metadata import Particulars
    from octavo.proof import Proved


LAST: list[object] = []
"""What the last book was made of: the end of the process is quicker than Python at freeing it."""


def make(request: Request, compositor: Compositor, findings: Findings, progress: Progress) -> Built:
    """Make and prove the files; see ``build``."""
    with ExitStack() as work:
        return _make(request, compositor, findings, progress, work)


def _make(
    request: Request,
    compositor: Compositor,
    findings: Findings,
    progress: Progress,
    work: ExitStack,
) -> Built:
    """Make them; what was begun beside and is not waited for ends with *work*."""
    reading = read_book(request.book, findings, request.cache)
    to_bind = "pdf" in request.only
    meanwhile = partial(_load_ebook, reading) if "epub" in request.only else lambda: None
    layout = lay_out(reading, compositor, findings, progress, to_bind=to_bind, meanwhile=meanwhile)
    LAST[:] = [reading, layout]
    # While the last signature is still being drawn.
    from octavo.press.changes import changes_of
    from octavo.press.linting import lint_layout
    from octavo.press.proving import sum_up
    from octavo.press.website import look_at_old_page, make_reading_page, make_website
    from octavo.print.lint import sum_of_faults
    from octavo.render.site import LANDING

    progress("binding, packing and proving")
    # Before the e-book is made by a process that cannot hear the compositor.
    assert layout.cover.setting.signature
    makers = {
        "pdf": lambda: _make_pdf(request, reading, layout, compositor, findings),
        "epub": lambda: _make_epub(reading, layout),
    }
    wanted = [name for name in makers if name in request.only]
    # The first is made here, all else beside it.
    waits = [beside(makers[name]) for name in wanted[1:]]
    for wait in waits:
        work.callback(wait.close)
    stem = file_stem(reading.edition)
    read = partial(make_reading_page, reading, layout)
    page = beside(read) if "web" in request.only else None
    if page:
        work.callback(page.close)
    made = [makers[wanted[0]](), *(wait() for wait in waits)]
    findings.stop_on_faults()
    named = {f"{stem}{ending}": data for some, _ in made for ending, data in some.items()}
    known = {f"{stem}.pdf": made[0][1].pages}
    lines = [_file_line(request.out / name, data, known) for name, data in named.items()]
    if page:
        named |= make_website(reading, layout, page(), named, stem)
        lines.append(f"{show_path(request.out / LANDING)}  the page to download them from")
    for finding in look_at_old_page(request.out, reading.book, is_made=bool(page)):
        findings.report(finding)
    files = {request.out / name: data for name, data in named.items()}
    lines.append(sum_up([proved for _, proved in made]))
    if "pdf" in wanted:
        faults = lint_layout(reading, layout, compositor.engine_versions)
        lines.append(sum_of_faults(faults))
    return Built(files, reading.sources, tuple(lines), changes_of(layout))


Made = tuple[dict[str, bytes], "Proved"]
"""Files by what follows the book's name in theirs, and what was proved of them."""


def _make_pdf(
    request: Request,
    reading: Reading,
    layout: "Layout",
    compositor: Compositor,
    findings: Findings,
) -> Made:
    from octavo.press.proving import prove_pdf

    pdf = bind_layout(reading, layout)
    # The e-book is made and proved sooner, so that the sources are proved with it.
    with_sources = "epub" not in request.only
    proved = prove_pdf(reading, layout, pdf, with_sources=with_sources)
    files = {".pdf": pdf} if "reading" in reading.edition.file.print.edition else {}
    if "press" in reading.edition.file.print.edition:
        files |= _make_press_file(reading, pdf, findings)
    if "cover" in reading.edition.file.print.edition:
        from octavo.press.cover import make_cover
        from octavo.print.bindery import count_pages

        particulars = _particulars(reading)
        files["-cover.pdf"] = make_cover(reading, layout, compositor, count_pages(pdf), particulars)
    return files, proved


def _make_press_file(reading: Reading, pdf: bytes, findings: Findings) -> dict[str, bytes]:
    """Make the proved *pdf* over for the printer; a colour in it is the editor's to mend."""
    from octavo.press.sheetproof import prove_press
    from octavo.print.printer import Coloured, PrinterSheet, for_printer
    from octavo.render.pages import points

    table = reading.edition.file.print
    sheet = PrinterSheet(points(table.bleed), table.signature)
    try:
        press = for_printer(pdf, sheet, _particulars(reading))
    except Coloured as error:
        hint = "print in black and greys, or leave `press` out of `edition`"
        findings.report(Finding(table.location, "coloured", str(error), hint))
        return {}
    prove_press(pdf, press, table.signature)
    return {"-press.pdf": press}


def _load_ebook(reading: Reading) -> None:
    """Load what the process needs that will make the e-book: a fork of this one."""
    from octavo.ebook import package
    from octavo.press import coverpicture, proving, sheetproof
    from octavo.proof import epubtext, press
    from octavo.render import ebook

    assert all((package, coverpicture, proving, sheetproof, epubtext, press, ebook))
    reading.templates.get_ready("ebook")


def _make_epub(reading: Reading, layout: "Layout") -> Made:
    from octavo.press.coverpicture import draw_front
    from octavo.press.proving import prove_epub

    pictures = draw_front(layout.cover, layout.case, reading.memory)
    ebook = _pack(reading, layout, pictures.cover)
    files = {".epub": ebook.data, "-cover.png": pictures.thumbnail}
    return files, prove_epub(reading, layout, ebook)


def bind_layout(reading: Reading, layout: "Layout") -> bytes:
    """Sew what is not sewn of *layout*, and bind it into the PDF; this can be done once."""
    from octavo.print.bindery import Attachment
    from octavo.render.indexrows import link_points

    words = reading.templates.words
    sources = [
        Attachment(name, data, "text/plain", words["attached"])
        for name, data in reading.attached.items()
    ]
    points = link_points(layout.index)
    block = layout.block
    if block.is_empty:
        block.sew(place.part() for place in layout.body.places)
    block.sew(place.part() for place in layout.back)
    block.sew([layout.front.part()], in_front=True)
    for place in (layout.front, *layout.body.places, *layout.back):
        place.setting.shed()
    return block.bind(points, _particulars(reading), sources)


def _particulars(reading: Reading) -> "Particulars":
    from octavo import __version__
    from octavo.print.metadata import Particulars
    from octavo.versions import package_version

    book = reading.book
    return Particulars(
        title=f"{book.title}: {book.subtitle}" if book.subtitle else book.title,
        authors=tuple(person.name for person in book.edition.file.contributor),
        language=book.language,
        identifier=_pdf_identifier(book),
        modified=book.modified,
        producer=f"Octavo {__version__}; WeasyPrint {package_version('weasyprint')}",
    )


def _pack(reading: Reading, layout: "Layout", cover: bytes) -> "MadeEbook":
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
        cover,
        reading.memory,
    )


def _pdf_identifier(book: Book) -> str:
    """The PDF's own identifier, by which the EPUB names the source of its page numbers."""
    return uuid5(NAMESPACE_URL, f"{book.identifier} pdf").urn


def _file_line(path: Path, data: bytes, known: Mapping[str, int]) -> str:
    """What was made; the pages that are *known*, for they were proved, are not counted again."""
    size = f"{len(data) / 1024:.0f} KB"
    if path.suffix == ".pdf":
        from octavo.print.bindery import count_pages

        pages = known.get(path.name) or count_pages(data)
        return f"{show_path(path)}  {pages} pages, {size}"
    return f"{show_path(path)}  {size}"
