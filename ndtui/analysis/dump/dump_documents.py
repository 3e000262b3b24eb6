"""A dump's objects as documents, so that they are held against those that a design compiles to.

netsh prints every member of a structure, empty where there is nothing in it, and numbers as text; documents say a thing
in the shortest way. What a design has no place for keeps its text, so that it is equal to nothing that a design has.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ndtui.analysis.dump.dump_objects import (
    DumpCondition,
    DumpContext,
    DumpFilter,
    DumpProvider,
    DumpSublayer,
    Tree,
)
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_names import known_key
from ndtui.model.compiled.document_types import (
    ConditionDocument,
    FilterDocument,
    ProviderContextDocument,
    ProviderDocument,
    SubLayerDocument,
)
from ndtui.model.compiled.documents import condition_document, weight_document
from ndtui.model.compiled.objects import Condition, Value, Weight
from ndtui.model.design.access_list import MACHINE, USER
from ndtui.model.vocabulary.sublayers import UNIVERSAL

#: How conditions match of which a dump's value is all the numbers that match, not the one that was said.
_INTERVALS = tuple(f"FWP_MATCH_{each}" for each in ("GREATER", "GREATER_OR_EQUAL", "LESS", "LESS_OR_EQUAL"))
#: Reserved for internal use, by the page of FWPM_PROVIDER_CONTEXT2: Windows sets it, and nobody can ask for it.
_DOWNLEVEL = "FWPM_PROVIDER_CONTEXT_FLAG_DOWNLEVEL"
_NUMBERS = frozenset(
    (
        *("softExpirationTime", "keyLen", "rounds", "maxLifetimeSeconds", "quickModeLimit", "maxDynamicFilters"),
        *("retransmitDurationSecs", "lifetimeSeconds", "lifetimeKilobytes", "lifetimePackets"),
        *("ndAllowClearTimeoutSeconds", "idleTimeoutSeconds", "idleTimeoutSecondsFailOver"),
    )
)
#: Lists that a document has when they are empty too.
_LISTS = ("flags", "authenticationMethods", "ikeProposals", "ipsecProposals", "saTransforms")
#: Members of a method that a document has only where they say something.
_DETAILS = ("kerberosAuthentication", "ntlmV2Authentication", "eapAuthentication")


def filter_there(each: DumpFilter) -> FilterDocument:
    """Return a filter of a machine as a document, with the id and the weight that the engine gave it."""
    pairs = zip(each.conditions, each.values, strict=True)
    document: FilterDocument = {
        "filterKey": known_key(each.key),
        "displayData": {"name": each.name, "description": each.description},
        "flags": list(each.flags),
        "providerKey": known_key(each.provider),
        "layerKey": each.layer,
        "subLayerKey": known_key(each.sublayer) or UNIVERSAL,
        "weight": weight_document(Weight(each.weight_type, each.weight)),
        "filterCondition": [_condition(written, value) for written, value in pairs],
        "action": {"type": each.action, "filterType": each.callout or None},
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": each.effective_weight},
        "filterId": each.filter_id,
    }
    if each.provider_context_key:
        document["providerContextKey"] = known_key(each.provider_context_key)
    else:
        document["rawContext"] = each.raw_context or 0
    return document


def _condition(written: DumpCondition, value: Value | None) -> ConditionDocument:
    if value is not None and written.match not in _INTERVALS:
        return condition_document(Condition(written.field, written.match, value))
    if value is None and written.field in (MACHINE, USER):
        value = Value("FWP_SECURITY_DESCRIPTOR_TYPE", 0, 0, written.text)
        return condition_document(Condition(written.field, written.match, value))
    return {
        "fieldKey": written.field,
        "matchType": written.match,
        "conditionValue": {"type": "", "unicodeString": written.text},
    }


def provider_there(each: DumpProvider) -> ProviderDocument:
    """Return a provider of a machine as a document."""
    document: ProviderDocument = {
        "providerKey": known_key(each.key),
        "displayData": {"name": each.name, "description": each.description},
        "flags": list(each.flags),
    }
    if each.service:
        document["serviceName"] = each.service
    return document


def sublayer_there(each: DumpSublayer) -> SubLayerDocument:
    """Return a sublayer of a machine as a document."""
    return {
        "subLayerKey": known_key(each.key),
        "displayData": {"name": each.name, "description": each.description},
        "flags": list(each.flags),
        "providerKey": known_key(each.provider),
        "weight": each.weight,
    }


def context_there(each: DumpContext) -> ProviderContextDocument:
    """Return a provider context of a machine as a document, with its policy under the member of its type.

    Windows spells one of these members otherwise than its neighbours.
    """
    own = POLICY_MEMBERS.get(each.type, "")
    policy = {own if name.lower() == own.lower() else name: _plain(name, tree) for name, tree in each.policy.items()}
    document = {
        "providerContextKey": known_key(each.key),
        "displayData": {"name": each.name, "description": each.description},
        "flags": [flag for flag in each.flags if flag != _DOWNLEVEL],
        "providerKey": known_key(each.provider),
        "type": each.type,
        **{name: tree for name, tree in policy.items() if tree != ""},
    }
    return cast("ProviderContextDocument", document)


def _plain(name: str, tree: Tree) -> Any:
    """Return a member of a policy as a document has it; an empty text where a document has none."""
    if isinstance(tree, str):
        if name in _LISTS and not tree:
            return []
        return int(tree) if name in _NUMBERS and tree.isascii() and tree.isdigit() and len(tree) <= 20 else tree
    if isinstance(tree, list):
        return [_plain("", each) for each in tree]
    if name == "eku" and "eku" in tree:
        return _plain("eku", tree["eku"])
    return dict(_members(name, tree))


def _members(name: str, tree: Mapping[str, Tree]) -> Iterator[tuple[str, Any]]:
    for member, each in tree.items():
        found = _plain(member, each)
        if found in ("", {}) or (member == "retransmitDurationSecs" and found == 0):
            continue
        if found == [] and (member not in _LISTS or name == "presharedKeyAuthentication"):
            continue
        if member in _DETAILS and found == {"flags": []}:
            continue
        yield member, found
