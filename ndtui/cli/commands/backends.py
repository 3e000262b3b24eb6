"""``ndtui backends``: what a design can be applied to, and why a plug-in cannot be used."""

from argparse import ArgumentParser

from ndtui.cli.arguments.common_options import add_json

HELP = """\
List the backends: what a design can be applied to. Packages announce them in the entry-point group ndtui.backends;
one that cannot be used is a line that says why.

examples:
  ndtui backends
  ndtui backends --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_json(parser)


def run(*, as_json: bool) -> int:
    """Look at every one and print."""
    from ndtui.cli.printing.backend_list import show_backends

    show_backends(as_json=as_json)
    return 0
