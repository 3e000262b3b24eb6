"""Structures to documents: what FwpmFilterGetByKey0 and its like return."""

from typing import cast

from ndtui.backends.wfp.marshal.object_structs import STRUCT_MEMBERS
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.backends.wfp.native import Native, Struct
from ndtui.backends.wfp.unmarshal.policy_documents import main_mode_document, quick_mode_document
from ndtui.backends.wfp.unmarshal.struct_view import View, guid_text, text_at
from ndtui.backends.wfp.unmarshal.value_documents import condition_document, value_document
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.vocabulary import number_of

__all__ = ["guid_text", "outline", "text_at", "to_document"]


def to_document(native: Native, kind: Kind, structure: Struct) -> Document:
    """Return the document of an FWPM_PROVIDER0, _SUBLAYER0, _FILTER0 or a _PROVIDER_CONTEXT of any version.

    The inverse of ``to_struct``, with what the engine assigned: ``filterId`` and ``effectiveWeight`` of a filter,
    ``providerContextId`` of a context. Nothing of the structure is kept: its memory may be freed afterwards.

    Raises:
        ValueError: a policy says more than a document can.
    """
    view = View(native, Notes(), structure)
    view = View(native, Notes.decode(view.blob("providerData")), structure)
    document = {"provider": _provider, "subLayer": _sublayer, "providerContext": _context, "filter": _filter}[kind](
        view
    )
    if view.notes.origin:
        document["origin"] = view.notes.origin
    return cast("Document", document)


def outline(native: Native, structure: Struct, problem: str) -> Document:
    """Return what can be told of an FWPM_PROVIDER_CONTEXT whose policy cannot be read, and why it cannot.

    It is equal to no context that can be applied, so that a plan replaces one of ours.
    """
    view = View(native, Notes(), structure)
    document = {
        **view.own_key("providerContextKey"),
        **_display(view),
        "flags": view.flags("flags", "FWPM_PROVIDER_CONTEXT_FLAG", ignored=_DOWNLEVEL),
        **view.pointed_key("providerKey"),
        "type": view.choice("type", "FWPM_PROVIDER_CONTEXT_TYPE"),
        "unreadable": problem,
        **view.numbers("providerContextId"),
    }
    return cast("Document", document)


#: The version of the policies that each version of a provider context points to. Source: fwpmtypes.h.
_POLICY_VERSIONS = {f"FWPM_PROVIDER_CONTEXT{version}": min(version, 2) for version in range(4)}

#: Reserved for internal use, by the page of FWPM_PROVIDER_CONTEXT2: Windows sets it, and nobody can ask for it.
_DOWNLEVEL = number_of("FWPM_PROVIDER_CONTEXT_FLAG_DOWNLEVEL")

#: Part of a document. A structure may lack what an object has to have, such as its key, and so may its document.
_Members = dict[str, object]


def _display(view: View) -> _Members:
    display = view.inner("displayData")
    return {"displayData": {"name": display.text("name"), "description": display.text("description")}}


def _provider(view: View) -> _Members:
    service = view.text("serviceName")
    return {
        **view.own_key("providerKey"),
        **_display(view),
        "flags": view.flags("flags", "FWPM_PROVIDER_FLAG"),
        **({"serviceName": service} if service else {}),
    }


def _sublayer(view: View) -> _Members:
    return {
        **view.own_key("subLayerKey"),
        **_display(view),
        "flags": view.flags("flags", "FWPM_SUBLAYER_FLAG"),
        **view.pointed_key("providerKey"),
        **view.numbers("weight"),
    }


def _context(view: View) -> _Members:
    kind = view.choice("type", "FWPM_PROVIDER_CONTEXT_TYPE")
    document: _Members = {
        **view.own_key("providerContextKey"),
        **_display(view),
        "flags": view.flags("flags", "FWPM_PROVIDER_CONTEXT_FLAG", ignored=_DOWNLEVEL),
        **view.pointed_key("providerKey"),
        "type": kind,
    }
    member = POLICY_MEMBERS.get(kind, "")
    if member:
        main_mode = "Mm" in member
        version = _policy_version(view, member)
        structure = f"IKEEXT_POLICY{version}" if main_mode else f"IPSEC_TRANSPORT_POLICY{version}"
        policy = view.pointed(STRUCT_MEMBERS.get(member, member), structure, member)
        if policy is not None:
            read = main_mode_document if main_mode else quick_mode_document
            document[member] = read(policy, version)
    return {**document, **view.numbers("providerContextId")}


def _policy_version(view: View, member: str) -> int:
    """Return the version of a context's policy.

    Raises:
        ValueError: an older function returned the context, whose structures have no place for all that it says.
    """
    name = type(view.structure).__name__
    version = _POLICY_VERSIONS[name]
    if view.notes.structures > version or not hasattr(type(view.structure), STRUCT_MEMBERS.get(member, member)):
        raise ValueError(f"{member} says more than {name} does, which is the newest that this Windows returns")
    return version


def _filter(view: View) -> _Members:
    # The engine sets INDEXED by itself: it is no part of what was asked for.
    flags = view.flags("flags", "FWPM_FILTER_FLAG", ignored=number_of("FWPM_FILTER_FLAG_INDEXED"))
    conditions = view.array("filterCondition", "FWPM_FILTER_CONDITION0", "numFilterConditions")
    return {
        **view.own_key("filterKey"),
        **_display(view),
        "flags": flags,
        **view.pointed_key("providerKey"),
        "layerKey": view.key("layerKey"),
        **view.own_key("subLayerKey"),
        "weight": value_document(view.inner("weight")),
        "filterCondition": [condition_document(condition) for condition in conditions],
        "action": _action(view.inner("action")),
        **_context_of_filter(view),
        **view.numbers("filterId"),
        "effectiveWeight": value_document(view.inner("effectiveWeight")),
    }


def _action(view: View) -> _Members:
    return {
        "type": view.choice("type", "FWP_ACTION_TYPE"),
        "filterType": view.own_key("calloutKey").get("calloutKey"),
    }


def _context_of_filter(view: View) -> _Members:
    """Return what the callout is given: the two share a union, and the flag says which of them counts."""
    if view.number("flags") & number_of("FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT"):
        return {**view.own_key("providerContextKey")}
    return {**view.numbers("rawContext")}
