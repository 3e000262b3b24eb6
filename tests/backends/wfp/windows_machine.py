"""A stand-in for what Windows does besides WFP: security descriptors, certificate roots, secrets.

A security descriptor is known by its text: the one that BFE's own filters have, as the bytes that Windows makes of it.
"""

from typing import Any

from ndtui.backends.wfp.native import Native

SYSTEM = "O:LSD:(A;;CC;;;SY)"

#: The same, self-relative as [MS-DTYP] 2.4.6 lays it out: head, owner, and an ACL with one ACE for the local system.
SYSTEM_BYTES = bytes.fromhex(
    "01000480" + "30000000" + "00000000" + "00000000" + "14000000"  # control DP SR; owner at 48, no group, DACL at 20
    "02001c0001000000"  # revision 2, 28 bytes, one ACE
    "0000140001000000" + "010100000000000512000000"  # allowed, 20 bytes, right CC, S-1-5-18
    "010100000000000513000000"  # S-1-5-19
)

_DESCRIPTORS = {SYSTEM: SYSTEM_BYTES}


def descriptor(sddl: str) -> bytes:
    """Return a self-relative security descriptor."""
    if sddl not in _DESCRIPTORS:
        raise ValueError("is no security descriptor in SDDL")
    return _DESCRIPTORS[sddl]


def sddl(content: bytes) -> str:
    """Return the text of a security descriptor."""
    return next(text for text, known in _DESCRIPTORS.items() if known == content)


def root_name(reference: str) -> bytes:
    """Return a root's encoded name: here a UTF8String of its reference."""
    content = reference.encode()
    return (
        b"\x0c" + (bytes([len(content)]) if len(content) < 128 else b"\x82" + len(content).to_bytes(2, "big")) + content
    )


def secret(reference: str) -> bytearray:
    """Return a secret that shows which one it is."""
    return bytearray(f"key of {reference}", "utf-8")


def machine(wfp: Any, **functions: Any) -> Native:
    """Return a Native over structures, with some of its functions exchanged."""
    return Native(
        **{
            "wfp": wfp,
            "security_descriptor": descriptor,
            "sddl": sddl,
            "roots": root_name,
            "secret": secret,
            **functions,
        }
    )
