"""``ndtui status``: what is applied, as a backend holds it."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_json

HELP = """\
Show what ndtui has applied to a backend, since which revision, whether others have changed it since then (drift), and
what waits to be confirmed: until when, and whether anything watches over that. What a program holds on trial is said,
and is not applied. With --json print every object, in the lists that a bundle has. With --all show also what others put
there: other programs, and the exemptions for IKE that Windows' Base Filtering Engine adds itself.

examples:
  ndtui status
  ndtui status --all
  ndtui status --store policy.db --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    parser.add_argument("--all", action="store_true", dest="everything", help="show also what others put there")
    add_json(parser)


def run(*, backend: str, store: Path | None, everything: bool, as_json: bool) -> int:
    """Read and print."""
    from ndtui.backends.planning.revision_contents import drift_of
    from ndtui.backends.registry import open_backend
    from ndtui.cli.printing.status_text import Since, show_status

    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    history = opened.history() if opened.capabilities.history else ()
    since = Since(history[0] if history else None, drift_of(opened, snapshot, history))
    show_status(opened, snapshot, since, opened.others() if everything else (), as_json=as_json)
    return 0
