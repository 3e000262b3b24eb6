"""Backends by name: those of this package, and plug-ins found through the entry-point group ``ndtui.backends``.

Names are listed without importing any backend, and one that cannot be loaded is told apart by a line that says why.
"""

import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ndtui.backends.contract.backend import ENTRY_POINTS, Backend, Capabilities
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.common.errors import InputError, NdtuiError
from ndtui.common.text import visible

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

DEFAULT = "store"

#: The backends of this package: they are there without installed metadata too, and no plug-in takes their place.
BUILT_IN = {
    "memory": "ndtui.backends.memory:MemoryBackend",
    "store": "ndtui.backends.store:StoreBackend",
    "wfp": "ndtui.backends.wfp.wfp_backend:WfpBackend",
}

#: Backends of this package that need Windows: elsewhere they are listed with that reason, and not imported.
WINDOWS_ONLY = ("wfp",)
_NOT_HERE = "needs Windows: use the store here, and wfp on the machine itself"

_METHODS = ("place", "snapshot", "plan", "apply", "history", "plan_rollback")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """A backend as it is announced: the distribution it comes with, and the class as ``module:name``.

    ``problem`` says in a line why it cannot be used although it is announced; mostly empty.
    """

    name: str
    distribution: str
    target: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """A backend after an attempt to load it: what it can do, or in ``problem`` the line that says why it cannot."""

    info: BackendInfo
    summary: str = ""
    capabilities: Capabilities | None = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether it can be used."""
        return not self.problem


def available() -> list[BackendInfo]:
    """Return all backends that are announced, by name, without importing any; those of this package come first."""
    found = [BackendInfo(name, "ndtui", target, _problem(name)) for name, target in BUILT_IN.items()]
    for info in sorted(_plugins(), key=lambda info: (info.name, info.distribution, info.target)):
        taken = next((each for each in found if each.name == info.name), None)
        if taken is None or info.problem:
            found.append(info)
        elif taken.target != info.target:
            problem = f"the name is taken by {taken.target} of {taken.distribution}, which is used instead"
            found.append(BackendInfo(info.name, info.distribution, info.target, problem))
    return found


def load(name: str) -> type[Backend]:
    """Import one backend and return its class.

    Raises:
        InputError: there is none of that name.
        BackendError: it is announced, but cannot be imported or is no backend.
    """
    if name in BUILT_IN:
        if _problem(name):
            raise BackendError(f"the backend {name} {_problem(name)}")
        return _load(BackendInfo(name, "ndtui", BUILT_IN[name]))
    usable = [info for info in available() if not info.problem]
    for info in usable:
        if info.name == name:
            return _load(info)
    raise InputError(f"there is no backend {name!r}", remedy=f"choose {', '.join(info.name for info in usable)}")


def open_backend(name: str = DEFAULT, store: Path | None = None) -> Backend:
    """Return an instance of a backend; ``store`` is the place of its data where it has one.

    Raises:
        InputError: there is none of that name.
        BackendError: it cannot be loaded, or cannot be used with that place.
    """
    backend = load(name)
    try:
        return backend(store)
    except NdtuiError:
        raise
    except Exception as error:
        raise BackendError(f"the backend {name} cannot be opened", remedy=_in_a_line(error)) from error


def inspect(info: BackendInfo) -> BackendStatus:
    """Load one backend of ``available()`` and return what it can do, or why it cannot be used."""
    if info.problem:
        return BackendStatus(info, problem=info.problem)
    try:
        backend = _load(info)
    except BackendError as error:
        return BackendStatus(info, problem=str(error))
    return BackendStatus(info, backend.summary, backend.capabilities)


def _problem(name: str) -> str:
    return _NOT_HERE if name in WINDOWS_ONLY and sys.platform != "win32" else ""


def _plugins() -> list[BackendInfo]:
    """Return what installed distributions announce; that of this package is among it, and equal to ``BUILT_IN``."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, and not needed for our own

    try:
        return [BackendInfo(e.name, _distribution(e), e.value) for e in entry_points(group=ENTRY_POINTS)]
    except Exception as error:  # one installed distribution with damaged metadata hides those of all others
        return [BackendInfo("plug-ins", "", "", f"installed packages cannot be searched: {_in_a_line(error)}")]


def _distribution(entry_point: "EntryPoint") -> str:
    try:
        return (entry_point.dist.name if entry_point.dist else "") or ""
    except KeyError:  # metadata without a name, from Python 3.15 on
        return ""


def _load(info: BackendInfo) -> type[Backend]:
    where, colon, path = info.target.partition(":")
    try:
        found: object = import_module(where.strip())
        for part in path.partition("[")[0].strip().split(".") if colon else ():
            found = getattr(found, part)
        if not isinstance(found, type):
            raise TypeError(f"{info.target} is no class")  # noqa: TRY301 - told like any other way to fail
        missing = _missing(found)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plug-in may fail in any way, sys.exit() included
        raise BackendError(f"the backend {info.name} cannot be loaded", remedy=_in_a_line(error)) from error
    if missing:
        raise BackendError(
            f"the backend {info.name} is no backend: {info.target} lacks {', '.join(missing)}",
            remedy=f"update {info.distribution or 'the package it comes with'}",
        )
    return cast("type[Backend]", found)


def _missing(found: type) -> list[str]:
    """Return what a class lacks of the protocol."""
    missing = [name for name in ("name", "summary") if not isinstance(getattr(found, name, None), str)]
    if not isinstance(getattr(found, "capabilities", None), Capabilities):
        missing.append("capabilities")
    return missing + [name for name in _METHODS if not callable(getattr(found, name, None))]


def _in_a_line(error: BaseException) -> str:
    """Return what an exception says in one printable line, whatever it is."""
    text = visible(" ".join(" ".join(traceback.format_exception_only(error)).split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
