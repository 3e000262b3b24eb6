"""``ndtui presets``: the shipped presets and the user's own."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ndtui.cli.arguments.common_options import add_json
from ndtui.cli.printing.output import ask, is_interactive, note, write_json, write_lines, write_text
from ndtui.cli.printing.text_table import table
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.text import in_quotes

if TYPE_CHECKING:
    from ndtui.model.files.presets import Preset

HELP = """\
List all presets; show one, as the file it is; print where one is, or without a name where your own are kept; or delete
one of your own, after a question.

examples:
  ndtui presets list --names
  ndtui presets show nd-transport > my-design.toml
  ndtui presets path"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    actions = ("list", "show", "path", "delete")
    parser.add_argument("action", choices=actions, nargs="?", default="list", help="what to do (default: list)")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a preset's name")
    parser.add_argument("--names", action="store_true", help="with list: only the names, one a line")
    parser.add_argument("--own", action="store_true", help="with list: only your own")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    add_json(parser)


def run(action: str, name: str | None, *, names: bool, own: bool, yes: bool, as_json: bool) -> int:
    """List, show, locate or delete."""
    from ndtui.model.files import presets
    from ndtui.model.files.design_file import design_data, parse_design

    if action == "list":
        if name is not None:
            raise InputError(
                f"presets list takes no name, and {in_quotes(name)} was given", remedy="use presets show NAME"
            )
        return _list_names(own=own, as_json=as_json) if names else _list(own=own, as_json=as_json)
    for option, given in (("--names", names), ("--own", own)):
        if given:
            raise InputError(f"{option} belongs to presets list", remedy="leave it out")
    if action == "path":
        path = str(presets.own_dir() if name is None else presets.find(name).path)
        return _print(path, {"path": path}, as_json=as_json)
    if name is None:
        raise InputError(f"presets {action} needs a name", remedy="ndtui presets list has them")
    preset = presets.find(name)
    if action == "delete":
        return _delete(preset, yes=yes, as_json=as_json)
    text = files.read_text(preset.path)
    if as_json:
        write_json(design_data(parse_design(text, str(preset.path))))
    else:
        write_text(text)
    return 0


def _delete(preset: "Preset", *, yes: bool, as_json: bool) -> int:
    """Delete a preset of the user's own, after a question; the answer no is a refusal."""
    from ndtui.model.files import presets

    if preset.kind == "own" and not yes:
        if not is_interactive():
            raise InputError("nothing was deleted, there is no terminal to ask on", remedy="use --yes to go without")
        if not ask(f"Delete {preset.name}, {preset.path}?"):
            raise RefusedError("nothing was deleted, as you chose")
    presets.delete(preset)
    return _print(f"Deleted {preset.name} ({preset.path})", {"deleted": str(preset.path)}, as_json=as_json)


def _print(text: str, document: dict[str, str], *, as_json: bool) -> int:
    if as_json:
        write_json(document)
    else:
        write_lines([text])
    return 0


def _listed(*, own: bool) -> "list[Preset]":
    from ndtui.model.files import presets

    return [*([] if own else presets.shipped()), *presets.own()]


def _list(*, own: bool, as_json: bool) -> int:
    """List every preset; a broken file of the user's is told on standard error and does not hide the others."""
    rows = list(_rows(own=own))
    if as_json:
        write_json({"presets": rows})
    else:
        cells = [(r["name"], r["kind"], str(r["filters"]), str(r["exemptions"]), r["title"]) for r in rows]
        write_lines(table(("name", "kind", "filters", "exemptions", "what it is"), cells))
    return 0


def _list_names(*, own: bool, as_json: bool) -> int:
    """List the names alone, without reading what they name: a shell that completes one waits for them."""
    names = [preset.name for preset in _listed(own=own)]
    if as_json:
        write_json({"presets": names})
    else:
        write_lines(names)
    return 0


def _rows(*, own: bool) -> Iterator[dict[str, Any]]:
    from ndtui.model.compiled.compile import compile_design

    for preset in _listed(own=own):
        try:
            design = preset.load()
        except InputError as error:
            note(f"ndtui: {error}")
            continue
        filterset = compile_design(design)
        yield {
            "name": preset.name,
            "kind": preset.kind,
            "title": next(iter(design.description.strip().splitlines()), ""),
            "filters": len(filterset.filters),
            "layers": filterset.layer_count,
            "exemptions": len(design.exemptions),
            "path": str(preset.path),
        }
