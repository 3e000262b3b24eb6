"""An answer is for the apply that was asked about, whatever others have done; and what is said was looked up."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Applied, Pending
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.answering import Answered, ending_of, keep, revert, revert_if_overdue
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.testing.sample_designs import ONE, TWO, many
from tests.backends.engines import WATCHED, WatchedMemory, watch_by_hand
from tests.backends.holding import plan_for, put

EVENTS = ("apply within", "confirm", "roll back", "apply another")
ANSWERS: dict[str, Callable[[EngineBackend, Pending], Answered]] = {"y": keep, "n": revert}


@pytest.fixture(autouse=True)
def nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody watch over what waits; each apply has a token of its own."""
    watch_by_hand(monkeypatch)


class Other:
    """An operator at another terminal; what cannot be done at the moment is refused, and leaves all as it is."""

    def __init__(self, backend: EngineBackend) -> None:
        self._backend = backend

    def act(self, event: str) -> None:
        """Do one thing, if it can be done."""
        backend = self._backend
        acts: dict[str, Callable[[], object]] = {
            "apply within": lambda: backend.apply(plan_for(backend, many(1)), within=60),
            "confirm": backend.confirm,
            "roll back": lambda: backend.apply(backend.plan_rollback()),
            "apply another": lambda: put(backend, many(2)),
        }
        try:
            acts[event]()
        except BackendError:
            return


def everything(backend: EngineBackend) -> object:
    return backend.snapshot().state, backend.pending(), list(backend.history())


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("order", list(permutations(EVENTS)), ids=" ".join)
def test_answering_no_can_apply_nothing_and_yes_confirm_nothing_of_others(order: tuple[str, ...], answer: str) -> None:
    for length in range(len(order) + 1):
        backend = WatchedMemory()
        put(backend, ONE)
        asked = backend.apply(plan_for(backend, TWO), within=60).pending
        assert asked is not None
        for event in order[:length]:
            Other(backend).act(event)
        before, waited, ending = everything(backend), backend.pending(), ending_of(backend, asked)
        answered = ANSWERS[answer](backend, asked)
        if waited == asked:
            assert answered.ours
            assert answered.ending.how == {"y": "confirmed", "n": "reverted"}[answer]
            assert backend.snapshot().policy == {"y": "two", "n": "one"}[answer]
            assert backend.pending() is None
            continue
        assert everything(backend) == before
        assert answered == Answered(ending, ours=False)
        done = [event for event in order[:length] if event in ("confirm", "roll back")]
        assert answered.ending.how == {"confirm": "confirmed", "roll back": "reverted"}[done[0]] or len(done) == 2


STORIES: dict[str, tuple[list[str], str]] = {
    "confirmed": (["confirm"], "It was confirmed by somebody else and stays"),
    "confirmed, another": (
        ["confirm", "apply another"],
        "It was confirmed by somebody else, and many has been applied since",
    ),
    "confirmed, another waits": (
        ["confirm", "apply within"],
        "It was confirmed by somebody else, and many has been applied since, which waits to be confirmed",
    ),
    "reverted": (["roll back"], "It was reverted already"),
    "reverted, another": (["roll back", "apply another"], "It was reverted already, and many has been applied since"),
    "reverted, and back": (["roll back", "roll back"], "It was reverted already, and two is back since"),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("name", WATCHED)
def test_what_was_found_instead_is_said(name: str, story: str, tmp_path: Path) -> None:
    backend = WATCHED[name](tmp_path)
    put(backend, ONE)
    asked = backend.apply(plan_for(backend, TWO), within=60).pending
    assert asked is not None
    events, said = STORIES[story]
    for event in events:
        Other(backend).act(event)
    for answer in ANSWERS.values():
        assert str(answer(backend, asked).ending) == said


def test_a_revert_that_fails_is_an_error_and_no_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = StoreBackend(tmp_path / "store.sqlite3")
    asked = backend.apply(plan_for(backend, ONE), within=60).pending
    assert asked is not None

    def fail(*_: object) -> Applied:
        raise BackendError("the store is in use")

    monkeypatch.setattr(StoreBackend, "revert", fail)
    with pytest.raises(BackendError, match="in use"):
        revert(backend, asked)
    monkeypatch.setattr(StoreBackend, "revert", lambda *_: None)
    with pytest.raises(BackendError, match="not reverted, and waits still"):
        revert(backend, asked)
    monkeypatch.setattr(StoreBackend, "confirm", lambda *_: None)
    with pytest.raises(BackendError, match="not confirmed, and waits still"):
        keep(backend, asked)


@pytest.mark.parametrize(
    ("within", "watched", "reverted"),
    [(60, False, False), (-1, True, False), (-1, None, False), (-1, False, True), (-watchdog.GRACE - 1, True, True)],
    ids=["time is left", "watched", "cannot be told", "nobody watches", "the watchdog is late"],
)
def test_whoever_waits_reverts_where_the_watchdog_is_gone_or_late(
    within: float, watched: bool | None, reverted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = WatchedMemory()
    put(backend, ONE)
    asked = backend.apply(plan_for(backend, TWO), within=within).pending
    assert asked is not None
    monkeypatch.setattr(WatchedMemory, "watched", lambda *_: watched)
    ending = revert_if_overdue(backend, asked)
    assert (ending is not None and ending.how == "reverted") is reverted
    assert backend.history()[0].policy == ("one" if reverted else "two")
