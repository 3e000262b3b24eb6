"""Conditions: what a design says of traffic, as a filter of one address family asks for it."""

from collections.abc import Iterator
from functools import cache
from typing import Protocol

from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.ip_protocol import ProtocolName, protocol_number
from ndtui.model.design.ports import PortRange
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import program_number
from ndtui.model.vocabulary.layers import Family
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES, InterfaceType, Profile

UNICAST = Condition("FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE", "FWP_MATCH_EQUAL", Value("FWP_UINT8", 1, 1))


class Traffic(Protocol):
    """What exemptions and scopes say alike; empty: any."""

    @property
    def protocol(self) -> ProtocolName | int:
        """The protocol."""

    @property
    def local_addresses(self) -> tuple[AddressRange, ...]:
        """Addresses of this host."""

    @property
    def remote_addresses(self) -> tuple[AddressRange, ...]:
        """Addresses of the peer."""

    @property
    def local_ports(self) -> tuple[PortRange, ...]:
        """Ports of this host."""

    @property
    def remote_ports(self) -> tuple[PortRange, ...]:
        """Ports of the peer."""


def traffic_conditions(traffic: Traffic, family: Family) -> Iterator[Condition]:
    """Yield the conditions on protocol, addresses and ports; those on one field stand next to each other."""
    protocol = protocol_number(traffic.protocol, family)
    if protocol is not None:
        yield equals("FWPM_CONDITION_IP_PROTOCOL", "FWP_UINT8", protocol)
    if traffic.local_addresses or traffic.remote_addresses:
        for field, addresses in (
            ("FWPM_CONDITION_IP_LOCAL_ADDRESS", traffic.local_addresses),
            ("FWPM_CONDITION_IP_REMOTE_ADDRESS", traffic.remote_addresses),
        ):
            for address in addresses:
                if address.family == family:
                    yield address_condition(field, address)
    for port in traffic.local_ports:
        yield port_condition("FWPM_CONDITION_IP_LOCAL_PORT", port)
    for port in traffic.remote_ports:
        yield port_condition("FWPM_CONDITION_IP_REMOTE_PORT", port)


class OfNetworks(Protocol):
    """What exemptions and scopes say of networks alike; empty: any."""

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Network profiles."""

    @property
    def interfaces(self) -> tuple[InterfaceType, ...]:
        """Types of interfaces."""


def network_conditions(traffic: OfNetworks) -> Iterator[Condition]:
    """Yield the conditions on network profile and type of interface; those on one field stand next to each other."""
    for profile in traffic.profiles:
        yield equals("FWPM_CONDITION_CURRENT_PROFILE_ID", "FWP_UINT32", PROFILES[profile])
    for interface in traffic.interfaces:
        yield equals("FWPM_CONDITION_INTERFACE_TYPE", "FWP_UINT32", INTERFACES[interface])


def program_value(text: str) -> Value:
    """Return the value of a condition on a program: the number that stands for it, and its path as the element."""
    number = program_number(text)
    return Value("FWP_BYTE_BLOB_TYPE", number, number, text)


@cache
def program_condition(path: str) -> Condition:
    """Return the condition that traffic is of a program."""
    return Condition(PROGRAM, "FWP_MATCH_EQUAL", program_value(path))


@cache
def equals(field: str, data_type: str, number: int) -> Condition:
    """Return the condition that a field has a number."""
    return Condition(field, "FWP_MATCH_EQUAL", Value(data_type, number, number))


@cache
def port_condition(field: str, port: PortRange) -> Condition:
    """Return the condition that a field has one of some ports."""
    if port.low == port.high:
        return equals(field, "FWP_UINT16", port.low)
    return Condition(field, "FWP_MATCH_RANGE", Value("FWP_RANGE_TYPE", port.low, port.high, "FWP_UINT16"))


def address_condition(field: str, address: AddressRange) -> Condition:
    """Return the condition that a field has one of some addresses."""
    family, low, high, prefix = address
    element = "FWP_UINT32" if family == "V4" else "FWP_BYTE_ARRAY16_TYPE"
    if low == high:
        return Condition(field, "FWP_MATCH_EQUAL", Value(element, low, high))
    if prefix is None:
        return Condition(field, "FWP_MATCH_RANGE", Value("FWP_RANGE_TYPE", low, high, element))
    return Condition(field, "FWP_MATCH_EQUAL", Value(f"FWP_{family}_ADDR_MASK", low, high))
