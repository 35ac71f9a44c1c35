"""The operators of a content stream that say what is drawn, where and for which tag.

Comes in: a page or a form. Goes out: operators in order, with operands as plain values. The
one decision: streams as a typesetter writes them, with hexadecimal strings alone, are read by
one pattern, which is much quicker; its count of each operator must be that of the words in the
stream, and any other stream is read by pikepdf's parser, which knows all of PDF.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

WANTED = "BT BDC BMC EMC Tf Tm Td TD T* TL Tj TJ ' \" Do"
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f]*)>")
UNUSUAL = (b"(", b"%", b"'", b'"', b"BI")
"""Strings with escapes, remarks, operators that also move on, pictures among the operators."""
SPELT = {name.encode("ascii"): name for name in WANTED.split()}
PATTERN = re.compile(
    rb"""
    (?:\[(?P<array>[^\]]*)\] | (?P<string><[0-9A-Fa-f]*>)) \s* (?P<show>TJ|Tj)
    | (?P<numbers>(?:[-+.\d]+\s+)+) (?P<place>Tm|Td|TD|TL)
    | /(?P<font>[^\s/<\[\]>]+) \s+ (?P<size>[-+.\d]+) \s+ Tf
    | /(?P<tag>[^\s/<\[\]>]+) \s* (?P<properties><<[^<>]*>>)? \s* (?P<mark>BDC|BMC)
    | /(?P<form>[^\s/<\[\]>]+) \s+ Do
    | (?<![\w/*.\#]) (?P<alone>BT|EMC|T\*)
    """,
    re.VERBOSE,
)
MARK = re.compile(rb"/MCID\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A string that is shown, and the shifts in it as they are written."""

    codes: bytes
    shifts: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """The begin of marked content."""

    tag: str
    number: int | None = None
    """Its MCID."""
    replacement: str | None = None
    """Its ``ActualText``."""


Operator = tuple[str, Any]
"""Its name, and a ``Shown``, a ``Mark``, numbers, a font's name and size, or a form's name."""


def read_operators(stream: Any, resources: Any) -> Iterator[Operator]:
    """Read a page object or a form; *resources* hold the properties that marks may name."""
    data = _content(stream)
    usual = None if any(sign in data for sign in UNUSUAL) else _read_usual(data)
    return iter(usual) if usual is not None else _read_any(stream, resources)


def _content(stream: Any) -> bytes:
    import pikepdf

    contents = stream if isinstance(stream, pikepdf.Stream) else stream.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        return b"\n".join(part.read_bytes() for part in contents)
    return bytes(contents.read_bytes()) if contents is not None else b""


def _read_usual(data: bytes) -> list[Operator] | None:
    """Read by the pattern; ``None`` where it does not meet every operator there is."""
    try:
        found = [_usual(match) for match in PATTERN.finditer(data)]
    except ValueError:
        return None
    words = Counter(data.split())
    seen = Counter(name for name, _ in found)
    return found if all(seen[name] == words[spelt] for spelt, name in SPELT.items()) else None


def _usual(match: re.Match[bytes]) -> Operator:
    match match.lastgroup:
        case "alone":
            return SPELT[match["alone"]], None
        case "mark":
            number = MARK.search(match["properties"] or b"")
            mark = Mark(match["tag"].decode("ascii"), int(number[1]) if number else None)
            return SPELT[match["mark"]], mark
        case "show":
            source = match["array"] if match["string"] is None else match["string"]
            return SPELT[match["show"]], _shown_usual(source)
        case "place":
            return SPELT[match["place"]], [float(number) for number in match["numbers"].split()]
        case "size":
            return "Tf", (match["font"].decode("ascii"), float(match["size"]))
        case _:
            return "Do", match["form"].decode("ascii")


def _shown_usual(source: bytes) -> Shown:
    """A string, or strings and the numbers between them."""
    between = HEXADECIMAL.split(source)
    digits, shifts = b"".join(between[1::2]), b" ".join(b" ".join(between[::2]).split())
    if b"<" in shifts:
        message = "a string with something between its digits"
        raise ValueError(message)
    return Shown(bytes.fromhex(digits.decode("ascii")), shifts)


def _read_any(stream: Any, resources: Any) -> Iterator[Operator]:
    import pikepdf

    for instruction in pikepdf.parse_content_stream(stream, WANTED):
        operands: Any = instruction.operands
        name = str(instruction.operator)
        match name:
            case "Tj" | "TJ" | "'" | '"':
                yield name, _shown(operands[-1])
            case "Tm" | "Td" | "TD" | "TL":
                yield name, [float(number) for number in operands]
            case "Tf":
                yield name, (str(operands[0]).removeprefix("/"), float(operands[1]))
            case "BDC" | "BMC":
                yield name, _mark(operands, resources)
            case "Do":
                yield name, str(operands[0]).removeprefix("/")
            case _:
                yield name, None


def _mark(operands: Any, resources: Any) -> Mark:
    properties: Any = operands[1] if len(operands) > 1 else {}
    if len(operands) > 1 and str(properties).startswith("/"):
        properties = resources["/Properties"][str(properties)]
    number = int(properties["/MCID"]) if "/MCID" in properties else None
    text = str(properties["/ActualText"]) if "/ActualText" in properties else None
    return Mark(str(operands[0]).removeprefix("/"), number, text)


def _shown(operand: Any) -> Shown:
    import pikepdf

    if not isinstance(operand, pikepdf.Array):
        return Shown(bytes(operand), b"")
    items: list[Any] = list(operand)
    strings = [bytes(item) for item in items if isinstance(item, pikepdf.String)]
    numbers = [item for item in items if isinstance(item, int | Decimal)]
    return Shown(b"".join(strings), " ".join(map(str, numbers)).encode("ascii"))
