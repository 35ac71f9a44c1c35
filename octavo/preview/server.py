"""The preview's server: a thread of the process that watches.

Comes in: the post of the builds. Goes out: an address that answers while the context lasts.
The one decision: 127.0.0.1 and nothing else is listened to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn

from octavo.preview.app import Preview
from octavo.preview.engine import Engine
from octavo.preview.post import Post
from octavo.preview.state import State
from octavo.serve.server import HERE, listen


@contextmanager
def preview(post: Post, port: int, cache: Path) -> Iterator[str]:
    """Serve what *post* tells, and yield the address.

    Raises ``OSError`` for a port that is taken.
    """
    state = State()
    engine = Engine(cache, state.change)
    with listen(HERE, port) as listening:
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
