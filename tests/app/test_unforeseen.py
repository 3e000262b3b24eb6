"""What nobody had foreseen: the designer ends, the work is kept, and who started it is given the exception to tell."""

import asyncio

import pytest
from textual.app import App

from ndtui.app import app as designer
from ndtui.app import design_actions
from ndtui.app.app import NdtuiApp
from ndtui.app.launch import run_designer
from ndtui.ui.state import recovery
from ndtui.ui.state.options import Options
from tests.support import preset


class Mistake(Exception):  # noqa: N818 - it stands for any
    """A mistake of the program."""


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch, tour_was_shown: None):
    """Return a function that has keys pressed in the next designer that is run; nobody sees it."""

    def later(*keys: str) -> None:
        async def pilot(pilot) -> None:
            await pilot.press(*keys)

        run = App.run
        monkeypatch.setattr(NdtuiApp, "run", lambda app: run(app, headless=True, auto_pilot=pilot))

    yield later
    asyncio.set_event_loop(None)


def broken(*_: object) -> None:
    raise Mistake("with a value: \x1b[2J")


WHERE = {
    "an action": (design_actions, "duplicate", ["G", "k", "D"]),
    "an action that asks": (design_actions, "edit_selected", ["e"]),
    "a view": (designer.NdtuiApp, "why_not", ["u"]),
}


@pytest.mark.parametrize("where", WHERE)
def test_it_is_handed_on_and_unsaved_work_is_kept(where: str, press, monkeypatch, capfd):
    owner, name, keys = WHERE[where]
    design = preset("nd-transport")
    press("j", "j", "j", "space", *keys)

    def watched(app: NdtuiApp, *words: object) -> str:
        if app.workbench.dirty:
            raise Mistake("with a value: \x1b[2J")
        return ""

    monkeypatch.setattr(owner, name, watched if name == "why_not" else broken)
    with pytest.raises(Mistake):
        run_designer(design, None, Options())
    printed = capfd.readouterr()
    (kept,) = recovery.leftovers()
    changed = kept.load()
    assert changed != design
    assert changed.name == design.name
    assert printed.err == f"ndtui: unsaved work is kept in {kept.path}: o in the designer offers it\n"
    assert "Traceback" not in printed.out
    assert "Mistake" not in printed.out


def test_without_unsaved_work_nothing_is_kept(press, monkeypatch, capfd):
    monkeypatch.setattr(design_actions, "duplicate", broken)
    press("G", "k", "D")
    with pytest.raises(Mistake):
        run_designer(preset("nd-transport"), None, Options())
    assert recovery.leftovers() == []
    assert capfd.readouterr().err == ""


def test_an_ordinary_end_is_none(press):
    press("q")
    assert run_designer(preset("nd-transport"), None, Options()) == 0
