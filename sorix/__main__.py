"""``python -m sorix`` is the command ``sorix``."""

import sys

from sorix.cli import main

if __name__ == "__main__":
    sys.exit(main())
