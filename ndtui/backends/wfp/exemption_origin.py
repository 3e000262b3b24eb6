"""Telling the exemptions that BFE adds for IKE and AuthIP from other filters: Windows does not say where they are from.

Source: https://learn.microsoft.com/windows/win32/fwp/ike-exemptions, which lists layers, ports and weight range. Their
provider is not documented: it is taken for none, or for the one that marks filters added by IKE and AuthIP.
"""

from typing import Any

from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN
from ndtui.model.compiled.documents import Document
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, stem_of

#: FWPM_PROVIDER_IKEEXT. Source: fwpmu.h of the Windows SDK.
_IKEEXT_PROVIDER = "{10ad9216-ccde-456c-8b16-e9f04e60a90b}"
_OWNERS = (None, _IKEEXT_PROVIDER, "FWPM_PROVIDER_IKEEXT")
_LAYERS = (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, ALE_AUTH_RECV_ACCEPT, "FWPM_LAYER_ALE_AUTH_CONNECT")
_WEIGHT = {"type": "FWP_UINT8", "uint8": number_of("FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS")}
_PORTS = (500, 4500)


def with_origin(document: Document) -> Document:
    """Return a filter as it was read, with the origin the emulated engine gives an exemption of BFE's if it is one."""
    return {**document, "origin": ORIGIN} if "origin" not in document and _is_exemption(document) else document


def _is_exemption(document: Document) -> bool:
    if document.get("providerKey") not in _OWNERS or document["weight"] != _WEIGHT:
        return False
    if document["action"]["type"] != "FWP_ACTION_PERMIT" or stem_of(document["layerKey"]) not in _LAYERS:
        return False
    equal: dict[str, Any] = {
        condition["fieldKey"]: condition["conditionValue"]
        for condition in document["filterCondition"]
        if condition["matchType"] == "FWP_MATCH_EQUAL"
    }
    udp = equal.get("FWPM_CONDITION_IP_PROTOCOL", {}).get("uint8") == number_of("IPPROTO_UDP")
    return udp and equal.get("FWPM_CONDITION_IP_LOCAL_PORT", {}).get("uint16") in _PORTS
