"""What the designer does with a machine: shows it above the designer."""

from collections.abc import Sequence
from typing import Any, Protocol

from textual.screen import Screen

from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.ui.state.host import Host
from ndtui.ui.state.machine import Machine


class ScreenHost(Host, Protocol):
    """What these actions ask of the application beyond what others may."""

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]:
        """The screens that are open, the uppermost one last."""

    def push_screen(self, screen: Any) -> Any:
        """Show a screen above the others."""


def show_machine(host: ScreenHost, machine: Machine) -> None:
    """Show a machine on its screen, which is opened unless it is there."""
    screen = _opened(host)
    if screen is None:
        host.push_screen(MachineScreen(host, machine))
    elif screen.machine is not machine:
        screen.show(machine)


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
        text = past[-1] if past else START
        await host.push_screen_wait(MachineTraceScreen(host, screen.machine, text, past, screen.show_filter))


def _opened(host: ScreenHost) -> MachineScreen | None:
    return next((each for each in host.screen_stack if isinstance(each, MachineScreen)), None)
