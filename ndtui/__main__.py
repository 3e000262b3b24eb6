"""The program's entry: ``ndtui`` and ``python -m ndtui``."""

import sys

from ndtui.cli.process import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
