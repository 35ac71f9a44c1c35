"""What is attached to the PDF: the transcripts, byte for byte, and nothing else."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from octavo.proof.outcome import Discrepancy

PROOF = "attachments"


def check_attached(document: Any, declared: Mapping[str, str]) -> Iterator[Discrepancy]:
    """Hold the files attached to an open PDF against *declared*, the sha256 of each by name."""
    found = {
        name: sha256(spec.get_file().read_bytes()).hexdigest()
        for name, spec in document.attachments.items()
    }
    for name in sorted(found.keys() | declared.keys()):
        if found.get(name) != declared.get(name):
            expected = declared.get(name, "no such file")
            yield Discrepancy(PROOF, name, expected, found.get(name, "nothing"))
