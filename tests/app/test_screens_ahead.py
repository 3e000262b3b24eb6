"""What screens need is imported when the keys rest, a piece at a time; at the start none of it is."""

import subprocess
import sys
from threading import Event

import pytest

from ndtui.app import screens_ahead
from ndtui.exporters.registry import BUILT_IN
from tests.desk import at_work

_LOADED = """
import sys, ndtui.app.app
from ndtui.app.screens_ahead import MODULES
print([name for name in MODULES if name in sys.modules])
"""
_ALL = """
import sys, ndtui.app.app
from ndtui.app import screens_ahead
assert list(screens_ahead.pieces()) == list(screens_ahead.MODULES)
before = set(sys.modules)
import tests.screens.every_screen
large = ("plan", "trace", "applied", "dialogs.export", "dialogs.form", "dialogs.help")
print([name for name in set(sys.modules) - before if name.startswith(tuple(f"ndtui.screens.{each}" for each in large))])
"""


def said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.strip()


def test_a_start_imports_none_of_it():
    assert said(_LOADED) == "[]"


def test_with_all_pieces_the_large_screens_are_there():
    assert said(_ALL) == "[]"


def test_every_format_is_among_them():
    """The export dialog looks at them all when it opens."""
    assert {target.partition(":")[0] for target in BUILT_IN.values()} <= {*screens_ahead.MODULES}


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(screens_ahead, "import_module", names.append)
    monkeypatch.setattr(screens_ahead, "BETWEEN", 3600.0)
    return names


async def test_one_piece_is_imported_at_a_time_and_none_while_keys_are_pressed(
    imported: list[str], monkeypatch: pytest.MonkeyPatch
):
    async with at_work() as desk:
        desk.app.import_ahead()
        assert imported == []
        monkeypatch.setattr(screens_ahead, "REST", 0.0)
        for count in range(1, len(screens_ahead.MODULES) + 1):
            desk.app.import_ahead()
            assert imported == list(screens_ahead.MODULES[:count])
        desk.app.import_ahead()
        assert len(imported) == len(screens_ahead.MODULES)


async def test_it_is_done_by_itself(imported: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(screens_ahead, "BETWEEN", 0.001)
    monkeypatch.setattr(screens_ahead, "REST", 0.0)
    async with at_work() as desk:
        await desk.until(lambda: imported == list(screens_ahead.MODULES))


async def test_none_is_imported_while_something_is_worked_out(imported: list[str], monkeypatch: pytest.MonkeyPatch):
    """Each file that an import reads would hand the turn to that work, for 5 ms."""
    monkeypatch.setattr(screens_ahead, "REST", 0.0)
    begun, end = Event(), Event()

    def work() -> bool:
        begun.set()
        return end.wait(60)

    async with at_work() as desk:
        worker = desk.app.run_worker(desk.app.long("Working", work))
        await desk.until(begun.is_set)
        desk.app.import_ahead()
        assert imported == []
        end.set()
        await worker.wait()
        desk.app.import_ahead()
        assert imported == [screens_ahead.MODULES[0]]
