"""A process that comes to a stop at one statement that SQLite is given, to be killed there."""

import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path

from ndtui.backends.store import StoreBackend
from tests.backends.faults.faulty import Faults, counting_connect
from tests.backends.faults.operations import OPERATIONS


def stop_at(path: Path, name: str, position: int, channel: Connection) -> None:
    """Execute an operation, and stop for ever before a statement; say which one it is, or that there is none."""
    operation = next(each for each in OPERATIONS if each.name == name)
    faults = Faults()
    sqlite3.connect = counting_connect(faults)  # type: ignore[assignment]  # this process ends soon
    run = operation.plan(StoreBackend(path))

    def stop() -> None:
        channel.send(faults.calls[-1])
        channel.recv()

    with faults.at(position, stop):
        run()
    channel.send(None)
    channel.recv()
