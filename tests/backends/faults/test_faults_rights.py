"""A store that one may read but not write: it is read, and every change is refused in a line."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ndtui.backends.store import StoreBackend
from tests.backends.faults.operations import ONE, TWO, apply_unwatched
from tests.backends.holding import held, objects_of, plan_for, put
from tests.backends.store_workers import (
    answer,
    last_words,
    look_without_rights,
    policy,
    take_steps,
    use_without_rights,
    working,
)
from tests.support import one_line

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights are of another kind on Windows")

#: What may be written where: the folder's mode, and the file's. The process that tries is the owner, or nobody if
#: the owner is root.
MODES = {"read-only folder": (0o555, 0o644), "read-only file": (0o777, 0o444), "read-only both": (0o555, 0o444)}


@pytest.fixture
def path() -> Iterator[Path]:
    """Return a place below folders that everybody may enter, unlike those that pytest makes."""
    root = Path(tempfile.mkdtemp(prefix="ndtui-tests-"))
    root.chmod(0o755)
    folder = root / "folder"
    folder.mkdir()
    try:
        yield folder / "store.sqlite3"
    finally:
        folder.chmod(0o755)
        shutil.rmtree(root)


def everything(path: Path) -> tuple[object, ...]:
    """Return all there is, and the files that hold it."""
    store = StoreBackend(path)
    files = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    return store.snapshot().objects, store.history(), store.pending(), files


@pytest.mark.parametrize("name", MODES)
def test_a_store_that_must_not_be_written(path: Path, name: str) -> None:
    store = StoreBackend(path)
    put(store, TWO)
    put(store, ONE)
    before = everything(path)
    folder, file = MODES[name]
    path.chmod(file)
    path.parent.chmod(folder)
    with working(use_without_rights, path, TWO) as (_, channel):
        assert answer(channel) == (objects_of(ONE), "one", 2, 30)
        refusals = [str(answer(channel)) for _ in range(5)]
    applied, removed, rolled_back, confirmed, tried = map(one_line, refusals)
    for each in (applied, removed, rolled_back):
        assert each.startswith((f"the store {path} cannot be written: ", f"the store {path} cannot be opened: "))
        assert "check who may" in each
    assert confirmed.startswith("nothing waits to be confirmed")
    assert tried != "done"
    path.parent.chmod(0o755)
    assert everything(path) == before


def test_what_is_overdue_does_not_keep_anyone_from_looking(path: Path) -> None:
    store = StoreBackend(path)
    put(store, ONE)
    apply_unwatched(store, plan_for(store, TWO), -3600)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    with working(use_without_rights, path, ONE) as (_, channel):
        assert answer(channel) == (objects_of(TWO), "two", 2, 30)
        for _ in range(5):
            assert one_line(str(answer(channel))) != "done"
    path.parent.chmod(0o755)
    path.chmod(0o644)
    assert StoreBackend(path).settle()
    assert held(StoreBackend(path).snapshot()) == objects_of(ONE)


@pytest.mark.slow
def test_somebody_without_rights_looks_while_another_applies(path: Path) -> None:
    designs = {"one": policy("one", 30), "two": policy("two", 60)}
    wholes = {"": {}, **{name: objects_of(each) for name, each in designs.items()}}
    put(StoreBackend(path), designs["one"])
    path.parent.chmod(0o755)
    looked: list[object] = []
    with working(take_steps, path, designs, 0) as (_, steps), working(look_without_rights, path) as (process, channel):
        while len(looked) < 300:
            looked.append(answer(channel))
            while steps.poll():
                steps.recv()
        process.kill()
        looked += last_words(channel)
    assert {each if isinstance(each, str) else "whole" for each in looked} == {"whole"}
    assert all(contents == wholes[name] for name, contents in looked)  # type: ignore[misc]
    assert len({name for name, _ in looked}) > 1  # type: ignore[misc]
