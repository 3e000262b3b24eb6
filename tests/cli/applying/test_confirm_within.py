"""Keep it? What an answer does when others were there before it, and what is said when nobody answers or watches."""

import io
import json
import re
import shlex
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Pending
from ndtui.backends.planning.execute import execute
from ndtui.backends.store import StoreBackend
from ndtui.cli.applying import confirm_within
from ndtui.model.compiled.compile import compile_design
from ndtui.testing.sample_designs import ONE, TWO
from tests.backends.faults.operations import apply_unwatched
from tests.backends.holding import plan_for, put
from tests.cli.running import Run
from tests.support import preset

Act = Callable[[StoreBackend], object]


@pytest.fixture
def store(tmp_path: Path) -> StoreBackend:
    """Return a store that holds ONE."""
    made = StoreBackend(tmp_path / "store.sqlite3")
    put(made, ONE)
    return made


def waiting(store: StoreBackend, within: float = 60) -> Pending:
    """Have TWO wait to be confirmed; nobody watches."""
    apply_unwatched(store, plan_for(store, TWO), within)
    pending = store.pending()
    assert pending is not None
    return pending


def applied_since(store: StoreBackend) -> list[str]:
    return [each.policy for each in reversed(store.history())]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what has an operator at a terminal type an answer."""

    def answer(text: str) -> None:
        monkeypatch.setattr(confirm_within, "is_interactive", lambda: True)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return answer


SETTLED: dict[str, tuple[Act, str]] = {
    "confirmed": (lambda store: store.confirm(), "It was confirmed by somebody else and stays; nothing was done."),
    "reverted": (lambda store: store.apply(store.plan_rollback()), "It was reverted already; nothing was done."),
    "another": (
        lambda store: (store.confirm(), put(store, ONE)),
        "It was confirmed by somebody else, and one has been applied since; nothing was done.",
    ),
    "another waits": (
        lambda store: (store.confirm(), apply_unwatched(store, plan_for(store, ONE), 60, "another")),
        "It was confirmed by somebody else, and one has been applied since, which waits to be confirmed; "
        "nothing was done.",
    ),
}


@pytest.mark.parametrize("answer", ["y", "n"])
@pytest.mark.parametrize("what", SETTLED)
def test_answering_no_can_apply_nothing_when_others_came_first(
    store: StoreBackend,
    answering: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    what: str,
    answer: str,
) -> None:
    pending = waiting(store)
    act, said = SETTLED[what]
    act(store)
    before = store.snapshot().state, store.pending(), store.history()
    answering(f"{answer}\n")
    status = confirm_within.wait_for_answer(store, pending, yes=False)
    assert capsys.readouterr().out == f"{said}\n"
    assert (store.snapshot().state, store.pending(), store.history()) == before
    assert status == (0 if (what, answer) == ("confirmed", "y") else 1)


@pytest.mark.parametrize(
    ("answer", "said", "status", "history"),
    [
        ("y", "Confirmed: it stays.", 0, ["one", "two"]),
        ("n", "Reverted.", 1, ["one", "two", "one"]),
        ("", "Reverted.", 1, ["one", "two", "one"]),
    ],
)
def test_an_answer_in_time_is_done(
    store: StoreBackend,
    answering: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    answer: str,
    said: str,
    status: int,
    history: list[str],
) -> None:
    pending = waiting(store)
    answering(f"{answer}\n")
    assert confirm_within.wait_for_answer(store, pending, yes=False) == status
    assert capsys.readouterr().out == f"{said}\n"
    assert applied_since(store) == history
    assert store.pending() is None


def test_claims_with_the_watchdog_gone_who_waits_reverts_before_saying_so(
    store: StoreBackend, answering: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    pending = waiting(store, within=0)
    answering("")
    assert confirm_within.wait_for_answer(store, pending, yes=False) == 1
    assert "Nobody confirmed it in time, and so it was reverted." in capsys.readouterr().out
    assert applied_since(store) == ["one", "two", "one"]


def test_claims_what_somebody_confirmed_at_the_last_moment_is_not_said_to_be_reverted(
    store: StoreBackend, answering: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    pending = waiting(store, within=0)
    with store.watching(pending.token):
        store.confirm()
    answering("")
    assert confirm_within.wait_for_answer(store, pending, yes=False) == 0
    assert "It was confirmed by somebody else and stays." in capsys.readouterr().out
    assert applied_since(store) == ["one", "two"]


def test_claims_nothing_is_said_to_be_reverted_that_cannot_be(
    store: StoreBackend,
    answering: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pending = waiting(store, within=0)
    tried = []

    def fail(*_: object) -> Applied:
        tried.append(1)
        raise BackendError("the store is in use")

    monkeypatch.setattr(StoreBackend, "revert", fail)
    monkeypatch.setattr(confirm_within, "PATIENCE", -60.0)
    answering("")
    with pytest.raises(BackendError, match="in use"):
        confirm_within.wait_for_answer(store, pending, yes=False)
    assert "reverted" not in capsys.readouterr().out
    assert tried


WAITING = (
    r"ndtui: error: what was applied last waits to be confirmed, for \d+ s more: ndtui confirm --store \S+ keeps it, .*"
)


@pytest.mark.parametrize("more", [(), ("--confirm-within", "60s"), ("--trial",)], ids=" ".join)
@pytest.mark.parametrize("design", ["nd-transport", "nd-boundary"])
def test_nothing_is_applied_or_said_to_be_while_something_waits(
    run: Run, store: StoreBackend, design: str, more: tuple[str, ...]
) -> None:
    assert run("apply", "nd-transport", "--store", store.path, "--yes").status == 0
    put(store, ONE)
    apply_unwatched(store, store.plan_rollback(), 60)
    before = store.snapshot().state, store.pending(), store.history()
    refusal = run("apply", design, "--store", store.path, "--yes", *more).refusal(1)
    assert re.fullmatch(WAITING, refusal)
    assert (store.snapshot().state, store.pending(), store.history()) == before


def test_a_saved_plan_that_is_carried_out_already_is_refused_while_that_waits(
    run: Run, store: StoreBackend, tmp_path: Path
) -> None:
    saved = tmp_path / "change.json"
    apply_unwatched(store, store.plan(compile_design(preset("nd-transport"))), 60)
    assert run("plan", "nd-transport", "--store", store.path, "-o", saved).status == 0
    assert re.fullmatch(WAITING, run("apply", saved, "--yes").refusal(1))


def test_nothing_is_said_to_be_in_force_that_a_watchdog_is_about_to_revert(
    run: Run, store: StoreBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_unwatched(store, store.plan(compile_design(preset("nd-transport"))), 0)
    monkeypatch.setattr(StoreBackend, "watched", lambda *_: True)
    refusal = run("apply", "nd-transport", "--store", store.path, "--yes").refusal(1)
    assert "what was applied last was not confirmed by " in refusal
    assert refusal.endswith(f", and is not reverted yet: ndtui rollback --store {store.path} reverts it")


@pytest.mark.parametrize("words", [("remove",), ("rollback", "2")], ids=" ".join)
def test_what_waits_is_not_said_to_be_there_to_stay(run: Run, store: StoreBackend, words: tuple[str, ...]) -> None:
    apply_unwatched(store, store.plan(None) if words == ("remove",) else plan_for(store, TWO), 60)
    assert re.fullmatch(WAITING, run(*words, "--store", store.path, "--yes").refusal(1))


def test_what_a_revert_leads_to_may_be_there_already(run: Run, store: StoreBackend) -> None:
    pending = waiting(store)
    with closing(store._engine.open()) as session:
        there = {each.identity for each in store.snapshot().objects}
        plan = store.plan_rollback(pending.back_to)
        session.begin()
        execute(session, plan.changes, store.snapshot().objects)
        session.commit()
    assert {each.identity for each in store.snapshot().objects} != there
    ran = run("rollback", "--store", store.path, "--yes")
    assert (ran.status, store.pending()) == (0, pending)
    assert ran.out.startswith("The state is that one already on store")


def test_claims_status_and_history_say_that_something_waits_and_that_nobody_watches(
    run: Run, store: StoreBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending = waiting(store)
    words = ("--store", str(store.path))
    for said in (run("status", *words).out, run("history", *words).out):
        assert "to be confirmed until" in said
        confirm, rollback = (f"ndtui {each} --store {store.path}" for each in ("confirm", "rollback"))
        assert f"nobody watches over it: {confirm} keeps it, {rollback} reverts it" in said
    for command in ("status", "history"):
        found = json.loads(run(command, *words, "--json").out)["pending"]
        assert found["watched"] is False
        assert (found["token"], found["back_to"], found["deadline"]) == ("token", 1, pending.deadline)
        assert 0 < found["seconds_left"] <= 60
    monkeypatch.setattr(StoreBackend, "watched", lambda *_: True)
    assert f"or it is reverted: ndtui confirm --store {store.path} keeps it" in run("status", *words).out
    store.confirm()
    assert "confirmed" not in run("history", *words).out
    assert json.loads(run("history", *words, "--json").out)["pending"] is None


def test_what_is_promised_for_a_restart_is_said_before_anything_is_applied(run: Run) -> None:
    said = run("apply", "nd-transport", "--confirm-within", "90s", "--yes").out
    promise = (
        "It is reverted unless you confirm it within 90 s. If this machine is restarted meanwhile, nothing reverts"
    )
    assert promise in said
    assert said.index(promise) < said.index("Done: ")
    run("confirm")


def test_the_command_that_is_told_keeps_what_was_applied(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("apply", "nd-transport", "--store", "of mine.db", "--confirm-within", "60s", "--yes")
    told = next(line for line in ran.out.splitlines() if line.startswith("It is reverted by itself at"))
    program, *words = shlex.split(told.partition(" unless: ")[2])
    monkeypatch.chdir(tmp_path.parent)
    assert (program, run(*words).status) == ("ndtui", 0)
    assert StoreBackend(tmp_path / "of mine.db").pending() is None


def test_who_leaves_the_question_is_told_the_command_on_a_line_of_its_own(
    store: StoreBackend,
    answering: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_: Pending) -> None:
        raise KeyboardInterrupt

    store.opened_with = store.path
    monkeypatch.setattr(confirm_within, "_answer_by", interrupted)
    answering("")
    with pytest.raises(KeyboardInterrupt):
        confirm_within.wait_for_answer(store, waiting(store), yes=False)
    said = capsys.readouterr().err
    assert re.fullmatch(r"\nIt is reverted at [\d:]{8} \S+ unless you confirm it: ndtui confirm --store \S+\n", said)


def test_confirm_says_what_became_of_what_waited(
    run: Run, store: StoreBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("confirm", "--store", str(store.path))
    assert "nothing waits to be confirmed" in run(*words).refusal(1)
    waiting(store)
    snapshot = StoreBackend.snapshot

    def meanwhile(self: StoreBackend) -> object:
        found = snapshot(self)
        monkeypatch.setattr(StoreBackend, "snapshot", snapshot)
        store.apply(store.plan_rollback())
        apply_unwatched(store, plan_for(store, TWO), 60, "another")
        return found

    monkeypatch.setattr(StoreBackend, "snapshot", meanwhile)
    ran = run(*words)
    assert ran.out == "It was reverted already, and two has been applied since, which waits to be confirmed.\n"
    assert ran.status == 1
    pending = store.pending()
    assert pending is not None
    assert pending.token == "another"
