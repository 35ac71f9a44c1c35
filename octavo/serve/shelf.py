"""What may be asked for, and how it is answered.

Comes in: a request. Goes out: a file of the folder, a part of it, word that it has not changed,
or a refusal. The one decision: Starlette finds the file, which is never above the folder nor
behind a link that leads out of it; here is only told what a file is, and what a browser may
do with it.
"""

from collections.abc import Iterable, Mapping
from os import PathLike, stat_result
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".epub": "application/epub+zip",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
FEEDS = {
    "opds.json": "application/opds+json",
    "opds.xml": "application/atom+xml;profile=opds-catalog;kind=acquisition",
}
ANYTHING = "application/octet-stream"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    # The next build changes the files: a reader asks whether it did.
    "cache-control": "no-cache",
}
LONGEST = 1024
"""Characters of an address; none of ours comes near."""


class Shelf(StaticFiles):
    """The files below a folder, hidden ones aside: those are a build's scraps."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)

    def lookup_path(self, path: str) -> tuple[str, stat_result | None]:
        """Find the file called *path*; none where a part of its name is hidden."""
        if "\\" in path or _is_hidden(Path(path)):
            return "", None
        found, status = super().lookup_path(path)
        inside = Path(found).relative_to(Path(str(self.directory)).resolve()) if status else Path()
        return ("", None) if _is_hidden(inside) else (found, status)

    def file_response(
        self,
        full_path: "PathLike[str] | str",
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with a file, and with what it is."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if response.status_code == status_code:
            response.headers["content-type"] = media_type(Path(full_path))
        return response


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") and part != "." for part in path.parts)


def media_type(path: Path) -> str:
    """What the file *path* is, as HTTP says it."""
    return FEEDS.get(path.name) or MEDIA_TYPES.get(path.suffix.lower(), ANYTHING)


class Guard:
    """An ASGI application around another: it refuses what nobody needs to ask."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        """*hosts* are the only names that are answered to; any is where none are given."""
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        guarded = with_headers(send, HEADERS)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except HTTPException as error:
            answer = _refuse(error.status_code, error.detail, error.headers)
            await answer(scope, receive, guarded)
        except (OSError, RuntimeError):
            # The folder is gone, or a link in it goes round in circles.
            await _refuse(404, "there is nothing here")(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["method"] not in METHODS:
            return _refuse(405, "only GET and HEAD", {"allow": ", ".join(METHODS)})
        headers = Headers(scope=scope)
        if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            return _refuse(413, "nothing is taken in", {"connection": "close"})
        if len(scope["raw_path"]) > LONGEST:
            return _refuse(414, "the address is too long")
        hosts = headers.getlist("host")
        if self._hosts and (len(hosts) != 1 or hosts[0].lower() not in self._hosts):
            # A page from elsewhere reaches 127.0.0.1 by a name of its own (DNS rebinding).
            return _refuse(421, "the book is known by another name")
        return None


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """Send what *send* does, with *headers* where an answer has none of that name."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = MutableHeaders(scope=message)
            for name, value in headers.items():
                own.setdefault(name, value)
        await send(message)

    return guarded


def _refuse(status: int, why: str, headers: Any = None) -> Response:
    return PlainTextResponse(f"{why}\n", status, headers)
