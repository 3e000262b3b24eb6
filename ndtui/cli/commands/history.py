"""``ndtui history``: what was applied, removed and rolled back, latest first."""

from argparse import ArgumentParser
from pathlib import Path

from ndtui.cli.arguments.common_options import add_backend, add_json
from ndtui.cli.printing.output import note, write_json, write_lines
from ndtui.cli.printing.text_table import table

HELP = """\
List what was applied, removed and rolled back, latest first. ndtui rollback goes back to any of it.

examples:
  ndtui history
  ndtui history --json"""

HEAD = ("revision", "at", "action", "added", "changed", "removed", "applied since")


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_backend(parser)
    add_json(parser)


def run(*, backend: str, store: Path | None, as_json: bool) -> int:
    """Read and print."""
    from dataclasses import asdict

    from ndtui.backends.planning.overdue import overdue_words
    from ndtui.backends.registry import open_backend

    opened = open_backend(backend, store)
    revisions = opened.history()
    if as_json:
        write_json({"revisions": [asdict(revision) for revision in revisions]})
    elif not revisions:
        write_lines(["Nothing was applied yet."])
    else:
        write_lines(
            table(
                HEAD,
                [
                    (str(r.number), r.at, r.action, f"+{r.added}", f"~{r.changed}", f"-{r.removed}", r.policy or "-")
                    for r in revisions
                ],
            )
        )
    overdue = overdue_words(opened.snapshot().pending)
    if overdue:
        note(f"Overdue: {overdue}")
    return 0
