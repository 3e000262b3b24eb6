"""The status line, always in sight: design, dirty mark, counts, findings, backend, read-only."""

from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.ui.keys.possible import key_of
from ndtui.ui.state.workbench import Workbench

#: So many cells of a long name are kept before other parts of the line.
_LEAST = 12


class Destination(NamedTuple):
    """The backend that the design is for, and what waits to be confirmed there; empty for nothing."""

    name: str
    waiting: str = ""


class Said(NamedTuple):
    """What the state itself does not say: the key to what changed last, and the word for findings not known."""

    key: str
    unchecked: str


def status_text(workbench: Workbench, backend: Destination, said: Said, *, read_only: bool, width: int) -> str:
    """Return the status line for a width in cells; what matters least goes first when it is tight."""
    filterset = workbench.filterset
    severities = [finding.severity for finding in workbench.findings] if workbench.checked else []
    counts = ", ".join(
        f"{severities.count(s)} {s}{'s' if severities.count(s) > 1 else ''}"
        for s in ("error", "warning", "note")
        if s in severities
    )
    changed = workbench.changes.words()
    parts = [
        f"{len(filterset.filters)} filters  {filterset.layer_count} layers",
        f"{changed} ({said.key})" if changed else "",
        (counts or "no findings") if workbench.checked else said.unchecked,
        f"-> {visible(backend.name)}",
        backend.waiting,
        "READ-ONLY" if read_only else "",
    ]
    name = f"{visible(workbench.design.name)}"
    mark = " *" if workbench.dirty else ""
    for dropped in (None, 3, 2, 1, 0):
        if dropped is not None:
            parts[dropped] = ""
        rest = mark + "".join(f"  |  {part}" for part in parts if part)
        room = width - 2 - cell_len(rest)
        if room >= min(cell_len(name), _LEAST):
            break
    return (name if cell_len(name) <= room else set_cell_size(name, max(1, room - 1)).rstrip() + "…") + rest


class StatusLine(Static):
    """One line that says where things stand."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, workbench: Workbench, backend: Destination, *, read_only: bool, unchecked: str) -> None:
        """Show the state."""
        said = Said(key_of(self, "designer.next_change"), unchecked)
        text = status_text(workbench, backend, said, read_only=read_only, width=self.app.size.width)
        self.update(f" {text}", layout=False)  # one line, whatever it says
