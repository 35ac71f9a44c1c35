"""What is attached to the PDF: the transcripts, byte for byte, and nothing else."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO

from octavo.proof.outcome import Discrepancy

PROOF = "attachments"


def check_attached(pdf: bytes, declared: Mapping[str, str]) -> Iterator[Discrepancy]:
    """Hold the files attached to *pdf* against *declared*, the sha256 of each by its name."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        found = {
            name: sha256(spec.get_file().read_bytes()).hexdigest()
            for name, spec in document.attachments.items()
        }
    for name in sorted(found.keys() | declared.keys()):
        if found.get(name) != declared.get(name):
            expected = declared.get(name, "no such file")
            yield Discrepancy(PROOF, name, expected, found.get(name, "nothing"))
