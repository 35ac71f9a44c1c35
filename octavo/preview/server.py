"""The preview's server: a thread of the process that watches.

Comes in: the post of the builds. Goes out: an address that answers while the context lasts.
The one decision: 127.0.0.1 and nothing else is listened to.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn

from octavo.preview.app import Preview
from octavo.preview.engine import Engine
from octavo.preview.post import Post
from octavo.preview.state import State

HERE = "127.0.0.1"


@contextmanager
def preview(post: Post, port: int, cache: Path) -> Iterator[str]:
    """Serve what *post* tells, and yield the address.

    Raises ``OSError`` for a port that is taken.
    """
    state = State()
    engine = Engine(cache, state.change)
    with _listen(port) as listening:
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            Preview(state, engine).guarded(port),
            access_log=False,
            lifespan="off",
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        server = uvicorn.Server(config)
        serving = Thread(target=server.run, args=([listening],), daemon=True, name="octavo-preview")
        Thread(target=state.follow, args=(post.letters(),), daemon=True, name="octavo-post").start()
        serving.start()
        try:
            yield f"http://{HERE}:{port}/"
        finally:
            state.end()
            server.should_exit = True
            serving.join(3)


def _listen(port: int) -> socket.socket:
    """A socket of our own, so that a port that is taken is known at once."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # A preview that has just ended must not keep its port from the next.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HERE, port))
        # Whoever comes before the server is ready waits, and is not turned away.
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening
