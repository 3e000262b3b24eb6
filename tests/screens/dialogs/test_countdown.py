"""Applying what has to be confirmed: it stays when somebody says so in time, and is reverted by itself otherwise."""

import re
from pathlib import Path

import pytest

from ndtui.app import backend_session
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import answering, watchdog
from ndtui.common.settings import Settings
from ndtui.model.compiled.compile import compile_design
from ndtui.screens.dialogs import countdown
from ndtui.screens.dialogs.apply_form import WithinScreen
from ndtui.screens.dialogs.countdown import CountdownScreen, seconds_of
from ndtui.screens.plan import PlanScreen
from tests.backends.faults.operations import apply_unwatched
from tests.desk import Desk, at_work
from tests.support import design, preset

SIZES = [(140, 45), (80, 24), (60, 20)]


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def hasty(monkeypatch) -> None:
    """Let a second be enough, and look often."""
    monkeypatch.setattr(countdown, "SHORTEST", 1)
    monkeypatch.setattr(countdown, "LOOK_EVERY", 0.05)


def held(store: Path) -> tuple[str, int, bool]:
    """Return the name of the policy that a store holds, how many filters, and whether it waits to be confirmed."""
    snapshot = StoreBackend(store).snapshot()
    return snapshot.policy, len(snapshot.of_kind("filter")), snapshot.pending is not None


def apply(store: Path, made, within: float | None = None) -> None:
    backend = StoreBackend(store)
    backend.apply(backend.plan(compile_design(made)), within=within)


def actions(store: Path) -> list[str]:
    return [revision.action for revision in StoreBackend(store).history()]


def left(desk: Desk) -> int:
    """Return how many seconds are left, as the dialog says."""
    return int(re.findall(r"reverted in (\d+) s", desk.words)[0])


async def open_plan(desk: Desk) -> None:
    await desk.keys("p")
    await desk.planned()


async def apply_within(desk: Desk, time: str) -> None:
    """Apply what has to be confirmed, up to the question whether it stays."""
    await desk.keys("C")
    assert isinstance(desk.top, WithinScreen)
    await desk.fill(within=time)
    await desk.keys("enter")
    await desk.planned()
    assert isinstance(desk.top, CountdownScreen)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_applied_and_kept(store, size):
    async with at_work(size=size, store=store) as desk:
        await open_plan(desk)
        await desk.keys("C")
        assert "25 to add" in desk.words
        assert "Backend: store" in desk.words
        assert "90s" in desk.words
        await desk.keys("enter")
        await desk.planned()
        assert "Done: 25 added, 0 changed, 0 removed" in desk.said
        assert held(store) == ("nd-transport", 20, True)
        assert "Keep this policy? It is reverted in " in desk.words
        assert " s unless you confirm. nd-transport is applied to store" in desk.words
        assert "Keep (K) Revert now (R) Later (esc)" in desk.words
        await desk.keys("K")
        await desk.planned()
        assert desk.said[-1] == "Confirmed: it stays"
        assert held(store) == ("nd-transport", 20, False)
        assert "25 unchanged" in desk.words
        await desk.keys("q")
        assert desk.said[-1] == "nd-transport is applied to store"
    assert actions(store) == ["apply"]


def looked(desk: Desk) -> bool:
    """Have the application look at the backend, beside the rest."""
    desk.app._look_what_waits()
    return True


async def test_how_it_ended_is_told_once_however_soon_the_application_looks(store, monkeypatch):
    """A look may come before the message that the backend has moved: here it always does, for that never comes."""
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(backend_session.BackendSession, "on_backend_moved", lambda _: None)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("C", "enter")
        await desk.planned()
        await desk.until(lambda: looked(desk) and desk.app.waiting.brief)
        await desk.keys("K")
        await desk.planned()
        await desk.until(lambda: looked(desk) and not desk.app.waiting.brief)
        assert [said for said in desk.said if "onfirmed" in said] == ["Confirmed: it stays"]


@pytest.mark.parametrize("button", [False, True], ids=["key", "button"])
async def test_taken_back_at_once(store, button):
    apply(store, design(name="before"))
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "5m")
        assert "4 min" in desk.words or "5 min 0 s" in desk.words
        await (desk.press("revert") if button else desk.keys("R"))
        await desk.planned()
        assert desk.said[-1] == "Reverted: 18 added, 0 changed, 24 removed"
        assert held(store) == ("before", 14, False)
        assert "replaces before" in desk.words
        await desk.keys("q")
        assert desk.said[-1] == "before is applied to store"
    assert actions(store) == ["rollback", "apply", "apply"]


async def test_nobody_confirms_and_it_is_taken_back(store, hasty):
    async with at_work(store=store, size=(60, 20)) as desk:
        await open_plan(desk)
        await apply_within(desk, "2s")
        await desk.until(lambda: "It was reverted" in desk.words)
        assert "What was there before is there again. Nobody confirmed it in time." in desk.words
        assert "Keep" not in desk.words
        assert "Done" in desk.said[-1]
        assert list(desk.app._notifications) == [], "that it was done is so no more"
        assert held(store) == ("", 0, False)
        await desk.keys("K", "R")
        assert isinstance(desk.top, CountdownScreen)
        await desk.keys("enter")
        await desk.planned()
        assert isinstance(desk.top, PlanScreen)
        assert "25 to add" in desk.words
        await desk.keys("q")
        assert desk.said[-1].startswith("Done")
    assert actions(store) == ["rollback", "apply"]


async def test_the_seconds_run(store, hasty):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "60")
        at_first = left(desk)
        await desk.until(lambda: left(desk) < at_first)
        await desk.keys("K")
        await desk.planned()


async def test_leaving_the_designer_confirms_nothing(store, hasty):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "2")
        await desk.keys("ctrl+q")
        assert not desk.app.is_running
    async with at_work(store=store) as desk:
        await desk.until(lambda: not held(store)[2])
    assert held(store) == ("", 0, False)
    assert actions(store) == ["rollback", "apply"]


async def test_what_waits_is_asked_about_as_soon_as_the_plan_is_opened(store):
    apply(store, design(name="earlier"), within=60)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        assert isinstance(desk.top, CountdownScreen)
        assert "earlier is applied to store" in desk.words
        await desk.keys("R")
        await desk.planned()
        assert "25 to add, 0 to change, 0 to remove" in desk.words
    assert held(store) == ("", 0, False)


async def test_later_leaves_it_waiting(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "1m")
        await desk.keys("escape")
        assert isinstance(desk.top, PlanScreen)
        assert "nd-transport waits to be confirmed: r to decide" in desk.words
        assert "nothing to do" not in desk.words
        assert desk.lit == {"?", "R", "r", "esc"}
        await desk.keys("A", "C")
        assert isinstance(desk.top, PlanScreen)
        await desk.keys("r")
        await desk.planned()
        assert isinstance(desk.top, CountdownScreen)
        await desk.keys("enter")
        assert held(store) == ("nd-transport", 20, True)
        await desk.keys("R")
        await desk.planned()
        await desk.keys("K")
        await desk.planned()
        assert held(store) == ("nd-transport", 20, False)


@pytest.mark.parametrize("kept", [True, False], ids=["confirmed", "reverted"])
async def test_what_was_decided_elsewhere_is_said(store, hasty, kept):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "60")
        elsewhere = StoreBackend(store)
        if kept:
            elsewhere.confirm()
        else:
            elsewhere.apply(elsewhere.plan_rollback())
        word = "It was confirmed" if kept else "It was reverted"
        await desk.until(lambda: word in desk.words)
        assert "in time" not in desk.words
        await desk.keys("escape")
        await desk.planned()
        assert ("25 unchanged" if kept else "25 to add") in desk.words
        await desk.keys("q")
        assert (desk.said[-1] == "nd-transport is applied to store") is kept


@pytest.mark.parametrize("key", ["K", "R"])
@pytest.mark.parametrize("done", ["confirmed", "confirmed, another", "reverted", "reverted, another"])
async def test_answering_no_can_apply_nothing_when_others_came_first(store, monkeypatch, done, key):
    looks = []

    def looked(*of: object) -> object:
        looks.append(answering.revert_if_overdue(*of))
        return looks[-1]

    monkeypatch.setattr(countdown, "revert_if_overdue", looked)
    monkeypatch.setattr(countdown, "LOOK_EVERY", 3600)
    for often in ("FIRST_LOOK", "LOOK_EVERY", "WAITING_LOOK_EVERY"):
        monkeypatch.setattr(backend_session, often, 3600)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "60")
        await desk.until(lambda: looks == [None])  # the only look of the dialog, before others come
        elsewhere = StoreBackend(store)
        if done.startswith("confirmed"):
            elsewhere.confirm()
        else:
            elsewhere.apply(elsewhere.plan_rollback())
        if done.endswith("another"):
            apply(store, design(name="other"))
        before = elsewhere.snapshot().state
        await desk.keys(key)
        said = "It was confirmed by somebody else" if done.startswith("confirmed") else "It was reverted already"
        await desk.until(lambda: desk.said[-1].startswith(said))
        await desk.planned()
        assert ("other has been applied since" in desk.said[-1]) is done.endswith("another")
        assert StoreBackend(store).snapshot().state == before
        assert isinstance(desk.top, PlanScreen)
        kept = done == "confirmed"
        assert ("25 unchanged" in desk.words) is kept
        await desk.keys("q")
        assert (desk.said[-1] == "nd-transport is applied to store") is kept


@pytest.mark.parametrize("late", [True, False], ids=["stopped", "killed"])
async def test_claims_with_the_watchdog_gone_the_countdown_reverts(store, hasty, monkeypatch, late):
    monkeypatch.setattr(watchdog, "GRACE", 0.1)
    apply(store, design(name="before"))
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 1)
    monkeypatch.setattr(StoreBackend, "watched", lambda *_: late)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.until(lambda: "It was reverted" in desk.words)
        assert "What was there before is there again. Nobody confirmed it in time." in desk.words
    assert held(store) == ("before", 14, False)
    assert actions(store) == ["rollback", "apply", "apply"]


async def test_claims_that_nobody_watches_is_said(store, hasty):
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 60)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.until(lambda: "Nobody watches over it" in desk.words)
        await desk.keys("K")
        await desk.planned()
    assert held(store) == ("nd-transport", 20, False)


async def test_what_becomes_of_it_after_a_restart_is_said_beforehand(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("C")
        assert "If this machine is restarted meanwhile, nothing reverts it by itself: run ndtui status" in desk.words


@pytest.mark.parametrize("width", [140, 60])
async def test_claims_the_status_line_says_what_waits_and_whether_anybody_watches(store, monkeypatch, width):
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(backend_session, "LOOK_EVERY", 0.05)
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 60)
    async with at_work(store=store, size=(width, 30)) as desk:
        await desk.until(lambda: "confirm within 0" in desk.words)
        assert "UNWATCHED" in desk.words
        with monkeypatch.context() as patch:
            patch.setattr(StoreBackend, "watched", lambda *_: True)
            await desk.until(lambda: "UNWATCHED" not in desk.words)
            assert "confirm within 0" in desk.words
        backend.confirm()
        await desk.until(lambda: "confirm within" not in desk.words)


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_claims_a_dialog_over_the_status_line_says_what_waits_too(store, monkeypatch, size):
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(backend_session, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(backend_session, "WAITING_LOOK_EVERY", 0.05)
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-transport"))), 60)
    async with at_work(store=store, size=size) as desk:
        await desk.until(lambda: "confirm within" in desk.status)
        for opens in ("a", "?", ":"):
            await desk.keys(opens)
            (said, *_) = re.findall(r"confirm within [\d:]+, UNWATCHED", desk.text)
            if opens == "a":  # the others count by the same clock
                await desk.until(lambda was=said: was not in desk.text and "UNWATCHED" in desk.text)
            if opens != ":":
                assert "UNWATCHED" in desk.text.split("\n")[desk.top.query_one(".dialog").region.y]
                await desk.keys("escape")
        backend.confirm()
        await desk.until(lambda: "confirm within" not in desk.text)
        await desk.keys("escape", "a")
        assert desk.top.query_one(".dialog").border_title in (None, "")


async def test_the_dialog_and_the_screen_below_it_count_with_each_second_whoever_looks(store, monkeypatch):
    times = [60.0]
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    for often in ("LOOK_EVERY", "WAITING_LOOK_EVERY"):
        monkeypatch.setattr(backend_session, often, 3600)
    monkeypatch.setattr(countdown, "LOOK_EVERY", 3600)
    monkeypatch.setattr(Pending, "seconds_left", lambda _: times[-1])
    monkeypatch.setattr(Pending, "next_second", lambda _: 0.02)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "60")
        await desk.until(lambda: desk.app.waiting.brief)
        for seconds, said in ((41.0, 41), (39.2, 40), (9.9, 10)):
            times.append(seconds)
            await desk.until(lambda said=said: left(desk) == said and f"00:{said:02} left" in desk.text)
        await desk.keys("K")
        await desk.planned()


async def test_the_dialog_that_counts_itself_says_it_once(store, monkeypatch):
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "60")
        await desk.until(lambda: looked(desk) and desk.app.waiting.brief)
        assert "reverted in" in desk.words
        assert "confirm within" not in desk.words
        await desk.keys("K")
        await desk.planned()


async def test_trouble_while_looking_is_said_and_passes(store, hasty, monkeypatch):
    def fail(self):
        raise BackendError("the store is busy [/x]")

    async with at_work(store=store) as desk:
        await open_plan(desk)
        await apply_within(desk, "60")
        with monkeypatch.context() as patch:
            patch.setattr(StoreBackend, "pending", fail)
            await desk.until(lambda: "the store is busy [/x]" in desk.words)
            assert "reverted in" in desk.words
        await desk.until(lambda: "busy" not in desk.words)
        await desk.keys("K")
        await desk.planned()
    assert held(store) == ("nd-transport", 20, False)


async def test_removing_can_have_to_be_confirmed_too(store):
    apply(store, design())
    async with at_work(design(), store=store) as desk:
        await open_plan(desk)
        await desk.keys("R")
        await desk.planned()
        await apply_within(desk, "60s")
        assert held(store) == ("", 0, True)
        assert "Nothing of ours is applied to store" in desk.words
        await desk.keys("R")
        await desk.planned()
    assert held(store) == ("test", 14, False)


@pytest.mark.parametrize("time", ["", "4", "4s", "0", "-5", "5.5", "1h1", "61m", "2h", "9999999", "x", "5 d", "٩٠"])
async def test_a_time_that_is_none_is_refused(store, time):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("C")
        await desk.fill(within=time)
        assert "is no time: write 90, 90s or 5m, from 5s to 1h" in desk.problem
        await desk.keys("enter")
        assert isinstance(desk.top, WithinScreen)
        await desk.keys("escape")
        assert isinstance(desk.top, PlanScreen)
    assert not store.exists()


async def test_arrows_go_through_what_is_asked(store):
    async with at_work(store=store) as desk:
        await open_plan(desk)
        await desk.keys("C")
        for key, field in (("down", "within"), ("down", "ok"), ("up", "within"), ("up", "why")):
            await desk.keys(key)
            assert desk.top.focused.id == field


@pytest.mark.parametrize(
    ("time", "seconds"), [("90", 90), ("5", 5), ("90s", 90), (" 5m ", 300), ("1h", 3600), ("60m", 3600), ("3600", 3600)]
)
def test_times(time, seconds):
    assert seconds_of(time) == seconds


async def test_a_backend_that_cannot_revert_dims_it():
    async with at_work(backend="memory") as desk:
        await open_plan(desk)
        assert desk.lit == {"?", "A", "R", "r", "esc"}
        await desk.keys("C")
        assert isinstance(desk.top, PlanScreen)


async def test_read_only_there_is_nothing_to_decide(store):
    apply(store, design(name="earlier"), within=60)
    async with at_work(store=store, read_only=True) as desk:
        await open_plan(desk)
        assert isinstance(desk.top, PlanScreen)
        assert "replaces earlier" in desk.words
        await desk.keys("C")
        assert isinstance(desk.top, PlanScreen)
    assert held(store) == ("earlier", 14, True)
    StoreBackend(store).confirm()


async def test_the_time_of_the_settings_stands_there_and_what_is_typed_is_the_message(store):
    settings = Settings.model_validate({"confirm_seconds": 45})
    async with at_work(store=store, settings=settings) as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("C", *"DNS")
        assert desk.top.consent() == ("DNS", 45)
