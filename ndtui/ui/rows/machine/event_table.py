"""Events as a table, and what is said of each: what was done with whose packet, what decided, and what it beat."""

from collections.abc import Iterator
from typing import Any

from ndtui.analysis.events.decisions import Decisions
from ndtui.analysis.events.event_wording import Hints, event_details, event_row, event_title
from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.analysis.wording.properties import Line
from ndtui.ui.rows.machine.explained import bounded
from ndtui.ui.rows.role_signs import BLOCK, PERMIT
from ndtui.ui.rows.view import Column, Sign, View
from ndtui.ui.state.machine import Machine

#: So many of the filters that an event's filter beat are named.
_BEATEN = 50
_SIGNS = {"block": BLOCK, "permit": PERMIT}
_HINTS = Hints("the machine's state, opened beside it,", "ndtui events --all")


def decisions_of(machine: Machine) -> Decisions | None:
    """Return what finds the filters that events name; ``None`` where the machine's filters are not known."""
    return Decisions(machine.dump) if machine.dump.filters else None


def event_view(decisions: Decisions | None) -> View:
    """Return how events are shown."""

    def sign(row: Any) -> Sign | None:
        return _SIGNS.get(row.action)

    return View(
        (
            Column("number", 7, 5, value=lambda row: row.number, number=True, right=True),
            Column("time", 24, 4, least=10, value=lambda row: row.order or None),
            Column("action", 9, sign=sign, aliases=("does",)),
            Column("filter", 8, 8, value=lambda row: row.filter_id, number=True, aliases=("id",)),
            Column("layer", 24, 3, least=12),
            Column("packet", 0, 8, least=30, ample=50),
            Column("program", 30, 2, least=14),
            Column("name", 0, 6, least=16, aliases=("rule",)),
        ),
        lambda row: event_row(row, decisions),
        lambda row: row.number,
        empty="no event was opened; open what netsh wfp show netevents wrote, or the security log",
        name="machine_events",
        unseen=lambda row: "\n".join(row.texts()),
    )


def explain_event(event: NetworkEvent, decisions: Decisions | None) -> list[Line]:
    """Return everything that an event says, and of its filter what the machine does."""
    return bounded(_lines(event, decisions))


def _lines(event: NetworkEvent, decisions: Decisions | None) -> Iterator[Line]:
    yield Line("Event", event_title(event, decisions))
    for label, text in event_details(event, decisions, _BEATEN, _HINTS):
        yield Line(label.capitalize(), text)
