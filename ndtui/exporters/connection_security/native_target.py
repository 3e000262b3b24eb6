"""What a way out can say of Windows Firewall's objects, in which all ways out are told what a design becomes."""

from collections.abc import Sequence
from typing import ClassVar

from ndtui.exporters.connection_security.native_values import Parameters
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.model.design.windows_versions import WindowsVersion


class NativeTarget:
    """A way out that can say all that the NetSecurity cmdlets can; another one says what of it it cannot."""

    #: The first version of Windows that has it, and why.
    since: ClassVar[WindowsVersion] = "8"
    why_since: ClassVar[str] = "the NetSecurity cmdlets are there from Windows 8 on"
    #: Whether a rule names its keying modules; without that it has those that Windows takes by itself.
    has_key_modules: ClassVar[bool] = True
    #: Whether a rule may name several keying modules.
    has_several_key_modules: ClassVar[bool] = False
    #: Whether one end of an IPsec rule is this machine; otherwise Windows takes both ends either way round.
    has_sides: ClassVar[bool] = True
    #: Whether the addresses of rules may be multicast ones.
    has_multicast: ClassVar[bool] = True
    #: Addresses of one rule. Texts of rules have fewer than 10,000 characters ([MS-FASP] 2.2.55); whether a whole rule,
    #: which group policy keeps as one text, has a limit is not documented. A hundred of the longest addresses, on
    #: either side, stay below that.
    most_addresses: ClassVar[int] = 50

    def unsayable_key(self, kind: str) -> str:
        """Return why a pre-shared key cannot be taken from where it is, empty where it can."""
        return "" if kind == "env" else "a script takes the key from the environment: write env:NAME"

    def unsayable_main_mode(self, proposal: Parameters, first: Parameters) -> str:  # noqa: ARG002
        """Return why a proposal of main mode cannot be said beside the first that can; empty where it can."""
        return ""

    def lost_main_mode(self, said: NetObject, modules: Sequence[str]) -> str:  # noqa: ARG002
        """Return why a set of main mode, for keying modules, is left out as a whole; empty where it is not."""
        return ""

    def unsayable_method(self, proposal: Parameters) -> str:  # noqa: ARG002
        """Return why a proposal of authentication cannot be said; empty where it can."""
        return ""

    def unsayable_traffic(self, ends: Parameters) -> str:  # noqa: ARG002
        """Return why an IPsec rule cannot be for some traffic; empty where it can."""
        return ""


#: The cmdlets themselves.
NET_SECURITY = NativeTarget()
