"""Looking at a store that may not be written, while somebody else writes to it: such a look has no lock.

It counts only if nothing was written meanwhile. A writer at work is played by the look itself, so that it is always at
work at the worst moment.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe.storage import database, file_stamp, sql_tables
from ndtui.backends.bfe.storage.file_stamp import stamp_of
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.store import StoreBackend
from tests.backends.faults.operations import ONE, TWO
from tests.backends.holding import held, objects_of, put
from tests.support import one_line

Look = Callable[[sqlite3.Connection], str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    put(StoreBackend(tmp_path / "store.sqlite3"), ONE)
    return tmp_path / "store.sqlite3"


@pytest.fixture(autouse=True)
def without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the store be one that may not be written, whoever runs the tests."""
    monkeypatch.setattr(database, "_writable", lambda real: False)


def while_somebody(writes: Callable[[], object], then: Callable[[], str]) -> tuple[Look, list[int]]:
    """Return a look during the first of which somebody writes, and the list of how often it was called."""
    looks: list[int] = []

    def look(connection: sqlite3.Connection) -> str:
        looks.append(len(looks))
        if len(looks) > 1:
            return "whole"
        writes()
        return then()

    return look, looks


def damaged() -> str:
    raise BackendError("it is damaged", remedy="put a copy back, or move it away and apply again")


def malformed() -> str:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    raise error


def half() -> str:
    return "half"


def appended(path: Path) -> None:
    """Let the size alone tell that somebody wrote."""
    times = path.stat()
    with path.open("ab") as file:
        file.write(b"\0" * 4096)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def checkpointed(path: Path) -> None:
    """Write to pages of the file itself, as a checkpoint does: it stays as large, and no log is left."""
    with path.open("r+b") as file:
        data = file.read()
        file.seek(4096)
        file.write(data[4096:8192])


def replaced(path: Path) -> None:
    """Put a copy in the place of the file: another inode."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    os.utime(copy, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    copy.replace(path)


def logged(path: Path) -> None:
    """Let somebody begin to write: a log appears."""
    path.with_name(f"{path.name}-wal").write_bytes(b"\0" * 32)


def unlogged(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink(missing_ok=True)


@pytest.mark.parametrize("returned", [half, damaged, malformed])
@pytest.mark.parametrize("writes", [appended, checkpointed, replaced])
def test_a_look_during_which_somebody_wrote_is_repeated_whatever_it_returned(
    path: Path, writes: Callable[[Path], None], returned: Callable[[], str]
) -> None:
    look, looks = while_somebody(lambda: writes(path), returned)
    assert database.read(path, look) == "whole"
    assert len(looks) == 2


@pytest.mark.parametrize("returned", [half, damaged])
def test_a_look_during_which_a_log_appeared_is_repeated(
    path: Path, returned: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = database.time.sleep
    monkeypatch.setattr(database.time, "sleep", lambda seconds: (unlogged(path), pause(seconds)))
    look, looks = while_somebody(lambda: logged(path), returned)
    assert database.read(path, look) == "whole"
    assert len(looks) == 2


def test_a_look_at_a_file_written_just_now_does_not_count(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one step of the file system's clock a second write leaves the time as it is."""
    looks: list[str] = []
    monkeypatch.setattr(file_stamp.time, "time_ns", lambda: path.stat().st_mtime_ns + 9_000_000)
    monkeypatch.setattr(database, "PATIENCE", 0.0)
    with pytest.raises(BackendError, match="is in use by another program") as caught:
        database.read(path, lambda connection: looks.append("looked"))
    assert "damaged" not in one_line(str(caught.value))
    assert looks == []
    monkeypatch.setattr(file_stamp.time, "time_ns", lambda: path.stat().st_ctime_ns + 11_000_000)
    database.read(path, lambda connection: looks.append("looked"))
    assert looks == ["looked"]


def test_a_store_that_is_written_all_the_time_is_in_use_and_not_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    monkeypatch.setattr(file_stamp, "_STEP", -1)
    numbers = iter(range(1_000_000))

    def look(connection: sqlite3.Connection) -> str:
        os.utime(path, ns=(next(numbers), next(numbers)))
        return damaged()

    with pytest.raises(BackendError, match="is in use by another program: try again"):
        database.read(path, look)


def test_what_is_damaged_and_at_rest_is_said_to_be_damaged(path: Path) -> None:
    with pytest.raises(BackendError, match="damaged"):
        database.read(path, lambda connection: damaged())
    with pytest.raises(BackendError, match="damaged"):
        database.read(path, lambda connection: malformed())


def test_what_was_seen_while_somebody_wrote_is_not_remembered(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy that is kept in memory is of a look that counts."""
    objects_now, torn = sql_tables.objects_now, []

    def disturbed(connection: sqlite3.Connection, where: str) -> object:
        found = objects_now(connection, where)
        if not torn:
            torn.append(True)
            checkpointed(path)
            found["filter"].clear()
        return found

    monkeypatch.setattr(sql_tables, "objects_now", disturbed)
    store = StoreBackend(path)
    assert held(store.snapshot()) == objects_of(ONE)
    assert held(store.snapshot()) == objects_of(ONE)


def test_a_log_that_holds_something_is_read_with_the_store(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM object").fetchone() != (0,)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "_writable", lambda real: True)
            put(StoreBackend(path), TWO)
        assert stamp_of(path).in_writing
        assert held(StoreBackend(path).snapshot()) == objects_of(TWO)
        other.execute("COMMIT")
