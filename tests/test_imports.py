"""What a fresh interpreter loads: the core knows no screen, and the way from preset to filters is short."""

import os
import subprocess
import sys

import pytest

from tests.support import ROOT

ROOMS = ("model", "analysis", "exporters", "backends")
SCREEN = {"textual", "rich", "typer"}

IMPORT_ALL = """
import importlib, pkgutil, sys
room = importlib.import_module(sys.argv[1])
names = [room.__name__, *(m.name for m in pkgutil.walk_packages(room.__path__, room.__name__ + "."))]
for name in names:
    importlib.import_module(name)
print(len(names), *sorted({name.partition(".")[0] for name in sys.modules}))
"""

COMPILE = """
import sys
from ndtui.model.compiled.documents import object_lists
from ndtui.model.files import presets
from ndtui.model.compiled.compile import compile_design
lists = object_lists(compile_design(presets.find("nd-transport").load()))
print(len(lists["filters"]), *sorted({name.partition(".")[0] for name in sys.modules}))
"""

DESIGNER = """
import sys
import ndtui.app.launch
print(0, *(name for name in sys.modules if name.startswith("ndtui.analysis.")))
"""


def run(code: str, *arguments: str) -> tuple[int, set[str]]:
    """Run code in a fresh interpreter; return the number it prints and the modules it names."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    count, *modules = done.stdout.split()
    return int(count), set(modules)


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_the_core_loads_nothing_of_the_screen(room):
    count, modules = run(IMPORT_ALL, f"ndtui.{room}")
    assert count > 1
    assert "pydantic" in modules or room != "model"
    assert not modules & SCREEN


@pytest.mark.slow
def test_from_preset_to_filters_nothing_else_is_loaded():
    count, modules = run(COMPILE)
    assert count == 20
    assert not modules & {*SCREEN, "tomlkit", "platformdirs", "defusedxml", "sqlite3", "asyncio"}


@pytest.mark.slow
def test_the_designer_starts_without_the_rules_that_it_checks_by():
    """The first frame shows no finding and no trace yet: the rules, the sets and the engine are loaded after it."""
    _, modules = run(DESIGNER)
    assert "ndtui.analysis.check.finding" in modules
    assert not [
        name
        for name in modules
        if name.endswith("_findings") or "packet_sets" in name or "verify" in name or "trace" in name
    ]


FRAME = """
import sys
import ndtui.cli.parser, ndtui.cli.commands.designer, ndtui.app.first_frame
print(0, *sorted({name.partition(".")[0] for name in sys.modules}))
"""

HELD_BACK = """
import sys
from ndtui.app.app import NdtuiApp
print(0, *(name for name in sys.modules if name.startswith(("ndtui.", "tomlkit"))))
"""


@pytest.mark.slow
def test_the_frame_is_drawn_before_anything_large_is_loaded():
    _, modules = run(FRAME)
    assert not modules & {*SCREEN, "pydantic", "tomlkit", "asyncio", "sqlite3"}


@pytest.mark.slow
def test_the_designer_starts_without_the_screens_and_dialogs_that_nobody_has_asked_for():
    _, modules = run(HELD_BACK)
    assert "ndtui.screens.designer" in modules
    asked_for = (
        "ndtui.screens.dialogs.",
        "ndtui.screens.applied.",
        "ndtui.screens.plan",
        "ndtui.ui.rows.form_fields",
        "ndtui.screens.trace",
    )
    others = (
        "ndtui.analysis.ranking.",
        "ndtui.analysis.trace",
        "tomlkit",
        "ndtui.app.edit_outside",
    )
    assert not [name for name in modules if name.startswith((*asked_for, *others))]


@pytest.mark.slow
def test_the_look_sees_what_it_looks_for():
    """The look itself works: a module that does load the screen is seen to do so."""
    _, modules = run("import rich.text, sys; print(0, *sorted({n.partition('.')[0] for n in sys.modules}))")
    assert modules & SCREEN == {"rich"}
