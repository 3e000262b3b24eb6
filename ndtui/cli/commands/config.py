"""``ndtui config``: the settings, where they are, and what is wrong with them."""

import os
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from ndtui.cli.arguments.common_options import add_json
from ndtui.cli.printing.output import write_json, write_lines

if TYPE_CHECKING:
    from ndtui.app.settings_in_force import InForce
    from ndtui.common.settings_file import Fault

HELP = """\
Print the settings that hold, those that are not yours with their defaults; print where the file is, whether it is there
or not; or check it: each fault with its line and what would be right. docs/settings.md explains every setting.

examples:
  ndtui config print
  ndtui config check
  $EDITOR "$(ndtui config path)\""""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("action", choices=("print", "path", "check"), nargs="?", default="print", help="default: print")
    add_json(parser)


def run(action: str, *, as_json: bool) -> int:
    """Print, locate or check; checking a file with faults is answered with 1."""
    from ndtui.app.settings_in_force import settings_in_force
    from ndtui.common.settings_file import settings_path

    if action == "path":
        path = str(settings_path())
        if as_json:
            write_json({"path": path})
        else:
            write_lines([path])
        return 0
    found = _with_names(settings_in_force())
    if action == "check":
        return _check(found, as_json=as_json)
    if as_json:
        write_json(_document(found))
        return 0
    from ndtui.cli.arguments.user_settings import tell_fault
    from ndtui.cli.printing.settings_text import settings_lines

    for fault in found.faults:
        tell_fault(found.file, fault)
    write_lines(settings_lines(found.file, found.settings, found.own, found.written_keys))
    return 0


def _with_names(found: "InForce") -> "InForce":
    """Return the settings with a fault for a preset, a backend and an editor that there is none of."""
    from ndtui.backends import registry
    from ndtui.cli.arguments.user_settings import read_preset
    from ndtui.common.errors import InputError, NdtuiError
    from ndtui.common.outside_editor import find_editor
    from ndtui.common.suggestion import choose

    try:
        read_preset(found.settings.preset)
    except NdtuiError as error:
        found = found.with_fault(found.file.fault(("preset",), f"cannot be opened: {error.message}", error.remedy))
    names = [each.name for each in registry.available()]
    if found.settings.backend not in names:
        remedy = choose(found.settings.backend, names)
        found = found.with_fault(found.file.fault(("backend",), "is no backend that is there", remedy))
    try:
        find_editor(found.settings.editor, os.environ)
    except InputError as error:
        if found.settings.editor.strip():
            found = found.with_fault(found.file.fault(("editor",), f"cannot be used: {error.message}", error.remedy))
    return found


def _check(found: "InForce", *, as_json: bool) -> int:
    path = str(found.file.path)
    if as_json:
        write_json({"path": path, "exists": found.file.exists, "faults": [_fault(each) for each in found.faults]})
    elif found.faults:
        write_lines(f"{path}: {fault}" for fault in found.faults)
    elif found.file.exists:
        write_lines([f"{path}: no faults"])
    else:
        write_lines([f"{path}: there is no such file, and the defaults hold"])
    return 1 if found.faults else 0


def _document(found: "InForce") -> dict[str, Any]:
    data = found.settings.model_dump(mode="json")
    data["keys"] = {name: list(keys) for name, keys in found.written_keys.items()}
    return {
        "path": str(found.file.path),
        "exists": found.file.exists,
        "settings": data,
        "own": sorted(".".join(entry) for entry in found.own),
        "faults": [_fault(each) for each in found.faults],
    }


def _fault(fault: "Fault") -> dict[str, Any]:
    return {
        "entry": ".".join(fault.entry),
        "line": fault.line,
        "message": fault.message,
        "remedy": fault.remedy,
    }
