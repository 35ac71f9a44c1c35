"""The editor's Markdown as HTML that is well-formed XHTML too.

Comes in: CommonMark. Goes out: markup that print and e-book put in as it is. The one
decision: the editor writes prose, not markup: HTML is shown as typed, pictures are
not fetched, and headings begin a level below the part's own.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it.token import Token

SEAM = "\ue000"
"""A private-use character that stands where an emphasis begins or ends within a paragraph."""
LOWEST_HEADING = 6
ADDRESSES = ("https://", "http://", "mailto:")
"""What a link may lead to; any other is shown as typed, for it would be dead in the book."""


def markdown(text: str, set_marks: Callable[[str], str] = str) -> Markup:
    """Return *text* as markup; *set_marks* sets typographic marks, a paragraph at a time.

    Code is left as typed. No raw HTML, no picture and no address within the machine
    comes through.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).disable("image")
    parser.validateLink = _is_address  # type: ignore[method-assign]
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            level = min(int(token.tag[1:]) + 1, LOWEST_HEADING)
            token.tag = f"h{level}"
        if token.children:
            _set_marks(token.children, set_marks)
    # Safe because of what the parser was told above: it has escaped all that was typed.
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704


def _is_address(url: str) -> bool:
    return url.lower().startswith(ADDRESSES)


def _set_marks(tokens: Sequence["Token"], set_marks: Callable[[str], str]) -> None:
    """Set marks over the joined words, for a quotation may open within an emphasis."""
    texts = [token for token in tokens if token.type == "text"]
    joined = SEAM.join(token.content for token in texts)
    pieces = set_marks(joined).split(SEAM)
    # A mark that took in a seam would leave a piece over or short: then none is set.
    if len(pieces) == len(texts):
        for token, piece in zip(texts, pieces, strict=True):
            token.content = piece
