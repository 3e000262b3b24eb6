"""What the store promises beyond the contract: one file, never touched by reading, and errors a person can act on."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe.storage import database
from ndtui.backends.contract.backend_errors import BackendError, PlaceError, StalePlanError
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import engine_backend
from ndtui.common.files import data_dir
from tests.backends.holding import held, objects_of, plan_for, put
from tests.support import exempting, one_line

ONE = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, name="one")
TWO = exempting({"name": "Web", "protocol": "tcp", "remote_ports": [80, 443]}, name="two")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a place for a store in the program's own folder, which is not there yet."""
    monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "folder"))
    return tmp_path / "folder" / "store.sqlite3"


@pytest.fixture
def store(path: Path) -> StoreBackend:
    return StoreBackend(path)


def contents(folder: Path) -> dict[Path, bytes]:
    """Return every file under a folder with its bytes."""
    return {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def every_use(store: StoreBackend) -> list[BackendError]:
    """Return the error that each use of a store raises."""
    errors = []
    for use in (
        store.snapshot,
        store.history,
        store.plan_rollback,
        lambda: plan_for(store, ONE),
        lambda: store.apply(plan_for(StoreBackend(Path("nowhere/at/all")), ONE)),
    ):
        with pytest.raises(BackendError) as caught:
            use()
        one_line(str(caught.value))
        errors.append(caught.value)
    return errors


def read_it(store: StoreBackend) -> None:
    """Use a store in every way that only reads."""
    store.place()
    store.snapshot()
    store.history()
    plan_for(store, TWO)
    store.plan(None)


def test_it_is_kept_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    put(StoreBackend(), ONE)
    assert [each.name for each in data_dir().iterdir()] == ["store.sqlite3"]
    assert StoreBackend().place() == str(data_dir() / "store.sqlite3")
    assert StoreBackend(tmp_path / "other").place() == str(tmp_path / "other")


def test_a_folder_that_is_not_the_programs_own_is_not_made(tmp_path: Path) -> None:
    store = StoreBackend(tmp_path / "typo" / "store.sqlite3")
    plan = plan_for(store, ONE)
    for write in (lambda: store.apply(plan), lambda: store.trial(plan)):
        with pytest.raises(PlaceError, match=f"there is no folder {tmp_path / 'typo'}: make it first"):
            write()
    assert list(tmp_path.iterdir()) == []


def test_reading_makes_no_file_and_no_folder(store: StoreBackend, tmp_path: Path) -> None:
    read_it(store)
    assert store.apply(store.plan(None)).state == store.snapshot().state
    assert list(tmp_path.iterdir()) == []


def test_reading_changes_no_byte_and_leaves_nothing_beside(store: StoreBackend, tmp_path: Path) -> None:
    put(store, ONE)
    before = contents(tmp_path)
    read_it(store)
    store.plan_rollback()
    store.apply(plan_for(store, ONE))
    assert contents(tmp_path) == before


def test_applying_makes_one_file(store: StoreBackend, path: Path, tmp_path: Path) -> None:
    put(store, ONE)
    put(store, TWO)
    assert list(contents(tmp_path)) == [path]


def test_what_was_applied_is_there_for_the_next_program(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    put(store, TWO)
    other = StoreBackend(path)
    assert held(other.snapshot()) == objects_of(TWO)
    assert other.snapshot().state == store.snapshot().state
    assert other.history() == store.history()
    other.apply(other.plan_rollback())
    assert held(store.snapshot()) == objects_of(ONE)


def test_a_plan_for_a_store_that_someone_else_made_since_is_refused(store: StoreBackend, path: Path) -> None:
    stale = plan_for(store, ONE)
    put(StoreBackend(path), TWO)
    with pytest.raises(StalePlanError):
        store.apply(stale)
    assert held(store.snapshot()) == objects_of(TWO)


def test_a_plan_for_a_store_that_is_gone_is_refused_and_makes_none(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    stale = plan_for(store, TWO)
    path.unlink()
    with pytest.raises(StalePlanError):
        store.apply(stale)
    assert not path.exists()


def test_an_empty_file_is_a_new_store(store: StoreBackend, path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    read_it(store)
    assert path.read_bytes() == b""
    put(store, ONE)
    assert held(store.snapshot()) == objects_of(ONE)


@pytest.mark.parametrize(
    "name", ["with space.db", "100%.db", "a#b.db", "é 鍵 \U0001f512.db", "%41.db", "a&mode=memory"]
)
def test_names_of_files_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    put(StoreBackend(tmp_path / name), ONE)
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert held(StoreBackend(tmp_path / name).snapshot()) == objects_of(ONE)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_question_mark_in_a_name_is_part_of_it(tmp_path: Path) -> None:
    put(StoreBackend(tmp_path / "a?mode=memory"), ONE)
    assert [each.name for each in tmp_path.iterdir()] == ["a?mode=memory"]


def test_a_relative_path_is_relative_to_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(StoreBackend(Path("here.db")), ONE)
    assert (tmp_path / "here.db").is_file()


def test_others_read_the_old_state_while_one_is_writing(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    seen = []
    store.apply(plan_for(store, TWO), lambda done, total: seen.append(held(StoreBackend(path).snapshot())))
    assert seen == [objects_of(ONE)]


@pytest.mark.parametrize("number", range(4))
def test_every_state_there_was_is_still_known(store: StoreBackend, number: int) -> None:
    edited = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [5353]}, name="one")
    states = [{}, objects_of(ONE), objects_of(edited), objects_of(TWO)]
    for design in (ONE, edited, TWO):
        put(store, design)
    store.apply(store.plan_rollback(number))
    assert held(store.snapshot()) == states[number]


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


def with_statement(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "content",
    [b"hi", b'name = "a design"\n' * 3, b"\x00" * 100, b"SQLite format 3\x00" + b"\xff" * 5000, b"x" * 10_000],
)
def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    for error in every_use(StoreBackend(path)):
        assert isinstance(error, PlaceError)
        assert error.status == 2
        assert "no store" in str(error)
    assert contents(tmp_path) == {path: content}


@pytest.mark.parametrize(
    "table", ["t (x)", "meta (key, value)", "object (x)"], ids=["other tables", "a like name", "another like name"]
)
def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, table: str) -> None:
    path = tmp_path / "other.db"
    with_statement(path, f"CREATE TABLE {table}")
    before = contents(tmp_path)
    for error in every_use(StoreBackend(path)):
        assert isinstance(error, PlaceError)
        assert "another program" in str(error)
    assert contents(tmp_path) == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    for error in every_use(StoreBackend(tmp_path)):
        assert isinstance(error, PlaceError)
        assert "is a directory" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_place_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = StoreBackend(tmp_path / "file" / "store.sqlite3")
    with pytest.raises(BackendError, match="cannot be made"):
        put(store, ONE)


def test_a_path_that_cannot_be_one_is_refused() -> None:
    for error in every_use(StoreBackend(Path("a\x00b"))):
        assert isinstance(error, PlaceError)


def test_a_damaged_store_is_said_to_be_damaged(store: StoreBackend, path: Path, tmp_path: Path) -> None:
    put(store, ONE)
    damage(path)
    before = contents(tmp_path)
    for error in every_use(store):
        assert "damaged" in str(error)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("document", ["'{'", "'[1]'", "'7'", "x'ff'"])
def test_an_object_that_cannot_be_read_is_damage(store: StoreBackend, path: Path, document: str) -> None:
    put(store, ONE)
    with_statement(path, f"UPDATE object SET document = {document} WHERE id = 3")
    again = StoreBackend(path)
    for use in (again.snapshot, again.plan_rollback, lambda: again.plan(None)):
        with pytest.raises(BackendError, match="damaged"):
            use()


def test_a_table_that_lost_a_column_is_one_line(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    with_statement(path, "ALTER TABLE object RENAME COLUMN document TO content")
    with pytest.raises(BackendError, match="cannot be used: no such column"):
        StoreBackend(path).snapshot()


def test_a_store_of_a_later_version_is_left_alone(store: StoreBackend, path: Path, tmp_path: Path) -> None:
    put(store, ONE)
    with_statement(path, "UPDATE meta SET value = '3' WHERE key = 'version'")
    before = contents(tmp_path)
    for error in every_use(store):
        assert "later version" in str(error)
        assert "update ndtui" in str(error)
    assert contents(tmp_path) == before


def test_a_store_that_is_in_use_for_too_long_is_refused(
    store: StoreBackend, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, ONE)
    plan = plan_for(store, TWO)
    monkeypatch.setattr(engine_backend, "PATIENCE", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert held(store.snapshot()) == objects_of(ONE)
        with pytest.raises(BackendError, match="another transaction is going on"):
            store.apply(plan)
        other.execute("COMMIT")
        other.execute("BEGIN EXCLUSIVE")
        assert held(store.snapshot()) == objects_of(ONE)
    store.apply(plan)
    assert held(store.snapshot()) == objects_of(TWO)


def test_a_full_disk_leaves_the_state_as_it_was(
    store: StoreBackend, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, ONE)
    before = path.read_bytes()
    large = exempting(*({"protocol": "tcp", "remote_ports": [n + 1]} for n in range(300)))
    plan = plan_for(store, large)
    connect = sqlite3.connect

    def on_a_small_disk(*args: object, **options: object) -> sqlite3.Connection:
        connection = connect(*args, **options)  # type: ignore[call-overload]
        connection.execute(f"PRAGMA max_page_count = {len(before) // 4096 + 10}")
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr(sqlite3, "connect", on_a_small_disk)
    with pytest.raises(BackendError, match="no room left"):
        store.apply(plan)
    assert path.read_bytes() == before
    monkeypatch.undo()
    store.apply(plan)
    assert held(store.snapshot()) == objects_of(large)


needs_permissions = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="an administrator may write everywhere"
)


@needs_permissions
def test_a_store_in_a_read_only_folder_is_read_but_not_written(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    plan = plan_for(store, TWO)
    path.parent.chmod(0o555)
    try:
        assert held(store.snapshot()) == objects_of(ONE)
        with pytest.raises(BackendError, match="check who may"):
            store.apply(plan)
        assert held(store.snapshot()) == objects_of(ONE)
    finally:
        path.parent.chmod(0o755)


@needs_permissions
def test_a_read_only_store_is_read_but_not_written(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    plan = plan_for(store, TWO)
    path.chmod(0o444)
    assert held(store.snapshot()) == objects_of(ONE)
    with pytest.raises(BackendError, match="cannot be written"):
        store.apply(plan)
    assert held(store.snapshot()) == objects_of(ONE)


@needs_permissions
def test_a_store_that_must_not_be_read_is_refused_in_a_line(store: StoreBackend, path: Path) -> None:
    put(store, ONE)
    path.chmod(0o000)
    for error in every_use(store):
        assert "check who may use" in str(error)
    path.parent.chmod(0o000)
    try:
        for error in every_use(store):
            assert "Permission denied" in str(error)
    finally:
        path.parent.chmod(0o755)


def test_no_connection_stays_open(store: StoreBackend, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    connect = sqlite3.connect

    def remember(*args: object, **options: object) -> sqlite3.Connection:
        made.append(connect(*args, **options))  # type: ignore[call-overload]
        return made[-1]  # type: ignore[no-any-return]

    def break_off(done: int, total: int) -> None:
        raise RuntimeError

    monkeypatch.setattr(sqlite3, "connect", remember)
    put(store, ONE)
    read_it(store)
    with pytest.raises(RuntimeError):
        store.apply(plan_for(store, TWO), break_off)
    damage(path)
    every_use(store)
    assert len(made) > 10
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_what_is_applied_is_on_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    path.parent.mkdir()
    assert database.DURABILITY == "FULL"
    for journal in ("delete", "wal"):  # a new file needs no log beside it, the next writer finds one
        with database.writing(path, 1) as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
            assert connection.execute("PRAGMA journal_mode").fetchone() == (journal,)
            connection.execute("CREATE TABLE IF NOT EXISTS one (cell)")
            connection.execute("COMMIT")


def test_a_new_file_has_a_log_before_the_next_writer_comes(path: Path) -> None:
    path.parent.mkdir()
    put(StoreBackend(path), ONE)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_that_holds_a_new_file_keeps_nothing_from_being_written(path: Path) -> None:
    path.parent.mkdir()
    with database.writing(path, 1) as writer:
        writer.execute("CREATE TABLE one (cell)")
        writer.execute("COMMIT")
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM one").fetchall()
    with closing(reader):
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with database.writing(path, 1) as writer:
        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert writer.execute("SELECT * FROM one").fetchall() == []


def test_a_link_leads_to_the_store_itself(tmp_path: Path) -> None:
    link = tmp_path / "link"
    real = tmp_path / "folder" / "real.db"
    real.parent.mkdir()
    put(StoreBackend(real), ONE)
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("links cannot be made here")
    put(StoreBackend(link), TWO)
    assert held(StoreBackend(real).snapshot()) == objects_of(TWO)
    assert link.is_symlink()


def test_what_is_held_shares_what_is_the_same(store: StoreBackend):
    """A hundred thousand exemptions are read into two thirds of the memory so."""
    put(store, exempting({"protocol": "tcp", "remote_ports": [443]}, {"protocol": "udp", "remote_ports": [443]}))
    filters = [each for each in store.snapshot().of_kind("filter") if each["origin"].startswith("exemption:")]
    assert len({id(each["action"]) for each in filters}) == 1
    assert len({id(each["displayData"]) for each in filters}) == 2
    assert len({id(each["filterCondition"]) for each in filters}) == 2
    read_again = StoreBackend(store.path)._journal.state().objects["filter"].values()
    assert len({id(row.provider) for row in read_again}) == len({row.provider for row in read_again})
