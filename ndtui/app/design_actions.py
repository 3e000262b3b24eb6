"""What the designer does with decisions and exemptions: each key's intent becomes one step of the history."""

from collections.abc import Callable

from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import Exemption
from ndtui.ui.state.host import Host

_NONE_SELECTED = "Select an exemption first, or a filter that one has made"


def switch(host: Host) -> None:
    """Switch the selected decision or exemption on or off, or to its next value."""
    decision = host.selection.decision
    if decision is not None and decision.toggle is not None:
        host.edit(decision.id, decision.toggle)
    elif decision is None:
        with_exemption(host, "switch", edits.toggle_exemption)


def with_exemption(host: Host, label: str, changed: Callable[[Design, str], Design]) -> None:
    """Change the selected exemption, or say that none is selected."""
    exemption = host.selection.exemption
    if exemption is None:
        host.notify(_NONE_SELECTED, markup=False)
    else:
        host.edit(f"{label} {exemption.name}", lambda design: changed(design, exemption.name))


async def edit_selected(host: Host) -> None:
    """Open the dialog that fits what is selected."""
    decision = host.selection.decision
    exemption = host.selection.exemption
    if exemption is not None:
        await _edit_exemption(host, exemption)
    elif decision is None:
        host.notify(_NONE_SELECTED, markup=False)
    elif decision.dialog == "add":
        await add_exemption(host)
    elif decision.dialog == "rename":
        await rename(host)
    elif decision.dialog == "sublayer":
        await _edit_sublayer(host)
    else:
        switch(host)


async def add_exemption(host: Host) -> None:
    """Ask for a new exemption and put it behind the selected one, or at the end."""
    selected = host.selection.exemption
    made = await _ask(host, None)
    if made is not None:
        _add(host, f"add {made.name}", made, selected.name if selected else None)


async def _ask(host: Host, former: Exemption | None) -> Exemption | None:
    from ndtui.screens.dialogs.exemption_form import ExemptionScreen  # noqa: PLC0415 - keeps the start short

    made: Exemption | None = await host.push_screen_wait(ExemptionScreen(host.workbench.filterset, former))
    return made


def duplicate(host: Host) -> None:
    """Copy the selected exemption and select the copy."""
    selected = host.selection.exemption
    if selected is None:
        host.notify(_NONE_SELECTED, markup=False)
    else:
        copy = edits.copy_of(host.workbench.design, selected.name)
        _add(host, f"duplicate {selected.name}", copy, selected.name)


def _add(host: Host, label: str, exemption: Exemption, after: str | None) -> None:
    if host.edit(label, lambda design: edits.add_exemption(design, exemption, after)):
        host.select(str(Origin.exemption(exemption.name)))


async def _edit_exemption(host: Host, former: Exemption) -> None:
    made = await _ask(host, former)
    if made is not None:
        host.edit(f"edit {former.name}", lambda design: edits.replace_exemption(design, former.name, made))
        host.select(str(Origin.exemption(made.name)))


async def rename(host: Host) -> None:
    """Ask for another name of the design."""
    from ndtui.screens.dialogs.dialog import PromptScreen  # noqa: PLC0415 - keeps the start short

    prompt = PromptScreen("Rename", "Name", host.workbench.design.name, note="The name stands in every object")
    name = await host.push_screen_wait(prompt)
    if name is not None:
        host.edit("rename", lambda design: change(design, name=name))


async def _edit_sublayer(host: Host) -> None:
    from ndtui.screens.dialogs.dialog import PromptScreen  # noqa: PLC0415 - keeps the start short

    weight = host.workbench.design.sublayer.weight
    note = "A weight from 0 to 65535 for a sublayer of its own; empty for the universal one"
    prompt = PromptScreen("Sublayer", "Weight", "" if weight is None else str(weight), _weight_problem, note)
    text = await host.push_screen_wait(prompt)
    if text is not None:
        chosen = int(text) if text.strip() else None
        host.edit("sublayer", lambda design: edits.set_sublayer(design, chosen))


def _weight_problem(text: str) -> str:
    text = text.strip()
    if not text or (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        return ""
    return f"{text!r} is no weight: write a number from 0 to 65535, or nothing"
