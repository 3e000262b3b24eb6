"""netsh XML: what ``netsh wfp show state`` or ``show filters`` would print if a machine held the policy and no other.

Whatever reads what netsh prints reads it: viewers, scripts, ``ndtui inspect``, ``order``, ``trace`` and ``import``. It
lists the objects of the design alone, and says nothing that only a machine knows: no time, no sessions, no callouts.
Source of names, nesting and order: the elements that netsh prints, see ``ndtui.analysis.dump``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from ndtui.exporters.contract import Export, Exporter, Inexpressible, Option, Value
from ndtui.exporters.netsh_xml.engine_layers import layer_id, layer_tree
from ndtui.exporters.netsh_xml.engine_objects import context_tree, filter_tree, provider_tree, sublayer_tree
from ndtui.exporters.netsh_xml.netsh_losses import losses
from ndtui.exporters.netsh_xml.xml_elements import Tree, comment, element, members
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.compiled.documents import filter_documents, provider_document, sublayer_document
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.weights import effective_weight

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHOW = Option("show", "which netsh command it is like", default="state", choices=("state", "filters"))


class NetshXmlExporter(Exporter):
    """The objects of a design as netsh lists them, filters of a layer in the order of their weight."""

    name: ClassVar[str] = "netsh-xml"
    title: ClassVar[str] = "netsh XML: what netsh wfp show state or filters would print"
    suffix: ClassVar[str] = ".xml"
    options: ClassVar[tuple[Option, ...]] = (_SHOW,)
    lossy: ClassVar[bool] = True

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        """Return what netsh would not print."""
        return list(losses(filterset, filters_only=options[_SHOW.name] == "filters"))

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the XML."""
        return _export(filterset, options, ())

    def export_lossy(self, filterset: FilterSet, options: Mapping[str, Value], lost: Sequence[Inexpressible]) -> Export:
        """Return the XML behind a comment that names what is lost."""
        return _export(filterset, options, lost)


def _export(filterset: FilterSet, options: Mapping[str, Value], lost: Sequence[Inexpressible]) -> Export:
    lines = [_DECLARATION]
    if lost:
        lines.append(comment(["Not in this file:", *(f"{each.element}: {each.why}" for each in lost)]))
    lines += _filters(filterset) if options[_SHOW.name] == "filters" else _state(filterset)
    lines.append("")
    return Export("\n".join(lines))  # at once: to copy 100 MB holds up every thread


def _filters(filterset: FilterSet) -> Iterator[str]:
    """Return the lines of ``show filters``."""
    yield "<wfpdiag>"
    yield "\t<filters>"
    for filters in _by_layer(filterset, 2).values():
        yield from filters
    yield "\t</filters>"
    yield from element("providers", [provider_tree(provider_document(filterset.provider))], 1, counted=False)
    yield "</wfpdiag>"


def _state(filterset: FilterSet) -> Iterator[str]:
    """Return the lines of ``show state``."""
    layers = _by_layer(filterset, 4)
    yield "<wfpstate>"
    yield from members({"timeStamp": None, "sessions": None}, 1)
    yield f'\t<layers numItems="{len(layers)}">'
    for layer, filters in layers.items():
        yield "\t\t<item>"
        yield from members({"layer": layer_tree(layer), "callouts": None}, 3)
        yield f'\t\t\t<filters numItems="{len(filters)}">'
        yield from filters
        yield "\t\t\t</filters>"
        yield "\t\t</item>"
    yield "\t</layers>"
    rest: dict[str, Tree] = {
        "providers": [provider_tree(provider_document(filterset.provider))],
        "providerContexts": [context_tree(context_document(c), n) for n, c in enumerate(filterset.contexts)],
        "subLayers": [sublayer_tree(sublayer_document(each)) for each in filterset.sublayers],
    }
    yield from members(rest, 1)
    yield "</wfpstate>"


def _by_layer(filterset: FilterSet, depth: int) -> dict[str, list[str]]:
    """Return each filter under its layer, as netsh lists them: by weight, the highest first."""
    found: dict[str, list[tuple[int, str]]] = {}
    pairs = zip(filterset.filters, filter_documents(filterset.filters), strict=True)
    for number, (each, document) in enumerate(pairs):
        item = "\n".join(element("item", filter_tree(document, number), depth))
        found.setdefault(each.layer, []).append((-effective_weight(each).value, item))
    return {
        layer: [item for _, item in sorted(found[layer], key=lambda pair: pair[0])]
        for layer in sorted(found, key=layer_id)
    }
