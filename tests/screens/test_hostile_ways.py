"""A policy whose name and description try everything goes through every screen there is a way to."""

from pathlib import Path

from ndtui.model.design.design import change
from ndtui.model.files import presets
from tests.desk import at_work
from tests.screens.every_screen import WAYS, go
from tests.support import design, preset

NAME = "[/x] [b [@click=app.leave]鍵\U0001f512e\u0301רשת $(x) %s {0}"

PROGRAM = "C:\\[b] [x\\[@click=app.leave]鍵\U0001f512e\u0301רשת $(x) %s {0}.exe"


async def test_every_screen_shows_a_hostile_policy(tmp_path: Path) -> None:
    presets.save(design(name="mine"), presets.own_path("mine"))
    policy = preset("nd-domain-member").model_copy(update={"name": NAME, "description": f"{NAME}\n{NAME * 20}"})
    policy = change(policy, exemptions=({"name": NAME, "protocol": "tcp", "program": PROGRAM}, *policy.exemptions))
    shown = set()
    async with at_work(policy, (120, 30), store=tmp_path / "store.sqlite3") as desk:
        for name, way in WAYS.items():
            await go(desk, way.keys)
            assert isinstance(desk.top, way.top), name
            if "[/x] [b" in desk.text:
                shown.add(name)
            await go(desk, way.back)
    assert {"filters", "plan", "trace", "applied", "rename", "leave"} <= shown
