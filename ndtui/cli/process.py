"""The program as a process: set up, run, and errors turned into one line and an exit status."""

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from ndtui.common.errors import NdtuiError

INTERRUPTED = 130
PIPE_CLOSED = 141
"""128 and the number of the signal, as a shell reports a program that one of them ended."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status; without ``argv`` as a process of its own, with its command line.

    An exception that is a bug is not caught: its traceback is what a report needs.
    """
    if argv is not None:
        return _run(argv)
    _prepare_process()
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()  # what ends with the process need not be searched for cycles: a seventh of a short run


def _run(argv: Sequence[str]) -> int:
    try:
        from ndtui.cli import parser  # noqa: PLC0415 - from here on an interrupt is answered with a status

        return parser.run(argv)
    except NdtuiError as error:
        sys.stderr.write(f"ndtui: error: {error}\n")
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_CLOSED


def _prepare_process() -> None:
    """Set up what holds for the whole process: the same bytes in every locale, and a short start."""
    gc.disable()  # start-up makes objects that stay; the designer, which runs long, switches it on again
    # Looking for plug-ins of pydantic reads the metadata of every package there is, for none that we want.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
