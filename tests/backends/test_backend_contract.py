"""What every backend promises: the same tests for each."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.contract.changes import KINDS, Applied
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from tests.backends.holding import held, objects_of, plan_for, put
from tests.strategies import designs
from tests.support import exempting

Factory = Callable[[], Backend]

DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
WEB = {"name": "Web", "protocol": "tcp", "remote_ports": [80, 443]}
ONE = exempting(DNS, name="one")
TWO = exempting(DNS, WEB, name="two")


@pytest.fixture(params=["memory", "store", "wfp"])
def new(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Factory:
    """Return what makes one backend after the other, each with a state of its own."""
    numbers = count()
    makers: dict[str, Factory] = {
        "memory": MemoryBackend,
        "store": lambda: StoreBackend(tmp_path / f"{next(numbers)}" / "store.sqlite3"),
        "wfp": lambda: windows_backend(tmp_path / f"{next(numbers)}" / "journal.sqlite3"),
    }
    return makers[request.param]


def windows_backend(journal: Path) -> Backend:
    """Return the Windows backend over a stand-in for fwpuclnt.dll, or skip the test."""
    from ndtui.backends.wfp.wfp_backend import WfpBackend
    from tests.backends.wfp.fwpuclnt import windows

    return WfpBackend(journal, windows().engine)


@pytest.fixture
def backend(new: Factory) -> Backend:
    return new()


def test_holds_nothing_at_first(backend: Backend) -> None:
    snapshot = backend.snapshot()
    assert (snapshot.objects, snapshot.policy, list(backend.history())) == ((), "", [])


def test_the_first_plan_adds_everything_and_says_no_more(backend: Backend) -> None:
    plan = plan_for(backend, ONE)
    assert plan.counts == {"add": len(objects_of(ONE)), "change": 0, "remove": 0}
    assert (plan.backend, plan.policy, plan.replaces, plan.unchanged, plan.action) == (
        backend.name,
        "one",
        "",
        0,
        "apply",
    )
    assert {(c.kind, c.key): c.after for c in plan.changes} == objects_of(ONE)
    assert held(backend.snapshot()) == {}


def test_after_apply_it_holds_exactly_the_design(backend: Backend) -> None:
    put(backend, TWO)
    snapshot = backend.snapshot()
    assert held(snapshot) == objects_of(TWO)
    assert snapshot.policy == "two"
    assert snapshot.of_kind("filter") == [d for (kind, _), d in objects_of(TWO).items() if kind == "filter"]


def test_apply_tells_what_it_did(backend: Backend) -> None:
    done = put(backend, ONE)
    assert (done.state, done.policy) == (backend.snapshot().state, "one")
    assert (done.added, done.changed, done.removed) == (len(objects_of(ONE)), 0, 0)


def test_applying_twice_changes_nothing(backend: Backend) -> None:
    put(backend, ONE)
    state = backend.snapshot().state
    plan = plan_for(backend, ONE)
    assert plan.empty
    assert plan.unchanged == len(objects_of(ONE))
    done = backend.apply(plan)
    assert (done.added, done.changed, done.removed, done.state) == (0, 0, 0, state)
    assert backend.snapshot().state == state
    assert len(backend.history()) == 1


def test_an_edit_touches_only_what_it_concerns(backend: Backend) -> None:
    put(backend, TWO)
    edited = exempting(DNS, {**WEB, "remote_ports": [443]}, name="two")
    plan = plan_for(backend, edited)
    assert {c.action for c in plan.changes} == {"change"}
    assert all(c.name == "two: exempt Web" for c in plan.changes)
    assert {name.partition("[")[0] for c in plan.changes for name, *_ in c.differences()} == {"filterCondition"}
    assert plan.unchanged == len(objects_of(TWO)) - len(plan.changes)
    backend.apply(plan)
    assert held(backend.snapshot()) == objects_of(edited)


def test_a_changed_object_stays_in_its_place(backend: Backend) -> None:
    put(backend, TWO)
    names = [d["filterKey"] for d in backend.snapshot().of_kind("filter")]
    put(backend, exempting({**DNS, "remote_ports": [5353]}, WEB, name="two"))
    assert [d["filterKey"] for d in backend.snapshot().of_kind("filter")] == names


def test_another_design_replaces_the_one_there_was(backend: Backend) -> None:
    put(backend, ONE)
    plan = plan_for(backend, TWO)
    assert plan.replaces == "one"
    backend.apply(plan)
    assert held(backend.snapshot()) == objects_of(TWO)
    assert plan_for(backend, TWO).replaces == ""


def test_a_plan_for_nothing_removes_everything(backend: Backend) -> None:
    put(backend, ONE)
    plan = backend.plan(None)
    assert (plan.action, plan.policy, plan.replaces) == ("remove", "", "")
    assert plan.counts["remove"] == len(plan.changes) == len(objects_of(ONE))
    backend.apply(plan)
    assert held(backend.snapshot()) == {}
    assert backend.snapshot().policy == ""
    assert backend.plan(None).empty


def test_changes_stand_in_an_order_in_which_they_can_be_carried_out(backend: Backend) -> None:
    put(backend, change(ONE, sublayer={"kind": "own", "weight": 7}))
    plan = plan_for(backend, change(TWO, sublayer={"kind": "own", "weight": 7}, lifetime="persistent"))
    actions = [c.action for c in plan.changes]
    assert [action for action, _ in groupby(actions)] == ["remove", "change", "add"]
    for action, order in (("remove", KINDS[::-1]), ("add", KINDS)):
        kinds = [kind for kind, _ in groupby(c.kind for c in plan.changes if c.action == action)]
        assert kinds == [kind for kind in order if kind in kinds]
        layers = [layer for layer, _ in groupby(c.layer for c in plan.changes if c.action == action and c.layer)]
        assert len(layers) == len(set(layers))


def test_filters_are_listed_by_layer_however_they_came(backend: Backend) -> None:
    put(backend, exempting(WEB, name="two", families=["V6"]))
    put(backend, TWO)
    layers = [layer for layer, _ in groupby(d["layerKey"] for d in backend.snapshot().of_kind("filter"))]
    assert layers == list(compile_design(TWO).layers)


def test_a_plan_is_refused_when_the_state_has_moved(backend: Backend) -> None:
    stale = plan_for(backend, ONE)
    put(backend, TWO)
    now = backend.snapshot().state
    with pytest.raises(StalePlanError, match="plan again") as caught:
        backend.apply(stale)
    assert stale.state in str(caught.value)
    assert now in str(caught.value)
    assert caught.value.status == 1
    assert held(backend.snapshot()) == objects_of(TWO)
    assert len(backend.history()) == 1


def test_an_empty_plan_is_refused_too_when_the_state_has_moved(backend: Backend) -> None:
    put(backend, ONE)
    stale = plan_for(backend, ONE)
    put(backend, TWO)
    with pytest.raises(StalePlanError):
        backend.apply(stale)


def test_a_plan_of_another_state_is_refused_even_if_as_much_was_done(new: Factory) -> None:
    first, second = new(), new()
    put(first, ONE)
    put(second, ONE)
    with pytest.raises(StalePlanError):
        second.apply(plan_for(first, TWO))


def test_the_changes_alone_say_what_to_do(backend: Backend) -> None:
    backend.apply(dataclasses.replace(plan_for(backend, ONE), target=None))
    assert held(backend.snapshot()) == objects_of(ONE)
    assert backend.snapshot().policy == "one"


def test_history_tells_what_was_done_latest_first(backend: Backend) -> None:
    size = len(objects_of(ONE))
    put(backend, ONE)
    backend.apply(backend.plan(None))
    backend.apply(backend.plan_rollback())
    found = [(r.number, r.action, r.policy, r.added, r.changed, r.removed) for r in backend.history()]
    assert found == [(3, "rollback", "one", size, 0, 0), (2, "remove", "", 0, 0, size), (1, "apply", "one", size, 0, 0)]
    for revision in backend.history():
        at = datetime.fromisoformat(revision.at)
        assert at.tzinfo == UTC
        assert abs(datetime.now(UTC) - at) < timedelta(hours=1)


def test_rollback_goes_back_to_the_state_before_the_last(backend: Backend) -> None:
    put(backend, ONE)
    put(backend, TWO)
    plan = backend.plan_rollback()
    assert (plan.action, plan.policy, plan.replaces, plan.target) == ("rollback", "one", "two", None)
    backend.apply(plan)
    assert held(backend.snapshot()) == objects_of(ONE)
    assert backend.snapshot().policy == "one"
    backend.apply(backend.plan_rollback())
    assert held(backend.snapshot()) == objects_of(TWO)


@pytest.mark.parametrize(("number", "policy"), [(0, ""), (1, "one"), (2, "two"), (3, "")])
def test_rollback_goes_back_to_any_revision(backend: Backend, number: int, policy: str) -> None:
    put(backend, ONE)
    put(backend, TWO)
    backend.apply(backend.plan(None))
    put(backend, change(TWO, lifetime="persistent"))
    backend.apply(backend.plan_rollback(number))
    assert held(backend.snapshot()) == {"": {}, "one": objects_of(ONE), "two": objects_of(TWO)}[policy]
    assert backend.snapshot().policy == policy
    assert backend.history()[0].action == "rollback"


def test_objects_that_come_back_stand_in_their_old_order(backend: Backend) -> None:
    put(backend, TWO)
    before = backend.snapshot().objects
    put(backend, exempting({**DNS, "remote_ports": [5353]}, WEB, name="two"))
    backend.apply(backend.plan(None))
    backend.apply(backend.plan_rollback(1))
    assert backend.snapshot().objects == before


def test_rollback_to_the_present_state_is_nothing_to_do(backend: Backend) -> None:
    put(backend, ONE)
    assert backend.plan_rollback(1).empty


def test_a_rollback_is_refused_when_the_state_has_moved(backend: Backend) -> None:
    put(backend, ONE)
    stale = backend.plan_rollback()
    put(backend, TWO)
    with pytest.raises(StalePlanError):
        backend.apply(stale)


@pytest.mark.parametrize("number", [-1, 2, 10**30])
def test_a_revision_that_is_not_there_is_said_to_be_missing(backend: Backend, number: int) -> None:
    put(backend, ONE)
    with pytest.raises(BackendError, match=f"no revision {number}: choose one from 0 to 1"):
        backend.plan_rollback(number)


@pytest.mark.parametrize("number", [None, 0, 1])
def test_without_history_there_is_nothing_to_go_back_to(backend: Backend, number: int | None) -> None:
    with pytest.raises(BackendError, match="nothing has been applied"):
        backend.plan_rollback(number)


def test_progress_goes_up_to_the_whole(backend: Backend) -> None:
    many = exempting(*({"protocol": "tcp", "remote_ports": [n + 1]} for n in range(500)))
    told: list[tuple[int, int]] = []
    plan = plan_for(backend, many)
    backend.apply(plan, lambda done, total: told.append((done, total)))
    assert {total for _, total in told} == {len(plan.changes)}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[0][0] < told[-1][0] == len(plan.changes)


@pytest.mark.parametrize("raised", [RuntimeError("no"), KeyboardInterrupt(), BrokenPipeError("gone")])
@pytest.mark.parametrize("before", [None, ONE], ids=["at first", "later"])
def test_an_apply_that_is_broken_off_changes_nothing(
    backend: Backend, raised: BaseException, before: Design | None
) -> None:
    def break_off(done: int, total: int) -> None:
        raise raised

    if before is not None:
        put(backend, before)
    earlier = backend.snapshot()
    plan = plan_for(backend, TWO)
    with pytest.raises(type(raised)) as caught:
        backend.apply(plan, break_off)
    assert caught.value is raised
    assert held(backend.snapshot()) == held(earlier)
    assert backend.snapshot().state == earlier.state
    assert len(backend.history()) == (before is not None)
    backend.apply(plan)
    assert held(backend.snapshot()) == objects_of(TWO)


@pytest.mark.parametrize(
    "name", ["[/x] [b", "a" * 300, "\U0001f512 ключ 鍵", "it's; DROP TABLE object; --", '"\\u0000']
)
def test_names_of_any_kind_come_back_as_they_were(backend: Backend, name: str) -> None:
    hostile = exempting({"name": name}, name=name)
    put(backend, hostile)
    assert held(backend.snapshot()) == objects_of(hostile)
    assert backend.snapshot().policy == backend.history()[0].policy == name
    assert plan_for(backend, hostile).empty


def test_of_two_threads_with_plans_from_one_state_only_the_first_succeeds(backend: Backend) -> None:
    first, second = plan_for(backend, ONE), plan_for(backend, TWO)
    with ThreadPoolExecutor() as pool:
        others: list[Future[Applied]] = []

        def meanwhile(done: int, total: int) -> None:
            others.append(pool.submit(backend.apply, second))
            wait(others, timeout=0.2)  # long enough to finish, if it were not kept waiting

        backend.apply(first, meanwhile)
        with pytest.raises(StalePlanError):
            others[0].result()
    assert held(backend.snapshot()) == objects_of(ONE)


def test_it_says_where_it_keeps_its_state(backend: Backend) -> None:
    assert backend.place().strip()
    assert backend.summary.strip()


@settings(max_examples=60)
@given(a=designs(), b=designs(), same=st.booleans())
def test_from_any_design_to_any_other_and_back(
    a: Design, b: Design, same: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if same:
        b = change(b, name=a.name, id=a.id)
    for backend in (MemoryBackend(), StoreBackend(tmp_path_factory.mktemp("store") / "s.sqlite3")):
        put(backend, a)
        assert held(backend.snapshot()) == objects_of(a)
        number = len(backend.history())
        put(backend, b)
        assert plan_for(backend, b).empty
        assert held(backend.snapshot()) == objects_of(b)
        backend.apply(backend.plan_rollback(number))
        assert held(backend.snapshot()) == objects_of(a)
        assert plan_for(backend, a).empty
