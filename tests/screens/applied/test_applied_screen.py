"""The applied screen: what is there now, the history, any revision beside any other, the way back, and what waits."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from ndtui.app import backend_session
from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend import Capabilities
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Change, Revision, StoredObject
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.history_wording import how_words, when_words
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import noting
from ndtui.common.counted import counted
from ndtui.model.compiled.compile import compile_design
from ndtui.screens.applied import applied_screen
from ndtui.screens.applied.applied_screen import AppliedScreen
from ndtui.screens.applied.reading import read, side_of
from ndtui.screens.dialogs.apply_form import WithinScreen
from ndtui.screens.dialogs.countdown import CountdownScreen
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.screens.plan import PlanScreen
from ndtui.ui.rows.applied_rows import HISTORY
from ndtui.ui.widgets.row_table import RowTable
from tests.backends.faults.operations import apply_unwatched
from tests.desk import Desk, at_work
from tests.support import design, exempting, preset

WEB = {"name": "web", "protocol": "tcp", "remote_ports": [443]}
SIZES = [(60, 20), (80, 24), (140, 40)]


def apply(store: Path, made, message: str = "") -> None:
    backend = StoreBackend(store)
    backend.apply(replace(backend.plan(compile_design(made)), message=message))


@pytest.fixture
def store(tmp_path) -> Path:
    """Return a store with three revisions: a policy, an exemption more, and a rollback."""
    path = tmp_path / "store.sqlite3"
    apply(path, design(), "first try")
    apply(path, exempting(WEB), "ticket 4711: let them out")
    backend = StoreBackend(path)
    backend.apply(backend.plan_rollback())
    return path


@pytest.fixture
def quick(monkeypatch) -> None:
    """Look at the backend often."""
    monkeypatch.setattr(backend_session, "FIRST_LOOK", 0.01)
    monkeypatch.setattr(backend_session, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(backend_session, "WAITING_LOOK_EVERY", 0.05)


async def open_applied(desk: Desk) -> None:
    await desk.keys("b")
    assert isinstance(desk.top, AppliedScreen)
    await shown(desk, "Revision", "nothing was applied yet", "No drift")


async def shown(desk: Desk, *words: str) -> None:
    await desk.until(lambda: any(word in desk.words for word in words) and "reading ..." not in desk.words)


async def at_revision(desk: Desk, number: int) -> None:
    table = desk.top.query_one("#applied-history", RowTable)
    assert table.go_to(lambda row: row.number == number)
    said = f"evision {number}"
    await desk.until(lambda: said in desk.text.split("5 Drift")[1] and "reading ..." not in desk.words)


def history(desk: Desk) -> list[Revision]:
    return list(desk.top.query_one("#applied-history", RowTable).rows)


def rows(desk: Desk) -> list:
    table = desk.top.query_one("#applied-rows", RowTable)
    return [row for row in table.rows if table.view.selectable(row)]


def words_of(store: Path) -> list[str]:
    return [how_words(each) for each in StoreBackend(store).history()]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_is_there_now_and_the_history(store, size):
    async with at_work(size=size, store=store) as desk:
        await open_applied(desk)
        assert "Applied to store: " in desk.words
        assert "test, since revision 3 of " in desk.words
        assert "No drift: it is as it was applied" in desk.words
        assert [each.number for each in history(desk)] == [3, 2, 1, 0]
        assert "rolled back to 1" in desk.words
        if size[0] >= 80:
            assert "14 filters in 10 layers, 4 provider contexts" in desk.words
            assert "ticket 4711: " in desk.words
        if size[0] == 140:
            assert f"{noting.user()}@{noting.host()}" in desk.words
        assert "Revision 3 changed: 0 to add, 0 to change, 6 to remove" in desk.words
        await desk.keys("escape")
        assert desk.top is desk.app.designer


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_another_program_holds_on_trial_is_not_shown_as_applied(store, size):
    backend = StoreBackend(store)
    backend.apply(backend.plan(None))
    with closing(backend.trial(backend.plan(compile_design(preset("nd-transport"))))):
        async with at_work(size=size, store=store) as desk:
            await open_applied(desk)
            assert "TRIAL: nd-transport is held on trial by process" in desk.words
            assert "No drift: it is as it was applied" in desk.words
            assert "nd-transport, since revision" not in desk.words
            assert ("Applied: Nothing of ours, since revision 4 of" in desk.words) is (size[1] >= 24)
            await desk.keys("1")
            await shown(desk, "Revision 4 holds nothing applied: 0 filters")
            await desk.keys("3")
            await shown(desk, "From revision 4 to what is there now: the same, 0 objects")


def test_a_revision_says_when_in_local_time_who_and_why(store):
    first = StoreBackend(store).history()[-1]
    number, when, how, who, why, policy, changes = HISTORY.cells(first)
    assert (number, how, why, policy, changes) == ("1", "applied", "first try", "test", "+19 ~0 -0")
    assert when == when_words(first.at, seconds=False)
    assert who == f"{noting.user()}@{noting.host()}"


async def test_the_views_of_a_revision(store):
    async with at_work(exempting(WEB, {"name": "more", "protocol": "udp"}), store=store, size=(100, 36)) as desk:
        await open_applied(desk)
        await at_revision(desk, 2)
        assert "Revision 2 changed: 6 to add, 0 to change, 0 to remove" in desk.words
        assert {row.action for row in rows(desk)} == {"add"}
        await desk.keys("1")
        await shown(desk, "Revision 2 holds test: 20 filters")
        assert sum(isinstance(row, StoredObject) for row in rows(desk)) == 25
        await desk.keys("3")
        await shown(desk, "From revision 2 to what is there now: 0 to add, 0 to change, 6 to remove")
        await desk.keys("v")
        await shown(desk, "From revision 2 to the design test: 6 to add, 0 to change, 0 to remove")
        await desk.keys("5")
        await shown(desk, "Drift: changed by others since the last apply: 0")
        assert rows(desk) == []
        await desk.keys("v")
        await shown(desk, "Revision 2 holds")


async def test_enter_leads_in_and_escape_out_again(store):
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await desk.keys("1")
        await shown(desk, "Revision 3 holds")
        await desk.keys("enter", "G", "enter")
        assert desk.top.query_one("#applied-detail").has_focus
        assert "Matches: " in " ".join(
            f"{line.label}: {line.text}" for line in desk.top.query_one("#applied-detail").lines
        )
        await desk.keys("escape")
        assert desk.top.query_one("#applied-rows").has_focus
        await desk.keys("escape")
        assert desk.top.query_one("#applied-history").has_focus
        await desk.keys("enter", "q")
        assert desk.top is desk.app.designer


async def test_a_revision_is_filtered(store):
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await at_revision(desk, 2)
        await desk.keys("1", "enter", "/", *'"PORT 443"', "enter")
        await shown(desk, "6 of 25")
        assert sum(isinstance(row, StoredObject) for row in rows(desk)) == 6
        await desk.keys("escape")
        await desk.until(lambda: sum(isinstance(row, StoredObject) for row in rows(desk)) == 25)
        assert isinstance(desk.top, AppliedScreen)


async def test_what_is_typed_before_a_view_is_read_filters_it(store, monkeypatch):
    free = Event()

    def held_back(*asked):
        assert free.wait(60)
        return side_of(*asked)

    async with at_work(store=store) as desk:
        await open_applied(desk)
        await at_revision(desk, 2)
        assert rows(desk)
        desk.waits_for_works = False
        monkeypatch.setattr(applied_screen, "side_of", held_back)
        await desk.keys("1")
        assert "reading ..." in desk.words
        assert not rows(desk)
        await desk.keys("enter", "/", *'"PORT 443"', "enter")
        free.set()
        await shown(desk, "6 of 25")


async def test_a_view_is_read_once_and_another_when_the_cursor_rests_on_its_revision(store, monkeypatch):
    asked = []
    monkeypatch.setattr(applied_screen, "REST", 0.01)
    monkeypatch.setattr(applied_screen, "side_of", lambda *given: asked.append(given[2:4]) or side_of(*given))
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await desk.pause(0.1)
        assert asked == [(3, "before")]
        await desk.keys("j")
        await desk.until(lambda: "Revision 2 changed" in desk.words)
        await desk.pause(0.1)
        assert asked == [(3, "before"), (2, "before")]


async def test_a_revision_that_is_selected_no_more_is_not_read_to_its_end(store, monkeypatch):
    begun, ended = Event(), Event()

    def endless(*asked):
        if asked[2] != 2:
            return side_of(*asked)
        try:
            for _ in counted(range(10**9)):
                begun.set()
        finally:
            ended.set()

    monkeypatch.setattr(applied_screen, "REST", 0.01)
    monkeypatch.setattr(applied_screen, "side_of", endless)
    async with at_work(store=store) as desk:
        await open_applied(desk)
        desk.waits_for_works = False
        await desk.keys("j")
        await desk.until(begun.is_set)
        await desk.keys("j")
        await shown(desk, "Revision 1 changed")
        assert ended.is_set()


async def test_the_whole_message_can_be_read(store):
    apply(store, exempting(WEB), "long [/x] " * 30)
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await desk.keys("M")
        assert isinstance(desk.top, ChoiceScreen)
        assert ("long [/x] " * 30).strip() in desk.words
        await desk.keys("escape")
        assert isinstance(desk.top, AppliedScreen)


async def test_drift_is_said_and_shown(store):
    with closing(BfeEngine(store).open()) as session:
        session.delete("filter", StoreBackend(store).snapshot().of_kind("filter")[0]["filterKey"])
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await shown(desk, "DRIFT: 1 object changed by others since then: 5 shows them")
        await desk.keys("5")
        await shown(desk, "last apply: 1")
        (drifted,) = rows(desk)
        assert drifted.change.action == "remove"
        assert "vanished" in desk.words


async def test_a_store_of_nothing(tmp_path):
    async with at_work(store=tmp_path / "store") as desk:
        await open_applied(desk)
        assert "Nothing of ours" in desk.words
        assert "Nothing was applied here yet" in desk.words
        assert "No drift" not in desk.words
        assert "nothing was applied yet" in desk.words
        await desk.keys("R", "M", "d", "enter", "1", "5", "v")
        await desk.settle()
        assert desk.said == [
            "There is no revision to go back to",
            "There is no revision",
            "Nothing waits to be confirmed",
        ]
    assert not (tmp_path / "store").exists()


# The way back.


async def test_rolling_back_has_its_plan_first(store):
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await at_revision(desk, 2)
        await desk.keys("R")
        assert isinstance(desk.top, PlanScreen)
        await desk.planned()
        assert "Roll back to revision 2, test -> store" in desk.words
        assert "6 to add, 0 to change, 0 to remove, 19 unchanged" in desk.words
        assert {row.action for row in desk.top.query_one("#plan", RowTable).rows if isinstance(row, Change)} == {"add"}
        assert len(StoreBackend(store).history()) == 3
        await desk.keys("A")
        assert "Roll back to 2 on store?" in desk.words
        await desk.keys(*"they missed it", "enter")
        await desk.planned()
        assert "Done: 6 added, 0 changed, 0 removed" in desk.said
        await desk.keys("escape")
        assert isinstance(desk.top, AppliedScreen)
        await desk.until(lambda: len(history(desk)) == 5)
        assert "rolled back to 2" in desk.words
    latest = StoreBackend(store).history()[0]
    assert (latest.note.message, latest.note.cause, latest.note.back_to) == ("they missed it", "rolled back", 2)


@pytest.mark.parametrize("size", [(60, 15), (60, 17), (60, 18), *SIZES], ids=str)
async def test_while_something_waits_all_panes_are_on_the_screen(store: Path, size: tuple[int, int]):
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(exempting(WEB))), 3600)
    async with at_work(store=store, size=size) as desk:
        await open_applied(desk)
        await desk.until(lambda: "left to confirm test" in desk.text)
        assert desk.top.max_scroll_y == 0
        assert "Roll back" in desk.text.split("\n")[-1]
        assert "Revision 4 changed" in desk.words
        assert ("No drift" in desk.text) is (size[1] >= 18)


@pytest.mark.parametrize("size", SIZES)
async def test_who_and_why_are_in_the_history_or_it_says_where_they_are(store: Path, size: tuple[int, int]):
    async with at_work(store=store, size=size) as desk:
        await open_applied(desk)
        table = desk.top.query_one("#applied-history", RowTable)
        has_room = {"who", "why"} <= {table.view.columns[number].title for number in table.placed}
        assert has_room == (size[0] >= 80)
        assert ("M tells who and why" in desk.text) != has_room
        await at_revision(desk, 2)
        assert ("ticket 4711" in desk.text) == has_room
        await desk.keys("M")
        assert "ticket 4711" in desk.words
        await desk.pilot.resize_terminal(80 if size[0] < 80 else 60, 24)
        await desk.keys("escape")
        assert ("M tells who and why" in desk.text) == has_room


async def test_what_was_there_before_the_first_revision_is_a_goal_too(tmp_path):
    store = tmp_path / "store"
    apply(store, exempting(WEB), "first try")
    async with at_work(exempting(WEB), store=store, size=(60, 20)) as desk:
        await open_applied(desk)
        await at_revision(desk, 0)
        assert "before the first" in desk.words
        await desk.keys("1")
        await shown(desk, "Revision 0 holds nothing applied")
        await desk.keys("M")
        assert "revision 0: before the first" in desk.words
        await desk.keys("escape", "R")
        await desk.planned()
        assert "Roll back to revision 0, nothing applied" in desk.words
        await desk.keys("A", "enter")
        await desk.planned()
    assert StoreBackend(store).snapshot().objects == ()
    assert words_of(store) == ["rolled back to 0", "applied"]


async def test_a_rollback_can_be_to_be_confirmed(store):
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await at_revision(desk, 2)
        await desk.keys("R")
        await desk.planned()
        await desk.keys("C")
        assert isinstance(desk.top, WithinScreen)
        await desk.keys("enter")
        await desk.planned()
        assert isinstance(desk.top, CountdownScreen)
        await desk.keys("K")
        await desk.planned()
        assert "Confirmed: it stays" in desk.said
    assert words_of(store)[0] == "rolled back to 2"


@pytest.mark.parametrize("key", ["R", "d"])
async def test_read_only_says_so(store, key):
    before = store.read_bytes()
    async with at_work(store=store, read_only=True) as desk:
        await open_applied(desk)
        assert not {"R", "d"} & desk.lit
        await desk.keys(key)
        assert isinstance(desk.top, AppliedScreen)
        assert desk.said == ["Read-only: nothing is written"]
    assert store.read_bytes() == before


# What waits to be confirmed.


def let_wait(store: Path, within: float = 600) -> StoreBackend:
    backend = StoreBackend(store)
    apply_unwatched(backend, backend.plan(compile_design(preset("nd-boundary"))), within)
    return backend


@pytest.mark.parametrize(("key", "said"), [("K", "Confirmed: it stays"), ("R", "Reverted: ")])
async def test_what_waits_is_decided_from_here(store, key, said):
    let_wait(store)
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await shown(desk, "left to confirm nd-boundary")
        assert "UNWATCHED, else back to revision 3; d decides; token " in desk.words
        await desk.keys("d")
        assert isinstance(desk.top, CountdownScreen)
        await desk.keys(key)
        await desk.until(lambda: any(each.startswith(said) for each in desk.said))
        await desk.until(lambda: "left to confirm" not in desk.words)
        assert len(desk.said) == 1
    assert StoreBackend(store).pending() is None
    assert words_of(store)[0] == {"K": "applied", "R": "reverted by the operator"}[key]


async def test_the_countdown_is_left_and_found_again(tmp_path, quick):
    store = tmp_path / "store"
    async with at_work(store=store) as desk:
        await desk.keys("p")
        await desk.planned()
        await desk.keys("C", "enter")
        await desk.planned()
        assert isinstance(desk.top, CountdownScreen)
        await desk.keys("escape")
        await desk.until(lambda: "left to confirm nd-transport, or it is reverted" in desk.words)
        await desk.keys("escape")
        await desk.until(lambda: "confirm within" in desk.status)
        await desk.keys("t")
        await desk.until(lambda: "left to confirm nd-transport" in desk.words)
        await desk.keys("q", "b")
        await shown(desk, "left to confirm nd-transport")
        await desk.keys("d", "K")
        await desk.until(lambda: "Confirmed: it stays" in desk.said)
        await desk.keys("q")
        await desk.until(lambda: "confirm within" not in desk.status)
        assert [each for each in desk.said if "confirmed" in each] == []
    assert StoreBackend(store).pending() is None


ENDINGS = {
    "nd-boundary was confirmed, and stays": lambda backend: backend.confirm(),
    "nd-boundary was reverted by ": lambda backend: backend.revert(backend.pending().token),
    "nd-boundary was removed by ": lambda backend: backend.apply(backend.plan(None)),
    "nd-boundary was rolled back to 1 by ": lambda backend: backend.apply(backend.plan_rollback(1)),
}


@pytest.mark.parametrize("screen", ["designer", "p", "t", "b"])
@pytest.mark.parametrize("said", ENDINGS)
async def test_how_it_ended_is_said_once_on_every_screen_whoever_ended_it(store, quick, said, screen):
    backend = let_wait(store)
    async with at_work(store=store, read_only=True) as desk:
        if screen != "designer":
            await desk.keys(screen)
        await desk.until(lambda: "left to confirm nd-boundary" in desk.words or "confirm within" in desk.words)
        ENDINGS[said](backend)
        await desk.until(lambda: any(each.startswith(said) for each in desk.said))
        await desk.until(lambda: "left to confirm" not in desk.words and "confirm within" not in desk.words)
        for _ in range(5):
            await desk.pause(0.02)
        assert len([each for each in desk.said if "nd-boundary was" in each]) == 1


async def test_what_nobody_confirmed_is_said_in_the_words_of_the_history(store, quick):
    backend = let_wait(store, within=1)
    async with at_work(store=store) as desk:
        await desk.keys("b")
        await shown(desk, "confirm")
        await desk.until(lambda: "not confirmed by " in desk.words)
        assert "nd-boundary is to be reverted, and nobody is there to do it" in desk.words
        backend.revert(backend.pending().token)
        await desk.until(lambda: "nd-boundary was reverted: not confirmed" in desk.said)
        await desk.until(lambda: "reverted: not confirmed" in desk.words)


async def test_a_plan_that_waits_is_made_when_it_is_settled_elsewhere(store, quick):
    backend = let_wait(store)
    async with at_work("nd-boundary", store=store) as desk:
        await desk.keys("p")
        await desk.planned()
        assert isinstance(desk.top, CountdownScreen)
        await desk.keys("escape")
        await desk.until(lambda: "left to confirm nd-boundary" in desk.words)
        assert "waits to be confirmed: r to decide" in desk.words
        backend.confirm()
        await desk.until(lambda: "nothing to do" in desk.words)
        assert desk.said == ["nd-boundary was confirmed, and stays"]


async def test_the_seconds_run_down_without_a_look(store, quick, monkeypatch):
    monkeypatch.setattr(backend_session, "LOOK_EVERY", 3600)
    let_wait(store)
    async with at_work(store=store) as desk:
        await desk.until(lambda: "confirm within" in desk.status)

        def fail(self):
            raise BackendError("the store is busy")

        monkeypatch.setattr(StoreBackend, "pending", fail)
        before = desk.status
        await desk.until(lambda: desk.status != before)
        assert "confirm within 09:5" in desk.status
        assert desk.said == []


# What goes wrong.


@pytest.mark.parametrize("method", ["snapshot", "pending", "watched"])
async def test_a_backend_that_cannot_be_read_is_one_line(store, monkeypatch, method):
    def fail(*_):
        raise BackendError("the store is busy [/x]", remedy="wait")

    let_wait(store)
    monkeypatch.setattr(StoreBackend, method, fail)
    async with at_work(store=store) as desk:
        await desk.keys("b")
        await desk.until(lambda: "the store is busy [/x]: wait" in desk.words)
        assert "the store is busy [/x]: wait" in desk.said
        await desk.keys("R", "d", "1", "enter", "q")
        assert desk.top is desk.app.designer


async def test_what_cannot_be_read_is_not_shown_as_empty(tmp_path):
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    async with at_work(store=path) as desk:
        await desk.keys("b")
        await desk.until(lambda: "is no store of ndtui" in desk.words)
        await shown(desk, "nothing is read")
        assert "it cannot be read" in desk.words
        for wrong in ("nothing was applied yet", "already holds exactly this", "no drift"):
            assert wrong not in desk.words


async def test_what_another_program_does_meanwhile_is_noticed(store, monkeypatch):
    monkeypatch.setattr(applied_screen, "LOOK_EVERY", 0.05)
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await at_revision(desk, 1)
        backend = StoreBackend(store)
        backend.apply(backend.plan(None))
        await desk.until(lambda: len(history(desk)) == 5)
        assert "Nothing of ours, since revision 4" in desk.words
        assert desk.top.query_one("#applied-history", RowTable).row.number == 1
        store.write_bytes(b"no database at all" * 100)
        await desk.until(lambda: "it cannot be read" in desk.words)


async def test_a_history_that_cannot_be_read_leaves_the_rest(store, monkeypatch):
    def fail(self):
        raise BackendError("the history is damaged [b")

    monkeypatch.setattr(StoreBackend, "history", fail)
    async with at_work(store=store) as desk:
        await desk.keys("b")
        await shown(desk, "the history is damaged [b")
        assert "Whether others changed it cannot be told" in desk.words
        assert "14 filters" in desk.words


async def test_a_revision_that_cannot_be_read_is_said_in_its_place(store, monkeypatch):
    def fail(self, number=None):
        raise BackendError(f"revision {number} is gone [/x]")

    async with at_work(store=store) as desk:
        await open_applied(desk)
        monkeypatch.setattr(StoreBackend, "plan_rollback", fail)
        await desk.keys("j")
        await shown(desk, "revision 1 is gone [/x]")  # what 2 held was found before, for what 3 changed
        assert rows(desk) == []


async def test_a_backend_without_a_history_shows_what_is_there(monkeypatch):
    monkeypatch.setattr(MemoryBackend, "capabilities", Capabilities())
    async with at_work(backend="memory") as desk:
        await desk.keys("b")
        await shown(desk, "Nothing of ours")
        assert "Whether others changed it cannot be told" in desk.words


async def test_a_busy_backend_is_not_left_and_nobody_tells_its_end_before_the_screen(store, quick, monkeypatch):
    from threading import Event

    let_wait(store)
    may = Event()
    confirm = StoreBackend.confirm

    def slow(self, token=None):
        confirm(self, token)
        may.wait(20)

    monkeypatch.setattr(StoreBackend, "confirm", slow)
    async with at_work(store=store) as desk:
        await open_applied(desk)
        await desk.keys("d", "K")
        await desk.until(lambda: desk.top.at_work)
        try:
            await desk.keys("q", "R", "d", "ctrl+q", "j")
            for _ in range(8):
                await desk.pause(0.03)
            assert isinstance(desk.top, AppliedScreen)
            assert set(desk.said) == {"confirming: wait until it is done"}
        finally:
            may.set()
        await desk.until(lambda: "Confirmed: it stays" in desk.said)
        await desk.keys("q")
        assert desk.top is desk.app.designer
        assert desk.said.count("Confirmed: it stays") == len(set(desk.said)) - 1 == 1


HOSTILE = ["[/x] [b", "\x1b[31mred\x07", "\u202eabc", "鍵" * 60, "x" * 500]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_hostile_message_acts_nowhere(store, size):
    for number, text in enumerate(HOSTILE):
        apply(store, exempting({**WEB, "remote_ports": [number + 1]}), text)
    async with at_work(store=store, size=size) as desk:
        await open_applied(desk)
        for _ in HOSTILE:
            await desk.keys("m")
            assert all(line.isprintable() for line in desk.text.split("\n"))
            await desk.keys("escape", "j")
            assert all(line.isprintable() for line in desk.text.split("\n"))


def test_what_the_latest_revision_held_is_what_is_there_as_long_as_nobody_changed_it(store, monkeypatch):
    backend = StoreBackend(store)
    latest = backend.history()[0].number
    asked = []
    real = backend.plan_rollback
    monkeypatch.setattr(backend, "plan_rollback", lambda number=None: asked.append(number) or real(number))
    reading = read(backend)
    sided = side_of(backend, reading, latest, "contents", compile_design(preset("nd-transport")))
    assert asked == []
    fresh = replace(reading, drift=None, contents={})
    assert side_of(backend, fresh, latest, "contents", compile_design(preset("nd-transport"))).title == sided.title
    assert asked == [latest]
    side_of(backend, fresh, latest, "contents", compile_design(preset("nd-transport")))
    assert asked == [latest]
