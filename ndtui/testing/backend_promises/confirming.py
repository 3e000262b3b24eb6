"""An apply that comes back by itself unless it is confirmed in time."""

import time
from collections.abc import Callable
from typing import ClassVar

import pytest

from ndtui.backends.contract.backend import Backend
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.model.design.design import Design
from ndtui.testing.backend_promises.holding import held, objects_of, plan_for, put
from ndtui.testing.backend_promises.subject import BackendSubject
from ndtui.testing.sample_designs import ONE, TWO


class Confirming(BackendSubject):
    """A backend reverts what is not confirmed; one that cannot refuses to apply so."""

    #: Seconds to confirm in, and seconds to wait after that until what was there before is back.
    confirm_within: ClassVar[float] = 2.0
    revert_patience: ClassVar[float] = 30.0

    def test_a_time_to_confirm_in_is_kept_or_refused(self, backend: Backend) -> None:
        """Nobody is led to believe that something would come back by itself that would not."""
        if backend.capabilities.write and backend.capabilities.confirm_or_revert:
            backend.apply(plan_for(backend, ONE), within=60)
            assert backend.snapshot().pending is not None
            backend.confirm()
            return
        with pytest.raises(BackendError):
            backend.apply(plan_for(backend, ONE), within=60)
        assert held(backend.snapshot()) == {}

    def test_there_is_nothing_to_confirm_at_first(self, backend: Backend) -> None:
        """A yes to nothing is refused, with or without the flag."""
        with pytest.raises(BackendError):
            backend.confirm()

    @pytest.mark.parametrize("before", [None, ONE], ids=["at first", "later"])
    def test_what_is_not_confirmed_comes_back_by_itself(
        self, confirming: Backend, let_pass: Callable[[float], None], before: Design | None
    ) -> None:
        """What was there before the apply is there again, and nothing waits any more."""
        if before is not None:
            put(confirming, before)
        earlier = held(confirming.snapshot())
        confirming.apply(plan_for(confirming, TWO), within=self.confirm_within)
        pending = confirming.snapshot().pending
        assert pending is not None
        assert 0 < pending.deadline - time.time() <= self.confirm_within
        let_pass(self.confirm_within)
        self._wait_until_nothing_waits(confirming)
        assert held(confirming.snapshot()) == earlier
        assert confirming.history()[0].action == "rollback"

    def test_what_is_confirmed_stays(self, confirming: Backend, let_pass: Callable[[float], None]) -> None:
        """After ``confirm`` the time no longer matters, and there is nothing left to confirm."""
        confirming.apply(plan_for(confirming, ONE), within=self.confirm_within)
        confirming.confirm()
        assert confirming.snapshot().pending is None
        let_pass(self.confirm_within)
        assert held(confirming.snapshot()) == objects_of(ONE)
        with pytest.raises(BackendError):
            confirming.confirm()

    def test_an_answer_is_for_what_it_was_asked_about(self, confirming: Backend) -> None:
        """A yes or a no that names another apply, which has ended long ago, does nothing."""
        asked = confirming.apply(plan_for(confirming, ONE), within=60).pending or confirming.pending()
        assert asked is not None
        confirming.confirm(asked.token)
        assert confirming.revert(asked.token) is None
        confirming.apply(plan_for(confirming, TWO), within=60)
        waiting = confirming.pending()
        assert waiting is not None
        assert waiting.token != asked.token
        with pytest.raises(BackendError):
            confirming.confirm(asked.token)
        assert confirming.revert(asked.token) is None
        assert confirming.pending() == waiting
        assert held(confirming.snapshot()) == objects_of(TWO)
        assert confirming.revert(waiting.token) is not None
        assert confirming.pending() is None
        assert held(confirming.snapshot()) == objects_of(ONE)

    def test_what_came_back_cannot_be_confirmed(self, confirming: Backend, let_pass: Callable[[float], None]) -> None:
        """Whoever confirms too late is told so."""
        confirming.apply(plan_for(confirming, ONE), within=self.confirm_within)
        let_pass(self.confirm_within)
        self._wait_until_nothing_waits(confirming)
        with pytest.raises(BackendError):
            confirming.confirm()

    def test_confirming_makes_no_plan_stale(self, confirming: Backend) -> None:
        """While something waits nothing else is applied; a plan made then can be carried out after the yes."""
        confirming.apply(plan_for(confirming, ONE), within=60)
        plan = plan_for(confirming, TWO)
        with pytest.raises(BackendError):
            confirming.apply(plan)
        assert held(confirming.snapshot()) == objects_of(ONE)
        confirming.confirm()
        confirming.apply(plan)
        assert held(confirming.snapshot()) == objects_of(TWO)

    @pytest.mark.parametrize("way", ["rollback", "remove"])
    def test_going_back_by_hand_settles_it(self, confirming: Backend, way: str) -> None:
        """Whoever does not want to wait goes back at once, and nothing waits any more."""
        confirming.apply(plan_for(confirming, ONE), within=60)
        confirming.apply(confirming.plan_rollback() if way == "rollback" else confirming.plan(None))
        assert confirming.snapshot().pending is None
        assert held(confirming.snapshot()) == {}

    def _wait_until_nothing_waits(self, backend: Backend) -> None:
        give_up = time.monotonic() + self.revert_patience
        while backend.snapshot().pending is not None:
            assert time.monotonic() < give_up, "what was not confirmed in time did not come back"
            time.sleep(0.05)
