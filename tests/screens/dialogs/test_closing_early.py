"""A dialog that is closed before it is there closes when it is, whichever it is, and nothing is raised."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from ndtui.exporters.registry import available, inspect
from ndtui.screens.dialogs.export import ExportScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.help import HelpScreen, place_of
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from tests.desk import Desk, at_work

_SCREENS: dict[str, Callable[[Desk], Screen[Any]]] = {
    "help": lambda desk: HelpScreen(place_of(desk.top)),
    "form": lambda desk: FormScreen(DECISION_FORMS["name"](desk.bench)),
    "export": lambda desk: ExportScreen(desk.bench.filterset, [inspect(each) for each in available()]),
}


@pytest.mark.parametrize("name", _SCREENS)
async def test_a_screen_that_is_closed_before_it_is_there(name: str):
    async with at_work() as desk:
        answers: list[Any] = []
        screen = _SCREENS[name](desk)
        desk.app.push_screen(screen, answers.append)
        screen.dismiss(None)
        await desk.settle()
        assert answers == [None]
        assert desk.top is desk.app.designer
