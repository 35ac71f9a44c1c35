"""The body: every chapter handed over to be set, and where its pages come to lie.

Comes in: the Book. Goes out: the chapters in their places, and the page map. The one
decision: contents and index are set after the body, as literal text, so that nothing
that carries a folio is laid out twice. Of a chapter that is kept the signature's key is
kept too, so that no page of it is even rendered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from octavo.book import Book, Chapter
from octavo.cache import key_of
from octavo.memory import Memory
from octavo.pagemap import PageMap, PageStart, Point
from octavo.print.compositor import Compositor, Setting
from octavo.print.copy import Copy
from octavo.print.place import Place, place_body
from octavo.render import Templates
from octavo.render.pages import body_html, make_frame, shows_the_frame_alone


@dataclass(frozen=True, slots=True)
class Body:
    """The chapters in their places, their lines broken."""

    places: tuple[Place, ...]
    pagemap: PageMap
    next_folio: int
    """The first free folio behind the body; a recto."""


class BodyAtWork:
    """The chapters as they are handed to the compositor, each a signature of its own.

    Where every chapter begins on a recto all are handed over at once; else the side on which
    one begins is known only when those before it are laid out.
    """

    def __init__(
        self, book: Book, templates: Templates, css: str, compositor: Compositor, memory: Memory
    ) -> None:
        self._book, self._templates, self._css = book, templates, css
        self._compositor, self._memory = compositor, memory
        self._frame = make_frame(templates, book)
        self._around = b""
        """The digest of what but a chapter makes its copy; empty where its key is not kept."""
        if compositor.keeps and shows_the_frame_alone(templates):
            parts = repr(self._frame), css
            around = compositor.around(templates.folders)
            self._around = key_of(around, *(part.encode() for part in parts)).encode()
        self._on_recto = book.edition.file.print.chapter_start == "recto"
        first = book.chapters if self._on_recto else book.chapters[:1]
        self._settings = self._hand_over(first)

    @property
    def is_set_anew(self) -> bool:
        """Whether some of what was handed over is not kept."""
        return any(setting.fresh for setting in self._settings)

    def lay_out(self, progress: Callable[[str], None]) -> Body:
        """Wait until all lines are broken, and map the pages."""
        chapters = self._book.chapters
        places: list[Place] = []
        folio = 1
        for number, chapter in enumerate(chapters):
            progress(f"setting chapter {number + 1} of {len(chapters)}")
            if number == len(self._settings):
                self._settings += self._hand_over([chapter], verso=folio % 2 == 0)
            last = number == len(chapters) - 1
            place = place_body(self._settings[number], folio, end_on_verso=self._on_recto or last)
            places.append(place)
            folio += len(place.folios) + bool(place.blank_after)
        order = [paragraph.id for chapter in chapters for paragraph in chapter.all_paragraphs()]
        return Body(tuple(places), PageMap(order, _page_starts(places)), folio)

    def _hand_over(self, chapters: Sequence[Chapter], *, verso: bool = False) -> list[Setting]:
        """Hand over those of *chapters* that are not kept."""
        # Whoever makes its key because that is not kept goes on to have it set.
        copies = [cache(partial(self._copy, chapter, verso=verso)) for chapter in chapters]
        kept = [
            self._kept(chapter, copy, verso=verso)
            for chapter, copy in zip(chapters, copies, strict=True)
        ]
        # One for which all wait need not wait for a hand to be forked.
        alone = kept.count(None) == 1 and len(chapters) == len(self._book.chapters)
        begin = self._compositor.set_first if alone else self._compositor.set
        return [one or begin(copy()) for one, copy in zip(kept, copies, strict=True)]

    def _kept(self, chapter: Chapter, copy: Callable[[], Copy], *, verso: bool) -> Setting | None:
        if not self._around:
            return None
        key = self._memory.recall(
            lambda: self._compositor.key(copy()),
            b"key of a chapter's signature",
            self._around,
            chapter.digest,
            str(verso).encode(),
        )
        return self._compositor.kept(key)

    def _copy(self, chapter: Chapter, *, verso: bool) -> Copy:
        is_elsewhere = self._frame.head_is_title
        own = chapter.paragraphs() if is_elsewhere else chapter.all_paragraphs()
        words = {p.id: p.words for p in own}
        html = body_html(self._templates, self._book, self._frame, chapter)
        words = {key: value for key, value in words.items() if f'id="{key}"' in html}
        return Copy(html, self._css, self._templates.folders, words, verso)


def _page_starts(places: Sequence[Place]) -> list[PageStart]:
    return [
        PageStart(folio, Point(page.lines[0].paragraph, page.lines[0].start))
        for place in places
        for page, folio in zip(place.setting.pages, place.folios, strict=True)
        if page.lines
    ]
