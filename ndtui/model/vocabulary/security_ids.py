"""SIDs that Windows makes of names: those of services and of app packages, and those of capabilities by their numbers.

Sources: https://learn.microsoft.com/windows/win32/secauthz/well-known-sids and [MS-DTYP] section 2.4.2.4 for S-1-5-80,
S-1-15-2 and the capabilities; DeriveAppContainerSidFromAppContainerName in userenv.h, and ``sc showsid``, make the SIDs
that a test compares. Real machines have both kinds in their filters beside the names of the packages and services.
"""

import hashlib
import re
import struct
from collections.abc import Mapping

from ndtui.common.text import in_quotes

NULL_SID = "S-1-0-0"
"""The package of what belongs to none, as FWPM_CONDITION_ALE_PACKAGE_ID has it."""

ALL_PACKAGES, ALL_RESTRICTED_PACKAGES = "S-1-15-2-1", "S-1-15-2-2"
ANY_SERVICE = ("S-1-5-6", "S-1-5-80-0")
"""SERVICE and ALL SERVICES: what the token of every service has."""

SERVICE, PACKAGE, CAPABILITY = "S-1-5-80-", "S-1-15-2-", "S-1-15-3-"
"""What the SIDs of services, of packages and of capabilities begin with."""

#: The capabilities of a manifest that have a number of their own: S-1-15-3-1 and so on.
CAPABILITIES: Mapping[str, int] = {
    "internetClient": 1,
    "internetClientServer": 2,
    "privateNetworkClientServer": 3,
    "picturesLibrary": 4,
    "videosLibrary": 5,
    "musicLibrary": 6,
    "documentsLibrary": 7,
    "enterpriseAuthentication": 8,
    "sharedUserCertificates": 9,
    "removableStorage": 10,
    "appointments": 11,
    "contacts": 12,
}
_SID = re.compile(r"S-1-(?:[0-9]{1,15}|0x[0-9a-fA-F]{1,12})(?:-[0-9]{1,10}){1,15}")
_FAMILY = re.compile(r"[A-Za-z0-9.\-]{3,50}_[a-z0-9]{13}")
_SERVICE_NAME = re.compile(r"[^\\/,\s\"]{1,256}")


def is_sid(text: str) -> bool:
    """Tell whether a text is a SID as it is written in full."""
    return _SID.fullmatch(text) is not None


def service_sid(name: str) -> str:
    """Return the SID of a service: the five numbers of the SHA-1 of its name in upper case, behind S-1-5-80."""
    digest = hashlib.sha1(name.upper().encode("utf-16-le"), usedforsecurity=False).digest()
    return SERVICE + "-".join(map(str, struct.unpack("<5I", digest)))


def package_sid(name: str) -> str:
    """Return the SID of a package: seven numbers of the SHA-256 of its name in lower case, behind S-1-15-2.

    The name is that of the package family, such as Microsoft.WindowsStore_8wekyb3d8bbwe.
    """
    digest = hashlib.sha256(name.lower().encode("utf-16-le")).digest()
    return PACKAGE + "-".join(map(str, struct.unpack("<7I", digest[:28])))


def parse_service(text: str) -> str:
    """Return the SID of a service that is written as a SID or by its short name.

    Raises:
        ValueError: it is neither; says so, and what would be right.
    """
    upper = text.upper()
    if upper.startswith("S-1-"):
        if not (is_sid(upper) and (upper.startswith(SERVICE) or upper in ANY_SERVICE)):
            raise ValueError(f"{text[:80]} is no SID of a service: those begin with S-1-5-80-")
        return upper
    if not _SERVICE_NAME.fullmatch(text):
        raise ValueError(f"{in_quotes(text[:80])} is no name of a service: write one such as Dnscache, or its SID")
    return service_sid(text)


def parse_package(text: str) -> str:
    """Return the SID of a package that is written as a SID or by the name of its family.

    Raises:
        ValueError: it is neither; says so, and what would be right.
    """
    upper = text.upper()
    if upper.startswith("S-1-"):
        if not (is_sid(upper) and upper.startswith(PACKAGE)):
            raise ValueError(f"{text[:80]} is no SID of a package: those begin with S-1-15-2-")
        return upper
    if not _FAMILY.fullmatch(text):
        raise ValueError(
            f"{in_quotes(text[:80])} is no package: write its SID, or its family such as "
            f"Microsoft.WindowsStore_8wekyb3d8bbwe"
        )
    return package_sid(text)


def parse_capability(text: str) -> str:
    """Return the SID of a capability that is written as a SID or by its name.

    Raises:
        ValueError: it is neither; says so, and what would be right.
    """
    upper = text.upper()
    if upper.startswith("S-1-"):
        if not (is_sid(upper) and upper.startswith(CAPABILITY)):
            raise ValueError(f"{text[:80]} is no SID of a capability: those begin with S-1-15-3-")
        return upper
    numbers = {name.lower(): number for name, number in CAPABILITIES.items()}
    if text.lower() not in numbers:
        raise ValueError(
            f"{in_quotes(text[:80])} is no capability with a number: write its SID, or {', '.join(CAPABILITIES)}"
        )
    return f"{CAPABILITY}{numbers[text.lower()]}"
