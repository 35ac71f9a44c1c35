"""The proofs of what goes to the printer beside the book's own pages: their sheet, and the cover.

Comes in: finished files. Goes out: nothing, or ``ProofFailed``. The one decision: they are asked
for the words and places that they must have alone, for the book's own PDF is proved whole.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from octavo.proof import ProofFailed, lines_of_html

if TYPE_CHECKING:
    from octavo.render.coversheet import CoverSize


def prove_press(pdf: bytes, press: bytes, signature: int) -> None:
    """Prove the file for the printer by the *pdf* that was proved. Raises ``ProofFailed``."""
    from octavo.proof.press import check_press

    wrong = list(check_press(pdf, press, signature))
    if wrong:
        raise ProofFailed(wrong)


def prove_cover(cover: bytes, html: str, size: "CoverSize", warnings: Sequence[str]) -> None:
    """Prove the words of the cover and where they stand, and that the engine was silent.

    Raises ``ProofFailed``.
    """
    from octavo.proof.outcome import silence
    from octavo.proof.press import check_cover
    from octavo.render.coversheet import SAFE, SPINE_SAFE

    lines = lines_of_html(html)
    wrong = [
        *silence(warnings),
        *check_cover(cover, lines, size.folds, SAFE - 0.5, SPINE_SAFE - 0.5),
    ]
    if wrong:
        raise ProofFailed(wrong)
