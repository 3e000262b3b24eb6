"""Telling the exemptions that BFE adds for IKE and AuthIP from other filters: Windows does not mark them.

``model.compiled.ike_exemptions`` has their layers, ports and weight. Their provider is not documented: it is assumed to
be none, or the one that marks filters added by IKE and AuthIP.
"""

from ndtui.backends.bfe.rules.builtin_exemptions import ORIGIN
from ndtui.model.compiled.document_types import FilterDocument
from ndtui.model.compiled.documents import weight_document
from ndtui.model.compiled.filter_values import EXEMPT, PERMIT
from ndtui.model.compiled.ike_exemptions import ike_exemptions
from ndtui.model.vocabulary import number_of
from ndtui.model.vocabulary.layers import stem_of

#: FWPM_PROVIDER_IKEEXT. Source: fwpmu.h of the Windows SDK.
_IKEEXT_PROVIDER = "{10ad9216-ccde-456c-8b16-e9f04e60a90b}"
_OWNERS = (None, _IKEEXT_PROVIDER, "FWPM_PROVIDER_IKEEXT")
_LAYERS = frozenset(stem_of(each.layer) for each in ike_exemptions())
_PORTS = frozenset(each.port for each in ike_exemptions())
_WEIGHT = weight_document(EXEMPT)


def with_origin(document: FilterDocument) -> FilterDocument:
    """Return a filter as it was read, with the origin the emulated engine gives an exemption of BFE's if it is one."""
    return {**document, "origin": ORIGIN} if "origin" not in document and _is_exemption(document) else document


def _is_exemption(document: FilterDocument) -> bool:
    if document.get("providerKey") not in _OWNERS or document["weight"] != _WEIGHT:
        return False
    if document["action"]["type"] != PERMIT or stem_of(document["layerKey"]) not in _LAYERS:
        return False
    equal = {
        condition["fieldKey"]: condition["conditionValue"]
        for condition in document["filterCondition"]
        if condition["matchType"] == "FWP_MATCH_EQUAL"
    }
    protocol, port = equal.get("FWPM_CONDITION_IP_PROTOCOL"), equal.get("FWPM_CONDITION_IP_LOCAL_PORT")
    if protocol is None or port is None:
        return False
    return protocol.get("uint8") == number_of("IPPROTO_UDP") and port.get("uint16") in _PORTS
