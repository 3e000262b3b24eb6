"""Documents to structures: what FwpmFilterAdd0 and its like are given."""

from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.arena import Arena, point
from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.backends.wfp.marshal.node import NOT_FOUND, Node, Work, parse_guid
from ndtui.backends.wfp.marshal.policy_structs import main_mode_policy, quick_mode_policy
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.backends.wfp.marshal.value_structs import put_condition, put_weight
from ndtui.backends.wfp.native import Native, Struct
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary import number_of

__all__ = ["Arena", "key_guid", "layer_guid", "to_struct"]

#: The union member of FWPM_PROVIDER_CONTEXT where Windows spells it otherwise than a document does.
STRUCT_MEMBERS = {"authIpQmTransportPolicy": "authipQmTransportPolicy"}

_PREFIXES: dict[Kind, str] = {
    "provider": "FWPM_PROVIDER_",
    "subLayer": "FWPM_SUBLAYER_",
    "providerContext": "FWPM_PROVIDER_CONTEXT_",
    "filter": "FWPM_FILTER_",
}


def to_struct(native: Native, arena: Arena, kind: Kind, document: Document) -> Struct:
    """Return the structure of an object: FWPM_PROVIDER0, _SUBLAYER0, _FILTER0, _PROVIDER_CONTEXT0 or 2.

    It and all it points to live as long as the arena. A missing key stays zero: the engine assigns one. Members that
    the engine assigns are ignored.

    Raises:
        EngineError: the document says what cannot be said in the structure, with the code the engine would return.
        BackendError: a secret or a certificate root that it refers to is not there.
    """
    version = context_version(document) if kind == "providerContext" else 0
    node = Node(Work(native, arena, Notes(structures=version), version), document)
    structure = {"provider": _provider, "subLayer": _sublayer, "providerContext": _context, "filter": _filter}[kind](
        node
    )
    display = node.child("displayData")
    if display is not None:
        display.text(structure.displayData, "name")
        display.text(structure.displayData, "description")
    notes = node.work.notes
    notes.origin = node.word("origin")
    node.blob(structure.providerData, notes.encode())
    return structure


def _provider(node: Node) -> Struct:
    provider = node.work.make("FWPM_PROVIDER0")
    node.own_key(provider, "providerKey", "FWPM_PROVIDER_")
    node.flags(provider, "flags", "FWPM_PROVIDER_FLAG")
    node.text(provider, "serviceName")
    return provider


def _sublayer(node: Node) -> Struct:
    sublayer = node.work.make("FWPM_SUBLAYER0")
    node.own_key(sublayer, "subLayerKey", "FWPM_SUBLAYER_")
    node.flags(sublayer, "flags", "FWPM_SUBLAYER_FLAG")
    node.pointed_key(sublayer, "providerKey", "FWPM_PROVIDER_")
    node.number(sublayer, "weight")
    return sublayer


def _context(node: Node) -> Struct:
    context = node.work.make_versioned("FWPM_PROVIDER_CONTEXT")
    node.own_key(context, "providerContextKey", "FWPM_PROVIDER_CONTEXT_")
    node.flags(context, "flags", "FWPM_PROVIDER_CONTEXT_FLAG")
    node.pointed_key(context, "providerKey", "FWPM_PROVIDER_")
    node.choice(context, "type", "FWPM_PROVIDER_CONTEXT_TYPE")
    member = POLICY_MEMBERS.get(node.word("type"), "")
    policy = node.child(member)
    if policy is not None:
        target = main_mode_policy(policy) if "Mm" in member else quick_mode_policy(policy)
        point(context, STRUCT_MEMBERS.get(member, member), target)
    return context


def _filter(node: Node) -> Struct:
    each = node.work.make("FWPM_FILTER0")
    node.own_key(each, "filterKey", "FWPM_FILTER_")
    node.flags(each, "flags", "FWPM_FILTER_FLAG")
    # The engine sets it by itself; a document that was read from it may be added again.
    each.flags &= ~number_of("FWPM_FILTER_FLAG_INDEXED")
    node.pointed_key(each, "providerKey", "FWPM_PROVIDER_")
    if not node.word("layerKey"):
        raise node.wrong("layerKey", "is missing", "FWP_E_LAYER_NOT_FOUND")
    node.key(each, "layerKey", "FWPM_LAYER_")
    node.key(each, "subLayerKey", "FWPM_SUBLAYER_")
    put_weight(node.child("weight"), each.weight)
    _put_conditions(node, each)
    _put_action(node, each.action)
    # The two share a union; the flag says which of them counts.
    if each.flags & number_of("FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"):
        node.key(each, "providerContextKey", "FWPM_PROVIDER_CONTEXT_")
    else:
        node.number(each, "rawContext")
    return each


def _put_conditions(node: Node, each: Struct) -> None:
    conditions = node.children("filterCondition")
    each.numFilterConditions = len(conditions)
    if conditions:
        array = node.work.arena.array(node.work.native.wfp.FWPM_FILTER_CONDITION0, len(conditions))
        for condition, structure in zip(conditions, array, strict=True):
            put_condition(condition, structure)
        point(each, "filterCondition", array)


def _put_action(node: Node, structure: Struct) -> None:
    action = node.child("action")
    if action is None:
        raise node.wrong("action", "is missing", "FWP_E_INVALID_ACTION_TYPE")
    action.choice(structure, "type", "FWP_ACTION_TYPE", "FWP_E_INVALID_ACTION_TYPE")
    action.key(structure, "filterType", "FWPM_CALLOUT_", "calloutKey")


def key_guid(native: Native, kind: Kind, key: str) -> Struct:
    """Return the ``Guid`` of an object's own key: "{...}" or an SDK name. Pass it by ``ctypes.byref``.

    Raises:
        EngineError: it is neither: FWP_E_PROVIDER_NOT_FOUND, FWP_E_FILTER_NOT_FOUND and so on.
    """
    return _guid(native, _PREFIXES[kind], key)


def layer_guid(native: Native, layer: str) -> Struct:
    """Return the ``Guid`` of a layer, by name or in braces.

    Raises:
        EngineError: FWP_E_LAYER_NOT_FOUND.
    """
    return _guid(native, "FWPM_LAYER_", layer)


def _guid(native: Native, prefix: str, text: str) -> Struct:
    try:
        return native.wfp.Guid(parse_guid(text, prefix))
    except ValueError as error:
        raise EngineError(NOT_FOUND[prefix], f"the key {error}") from None
