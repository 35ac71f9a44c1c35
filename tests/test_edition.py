"""The edition: the cases of ``cases/edition``, places of keys, and first editions."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from case_files import Case, cases
from hypothesis import given
from hypothesis import strategies as st

from octavo.edition import BOOK, make_labels, read_edition, relator, show_path, source_path
from octavo.edition.draft import draft_edition
from octavo.edition.places import find_places
from octavo.edition.roles import ROLES
from octavo.edition.schema import (
    BookTable,
    Contributor,
    Edition,
    Entry,
    Passage,
    SectionTable,
    Speaker,
)
from octavo.findings import Finding, Findings
from octavo.model import Location, Transcript
from octavo.readers import Labels, read_transcript

MODIFIED = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder ``book`` of the current one, with a transcript in it."""
    monkeypatch.chdir(tmp_path)
    book = Path("book")
    book.mkdir()
    (book / "talk.txt").write_text("Wang: It was cold.\n", encoding="utf-8")
    return book


def read(folder: Path) -> tuple[Edition, list[Finding]]:
    findings = Findings()
    return read_edition(folder, findings.report), findings.ordered


@pytest.mark.parametrize("case", cases("edition"))
def test_edition_case(case: Case, folder: Path) -> None:
    """Each case has the findings below its files, and no others."""
    name, *others = case.input.split("\n--- ")
    for text in (f"{BOOK}\n{name}", *others):
        file_name, _, content = text.partition("\n")
        (folder / file_name).write_text(content, encoding="utf-8")
    _, findings = read(folder)
    assert "".join(f"{finding}\n" for finding in findings).rstrip() == case.expected.rstrip("\n")


def test_an_edition_is_read_with_the_places_of_its_tables(folder: Path) -> None:
    """Every table knows its file, line and column; what is absent has its default."""
    (folder / "book.toml").write_text(
        '[book]\ntitle = "A Talk"\nmodified = 2026-11-23T00:00:00Z\n\n'
        '[[contributor]]\nname = "Gong"\nrole = "editor"\n\n'
        '[[transcript]]\nsource = "talk.txt"\n\n'
        '[[speaker]]\nlabel = "Wang"\naliases = ["W"]\nrole = "interviewee"\n',
        encoding="utf-8",
    )
    (folder / "contents.toml").write_text(
        '[[section]]\nheading = "Cold"\nbegins = "Wang: It"\n', encoding="utf-8"
    )
    (folder / "index.toml").write_text(
        '[[entry]]\nheading = "cold"\nmatch = ["cold"]\nsee_also = "river"\n\n'
        '[[entry.sub]]\nheading = "in winter"\n'
        'passages = [{ start = "It", end = "cold" }]\n\n[[entry]]\nheading = "river"\n',
        encoding="utf-8",
    )
    (folder / "note.md").write_text("A *note*.\r\n", encoding="utf-8", newline="")
    edition, findings = read(folder)
    assert findings == []
    assert edition.folder == str(folder.absolute())
    assert edition.note == "A *note*.\n"
    assert edition.file.book == BookTable(
        title="A Talk", modified=MODIFIED, location=Location("book/book.toml", 1)
    )
    assert edition.file.contributor == (
        Contributor("Gong", "editor", location=Location("book/book.toml", 5)),
    )
    assert edition.file.speaker == (
        Speaker(
            "Wang", role="interviewee", aliases=("W",), location=Location("book/book.toml", 12)
        ),
    )
    assert edition.contents.section == (
        SectionTable("Cold", "Wang: It", location=Location("book/contents.toml", 1)),
    )
    place = Location("book/index.toml", 8, 13)
    sub = Entry(
        "in winter",
        passages=(Passage("It", "cold", location=place),),
        location=Location("book/index.toml", 6),
    )
    assert edition.index.entry == (
        Entry(
            "cold",
            match=("cold",),
            see_also=("river",),
            sub=(sub,),
            location=Location("book/index.toml", 1),
        ),
        Entry("river", location=Location("book/index.toml", 10)),
    )


def test_labels_are_those_of_the_speakers(folder: Path) -> None:
    """Aliases are known too; what the transcript's table refuses is refused."""
    (folder / "book.toml").write_text(
        '[[transcript]]\nsource = "talk.txt"\nnot_speakers = ["Plan B"]\n'
        '[[speaker]]\nlabel = "Wang"\naliases = ["W", "Mr. Wang"]\n[[speaker]]\nlabel = "Li"\n',
        encoding="utf-8",
    )
    edition, _ = read(folder)
    assert make_labels(edition, edition.file.transcript[0]) == Labels(
        known=("Wang", "W", "Mr. Wang", "Li"),
        not_speakers=("Plan B",),
        free=False,
        aliases=(("W", "Wang"), ("Mr. Wang", "Wang")),
    )


def test_a_book_without_speakers_takes_what_the_transcript_uses(folder: Path) -> None:
    """No [[speaker]] at all leaves the labels to the reader."""
    (folder / "book.toml").write_text('[[transcript]]\nsource = "talk.txt"\n', encoding="utf-8")
    edition, _ = read(folder)
    assert make_labels(edition, edition.file.transcript[0]).free


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("book.toml", b"\xff\xfe[\x00b\x00", "book/book.toml:1:1: undecodable"),
        ("book.toml", b'[book]\ntitle = "Z\xfcrich"\n', "book/book.toml:2:11: undecodable"),
        ("book.toml", b"a = " + b"[" * 30_000, "book/book.toml:1:1: toml-syntax"),
        ("note.md", b"A\x00", "book/note.md:1:2: control-character"),
    ],
)
def test_a_file_that_is_no_text_is_one_finding(
    folder: Path, name: str, data: bytes, said: str
) -> None:
    """The file is named with the place, and nothing is said that follows from it."""
    (folder / "book.toml").write_text('[[transcript]]\nsource = "talk.txt"\n', encoding="utf-8")
    (folder / name).write_bytes(data)
    _, findings = read(folder)
    assert [f"{finding.location}: {finding.code}" for finding in findings] == [said]


def test_a_file_that_cannot_be_opened_is_a_finding(folder: Path) -> None:
    """A folder where a file should be is no crash."""
    (folder / "book.toml").write_text('[[transcript]]\nsource = "talk.txt"\n', encoding="utf-8")
    (folder / "index.toml").mkdir()
    _, findings = read(folder)
    assert [str(finding) for finding in findings] == [
        (
            "book/index.toml:1:1: unreadable: the file cannot be read: is a directory\n"
            "  hint: look at its permissions, and that it is a file"
        )
    ]


def test_a_folder_without_an_edition_says_how_to_begin_one(folder: Path) -> None:
    """The hint names the transcript when there is only one."""
    _, findings = read(folder)
    assert [str(finding) for finding in findings] == [
        (
            "book/book.toml:1:1: missing-edition: the folder has no book.toml\n"
            "  hint: `python build.py new book/talk.txt` writes a first edition"
        )
    ]
    _, findings = read(Path("bok"))
    assert [str(finding) for finding in findings] == [
        "bok:1:1: missing-edition: there is no such folder\n  hint: look at its name"
    ]


def test_a_path_of_this_machine_only_is_a_finding(folder: Path) -> None:
    """An edition builds on another machine too, so its sources are relative."""
    absolute = (folder / "talk.txt").absolute().as_posix()
    (folder / "book.toml").write_text(f'[[transcript]]\nsource = "{absolute}"\n', encoding="utf-8")
    _, findings = read(folder)
    assert [str(finding) for finding in findings] == [
        (
            f"book/book.toml:2:1: bad-value: `{absolute}` holds on this machine only\n"
            "  hint: write `talk.txt`, relative to book.toml"
        )
    ]


def test_paths_are_shown_relative_below_the_current_folder(folder: Path) -> None:
    """Elsewhere they are shown whole; dots are folded away."""
    assert show_path(folder / ".." / "seeds" / "a.txt") == "seeds/a.txt"
    assert show_path(Path("..") / "a.txt") == (Path.cwd().parent / "a.txt").as_posix()


def test_relators_are_marc_codes() -> None:
    """Each code has three small letters; a word without a code is other."""
    assert all(len(code) == 3 and code.isalpha() and code.islower() for code in ROLES.values())
    assert [relator(word) for word in ("interviewer", "interviewee", "chair")] == [
        "ivr",
        "ive",
        "oth",
    ]


# Places ----------------------------------------------------------------------


def paths(values: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every key and item that ``tomllib`` found."""
    items = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))


KEYS = st.sampled_from(["a", "b-1", '"c d"', "'e.f'", '""', '"\\u00e9]="'])
ATOMS = st.sampled_from(
    (
        *("1", "-2.5e3", "true", "1979-05-27 07:32:00Z", "07:32:00", '"x"', '""', "''", "'[a]'"),
        *('"a # \\" = b"', '"""\n[x]\ny = "" z"""', '"""a\\"\\\\"""""', "'''\n'k' = '''''"),
    )
)
SPACE = st.sampled_from(["", " ", "\t "])
BREAK = st.sampled_from(["", " ", "\n", " # ] } \n", "\n\n  "])


@st.composite
def dotted(draw: st.DrawFn) -> str:
    parts = draw(st.lists(KEYS, min_size=1, max_size=3))
    return (draw(SPACE) + "." + draw(SPACE)).join(parts)


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(inner, max_size=3))
    comma = draw(st.sampled_from(["", ","])) if items else ""
    gap = draw(BREAK)
    return f"[{gap}" + f"{gap},{gap}".join(items) + f"{gap}{comma}{gap}]"


@st.composite
def inline_tables(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    pairs = [f"{draw(dotted())}{draw(SPACE)}={draw(SPACE)}{draw(inner)}" for _ in range(2)]
    return "{ " + f"{draw(SPACE)},{draw(SPACE)}".join(pairs[: draw(st.integers(0, 2))]) + " }"


VALUES = st.recursive(ATOMS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Lines that are often TOML."""
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["pair", "pair", "table", "array", "comment"]))
        key, end = draw(dotted()), draw(st.sampled_from(["", " ", "  # = ["]))
        line = {
            "pair": f"{key}{draw(SPACE)}={draw(SPACE)}{draw(VALUES)}",
            "table": f"[{draw(SPACE)}{key}{draw(SPACE)}]",
            "array": f"[[{draw(SPACE)}{key}{draw(SPACE)}]]",
            "comment": "",
        }[kind]
        lines.append(f"{draw(SPACE)}{line}{end}")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@given(documents())
def test_every_key_that_tomllib_finds_has_a_place(text: str) -> None:
    """Keys, tables and items are all found, in any order and spelling, and no others."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(find_places(text)) == set(paths(values))


def test_places_are_those_of_keys_headers_and_items() -> None:
    """Lines and columns count from 1; a header's place is its bracket."""
    text = (
        'a.b = 1\n\n  [c]\nd = ["x",\n  "y"]\n[[e]]\nf = { g = """\n"""}\n[e.h]\n[[e]]\n"i j" = 1\n'
    )
    assert find_places(text) == {
        ("a",): (1, 1),
        ("a", "b"): (1, 3),
        ("c",): (3, 3),
        ("c", "d"): (4, 1),
        ("c", "d", 0): (4, 6),
        ("c", "d", 1): (5, 3),
        ("e",): (6, 1),
        ("e", 0): (6, 1),
        ("e", 0, "f"): (7, 1),
        ("e", 0, "f", "g"): (7, 7),
        ("e", 0, "h"): (9, 1),
        ("e", 1): (10, 1),
        ("e", 1, "i j"): (11, 1),
    }


# First editions --------------------------------------------------------------

DEBATE = """\
Frank McGee: Good evening. And here tonight are: the Republican candidate, Vice President \
Richard M. Nixon; and the Democratic candidate, Senator John F. Kennedy.

Paul Niven: Mr. Vice President, Senator Kennedy said last night that you must take responsibility.

Richard M Nixon: Well first of all, Mr. Niven, I don't agree.

Frank McGee: Senator Kennedy?

John F Kennedy: Well, Mr. McGee, I have never suggested that.
"""
PANEL = """\
MM: Como dice Trace Mayer, es perseguir al conejo. ¿Por qué no nos presentamos?

TV: Mi nombre es Tone Vays.

Whalepanda: Entré en bitcoin. ((aplausos))

MM: Gracias chicos.

TV: Una cosa: no.
"""
PRESS = (
    "East Room\n\n1:18 P.M. EST\n\nPRESIDENT BIDEN:\u00a0 Well, it’s great to see you all today.  "
    "President\nMacron and I have had a chance to spend some time together.  We went to\na private "
    "dinner last night.  (Laughter.)  No.\n\nQ\u00a0\u00a0\u00a0 Mr. President?\n\nPRESIDENT "
    "BIDEN:\u00a0 Yes.\n\nQ\u00a0\u00a0\u00a0 Why?\n\n     PRESIDENT MACRON:  (As interpreted.) "
    "And now: no.\n\nQ\u00a0\u00a0\u00a0 When?\n\nPRESIDENT MACRON: Now.\n"
)
CALL = """\
Agenda: <https://example.org/issues/1098>

Speaker 0: Great. I guess, [Redacted], does anyone have any urgent stuff?

Speaker 1: Which one is this?

Speaker 0: This is 1296. Plan B: none.

So: next.

Speaker 10: Yeah.

Rev. Canon, D.D: Yes.
"""
COMMITTEE = (
    'פרוטוקול\n\nהיו"ר משה גפני:\n\nבוקר טוב.\n\nקובי בוזו:\n\nתודה.\n\n'
    'היו"ר משה גפני:\n\nבבקשה.\n\nקובי בוזו:\n\nכן.\n'
)
OFFICE = "# 來訪\n\n唐鳳：上次我們有聊過？\n\n李志村：對。\n\n唐鳳：好嗎？\n\n李志村：好。\n"


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (DEBATE, ["Frank McGee", "Paul Niven", "Richard M Nixon", "John F Kennedy"]),
        (PANEL, ["MM", "TV", "Whalepanda"]),
        (PRESS, ["PRESIDENT BIDEN", "Q", "PRESIDENT MACRON"]),
        (CALL, ["Speaker 0", "Speaker 1", "Speaker 10"]),
        (COMMITTEE, ['היו"ר משה גפני', "קובי בוזו"]),
        (OFFICE, ["唐鳳", "李志村"]),
        (DEBATE.replace("\n", "\r\n"), None),
        ("\ufeff" + PRESS.replace("\n", "\r"), None),
    ],
)
def test_a_first_edition_builds_without_a_finding(text: str, labels: list[str] | None) -> None:
    """Drafted, then read as an edition, a transcript has the speakers it shows and no faults."""
    source = Path("seeds") / 'the "talk".txt'
    source.parent.mkdir()
    source.write_bytes(text.encode())
    findings = Findings()
    written = draft_edition(source, Path("new"), "es", findings.report, MODIFIED)
    assert [path.name for path in written] == ["book.toml", "contents.toml", "index.toml"]
    edition, transcript = read_book(Path("new"), findings)
    assert findings.ordered == []
    assert edition.file.book.name == "the-talk"
    assert edition.file.book.language == "es"
    assert edition.file.book.modified == MODIFIED
    if labels is not None:
        assert [speaker.label for speaker in edition.file.speaker] == labels
    assert list(transcript.labels()) == [speaker.label for speaker in edition.file.speaker]


def read_book(folder: Path, findings: Findings) -> tuple[Edition, Transcript]:
    edition = read_edition(folder, findings.report)
    (source,) = edition.file.transcript
    data = source_path(edition, source).read_bytes()
    labels = make_labels(edition, source)
    return edition, read_transcript(data, "t.txt", source.format, labels, findings.report)


def test_a_first_edition_says_what_the_text_shows(folder: Path) -> None:
    """Labels stand with their counts, doubts apart, and first questions as examples."""
    talk = folder / "talk.txt"
    talk.write_text(
        "The River:\nA Talk\n\nLi: Was it\tcold?\n\nWang: It was.\n\nWang: Very.\n\n"
        "Rev. Canon, D.D: Yes.\n\nLi: And then?\n\nWang: Spring.\n",
        encoding="utf-8",
    )
    findings = Findings()
    draft_edition(talk, folder, "en", findings.report, MODIFIED)
    assert findings.ordered == []
    digest = sha256(talk.read_bytes()).hexdigest()
    assert (folder / "book.toml").read_text(encoding="utf-8") == (
        f"""\
[book]
name = "talk"  # of the files in dist/
title = "The River"
subtitle = "A Talk"
language = "en"  # hyphenation, quotation marks, sorting
identifier = "urn:uuid:ddda5798-f0ee-55d6-bfca-50a2dfc05644"  # never changes
modified = 2026-11-23T00:00:00Z  # goes into the files; the clock is never read
# date, publisher, isbn, rights, series: only what is true

[[transcript]]
source = "talk.txt"
sha256 = "{digest}"
# These look like speakers and were taken for speech. If one of them speaks,
# delete it here and add a [[speaker]] with it as `label`.
not_speakers = [
    "Rev. Canon, D.D",  # line 10
]

[[speaker]]
label = "Li"  # 2 turns, first on line 4
# name = "…"  # in full, as the title pages print it
# role = "interviewer"  # or interviewee, host, moderator, witness …
# aliases = ["…"]  # other spellings of the label in the transcript

[[speaker]]
label = "Wang"  # 2 turns, first on line 6
"""
    )
    assert (folder / "contents.toml").read_text(encoding="utf-8") == (
        """\
# A heading stands before the paragraph whose first words `begins` quotes; quote
# until no other paragraph begins so. Delete the `#` to use it.

# [[section]]
# heading = "…"
# begins = "Li: Was it cold?"

# [[section]]
# heading = "…"
# begins = "Li: And then?"
"""
    )


def test_the_examples_of_a_first_edition_can_be_used(folder: Path) -> None:
    """With the comment signs of the examples deleted the edition is still sound."""
    draft_edition(folder / "talk.txt", folder, "en", Findings().report, MODIFIED)
    for name in ("contents.toml", "index.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        _, _, examples = text.partition("\n\n")
        (folder / name).write_text(re.sub("(?m)^# ?", "", examples), encoding="utf-8")
    edition, findings = read(folder)
    assert findings == []
    assert [section.begins for section in edition.contents.section] == ["Wang: It was cold."]
    assert [entry.heading for entry in edition.index.entry] == ["Party, the", "CPC"]


def test_a_first_edition_overwrites_nothing(folder: Path) -> None:
    """One file that is there already is a fault, and none is written."""
    (folder / "index.toml").write_text("", encoding="utf-8")
    findings = Findings()
    assert draft_edition(folder / "talk.txt", folder, "en", findings.report, MODIFIED) == []
    assert [str(finding) for finding in findings.ordered] == [
        (
            "book/index.toml:1:1: already-exists: an edition is there already\n"
            "  hint: delete it, or give another folder with `--book`"
        )
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["index.toml", "talk.txt"]


@pytest.mark.parametrize(
    ("data", "code"), [(None, "missing-transcript"), (b"\xff", "undecodable"), (b"", "empty-")]
)
def test_no_edition_is_begun_for_a_transcript_that_cannot_be_read(
    folder: Path, data: bytes | None, code: str
) -> None:
    """The transcript's faults are told, and nothing is written."""
    if data is not None:
        (folder / "bad.txt").write_bytes(data)
    findings = Findings()
    assert draft_edition(folder / "bad.txt", Path("new"), "en", findings.report, MODIFIED) == []
    assert [finding.code.startswith(code) for finding in findings.ordered] == [True]
    assert not Path("new").exists()


def test_a_first_edition_invents_no_time(folder: Path) -> None:
    """Without a given time the key is a comment, and the edition is sound."""
    draft_edition(folder / "talk.txt", folder, "en", Findings().report)
    edition, findings = read(folder)
    assert findings == []
    assert edition.file.book.modified is None


def test_the_same_transcript_has_the_same_first_edition(folder: Path) -> None:
    """Neither the clock nor chance is in it; only the place of the transcript."""
    texts = []
    for name in ("one", "two"):
        draft_edition(folder / "talk.txt", Path(name), "en", Findings().report, MODIFIED)
        texts.append((Path(name) / "book.toml").read_bytes())
    assert texts[0] == texts[1]
