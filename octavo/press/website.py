"""The site of the book: the page to read it on, and what is made last.

Comes in: the layout, and the files that were made. Goes out: the site's files, proved. The one
decision: only the page to download from tells sizes and checksums of the other files, so that
the text is made beside them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.book import Book
from octavo.edition import show_path
from octavo.findings import Finding, Weight
from octavo.model import Location
from octavo.press.matter import Layout
from octavo.press.reading import Reading
from octavo.proof.outcome import ProofFailed
from octavo.render.cover import PICTURE
from octavo.render.site import LANDING, READING, Download, Picture, Site

if TYPE_CHECKING:
    from octavo.proof.web import PageRead

IDENTIFIER = re.compile(rb'"identifier": ("[^"]*")')
"""In the facts for search engines, by which a page of ours is known."""
MEDIA_TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip"}


@dataclass(frozen=True, slots=True)
class MadeReading:
    """The page to read on, and what the proof read of it."""

    data: bytes
    read: "PageRead"


def make_reading_page(reading: Reading, layout: Layout) -> MadeReading:
    """Make the page to read on. Raises ``ProofFailed``."""
    from octavo.proof.web import prove_reading
    from octavo.render.web import text_rows
    from octavo.web import make_reading

    data = make_reading(_site(reading, layout, (), None), reading.memory)
    contents = [(row.heading, row.anchor) for row in text_rows(layout.contents)]
    folios = [start.folio for start in layout.pagemap.starts]
    read = prove_reading(data, reading.book, layout.index, contents, folios, reading.memory)
    return MadeReading(data, read)


def make_website(
    reading: Reading, layout: Layout, page: MadeReading, files: Mapping[str, bytes], stem: str
) -> dict[str, bytes]:
    """Make the site around the reading *page*, which offers *files*. Raises ``ProofFailed``."""
    from octavo.proof.site import check_site
    from octavo.web import make_site

    downloads = tuple(_downloads(layout, files, stem))
    site = _site(reading, layout, downloads, _cover(files, stem))
    made = {READING: page.data, **make_site(site)}
    wrong = list(check_site({**files, **made}, [one.name for one in downloads], page.read))
    if wrong:
        raise ProofFailed(wrong)
    return made


def look_at_old_page(out: Path, book: Book, *, is_made: bool) -> Iterator[Finding]:
    """Remark on the page that lies in *out*, where the build leaves it or takes its place."""
    path = out / LANDING
    try:
        told = IDENTIFIER.search(path.read_bytes())
    except OSError:
        return
    if not told:
        return
    is_own = loads(told[1]) == book.identifier
    if is_made and not is_own:
        found = f"`{show_path(path)}` was the page of another book, and is this one's now"
        hint = "give each book a folder of its own with `--out`"
    elif is_own and not is_made:
        found = f"`{show_path(path)}` tells of files that were made before"
        hint = "build without `--only`, and all are of one make"
    else:
        return
    yield Finding(Location(show_path(path)), "old-page", found, hint, Weight.REMARK)


def _site(
    reading: Reading, layout: Layout, downloads: tuple[Download, ...], cover: Picture | None
) -> Site:
    return Site(
        reading.book,
        layout.index,
        layout.pagemap,
        layout.contents,
        layout.matter,
        reading.templates,
        downloads,
        cover,
    )


def _cover(files: Mapping[str, bytes], stem: str) -> Picture | None:
    """The picture of the cover, which is made with the e-book."""
    from octavo.press.coverpicture import THUMBNAIL

    name, (width, height) = f"{stem}-cover.png", PICTURE
    size = (THUMBNAIL, round(THUMBNAIL * height / width))
    return Picture(name, *size) if name in files else None


def _downloads(layout: Layout, files: Mapping[str, bytes], stem: str) -> Iterator[Download]:
    for kind, media_type in MEDIA_TYPES.items():
        name = f"{stem}.{kind}"
        if name in files:
            data = files[name]
            pages = layout.count_pages() if kind == "pdf" else 0
            yield Download(kind, name, media_type, len(data), sha256(data).hexdigest(), pages)
