"""The program's entry: ``ndtui`` and ``python -m ndtui``."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status; see ``cli.process.main``."""
    try:
        from ndtui.cli import process  # noqa: PLC0415 - Ctrl+C while it is imported is an exit status, no traceback
    except KeyboardInterrupt:
        return 130
    return process.main(argv)


if __name__ == "__main__":
    sys.exit(main())
