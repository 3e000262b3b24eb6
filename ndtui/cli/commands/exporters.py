"""``ndtui exporters``: the formats of an export, their options, and why a plug-in cannot be used."""

from argparse import ArgumentParser

from ndtui.cli.arguments.common_options import add_json

HELP = """\
List the export formats, and the options of those that have any. Packages announce them in the entry-point group
ndtui.exporters; one that cannot be used is a line that says why.

examples:
  ndtui exporters
  ndtui exporters --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_json(parser)


def run(*, as_json: bool) -> int:
    """Look at every one and print."""
    from ndtui.cli.printing.exporter_list import show_exporters

    show_exporters(as_json=as_json)
    return 0
