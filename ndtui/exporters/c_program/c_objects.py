"""The objects of a policy as static structures: provider, sublayers, provider contexts of two versions, filters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.exporters.c_program import c_policies
from ndtui.exporters.c_program.c_authentication import Methods
from ndtui.exporters.c_program.c_conditions import Conditions
from ndtui.exporters.c_program.c_declarations import PREFIX, Declarations, Member, structure
from ndtui.exporters.c_program.c_literals import narrow, unsigned, wide
from ndtui.exporters.c_program.c_lookups import Lookups
from ndtui.model.compiled.context_documents import POLICY_MEMBERS, context_document
from ndtui.model.compiled.document_types import DisplayData, FilterDocument, ProviderContextDocument, WeightDocument
from ndtui.model.compiled.documents import filter_documents, provider_document, sublayer_document
from ndtui.model.compiled.objects import Filter, FilterSet, SubLayer

#: The union member of FWPM_PROVIDER_CONTEXT0 where Windows spells it otherwise than a document does.
_SPELLED = {"authIpQmTransportPolicy": "authipQmTransportPolicy"}


@dataclass(slots=True)
class Objects:
    """What a program hands over, declared."""

    declared: Declarations = field(default_factory=Declarations)
    lookups: Lookups = field(init=False)
    contexts: int = 0
    newer_contexts: int = 0

    def __post_init__(self) -> None:
        self.lookups = Lookups(self.declared)


def declare(filterset: FilterSet) -> Objects:
    """Return the declarations of all objects of a filter set."""
    made = Objects()
    declared = made.declared
    provider = provider_document(filterset.provider)
    declared.lines.append(f"static GUID provider_key = {declared.guid(provider['providerKey'])};")
    said = [
        ("providerKey", declared.guid(provider["providerKey"])),
        _display(provider["displayData"]),
        ("flags", declared.flags(provider["flags"])),
    ]
    declared.lines.append(f"static FWPM_PROVIDER0 provider = {structure(said)};")
    if filterset.sublayers:
        declared.named_array("FWPM_SUBLAYER0", "sublayers", [_sublayer(declared, each) for each in filterset.sublayers])
    _declare_contexts(made, filterset)
    conditions = Conditions(declared, made.lookups)
    documents = filter_documents(filterset.filters)
    filters = [
        _filter(declared, conditions, each, document)
        for each, document in zip(filterset.filters, documents, strict=True)
    ]
    if filters:
        declared.named_array("FWPM_FILTER0", "filters", filters)
    return made


def _display(display: DisplayData) -> Member:
    return "displayData", f"{{{wide(display['name'])}, {wide(display.get('description', ''))}}}"


def _notes(notes: Notes) -> Sequence[Member]:
    """Return what ndtui reads of an object that it finds on a machine: where in the design it came from."""
    content = notes.encode()
    return (("providerData", f"{{{len(content)}, (UINT8 *){narrow(content)}}}"),) if content else ()


def _sublayer(declared: Declarations, sublayer: SubLayer) -> str:
    document = sublayer_document(sublayer)
    return structure(
        (
            ("subLayerKey", declared.guid(document["subLayerKey"])),
            _display(document["displayData"]),
            ("flags", declared.flags(document["flags"])),
            ("providerKey", "&provider_key"),
            *_notes(Notes(document.get("origin", ""))),
            ("weight", str(document["weight"])),
        )
    )


def _declare_contexts(made: Objects, filterset: FilterSet) -> None:
    items: dict[int, list[str]] = {0: [], 2: []}
    for each in filterset.contexts:
        document = context_document(each)
        version = context_version(document)
        items[version].append(_context(made, document, version))
    for version, kind, name in (
        (0, "FWPM_PROVIDER_CONTEXT0", "contexts"),
        (2, f"{PREFIX}PROVIDER_CONTEXT2", "newer_contexts"),
    ):
        if items[version]:
            made.declared.named_array(kind, name, items[version])
    made.contexts, made.newer_contexts = len(items[0]), len(items[2])


def _context(made: Objects, document: ProviderContextDocument, version: int) -> str:
    declared = made.declared
    member = POLICY_MEMBERS[document["type"]]
    policy: Mapping[str, Any] = cast("Any", document)[member]
    methods = Methods(declared, made.lookups, document["displayData"]["name"], version)
    put = c_policies.main_mode if "Mm" in member else c_policies.quick_mode
    name = put(declared, methods, policy, version)
    notes = Notes(document.get("origin", ""), dict(_references(policy, member)), structures=version)
    return structure(
        (
            ("providerContextKey", declared.guid(document["providerContextKey"])),
            _display(document["displayData"]),
            ("flags", declared.flags(document["flags"])),
            ("providerKey", "&provider_key"),
            *_notes(notes),
            ("type", declared.number(document["type"])),
            ("policy" if version else _SPELLED.get(member, member), f"&{name}"),
        )
    )


def _references(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Return where pre-shared keys stand in a policy, and what they are taken from, as the Windows backend notes it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "presharedKey":
                yield f"{path}.{name}", str(inner)
            yield from _references(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _references(inner, f"{path}[{number}]")


def _filter(declared: Declarations, conditions: Conditions, each: Filter, document: FilterDocument) -> str:
    said: list[Member] = [
        ("filterKey", declared.guid(document["filterKey"])),
        _display(document["displayData"]),
        ("flags", declared.flags(document["flags"])),
        ("providerKey", "&provider_key"),
        *_notes(Notes(document.get("origin", ""))),
        ("layerKey", declared.guid(document["layerKey"])),
        ("subLayerKey", declared.guid(document["subLayerKey"])),
        ("weight", _weight(declared, document["weight"])),
    ]
    if document["filterCondition"]:
        count = str(len(document["filterCondition"]))
        said += [
            ("numFilterConditions", count),
            ("filterCondition", conditions.array(document["filterCondition"])),
        ]
    action = [("type", declared.number(document["action"]["type"]))]
    callout = document["action"].get("filterType")
    if callout:
        action.append(("calloutKey", declared.guid(callout)))
    said.append(("action", structure(action)))
    if each.slot.context is not None:
        said.append(("providerContextKey", declared.guid(str(each.slot.context))))
    elif each.slot.raw_context_name:
        said.append(("rawContext", declared.number(each.slot.raw_context_name)))
    return structure(said)


def _weight(declared: Declarations, weight: WeightDocument) -> str:
    kind = ("type", declared.number(weight["type"]))
    if "uint8" in weight:
        return structure((kind, ("uint8", str(weight["uint8"]))))
    if "uint64" in weight:
        return structure((kind, ("uint64", "&" + declared.shared("UINT64", "weight", unsigned(weight["uint64"])))))
    return structure((kind,))
