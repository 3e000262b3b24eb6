"""What runs beside the event loop is started at once, and leaving waits only for what writes.

No policy is written out in words to describe it: Textual describes a worker by its function's ``repr``; with a policy
among a partial's arguments, the whole policy.
"""

import asyncio
from pathlib import Path
from threading import Event, Timer
from threading import enumerate as enumerate_threads

import pytest

from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.ui.state.beside import in_thread
from tests import desk as desk_
from tests.desk import at_work
from tests.screens.every_screen import WAYS, go


@pytest.fixture(autouse=True)
def in_threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let whatever can run in a thread do so, and note each time that a policy or a design is written out."""
    written: list[str] = []

    def note(self: object) -> str:
        written.append(type(self).__name__)
        return "..."

    monkeypatch.setattr(desk_, "SETTINGS", desk_.NOTHING_AT_ONCE)
    for policy in (FilterSet, Design):
        monkeypatch.setattr(policy, "__repr__", note)
    return written


@pytest.mark.parametrize("name", ["trace", "plan", "apply", "countdown", "save as", "export"])
async def test_no_policy_is_written_out_to_start_what_runs_beside(name: str, in_threads: list[str]):
    async with at_work() as desk:
        await desk.until(lambda: desk.bench.checked)
        await go(desk, WAYS[name].keys)
        await desk.until(lambda: not [each for each in desk.app.workers if each.group == "trace"])
        assert isinstance(desk.top, WAYS[name].top)
        await go(desk, WAYS[name].back)
    assert in_threads == []


@pytest.mark.parametrize(
    ("way", "where"),
    [
        (("x",), "ndtui.screens.dialogs.export.exporting.exported"),
        (("t",), "ndtui.screens.trace.trace"),
        (("p",), "ndtui.backends.store.StoreBackend.plan"),
        (("select IKE", "space"), "ndtui.app.file_actions.keep_aside"),
    ],
    ids=["export preview", "trace", "plan", "unsaved work"],
)
async def test_leaving_does_not_wait_for_what_is_being_worked_out(
    way: tuple[str, ...], where: str, monkeypatch: pytest.MonkeyPatch
):
    begun, may_end = Event(), Event()
    late = Timer(5, may_end.set)

    def works_on(*_arguments: object, **_named: object) -> None:
        begun.set()
        may_end.wait()

    monkeypatch.setattr("ndtui.ui.state.beside.AT_ONCE", 0)
    monkeypatch.setattr("ndtui.ui.state.recovery.KEEP_WITHIN", 0.01)
    try:
        async with at_work() as desk:
            monkeypatch.setattr(where, works_on)
            await go(desk, way)
            await desk.until(begun.is_set)
            late.start()
        await asyncio.get_running_loop().shutdown_default_executor()  # this is what asyncio.run does at its end
        assert not may_end.is_set()
    finally:
        late.cancel()
        may_end.set()


async def test_leaving_waits_for_what_is_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    begun, may_end, written = Event(), Event(), Event()

    def writes(*_arguments: object) -> None:
        begun.set()
        may_end.wait()
        written.set()

    monkeypatch.setattr("ndtui.ui.state.beside.AT_ONCE", 0)
    monkeypatch.setattr("ndtui.screens.dialogs.export.exporting.write", writes)
    async with at_work() as desk:
        desk.waits_for_works = False
        await desk.keys("x")
        await desk.fill(place=str(tmp_path / "policy.json"))
        await desk.keys("enter")
        await desk.until(begun.is_set)
    may_end.set()
    await asyncio.get_running_loop().shutdown_default_executor()
    assert written.is_set()


def test_what_work_in_a_thread_raises_is_raised_where_it_is_waited_for():
    def fails() -> None:
        raise KeyboardInterrupt("stop")

    async def waits() -> None:
        with pytest.raises(KeyboardInterrupt, match="stop"):
            await in_thread(fails)

    asyncio.run(waits())


def test_work_in_a_thread_that_outlives_the_event_loop_ends_in_silence(recwarn: pytest.WarningsRecorder):
    may_end = Event()
    late = Timer(5, may_end.set)

    async def leaves() -> None:
        asyncio.get_running_loop().create_task(in_thread(may_end.wait))
        await asyncio.sleep(0)
        late.start()

    asyncio.run(leaves())
    late.cancel()
    assert not may_end.is_set()
    may_end.set()
    for each in [each for each in enumerate_threads() if each.name == "beside"]:
        each.join(5)
    assert not recwarn
