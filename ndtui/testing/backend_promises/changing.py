"""Applying and removing: all of it or nothing, from the state that the plan was made from."""

import dataclasses
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import groupby

import pytest

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.backends.contract.changes import Applied
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_names import key_of, layer_of
from ndtui.model.design.design import Design
from ndtui.testing.backend_promises.holding import held, objects_of, plan_for, put, revisions
from ndtui.testing.backend_promises.subject import BackendSubject, Factory
from ndtui.testing.sample_designs import DNS, HOSTILE_NAMES, ONE, RULES, TWO, WEB, exempting, hostile, many


class Changing(BackendSubject):
    """A backend carries out a plan, or leaves everything as it was."""

    def test_a_policy_is_held_or_refused(self, backend: Backend) -> None:
        """A backend without the flag ``write`` says that it only reads."""
        if backend.capabilities.write:
            put(backend, ONE)
            assert held(backend.snapshot()) == objects_of(ONE)
            return
        with pytest.raises(BackendError):
            put(backend, ONE)
        assert held(backend.snapshot()) == {}

    def test_after_apply_it_holds_exactly_the_design(self, writing: Backend) -> None:
        """Every object of the design, and no other, in the order of the design."""
        put(writing, TWO)
        snapshot = writing.snapshot()
        assert held(snapshot) == objects_of(TWO)
        assert snapshot.policy == "two"
        assert snapshot.of_kind("filter") == [d for (kind, _), d in objects_of(TWO).items() if kind == "filter"]

    def test_apply_tells_what_it_did(self, writing: Backend) -> None:
        """What is returned is the new state, the policy and the counts."""
        done = put(writing, ONE)
        assert (done.state, done.policy) == (writing.snapshot().state, "one")
        assert (done.added, done.changed, done.removed) == (len(objects_of(ONE)), 0, 0)

    def test_applying_twice_changes_nothing(self, writing: Backend) -> None:
        """A plan for what is there already is empty, and applying it leaves no trace."""
        put(writing, ONE)
        state = writing.snapshot().state
        plan = plan_for(writing, ONE)
        assert plan.empty
        assert plan.unchanged == len(objects_of(ONE))
        done = writing.apply(plan)
        assert (done.added, done.changed, done.removed, done.state) == (0, 0, 0, state)
        assert writing.snapshot().state == state
        assert revisions(writing) in (1, None)

    def test_a_changed_object_stays_in_its_place(self, writing: Backend) -> None:
        """An edit does not move a filter within the list."""
        put(writing, TWO)
        names = [key_of("filter", each) for each in writing.snapshot().of_kind("filter")]
        put(writing, exempting("two", {**DNS, "remote_ports": [5353]}, WEB))
        assert [key_of("filter", each) for each in writing.snapshot().of_kind("filter")] == names

    def test_filters_are_listed_by_layer_however_they_came(self, writing: Backend) -> None:
        """Filters that were added later stand with those of their layer."""
        put(writing, exempting("two", WEB, families=["V6"]))
        put(writing, TWO)
        layers = [layer for layer, _ in groupby(map(layer_of, writing.snapshot().of_kind("filter")))]
        assert layers == list(compile_design(TWO).layers)

    def test_a_plan_for_nothing_removes_everything(self, writing: Backend) -> None:
        """Nothing of ours is left, and removing once more is nothing to do."""
        put(writing, ONE)
        plan = writing.plan(None)
        assert (plan.action, plan.policy, plan.replaces) == ("remove", "", "")
        assert plan.counts["remove"] == len(plan.changes) == len(objects_of(ONE))
        writing.apply(plan)
        assert held(writing.snapshot()) == {}
        assert writing.snapshot().policy == ""
        assert writing.plan(None).empty

    def test_every_change_moves_the_state(self, writing: Backend) -> None:
        """No state is named like another, even where the same objects are there again."""
        states = [writing.snapshot().state]
        for design in (ONE, TWO, ONE):
            put(writing, design)
            states.append(writing.snapshot().state)
        assert len(set(states)) == len(states)

    def test_a_plan_is_refused_when_the_state_has_moved(self, writing: Backend) -> None:
        """The refusal names both states, and what is there stays."""
        stale = plan_for(writing, ONE)
        put(writing, TWO)
        now = writing.snapshot().state
        with pytest.raises(StalePlanError) as caught:
            writing.apply(stale)
        assert stale.state in str(caught.value)
        assert now in str(caught.value)
        assert held(writing.snapshot()) == objects_of(TWO)
        assert revisions(writing) in (1, None)

    def test_an_empty_plan_is_refused_too_when_the_state_has_moved(self, writing: Backend) -> None:
        """A plan that said there is nothing to do may be wrong by now."""
        put(writing, ONE)
        stale = plan_for(writing, ONE)
        put(writing, TWO)
        with pytest.raises(StalePlanError):
            writing.apply(stale)

    def test_a_plan_of_another_place_is_refused_even_if_as_much_was_done(self, new: Factory, writing: Backend) -> None:
        """A plan is for one place: another one that looks alike is another state."""
        other = new()
        put(other, ONE)
        put(writing, ONE)
        with pytest.raises(StalePlanError):
            writing.apply(plan_for(other, TWO))

    def test_the_changes_alone_say_what_to_do(self, writing: Backend) -> None:
        """A plan that was saved to a file has no target any more."""
        writing.apply(dataclasses.replace(plan_for(writing, ONE), target=None))
        assert held(writing.snapshot()) == objects_of(ONE)
        assert writing.snapshot().policy == "one"

    def test_progress_goes_up_to_the_whole(self, writing: Backend) -> None:
        """What is told of the progress rises, out of the number of changes, and ends there."""
        told: list[tuple[int, int]] = []
        plan = plan_for(writing, many(500))
        writing.apply(plan, lambda done, total: told.append((done, total)))
        assert {total for _, total in told} == {len(plan.changes)}
        assert [done for done, _ in told] == sorted({done for done, _ in told})
        assert told[-1][0] == len(plan.changes)

    @pytest.mark.parametrize("raised", [RuntimeError("no"), KeyboardInterrupt(), BrokenPipeError("gone")])
    @pytest.mark.parametrize("before", [None, ONE], ids=["at first", "later"])
    def test_an_apply_that_is_broken_off_changes_nothing(
        self, writing: Backend, raised: BaseException, before: Design | None
    ) -> None:
        """What ``progress`` raises comes out as it is, and the plan can still be applied."""

        def break_off(done: int, total: int) -> None:  # noqa: ARG001 - as progress is told
            raise raised

        if before is not None:
            put(writing, before)
        earlier, done = writing.snapshot(), revisions(writing)
        plan = plan_for(writing, TWO)
        with pytest.raises(type(raised)) as caught:
            writing.apply(plan, break_off)
        assert caught.value is raised
        assert held(writing.snapshot()) == held(earlier)
        assert writing.snapshot().state == earlier.state
        assert revisions(writing) == done
        writing.apply(plan)
        assert held(writing.snapshot()) == objects_of(TWO)

    def test_what_rules_make_comes_back_as_it_was(self, writing: Backend) -> None:
        """Several filters of one rule at a layer, contexts of its own, access lists, blocks: each for itself."""
        put(writing, ONE)
        put(writing, RULES)
        assert held(writing.snapshot()) == objects_of(RULES)
        assert plan_for(writing, RULES).empty
        put(writing, ONE)
        assert held(writing.snapshot()) == objects_of(ONE)

    @pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
    def test_names_of_any_kind_come_back_as_they_were(self, writing: Backend, name: str) -> None:
        """Names are data: nothing in them is cut, escaped or carried out."""
        design = hostile(name)
        put(writing, design)
        assert held(writing.snapshot()) == objects_of(design)
        assert writing.snapshot().policy == name
        if writing.capabilities.history:
            assert writing.history()[0].policy == name
        assert plan_for(writing, design).empty

    def test_of_two_threads_with_plans_from_one_state_only_the_first_succeeds(self, writing: Backend) -> None:
        """An apply that begins while another is at work waits for it, and is refused then."""
        first, second = plan_for(writing, ONE), plan_for(writing, TWO)
        with ThreadPoolExecutor() as pool:
            others: list[Future[Applied]] = []

            def meanwhile(done: int, total: int) -> None:  # noqa: ARG001 - as progress is told
                if not others:
                    others.append(pool.submit(writing.apply, second))
                    wait(others, timeout=0.2)  # long enough to finish, if it were not kept waiting

            writing.apply(first, meanwhile)
            with pytest.raises(StalePlanError):
                others[0].result()
        assert held(writing.snapshot()) == objects_of(ONE)
