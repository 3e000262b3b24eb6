"""Backends that break one promise each, and the suite as it runs against them: see ``test_suites_notice``."""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from ndtui_sample_backend import DrawerBackend

from ndtui.backends.contract.backend import Backend, Capabilities
from ndtui.backends.contract.changes import Applied, Pending, Snapshot
from ndtui.testing.backend_contract import BackendContract
from tests.backends.engines import WatchedMemory, watch_by_hand


class _Suite(BackendContract):
    broken: ClassVar[type[Backend]]
    confirm_within = 0.1
    revert_patience = 0.1

    def make(self, folder: Path) -> Backend:
        return self.broken()


class TakesStalePlans(DrawerBackend):
    def apply(self, plan: Any, progress: Any = None, *, within: Any = None) -> Applied:
        return super().apply(replace(plan, state=self.snapshot().state), progress, within=within)


class TestTakesStalePlans(_Suite):
    broken = TakesStalePlans


class NamesEveryStateAlike(DrawerBackend):
    def snapshot(self) -> Snapshot:
        return replace(super().snapshot(), state="the state")


class TestNamesEveryStateAlike(_Suite):
    broken = NamesEveryStateAlike


class LetsEveryoneIn(DrawerBackend):
    def __init__(self, store: Any = None) -> None:
        super().__init__(store)
        self._lock = nullcontext()


class TestLetsEveryoneIn(_Suite):
    broken = LetsEveryoneIn


class ReportsAfterwards(DrawerBackend):
    def apply(self, plan: Any, progress: Any = None, *, within: Any = None) -> Applied:
        done = super().apply(plan, within=within)
        if progress is not None:
            progress(len(plan.changes), len(plan.changes))
        return done


class TestReportsAfterwards(_Suite):
    broken = ReportsAfterwards


class PassesOverTheTime(DrawerBackend):
    def apply(self, plan: Any, progress: Any = None, *, within: Any = None) -> Applied:
        return super().apply(plan, progress)


class TestPassesOverTheTime(_Suite):
    broken = PassesOverTheTime


class NeverReverts(DrawerBackend):
    capabilities = Capabilities(confirm_or_revert=True, history=True)
    _pending: Pending | None = None

    def snapshot(self) -> Snapshot:
        return replace(super().snapshot(), pending=self._pending)

    def apply(self, plan: Any, progress: Any = None, *, within: Any = None) -> Applied:
        done = super().apply(plan, progress)
        self._pending = None if within is None else Pending("token", 0, time.time() + within)
        return done

    def confirm(self, token: str | None = None) -> None:
        self._pending = None

    def revert(self, token: str, progress: Any = None) -> Applied | None:
        return None


class TestNeverReverts(_Suite):
    broken = NeverReverts


class AnswersForAnyone(WatchedMemory):
    def confirm(self, token: str | None = None) -> None:
        super().confirm()


class TestAnswersForAnyone(_Suite):
    broken = AnswersForAnyone

    @pytest.fixture(autouse=True)
    def unwatched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        watch_by_hand(monkeypatch)


class Prints(DrawerBackend):
    def apply(self, plan: Any, progress: Any = None, *, within: Any = None) -> Applied:
        print("applied")
        return super().apply(plan, progress, within=within)


class TestPrints(_Suite):
    broken = Prints


class TellsHistoryFromTheStart(DrawerBackend):
    def history(self) -> Sequence[Any]:
        return self._revisions


class TestTellsHistoryFromTheStart(_Suite):
    broken = TellsHistoryFromTheStart


class ClaimsThatNothingWasDone(DrawerBackend):
    capabilities = Capabilities(trial=True)

    def history(self) -> Sequence[Any]:
        return []


class TestClaimsThatNothingWasDone(_Suite):
    broken = ClaimsThatNothingWasDone


class KeepsTrials(DrawerBackend):
    def _put_away(self) -> None:
        self._states.append(self._tried)
        super()._put_away()


class TestKeepsTrials(_Suite):
    broken = KeepsTrials


class TriesOverWhatIsThere(DrawerBackend):
    def trial(self, plan: Any, progress: Any = None) -> Any:
        self._states.append(replace(self.snapshot(), objects=()))
        return super().trial(plan, progress)


class TestTriesOverWhatIsThere(_Suite):
    broken = TriesOverWhatIsThere


class TakesOursForOthers(DrawerBackend):
    def others(self) -> Sequence[Any]:
        return self.snapshot().objects


class TestTakesOursForOthers(_Suite):
    broken = TakesOursForOthers


class CutsNames(DrawerBackend):
    def snapshot(self) -> Snapshot:
        return replace(super().snapshot(), policy=super().snapshot().policy[:80])


class TestCutsNames(_Suite):
    broken = CutsNames


class ListsAsTheyCame(DrawerBackend):
    def snapshot(self) -> Snapshot:
        found = super().snapshot()
        return replace(found, objects=tuple(sorted(found.objects, key=lambda each: each.key)))


class TestListsAsTheyCame(_Suite):
    broken = ListsAsTheyCame


class PlansFromNothing(DrawerBackend):
    def plan(self, target: Any) -> Any:
        planned = super().plan(target)
        return replace(planned, changes=tuple(each._replace(before=None) for each in planned.changes), unchanged=0)


class TestPlansFromNothing(_Suite):
    broken = PlansFromNothing


class ClaimsWhatItCannot(DrawerBackend):
    capabilities = Capabilities(lists_others=True)


class TestClaimsWhatItCannot(_Suite):
    broken = ClaimsWhatItCannot


#: Which test notices what.
NOTICED = {
    "TestTakesStalePlans": "test_a_plan_is_refused_when_the_state_has_moved",
    "TestNamesEveryStateAlike": "test_every_change_moves_the_state",
    "TestLetsEveryoneIn": "test_of_two_threads_with_plans_from_one_state_only_the_first_succeeds",
    "TestReportsAfterwards": "test_an_apply_that_is_broken_off_changes_nothing",
    "TestPassesOverTheTime": "test_a_time_to_confirm_in_is_kept_or_refused",
    "TestNeverReverts": "test_what_is_not_confirmed_comes_back_by_itself",
    "TestAnswersForAnyone": "test_an_answer_is_for_what_it_was_asked_about",
    "TestPrints": "test_it_never_prints",
    "TestTellsHistoryFromTheStart": "test_history_tells_what_was_done_latest_first",
    "TestClaimsThatNothingWasDone": "test_a_history_is_kept_or_refused",
    "TestKeepsTrials": "test_a_trial_leaves_no_trace",
    "TestTriesOverWhatIsThere": "test_a_trial_only_adds",
    "TestTakesOursForOthers": "test_what_is_not_ours_is_told_apart",
    "TestCutsNames": "test_names_of_any_kind_come_back_as_they_were",
    "TestListsAsTheyCame": "test_filters_are_listed_by_layer_however_they_came",
    "TestPlansFromNothing": "test_an_edit_touches_only_what_it_concerns",
    "TestClaimsWhatItCannot": "test_it_keeps_the_contract_as_it_is_checked_when_loaded",
}
