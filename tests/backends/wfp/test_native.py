"""The few calls that only Windows answers: given what its functions take, and freed what they return."""

import ctypes
import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp import native
from ndtui.backends.wfp.native import load, sid_bytes, sid_text
from tests.backends.wfp.test_roots import CERTIFICATE, CN, PLAIN, UTF8, certificate
from tests.backends.wfp.test_roots import name as encoded_name
from tests.backends.wfp.windows_ctypes import MODULE, REASON, installed, windows_ctypes
from tests.backends.wfp.windows_machine import SYSTEM, SYSTEM_BYTES
from tests.support import one_line

#: The encoded name of an authority below the roots.
BELOW = encoded_name((CN, "Issuing CA", UTF8))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a filter engine")
def test_elsewhere_there_is_no_filter_engine():
    with pytest.raises(BackendError, match="on Windows only") as caught:
        load()
    assert caught.value.remedy
    one_line(str(caught.value))


def test_the_package_is_missing(monkeypatch):
    monkeypatch.setattr(native, "_on_windows", lambda: True)
    monkeypatch.setitem(sys.modules, "win32more", None)
    with pytest.raises(BackendError, match="pip install ndtui on Windows brings it") as caught:
        load()
    one_line(str(caught.value))


def test_loaded_it_has_the_structures(monkeypatch):
    if not installed():
        pytest.skip(REASON)
    monkeypatch.setattr(native, "_on_windows", lambda: True)
    with windows_ctypes():
        machine = load()
        assert machine.wfp is sys.modules[MODULE]
        assert ctypes.sizeof(machine.wfp.FWPM_FILTER0) == 200
        assert callable(machine.wfp.FwpmEngineOpen0)
    assert machine.sid("S-1-5-18") == bytes.fromhex("010100000000000512000000")
    assert machine.sid_text(machine.sid("S-1-5-18")) == "S-1-5-18"


def test_lending_leaves_no_trace():
    if not installed():
        pytest.skip(REASON)
    before = (set(sys.modules), set(vars(ctypes)))
    with windows_ctypes():
        importlib.import_module(MODULE)
    after = (set(sys.modules), set(vars(ctypes)))
    assert {name for name in after[0] ^ before[0] if name.startswith("win32more")} == set()
    assert after[1] == before[1]


class Windows:
    """The functions that are called, over memory of their own."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.stores = {"Root": [CERTIFICATE, certificate(PLAIN)], "CA": [certificate(BELOW)]}
        self.memory: dict[int, Any] = {}
        self.freed: list[int] = []
        self.closed: list[int] = []
        self.made: list[tuple[str, bytes]] = []
        self.fails = False

    def own(self, block: Any) -> int:
        """Keep a block and return its address."""
        self.memory[ctypes.addressof(block)] = block
        return ctypes.addressof(block)

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(self, sddl, revision, descriptor, size):
        if sddl != SYSTEM:
            return 0
        size._obj.value = len(SYSTEM_BYTES)
        descriptor._obj.value = self.own((ctypes.c_ubyte * len(SYSTEM_BYTES)).from_buffer_copy(SYSTEM_BYTES))
        return revision

    def ConvertSecurityDescriptorToStringSecurityDescriptorW(self, descriptor, revision, parts, text, length):
        if bytes(descriptor) != SYSTEM_BYTES or parts != 15:
            return 0
        buffer = ctypes.create_unicode_buffer(SYSTEM)
        ctypes.c_void_p.from_buffer(text._obj).value = self.own(buffer)
        return revision

    def LocalFree(self, memory):
        self.freed.append(memory.value)

    def CreateDirectoryW(self, path, attributes):
        if self.fails:
            return 0
        assert attributes._obj.nLength == ctypes.sizeof(attributes._obj)
        assert not attributes._obj.bInheritHandle
        self.made.append((path, ctypes.string_at(attributes._obj.lpSecurityDescriptor, len(SYSTEM_BYTES))))
        return 1

    def GetNamedSecurityInfoW(self, path, kind, parts, owner, group, dacl, sacl, descriptor):
        assert (path, kind, parts) == ("C:\\ProgramData\\ndtui", 1, 7)
        assert (owner, group, dacl, sacl) == (None, None, None, None)
        if self.fails:
            return 5
        descriptor._obj.value = self.own((ctypes.c_ubyte * len(SYSTEM_BYTES)).from_buffer_copy(SYSTEM_BYTES))
        return 0

    def GetSecurityDescriptorLength(self, descriptor):
        assert descriptor.value in self.memory
        return len(SYSTEM_BYTES)

    def CertOpenStore(self, provider, encoding, crypt, flags, name):
        assert (provider, encoding, crypt) == (10, 0, 0)
        assert flags == 0x20000 | 0x8000 | 0x4000
        return None if self.fails else 77 + [*self.stores].index(name.value)

    def CertEnumCertificatesInStore(self, store, before):
        certificates = [*self.stores.values()][store - 77]
        at = 0 if not before else before.contents.dwCertEncodingType
        if at == len(certificates):
            return ctypes.POINTER(self.context)()
        data = (ctypes.c_ubyte * len(certificates[at])).from_buffer_copy(certificates[at])
        context = self.context(at + 1, ctypes.cast(self.own(data), ctypes.POINTER(ctypes.c_ubyte)), len(data))
        self.own(context)
        return ctypes.pointer(context)

    def CertCloseStore(self, store, flags):
        self.closed.append(store)
        return 1


FUNCTIONS = {
    "ConvertStringSecurityDescriptorToSecurityDescriptorW": "Security.Authorization",
    "ConvertSecurityDescriptorToStringSecurityDescriptorW": "Security.Authorization",
    "CreateDirectoryW": "Storage.FileSystem",
    "GetNamedSecurityInfoW": "Security.Authorization",
    "GetSecurityDescriptorLength": "Security",
    "LocalFree": "Foundation",
    "CertOpenStore": "Security.Cryptography",
    "CertEnumCertificatesInStore": "Security.Cryptography",
    "CertCloseStore": "Security.Cryptography",
}


@pytest.fixture
def windows() -> Iterator[Windows]:
    """Put functions in the place of win32more's: each takes only what ctypes would let through to Windows."""
    if not installed():
        pytest.skip(REASON)
    with windows_ctypes():
        modules = {name: importlib.import_module(f"win32more.Windows.Win32.{name}") for name in FUNCTIONS.values()}
        win32 = sys.modules["win32more._win32"]
        fake = Windows(modules["Security.Cryptography"].CERT_CONTEXT)
        for name, module in FUNCTIONS.items():
            prototype = getattr(modules[module], name)._prototype
            setattr(modules[module], name, _checked(win32, prototype, getattr(fake, name)))
        yield fake


def _checked(win32: Any, prototype: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    hints = win32.get_type_hints(prototype)
    hints.pop("return")

    def call(*arguments: Any) -> Any:
        for argument, kind in zip(arguments, hints.values(), strict=True):
            kind.from_param(win32.easycast(argument, kind))
        return function(*arguments)

    return call


def test_security_descriptors(windows):
    assert native._security_descriptor(SYSTEM) == SYSTEM_BYTES
    assert native._sddl(SYSTEM_BYTES) == SYSTEM
    assert windows.freed == list(windows.memory)


def test_what_is_no_security_descriptor(windows):
    with pytest.raises(ValueError, match="is no security descriptor"):
        native._security_descriptor("O:??")
    assert native._sddl(b"\1\2") == "(not understood: 0102)"
    assert windows.freed == []


def test_roots_of_the_machine(windows):
    assert native._certificates("Root") == [CERTIFICATE, certificate(PLAIN)]
    assert windows.closed == [77]


def test_a_root_by_reference(windows, monkeypatch):
    monkeypatch.setattr(native, "_on_windows", lambda: True)
    assert load().roots("subject:CN=Example Root") == PLAIN
    for reference in ("subject:CN=Nobody", "subject:CN=Issuing CA"):
        with pytest.raises(BackendError, match="has no certificate"):
            load().roots(reference)


def test_an_authority_by_reference_need_not_be_a_root(windows, monkeypatch):
    monkeypatch.setattr(native, "_on_windows", lambda: True)
    assert load().intermediates("subject:CN=Issuing CA") == BELOW
    assert load().intermediates("subject:CN=Example Root") == PLAIN
    with pytest.raises(BackendError, match="Root and CA stores have no certificate subject:CN=Nobody") as caught:
        load().intermediates("subject:CN=Nobody")
    assert "Intermediate Certification Authorities" in caught.value.remedy
    assert windows.closed == [77, 78] * 3


@pytest.mark.parametrize("name", ["FwpmProviderContextAdd0", "FwpmProviderContextAdd2"])
def test_which_functions_there_are(monkeypatch, name):
    loaded = []

    class Library:
        FwpmProviderContextAdd0 = None

        def __init__(self, library: str) -> None:
            loaded.append(library)

    monkeypatch.setattr(native, "CDLL", Library)
    assert native.has_function(name) == name.endswith("0")
    assert loaded == ["fwpuclnt.dll"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has the library")
def test_without_the_library_no_single_function_is_missing():
    assert native.has_function("FwpmProviderContextAdd2")


def test_a_store_that_does_not_open(windows):
    windows.fails = True
    with pytest.raises(BackendError, match="does not open"):
        native._certificates("Root")
    assert windows.closed == []


@given(parts=st.lists(st.integers(0, 2**32 - 1), max_size=15), authority=st.integers(0, 2**48 - 1))
def test_security_identifiers_come_back(parts, authority):
    sid = bytes([1, len(parts)]) + authority.to_bytes(6, "big") + b"".join(p.to_bytes(4, "little") for p in parts)
    assert sid_bytes(sid_text(sid)) == sid


@pytest.mark.parametrize(
    "text", ["", "S", "S-1", "s-2-5", "X-1-5-18", "S-1-5-x", "S-1-5-4294967296", "S-1-5--1", "S-1-5" + "-1" * 16]
)
def test_what_is_no_security_identifier(text):
    with pytest.raises(ValueError, match="is no security identifier"):
        sid_bytes(text)


def test_security_identifiers_as_windows_writes_them():
    assert sid_text(bytes.fromhex("01020000000000052000000020020000")) == "S-1-5-32-544"
    assert sid_text(bytes.fromhex("0100123456789abc")) == "S-1-0x123456789ABC"


def test_a_folder_is_made_with_a_security_descriptor(windows, tmp_path):
    native.make_folder(str(tmp_path / "new"), SYSTEM)
    assert windows.made == [(str(tmp_path / "new"), SYSTEM_BYTES)]
    assert windows.freed == list(windows.memory)
    windows.fails = True
    with pytest.raises(OSError, match="does not make it"):
        native.make_folder(str(tmp_path / "other"), SYSTEM)
    with pytest.raises(FileExistsError):
        native.make_folder(str(tmp_path), SYSTEM)


def test_who_owns_a_file_and_who_may_write_it_is_read(windows):
    assert native.descriptor_of("C:\\ProgramData\\ndtui") == SYSTEM
    assert sorted(windows.freed) == sorted(windows.memory)
    windows.fails = True
    with pytest.raises(OSError, match="answers 5"):
        native.descriptor_of("C:\\ProgramData\\ndtui")
