"""The watchdogs that run, and ended processes that were not waited for."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something is so, and return whether it ever was."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def watchdogs(folder: Path) -> list[int]:
    """Return the processes that watch over a store in a folder; none where processes cannot be listed."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            line = each.read_bytes().split(b"\0")
            if b"ndtui.backends.watchdog_process" in line and any(os.fsencode(folder) in part for part in line):
                found.append(int(each.parent.name))
    return found


def zombies() -> list[int]:
    """Return the processes that this one has started, that have ended, and that were not waited for."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = each.read_text().rpartition(")")[2].split()[:2]
            if state == "Z" and int(parent) == os.getpid():
                found.append(int(each.parent.name))
    return found
