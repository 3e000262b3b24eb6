"""The memory backend lives as long as the designer."""

from ndtui.app.app import NdtuiApp
from tests.desk import at_work
from tests.support import preset


async def test_what_was_applied_to_memory_is_there_when_the_plan_is_opened_again() -> None:
    async with at_work(preset("nd-ipv4-only"), backend="memory") as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("A", "enter")
        await desk.planned()
        await desk.keys("escape", "p")
        await desk.planned()
        assert "nothing to do" in desk.text
        assert isinstance(desk.app, NdtuiApp)
