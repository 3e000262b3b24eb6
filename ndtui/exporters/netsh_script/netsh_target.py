"""What netsh advfirewall can say of Windows Firewall's objects.

Sources: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall, the help of its
commands, https://learn.microsoft.com/troubleshoot/windows-server/windows-security/description-support-suite-b-cryptographic-ipsec,
and [MS-FASP] for what rules and sets may hold.
"""

import re
from typing import ClassVar

from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_values import Parameters
from ndtui.model.design.windows_versions import WindowsVersion

#: What a proposal with a certificate may say; netsh has words for more, whose values no page shows.
_OF_CERTIFICATES = {"Machine", "Cert", "Authority", "AuthorityType", "Signing", "AccountMapping"}
#: The part of a distinguished name without which netsh takes none.
_COMMON_NAME = re.compile(r"(?:^|[,;+] *)CN=", re.IGNORECASE)
#: What the name of an authority may hold: printable ASCII, without what netsh takes for its own in it.
_AUTHORITY = re.compile(r"[ -~]+")
_SEPARATORS = "|:\\"


class NetshTarget(NativeTarget):
    """netsh advfirewall of Windows 8, Server 2012 and newer."""

    since: ClassVar[WindowsVersion] = "8"
    why_since: ClassVar[str] = "what netsh takes for main mode was written otherwise before Windows 8"
    has_key_modules: ClassVar[bool] = False
    has_sides: ClassVar[bool] = False
    has_multicast: ClassVar[bool] = False
    #: A line of cmd has 8191 characters.
    most_addresses: ClassVar[int] = 20

    def unsayable_main_mode(self, proposal: Parameters, first: Parameters) -> str:
        """Return why a proposal of main mode cannot be said; one set has one key exchange ([MS-FASP])."""
        group = dict(proposal)["KeyExchange"]
        if group == "None":
            return "netsh has no proposal without a key exchange"
        return "" if group == dict(first)["KeyExchange"] else "a set has one key exchange, the first proposal's"

    def unsayable_method(self, proposal: Parameters) -> str:
        """Return why a proposal of authentication cannot be said."""
        said = dict(proposal)
        if "Proxy" in said:
            return "no page shows how netsh names a Kerberos proxy"
        if "Cert" not in said:
            return ""
        if set(said) - _OF_CERTIFICATES:
            return "no page shows the values that netsh has for more than an authority"
        return _unsayable_authority(str(said["Authority"]))

    def unsayable_traffic(self, ends: Parameters) -> str:
        """Return why a rule cannot be for some traffic."""
        said = dict(ends)
        if said["InterfaceType"] != "Any" and "LocalAddress" in said:
            return "a rule has types of interfaces or addresses of this machine, and not both ([MS-FASP])"
        return ""


def _unsayable_authority(name: str) -> str:
    if not _AUTHORITY.fullmatch(name):
        return "the file is ASCII, and the name of the authority is not"
    if any(each in name for each in _SEPARATORS):
        return "netsh takes a bar, a colon or a backslash in the name of an authority for its own"
    return "" if _COMMON_NAME.search(name) else "netsh wants CN= in the name of an authority"
