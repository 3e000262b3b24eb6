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
from ndtui.ui.state.waiting import Waiting
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


def test_who_leaves_work_that_is_kept_is_told_where(press, capfd):
    ended = recovery.Recovery()
    ended.keep(preset("nd-transport"))
    ended.release()
    press("o", "enter", "q")
    assert run_designer(preset("nd-boundary"), None, Options()) == 0
    (kept,) = recovery.leftovers()
    assert capfd.readouterr().err == f"ndtui: unsaved work is kept in {kept.path}: o in the designer offers it\n"


def test_who_leaves_what_waits_to_be_confirmed_is_told(press, monkeypatch, capfd, tmp_path):
    line = "00:19 left to confirm nd-transport, or it is reverted"
    monkeypatch.setattr(NdtuiApp, "waiting_now", lambda _: Waiting("", line))
    press("q")
    assert run_designer(preset("nd-transport"), None, Options()) == 0
    assert capfd.readouterr().err == f"ndtui: {line}: ndtui confirm keeps it\n"
    press("q")
    assert run_designer(preset("nd-transport"), None, Options(backend="wfp", store=tmp_path / "s")) == 0
    confirm = f"ndtui confirm --backend wfp --store {tmp_path / 's'}"
    assert capfd.readouterr().err == f"ndtui: {line}: {confirm} keeps it\n"


def test_the_server_is_told_of_mistakes_alone(press, monkeypatch, capfd):
    monkeypatch.setenv("TEXTUAL_DRIVER", "x:Y")
    monkeypatch.setattr(NdtuiApp, "waiting_now", lambda _: Waiting("", "it waits"))
    press("q")
    assert run_designer(preset("nd-transport"), None, Options()) == 0
    assert capfd.readouterr().err == ""
