"""The site of the book, made last: it tells size, pages and checksum of each other file.

Comes in: the layout and the files that were made. Goes out: the site's files, proved.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from octavo.press.matter import Layout
from octavo.press.reading import Reading
from octavo.proof import ProofFailed
from octavo.render.cover import PICTURE
from octavo.render.web import Download, Picture, Site
from octavo.web import make_site

MEDIA_TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip"}


def make_web(
    reading: Reading, layout: Layout, files: Mapping[str, bytes], stem: str, pages: int
) -> dict[str, bytes]:
    """Make the site that offers *files*, of which the PDF has so many *pages*.

    Raises ``ProofFailed``.
    """
    from octavo.press.coverpicture import THUMBNAIL
    from octavo.proof.web import check_site

    cover = f"{stem}-cover.png"
    width, height = PICTURE
    site = Site(
        reading.book,
        layout.index,
        layout.pagemap,
        layout.contents,
        layout.matter,
        reading.templates,
        tuple(_downloads(files, stem, pages)),
        Picture(cover, THUMBNAIL, round(THUMBNAIL * height / width)) if cover in files else None,
    )
    made = make_site(site, reading.memory)
    wrong = list(check_site({**files, **made}, reading.book, layout.index))
    if wrong:
        raise ProofFailed(wrong)
    return made


def _downloads(files: Mapping[str, bytes], stem: str, pages: int) -> Sequence[Download]:
    offered = {kind: f"{stem}.{kind}" for kind in MEDIA_TYPES}
    return [
        Download(
            kind,
            name,
            MEDIA_TYPES[kind],
            len(files[name]),
            sha256(files[name]).hexdigest(),
            pages if kind == "pdf" else 0,
        )
        for kind, name in offered.items()
        if name in files
    ]
