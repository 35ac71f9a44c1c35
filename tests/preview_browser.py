"""A browser that a test holds a page of ours in (``readers/preview.mjs``)."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("readers") / "preview.mjs"
MODULES = Path(os.environ.get("MODULES", SCRIPT.parent / "node_modules"))
PATIENCE = 60


class Browser:
    """Chromium with one page."""

    def __init__(self, node: str, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [node, str(SCRIPT)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, **request: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        assert "error" not in said, said["error"]
        return said["answer"]

    def ask(self, expression: str, frame: str = "") -> Any:
        return self.do(ask=expression, frame=frame)

    def wait_for(self, expression: str, true: Callable[[Any], object], frame: str = "") -> Any:
        """Wait until *true* of what *expression* comes to."""
        end = time.monotonic() + PATIENCE
        while not true(found := self.ask(expression, frame)):
            assert time.monotonic() < end, found
            time.sleep(0.05)
        return found

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
