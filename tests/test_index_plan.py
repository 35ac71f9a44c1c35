"""The plan and the index as data: what the templates, the e-book and the proof build on."""

from small_books import read_turns, small_book, small_pagemap

from octavo.edition.schema import Entry, IndexTable, Passage, Speaker
from octavo.findings import Finding, Findings, Weight
from octavo.index import (
    CrossReference,
    Index,
    IndexEntry,
    IndexPlan,
    Mention,
    make_index,
    plan_index,
)
from octavo.model import Location, Span
from octavo.pagemap import Point

TALK = """
: |Water, says the standfirst.
Reporter: |What about water?
Wang: |Water is short, and |water is dear.
  In the end it rains; bread is |dear.
"""
TURNS = read_turns(TALK)
ENTRIES = (
    Entry("water", match=("water",), see_also=("bread",), main="water is dear"),
    Entry(
        "bread",
        match=("bread",),
        passages=(Passage("Water is short", "it rains"),),
        see_also=("water",),
        sub=(Entry("prices of", match=("bread is dear",)), Entry("and butter", see=("water",))),
    ),
    Entry("H₂O", see=("water", "bread: prices of")),
)


def plan(**settings: object) -> IndexPlan:
    """The plan of the small talk, without a fault."""
    findings = Findings()
    house = IndexTable(**settings)  # type: ignore[arg-type]
    made = plan_index(small_book(TURNS, entries=ENTRIES, index=house), findings.report)
    assert findings.faults == []
    return made


def index(**settings: object) -> Index:
    made = plan(**settings)
    return make_index(made, small_pagemap(small_book(TURNS), [TURNS]))


def entry(name: str, made: Index) -> IndexEntry:
    (found,) = (one for one in made.entries() if one.id == name)
    return found


def test_mentions_are_points_with_their_speaker() -> None:
    """Each knows its words, its turn and who says it; they are in reading order."""
    assert plan().mentions == (
        Mention("ix-water", Point("p1", 0), 5, Point("p1", 4), "p1", "", "Water"),
        Mention("ix-water", Point("t1.1", 11), 16, Point("t1.1", 15), "t1", "Reporter", "water"),
        Mention("ix-water", Point("t2.1", 0), 5, Point("t2.1", 4), "t2", "Wang", "Water"),
        Mention(
            "ix-bread", Point("t2.1", 0), 14, Point("t2.2", 18), "t2", "Wang", "Water is short"
        ),
        Mention("ix-water", Point("t2.1", 20), 25, Point("t2.1", 24), "t2", "Wang", "water", True),
        Mention(
            "ix-bread-prices-of",
            Point("t2.2", 21),
            34,
            Point("t2.2", 33),
            "t2",
            "Wang",
            "bread is dear",
        ),
    )


def test_a_passage_knows_that_it_is_one() -> None:
    """It ends elsewhere than its linked words do."""
    assert [m.form for m in plan().mentions if m.is_passage] == ["Water is short"]


def test_locators_lead_to_words_and_say_their_pages() -> None:
    """What is printed, what is spoken, where the link leads."""
    second, third = entry("ix-water", index()).locators[1:]
    assert (second.text, second.spoken, second.target, second.main) == (
        "2",
        "2",
        Point("t1.1", 11),
        False,
    )
    assert (third.text, third.spoken, third.first, third.last) == ("3–4", "3 to 4", "3", "4")
    assert (third.target, third.end, third.main) == (Point("t2.1", 0), 5, True)
    assert [mention.point.offset for mention in third.mentions] == [0, 20]


def test_only_targets_need_anchors() -> None:
    """The plan anchors every mention, the index those that a locator leads to; one a point."""
    assert plan().spans() == {
        "p1": (Span(0, 5),),
        "t1.1": (Span(11, 16),),
        "t2.1": (Span(0, 14), Span(20, 25)),
        "t2.2": (Span(21, 34),),
    }
    assert index().spans() == {
        "p1": (Span(0, 5),),
        "t1.1": (Span(11, 16),),
        "t2.1": (Span(0, 14),),
        "t2.2": (Span(21, 34),),
    }


def test_references_carry_label_and_target() -> None:
    """The label is the heading as printed, a subentry's with its entry's."""
    assert entry("ix-h2o", index()).see == (
        CrossReference("bread: prices of", "ix-bread-prices-of"),
        CrossReference("water", "ix-water"),
    )
    assert [sub.id for sub in entry("ix-bread", index()).subs] == [
        "ix-bread-and-butter",
        "ix-bread-prices-of",
    ]


def test_ids_are_unique_and_keep_to_the_heading() -> None:
    """They come from the heading; a second one of the same spelling is numbered."""
    headings = [
        "Three Represents, the",
        "Three Represents: the!",
        "People’s Party",
        "Ärzte",
        "党",
        "…",
    ]
    entries = [Entry(heading, match=("x",)) for heading in headings]
    made = plan_index(small_book([("Ann", ["x"])], entries=entries), lambda finding: None)
    assert [one.id for one in made.entries] == [
        "ix-three-represents-the",
        "ix-three-represents-the-2",
        "ix-peoples-party",
        "ix-arzte",
        "ix-515a",
        "ix",
    ]


def test_the_index_knows_its_mode_and_its_bold_locators() -> None:
    """The headnote says what bold means only where there is some."""
    made = index(sort="letter")
    assert (made.mode, made.has_main) == ("letter", True)
    plain = plan_index(
        small_book(TURNS, entries=[Entry("water", match=("water",))]), lambda finding: None
    )
    assert not make_index(plain, small_pagemap(small_book(TURNS), [TURNS])).has_main


def test_speakers_make_subentries_under_their_full_names() -> None:
    """Sorted by the speaker's sort key; mentions move to the subentry."""
    speakers = (
        Speaker("Wang", "Wang Jiarui", sort="Jiarui"),
        Speaker("Reporter", "Study Times Reporter"),
    )
    water = Entry("water", match=("water",), by_speaker=True)
    book = small_book(TURNS, entries=[water], speakers=speakers)
    made = make_index(plan_index(book, lambda finding: None), small_pagemap(book, [TURNS]))
    assert [
        (one.id, one.heading, [locator.text for locator in one.locators]) for one in made.entries()
    ] == [
        ("ix-water", "water", ["1"]),
        ("ix-water-wang-jiarui", "Wang Jiarui", ["3–4"]),
        ("ix-water-study-times-reporter", "Study Times Reporter", ["2"]),
    ]


def test_headings_are_set_with_typographic_marks() -> None:
    """Entries and references print curly marks, whatever the editor typed."""
    entries = [Entry('"Represents"', match=("water",)), Entry("CPC", see=('"Represents"',))]
    made = plan_index(small_book(TURNS, entries=entries), lambda finding: None)
    assert made.entries[0].heading == "“Represents”"
    assert made.entries[1].see == (CrossReference("“Represents”", "ix-represents"),)


def test_a_book_without_entries_has_an_empty_index() -> None:
    """No groups, no anchors, no findings."""
    findings = Findings()
    made = plan_index(small_book(TURNS), findings.report)
    empty = make_index(made, small_pagemap(small_book(TURNS), [TURNS]), findings.report)
    assert (empty.groups, empty.spans(), findings.ordered) == ((), {}, [])


def test_a_finding_is_said_in_full() -> None:
    """Place, code, what was found, what to do."""
    place = Location("index.toml", 4, 1)
    findings = Findings()
    entries = [Entry("water", match=("watre",), location=place)]
    plan_index(small_book(TURNS, entries=entries), findings.report)
    assert findings.ordered == [
        Finding(
            place,
            "no-hit",
            "`water`: nothing is found for `watre`",
            "the nearest is `Water, says the standfirst.` at talk.txt:1:1",
            Weight.FAULT,
        )
    ]
