"""A program killed at every statement that SQLite is given: up to one of them nothing is done, and then all of it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import groupby
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.store import StoreBackend
from tests.backends.faults.benches import OTHERS, Bench, Everything
from tests.backends.faults.faulty import Faults
from tests.backends.faults.operations import OPERATIONS, Operation
from tests.backends.faults.stopping import stop_at
from tests.backends.store_workers import answer, integrity, working

KILLED = [each for each in OPERATIONS if each.name != "look"]


def everything(path: Path) -> Everything:
    """Return all there is to a program that has just been started."""
    return Bench(StoreBackend(path), BfeEngine(path), Faults()).everything()


def ready(path: Path, operation: Operation) -> None:
    """Make a store that is ready for an operation, and holds objects of someone else."""
    with closing(BfeEngine(path).open()) as session:
        for kind, document in OTHERS:
            session.add(kind, document)
    operation.ready(StoreBackend(path))


@pytest.mark.slow
@pytest.mark.parametrize("operation", KILLED, ids=lambda each: each.name)
def test_a_program_may_be_killed_at_every_statement(
    tmp_path: Path, operation: Operation, record_property: Callable[[str, object], None]
) -> None:
    first = tmp_path / "first.sqlite3"
    ready(first, operation)
    before = everything(first)
    outcomes: list[str] = []
    said: object = ""
    while said is not None:
        path = tmp_path / f"{len(outcomes)}" / "store.sqlite3"
        path.parent.mkdir()
        shutil.copy(first, path)
        with working(stop_at, path, operation.name, len(outcomes) + 1) as (process, channel):
            said = answer(channel)
            process.kill()
            process.join()
        found = everything(path)
        outcomes.append("nothing" if found == before else "all of it" if found.meaning() != before.meaning() else "?")
        assert integrity(path) == [("ok",)]
        assert [each.name for each in path.parent.iterdir()] == [path.name]
        run = operation.plan(StoreBackend(path)) if outcomes[-1] == "nothing" else None
        if run is not None:
            made = run()
            if hasattr(made, "close"):
                made.close()
    record_property("kills", len(outcomes))
    trial = operation.name == "trial"
    assert [name for name, _ in groupby(outcomes)] == (["nothing"] if trial else ["nothing", "all of it"])
    assert len(outcomes) > 10


def test_what_counts_as_a_statement(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    ready(path, OPERATIONS[0])
    with working(stop_at, path, OPERATIONS[0].name, 10_000) as (process, channel):
        assert answer(channel) is None
        process.kill()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT policy FROM revision").fetchall() == [("one",)]
