"""What the designer does with files: save, save as, open a preset, export, and what happens to unsaved work."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ndtui import recovery
from ndtui.errors import NdtuiError
from ndtui.model import presets
from ndtui.model.design import change
from ndtui.model.design_file import reason_of
from ndtui.text import visible

if TYPE_CHECKING:
    from ndtui.app import NdtuiApp


async def save(app: "NdtuiApp") -> bool:
    """Save to the file the design came from, or ask for a name; tells whether it is saved now."""
    path = app.workbench.path
    if path is None:
        return await save_as(app)
    return _write(app, path)


async def save_as(app: "NdtuiApp") -> bool:
    """Ask for a name and save a design of that name among the user's presets."""
    from ndtui.screens.dialogs import PromptScreen, confirm  # noqa: PLC0415 - keeps the start short

    design = app.workbench.design
    proposed = design.name if not name_problem(app, design.name) else f"my-{design.name}"
    prompt = PromptScreen(
        "Save as preset", "Name", proposed, partial(name_problem, app), note=f"Saved in {presets.own_dir()}"
    )
    name = await app.push_screen_wait(prompt)
    if name is None:
        return False
    path = presets.own_path(name)
    if path.is_file() and path != app.workbench.path:
        question = confirm("Overwrite preset", [f"{path} is already there."], "Overwrite", dangerous=True)
        if await app.push_screen_wait(question) != "yes":
            return False
    if name != design.name:
        app.edit("rename", lambda d: change(d, name=name))
    return _write(app, path)


def name_problem(app: "NdtuiApp", name: str) -> str:
    """Return why a design cannot be saved under a name, or nothing."""
    try:
        presets.own_path(name)
        change(app.workbench.design, name=name)
    except ValidationError as error:
        return reason_of(error)
    except NdtuiError as error:
        return str(error)
    return ""


def _write(app: "NdtuiApp", path: Path) -> bool:
    try:
        presets.save(app.workbench.design, path)
    except NdtuiError as error:
        app.notify(visible(str(error)), severity="error", markup=False)
        return False
    app.saved(path)
    app.notify(f"Saved to {visible(str(path))}", markup=False)
    return True


async def may_leave(app: "NdtuiApp", what: str) -> bool:
    """Ask what to do with unsaved work; tells whether it is safe to go on."""
    if not app.workbench.dirty or app.workbench.untouched:
        return True
    from ndtui.screens.dialogs import Answer, ChoiceScreen  # noqa: PLC0415 - keeps the start short

    answers = (
        Answer("save", "Save", "s"),
        Answer("discard", "Discard", "d", dangerous=True),
        Answer("no", "Stay", "n"),
    )
    lines = [f"{app.workbench.design.name} has changes that no file has."]
    answer = await app.push_screen_wait(ChoiceScreen(what, lines, answers))
    return await save(app) if answer == "save" else answer == "discard"


async def open_preset(app: "NdtuiApp") -> None:
    """Browse presets and unsaved work, and load what is chosen, after asking about the work at hand."""
    from ndtui.screens.presets import PresetsScreen  # noqa: PLC0415 - keeps the start short

    unsaved = [preset for preset in recovery.leftovers() if preset.path != app.recovery.path]
    screen = PresetsScreen(app.workbench.filterset, unsaved, read_only=app.options.read_only)
    chosen = await app.push_screen_wait(screen)
    if chosen is None or chosen.design is None or not await may_leave(app, "Open another design"):
        return
    let_go(app)
    kind, path = chosen.preset.kind, chosen.preset.path
    if kind == "unsaved":
        app.recovery = recovery.Recovery(path)
    app.load(chosen.design, path if kind == "own" else None, saved=kind != "unsaved")


def let_go(app: "NdtuiApp") -> None:
    """Delete what was kept of work that is saved or discarded; unsaved work only looked at stays where it is."""
    if not app.workbench.untouched:
        app.recovery.forget()
    app.recovery = recovery.Recovery()


def keep_aside(app: "NdtuiApp") -> None:
    """Keep unsaved work aside; what is saved needs no keeping."""
    if not app.workbench.dirty:
        app.recovery.forget()
    elif problem := app.recovery.keep(app.workbench.design):
        app.notify(f"Unsaved work cannot be kept aside: {problem}", severity="warning", markup=False)


def offer_leftovers(app: "NdtuiApp") -> None:
    """Say that there is unsaved work from another time, if there is."""
    count = len(recovery.leftovers())
    if count:
        what = "design that was" if count == 1 else "designs that were"
        app.notify(f"{count} {what} never saved: press o to see", title="Unsaved work", timeout=8, markup=False)
