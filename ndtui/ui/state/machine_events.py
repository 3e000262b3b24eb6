"""Events of a machine from a file, and which of the two kinds a file of Windows is: what there is, or what happened."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ndtui.analysis.dump import Dump
from ndtui.analysis.dump.tree import READ_EVENTS
from ndtui.analysis.events.event_xml import EventCount
from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.analysis.events.read_events import read_events
from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.ui.state.machine import Machine, machine_of, open_machine

#: So many events are shown; ``ndtui events`` counts any number in the memory of a few.
MOST = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The first events of a file, and how many there are."""

    path: Path
    shown: tuple[NetworkEvent, ...]
    count: EventCount

    @property
    def remark(self) -> str:
        """What is to be said of events that are not shown; empty where all are."""
        said = []
        if self.count.read > len(self.shown):
            said.append(f"the first {len(self.shown):,} of {self.count.read:,} events are shown")
        if self.count.passed_over:
            said.append(f"{self.count.passed_over:,} events of other kinds were passed over")
        return f"{self.path.name}: {', '.join(said)}; ndtui events counts them" if said else ""


class OfWindows(NamedTuple):
    """What a file that Windows wrote says: the state of a machine, events, or both."""

    machine: Machine | None = None
    events: Events | None = None


def open_events(path: Path, most: int = MOST) -> Events:
    """Return the events of a file.

    Raises:
        InputError: it cannot be read, holds something else, or is a trap; names the line.
    """
    shown: list[NetworkEvent] = []

    def receive(event: NetworkEvent) -> None:
        if len(shown) < most:
            shown.append(event)

    count = read_events(path, receive)
    return Events(path, tuple(shown), count)


def no_machine() -> Machine:
    """Return a machine of which nothing is known: of events alone."""
    return machine_of(Path(), Dump("state", "", (), (), (), (), (), (), {}, {}))


def open_of_windows(path: Path) -> OfWindows:
    """Return what a file that Windows wrote says.

    Raises:
        InputError: it cannot be read, holds neither, or is a trap; names the line.
    """
    if not files.is_xml(path):
        return OfWindows(events=open_events(path))
    try:
        machine = open_machine(path)
    except InputError as error:
        if not error.remedy.startswith(READ_EVENTS):
            raise
        return OfWindows(events=open_events(path))
    events = open_events(path) if machine.dump.has_events else None
    return OfWindows(machine, events if events is not None and events.count.read else None)
