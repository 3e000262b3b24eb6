"""``ndtui history``: what was applied, removed and rolled back, latest first."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_backend, add_json
from ndtui.cli.printing.output import write_json, write_lines
from ndtui.cli.printing.text_table import table

HELP = """\
List what was applied, removed and rolled back, latest first, and say what waits to be confirmed.
ndtui rollback goes back to any of it.

examples:
  ndtui history
  ndtui history --json"""
if TYPE_CHECKING:
    from ndtui.backends.contract.changes import Revision

HEAD = ("revision", "at", "action", "added", "changed", "removed", "applied since")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    add_json(parser)


def run(*, backend: str, store: Path | None, as_json: bool) -> int:
    """Read and print."""
    from dataclasses import asdict

    from ndtui.backends.planning.waiting_wording import waiting_document, waiting_line
    from ndtui.backends.registry import open_backend

    opened = open_backend(backend, store)
    revisions = opened.history()
    pending = opened.pending() if opened.capabilities.confirm_or_revert else None
    if as_json:
        listed = [asdict(revision) for revision in revisions]
        write_json({"revisions": listed, "pending": waiting_document(opened, pending)})
        return 0
    if pending is not None:
        write_lines([f"Revision {pending.back_to + 1} waits {waiting_line(opened, pending)}", ""])
    write_lines(table(HEAD, [_row(each) for each in revisions]) if revisions else ["Nothing was applied yet."])
    return 0


def _row(revision: "Revision") -> tuple[str, ...]:
    counts = f"+{revision.added}", f"~{revision.changed}", f"-{revision.removed}"
    return str(revision.number), revision.at, revision.action, *counts, revision.policy or "-"
