"""Unsaved work is kept aside, offered again, and gone once it is saved or let go."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from ndtui.common import file_lock
from ndtui.common.errors import InputError, RefusedError
from ndtui.model.design.design import Design, change, default_design
from ndtui.model.files import presets
from ndtui.ui.state import recovery
from tests.support import ROOT


def ended(design: Design) -> Path:
    """Leave unsaved work behind, as a session that has ended does; returns its file."""
    kept = recovery.Recovery()
    assert kept.keep(design) == ""
    kept.release()
    assert kept.path is not None
    return kept.path


def test_what_is_kept_is_what_is_offered() -> None:
    design = default_design("lost in a tunnel")
    ended(design)
    [offered] = recovery.leftovers()
    assert offered.kind == "unsaved"
    assert offered.load() == design


def test_keeping_again_replaces_and_a_rename_keeps_the_file() -> None:
    kept = recovery.Recovery()
    kept.keep(default_design("one"))
    kept.keep(change(default_design("one"), name="two"))
    kept.release()
    [offered] = recovery.leftovers()
    assert offered.load().name == "two"


def test_two_sessions_do_not_write_over_each_other() -> None:
    for _ in range(2):
        ended(default_design())
    assert len(recovery.leftovers()) == 2


def test_the_latest_comes_first() -> None:
    first, second = ended(default_design("a")), ended(default_design("b"))
    for path, at in ((first, 2000.0), (second, 1000.0)):
        os.utime(path, (at, at))
    assert [each.load().name for each in recovery.leftovers()] == ["a", "b"]
    os.utime(second, (3000.0, 3000.0))
    assert [each.load().name for each in recovery.leftovers()] == ["b", "a"]


def test_forgetting_takes_it_away_and_may_be_done_twice() -> None:
    kept = recovery.Recovery()
    kept.keep(default_design())
    kept.forget()
    kept.forget()
    assert list(recovery.folder().iterdir()) == []


# It belongs to one living process.


LIVING = """
import sys
from ndtui.model.design.design import default_design
from ndtui.ui.state.recovery import Recovery
kept = Recovery()
assert kept.keep(default_design("theirs")) == ""
print(kept.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def living() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process that keeps unsaved work."""
    command = [sys.executable, "-c", LIVING]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_living_process_keeps_is_neither_offered_opened_nor_deleted(
    living: "tuple[subprocess.Popen[str], Path]",
) -> None:
    process, path = living
    before = path.read_bytes()
    assert recovery.leftovers() == []
    for attempt in (recovery.Recovery().take_over, recovery.discard):
        with pytest.raises(RefusedError, match="belongs to another designer that is open"):
            attempt(path)
    assert path.read_bytes() == before
    process.kill()
    process.wait()
    [offered] = recovery.leftovers()
    own = recovery.Recovery()
    assert own.take_over(offered.path) == default_design("theirs")
    assert own.path is not None
    assert not path.exists()
    assert recovery.leftovers() == []
    own.forget()
    assert list(recovery.folder().iterdir()) == []


def test_what_an_older_version_left_without_a_lock_is_offered() -> None:
    recovery.folder().mkdir(parents=True)
    presets.save(default_design("old"), recovery.folder() / "old.toml")
    [offered] = recovery.leftovers()
    recovery.discard(offered.path)
    assert list(recovery.folder().iterdir()) == []


def test_taking_over_what_cannot_be_kept_leaves_it_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    path = ended(default_design("lost"))
    monkeypatch.setattr(recovery.Recovery, "keep", lambda *_: "No space left on device")
    with pytest.raises(RefusedError, match="cannot be taken over: No space left on device"):
        recovery.Recovery().take_over(path)
    assert [offered.path for offered in recovery.leftovers()] == [path]


def test_taking_over_what_is_gone_or_broken_changes_nothing() -> None:
    path = ended(default_design("lost"))
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(InputError):
        recovery.Recovery().take_over(path)
    assert path.read_text(encoding="utf-8") == "name = "
    path.unlink()
    with pytest.raises(InputError, match="there is no file"):
        recovery.Recovery().take_over(path)


def test_a_file_system_without_locks_keeps_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: Path) -> int:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(file_lock, "take", none)
    assert recovery.Recovery().keep(default_design("kept")) == ""
    assert [offered.load().name for offered in recovery.leftovers()] == ["kept"]


def test_a_lock_whose_file_was_removed_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening the file and locking it, its former owner may remove it: then the lock keeps nobody off."""
    path, real = tmp_path / "lock", file_lock._locked

    def late(descriptor: int, *, shared: bool = False) -> bool:
        monkeypatch.setattr(file_lock, "_locked", real)
        path.unlink()
        return real(descriptor, shared=shared)

    monkeypatch.setattr(file_lock, "_locked", late)
    held = file_lock.take(path)
    assert held is not None
    assert file_lock.is_held(path)
    file_lock.give_back(path, held)
    assert not file_lock.is_held(path)


def test_the_latest_work_counts_whichever_is_written_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that has begun to keep earlier work may be done after later work was kept at a signal."""
    kept, real = recovery.Recovery(), recovery.format_json

    def overtaken(design: Design) -> str:
        monkeypatch.setattr(recovery, "format_json", real)
        assert kept.keep(default_design("later")) == ""
        return real(design)

    monkeypatch.setattr(recovery, "format_json", overtaken)
    assert kept.keep(default_design("earlier")) == ""
    kept.release()
    assert [offered.load().name for offered in recovery.leftovers()] == ["later"]


@pytest.mark.parametrize("fails", [False, True], ids=["is written", "cannot be written"])
def test_whoever_was_first_waits_until_the_later_work_is_settled(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    """Who has kept work ends the program, and with it the thread that is still writing."""
    kept, real = recovery.Recovery(), recovery.format_json
    begun = {name: Event() for name in ("earlier", "later")}
    goes_on = {name: Event() for name in begun}

    def slow(design: Design) -> str:
        begun[design.name].set()
        assert goes_on[design.name].wait(30)
        if fails and design.name == "later":
            raise OSError("the disk is full")
        return real(design)

    monkeypatch.setattr(recovery, "format_json", slow)
    threads = {name: Thread(target=kept.keep, args=(default_design(name),)) for name in begun}
    for name, thread in threads.items():
        thread.start()
        assert begun[name].wait(30)
    goes_on["earlier"].set()
    threads["earlier"].join(0.2)
    assert threads["earlier"].is_alive()
    goes_on["later"].set()
    for thread in threads.values():
        thread.join(30)
        assert not thread.is_alive()
    kept.release()
    assert [offered.load().name for offered in recovery.leftovers()] == ([] if fails else ["later"])


def test_whoever_keeps_work_that_is_let_go_meanwhile_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, real = recovery.Recovery(), recovery.format_json

    def let_go(design: Design) -> str:
        kept.forget()
        return real(design)

    monkeypatch.setattr(recovery, "format_json", let_go)
    keeping = Thread(target=kept.keep, args=(default_design(),), daemon=True)
    keeping.start()
    keeping.join(30)
    assert not keeping.is_alive()
    assert recovery.leftovers() == []


def test_a_name_that_leaves_nothing_for_a_file_is_kept_all_the_same() -> None:
    ended(default_design("///"))
    assert len(recovery.leftovers()) == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("NDTUI_DATA_DIR", str(in_the_way))
    kept = recovery.Recovery()
    assert "cannot be made" in kept.keep(default_design())
    assert kept.path is None
    assert recovery.leftovers() == []
