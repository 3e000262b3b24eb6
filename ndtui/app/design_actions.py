"""What the designer does with decisions and the elements of lists: each key's intent becomes a step of the history."""

from collections.abc import Callable
from dataclasses import replace

from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import Item, Listed, ListName
from ndtui.model.design.rule import Rule
from ndtui.ui.rows.decision_rows import item_id, row_id
from ndtui.ui.state.finding_kind import FindingKind
from ndtui.ui.state.host import Host
from ndtui.ui.state.selection import ADDING, Selection


def switch(host: Host) -> bool:
    """Switch the selected decision, rule or exemption on or off; tells whether it is a switch at all."""
    decision, item = host.selection.decision, host.selection.item
    if decision is not None and decision.toggle is not None:
        host.edit(_switching(decision.id, decision.is_on), decision.toggle)
    elif item is not None and isinstance(item.element, Rule | Exemption):
        host.edit(_switching(item.name, item.element.enabled), lambda design: edits.toggle_item(design, item))
    else:
        return False
    return True


def _switching(name: str, is_on: bool) -> str:
    """Return what the edit of a switch is called, by what becomes of it."""
    return f"{name} {'off' if is_on else 'on'}"


def with_item(host: Host, label: str, changed: Callable[[Design, Item], Design]) -> None:
    """Change the selected element of a list, if one is."""
    item = host.selection.item
    if item is not None:
        host.edit(f"{label} {item.name}", lambda design: changed(design, item))


def move(host: Host, by: int) -> None:
    """Move the selected element up or down in its list, and the cursor with it."""
    item = host.selection.item
    if item is not None and host.edit(f"move {item.name}", lambda design: edits.move_item(design, item, by)):
        _select(host, item.field, item.place + by, item.element)


async def edit_selected(host: Host) -> None:
    """Open the form of what is selected; findings of one kind that do not lead to one form are unfolded."""
    selection = host.selection
    if selection.kind is not None and selection.in_one_form is None:
        _unfold(host, selection.kind, "lead to several forms")
    else:
        await _edit(host, selection.in_one_form or selection)


async def _edit(host: Host, selection: Selection) -> None:
    decision, item, at = selection.decision, selection.item, selection.form_place
    if at is not None:
        await edit_decision(host, at.decision, at.field, at.item)
    elif item is not None:
        found = selection.finding
        await _edit_item(host, item, "" if found is None or found.within is None else str(found.within))
    elif decision is None:
        return
    elif decision.id in ADDING:
        await add_item(host, ADDING[decision.id])
    else:
        await edit_decision(host, decision.id)


async def edit_decision(host: Host, name: str, field: str = "", place: int = 0) -> None:
    """Open the form of a decision, at a field and an item of it where it has them."""
    from ndtui.screens.dialogs.form_screen import FormScreen  # noqa: PLC0415 - keeps the start short
    from ndtui.ui.rows.decision_forms import DECISION_FORMS  # noqa: PLC0415

    form = DECISION_FORMS[name](host.workbench)
    if field in form.values:
        form = replace(form, focus=field, place=place)
    made: Design | None = await host.push_screen_wait(FormScreen(form))
    if made is not None:
        host.edit(name, lambda _: made)


def remedy(host: Host) -> None:
    """Carry out the remedy of the selected finding if it has one, or that of all of a kind in one step."""
    from ndtui.ui.rows.remedies import remedied, remedied_all, remedy_words  # noqa: PLC0415 - keeps the start short

    kind, finding = host.selection.kind, host.selection.finding
    if kind is not None:
        if remedied_all(host.workbench.design, kind.findings) is None:
            _unfold(host, kind, "are not remedied by one edit")
        else:
            words, count = remedy_words(kind.first), f"{len(kind.findings):,} findings"
            if host.edit(f"{words}, {count}", lambda design: remedied_all(design, kind.findings) or design):
                host.notify(f"{count} remedied at once: {words}", markup=False)
        return
    if finding is None or remedied(host.workbench.design, finding) is None:
        return
    host.edit(remedy_words(finding), lambda design: remedied(design, finding) or design)


def _unfold(host: Host, kind: FindingKind, why: str) -> None:
    """Show each finding of a kind, for one of them has to be chosen, and say why."""
    host.unfold()
    host.notify(f"These {len(kind.findings):,} findings {why}: choose one", markup=False)


async def add_item(host: Host, field: ListName) -> None:
    """Ask for a new element of a list and put it behind the selected one, or at the end."""
    selected = host.selection.item
    made = await _ask(host, field, None)
    if made is not None:
        _add(host, "add", made, field, selected)


async def _ask(host: Host, field: ListName, item: Item | None, within: str = "") -> Listed | None:
    from ndtui.screens.dialogs.form_screen import FormScreen  # noqa: PLC0415 - keeps the start short
    from ndtui.ui.rows.item_forms import ITEM_FORMS  # noqa: PLC0415
    from ndtui.ui.rows.negotiation_parts import part_at  # noqa: PLC0415

    form = ITEM_FORMS[field](host.workbench, item)
    if within:
        form = replace(form, focus="negotiation", place=part_at(within))
    made: Listed | None = await host.push_screen_wait(FormScreen(form))
    return made


def duplicate(host: Host) -> None:
    """Copy the selected element and select the copy."""
    item = host.selection.item
    if item is not None:
        _add(host, "duplicate", edits.copy_of_item(host.workbench.design, item), item.field, item)


def _add(host: Host, label: str, element: Listed, field: ListName, after: Item | None) -> None:
    end = len(getattr(host.workbench.design, field))
    place = after.place + 1 if after is not None and after.field == field else end
    named = after.name if after is not None and label == "duplicate" else Item(field, place, element).name
    if host.edit(f"{label} {named}", lambda design: edits.insert(design, field, place, element)):
        _select(host, field, place, element)


async def _edit_item(host: Host, item: Item, within: str = "") -> None:
    """Open the form of an element; ``within`` is a place in what a rule negotiates by itself, to start at."""
    made = await _ask(host, item.field, item, within)
    if made is not None:
        host.edit(f"edit {item.name}", lambda design: edits.replace_item(design, item, made))
        _select(host, item.field, item.place, made)


def _select(host: Host, field: ListName, place: int, element: Listed) -> None:
    host.select(row_id(element) if isinstance(element, Rule | Exemption) else item_id(field, place))
