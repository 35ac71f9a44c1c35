"""Jobs for the workshop's tests: a job is known by its module and its name."""

import os
from collections.abc import Iterator

TOOLS: list[str] = []


def fetch_tools(name: str) -> Iterator[int]:
    TOOLS.append(name)
    yield len(TOOLS)


def use_tools() -> Iterator[tuple[int, tuple[str, ...]]]:
    yield os.getpid(), tuple(TOOLS)


def fetch_and_tell(name: str) -> Iterator[int]:
    """Tell who fetched the tool, and who goes on."""
    TOOLS.append(name)
    yield os.getpid()
    yield os.getpid()


def count(end: int) -> Iterator[int]:
    yield from range(end)


def give(size: int) -> Iterator[bytes]:
    yield b"x" * size


def take(data: bytes) -> Iterator[int]:
    yield len(data)


def fail_after_one() -> Iterator[str]:
    yield "one"
    raise KeyError("lost")


def yield_what_cannot_be_sent() -> Iterator[object]:
    yield lambda: None


def die() -> Iterator[None]:
    os._exit(9)
    yield None


def go_on() -> Iterator[None]:
    """Never end by itself."""
    while True:
        os.getpid()
    yield None
