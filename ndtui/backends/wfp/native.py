"""What Windows itself offers, in one place: the WFP interface, security descriptors, certificate roots.

``load`` returns it. Nothing of win32more is imported before ``load`` is called, so every module of this package can be
imported on any system, and tests use a ``Native`` of their own.
"""

import importlib
import sys
from collections.abc import Callable
from ctypes import (
    CDLL,
    addressof,
    byref,
    c_ubyte,
    c_uint32,
    c_void_p,
    c_wchar_p,
    cast,
    create_unicode_buffer,
    sizeof,
    string_at,
)
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp import roots as root_certificates
from ndtui.backends.wfp import secrets
from ndtui.backends.wfp.service_control import ServiceControl
from ndtui.backends.wfp.struct_sizes import check_sizes

#: A structure, array, handle or module of win32more. They are made at run time: a type checker knows no members.
Struct: TypeAlias = Any

_SDDL_REVISION = 1
#: Owner, group, DACL and SACL.
_WHOLE_DESCRIPTOR = 0x1 | 0x2 | 0x4 | 0x8
_OWNER_GROUP_LIST = 0x1 | 0x2 | 0x4
_SE_FILE_OBJECT = 1


def sid_bytes(text: str) -> bytes:
    """Return a security identifier from its text, such as ``S-1-5-18``. Layout: [MS-DTYP] 2.4.2.

    Raises:
        ValueError: it is none.
    """
    try:
        letter, revision, authority, *parts = text.split("-")
        numbers = [int(part, 0) for part in (revision, authority, *parts)]
        head = bytes((numbers[0], len(parts))) + numbers[1].to_bytes(6, "big")
        body = b"".join(number.to_bytes(4, "little") for number in numbers[2:])
    except (ValueError, OverflowError):
        letter, head, body = "", b"", b""
    if letter.upper() != "S" or head[:1] != b"\1" or len(body) > 4 * 15:
        raise ValueError("is no security identifier: write S-1-5-18")
    return head + body


def sid_text(sid: bytes) -> str:
    """Return the text of a security identifier."""
    authority = int.from_bytes(sid[2:8], "big")
    parts = [int.from_bytes(sid[at : at + 4], "little") for at in range(8, 8 + 4 * sid[1], 4)]
    return "-".join(map(str, ("S", sid[0], authority if authority < 1 << 32 else f"0x{authority:012X}", *parts)))


def has_function(name: str) -> bool:
    """Whether fwpuclnt.dll has a function; true where there is no such library, since not the function is missing."""
    try:
        return hasattr(CDLL("fwpuclnt.dll"), name)
    except OSError:
        return True


@dataclass(frozen=True, slots=True)
class Native:
    """The machine's own functions.

    ``wfp`` has the structures, ``Guid`` and ``Fwpm*`` functions of win32more's WindowsFilteringPlatform module, under
    the same names. The callables are for what is not WFP; each takes and returns plain Python values. Those that
    read a text raise ``ValueError`` when it is not what it should be, with a message that follows the name of what was
    read (``is no security identifier``); ``roots`` and ``secret`` raise ``BackendError`` when there is no such thing.
    """

    wfp: Struct
    security_descriptor: Callable[[str], bytes]
    """SDDL text to a self-relative security descriptor."""
    sddl: Callable[[bytes], str]
    """A self-relative security descriptor to SDDL text."""
    roots: Callable[[str], bytes]
    """``subject:...`` or ``thumbprint:...`` to the encoded subject name of a root in the machine's Root store."""
    intermediates: Callable[[str], bytes]
    """The same of a certificate of an authority, whether a root or one below it."""
    secret: Callable[[str], bytes | bytearray] = secrets.resolve
    """``env:NAME`` or ``keyring:NAME`` to the secret. The caller overwrites a bytearray after use."""
    sid: Callable[[str], bytes] = sid_bytes
    """A security identifier from its text, such as ``S-1-5-18``."""
    sid_text: Callable[[bytes], str] = sid_text
    """The text of a security identifier."""
    has: Callable[[str], bool] = has_function
    """Whether this Windows has a function of WFP; true where it has none of them, which the first call tells."""
    services: ServiceControl = field(default_factory=lambda: ServiceControl(lambda: _module("System.Services")))
    """How Windows' services stand, and how they are started."""


def load() -> Native:
    """Return this machine's functions.

    Raises:
        BackendError: this is not Windows, or the package that knows its interface is not there, or another one.
    """
    if not _on_windows():
        raise BackendError(
            "Windows' own filter engine is there on Windows only",
            remedy="use the backend store here, or export the policy and take it to Windows",
        )
    wfp = _module("NetworkManagement.WindowsFilteringPlatform")
    check_sizes(wfp)
    return Native(
        wfp,
        _security_descriptor,
        _sddl,
        roots=lambda reference: root_certificates.find(reference, _certificates("Root")),
        intermediates=lambda reference: root_certificates.find_authority(
            reference, [*_certificates("Root"), *_certificates("CA")]
        ),
    )


def _on_windows() -> bool:
    return sys.platform == "win32"


def _module(name: str) -> Struct:
    """Return one of win32more's modules; they are large, and each is loaded when it is first needed."""
    try:
        return importlib.import_module(f"win32more.Windows.Win32.{name}")
    except (ImportError, OSError) as error:
        raise BackendError(
            f"the package win32more, which knows Windows' interface, cannot be used ({error})",
            remedy="pip install ndtui on Windows brings it",
        ) from None


def _security_descriptor(sddl: str) -> bytes:
    descriptor, size = c_void_p(), c_uint32()
    convert = _module("Security.Authorization").ConvertStringSecurityDescriptorToSecurityDescriptorW
    if not convert(sddl, _SDDL_REVISION, byref(descriptor), byref(size)):
        raise ValueError("is no security descriptor in SDDL")
    try:
        return string_at(descriptor.value or 0, size.value)
    finally:
        _module("Foundation").LocalFree(descriptor)


def _sddl(descriptor: bytes) -> str:
    text = c_wchar_p()
    convert = _module("Security.Authorization").ConvertSecurityDescriptorToStringSecurityDescriptorW
    content = (c_ubyte * len(descriptor)).from_buffer_copy(descriptor)
    if not convert(content, _SDDL_REVISION, _WHOLE_DESCRIPTOR, byref(text), None):
        return f"(not understood: {descriptor.hex()})"
    try:
        return text.value or ""
    finally:
        _module("Foundation").LocalFree(cast(text, c_void_p))


def make_folder(path: str, descriptor: str) -> None:
    """Make a folder with a security descriptor, given as SDDL.

    Raises:
        FileExistsError: there is one.
        OSError: it cannot be made.
    """
    content = _security_descriptor(descriptor)
    memory = (c_ubyte * len(content)).from_buffer_copy(content)
    attributes = _module("Security").SECURITY_ATTRIBUTES()
    attributes.nLength = sizeof(attributes)
    attributes.lpSecurityDescriptor = addressof(memory)
    if not _module("Storage.FileSystem").CreateDirectoryW(path, byref(attributes)):
        if Path(path).exists():
            raise FileExistsError(path)
        raise OSError("Windows does not make it")


def descriptor_of(path: str) -> str:
    """Return who owns a file or folder, and its access list, as SDDL.

    Raises:
        OSError: it cannot be read.
    """
    descriptor = c_void_p()
    read = _module("Security.Authorization").GetNamedSecurityInfoW
    number = read(path, _SE_FILE_OBJECT, _OWNER_GROUP_LIST, None, None, None, None, byref(descriptor))
    if number:
        raise OSError(f"Windows answers {number}")
    try:
        return _sddl(string_at(descriptor.value or 0, _module("Security").GetSecurityDescriptorLength(descriptor)))
    finally:
        _module("Foundation").LocalFree(descriptor)


def _certificates(store_name: str) -> list[bytes]:
    """Return the certificates of a store of the machine, encoded: ``Root``, which IKE trusts, or ``CA``, below it."""
    crypt = _module("Security.Cryptography")
    name = create_unicode_buffer(store_name)
    flags = crypt.CERT_SYSTEM_STORE_LOCAL_MACHINE | crypt.CERT_STORE_READONLY_FLAG | crypt.CERT_STORE_OPEN_EXISTING_FLAG
    store = crypt.CertOpenStore(crypt.CERT_STORE_PROV_SYSTEM_W, 0, 0, flags, name)
    if not store:
        raise BackendError(f"Windows does not open the machine's {store_name} store of certificates")
    found = []
    try:
        context = crypt.CertEnumCertificatesInStore(store, None)
        while context:
            found.append(string_at(context.contents.pbCertEncoded, context.contents.cbCertEncoded))
            context = crypt.CertEnumCertificatesInStore(store, context)  # it frees the one before
    finally:
        crypt.CertCloseStore(store, 0)
    return found
