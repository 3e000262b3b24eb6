"""What the registry values of group policy can say of Windows Firewall's objects.

Sources: [MS-GPFAS] for keys, values and tokens, [MS-FASP] for what rules and sets may hold.
"""

from collections.abc import Sequence
from typing import ClassVar

from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_values import Parameters
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.exporters.connection_security.usual_main_mode import is_usual_main_mode
from ndtui.model.design.windows_versions import WindowsVersion


class RegistryTarget(NativeTarget):
    """Group policy for Windows 8, Server 2012 and newer; ``main_mode``: whether sets of main mode are written too."""

    since: ClassVar[WindowsVersion] = "8"
    why_since: ClassVar[str] = "keying modules have tokens from schema 2.20 on, which Windows 8 is the first to have"
    has_several_key_modules: ClassVar[bool] = True
    has_sides: ClassVar[bool] = False
    has_multicast: ClassVar[bool] = False

    def __init__(self, *, main_mode: bool) -> None:
        self._main_mode = main_mode

    def unsayable_key(self, kind: str) -> str:  # noqa: ARG002
        """Return why a pre-shared key cannot be said: it never stands in a file."""
        return "the key would stand in the file in clear, and in the policy for every machine to read"

    def unsayable_main_mode(self, proposal: Parameters, first: Parameters) -> str:
        """Return why a proposal of main mode cannot be said; one set has one key exchange ([MS-FASP] 2.2.74)."""
        if not self._main_mode:
            return ""
        group = dict(proposal)["KeyExchange"]
        if group == "None":
            return "there is no token for main mode without a key exchange"
        return "" if group == dict(first)["KeyExchange"] else "a set has one key exchange, the first proposal's"

    def lost_main_mode(self, said: NetObject, modules: Sequence[str]) -> str:
        """Return why main mode is left out: unless it is wanted, what differs from what machines have by themselves."""
        if self._main_mode or is_usual_main_mode(said, modules):
            return ""
        return (
            "the name of its key has one source alone: --set main-mode=yes writes it; without that machines have their "
            "own, DH 2 with AES-128 or 3DES and SHA-1 unless changed"
        )

    def unsayable_method(self, proposal: Parameters) -> str:
        """Return why a proposal of authentication cannot be said."""
        said = dict(proposal)
        if "Proxy" in said:
            return "[MS-GPFAS] has a value for a Kerberos proxy, and [MS-FASP] allows Kerberos no flag"
        if any("|" in str(value) for value in said.values()):
            return "a bar has no place in its values ([MS-FASP])"
        if said.get("AuthorityType") == "Intermediate" and said.get("Signing") != "RSA":
            return "an intermediate authority and ECDSA each want a SkipVersion of their own ([MS-GPFAS] 2.2.4)"
        return ""

    def unsayable_traffic(self, ends: Parameters) -> str:
        """Return why an IPsec rule cannot be for some traffic."""
        said = dict(ends)
        if said["InterfaceType"] != "Any" and "LocalAddress" in said:
            return "a rule has types of interfaces or addresses of this machine, and not both ([MS-FASP])"
        return ""
