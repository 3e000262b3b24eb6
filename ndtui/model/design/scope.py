"""Scope: which traffic a rule is for."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from ndtui.model.design.addresses import Addresses
from ndtui.model.design.element import Element
from ndtui.model.design.families import reached
from ndtui.model.design.ip_protocol import Protocol
from ndtui.model.design.network_kinds import Interfaces, Profiles
from ndtui.model.design.ports import Ports
from ndtui.model.vocabulary.layers import FAMILIES, Family


class Scope(Element):
    """Traffic that matches all the fields that are set; without any, all unicast traffic.

    A service of this machine is its local port, in both directions of a connection; a service elsewhere is a remote
    port. ``either_port``: the service may be on either side, so that one of both ports is enough.
    """

    local_addresses: Addresses = ()
    remote_addresses: Addresses = ()
    protocol: Protocol = "any"
    local_ports: Ports = ()
    remote_ports: Ports = ()
    either_port: Annotated[bool, Field(strict=True)] = False
    profiles: Profiles = ()
    interfaces: Interfaces = ()

    def model_post_init(self, _context: object, /) -> None:
        """Refuse fields that do not fit together."""
        if (self.local_ports or self.remote_ports) and self.protocol not in ("tcp", "udp"):
            raise ValueError(f"ports belong to TCP or UDP, not to protocol {self.protocol}: set protocol to tcp or udp")
        if self.either_port and not (self.local_ports and self.remote_ports):
            raise ValueError("either_port needs local_ports and remote_ports, of which one has to fit: name both")
        if not self.reach(FAMILIES):
            raise ValueError("local_addresses and remote_addresses share no address family: it would match nothing")

    @property
    def is_everything(self) -> bool:
        """Whether it is all unicast traffic."""
        return not self.model_fields_set or self == Scope()

    def reach(self, families: Iterable[Family]) -> tuple[Family, ...]:
        """Return those of a design's address families that its addresses leave."""
        return reached(families, (), self.local_addresses, self.remote_addresses)
