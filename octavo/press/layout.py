"""The typeset book: body first, then what its page map makes possible.

Comes in: what was read. Goes out: the layout. The one decision: the body is handed over
before anything else is even loaded, for all that follows waits for its page map.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from octavo.findings import Findings
from octavo.press.reading import Reading
from octavo.print.body import BodyAtWork
from octavo.print.compositor import Compositor
from octavo.render.pages import stylesheet

if TYPE_CHECKING:
    from octavo.press.matter import Layout

Progress = Callable[[str], None]


def lay_out(
    reading: Reading,
    compositor: Compositor,
    findings: Findings,
    progress: Progress,
    *,
    to_bind: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> "Layout":
    """Typeset the whole book; the body is sewn meanwhile if it is *to_bind*.

    *meanwhile* is done while some of the body is still being set.

    Raises ``Unbuildable`` when the index cannot be planned or a character has no glyph.
    """
    css = stylesheet(reading.templates, reading.book)
    compositor.get_style_ready(css, reading.templates.folders, reading.book.language)
    at_work = BodyAtWork(reading.book, reading.templates, css, compositor, reading.memory)
    from octavo.press.matter import get_ready, lay_out_matter

    ready = get_ready(reading, css, compositor, findings)
    if at_work.is_set_anew:
        meanwhile()
    body = at_work.lay_out(progress)
    return lay_out_matter(
        reading, ready, css, body, compositor, findings, progress, to_bind=to_bind
    )
