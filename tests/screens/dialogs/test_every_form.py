"""Every form that there is can be shown: each decision, each kind of item, and all that these lead to."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from textual.widget import Widget

from ndtui.model.design.design import Design
from ndtui.model.design.items import Item
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.negotiation_edits import certificates_of
from ndtui.screens.dialogs.dialog_body import DialogBody
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from ndtui.ui.rows.form_fields import Form, Values
from ndtui.ui.rows.item_forms import ITEM_FORMS
from ndtui.ui.state.workbench import Workbench, open_workbench
from ndtui.ui.widgets.choice_list import ChoiceList
from ndtui.ui.widgets.form_table import FormTable
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import at_work
from tests.forms import forms_in
from tests.support import design


def of_everything() -> Design:
    """Return a design that has an item in every list."""
    return design(
        lifetime="persistent",
        keying_modules=KEYING_MODULES,
        main_mode={"ikev2_authentication": [certificates_of("IKEv2", ("subject:CN=Root",))]},
        extended_mode={},
        exemptions=[{"name": "ICMP", "protocol": "icmp"}],
        assertions=[{"traffic": "in icmp", "verdict": "exempt"}],
        suppressions=[{"id": "some-finding", "reason": "seen"}],
    )


def roots(workbench: Workbench) -> Iterator[tuple[str, Form[Any]]]:
    """Yield the form of each decision, of a new item of each list, and of the item that is there."""
    for name, decision in DECISION_FORMS.items():
        yield name, decision(workbench)
    for name, item in ITEM_FORMS.items():
        yield f"new {name}", item(workbench, None)
        yield f"one of {name}", item(workbench, Item(name, 0, getattr(workbench.design, name)[0]))


@pytest.mark.parametrize("name", [name for name, _ in roots(open_workbench(of_everything(), None))])
async def test_every_form_is_shown_with_all_of_its_boxes(name: str):
    async with at_work(of_everything(), (60, 24)) as desk:
        form = dict(roots(desk.bench))[name]
        shown = {(each.title, tuple(field.id for field in each.fields)): each for each, _ in forms_in(form, None)}
        for each in shown.values():
            desk.app.push_screen(FormScreen(each))
            await desk.settle()
            assert isinstance(desk.top, FormScreen)
            assert desk.top.focused is not None
            assert desk.top._values == each.values
            edge = desk.top.query_one(".dialog").content_region.right
            boxes = [box for box in desk.top.query(TickBox) if box.display]
            assert [str(box.label) for box in boxes if box.region.right > edge] == []
            await desk.keys("escape")
        assert desk.top is desk.app.designer


@pytest.mark.parametrize("name", DECISION_FORMS)
async def test_every_decision_is_edited_from_its_row(name: str):
    async with at_work(of_everything()) as desk:
        await desk.select(name)
        await desk.keys("e")
        assert isinstance(desk.top, FormScreen)
        assert desk.top._form.title == DECISION_FORMS[name](desk.bench).title


async def test_the_windows_of_the_peers_are_ticked():
    async with at_work() as desk:
        await desk.select("windows")
        await desk.keys("e", "tab", "space")
        assert "Windows Vista" in desk.words
        await desk.keys("enter")
        assert desk.design.peers == ("Vista",)


async def test_a_form_is_checked_once_for_what_its_fields_hold():
    """With 10,000 exemptions a check takes 5 ms, and each of a dozen fields tells of what it holds when it is shown."""
    checked: list[Values] = []
    async with at_work(of_everything()) as desk:
        form = dict(roots(desk.bench))["one of exemptions"]

        def make(values: Values) -> Any:
            checked.append(values)
            return form.make(values)

        desk.app.push_screen(FormScreen(replace(form, make=make)))
        await desk.settle()
        assert len(checked) == 1
        await desk.keys("x")
        assert len(checked) == 2


def takes_arrows(widget: Widget) -> bool:
    """Tell whether a field has rows of its own to go through."""
    return isinstance(widget, ChoiceList | FormTable)


def forms_of_their_own(workbench: Workbench) -> dict[str, list[Form[Any]]]:
    """Return of the forms that each root leads to those that have other fields than all before."""
    known: set[tuple[str, ...]] = set()
    found: dict[str, list[Form[Any]]] = {}
    for name, root in roots(workbench):
        for form, _ in forms_in(root, None):
            fields = tuple(field.id for field in form.fields)
            if fields not in known:
                known.add(fields)
                found.setdefault(name, []).append(form)
    return found


@pytest.mark.parametrize("name", forms_of_their_own(open_workbench(of_everything(), None)))
async def test_arrows_go_to_the_next_field_in_a_form_that_scrolls_too(name: str):
    async with at_work(of_everything(), (60, 16)) as desk:
        for each in forms_of_their_own(desk.bench)[name]:
            desk.app.push_screen(FormScreen(each))
            await desk.settle()
            for there, back in pairwise(list(desk.top.focus_chain)):
                for key, start, end in (("down", there, back), ("up", back, there)):
                    if not takes_arrows(start):
                        start.focus()
                        await desk.keys(key)
                        assert desk.top.focused is end
            await desk.keys("escape")


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_what_is_written_after_two_arrows_stands_in_the_field_that_they_lead_to(size: tuple[int, int]):
    async with at_work(size=size) as desk:
        await desk.keys("a")
        await desk.write("udp 53")
        await desk.keys("down", "down")
        body, third = desk.top.query_one(DialogBody), desk.top.focus_chain[2]
        assert body.max_scroll_y > 0
        assert desk.top.focused is third
        await desk.write("x")
        assert third.value == "x"
        assert third.region in body.region
