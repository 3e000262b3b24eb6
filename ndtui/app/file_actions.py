"""What the designer does when it opens another design or ends, and what becomes of unsaved work."""

from ndtui.app.save_actions import save
from ndtui.ui.state import recovery
from ndtui.ui.state.host import Host


async def may_leave(host: Host, what: str) -> bool:
    """Ask what to do with unsaved work; tells whether it is safe to go on."""
    if not host.workbench.dirty or host.workbench.untouched:
        return True
    from ndtui.screens.dialogs.dialog import Answer, ChoiceScreen  # noqa: PLC0415 - keeps the start short

    answers = (
        Answer("save", "Save", "s"),
        Answer("discard", "Discard", "d", dangerous=True),
        Answer("no", "Stay", "n"),
    )
    lines = [f"{host.workbench.design.name} has changes that no file has."]
    answer = await host.push_screen_wait(ChoiceScreen(what, lines, answers))
    return await save(host) if answer == "save" else answer == "discard"


async def open_preset(host: Host) -> None:
    """Browse presets and unsaved work, and load what is chosen, after asking about the work at hand."""
    from ndtui.screens.dialogs.preset_browser import PresetsScreen  # noqa: PLC0415 - keeps the start short

    unsaved = [preset for preset in recovery.leftovers() if preset.path != host.recovery.path]
    screen = PresetsScreen(host.workbench.filterset, unsaved, read_only=host.options.read_only)
    chosen = await host.push_screen_wait(screen)
    if chosen is None or chosen.design is None or not await may_leave(host, "Open another design"):
        return
    let_go(host)
    kind, path = chosen.preset.kind, chosen.preset.path
    if kind == "unsaved":
        host.recovery = recovery.Recovery(path)
    host.load(chosen.design, path if kind == "own" else None, saved=kind != "unsaved")


def let_go(host: Host) -> None:
    """Delete what was kept of work that is saved or discarded; unsaved work only looked at stays where it is."""
    if not host.workbench.untouched:
        host.recovery.forget()
    host.recovery = recovery.Recovery()


def keep_aside(host: Host) -> None:
    """Keep unsaved work aside; what is saved needs no keeping."""
    if not host.workbench.dirty:
        host.recovery.forget()
    elif problem := host.recovery.keep(host.workbench.design):
        host.notify(f"Unsaved work cannot be kept aside: {problem}", severity="warning", markup=False)


def offer_leftovers(host: Host) -> None:
    """Say that there is unsaved work from another time, if there is."""
    count = len(recovery.leftovers())
    if count:
        what = "design that was" if count == 1 else "designs that were"
        host.notify(f"{count} {what} never saved: press o to see", title="Unsaved work", timeout=8, markup=False)
