"""Layers of the filter engine: their identifiers, and the fields a filter there may have conditions on.

The field lists are those a running Base Filtering Engine reports (``netsh wfp show state``), identical for the
layers that matter here on the Windows builds of October 2024 and January 2026. BFE refuses a condition on any other
field with ``FWP_E_CONDITION_NOT_FOUND``.
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from ndtui.model.vocabulary.guids import LAYERS

Family = Literal["V4", "V6"]
FAMILIES: tuple[Family, ...] = ("V4", "V6")

IKEEXT = "FWPM_LAYER_IKEEXT"
IPSEC = "FWPM_LAYER_IPSEC"
INBOUND_TRANSPORT = "FWPM_LAYER_INBOUND_TRANSPORT"
OUTBOUND_TRANSPORT = "FWPM_LAYER_OUTBOUND_TRANSPORT"
ALE_AUTH_RECV_ACCEPT = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"
ALE_AUTH_CONNECT = "FWPM_LAYER_ALE_AUTH_CONNECT"
INBOUND_IPPACKET = "FWPM_LAYER_INBOUND_IPPACKET"
OUTBOUND_IPPACKET = "FWPM_LAYER_OUTBOUND_IPPACKET"
IPFORWARD = "FWPM_LAYER_IPFORWARD"

#: The layers at which the IPsec callouts decide, in the order an inbound, then an outbound connection meets them.
PROTECTED_LAYERS = (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT)


class Field(NamedTuple):
    """One field of a layer: its ``FWPM_CONDITION_*`` name, its ``FWP_*`` data type, and its width in bits."""

    name: str
    data_type: str
    bits: int


def family_of(layer: str) -> Family:
    """Return the address family a full layer name speaks for: ``FWPM_LAYER_IPSEC_V6`` is V6."""
    return "V6" if layer.endswith("_V6") else "V4"


def stem_of(layer: str) -> str:
    """Return a layer's name without its address family."""
    return layer[:-3] if layer.endswith(("_V4", "_V6")) else layer


def layer_name(stem: str, family: Family) -> str:
    """Return the full name of a layer: ``FWPM_LAYER_IPSEC`` and V6 give ``FWPM_LAYER_IPSEC_V6``."""
    return f"{stem}_{family}"


@cache
def fields_of(layer: str) -> Mapping[str, Field]:
    """Return the fields of a layer by name, in the layer's own order. An unknown layer is a ``KeyError``."""
    address = ("FWP_BYTE_ARRAY16_TYPE", 128) if family_of(layer) == "V6" else ("FWP_UINT32", 32)
    fields = {}
    for line in _FIELDS[stem_of(layer)]:
        name, kind = line.split()
        data_type, bits = address if kind == "IP_ADDRESS" else (f"FWP_{kind}", _BITS.get(kind, 0))
        fields[f"FWPM_CONDITION_{name}"] = Field(f"FWPM_CONDITION_{name}", data_type, bits)
    return fields


def layer_position(layer: str) -> int:
    """Return where a layer stands when filters are listed: keying policy first, then as packets meet them."""
    return _POSITIONS[layer]


_BITS = {"UINT8": 8, "UINT16": 16, "UINT32": 32, "UINT64": 64}

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "FWPM_LAYER_IKEEXT": (
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_LOCAL_INTERFACE UINT64",
        "CURRENT_PROFILE_ID UINT32",
        "IPSEC_SECURITY_REALM_ID BYTE_BLOB_TYPE",
    ),
    "FWPM_LAYER_IPSEC": (
        "IP_PROTOCOL UINT8",
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_LOCAL_PORT UINT16",
        "IP_REMOTE_PORT UINT16",
        "IP_LOCAL_INTERFACE UINT64",
        "CURRENT_PROFILE_ID UINT32",
        "IPSEC_SECURITY_REALM_ID BYTE_BLOB_TYPE",
    ),
    "FWPM_LAYER_INBOUND_TRANSPORT": (
        "IP_PROTOCOL UINT8",
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_LOCAL_PORT UINT16",
        "IP_REMOTE_PORT UINT16",
        "IP_LOCAL_INTERFACE UINT64",
        "INTERFACE_INDEX UINT32",
        "SUB_INTERFACE_INDEX UINT32",
        "FLAGS UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "CURRENT_PROFILE_ID UINT32",
        "IPSEC_SECURITY_REALM_ID BYTE_BLOB_TYPE",
        "COMPARTMENT_ID UINT32",
    ),
    "FWPM_LAYER_OUTBOUND_TRANSPORT": (
        "IP_PROTOCOL UINT8",
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_LOCAL_PORT UINT16",
        "IP_REMOTE_PORT UINT16",
        "IP_LOCAL_INTERFACE UINT64",
        "INTERFACE_INDEX UINT32",
        "SUB_INTERFACE_INDEX UINT32",
        "IP_DESTINATION_ADDRESS_TYPE UINT8",
        "FLAGS UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "CURRENT_PROFILE_ID UINT32",
        "IPSEC_SECURITY_REALM_ID BYTE_BLOB_TYPE",
        "COMPARTMENT_ID UINT32",
    ),
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT": (
        "ALE_APP_ID BYTE_BLOB_TYPE",
        "ALE_USER_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_LOCAL_PORT UINT16",
        "IP_PROTOCOL UINT8",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_REMOTE_PORT UINT16",
        "ALE_REMOTE_USER_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "ALE_REMOTE_MACHINE_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "IP_LOCAL_INTERFACE UINT64",
        "FLAGS UINT32",
        "ALE_SIO_FIREWALL_SYSTEM_PORT UINT32",
        "ALE_NAP_CONTEXT UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "INTERFACE_INDEX UINT32",
        "SUB_INTERFACE_INDEX UINT32",
        "IP_ARRIVAL_INTERFACE UINT64",
        "ARRIVAL_INTERFACE_TYPE UINT32",
        "ARRIVAL_TUNNEL_TYPE UINT32",
        "ARRIVAL_INTERFACE_INDEX UINT32",
        "NEXTHOP_SUB_INTERFACE_INDEX UINT32",
        "IP_NEXTHOP_INTERFACE UINT64",
        "NEXTHOP_INTERFACE_TYPE UINT32",
        "NEXTHOP_TUNNEL_TYPE UINT32",
        "NEXTHOP_INTERFACE_INDEX UINT32",
        "ORIGINAL_PROFILE_ID UINT32",
        "CURRENT_PROFILE_ID UINT32",
        "REAUTHORIZE_REASON UINT32",
        "ORIGINAL_ICMP_TYPE UINT16",
        "INTERFACE_QUARANTINE_EPOCH UINT64",
        "ALE_PACKAGE_ID SID",
        "ALE_SECURITY_ATTRIBUTE_FQBN_VALUE BYTE_BLOB_TYPE",
        "COMPARTMENT_ID UINT32",
        "RESERVED0 BYTE_BLOB_TYPE",
        "RESERVED1 BYTE_BLOB_TYPE",
        "RESERVED2 BYTE_BLOB_TYPE",
        "RESERVED3 BYTE_BLOB_TYPE",
        "ALE_PACKAGE_FAMILY_NAME TOKEN_ACCESS_INFORMATION_TYPE",
    ),
    "FWPM_LAYER_ALE_AUTH_CONNECT": (
        "ALE_APP_ID BYTE_BLOB_TYPE",
        "ALE_USER_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_LOCAL_PORT UINT16",
        "IP_PROTOCOL UINT8",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_REMOTE_PORT UINT16",
        "ALE_REMOTE_USER_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "ALE_REMOTE_MACHINE_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "IP_DESTINATION_ADDRESS_TYPE UINT8",
        "IP_LOCAL_INTERFACE UINT64",
        "FLAGS UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "INTERFACE_INDEX UINT32",
        "SUB_INTERFACE_INDEX UINT32",
        "IP_ARRIVAL_INTERFACE UINT64",
        "ARRIVAL_INTERFACE_TYPE UINT32",
        "ARRIVAL_TUNNEL_TYPE UINT32",
        "ARRIVAL_INTERFACE_INDEX UINT32",
        "NEXTHOP_SUB_INTERFACE_INDEX UINT32",
        "IP_NEXTHOP_INTERFACE UINT64",
        "NEXTHOP_INTERFACE_TYPE UINT32",
        "NEXTHOP_TUNNEL_TYPE UINT32",
        "NEXTHOP_INTERFACE_INDEX UINT32",
        "ORIGINAL_PROFILE_ID UINT32",
        "CURRENT_PROFILE_ID UINT32",
        "REAUTHORIZE_REASON UINT32",
        "PEER_NAME BYTE_BLOB_TYPE",
        "ORIGINAL_ICMP_TYPE UINT16",
        "INTERFACE_QUARANTINE_EPOCH UINT64",
        "ALE_ORIGINAL_APP_ID BYTE_BLOB_TYPE",
        "ALE_PACKAGE_ID SID",
        "ALE_SECURITY_ATTRIBUTE_FQBN_VALUE BYTE_BLOB_TYPE",
        "ALE_EFFECTIVE_NAME BYTE_BLOB_TYPE",
        "COMPARTMENT_ID UINT32",
        "RESERVED0 BYTE_BLOB_TYPE",
        "RESERVED1 BYTE_BLOB_TYPE",
        "RESERVED2 BYTE_BLOB_TYPE",
        "RESERVED3 BYTE_BLOB_TYPE",
        "ALE_PACKAGE_FAMILY_NAME TOKEN_ACCESS_INFORMATION_TYPE",
    ),
    "FWPM_LAYER_ALE_AUTH_LISTEN": (
        "ALE_APP_ID BYTE_BLOB_TYPE",
        "ALE_USER_ID TOKEN_ACCESS_INFORMATION_TYPE",
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_LOCAL_PORT UINT16",
        "IP_LOCAL_INTERFACE UINT64",
        "FLAGS UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "LOCAL_INTERFACE_PROFILE_ID UINT32",
        "ALE_SIO_FIREWALL_SYSTEM_PORT UINT32",
        "ALE_PACKAGE_ID SID",
        "ALE_SECURITY_ATTRIBUTE_FQBN_VALUE BYTE_BLOB_TYPE",
        "COMPARTMENT_ID UINT32",
        "ALE_PACKAGE_FAMILY_NAME TOKEN_ACCESS_INFORMATION_TYPE",
    ),
    "FWPM_LAYER_INBOUND_IPPACKET": (
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_LOCAL_INTERFACE UINT64",
        "INTERFACE_INDEX UINT32",
        "SUB_INTERFACE_INDEX UINT32",
        "FLAGS UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "COMPARTMENT_ID UINT32",
    ),
    "FWPM_LAYER_OUTBOUND_IPPACKET": (
        "IP_LOCAL_ADDRESS IP_ADDRESS",
        "IP_LOCAL_ADDRESS_TYPE UINT8",
        "IP_REMOTE_ADDRESS IP_ADDRESS",
        "IP_LOCAL_INTERFACE UINT64",
        "INTERFACE_INDEX UINT32",
        "SUB_INTERFACE_INDEX UINT32",
        "FLAGS UINT32",
        "INTERFACE_TYPE UINT32",
        "TUNNEL_TYPE UINT32",
        "COMPARTMENT_ID UINT32",
    ),
}

#: Layers an exemption may name, without their family.
LAYER_STEMS: tuple[str, ...] = tuple(_FIELDS)

_POSITIONS: Mapping[str, int] = {name: position for position, name in enumerate(LAYERS)}
