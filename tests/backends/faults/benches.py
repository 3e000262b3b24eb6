"""Backends whose calls can be made to fail, one by one, together with a way to look at everything they hold."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.bfe.storage import file_stamp
from ndtui.backends.contract.changes import KINDS, Pending, Revision
from ndtui.backends.contract.engine import ASSIGNED, Engine, SessionInfo
from ndtui.backends.store import StoreBackend
from ndtui.backends.transactional.emulated_backend import EmulatedBackend
from ndtui.backends.transactional.engine_backend import OURS, EngineBackend
from ndtui.backends.wfp.wfp_backend import WfpBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document, Kind
from tests.backends.engines import WatchedMemory
from tests.backends.faults.faulty import Faults, counting_connect, disk_failure, faulty, rpc_failure
from tests.backends.faults.operations import ONE, TWO, Operation

OTHER = "{0a0b0c0d-0000-4000-8000-000000000001}"

_THEIRS: Document = {"flags": [], "providerKey": OTHER}
_BLOCK: Document = {"layerKey": "FWPM_LAYER_INBOUND_TRANSPORT_V4", "action": {"type": "FWP_ACTION_BLOCK"}}
#: Objects of someone else: of a provider, and of none.
OTHERS: tuple[tuple[Kind, Document], ...] = (
    ("provider", {"providerKey": OTHER, "displayData": {"name": "someone else"}, "flags": []}),
    ("subLayer", {**_THEIRS, "subLayerKey": OTHER, "displayData": {"name": "their sublayer"}, "weight": 9}),
    ("filter", {**_THEIRS, **_BLOCK, "displayData": {"name": "their filter"}, "subLayerKey": OTHER}),
    ("filter", {**_BLOCK, "displayData": {"name": "a filter without a provider"}}),
)


#: The only layers that the stand-in for Windows has, those of the policies: each takes three calls to list.
_LAYERS = {layer for design in (ONE, TWO) for layer in compile_design(design).by_layer}


class Everything(NamedTuple):
    """All there is: objects of whomever with their numbers, sessions, history, and what waits to be confirmed."""

    objects: dict[Kind, list[Document]]
    sessions: list[SessionInfo]
    history: list[Revision]
    pending: Pending | None
    owed: list[str]
    """What was borrowed from Windows and not given back."""

    def meaning(self) -> tuple[object, ...]:
        """Return it without what differs each time that the same is done, and in no order."""
        plain = {kind: sorted(map(_plain, self.objects[kind])) for kind in KINDS}
        sessions = sorted((info.name, info.dynamic) for info in self.sessions)
        history = [(each.number, each.action, each.policy, each.added, each.removed) for each in self.history]
        return plain, sessions, history, self.pending is None


def _plain(document: Document) -> str:
    found = {name: value for name, value in document.items() if name not in ASSIGNED}
    if found.get("providerKey") != OURS:
        found.pop("filterKey", None)  # the engine makes one up
    return json.dumps(found, sort_keys=True)


@dataclass
class Bench:
    """A backend whose calls can be made to fail, and its engine, which can be looked at all the same."""

    backend: EngineBackend
    engine: Engine
    faults: Faults
    error: Callable[[], BaseException] = rpc_failure
    goes_on: Callable[[str], bool] = lambda call: False
    """Whether an operation may go on when a call fails, because nothing depends on it."""
    owed: Callable[[], list[str]] = list
    puts_back: bool = False
    """Whether what was done may have been undone: the same objects then, but made anew."""

    def everything(self) -> Everything:
        """Return all there is, without changing anything: what is overdue is not reverted."""
        with closing(self.engine.open(read_only=True)) as session:
            session.begin(read_only=True)
            objects = {kind: session.enumerate(kind) for kind in KINDS}
            sessions = [info for info in session.sessions() if info.key != session.key]
        return Everything(objects, sessions, list(self.backend.history()), self.backend.pending(), self.owed())


class MemoryBenches:
    """Memory backends on faulty engines."""

    reused = False
    """Whether a bench on which an attempt has failed is used for the next one: where a new one takes long."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.numbers = count()
        self.folder = folder
        self.theirs = ExitStack()

    def new(self, operation: Operation) -> Bench:
        """Return a bench that is ready for an operation. Someone else has objects there, and a dynamic session."""
        bench = self.bench(self.folder / f"{next(self.numbers)}.sqlite3")
        with closing(bench.engine.open()) as session:
            for kind, document in OTHERS:
                session.add(kind, document)
        self.theirs.close()
        dynamic = self.theirs.enter_context(closing(bench.engine.open(dynamic=True, name="theirs")))
        dynamic.add(*OTHERS[-1])
        operation.ready(bench.backend)
        return bench

    def bench(self, path: Path) -> Bench:
        """Return a bench that nothing has been done with."""
        backend, engine, faults = WatchedMemory(), BfeEngine(), Faults()
        EmulatedBackend.__init__(backend, faulty(engine, faults))
        return Bench(backend, engine, faults)

    def close(self) -> None:
        """End the session of someone else."""
        self.theirs.close()


class StoreBenches(MemoryBenches):
    """Stores on faulty engines; each is a copy of the first, without sessions of others."""

    def new(self, operation: Operation) -> Bench:
        """Return a bench that is ready for an operation. Someone else has objects there."""
        first = self.folder / operation.name / "store.sqlite3"
        if not first.exists():
            first.parent.mkdir()
            with closing(BfeEngine(first).open()) as session:
                for kind, document in OTHERS:
                    session.add(kind, document)
            operation.ready(StoreBackend(first))
        path = self.folder / f"{next(self.numbers)}" / "store.sqlite3"
        path.parent.mkdir()
        shutil.copy(first, path)
        return self.bench(path)

    def bench(self, path: Path) -> Bench:
        """Return a bench that nothing has been done with."""
        backend, engine, faults = StoreBackend(path), BfeEngine(path), Faults()
        EmulatedBackend.__init__(backend, faulty(engine, faults))
        return Bench(backend, engine, faults)


class StatementBenches(StoreBenches):
    """Stores on a faulty SQLite."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder, monkeypatch)
        self.faults = Faults()
        monkeypatch.setattr(sqlite3, "connect", counting_connect(self.faults))
        # Whether what was read is kept depends on the clock, and so would the statements there are.
        monkeypatch.setattr(file_stamp, "_STEP", 1 << 62)

    def bench(self, path: Path) -> Bench:
        """Return a bench that nothing has been done with."""
        return Bench(StoreBackend(path), BfeEngine(path), self.faults, disk_failure)


class _OnWindows(MemoryBenches):
    """Windows backends over a stand-in for its library, each with its journal in a file."""

    reused = True

    def new(self, operation: Operation) -> Bench:
        """Return a bench that is ready for an operation."""
        bench = super().new(operation)
        assert isinstance(bench.backend, WfpBackend)
        self.theirs.enter_context(kept_open(bench.backend.path))
        return bench


class WindowsBenches(_OnWindows):
    """The same, with a library every function of which can fail."""

    def bench(self, path: Path) -> Bench:
        """Return a bench that nothing has been done with."""
        backend, library = _windows(path)
        faults = _LibraryFaults(library)
        return Bench(backend, library.engine, faults, goes_on=_only_frees, owed=library.left_behind, puts_back=True)


class WindowsJournalBenches(_OnWindows):
    """The same, with a journal that can fail."""

    def bench(self, path: Path) -> Bench:
        """Return a bench that nothing has been done with."""
        faults = Faults()
        backend, library = _windows(path, lambda journal: faulty(journal, faults))
        return Bench(backend, library.engine, faults, puts_back=True)


@contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Keep a journal open, where there is one, so that its log is not made and deleted whenever it is looked at."""
    if not path.exists():
        yield
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield


def _only_frees(call: str) -> bool:
    """Whether a function of Windows only frees something: what was listed or done before is right all the same."""
    return call == "FwpmEngineClose0" or "Destroy" in call


def _windows(path: Path, journal: Callable[[BfeEngine], BfeEngine] = lambda each: each) -> tuple[EngineBackend, Any]:
    """Return a Windows backend with its journal at a path, and the library that stands behind it."""
    if find_spec("win32more") is None:
        pytest.skip("win32more is not installed: there are no structures to speak to Windows with")
    engine, library, *_ = import_module("tests.backends.wfp.fwpuclnt").windows()
    library.layers = [each for each in library.layers if each in _LAYERS]
    backend = WfpBackend(path, engine)
    EngineBackend.__init__(backend, engine, journal(BfeEngine(path)))
    return backend, library


class _LibraryFaults(Faults):
    """The faults of the stand-in for Windows' library, which answers with a number where others raise."""

    def __init__(self, library: Any) -> None:
        super().__init__()
        self.calls = library.calls
        self._library = library

    @contextmanager
    def at(self, position: int, instead: Callable[[], object]) -> Iterator[None]:
        """Let the call ``position`` calls from here fail."""
        self._library.fail_at(position)
        try:
            yield
        finally:
            self._library._failures.clear()


BENCHES = {
    "memory": MemoryBenches,
    "store": StoreBenches,
    "statements": StatementBenches,
    "windows": WindowsBenches,
    "windows journal": WindowsJournalBenches,
}
