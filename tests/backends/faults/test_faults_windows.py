"""A program killed at any call to Windows or to the journal: Windows is whole, and what waits is never left to stay.

From one call on nothing is done any more, to the one or to the other; Windows itself ends the sessions. For Windows
stands an emulated engine, for the journal is another one.
"""

import shutil
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import ASSIGNED
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.backends.wfp.wfp_backend import WfpBackend
from tests.backends.faults.benches import OTHERS, kept_open
from tests.backends.faults.faulty import Faults, faulty
from tests.backends.faults.operations import ONE, OPERATIONS, RENEWED, THREE, TWO, Operation
from tests.backends.holding import held, objects_of, put

KILLED = [each for each in OPERATIONS if each.name != "look"]


class KilledError(BaseException):
    """What nothing can do anything about."""


class Death(Faults):
    """Counts calls, and lets none pass any more from one of them on."""

    last = 1 << 32

    def arrive(self, name: str) -> None:
        """Count a call."""
        self.calls.append(name)
        if len(self.calls) >= self.last:
            raise KilledError


def machine(path: Path, operation: Operation) -> BfeEngine:
    """Return what stands for Windows, ready for an operation and with objects of someone else; the journal is there."""
    windows = BfeEngine()
    with closing(windows.open()) as session:
        for kind, document in OTHERS:
            session.add(kind, document)
    operation.ready(WfpBackend(path, windows))
    return windows


def copied(windows: BfeEngine, journal: Path, folder: Path) -> tuple[BfeEngine, Path]:
    """Return what holds the same as what stands for Windows, and a copy of its journal in a folder."""
    twin, path = BfeEngine(), folder / journal.name
    twin.storage._state = windows.storage.read()
    folder.mkdir()
    if journal.exists():
        shutil.copy(journal, path)
    return twin, path


def objects(windows: BfeEngine) -> list[object]:
    """Return all objects that Windows holds, without the numbers that tell when they were made, and in no order."""
    with closing(windows.open(read_only=True)) as session:
        found = [(kind, document) for kind in KINDS for document in session.enumerate(kind)]
    return sorted(str((kind, {n: v for n, v in each.items() if n not in ASSIGNED})) for kind, each in found)


@pytest.mark.slow
@pytest.mark.parametrize("operation", KILLED, ids=lambda each: each.name)
def test_a_program_on_windows_may_be_killed_at_every_call(tmp_path: Path, operation: Operation) -> None:
    wrong: list[str] = []
    journal = tmp_path / "journal.sqlite3"
    ready = machine(journal, operation)
    before = objects(ready)
    for position in range(1, 1000):
        windows, path = copied(ready, journal, tmp_path / f"{position}")
        with kept_open(path):
            call = killed_at(position, windows, path, operation)
            trouble = what_is_wrong(windows, WfpBackend(path, windows), before, operation)
        if trouble:
            wrong.append(f"killed at call {position}, {call or 'none'}: {trouble}")
        if not call:
            break
    assert position > 3
    assert wrong == []


def killed_at(position: int, windows: BfeEngine, path: Path, operation: Operation) -> str:
    """Do something, and let nothing pass from one call on; return what that call was, empty where there is none."""
    backend, death = WfpBackend(path, windows), Death()
    EngineBackend.__init__(backend, faulty(windows, death), faulty(BfeEngine(path), death))
    run = operation.plan(backend)
    death.last = len(death.calls) + position
    with suppress(KilledError):
        made = run()
        if hasattr(made, "close"):
            made.close()
    return death.calls[death.last - 1] if len(death.calls) >= death.last else ""


def what_is_wrong(windows: BfeEngine, backend: WfpBackend, before: list[object], operation: Operation) -> str:
    """Return what a program that is started afterwards cannot put right, if anything."""
    waits = operation.name in ("apply until confirmed", "revert", "confirm")
    now, pending = held(backend.snapshot()), backend.pending()
    if now not in ({}, *map(objects_of, (ONE, TWO, RENEWED))):
        return "neither what was there nor what was to come is whole"
    if operation.name == "apply until confirmed" and objects(windows) != before and pending is None:
        return "what had to be confirmed stays for good"
    if operation.name == "revert" and now == objects_of(TWO) and pending is None:
        return "what was to be reverted stays for good"
    if waits and pending is not None:
        backend.revert("token")
        if held(backend.snapshot()) != objects_of(ONE):
            return "it cannot be reverted"
    put(backend, THREE)
    return "" if held(backend.snapshot()) == objects_of(THREE) else "nothing else can be applied"
