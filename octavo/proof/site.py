"""The site as it will lie in ``dist/``: every link alive, every sum true, nothing from elsewhere.

Comes in: all files of the folder. Goes out: discrepancies. The one decision: what a page offers
is asked of the very bytes beside it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from json import loads
from typing import Any
from urllib.parse import unquote, urlsplit

from octavo.proof.markup import text_of
from octavo.proof.outcome import Discrepancy
from octavo.proof.pdftext import read_labels
from octavo.proof.web import READING, PageRead, parse, read_page

LANDING, FEED, PUBLICATIONS = "index.html", "opds.xml", "opds.json"
PROOF = "the site"
LOADED = "//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src"
NUMBER = re.compile(r"\d[\d,.\u202f]*")
ACQUISITION = "http://opds-spec.org/acquisition"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def check_site(
    files: Mapping[str, bytes], offered: Sequence[str], reading: PageRead
) -> Iterator[Discrepancy]:
    """Prove *files*, which are all that lies in the folder and of which those *offered* are books.

    *reading* is the page to read on, as it was proved.
    """
    landing = parse(files[LANDING])
    read = read_page(LANDING, landing, ())
    pages = {READING: reading, LANDING: PageRead(frozenset(read.ids), read.links)}
    for name in pages:
        yield from _check_links(name, pages, files)
    for name in pages:
        # Nothing but the head of a page loads anything.
        for href in parse(files[name].partition(b"<body")[0]).xpath(LOADED):
            if unquote(href) not in files:
                yield Discrepancy(PROOF, name, "nothing from elsewhere", href)
    yield from _check_offers(landing, files, offered)
    yield from _check_feeds(files, offered)


def _check_links(
    name: str, pages: Mapping[str, PageRead], files: Mapping[str, bytes]
) -> Iterator[Discrepancy]:
    """Every address on a page leads to a file beside it, or to an id, or elsewhere."""
    for href, target, fragment in pages[name].links:
        if not target:
            if urlsplit(href).scheme not in {"http", "https", "mailto"}:
                yield Discrepancy(PROOF, name, "an address of a page", href)
            continue
        if target not in files:
            yield Discrepancy(PROOF, name, "a file of the site", f"dead link `{href}`")
        elif fragment and (target not in pages or fragment not in pages[target].ids):
            yield Discrepancy(PROOF, name, "an id", f"dead link `{href}`")


def _check_offers(
    tree: Any, files: Mapping[str, bytes], offered: Sequence[str]
) -> Iterator[Discrepancy]:
    """Each book can be downloaded, and is told by its own checksum."""
    downloads = [unquote(href) for href in tree.xpath("//a[@download]/@href")]
    names = [text_of(one) for one in tree.xpath("//dl[@class='checksums']/dt")]
    told = [text_of(one) for one in tree.xpath("//dl[@class='checksums']/dd")]
    for what, found in (("downloads", downloads), ("checksums", names)):
        if found != [*offered]:
            yield Discrepancy(PROOF, LANDING, f"{what} of {[*offered]}", f"of {found}")
    for name, checksum in zip(offered, told, strict=False):
        expected = sha256(files[name]).hexdigest()
        if checksum != expected:
            yield Discrepancy(PROOF, name, expected, checksum)
    for link in tree.xpath("//a[@download]"):
        yield from _check_told(unquote(link.get("href")), text_of(link), files)


def _check_told(name: str, text: str, files: Mapping[str, bytes]) -> Iterator[Discrepancy]:
    """What a download says of its size, and of its pages where it has such, is true."""
    if name not in files:
        # Told already: the page offers what is not there.
        return
    told = {int(re.sub(r"\D", "", number)) for number in NUMBER.findall(text)}
    expected = {round(len(files[name]) / 1024)}
    if name.endswith(".pdf"):
        expected.add(len(read_labels(files[name])))
    if not expected <= told:
        yield Discrepancy(PROOF, name, f"{sorted(expected)} pages and KB", text)


def _check_feeds(files: Mapping[str, bytes], offered: Sequence[str]) -> Iterator[Discrepancy]:
    """Each feed offers the books, and no file that is not there."""
    from lxml import etree

    feed: Any = etree.fromstring(files[FEED])
    listed = loads(files[PUBLICATIONS])["publications"][0]
    books = {
        FEED: feed.xpath(f"//a:link[@rel='{ACQUISITION}']/@href", namespaces=ATOM),
        PUBLICATIONS: [
            link["href"] for link in listed["links"] if link["rel"].startswith(ACQUISITION)
        ],
    }
    hrefs = {
        FEED: feed.xpath("//@href"),
        PUBLICATIONS: [link["href"] for link in (*listed["links"], *listed.get("images", ()))],
    }
    for name, all_of_it in hrefs.items():
        found = [_file(href) for href in books[name]]
        if found != [*offered]:
            yield Discrepancy(PROOF, name, f"books: {[*offered]}", f"{found}")
        for href in all_of_it:
            if _file(href) not in files:
                yield Discrepancy(PROOF, name, "a file of the site", f"dead link `{href}`")


def _file(href: str) -> str:
    """The name of the file that an address leads to, which may be absolute."""
    return unquote(urlsplit(href).path.rpartition("/")[2])
