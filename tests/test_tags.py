"""The tag tree of the finished PDF: what is one thing is one element, and has a name."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from test_print import first_book, first_pdf, particulars

from octavo.index import Index
from octavo.print.bindery import Attachment, bind
from octavo.print.copy import Copy
from octavo.print.fonts import FontCase
from octavo.print.metadata import srgb_profile
from octavo.print.place import Part
from octavo.print.signature import set_signature
from octavo.proof.attached import check_attached
from octavo.render import TEMPLATES
from octavo.render.indexrows import link_points
from octavo.render.pages import stylesheet

GROUPS = {"/Document", "/Sect", "/Index", "/TOC", "/L", "/Div"}


@cache
def opened() -> Any:
    return pikepdf.open(BytesIO(first_pdf()))


def kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def elements(element: Any = None) -> Iterator[Any]:
    """Every structure element below *element*, or of the tree, in order."""
    for kid in kids(element or opened().Root.StructTreeRoot):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def named(role: str, element: Any = None) -> list[Any]:
    return [found for found in elements(element) if role == found.S]


def roles(element: Any) -> list[str]:
    return [
        str(kid.S) for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
    ]


def marks(element: Any) -> int:
    """How many stretches of text stand directly in *element*."""
    return sum(
        isinstance(kid, int) or (isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid)
        for kid in kids(element)
    )


def test_a_paragraph_is_one_element_however_many_pages_it_takes() -> None:
    """As many paragraphs in the turns as the transcript has; no element for a line."""
    reading, _ = first_book()
    turns = [div for div in named("/Div") if "/T" in div]
    paragraphs = [p for turn in turns for p in named("/P", turn)]
    assert len(paragraphs) == sum(len(turn.paragraphs) for turn in reading.book.turns())
    pages = [
        {kid.Pg.objgen for kid in kids(p) if isinstance(kid, pikepdf.Dictionary)} - {p.Pg.objgen}
        for p in paragraphs
    ]
    assert any(pages), "some paragraph runs on over a page"
    assert named("/Span") == []


def test_each_turn_is_a_group_named_after_its_speaker() -> None:
    """A screen reader can say who speaks before it reads on."""
    reading, _ = first_book()
    titles = [str(div.T) for div in named("/Div") if "/T" in div]
    assert titles == [turn.speaker.full_name for turn in reading.book.turns()]


def test_the_contents_is_a_table_of_contents() -> None:
    """TOC, TOCI, Reference, Link: as ISO 32000-1, 14.8.4.3, has it."""
    _, layout = first_book()
    (contents,) = named("/TOC")
    assert roles(contents) == ["/TOCI"] * len(layout.contents)
    for item in kids(contents):
        assert roles(item) == ["/Reference"]
        assert roles(kids(item)[0]) == ["/Link"]


def test_the_index_is_an_index_of_nested_lists() -> None:
    """A list a letter, an item an entry, and below an entry a list of its subentries."""
    _, layout = first_book()
    index: Index = layout.index
    (root,) = named("/Index")
    lists = [kid for kid in kids(root) if kid.S == "/L"]
    assert len(lists) == len(index.groups)
    for found, group in zip(lists, index.groups, strict=True):
        assert roles(found) == ["/LI"] * len(group.entries)
        for item, entry in zip(kids(found), group.entries, strict=True):
            assert roles(item) == ["/LBody"]
            below = named("/LI", item)
            # "See also" below subentries is an item of its own.
            assert len(below) == len(entry.subs) + bool(entry.subs and entry.see_also)


def test_every_locator_is_a_reference_with_a_link_told_in_words() -> None:
    """It says "page 12, Three Represents", not the name of an anchor (PDF/UA-1, 7.18.5)."""
    _, layout = first_book()
    (root,) = named("/Index")
    links = [link for reference in named("/Reference", root) for link in named("/Link", reference)]
    assert len(links) == len(named("/Link", root)) - 1  # The heading leads to the contents.
    spoken = [
        str(kid.Obj.Contents)
        for link in links
        for kid in kids(link)
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
    ]
    for entry in layout.index.entries():
        for locator in entry.locators:
            main = ", principal passage" if locator.main else ""
            assert f"page {locator.spoken}, {entry.heading}{main}" in spoken


def test_text_stands_in_paragraphs_items_headings_and_links_alone() -> None:
    """A group holds elements, never text; no element is empty."""
    for element in elements():
        if str(element.S) in GROUPS:
            assert marks(element) == 0, element.S
        assert kids(element), element.S


def test_headings_do_not_skip_a_level() -> None:
    """H1 first, and never H3 below H1 (PDF/UA-1, 7.4.2)."""
    levels = [
        int(str(e.S)[2:]) for e in elements() if str(e.S)[:2] == "/H" and str(e.S)[2:].isdecimal()
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_phrase_of_another_language_says_so() -> None:
    """Its element has the language, a span becomes one for it; other spans are none."""
    reading, _ = first_book()
    css = stylesheet(reading.templates, reading.book)
    html = (
        '<html lang="en"><head><title>x</title></head><body><p>He said '
        '<span lang="fr">au <i>revoir</i></span> and <i>left</i>.</p></body></html>'
    )
    signature = set_signature(Copy(html, css, (TEMPLATES,)))
    case = FontCase([TEMPLATES])
    with pikepdf.open(
        BytesIO(bind([Part(signature, ("1",))], {}, case, particulars(reading)))
    ) as pdf:
        (span,) = named("/Span", pdf.Root.StructTreeRoot)
        assert span.Lang == "fr"
        assert marks(span) == 2
        assert [kid.S for kid in elements(pdf.Root.StructTreeRoot)] == ["/Document", "/P", "/Span"]


def test_metadata_is_said_alike_in_both_places() -> None:
    """XMP and Info agree, and both standards are claimed."""
    with opened().open_metadata(set_pikepdf_as_editor=False) as xmp:
        info = opened().trailer.Info
        assert xmp["dc:title"] == str(info.Title)
        assert "; ".join(xmp["dc:creator"]) == str(info.Author)
        assert xmp["pdf:Producer"] == str(info.Producer)
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == (
            "3",
            "A",
            "1",
        )


def test_markup_in_a_title_is_a_title() -> None:
    """Text is data: the metadata is well-formed whatever the book is called."""
    reading, layout = first_book()
    said = particulars(reading)
    said = type(said)("A < B & “C” ]]>", said.authors, "en", said.identifier, said.modified, "x")
    with pikepdf.open(
        BytesIO(bind(layout.parts, link_points(layout.index), layout.case, said))
    ) as pdf:
        assert pdf.open_metadata()["dc:title"] == "A < B & “C” ]]>"


def test_the_transcript_goes_with_the_book() -> None:
    """Attached as its source, byte for byte; a file more or less is found."""
    reading, layout = first_book()
    points = link_points(layout.index)
    file = Attachment("said.txt", b"What was said", "text/plain", "as received")
    pdf = bind(layout.parts, points, layout.case, particulars(reading), [file])
    with pikepdf.open(BytesIO(pdf)) as document:
        (spec,) = document.Root.AF
        assert spec.AFRelationship == "/Source"
        assert spec.EF.F.Subtype == "/text/plain"
        digest = "0db8e5f7"
        wrong = list(check_attached(document, {"said.txt": digest, "other.txt": digest}))
    assert [(d.place, d.expected) for d in wrong] == [("other.txt", digest), ("said.txt", digest)]


def test_the_colour_profile_is_read_by_others() -> None:
    """LittleCMS takes it for the sRGB that it is, and it is always the same bytes."""
    from PIL import Image, ImageCms

    profile = ImageCms.ImageCmsProfile(BytesIO(srgb_profile()))
    assert ImageCms.getProfileDescription(profile).strip() == "sRGB"
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "RGB", "RGB")
    for colour in ((0, 0, 0), (255, 255, 255), (200, 30, 90), (12, 140, 60)):
        seen = ImageCms.applyTransform(Image.new("RGB", (1, 1), colour), transform)
        assert seen is not None
        seen_colour = seen.getpixel((0, 0))
        assert isinstance(seen_colour, tuple)
        assert max(abs(a - b) for a, b in zip(seen_colour, colour, strict=True)) <= 1
