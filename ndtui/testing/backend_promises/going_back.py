"""The history of a backend that keeps one, and the way back along it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.model.design.design import change
from ndtui.testing.backend_promises.holding import held, objects_of, plan_for, put
from ndtui.testing.backend_promises.subject import BackendSubject
from ndtui.testing.sample_designs import DNS, ONE, TWO, WEB, exempting


class GoingBack(BackendSubject):
    """A backend that keeps a history goes back to any state that it lists; another one says that it keeps none."""

    def test_a_history_is_kept_or_refused(self, backend: Backend) -> None:
        """Where none is kept, an empty one would claim that nothing was done."""
        if backend.capabilities.history or backend.capabilities.confirm_or_revert:
            assert list(backend.history()) == []
            return
        with pytest.raises(BackendError):
            backend.history()

    @pytest.mark.parametrize("number", [None, 0, 1])
    def test_at_first_there_is_nothing_to_go_back_to(self, backend: Backend, number: int | None) -> None:
        """A rollback is refused, with or without a history."""
        with pytest.raises(BackendError):
            backend.plan_rollback(number)

    def test_history_tells_what_was_done_latest_first(self, remembering: Backend) -> None:
        """Each entry has its number, when it was, what was done and how much of it."""
        size = len(objects_of(ONE))
        put(remembering, ONE)
        remembering.apply(remembering.plan(None))
        remembering.apply(remembering.plan_rollback())
        found = [(r.number, r.action, r.policy, r.added, r.changed, r.removed) for r in remembering.history()]
        assert found == [
            (3, "rollback", "one", size, 0, 0),
            (2, "remove", "", 0, 0, size),
            (1, "apply", "one", size, 0, 0),
        ]
        for revision in remembering.history():
            at = datetime.fromisoformat(revision.at)
            assert at.tzinfo == UTC
            assert abs(datetime.now(UTC) - at) < timedelta(hours=1)

    def test_what_a_history_says_of_who_and_why_is_true(self, remembering: Backend) -> None:
        """A backend may leave it out; a message that it keeps is the one of the plan, and no other's."""
        remembering.apply(replace(plan_for(remembering, ONE), message="a new branch"))
        put(remembering, TWO)
        latest, first = (revision.note for revision in remembering.history())
        assert latest.message == ""
        assert first.message in ("", "a new branch")
        assert first.back_to is None

    def test_rollback_goes_back_to_the_state_before_the_last(self, remembering: Backend) -> None:
        """A rollback is an entry too: rolling back once more undoes it."""
        put(remembering, ONE)
        put(remembering, TWO)
        plan = remembering.plan_rollback()
        assert (plan.action, plan.policy, plan.replaces, plan.target) == ("rollback", "one", "two", None)
        remembering.apply(plan)
        assert held(remembering.snapshot()) == objects_of(ONE)
        assert remembering.snapshot().policy == "one"
        remembering.apply(remembering.plan_rollback())
        assert held(remembering.snapshot()) == objects_of(TWO)

    @pytest.mark.parametrize(("number", "policy"), [(0, ""), (1, "one"), (2, "two"), (3, "")])
    def test_rollback_goes_back_to_any_revision(self, remembering: Backend, number: int, policy: str) -> None:
        """Revision 0 is the state before the first."""
        put(remembering, ONE)
        put(remembering, TWO)
        remembering.apply(remembering.plan(None))
        put(remembering, change(TWO, lifetime="persistent"))
        remembering.apply(remembering.plan_rollback(number))
        assert held(remembering.snapshot()) == {"": {}, "one": objects_of(ONE), "two": objects_of(TWO)}[policy]
        assert remembering.snapshot().policy == policy
        assert remembering.history()[0].action == "rollback"

    def test_objects_that_come_back_stand_in_their_old_order(self, remembering: Backend) -> None:
        """What comes back is the same list as before."""
        put(remembering, TWO)
        before = remembering.snapshot().objects
        put(remembering, exempting("two", {**DNS, "remote_ports": [5353]}, WEB))
        remembering.apply(remembering.plan(None))
        remembering.apply(remembering.plan_rollback(1))
        assert remembering.snapshot().objects == before

    def test_rollback_to_the_present_state_is_nothing_to_do(self, remembering: Backend) -> None:
        """The latest revision is where it stands."""
        put(remembering, ONE)
        assert remembering.plan_rollback(1).empty

    def test_a_rollback_is_refused_when_the_state_has_moved(self, remembering: Backend) -> None:
        """A rollback is a plan like any other."""
        put(remembering, ONE)
        stale = remembering.plan_rollback()
        put(remembering, TWO)
        with pytest.raises(StalePlanError):
            remembering.apply(stale)

    @pytest.mark.parametrize("number", [-1, 2, 10**30])
    def test_a_revision_that_is_not_there_is_said_to_be_missing(self, remembering: Backend, number: int) -> None:
        """The refusal names the number that was asked for."""
        put(remembering, ONE)
        with pytest.raises(BackendError, match=str(number)):
            remembering.plan_rollback(number)
        assert plan_for(remembering, ONE).empty
