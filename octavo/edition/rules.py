"""What an edition must be beyond its keys and types: names that fit, nothing twice.

Comes in: the three files as tables. Goes out: findings. Places are those of the keys,
so each rule looks them up in the file that it judges.
"""

import re
from collections.abc import Collection, Iterator

from octavo.edition.files import TomlFile
from octavo.edition.places import Path
from octavo.edition.roles import ROLES
from octavo.edition.schema import BookFile, ContentsFile, Entry, IndexFile, PrintTable, WebTable
from octavo.edition.tables import list_allowed
from octavo.findings import Finding, Report
from octavo.readers import FORMATS, fold_label

# The shape of RFC 5646 language tags, grandfathered ones left out.
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
    r"(?:-(?:[A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*(?:-[A-WY-Za-wy-z\d](?:-[A-Za-z\d]{2,8})+)*"
    r"(?:-[xX](?:-[A-Za-z\d]{1,8})+)?"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_WEB_ADDRESS = re.compile(
    r"https?://[^\s/?#<>\"{}|\\^`]+(?:/(?![^/]*\.html?$)[^\s?#<>\"{}|\\^`/]*)*", re.IGNORECASE
)
"""A folder's: names of files are put behind it, so that no query and no page may end it."""
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_STEM = re.compile(r"[^\W_](?:[\w.-]*[\w-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(mm|in|pt)")
_MILLIMETRES = {"mm": 1.0, "in": 25.4, "pt": 25.4 / 72}
MOST_BLEED = 10
SIGNATURES = (1, 2, 4, 8, 16, 32)
LONGEST_STEM = 100
FRONT_PARTS = ("title", "imprint", "contents", "participants", "note")

_LANGUAGE_NAMES = {
    "chinese": "zh",
    "deutsch": "de",
    "english": "en",
    "español": "es",
    "français": "fr",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "japanese": "ja",
    "russian": "ru",
    "spanish": "es",
}


def check_book(book: BookFile, file: TomlFile, report: Report) -> None:
    """Report what in book.toml cannot be used."""
    rules = _Rules(file, report)
    _check_names(book, rules)
    for number, source in enumerate(book.transcript):
        path: Path = ("transcript", number)
        rules.need_text(path, "source", source.source)
        if source.format and source.format not in FORMATS:
            rules.choose((*path, "format"), "unknown-format", source.format, FORMATS)
        if source.sha256 and not is_sha256(source.sha256):
            hint = "delete it, or write the file's 64 hexadecimal digits"
            rules.find((*path, "sha256"), "bad-value", "`sha256` is no SHA-256", hint)
    roles: list[tuple[Path, str]] = [
        *((("contributor", n, "role"), person.role) for n, person in enumerate(book.contributor)),
        *((("speaker", n, "role"), speaker.role) for n, speaker in enumerate(book.speaker)),
    ]
    for place, role in roles:
        if role not in ROLES:
            rules.choose(place, "unknown-role", role, ROLES)
    for number, contributor in enumerate(book.contributor):
        rules.need_text(("contributor", number), "name", contributor.name)
    _check_speakers(book, rules)
    _check_front(book.book.front, rules)
    _check_print(book.print, rules)
    _check_web(book.web, rules)


def _check_print(table: PrintTable, rules: "_Rules") -> None:
    """What the printer asks for can be made."""
    bleed = _LENGTH.fullmatch(table.bleed)
    if not bleed or float(bleed[1]) * _MILLIMETRES[bleed[2]] > MOST_BLEED:
        hint = f"write a length up to {MOST_BLEED} mm, for example `3mm` or `0.125in`"
        rules.find(("print", "bleed"), "bad-value", f"`bleed` is `{table.bleed}`", hint)
    if table.caliper and not _LENGTH.fullmatch(table.caliper):
        hint = "write what one page adds to the spine, for example `0.0025in`, or delete the line"
        rules.find(("print", "caliper"), "bad-value", f"`caliper` is `{table.caliper}`", hint)
    if table.signature not in SIGNATURES:
        hint = f"a sheet has {', '.join(map(str, SIGNATURES))} pages"
        rules.find(("print", "signature"), "bad-value", f"`signature` is `{table.signature}`", hint)


def _check_web(table: WebTable, rules: "_Rules") -> None:
    """What other sites and reading apps are told is an address."""
    if table.url and not _WEB_ADDRESS.fullmatch(table.url):
        hint = "write where the pages will stand, such as `https://example.org/book/`"
        rules.find(("web", "url"), "bad-url", f"`{table.url}` is no address of a page", hint)


def _check_front(front: tuple[str, ...], rules: "_Rules") -> None:
    """The front matter is made of known parts, each once, the contents among them."""
    seen: set[str] = set()
    for number, page in enumerate(front):
        for part in page.split("+"):
            if part.strip() not in FRONT_PARTS:
                place: Path = ("book", "front", number)
                rules.choose(place, "unknown-part", part.strip(), FRONT_PARTS)
            elif part.strip() in seen:
                hint = "name each part once"
                rules.find(("book", "front", number), "part-twice", f"`{part.strip()}` again", hint)
            seen.add(part.strip())
    if front and "contents" not in seen:
        hint = 'add "contents": every heading links back to it'
        rules.find(("book", "front"), "no-contents", "`front` has no contents", hint)


def check_contents(contents: ContentsFile, file: TomlFile, report: Report) -> None:
    """Report sections without a heading or a beginning."""
    rules = _Rules(file, report)
    for number, section in enumerate(contents.section):
        rules.need_text(("section", number), "heading", section.heading)
        rules.need_text(("section", number), "begins", section.begins)


def check_index(index: IndexFile, file: TomlFile, report: Report) -> None:
    """Report entries and subentries with empty texts, and a third level of entries."""
    rules = _Rules(file, report)
    for path, entry in _entries(index.entry, ("entry",)):
        rules.need_text(path, "heading", entry.heading)
        for key in ("match", "see", "see_also", "skip", "only"):
            for number, form in enumerate(getattr(entry, key)):
                if not form.strip():
                    rules.find((*path, key, number), "bad-value", f"`{key}` holds an empty text")
        for number, passage in enumerate(entry.passages):
            rules.need_text((*path, "passages", number), "start", passage.start)
            rules.need_text((*path, "passages", number), "end", passage.end)
        if entry.sub and path.count("sub") == 1:
            hint = "the index has entries and subentries: move these a level up"
            found = f"`{entry.heading}` is a subentry and has subentries"
            rules.find((*path, "sub"), "too-deep", found, hint)


class _Rules:
    """Reports at the place of a key."""

    def __init__(self, file: TomlFile, report: Report) -> None:
        self._file = file
        self._report = report

    def find(self, path: Path, code: str, found: str, hint: str = "write it, or delete it") -> None:
        self._report(Finding(self._file.locate(path), code, found, hint))

    def line(self, path: Path) -> int:
        return self._file.locate(path).line

    def need_text(self, path: Path, key: str, text: str) -> None:
        """Report a key that was written and left empty; one that is absent was reported."""
        if not text.strip() and (*path, key) in self._file.places:
            self.find((*path, key), "bad-value", f"`{key}` is empty", f"write a {key}")

    def choose(self, path: Path, code: str, word: str, allowed: Collection[str]) -> None:
        found = f"there is no {code.removeprefix('unknown-')} `{word}`"
        self.find(path, code, found, list_allowed(word, allowed))


def _check_names(book: BookFile, rules: _Rules) -> None:
    table = book.book
    if table.name and not is_stem(table.name):
        hint = "use letters, digits and hyphens: it is the name of the files in dist/"
        rules.find(("book", "name"), "bad-value", f"`{table.name}` is no file name", hint)
    if not _LANGUAGE.fullmatch(table.language):
        rules.find(
            ("book", "language"),
            "bad-language",
            f"`{table.language}` is no language tag",
            _suggest_language(table.language),
        )
    identifier = table.identifier
    is_uuid = identifier.lower().startswith("urn:uuid:")
    if identifier and not (_UUID if is_uuid else _URI).fullmatch(identifier):
        hint = "write a URI, as `urn:uuid:` and a UUID, or `urn:isbn:` and the number"
        rules.find(
            ("book", "identifier"), "bad-identifier", f"`{identifier}` is no identifier", hint
        )
    if table.isbn and not is_isbn(table.isbn):
        hint = "copy it again: its last digit does not fit the others"
        rules.find(("book", "isbn"), "bad-value", f"`{table.isbn}` is no ISBN", hint)


def is_stem(name: str) -> bool:
    """Whether *name* can stand before ".pdf" on any system and in an address."""
    return (
        bool(_STEM.fullmatch(name)) and not _RESERVED.fullmatch(name) and len(name) <= LONGEST_STEM
    )


def is_sha256(digest: str) -> bool:
    return bool(_SHA256.fullmatch(digest))


def is_isbn(isbn: str) -> bool:
    """Whether *isbn*, hyphens and spaces aside, has 10 or 13 digits and the right check digit."""
    digits = re.sub(r"[ -]", "", isbn).upper()
    if re.fullmatch(r"\d{13}", digits):
        return sum(int(d) * (1, 3)[n % 2] for n, d in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum("0123456789X".index(d) * (10 - n) for n, d in enumerate(digits)) % 11 == 0
    return False


def _suggest_language(tag: str) -> str:
    with_hyphens = tag.replace("_", "-")
    known = _LANGUAGE_NAMES.get(tag.casefold())
    if known or _LANGUAGE.fullmatch(with_hyphens):
        return f"did you mean `{known or with_hyphens}`?"
    return "write a BCP 47 tag, as `en`, `en-GB` or `zh-Hant`"


def _check_speakers(book: BookFile, rules: _Rules) -> None:
    """Report labels that are empty, end with a colon or stand twice, and shared short names."""
    seen: dict[str, Path] = {}
    for place, label in _labels(book):
        folded = fold_label(label)
        if label.rstrip().endswith((":", "：")):
            hint = f"write `{folded}`: the colon is no part of it"
            rules.find(place, "bad-value", f"the label `{label}` ends with a colon", hint)
        if not folded:
            if label.strip() or "aliases" in place:  # A blank `label` is reported below.
                rules.find(place, "bad-value", "a label without letters names nobody")
        elif folded in seen:
            hint = "one label stands for one speaker: delete or change one of them"
            found = f"`{label}` is a label already, on line {rules.line(seen[folded])}"
            rules.find(place, "duplicate-label", found, hint)
        else:
            seen[folded] = place
    shorts: dict[str, int] = {}
    for number, speaker in enumerate(book.speaker):
        rules.need_text(("speaker", number), "label", speaker.label)
        earlier = shorts.setdefault(fold_label(speaker.short_name), number)
        if earlier != number and fold_label(speaker.label) != fold_label(
            book.speaker[earlier].label
        ):
            line = rules.line(("speaker", earlier))
            hint = "readers could not tell the two apart: give one another `short`"
            found = f"`{speaker.short_name}` is printed for the speaker of line {line} too"
            rules.find(("speaker", number, "short"), "duplicate-short-name", found, hint)


def _labels(book: BookFile) -> Iterator[tuple[Path, str]]:
    for number, speaker in enumerate(book.speaker):
        yield ("speaker", number, "label"), speaker.label
        for item, alias in enumerate(speaker.aliases):
            yield ("speaker", number, "aliases", item), alias


def _entries(entries: tuple[Entry, ...], path: Path) -> Iterator[tuple[Path, Entry]]:
    for number, entry in enumerate(entries):
        yield (*path, number), entry
        yield from _entries(entry.sub, (*path, number, "sub"))
