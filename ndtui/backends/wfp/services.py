"""The Windows services that a policy cannot do without: which of them is not there to do its work, and what helps.

IKEEXT negotiates for IKE and AuthIP: without it filters hand traffic to IPsec, and nobody answers. BFE holds the
filters. Source: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
"""

from collections.abc import Iterator
from functools import partial

from ndtui.backends.contract.backend import Obstacle
from ndtui.backends.wfp.native import Native

_NEEDED = {
    "BFE": ("Base Filtering Engine", "no filter acts"),
    "IKEEXT": ("IKE and AuthIP keying modules", "nothing can be negotiated: what needs protection is blocked"),
}


def obstacles(native: Native) -> Iterator[Obstacle]:
    """Yield what is wrong with the services, one obstacle for each of them that does not run or will not."""
    for name, (title, without) in _NEEDED.items():
        found = native.services.look(name)
        if found is None:
            yield Obstacle(f"Windows does not say how the service {name} ({title}) stands", f"see sc.exe query {name}")
        elif not found.running or found.disabled:
            how = "is disabled" if found.disabled else "does not run"
            yield Obstacle(
                f"the service {name} ({title}) {how}: {without}",
                f"sc.exe config {name} start= auto, then sc.exe start {name}, in an elevated terminal",
                f"Have Windows start the service {name}, now and whenever it starts",
                partial(native.services.start, name),
            )
