"""Plan and apply: what would change is seen first, carried out after an answer, and refused where it must be."""

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Static

from ndtui.app import screens_ahead
from ndtui.backends import registry
from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend import Obstacle
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Change
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.engine_backend import OURS
from ndtui.common.gc_pause import is_paused
from ndtui.model.compiled.compile import compile_design
from ndtui.screens.dialogs.apply_form import ApplyScreen
from ndtui.screens.plan import Advanced, PlanScreen
from ndtui.ui.keys.actions import by_name
from ndtui.ui.rows.plan_rows import PLAN, Drifted, explain_row
from ndtui.ui.rows.view import Heading
from ndtui.ui.widgets.row_table import RowTable
from tests.backends.faults.operations import apply_unwatched
from tests.desk import Desk, at_work
from tests.support import design, exempting, preset


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store.sqlite3"


async def open_plan(desk: Desk) -> None:
    await desk.keys("p")
    assert isinstance(desk.top, PlanScreen)
    await desk.planned()


async def answer(desk: Desk, action: str, key: str) -> None:
    """Press the key of an action, and answer the question it asks."""
    await desk.keys(action)
    assert isinstance(desk.top, ApplyScreen)
    await desk.keys(key)
    await desk.planned()


def held(store: Path) -> tuple[str, int]:
    """Return the name of the policy that a store holds, and how many filters."""
    snapshot = StoreBackend(store).snapshot()
    return snapshot.policy, len(snapshot.of_kind("filter"))


def apply(store: Path, made) -> None:
    backend = StoreBackend(store)
    backend.apply(backend.plan(compile_design(made)))


def rows(desk: Desk) -> list:
    return [row for row in desk.top.query_one("#plan", RowTable).rows if not isinstance(row, Heading)]


async def test_planning_and_applying(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        assert "Apply nd-transport -> store" in desk.words
        assert "25 to add, 0 to change, 0 to remove, 0 unchanged" in desk.words
        assert {row.action for row in rows(desk)} == {"add"}
        assert len(rows(desk)) == 25
        assert "IKEEXT_V4 2" in desk.words
        assert not store.exists()
        await desk.keys("A")
        assert isinstance(desk.top, ApplyScreen)
        assert "25 to add" in desk.words
        assert "Backend: store" in desk.words
        assert "Remote management from hosts without a matching IPsec policy" in desk.words
        await desk.keys("enter")
        await desk.planned()
        assert "Done: 25 added, 0 changed, 0 removed" in desk.said
        assert held(store) == ("nd-transport", 20)
        assert "0 to add, 0 to change, 0 to remove, 25 unchanged" in desk.words
        assert "nothing to do: the backend already holds exactly this" in desk.words
        await desk.keys("A")
        assert isinstance(desk.top, PlanScreen)
        await desk.keys("q")
        assert desk.top is desk.app.designer
        assert desk.said[-1] == "nd-transport is applied to store"


@pytest.mark.parametrize("button", [False, True], ids=["key", "button"])
async def test_nothing_is_done_without_a_yes(store, button):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("A", *"a message is typed first")
        assert isinstance(desk.top, ApplyScreen)
        await (desk.press("cancel") if button else desk.keys("escape"))
        await desk.planned()
        assert isinstance(desk.top, PlanScreen)
        assert not store.exists()
        await desk.keys("escape")
        assert desk.said == []


async def test_what_was_applied_is_left_out_and_what_changed_is_told(store):
    apply(store, exempting({"name": "web", "protocol": "tcp", "remote_ports": [443]}, {"name": "old"}))
    made = exempting({"name": "web", "protocol": "tcp", "remote_ports": [8443]}, {"name": "new", "protocol": "udp"})
    async with at_work(made, store=store) as desk:
        await open_plan(desk)
        assert "6 to add, 6 to change, 6 to remove, 19 unchanged" in desk.words
        plan = desk.top.query_one("#plan", RowTable)
        assert plan.go_to(lambda row: getattr(row, "action", "") == "change")
        await desk.settle()
        assert "443" in desk.explanation
        assert " -> " in desk.explanation.replace("  ", " ")
        for mark, count in (("+", 6), ("~", 6), ("-", 6)):
            assert sum(plan.view.mark(row) == mark for row in plan.rows) == count
        await answer(desk, "A", "enter")
        assert held(store) == ("test", 26)


async def test_another_policy_gives_way_and_the_plan_says_so(store):
    apply(store, design(name="other"))
    async with at_work(store=store) as desk:
        await open_plan(desk)
        assert "replaces other" in desk.words
        shown = [desk.top.query_one("#plan", RowTable).view.cells(row)[1] for row in rows(desk)]
        assert "AuthIP main mode" in shown  # of the policy that the title names
        assert "other: AuthIP main mode" in shown
        assert not [name for name in shown if name.startswith("nd-transport: ")]
        await desk.keys("/", *'"nd-transport: AuthIP main"', "enter")
        await desk.until(lambda: "AuthIP main mode" in desk.text and "AuthIP quick mode" not in desk.text)
        await desk.keys("escape", "A")
        assert "Replaces: other" in desk.words
        await desk.keys("enter")
        await desk.planned()
        assert held(store) == ("nd-transport", 20)


async def test_removing_everything(store):
    apply(store, design())
    async with at_work(design(), store=store) as desk:
        await open_plan(desk)
        assert "nothing to do" in desk.words
        await desk.keys("R")
        await desk.planned()
        assert "Remove all of ours" in desk.words
        assert "19 to remove, 0 unchanged" in desk.words
        assert {row.action for row in rows(desk)} == {"remove"}
        await answer(desk, "A", "escape")
        assert held(store) == ("test", 14)
        await answer(desk, "A", "enter")
        assert held(store) == ("", 0)
        assert "19 to add" in desk.words
        await desk.keys("q")
        assert desk.said[-1] == "Nothing is applied to store"


async def test_planning_again_goes_back_from_removing(store):
    apply(store, design())
    async with at_work(design(), store=store) as desk:
        await open_plan(desk)
        await desk.keys("R")
        await desk.planned()
        await desk.keys("r")
        await desk.planned()
        assert "Apply test" in desk.words
        assert "0 to remove, 19 unchanged" in desk.words


async def test_a_stale_plan_is_refused_and_said(store):
    async with at_work(store=store, size=(140, 45)) as desk:
        await open_plan(desk)
        apply(store, design(name="meanwhile"))
        await answer(desk, "A", "enter")
        assert "the state is now" in desk.said[-1]
        assert "plan again" in desk.said[-1]
        assert "plan again" in desk.words
        assert held(store) == ("meanwhile", 14)
        assert isinstance(desk.top, PlanScreen)
        for key in ("A", "R", "r", "escape"):
            assert desk.top.active_bindings[key].enabled, key
        await desk.keys("r")
        await desk.planned()
        assert "replaces meanwhile" in desk.words
        await answer(desk, "A", "enter")
        assert held(store) == ("nd-transport", 20)


async def test_the_footer_lights_up_again_after_a_failed_apply(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        assert desk.lit == {"?", "A", "C", "R", "r", "esc"}
        apply(store, design(name="meanwhile"))
        await answer(desk, "A", "enter")
        assert desk.lit == {"?", "A", "C", "R", "r", "esc"}


async def test_the_footer_dims_what_cannot_be_done(store):
    apply(store, design())
    async with at_work(design(), store=store) as desk:
        await open_plan(desk)
        assert desk.lit == {"?", "R", "r", "esc"}
        await desk.keys("R")
        await desk.planned()
        assert desk.lit == {"?", "A", "C", "R", "r", "esc"}
    async with at_work(store=store, read_only=True) as desk:
        await open_plan(desk)
        assert desk.lit == {"?", "r", "esc"}


# Read-only.


async def test_read_only_what_is_overdue_is_said_and_left(store):
    backend = StoreBackend(store)
    overdue = backend.plan(compile_design(design(name="overdue")))
    apply_unwatched(backend, overdue, -3600)
    before = store.read_bytes()
    async with at_work(store=store, read_only=True, size=(140, 45)) as desk:
        await open_plan(desk)
        assert "Overdue: what was applied last was not confirmed by" in desk.words
        assert f"ndtui rollback --store {store} reverts it" in desk.words
        await desk.keys("r")
        await desk.planned()
    assert store.read_bytes() == before
    assert held(store) == ("overdue", 14)


async def test_read_only_what_waits_is_said_where_there_is_nothing_to_change(store):
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 3600)
    async with at_work(store=store, read_only=True, size=(140, 45)) as desk:
        await open_plan(desk)
        assert "25 unchanged" in desk.words
        assert "Waits: what was applied last is to be confirmed until" in desk.words
        confirm, rollback = (f"ndtui {each} --store {store}" for each in ("confirm", "rollback"))
        assert f"nobody watches over it: {confirm} keeps it, {rollback} reverts it" in desk.words


# What another program holds on trial.


async def test_what_is_held_on_trial_is_said_and_keeps_anything_from_being_applied(store):
    apply(store, design(name="other"))
    backend = StoreBackend(store)
    backend.apply(backend.plan(None))
    trial = backend.trial(backend.plan(compile_design(preset("nd-transport"))))
    said = f"nd-transport is held on trial by process {os.getpid()}, and goes when that program ends"
    async with at_work(store=store, size=(160, 45)) as desk:
        with closing(trial):
            await open_plan(desk)
            assert "25 to add, 0 to change, 0 to remove, 0 unchanged" in desk.words
            assert f"Trial: {said}: nothing is applied or removed before that" in desk.words
            assert "replaces" not in desk.words
            await desk.keys("A")
            assert desk.said[-1] == said
            await desk.keys("R")
            await desk.planned()
            assert said in desk.words
            await desk.keys("C")
            assert desk.said[-1] == said
            assert isinstance(desk.top, PlanScreen)
        await desk.keys("r")
        await desk.planned()
        assert "Trial: " not in desk.words
        await answer(desk, "A", "enter")
        assert held(store) == ("nd-transport", 20)


@pytest.mark.parametrize("key", ["A", "R"])
async def test_read_only_there_is_no_way_to_write(store, key):
    apply(store, design(name="other"))
    async with at_work(store=store, read_only=True) as desk:
        await open_plan(desk)
        assert "24 to add" in desk.words
        assert key not in desk.lit
        await desk.keys(key)
        assert desk.said == ["Read-only: nothing is written"]
        assert isinstance(desk.top, PlanScreen)
        assert "24 to add" in desk.words
        desk.top.action_apply()
        await desk.settle()
        assert isinstance(desk.top, PlanScreen)
        await desk.keys("r")
        await desk.planned()
        assert "24 to add" in desk.words
        assert held(store) == ("other", 14)
        await desk.keys("q")
        assert "READ-ONLY" in desk.status


# What goes wrong.


@pytest.mark.parametrize("content", [b"no database at all " * 100, None], ids=["text", "folder"])
async def test_a_store_that_is_none_is_said(tmp_path, content):
    place = tmp_path / "store"
    if content is None:
        place.mkdir()
    else:
        place.write_bytes(content)
    async with at_work(store=place) as desk:
        await open_plan(desk)
        assert str(place) in desk.said[0]
        await desk.keys("A")
        assert isinstance(desk.top, PlanScreen)
        assert "nothing to do" not in desk.words
        assert desk.lit == {"?", "R", "r", "esc"}
        await desk.keys("q")
        assert desk.top is desk.app.designer
        assert desk.said[1:] == ["There is no plan yet"]


async def test_there_is_no_backend_of_that_name():
    async with at_work(backend="no-such-backend") as desk:
        await desk.keys("p")
        assert desk.top is desk.app.designer
        assert "no-such-backend" in desk.said[0]


async def test_a_backend_that_has_no_store(tmp_path):
    async with at_work(backend="memory", store=tmp_path / "x") as desk:
        await desk.keys("p")
        assert desk.top is desk.app.designer
        assert "keeps nothing in a file" in desk.said[0]


@contextmanager
def held_back(event: Event):
    """Let a thread go on that waits for an event, at the latest when the test ends."""
    try:
        yield event
    finally:
        event.set()


class Broken(MemoryBackend):
    """Fails as it is told to, with words that are no markup."""

    words = "[/x] [b [red]no[/red]"

    def __init__(self, store: Path | None = None) -> None:
        super().__init__()
        self.may_plan = Event()
        self.may_plan.set()

    def plan(self, target):
        self.may_plan.wait(30)
        if self.fails == "plan":
            raise BackendError(self.words)
        return super().plan(target)

    def apply(self, plan, progress=None, *, within=None):
        if self.fails == "apply":
            raise BackendError(self.words)
        return super().apply(plan, progress, within=within)


@pytest.fixture
def broken(monkeypatch) -> type[Broken]:
    monkeypatch.setitem(registry.BUILT_IN, "broken", "ndtui.backends.broken:Broken")
    monkeypatch.setattr(registry, "load", lambda name: Broken)
    monkeypatch.setattr(Broken, "fails", "", raising=False)
    return Broken


@pytest.mark.parametrize("fails", ["plan", "apply"])
async def test_an_error_of_a_backend_is_a_notification(broken, fails):
    broken.fails = fails
    async with at_work(backend="broken", toasts=True) as desk:
        await open_plan(desk)
        if fails == "apply":
            await answer(desk, "A", "enter")
        assert desk.said == [Broken.words]
        assert Broken.words in desk.text
        assert isinstance(desk.top, PlanScreen)
        broken.fails = ""
        await desk.keys("r")
        await desk.planned()
        await answer(desk, "A", "enter")
        assert "Done: 25 added, 0 changed, 0 removed" in desk.said


async def test_a_backend_that_cannot_be_opened_is_said(broken, monkeypatch):
    def fail(self, store=None):
        raise RuntimeError(Broken.words)

    monkeypatch.setattr(Broken, "__init__", fail)
    async with at_work(backend="broken") as desk:
        await desk.keys("p")
        assert desk.top is desk.app.designer
        assert Broken.words in desk.said[0]


async def test_while_planning_nothing_is_claimed_and_nothing_can_be_applied(broken, monkeypatch):
    waiting = Broken()
    waiting.may_plan.clear()
    monkeypatch.setattr(registry, "load", lambda name: lambda store=None: waiting)
    async with at_work(backend="broken") as desk:
        with held_back(waiting.may_plan):
            await desk.keys("p")
            assert "planning" in desk.words
            assert "nothing to do" not in desk.words
            assert "A" not in desk.lit
            await desk.keys("A")
            assert isinstance(desk.top, PlanScreen)
        await desk.planned()
        assert "25 to add" in desk.words


async def test_leaving_while_planning(broken, monkeypatch):
    waiting = Broken()
    waiting.may_plan.clear()
    monkeypatch.setattr(registry, "load", lambda name: lambda store=None: waiting)
    async with at_work(backend="broken") as desk:
        with held_back(waiting.may_plan):
            await desk.keys("p", "q")
            assert desk.top is desk.app.designer
        await desk.planned()
        assert desk.app.is_running


@pytest.fixture
def slow(broken, monkeypatch) -> Event:
    """The broken backend applies when this is set."""
    backend, gate = Broken(), Event()

    def apply_slowly(plan, progress=None, *, within=None):
        progress(1, 2)
        gate.wait(30)
        return MemoryBackend.apply(backend, plan, progress, within=within)

    monkeypatch.setattr(backend, "apply", apply_slowly, raising=False)
    monkeypatch.setattr(registry, "load", lambda name: lambda store=None: backend)
    return gate


async def test_while_applying_nothing_else_can_be_done(slow):
    async with at_work(backend="broken") as desk:
        await open_plan(desk)
        with held_back(slow):
            await desk.keys("A", "enter")
            await desk.until(lambda: "applying ... 1 of 2" in desk.words)
            assert desk.lit == {"?"}
            for key in ("A", "R", "r", "q", "escape", "ctrl+q"):
                await desk.keys(key)
                assert isinstance(desk.top, PlanScreen)
                assert "applying" in desk.words
            assert desk.said == ["applying: wait until it is done"] * 2  # ctrl+q asks by itself
            assert desk.app.is_running
        await desk.planned()
        assert "25 unchanged" in desk.words
        await desk.keys("ctrl+q")
        assert not desk.app.is_running


async def test_while_applying_nothing_is_done_that_can_wait(slow, monkeypatch):
    """Beside a work that takes the processor an import stops the keys for half a second."""
    done: list[str] = []
    monkeypatch.setattr(screens_ahead, "REST", 0.0)
    monkeypatch.setattr(screens_ahead, "BETWEEN", 3600.0)
    monkeypatch.setattr(screens_ahead, "import_module", done.append)
    async with at_work(backend="broken") as desk:
        await open_plan(desk)
        monkeypatch.setattr(desk.app.collector, "look", lambda *, busy: done.append("garbage"))
        with held_back(slow):
            await desk.keys("A", "enter")
            await desk.until(lambda: "applying" in desk.words)
            done.clear()
            desk.app.import_ahead()
            desk.app.collect()
            assert done == []
        await desk.planned()
        await desk.until(lambda: not is_paused())
        desk.app.import_ahead()
        desk.app.collect()
        assert done == [screens_ahead.MODULES[0], "garbage"]


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_the_counts_stay_in_sight_however_long_the_place(tmp_path, size):
    place = tmp_path / ("folder " * 20) / "store.sqlite3"
    async with at_work(design(name="name " * 60 + "."), size, store=place) as desk:
        await open_plan(desk)
        assert "19 to add" in desk.words
        await desk.keys("A")
        assert "19 to add" in desk.words


async def test_a_plan_of_a_bundle_that_changes_one_property(store):
    """What a change of one flag means is seen property by property."""
    made = design()
    apply(store, made)
    persistent = design(lifetime="persistent")
    async with at_work(persistent, store=store) as desk:
        await open_plan(desk)
        assert "0 to add, 19 to change" in desk.words
        change = rows(desk)[-1]
        assert [name for name, *_ in change.differences()] == ["flags"]
        assert (
            desk.top.query_one("#plan", RowTable).view.cells(change)[2]
            == "Flags: none  ->  FWPM_FILTER_FLAG_PERSISTENT"
        )


def test_marks_for_every_action():
    backend = MemoryBackend()
    plan = backend.plan(compile_design(design()))
    change = plan.changes[0]
    both = change._replace(before=change.after)
    gone = change._replace(before=change.after, after=None)
    assert [PLAN.mark(row) for row in (change, both, gone)] == ["+", "~", "-"]


# What others did, and what cannot stay.


@contextmanager
def somebody(store: Path):
    """Let somebody else change what a store's engine holds."""
    with closing(BfeEngine(store).open()) as session:
        yield session


def theirs(name: str, layer: str = "INBOUND_TRANSPORT_V4", **more) -> dict:
    """Return a filter of somebody else that comes before all of ours."""
    return {
        "displayData": {"name": name},
        "layerKey": f"FWPM_LAYER_{layer}",
        "weight": {"type": "FWP_UINT8", "uint8": 15},
        "action": {"type": "FWP_ACTION_BLOCK", "filterType": None},
        **more,
    }


async def test_what_was_changed_behind_our_back_is_told_apart_from_what_the_plan_does(store):
    made = exempting({"name": "web", "protocol": "tcp"}, {"name": "old", "protocol": "udp"})
    apply(store, made)
    with somebody(store) as session:
        ours = [f for f in session.enumerate("filter", provider=OURS) if f["origin"] == "exemption:web"]
        session.delete("filter", ours[0]["filterKey"])
        session.delete("filter", ours[1]["filterKey"])
        session.add("filter", {**ours[1], "weight": {"type": "FWP_UINT8", "uint8": 3}})
        session.add("filter", theirs("in our name", providerKey=OURS))
    async with at_work(made, size=(140, 45), store=store) as desk:
        await open_plan(desk)
        assert "1 to add, 1 to change, 1 to remove, 29 unchanged" in desk.words
        assert "Drift: 3 objects changed by others" in desk.words
        assert "Drift: changed by others since the last apply 3" in desk.words
        drifted = [row for row in rows(desk) if isinstance(row, Drifted)]
        assert [PLAN.cells(row)[0] for row in drifted] == ["vanished", "changed", "appeared"]
        assert {PLAN.mark(row) for row in drifted} == {"!"}
        assert sum(isinstance(row, Change) for row in rows(desk)) == 3
        assert desk.explanation.startswith("Drift: It was applied, and is gone: somebody else removed it.")
        await desk.keys("j")
        assert "It is no longer as it was applied" in desk.explanation
        assert "Weight: range 0xC -> range 0x3" in " ".join(desk.explanation.split())
        await desk.keys("j")
        assert "in the name of our provider" in desk.explanation
        await desk.keys("A")
        assert "Drift: 3 objects changed by others" in desk.words
        await desk.keys("enter")
        await desk.planned()
        assert "changed by others" not in desk.words
        assert "31 unchanged" in desk.words


async def test_filters_of_others_that_come_first_or_tie_are_named_and_never_counted(store):
    apply(store, design())
    callout = {"type": "FWP_ACTION_CALLOUT_TERMINATING", "filterType": "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4"}
    unicast = {
        "fieldKey": "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE",
        "matchType": "FWP_MATCH_EQUAL",
        "conditionValue": {"type": "FWP_UINT8", "uint8": 1},
    }
    weight = {"type": "FWP_UINT8", "uint8": 0}
    with somebody(store) as session:
        session.add("filter", theirs("[red]block[/x]\u202e[2J"))
        session.add("filter", theirs("beside", action=callout, weight=weight, filterCondition=[unicast]))
        session.add("filter", theirs("harmless", subLayerKey="FWPM_SUBLAYER_INSPECTION"))
    async with at_work(design(), store=store) as desk:
        await open_plan(desk)
        assert "0 to add, 0 to change, 0 to remove, 19 unchanged" in desk.words
        assert "Filters of others: 1 before ours, 1 tied with a callout" in desk.words
        assert "Nothing to do" in desk.words
        assert [(PLAN.mark(row), PLAN.cells(row)[0]) for row in rows(desk)] == [("^", "outranks"), ("=", "ties")]
        assert "[red]block[/x]\\u202e[2J" in desk.words
        assert "harmless" not in desk.words
        assert "evaluated before all of ours" in desk.explanation
        assert "never touched" in desk.explanation
        assert "filter-arbitration" in desk.explanation
        await desk.keys("j")
        assert "which of the two is evaluated first is undefined" in desk.explanation
        assert "A" not in desk.lit
        await desk.keys("R")
        await desk.planned()
        assert "19 to remove" in desk.words
        assert "of others" not in desk.words


async def test_a_dynamic_design_cannot_be_applied_to_stay(store):
    apply(store, design())
    async with at_work(design(lifetime="dynamic"), store=store) as desk:
        await open_plan(desk)
        words = "lifetime dynamic: apply it from the command line with --trial, or choose static or persistent"
        assert words in desk.words
        assert desk.lit == {"?", "R", "r", "esc"}
        for key in ("A", "C"):
            await desk.keys(key)
            assert isinstance(desk.top, PlanScreen)
        await desk.keys("R")
        await desk.planned()
        assert words not in str(desk.top.query_one("#plan-notes", Static).content)
        await answer(desk, "A", "enter")
        assert held(store) == ("", 0)


class InTheWay:
    """What keeps a policy from doing its work: a service that can be started, and something that nobody can settle."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> None:
        self.settled = 0
        self._fails = fails
        monkeypatch.setattr(StoreBackend, "obstacles", lambda _: self.obstacles())

    def obstacles(self) -> list[Obstacle]:
        nobody = Obstacle("there is no network", "plug it in")
        service = Obstacle("IKEEXT does not run", "sc.exe start IKEEXT", "Start IKEEXT", self.settle)
        return [nobody] if self.settled else [service, nobody]

    def settle(self) -> None:
        if self._fails:
            raise BackendError("IKEEXT cannot be started", remedy="see its log")
        self.settled += 1


@pytest.mark.parametrize("action", ["A", "C"])
async def test_what_is_in_the_way_is_said_and_settled_before_it_is_applied(store, monkeypatch, action):
    there = InTheWay(monkeypatch)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        assert "IKEEXT does not run: sc.exe start IKEEXT" in desk.words
        await desk.keys(action)
        assert "Start IKEEXT?" in desk.words
        assert there.settled == 0
        await desk.keys("y")
        await desk.until(lambda: there.settled and not isinstance(desk.top, PlanScreen))
        assert "Apply to store" in desk.words
        assert "there is no network: plug it in" in desk.words
        assert "IKEEXT" not in desk.words
        await desk.keys("escape")
        assert "IKEEXT does not run" not in desk.words
    assert not store.exists()


@pytest.mark.parametrize(("key", "asked"), [("w", True), ("n", False), ("escape", False)])
async def test_what_is_in_the_way_may_stay_there(store, monkeypatch, key, asked):
    there = InTheWay(monkeypatch)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("A", key)
        assert isinstance(desk.top, ApplyScreen) == asked
        assert ("Apply to store" in desk.words) == asked
    assert there.settled == 0


async def test_what_cannot_be_settled_is_said_and_asked_about(store, monkeypatch):
    InTheWay(monkeypatch, fails=True)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("A", "y")
        await desk.until(lambda: desk.said)
        assert desk.said == ["IKEEXT cannot be started: see its log"]
        assert "Apply to store" in desk.words


async def test_nothing_is_settled_to_remove(store, monkeypatch):
    apply(store, design())
    there = InTheWay(monkeypatch)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.run("remove_all")
        await desk.planned()
        await desk.keys("A")
        assert "Remove from store" in desk.words
    assert there.settled == 0


# Words, search, message.


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)], ids=str)
async def test_nothing_of_a_plan_is_told_as_json(store, size):
    apply(store, exempting({"name": "web", "protocol": "tcp", "remote_ports": [443]}))
    made = exempting({"name": "web", "protocol": "tcp", "remote_ports": [8443]}, nd_secure=False)
    async with at_work(made, size, store=store) as desk:
        await open_plan(desk)
        for row in rows(desk):
            assert not set('{}[]"') & set("".join(PLAN.cells(row)))
            for label, text in explain_row(row):
                assert not set('[]"') & set(text), (label, text)
        plan = desk.top.query_one("#plan", RowTable)
        assert plan.go_to(lambda row: getattr(row, "name", "").endswith("exempt web"))
        await desk.settle()
        assert "Object: filter, is changed" in desk.explanation
        assert "Matches: unicast, TCP, remote port 443  ->  unicast, TCP, remote port 8443" in desk.explanation
        assert plan.go_to(lambda row: getattr(row, "name", "").endswith("IKE quick mode"))
        await desk.settle()
        assert "Policy flags: IPSEC_POLICY_FLAG_ND_SECURE  ->  none" in desk.explanation


async def test_a_plan_is_filtered_and_escape_shows_all_again(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("/", *"icmp", "enter")
        assert [row.name for row in rows(desk)] == ["nd-transport: exempt ICMP"] * 6
        assert "6 of 25" in desk.words
        await desk.keys("escape")
        assert len(rows(desk)) == 25
        assert isinstance(desk.top, PlanScreen)
        await desk.keys("/", *"IKEEXT_V6", "enter")
        assert len(rows(desk)) == 2
        await desk.keys("r")
        await desk.planned()
        assert len(rows(desk)) == 2
        await desk.keys("escape", "q")
        assert desk.top is desk.app.designer


async def test_why_it_is_applied_stands_in_the_history(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("A", *"ticket 4711", "enter")
        await desk.planned()
        assert held(store) == ("nd-transport", 20)
        await desk.keys("R")
        await desk.planned()
        await answer(desk, "A", "enter")
    assert [each.note.message for each in StoreBackend(store).history()] == ["", "ticket 4711"]


async def test_a_message_that_is_too_long_is_said_and_applies_nothing(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("A")
        await desk.fill(why="x" * 501)
        assert "the message has 501 characters: use at most 500" in desk.words
        await desk.keys("enter")
        assert isinstance(desk.top, ApplyScreen)
        await desk.fill(why="short")
        assert "Enter goes on" in desk.words
    assert not store.exists()


async def test_what_was_said_of_a_plan_goes_with_it(tmp_path: Path):
    async with at_work(store=tmp_path / "store.sqlite3", toasts=True) as desk:
        await open_plan(desk)
        desk.app.notify("another transaction is going on", severity="error", markup=False)
        await desk.settle()
        assert "another transaction is going on" in desk.words
        await desk.keys("r")
        await desk.planned()
        assert "another transaction is going on" not in desk.words


async def test_how_far_it_is_has_separators_in_large_numbers(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        desk.top.at_work = "applying"
        desk.top.post_message(Advanced(16_000, 60_019))
        await desk.until(lambda: "applying ... 16,000 of 60,019" in desk.words)
        desk.top.at_work = ""


@contextmanager
def another_writer(store: Path):
    """Hold a store as another program does that writes to it."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


async def test_a_program_that_keeps_even_readers_away_is_waited_for_in_the_same_words(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        with another_writer(store) as other:  # an empty file has no log yet beside which it could be read
            await desk.keys("A", "enter")
            await desk.until(lambda: "applying: waiting for another program" in desk.words)
            other.execute("ROLLBACK")
        await desk.planned()
        assert held(store) == ("nd-transport", 20)


async def test_waiting_for_another_program_is_said_and_goes_on_when_it_is_done(store):
    apply(store, design(name="before"))
    async with at_work(store=store) as desk:
        await open_plan(desk)
        with another_writer(store) as other:
            await desk.keys("A", "enter")
            await desk.until(lambda: "applying: waiting for another program" in desk.words)
            assert "esc leaves it" in desk.words
            assert desk.top.why_not(by_name("plan.back")) == ""
            assert "wait until it is done" in desk.top.why_not(by_name("plan.replan"))
            other.execute("ROLLBACK")
        await desk.planned()
        assert held(store) == ("nd-transport", 20)
        assert "waiting for another" not in desk.words


async def test_waiting_for_another_program_can_be_left(store):
    apply(store, design(name="before"))
    async with at_work(store=store, size=(140, 45)) as desk:
        await open_plan(desk)
        with another_writer(store):
            await desk.keys("A", "enter")
            await desk.until(lambda: "waiting for another program" in desk.words)
            await desk.keys("escape")
            await desk.until(lambda: not desk.top.at_work)
            assert isinstance(desk.top, PlanScreen)
            assert "applying: left while another program writes; nothing was changed" in desk.words
        assert held(store) == ("before", 14)
        await desk.keys("r")
        await desk.planned()
        await desk.keys("A", "enter")  # which is not left at once by what was pressed before
        await desk.planned()
        assert held(store) == ("nd-transport", 20)
