"""The server of the finished book, on this machine or for the network around it.

Comes in: the folder, and whether others may ask. Goes out: addresses that answer while the
context lasts. The one decision: uvicorn serves; a client that does not get its request out in
time is told so and sent away, or a few of them would keep all others waiting.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from octavo.serve.shelf import Guard, Shelf

HERE = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where it is asked for
NOWHERE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737): to learn which of ours would be used to reach others."""
HTTP = 80
"""The port that browsers do not say."""
PATIENCE = 10.0
"""Seconds that a client has for the head of its request."""
KEPT_OPEN = 10
"""Seconds that a line is held on which nothing more is asked."""
LONGEST_HEAD = 16_384
"""Bytes of it."""
MOST_LINES = 800
"""Open lines; fewer than the files that a process may have open. Who comes then is sent away."""
MOST_OF_ONE = 64
"""Of them from one address: a household, or a browser with many windows."""
REFUSAL = (
    b"HTTP/1.1 %b\r\ncontent-type: text/plain\r\ncontent-length: %d\r\nretry-after: 10\r\n"
    b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n%b\n"
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the book is found."""

    here: str
    around: str
    """From other machines; empty where they may not ask."""


@contextmanager
def serve(folder: Path, port: int, *, lan: bool) -> Iterator[Addresses]:
    """Serve *folder*, to the network around this machine if *lan*, and yield the addresses.

    Raises ``OSError`` for a port that is taken.
    """
    with listen(EVERYWHERE if lan else HERE, port) as listening:
        port = listening.getsockname()[1]
        names = () if lan else [*_names_of(port)]
        config = uvicorn.Config(
            Guard(Shelf(folder), names),
            access_log=False,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            http=_Impatient,
            lifespan="off",
            log_level="critical",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=KEPT_OPEN,
            ws="none",
        )
        server = uvicorn.Server(config)
        serving = Thread(target=server.run, args=([listening],), daemon=True, name="octavo-serve")
        serving.start()
        own = own_address() if lan else HERE
        around = f"http://{own}:{port}/" if own != HERE else ""
        try:
            yield Addresses(f"http://{HERE}:{port}/", around)
        finally:
            server.should_exit = True
            serving.join(3)


def _names_of(port: int) -> Iterator[str]:
    """What browsers on this machine call the server."""
    for name in (HERE, "localhost"):
        yield f"{name}:{port}"
        if port == HTTP:
            yield name


class _Impatient(H11Protocol):
    """HTTP by h11, which waits for no request longer than ``PATIENCE``."""

    _late: asyncio.TimerHandle | None = None
    _lines: ClassVar[Counter[str]] = Counter()
    """Open lines by the address of who is at the other end."""
    _guest = ""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._guest = str(self.client[0] if self.client else "")
        self._lines[self._guest] += 1
        if self._lines[self._guest] > MOST_OF_ONE or self._lines.total() > MOST_LINES:
            self._send_away(b"503 Service Unavailable", b"too many at once")
        else:
            self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait_for_head()
        else:
            # The head is there; how long the client then takes to read is its own affair.
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._lines[self._guest] -= 1
        if not self._lines[self._guest]:
            del self._lines[self._guest]
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if self._late is None:
            refusal = b"408 Request Timeout", b"too late"
            self._late = self.loop.call_later(PATIENCE, self._send_away, *refusal)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _send_away(self, status: bytes, why: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(REFUSAL % (status, len(why) + 1, why))
            self.transport.close()


def own_address() -> str:
    """The address of this machine in the network around it; 127.0.0.1 where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: this only asks the system which way it would go.
            probe.connect(NOWHERE)
        except OSError:
            return HERE
        return str(probe.getsockname()[0])


def listen(host: str, port: int) -> socket.socket:
    """A socket of our own, so that a port that is taken is known at once.

    Raises ``OSError`` for one that is.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # One that has just ended must not keep its port from the next.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # Whoever comes before the server is ready waits, and is not turned away.
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening
