"""The order of headings: published alphabets, modes, words passed over, letters of groups."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.index.collation import group_letter, pass_over, sort_key
from octavo.index.languages import ALPHABETS

ORDERS = {
    "az": "can çay elm ər fal gül ğıl hava xəz ır il kənd qız od öz su şam un üz",
    "be": "ель ёлка жук зіма імя йод кот узор ўсё фон",
    "cs": "cena čas dům hora chata ich rok řeka sen šum zima žena",
    "cy": "cath chwech dydd ddoe ffa gardd gŵr ngwlad hen llan mam",
    "da": "Adam yen zebra Ære Øre Aarhus Åse",
    "de": "Afrika Äpfel Apfelbaum ostern Österreich Ozean Strase Straße Strasser über Uhr",
    "el": "άλφα βήτα Γάμμα ώρα Bank",
    "en": "Ångström apple Éire eject naive naïve Naïve nature œuvre Oeuvres Zürich",
    "eo": "celo ĉelo gasto ĝis horo ĥoro io jes ĵuri sama ŝalo ulo ŭo",
    "es": "lazo llama nube ñandú oso",
    "et": "sõna šokk zoo žanr tuul vesi õhk äär öö üks yks",
    "fi": "vesi wau yes zen åbo äiti öljy",
    "hr": "cijena čaj ćup dan džep đak lav ljeto njega oko šuma zora žaba",
    "hu": "cukor csak dal dzsem gaz gyár ló lyuk oka öl pont szó tó tyúk ut út üt zár zseb",
    "is": "apa ás bær þor ær ör",
    "lt": "cukrus čia yla ir jis sala šalis zoo žalias",
    "lv": "cena čau gads ģimene kas ķirsis lai ļoti nav ņemt saule šis zem žurka",
    "mk": "дом ѓон зид ѕид иде јас лав љуб нос њива тек ќе час џеб",
    "pl": "arab ąb cena ćma las lód łas nos ńa oko ósmy sen śnieg zebra źle żaba",
    "ro": "an ăla âla in în sat șarpe tu țară",
    "ru": "ели ёлка ель жук игра йод кот Bank",
    "sk": "asi äsi cena čas hora chata ono ôsmy ŕba rok sen šum zima žena",
    "sl": "cena čaj dan sen šum zima žena",
    "sq": "cak çaj dal dhe elb ëmbël gaz gjak lot llak nat njeri xixë xhami zot zhul",
    "sr": "дан ђак иде јак лав љето нос њега тек ћуп час џак шум",
    "sv": "Adam yen zebra Åland Ängel ärlig Öland",
    "he": "אב אדם כהן ךרך כתב לב מים םק מקום נהר ןר נשר פרי ףש צבע ץר שלום תורה Bank",
    "tr": "cam çay gol ğa hal ılık irmak İstanbul jale oda ödev sal şal un ün",
    "uk": "гора ґава дім еко єва ива ідея їжа йод кіт яма",
    "vi": "an ăn ân ba da đa em êm on ôn ơn tu tư",
}


@pytest.mark.parametrize("language", ORDERS)
def test_each_language_has_its_order(language: str) -> None:
    """Words come out as the language's dictionaries have them, however they went in."""
    words = ORDERS[language].split()
    mixed = sorted(words, key=lambda word: random.Random(word).random())
    assert sorted(mixed, key=lambda word: sort_key(word, language)) == words


def test_every_language_with_an_alphabet_is_tested() -> None:
    """Those that share another's alphabet need no list of their own."""
    tested = {ALPHABETS[language] for language in ORDERS if language in ALPHABETS}
    assert [language for language in ALPHABETS if ALPHABETS[language] not in tested] == []


WORD_BY_WORD = (
    "new (2002)",
    "new, the",
    "New Deal",
    "new/old",
    "New York",
    "newborn",
    "New-comers",
    "news",
    "newspapers",
    "“newt”",
)
LETTER_BY_LETTER = (
    "new (2002)",
    "new, the",
    "newborn",
    "New-comers",
    "New Deal",
    "new/old",
    "news",
    "newspapers",
    "“newt”",
    "New York",
)


def test_word_by_word() -> None:
    """A bracket sorts before a comma, a comma before a space, a space before letters."""
    mixed = LETTER_BY_LETTER[::-1]
    assert tuple(sorted(mixed, key=lambda word: sort_key(word, "en"))) == WORD_BY_WORD


def test_letter_by_letter() -> None:
    """Spaces do not count, brackets and commas do."""
    mixed = WORD_BY_WORD[::-1]
    assert tuple(sorted(mixed, key=lambda w: sort_key(w, "en", "letter"))) == LETTER_BY_LETTER


def test_numbers_go_by_value_and_stand_first() -> None:
    """Symbols, then numbers, then letters."""
    order = ["$5", "&c.", "@home", "9/11 Commission", "9 May", "16th", "2002", "a"]
    mixed = order[::-1]
    assert sorted(mixed, key=lambda word: sort_key(word, "en")) == order


@pytest.mark.parametrize(
    ("heading", "language", "letter"),
    [
        ("Åland", "sv", "Å"),
        ("Åland", "en", "A"),
        ("Ære", "nb", "Æ"),
        ("ære", "en", "A"),
        ("Aarhus", "da", "Å"),
        ("Ärzte", "da", "Æ"),
        ("chata", "cs", "Ch"),
        ("chata", "pl", "C"),
        ("ñandú", "es-MX", "Ñ"),
        ("ñandú", "en", "N"),
        ("irmak", "tr", "İ"),
        ("Irak", "tr", "I"),
        ("ßa", "de", "S"),
        ("“Three Represents”", "en", "T"),
        ("(so-called) peace", "en", "#"),
        ("16th Congress", "en", "0–9"),
        ("$5", "en", "#"),
        ("…", "en", "#"),
        ("Жук", "ru", "Ж"),
        ("йод", "ru", "Й"),
        ("党", "zh", "党"),
    ],
)
def test_the_letter_of_a_group(heading: str, language: str, letter: str) -> None:
    """A letter of the language's own has a group of its own."""
    assert group_letter(heading, language) == letter


@pytest.mark.parametrize(
    ("heading", "language", "rest"),
    [
        ("The Times", "en", "Times"),
        ("theory", "en", "theory"),
        ("A", "en", "A"),
        ("The The", "en", "The"),
        ("and the press", "en", "and the press"),
        ("L’Humanité", "fr", "Humanité"),
        ("l'eau", "it", "eau"),
        ("Der Spiegel", "de-AT", "Spiegel"),
        ("Les Misérables", "en", "Les Misérables"),
        ("党", "zh", "党"),
    ],
)
def test_articles_are_passed_over(heading: str, language: str, rest: str) -> None:
    """One leading article of the book's language, never the whole heading."""
    assert pass_over(heading, language) == rest


@pytest.mark.parametrize(
    ("heading", "language", "rest"),
    [
        ("and the role of youth", "en", "role of youth"),
        ("in", "en", "in"),
        ("of the", "en", "the"),
        ("d’après Marx", "fr", "Marx"),
        ("und die Partei", "de", "Partei"),
        ("international", "en", "international"),
    ],
)
def test_subentries_pass_over_little_words(heading: str, language: str, rest: str) -> None:
    """All the little words at the beginning, as long as something stays."""
    assert pass_over(heading, language, little_words=True) == rest


@given(
    st.lists(st.text(max_size=8), min_size=2, max_size=4),
    st.sampled_from([*ALPHABETS, "en", "zh"]),
    st.sampled_from(["word", "letter"]),
)
def test_any_headings_can_be_sorted(headings: list[str], language: str, mode: str) -> None:
    """Keys of any text compare, and only equal texts have equal keys."""
    keys = {heading: sort_key(heading, language, mode) for heading in headings}  # type: ignore[arg-type]
    assert sorted(keys.values()) == sorted(keys.values(), reverse=True)[::-1]
    assert len(set(keys.values())) == len(set(headings))


@given(st.text("abcçdeéAÉ -'", max_size=6), st.text("abcçdeéAÉ -'", max_size=6))
def test_case_and_accents_only_break_ties(one: str, other: str) -> None:
    """Letters decide; accents and case only between words that are otherwise equal."""
    plain = str.maketrans("çéAÉ", "ceae")
    if sort_key(one.translate(plain), "en")[0] != sort_key(other.translate(plain), "en")[0]:
        before = sort_key(one.translate(plain), "en") < sort_key(other.translate(plain), "en")
        assert (sort_key(one, "en") < sort_key(other, "en")) == before
