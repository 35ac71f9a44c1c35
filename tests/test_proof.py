"""The proofs: a sound book passes, and each kind of broken file is caught by name."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from proof_sample import (
    BOOK,
    QUESTION,
    SECOND,
    SOURCE,
    SPEAKERS,
    TRANSCRIPT,
    Sample,
    break_epub,
    break_pdf,
    said,
    sample,
)

from octavo.cache import Cache
from octavo.model import Location, Turn
from octavo.pagemap import Point
from octavo.proof import ProofFailed, Proved


@cache
def kept() -> Cache:
    """A cache with all readings of the sound book in it."""
    folder = tempfile.mkdtemp(prefix="octavo-test-readings-")
    atexit.register(shutil.rmtree, folder)
    warm = Cache(Path(folder))
    sample().prove(cache=warm)
    return warm


def caught(broken: Sample, *, pdf: bool = True, epub: bool = True) -> list[str]:
    """What the proof says of a broken book, a line a discrepancy.

    It says the same when it knows the sound book's pages.
    """
    said = []
    for known in (None, kept()):
        with pytest.raises(ProofFailed) as failure:
            broken.prove(pdf=pdf, epub=epub, cache=known)
        said.append([str(one) for one in failure.value.discrepancies])
    assert said[0] == said[1]
    return said[0]


def test_a_sound_book_is_proved() -> None:
    """Both files pass, and the sum counts what was proved."""
    assert sample().prove() == Proved(words=136, pages=6, locators=8, links=14, fonts=3)


@pytest.mark.parametrize("pdf", [True, False])
def test_one_output_is_proved_alone(pdf: bool) -> None:
    """An output that was not made is not asked for."""
    proved = sample().prove(pdf=pdf, epub=not pdf)
    assert (proved.locators, proved.pages) == (4, 6 if pdf else 0)


def test_the_sample_breaks_a_word_over_a_page_turn() -> None:
    """The sample is as hard as a book: hyphens, a paragraph and a word over a page turn."""
    from octavo.proof.pdftext import read_pages

    texts = [page.text for page in read_pages(sample().pdf)]
    assert texts[2].rstrip().endswith("photo\N{SOFT HYPHEN}")
    assert sum(text.count("\ufffe") for text in texts) == 3


# Words as drawn, and in tag order -----------------------------------------------

Edit = Callable[[pikepdf.Pdf], None]


def shows(instruction: object) -> bool:
    return str(instruction.operator) == "TJ"


def redraw(page: int, edit: Callable[[list], None]) -> Edit:
    """Edit the instructions of a page's content, counted from 0."""

    def apply(pdf: pikepdf.Pdf) -> None:
        content = list(pikepdf.parse_content_stream(pdf.pages[page]))
        edit(content)
        stream = pdf.make_stream(pikepdf.unparse_content_stream(content))
        pdf.pages[page].Contents = stream

    return apply


def drop_line(content: list) -> None:
    """Leave out the text of one line in the middle of the page."""
    lines = [n for n, one in enumerate(content) if shows(one)]
    del content[lines[5]]


def double_line(content: list) -> None:
    lines = [n for n, one in enumerate(content) if shows(one)]
    content.insert(lines[5], content[lines[5]])


def swap_lines(content: list) -> None:
    """Draw two lines in each other's place; the tree still has them in the old order."""
    first, second = [n for n, one in enumerate(content) if shows(one)][5:7]
    content[first], content[second] = content[second], content[first]


@pytest.mark.parametrize("edit", [drop_line, double_line, swap_lines])
def test_a_line_lost_doubled_or_moved_is_caught(edit: Callable[[list], None]) -> None:
    """The page as PDFium sees it must hold each word once, in order."""
    found = caught(break_pdf(redraw(2, edit)), epub=False)
    assert any(one.startswith("words as drawn, page 1: ") for one in found)


def test_text_over_the_page_is_caught() -> None:
    """A word drawn outside any tag is neither said nor declared."""

    def scribble(pdf: pikepdf.Pdf) -> None:
        shown = [
            (str(one.operator), one.operands)
            for one in pikepdf.parse_content_stream(pdf.pages[2], "Tf TJ")
        ]
        at = next(at for at, (operator, _) in enumerate(shown) if operator == "TJ")
        name, codes = shown[at - 1][1][0], shown[at][1][0][0]
        text = f"BT {name} 8 Tf 1 0 0 1 20 20 Tm <{bytes(codes).hex()}> Tj ET"
        pdf.pages[2].contents_add(text.encode())

    places = {one.split(":")[0] for one in caught(break_pdf(scribble), epub=False)}
    assert places == {"words as drawn, page 1", "words in tag order, page 1"}


def test_a_word_without_a_text_layer_is_caught() -> None:
    """What is seen and cannot be read would escape every other proof."""

    def mute(pdf: pikepdf.Pdf) -> None:
        font = next(font for font in fonts(pdf) if "It" not in str(font.BaseFont))
        silent = pdf.make_indirect(pikepdf.Dictionary(font))
        codes = (f"<{code:04x}> <0020>" for code in range(0x100))
        silent.ToUnicode = pdf.make_stream(
            f"256 beginbfchar {' '.join(codes)} endbfchar".encode("ascii")
        )
        pdf.pages[2].Resources.Font["/Silent"] = silent
        mark = "/Span <</MCID 900>> BDC BT /Silent 8 Tf 20 20 Td <001c001d> Tj ET EMC"
        pdf.pages[2].contents_add(mark.encode())

    assert caught(break_pdf(mute), epub=False) == [
        "fonts, the text: expected nothing, found `1 runs without a text layer`"
    ]


def elements(pdf: pikepdf.Pdf, role: str) -> list[pikepdf.Object]:
    """All structure elements of a role, in tag order."""

    def walk(element: pikepdf.Object) -> list[pikepdf.Object]:
        kids = element.get("/K")
        kids = kids if isinstance(kids, pikepdf.Array) else [kids]
        below = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        own = [element] if element.get("/S") == role else []
        return own + [found for kid in below for found in walk(kid)]

    return walk(pdf.Root.StructTreeRoot.K[0])


def test_words_moved_in_the_tag_tree_are_caught() -> None:
    """The tree must tell the words in the order in which they were said."""

    def swap(pdf: pikepdf.Pdf) -> None:
        paragraph = elements(pdf, "/P")[-8]
        assert len(paragraph.K) > 2
        paragraph.K = pikepdf.Array([paragraph.K[1], paragraph.K[0], *list(paragraph.K)[2:]])

    found = caught(break_pdf(swap), epub=False)
    assert found
    assert all(one.startswith("words in tag order, page ") for one in found)


def test_words_left_out_of_the_tag_tree_are_caught() -> None:
    """What is drawn as text and not in the tree would not be read out."""

    def cut(pdf: pikepdf.Pdf) -> None:
        del elements(pdf, "/Div")[0].K[0]

    found = caught(break_pdf(cut), epub=False)
    assert found[0].startswith(
        "words in tag order, page 1: expected nothing, found `Ito Haruko Why"
    )
    assert found[0].endswith("(after `not in the tree`)")
    assert found[1].startswith("words in tag order, page 1: expected `Ito Haruko Why did")


def test_a_paragraph_hung_under_another_speaker_is_caught() -> None:
    """A paragraph that the tree puts into the turn before it changes hands."""

    def hang(pdf: pikepdf.Pdf) -> None:
        turns = elements(pdf, "/Div")
        for paragraph in turns[-1].K:
            turns[-2].K.append(paragraph)
        turns[-1].K = pikepdf.Array()

    found = caught(break_pdf(hang), epub=False)
    assert [one[:25] for one in found] == ["turns in tag order, page "]
    assert "expected `an element of its own`" in found[0]


def test_text_that_replaces_what_is_drawn_is_caught() -> None:
    """ActualText could make a reader say what the page does not show."""

    def replace_text(pdf: pikepdf.Pdf) -> None:
        elements(pdf, "/P")[-1].ActualText = "Nothing was found."

    assert caught(break_pdf(replace_text), epub=False) == [
        (
            "words in tag order, the tag tree: expected `no text but what is drawn`, "
            "found `Nothing was found.`"
        )
    ]


def test_a_wrong_folio_is_caught() -> None:
    """Viewers must show the folio that is printed."""

    def label(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PageLabels.Nums[-1].St = 2

    assert caught(break_pdf(label), epub=False)[0] == (
        "pages, page 3 of the file: expected `1`, found `2`"
    )


def with_sheet(label: str, **changes: object) -> Sample:
    """The sample with another declaration of one page."""
    sheets = tuple(
        replace(sheet, **changes) if sheet.label == label else sheet
        for sheet in sample().declared.sheets
    )
    return replace(sample(), declared=replace(sample().declared, sheets=sheets))


def test_a_folio_that_is_not_the_declared_one_is_caught() -> None:
    """What stands beside the text is text too."""
    found = caught(with_sheet("2", furniture=("3",)), epub=False)
    assert found[0].startswith("furniture, page 2: expected `3`, found `2 / ")


def test_a_running_head_that_spells_something_else_is_caught() -> None:
    """A running head has no text layer: its glyphs are read by what our fonts call them."""
    assert caught(with_sheet("2", head="Streams"), epub=False) == [
        "running heads, page 2: expected `streams`, found `rivers`"
    ]


# Transcript and Book ----------------------------------------------------------------


def test_a_word_that_the_reader_lost_is_caught() -> None:
    """The source's own words are counted, whatever the reader made of them."""
    blocks = list(TRANSCRIPT.blocks)
    blocks[1] = Turn("Ito", (said(QUESTION.replace("refuse ", "")),), Location("rivers.txt", 7))
    broken = replace(sample(), transcripts=(replace(TRANSCRIPT, blocks=tuple(blocks)),))
    assert caught(broken, pdf=False)[0] == (
        "words of the source, rivers.txt: expected `refuse`, found nothing "
        "(after `Ito Why did the committee`)"
    )


def test_a_label_written_again_within_a_turn_is_no_loss() -> None:
    """Where the source names the same speaker twice running, one turn says it once."""
    source = SOURCE.replace(SECOND.encode(), b"Marsh: " + SECOND.encode())
    assert replace(sample(), sources=(source,)).prove().words == sample().prove().words


def test_a_label_that_the_reader_took_for_speech_is_caught() -> None:
    """A word before a text that is not its speaker's label was lost."""
    source = SOURCE.replace(SECOND.encode(), b"Ito: " + SECOND.encode())
    assert caught(replace(sample(), sources=(source,)), pdf=False) == [
        (
            "words of the source, rivers.txt: expected `Ito`, found nothing "
            "(after `mile river with a bicycle`)"
        )
    ]


def test_a_turn_given_to_another_speaker_is_caught() -> None:
    """The Book's speaker must be the transcript's label or an alias's owner."""
    section = BOOK.chapters[0].sections[2]
    given = replace(section.blocks[1], speaker=SPEAKERS[0])
    chapter = replace(
        BOOK.chapters[0],
        sections=(
            *BOOK.chapters[0].sections[:2],
            replace(section, blocks=(section.blocks[0], given)),
        ),
    )
    broken = replace(sample(), book=replace(BOOK, chapters=(chapter,)))
    found = caught(broken)
    assert found[0].startswith(
        "the Book, rivers.txt: expected `Marsh`, found `Ito` (after `The pho"
    )
    assert any(one.startswith("words as drawn, page 3: expected `Ito`") for one in found)
    assert any(one.startswith("turns, OPS/s2.xhtml: expected `Ito`") for one in found)


def test_typography_that_cannot_be_undone_is_caught() -> None:
    """A change off the record changes what was said."""
    section = BOOK.chapters[0].sections[0]
    prose = section.blocks[0]
    changed = replace(prose.paragraph, words=prose.paragraph.words.replace("two", "2"))
    chapter = replace(
        BOOK.chapters[0],
        sections=(
            replace(section, blocks=(replace(prose, paragraph=changed),)),
            *BOOK.chapters[0].sections[1:],
        ),
    )
    broken = replace(sample(), book=replace(BOOK, chapters=(chapter,)))
    assert caught(broken)[0].startswith("the Book, rivers.txt: expected `A conversation about")


def test_a_head_that_is_printed_nowhere_is_caught() -> None:
    """Title and byline of the transcript are words of it too."""
    chapter = BOOK.chapters[0]
    declared = sample().declared
    front = replace(declared.printed[0], lines=("A River Measured", *declared.printed[0].lines[2:]))
    printed = (front, *declared.printed[1:])
    broken = replace(sample(), declared=replace(declared, printed=printed))
    assert (
        f"the transcript's head, the PDF: expected `{chapter.byline[0].words}`, found nothing"
    ) in caught(broken, epub=False)


# The EPUB ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "refuse ",
            "",
            (
                "words, OPS/s1.xhtml: expected `refuse`, found nothing "
                "(after `Haruko Why did the committee`)"
            ),
        ),
        (
            "[Applause.]",
            "[Applause.] [Applause.]",
            (
                "words, OPS/s1.xhtml: expected nothing, found `[Applause.]` "
                "(after `it 20 years later. [Applause.]`)"
            ),
        ),
    ],
)
def test_a_word_lost_or_doubled_in_the_epub_is_caught(old: str, new: str, found: str) -> None:
    """Each document holds its words once, in order, and nothing else."""
    assert caught(break_epub("s1.xhtml", old, new), pdf=False)[0] == found


def test_a_turn_under_another_label_in_the_epub_is_caught() -> None:
    """The label in a turn is its speaker's, even where another document has the right words."""
    found = caught(break_epub("s2.xhtml", ">Marsh<", ">Ito<"), pdf=False)
    assert found == [
        (
            "words, OPS/s2.xhtml: expected `Marsh`, found `Ito` "
            "(after `photographs Ito And the photographs?`)"
        ),
        (
            "turns, OPS/s2.xhtml: expected `Marsh`, found `Ito` "
            "(after `The photographs were lost, or misunderstood. They were final`)"
        ),
    ]


def test_paragraphs_of_two_speakers_in_one_turn_are_caught() -> None:
    """A turn holds one label: what stands with another's would change hands."""
    found = caught(break_epub("s2.xhtml", '</div><div class="turn" id="t4">', ""), pdf=False)
    assert "turns, OPS/s2.xhtml: expected `Ito`, found `Ito / Marsh`" in found[0]


def test_an_id_used_twice_in_the_epub_is_caught() -> None:
    """Links and turns are told apart by their ids."""
    found = caught(break_epub("s2.xhtml", 'id="t4"', 'id="t3"'), pdf=False)
    assert found == ["ids, OPS/s2.xhtml: expected ``t3` once`, found `twice`"]


def test_a_document_out_of_order_is_caught() -> None:
    """The spine is the declared one."""
    found = caught(
        break_epub(
            "package.opf",
            '<itemref idref="d2"/><itemref idref="d3"/>',
            '<itemref idref="d3"/><itemref idref="d2"/>',
        ),
        pdf=False,
    )
    assert found[0].startswith("the spine, the EPUB: expected `title.xhtml s0.xhtml s1.xhtml s2")


# Locators ---------------------------------------------------------------------------


def test_a_locator_off_by_one_page_is_caught_in_both_files() -> None:
    """The printed folio must be that of the page which holds the mention."""
    index = sample().index
    entry, *others = index.groups[0].entries
    wrong = replace(entry.locators[0], text="2", first="2", last="2")
    group = replace(index.groups[0], entries=(replace(entry, locators=(wrong,)), *others))
    broken = replace(sample(), index=replace(index, groups=(group,)))
    assert caught(broken) == [
        "locators, the PDF: expected `2`, found `1` (after `fishing, 2`)",
        "locators, the PDF: expected `2`, found `1` (after `fishing, 2`)",
        "locators, the PDF: expected `a mention on 2`, found `the last on 1` (after `fishing, 2`)",
        "locators, the PDF: expected `a link to fishing.0 on 2`, found `none` (after `fishing, 2`)",
        "locators, OPS/s1.xhtml: expected `2`, found `1` (after `fishing, 2`)",
        "locators, the EPUB: expected `a link to t1.1-136`, found `none` (after `fishing, 2`)",
    ]


def test_a_mention_beside_its_words_is_caught() -> None:
    """Where the index says that a term stands, it stands."""
    index = sample().index
    entry, *others = index.groups[0].entries
    mention = entry.locators[0].mentions[0]
    beside = mention._replace(point=Point(mention.point.paragraph, mention.point.offset - 4))
    wrong = replace(entry.locators[0], mentions=(beside,))
    group = replace(index.groups[0], entries=(replace(entry, locators=(wrong,)), *others))
    broken = replace(sample(), index=replace(index, groups=(group,)))
    assert caught(broken) == [
        (
            "locators, t1.1-132: expected `fishing rights`, found `the fishing rights` "
            "(after `fishing, 1`)"
        )
    ]


def test_a_target_beside_its_word_in_the_epub_is_caught() -> None:
    """A locator leads to the word itself."""
    target = '<span id="t1.1-136"></span>'
    broken = break_epub("s1.xhtml", f"{target}fishing ", f"fishing {target}")
    assert caught(broken, pdf=False) == [
        (
            "locators, OPS/s1.xhtml: expected `fishing rights or the flood.`, "
            "found `rights or the flood. Edward Marsh Becaus` (after `fishing, 1`)"
        )
    ]


def test_a_contents_line_with_a_wrong_folio_is_caught() -> None:
    """The page that the contents names holds the heading."""
    declared = replace(sample().declared, contents=(("The photographs", "1"),))
    assert caught(replace(sample(), declared=declared), epub=False) == [
        "contents, `The photographs`: expected `1`, found `3`"
    ]


# Fonts --------------------------------------------------------------------------------


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Each font of a page once: a page may know one under two names."""
    return list({font.objgen: font for font in pdf.pages[2].Resources.Font.values()}.values())


def test_a_font_that_is_not_embedded_is_caught() -> None:
    """A viewer would put another face in its place."""

    def strip(pdf: pikepdf.Pdf) -> None:
        for font in fonts(pdf):
            if "It" not in str(font.BaseFont):
                del font.DescendantFonts[0].FontDescriptor.FontFile2

    found = caught(break_pdf(strip), epub=False)
    assert (
        "fonts, SourceSerif4-Regular: expected `an embedded TrueType font`, found `Type0`"
    ) in found


def test_a_foreign_font_is_caught() -> None:
    """Only the templates' faces may be in the book."""

    def rename(pdf: pikepdf.Pdf) -> None:
        for font in fonts(pdf):
            if "It" not in str(font.BaseFont):
                font.DescendantFonts[0].BaseFont = pikepdf.Name("/ABCDEF+DejaVuSerif")

    found = caught(break_pdf(rename), epub=False)
    assert found[0].endswith("found `DejaVuSerif`")


def test_a_missing_glyph_is_caught() -> None:
    """Glyph 0 prints as an empty box, whatever the text layer says."""

    def blank(pdf: pikepdf.Pdf) -> None:
        for font in fonts(pdf):
            glyphs = bytearray(font.DescendantFonts[0].CIDToGIDMap.read_bytes())
            glyphs[2 * 0x1C : 2 * 0x1C + 2] = b"\0\0"
            font.DescendantFonts[0].CIDToGIDMap = pdf.make_stream(bytes(glyphs))

    assert "fonts, SourceSerif4-Regular: expected `a glyph for `a``, found `.notdef`" in caught(
        break_pdf(blank), epub=False
    )


def test_a_glyph_that_shows_another_letter_than_is_read_is_caught() -> None:
    """The ink is tied to the text layer: an "a" drawn with the glyph of "b" is told."""

    def cross(pdf: pikepdf.Pdf) -> None:
        for font in fonts(pdf):
            glyphs = bytearray(font.DescendantFonts[0].CIDToGIDMap.read_bytes())
            glyphs[2 * 0x1C : 2 * 0x1C + 2] = glyphs[2 * 0x1D : 2 * 0x1D + 2]
            font.DescendantFonts[0].CIDToGIDMap = pdf.make_stream(bytes(glyphs))

    assert "fonts, SourceSerif4-Regular: expected `a glyph for `a``, found `glyph 29`" in caught(
        break_pdf(cross), epub=False
    )


def test_a_webfont_that_is_not_ours_is_caught() -> None:
    """The EPUB's font files are the templates', byte for byte."""
    declared = replace(sample().declared, webfonts=frozenset())
    found = caught(replace(sample(), declared=declared), pdf=False)
    assert [one[:50] for one in found] == ["fonts, OPS/fonts/book.woff2: expected `a font of t"]


def test_a_font_face_without_its_file_is_caught() -> None:
    """A face that the style names must be in the book."""
    assert caught(break_epub("style.css", "fonts/book.woff2", "fonts/none.woff2"), pdf=False) == [
        "fonts, OPS/style.css: expected `fonts/none.woff2`, found nothing"
    ]


# Links and silence ----------------------------------------------------------------------


def annotations(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return [one for page in pdf.pages for one in page.obj.get("/Annots", ())]


def test_a_dead_link_in_the_pdf_is_caught() -> None:
    """A link to a name that is no destination leads nowhere."""

    def kill(pdf: pikepdf.Pdf) -> None:
        annotations(pdf)[0].Dest = pikepdf.String("nowhere")

    assert caught(break_pdf(kill), epub=False) == [
        "links, page i: expected `a page`, found `dead link `nowhere``"
    ]


@pytest.mark.parametrize("what", ["order", "limits", "letters"])
def test_a_name_that_others_would_not_find_is_caught(what: str) -> None:
    """They look for it as in a sorted tree; who reads all of the tree finds it all the same."""

    def misplace(pdf: pikepdf.Pdf) -> None:
        leaf = pdf.Root.Names.Dests.Kids[0]
        names = list(leaf.Names)
        if what == "order":
            leaf.Names = pikepdf.Array([*names[2:4], *names[:2], *names[4:]])
        elif what == "limits":
            leaf.Limits[1] = leaf.Names[0]
        else:
            leaf.Names.extend([pikepdf.String("\u00f8"), names[1]])
            leaf.Limits[1] = leaf.Names[-2]

    assert caught(break_pdf(misplace), epub=False) == [
        "links, the names of places: expected `each where it is sought`, found nothing"
    ]


def test_a_link_out_of_the_book_is_caught() -> None:
    """A book leads nowhere but where the edition says."""

    def lead_out(pdf: pikepdf.Pdf) -> None:
        link = annotations(pdf)[0]
        del link.Dest
        link.A = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))

    broken = break_pdf(lead_out)
    assert caught(broken, epub=False) == [
        "links, page i: expected `no address but what is declared`, found `https://example.org`"
    ]
    declared = replace(sample().declared, addresses=frozenset({"https://example.org"}))
    assert (
        replace(broken, declared=declared).prove(epub=False).links
        == sample().prove(epub=False).links
    )


def test_a_link_outside_the_tag_tree_is_caught() -> None:
    """A link that no tag holds cannot be followed by ear."""

    def untag(pdf: pikepdf.Pdf) -> None:
        link = elements(pdf, "/Link")[0]
        link.K = pikepdf.Array([kid for kid in link.K if isinstance(kid, int) or "/Obj" not in kid])

    assert caught(break_pdf(untag), epub=False) == [
        "links, page i: expected `a link in the tag tree`, found ``s1` in none`"
    ]


def test_a_link_without_a_text_is_caught() -> None:
    """A link that says nothing, as an engine makes of a link's empty end on a line, is a trap."""

    def empty(pdf: pikepdf.Pdf) -> None:
        link = elements(pdf, "/Link")[0]
        link.K = pikepdf.Array(
            [kid for kid in link.K if not isinstance(kid, int) and "/Obj" in kid]
        )

    assert "links, page i: expected `a link with a text`, found ``s1` without`" in caught(
        break_pdf(empty), epub=False
    )


def test_an_action_is_caught() -> None:
    """A book does nothing by itself."""

    def act(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    assert caught(break_pdf(act), epub=False) == [
        "links, the PDF: expected `a link`, found `action /OpenAction`"
    ]


@pytest.mark.parametrize(
    ("href", "found"),
    [
        (
            "s9.xhtml#t1.1-136",
            "expected `a file of the book`, found `dead link `s9.xhtml#t1.1-136``",
        ),
        ("s1.xhtml#t9.9", "expected `an id`, found `dead link `s1.xhtml#t9.9``"),
        ("https://example.org", "expected `no address but what is declared`, found"),
    ],
)
def test_a_dead_link_in_the_epub_is_caught(href: str, found: str) -> None:
    """Every address leads to a file of the book and an id in it."""
    broken = break_epub("index.xhtml", "s1.xhtml#t1.1-136", href)
    assert any(
        one.startswith(f"links, OPS/index.xhtml: {found}") for one in caught(broken, pdf=False)
    )


def test_a_warning_of_the_engine_is_caught() -> None:
    """Silence is proved too: what the engine warned of must be accounted for."""
    declared = replace(sample().declared, warnings=("Ignored `colour: red` at 1:1",))
    assert caught(replace(sample(), declared=declared), pdf=False) == [
        "silence, the engine: expected nothing, found `Ignored `colour: red` at 1:1`"
    ]
