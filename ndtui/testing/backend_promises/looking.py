"""What a backend says of itself, and what it plans without changing anything."""

from itertools import groupby

import pytest

from ndtui.backends.contract.backend import CONTRACT_VERSION, Backend, unkept_promise
from ndtui.backends.contract.changes import KINDS
from ndtui.model.compiled.filter_values import PROVIDER_KEY
from ndtui.model.design.design import change
from ndtui.testing.backend_promises.holding import held, objects_of, plan_for, put
from ndtui.testing.backend_promises.subject import BackendSubject
from ndtui.testing.sample_designs import DNS, ONE, TWO, WEB, exempting

OURS = f"{{{PROVIDER_KEY}}}"


class Looking(BackendSubject):
    """A backend shows what it holds, and plans what has to be done."""

    def test_it_keeps_the_contract_as_it_is_checked_when_loaded(self, backend: Backend) -> None:
        """Its class is complete, and every flag has its methods."""
        assert isinstance(backend, Backend)
        assert backend.contract_version == CONTRACT_VERSION
        assert unkept_promise(type(backend)) == ""

    def test_it_says_what_it_is_and_where_it_keeps_its_state(self, backend: Backend) -> None:
        """Name, summary and place are single lines that act on no terminal."""
        for words in (backend.name, backend.summary, backend.place()):
            assert words.strip()
            assert words.isprintable()

    def test_it_holds_nothing_at_first(self, backend: Backend) -> None:
        """A new backend holds nothing of ours."""
        snapshot = backend.snapshot()
        assert (snapshot.objects, snapshot.policy, snapshot.pending) == ((), "", None)

    def test_looking_changes_nothing(self, backend: Backend) -> None:
        """The state stays the same however often it is looked at."""
        state = backend.snapshot().state
        backend.others()
        plan_for(backend, ONE)
        assert backend.snapshot().state == state

    def test_the_first_plan_adds_everything_and_says_no_more(self, backend: Backend) -> None:
        """A plan says what it is for, and planning does nothing yet."""
        plan = plan_for(backend, ONE)
        assert plan.counts == {"add": len(objects_of(ONE)), "change": 0, "remove": 0}
        assert (plan.backend, plan.policy, plan.replaces) == (backend.name, "one", "")
        assert (plan.unchanged, plan.action) == (0, "apply")
        assert plan.state == backend.snapshot().state
        assert {(c.kind, c.key): c.after for c in plan.changes} == objects_of(ONE)
        assert held(backend.snapshot()) == {}

    def test_a_plan_for_nothing_is_empty_where_nothing_is(self, backend: Backend) -> None:
        """There is nothing to remove at first."""
        assert backend.plan(None).empty

    def test_an_edit_touches_only_what_it_concerns(self, writing: Backend) -> None:
        """A plan for an edited design changes the objects of that edit and no others."""
        put(writing, TWO)
        edited = exempting("two", DNS, {**WEB, "remote_ports": [443]})
        plan = plan_for(writing, edited)
        assert {c.action for c in plan.changes} == {"change"}
        assert all(c.name == "two: exempt Web" for c in plan.changes)
        assert {name.partition("[")[0] for c in plan.changes for name, *_ in c.differences()} == {"filterCondition"}
        assert plan.unchanged == len(objects_of(TWO)) - len(plan.changes)
        writing.apply(plan)
        assert held(writing.snapshot()) == objects_of(edited)

    def test_another_design_replaces_the_one_there_was(self, writing: Backend) -> None:
        """One policy of ours at a time: the plan names the one that gives way."""
        put(writing, ONE)
        plan = plan_for(writing, TWO)
        assert plan.replaces == "one"
        writing.apply(plan)
        assert held(writing.snapshot()) == objects_of(TWO)
        assert plan_for(writing, TWO).replaces == ""

    def test_changes_stand_in_an_order_in_which_they_can_be_carried_out(self, writing: Backend) -> None:
        """What goes, what changes, what comes; an object never before those that it refers to."""
        put(writing, change(ONE, sublayer={"kind": "own", "weight": 7}))
        plan = plan_for(writing, change(TWO, sublayer={"kind": "own", "weight": 7}, lifetime="persistent"))
        actions = [c.action for c in plan.changes]
        assert [action for action, _ in groupby(actions)] == ["remove", "change", "add"]
        for action, order in (("remove", KINDS[::-1]), ("add", KINDS)):
            kinds = [kind for kind, _ in groupby(c.kind for c in plan.changes if c.action == action)]
            assert kinds == [kind for kind in order if kind in kinds]
            layers = [layer for layer, _ in groupby(c.layer for c in plan.changes if c.action == action and c.layer)]
            assert len(layers) == len(set(layers))

    def test_what_is_not_ours_is_told_apart(self, writing: Backend) -> None:
        """``others`` has nothing of ours; a backend that does not list others has nothing to tell."""
        put(writing, ONE)
        others = writing.others()
        if not writing.capabilities.lists_others:
            assert list(others) == []
        assert not {(each.kind, each.key) for each in others} & held(writing.snapshot()).keys()
        assert all(each.document.get("providerKey") != OURS for each in others)

    def test_it_never_prints(self, writing: Backend, capfd: pytest.CaptureFixture[str]) -> None:
        """A backend returns data or raises; what is said on the terminal is the program's."""
        put(writing, ONE)
        writing.apply(writing.plan(None))
        assert capfd.readouterr() == ("", "")
