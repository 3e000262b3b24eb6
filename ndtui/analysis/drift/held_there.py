"""Held there: the objects of a machine that may be a design's, as documents.

Ours are known by their provider, or by the keys that the design gives. Where a machine has none of them, its policy may
have been applied by another program: then it is the filters of an IPsec scenario, with the contexts they lead to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ndtui.analysis.dump import Dump, DumpContext, DumpFilter, DumpProvider, DumpSublayer
from ndtui.analysis.dump.dump_documents import context_there, filter_there, provider_there, sublayer_there
from ndtui.analysis.reconstruct.known_filters import OURS, of_a_scenario
from ndtui.analysis.reconstruct.rule_groups import policy_name
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.document_names import key_of
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.compiled.documents import filter_documents, provider_document, sublayer_document
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS

#: What an object is known by: its kind and its key.
Identity = tuple[Kind, str]
Objects = Mapping[Identity, Document]


@dataclass(frozen=True, slots=True)
class HeldThere:
    """The objects of a machine; ``ours``: by their provider or their keys, not those of another program.

    ``policy`` is the name of the policy there, where it is ours and its names tell it.
    """

    objects: Objects
    ours: bool
    policy: str = ""


def objects_of(filterset: FilterSet) -> Objects:
    """Return the objects of a design, by what they are known by, in the order in which they are added."""
    return {
        **_identified("provider", [provider_document(filterset.provider)]),
        **_identified("subLayer", [sublayer_document(each) for each in filterset.sublayers]),
        **_identified("providerContext", [context_document(each) for each in filterset.contexts]),
        **_identified("filter", list(filter_documents(filterset.filters))),
    }


def kinds_listed(dump: Dump) -> tuple[Kind, ...]:
    """Return the kinds of objects that a file lists: ``show filters`` has neither sublayers nor provider contexts."""
    return ("provider", "filter") if dump.kind == "filters" else ("provider", "subLayer", "providerContext", "filter")


def held_there(dump: Dump, design: Objects) -> HeldThere:
    """Return the objects of a machine that may be those of a design."""

    def is_ours(kind: Kind, key: str, provider: str) -> bool:
        return provider.lower() == OURS or (kind, key.lower()) in design

    filters = [each for each in dump.filters if is_ours("filter", each.key, each.provider)]
    contexts = [each for each in dump.provider_contexts if is_ours("providerContext", each.key, each.provider)]
    sublayers = [each for each in dump.sublayers if is_ours("subLayer", each.key, each.provider)]
    providers = [each for each in dump.providers if each.key.lower() == OURS]
    if filters or contexts or sublayers or providers:
        objects = _documents(providers, sublayers, contexts, filters)
        return HeldThere(objects, ours=True, policy=policy_name(filters, dump) or "")
    return HeldThere(_of_others(dump), ours=False)


def _of_others(dump: Dump) -> Objects:
    """Return the IPsec policy of another program; sublayers that Windows comes with are nobody's."""
    filters = of_a_scenario(dump)
    used, places = {each.provider_context_key for each in filters}, {each.sublayer for each in filters}
    contexts = [each for each in dump.provider_contexts if each.key in used]
    sublayers = [each for each in dump.sublayers if each.key in places and each.key not in BUILTIN_WEIGHTS]
    return _documents([], sublayers, contexts, filters)


def _documents(
    providers: Sequence[DumpProvider],
    sublayers: Sequence[DumpSublayer],
    contexts: Sequence[DumpContext],
    filters: Sequence[DumpFilter],
) -> Objects:
    return {
        **_identified("provider", [provider_there(each) for each in providers]),
        **_identified("subLayer", [sublayer_there(each) for each in sublayers]),
        **_identified("providerContext", [context_there(each) for each in contexts]),
        **_identified("filter", [filter_there(each) for each in filters]),
    }


def _identified(kind: Kind, documents: Sequence[Document]) -> dict[Identity, Document]:
    return {(kind, key_of(kind, each)): each for each in documents}
