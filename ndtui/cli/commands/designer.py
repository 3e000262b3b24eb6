"""``ndtui`` without a command: the designer where there is a terminal, else the filters as a table."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_designer
from ndtui.cli.printing.output import note, write_lines
from ndtui.common import files
from ndtui.ui.themes.theme_names import AUTO, NAMES, check_name

if TYPE_CHECKING:
    from ndtui.app.settings_in_force import InForce
    from ndtui.exporters.bundle.designs_and_bundles import Source
    from ndtui.ui.state.machine_events import OfWindows

HELP = """\
Design Windows Filtering Platform IPsec policies. Without a command this opens the designer with a preset, a file or,
if none is named, with Negotiation Discovery Transport Mode; where there is no terminal it prints the filters. A file
that netsh wfp show state or netsh wfp show filters wrote opens as a machine, above the designer: its filters in order,
and all its other objects. So do net events and the security log, as ndtui events reads them.

examples:
  ndtui
  ndtui nd-boundary --read-only
  ndtui my-design.toml
  ndtui wfpstate.xml"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--read-only", action="store_true", help="look at everything; save, export and apply nothing")
    add_designer(parser, own_default=False)
    parser.add_argument("--theme", metavar="NAME", default="", help=f"colours: {', '.join((AUTO, *NAMES))}")


def run(
    design: str | None, *, read_only: bool, backend: str | None, store: Path | None, no_color: bool, theme: str
) -> int:
    """Open the designer, or print what it would show."""
    from ndtui.cli.arguments.sources import is_dump, windows_file

    if theme:
        check_name(theme)
    if not _has_terminal():
        if design is None or not is_dump(design):
            return _print_filters(design)
        return _print_machine(windows_file(design))
    from ndtui.app.first_frame import first_frame

    with first_frame(design or "ndtui") as frame:
        from ndtui.app.settings_in_force import settings_in_force
        from ndtui.ui.state.options import Options

        found = settings_in_force()
        seen = _of_windows(design)
        machine, events = seen or (None, None)
        remarks: list[str] = []
        source, notice = _source(design if seen is None else None, found, remarks.append)
        if seen is None:
            frame.fill(source.design, found.settings)
        from ndtui.app.launch import run_designer

        options = Options(
            read_only=read_only,
            backend=backend or found.settings.backend,
            store=store,
            no_color=no_color,
            theme=theme,
            settings=found.settings,
            keys=found.keys.own,
            notice=notice,
            machine=machine,
            events=events,
            remark="\n".join(remarks),
        )
        return run_designer(source.design, source.path, options, frame.hand_over)


def _print_filters(design: str | None) -> int:
    from ndtui.app.settings_in_force import settings_in_force
    from ndtui.cli.printing.filter_table import filter_lines
    from ndtui.model.compiled.compile import compile_design

    found = settings_in_force()
    source, notice = _source(design, found, note)
    if notice:
        note(f"ndtui: {found.file.path}: {notice}")
    write_lines(filter_lines(compile_design(source.design)))
    note("There is no terminal to open the designer on; ndtui --help lists what else there is.")
    return 0


def _print_machine(path: Path) -> int:
    from ndtui.analysis.dump import filters_in_order, read_dump
    from ndtui.cli.printing.dump_listing import print_listing

    dump = read_dump(path)
    print_listing(dump, filters_in_order(dump), ("filters",), layer=None, as_json=False)
    note("There is no terminal to open the machine on; ndtui inspect shows the rest of it.")
    return 0


def _of_windows(word: str | None) -> "OfWindows | None":
    """Return what a file says that Windows wrote: the state of a machine, or events; nothing of another word."""
    from ndtui.cli.arguments.sources import STDIN

    if word is None or word == STDIN or not files.may_be_of_windows(Path(word)):
        return None
    from ndtui.ui.state.machine_events import open_of_windows

    return open_of_windows(Path(word))


def _source(design: str | None, found: "InForce", say: Callable[[str], None]) -> tuple["Source", str]:
    """Return the design that was named, or the usual one, and what is to be said of the settings.

    ``say`` takes what is to be said of where the design came from.
    """
    from ndtui.cli.arguments.sources import read_source

    return (read_source(design, say), found.notice) if design is not None else _usual(found)


def _usual(found: "InForce") -> tuple["Source", str]:
    """Return the design that the settings name, or the shipped one where that cannot be read; and what to say."""
    from ndtui.cli.arguments.sources import read_source
    from ndtui.cli.arguments.user_settings import read_preset
    from ndtui.common.errors import NdtuiError
    from ndtui.model.files import presets

    try:
        return read_preset(found.settings.preset), found.notice
    except NdtuiError as error:
        fault = found.file.fault(("preset",), f"cannot be opened: {error.message}", error.remedy)
        return read_source(presets.DEFAULT_PRESET), found.with_fault(fault).notice


def _has_terminal() -> bool:
    """Tell whether a screen can be drawn and keys can be read: on a terminal, or where Textual is told to.

    Textual draws on the standard error, on Windows on the standard output.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    streams = (sys.stdin, sys.stdout, *(() if sys.platform == "win32" else (sys.stderr,)))
    return os.environ.get("TERM") != "dumb" and all(stream is not None and stream.isatty() for stream in streams)
