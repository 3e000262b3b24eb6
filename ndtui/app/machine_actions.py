"""What the designer does with a machine: shows it above the designer, traces there, makes a design of its policy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from textual.screen import Screen

from ndtui.analysis.events.event_packet import NoPacketError
from ndtui.app.file_actions import load_source, may_leave
from ndtui.common.text import visible
from ndtui.exporters.bundle.designs_and_bundles import Source
from ndtui.model.files import presets
from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen, confirm
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.ui.rows.machine.views import Look
from ndtui.ui.state.host import Host
from ndtui.ui.state.machine_events import OfWindows, no_machine
from ndtui.ui.state.progress import LeftError
from ndtui.ui.state.recovery import Recovery

if TYPE_CHECKING:
    from ndtui.analysis.dump import Dump
    from ndtui.analysis.reconstruct.design_from_dump import Reconstruction

#: So much of what is missing is named.
_NAMED = 50


class ScreenHost(Host, Protocol):
    """What these actions ask of the application beyond what others may."""

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]:
        """The screens that are open, the uppermost one last."""

    def push_screen(self, screen: Any) -> Any:
        """Show a screen above the others."""


def show_machine(host: ScreenHost, found: OfWindows) -> None:
    """Show a machine or events on their screen, which is opened unless it is there; the two stand beside each other."""
    host.machine, host.events = found.machine or host.machine, found.events or host.events
    machine, screen = host.machine or no_machine(), _opened(host)
    look: Look = "events" if found.machine is None else "filters"
    if screen is None:
        host.push_screen(MachineScreen(host, machine, host.events, look))
    else:
        screen.show(machine, host.events, look)


def leave_machine(host: ScreenHost) -> None:
    """Close the screen of the machine, if it is uppermost."""
    screen = _opened(host)
    if screen is not None:
        screen.dismiss(None)


async def trace_machine(host: ScreenHost, past: list[str]) -> None:
    """Trace packets on the machine that is shown; ``past`` holds those traced before, and takes the new ones."""
    from ndtui.analysis.traffic.examples import START  # noqa: PLC0415
    from ndtui.screens.machine_trace import MachineTraceScreen  # noqa: PLC0415 - a machine is looked at without it

    screen = _opened(host)
    if screen is not None:
        try:
            text = screen.packet or (past[-1] if past else START)
        except NoPacketError as error:
            host.notify(f"The event has no packet to trace: {visible(str(error))}", severity="warning", markup=False)
            return
        await host.push_screen_wait(MachineTraceScreen(host, screen.machine, text, past, screen.show_filter))


async def take_over(host: ScreenHost) -> None:
    """Make a design of the policy of the machine that is shown, and open it in the place of the one at hand.

    What of the policy is in no design is said first, and can be a reason to leave it.
    """
    screen = _opened(host)
    if screen is None:
        return
    dump, name = screen.machine.dump, visible(screen.machine.path.name)
    try:
        found = await host.long(f"Reconstructing the policy of {name}", lambda: _reconstruct(dump))
    except LeftError:
        return
    missing = [f"Not reconstructed: {each}" for each in found.missing[:_NAMED]]
    if len(found.missing) > _NAMED:
        missing.append(f"and {len(found.missing) - _NAMED} more; ndtui import --from-netsh {name} names them")
    if found.design is None:
        lines = (f"{name} has no policy that makes a design.", *missing)
        await host.push_screen_wait(ChoiceScreen("Take over", lines, (Answer("no", "Close"),)))
        return
    if missing:
        lines = (f"The policy {visible(found.design.name)} can be taken over, but for this:", *missing)
        if await host.push_screen_wait(confirm("Take over", lines, "Take over")) != "yes":
            return
    if not await may_leave(host, "Open another design"):
        return
    if await load_source(host, Source(found.design), Recovery(), saved=False):
        host.leave_machine()
        host.notify(f"{visible(found.design.name)} is taken over from {name}: no file has it yet", markup=False)


def _reconstruct(dump: "Dump") -> "Reconstruction":
    from ndtui.analysis.reconstruct.design_from_dump import reconstruct  # noqa: PLC0415

    return reconstruct(dump, known=presets.readable())


def _opened(host: ScreenHost) -> MachineScreen | None:
    return next((each for each in host.screen_stack if isinstance(each, MachineScreen)), None)
