"""A policy that is held only for now."""

from contextlib import closing

import pytest

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError, StalePlanError
from ndtui.testing.backend_promises.holding import held, objects_of, plan_for, put, revisions
from ndtui.testing.backend_promises.subject import BackendSubject
from ndtui.testing.sample_designs import ONE, PASSING, TWO


class OnTrial(BackendSubject):
    """A backend holds a policy until the trial is closed; one that cannot says so."""

    def test_a_trial_is_held_or_refused(self, backend: Backend) -> None:
        """Nobody is led to believe that a policy is gone when the program is, and it is not."""
        if backend.capabilities.write and backend.capabilities.trial:
            with closing(backend.trial(plan_for(backend, PASSING))):
                assert held(backend.snapshot()) == objects_of(PASSING)
        else:
            with pytest.raises(BackendError):
                backend.trial(plan_for(backend, PASSING))
        assert held(backend.snapshot()) == {}

    def test_a_trial_leaves_no_trace(self, trying: Backend) -> None:
        """While it lasts it is shown like what stays; then everything is as before."""
        plan = plan_for(trying, PASSING)
        others = trying.others()
        with closing(trying.trial(plan)):
            assert held(trying.snapshot()) == objects_of(PASSING)
            assert trying.snapshot().policy == "one"
        assert held(trying.snapshot()) == {}
        assert trying.others() == others
        assert revisions(trying) in (0, None)

    def test_a_trial_only_adds(self, trying: Backend) -> None:
        """Where something of ours is there already, it stays as it is."""
        put(trying, ONE)
        with pytest.raises(BackendError):
            trying.trial(plan_for(trying, TWO))
        assert held(trying.snapshot()) == objects_of(ONE)

    def test_a_trial_is_refused_when_the_state_has_moved(self, trying: Backend) -> None:
        """A trial carries out a plan, and a plan is for one state."""
        plan = plan_for(trying, PASSING)
        put(trying, TWO)
        with pytest.raises(StalePlanError):
            trying.trial(plan)
        assert held(trying.snapshot()) == objects_of(TWO)
