"""What the designer does with decisions and exemptions: each key's intent becomes one step of the history."""

from collections.abc import Callable

from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.ui.state.host import Host


def switch(host: Host) -> bool:
    """Switch the selected decision or exemption on or off; tells whether it is a switch at all."""
    decision = host.selection.decision
    if decision is None:
        with_exemption(host, "switch", edits.toggle_exemption)
    elif decision.toggle is not None:
        host.edit(decision.id, decision.toggle)
    else:
        return False
    return True


def with_exemption(host: Host, label: str, changed: Callable[[Design, str], Design]) -> None:
    """Change the selected exemption, if one is."""
    exemption = host.selection.exemption
    if exemption is not None:
        host.edit(f"{label} {exemption.name}", lambda design: changed(design, exemption.name))


async def edit_selected(host: Host) -> None:
    """Open the form of what is selected."""
    decision = host.selection.decision
    exemption = host.selection.exemption
    if exemption is not None:
        await _edit_exemption(host, exemption)
    elif decision is None:
        return
    elif decision.id == "add":
        await add_exemption(host)
    else:
        await edit_decision(host, decision.id)


async def edit_decision(host: Host, name: str) -> None:
    """Open the form of a decision."""
    from ndtui.screens.dialogs.form_screen import FormScreen  # noqa: PLC0415 - keeps the start short
    from ndtui.ui.rows.decision_forms import DECISION_FORMS  # noqa: PLC0415

    made: Design | None = await host.push_screen_wait(FormScreen(DECISION_FORMS[name](host.workbench)))
    if made is not None:
        host.edit(name, lambda _: made)


async def add_exemption(host: Host) -> None:
    """Ask for a new exemption and put it behind the selected one, or at the end."""
    selected = host.selection.exemption
    made = await _ask(host, None)
    if made is not None:
        _add(host, f"add {made.name}", made, selected.name if selected else None)


async def _ask(host: Host, former: Exemption | None) -> Exemption | None:
    from ndtui.screens.dialogs.form_screen import FormScreen  # noqa: PLC0415 - keeps the start short
    from ndtui.ui.rows.exemption_form import exemption_form  # noqa: PLC0415

    made: Exemption | None = await host.push_screen_wait(FormScreen(exemption_form(host.workbench, former)))
    return made


def duplicate(host: Host) -> None:
    """Copy the selected exemption and select the copy."""
    selected = host.selection.exemption
    if selected is not None:
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
