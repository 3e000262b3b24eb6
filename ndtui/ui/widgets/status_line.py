"""The status line, always in sight: design, dirty mark, counts, findings, backend, read-only."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual.widgets import Static

from ndtui.common.text import visible
from ndtui.ui.keys.possible import key_of
from ndtui.ui.state.workbench import Changes, Workbench

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
    """Return the status line for a width in cells; when it is tight, what matters least is shortened or goes first."""
    fixed = [part for part in (backend.waiting, "READ-ONLY" if read_only else "") if part]
    name = f"{visible(workbench.design.name)}"
    mark = " *" if workbench.dirty else ""
    for parts in _ever_shorter(workbench, backend, said):
        rest = mark + "".join(f"  |  {part}" for part in (*parts, *fixed) if part)
        room = width - 2 - cell_len(rest)
        if room >= min(cell_len(name), _LEAST):
            break
    return (name if cell_len(name) <= room else set_cell_size(name, max(1, room - 1)).rstrip() + "…") + rest


def _ever_shorter(workbench: Workbench, backend: Destination, said: Said) -> Iterator[tuple[str, ...]]:
    """Yield filters, the last change, findings and backend, as much of them as there is room for at worst.

    The last to go is what is worst of what the checker found.
    """
    filters = f"{len(workbench.filterset.filters)} filters"
    layers = f"{filters}  {workbench.filterset.layer_count} layers"
    changes = _changes(workbench.changes, said.key)
    findings = _findings(workbench) if workbench.checked else (said.unchecked,)
    worst = findings[-1]
    yield layers, changes[0], findings[0], f"-> {visible(backend.name)}"
    yield layers, changes[0], findings[0]
    yield layers, changes[-1], findings[0]
    yield filters, changes[-1], findings[0]
    yield filters, changes[-1], worst
    yield filters, worst
    yield (worst,)
    yield ()


def _changes(changes: Changes, key: str) -> tuple[str, ...]:
    """Return what the last change did: to filters and provider contexts, and to one of them."""
    contexts = f"{changes.context_words()} contexts" if changes.context_words() else ""
    both = [words for words in (changes.words(), contexts) if words]
    return (f"{', '.join(both)} ({key})", f"{both[0]} ({key})") if both else ("",)


def _findings(workbench: Workbench) -> tuple[str, ...]:
    """Return how many findings there are of each severity, and of the worst; of notes alone the latter is nothing."""
    severities = [finding.severity for finding in workbench.findings]
    counts = {
        severity: f"{severities.count(severity)} {severity}{'s' if severities.count(severity) > 1 else ''}"
        for severity in ("error", "warning", "note")
        if severity in severities
    }
    return ", ".join(counts.values()) or "no findings", counts.get("error") or counts.get("warning", "")


class StatusLine(Static):
    """One line that says where things stand."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, workbench: Workbench, backend: Destination, *, read_only: bool, unchecked: str) -> None:
        """Show the state."""
        said = Said(key_of(self, "designer.next_change"), unchecked)
        text = status_text(workbench, backend, said, read_only=read_only, width=self.app.size.width)
        self.update(f" {text}", layout=False)  # one line, whatever it says
