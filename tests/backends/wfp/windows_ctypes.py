"""Microsoft's structures as win32more declares them, on a machine that is not Windows.

win32more wants names of ctypes that only Windows has, and its first import starts COM. Neither is needed for the
structures: this module lends ctypes the names, goes around the package's ``__init__``, reads everything that is loaded
lazily, and takes all of it back. What remains are the structures themselves.
"""

import ctypes
import importlib
import importlib.util
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

PACKAGE = "win32more"
MODULE = f"{PACKAGE}.Windows.Win32.NetworkManagement.WindowsFilteringPlatform"
REASON = "win32more is not installed: pip install --no-deps -r tests/metadata-requirements.txt"

_LENT = {
    "windll": object(),
    "WINFUNCTYPE": ctypes.CFUNCTYPE,
    "FormatError": str,
    "GetLastError": int,
    "WinError": OSError,
}


def installed() -> bool:
    """Return whether both parts of win32more are there."""
    found = importlib.util.find_spec(PACKAGE)
    folders = found.submodule_search_locations if found is not None else None
    return bool(folders) and all(_holds(folders, name) for name in ("_win32", "Windows.Win32.NetworkManagement"))


def _holds(folders: Any, name: str) -> bool:
    first, _, rest = name.partition(".")
    spec = importlib.machinery.PathFinder.find_spec(first, folders)
    if spec is None or not rest:
        return spec is not None
    return spec.submodule_search_locations is not None and _holds(spec.submodule_search_locations, rest)


@contextmanager
def windows_ctypes() -> Iterator[None]:
    """Lend ctypes and win32more what they lack outside Windows; afterwards every module is as it was."""
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == PACKAGE}
    lent = {name: value for name, value in _LENT.items() if not hasattr(ctypes, name)}
    for name, value in lent.items():
        setattr(ctypes, name, value)
    try:
        if sys.platform != "win32":
            _go_around_init()
        yield
    finally:
        for name in lent:
            delattr(ctypes, name)
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        sys.modules.update(before)


def _go_around_init() -> None:
    """Stand in for the package itself: its ``__init__`` calls into OLE."""
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = types.ModuleType(PACKAGE)
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules[PACKAGE] = package
    win32 = importlib.import_module(f"{PACKAGE}._win32")
    win32.ARCH = "X64"  # it looks for "(AMD64)" in sys.version, which only Windows writes there
    for name in ("WINFUNCTYPE", "windll"):
        setattr(package, name, getattr(win32, name))


@cache
def structures() -> Any:
    """Return win32more's WindowsFilteringPlatform module with every structure in it, or skip the test."""
    if not installed():
        pytest.skip(REASON)
    with windows_ctypes():
        module = importlib.import_module(MODULE)
        for name in list(module.__getattr__._lazyload):
            getattr(module, name)
        # The first assignment to a member loads the rest of win32more.
        module.FWPM_FILTER0().flags = 0
    return module
