"""What the designer does with decisions and exemptions: each key's intent becomes one step of the history."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ndtui.model import edits
from ndtui.model.design import Design, change
from ndtui.model.exemption import Exemption

if TYPE_CHECKING:
    from ndtui.app import NdtuiApp

_NONE_SELECTED = "Select an exemption first, or a filter that one has made"


def switch(app: "NdtuiApp") -> None:
    """Switch the selected decision or exemption on or off, or to its next value."""
    decision = app.designer.selected_decision()
    if decision is not None and decision.toggle is not None:
        app.edit(decision.id, decision.toggle)
    elif decision is None:
        with_exemption(app, "switch", edits.toggle_exemption)


def with_exemption(app: "NdtuiApp", label: str, changed: Callable[[Design, str], Design]) -> None:
    """Change the selected exemption, or say that none is selected."""
    exemption = app.designer.selected_exemption()
    if exemption is None:
        app.notify(_NONE_SELECTED, markup=False)
    else:
        app.edit(f"{label} {exemption.name}", lambda design: changed(design, exemption.name))


async def edit_selected(app: "NdtuiApp") -> None:
    """Open the dialog that fits what is selected."""
    decision = app.designer.selected_decision()
    exemption = app.designer.selected_exemption()
    if exemption is not None:
        await _edit_exemption(app, exemption)
    elif decision is None:
        app.notify(_NONE_SELECTED, markup=False)
    elif decision.dialog == "add":
        await add_exemption(app)
    elif decision.dialog == "rename":
        await rename(app)
    elif decision.dialog == "sublayer":
        await _edit_sublayer(app)
    else:
        switch(app)


async def add_exemption(app: "NdtuiApp") -> None:
    """Ask for a new exemption and put it behind the selected one, or at the end."""
    selected = app.designer.selected_exemption()
    made = await _ask(app, None)
    if made is not None:
        _add(app, f"add {made.name}", made, selected.name if selected else None)


async def _ask(app: "NdtuiApp", former: Exemption | None) -> Exemption | None:
    from ndtui.screens.exemption import ExemptionScreen  # noqa: PLC0415 - keeps the start short

    return await app.push_screen_wait(ExemptionScreen(app.workbench.filterset, former))


def duplicate(app: "NdtuiApp") -> None:
    """Copy the selected exemption and select the copy."""
    selected = app.designer.selected_exemption()
    if selected is None:
        app.notify(_NONE_SELECTED, markup=False)
    else:
        copy = edits.copy_of(app.workbench.design, selected.name)
        _add(app, f"duplicate {selected.name}", copy, selected.name)


def _add(app: "NdtuiApp", label: str, exemption: Exemption, after: str | None) -> None:
    if app.edit(label, lambda design: edits.add_exemption(design, exemption, after)):
        app.designer.select(f"exemption:{exemption.name}")


async def _edit_exemption(app: "NdtuiApp", former: Exemption) -> None:
    made = await _ask(app, former)
    if made is not None:
        app.edit(f"edit {former.name}", lambda design: edits.replace_exemption(design, former.name, made))
        app.designer.select(f"exemption:{made.name}")


async def rename(app: "NdtuiApp") -> None:
    """Ask for another name of the design."""
    from ndtui.screens.dialogs import PromptScreen  # noqa: PLC0415 - keeps the start short

    prompt = PromptScreen("Rename", "Name", app.workbench.design.name, note="The name stands in every object")
    name = await app.push_screen_wait(prompt)
    if name is not None:
        app.edit("rename", lambda design: change(design, name=name))


async def _edit_sublayer(app: "NdtuiApp") -> None:
    from ndtui.screens.dialogs import PromptScreen  # noqa: PLC0415 - keeps the start short

    weight = app.workbench.design.sublayer.weight
    note = "A weight from 0 to 65535 for a sublayer of its own; empty for the universal one"
    prompt = PromptScreen("Sublayer", "Weight", "" if weight is None else str(weight), _weight_problem, note)
    text = await app.push_screen_wait(prompt)
    if text is not None:
        chosen = int(text) if text.strip() else None
        app.edit("sublayer", lambda design: edits.set_sublayer(design, chosen))


def _weight_problem(text: str) -> str:
    text = text.strip()
    if not text or (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        return ""
    return f"{text!r} is no weight: write a number from 0 to 65535, or nothing"
