"""``ndtui keys``: the keys of the designer."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from ndtui.cli.arguments.common_options import add_json
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import grouped

if TYPE_CHECKING:
    from ndtui.ui.keys.action import Action
    from ndtui.ui.keys.user_keys import KeyMap

HELP = """\
List the keys of the designer that hold, by where they work; * marks those that your settings give. There an action goes
by these names: below [keys.designer] stands undo = ["u"]. docs/settings.md says more.

examples:
  ndtui keys
  ndtui keys --json"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_json(parser)


def run(*, as_json: bool) -> int:
    """Print."""
    from ndtui.app.settings_in_force import settings_in_force
    from ndtui.cli.arguments.user_settings import tell_fault
    from ndtui.ui.keys.actions import ACTIONS, EVERYWHERE

    found = settings_in_force()
    for fault in found.faults:
        if fault.entry[:1] == ("keys",) or not fault.entry:
            tell_fault(found.file, fault)
    if as_json:
        write_json({"actions": [_document(action, found.keys) for action in ACTIONS]})
        return 0
    groups: dict[str, list[tuple[str, ...]]] = {}
    for action in ACTIONS:
        own = "*" if action.name in found.keys.own else ""
        bare = action.name.partition(".")[2]
        row = (bare, f"{', '.join(found.keys.of(action))}{own}", action.tooltip)
        groups.setdefault(action.scope, []).append(row)
    groups["everywhere"] = [("", key, words) for key, words in EVERYWHERE]
    write_lines(grouped(("action", "keys", "what it does"), list(groups.items())))
    return 0


def _document(action: "Action", keys: "KeyMap") -> dict[str, Any]:
    return {
        "name": action.name,
        "id": action.id,
        "keys": list(keys.of(action)),
        "own": action.name in keys.own,
        "title": action.title,
        "tooltip": action.tooltip,
        "scope": action.scope,
        "writes": action.writes,
    }
