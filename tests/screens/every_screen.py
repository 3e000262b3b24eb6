"""How every screen is reached from the designer, and left again."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

from ndtui.model.files import presets
from ndtui.screens.applied.applied_screen import AppliedScreen
from ndtui.screens.designer import DesignerScreen
from ndtui.screens.dialogs.apply_form import ApplyScreen, WithinScreen
from ndtui.screens.dialogs.columns import ColumnsScreen
from ndtui.screens.dialogs.countdown import CountdownScreen
from ndtui.screens.dialogs.dialog import ChoiceScreen, PromptScreen
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen
from ndtui.screens.dialogs.message_list import MessagesScreen
from ndtui.screens.dialogs.open_file import OpenFileScreen
from ndtui.screens.dialogs.preset_browser import PresetsScreen
from ndtui.screens.dialogs.steps import StepsScreen
from ndtui.screens.dialogs.theme_list import ThemesScreen
from ndtui.screens.dialogs.tour import TourScreen
from ndtui.screens.machine.machine_screen import MachineScreen
from ndtui.screens.machine_trace import MachineTraceScreen
from ndtui.screens.plan import PlanScreen
from ndtui.screens.trace import TraceScreen
from tests.desk import Desk
from tests.events import net_event, net_events
from tests.machines import machine_file

#: A key, words that ``go`` knows, or something that is done to the designer and the files around it.
Step: TypeAlias = str | Callable[[Desk], Awaitable[None] | None]


class Way(NamedTuple):
    """How a screen is reached from the designer and what is then on top."""

    keys: tuple[Step, ...]
    top: type
    back: tuple[str, ...] = ("escape",)


async def _opened_machine(desk: Desk) -> None:
    """Open a machine by its path."""
    presets.own_dir().mkdir(parents=True, exist_ok=True)
    path = machine_file("state-older", presets.own_dir())
    await desk.keys("O")
    await desk.fill(text=str(path))
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.top, MachineScreen))


async def _traced(desk: Desk) -> None:
    await desk.until(lambda: desk.top.is_traced)


async def _opened_events(desk: Desk) -> None:
    """Open events beside a machine."""
    path = presets.own_dir() / "netevents.xml"
    path.write_text(net_events(net_event(70_042, 48), net_event(70_001, 48, does="classifyAllow")), encoding="utf-8")
    await desk.keys("O")
    await desk.fill(text=str(path))
    await desk.keys("enter")
    await desk.until(lambda: isinstance(desk.top, MachineScreen) and desk.top.look_name == "events")


async def _placed(desk: Desk) -> None:
    await desk.until(lambda: "placing" not in desk.text)


WAYS = {
    "filters": Way(("1",), DesignerScreen, ()),
    "weights": Way(("2",), DesignerScreen, ()),
    "contexts": Way(("3",), DesignerScreen, ()),
    "findings": Way(("4",), DesignerScreen, ()),
    "columns": Way(("1", "c"), ColumnsScreen),
    "explanation": Way(("1", "enter"), DesignerScreen, ("shift+tab",)),
    "zoomed": Way(("1", "z"), DesignerScreen, ("z",)),
    "changes": Way(("select IKE", "space", "5", "u"), DesignerScreen, ("1",)),
    "edits": Way(("H",), StepsScreen),
    "compare": Way(("B",), FormScreen),
    "add": Way(("a",), FormScreen),
    "edit": Way(("select exemption:DHCP", "e"), FormScreen),
    "rename": Way(("n",), FormScreen),
    "rule": Way(("select rule:base", "e"), FormScreen),
    "add rule": Way(("A",), FormScreen),
    "test": Way(("select add_test", "e"), FormScreen),
    "filtering": Way(("1", "/", "v", "4"), DesignerScreen),
    "sublayer": Way(("select sublayer", "e"), FormScreen),
    "save as": Way(("W",), PromptScreen),
    "overwrite": Way(("W", "fill mine", "enter"), ChoiceScreen),
    "presets": Way(("o",), PresetsScreen),
    "open file": Way(("O",), OpenFileScreen),
    "export": Way(("x",), ExportScreen),
    "plan": Way(("p", "planned"), PlanScreen),
    "apply": Way(("p", "planned", "A"), ApplyScreen, ("escape", "escape")),
    "apply within": Way(("p", "planned", "C"), WithinScreen, ("escape", "escape")),
    "countdown": Way(("p", "planned", "C", "enter", "planned"), CountdownScreen, ("R", "planned", "escape")),
    "applied": Way(("b", "planned"), AppliedScreen),
    "revision": Way(("b", "planned", "enter"), AppliedScreen, ("q",)),
    "trace": Way(("t",), TraceScreen),
    "packet": Way(("t", "w"), TraceScreen, ("escape", "escape")),
    "packet form": Way(("t", "e"), FormScreen, ("escape", "escape")),
    "timeline": Way(("t", "d", "s"), TraceScreen),
    "machine": Way((_opened_machine,), MachineScreen),
    "sublayers": Way((_opened_machine, "2"), MachineScreen),
    "layers": Way((_opened_machine, "3"), MachineScreen),
    "providers": Way((_opened_machine, "4"), MachineScreen),
    "context of a machine": Way((_opened_machine, "5", "enter"), MachineScreen, ("escape", "escape")),
    "sessions": Way((_opened_machine, "6"), MachineScreen),
    "ours on a machine": Way((_opened_machine, "7", _placed, "]"), MachineScreen),
    "events of a machine": Way((_opened_machine, _opened_events), MachineScreen),
    "trace on a machine": Way((_opened_machine, "t", _traced), MachineTraceScreen, ("escape", "escape")),
    "help": Way(("?",), HelpScreen),
    "tour": Way(("i", "enter", "enter"), TourScreen),
    "themes": Way(("T",), ThemesScreen),
    "messages": Way(("m",), MessagesScreen),
    "leave": Way(("select IKE", "space", "q"), ChoiceScreen, ("escape", "u")),
}


async def go(desk: Desk, steps: tuple[Step, ...]) -> None:
    for step in steps:
        if not isinstance(step, str):
            done = step(desk)
            if done is not None:
                await done
            await desk.settle()
            continue
        word, _, rest = step.partition(" ")
        if word == "select":
            await desk.select(rest)
        elif word == "fill":
            await desk.fill(text=rest)
        elif word == "press":
            await desk.press(rest)
        elif word == "planned":
            await desk.planned()
        else:
            await desk.keys(step)
