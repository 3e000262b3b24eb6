"""Engine objects: documents with the elements that netsh prints beside theirs, in its order and its nesting.

A bundle says a thing in the shortest way; netsh prints every member of a structure, empty where there is nothing in it.
Source: https://learn.microsoft.com/windows/win32/fwp/fwp-structs, and what netsh prints.
"""

from collections.abc import Mapping
from typing import Any

from ndtui.exporters.netsh_xml.xml_elements import Tree
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_types import (
    FilterDocument,
    ProviderContextDocument,
    ProviderDocument,
    SubLayerDocument,
)
from ndtui.model.design.authentication import SIDES

#: Numbers like those that the engine gives out: of filters above 65,536 in every dump seen, of contexts from 2^63 on.
FIRST_FILTER = 1 << 16
FIRST_CONTEXT = 1 << 63

#: Windows spells one member otherwise than its neighbours.
_SPELLED = {"authIpQmTransportPolicy": "authipQmTransportPolicy"}


def filter_tree(document: FilterDocument, number: int) -> dict[str, Tree]:
    """Return a filter; ``number`` is its place in the order of adding."""
    context = document.get("providerContextKey")
    union = ("providerContextKey", context) if context else ("rawContext", document.get("rawContext", 0))
    tree: dict[str, Any] = {
        "filterKey": document["filterKey"],
        "displayData": _display(document["displayData"]),
        "flags": document["flags"],
        "providerKey": document.get("providerKey"),
        "providerData": None,
        "layerKey": document["layerKey"],
        "subLayerKey": document["subLayerKey"],
        "weight": document["weight"],
        "filterCondition": [_condition(each) for each in document["filterCondition"]],
        "action": {"type": document["action"]["type"], "filterType": document["action"].get("filterType")},
        union[0]: union[1],
        "reserved": None,
        "filterId": FIRST_FILTER + number,
        "effectiveWeight": document.get("effectiveWeight"),
    }
    return tree


def _display(display: Mapping[str, Any]) -> dict[str, Tree]:
    return {"name": display["name"], "description": display.get("description", "")}


def _condition(condition: Mapping[str, Any]) -> dict[str, Any]:
    value = condition["conditionValue"]
    if "byteBlob" not in value:
        return dict(condition)
    blob = {"data": value["byteBlob"].get("data", ""), "asString": value["byteBlob"].get("asString", "")}
    return {**condition, "conditionValue": {**value, "byteBlob": blob}}


def provider_tree(document: ProviderDocument) -> dict[str, Tree]:
    """Return the provider."""
    tree: dict[str, Any] = {
        "providerKey": document["providerKey"],
        "displayData": _display(document["displayData"]),
        "flags": document["flags"],
        "providerData": None,
        "serviceName": document.get("serviceName"),
    }
    return tree


def sublayer_tree(document: SubLayerDocument) -> dict[str, Tree]:
    """Return a sublayer."""
    tree: dict[str, Any] = {
        "subLayerKey": document["subLayerKey"],
        "displayData": _display(document["displayData"]),
        "flags": document["flags"],
        "providerKey": document.get("providerKey"),
        "providerData": None,
        "weight": document["weight"],
    }
    return tree


def context_tree(document: ProviderContextDocument, number: int) -> dict[str, Tree]:
    """Return a provider context with its whole policy; ``number`` is its place in the order of adding."""
    member = POLICY_MEMBERS[document["type"]]
    policy: dict[str, Any] = document[member]  # type: ignore[literal-required]
    tree: dict[str, Any] = {
        "providerContextKey": document["providerContextKey"],
        "displayData": _display(document["displayData"]),
        "flags": document["flags"],
        "providerKey": document.get("providerKey"),
        "providerData": None,
        "type": document["type"],
        _SPELLED.get(member, member): _main_mode(policy) if "ikeProposals" in policy else _quick_mode(policy),
        "providerContextId": FIRST_CONTEXT + number,
    }
    return tree


def _main_mode(policy: Mapping[str, Any]) -> dict[str, Any]:
    methods = [_method(each) for each in policy["authenticationMethods"]]
    return {
        **policy,
        "authenticationMethods": methods,
        "retransmitDurationSecs": policy.get("retransmitDurationSecs", 0),
    }


def _quick_mode(policy: Mapping[str, Any]) -> dict[str, Any]:
    tree = dict(policy)
    tree["ipsecProposals"] = [
        {**each, "saTransforms": [_transform(transform) for transform in each["saTransforms"]]}
        for each in policy["ipsecProposals"]
    ]
    extended = policy.get("emPolicy")
    if extended is not None:
        extended = {**extended, "authenticationMethods": [_method(m) for m in extended["authenticationMethods"]]}
    tree["emPolicy"] = extended
    return tree


def _transform(transform: Mapping[str, Any]) -> dict[str, Any]:
    """Return a transform, or a part of one, with an empty ``cryptoModuleId`` behind each algorithm."""
    tree: dict[str, Any] = {}
    for name, value in transform.items():
        if name in ("authTransformId", "cipherTransformId"):
            tree[name] = value
            tree["cryptoModuleId"] = transform.get("cryptoModuleId")
        elif name != "cryptoModuleId":
            tree[name] = _transform(value) if isinstance(value, Mapping) else value
    return tree


def _method(method: Mapping[str, Any]) -> dict[str, Any]:
    tree = dict(method)
    for name in ("certificateAuthentication", "sslAuthentication"):
        if name in method:
            tree[name] = _certificate(method[name])
    if method["authenticationMethodType"] == "IKEEXT_KERBEROS":
        said = method.get("kerberosAuthentication", {})
        tree["kerberosAuthentication"] = {"flags": said.get("flags"), "proxyServer": said.get("proxyServer")}
    return tree


def _certificate(certificate: Mapping[str, Any]) -> dict[str, Any]:
    tree = {
        name: [_criteria(each) for each in value] if name.startswith(SIDES) and name.endswith("Criteria") else value
        for name, value in certificate.items()
    }
    return {**tree, "localCertLocationUrl": certificate.get("localCertLocationUrl")}


def _criteria(criteria: Mapping[str, Any]) -> dict[str, Any]:
    usages = criteria.get("eku")
    return {
        "certData": criteria.get("certData"),
        "certHash": criteria.get("certHash"),
        "eku": {"numEku": len(usages), "eku": usages} if usages else None,
        "name": criteria.get("name"),
        "flags": criteria["flags"],
    }
