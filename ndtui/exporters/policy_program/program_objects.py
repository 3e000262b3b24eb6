"""The objects of a policy as a program declares them: provider, sublayers, provider contexts, filters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.backends.wfp.marshal.provider_data import Notes
from ndtui.exporters.policy_program import program_policies
from ndtui.exporters.policy_program.program_conditions import Conditions
from ndtui.exporters.policy_program.program_language import FilterParts, Language, Member
from ndtui.exporters.policy_program.program_lookups import Lookups
from ndtui.exporters.policy_program.program_methods import Methods
from ndtui.model.compiled.context_documents import POLICY_MEMBERS, context_document
from ndtui.model.compiled.document_types import FilterDocument, ProviderContextDocument, WeightDocument
from ndtui.model.compiled.documents import filter_documents, provider_document, sublayer_document
from ndtui.model.compiled.objects import Filter, FilterSet, SubLayer

#: The union member of FWPM_PROVIDER_CONTEXT where Windows spells it otherwise than a document does.
_SPELLED = {"authIpQmTransportPolicy": "authipQmTransportPolicy"}

#: The tables of a program, in the order in which what is in them is added.
TABLES = ("sublayers", "contexts", "newer_contexts", "filters")


@dataclass(slots=True)
class Objects:
    """What a program hands over, declared."""

    language: Language
    lookups: Lookups = field(init=False)
    provider_key: str = ""
    """The name of the provider's key."""
    tables: set[str] = field(default_factory=set)
    """Which of ``TABLES`` there are: an empty one is not declared."""

    def __post_init__(self) -> None:
        self.lookups = Lookups(self.language)

    def table(self, kind: str, name: str, items: Sequence[str]) -> None:
        """Declare the objects of a kind, if there are any."""
        if items:
            self.language.table(kind, name, items)
            self.tables.add(name)


def declare(filterset: FilterSet, language: Language) -> Objects:
    """Declare all objects of a filter set."""
    made = Objects(language)
    provider = provider_document(filterset.provider)
    made.provider_key = language.named("GUID", "provider_key", language.guid(provider["providerKey"]))
    said = [
        ("providerKey", language.guid(provider["providerKey"])),
        ("displayData", language.display(provider["displayData"])),
        ("flags", language.flags(provider["flags"])),
    ]
    language.named("FWPM_PROVIDER0", "provider", language.structure("FWPM_PROVIDER0", said))
    made.table("FWPM_SUBLAYER0", "sublayers", [_sublayer(made, each) for each in filterset.sublayers])
    _declare_contexts(made, filterset)
    conditions = Conditions(language, made.lookups)
    documents = filter_documents(filterset.filters)
    parts = (_filter(made, conditions, *each) for each in zip(filterset.filters, documents, strict=True))
    made.table("FWPM_FILTER0", "filters", [language.filter(each) for each in parts])
    return made


def _notes(language: Language, notes: Notes) -> Sequence[Member]:
    """Return what ndtui reads of an object that it finds on a machine: where in the design it came from."""
    content = notes.encode()
    return (("providerData", language.blob(content)),) if content else ()


def _sublayer(made: Objects, sublayer: SubLayer) -> str:
    language, document = made.language, sublayer_document(sublayer)
    said = (
        ("subLayerKey", language.guid(document["subLayerKey"])),
        ("displayData", language.display(document["displayData"])),
        ("flags", language.flags(document["flags"])),
        ("providerKey", language.pointer(made.provider_key)),
        *_notes(language, Notes(document.get("origin", ""))),
        ("weight", str(document["weight"])),
    )
    return language.structure("FWPM_SUBLAYER0", said)


def _declare_contexts(made: Objects, filterset: FilterSet) -> None:
    items: dict[int, list[str]] = {0: [], 2: []}
    for each in filterset.contexts:
        document = context_document(each)
        version = context_version(document)
        items[version].append(_context(made, document, version))
    made.table("FWPM_PROVIDER_CONTEXT0", "contexts", items[0])
    made.table("FWPM_PROVIDER_CONTEXT2", "newer_contexts", items[2])


def _context(made: Objects, document: ProviderContextDocument, version: int) -> str:
    language = made.language
    member = POLICY_MEMBERS[document["type"]]
    policy: Mapping[str, Any] = cast("Any", document)[member]
    methods = Methods(language, made.lookups, document["displayData"]["name"], version)
    put = program_policies.main_mode if "Mm" in member else program_policies.quick_mode
    name = put(language, methods, policy, version)
    notes = Notes(document.get("origin", ""), dict(_references(policy, member)), structures=version)
    said = (
        ("providerContextKey", language.guid(document["providerContextKey"])),
        ("displayData", language.display(document["displayData"])),
        ("flags", language.flags(document["flags"])),
        ("providerKey", language.pointer(made.provider_key)),
        *_notes(language, notes),
        ("type", language.number(document["type"])),
        (language.context_policy(_SPELLED.get(member, member), version), language.pointer(name)),
    )
    return language.structure(f"FWPM_PROVIDER_CONTEXT{version}", said)


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


def _filter(made: Objects, conditions: Conditions, each: Filter, document: FilterDocument) -> FilterParts:
    asked = document["filterCondition"]
    context = each.slot.context
    return FilterParts(
        key=document["filterKey"],
        display=document["displayData"],
        flags=document["flags"],
        notes=Notes(document.get("origin", "")).encode(),
        layer=document["layerKey"],
        sublayer=document["subLayerKey"],
        weight=_weight(made.language, document["weight"]),
        conditions=conditions.array(asked) if asked else "",
        condition_count=len(asked),
        action=document["action"]["type"],
        callout=document["action"].get("filterType"),
        context=None if context is None else str(context),
        raw_context=each.slot.raw_context_name or None if context is None else None,
    )


def _weight(language: Language, weight: WeightDocument) -> str:
    said: list[Member] = [("type", language.number(weight["type"]))]
    if "uint8" in weight:
        said.append(("uint8", str(weight["uint8"])))
    elif "uint64" in weight:
        name = language.shared("UINT64", "weight", language.uint64(weight["uint64"]))
        said.append(("uint64", language.pointer(name)))
    return language.structure("FWP_VALUE0", said)
