"""``ndtui schema``: the JSON Schema of a design, of a bundle or of the settings."""

from argparse import ArgumentParser
from typing import Any

from ndtui.cli.printing.output import write_json

HELP = """\
Print the JSON Schema (2020-12) of a design, of a bundle or of the settings, for editors and for other programs.

examples:
  ndtui schema design > design.schema.json
  ndtui schema bundle"""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("what", choices=("design", "bundle", "settings"), help="what to describe")


def run(what: str) -> int:
    """Print."""
    write_json({"$schema": _DIALECT, **_schema(what)})
    return 0


def _schema(what: str) -> dict[str, Any]:
    if what == "design":
        from ndtui.model.design.design import Design

        return Design.model_json_schema()
    if what == "settings":
        from ndtui.common.settings import Settings

        return Settings.model_json_schema()
    from ndtui.exporters.bundle.bundle_schema import bundle_schema

    return bundle_schema()
