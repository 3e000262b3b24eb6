"""Runs exported programs on a stand-in for Windows: its filter engine, certificate stores and security descriptors.

A program takes the way that it takes on Windows: it imports win32more, whose functions convert its arguments and make C
calls. What arrives is read byte by byte (``tests.backends.wfp.raw_structs``), and an emulated engine carries it out.
"""

import ctypes
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import (
    wstring_at,
)
from functools import cache
from types import CodeType
from typing import Any, NamedTuple

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.engine import Added, Session
from ndtui.backends.wfp.native import Native
from ndtui.backends.wfp.wfp_engine import WfpEngine
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from tests.backends.wfp import raw_structs
from tests.backends.wfp.fwpuclnt import Library, Module, modules_of
from tests.backends.wfp.samples import objects_of
from tests.backends.wfp.windows_ctypes import MODULE, structures
from tests.exporters.c_program import machine_certificates
from tests.exporters.python_program.windows_memory import Memory
from tests.support import design

_PROVIDER = objects_of(design())[0][1]["providerKey"]


class Ran(NamedTuple):
    """What a run of a program came to."""

    status: int
    calls: Sequence[str]
    """The functions of fwpuclnt.dll that it called, in order."""
    added: Sequence[tuple[Kind, Document]]
    """What it gave to be added, read from memory."""
    deleted: Sequence[tuple[Kind, str]]
    output: str
    errors: str


def program_of(design: Design) -> str:
    """Return the exported program of a design."""
    export = exporting.export(exporter("python"), compile_design(design), {})
    assert isinstance(export.content, str)
    return export.content


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "policy.py", "exec", dont_inherit=True)


class Machine:
    """A machine that is not Windows, and looks so to a program. What is installed stays for the next run."""

    def __init__(self) -> None:
        self.engine = RecordingEngine()
        self.stores = {
            "Root": [*map(machine_certificates.whole_certificate, machine_certificates.NAMES.values())],
            "CA": [machine_certificates.whole_certificate(machine_certificates.INTERMEDIATE_NAME)],
        }
        self.overlaid: dict[str, Any] = {}
        """Names of the WFP module that are others than win32more's."""
        self.builtins: dict[str, Any] = {}
        """Names of Python's own that are others."""

    def run(
        self,
        text: str,
        *arguments: str,
        fail_at: int = 0,
        fail_with: int = 0x80320016,
        answers: Mapping[str, int] | None = None,
        **environment: str,
    ) -> Ran:
        """Run a program; the call at a place, the first being 1, may fail, and functions may answer something else."""
        library = Library(self.engine, answers=dict(answers or {}))
        if fail_at:
            library.fail_at(fail_at, fail_with)
        self.engine.start()
        memory = Memory(self.stores)
        with pytest.MonkeyPatch.context() as patch, _streams(patch) as (output, errors):
            self._lend(patch, library, memory)
            patch.setattr(sys, "argv", ["policy.py", *arguments])
            for name, value in environment.items():
                patch.setenv(name, value)
            status = _status(text, self.builtins)
        assert library.left_behind() == []
        assert memory.left_behind() == []
        added, deleted = self.engine.added, self.engine.deleted
        return Ran(status, library.calls, added, deleted, output.getvalue().decode(), errors.getvalue().decode())

    def _lend(self, patch: pytest.MonkeyPatch, library: Library, memory: Memory) -> None:
        """Let ``win32more`` and ctypes be what they are on Windows, over this machine."""
        real = modules_of(structures().win32more)
        for name, module in real.items():
            patch.setitem(sys.modules, name, module)
        package = real["win32more"]
        patch.setitem(sys.modules, "win32more", Overlay(package, {"Guid": package._win32.Guid}))
        patch.setitem(sys.modules, MODULE, Overlay(Module(library), self.overlaid))
        for name, functions in memory.functions().items():
            patch.setitem(sys.modules, name, Overlay(real[name], functions))
        patch.setattr(ctypes, "FormatError", lambda number: f"({number:d})", raising=False)
        patch.setattr(raw_structs, "wide_at", _wide_at)

    def objects(self) -> list[Document]:
        """Return the documents of all objects of ndtui's provider, as its own backend for Windows reads them."""
        library = Library(self.engine)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(raw_structs, "wide_at", _utf16_at)
            session = WfpEngine(_native(library)).open()
            found = [
                each
                for kind in ("provider", "subLayer", "providerContext", "filter")
                for each in session.enumerate(kind)  # type: ignore[arg-type]
            ]
            session.close()
        return [each for each in found if each.get("providerKey") == _PROVIDER]


def recorded_by_the_backend(design: Design) -> list[tuple[Kind, Document]]:
    """Return what ndtui's own backend gives to be added, read from memory as what a program gives is."""
    engine = RecordingEngine()
    engine.start()
    session = WfpEngine(_native(Library(engine))).open(dynamic=design.lifetime == "dynamic")
    for kind, document in objects_of(design):
        session.add(kind, document)
    session.close()
    return engine.added


def _native(library: Library) -> Native:
    return Native(
        wfp=Module(library),
        security_descriptor=raw_structs.security_descriptor,
        sddl=raw_structs.sddl,
        roots=machine_certificates.encoded_name,
        intermediates=machine_certificates.encoded_name,
        secret=lambda reference: bytearray(f"key of {reference}", "utf-8"),
    )


class RecordingEngine(BfeEngine):
    """The emulated engine, and what it was asked to add and to delete since ``start``."""

    def start(self) -> None:
        """Forget what was asked."""
        self.added: list[tuple[Kind, Document]] = []
        self.deleted: list[tuple[Kind, str]] = []
        self.opened: dict[str, Any] = {}

    def open(self, **how: Any) -> Session:
        """Open a session that records."""
        self.opened = how
        return _Recording(super().open(**how), self)  # type: ignore[return-value]


class _Recording:
    def __init__(self, session: Session, engine: RecordingEngine) -> None:
        self._session = session
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def add(self, kind: Kind, document: Document) -> Added:
        self._engine.added.append((kind, document))
        return self._session.add(kind, document)

    def delete(self, kind: Kind, key: str) -> None:
        self._engine.deleted.append((kind, key))
        self._session.delete(kind, key)


class Overlay:
    """A module some of whose names are others."""

    def __init__(self, module: Any, names: Mapping[str, Any]) -> None:
        self._module = module
        vars(self).update(names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


@contextmanager
def _streams(patch: pytest.MonkeyPatch) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Let the program write to what a pipe of an old Windows is: streams that know few characters."""
    output, errors = io.BytesIO(), io.BytesIO()
    texts = [io.TextIOWrapper(each, encoding="cp1252", newline="\n") for each in (output, errors)]
    patch.setattr(sys, "stdout", texts[0])
    patch.setattr(sys, "stderr", texts[1])
    patch.setattr(sys, "stdin", io.StringIO("\n"))
    yield output, errors
    for each in texts:
        each.flush()
        each.detach()


def _status(text: str, names: Mapping[str, Any]) -> int:
    """Run a program and return its exit status."""
    try:
        exec(_compiled(text), {"__name__": "__main__", **names})
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return int(end.code or 0)
    raise AssertionError("it ends with a status")


def _wide_at(address: int) -> str | None:
    """Return the text at an address that ctypes has made of a ``str``: its characters are those of this system."""
    return wstring_at(address) if address else None


_utf16_at = raw_structs.wide_at
