"""Stores that somebody has crafted, and files planted beside one: each is one line and an exit status, never more."""

import itertools
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.store import StoreBackend
from tests.backends.faults.operations import ONE, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.support import one_line

__all__ = ["run"]

COMMANDS = (
    ("status", "--all"),
    ("status", "--json", "--all"),
    ("history",),
    ("plan", "nd-transport"),
    ("diff", "nd-transport", "store:"),
    ("confirm",),
    ("rollback", "--yes"),
    ("apply", "nd-transport", "--yes"),
    ("remove", "--yes"),
)

CELLS = {
    "meta": ("key", "value"),
    "revision": ("number", "at", "action", "policy", "added", "changed", "removed", "change"),
    "revision_note": ("number", "user", "host", "message", "cause", "back_to"),
    "object": (
        *("id", "position", "kind", "key", "lifetime", "session", "provider", "sublayer", "context", "layer"),
        *("added_in", "removed_in", "document"),
    ),
}
VALUES = ("NULL", "-1", "9223372036854775807", "1.5", "''", "'\x1b[31m'", "x'ff00'", "'{}'", "'[7]'", "x'22'")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a history, in which something waits to be confirmed."""
    path = tmp_path_factory.mktemp("first") / "store.sqlite3"
    store = StoreBackend(path)
    put(store, TWO)
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), 36_000)
    return path


@pytest.fixture
def path(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(first, tmp_path / "store.sqlite3"))


def craft(path: Path, *statements: str) -> None:
    """Make a store whose tables hold anything, and alter it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table, columns in CELLS.items():
            names = ", ".join(columns)
            connection.execute(f"CREATE TABLE free_{table} ({names})")
            connection.execute(f"INSERT INTO free_{table} SELECT {names} FROM {table}")
            connection.execute(f"DROP TABLE {table}")
            connection.execute(f"ALTER TABLE free_{table} RENAME TO {table}")
        for statement in statements:
            connection.execute(statement)


def outcome(run: Run, path: Path, command: tuple[str, ...]) -> str:
    """Return what is wrong with how a command ended; empty where it is a result or one line and a status."""
    try:
        ran = run(*command, "--store", path)
    except Exception as error:
        return f"{command[0]}: {error!r}"
    if ran.status not in (0, 1, 2) or "Traceback" in ran.err or "\x1b" in ran.out + ran.err:
        return f"{command[0]}: {ran}"
    return ""


def crafted() -> Iterator[str]:
    """Return statements that put something else into the cells of a table, all of them or the last row's."""
    for table, columns in CELLS.items():
        for column, value in itertools.product(columns, VALUES):
            yield f"UPDATE {table} SET {column} = {value}"
            yield f"UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})"


QUICK, ALL = 2, 20
SHARES = [pytest.param(n, marks=() if n < QUICK else pytest.mark.slow) for n in range(ALL)]


@pytest.mark.parametrize("share", SHARES)
def test_a_store_with_anything_in_its_cells_is_one_line(run: Run, first: Path, tmp_path: Path, share: int) -> None:
    wrong = []
    for number, statement in enumerate(list(crafted())[share::ALL]):
        path = Path(shutil.copy(first, tmp_path / f"{number}.sqlite3"))
        craft(path, statement)
        for command in COMMANDS[number % 3 :: 3]:
            found = outcome(run, path, command)
            wrong += [f"{statement}: {found}"] if found else []
    assert wrong == []


PENDING = (
    *("{", "7", "[]", "[1]", '["t", 0]', '["t", 0, 1, 2]', "null", '{"a": 1, "b": 2, "c": 3}', "[[], {}, null]"),
    *('["t", "0", 1]', '["t", 0.5, 1]', '["t", true, 1]', '["t", -1, 1]', '["t", 99, 1]', '["t", 0, "soon"]'),
    *('["t", 0, NaN]', '["t", 0, Infinity]', '["t", 0, -1]', '["t", 0, 1e300]', "[7, 0, 1]", "[" * 10_000),
)


@pytest.mark.parametrize("pending", PENDING, ids=range(len(PENDING)))
def test_what_waits_and_is_none_is_damage(run: Run, path: Path, pending: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'pending'", (pending,))
    for command in COMMANDS:
        assert outcome(run, path, command) == ""
    assert "is damaged" in run("status", "--store", path).refusal(1)


@pytest.mark.parametrize("version", ["3", "99", "9" * 17, "9" * 30, "9" * 5000])
def test_a_future_version_is_told_from_a_wrong_one(run: Run, path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'version'", (version,))
    before = path.read_bytes()
    for command in COMMANDS:
        assert outcome(run, path, command) == ""
    assert "was written by a later version of ndtui: update ndtui" in run("status", "--store", path).refusal(1)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", ["", "-1", "x", "1.0", "0x2"])
def test_what_is_no_version_is_another_program(run: Run, path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'version'", (version,))
    assert "another program" in run("status", "--store", path).refusal(2)


@pytest.mark.parametrize("name", ["number"])
@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "9" * 5000, "1.5"])
def test_a_number_that_is_none_is_damage(run: Run, path: Path, name: str, value: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, name))
    for command in COMMANDS:
        assert outcome(run, path, command) == ""
    assert "is damaged" in run("status", "--store", path).refusal(1)


ACTIVE = {
    "a trigger that deletes": "CREATE TRIGGER t AFTER INSERT ON revision BEGIN DELETE FROM object; END",
    "a trigger that refuses": "CREATE TRIGGER t BEFORE INSERT ON object BEGIN SELECT RAISE(ABORT, 'no'); END",
    "a trigger that adds": "CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM revision; END",
    "a view": "CREATE VIEW v AS SELECT * FROM object",
}


@pytest.mark.parametrize("active", ACTIVE)
def test_a_store_that_acts_by_itself_is_refused_and_left_alone(run: Run, path: Path, active: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(ACTIVE[active])
    before = path.read_bytes()
    for command in COMMANDS:
        assert outcome(run, path, command) == ""
    assert "is damaged" in run("rollback", "--store", path, "--yes").refusal(1)
    assert path.read_bytes() == before


def test_numbers_from_which_nothing_can_be_counted_on_are_damage(run: Run, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE object SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM object)")
    before = held(StoreBackend(path).snapshot())
    assert "is damaged" in run("rollback", "--store", path, "--yes").err
    assert held(StoreBackend(path).snapshot()) == before


# Files beside a store that are named like those of dynamic sessions.

KEY = "0a0b0c0d-0000-4000-8000-00000000beef"


def junk(path: Path) -> None:
    path.write_bytes(b"no database, and no session either")


def database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.symlink_to(path.with_name("target"))


def pipe(path: Path) -> None:
    os.mkfifo(path)


PLANTED: list[Callable[[Path], None]] = [junk, database, folder]
if sys.platform != "win32":
    PLANTED += [link, pipe]
NAMES = (f"{KEY}-7", f"{KEY}-", KEY, "", "x", f"{KEY}-7-journal", f"{KEY}-\u0667", f"{KEY}-{'9' * 5000}"[:200])


@pytest.mark.parametrize("plant", PLANTED)
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_what_is_named_like_a_session_is_ignored_and_left_alone(
    run: Run, path: Path, name: str, plant: Callable[[Path], None]
) -> None:
    planted = path.with_name(f"{path.name}-session-{name}")
    plant(planted)
    before = sorted(each.name for each in path.parent.iterdir())
    for command in COMMANDS:
        assert outcome(run, path, command) == ""
    store = StoreBackend(path)
    with closing(store.trial(plan_for(store, ONE))):
        assert held(store.snapshot()) == objects_of(ONE)
        assert [info.dynamic for info in BfeEngine(path).storage.announced()] == [True]
    assert sorted(each.name for each in path.parent.iterdir()) == before
    if plant is junk:
        assert planted.read_bytes() == b"no database, and no session either"


@pytest.mark.parametrize("plant", [each for each in PLANTED if each not in (junk, database)])
@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("there", [True, False], ids=["beside a store", "where there is none yet"])
def test_nothing_but_a_file_is_taken_for_the_log_of_a_store(
    run: Run, path: Path, ending: str, plant: Callable[[Path], None], there: bool
) -> None:
    planted = path.with_name(f"{path.name}{ending}")
    plant(planted)
    if not there:
        path.unlink()
    opened = os.open(planted, os.O_RDWR) if plant is pipe else None  # so that nobody waits for its other end
    before = sorted(each.name for each in path.parent.iterdir())
    try:
        for command in COMMANDS:
            ran = run(*command, "--store", path)
            assert f"{planted} is no file of the store" in ran.out + ran.err, ran
            assert "Traceback" not in ran.err
    finally:
        if opened is not None:
            os.close(opened)
    assert sorted(each.name for each in path.parent.iterdir()) == before


def test_a_session_that_has_ended_without_a_word_is_forgotten(path: Path) -> None:
    left = path.with_name(f"{path.name}-session-{KEY}-7")
    left.touch()
    assert BfeEngine(path).storage.announced() == []
    assert not left.exists()


def test_damage_is_one_line(path: Path) -> None:
    craft(path, "UPDATE object SET document = 7")
    with pytest.raises(BackendError) as caught:
        StoreBackend(path).snapshot()
    one_line(str(caught.value))
