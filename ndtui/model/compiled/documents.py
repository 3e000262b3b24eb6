"""Objects as documents: the JSON that mirrors ``netsh wfp show filters`` and ``show state``.

Element names and constant spellings are Windows' own; ``origin``, the design element that made the object, stands
beside them. Known GUIDs appear by name, own ones in braces. Numbers are JSON numbers, up to 64 bits.
``document_types`` has the shapes.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from ndtui.common.counted import counted
from ndtui.model.compiled.document_names import braces
from ndtui.model.compiled.document_types import (
    ActionDocument,
    AuthenticationDocument,
    AuthTransformDocument,
    CertificateDocument,
    CipherTransformDocument,
    ConditionDocument,
    DisplayData,
    ExtendedModeDocument,
    FilterDocument,
    MainModeDocument,
    ObjectLists,
    ProviderContextDocument,
    ProviderDocument,
    QuickModeDocument,
    QuickModeProposalDocument,
    SubLayerDocument,
    TransformDocument,
    ValueDocument,
    WeightDocument,
)
from ndtui.model.compiled.objects import (
    Condition,
    Filter,
    FilterSet,
    MainModePolicy,
    Provider,
    ProviderContext,
    QuickModePolicy,
    Slot,
    SubLayer,
    Value,
    Weight,
)
from ndtui.model.compiled.origin import Origin
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.addresses import format_address
from ndtui.model.design.ipsec_policy import (
    EXPLICIT_TRUST_LIST,
    AuthenticationMethod,
    ExtendedMode,
    QuickModeProposal,
    Transform,
)
from ndtui.model.vocabulary.layers import Family

#: The name of a context's policy by its type.
POLICY_MEMBERS = {
    "FWPM_IPSEC_IKE_MM_CONTEXT": "ikeMmPolicy",
    "FWPM_IPSEC_AUTHIP_MM_CONTEXT": "authIpMmPolicy",
    "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT": "ikeQmTransportPolicy",
    "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT": "authIpQmTransportPolicy",
}

#: The member of a value that holds a number, by its type.
NUMBER_MEMBERS = {"FWP_UINT8": "uint8", "FWP_UINT16": "uint16", "FWP_UINT32": "uint32", "FWP_UINT64": "uint64"}
_ADDRESS_MEMBERS: dict[str, tuple[str, Family]] = {
    "FWP_UINT32": ("uint32", "V4"),
    "FWP_BYTE_ARRAY16_TYPE": ("byteArray16", "V6"),
}


def filter_document(each: Filter) -> FilterDocument:
    """Return a filter as ``netsh wfp show filters`` lists it, with its modelled effective weight."""
    return next(filter_documents((each,)))


def filter_documents(filters: Sequence[Filter]) -> Iterator[FilterDocument]:
    """Return the document of each filter, as ``filter_document`` has it.

    What filters share, the action of a layer or the conditions of an exemption, their documents share too, which takes
    half the memory. So what stands in a document is not to be changed.
    """
    slots: dict[int, _OfSlot] = {}
    conditions: dict[int, list[ConditionDocument]] = {}
    displays: dict[tuple[str, str, str, Origin], DisplayData] = {}
    weights: dict[int, ValueDocument] = {}
    for each in counted(filters):
        slot = each.slot
        shared = slots.get(id(slot)) or slots.setdefault(id(slot), _of_slot(slot))
        name = (slot.policy, slot.role, slot.label, each.origin)
        if name not in displays:
            displays[name] = {"name": each.name, "description": describe(each)}
        if id(each.conditions) not in conditions:
            conditions[id(each.conditions)] = [condition_document(c) for c in each.conditions]
        weight = effective_weight(each).value
        if weight not in weights:
            weights[weight] = {"type": "FWP_UINT64", "uint64": weight}
        document: FilterDocument = {
            "filterKey": braces(each.key),
            "displayData": displays[name],
            "flags": shared.flags,
            "providerKey": shared.provider,
            "layerKey": slot.layer,
            "subLayerKey": slot.sublayer,
            "weight": shared.weight,
            "filterCondition": conditions[id(each.conditions)],
            "action": shared.action,
            "effectiveWeight": weights[weight],
            "origin": str(each.origin),
        }
        if shared.context is None:
            document["rawContext"] = slot.raw_context
        else:
            document["providerContextKey"] = shared.context
        yield document


class _OfSlot(NamedTuple):
    """What the documents of all filters of a slot have in common."""

    flags: list[str]
    provider: str
    weight: WeightDocument
    action: ActionDocument
    context: str | None


def _of_slot(slot: Slot) -> _OfSlot:
    return _OfSlot(
        list(slot.flags),
        braces(slot.provider),
        weight_document(slot.weight),
        {"type": slot.action, "filterType": slot.callout or None},
        None if slot.context is None else braces(slot.context),
    )


def weight_document(weight: Weight) -> WeightDocument:
    """Return the weight that a filter is submitted with."""
    if weight.value is None:
        return {"type": weight.type}
    if weight.type == "FWP_UINT8":
        return {"type": weight.type, "uint8": weight.value}
    return {"type": weight.type, "uint64": weight.value}


def describe(each: Filter) -> str:
    """Return the description a filter carries: what it does, for whoever finds it on a machine."""
    if each.slot.role == "exemption":
        return "Traffic left out of IPsec"
    if each.slot.role == "policy":
        return "Policy that IPsec negotiates with"
    if each.slot.role == "block":
        return "Blocks whoever may not connect"
    return "Hands unicast traffic to IPsec"


@lru_cache(maxsize=8192)
def condition_document(condition: Condition) -> ConditionDocument:
    """Return a condition as netsh prints it. Filters share it, so it is not to be changed."""
    return {
        "fieldKey": condition.field,
        "matchType": condition.match,
        "conditionValue": value_document(condition.value, address=condition.field.endswith("_ADDRESS")),
    }


def value_document(value: Value, *, address: bool = True) -> ValueDocument:
    """Return a value under the name of its union member, addresses as text.

    ``address`` says that a number of 32 bits is an IPv4 address.
    """
    if value.type == "FWP_RANGE_TYPE":
        low, high = (_single(value.element, number, address=address) for number in (value.low, value.high))
        return {"type": value.type, "rangeValue": {"valueLow": low, "valueHigh": high}}
    if value.type == "FWP_V4_ADDR_MASK":
        mask = format_address("V4", 0xFFFFFFFF ^ (value.high - value.low))
        return {"type": value.type, "v4AddrMask": {"addr": format_address("V4", value.low), "mask": mask}}
    if value.type == "FWP_V6_ADDR_MASK":
        prefix = 128 - (value.high - value.low).bit_length()
        return {"type": value.type, "v6AddrMask": {"addr": format_address("V6", value.low), "prefixLength": prefix}}
    if value.type == "FWP_SECURITY_DESCRIPTOR_TYPE":
        return {"type": value.type, "sd": value.element}
    return _single(value.type, value.low, address=address)


def _single(data_type: str, number: int, *, address: bool) -> ValueDocument:
    if data_type in _ADDRESS_MEMBERS and (address or data_type != "FWP_UINT32"):
        member, family = _ADDRESS_MEMBERS[data_type]
        return cast("ValueDocument", {"type": data_type, member: format_address(family, number)})
    return cast("ValueDocument", {"type": data_type, NUMBER_MEMBERS[data_type]: number})


def provider_document(provider: Provider) -> ProviderDocument:
    """Return the provider as ``netsh wfp show state`` lists it."""
    return {
        "providerKey": braces(provider.key),
        "displayData": {"name": provider.name, "description": provider.description},
        "flags": list(provider.flags),
    }


def sublayer_document(sublayer: SubLayer) -> SubLayerDocument:
    """Return a sublayer of our own as ``netsh wfp show state`` lists it."""
    return {
        "subLayerKey": braces(sublayer.key),
        "displayData": {"name": sublayer.name, "description": "Sublayer of an IPsec policy designed with ndtui"},
        "flags": list(sublayer.flags),
        "providerKey": braces(sublayer.provider),
        "weight": sublayer.weight,
        "origin": str(sublayer.origin),
    }


def context_document(context: ProviderContext) -> ProviderContextDocument:
    """Return a provider context with its whole policy as ``netsh wfp show state`` lists it."""
    policy = context.policy
    tree = _main_mode(policy) if isinstance(policy, MainModePolicy) else _quick_mode(policy)
    document = {
        "providerContextKey": braces(context.key),
        "displayData": {"name": context.name, "description": ""},
        "flags": list(context.flags),
        "providerKey": braces(context.provider),
        "type": context.type,
        POLICY_MEMBERS[context.type]: tree,
        "origin": str(context.origin),
    }
    return cast("ProviderContextDocument", document)


def _main_mode(policy: MainModePolicy) -> MainModeDocument:
    return {
        "softExpirationTime": 0,
        "authenticationMethods": [_authentication(m) for m in policy.authentication],
        "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE",
        "ikeProposals": [
            {
                "cipherAlgorithm": {"algoIdentifier": p.cipher, "keyLen": 0, "rounds": 0},
                "integrityAlgorithm": {"algoIdentifier": p.integrity},
                "maxLifetimeSeconds": p.lifetime_seconds,
                "dhGroup": p.dh_group,
                "quickModeLimit": p.quick_mode_limit,
            }
            for p in policy.proposals
        ],
        "flags": [],
        "maxDynamicFilters": 0,
    }


def _authentication(method: AuthenticationMethod) -> AuthenticationDocument:
    document: AuthenticationDocument = {"authenticationMethodType": method.method}
    if method.key is not None:
        document["presharedKeyAuthentication"] = {"presharedKey": method.key}
    if method.inbound is not None:
        if "SSL" in method.method:
            document["sslAuthentication"] = _certificate(method)
        else:
            document["certificateAuthentication"] = _certificate(method)
    return document


def _certificate(method: AuthenticationMethod) -> CertificateDocument:
    document: dict[str, object] = {}
    for side, config in (("inbound", method.inbound), ("outbound", method.outbound)):
        document[f"{side}ConfigType"] = config
        if config == EXPLICIT_TRUST_LIST:
            document[f"{side}RootArray"] = list(method.roots)
    document["flags"] = list(method.flags)
    return cast("CertificateDocument", document)


def _quick_mode(policy: QuickModePolicy) -> QuickModeDocument:
    quick = policy.quick_mode
    document: QuickModeDocument = {
        "ipsecProposals": [_proposal(p) for p in quick.proposals],
        "flags": list(policy.flags),
        "ndAllowClearTimeoutSeconds": quick.nd_allow_clear_timeout_seconds,
        "saIdleTimeout": {
            "idleTimeoutSeconds": quick.idle_timeout_seconds,
            "idleTimeoutSecondsFailOver": quick.idle_timeout_failover_seconds,
        },
    }
    if policy.extended_mode is not None:
        document["emPolicy"] = _extended_mode(policy.extended_mode)
    return document


def _extended_mode(policy: ExtendedMode) -> ExtendedModeDocument:
    return {
        "authenticationMethods": [_authentication(m) for m in policy.authentication],
        "initiatorImpersonationType": policy.impersonation,
    }


def _proposal(proposal: QuickModeProposal) -> QuickModeProposalDocument:
    return {
        "lifetime": {
            "lifetimeSeconds": proposal.lifetime_seconds,
            "lifetimeKilobytes": proposal.lifetime_kilobytes,
            "lifetimePackets": proposal.lifetime_packets,
        },
        "saTransforms": [_transform(t) for t in proposal.transforms],
        "pfsGroup": proposal.pfs_group,
    }


def _transform(transform: Transform) -> TransformDocument:
    auth: AuthTransformDocument = {
        "authTransformId": {"authType": auth_type(transform.auth), "authConfig": transform.auth}
    }
    cipher: CipherTransformDocument = {
        "cipherTransformId": {"cipherType": cipher_type(transform.cipher), "cipherConfig": transform.cipher}
    }
    if transform.type == "IPSEC_TRANSFORM_AH":
        return {"ipsecTransformType": transform.type, "ahTransform": auth}
    if transform.type == "IPSEC_TRANSFORM_ESP_AUTH":
        return {"ipsecTransformType": transform.type, "espAuthTransform": auth}
    if transform.type == "IPSEC_TRANSFORM_ESP_CIPHER":
        return {"ipsecTransformType": transform.type, "espCipherTransform": cipher}
    return {
        "ipsecTransformType": transform.type,
        "espAuthAndCipherTransform": {"authTransform": auth, "cipherTransform": cipher},
    }


def auth_type(config: str | None) -> str:
    """Return the IPSEC_AUTH_TYPE that goes with an IPSEC_AUTH_CONFIG. Source: the IPSEC_AUTH_TRANSFORM_ID_* macros."""
    return {
        "IPSEC_AUTH_CONFIG_HMAC_MD5_96": "IPSEC_AUTH_MD5",
        "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96": "IPSEC_AUTH_SHA_1",
        "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128": "IPSEC_AUTH_SHA_256",
        "IPSEC_AUTH_CONFIG_GCM_AES_128": "IPSEC_AUTH_AES_128",
        "IPSEC_AUTH_CONFIG_GCM_AES_192": "IPSEC_AUTH_AES_192",
        "IPSEC_AUTH_CONFIG_GCM_AES_256": "IPSEC_AUTH_AES_256",
    }.get(config or "", "")


def cipher_type(config: str | None) -> str:
    """Return the IPSEC_CIPHER_TYPE that goes with a cipher config. Source: the IPSEC_CIPHER_TRANSFORM_ID_* macros."""
    algorithm = (config or "").rpartition("_CONFIG_")[2].partition("_")[2]
    return f"IPSEC_CIPHER_TYPE_{algorithm}" if algorithm else ""


def object_lists(filterset: FilterSet) -> ObjectLists:
    """Return all objects of a filter set, as the lists a bundle and a backend's status have."""
    return {
        "provider": provider_document(filterset.provider),
        "subLayers": [sublayer_document(s) for s in filterset.sublayers],
        "providerContexts": [context_document(c) for c in filterset.contexts],
        "filters": list(filter_documents(filterset.filters)),
    }
