"""Engine layers: how ``netsh wfp show state`` describes the layers that filters of a design can be at.

Names, numbers and flags are those of the Windows builds of October 2024 and of 2026, which agree on them.
"""

from typing import NamedTuple

from ndtui.exporters.netsh_xml.xml_elements import Tree
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    IKEEXT,
    INBOUND_IPPACKET,
    INBOUND_TRANSPORT,
    IPSEC,
    OUTBOUND_IPPACKET,
    OUTBOUND_TRANSPORT,
    family_of,
    fields_of,
    stem_of,
)
from ndtui.model.vocabulary.sublayers import UNIVERSAL


class _Described(NamedTuple):
    """How Windows describes a layer: its name, its number in each family, and whether the kernel classifies at it."""

    name: str
    ids: tuple[int, int]
    flags: tuple[str, ...] = ("KERNEL", "BUILTIN", "CLASSIFY_MOSTLY")


_LAYERS = {
    INBOUND_IPPACKET: _Described("Inbound IP Packet", (0, 2)),
    OUTBOUND_IPPACKET: _Described("Outbound IP Packet", (4, 6)),
    INBOUND_TRANSPORT: _Described("Inbound Transport", (12, 14)),
    OUTBOUND_TRANSPORT: _Described("Outbound Transport", (16, 18)),
    "FWPM_LAYER_ALE_AUTH_LISTEN": _Described("ALE Listen", (40, 42)),
    ALE_AUTH_RECV_ACCEPT: _Described("ALE Receive/Accept", (44, 46)),
    ALE_AUTH_CONNECT: _Described("ALE Connect", (48, 50)),
    IPSEC: _Described("IPsec", (89, 90), ("BUILTIN",)),
    IKEEXT: _Described("IKE", (91, 92), ("BUILTIN", "CLASSIFY_MOSTLY")),
}

_KINDS = {"FWPM_CONDITION_FLAGS": "FLAGS", "FWPM_CONDITION_ALE_SIO_FIREWALL_SYSTEM_PORT": "FLAGS"}
_KINDS["FWPM_CONDITION_REAUTHORIZE_REASON"] = "FLAGS"
_KINDS |= dict.fromkeys(("FWPM_CONDITION_IP_LOCAL_ADDRESS", "FWPM_CONDITION_IP_REMOTE_ADDRESS"), "IP_ADDRESS")


def layer_id(layer: str) -> int:
    """Return the number by which netsh orders layers."""
    return _LAYERS[stem_of(layer)].ids[FAMILIES.index(family_of(layer))]


def layer_tree(layer: str) -> dict[str, Tree]:
    """Return a layer as netsh describes it, without its filters."""
    described = _LAYERS[stem_of(layer)]
    return {
        "layerKey": layer,
        "displayData": {"name": f"{described.name} {family_of(layer).lower()} Layer", "description": ""},
        "flags": [f"FWPM_LAYER_FLAG_{flag}" for flag in described.flags],
        "field": [
            {
                "fieldKey": field.name,
                "type": f"FWPM_FIELD_{_KINDS.get(field.name, 'RAW_DATA')}",
                "dataType": field.data_type,
            }
            for field in fields_of(layer).values()
        ],
        "defaultSubLayerKey": UNIVERSAL,
        "layerId": layer_id(layer),
    }
