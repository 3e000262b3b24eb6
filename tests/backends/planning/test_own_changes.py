"""A saved plan is data, not authority: with a right digest it still changes only what is ours, and as it is held."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Change
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning import plan_file
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.engine_backend import OURS
from ndtui.model.compiled.document_names import key_of
from ndtui.model.files.design_file import format_design
from tests.backends.faults.benches import OTHER, OTHERS
from tests.backends.faults.operations import ONE, RENEWED, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put
from tests.cli.conftest import run
from tests.cli.running import Run

__all__ = ["run"]

NEW = "{0a0b0c0d-0000-4000-8000-00000000beef}"
Document = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store that holds ONE, and objects of somebody else."""
    path = tmp_path / "store.sqlite3"
    with closing(BfeEngine(path).open()) as session:
        for kind, document in OTHERS:
            session.add(kind, document)
    put(StoreBackend(path), ONE)
    return path


def theirs(path: Path, kind: str) -> Document:
    """Return an object of somebody else as it is held."""
    others = [each.document for each in StoreBackend(path).others() if each.kind == kind]
    return dict(next(each for each in others if "origin" not in each))


def saved(path: Path, file: Path, forge: Callable[[Document], object]) -> Path:
    """Save a plan for TWO that somebody has rewritten, and given the right digest."""
    store = StoreBackend(path)
    document = json.loads(plan_file.format_plan(plan_for(store, TWO), store.place()))
    del document["sha256"]
    forge(document)
    file.write_text(json.dumps({**document, "sha256": plan_file._digest(document)}), encoding="utf-8")
    return file


def entry(kind: str, before: Document | None, after: Document | None) -> Document:
    found = before if after is None else after
    assert found is not None
    return {"kind": kind, "key": key_of(kind, found), "before": before, "after": after}  # type: ignore[arg-type]


def one_of(document: Document, kind: str, action: str) -> Document:
    """Return the first entry of a kind that adds, changes or removes."""
    acts = {"add": (True, False), "remove": (False, True), "change": (False, False)}[action]
    found = (e for e in document["changes"] if e["kind"] == kind and (e["before"] is None, e["after"] is None) == acts)
    return next(found)  # type: ignore[no-any-return]


FORGERIES: dict[str, tuple[Callable[[Document, Path], object], str]] = {
    "deletes an object of somebody else": (
        lambda plan, path: plan["changes"].append(entry("filter", theirs(path, "filter"), None)),
        "is not held under our provider",
    ),
    "changes an object of somebody else": (
        lambda plan, path: plan["changes"].append(
            entry("filter", theirs(path, "filter"), {**theirs(path, "filter"), "providerKey": OURS})
        ),
        "is not held under our provider",
    ),
    "deletes somebody else's provider": (
        lambda plan, path: plan["changes"].append(entry("provider", theirs(path, "provider"), None)),
        "is not held under our provider",
    ),
    "deletes what is not there": (
        lambda plan, path: plan["changes"].append(
            entry("filter", {**theirs(path, "filter"), "filterKey": NEW, "providerKey": OURS}, None)
        ),
        "is not held under our provider",
    ),
    "adds an object for somebody else": (
        lambda plan, path: one_of(plan, "filter", "add")["after"].update(providerKey=OTHER),
        "would not belong to our provider",
    ),
    "adds an object for nobody": (
        lambda plan, path: one_of(plan, "filter", "add")["after"].update(providerKey=None),
        "would not belong to our provider",
    ),
    "adds another provider": (
        lambda plan, path: plan["changes"].append(
            entry("provider", None, {**theirs(path, "provider"), "providerKey": NEW})
        ),
        "would not belong to our provider",
    ),
    "gives an object of ours away": (
        lambda plan, path: (
            plan["changes"].append(
                entry("provider", dict(mine(path, "provider")), {**mine(path, "provider"), "providerKey": OURS, "x": 1})
            )
            or one_of(plan, "filter", "remove").update(
                after={**one_of(plan, "filter", "remove")["before"], "providerKey": OTHER}
            )
        ),
        "would not belong to our provider",
    ),
    "says that something else is held": (
        lambda plan, path: one_of(plan, "filter", "remove")["before"]["displayData"].update(name="harmless"),
        "is not held as the plan says",
    ),
    "adds what is held": (
        lambda plan, path: one_of(plan, "filter", "remove").update(
            before=None, after=one_of(plan, "filter", "remove")["before"]
        ),
        "is not held as the plan says",
    ),
    "names an object twice": (
        lambda plan, path: plan["changes"].append(one_of(plan, "filter", "remove")),
        "is named twice",
    ),
    "is of another policy than it says": (
        lambda plan, path: plan.update(policy="nd-transport"),
        "is of another policy",
    ),
    "was made from another state": (lambda plan, path: plan.update(state="0" * 16), "plan again"),
}


def mine(path: Path, kind: str) -> Document:
    return dict(next(each.document for each in StoreBackend(path).snapshot().objects if each.kind == kind))


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_saved_plan_that_somebody_has_forged_is_refused(path: Path, tmp_path: Path, run: Run, forgery: str) -> None:
    forge, words = FORGERIES[forgery]
    file = saved(path, tmp_path / "plan.json", lambda plan: forge(plan, path))
    before = path.read_bytes()
    refusal = run("apply", file, "--yes").refusal(1)
    assert words in refusal
    assert path.read_bytes() == before


def test_what_is_shown_is_computed_and_not_what_the_file_says(path: Path, tmp_path: Path, run: Run) -> None:
    def forge(plan: Document) -> None:
        plan.update(unchanged=9999, replaces="nothing of yours", action="rollback")
        plan["changes"].reverse()

    honest = run("plan", "--store", path, design_file(tmp_path)).out.splitlines()
    ran = run("apply", saved(path, tmp_path / "plan.json", forge), "--yes")
    assert ran.status == 0
    assert sorted(ran.out.splitlines()[:-1]) == sorted(honest[1:])
    assert "9999" not in ran.out
    assert "nothing of yours" not in ran.out
    assert StoreBackend(path).history()[0].action == "apply"
    assert held(StoreBackend(path).snapshot()) == objects_of(TWO)


def design_file(folder: Path) -> Path:
    file = folder / "two.toml"
    file.write_text(format_design(TWO), encoding="utf-8")
    return file


def test_a_saved_plan_that_calls_itself_a_rollback_does_not_pass_what_waits(
    path: Path, tmp_path: Path, run: Run
) -> None:
    store = StoreBackend(path)
    file = saved(path, tmp_path / "plan.json", lambda plan: plan.update(action="rollback"))
    apply_unwatched(store, plan_for(store, RENEWED), 3600)
    assert run("apply", file, "--yes").status == 1
    file = saved(path, tmp_path / "plan.json", lambda plan: plan.update(action="rollback"))
    assert "waits to be confirmed" in run("apply", file, "--yes").err
    assert held(store.snapshot()) == objects_of(RENEWED)


def test_a_backend_refuses_such_a_plan_however_it_comes() -> None:
    backend = MemoryBackend()
    put(backend, ONE)
    with closing(backend._engine.open()) as session:
        for kind, document in OTHERS:
            session.add(kind, document)
    foreign = next(each for each in backend.others() if each.kind == "filter")
    plan = plan_for(backend, TWO)
    before = backend.snapshot()
    for changes in (
        (*plan.changes, Change("filter", foreign.key, foreign.document, None)),
        (*plan.changes, plan.changes[0]),
    ):
        with pytest.raises(BackendError, match="the plan is refused"):
            backend.apply(replace(plan, changes=changes))
    assert backend.snapshot().state == before.state
    assert foreign in backend.others()


def test_a_trial_refuses_what_would_not_be_ours() -> None:
    backend = MemoryBackend()
    plan = plan_for(backend, ONE)
    (*others, last) = plan.changes
    assert last.after is not None
    stranger = last._replace(after={**last.after, "providerKey": None})  # type: ignore[typeddict-item]
    with pytest.raises(BackendError, match="would not belong to our provider"):
        backend.trial(replace(plan, changes=(*others, stranger)))
    assert held(backend.snapshot()) == {}


STRANGE: tuple[Any, ...] = (
    *(None, 7, -1, 1 << 70, 1.5, float("nan"), True),
    *("", "\x1b[31m", "\ud800", [], [7], [[]], {}, {"x": {}}),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the paths of everything in a document."""
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in entries:
        yield from places(each, (*path, name))


@pytest.mark.parametrize("kind", ["provider", "subLayer", "providerContext", "filter"])
def test_a_saved_plan_with_anything_in_its_objects_is_one_line(tmp_path: Path, run: Run, kind: str) -> None:
    store = StoreBackend(tmp_path / "new.sqlite3")
    made = json.loads(plan_file.format_plan(plan_for(store, ONE), store.place()))
    del made["sha256"]
    number = max(n for n, each in enumerate(made["changes"]) if each["kind"] == kind)
    file, wrong = tmp_path / "plan.json", []
    for turn, path in enumerate(places(made["changes"][number]["after"])):
        for value in STRANGE[turn % 5 :: 5]:
            plan = copy.deepcopy(made)
            holder = plan["changes"][number]["after"]
            for name in path[:-1]:
                holder = holder[name]
            holder[path[-1]] = value
            file.write_text(json.dumps({**plan, "sha256": plan_file._digest(plan)}), encoding="utf-8")
            try:
                ran = run("apply", file, "--yes")
            except Exception as error:
                wrong.append(f"{path} = {value!r}: {error!r}")
                continue
            if ran.status not in (0, 1, 2) or "Traceback" in ran.err or "\x1b" in ran.out + ran.err:
                wrong.append(f"{path} = {value!r}: {ran}")
            if ran.status == 0:
                (tmp_path / "new.sqlite3").unlink()
    assert wrong == []
