"""Documents of objects for an engine to hold: complete and valid unless a test says otherwise, no key or name twice."""

from itertools import count
from typing import Any

from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document
from ndtui.model.vocabulary import guid_of

CONNECT_V4 = "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
CONNECT_V6 = "FWPM_LAYER_ALE_AUTH_CONNECT_V6"
ACCEPT_V4 = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"
INBOUND_V4 = "FWPM_LAYER_INBOUND_TRANSPORT_V4"
OUTBOUND_V4 = "FWPM_LAYER_OUTBOUND_TRANSPORT_V4"
IKEEXT_V4 = "FWPM_LAYER_IKEEXT_V4"
IKEEXT_V6 = "FWPM_LAYER_IKEEXT_V6"
IPSEC_V4 = "FWPM_LAYER_IPSEC_V4"
IPSEC_V6 = "FWPM_LAYER_IPSEC_V6"
UNIVERSAL = "FWPM_SUBLAYER_UNIVERSAL"

PERMIT = "FWP_ACTION_PERMIT"
BLOCK = "FWP_ACTION_BLOCK"
CALLOUT = "FWP_ACTION_CALLOUT_TERMINATING"
SECURE_INBOUND = "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4"

IKE_MM = "FWPM_IPSEC_IKE_MM_CONTEXT"
AUTHIP_MM = "FWPM_IPSEC_AUTHIP_MM_CONTEXT"
IKE_QM = "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"
AUTHIP_QM = "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"
MAIN_MODES = (IKE_MM, AUTHIP_MM)

HAS_CONTEXT = "FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"
ZERO = "{00000000-0000-0000-0000-000000000000}"

#: The flag that makes an object persistent, by its kind.
PERSISTENT = {
    "provider": "FWPM_PROVIDER_FLAG_PERSISTENT",
    "subLayer": "FWPM_SUBLAYER_FLAG_PERSISTENT",
    "providerContext": "FWPM_PROVIDER_CONTEXT_FLAG_PERSISTENT",
    "filter": "FWPM_FILTER_FLAG_PERSISTENT",
}

#: The member of a value that holds what is of a type.
VALUE_MEMBERS = {
    "FWP_UINT8": "uint8",
    "FWP_UINT16": "uint16",
    "FWP_UINT32": "uint32",
    "FWP_UINT64": "uint64",
    "FWP_BYTE_ARRAY16_TYPE": "byteArray16",
    "FWP_BYTE_BLOB_TYPE": "byteBlob",
    "FWP_SID": "sid",
    "FWP_SECURITY_DESCRIPTOR_TYPE": "sd",
    "FWP_V4_ADDR_MASK": "v4AddrMask",
    "FWP_V6_ADDR_MASK": "v6AddrMask",
    "FWP_RANGE_TYPE": "rangeValue",
}

_numbers = count(1)


def new_key() -> str:
    """Return a key that nothing has yet."""
    return f"{{c0de0000-0000-4000-8000-{next(_numbers):012x}}}"


def braced(name: str) -> str:
    """Return the GUID behind an SDK name as a key."""
    return f"{{{guid_of(name)}}}"


def key_of(kind: str, document: Document) -> str:
    """Return a document's own key."""
    return str(document[KEY_MEMBERS[kind]])  # type: ignore[index]


def without(document: Document, *members: str) -> Document:
    """Return a document that leaves out some of its members."""
    return {name: value for name, value in document.items() if name not in members}


def _named(kind: str, description: str = "") -> Document:
    return {"name": f"{kind} number {next(_numbers)}", "description": description}


def provider(**members: Any) -> Document:
    """Return a provider."""
    return {"providerKey": new_key(), "displayData": _named("provider"), "flags": [], **members}


def sublayer(**members: Any) -> Document:
    """Return a sublayer without a provider."""
    return {"subLayerKey": new_key(), "displayData": _named("sublayer"), "flags": [], "weight": 100, **members}


def a_filter(*conditions: Document, layer: str = CONNECT_V4, **members: Any) -> Document:
    """Return a filter of the default sublayer without a provider: it permits what its conditions say."""
    return {
        "filterKey": new_key(),
        "displayData": _named("filter"),
        "flags": [],
        "layerKey": layer,
        "subLayerKey": UNIVERSAL,
        "weight": {"type": "FWP_EMPTY"},
        "filterCondition": list(conditions),
        "action": {"type": PERMIT, "filterType": None},
        "rawContext": 0,
        **members,
    }


def callout_filter(callout: str | None = SECURE_INBOUND, layer: str = INBOUND_V4, **members: Any) -> Document:
    """Return a filter that hands everything at a layer to a callout."""
    return a_filter(layer=layer, **{"action": {"type": CALLOUT, "filterType": callout}, **members})


def policy_filter(context: str, layer: str = IKEEXT_V4, **members: Any) -> Document:
    """Return a filter that says which policy to negotiate with."""
    flags = [HAS_CONTEXT, *members.pop("flags", [])]
    document = a_filter(layer=layer, flags=flags, providerContextKey=context, **members)
    return without(document, "rawContext")


def kerberos() -> Document:
    """Return the authentication method that both keying modules have."""
    return method("IKEEXT_KERBEROS")


def method(name: str) -> Document:
    """Return an authentication method with what goes with it."""
    document: Document = {"authenticationMethodType": name}
    if name == "IKEEXT_PRESHARED_KEY":
        document["presharedKeyAuthentication"] = {"presharedKey": "env:NDTUI_CONTRACT_KEY"}
    if "CERTIFICATE" in name or "SSL" in name:
        member = "sslAuthentication" if "SSL" in name else "certificateAuthentication"
        config = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
        document[member] = {"inboundConfigType": config, "outboundConfigType": config, "flags": []}
    return document


def main_mode(*methods: Document, **members: Any) -> Document:
    """Return a main mode policy with some authentication methods, one proposal, and nothing unusual."""
    return {
        "softExpirationTime": 0,
        "authenticationMethods": list(methods),
        "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE",
        "ikeProposals": [ike_proposal()],
        "flags": [],
        "maxDynamicFilters": 0,
        **members,
    }


def ike_proposal(**members: Any) -> Document:
    """Return a proposal of main mode."""
    return {
        "cipherAlgorithm": {"algoIdentifier": "IKEEXT_CIPHER_AES_256", "keyLen": 0, "rounds": 0},
        "integrityAlgorithm": {"algoIdentifier": "IKEEXT_INTEGRITY_SHA_256"},
        "maxLifetimeSeconds": 28800,
        "dhGroup": "IKEEXT_DH_GROUP_14",
        "quickModeLimit": 0,
        **members,
    }


def quick_mode(**members: Any) -> Document:
    """Return a quick mode policy with one proposal: ESP with SHA-256, no encryption."""
    auth = {"authType": "IPSEC_AUTH_SHA_256", "authConfig": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}
    transform = {"ipsecTransformType": "IPSEC_TRANSFORM_ESP_AUTH", "espAuthTransform": {"authTransformId": auth}}
    lifetime = {"lifetimeSeconds": 3600, "lifetimeKilobytes": 100000, "lifetimePackets": 0x7FFFFFFF}
    return {
        "ipsecProposals": [{"lifetime": lifetime, "saTransforms": [transform], "pfsGroup": "IPSEC_PFS_NONE"}],
        "flags": ["IPSEC_POLICY_FLAG_ND_SECURE"],
        "ndAllowClearTimeoutSeconds": 10,
        "saIdleTimeout": {"idleTimeoutSeconds": 300, "idleTimeoutSecondsFailOver": 60},
        **members,
    }


def context(context_type: str = IKE_MM, policy: Document | None = None, **members: Any) -> Document:
    """Return a provider context without a provider; without a policy it has one that suits its type."""
    usual = main_mode(kerberos()) if context_type in MAIN_MODES else quick_mode()
    return {
        "providerContextKey": new_key(),
        "displayData": _named("context"),
        "flags": [],
        "type": context_type,
        POLICY_MEMBERS[context_type]: usual if policy is None else policy,
        **members,
    }


def of_kind(kind: str, **members: Any) -> Document:
    """Return an object of some kind."""
    makers = {"provider": provider, "subLayer": sublayer, "providerContext": context, "filter": a_filter}
    return makers[kind](**members)  # type: ignore[operator]


def value(data_type: str, content: Any) -> Document:
    """Return a value of a condition, or of a weight."""
    return {"type": data_type, VALUE_MEMBERS[data_type]: content}


def between(data_type: str, low: Any, high: Any) -> Document:
    """Return a range of values."""
    ends = {"valueLow": value(data_type, low), "valueHigh": value(data_type, high)}
    return value("FWP_RANGE_TYPE", ends)


def condition(field: str, match: str, content: Document) -> Document:
    """Return a condition; field and match type without the prefix all of them have."""
    return {"fieldKey": f"FWPM_CONDITION_{field}", "matchType": f"FWP_MATCH_{match}", "conditionValue": content}


def equal(field: str, data_type: str, content: Any) -> Document:
    """Return a condition that a field has just one value."""
    return condition(field, "EQUAL", value(data_type, content))


def port(number: int, field: str = "IP_REMOTE_PORT") -> Document:
    """Return a condition that a port has just one number."""
    return equal(field, "FWP_UINT16", number)


def protocol(number: int = 6) -> Document:
    """Return a condition on the IP protocol."""
    return equal("IP_PROTOCOL", "FWP_UINT8", number)


def v4_address(text: str = "10.0.0.1") -> Document:
    """Return a condition on a single remote address."""
    return equal("IP_REMOTE_ADDRESS", "FWP_UINT32", text)


def v4_network(address: str, mask: str) -> Document:
    """Return a condition that the remote address lies in a network."""
    return equal("IP_REMOTE_ADDRESS", "FWP_V4_ADDR_MASK", {"addr": address, "mask": mask})


def v6_network(address: str, prefix: int) -> Document:
    """Return a condition that the remote address lies in a network of IPv6."""
    return equal("IP_REMOTE_ADDRESS", "FWP_V6_ADDR_MASK", {"addr": address, "prefixLength": prefix})
