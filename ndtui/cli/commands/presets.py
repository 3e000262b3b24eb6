"""``ndtui presets``: the shipped presets and the user's own."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from ndtui.cli.arguments.common_options import add_json
from ndtui.cli.printing.output import note, write_json, write_lines, write_text
from ndtui.cli.printing.text_table import table
from ndtui.common import files
from ndtui.common.errors import InputError

HELP = """\
List all presets, show one as the file it is, or print where one is; without a name, where your own are kept.

examples:
  ndtui presets list
  ndtui presets show nd-transport > my-design.toml
  ndtui presets path"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("action", choices=("list", "show", "path"), nargs="?", default="list", help="default: list")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a preset's name")
    add_json(parser)


def run(action: str, name: str | None, *, as_json: bool) -> int:
    """List, show or locate."""
    from ndtui.model.files import presets
    from ndtui.model.files.design_file import design_data, parse_design

    if action == "list":
        if name is not None:
            raise InputError(f"presets list takes no name, and {name!r} was given", remedy="use presets show NAME")
        return _list(as_json=as_json)
    if action == "path":
        path = str(presets.own_dir() if name is None else presets.find(name).path)
        return _print(path, {"path": path}, as_json=as_json)
    if name is None:
        raise InputError("presets show needs a name", remedy="ndtui presets list has them")
    preset = presets.find(name)
    text = files.read_text(preset.path)
    if as_json:
        write_json(design_data(parse_design(text, str(preset.path))))
    else:
        write_text(text)
    return 0


def _print(text: str, document: dict[str, str], *, as_json: bool) -> int:
    if as_json:
        write_json(document)
    else:
        write_lines([text])
    return 0


def _list(*, as_json: bool) -> int:
    """List every preset; a broken file of the user's is told on standard error and does not hide the others."""
    rows = list(_rows())
    if as_json:
        write_json({"presets": rows})
    else:
        cells = [(r["name"], r["kind"], str(r["filters"]), str(r["exemptions"]), r["title"]) for r in rows]
        write_lines(table(("name", "kind", "filters", "exemptions", "what it is"), cells))
    return 0


def _rows() -> Iterator[dict[str, Any]]:
    from ndtui.model.compiled.compile import compile_design
    from ndtui.model.files import presets

    for preset in (*presets.shipped(), *presets.own()):
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
            "layers": len(filterset.layers),
            "exemptions": len(design.exemptions),
            "path": str(preset.path),
        }
