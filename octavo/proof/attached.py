"""What is attached to the PDF: the transcripts, byte for byte, and nothing else."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from octavo.proof.outcome import Discrepancy

PROOF = "attachments"


def check_attached(document: Any, declared: Mapping[str, str]) -> Iterator[Discrepancy]:
    """Hold the files attached to an open PDF against *declared*, the sha256 of each by name."""
    files = [*document.attachments.values()]
    found = {file.filename: sha256(file.get_file().read_bytes()).hexdigest() for file in files}
    associated = len(document.Root.get("/AF", ()))
    if not len(files) == len(found) == associated:
        yield Discrepancy(PROOF, "the PDF", f"{associated} files", f"{len(found)} names")
    for name in sorted(found.keys() | declared.keys()):
        if found.get(name) != declared.get(name):
            expected = declared.get(name, "no such file")
            yield Discrepancy(PROOF, name, expected, found.get(name, "nothing"))
