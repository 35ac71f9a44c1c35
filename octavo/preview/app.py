"""The preview's addresses.

Comes in: a request that the guard let through. Goes out: the page, a picture, the EPUB, a
source, or a stream of calls. The one decision: nothing of an address ever becomes part of a
path; it is looked up among what is known, or it is nothing.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from octavo.preview.engine import Engine
from octavo.preview.guard import READER_POLICY, Guard
from octavo.preview.state import Snapshot, State
from octavo.preview.view import view_of
from octavo.render import TEMPLATES, Templates

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
ASSETS = {
    "preview.css": (TEMPLATES / "preview/preview.css", "text/css"),
    "preview.js": (TEMPLATES / "preview/preview.js", "text/javascript"),
    "icon.svg": (TEMPLATES / "preview/icon.svg", "image/svg+xml"),
    "reader.css": (TEMPLATES / "preview/reader.css", "text/css"),
    "reader.js": (TEMPLATES / "preview/reader.js", "text/javascript"),
    "serif.woff2": (TEMPLATES / "fonts/SourceSerif4-Regular.ttf.woff2", "font/woff2"),
    "serif-italic.woff2": (TEMPLATES / "fonts/SourceSerif4-It.ttf.woff2", "font/woff2"),
}
HEARTBEAT = 15
"""Seconds after which a silent stream says that it is there."""


class Preview:
    """The answers to all that may be asked."""

    def __init__(self, state: State, engine: Engine) -> None:
        self._state = state
        self._engine = engine
        self._templates = Templates("en")

    def guarded(self, port: int) -> Guard:
        """The whole application, for the address that ends in *port*."""
        routes = [
            Route("/", self.show),
            Route("/events", self.call),
            Route("/page/{width:int}/{digest}.png", self.draw),
            Route("/book/{digest}.epub", self.hand_out),
            Route("/source/{key}", self.show_source),
            Route("/reader", self.show_reader),
            Route("/assets/{name}", self.hand_asset),
        ]
        return Guard(Starlette(routes=routes), port)

    def show(self, _: Request) -> Response:
        """The page."""
        return self._page("page.html", **view_of(self._state.snapshot))

    def draw(self, request: Request) -> Response:
        """A page's picture, which is the same for ever."""
        where = request.path_params
        picture = self._state.pictures.draw(where["digest"], where["width"])
        return _nothing() if picture is None else Response(picture, 200, FOR_EVER, "image/png")

    def hand_out(self, request: Request) -> Response:
        """The EPUB of the book that is shown."""
        book = self._state.snapshot.book
        if book is None or not book.epub or request.path_params["digest"] != book.epub_digest:
            return _nothing()
        return Response(book.epub, 200, media_type="application/epub+zip")

    def show_source(self, request: Request) -> Response:
        """A file that a finding names, its lines numbered."""
        path = self._state.snapshot.sources.get(request.path_params["key"])
        if path is None:
            return _nothing()
        try:
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
        except OSError:
            return self._page("source.html", path=str(path), lines=None)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
        return self._page("source.html", path=str(path), lines=lines)

    def show_reader(self, _: Request) -> Response:
        """The frame that the EPUB is read in."""
        self._engine.want()
        answer = self._page(
            "reader.html", is_ready=self._engine.is_ready, trouble=self._engine.trouble
        )
        answer.headers["content-security-policy"] = READER_POLICY
        return answer

    def hand_asset(self, request: Request) -> Response:
        """A file of the preview itself, or of the reading engine."""
        name = request.path_params["name"]
        path, kind = ASSETS.get(name, (self._engine.file(name), "text/javascript"))
        return _nothing() if path is None else _file(path, kind)

    async def call(self, _: Request) -> Response:
        """A stream with a line for each change."""
        return StreamingResponse(self._calls(), media_type="text/event-stream")

    async def _calls(self) -> AsyncIterator[str]:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        stop = self._state.listen(lambda: loop.call_soon_threadsafe(woken.set))
        try:
            while not self._state.is_over:
                woken.clear()
                yield f"retry: 1000\ndata: {json.dumps(self._called(self._state.snapshot))}\n\n"
                while not woken.is_set():
                    try:
                        await asyncio.wait_for(woken.wait(), HEARTBEAT)
                    except TimeoutError:
                        yield ": still here\n\n"
        finally:
            stop()

    def _called(self, snapshot: Snapshot) -> dict[str, object]:
        return {
            "number": snapshot.number,
            "building": snapshot.is_building,
            "engine": self._engine.is_ready or bool(self._engine.trouble),
        }

    def _page(self, name: str, **data: object) -> Response:
        return HTMLResponse(self._templates.render(f"preview/{name}", **data))


def _file(path: Path, kind: str) -> Response:
    try:
        return Response(path.read_bytes(), 200, media_type=kind)
    except OSError:
        return _nothing()


def _nothing() -> Response:
    return PlainTextResponse("there is nothing here\n", 404)
