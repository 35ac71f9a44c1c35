"""What every answer of the preview goes through: who may ask, and what a browser may do with it.

Comes in: a request. Goes out: the answer, or a refusal. The one decision: the preview is for
pages of its own alone. A page from elsewhere reaches 127.0.0.1 by a name of its own (DNS
rebinding), and that name stands in ``Host``; so only our two names are answered.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from octavo.serve.shelf import with_headers

METHODS = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
READER_POLICY = (
    # The engine takes the book apart and hands its files on as blobs; none of them may be a script.
    "default-src 'none'; script-src 'self'; style-src 'self' blob: 'unsafe-inline'; "
    "img-src 'self' blob: data:; font-src 'self' blob: data:; connect-src 'self' blob:; "
    "frame-src 'self' blob:; base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, with_headers(send, HEADERS))

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return PlainTextResponse("the preview is known by another name\n", 421)
        if method not in METHODS:
            return PlainTextResponse("the preview is for looking\n", 405, {"allow": "GET, HEAD"})
        if is_foreign(headers):
            return PlainTextResponse("the preview is for its own pages\n", 403)
        return None


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether a page from elsewhere asks, and not a person who follows a link to here."""
    from_elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return from_elsewhere and headers.get("sec-fetch-dest") != "document"
