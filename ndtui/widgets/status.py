"""The status line, always in sight: design, dirty mark, counts, findings, backend, read-only."""

from textual.widgets import Static

from ndtui.text import visible
from ndtui.workbench import Workbench


def status_text(workbench: Workbench, backend: str, *, read_only: bool, width: int) -> str:
    """Return the status line for a width in cells; what matters least goes first when it is tight."""
    filterset = workbench.filterset
    severities = [finding.severity for finding in workbench.findings] if workbench.checked else []
    counts = ", ".join(
        f"{severities.count(s)} {s}{'s' if severities.count(s) > 1 else ''}"
        for s in ("error", "warning", "note")
        if s in severities
    )
    parts = [
        f"{visible(workbench.design.name)[:40]}{' *' if workbench.dirty else ''}",
        f"{len(filterset.filters)} filters  {len(filterset.layers)} layers",
        workbench.changes.words(),
        (counts or "no findings") if workbench.checked else "checking",
        f"-> {backend}",
        "READ-ONLY" if read_only else "",
    ]
    for dropped in (None, 4, 3, 2):
        if dropped is not None:
            parts[dropped] = ""
        text = "  |  ".join(part for part in parts if part)
        if len(text) <= width - 2:
            break
    return text


class StatusLine(Static):
    """One line that says where things stand."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, workbench: Workbench, backend: str, *, read_only: bool) -> None:
        """Show the state."""
        self.update(f" {status_text(workbench, backend, read_only=read_only, width=self.app.size.width)}")
