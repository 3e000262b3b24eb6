"""What apply, remove and rollback print for a pipeline: the plan and its outcome as one document."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ndtui.backends.store import StoreBackend
from tests.cli.running import Run

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def told(run: Run, store: Path) -> Told:
    """Return what runs a command with JSON and returns its document."""

    def told_by(*words: str) -> dict[str, Any]:
        ran = run(*words, "--json", "--yes", "--store", str(store))
        assert ran.status == 0, ran
        document: dict[str, Any] = json.loads(ran.out)
        return document

    return told_by


def test_the_plan_and_what_was_done(run: Run, told: Told, store: Path) -> None:
    planned = json.loads(run("plan", "nd-transport", "--json", "--store", str(store)).out)
    applied = told("apply", "nd-transport")
    held = StoreBackend(store).snapshot()
    assert {**applied, "done": None} == {**planned, "done": None}
    assert applied["done"] == {
        "policy": "nd-transport",
        "state": held.state,
        "counts": {"added": len(held.objects), "changed": 0, "removed": 0},
        "altered": [],
    }


def test_what_is_applied_already_has_no_outcome(told: Told) -> None:
    told("apply", "nd-transport")
    again = told("apply", "nd-transport")
    assert (again["done"], again["changes"], again["counts"]["unchanged"]) == (None, [], 25)


def test_remove_and_rollback_tell_it_too(told: Told, store: Path) -> None:
    told("apply", "nd-transport")
    removed = told("remove")
    assert removed["done"]["counts"] == {"added": 0, "changed": 0, "removed": 25}
    assert {each["action"] for each in removed["changes"]} == {"remove"}
    back = told("rollback", "-m", "it was needed")
    assert (back["done"]["policy"], back["done"]["counts"]["added"]) == ("nd-transport", 25)
    assert StoreBackend(store).history()[0].note.message == "it was needed"
    assert told("rollback", "3")["done"] is None


def test_what_waits_to_be_confirmed_is_told_and_not_waited_for(told: Told, store: Path) -> None:
    before = time.time()
    pending = told("apply", "nd-transport", "--confirm-within", "1h")["pending"]
    waits = StoreBackend(store).pending()
    assert waits
    assert pending["token"] == waits.token
    assert before + 3500 < pending["deadline"] < time.time() + 3700


@pytest.mark.parametrize("words", [("apply", "nd-transport"), ("remove",), ("rollback",)], ids=" ".join)
def test_without_leave_nothing_is_asked_and_nothing_done(run: Run, told: Told, store: Path, words: tuple[str, ...]):
    told("apply", "nd-boundary")
    said = run(*words, "--json", "--store", str(store)).refusal()
    assert said == "ndtui: error: with --json nothing is asked, and nothing was changed: add --yes"
    assert StoreBackend(store).snapshot().policy == "nd-boundary"


def test_a_trial_prints_none(run: Run, store: Path) -> None:
    said = run("apply", "nd-transport", "--trial", "--json", "--yes", "--store", str(store)).refusal()
    assert said.endswith("a trial ends with this program, and prints no JSON: leave --json out")


def test_what_is_to_be_known_before_goes_to_standard_error(run: Run, store: Path) -> None:
    ran = run("apply", "nd-transport", "--json", "--yes", "--store", str(store))
    assert "[management-dropped]" in ran.err
    assert json.loads(ran.out)
