"""The program as a process: set up, run, and whatever goes wrong told in one line and an exit status."""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper

from ndtui.common.errors import NdtuiError, in_a_line

INTERRUPTED = 130
PIPE_CLOSED = 141
"""128 and the number of the signal, as a shell reports a program that one of them ended."""

DEBUG = "--debug"
#: Where a mistake of this program is reported.
ISSUES = "https://github.com/ndtui/ndtui/issues"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status; without ``argv`` as a process of its own, with its command line."""
    if argv is not None:
        return _run(argv)
    status = INTERRUPTED
    with suppress(KeyboardInterrupt):  # between two steps of the way in or out
        _prepare_process()
        status = _run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the status is settled, and all that is left is to end
    _end(status)
    return status


def _end(status: int) -> None:
    """End the process; return only where Python is to wait for threads first.

    What is registered with ``atexit`` is called. Then the process ends as it stands: to take everything apart before,
    as Python does, takes a twentieth of a short run, and stops a thread that nobody waits for where it is; in the midst
    of a library in Rust that aborts the process.
    """
    threading = sys.modules.get("threading")
    others = [each for each in threading.enumerate() if each is not threading.main_thread()] if threading else []
    if others and not any(each.daemon for each in others):
        return
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads any more
            stream.flush()
    os._exit(status)


def _run(argv: Sequence[str]) -> int:
    """Run a command line; the fence at the door, which no exception passes."""
    try:
        from ndtui.cli import parser  # noqa: PLC0415 - from here on an interrupt is answered with a status

        return parser.run(argv)
    except BaseException as error:
        return _answered(error, debug=_asks_for_traceback(argv))


def _asks_for_traceback(argv: Sequence[str]) -> bool:
    return DEBUG in argv[: argv.index("--") if "--" in argv else None]


def _answered(error: BaseException, *, debug: bool) -> int:
    """Say what ended a run, and return the exit status that it means."""
    if _from_interrupt(error):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED
    from ndtui.cli.printing.output import note  # noqa: PLC0415 - a run that goes well loads no more than it needs

    if debug:
        import traceback  # noqa: PLC0415 - only an error needs it

        behind = error.behind if isinstance(error, NdtuiError) else ""
        for line in f"{behind}{''.join(traceback.format_exception(error))}".splitlines():
            note(line)
    told = error if isinstance(error, NdtuiError) else _unforeseen(error)
    note(f"ndtui: error: {told}")
    return told.status


def _from_interrupt(error: BaseException) -> bool:
    """Tell whether Ctrl+C is behind an exception: Python and libraries turn it into others while they import."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, NdtuiError):
        if isinstance(behind, KeyboardInterrupt):
            return True
        behind = behind.__cause__ or behind.__context__
    return False


def _unforeseen(error: BaseException) -> NdtuiError:
    """Return an exception that nobody turned into words as an error for a person."""
    if isinstance(error, MemoryError):
        return NdtuiError("there is not enough memory for that", remedy="is it the input you meant?")
    if isinstance(error, OSError):
        return NdtuiError(f"the system refuses: {in_a_line(error)}", remedy=f"{DEBUG} shows what was tried")
    return NdtuiError(
        f"unexpected: {in_a_line(error)}",
        remedy=f"this is a mistake of ndtui: report it at {ISSUES}, with what {DEBUG} prints in addition",
    )


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
