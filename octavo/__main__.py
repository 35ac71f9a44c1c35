"""``python -m octavo``: what build.py hands over to."""

import atexit
import gc
import os
import sys

from octavo.unchanged import cache_folder, told_before, was_asked

told = told_before(sys.argv[1:])
if told is not None:
    sys.stderr.write("".join(f"{line}\n" for line in told))
    sys.stderr.flush()
    os._exit(0)

# One command, one short life: collecting on a growing heap takes a tenth of it.
gc.disable()

from octavo.compiled import compile_once  # noqa: E402 - collecting is off before anything is loaded

if sys.prefix != sys.base_prefix:
    # In an environment of its own, where it may leave something.
    compile_once()

if was_asked(sys.argv[1:]):
    # What was built then is not what it should be now: meanwhile an engine is loaded.
    from pathlib import Path

    from octavo.cache import Cache
    from octavo.print.compositor import begin_early

    atexit.register(begin_early(Cache(Path(cache_folder()))))

from octavo.cli import main  # noqa: E402 - made of what was compiled once

code = main(sys.argv[1:])
atexit._run_exitfuncs()  # noqa: SLF001 - what it would run itself
sys.stdout.flush()
sys.stderr.flush()
# Nothing is left to do: the system takes the memory back sooner than Python piece by piece.
os._exit(code)
