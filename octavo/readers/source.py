"""From the bytes of a text file to its lines, each with its place.

Comes in: bytes as they were received. Goes out: characters, or findings that say
where they cannot be read; then lines without the spaces at their edges. The one
decision: only CR, LF and CR LF end a line that is counted, as in any editor; the
Unicode separators part text inside a counted line.
"""

import re
from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import name as character_name

from octavo.findings import Finding, Report, Weight
from octavo.model import Location

LINE_SEPARATOR = "\u2028"
PARAGRAPH_SEPARATOR = "\u2029"
ZERO_WIDTH_SPACE = "\u200b"
BYTE_ORDER_MARK = "\ufeff"
REPLACEMENT_CHARACTER = "\ufffd"

LONGEST_WORD = 1_000
"""Characters on end without a place to break a line; a page cannot hold more."""

# Every character that ``str.isspace`` knows; written out, since looking takes a millisecond.
_SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
EDGE_SPACE = _SPACES + ZERO_WIDTH_SPACE + BYTE_ORDER_MARK
"""What is no part of a line's words where it stands at either end."""

# Where a line may be broken: at spaces that are not glue, hyphens and dashes, and in the
# scripts that are written without spaces.
_UNBREAKABLE = (
    "(?:[^\\s\\-\u2010-\u2015\u200b\u00ad\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff"
    "\ua000-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
    "|[\u00a0\u2007\u202f])+"
)

_SURROGATE_BYTES = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")
_BAD_BYTE = re.compile("[\udc80-\udcff]")

# The first bytes of files that people take for text.
_NOT_TEXT = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zipped document (.docx, .odt, .epub)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document (.doc)"),
    (b"{\\rtf", "an RTF document"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source, or the piece of one between Unicode separators."""

    number: int
    column: int
    """Where ``words`` begins, from 1."""
    words: str
    """Without the spaces at either end; empty for a blank line."""


class Places:
    """Finds line and column of an offset in a text whose lines end with LF."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def locate(self, offset: int) -> Location:
        line = bisect_right(self._starts, offset)
        return Location(self._path, line, offset - self._starts[line - 1] + 1)


def read_characters(data: bytes, path: str, report: Report) -> str | None:
    """Decode *data* and say what in it cannot be printed; lines end with LF in what is returned.

    Returns None when the file cannot be read as UTF-8 text, after reporting why and where.
    """
    for beginning, kind in _NOT_TEXT:
        if data.startswith(beginning):
            hint = "save its text as plain text in UTF-8, and name that file"
            report(Finding(Location(path), "not-plain-text", f"this is {kind}, not a text", hint))
            return None
    if wide := _wide_encoding(data):
        found = f"this is {wide}, not UTF-8"
        report(Finding(Location(path), "undecodable", found, _how_to_convert(wide)))
        return None
    data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = _end_lines_with_lf(data.decode(errors="surrogateescape"))
        _report_bad_bytes(text, data, path, report)
        # Beyond ASCII nothing is sure when bytes of another encoding were read as this one.
        _report_characters(re.sub("[^\\x00-\\x7f]", " ", text), path, report)
        return None
    text = _end_lines_with_lf(text)
    _report_characters(text, path, report)
    return text


def report_long_words(text: str, path: str, report: Report) -> None:
    """Report each word of more than ``LONGEST_WORD`` characters in which no line can be broken."""
    for number, line in enumerate(text.split("\n"), start=1):
        # Most lines hold no word of that length at all, and splitting is quick.
        if len(line) <= LONGEST_WORD or max(map(len, line.split(" "))) <= LONGEST_WORD:
            continue
        for run in re.finditer(_UNBREAKABLE, line):
            length = run.end() - run.start()
            if length > LONGEST_WORD:
                place = Location(path, number, run.start() + 1)
                found = f"a word of {length:,} characters, `{run.group()[:20]} …`"
                hint = "put spaces into it, or leave it out: no line can hold it"
                report(Finding(place, "long-word", found, hint))


def cut_lines(text: str) -> list[Line]:
    """Return the lines of *text*; a paragraph separator makes a blank line of its own."""
    lines: list[Line] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if LINE_SEPARATOR in line or PARAGRAPH_SEPARATOR in line:
            lines.extend(_pieces(number, line))
        else:
            lines.append(_line(number, 1, line))
    return lines


def _line(number: int, column: int, text: str) -> Line:
    words = text.lstrip(EDGE_SPACE)
    return Line(number, column + len(text) - len(words), words.rstrip(EDGE_SPACE))


def _pieces(number: int, line: str) -> Iterator[Line]:
    column = 1
    for piece in re.split(f"([{LINE_SEPARATOR}{PARAGRAPH_SEPARATOR}])", line):
        if piece == PARAGRAPH_SEPARATOR:
            yield Line(number, column, "")
        elif piece.strip(EDGE_SPACE):
            yield _line(number, column, piece)
        column += len(piece)


def _end_lines_with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# Bytes that are not UTF-8 ----------------------------------------------------


def _wide_encoding(data: bytes) -> str:
    """Return the name of the two-byte encoding that *data* is in, or an empty string."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "UTF-16"
    # Without a mark, mostly Latin text shows as a NUL in every other byte.
    sample = data[:4096]
    for first, encoding in ((1, "UTF-16LE"), (0, "UTF-16BE")):
        every_other = sample[first::2]
        the_others = sample[1 - first :: 2]
        if len(sample) >= 8 and every_other.count(0) > 0.4 * len(every_other):
            return "" if 0 in the_others else encoding
    return ""


def _report_bad_bytes(text: str, data: bytes, path: str, report: Report) -> None:
    """Report lone surrogates and other bad bytes apart, each at its first place with its count."""
    places = Places(text, path)
    surrogates = list(_SURROGATE_BYTES.finditer(text))
    if surrogates:
        first = surrogates[0]
        code = "".join(f"{ord(c) - 0xDC00:02X}" for c in first.group())
        value = int.from_bytes(bytes.fromhex(code), "big")
        number = 0xD000 | (value >> 8 & 0x3F) << 6 | value & 0x3F
        found = f"half of a surrogate pair, U+{number:04X}, is no character"
        hint = "type the character again; the program that wrote the file lost half of it"
        place = places.locate(first.start())
        report(Finding(place, "lone-surrogate", found + _times(len(surrogates)), hint))
    rest = _SURROGATE_BYTES.sub("   ", text)
    bad = _BAD_BYTE.search(rest)
    if bad:
        count = len(_BAD_BYTE.findall(rest))
        found = f"the byte 0x{ord(bad.group()) - 0xDC00:02X} is not UTF-8"
        hint = _how_to_convert(_guess_encoding(data, rest, count))
        report(Finding(places.locate(bad.start()), "undecodable", found + _times(count), hint))


def _guess_encoding(data: bytes, text: str, bad: int) -> str:
    """Return the name of the encoding that *data* may be in; empty when nothing speaks for one."""
    good = sum(1 for character in set(text) if character > "\x7f" and character < "\udc80")
    if good * 2 > bad:
        return ""
    # Kana are proof: no other encoding's bytes turn into a run of them by chance.
    japanese = data.decode("cp932", errors="replace")
    if REPLACEMENT_CHARACTER not in japanese and re.search("[ぁ-ヶ]{3}", japanese):
        return "SHIFT_JIS"
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    high = sum(1 for character in western if character > "\x7f")
    return "WINDOWS-1252" if high < 0.15 * len(western) else ""


def _how_to_convert(encoding: str) -> str:
    if not encoding:
        return "open the file in the program that wrote it and save it again as UTF-8"
    return (
        f"it may be {encoding}: save it as UTF-8 in a text editor, or run "
        f"`iconv -f {encoding} -t UTF-8 OLD > NEW`"
    )


# Characters that are none ----------------------------------------------------


def _report_characters(text: str, path: str, report: Report) -> None:
    """Report each character that no book can print, and each worth a look, once, with its count."""
    places: Places | None = None
    for character in sorted(set(text)):
        judged = _judge(character)
        if judged is None:
            continue
        places = places or Places(text, path)
        code, found, hint, weight = judged
        place = places.locate(text.index(character))
        report(Finding(place, code, found + _times(text.count(character)), hint, weight))


def _judge(character: str) -> tuple[str, str, str, Weight] | None:
    number = ord(character)
    if 0x20 <= number < 0x7F or character in "\t\n\f":
        return None
    shown = f"U+{number:04X}"
    if number < 0x20 or 0x7F <= number < 0xA0:
        hint = "delete it; it prints nothing"
        if number >= 0x80:
            hint = "the text was once read in a wrong encoding: type what was meant"
        return "control-character", f"the control character {shown}", hint, Weight.FAULT
    if 0xFDD0 <= number <= 0xFDEF or number & 0xFFFE == 0xFFFE:
        hint = "delete it; it stands for no character"
        return "noncharacter", f"the noncharacter {shown}", hint, Weight.FAULT
    if character == REPLACEMENT_CHARACTER:
        hint = "type what was meant; an earlier program could not read it"
        found = f"the replacement character {shown} stands for a lost one"
        return "replacement-character", found, hint, Weight.REMARK
    if 0xE000 <= number <= 0xF8FF or number >= 0xF0000:
        hint = "type what was meant; only the font that it was made for shows it"
        return ("private-character", f"the private-use character {shown}", hint, Weight.REMARK)
    if 0x202A <= number <= 0x202E or 0x2066 <= number <= 0x2069:
        hint = "look whether it is meant; it turns the direction of what follows"
        found = f"the invisible {character_name(character)} {shown}"
        return "direction-control", found, hint, Weight.REMARK
    if character == BYTE_ORDER_MARK:
        found = f"a byte order mark {shown} inside the text"
        hint = "delete it; files were joined here"
        return "byte-order-mark", found, hint, Weight.REMARK
    return None


def _times(count: int) -> str:
    return f" ({count:,} times, first here)" if count > 1 else ""
