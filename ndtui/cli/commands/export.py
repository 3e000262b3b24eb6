"""``ndtui export``: a compiled design in another format."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_design, add_force
from ndtui.cli.printing.output import check_free, count, note, write, write_bytes
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes, visible
from ndtui.exporters.registry import DEFAULT_FORMAT, names

if TYPE_CHECKING:
    from ndtui.exporters.contract import Export

HELP = """\
Write a design and what it becomes in another format, to standard output, to a file, or several files to a folder that
is there. What a format cannot express is named, and nothing is written; with --lossy some formats leave it out. ndtui
exporters says what each format is, and which options it has.

What has to be known of the design there, where defaults of the target say what the design does not, is said on standard
error before anything is written. With an error among it the exit status is 1.

examples:
  ndtui export nd-transport > bundle.json
  ndtui export nd-transport -f report -o policy.md
  ndtui export nd-zones -f html --against nd-transport -o change.html"""

_STDOUT = "-"


class _Formats(Iterable[str]):
    """The names of all formats, looked for only when the help lists them; a wrong one is for the registry to refuse."""

    def __iter__(self) -> Iterator[str]:
        return map(visible, names())

    def __contains__(self, name: object) -> bool:
        return True


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    chosen = parser.add_argument(
        "-f",
        "--format",
        metavar="NAME",
        default=DEFAULT_FORMAT,
        dest="format_name",
        help="one of %(choices)s (default: %(default)s)",
    )
    chosen.choices = _Formats()  # not before: argparse may look at the help of what is added
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default=_STDOUT,
        help="the file to write, or the folder (default: -, standard output)",
    )
    parser.add_argument(
        "--set",
        metavar="OPTION=VALUE",
        action="append",
        default=[],
        dest="settings",
        help="set an option of the format",
    )
    parser.add_argument(
        "--lossy",
        action="store_true",
        help="leave out what the format cannot express, and name it at the head of what is written",
    )
    parser.add_argument(
        "--against",
        metavar="DESIGN",
        help="a preset or a file to compare with, in formats that say what changes: the same as --set against=DESIGN",
    )
    add_force(parser)


def run(
    design: str,
    *,
    format_name: str,
    output: str,
    settings: list[str],
    lossy: bool,
    against: str | None,
    force: bool,
) -> int:
    """Compile, export, say what has to be known of the design there, and write; 1 when there is an error in that."""
    from ndtui.cli.arguments.sources import read_filterset
    from ndtui.cli.printing.finding_lines import tell_findings
    from ndtui.exporters import exporting
    from ndtui.exporters.registry import exporter

    chosen = exporter(format_name)
    given = dict(map(_setting, settings)) | ({} if against is None else {"against": against})
    made, findings, _ = exporting.exported(chosen, read_filterset(design), given, lossy=lossy)
    status = 1 if any(each.severity == "error" for each in findings) else 0
    if output == _STDOUT:
        _check_printable(made)
        tell_findings(findings)
        _print(made)
        return status
    outputs = exporting.files_of(made, Path(output))
    for path in outputs:
        check_free(path, force=force)
    tell_findings(findings)
    exporting.write(outputs)
    several = "" if isinstance(made.content, str | bytes) else f": {count(len(outputs), 'file')}"
    note(f"Exported {chosen.name} to {output}{several}")
    return status


def _setting(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise InputError(
            f"--set {in_quotes(word)} sets nothing", remedy="write OPTION=VALUE; ndtui exporters lists the options"
        )
    return name, value


def _check_printable(made: "Export") -> None:
    if not isinstance(made.content, str | bytes):
        raise InputError("the export is several files", remedy="name a folder that is there with -o")
    if isinstance(made.content, bytes) and sys.stdout.isatty():
        raise InputError("the export is no text, and a terminal cannot show it", remedy="name a file with -o")


def _print(made: "Export") -> None:
    if isinstance(made.content, str):
        write(made.written(made.content))
    elif isinstance(made.content, bytes):
        write_bytes(made.content)
