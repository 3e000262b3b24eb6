"""The process of a session in a browser: the command line, as ``ndtui serve`` starts it for each visitor."""

import sys

from ndtui.cli import process


def main(*words: str) -> None:
    """Run a command line as a process of its own; see ``common.isolated``, which starts it."""
    sys.argv[1:] = words
    sys.exit(process.main())
