"""``python -m octavo``: what build.py hands over to."""

import sys

from octavo.cli import main

sys.exit(main(sys.argv[1:]))
