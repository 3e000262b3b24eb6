"""The dialogs and states that no ``Way`` of ``every_screen`` leads to: each needs something to have happened before.

They are drawn and read in every theme; walks that have to be short go to ``WAYS`` alone.
"""

import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from textual.drivers.headless_driver import HeadlessDriver

from ndtui.app import copy_actions, edit_outside
from ndtui.backends.contract.backend import Obstacle
from ndtui.backends.contract.changes import Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import noting
from ndtui.model.design.design import change
from ndtui.model.files import presets
from ndtui.screens.applied.applied_screen import AppliedScreen
from ndtui.screens.designer import DesignerScreen
from ndtui.screens.dialogs import countdown
from ndtui.screens.dialogs.countdown import CountdownScreen
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.dialogs.difference import DifferenceScreen
from ndtui.screens.dialogs.edit_errors import EditErrorsScreen
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.screens.dialogs.jump import JumpScreen
from ndtui.screens.dialogs.links import LinksScreen
from ndtui.screens.dialogs.message_list import MessagesScreen
from ndtui.screens.plan import PlanScreen
from ndtui.ui.keys.closes_once import Palette
from ndtui.ui.state import file_watch, recovery
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk
from tests.screens.every_screen import WAYS, Way

_SERVICE = Obstacle("IKEEXT does not run", "sc.exe start IKEEXT", "Start IKEEXT", lambda: None)
_NOT_A_DESIGN = 'name = "mine"\nscenario = "nothing like it"\nlifetime = 7\n'
_THERE = Path("data/there.json")


async def _tour_stands_still(desk: Desk) -> None:
    """Wait until what its step has moved on the screen below has come to rest."""
    places: list[object] = []

    def at_rest() -> bool:
        places.append([each.region for each in (*desk.top.query("*"), *desk.app.designer.query("*"))])
        arrived = not desk.app.designer.has_class("-on-decisions")  # its step speaks of the table
        return arrived and len(places) > 4 and places[-4] == places[-1]

    await desk.until(at_rest)


async def _commands_are_listed(desk: Desk) -> None:
    await desk.until(lambda: desk.top.query_one("CommandList").option_count > 20)


def _at_own_preset(desk: Desk) -> None:
    assert desk.top.query_one(RowTable).go_to(lambda row: row.preset.kind == "own")


async def _over_a_file(desk: Desk) -> None:
    _THERE.write_text("", encoding="utf-8")
    await desk.fill(place=str(_THERE))


@contextmanager
def _a_service_that_stands_still() -> Iterator[None]:
    with patch.object(StoreBackend, "obstacles", lambda _: [_SERVICE]):
        yield


async def _plan_with_an_obstacle(desk: Desk) -> None:
    with _a_service_that_stands_still():
        await desk.keys("p")
        await desk.planned()


async def _waiting_stands_below(desk: Desk) -> None:
    await desk.until(lambda: "left to confirm" in desk.text)


async def _countdown_stands_in_the_status_line(desk: Desk) -> None:
    await desk.until(lambda: desk.app.waiting.brief and desk.app.waiting.brief in desk.status)


async def _somebody_reverts(desk: Desk) -> None:
    backend = StoreBackend(desk.app.options.store)
    pending = backend.snapshot().pending
    assert pending is not None
    backend.revert(pending.token)
    await desk.until(lambda: "It was reverted" in desk.words)


def _at(field: str) -> Callable[[Desk], Awaitable[None]]:
    """Return what puts the focus on a field of a form."""

    async def go(desk: Desk) -> None:
        desk.top.query_one(f"#{field}").focus()
        await desk.settle()

    return go


def _file(desk: Desk) -> Path:
    assert desk.bench.path is not None
    return desk.bench.path


def _theirs(desk: Desk) -> None:
    presets.save(change(desk.design, lifetime="dynamic", description="theirs"), _file(desk))


def _spoilt(desk: Desk) -> None:
    _file(desk).write_text(_NOT_A_DESIGN, encoding="utf-8")


def _changed_elsewhere(desk: Desk) -> None:
    presets.save(change(desk.design, description="theirs as well"), _file(desk))


async def _is_noticed(desk: Desk) -> None:
    for _ in range(2):  # the second look finds what the first one did: it has come to rest
        await desk.app._look_at_file().wait()
    await desk.until(lambda: desk.app.file_news)


def _protected(desk: Desk) -> None:
    _file(desk).chmod(0o444)


def _gone(desk: Desk) -> None:
    _file(desk).chmod(0o644)  # Windows deletes no protected file
    _file(desk).unlink()


async def _lines_are_compared(desk: Desk) -> None:
    await desk.until(lambda: "being compared" not in desk.words and "worked out" not in desk.words)


_AFTER_THE_REST = ("presets", "tour", "countdown")
_APPLIED_WITHIN = ("p", "planned", "C", "enter", "planned")

_IN_MAIN_MODE = ("select main_mode", "e")

DIALOGS = {
    "jump": Way(("f6",), JumpScreen),
    "palette": Way((":", _commands_are_listed), Palette),
    "keying modules": Way(("select IKE", "e"), FormScreen),
    "address families": Way(("select V4", "e"), FormScreen),
    "flags": Way(("select nd_secure", "e"), FormScreen),
    "lifetime": Way(("select lifetime", "e"), FormScreen),
    "algorithms": Way(("select algorithms", "e"), FormScreen),
    "main mode": Way(("select main_mode", "e"), FormScreen),
    "certificates for all": Way(("select main_mode", "e", "j", "tab", *"CN=Root"), FormScreen),
    "main mode proposal": Way((*_IN_MAIN_MODE, "tab", "tab", "e"), FormScreen, ("escape", "escape")),
    "authentication": Way((*_IN_MAIN_MODE, "tab", "tab", "tab", "e", "j", "tab"), FormScreen, ("escape", "escape")),
    "criteria": Way(
        (*_IN_MAIN_MODE, *["tab"] * 3, "e", "j", _at("inbound_criteria"), "a"), FormScreen, ("escape",) * 3
    ),
    "quick mode": Way(("select quick_mode", "e"), FormScreen),
    "quick mode proposal": Way(("select quick_mode", "e", _at("proposals"), "e", "tab"), FormScreen, ("escape",) * 2),
    "extended mode": Way(("select extended_mode", "e", "space"), FormScreen),
    "own negotiation": Way(("select rule:base", "e", _at("negotiates"), "j", "tab"), FormScreen),
    "accepted findings": Way(("select accepted", "e"), FormScreen),
    "a test": Way(("select tests", "e", "a"), FormScreen, ("escape", "escape")),
    "links": Way(("1", "l", "j"), LinksScreen),
    "link": Way(("l", "j", "enter"), ChoiceScreen),
    "delete preset": Way(("o", _at_own_preset, "d"), ChoiceScreen, ("escape", "escape")),
    "export over a file": Way(("x", _over_a_file, "press ok"), ChoiceScreen, ("escape", "escape")),
    "something in the way": Way((_plan_with_an_obstacle, "A"), ChoiceScreen, ("escape", "escape")),
    "waiting": Way(
        (*_APPLIED_WITHIN, "escape", "planned", "escape", _countdown_stands_in_the_status_line),
        DesignerScreen,
        ("p", "planned", "R", "planned", "escape"),
    ),
    "reverted elsewhere": Way((*_APPLIED_WITHIN, _somebody_reverts), CountdownScreen, ("enter", "planned", "escape")),
    "message of a revision": Way(("b", "planned", "M"), ChoiceScreen, ("escape", "q")),
    "rollback": Way(("b", "planned", "R", "planned"), PlanScreen, ("escape", "planned", "q")),
    "history": Way(("b", "planned"), AppliedScreen, ("q",)),
    "contents of a revision": Way(("b", "planned", "j", "1", "planned"), AppliedScreen, ("q",)),
    "drift": Way(("b", "planned", "5", "planned"), AppliedScreen, ("q",)),
    "edit errors": Way(("E",), EditErrorsScreen),
    # From here on the design has a file, which others change.
    "file changed": Way(("W", "fill theirs", "enter", "select IKE", "space", _theirs, "w"), ChoiceScreen),
    "difference": Way(("w", "c", _lines_are_compared), DifferenceScreen, ("escape", "escape")),
    "noticed": Way((_changed_elsewhere, _is_noticed), DesignerScreen, ()),
    "keep or reload": Way(("f",), ChoiceScreen, ("k",)),
    "kept mine": Way(("m",), MessagesScreen),
    "file spoilt": Way((_spoilt, "w"), ChoiceScreen),
    "read-only file": Way((_protected, "w"), ChoiceScreen),
    "file gone": Way((_gone, "w"), ChoiceScreen),
}
#: Every screen and dialog; what changes the store, and what takes longest to stand still, after the rest.
ALL = {name: way for name, way in WAYS.items() if name not in _AFTER_THE_REST}
ALL |= {name: WAYS[name] for name in _AFTER_THE_REST} | DIALOGS
ALL["countdown"] = WAYS["countdown"]._replace(keys=(*WAYS["countdown"].keys, _waiting_stands_below))
ALL["tour"] = Way((*WAYS["tour"].keys, _tour_stands_still), WAYS["tour"].top)


def _edit_badly(command: list[str]) -> int:
    Path(command[-1]).write_text(_NOT_A_DESIGN, encoding="utf-8")
    return 0


@contextmanager
def reachable() -> Iterator[None]:
    """Let every dialog be reached in the current folder, and look the same whenever and by whomever it is opened.

    What the program ships lies in the current folder meanwhile: elsewhere its path would be another on each machine.
    """
    own = Path("config/shipped")
    Path("data").mkdir(exist_ok=True)
    if not own.exists():
        shutil.copytree(presets.shipped_dir(), own)
    with ExitStack() as stack:
        for target, name, value in (
            (noting, "_account", lambda: "operator"),
            (copy_actions, "_has_browser", lambda: False),
            (countdown, "LOOK_EVERY", 0.05),
            (edit_outside, "run_editor", _edit_badly),
            (Pending, "seconds_left", lambda _: 84.0),
            (presets, "shipped_dir", lambda: own),
            (file_watch, "LOOK_EVERY", 3600.0),
            (recovery, "KEEP_WITHIN", 3600.0),
        ):
            stack.enter_context(patch.object(target, name, value))
        stack.enter_context(patch("platform.node", lambda: "host"))
        stack.enter_context(patch.object(HeadlessDriver, "can_suspend", property(lambda _: True), create=True))
        stack.enter_context(patch.dict(os.environ, {"SUDO_USER": "", "VISUAL": sys.executable}))
        yield
