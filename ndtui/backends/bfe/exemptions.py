"""The exemptions BFE adds by itself, so that IKE and AuthIP can negotiate while everything else must be protected.

They come with the first main mode filter and go with the last.
Source: https://learn.microsoft.com/windows/win32/fwp/ike-exemptions
The page leaves their sublayer open; they are put where IPsec's own filters are, into the universal one. ``local
system`` is written as a security descriptor that lets only that account match, as the firewall writes its own.
"""

from functools import cache
from uuid import uuid5

from ndtui.analysis.documents import Document, braces
from ndtui.backends.bfe.state import Draft
from ndtui.model.design import NAMESPACE
from ndtui.model.vocabulary.layers import FAMILIES, IKEEXT, INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, layer_name, stem_of
from ndtui.model.vocabulary.sublayers import UNIVERSAL

ORIGIN = "bfe:ike-exemption"
LOCAL_SYSTEM = "O:SYG:SYD:(A;;CCRC;;;SY)"

_PORTS = {"V4": (500, 4500), "V6": (500,)}
_ALE = ("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT", "FWPM_LAYER_ALE_AUTH_CONNECT")


@cache
def ike_exemptions() -> tuple[Document, ...]:
    """Return the twelve filters: UDP 500, and 4500 where there is address translation, at four layers per family."""
    return tuple(
        _exemption(layer_name(stem, family), port, local_system=stem in _ALE)
        for family in FAMILIES
        for stem in (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, *_ALE)
        for port in _PORTS[family]
    )


def _exemption(layer: str, port: int, *, local_system: bool) -> Document:
    conditions = [
        _equal("IP_PROTOCOL", {"type": "FWP_UINT8", "uint8": 17}),
        _equal("IP_LOCAL_PORT", {"type": "FWP_UINT16", "uint16": port}),
    ]
    if local_system:
        conditions.append(_equal("ALE_USER_ID", {"type": "FWP_SECURITY_DESCRIPTOR_TYPE", "sd": LOCAL_SYSTEM}))
    return {
        "filterKey": braces(uuid5(NAMESPACE, f"bfe:{layer}:{port}")),
        "displayData": {
            "name": f"IKE/AuthIP exemption, UDP {port}",
            "description": "Added by the Base Filtering Engine while there is main mode policy",
        },
        "flags": [],
        "providerKey": None,
        "layerKey": layer,
        "subLayerKey": UNIVERSAL,
        "weight": {"type": "FWP_UINT8", "uint8": 0xC},
        "filterCondition": conditions,
        "action": {"type": "FWP_ACTION_PERMIT", "filterType": None},
        "rawContext": 0,
        "origin": ORIGIN,
    }


def _equal(field: str, value: Document) -> Document:
    return {"fieldKey": f"FWPM_CONDITION_{field}", "matchType": "FWP_MATCH_EQUAL", "conditionValue": value}


def remove_exemptions(draft: Draft) -> None:
    """Take BFE's own exemptions away, unless there is main mode policy left."""
    filters = draft.objects["filter"]
    if not any(row.context and stem_of(row.layer) == IKEEXT for row in filters.values()):
        for document in ike_exemptions():
            if document["filterKey"] in filters:
                draft.remove(filters[document["filterKey"]])
