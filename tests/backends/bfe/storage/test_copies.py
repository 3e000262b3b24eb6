"""A store that was put back from a copy, or altered: its state is named by its content, nobody goes on with the old.

The states of two stores that come from one copy have the same lineage and the same number.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe.storage import file_stamp, sql_tables
from ndtui.backends.contract.backend_errors import StalePlanError
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from tests.backends.faults.operations import ONE, THREE, TWO
from tests.backends.holding import held, objects_of, plan_for, put
from tests.cli.conftest import run
from tests.cli.running import Run

__all__ = ["run"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def copy(path: Path) -> Path:
    """Return a copy of a store that holds ONE; the store itself holds TWO since."""
    put(StoreBackend(path), ONE)
    copy = Path(shutil.copy(path, path.with_name("copy.sqlite3")))
    put(StoreBackend(path), TWO)
    return copy


def overwrite(copy: Path, path: Path) -> None:
    path.write_bytes(copy.read_bytes())


def rename(copy: Path, path: Path) -> None:
    copy.replace(path)


@pytest.mark.parametrize("put_back", [overwrite, rename])
def test_a_plan_of_another_state_is_refused_by_a_store_that_was_put_back(
    path: Path, copy: Path, put_back: Callable[[Path, Path], None]
) -> None:
    plan = plan_for(StoreBackend(path), THREE)
    put(StoreBackend(copy), THREE)
    put_back(copy, path)
    with pytest.raises(StalePlanError, match="plan again"):
        StoreBackend(path).apply(plan)
    assert held(StoreBackend(path).snapshot()) == objects_of(THREE)


@pytest.mark.parametrize("put_back", [overwrite, rename])
def test_a_running_program_shows_what_a_store_that_was_put_back_holds(
    path: Path, copy: Path, put_back: Callable[[Path, Path], None]
) -> None:
    running = StoreBackend(path)
    put(StoreBackend(copy), THREE)
    assert held(running.snapshot()) == objects_of(TWO)
    plan = plan_for(running, ONE)
    put_back(copy, path)
    assert held(running.snapshot()) == objects_of(THREE)
    with pytest.raises(StalePlanError, match="plan again"):
        running.apply(plan)
    put(running, TWO)
    assert held(StoreBackend(path).snapshot()) == objects_of(TWO)


def test_a_saved_plan_of_another_state_is_refused_by_a_store_that_was_put_back(
    path: Path, copy: Path, tmp_path: Path, run: Run
) -> None:
    saved = tmp_path / "plan.json"
    assert run("plan", "nd-transport", "--store", path, "-o", saved).status == 0
    put(StoreBackend(copy), THREE)
    rename(copy, path)
    assert "plan again" in run("apply", saved, "--yes").refusal(1)
    assert held(StoreBackend(path).snapshot()) == objects_of(THREE)


@pytest.mark.parametrize("cell", ["document = replace(document, 'exempt', 'exampt')", "lifetime = 'persistent'"])
def test_an_object_that_another_program_has_altered_makes_another_state(path: Path, cell: str) -> None:
    put(StoreBackend(path), ONE)
    running = StoreBackend(path)
    plan, before = plan_for(running, TWO), running.snapshot()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE object SET {cell} WHERE id = (SELECT max(id) FROM object WHERE layer != '')")
    for each in (running, StoreBackend(path)):
        assert each.snapshot().state != before.state
        with pytest.raises(StalePlanError):
            each.apply(plan)


def test_a_state_has_one_name_for_who_wrote_it_and_for_who_reads_it(path: Path) -> None:
    writer = StoreBackend(path)
    for design in (ONE, TWO, ONE):
        done = put(writer, design)
        assert done.state == writer.snapshot().state == StoreBackend(path).snapshot().state
    writer.apply(writer.plan(None))
    assert writer.snapshot().state == StoreBackend(path).snapshot().state


def test_the_same_objects_in_another_store_are_another_state(tmp_path: Path) -> None:
    stores = [StoreBackend(tmp_path / f"{number}.sqlite3") for number in range(2)]
    assert len({put(each, ONE).state for each in (*stores, MemoryBackend(), MemoryBackend())}) == 4


def test_what_did_not_change_is_not_read_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(StoreBackend(path), ONE)
    reads = []
    objects_now = sql_tables.objects_now
    monkeypatch.setattr(file_stamp, "_STEP", -1)
    monkeypatch.setattr(
        sql_tables, "objects_now", lambda connection, where: (reads.append(where), objects_now(connection, where))[1]
    )
    running = StoreBackend(path)
    for _ in range(3):
        running.snapshot()
        plan_for(running, TWO)
    assert len(reads) == 1
    put(StoreBackend(path), TWO)
    running.snapshot()
    assert len(reads) == 3
