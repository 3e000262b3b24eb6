"""Findings about a design as a policy of Windows Firewall: where defaults there say what the design does not."""

from collections.abc import Iterator
from typing import NamedTuple

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.connection_security.native_defaults import firewall_defaults, host_defaults
from ndtui.exporters.connection_security.native_negotiating import ONE_MODULE, negotiating
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_sides import sides
from ndtui.exporters.connection_security.native_stores import Store, stored
from ndtui.exporters.on_hosts.host_findings import OTHER_WAY_IN, host_findings
from ndtui.model.compiled.objects import FilterSet


class Installed(NamedTuple):
    """How rules come to a host by a way out, which decides which findings are true of it.

    ``or_else`` is what can be done, instead of an exemption, for who manages the host, ``one_module`` so that rules
    name the keying module that they are for. ``by_host`` is the option by which a setting of the host says exemptions;
    ``replaces``: that is all that the host leaves out then, whatever it left out before. ``has_sides``: what is written
    tells this machine from its peer, in words of which Windows may take no notice.
    """

    store: Store
    or_else: str = OTHER_WAY_IN
    one_module: str = ONE_MODULE
    by_host: str = ""
    replaces: bool = False
    has_sides: bool = False


def native_findings(filterset: FilterSet, policy: NativePolicy, installed: Installed) -> Iterator[Finding]:
    """Yield what has to be known of a policy of Windows Firewall that was made of a design."""
    yield from host_findings(filterset, installed.or_else)
    yield from firewall_defaults(policy)
    yield from negotiating(filterset.design, policy, installed.one_module)
    yield from host_defaults(filterset.design, policy, installed.by_host, replaces=installed.replaces)
    if installed.has_sides:
        yield from sides(filterset.design, policy)
    yield from stored(filterset.design, installed.store)
