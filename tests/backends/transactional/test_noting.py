"""A revision of the history says who made it, why and how it came to be; files without that are read as ever."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.history_note import LONGEST_MESSAGE, LONGEST_NAME, NO_NOTE, message_of
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.history_wording import how_words
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import noting
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.common.errors import InputError
from ndtui.testing.sample_designs import ONE, TWO
from tests.backends.engines import WatchedMemory, watch_by_hand
from tests.backends.faults.operations import apply_unwatched
from tests.backends.holding import plan_for, put
from tests.support import DATA


def how(backend: EngineBackend) -> str:
    """Return how the latest revision came to be."""
    return how_words(backend.history()[0])


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> EngineBackend:
    """Return a backend with ONE for good, and TWO that waits to be confirmed."""
    watch_by_hand(monkeypatch)
    backend = WatchedMemory()
    put(backend, ONE)
    backend.apply(plan_for(backend, TWO), within=60)
    return backend


def test_each_way_to_a_revision_has_its_own_word(waiting: EngineBackend) -> None:
    assert how(waiting) == "applied"
    waiting.confirm()
    assert how(waiting) == "applied"
    waiting.apply(waiting.plan_rollback(1))
    assert how(waiting) == "rolled back to 1"
    waiting.apply(waiting.plan(None))
    assert how(waiting) == "removed"
    waiting.apply(waiting.plan_rollback())
    assert how(waiting) == "rolled back to 3"


@pytest.mark.parametrize("way", ["an answer", "ndtui rollback"])
def test_what_an_operator_reverts_is_told_from_what_nobody_confirmed(waiting: EngineBackend, way: str) -> None:
    pending = waiting.pending()
    assert pending is not None
    if way == "an answer":
        waiting.revert(pending.token)
    else:
        waiting.apply(waiting.plan_rollback())
    assert how(waiting) == "reverted by the operator"
    assert waiting.history()[0].note.back_to == 1


def test_what_nobody_confirmed_says_so(tmp_path: Path) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), -60)
    assert store.settle()
    assert how(StoreBackend(store.path)) == "reverted: not confirmed"


def test_a_rollback_past_what_waits_is_a_rollback(waiting: EngineBackend) -> None:
    waiting.apply(waiting.plan_rollback(0))
    assert how(waiting) == "rolled back to 0"


MADE: dict[str, Callable[[Path], EngineBackend]] = {
    "memory": lambda _: MemoryBackend(),
    "store": lambda folder: StoreBackend(folder / "store.sqlite3"),
}


@pytest.mark.parametrize("kind", MADE)
def test_who_and_why_are_kept(tmp_path: Path, kind: str) -> None:
    backend = MADE[kind](tmp_path)
    backend.apply(replace(plan_for(backend, ONE), message="change 4711: \x1b[31mred\u202e"))
    put(backend, TWO)
    kept = backend if kind == "memory" else StoreBackend(tmp_path / "store.sqlite3")
    latest, first = (revision.note for revision in kept.history())
    assert (first.user, first.host, first.message) == (noting.user(), noting.host(), "change 4711: \x1b[31mred\u202e")
    assert noting.user()
    assert latest.message == ""


def test_a_message_is_one_line_that_a_file_can_hold() -> None:
    assert message_of("  two\nlines\tand a half \udcff ") == "two lines and a half \\udcff"
    assert message_of("x" * LONGEST_MESSAGE)
    with pytest.raises(InputError, match=f"501 characters: use at most {LONGEST_MESSAGE}"):
        message_of("x" * (LONGEST_MESSAGE + 1))


def test_a_message_of_whatever_size_is_kept_short(tmp_path: Path) -> None:
    store = StoreBackend(tmp_path / "store.sqlite3")
    store.apply(replace(plan_for(store, ONE), message="\udc80" + "x" * 100_000))
    assert len(store.history()[0].note.message) <= LONGEST_MESSAGE
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE revision_note SET message = ?, user = ?", ("y" * 9_999, "z" * 9_999))
    note = store.history()[0].note
    assert len(note.message) <= LONGEST_MESSAGE
    assert len(note.user) <= LONGEST_NAME


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sudo")
def test_whoever_called_sudo_is_named_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "alice")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert noting.user() == "alice as root"
    monkeypatch.setenv("SUDO_USER", "root")
    assert noting.user() == "root"
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_111)
    assert noting.user() == "uid 4000111"


# Files of version 0.2 have no notes.


@pytest.fixture
def old(tmp_path: Path) -> StoreBackend:
    return StoreBackend(Path(shutil.copy(DATA / "store_0_2.sqlite3", tmp_path)))


def test_what_0_2_wrote_has_no_note_and_is_not_touched_by_looking(old: StoreBackend) -> None:
    before = old.path.read_bytes()
    assert {revision.note for revision in old.history()} == {NO_NOTE}
    assert {how_words(revision) for revision in old.history()} == {"applied"}
    assert old.path.read_bytes() == before


def test_what_was_noted_in_a_file_of_0_2_keeps_no_program_of_0_2_from_it(old: StoreBackend) -> None:
    columns = "SELECT sql FROM sqlite_master WHERE name IN ('meta', 'revision', 'object')"
    with closing(sqlite3.connect(old.path)) as connection:
        before = connection.execute(columns).fetchall()
    old.apply(replace(old.plan_rollback(), message="why"))
    with closing(sqlite3.connect(old.path)) as connection, connection:
        assert connection.execute(columns).fetchall() == before
        number, change = connection.execute("SELECT max(number), max(change) FROM revision").fetchone()
        row = (number + 1, "2026-01-01T00:00:00+00:00", "apply", "old", 0, 0, 0, change)
        connection.execute("INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # as 0.2 does it
    latest, noted, *others = (revision.note for revision in old.history())
    assert noted.message == "why"
    assert {latest, *others} == {NO_NOTE}


@pytest.mark.parametrize("cells", ["user = 7", "message = x'ff'", "back_to = 'x'", "cause = NULL"])
def test_notes_that_another_program_has_altered_are_damage(old: StoreBackend, cells: str) -> None:
    old.apply(old.plan_rollback())
    with closing(sqlite3.connect(old.path)) as connection, connection:
        connection.execute("CREATE TABLE free AS SELECT * FROM revision_note")
        connection.execute("DROP TABLE revision_note")
        connection.execute("ALTER TABLE free RENAME TO revision_note")
        connection.execute(f"UPDATE revision_note SET {cells}")
    if cells != "user = 7":  # such a column makes a text of it
        with pytest.raises(BackendError, match="is damaged"):
            old.history()
    else:
        assert old.history()[0].note.user == "7"


def test_a_cause_of_a_later_version_is_told_by_what_was_done(old: StoreBackend) -> None:
    old.apply(old.plan_rollback())
    with closing(sqlite3.connect(old.path)) as connection, connection:
        connection.execute("UPDATE revision_note SET cause = 'reverted by a committee'")
    assert how(old) == "rolled back"
