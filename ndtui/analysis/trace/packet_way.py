"""Way: a packet's path through the layers with what each decides, and IKE's own path where a negotiation is started.

IKE's packets meet the same layers as any other packet, so they are traced like one; main mode and quick mode then find
their policy at the IKEEXT and IPSEC layers, by filters that refer to provider contexts.
Source: the scenario pages under https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration, and ike-exemptions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from ndtui.analysis.trace.matching import Values, failed
from ndtui.analysis.trace.tracer import Matching, Step, Trace, trace
from ndtui.analysis.traffic.outcome import PROTECTED, Role, path
from ndtui.analysis.traffic.packet import UDP, Packet
from ndtui.analysis.traffic.packet_flow import unmet_by
from ndtui.analysis.traffic.packet_values import taken_values
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.vocabulary.layers import IKEEXT, IPSEC, layer_name

_IKE_PORT = 500


class Station(NamedTuple):
    """A layer on the way; ``step`` is missing where this packet does not meet it, and ``why`` says why."""

    layer: str
    stem: str
    step: Step | None
    why: str = ""

    @property
    def role(self) -> Role | None:
        """What the deciding filter does; ``None`` where the layer is not met."""
        return None if self.step is None else self.step.role


class Stage(NamedTuple):
    """Main mode or quick mode: the layer at which its policy is looked up, and the filters that lead to it."""

    name: str
    layer: str
    filters: tuple[Filter, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """The keying modules that there is policy for."""
        return tuple(dict.fromkeys(map(module_of, self.filters)))


def module_of(each: Filter) -> str:
    """Return the keying module whose policy a filter leads to."""
    return each.origin.name if each.origin.element == "keying-module" else each.slot.part.partition(":")[0]


class Keying(NamedTuple):
    """How a negotiation goes: IKE's own first packet, traced, then its stages."""

    packet: Trace
    stages: tuple[Stage, ...]

    @property
    def passes(self) -> bool:
        """Whether IKE's own packet needs no protection itself, without which nothing is ever negotiated."""
        return self.packet.outcomes.peer_without_ipsec.first in ("exempt", "untouched", "clear")


class Way(NamedTuple):
    """The way of one packet; ``keying`` is missing where the packet starts no negotiation."""

    trace: Trace
    stations: tuple[Station, ...]
    keying: Keying | None

    @property
    def responsible(self) -> Matching | None:
        """The filter that the outcome is owed to."""
        return self.trace.responsible


def way_of(filterset: FilterSet, traced: Trace) -> Way:
    """Return the way of a packet that was traced under a filter set."""
    return Way(traced, tuple(_stations(traced)), _keying(filterset, traced))


def _stations(traced: Trace) -> Iterator[Station]:
    packet, reasons = traced.packet, unmet_layers(traced.packet)
    for stem in dict.fromkeys((*path(packet.direction), *(step.stem for step in traced.steps))):
        step = traced.step(stem)
        if stem.endswith("_IPPACKET") and (step is None or not step.filters):
            continue  # every packet meets it, and no policy of a scenario has anything there
        yield Station(layer_name(stem, packet.family), stem, step, reasons.get(stem, ""))


def unmet_layers(packet: Packet) -> Mapping[str, str]:
    """Return why a packet does not meet layers that others of its direction do, by their names without the family."""
    met = path(packet.direction, later=packet.later, kind=packet.kind)
    reasons = {each.stem: each.why for each in unmet_by(packet)}
    return {stem: reasons[stem] for stem in path(packet.direction) if stem not in met}


def _policy(filters: Iterable[Filter], values: Values) -> tuple[Filter, ...]:
    """Return the filters that lead to the policy of each keying module: the heaviest that match, those that tie too."""
    found: dict[str, list[Filter]] = {}
    for each in filters:
        if each.slot.role != "policy" or failed(each.conditions, values):
            continue
        best = found.setdefault(module_of(each), [])
        weight = effective_weight(each).value
        if best and effective_weight(best[0]).value < weight:
            best.clear()
        if not best or effective_weight(best[0]).value == weight:
            best.append(each)
    return tuple(chain.from_iterable(found.values()))


def _keying(filterset: FilterSet, traced: Trace) -> Keying | None:
    packet = traced.packet
    if traced.outcomes.peer_with_ipsec.settled not in PROTECTED:
        return None
    own = replace(packet, protocol=UDP, local_port=_IKE_PORT, remote_port=_IKE_PORT, icmp_type=None, icmp_code=None)
    own = replace(own, program="", later=False)  # a connection of its own, of IKE's own service
    stages = []
    values = taken_values(packet)
    for name, stem in (("main mode", IKEEXT), ("quick mode", IPSEC)):
        layer = layer_name(stem, packet.family)
        stages.append(Stage(name, layer, _policy(filterset.by_layer.get(layer, ()), values)))
    return Keying(trace(filterset, own), tuple(stages))
