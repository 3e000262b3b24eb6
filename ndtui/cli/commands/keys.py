"""``ndtui keys``: the keys of the designer."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from ndtui.cli.arguments.common_options import add_json
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import grouped

if TYPE_CHECKING:
    from ndtui.ui.keys.actions import Action

HELP = """\
List the keys of the designer, by where they work.

examples:
  ndtui keys
  ndtui keys --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_json(parser)


def run(*, as_json: bool) -> int:
    """Print."""
    from ndtui.ui.keys.actions import ACTIONS

    if as_json:
        write_json({"actions": [_document(action) for action in ACTIONS]})
        return 0
    groups: dict[str, list[tuple[str, ...]]] = {}
    for action in ACTIONS:
        groups.setdefault(action.scope, []).append((", ".join(action.keys), action.title, action.tooltip))
    write_lines(grouped(("keys", "action", "what it does"), list(groups.items())))
    return 0


def _document(action: "Action") -> dict[str, Any]:
    return {
        "id": action.id,
        "keys": list(action.keys),
        "title": action.title,
        "tooltip": action.tooltip,
        "scope": action.scope,
        "writes": action.writes,
    }
