"""Every screen at every size with whatever names, also when the size changes while it is open; and many exemptions."""

from itertools import cycle

import pytest
from rich.cells import cell_len
from textual.geometry import Size

from ndtui.model.design.design import change
from ndtui.model.files import presets
from ndtui.screens.designer import DesignerScreen
from ndtui.ui.rows.view import Heading
from tests.desk import Desk, at_work
from tests.screens.every_screen import WAYS, go
from tests.support import design, exempting, preset

SIZES = ((80, 24), (60, 20), (140, 45))
#: The least and the most that every screen has to be usable at, and what lies between.
ALL_SIZES = (*SIZES, (60, 15), (200, 60))


async def resize(desk: Desk, size: tuple[int, int]) -> None:
    await desk.pilot.resize_terminal(*size)
    await desk.until(lambda: desk.top.outer_size == Size(*size))  # what it was laid out for last


def fits(desk: Desk, size: tuple[int, int]) -> None:
    """Check that what is on top is on the screen, and that the focus can be seen."""
    screen = Size(*size).region
    assert desk.app.size == Size(*size)
    lines = desk.text.split("\n")
    assert len(lines) == size[1]
    assert all(cell_len(line) <= size[0] for line in lines)
    focused = desk.app.focused
    assert focused is not None
    assert focused.region.area > 0
    assert screen.contains_region(focused.region.intersection(focused.parent.region) or focused.region)
    assert focused.region.overlaps(screen)
    for dialog in desk.top.query(".dialog"):
        assert screen.contains_region(dialog.region), dialog.region
        assert dialog.region.contains_region(focused.region), (dialog.region, focused, focused.region)
        for button in desk.top.query("Button"):
            within = dialog.region.contains_region(button.region)
            assert within or (size[1] < 20 and dialog.max_scroll_y > dialog.scroll_y), button
    if isinstance(desk.top, DesignerScreen):
        assert f"{desk.count} filters" in lines[-2]
        assert "Help" in lines[-1]


#: A name and a program that try everything.
NAME = "[/x] [b [@click=app.leave]鍵\U0001f512e\u0301רשת $(x) %s {0}"
PROGRAM = "C:\\[b] [x\\[@click=app.leave]鍵\U0001f512e\u0301רשת $(x) %s {0}.exe"


async def test_every_screen_at_every_size_and_while_it_changes(tmp_path):
    """Each screen is opened at one size, a fifth of them at each, and then taken to three others."""
    presets.save(design(name="mine"), presets.own_path("mine"))
    policy = preset("nd-domain-member").model_copy(update={"name": NAME, "description": f"{NAME}\n{NAME * 20}"})
    policy = change(policy, exemptions=({"name": NAME, "protocol": "tcp", "program": PROGRAM}, *policy.exemptions))
    sizes = cycle(ALL_SIZES)
    size = next(sizes)
    shown = set()
    async with at_work(policy, size, store=tmp_path / "store") as desk:
        for name, way in WAYS.items():
            await go(desk, way.keys)
            assert isinstance(desk.top, way.top), name
            fits(desk, size)
            for _ in range(3):
                size = next(sizes)
                await resize(desk, size)
                fits(desk, size)
                if "[/x] [b" in desk.text:
                    shown.add(name)
            await go(desk, way.back)
            assert desk.top is desk.app.designer, name
        assert desk.design == policy
    assert {"filters", "plan", "trace", "applied", "rename", "leave"} <= shown


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_first_screen_at_every_size(size):
    async with at_work(size=size) as desk:
        fits(desk, size)
        await desk.keys("tab")
        fits(desk, size)
        await desk.keys("tab")
        fits(desk, size)


@pytest.mark.parametrize("size", [(20, 6), (10, 3), (300, 100)], ids=str)
async def test_no_size_ends_the_program(size):
    async with at_work(size=size) as desk:
        for keys in (("j", "space", "1", "j"), ("2", "]"), ("a", "escape"), ("?", "escape"), ("o", "escape"), ("x",)):
            await desk.keys(*keys)
        await resize(desk, (80, 24))
        await desk.keys("escape")
        assert "Help" in desk.text.split("\n")[-1]


async def test_without_an_exemption():
    async with at_work(design(), (80, 46)) as desk:
        assert "Exemptions (0)" in desk.text
        for key in ("1", "2", "3", "4", "v", "G", "g", "D", "K", "J", "d"):
            await desk.keys(key)
        await desk.keys("1", *"/name:exempt", "enter")
        assert [row for row in desk.table.rows if not isinstance(row, Heading)] == []
        assert desk.count == 14


MANY = 5_000


async def test_five_thousand_exemptions():
    made = exempting(*({"name": f"host {n}", "protocol": "udp", "remote_ports": [n + 1]} for n in range(MANY)))
    async with at_work(made) as desk:
        assert desk.count == 14 + 6 * MANY
        assert f"{desk.count} filters" in desk.status
        assert f"Exemptions ({MANY})" not in desk.text
        await desk.keys("G")
        assert f"[x] host {MANY - 1}" in desk.text
        await desk.keys("k", "K")
        assert desk.names[-2:] == [f"host {MANY - 1}", f"host {MANY - 2}"]
        await desk.keys("space")
        assert desk.count == 14 + 6 * (MANY - 1)
        await desk.keys("e")
        assert desk.problem == f"host {MANY - 1}: changes nothing"
        await desk.fill(remote_ports="7")
        await desk.keys("enter")
        assert desk.design.exemptions[-2].remote_ports == ((7, 7),)
        await desk.keys("1", "G")
        assert f"exempt host {MANY - 2}" in desk.explanation
        await desk.keys(*'/"host 4321"', "enter")
        await desk.until(lambda: not desk.table.working)
        assert desk.table.counts == (6, desk.count)
        assert len([row for row in desk.table.rows if not isinstance(row, Heading)]) == 6
        await desk.keys("2", "G", "4")
        await desk.until(lambda: desk.bench.checked)
        await desk.keys("u", "u", "u")
        assert desk.design is made
        await desk.until(lambda: "checking" not in desk.status)
