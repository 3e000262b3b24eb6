"""First rows: what the panes show at first, as plain lines, for the frame that stands before the designer is loaded."""

from collections.abc import Mapping, Sequence
from typing import Any

from ndtui.common.text import visible
from ndtui.model.design.design import Design
from ndtui.ui.rows.column_layout import placed
from ndtui.ui.rows.decision_rows import DECISIONS, decision_rows
from ndtui.ui.rows.design_rows import VIEWS, filter_rows
from ndtui.ui.rows.view import View
from ndtui.ui.state.workbench import Workbench, open_workbench
from ndtui.ui.widgets.fitting import fit

#: A design of more exemptions is not compiled for a picture that stands for a moment.
MOST = 50


class FirstRows:
    """A design's decisions and filters, and how many there are of each."""

    def __init__(self, design: Design, columns: Mapping[str, tuple[str, ...]]) -> None:
        self._workbench: Workbench = open_workbench(design, None)
        self._columns = columns

    def decisions(self, width: int, height: int) -> list[str]:
        """Return the left pane."""
        return pane_lines(DECISIONS, decision_rows(self._workbench.design), DECISIONS.usual, width, height)

    def filters(self, width: int, height: int) -> list[str]:
        """Return the right pane."""
        view = VIEWS["filters"]
        chosen = view.numbers_of(self._columns.get(view.name, ()))
        return pane_lines(view, filter_rows(self._workbench), chosen, width, height)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of what a view shows, by its title."""
        filterset = self._workbench.filterset
        return {"Filters": len(filterset.filters), "Contexts": len(filterset.contexts)}

    def status(self, width: int) -> str:
        """Return the status line, as far as it is known."""
        filterset = self._workbench.filterset
        name = visible(self._workbench.design.name)
        counts = f"{len(filterset.filters)} filters  {filterset.layer_count} layers"
        return fit(f" {name}  |  {counts}  |  opening", width, right=False)


def pane_lines(view: View, rows: Sequence[Any], chosen: Sequence[int], width: int, height: int) -> list[str]:
    """Return so many lines of a table, all of a width, as ``RowTable`` draws them, without the bar beside it."""
    room = width - (len(rows) + view.head > height)
    columns = placed(view.columns, chosen, room - 2)
    lines = []
    if view.head:
        lines.append(f"  {' '.join(fit(each.column.title, each.size, each.column.right) for each in columns)}")
    for row in rows[: height - view.head]:
        mark = "▾" if view.heading(row) else " "
        cells = view.cells(row)
        text = visible(cells[0])
        if len(cells) > 1:
            shown = []
            for number, column, size in columns:
                sign = column.sign(row) if column.sign is not None else None
                cell = visible(cells[number] if column.cell is None else column.cell(row))
                shown.append(fit(f"{sign.glyph} {cell}" if sign else cell, size, column.right))
            text = " ".join(shown)
        lines.append(f"{mark} {text}")
    lines += [""] * (height - len(lines))
    return [fit(fit(line, room, right=False), width, right=False) for line in lines]
