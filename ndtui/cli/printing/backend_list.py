"""The backends that are announced, as a table and as plain data."""

from dataclasses import asdict
from typing import Any

from ndtui.backends.contract.backend import Capabilities
from ndtui.backends.registry import BackendStatus, available, inspect
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import table


def show_backends(*, as_json: bool) -> None:
    """Look at every one and print."""
    found = [inspect(info) for info in available()]
    if as_json:
        write_json({"backends": [_document(each) for each in found]})
    else:
        write_lines(table(("name", "package", "can", "what it is"), [_cells(each) for each in found]))


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
