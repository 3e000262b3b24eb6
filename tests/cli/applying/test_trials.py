"""While a program holds a policy on trial every command says so, and takes it for no policy that was applied."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import change
from tests.cli.running import Run
from tests.support import preset

HELD = f"nd-transport is held on trial by process {os.getpid()}, and goes when that program ends"
REFUSED = f"ndtui: error: {HELD}: nothing is applied or removed before that"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreBackend]:
    """Return a store from which nd-boundary was removed, and on which nd-transport is held on trial."""
    made = StoreBackend(tmp_path / "store.sqlite3")
    made.apply(made.plan(compile_design(preset("nd-boundary"))))
    made.apply(made.plan(None))
    with closing(made.trial(made.plan(compile_design(change(preset("nd-transport"), lifetime="dynamic"))))):
        yield made


@pytest.mark.parametrize(
    "words",
    [
        ("apply", "nd-transport"),
        ("apply", "nd-transport", "--confirm-within", "60s"),
        ("apply", "nd-transport", "--trial"),
        ("apply", "nd-boundary"),
        ("remove",),
        ("rollback",),
        ("rollback", "2"),
    ],
    ids=" ".join,
)
def test_what_would_change_something_is_refused(run: Run, store: StoreBackend, words: tuple[str, ...]) -> None:
    before = store.snapshot().state
    assert run(*words, "--store", store.path, "--yes").refusal(1) == REFUSED
    assert store.snapshot().state == before


def test_a_saved_plan_is_refused_too(run: Run, store: StoreBackend, tmp_path: Path) -> None:
    saved = tmp_path / "change.json"
    assert run("plan", "nd-transport", "--store", store.path, "-o", saved).status == 0
    assert run("apply", saved, "--yes").refusal(1) == REFUSED


def test_a_plan_does_not_take_it_for_applied(run: Run, store: StoreBackend) -> None:
    words = ("plan", "nd-transport", "--store", store.path, "--detailed-exitcode")
    ran = run(*words)
    assert ran.status == 3
    assert f"Trial: {HELD}: nothing is applied or removed before that" in ran.out.splitlines()
    assert "25 to add, 0 to change, 0 to remove, 0 unchanged" in ran.out
    assert "Drift" not in ran.out
    document = json.loads(run(*words, "--json").out)
    assert document["drift"] == []
    assert (document["trial"]["policy"], document["trial"]["process"]) == ("nd-transport", os.getpid())
    assert len(document["trial"]["objects"]) == 25


def test_status_tells_it_from_what_was_applied(run: Run, store: StoreBackend) -> None:
    said = run("status", "--store", store.path).out.splitlines()
    assert "Policy   none applied" in said
    assert f"Trial    {HELD}: 20 filters, which are not counted below" in said
    assert "Drift    none: it is as it was applied" in said
    assert said[-1] == "0 filters in 0 layers, 0 provider contexts"
    document = json.loads(run("status", "--store", store.path, "--json").out)
    assert (document["policy"], document["drift"], len(document["filters"])) == ("", [], 20)
    assert document["trial"]["policy"] == "nd-transport"
    keys = {each["key"] for each in document["trial"]["objects"] if each["kind"] == "filter"}
    assert keys == {each["filterKey"] for each in document["filters"]}


def test_what_is_there_now_leaves_it_out_and_says_so(run: Run, store: StoreBackend) -> None:
    said = run("history", "now", "--store", store.path).out
    assert said.startswith("What is there now, without what is held on trial\nPolicy   none applied\n")
    assert "They hold the same." in run("history", "2", "now", "--store", store.path).out


def test_once_it_has_ended_everything_is_as_ever(run: Run, store: StoreBackend) -> None:
    words = ("--store", store.path)
    for trial in list(store._engine._open.values()):
        trial.close()
    assert "Trial" not in run("status", *words).out
    assert json.loads(run("status", *words, "--json").out)["trial"] is None
    assert json.loads(run("plan", "nd-transport", *words, "--json").out)["trial"] is None
    assert run("apply", "nd-transport", *words, "--yes").status == 0
    assert store.snapshot().policy == "nd-transport"
