"""Backends by name: those of this package, and plug-ins found through the entry-point group ``ndtui.backends``."""

import sys
from dataclasses import dataclass
from pathlib import Path

from ndtui.backends.contract.backend import (
    CONTRACT_VERSION,
    ENTRY_POINTS,
    Backend,
    Capabilities,
    unkept_promise,
)
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.fence.fenced_backend import declared, fenced
from ndtui.common.plugins import Kind, Plugin, Plugins

DEFAULT_BACKEND = "store"

#: The backends of this package: they are there without installed metadata too, and no plug-in takes their place.
BUILT_IN = {
    "memory": "ndtui.backends.memory:MemoryBackend",
    "store": "ndtui.backends.store:StoreBackend",
    "wfp": "ndtui.backends.wfp.wfp_backend:WfpBackend",
}

#: Backends of this package that need Windows: elsewhere they are listed with that reason, and not imported.
WINDOWS_ONLY = ("wfp",)
_NOT_HERE = "needs Windows: use the store here, and wfp on the machine itself"

_ATTRIBUTES = {"name": str, "summary": str, "capabilities": Capabilities}


def _not_here(name: str) -> str:
    return _NOT_HERE if name in WINDOWS_ONLY and sys.platform != "win32" else ""


_BACKENDS: Plugins[Backend] = Plugins(
    Kind("backend", ENTRY_POINTS, Backend, CONTRACT_VERSION, _ATTRIBUTES, unkept_promise),
    BUILT_IN,
    error=BackendError,
    unusable=_not_here,
)


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """A backend after an attempt to load it: what it can do, or in ``problem`` the line that says why it cannot."""

    info: Plugin
    summary: str = ""
    capabilities: Capabilities | None = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether it can be used."""
        return not self.problem


def available() -> list[Plugin]:
    """Return all backends that are announced, by name, without importing any; those of this package come first."""
    return _BACKENDS.available()


def names() -> list[str]:
    """Return the names of the backends that can be asked for, without importing any."""
    return _BACKENDS.usable()


def load(name: str) -> type[Backend]:
    """Import one backend and return its class.

    Raises:
        InputError: there is none of that name.
        BackendError: it is announced, and cannot be imported or does not keep the contract.
    """
    return _BACKENDS.load(name)


def open_backend(name: str = DEFAULT_BACKEND, store: Path | None = None) -> Backend:
    """Return an instance of a backend, one of somebody else behind a fence; ``store`` is the place of its data.

    Raises:
        InputError: there is none of that name.
        BackendError: it cannot be loaded, or cannot be used with that place.
    """
    backend, fence = load(name), _BACKENDS.fence(name)

    def opened() -> Backend:
        made = backend(store)
        made.opened_with = store
        return made

    return fence.call("cannot be opened", opened) if _BACKENDS.is_ours(name) else fenced(name, fence, opened)


def inspect(info: Plugin) -> BackendStatus:
    """Load one backend of ``available()`` and return what it can do, or why it cannot be used."""
    if info.problem:
        return BackendStatus(info, problem=info.problem)
    try:
        summary, capabilities = declared(_BACKENDS.fence(info.name), _BACKENDS.load_plugin(info))
    except BackendError as error:
        return BackendStatus(info, problem=str(error))
    return BackendStatus(info, summary, capabilities)
