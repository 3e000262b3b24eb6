"""Read a dump: which elements of ``netsh wfp show filters`` and ``show state`` become which objects.

Element names follow FWPM_FILTER0 and its neighbours: https://learn.microsoft.com/windows/win32/fwp/fwp-structs
"""

from collections import Counter
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import NoReturn

from ndtui.analysis.dump.dump_conditions import named, read_condition
from ndtui.analysis.dump.dump_objects import (
    Dump,
    DumpCallout,
    DumpCondition,
    DumpContext,
    DumpFilter,
    DumpProvider,
    DumpSession,
    DumpSublayer,
)
from ndtui.analysis.dump.stream import read_objects
from ndtui.analysis.dump.tree import READ_EVENTS, Limits, Route
from ndtui.analysis.dump.xml_node import Node
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes, visible
from ndtui.model.compiled.objects import Value

LIMITS = Limits()
#: So many different conditions are remembered.
_MOST_CONDITIONS = 50_000

#: What a provider context has beside its policy.
_CONTEXT_MEMBERS = ("providerContextKey", "displayData", "type", "providerKey", "flags", "providerContextId")

#: Sections that hold no policy.
_OTHER_SECTIONS = (
    "subscriptions",
    "ipsecSaContexts",
    "aleConnectedEndpoints",
    "ikeextSas",
    "ikeextStatistics",
    "ipsecStatistics",
    "netEvents/item",
    "netEvents/netEvent",
)
_SECTIONS: dict[str, Route] = {
    "timeStamp": "object",
    "filters": "open",
    "filters/item": "object",
    "layers": "open",
    "layers/item": "open",
    "layers/item/layer": "object",
    "layers/item/callouts": "open",
    "layers/item/callouts/item": "object",
    "layers/item/filters": "open",
    "layers/item/filters/item": "object",
    "providers": "open",
    "providers/item": "object",
    "subLayers": "open",
    "subLayers/item": "object",
    "providerContexts": "open",
    "providerContexts/item": "object",
    "sessions": "open",
    "sessions/item": "object",
    "netEvents": "open",
    **dict.fromkeys(_OTHER_SECTIONS, "skip"),
}
_ROUTES: dict[str, Route] = {
    "wfpdiag": "open",
    "wfpstate": "open",
    "firewallState": "skip",
    **{f"{root}/{path}": route for root in ("wfpdiag", "wfpstate") for path, route in _SECTIONS.items()},
}


#: Where net events stand, which are no policy, and what each is.
_NET_EVENTS = {f"{root}/netEvents" for root in ("wfpdiag", "wfpstate")}
_NET_EVENT = {f"{place}/{name}" for place in _NET_EVENTS for name in ("item", "netEvent")}


def read_dump(path: Path, limits: Limits = LIMITS) -> Dump:
    """Return what a file of ``netsh wfp show filters`` or ``netsh wfp show state`` says.

    Raises:
        InputError: there is no such file, or it is no dump, cut off, too large or a trap; names the line.
    """
    collected = _Collected(path, limits)
    contents = read_objects(path, _ROUTES, collected.receive, limits)
    if not collected.anything and contents.met & _NET_EVENTS:
        raise InputError(f"{path} holds net events, not filters", remedy=f"{READ_EVENTS} {path} reads them")
    unknown = contents.unknown + collected.unknown
    return Dump(
        kind="filters" if contents.roots[0] == "wfpdiag" else "state",
        time_stamp=collected.time_stamp,
        filters=tuple(collected.filters),
        sublayers=tuple(collected.sublayers),
        providers=tuple(collected.providers),
        provider_contexts=tuple(collected.contexts),
        sessions=tuple(collected.sessions),
        layers=tuple(dict.fromkeys([*collected.layers, *(f.layer for f in collected.filters)])),
        layer_fields=collected.layers,
        unknown=dict(sorted(unknown.items())),
        layer_ids=collected.layer_ids,
        callouts=collected.callouts,
        has_events=bool(contents.met & _NET_EVENT),
    )


class _Collected:
    """The objects of a file, as they come."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._policy = 0
        self._unknown = 0
        self.time_stamp = ""
        self.filters: list[DumpFilter] = []
        self.sublayers: list[DumpSublayer] = []
        self.providers: list[DumpProvider] = []
        self.contexts: list[DumpContext] = []
        self.sessions: list[DumpSession] = []
        self.layers: dict[str, tuple[tuple[str, str], ...]] = {}
        self.layer_ids: dict[str, int] = {}
        self.callouts: dict[str, DumpCallout] = {}
        self.unknown: Counter[str] = Counter()
        self._conditions: dict[Hashable, tuple[DumpCondition, Value | None]] = {}
        self._takers: dict[str, Callable[[Node], None]] = {
            "timeStamp": self._take_time_stamp,
            "filters/item": self._take_filter,
            "layers/item/layer": self._take_layer,
            "layers/item/callouts/item": self._take_callout,
            "layers/item/filters/item": self._take_filter,
            "providers/item": self._take_provider,
            "subLayers/item": self._take_sublayer,
            "providerContexts/item": self._take_context,
            "sessions/item": self._take_session,
        }

    @property
    def anything(self) -> bool:
        """Whether there is any object."""
        return any((self.filters, self.layers, self.sublayers, self.providers, self.contexts, self.sessions))

    def receive(self, path: str, node: Node) -> None:
        """Take an object of the file, and count what is unknown in it."""
        self._takers[path.partition("/")[2]](node)
        for name, _ in node.unknown():
            self.unknown[f"{path}/{name}"] += 1
            self._unknown += 1
        if self._unknown > self._limits.unknown:
            self._fail(node, f"there are more than {self._limits.unknown} elements that no dump has")

    def _take_time_stamp(self, node: Node) -> None:
        self.time_stamp = node.text.strip()

    def _take_layer(self, node: Node) -> None:
        fields = [(item.word("fieldKey"), item.word("dataType")) for item in node.know().items("field")]
        self.layers[named(node.word("layerKey"))] = tuple((named(field), data_type) for field, data_type in fields)

        if node.word("layerId"):
            self.layer_ids[named(node.word("layerKey"))] = self._number(node, "layerId", 16)

    def _take_callout(self, node: Node) -> None:
        key, (name, description) = named(node.know().word("calloutKey")), _display(node)
        layer, registered = named(node.word("applicableLayer")), "FWPM_CALLOUT_FLAG_REGISTERED" in _flags(node)
        self.callouts[key] = DumpCallout(key, name, layer, registered, description)

    def _take_context(self, node: Node) -> None:
        self._policy += node.size()
        if self._policy > self._limits.policy:
            self._fail(node, f"provider contexts have more than {self._limits.policy} elements")
        name, description = _display(node.know())
        self.contexts.append(
            DumpContext(
                key=named(node.word("providerContextKey")),
                name=name,
                description=description,
                type=node.word("type"),
                provider=named(node.word("providerKey")),
                flags=_flags(node),
                policy={each.tag: each.plain() for each in node.children if each.tag not in _CONTEXT_MEMBERS},
            )
        )

    def _take_session(self, node: Node) -> None:
        key, (name, _) = node.know().word("sessionKey"), _display(node)
        self.sessions.append(DumpSession(key, name, node.word("processId"), node.word("username"), _flags(node)))

    def _take_provider(self, node: Node) -> None:
        key, service = named(node.word("providerKey")), node.word("serviceName")
        node.child("providerData").know()
        name, description = _display(node)
        self.providers.append(DumpProvider(key, name, service, _flags(node), description))

    def _take_sublayer(self, node: Node) -> None:
        key, provider = named(node.word("subLayerKey")), named(node.word("providerKey"))
        node.child("providerData").know()
        name, description = _display(node)
        weight = self._number(node, "weight", 16)
        self.sublayers.append(DumpSublayer(key, name, provider, weight, _flags(node), description))

    def _take_filter(self, node: Node) -> None:
        name, description = _display(node)
        action, callee = node.child("action").word("type"), named(node.child("action").word("filterType"))
        context = node.word("providerContextKey")
        weight_type, weight = self._weight(node.child("weight"))
        node.child("reserved").know()
        node.child("providerData").know()
        conditions = [self._condition(item) for item in node.items("filterCondition")]
        found = DumpFilter(
            key=self._needed(node, "filterKey"),
            name=name,
            description=description,
            layer=named(self._needed(node, "layerKey")),
            sublayer=named(node.word("subLayerKey")),
            provider=named(node.word("providerKey")),
            weight_type=weight_type,
            weight=weight,
            effective_weight=self._weight(node.child("effectiveWeight"))[1] or 0,
            action=action,
            callout=callee if "CALLOUT" in action else "",
            raw_context=None if context else self._number(node, "rawContext", 64),
            provider_context_key=named(context),
            flags=_flags(node),
            conditions=tuple(condition for condition, _ in conditions),
            filter_id=self._number(node, "filterId", 64),
            extra=tuple((name, " ".join(leaf.text for leaf in each.leaves())) for name, each in node.unknown()),
            values=tuple(value for _, value in conditions),
        )
        self.filters.append(found)

    def _condition(self, item: Node) -> tuple[DumpCondition, Value | None]:
        """Return a condition: many filters have the same."""
        contents = item.contents()
        found = self._conditions.get(contents)
        if found is not None:
            item.know()
            return found
        found = read_condition(item)
        if len(self._conditions) < _MOST_CONDITIONS and not item.unknown():
            self._conditions[contents] = found
        return found

    def _weight(self, node: Node) -> tuple[str, int | None]:
        """Return the type and the number of a FWP_VALUE0 that is a weight; there is none of type FWP_EMPTY."""
        data_type = node.word("type") or "FWP_EMPTY"
        if data_type == "FWP_EMPTY":
            return data_type, None
        return data_type, self._number(node, data_type.removeprefix("FWP_").lower(), 64)

    def _number(self, node: Node, tag: str, bits: int) -> int:
        text = self._needed(node, tag)
        if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) >> bits == 0):
            self._fail(
                node, f"<{node.tag}> has the {tag} {in_quotes(visible(text[:40]))}, which is no number of {bits} bits"
            )
        return int(text)

    def _needed(self, node: Node, tag: str) -> str:
        return node.word(tag) or self._fail(node, f"<{node.tag}> has no {visible(tag[:40])}")

    def _fail(self, node: Node, message: str) -> NoReturn:
        remedy = "leave the file as netsh writes it"
        raise InputError(f"{self._path}, line {node.line}: {message}", remedy=remedy)


def _display(node: Node) -> tuple[str, str]:
    """Return the name and the description of an object."""
    display = node.child("displayData")
    return display.child("name").text, display.child("description").text


def _flags(node: Node) -> tuple[str, ...]:
    return tuple(item.text.strip() for item in node.items("flags"))
