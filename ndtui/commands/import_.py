"""``ndtui import``: the design of a bundle or a file becomes one of the user's own presets."""

from argparse import ArgumentParser
from pathlib import Path

from pydantic import ValidationError

from ndtui import files
from ndtui.commands.options import add_force
from ndtui.commands.output import check_free, note
from ndtui.commands.sources import STDIN, parse, read_stdin
from ndtui.errors import InputError
from ndtui.model import presets
from ndtui.model.design import Design, change
from ndtui.model.design_file import reason_of

HELP = """\
Save the design of a bundle, or of a TOML or JSON file, as one of your own presets or as a TOML file.

examples:
  ndtui import bundle.json
  ndtui import bundle.json --name branch-office
  ndtui import bundle.json -o branch-office.toml"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", help="a bundle or a design, or - for standard input")
    parser.add_argument("--name", metavar="NAME", help="give the design another name")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="the file to write, instead of a preset")
    parser.add_argument(
        "--accept-edits", action="store_true", help="take the design of a bundle that was edited by hand as it stands"
    )
    add_force(parser)


def run(file: str, *, name: str | None, output: Path | None, accept_edits: bool, force: bool) -> int:
    """Read, rename and save."""
    text = read_stdin() if file == STDIN else files.read_text(Path(file))
    design = parse(text, "standard input" if file == STDIN else file, accept_edits=accept_edits)
    if name is not None:
        design = _renamed(design, name)
    path = presets.own_path(design.name) if output is None else output
    check_free(path, force=force)
    presets.save(design, path)
    note(f"Saved {design.name} to {path}")
    return 0


def _renamed(design: Design, name: str) -> Design:
    try:
        return change(design, name=name)
    except ValidationError as error:
        raise InputError(f"--name {name!r} cannot be used", remedy=reason_of(error)) from None
