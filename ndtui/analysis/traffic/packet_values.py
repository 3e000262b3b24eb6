"""What a packet has in the fields that filters ask for, and what is taken for granted where it says nothing.

A packet that does not say is taken to be on a domain network and a LAN, of a peer who may connect, and of a program
that no filter names.
"""

from collections.abc import Mapping
from functools import cache

from ndtui.analysis.traffic.packet import Packet, type_of_destination
from ndtui.analysis.traffic.packet_grammar import LOCAL_TYPES
from ndtui.model.design.access_check import Token
from ndtui.model.design.access_list import IDENTITY_FIELDS, MACHINE, USER
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.design.program_path import program_number
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES, InterfaceType, Profile


def field_values(packet: Packet) -> dict[str, int | Token]:
    """Return what the packet has in each ``FWPM_CONDITION_*`` field, at whichever layer; what it lacks is left out.

    In WFP the type and code of ICMP stand in the fields of the ports; the ALE layers have the type in a field of
    their own too. A field that is not here is not known of a packet: the account, and who its peer is, the network and
    the program where nothing is said of them.
    """
    values: dict[str, int | None] = {
        "IP_PROTOCOL": packet.protocol,
        "IP_LOCAL_ADDRESS": packet.local_address,
        "IP_REMOTE_ADDRESS": packet.remote_address,
        "IP_LOCAL_ADDRESS_TYPE": LOCAL_TYPES[packet.local_type],
        "IP_LOCAL_PORT": packet.local_port if packet.icmp_type is None else packet.icmp_type,
        "IP_REMOTE_PORT": packet.remote_port if packet.icmp_type is None else packet.icmp_code,
        "ORIGINAL_ICMP_TYPE": packet.icmp_type,
        "CURRENT_PROFILE_ID": None if packet.profile is None else PROFILES[packet.profile],
        "INTERFACE_TYPE": _interface_number(packet.interface),
        "ALE_APP_ID": program_number(packet.program) if packet.program else None,
    }
    if packet.direction == "out":
        values["IP_DESTINATION_ADDRESS_TYPE"] = LOCAL_TYPES[type_of_destination(packet.family, packet.remote_address)]
    known = {f"FWPM_CONDITION_{name}": value for name, value in values.items() if value is not None}
    return {**known, **packet.identities}


def _interface_number(interface: InterfaceType | int | None) -> int | None:
    return INTERFACES[interface] if isinstance(interface, str) else interface


def network_numbers(packet: Packet) -> tuple[int, int]:
    """Return the network profile and the type of interface, or what is taken for granted where nothing is said."""
    interface = _interface_number(packet.interface)
    return PROFILES[packet.profile or USUAL_PROFILE], INTERFACES[USUAL_INTERFACE] if interface is None else interface


def program_number_of(packet: Packet) -> int:
    """Return the number that stands for the program of a packet; 0 where nothing is said of it."""
    return program_number(packet.program) if packet.program else 0


PROFILE = "FWPM_CONDITION_CURRENT_PROFILE_ID"
INTERFACE = "FWPM_CONDITION_INTERFACE_TYPE"
USUAL_PROFILE: Profile = "domain"
USUAL_INTERFACE: InterfaceType = "lan"
#: What is taken for granted of a packet of which it is not said: an access list has the number 0, which who may connect
#: meets.
_TAKEN = {
    PROFILE: PROFILES[USUAL_PROFILE],
    INTERFACE: INTERFACES[USUAL_INTERFACE],
    PROGRAM: 0,
    **dict.fromkeys(IDENTITY_FIELDS, 0),
}
FLAGS = "FWPM_CONDITION_FLAGS"
_LOOPBACK = 0x1  # FWP_CONDITION_FLAG_IS_LOOPBACK
_REFUSED = dict.fromkeys(IDENTITY_FIELDS, 1)


def taken_values(packet: Packet) -> dict[str, int | Token]:
    """Return the values of a packet, with what is taken for granted where it says nothing."""
    values: dict[str, int | Token] = {**_TAKEN, FLAGS: _LOOPBACK if packet.loopback else 0, **field_values(packet)}
    if packet.unauthorized:
        values.update(_REFUSED)
    return values


def taken_for_granted(packet: Packet) -> Mapping[str, str]:
    """Return what is taken for granted of a packet, in words, by the field that may be asked for."""
    unsaid = () if packet.unauthorized else tuple(field for field in IDENTITY_FIELDS if field not in packet.identities)
    return _taken(packet.profile is not None, packet.interface is not None, unsaid, bool(packet.program))


@cache
def _taken(profile: bool, interface: bool, who: tuple[str, ...], program: bool) -> Mapping[str, str]:
    found = {} if profile else {PROFILE: f"in the {USUAL_PROFILE} profile"}
    if not interface:
        found[INTERFACE] = f"on a {USUAL_INTERFACE.upper()}"
    if not program:
        found[PROGRAM] = "of no program that is named"
    peer = "peer" if len(who) == len(IDENTITY_FIELDS) else {MACHINE: "machine", USER: "user"}.get("".join(who), "")
    return found | dict.fromkeys(who, f"from a {peer} who may connect")
