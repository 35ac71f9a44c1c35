"""Which marks a language wants: one row a language, data only.

Quotation marks follow the CLDR except where a national authority says more; the
reasons for English, French, German and Spanish stand beside their test cases. A
language that is not in the table is set with English quotation marks, and nothing
else. Languages whose straight quotes are not quotation marks, or are set by their
own script's rules, are left alone.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from octavo.typography.characters import (
    APOSTROPHE,
    EM_DASH,
    EN_DASH,
    NARROW_NO_BREAK_SPACE,
    NO_BREAK_SPACE,
)

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """One language's marks; words are separated by spaces and matched whole."""

    quotes: tuple[Pair, ...] = (("“", "”"), ("‘", "’"))
    """Outer, inner, and where the language has it a third pair for single quotes that
    stand alone."""
    inside: str = ""
    """The space within guillemets; where it is empty, one that the text has only holds."""
    thin_before: str = ""
    """The marks that a narrow no-break space stands before."""
    wide_before: str = ""
    """The marks that a no-break space stands before."""
    dash: str = EM_DASH
    """What two hyphens become."""
    raya: bool = False
    """Whether a dash touches what it encloses and keeps its space on the other side."""
    ranges: bool = False
    """Whether an en dash joins the numbers of a range."""
    ranges_after_names: bool = True
    """Whether a capitalised word may stand before a range; in English it names what is
    numbered, with a hyphen."""
    breaks_off: bool = False
    """Whether a dash that breaks speech off is closed up."""
    elisions: str = ""
    """Words that an apostrophe may begin."""
    thousands: str = ""
    """What an apostrophe between the digits of a number becomes."""
    titles: str = ""
    """What is not parted from the name after it."""
    markers: str = ""
    """What is not parted from the number after it."""
    units: str = ""
    """What is not parted from the number before it, besides the international units."""
    together: tuple[str, ...] = ()
    """Abbreviations whose own spaces hold."""
    prepositions: str = ""
    """One-letter words that may not end a line."""
    grouping: str = ""
    """What a space between groups of three digits becomes."""


def pairs(marks: str) -> tuple[Pair, ...]:
    """Cut "«»“”" into its pairs."""
    return tuple((marks[at], marks[at + 1]) for at in range(0, len(marks), 2))


UNITS = (
    "km m cm mm µm nm km² m² cm² km³ m³ cm³ ha kg g mg µg kt Mt cl ml mL dl hl km/h m/s Hz kHz MHz"
    " GHz kW MW GW TW kWh MWh GWh TWh kV Pa hPa kPa MPa kJ MJ kcal dB °C °F bar"
    " kB MB GB TB KB kbit/s Mbit/s Gbit/s px pt ppm CHF EUR USD GBP"
)
"""Signs that mean a unit in every language; those that are words in one are left out."""

_ENGLISH = Marks(
    ranges=True,
    ranges_after_names=False,
    breaks_off=True,
    elisions="em tis twas twere twill twould tisn twasn til till cause cuz cos coz bout round"
    " neath gainst nother n nuff sup fraid scuse kay im er ere ello ell ow",
    titles="Mr. Mrs. Ms. Messrs. Dr. Prof. St. Rev. Hon. Gov. Sen. Rep. Gen. Col. Maj. Capt. Lt."
    " Sgt. Cpl. Adm. Pres. Supt. Insp. Mt. Ft. Mr Mrs Ms Messrs Dr Prof",
    markers="No. Nos. no. nos. p. pp. vol. vols. Vol. Vols. ch. chap. chaps. Ch. Chap. fig. figs."
    " Fig. Figs. sec. Sec. art. Art. para. paras. n. nn. col. bk. Bk. pt. Pt. ca. c.",
    units="million billion trillion a.m. p.m. A.M. P.M. am pm AM PM BC AD BCE CE ft ft. lb lb. lbs"
    " lbs. oz oz. yd yd. mi. mph kph rpm psi hrs. mins. secs.",
)
_FRENCH = Marks(
    pairs("«»“”‘’"),
    inside=NARROW_NO_BREAK_SPACE,
    thin_before=";!?",
    wide_before=":",
    titles="M. MM. Mme Mmes Mlle Mlles Dr Drs Pr Me Mes Mgr Ste St S.",
    markers="n° N° nᵒ nº no. p. pp. art. al. t. vol. chap. fig. col. f. ch.",
    units="million millions milliard milliards francs euros h h. min",
    grouping=NARROW_NO_BREAK_SPACE,
    together=("av. J.-C.", "apr. J.-C.", "J.-C. n.", "S. M.", "S. E."),
)
_GERMAN = Marks(
    pairs("„“‚‘"),
    dash=EN_DASH,
    ranges=True,
    elisions="s ne n nen ner nem rum rein raus rauf runter rüber",
    titles="Dr. Prof. Hr. Hrn. Frl. St. Ing. Mag. Dipl.-Ing. Abg.",
    markers="S. Nr. Nrn. Art. Abs. Bd. Bde. Kap. Abb. Tab. Ziff. Rn. Rdnr. Jg. Heft Anm. Anl. Z."
    " Sp. Bl. Drs. ca.",
    units="Million Millionen Milliarde Milliarden Billion Billionen Mio. Mrd. Bio. Tsd. Prozent Uhr"
    " Euro f. ff. Jh. Std. Min. Sek.",
    together=("v. Chr.", "n. Chr.", "Dr. h. c.", "u. dgl.", "i. d. R.", "z. Zt.", "z. Hd."),
    grouping=NO_BREAK_SPACE,
)
_SPANISH = Marks(
    pairs("«»“”‘’"),
    raya=True,
    titles="Sr. Sra. Srta. Sres. Sras. D. D.ª Dª Dña. Dr. Dra. Dres. Excmo. Excma. Excmos. Ilmo."
    " Ilma. Ilmos. Lic. Ing. Prof. Profa. Sto. Sta. Fr. Mons. Gral. Cnel.",
    markers="n.º núm. núms. Núm. nº N.º N° p. pp. pág. págs. art. arts. cap. caps. t. vol. vols."
    " fig. figs. § apdo. párr.",
    units="millón millones billón billones mil euros pesos dólares h min",
    together=("p. ej.", "a. de C.", "d. de C.", "EE. UU.", "FF. AA.", "JJ. OO.", "RR. HH."),
    grouping=NARROW_NO_BREAK_SPACE,
)
_ITALIAN = Marks(
    pairs("«»“”‘’"),
    elisions="sta sto sti ste ndrangheta ndranghetista un na no l n",
    titles="Sig. Sig.ra Sig.na Dott. Dott.ssa Prof. Prof.ssa Avv. Ing. Arch. On. Sen. Mons. S.",
    markers="n. nn. p. pp. pag. pagg. art. artt. vol. cap. fig. sec.",
    units="milione milioni miliardo miliardi mila euro h",
    together=("a. C.", "d. C."),
    grouping=NARROW_NO_BREAK_SPACE,
)
_PORTUGUESE = Marks(
    titles="Sr. Sra. Srs. Sras. D. Dr. Dra. Prof. Profa. Eng. Exmo. Exma. S. Sto. Sta.",
    markers="n.º nº n.os p. pp. pág. págs. art. arts. cap. vol. fig.",
    units="milhão milhões bilhão bilhões bilião biliões mil euros reais h",
    together=("p. ex.", "a. C.", "d. C."),
    grouping=NARROW_NO_BREAK_SPACE,
)
_DUTCH = Marks(
    dash=EN_DASH,
    elisions="s t n k m r ns",
    titles="dhr. Dhr. mevr. Mevr. mw. Mw. dr. prof. ir. mr. ds. drs. Dr. Prof. St.",
    markers="nr. Nr. p. pp. blz. art. hfst. fig. vol. dl.",
    units="miljoen miljard euro uur procent",
    grouping=NO_BREAK_SPACE,
)
_NORTH = Marks(dash=EN_DASH, ranges=True, grouping=NO_BREAK_SPACE)
"""What the languages from Iceland to the Balkans share besides their quotation marks."""

_GUILLEMETS = pairs("«»“”‘’")
_CLOSED_UP = pairs("«»‹›")
_LOW = pairs("„“‚‘")
_LOW_HIGH = pairs("„”‘’")
_RIGHT = pairs("””’’")
_RUSSIAN = replace(_NORTH, dash=EM_DASH, quotes=pairs("«»„“"), prepositions="а в и к о с у я")

LANGUAGES = {
    "en": _ENGLISH,
    "fr": _FRENCH,
    "fr-ca": replace(_FRENCH, inside=NO_BREAK_SPACE, thin_before=""),
    "fr-ch": replace(
        _FRENCH,
        quotes=_CLOSED_UP,
        inside="",
        thin_before=":;!?",
        wide_before="",
        thousands=APOSTROPHE,
    ),
    "de": _GERMAN,
    "de-ch": replace(_GERMAN, quotes=_CLOSED_UP, thousands=APOSTROPHE),
    "de-li": replace(_GERMAN, quotes=_CLOSED_UP, thousands=APOSTROPHE),
    "es": _SPANISH,
    "es-419": replace(_SPANISH, quotes=pairs("“”‘’")),
    "it": _ITALIAN,
    "it-ch": replace(_ITALIAN, quotes=_CLOSED_UP, thousands=APOSTROPHE),
    "pt": _PORTUGUESE,
    "pt-pt": replace(_PORTUGUESE, quotes=_GUILLEMETS),
    "nl": _DUTCH,
    "af": replace(_DUTCH, titles="", markers="", units=""),
    "ca": Marks(_GUILLEMETS, raya=True),
    "gl": Marks(_GUILLEMETS, raya=True),
    "eu": Marks(_GUILLEMETS),
    "da": _NORTH,
    "nb": replace(_NORTH, quotes=pairs("«»‘’")),
    "nn": replace(_NORTH, quotes=pairs("«»‘’")),
    "no": replace(_NORTH, quotes=pairs("«»‘’")),
    "sv": replace(_NORTH, quotes=_RIGHT),
    "fi": replace(_NORTH, quotes=_RIGHT),
    "is": replace(_NORTH, quotes=_LOW),
    "et": replace(_NORTH, quotes=pairs("„“«»")),
    "lv": _NORTH,
    "lt": replace(_NORTH, quotes=_LOW),
    "pl": replace(_NORTH, quotes=pairs("„”«»"), prepositions="a i o u w z"),
    "cs": replace(_NORTH, quotes=_LOW, prepositions="a i k o s u v z"),
    "sk": replace(_NORTH, quotes=_LOW, prepositions="a i k o s u v z"),
    "sl": replace(_NORTH, quotes=_LOW),
    "hr": replace(_NORTH, quotes=_LOW_HIGH),
    "bs": replace(_NORTH, quotes=_LOW_HIGH),
    "sr": replace(_NORTH, quotes=pairs("„”’’")),
    "bg": replace(_NORTH, quotes=pairs("„“’’")),
    "mk": replace(_NORTH, quotes=pairs("„“’‘")),
    "hu": replace(_NORTH, quotes=pairs("„”»«")),
    "ro": replace(_NORTH, quotes=pairs("„”«»")),
    "ru": _RUSSIAN,
    "be": _RUSSIAN,
    "uk": replace(_RUSSIAN, prepositions="а в з і й о у я"),
    "el": Marks(_GUILLEMETS, dash=EN_DASH, ranges=True),
    "sq": Marks(_GUILLEMETS),
    "hy": Marks(pairs("«»“”")),
    "ka": Marks(pairs("„“«»")),
}
"""By language, or language and region, in lower case."""
OTHER = Marks()

UNTOUCHED = frozenset(
    {"ar", "ckb", "dv", "fa", "he", "iw", "ja", "ji", "ps", "sd", "ug", "ur", "yi", "yue", "zh"}
)
"""Left alone. In Hebrew and Yiddish the straight marks are letters' signs (geresh, gershayim)
as often as quotation marks; Arabic scripts mirror theirs; Chinese and Japanese have
marks of their own, as wide as a character, and typists choose them on purpose."""

_SPANISH_AMERICA = frozenset(
    {
        "419", "ar", "bo", "cl", "co", "cr", "cu", "do", "ec", "gt", "hn", "mx", "ni", "pa", "pe",
        "pr", "py", "sv", "us", "uy", "ve",
    }
)  # fmt: skip


@lru_cache(maxsize=32)
def marks_of(language: str) -> Marks | None:
    """Return the marks of a BCP 47 *language*, None when its texts are to be left alone."""
    tags = language.lower().replace("_", "-").split("-")
    regions = [tag for tag in tags[1:] if len(tag) == 2 or (len(tag) == 3 and tag.isdigit())]
    region = regions[0] if regions else ""
    if tags[0] in UNTOUCHED:
        return None
    if tags[0] == "es" and region in _SPANISH_AMERICA:
        region = "419"
    return LANGUAGES.get(f"{tags[0]}-{region}") or LANGUAGES.get(tags[0], OTHER)
