"""A stand-in for what Windows does besides WFP: security descriptors, certificate roots, secrets.

Of security descriptors it knows an owner and who is allowed and denied the one right that filters ask for, as the bytes
that Windows makes of them; it writes them as Windows does, which may be another text than they were made of.
"""

import re
import struct
from ctypes import POINTER, c_ubyte, c_void_p, cast
from typing import Any

from ndtui.backends.wfp.native import Native
from ndtui.backends.wfp.unmarshal.struct_view import text_at
from tests.backends.wfp.raw_structs import sid as sid_bytes

SYSTEM = "O:LSD:(A;;CC;;;SY)"

#: The same, self-relative as [MS-DTYP] 2.4.6 lays it out: head, owner, and an ACL with one ACE for the local system.
SYSTEM_BYTES = bytes.fromhex(
    "01000480" + "30000000" + "00000000" + "00000000" + "14000000"  # control DP SR; owner at 48, no group, DACL at 20
    "02001c0001000000"  # revision 2, 28 bytes, one ACE
    "0000140001000000" + "010100000000000512000000"  # allowed, 20 bytes, right CC, S-1-5-18
    "010100000000000513000000"  # S-1-5-19
)

#: Some of the SIDs that two letters stand for; those of a domain are told by their numbers when they are read.
_LETTERS = {"LS": "S-1-5-19", "SY": "S-1-5-18", "DC": "S-1-5-21-9-9-9-515", "WD": "S-1-1-0"}
_READ = {sid: letters for letters, sid in _LETTERS.items() if letters != "DC"}
_WRITTEN = re.compile(r"O:(\w\w)D:((?:\([AD];;CC;;;[^()]+\))+)")


def descriptor(sddl: str) -> bytes:
    """Return a self-relative security descriptor ([MS-DTYP] 2.4.6): an owner, and who is allowed and denied."""
    found = _WRITTEN.fullmatch(sddl)
    if found is None:
        raise ValueError("is no security descriptor in SDDL")
    entries = b"".join(map(_entry, re.findall(r"\(([AD]);;CC;;;([^()]+)\)", found[2])))
    access = struct.pack("<BBHHH", 2, 0, 8 + len(entries), found[2].count("("), 0) + entries
    owner = sid_bytes(_LETTERS.get(found[1], found[1]))
    return struct.pack("<BBHIIII", 1, 0, 0x8004, 20 + len(access), 0, 0, 20) + access + owner


def _entry(entry: tuple[str, str]) -> bytes:
    kind, who = entry
    content = sid_bytes(_LETTERS.get(who, who))
    return struct.pack("<BBHI", "AD".index(kind), 0, 8 + len(content), 1) + content


def sddl(content: bytes) -> str:
    """Return the text of a security descriptor, as Windows writes it."""
    owner, _, _, access = struct.unpack_from("<IIII", content, 4)
    at, written = access + 8, ""
    for _ in range(struct.unpack_from("<H", content, access + 4)[0]):
        kind, _, size, _ = struct.unpack_from("<BBHI", content, at)
        written += f"({'AD'[kind]};;CC;;;{_who(content[at + 8 : at + size])})"
        at += size
    return f"O:{_who(content[owner:])}D:{written}"


def _who(content: bytes) -> str:
    parts = struct.unpack_from(f"<{content[1]}I", content, 8)
    text = "-".join(map(str, ("S", content[0], int.from_bytes(content[2:8], "big"), *parts)))
    return _READ.get(text, text)


def root_name(reference: str) -> bytes:
    """Return a root's encoded name: here a UTF8String of its reference."""
    content = reference.encode()
    return (
        b"\x0c" + (bytes([len(content)]) if len(content) < 128 else b"\x82" + len(content).to_bytes(2, "big")) + content
    )


def program_name(path: str) -> bytes:
    """Return what this machine calls a program: its drives are all the same device."""
    device = path if path.lower().startswith("\\device\\") else f"\\device\\harddiskvolume9{path[2:]}"
    return f"{device.lower()}\0".encode("utf-16-le")


class Programs:
    """Microsoft's structures, and the functions by which a program's name is made: every file is there."""

    def __init__(self, wfp: Any) -> None:
        self._wfp = wfp
        self._handed: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        """Return anything else from the structures."""
        return getattr(self._wfp, name)

    def FwpmGetAppIdFromFileName0(self, name: Any, found: Any) -> int:
        """Hand out the name of a program."""
        content = program_name(text_at(cast(name, c_void_p).value))
        memory = (c_ubyte * len(content)).from_buffer_copy(content)
        blob = self._wfp.FWP_BYTE_BLOB(len(content), cast(memory, POINTER(c_ubyte)))
        self._handed += [memory, blob]
        found._obj.contents = blob
        return 0

    def FwpmFreeMemory0(self, _pointer: Any) -> None:
        """Take it back."""
        self._handed.clear()


def secret(reference: str) -> bytearray:
    """Return a secret that shows which one it is."""
    return bytearray(f"key of {reference}", "utf-8")


def machine(wfp: Any, **functions: Any) -> Native:
    """Return a Native over structures, with some of its functions exchanged."""
    return Native(
        **{
            "wfp": Programs(wfp),
            "security_descriptor": descriptor,
            "sddl": sddl,
            "roots": root_name,
            "intermediates": root_name,
            "secret": secret,
            **functions,
        }
    )
