"""``ndtui export``: a compiled design in another format."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_design, add_force
from ndtui.cli.arguments.sources import read_filterset
from ndtui.cli.printing.output import check_free, note, write
from ndtui.common import files
from ndtui.exporters import EXPORTERS, exporter

HELP = """\
Write a compiled design in another format, to standard output or to a file.

examples:
  ndtui export nd-transport > bundle.json
  ndtui export nd-transport -f report -o policy.md"""

_STDOUT = "-"


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    parser.add_argument(
        "-f", "--format", metavar="NAME", default="bundle", dest="format_name", help=f"one of {', '.join(EXPORTERS)}"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", default=_STDOUT, help="the file to write (default: -, standard output)"
    )
    add_force(parser)


def run(design: str, *, format_name: str, output: str, force: bool) -> int:
    """Compile, render and write."""
    chosen = exporter(format_name)
    text = chosen.render(read_filterset(design))
    if output == _STDOUT:
        write(text)
        return 0
    check_free(Path(output), force=force)
    files.write_text(Path(output), text)
    note(f"Wrote the {chosen.name} to {output}")
    return 0
