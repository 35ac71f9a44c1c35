"""The site: static files to put anywhere, and nothing that must run there.

Comes in: the Book and the files that were made of it. Goes out: pages, feeds, style and fonts
by their names. The one decision: all that a page needs lies beside it, so that it is the same
from a server, from a folder, and from a disk without a network.
"""

from octavo.book import Book
from octavo.memory import Memory
from octavo.render import Templates
from octavo.render.catalogue import render_feed, render_publications
from octavo.render.faces import more_faces
from octavo.render.site import FEED, LANDING, PUBLICATIONS, Site
from octavo.render.web import render_landing, render_reading

__all__ = ["make_reading", "make_site"]

FOLDER = "web"
ASSETS = {
    "base.css": "web/base.css",
    "landing.css": "web/landing.css",
    "reading.css": "web/reading.css",
    "find.js": "web/find.js",
    "icon.svg": "preview/icon.svg",
    # Whole, for the licence lets nobody change a font and keep its name.
    "SourceSerif4-Regular.ttf.woff2": "fonts/SourceSerif4-Regular.ttf.woff2",
    "SourceSerif4-It.ttf.woff2": "fonts/SourceSerif4-It.ttf.woff2",
    "SourceSerif4-Bold.ttf.woff2": "fonts/SourceSerif4-Bold.ttf.woff2",
    "LICENSE.txt": "fonts/LICENSE.md",
}
"""What pages load, by name, and where it stands among the templates."""


def make_reading(site: Site, memory: Memory) -> bytes:
    """Return the page to read on, which offers nothing to download; *memory* keeps its chapters."""
    return render_reading(site, memory).encode()


def make_site(site: Site) -> dict[str, bytes]:
    """Return all other files of the site by their paths below ``dist/``."""
    pages = {
        LANDING: render_landing(site),
        FEED: render_feed(site),
        PUBLICATIONS: render_publications(site),
    }
    made = {name: text.encode() for name, text in pages.items()}
    return {**made, **assets(site.templates, site.book)}


def assets(templates: Templates, book: Book) -> dict[str, bytes]:
    """Style, script and fonts, by their paths."""
    more = more_faces(templates, book)
    named = {**ASSETS, **{name: f"fonts/{name}" for name in more.files}}
    found = {f"{FOLDER}/{name}": templates.find(own).read_bytes() for name, own in named.items()}
    found[f"{FOLDER}/base.css"] += more.css.encode()
    return found
