"""The e-book: the finished file opened again with nothing of what wrote it."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_STORED

import pytest
from ebook_sample import (
    ENTRIES,
    EPUB_TYPE,
    NAMESPACES,
    TALK,
    XML_LANG,
    Sample,
    said,
    sample,
    text_of,
)
from lxml import etree
from markupsafe import Markup

from octavo.edition.schema import BookTable, Entry
from octavo.render import TEMPLATES, read_words

RIVERS = sample()
TWICE = sample(TALK, TALK, entries=ENTRIES[1:])
"""Two transcripts of the same words. A principal passage would be found twice."""
FRONT = ["cover.xhtml", "title.xhtml", "imprint.xhtml", "nav.xhtml", "participants.xhtml",
         "note.xhtml"]  # fmt: skip


SUMMARY = (
    "All of this book is text, with a list of contents and headings. Each turn begins with its "
    "speaker’s name. There is no picture but that of the cover, whose words its description "
    "gives. The index leads to the words meant. The pages of the printed edition are marked and "
    "listed."
)


def html(given: Sample, name: str) -> str:
    return given.package.files[f"EPUB/{name}"].decode()


# The archive --------------------------------------------------------------------


def test_archive_begins_with_its_media_type_and_tells_no_time() -> None:
    """``mimetype`` is first and stored; every entry has the same date and mode."""
    first, *_ = RIVERS.package.entries
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert RIVERS.package.files["mimetype"] == b"application/epub+zip"
    kinds = {(e.date_time, e.create_system, e.external_attr) for e in RIVERS.package.entries}
    assert kinds == {((1980, 1, 1, 0, 0, 0), 3, 0o100644 << 16)}


def test_manifest_lists_every_file_once() -> None:
    """What the archive holds is what the package names, beside the package itself."""
    listed = [item.get("href") for item in RIVERS.package.find("content.opf", "//opf:item")]
    held = [name.removeprefix("EPUB/") for name in RIVERS.package.files if "EPUB/" in name]
    assert sorted([*listed, "content.opf"]) == sorted(held)


MAKE = "import sys; from ebook_sample import sample; sys.stdout.buffer.write(sample().made.data)"


@pytest.mark.parametrize("seed", ["0", "77"])
def test_same_bytes_in_another_process(seed: str) -> None:
    """Neither the process nor its hash seed nor its time zone shows in the file."""
    root = Path(__file__).parents[1]
    paths = f"{root}:{root / 'tests'}"
    environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": paths, "TZ": "Asia/Tokyo"}
    run = subprocess.run(
        [sys.executable, "-c", MAKE], env=environment, capture_output=True, check=False
    )
    assert run.stderr == b""
    assert run.stdout == RIVERS.made.data


def test_fonts_are_embedded_unmodified_with_their_licence() -> None:
    """The files are Adobe's own, byte for byte."""
    fonts = {name for name in RIVERS.package.files if name.startswith("EPUB/fonts/")}
    for name in fonts:
        own = Path(name).name.replace("LICENSE.txt", "LICENSE.md")
        assert RIVERS.package.files[name] == (TEMPLATES / "fonts" / own).read_bytes()
    assert sorted(Path(name).name for name in fonts) == [
        "LICENSE.txt",
        "SourceSerif4-Bold.ttf.woff2",
        "SourceSerif4-It.ttf.woff2",
        "SourceSerif4-Regular.ttf.woff2",
    ]


def test_no_heavy_package_is_imported_before_an_ebook_is_made() -> None:
    """Importing the room costs neither EbookLib nor lxml nor Jinja2."""
    code = "import sys, octavo.ebook; print({'ebooklib', 'jinja2', 'lxml'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_a_document_that_is_not_xml_is_never_packaged() -> None:
    """A broken document is our fault, and raises."""
    broken = replace(RIVERS, matter=replace(RIVERS.matter, note=Markup("<p>no end")))
    with pytest.raises(etree.XMLSyntaxError):
        _ = broken.made


# The package document -----------------------------------------------------------


def metadata(given: Sample) -> list[str]:
    """A line an element: its name or property, what it refines, its text."""
    lines = []
    for element in given.package.find("content.opf", "//opf:metadata/*"):
        name = element.get("property") or element.get("name")
        name = name or f"dc:{etree.QName(element).localname}"
        refined = element.get("refines", "")
        lines.append(f"{refined}{':' if refined else ''}{name} {element.text or ''}".rstrip())
    return lines


def test_metadata_says_what_is_true_and_no_more() -> None:
    """Every element of the metadata, in the order of the file."""
    assert metadata(RIVERS) == [
        "dcterms:modified 2026-11-23T12:30:00Z",
        "dc:identifier urn:uuid:00000000-0000-4000-8000-000000000000",
        "dc:language en",
        "dc:title Rivers",
        "dc:title A talk",
        "dc:creator Ann Lee",
        "dc:creator Wang Jiarui",
        "dc:source urn:uuid:00000000-0000-4000-8000-00000000000f",
        "#main-title:title-type main",
        "#main-title:display-seq 1",
        "#subtitle:title-type subtitle",
        "#subtitle:display-seq 2",
        "#person-1:role ivr",
        "#person-1:display-seq 1",
        "#person-2:role ive",
        "#person-2:file-as Wang Jiarui",
        "#person-2:display-seq 2",
        "pageBreakSource urn:uuid:00000000-0000-4000-8000-00000000000f",
        "schema:accessMode textual",
        "schema:accessModeSufficient textual",
        "schema:accessibilityFeature ARIA",
        "schema:accessibilityFeature displayTransformability",
        "schema:accessibilityFeature index",
        "schema:accessibilityFeature pageBreakMarkers",
        "schema:accessibilityFeature pageNavigation",
        "schema:accessibilityFeature readingOrder",
        "schema:accessibilityFeature structuralNavigation",
        "schema:accessibilityFeature tableOfContents",
        "schema:accessibilityHazard none",
        f"schema:accessibilitySummary {SUMMARY}",
        "cover",
    ]


def test_facts_of_the_edition_are_passed_on() -> None:
    """Date, publisher, rights, ISBN and series stand in the package where they are given."""
    table = BookTable(
        date="2005", isbn="978-3-16-148410-0", publisher="A Press", rights="Free", series="Talks"
    )
    lines = metadata(sample(table=table))
    expected = [
        "dc:identifier urn:isbn:9783161484100",
        "dc:date 2005",
        "dc:publisher A Press",
        "dc:rights Free",
        "belongs-to-collection Talks",
        "#series:collection-type series",
    ]
    assert [line for line in expected if line not in lines] == []


def test_conformance_is_claimed_only_where_somebody_looked() -> None:
    """And it is told who; without a name there is no claim."""
    claim = "dcterms:conformsTo EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    assert not any("conformsTo" in line for line in metadata(RIVERS))
    lines = metadata(sample(certified_by="Ann Example"))
    assert lines[lines.index(claim) + 1] == "#conformance:a11y:certifiedBy Ann Example"


def test_package_says_its_language_and_direction() -> None:
    """A book that is read from right to left says so wherever a reading system looks."""
    hebrew = sample(language="he")
    for given, language, direction in ((RIVERS, "en", "ltr"), (hebrew, "he", "rtl")):
        (spine,) = given.package.find("content.opf", "//opf:spine")
        assert given.package.opf.get(XML_LANG) == language
        assert given.package.opf.get("dir") == direction
        assert spine.get("page-progression-direction") == direction
    page = hebrew.package.tree("s1.xhtml")
    assert (page.get("dir"), page.get("lang"), page.get(XML_LANG)) == ("rtl", "he", "he")


def test_the_title_page_names_both_who_talk() -> None:
    """As the printed one does: who asks and who is asked."""
    lines = [text_of(line) for line in RIVERS.package.find("title.xhtml", "//x:p[@class]")]
    assert lines[-2:] == ["Wang Jiarui", "Keeper of the rivers"]
    assert "Ann Lee" in lines[:-2]


def test_documents_are_declared_for_what_they_hold() -> None:
    """The contents is the nav, the picture is the cover."""
    items = RIVERS.package.find("content.opf", "//opf:item[@properties]")
    assert {item.get("href"): item.get("properties") for item in items} == {
        "cover.png": "cover-image",
        "nav.xhtml": "nav",
    }


# Reading order and navigation -----------------------------------------------------


def test_spine_is_the_order_of_the_book() -> None:
    """Cover to colophon, a document a section, the contents among them."""
    sections = ["s0.xhtml", "s1.xhtml", "s2.xhtml"]
    assert RIVERS.package.spine == [*FRONT, *sections, "index.xhtml", "colophon.xhtml"]
    assert [document.name for document in RIVERS.made.spine] == RIVERS.package.spine


def test_contents_lists_what_the_printed_contents_lists() -> None:
    """Same headings, same order, each at the head of its document."""
    toc = RIVERS.package.links("toc")
    assert [heading for heading, _ in toc] == [row.heading for row in RIVERS.contents]
    assert [href for _, href in toc] == [
        "participants.xhtml", "note.xhtml", "s1.xhtml", "s2.xhtml", "index.xhtml", "colophon.xhtml",
    ]  # fmt: skip
    for heading, href in toc:
        (first, *_) = RIVERS.package.target(href).xpath("//x:h1", namespaces=NAMESPACES)
        assert text_of(first) == heading


def test_landmarks_name_the_key_places() -> None:
    """Each with its type, in reading order."""
    links = RIVERS.package.find("nav.xhtml", "//x:nav[@epub:type='landmarks']//x:a")
    assert [(a.get(EPUB_TYPE), a.get("href"), a.text) for a in links] == [
        ("cover", "cover.xhtml", "Cover"),
        ("titlepage", "title.xhtml", "Title page"),
        ("toc", "nav.xhtml", "Contents"),
        ("bodymatter", "s0.xhtml", "Text"),
        ("index", "index.xhtml", "Index of terms"),
        ("colophon", "colophon.xhtml", "Colophon"),
    ]


def test_only_the_contents_shows_in_the_nav() -> None:
    """Landmarks and pages are for the reading system's own menus."""
    navs = RIVERS.package.find("nav.xhtml", "//x:nav")
    shown = [(nav.get(EPUB_TYPE), nav.get("role"), nav.get("hidden")) for nav in navs]
    assert shown == [
        ("toc", "doc-toc", None),
        ("landmarks", None, "hidden"),
        ("page-list", "doc-pagelist", "hidden"),
    ]


def test_ncx_says_what_the_nav_says() -> None:
    """Old readers get the same headings and pages, to the same places."""
    points = RIVERS.package.find("contents.ncx", "//ncx:navPoint")
    pages = RIVERS.package.find("contents.ncx", "//ncx:pageTarget")
    links = [
        (text_of(p.find("ncx:navLabel", NAMESPACES)).strip(),
         p.find("ncx:content", NAMESPACES).get("src"))
        for p in (*points, *pages)
    ]  # fmt: skip
    assert links == [*RIVERS.package.links("toc"), *RIVERS.package.links("page-list")]


def test_chapters_hold_their_sections() -> None:
    """In a book of several transcripts the contents has two levels and chapters their heads."""
    book = TWICE
    (first, *_) = book.package.find("nav.xhtml", "//x:nav[@epub:type='toc']/x:ol/x:li[x:ol]")
    links = first.xpath(".//x:a", namespaces=NAMESPACES)
    assert [(text_of(a), a.get("href")) for a in links] == [
        ("Talk 1", "c1.s0.xhtml"),
        ("Where rivers begin", "c1.s1.xhtml"),
        ("The flood & after", "c1.s2.xhtml"),
    ]
    (depth,) = book.package.find("contents.ncx", "//ncx:meta[@name='dtb:depth']")
    assert depth.get("content") == "2"
    (head,) = book.package.find("c2.s0.xhtml", "//x:header")
    assert text_of(head).split("\n") == ["", "Talk 2", "Rivers", "A talk", "Ann Lee", ""]
    assert [e.tag for e in book.package.find("c2.s1.xhtml", "//x:h1|//x:h2")] == [
        f"{{{NAMESPACES['x']}}}h2"
    ]


def test_contents_of_a_book_without_headings_leads_to_its_text() -> None:
    """A contents with no entry is no EPUB; the title stands for the text."""
    talk = (("Wang", ["Yes."]), ("Li", ["No."]))
    table = BookTable(front=("title",))
    bare = sample(talk, headings={}, entries=(), table=table)
    assert bare.package.links("toc") == [("Rivers", "s0.xhtml")]


def test_parts_that_the_edition_leaves_out_are_left_out() -> None:
    """``front`` chooses and orders; cover and contents are always there."""
    book = sample(table=BookTable(front=("title", "note+imprint")))
    assert book.package.spine[:6] == [
        "cover.xhtml", "title.xhtml", "note.xhtml", "imprint.xhtml", "nav.xhtml", "s0.xhtml",
    ]  # fmt: skip


def test_book_without_an_index_promises_none() -> None:
    """No document, no landmark, no feature."""
    bare = sample(entries=())
    assert "index.xhtml" not in bare.package.spine
    assert "index" not in html(bare, "nav.xhtml")
    assert "index" not in html(bare, "content.opf")


# The text -----------------------------------------------------------------------


@pytest.mark.parametrize("given", [RIVERS, TWICE], ids=["one", "two chapters"])
def test_every_paragraph_says_the_words_of_the_book(given: Sample) -> None:
    """Each paragraph once, in order, and not a character more; markup in speech is text."""
    heads = [p.id for chapter in given.book.chapters for p in (*chapter.title, *chapter.byline)]
    found = [(name, words) for name, words in given.package.paragraphs() if name not in heads]
    assert found == said(given.book)


def test_the_head_stands_on_the_title_page() -> None:
    """Where the title page says the transcript's own title, its lines are there with their ids."""
    lines = RIVERS.package.find("title.xhtml", "//*[@id][not(self::x:section)]")
    assert [(line.get("id"), text_of(line)) for line in lines] == [
        ("title.1", "Rivers"),
        ("title.2", "A talk"),
        ("byline.1", "Ann Lee"),
    ]


def test_a_turn_begins_with_its_speaker() -> None:
    """Real text, bold with no stylesheet: the full name first, the short label after."""
    turns = RIVERS.package.find("s1.xhtml", "//x:div") + RIVERS.package.find("s2.xhtml", "//x:div")
    shown = [
        (turn.get("id"), turn.get("class"), turn.xpath("string(.//x:b)", namespaces=NAMESPACES))
        for turn in turns
        if turn.get("role") != "doc-pagebreak"
    ]
    assert shown == [
        ("t1", "turn role-interviewer", "Reporter"),
        ("t2", "turn role-interviewee", "Wang Jiarui"),
        ("t3", "turn role-interviewer", "Reporter"),
        ("t4", "turn role-interviewee", "Wang"),
    ]
    assert '<b class="label"><bdi>Wang</bdi></b> The ' in html(RIVERS, "s2.xhtml")


def test_events_are_told_from_speech() -> None:
    """Inside a paragraph in italics, between turns a paragraph of their own."""
    assert '<i class="event">[Rain.]</i>' in html(RIVERS, "s0.xhtml")
    assert '<p class="between" id="e1">' in html(RIVERS, "s1.xhtml")


def test_ids_stand_once_in_a_file() -> None:
    """Every id of every document."""
    for name in RIVERS.package.spine:
        ids = [element.get("id") for element in RIVERS.package.find(name, "//*[@id]")]
        assert len(ids) == len(set(ids)), name


# Printed pages --------------------------------------------------------------------


def test_page_list_is_the_page_map() -> None:
    """Each folio once, in order, leading to the break that bears its name."""
    pages = RIVERS.package.links("page-list")
    assert [folio for folio, _ in pages] == [start.folio for start in RIVERS.pagemap.starts]
    for folio, href in pages:
        target = RIVERS.package.target(href)
        assert (target.get("role"), target.get(EPUB_TYPE)) == ("doc-pagebreak", "pagebreak")
        assert (target.get("aria-label"), text_of(target)) == (folio, "")


def test_pages_begin_before_whole_words() -> None:
    """Before a heading, within a compound, after a dash; after a word that the page broke."""
    breaks = []
    for name in RIVERS.package.spine:
        page = re.sub(r'<(div|span) aria-label="(\d)" epub:type="pagebreak"[^>]*></\1>', r"|\2|",
                      html(RIVERS, name))  # fmt: skip
        text = " ".join(
            re.sub(r"<[^>]*>", "", page.partition("<body")[2].partition(">")[2]).split()
        )
        breaks += re.findall(r"(\S*) ?\|(\d)\| ?(\S*)", text)
    assert [found for found in breaks if found[1]] == [
        ("", "1", "Two"),
        ("", "2", "Where"),
        ("well-", "3", "ordered"),
        ("sea—", "4", "always."),
        ("committee", "5", "met"),
        ("", "6", "The"),
    ]


# The index ------------------------------------------------------------------------


def test_index_says_what_the_printed_index_says() -> None:
    """Headings, locators and references of each letter, as a reader sees them."""
    sections = RIVERS.package.find("index.xhtml", "//x:nav/x:section")
    assert [" ".join(text_of(section).split()) for section in sections] == [
        "C committee, 4, 6",
        "F flood, 6. See also rivers",
        "O order, 3",
        "R rivers, 1, 3, 5, 6. See also flood",
        "W water. See rivers",
    ]


def test_index_is_one_element_to_machines() -> None:
    """Type, role and name stand together, as the DAISY Knowledge Base asks."""
    (nav,) = RIVERS.package.find("index.xhtml", "//x:nav")
    assert (nav.get("role"), nav.get(EPUB_TYPE)) == ("doc-index", "index")
    assert text_of(RIVERS.package.target("#" + nav.get("aria-labelledby"), "index.xhtml")) == (
        "Index of terms"
    )


def test_locators_lead_to_the_words_on_their_page() -> None:
    """Each lands on its mention, behind the break of its folio and before the next."""
    places: dict[str, tuple[str, str]] = {}
    folio = ""
    for name in RIVERS.package.spine:
        for element in RIVERS.package.find(name, "//*[@id]"):
            if element.get("role") == "doc-pagebreak":
                folio = element.get("aria-label")
            places[f"{name}#{element.get('id')}"] = (folio, text_of(element))
    links = RIVERS.package.find("index.xhtml", "//x:a[contains(@href, '.xhtml')]")
    locators = list(RIVERS.index.locators())
    assert [text_of(link) for link in links] == [locator.text for locator in locators]
    for link, locator in zip(links, locators, strict=True):
        page, words = places[link.get("href")]
        assert page == locator.first
        assert locator.mentions[0].form.startswith(words)
        assert words


def test_the_principal_passage_is_bold() -> None:
    """A bold locator is bold with no stylesheet."""
    (bold,) = RIVERS.package.find("index.xhtml", "//x:a/x:b")
    assert bold.text == "4"


def test_a_range_is_one_link_with_a_name_for_the_ear() -> None:
    """The text has the dash, the accessible name the word."""
    talk = (("Wang", ["The river begins.", "|Rivers end."]),)
    book = sample(talk, headings={}, entries=[Entry("rivers", match=("river", "rivers"))])
    links = book.package.find("index.xhtml", "//x:a[contains(@href, '.xhtml')]")
    assert [(text_of(a), a.get("aria-label")) for a in links] == [("1–2", "1 to 2")]


# How it looks ---------------------------------------------------------------------


def test_stylesheet_leaves_the_reader_in_charge() -> None:
    """No colour, no background, no fixed length, size or line height for the text."""
    css = (TEMPLATES / "ebook" / "book.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    declared = re.findall(r"([a-z-]+):\s*([^;{}]+);", css)
    assert [name for name, _ in declared if name in {"background", "line-height"}] == []
    assert [value for name, value in declared if name == "color" and value != "inherit"] == []
    assert re.findall(r"[\d.]+(?:px|pt|mm|cm|in|rem)\b|#[0-9a-f]{3,6}\b|rgb", css) == []
    sizes = [value for name, value in declared if name == "font-size"]
    assert [size for size in sizes if not size.endswith("em")] == []


def test_two_voices_are_told_apart_by_italics_only_in_an_interview() -> None:
    """The body says how many voices there are; the stylesheet does the rest."""
    assert RIVERS.package.tree("s1.xhtml").find("x:body", NAMESPACES).get("class") == "two-voices"
    crowd = sample((("Wang", ["Yes."]), ("Li", ["No."])), headings={}, entries=())
    assert crowd.package.tree("s0.xhtml").find("x:body", NAMESPACES).get("class") == "many-voices"


def test_every_language_of_the_templates_says_everything() -> None:
    """No language falls back to English for one word."""
    tables = (TEMPLATES / "words.toml").read_text(encoding="utf-8")
    english = read_words(TEMPLATES / "words.toml", "en")
    for language in re.findall(r"^\[([a-z-]+)\]$", tables, flags=re.MULTILINE):
        words = read_words(TEMPLATES / "words.toml", language)
        assert words["language"] == language
        assert set(words) == set(english)
        assert set(words["roles"]) >= set(english["roles"])
