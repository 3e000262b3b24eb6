"""The backends of this package that stand on an engine, each made anew, and nobody watching over them but the test."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from ndtui.backends.memory import MemoryBackend
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional import watchdog
from ndtui.backends.transactional.engine_backend import EngineBackend
from ndtui.common import boot_clock
from ndtui.common.boot_clock import BootTime

TOKEN = "t0ken"


class WatchedMemory(MemoryBackend):
    """A memory backend that waits for a yes: a test is its own watchdog, and needs no other process for it."""

    capabilities = replace(MemoryBackend.capabilities, confirm_or_revert=True)


def memory(folder: Path) -> EngineBackend:
    """Return a memory backend."""
    return MemoryBackend()


def watched_memory(folder: Path) -> EngineBackend:
    """Return a memory backend that waits for a yes."""
    return WatchedMemory()


def store(folder: Path) -> EngineBackend:
    """Return a store in a folder."""
    return StoreBackend(folder / "store.sqlite3")


def windows(folder: Path) -> EngineBackend:
    """Return the Windows backend over a stand-in for fwpuclnt.dll, or skip the test."""
    from ndtui.backends.wfp.wfp_backend import WfpBackend
    from tests.backends.wfp.fwpuclnt import windows as stand_in

    return WfpBackend(folder / "journal.sqlite3", stand_in().engine)


BACKENDS: dict[str, Callable[[Path], EngineBackend]] = {"memory": memory, "store": store, "wfp": windows}
#: Those that wait for a yes when they are told to.
WATCHED = {**BACKENDS, "memory": watched_memory}


def watch_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody watch over what waits to be confirmed; its token is ``TOKEN``, and for later ones another each."""
    tokens = count()

    @contextmanager
    def nobody(*_: object) -> Iterator[str]:
        yield f"{TOKEN}{next(tokens) or ''}"

    monkeypatch.setattr(watchdog, "watching", nobody)


def move_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have it so many seconds later for all that follows, on every clock."""
    wall, boot = time.time, boot_clock.now
    monkeypatch.setattr(time, "time", lambda: wall() + seconds)
    monkeypatch.setattr(boot_clock, "now", lambda: BootTime(boot().boot, boot().seconds + seconds))
