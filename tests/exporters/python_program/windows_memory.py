"""A stand-in for what a program asks Windows for besides WFP: security descriptors, certificates, decoded names.

A call takes the way that it takes on Windows: through win32more's function, which converts its arguments by its own
signature, and through a C call into a function that gets bare numbers and addresses.
"""

import ctypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from ctypes import (
    CFUNCTYPE,
    POINTER,
    addressof,
    c_ubyte,
    c_void_p,
    cast,
    create_unicode_buffer,
    pointer,
    sizeof,
    wstring_at,
)
from functools import cache
from typing import Any

from tests.backends.wfp import raw_structs
from tests.backends.wfp.fwpuclnt import findable_win32more, modules_of
from tests.backends.wfp.windows_ctypes import structures

_WIN32 = "win32more.Windows.Win32"
_CRYPTOGRAPHY = f"{_WIN32}.Security.Cryptography"

#: The functions, by module, each with how many arguments it has.
FUNCTIONS = {
    f"{_WIN32}.Foundation": {"LocalFree": 1},
    f"{_WIN32}.Security.Authorization": {"ConvertStringSecurityDescriptorToSecurityDescriptorW": 4},
    _CRYPTOGRAPHY: {
        "CertOpenStore": 5,
        "CertEnumCertificatesInStore": 2,
        "CertCloseStore": 2,
        "CryptDecodeObjectEx": 8,
    },
}
_STRUCTURES = ("CERT_CONTEXT", "CERT_INFO", "CERT_NAME_INFO", "CERT_RDN", "CERT_RDN_ATTR")

#: Whose functions are called.
_current: list["Memory"] = []


class Memory:
    """What was handed out, and what has been given back."""

    def __init__(self, stores: Mapping[str, Sequence[bytes]]) -> None:
        self._stores = stores
        self._names = list(stores)
        self._blocks: list[Any] = []
        self._allocated: dict[int, int] = {}
        self._open: list[int] = []
        self.mistakes: list[str] = []
        """What went wrong within a call, from which nothing can be raised."""

    def left_behind(self) -> list[str]:
        """Return what the program still owes, and what it did wrong."""
        return [
            *(f"memory at {address:#x}" for address in self._allocated),
            *(f"store {each}" for each in self._open),
            *self.mistakes,
        ]

    def functions(self) -> Mapping[str, Mapping[str, Any]]:
        """Return win32more's functions, by module, which from now on call this machine's."""
        _current[:] = [self]
        return _bound()

    def _kept(self, block: Any) -> Any:
        self._blocks.append(block)
        return block

    def _bytes(self, content: bytes) -> Any:
        return cast(self._kept((c_ubyte * len(content)).from_buffer_copy(content)), POINTER(c_ubyte))

    def _allocate(self, block: Any, place: int, size_at: int) -> None:
        """Hand out memory that LocalFree takes back: its address goes to a place, and its size to another."""
        address = addressof(self._kept(block))
        self._allocated[address] = sizeof(block)
        raw_structs.put(place, address, raw_structs.POINTER)
        raw_structs.put(size_at, sizeof(block), 4)

    def LocalFree(self, address: int) -> int:
        ctypes.memset(address, 0xDD, self._allocated.pop(address))
        return 0

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(
        self, sddl: int, revision: int, made: int, size: int
    ) -> int:
        assert revision == 1
        try:
            content = raw_structs.security_descriptor(wstring_at(sddl))
        except ValueError:
            return 0
        self._allocate((c_ubyte * len(content)).from_buffer_copy(content), made, size)
        return 1

    def CertOpenStore(self, provider: int, encoding: int, crypt: int, flags: int, name: int) -> int:
        """Open a store of the machine, to read, which is there."""
        assert (provider, encoding, crypt, flags) == (10, 0, 0, 0x20000 | 0x8000 | 0x4000)
        if wstring_at(name) not in self._stores:
            return 0
        self._open.append(77 + self._names.index(wstring_at(name)))
        return self._open[-1]

    def CertCloseStore(self, store: int, flags: int) -> int:
        assert flags == 0
        self._open.remove(store)
        return 1

    def CertEnumCertificatesInStore(self, store: int, before: int) -> int:
        """Return the certificate behind another, which is freed by it."""
        assert store in self._open
        certificates = self._stores[self._names[store - 77]]
        crypt = modules_of(structures().win32more)[_CRYPTOGRAPHY]
        at = crypt.CERT_CONTEXT.from_address(before).dwCertEncodingType if before else 0
        if before:
            ctypes.memset(before, 0xDD, sizeof(crypt.CERT_CONTEXT))
        if at == len(certificates):
            return 0
        content, subject = certificates[at], _subject(certificates[at])
        info = self._kept(crypt.CERT_INFO())
        info.Subject.pbData, info.Subject.cbData = self._bytes(subject), len(subject)
        context = self._kept(crypt.CERT_CONTEXT())
        context.dwCertEncodingType, context.pCertInfo = at + 1, pointer(info)
        context.pbCertEncoded, context.cbCertEncoded = self._bytes(content), len(content)
        return addressof(context)

    def CryptDecodeObjectEx(
        self, encoding: int, kind: int, content: int, length: int, flags: int, how: int, made: int, size: int
    ) -> int:
        """Decode a name: one part for each set, as the test's names are."""
        assert (encoding, kind, flags, how) == (1, 20, 0x8000, 0)
        crypt = modules_of(structures().win32more)[_CRYPTOGRAPHY]
        parts = _parts(ctypes.string_at(content, length))
        sets = self._kept((crypt.CERT_RDN * len(parts))())
        for each, (identifier, text) in zip(sets, parts, strict=True):
            part = self._kept(crypt.CERT_RDN_ATTR())
            wide = self._kept(create_unicode_buffer(text))
            part.pszObjId, part.dwValueType = identifier.encode(), 12  # CERT_RDN_UTF8_STRING
            part.Value.pbData, part.Value.cbData = cast(wide, POINTER(c_ubyte)), sizeof(wide)
            each.cRDNAttr, each.rgRDNAttr = 1, pointer(part)
        info = crypt.CERT_NAME_INFO()
        info.cRDN, info.rgRDN = len(parts), sets
        self._allocate(info, made, size)
        return 1


@cache
def _bound() -> Mapping[str, Mapping[str, Any]]:
    """Return win32more's own functions with another way to find what is behind a name."""
    modules = modules_of(structures().win32more)
    with findable_win32more():
        for name in _STRUCTURES:  # win32more makes them where it finds its own modules
            getattr(modules[_CRYPTOGRAPHY], name)
        return {
            module: {name: _function(getattr(modules[module], name), name, count) for name, count in functions.items()}
            for module, functions in FUNCTIONS.items()
        }


def _function(function: Any, name: str, count: int) -> Any:
    def receive(*given: int | None) -> int:
        (memory,) = _current
        try:
            return int(getattr(memory, name)(*(each or 0 for each in given)))
        except Exception as mistake:  # it cannot find its way through C
            memory.mistakes.append(f"{name}: {mistake!r}")
            return 0

    def bind(result: Any, *arguments: Any) -> Callable[..., Any]:
        assert len(arguments) == count
        raw = [each if issubclass(each, ctypes._SimpleCData) and _is_number(each) else c_void_p for each in arguments]
        inner = CFUNCTYPE(result if issubclass(result, ctypes._SimpleCData) else c_void_p, *raw)(receive)
        keep.append(inner)
        return lambda entry, _parameters: CFUNCTYPE(result, *arguments)(cast(inner, c_void_p).value)

    keep: list[Any] = []
    made = type(function)(function._prototype, function._library, None, False, {function._library: None}, bind)
    made._delegate = made._create_foreign_function_call()
    made.kept = keep
    return made


def _is_number(kind: Any) -> bool:
    return kind._type_ not in "PzZ"


def _elements(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the elements of DER one after the other: content and whole."""
    while data:
        start, length = 2, data[1]
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[2:start], "big")
        yield data[start : start + length], data[: start + length]
        data = data[start + length :]


def _subject(certificate: bytes) -> bytes:
    """Return the encoded subject of a certificate that has every part (RFC 5280, section 4.1)."""
    ((whole, _),) = _elements(certificate)
    return [each for _, each in _elements(next(_elements(whole))[0])][5]


def _parts(name: bytes) -> list[tuple[str, str]]:
    """Return the parts of an encoded name, whose values are UTF-8."""
    ((sets, _),) = _elements(name)
    found = []
    for content, _ in _elements(sets):
        ((pair, _),) = _elements(content)
        (identifier, _), (value, _) = _elements(pair)
        assert len(identifier) == 3
        found.append((f"2.5.4.{identifier[2]}", value.decode()))
    return found
