"""What runs beside the event loop is started at once: no policy is written out in words to describe it.

Textual describes a worker by its function's ``repr``; with a policy among a partial's arguments, the whole policy.
"""

import pytest

from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.screens import trace as trace_screen
from ndtui.ui.state import workbench
from tests.desk import at_work
from tests.screens.every_screen import WAYS, go


@pytest.fixture(autouse=True)
def in_threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let whatever can run in a thread do so, and note each time that a policy or a design is written out."""
    written: list[str] = []

    def note(self: object) -> str:
        written.append(type(self).__name__)
        return "..."

    monkeypatch.setattr(workbench, "CHECK_AT_ONCE", 0)
    monkeypatch.setattr(trace_screen, "AT_ONCE", 0)
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
