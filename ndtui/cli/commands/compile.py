"""``ndtui compile``: every filter that a design becomes, as a table or as the whole bundle."""

from argparse import ArgumentParser

from ndtui.cli.arguments.common_options import add_design, add_json
from ndtui.cli.printing.output import write, write_lines

HELP = """\
Show every filter that a design becomes, layer by layer. With --json print the whole bundle: filters, provider
contexts, sublayer, the design and a digest, the same bytes for the same design on every machine.

examples:
  ndtui compile nd-transport
  ndtui compile my-design.toml --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_design(parser)
    add_json(parser)


def run(design: str, *, as_json: bool) -> int:
    """Compile and print."""
    from ndtui.cli.arguments.sources import read_filterset

    filterset = read_filterset(design)
    if as_json:
        from ndtui.exporters.bundle.bundle import format_bundle

        write(format_bundle(filterset))
    else:
        from ndtui.cli.printing.filter_table import filter_lines

        write_lines(filter_lines(filterset))
    return 0
