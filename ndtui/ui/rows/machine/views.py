"""The views of a machine by name: which there are, how their rows are made, and how many there are of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from ndtui.analysis.dump import Dump
from ndtui.model.compiled.objects import FilterSet
from ndtui.ui.rows.machine.event_table import decisions_of, event_view
from ndtui.ui.rows.machine.filters_listed import filter_view
from ndtui.ui.rows.machine.object_tables import (
    context_view,
    layer_rows,
    layer_view,
    provider_view,
    session_view,
    sublayer_rows,
    sublayer_view,
)
from ndtui.ui.rows.machine.placed_among import PLACED
from ndtui.ui.rows.view import View
from ndtui.ui.state.machine import Machine, machine_of
from ndtui.ui.state.machine_events import Events

Look = Literal["filters", "sublayers", "layers", "providers", "contexts", "sessions", "ours", "events"]
LOOKS: tuple[Look, ...] = get_args(Look)

_VIEWS: Mapping[Look, Callable[[Machine], View]] = {
    "filters": filter_view,
    "sublayers": sublayer_view,
    "layers": layer_view,
    "providers": provider_view,
    "contexts": context_view,
    "sessions": session_view,
    "ours": lambda _: PLACED,
    "events": lambda _: event_view(None),
}
_ROWS: Mapping[Look, Callable[[Machine], Sequence[Any]]] = {
    "filters": lambda machine: machine.rows,
    "sublayers": sublayer_rows,
    "layers": layer_rows,
    "providers": lambda machine: machine.dump.providers,
    "contexts": lambda machine: machine.dump.provider_contexts,
    "sessions": lambda machine: machine.dump.sessions,
    "ours": lambda _: (),
    "events": lambda _: (),
}


def machine_views() -> Iterator[View]:
    """Yield the views there are, as those of a machine that has nothing."""
    nothing = machine_of(Path(), Dump("state", "", (), (), (), (), (), (), {}, {}))
    yield from (make(nothing) for make in _VIEWS.values())


class MachineViews:
    """The views of one machine, each made when it is looked at for the first time, and its rows with it."""

    def __init__(self, machine: Machine, events: Events | None = None) -> None:
        self.machine = machine
        self.decisions = decisions_of(machine)
        self._made: dict[Look, tuple[View, Sequence[Any]]] = {}
        self.placed_for: FilterSet | None = None
        """The filters of ours that were placed among the machine's."""
        self.events = events
        if events is not None:
            self._made["events"] = (event_view(self.decisions), events.shown)

    def of(self, name: Look) -> tuple[View, Sequence[Any]]:
        """Return a view, and its rows."""
        if name not in self._made:
            self._made[name] = (_VIEWS[name](self.machine), _ROWS[name](self.machine))
        return self._made[name]

    def place(self, filterset: FilterSet, rows: Sequence[Any]) -> None:
        """Take our filters with the machine's around them for the rows of that view."""
        self.placed_for = filterset
        self._made["ours"] = (PLACED, rows)

    @property
    def counts(self) -> Mapping[Look, int]:
        """How many objects there are for each view."""
        dump = self.machine.dump
        return {
            "filters": len(dump.filters),
            "sublayers": len(dump.sublayers),
            "layers": len(dump.layers),
            "providers": len(dump.providers),
            "contexts": len(dump.provider_contexts),
            "sessions": len(dump.sessions),
            "events": 0 if self.events is None else len(self.events.shown),
            "ours": 0 if self.placed_for is None else len(self.placed_for.filters),
        }
