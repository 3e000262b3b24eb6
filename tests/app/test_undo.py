"""Undo and redo without limit, and what a change leaves in sight: marks, ghosts, and the cursor where it was."""

import random

import pytest

from ndtui.model.design import edits
from ndtui.model.design.design import LIFETIMES, Design, change
from ndtui.model.design.exemption import Exemption, rebuild
from ndtui.model.design.rule import Rule
from tests import exemption_edits
from tests.desk import Desk, at_work, labels
from tests.support import design, exempting, ruled

STEPS = 50
#: Large enough for every row of the table.
WHOLE = (140, 60)


def random_edit(number: int, chance: random.Random):
    """Return an edit that is always possible and always a change."""
    choices = [
        edits.toggle_extended_mode,
        lambda d: edits.replace_rule(d, "base", Rule(weight_range=number % 11 + 1)),
        lambda d: change(d, lifetime=chance.choice(LIFETIMES)),
        lambda d: edits.set_sublayer(d, number),
        lambda d: change(d, name=f"name {number}"),
        lambda d: edits.add_exemption(d, Exemption(name=f"e{number}", protocol="udp")),
        lambda d: exemption_edits.toggle(d, chance.choice(d.exemptions).name),
    ]
    return chance.choice(choices)


async def test_fifty_steps_back_and_forth_object_for_object():
    chance = random.Random(7)
    async with at_work() as desk:
        designs: list[Design] = [desk.design]
        filters: list[list[str]] = [names_of(desk)]
        for number in range(STEPS):
            assert desk.app.edit(f"step {number}", random_edit(number, chance))
            designs.append(desk.design)
            filters.append(names_of(desk))
        assert list(labels(desk)) == ["open", *(f"step {n}" for n in range(STEPS))]
        for number in reversed(range(STEPS)):
            desk.app.action_undo()
            assert desk.design is designs[number]
            assert names_of(desk) == filters[number]
        desk.app.action_undo()
        assert desk.design is designs[0]
        assert not desk.bench.dirty
        for number in range(1, STEPS + 1):
            desk.app.action_redo()
            assert desk.design is designs[number]
            assert names_of(desk) == filters[number]
        desk.app.action_redo()
        assert desk.design is designs[STEPS]
        await desk.keys("U")
        assert desk.said == ["Nothing to redo"]
        assert [row for row in desk.table.rows if hasattr(row, "slot") and row in desk.bench.filterset.filters]
        assert f"{desk.count} filters" in desk.status


def names_of(desk: Desk) -> list[str]:
    return [f"{f.key} {f.name}" for f in desk.bench.filterset.filters]


@pytest.mark.parametrize(("undo", "redo"), [("u", "U"), ("u", "ctrl+y"), ("u", "ctrl+r")])
async def test_the_keys(undo, redo):
    async with at_work() as desk:
        start = desk.design
        await desk.select("IKE")
        await desk.keys("space")
        changed = desk.design
        await desk.keys(undo)
        assert desk.design is start
        await desk.keys(redo)
        assert desk.design is changed
        await desk.keys(undo, "space", redo)
        assert desk.design == changed
        assert desk.bench.history.future == ()


async def test_nothing_to_undo_or_redo():
    async with at_work() as desk:
        await desk.keys("u", "U")
        assert desk.bench.untouched
        desk.app.action_undo()
        desk.app.action_redo()
        await desk.settle()
        assert desk.said[-2:] == ["Nothing to undo", "Nothing to redo"]


async def test_an_edit_that_changes_nothing_is_no_step():
    async with at_work() as desk:
        before = desk.bench
        assert not desk.app.edit("nothing", lambda d: d)
        assert not desk.app.edit("equal", lambda d: edits.set_sublayer(d, None))
        assert desk.bench is before


async def test_the_dirty_mark_comes_and_goes():
    async with at_work() as desk:
        assert "*" not in desk.status
        await desk.select("IKE")
        await desk.keys("space")
        assert desk.status.startswith("nd-transport *")
        await desk.keys("space")
        assert "*" not in desk.status
        assert not desk.bench.dirty


def marked(desk: Desk, mark: str) -> list[str]:
    """Return the lines of the right pane that carry a mark."""
    lines = [line.text for line in map(desk.table.render_line, range(desk.table.size.height))]
    return [line for line in lines if line.startswith(f"{mark} ")]


async def test_what_a_change_adds_is_marked():
    async with at_work(size=WHOLE) as desk:
        desk.app.edit("add", lambda d: edits.add_exemption(d, Exemption(name="new", protocol="udp")))
        await desk.settle()
        assert len(marked(desk, "+")) == 6
        assert all("exempt new" in line for line in marked(desk, "+"))
        assert marked(desk, "-") == marked(desk, "~") == []
        assert "|  +6 (r)  |" in desk.status
        desk.app.edit("other", edits.toggle_extended_mode)  # changes no filter
        await desk.settle()
        assert marked(desk, "+") == []
        assert "+6" not in desk.status
        assert desk.count == 26


async def test_what_a_change_alters_is_marked():
    async with at_work(size=WHOLE) as desk:
        desk.app.edit("sample", lambda d: ruled(d, ale_persist_context=True))
        await desk.settle()
        assert len(marked(desk, "~")) == 2
        assert all("require protection inbound" in line for line in marked(desk, "~"))
        assert marked(desk, "+") == marked(desk, "-") == []
        assert "|  ~2 (r)  |" in desk.status


async def test_other_conditions_are_a_change_and_no_new_filter():
    async with at_work(exempting({"name": "web", "protocol": "tcp", "remote_ports": [80]}), size=WHOLE) as desk:
        web = desk.design.exemptions[0]
        desk.app.edit("edit", lambda d: edits.replace_exemption(d, "web", rebuild(web, remote_ports=(443,))))
        await desk.settle()
        assert len(marked(desk, "~")) == 6
        assert all("exempt web" in line for line in marked(desk, "~"))
        assert desk.table.text().count("remote port 443") == 6
        assert marked(desk, "+") == marked(desk, "-") == []


async def test_what_a_change_removes_stays_as_a_ghost_until_the_next():
    async with at_work(size=WHOLE) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        assert desk.count == 16
        assert len(marked(desk, "-")) == 4
        assert all("policy  IKE" in line for line in marked(desk, "-"))
        assert "IKEEXT_V4  1" in desk.text
        assert "|  -4, -2 contexts (r)  |" in desk.status
        desk.app.edit("other", edits.toggle_extended_mode)  # changes no filter
        await desk.settle()
        assert marked(desk, "-") == []
        assert "IKE main mode" not in desk.table.text().replace("AuthIP", "")


async def test_a_layer_that_goes_is_still_there_as_a_ghost():
    async with at_work(size=WHOLE) as desk:
        await desk.select("V6")
        await desk.keys("space")
        assert "IKEEXT_V6  0" in desk.text
        assert len(marked(desk, "-")) == 10
        layers = [row.layer for row in desk.table.rows if not hasattr(row, "slot")]
        desk.app.action_undo()
        await desk.settle()
        assert layers == [row.layer for row in desk.table.rows if not hasattr(row, "slot")]
        assert len(marked(desk, "+")) == 10


async def test_the_marks_of_one_change_make_way_for_the_next():
    async with at_work(size=WHOLE) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        desk.app.edit("sample", lambda d: ruled(d, ale_persist_context=True))
        await desk.settle()
        assert (len(marked(desk, "-")), len(marked(desk, "~"))) == (0, 2)


async def test_the_marks_stay_when_the_change_is_saved(tmp_path):
    async with at_work(size=WHOLE) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        desk.app.saved(desk.design, tmp_path / "saved.toml", None)
        await desk.settle()
        assert not desk.bench.dirty
        assert len(marked(desk, "-")) == 4
        assert "|  -4, -2 contexts (r)  |" in desk.status


async def test_a_ghost_that_is_selected_gives_way_to_its_neighbour():
    async with at_work() as desk:
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "exemption:ICMP")
        await desk.keys("space")
        assert "ICMP" in desk.table.row.label
        await desk.keys("y")
        desk.app.edit("other", edits.toggle_extended_mode)  # changes no filter
        await desk.settle()
        assert desk.table.row.label == "inbound transport"
        assert "ICMP" not in desk.explanation


async def test_the_cursor_stays_on_its_filter_through_edits():
    made = exempting({"name": "last", "protocol": "udp"}, {"name": "first", "protocol": "tcp"})
    async with at_work(made) as desk:
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "exemption:first")
        identity = desk.table.row.identity
        for changed in (
            lambda d: edits.toggle_module(d, "IKE"),
            lambda d: exemption_edits.delete(d, "last"),
            lambda d: edits.add_exemption(d, Exemption(name="new", protocol="icmp"), "first"),
            lambda d: exemption_edits.move(d, "new", -1),
            lambda d: change(d, name="renamed", lifetime="persistent"),
        ):
            assert desk.app.edit("change", changed)
            await desk.settle()
            assert desk.table.row.identity == identity
            assert "first" in desk.explanation
            desk.app.edit("other", edits.toggle_extended_mode)  # changes no filter
            await desk.settle()
            assert desk.table.row.identity == identity
        for _ in range(10):
            await desk.keys("u")
            assert desk.table.row.identity == identity
        await desk.keys("2")
        await desk.go_to(lambda row: hasattr(row, "filter") and row.filter.identity == identity)
        await desk.keys("U", "U")
        assert desk.table.row.filter.identity == identity


async def test_the_cursor_stays_on_its_decision_through_edits():
    async with at_work(design(exemptions=[{"name": n} for n in "abc"])) as desk:
        await desk.select("exemption:c")
        desk.app.edit("delete", lambda d: exemption_edits.delete(d, "a"))
        await desk.settle()
        assert desk.decisions.row.name == "c"
        await desk.keys("u")
        assert desk.decisions.row.name == "c"
        await desk.keys("d")
        assert desk.decisions.row.id == "add"
