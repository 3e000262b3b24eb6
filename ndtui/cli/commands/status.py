"""``ndtui status``: what is applied, as a backend holds it."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_json

HELP = """\
Show what of ours a backend holds, and what waits to be confirmed: until when, and whether anybody watches.
With --json: every object, in the lists that a bundle has. With --all what is not ours as well: objects of other
programs, and BFE's own exemptions for IKE.

examples:
  ndtui status
  ndtui status --all
  ndtui status --store policy.db --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    parser.add_argument("--all", action="store_true", dest="everything", help="show what is not ours as well")
    add_json(parser)


def run(*, backend: str, store: Path | None, everything: bool, as_json: bool) -> int:
    """Read and print."""
    from ndtui.backends.registry import open_backend
    from ndtui.cli.printing.status_text import show_status

    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    show_status(opened, snapshot, opened.others() if everything else (), as_json=as_json)
    return 0
