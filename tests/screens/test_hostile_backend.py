"""A backend of somebody else that misbehaves does not end the designer: a line says so, and the work is as it was."""

import pytest

from ndtui.backends.memory import MemoryBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.screens.plan import PlanScreen
from tests.backends.fence.hostile_plugins import MISBEHAVIOURS, HostileBackend, misbehaving
from tests.desk import Desk, at_work
from tests.installing import announce
from tests.support import preset

#: One of each sort; the command line is put to all of them, and the fence is the same.
SOME = ["an error", "something of its own", "an error that raises", "nothing", "a text that raises", "a deep list"]
SOME += ["a snapshot of half a filter", "a plan of half a filter"]
assert set(SOME) <= set(MISBEHAVIOURS)


@pytest.fixture(autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path_factory.mktemp("metadata")
    target = "tests.backends.fence.hostile_plugins"
    announce(
        metadata,
        "hostile",
        {
            "ndtui.backends": {"hostile": f"{target}:HostileBackend"},
            "ndtui.exporters": {"hostile": f"{target}:HostileExporter"},
        },
    )
    monkeypatch.syspath_prepend(str(metadata))
    monkeypatch.setattr(HostileBackend, "held", MemoryBackend())


async def apply_within(desk: Desk) -> None:
    """Go to the plan and apply it, as far as the backend lets one, and come back."""
    desk.app._backend = None
    await desk.keys("p")
    await desk.planned()
    if isinstance(desk.top, PlanScreen):
        await desk.keys("C")
        if not isinstance(desk.top, PlanScreen):
            await desk.press("ok")
            await desk.planned()
    while desk.top is not desk.app.designer:
        await desk.keys("escape")


@pytest.mark.parametrize("where", ["place", "snapshot", "plan", "apply", "obstacles"])
async def test_a_backend_that_misbehaves_does_not_end_the_designer(where: str):
    async with at_work(backend="hostile") as desk:
        await desk.keys("j", "j", "j", "space")
        design = desk.design
        for how in SOME:
            with misbehaving(where, how):
                await apply_within(desk)
            assert desk.app.is_running, how
            assert desk.app._exception is None, how
            assert desk.design is design
            assert desk.bench.dirty
            assert all(line.isprintable() for line in desk.text.split("\n"))
        assert all(words.isprintable() for words in desk.said)
        assert desk.said


@pytest.mark.parametrize("where", ["snapshot", "pending", "watched", "history", "plan_rollback"])
async def test_a_backend_that_misbehaves_when_it_is_looked_at_does_not_end_the_designer(where: str):
    held = HostileBackend.held
    held.apply(held.plan(compile_design(preset("nd-ipv4-only"))))
    async with at_work(backend="hostile") as desk:
        for how in SOME:
            with misbehaving(where, how):
                desk.app._backend = None
                await desk.keys("b")
                await desk.until(lambda: "reading ..." not in desk.words)
                await desk.keys("j", "1", "3", "5", "r", "c", "escape", "R", "m", "escape", "escape", "q")
                await desk.planned()
                while desk.top is not desk.app.designer:
                    await desk.keys("escape")
            assert desk.app._exception is None, how
            assert all(line.isprintable() for line in desk.text.split("\n"))
        assert all(words.isprintable() for words in desk.said)


@pytest.mark.parametrize("where", ["title", "suffix", "options", "unsupported", "export"])
async def test_a_format_that_misbehaves_does_not_end_the_designer(where: str):
    async with at_work() as desk:
        for how in SOME:
            with misbehaving(where, how):
                await desk.keys("x")
                await desk.keys("G")
                await desk.keys("escape")
            assert desk.app.is_running, how
            assert desk.app._exception is None, how
