"""The transcript as text, for ``--stage transcript`` and for golden files.

A line for each node says what it is, where it begins and who speaks; a paragraph
stands under it, indented, with its events marked. Paths are left out, so that a dump
is the same wherever the file lies.
"""

from collections.abc import Iterator

from octavo.model import Event, Location, Text, Transcript, Turn


def dump_transcript(transcript: Transcript) -> str:
    """Return *transcript* as text, each paragraph on one line; equal only for equal reading."""
    return "".join(f"{line}\n" for line in _dump(transcript))


def _dump(transcript: Transcript) -> Iterator[str]:
    for kind, texts in (("title", transcript.title), ("byline", transcript.byline)):
        for text in texts:
            yield f"{kind} {_place(text.location)}"
            yield from _dump_text(text)
    for block in transcript.blocks:
        if isinstance(block, Turn):
            yield f"turn {_place(block.location)} {block.label}"
            for text in block.paragraphs:
                yield f"  paragraph {_place(text.location)}"
                yield from _dump_text(text, "    ")
        else:
            kind = "event" if isinstance(block, Event) else "prose"
            yield f"{kind} {_place(block.text.location)}"
            yield from _dump_text(block.text)


def _dump_text(text: Text, indent: str = "  ") -> Iterator[str]:
    yield indent + text.words
    for span in text.events:
        yield f"{indent}event {span.start}-{span.end} {text.words[span.start : span.end]}"


def _place(location: Location) -> str:
    return f"{location.line}:{location.column}"
