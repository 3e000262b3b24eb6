"""``ndtui backends``: what a design can be applied to, and why a plug-in cannot be used."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from ndtui.backends.contract.backend import Capabilities
from ndtui.backends.registry import BackendStatus, available, inspect
from ndtui.cli.arguments.common_options import add_json
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import table

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
    """Look at every backend and print."""
    found = [inspect(info) for info in available()]
    if as_json:
        write_json({"backends": [_document(each) for each in found]})
    else:
        write_lines(table(("name", "package", "can", "what it is"), [_cells(each) for each in found]))
    return 0


def _document(status: BackendStatus) -> dict[str, Any]:
    return {
        "name": status.info.name,
        "distribution": status.info.distribution,
        "target": status.info.target,
        "summary": status.summary,
        "capabilities": asdict(status.capabilities) if status.capabilities else None,
        "problem": status.problem,
    }


def _cells(status: BackendStatus) -> tuple[str, ...]:
    if status.capabilities is None:
        return (status.info.name, status.info.distribution or "-", "nothing", f"not available: {status.problem}")
    return (status.info.name, status.info.distribution or "-", _abilities(status.capabilities), status.summary)


def _abilities(capabilities: Capabilities) -> str:
    words = [
        ("read", True),
        ("write", capabilities.write),
        ("in one transaction", capabilities.write and capabilities.transactions),
        ("confirm or revert", capabilities.confirm_or_revert),
        ("hold on trial", capabilities.trial),
        ("list others", capabilities.lists_others),
        ("keep a history", capabilities.history),
    ]
    return ", ".join(word for word, able in words if able)
