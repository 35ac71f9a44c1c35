"""Books that are read from right to left: lines, pages, cover, proof."""

import shutil
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree  # noqa: ICN001 - spelled out
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.cli import main
from octavo.direction import TURNED, is_right_to_left, mirrored, turned
from octavo.findings import Findings
from octavo.press.layout import lay_out
from octavo.press.making import bind_layout
from octavo.press.matter import Layout
from octavo.press.proving import prove_pdf
from octavo.press.reading import Reading, read_book
from octavo.preview.pages import Pictures
from octavo.print.bidi import levels_of, seen_order
from octavo.print.compositor import Compositor
from octavo.print.copy import Copy
from octavo.print.engine import load
from octavo.print.setpages import LINE_SPACE_CODE, Line, Signature
from octavo.print.settext import shared_out
from octavo.print.signature import lay_signature
from octavo.proof import ProofFailed
from octavo.render import TEMPLATES, Templates
from octavo.render.pages import stylesheet

BOOK = Path(__file__).parent / "books" / "knesset" / "in"
TALKS = {
    "ar": """\
الأنهار

موسى: ما هو النهر المنظَّم؟ [ضحك]

رافائيل: النهر يبدأ بالمطر. وينتهي في البحر دائمًا. اجتمعت اللجنة من أجل الأنهار سنة 1956، ثم \
اجتمعت مرة أخرى (لا أذكر متى). قال التقرير: «الأنهار لا تنتظر أحدًا»، وهذا ما كتبته مجلة \
River Review في العدد 12 منها.

لم تُطعِم أي لجنة الأنهار؛ هذا لأَمر وسُؤَال، لِأَنَّ مُؤْمِنًا قال ذلك.

موسى: والفيضان؟

رافائيل: كان ذلك قبل زمن طويل، بين سنتي ١٩٥٦ و١٩٥٩، ولا أحد يتذكره إلا الشيوخ.
""",
    "en": """\
A talk about rivers

Host: What is the Hebrew word? Is it נהר (nahar), or נהרות (neharot)? And in Arabic نهر, too?

Guest: We say "נהר, נחל ופלג" for rivers, streams and brooks. The commission of 1956 (הוועדה) met \
here; its report, "על הנהרות", has 12 pages.

Host: Thank you.

Guest: Thank you.
""",
    "fa": """\
گفتگو دربارهٔ رودها

پرسشگر: رودِ منظم چیست؟ آیا می‌توان گفت که در سال ۱۹۵۶ (یا ۱۹۵۷) کمیسیون تشکیل شد؟ [خنده]

رفائیل: کمیسیون «رودها» در سال 1956 با ۱٬۲۳۴ نفر تشکیل شد، و مجلهٔ River Review در شمارهٔ 12 \
آن را نوشت.

پرسشگر: سیلاب چه شد؟

رفائیل: سیلاب رودها را سیراب کرد.
""",
    "he": """\
שיחה על הנהרות

מראיינת: מהו נהר? אני קוראת ב־The New York Times (גיליון 12, עמ' 34) על "הפרויקט הגדול" של 1956. \
[צחוק] האם זה נכון שהוועדה, כפי שנכתב ב-https://example.org/rivers/2020?x=1, לא נפגשה?

רפאל: היא נפגשה, ואחר כך שוב — פעמיים או שלוש. הייתה חברה בשם "Harbour & Sons (Overseas) Ltd.", \
והם אמרו: "We shall not wait for the river, (not even once)". בין 10%–15% עזבו, 3,500 איש.

אף ועדה לא האכילה את הנהרות. [הפסקה]

[מחיאות כפיים]

רפאל: וגם: a) ראשון; b) שני; ג) שלישי, ½ ו־® ו־≠. לְכֻלָּם אִשָּׁה, בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ.

מראיינת: This whole question is in English, isn't it? Yes (it is).

רפאל: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsdampfschiff \
היא מילה ארוכה.
""",
    "yi": """\
אַ שמועס וועגן טײַכן

פֿרעגער: װאָס איז אַ טײַך? [געלעכטער]

רפֿאל: אַ טײַך הייבט זיך אָן מיט רעגן. „קיינער האָט נישט געוווּסט“, האָט ער געזאָגט.

פֿרעגער: און דער מבול?

רפֿאל: דער מבול האָט געשפּײַזט די טײַכן.
""",
}
"""By language: letters that join, vowels above and below, words, figures and marks of both ways."""


@dataclass(frozen=True)
class Laid:
    """The Hebrew book, set and bound."""

    reading: Reading
    layout: Layout
    pdf: bytes

    def faults(self, edit: Callable[[pikepdf.Pdf], None] | None = None) -> list[str]:
        """What the proof says of it, once its file is edited."""
        data = self.pdf
        if edit:
            out = BytesIO()
            with pikepdf.open(BytesIO(self.pdf)) as document:
                edit(document)
                document.save(out, static_id=True)
            data = out.getvalue()
        try:
            prove_pdf(self.reading, self.layout, data)
        except ProofFailed as failure:
            return [str(one) for one in failure.discrepancies]
        return []


@pytest.fixture(scope="module")
def laid() -> Iterator[Laid]:
    with Compositor() as compositor:
        reading = read_book(BOOK, Findings())
        layout = lay_out(reading, compositor, Findings(), lambda _: None)
        yield Laid(reading, layout, bind_layout(reading, layout))


# Marks and languages -----------------------------------------------------------


def test_marks_turn_round_in_pairs() -> None:
    """A bracket is the other one among such letters; what is no pair stays itself."""
    assert turned("(a) [b] {c} «d» ‹e› <f> ≤") == ")a( ]b[ }c{ »d« ›e‹ >f< ≥"
    assert (
        turned("“quoted” — 10% of it, and letters: אב") == "“quoted” — 10% of it, and letters: אב"
    )
    everything = [chr(code) for code in range(0x3000) if unicodedata.mirrored(chr(code))]
    assert [sign for sign in everything if mirrored(mirrored(sign)) != sign] == []


def test_languages_are_told_by_their_tags() -> None:
    """By the script, where the tag names one."""
    assert all(map(is_right_to_left, ("he", "ar-EG", "FA", "ckb", "az-Arab-IR", "yi")))
    assert not any(map(is_right_to_left, ("en", "haw", "he-Latn", "az", "uz-Cyrl", "de-1996")))


# Lines -------------------------------------------------------------------------


@given(st.lists(st.integers(0, 4), max_size=12))
def test_the_order_that_is_seen_is_rule_l2(levels: list[int]) -> None:
    """From the highest level down, whatever stands on it or above is turned round."""
    expected = [*range(len(levels))]
    for level in range(max(levels, default=0), 0, -1):
        runs: list[list[int]] = []
        for at in expected:
            if runs and (levels[at] >= level) == (levels[runs[-1][-1]] >= level):
                runs[-1].append(at)
            else:
                runs.append([at])
        expected = [at for run in runs for at in (run[::-1] if levels[run[0]] >= level else run)]
    assert seen_order(levels) == expected


def style(language: str) -> str:
    """The printed page's, of a book in *language*."""
    return stylesheet(Templates(language), read_book(BOOK, Findings()).book)


def set_words(inner: str, language: str, align: str = "justify") -> Signature:
    """Set a paragraph of inner XHTML, whose words are wanted."""
    words = "".join(ElementTree.fromstring(f"<p>{inner}</p>").itertext())
    direction = "rtl" if is_right_to_left(language) else "ltr"
    html = (
        f'<html lang="{language}" dir="{direction}"><head><title>x</title></head>'
        f'<body><p id="p1" style="text-align: {align}">{inner}</p></body></html>'
    )
    copy = Copy(html, style(language), (TEMPLATES,), {"p1": " ".join(words.split())})
    return lay_signature(copy).draw()


def seen_lines(inner: str, language: str, align: str = "justify") -> list[str]:
    """What PDFium sees of a paragraph, its lines' characters from left to right.

    Brackets it tells as they are read.
    """
    from test_setlines import bound

    text = pypdfium2.PdfDocument(bound(set_words(inner, language, align)))[0].get_textpage()
    found: dict[int, list[tuple[float, str]]] = {}
    for at in range(text.count_chars()):
        sign = text.get_text_range(at, 1)
        if sign.strip() and text.get_charbox(at)[1] > 60:
            left, bottom, _, top = text.get_charbox(at, loose=True)
            found.setdefault(round((bottom + top) / 2 / 14.5 * 2), []).append((left, sign))
    return ["".join(sign for _, sign in sorted(line)) for _, line in sorted(found.items())][::-1]


@pytest.mark.parametrize("align", ["justify", "start", "center", "end"])
def test_a_phrase_with_a_word_in_italics_stays_together(align: str) -> None:
    """The engine alone would set the three Latin words from right to left, box by box."""
    inner = "אמר <i>Bank</i> of <i>England</i> כן, ‎(ב־12 במאי) <b>סוף</b>."
    assert seen_lines(inner.replace("\u200e", ""), "he", align) == [
        ".ףוס)יאמב12־ב(,ןכBankofEnglandרמא"
    ]


def test_a_label_is_read_by_itself() -> None:
    """Else the year would stand before the name, and the name before the word."""
    assert seen_lines('<bdi class="label">John</bdi> 1956 היתה שנה', "he") == ["הנשהתיה1956John"]
    assert seen_lines('<bdi class="label">רפאל</bdi> 12 men', "en") == ["לאפר12men"]


def test_a_mark_within_a_phrase_does_not_hang() -> None:
    """It is not at the edge of its line: all lines end at the same place."""
    words = "שלום " + "Science, Politics and History, Economy, " * 14 + "כן."
    lines: dict[float, list[Line]] = {}
    for page in set_words(words, "he").pages:
        for line in page.lines:
            lines.setdefault(line.y, []).append(line)
    *full, _ = lines.values()
    ends = {words[line[-1].end - 1] for line in full}
    assert len(ends) > 1
    assert "," in ends
    assert max(line[-1].x for line in full) - min(line[-1].x for line in full) < 0.01


def test_hebrew_in_an_english_line_is_turned_round() -> None:
    """And nothing else is."""
    assert seen_lines("He said שלום <i>רב</i> to us, twice.", "en") == ["Hesaidברםולשtous,twice."]


def test_lines_end_at_the_left_and_paragraphs_are_indented_from_the_right() -> None:
    lines = seen_lines("שלום לכולם " * 30 + "סוף.", "he")
    assert len(lines) > 3
    assert lines[0].endswith("םולש")
    assert lines[-1].startswith(".ףוס")


PIECES = st.lists(
    st.sampled_from(
        ["שלום", "רב", "Bank", "of", "12", "3.5", "(", ")", ",", ".", "-", "–", "ב־", "%"]
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(PIECES, st.sets(st.integers(0, 7)), st.sampled_from(["ltr", "rtl"]))
def test_boxes_change_nothing_in_the_order_that_is_seen(
    pieces: list[str], italic: set[int], direction: str
) -> None:
    """Pango puts the same text, in one piece, into the same order."""
    boxes = [f"<i>{one}</i>" if at in italic else one for at, one in enumerate(pieces)]
    split, whole = (
        line_of(f'<p dir="{direction}">{inner}</p>')
        for inner in (" ".join(boxes), " ".join(pieces))
    )
    levels = levels_of(split) or bytes(len(" ".join(pieces)))
    assert seen_order(levels) == order_of_pango(whole)


def line_of(paragraph: str) -> object:
    """The one line of a paragraph on a wide page."""
    css = "@page { size: 9000px 500px } p { font: 16px X } i { font-style: italic }"
    html = f"<style>{css} @font-face {{ font-family: X; src: url({FONT}) }}</style>"
    page = load().HTML(string=html + paragraph).render().pages[0]._page_box
    return next(box for box in page.descendants() if type(box).__name__ == "LineBox")


FONT = (TEMPLATES / "fonts" / "NotoSerifHebrew-Regular.ttf").as_uri()


def order_of_pango(line: object) -> list[int]:
    """The characters of a line's one box of text, as Pango puts them from left to right."""
    from weasyprint.text.line_break import create_layout

    from octavo.print.shaping import runs_of_line

    (box,) = (box for box in line.descendants() if type(box).__name__ == "TextBox")
    layout = create_layout(box.text, box.style, None, None, 0)
    found, _ = layout.get_first_line()
    data = box.text.encode()
    order = []
    for run in runs_of_line(found, data, layout):
        at = [len(data[:offset].decode()) for offset in run.offsets]
        order += at[::-1] if run.glyphs.is_reversed else at
    return order


# What glyphs say ------------------------------------------------------------------


def test_a_letter_and_its_accent_say_their_own_parts() -> None:
    """Else the letter would say nothing wherever else its glyph stands."""

    class Face:
        def glyph(self, character: str) -> int:
            return {"ב": 7, "ּ": 9}.get(character, 0)

    assert shared_out("בּ", [7, 9], Face()) == ["ב", "ּ"]
    assert shared_out("בּ", [9, 7], Face()) == ["ּ", "ב"]
    assert shared_out("לאX", [5, 6], Face()) == ["", "לאX"]


# The book --------------------------------------------------------------------------


def test_the_book_is_proved(laid: Laid) -> None:
    assert laid.faults() == []


def instructions(page: int, edit: Callable[[list], None]) -> Callable[[pikepdf.Pdf], None]:
    """Edit the content of a page, counted from 0."""

    def apply(pdf: pikepdf.Pdf) -> None:
        own = pdf.pages[page].Contents
        own = own[-1] if isinstance(own, pikepdf.Array) else own
        content = list(pikepdf.parse_content_stream(own))
        edit(content)
        own.write(pikepdf.unparse_content_stream(content))

    return apply


def reversed_runs(content: list) -> list[tuple[int, int]]:
    """Where each run that is read from right to left begins and is shown, the longest first."""
    begins = [
        number
        for number, one in enumerate(content)
        if str(one.operator) == "BMC" and one.operands[0] == "/ReversedChars"
    ]
    runs = [
        (begin, next(n for n in range(begin, begin + 9) if str(content[n].operator) == "TJ"))
        for begin in begins
    ]
    return sorted(runs, key=lambda run: -len(b"".join(codes_of(content[run[1]]))))


def codes_of(instruction: object) -> list[bytes]:
    return [bytes(one) for one in instruction.operands[0] if isinstance(one, pikepdf.String)]


def unmark(content: list) -> None:
    """Forget to say that a run is reversed."""
    begin, _ = reversed_runs(content)[0]
    content[begin] = pikepdf.ContentStreamInstruction([pikepdf.Name.Span], pikepdf.Operator("BMC"))


def turn_letters(content: list) -> None:
    """Draw a run from left to right."""
    _, shown = reversed_runs(content)[0]
    codes = b"".join(codes_of(content[shown]))
    turned_round = b"".join(codes[at : at + 2] for at in range(len(codes) - 2, -1, -2))
    content[shown] = pikepdf.ContentStreamInstruction(
        [pikepdf.Array([pikepdf.String(turned_round)])], pikepdf.Operator("TJ")
    )


def swap_runs(content: list) -> None:
    """Tell two lines in the wrong order."""
    (_, first), (_, second) = reversed_runs(content)[:2]
    content[first], content[second] = content[second], content[first]


def turn_figures(content: list) -> None:
    """Draw a number backwards, and say that it is read from right to left."""
    for number, one in enumerate(content):
        codes = b"".join(codes_of(one)) if str(one.operator) == "TJ" else b""
        before = str(content[number - 2].operator) if number > 1 else ""
        if len(codes) == 8 and before != "BMC":
            figures = b"".join(codes[at : at + 2] for at in range(6, -1, -2))
            content[number : number + 1] = [
                pikepdf.ContentStreamInstruction(
                    [pikepdf.Name.ReversedChars], pikepdf.Operator("BMC")
                ),
                pikepdf.ContentStreamInstruction(
                    [pikepdf.Array([pikepdf.String(figures)])], pikepdf.Operator("TJ")
                ),
                pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC")),
            ]
            return
    raise AssertionError("no number of four figures")


def places(content: list) -> list[int]:
    """Where each string is placed that is seen."""
    placed = [n for n, one in enumerate(content) if str(one.operator) == "Tm"]
    shown = {
        n: b"".join(codes_of(next(one for one in content[n:] if str(one.operator) == "TJ")))
        for n in placed
    }
    return [n for n in placed if shown[n] != LINE_SPACE_CODE.to_bytes(2, "big")]


def test_strings_in_each_others_place_are_caught(laid: Laid) -> None:
    """Neighbours on a line: both readers find all words, but one is drawn over another."""
    pairs: list[tuple[int, int]] = []

    def find(content: list) -> None:
        placed = [(n, content[n].operands[5]) for n in places(content)]
        pairs.extend((a, b) for (a, y), (b, also) in pairwise(placed) if y == also)

    laid.faults(instructions(6, find))
    assert len(pairs) > 100
    for first, second in pairs[::9]:

        def swap(content: list, first: int = first, second: int = second) -> None:
            for at, other in ((first, content[second]), (second, content[first])):
                matrix = [*content[at].operands]
                matrix[4] = other.operands[4]
                content[at] = pikepdf.ContentStreamInstruction(matrix, pikepdf.Operator("Tm"))

        assert laid.faults(instructions(6, swap)) != []


def test_figures_drawn_backwards_are_caught(laid: Laid) -> None:
    """By what is marked, and by PDFium, which does not know that it is marked."""
    found = laid.faults(instructions(4, turn_figures))
    assert any(one.startswith("words as drawn, page 1: ") for one in found)
    assert any("the other way" in one for one in found)


@pytest.mark.parametrize("edit", [unmark, turn_letters, swap_runs])
def test_words_in_a_wrong_order_are_caught(laid: Laid, edit: Callable[[list], None]) -> None:
    """In the marks, in the letters as they are seen, and among lines."""
    found = laid.faults(instructions(6, edit))
    assert any(one.startswith("words in tag order, page 3: ") for one in found)


def test_letters_that_only_look_reversed_are_caught_as_drawn(laid: Laid) -> None:
    """PDFium knows nothing of our marks: what is both turned and unmarked, it still finds."""

    def both(content: list) -> None:
        turn_letters(content)
        unmark(content)

    found = laid.faults(instructions(6, both))
    assert any(one.startswith("words as drawn, page 3: ") for one in found)


def test_its_pages_are_turned_round(laid: Laid) -> None:
    """Rectos are left-hand pages: folios at the outer edge, the section's head on the recto."""
    assert laid.layout.matter.participants
    with pikepdf.open(BytesIO(laid.pdf)) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"
        labels = [page.label for page in pdf.pages]
    document = pypdfium2.PdfDocument(laid.pdf)
    for folio, is_left in (("2", False), ("3", True)):
        page = document[labels.index(folio)]
        text = page.get_textpage()
        heads = [
            text.get_charbox(at)[0]
            for at in range(text.count_chars())
            if text.get_charbox(at)[3] > page.get_height() - 50
            and text.get_text_range(at, 1) == folio
        ]
        assert [(x < page.get_width() / 2) for x in heads] == [is_left]


def test_its_preview_shows_rectos_on_the_left(laid: Laid) -> None:
    """As a bound book of it has them."""
    title, direction, pages = Pictures().open(laid.pdf)
    assert title.startswith(laid.reading.book.title)
    assert direction == "rtl"
    assert len(pages) == len(pypdfium2.PdfDocument(laid.pdf))


def test_its_index_and_contents_stand_in_the_order_of_its_alphabet(laid: Laid) -> None:
    letters = [group.letter for group in laid.layout.index.groups]
    assert letters == [*sorted(letters[:-1]), "I"]


def test_its_e_book_and_site_carry_the_letters(tmp_path: Path) -> None:
    """And a book without such letters does not."""
    for book, has_them in ((BOOK, True), (BOOK.parents[1] / "harbour" / "in", False)):
        out = tmp_path / book.parent.name
        assert main(["--book", str(book), "--out", str(out), "--only", "epub,web"]) == 0
        (epub,) = out.glob("*.epub")
        names = ZipFile(epub).namelist()
        assert ("EPUB/fonts/NotoSerifHebrew-Regular.ttf.woff2" in names) == has_them
        assert (out / "web" / "NotoSerifHebrew-Bold.ttf.woff2").is_file() == has_them
        assert ("NotoSerifHebrew" in (out / "web" / "base.css").read_text("utf-8")) == has_them
        assert not any("Arabic" in name for name in names)
        if has_them:
            _check_subset(ZipFile(epub))


def _check_subset(epub: ZipFile) -> None:
    """The face has the Hebrew letters of all documents, and no others."""
    documents = [epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")]
    shown = {sign for text in documents for sign in text if TURNED.match(sign)}
    data = epub.read("EPUB/fonts/NotoSerifHebrew-Regular.ttf.woff2")
    assert {chr(code) for code in TTFont(BytesIO(data)).getBestCmap() if code > 0x7F} == {
        *shown,
        *({"\u00a0"} & set("".join(documents))),
    }


def test_its_cover_has_the_front_on_the_left(tmp_path: Path) -> None:
    """The spine of a Hebrew book is at the right of its front."""
    shutil.copytree(BOOK, tmp_path / "book")
    toml = tmp_path / "book" / "book.toml"
    more = '\n[print]\nedition = ["reading", "cover"]\n'
    toml.write_text(toml.read_text("utf-8") + more, "utf-8")
    assert main(["--book", str(tmp_path / "book"), "--out", str(tmp_path / "dist")]) == 0
    (cover,) = (tmp_path / "dist").glob("*cover*.pdf")
    page = pypdfium2.PdfDocument(cover)[0]
    text = page.get_textpage()
    sizes = [
        (text.get_charbox(at)[3] - text.get_charbox(at)[1], text.get_charbox(at)[0])
        for at in range(text.count_chars())
        if text.get_text_range(at, 1).strip()
    ]
    assert max(sizes)[1] < page.get_width() / 2


@pytest.mark.parametrize(
    ("language", "layout"), [*((one, "run-in") for one in TALKS), ("he", "hang"), ("he", "block")]
)
def test_talks_of_many_scripts_are_proved(language: str, layout: str, tmp_path: Path) -> None:
    """In each layout, for screens and for the printer; once more from what is kept."""
    (tmp_path / "talk.txt").write_text(TALKS[language], "utf-8")
    book, out = tmp_path / "book", tmp_path / "dist"
    new = ["new", str(tmp_path / "talk.txt"), "--book", str(book), "--language", language]
    assert main(new) == 0
    toml = book / "book.toml"
    said = f'\n[print]\nlayout = "{layout}"\nedition = ["reading", "press", "cover"]\n'
    toml.write_text(toml.read_text("utf-8").replace("# role =", "role =", 1) + said, "utf-8")
    assert main(["--book", str(book), "--out", str(out)]) == 0
    made = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    assert main(["--book", str(book), "--out", str(tmp_path / "again")]) == 0
    assert {name: (tmp_path / "again" / name).read_bytes() for name in made} == made


@pytest.mark.parametrize(("language", "attributes"), [("fa", ' lang="en"'), ("he", "")])
def test_what_the_templates_say_in_english_says_so(language: str, attributes: str) -> None:
    """And is read the other way than the book."""
    templates = Templates(language)
    own = templates.render("print/imprint.html", matter=type("M", (), {"imprint": ["x"]}))
    assert f"<p{attributes}" in own
    assert ('dir="ltr"' in own) == bool(attributes)
