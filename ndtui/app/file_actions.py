"""What the designer does when it opens another design or ends, and what becomes of unsaved work."""

from ndtui.app.save_actions import save
from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.state import recovery
from ndtui.ui.state.host import Host
from ndtui.ui.state.recovery import Recovery
from ndtui.ui.state.workbench import Workbench


async def may_leave(host: Host, what: str) -> bool:
    """Ask what to do with unsaved work; tells whether it is safe to go on."""
    if not host.workbench.dirty or host.workbench.untouched:
        return True
    from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen  # noqa: PLC0415 - keeps the start short

    answers = (
        *(() if host.options.read_only else (Answer("save", "Save", "s"),)),
        Answer("discard", "Discard", "d", dangerous=True),
        Answer("no", "Stay", "n"),
    )
    lines = [f"{host.workbench.design.name} has changes that no file has."]
    answer = await host.push_screen_wait(ChoiceScreen(what, lines, answers))
    return await save(host) if answer == "save" else answer == "discard"


async def open_preset(host: Host) -> None:
    """Browse presets and unsaved work, and load what is chosen, after asking about the work at hand."""
    from ndtui.screens.dialogs.preset_browser import PresetsScreen  # noqa: PLC0415 - keeps the start short

    screen = PresetsScreen(host.workbench.filterset, recovery.leftovers(), read_only=host.options.read_only)
    chosen = await host.push_screen_wait(screen)
    if chosen is None or chosen.design is None or not await may_leave(host, "Open another design"):
        return
    own, design = Recovery(), chosen.design
    kind, path = chosen.preset.kind, chosen.preset.path
    if kind == "unsaved" and not host.options.read_only:  # who only looks leaves it where it is
        try:
            design = own.take_over(path)
        except NdtuiError as error:
            host.notify(visible(str(error)), severity="error", markup=False)
            return
    let_go(host)
    host.recovery = own
    host.load(design, path if kind == "own" else None, saved=kind != "unsaved")


def let_go(host: Host) -> None:
    """Delete what was kept of work that is saved or discarded; unsaved work only looked at is left to others."""
    if host.workbench.untouched:
        host.recovery.release()
    else:
        host.recovery.forget()


def keep_aside(kept: Recovery, workbench: Workbench) -> str:
    """Keep unsaved work aside, and let go of what is saved; returns why it could not be kept, or nothing."""
    if workbench.dirty:
        return kept.keep(workbench.design)
    kept.forget()
    return ""


def offer_leftovers(host: Host) -> None:
    """Say that there is unsaved work from another time, if there is."""
    count = len(recovery.leftovers())
    if count:
        what = "design that was" if count == 1 else "designs that were"
        key = KeyMap(host.options.keys).first("designer.open")
        host.notify(f"{count} {what} never saved: press {key} to see", title="Unsaved work", timeout=8, markup=False)
