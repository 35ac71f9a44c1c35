"""What an index must know of a language: alphabet, words passed over, how a range is said.

Data only. An alphabet is given by its departures from a to z as published in the
CLDR: ``n ñ`` puts ñ after n as a letter of its own, ``ä=æ`` gives two letters one
place, ``h ch`` makes ch a letter. Letters that are not named sort as their base letter.
"""

ROOT = "и й"
"""Holds in every language that does not say otherwise."""

_HEBREW = "כ כ=ך; מ מ=ם; נ נ=ן; פ פ=ף; צ צ=ץ"
_SCANDINAVIAN = "y y=ü; z æ=ä ø=ö=ő å=aa"
_SOUTH_SLAVIC = "c č ć; d dž đ; l lj; n nj; s š; z ž"
_TURKIC = "c ç; g ğ; h ı; o ö; s ş; u ü"

ALPHABETS = {
    "az": "c ç; e ə; g ğ; h x ı; k q; o ö; s ş; u ü",
    "be": "е ё; з і и й; у ў",
    "bs": _SOUTH_SLAVIC,
    "cs": "c č; h ch; r ř; s š; z ž",
    "cy": "c ch; d dd; f ff; g ng; l ll; p ph; r rh; t th",
    "da": _SCANDINAVIAN,
    "eo": "c ĉ; g ĝ; h ĥ; j ĵ; s ŝ; u ŭ",
    "es": "n ñ",
    "et": "s š z ž; w õ ä ö ü x y",
    "fi": "y y=ü; z å ä=æ ö=ø",
    "gl": "n ñ",
    "he": _HEBREW,
    "hr": _SOUTH_SLAVIC,
    "hu": "c cs; d dz dzs; g gy; l ly; n ny; o ö=ő; s sz; t ty; u ü=ű; z zs",
    "is": "a á; d ð; e é; i í; o ó; u ú; y ý; z þ æ ö=ø å",
    "lt": "c č; i i=y; s š; z ž",
    "lv": "c č; g ģ; i i=y; k ķ; l ļ; n ņ; r ŗ; s š; z ž",
    "mk": "д ѓ; з ѕ; и ј; л љ; н њ; т ќ; ч џ",
    "nb": _SCANDINAVIAN,
    "nn": _SCANDINAVIAN,
    "no": _SCANDINAVIAN,
    "pl": "a ą; c ć; e ę; l ł; n ń; o ó; s ś; z ź ż",
    "ro": "a ă â; i î; s ș=ş; t ț=ţ",
    "sk": "a ä; c č; h ch; o ô; r ř; s š; z ž",
    "sl": "c č ć; d đ; s š; z ž",
    "sq": "c ç; d dh; e ë; g gj; l ll; n nj; r rr; s sh; t th; x xh; z zh",
    "sr": _SOUTH_SLAVIC + "; д ђ; и ј; л љ; н њ; т ћ; ч џ",
    "sv": "y y=ü; z å ä=æ ö=ø",
    "tr": _TURKIC,
    "uk": "г ґ; е є; и і ї й",
    "vi": "a ă â; d đ; e ê; o ô ơ; u ư",
    "yi": _HEBREW,
}

DOTLESS = frozenset({"az", "tr"})
"""Languages in which I is the capital of ı."""

SCRIPTS = {
    **dict.fromkeys(("ar", "dv", "fa", "ps", "sd", "ug", "ur"), "ARABIC"),
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "mn", "ru", "tg", "uk"), "CYRILLIC"),
    "el": "GREEK",
    "he": "HEBREW",
    "hy": "ARMENIAN",
    "ka": "GEORGIAN",
    "yi": "HEBREW",
}
"""The script of a language that is not written in Latin letters: all others stand behind it."""

SPREAD = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i",
}  # fmt: skip
"""Letters that Unicode does not take apart, where the alphabet does not name them."""

ARTICLES = {
    "ca": "el la els les l' un una uns unes",
    "da": "den det de en et",
    "de": "der die das ein eine",
    "en": "a an the",
    "es": "el la los las un una unos unas lo",
    "fr": "le la les l' un une des",
    "gl": "o a os as un unha",
    "hu": "a az egy",
    "it": "il lo la i gli le l' un uno una un'",
    "nb": "den det de en et ei",
    "nl": "de het een 't",
    "nn": "den det dei ein eit ei",
    "no": "den det de en et ei",
    "pt": "o a os as um uma uns umas",
    "ro": "un o",
    "sv": "den det de en ett",
}
"""Leading articles, passed over in every heading."""

LITTLE_WORDS = {
    "de": "als am an auf aus bei beim bis durch für gegen im in mit nach ohne oder seit über um"
    " und unter vom von vor während wegen wie zu zum zur zwischen",
    "en": "about after against among and as at before between but by during for from in into"
    " its of on or over since their through to toward towards under until upon versus via"
    " when with within without",
    "es": "a al ante bajo como con contra de del desde durante e en entre hacia hasta o para por"
    " según sin sobre tras u y",
    "fr": "à après au aux avant avec chez comme contre d' dans de depuis des devant du durant en"
    " entre et ou par pendant pour sans selon sous sur vers",
    "it": "a ad al alla con contro da dal dalla del della di dopo e ed fra in nel nella o per"
    " prima senza su sul sulla tra verso",
    "nl": "aan als bij door en in met na naar of om onder op over sinds te tegen tot tussen uit"
    " van voor zonder",
    "pt": "a ao à após até com como contra da de desde do e em entre na no ou para pela pelo por"
    " sem sob sobre",
}
"""Little words, passed over at the beginning of a subentry along with articles."""

RANGES = {
    "ca": "a", "cs": "až", "da": "til", "de": "bis", "en": "to", "es": "a", "fi": "–", "fr": "à",
    "gl": "a", "it": "a", "nb": "til", "nl": "tot", "nn": "til", "no": "til", "pl": "do",
    "pt": "a", "ro": "la", "sv": "till",
}  # fmt: skip
"""What stands between two page numbers read aloud."""
