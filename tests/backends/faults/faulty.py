"""Engines and databases whose calls fail when told to."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ndtui.backends.contract.engine import EngineError

#: What an engine, and a history, can be asked for.
_OF_ENGINES = frozenset({"open", "state", "history", "objects_at"})
#: What a session can be asked for, but ``close``: that never fails, as ``backends.contract.engine`` has it.
_OF_SESSIONS = frozenset(
    {"begin", "commit", "abort", "add", "delete", "get", "enumerate", "sessions", "record", "set_pending"}
)


class Faults:
    """Counts the calls that pass by, and does something in the place of one of them."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._position = 0
        self._instead: Callable[[], object] = list

    @contextmanager
    def at(self, position: int, instead: Callable[[], object]) -> Iterator[None]:
        """Do something first at the call ``position`` calls from here; 1 is the next. If it raises, that is all."""
        self._position, self._instead = len(self.calls) + position, instead
        try:
            yield
        finally:
            self._position = 0

    def arrive(self, name: str) -> None:
        """Count a call."""
        self.calls.append(name)
        if len(self.calls) == self._position:
            self._instead()


class _Counted:
    """Something whose methods are counted. It passes for what it wraps, for ``isinstance`` too."""

    def __init__(self, wrapped: Any, faults: Faults, methods: frozenset[str]) -> None:
        self._wrapped, self._faults, self._methods = wrapped, faults, methods

    @property
    def __class__(self) -> type:
        return type(self._wrapped)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wrapped, name)
        if name not in self._methods:
            return value

        def call(*args: Any, **options: Any) -> Any:
            self._faults.arrive(name)
            result = value(*args, **options)
            return _Counted(result, self._faults, _OF_SESSIONS) if name == "open" else result

        return call


def faulty(engine: Any, faults: Faults) -> Any:
    """Return an engine that does what another one does, but for what its faults have it do otherwise."""
    return _Counted(engine, faults, _OF_ENGINES)


def rpc_failure() -> EngineError:
    """Return the error of a call that did not reach Windows' engine."""
    return EngineError("RPC_S_CALL_FAILED", "the remote procedure call failed", number=1726)


def disk_failure() -> sqlite3.OperationalError:
    """Return what SQLite raises when a disk fails."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


def counting_connect(faults: Faults) -> Callable[..., sqlite3.Connection]:
    """Return what takes the place of ``sqlite3.connect``: every connection and every statement is a call."""
    connect = sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
            faults.arrive(statement)
            return super().execute(statement, *parameters)

        def executemany(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
            faults.arrive(statement)
            return super().executemany(statement, *parameters)

    def counted(*args: Any, **options: Any) -> sqlite3.Connection:
        faults.arrive("connect")
        return connect(*args, factory=Connection, **options)

    return counted


def raising(error: BaseException) -> Callable[[], None]:
    """Return what raises an error."""

    def fail() -> None:
        raise error

    return fail
