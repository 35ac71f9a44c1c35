"""``python -m octavo``: what build.py hands over to."""

import gc
import sys

# One command, one short life: collecting on a growing heap takes a tenth of it.
gc.disable()

from octavo.cli import main  # noqa: E402 - collecting is off before anything is loaded

sys.exit(main(sys.argv[1:]))
