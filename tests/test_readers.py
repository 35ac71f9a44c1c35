"""Reading transcripts: the cases of ``cases/readers``, and what holds for any text."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from case_files import Case, cases
from hypothesis import given
from hypothesis import strategies as st

from octavo.findings import Finding, Findings
from octavo.model import Anchor, Block, Event, Location, Prose, Span, Text, Transcript, Turn
from octavo.readers import Labels, dump_transcript, read_transcript, survey

LABELS = Labels(known=("Wang", "Reporter", "Mr. Li", "王"), not_speakers=("Plan B",))


def read(text: str, labels: Labels = LABELS) -> tuple[Transcript, list[Finding]]:
    """The transcript of *text*, and what was found on the way."""
    return read_bytes(text.encode(), labels)


def read_bytes(data: bytes, labels: Labels = LABELS) -> tuple[Transcript, list[Finding]]:
    findings = Findings()
    transcript = read_transcript(data, "talk.txt", "plain", labels, findings.report)
    return transcript, findings.ordered


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# Cases -----------------------------------------------------------------------


def labels_of(options: str) -> Labels:
    """The labels of a case: ``Wang Mr._Li=Li -Plan_B free`` (label=alias, -speech)."""
    words = [w.replace("_", " ") for w in options.split() if w not in ("escaped", "findings")]
    speakers = [w.split("=") for w in words if w != "free" and not w.startswith("-")]
    return Labels(
        known=tuple(label for labels in speakers for label in labels),
        not_speakers=tuple(w[1:] for w in words if w.startswith("-")),
        free="free" in words,
        aliases=tuple((alias, label) for label, *aliases in speakers for alias in aliases),
    )


@pytest.mark.parametrize("case", cases("readers"))
def test_reader_case(case: Case) -> None:
    """Each case reads as the dump, or the findings, below its text."""
    options = case.options.split()
    text = case.input.rstrip("\n") + "\n"
    if "escaped" in options:
        text = text.replace("\n", "").encode("ascii").decode("unicode_escape")
    findings = Findings()
    data = text.encode(errors="surrogatepass")
    transcript = read_transcript(data, "t.txt", "plain", labels_of(case.options), findings.report)
    dump = "" if "findings" in options else dump_transcript(transcript)
    shown = dump + "".join(f"{finding}\n" for finding in findings.ordered)
    assert shown.rstrip("\n") == case.expected.rstrip("\n")


# Bytes -----------------------------------------------------------------------


def test_a_byte_that_is_not_utf8_is_found_at_its_line_and_column() -> None:
    """The place counts characters, and the hint names the encoding that it may be."""
    _, findings = read_bytes("Wang: One.\n\nWang: Zwölf Büsche im Garten.\n".encode("cp1252"))
    assert [str(finding) for finding in findings] == [
        (
            "talk.txt:3:9: undecodable: the byte 0xF6 is not UTF-8 (2 times, first here)\n"
            "  hint: it may be WINDOWS-1252: save it as UTF-8 in a text editor, or run "
            "`iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW`"
        )
    ]


def test_a_damaged_byte_in_utf8_text_is_no_other_encoding() -> None:
    """A text that is UTF-8 but for one byte was damaged, not written in another encoding."""
    _, findings = read_bytes("Wang: Zwölf Büsche, große Gärten".encode() + b"\xe4\n")
    assert [finding.hint for finding in findings] == [
        "open the file in the program that wrote it and save it again as UTF-8"
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("Wang: One.\n".encode("utf-16"), "this is UTF-16, not UTF-8"),
        ("Wang: One.\n".encode("utf-16-le"), "this is UTF-16LE, not UTF-8"),
        ("Wang: One.\n".encode("utf-16-be"), "this is UTF-16BE, not UTF-8"),
        (b"%PDF-1.7\n", "this is a PDF, not a text"),
        (b"PK\x03\x04\x14\x00", "this is a zipped document (.docx, .odt, .epub), not a text"),
        ("夫：これはさんぽです。\n".encode("cp932"), "the byte 0x95 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_utf8_text_is_one_fault(data: bytes, found: str) -> None:
    """What the file is instead is said once, and nothing of it is read."""
    transcript, findings = read_bytes(data)
    assert [re.sub(r" \(\d+ times.*", "", finding.found) for finding in findings] == [found]
    assert transcript == Transcript("talk.txt", (), (), ())


def test_all_faults_of_a_file_are_found_at_once() -> None:
    """One reading tells every fault, in source order."""
    text = "Wang: \x00\n\nMr. Zhou: " + "x" * 1001 + "\n\nWang:\n\nReporter: " + "yes " * 60_000
    _, findings = read(text)
    assert [(f.code, f.location.line, f.location.column) for f in findings] == [
        ("control-character", 1, 7),
        ("unknown-speaker", 3, 1),
        ("long-word", 3, 11),
        ("long-paragraph", 7, 11),
    ]


@pytest.mark.parametrize(
    "word", ["x" * 1000, "好" * 5000, "x-" * 5000, "ก" * 5000, ("x" * 600 + " ") * 5]
)
def test_text_that_can_be_broken_is_no_long_word(word: str) -> None:
    """Hyphens, spaces and scripts without spaces can be broken into lines."""
    assert codes(read(f"Wang: {word}\n")[1]) == []


def test_no_break_spaces_do_not_break_a_long_word() -> None:
    """Words that are glued together are one to the typesetter."""
    assert codes(read("Wang: " + "x\u00a0" * 600 + "\n")[1]) == ["long-word"]


# Laws ------------------------------------------------------------------------

PIECES = (
    *"aZ.:?!()[]-—“ \t\f\u00a0\u2028\u2029",
    *("\n", "\n\n", "\r", "\r\n", "    ", "Wang:", "Wang: ", "Mr. Li: ", "王：", "Mr. Zhou: "),
    *("Reporter (aside): ", "[Laughs.] ", "Plan B: ", "it was cold ", "we went on. ", "天氣很冷"),
    *("10:30 ", "well-\n"),
)
MESSY = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)


def source_characters(text: str) -> dict[tuple[int, int], str]:
    """Each character by line and column, as an editor counts them."""
    lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))
    return {(y, x): c for y, line in enumerate(lines, 1) for x, c in enumerate(line, 1)}


@given(MESSY)
def test_every_character_is_led_back_to_its_place(text: str) -> None:
    """Any character of any text stands in the source where ``locate`` says, but joining spaces."""
    transcript, _ = read(text)
    source = source_characters(text)
    for said in transcript.texts():
        for offset, character in enumerate(said.words):
            place = said.locate(offset)
            there = source.get((place.line, place.column), " ")
            is_edge = there.isspace() or there in ":：\u200b\ufeff"
            assert character == there or (character == " " and is_edge)


@given(MESSY, st.booleans())
def test_no_word_is_lost_added_or_moved(text: str, free: bool) -> None:
    """The letters of labels and texts are the source's, but for labels of joined turns."""
    transcript, _ = read(text, replace(LABELS, free=free, known=() if free else LABELS.known))
    source = words_of(text)
    for word in words_in(transcript):
        # A label of a turn that was joined to the one before is passed over in the source.
        while source and source[0] != word:
            assert source[0] in {"Wang", "Mr", "Li", "王", "Reporter"} or free
            source.pop(0)
        assert source.pop(0) == word
    if not free:
        assert set(source) <= {"Wang", "Mr", "Li", "王", "Reporter"}


def words_in(transcript: Transcript) -> Iterator[str]:
    for text in (*transcript.title, *transcript.byline):
        yield from words_of(text.words)
    for block in transcript.blocks:
        if isinstance(block, Turn):
            yield from words_of(block.label)
            for text in block.paragraphs:
                yield from words_of(text.words)
        else:
            yield from words_of(block.text.words)


def words_of(text: str) -> list[str]:
    """Words; an ideograph is one, since lines of them are joined without a space."""
    solid = r"\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
    return re.findall(rf"(?=\w)[{solid}]|[^\W{solid}]+", text)


NAMES = st.sampled_from(["Wang", "Reporter", "Mr. Li"])
SAID = st.lists(
    st.sampled_from(["it", "was", "cold", "and", "to", "river", "[Laughs.]", "(aside)", "10:30"]),
    min_size=1,
    max_size=8,
).map(lambda words: "It " + " ".join(words) + ".")
NOTED = st.sampled_from(["[Applause.]", "(A bell rings.)", "[Laughter.] [Music.]"])
LINES = st.lists(st.sampled_from(["The Long March", "Who Came Back", "Gong Xiuchuan"]), max_size=3)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """A transcript without places, such as plain text can hold."""
    title = draw(LINES)
    byline = draw(LINES) if title else []
    blocks: list[Block] = [Prose(bare(draw(SAID))) for _ in range(draw(st.integers(0, 2)))]
    for label in draw(st.lists(NAMES, min_size=1, max_size=5)):
        said = tuple(bare(words) for words in draw(st.lists(SAID, min_size=1, max_size=3)))
        if isinstance(blocks[-1] if blocks else None, Turn) and blocks[-1].label == label:  # type: ignore[union-attr]
            blocks.append(Event(bare(draw(NOTED))))
        blocks.append(Turn(label, said, Location("")))
    return Transcript("talk.txt", tuple(map(bare, title)), tuple(map(bare, byline)), tuple(blocks))


def bare(words: str) -> Text:
    return Text(words, (Anchor(0, Location("")),))


def plain(transcript: Transcript) -> str:
    """Write a transcript as plain text: the reader's inverse, for the law below."""
    parts = ["\n".join(t.words for t in texts) for texts in (transcript.title, transcript.byline)]
    for block in transcript.blocks:
        if isinstance(block, Turn):
            first, *others = (text.words for text in block.paragraphs)
            parts += [f"{block.label}: {first}", *others]
        else:
            parts.append(block.text.words)
    return "\n\n".join(filter(None, parts)) + "\n"


def without_places(transcript: Transcript) -> Transcript:
    blocks: list[Block] = []
    for block in transcript.blocks:
        if isinstance(block, Turn):
            said = tuple(bare(text.words) for text in block.paragraphs)
            blocks.append(Turn(block.label, said, Location("")))
        else:
            blocks.append(type(block)(bare(block.text.words)))
    title, byline = (
        tuple(bare(text.words) for text in texts) for texts in (transcript.title, transcript.byline)
    )
    return Transcript(transcript.path, title, byline, tuple(blocks))


@given(transcripts(), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_a_transcript_written_as_text_reads_back_equal(
    transcript: Transcript, line_end: str, mark: str
) -> None:
    """Writing and reading are inverse, whatever ends the lines; and nothing is found."""
    text = mark + plain(transcript).replace("\n", line_end)
    again, findings = read(text)
    assert without_places(again) == transcript
    assert findings == []


LONG = bare("It was cold and we went on along the river until the others came to us " * 8 + "then.")


@given(transcripts(), st.integers(30, 70))
def test_hard_wrapping_changes_nothing(transcript: Transcript, width: int) -> None:
    """A document with enough lines to show its width reads the same wrapped."""
    blocks = (*transcript.blocks, Event(bare("[Silence.]")), Turn("王", (LONG,), Location("")))
    transcript = Transcript("talk.txt", (), (), blocks)
    wrapped = "\n\n".join(wrap(part, width) for part in plain(transcript).split("\n\n"))
    assert without_places(read(wrapped)[0]) == transcript


def wrap(paragraph: str, width: int) -> str:
    """Break lines greedily, but not where a line would then begin with a label or an event."""
    lines = [""]
    for word in paragraph.split(" "):
        if len(lines[-1]) + 1 + len(word) > width and word[0] not in "[(":
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


# Survey and scale ------------------------------------------------------------


def test_a_survey_tells_labels_with_counts_and_doubts_apart() -> None:
    """Turns are counted, not lines; a header word and a link are no speakers."""
    text = (
        "A Talk\n\nDate: 5 May\n\nLane: One.\n\nLane: Two.\n\nRev. Canon, D.D: So.\n\n"
        "Algernon: Three.\n\nLane: Four.\n"
    )
    found = survey(text.encode(), "t.txt", Findings().report)
    assert found.title == "A Talk"
    assert [(label.label, label.turns, label.first.line) for label in found.labels] == [
        ("Lane", 2, 5),
        ("Algernon", 1, 11),
    ]
    assert [(doubt.label, doubt.location.line) for doubt in found.doubtful] == [
        ("Rev. Canon, D.D", 9)
    ]


@pytest.mark.parametrize(
    "hard",
    ["A: b\n", "[", "(a ", ":", "Wang: so\n", "\n", "a-\n", "Wang ", "[a] ", f"{'x' * 999} "],
)
def test_reading_time_grows_with_length_only(hard: str) -> None:
    """Eight times the text takes about eight times as long, whatever it repeats."""

    def seconds(length: int) -> float:
        data = (hard * (length // len(hard))).encode()
        start = time.process_time()
        read_bytes(data)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(40_000) < 40 * max(seconds(5_000), 0.002)


def test_a_span_covers_the_event_it_names() -> None:
    """Events keep their place when lines are joined before them."""
    transcript, _ = read("Wang: It was cold and\nwe went [Laughter.] on to\nthe river.\n")
    turn = transcript.blocks[0]
    assert isinstance(turn, Turn)
    (text,) = turn.paragraphs
    assert text.events == (Span(24, 35),)
    assert text.locate(24) == Location("talk.txt", 2, 9)
