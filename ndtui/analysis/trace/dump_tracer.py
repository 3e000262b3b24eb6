"""Trace on a machine: what its filters, as ``netsh wfp show`` lists them, would do with a packet and its connection.

A dump has conditions that a packet cannot answer, or does not: the account, the program, the interface. Such a filter
may decide or not, and everything that may come of it is followed. Effective weights are the machine's own.
Source: https://learn.microsoft.com/windows/win32/fwp/filter-arbitration
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter, DumpGroup, filters_in_order
from ndtui.analysis.trace.filter_effect import Callouts, effect_of, is_foreign, unregistered
from ndtui.analysis.trace.layer_values import SECURED, LayerValues, layer_values
from ndtui.analysis.trace.machine_matching import FLAGS, Assumed, match
from ndtui.analysis.traffic.arbitration import CLEAR_ACTION_RIGHT, Decision, possible_roles
from ndtui.analysis.traffic.outcome import BLOCKED, Course, Outcome, Outcomes, Role, outcomes, role
from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.traffic.packet_flow import AFTER, FlowLayer, Phase, flow_of
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    layer_name,
)


class Possible(NamedTuple):
    """A filter that may decide; ``undecided`` are the conditions of which a packet does not tell whether they hold."""

    filter: DumpFilter
    undecided: tuple[DumpCondition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MachineSublayer:
    """What may decide in one sublayer: ``deciding`` matches for certain, ``before`` are others that may decide.

    ``unregistered`` are those of them whose callout no driver has registered.
    """

    sublayer: str
    weight: int | None
    deciding: DumpFilter | None
    before: tuple[Possible, ...]
    unregistered: tuple[DumpFilter, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MachineStep:
    """One layer: what it may come to, one role where it is decided; ``count`` is how many filters it has.

    ``asleep`` are those of them that decide nothing once BFE is up; ``listed``: the file has the layer.
    """

    layer: str
    stem: str
    phase: Phase
    roles: tuple[Role, ...]
    sublayers: tuple[MachineSublayer, ...]
    count: int
    asleep: int = 0
    listed: bool = True

    @property
    def bears(self) -> bool:
        """Whether it is met before the packet is through, so that it decides about the packet itself."""
        return self.phase not in AFTER


@dataclass(frozen=True, slots=True, eq=False)
class MachineTrace:
    """What a machine would do with a packet: every outcome there may be, one where it is decided.

    ``passing`` are the outcomes there may be if every callout that nobody knows lets the packet on.
    """

    packet: Packet
    steps: tuple[MachineStep, ...]
    outcomes: tuple[Outcomes, ...]
    passing: tuple[Outcomes, ...]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken of callouts that nobody knows, and of conditions that are open."""

    callouts: Callouts = "open"
    conditions: Assumed | None = None


NONE = Assumptions()


def trace_machine(dump: Dump, packet: Packet, assumptions: Assumptions = NONE) -> MachineTrace:
    """Return what the machine of a dump would do with a packet and its connection, as far as its filters tell."""
    walk = _Walk(dump, packet)
    steps, found = walk.trace(packet, assumptions)
    passing = found
    if len(found) > 1 and assumptions.callouts == "open" and _has_foreign(steps):
        passing = walk.trace(packet, replace(assumptions, callouts="pass"))[1]
    return MachineTrace(packet, steps, found, passing)


def _has_foreign(steps: Sequence[MachineStep]) -> bool:
    return any(is_foreign(each) for step in steps for own in step.sublayers for each in deciders(own))


def deciders(sublayer: MachineSublayer) -> Iterator[DumpFilter]:
    """Yield the filters of a sublayer that decide, or may."""
    yield from (possible.filter for possible in sublayer.before)
    if sublayer.deciding is not None:
        yield sublayer.deciding


class _Walk:
    """The layers of a packet's flow with their filters in order, found once for every way of asking."""

    def __init__(self, dump: Dump, packet: Packet) -> None:
        self._dump = dump
        self._flow = flow_of(packet)
        names = {step.stem: layer_name(step.stem, packet.family) for step in self._flow}
        self._groups: dict[str, tuple[DumpGroup, ...]] = {
            stem: filters_in_order(dump, name) if name in dump.layers else () for stem, name in names.items()
        }

    def trace(self, packet: Packet, assumptions: Assumptions) -> tuple[tuple[MachineStep, ...], tuple[Outcomes, ...]]:
        """Return the steps, and every outcome there may be.

        Where filters ask whether IPsec protects the packet and it does not say, it is clear at first and with a peer
        that cannot negotiate, and protected with one that can once that has succeeded.
        """
        steps = self._steps(packet, assumptions)
        if packet.said.secured is not None or not self._asks_for_ipsec(steps):
            return steps, _outcomes(packet, steps)
        either = [
            _outcomes(packet, self._steps(replace(packet, said=replace(packet.said, secured=so)), assumptions))
            for so in (False, True)
        ]
        return steps, tuple(dict.fromkeys(_by_peer(clear, secured) for clear, secured in product(*either)))

    def _asks_for_ipsec(self, steps: Sequence[MachineStep]) -> bool:
        """Tell whether an open filter on the packet's own way asks whether IPsec protects it."""
        numbers = (
            value.low
            for step in steps
            if step.bears
            for own in step.sublayers
            for possible in own.before
            for condition, value in zip(possible.filter.conditions, possible.filter.values, strict=True)
            if condition in possible.undecided and condition.field == FLAGS and value is not None
        )
        return any(number & SECURED for number in numbers)

    def _steps(self, packet: Packet, assumptions: Assumptions) -> tuple[MachineStep, ...]:
        return tuple(self._step(packet, each, assumptions) for each in self._flow)

    def _step(self, packet: Packet, met: FlowLayer, assumptions: Assumptions) -> MachineStep:
        groups = self._groups[met.stem]
        known = layer_values(packet, met)
        sublayers = tuple(self._sublayer(group, known, assumptions) for group in groups)
        filters = [each for group in groups for each in group.filters]
        asleep = sum(effect_of(each, self._dump, "open") == "asleep" for each in filters)
        roles = self._roles(met.stem, sublayers, assumptions)
        layer = layer_name(met.stem, packet.family)
        listed = layer in self._dump.layers
        return MachineStep(layer, met.stem, met.phase, roles, sublayers, len(filters), asleep, listed)

    def _sublayer(self, group: DumpGroup, known: LayerValues, assumptions: Assumptions) -> MachineSublayer:
        before: list[Possible] = []
        deciding = None
        for each in group.filters:
            if deciding is not None and each.effective_weight < deciding.effective_weight:
                break  # of equal weight, which one decides is undefined
            effect = effect_of(each, self._dump, assumptions.callouts)
            if effect in ("asleep", "goes-on"):
                continue
            answer, undecided = match(each, known, assumptions.conditions)
            if answer == "yes" and deciding is None and effect != "may-go-on":
                deciding = each
            elif answer != "no":  # a callout of type UNKNOWN may decide, and may let the next filter do it
                before.append(Possible(each, undecided))
        found = MachineSublayer(group.sublayer, group.sublayer_weight, deciding, tuple(before))
        unheard = tuple(each for each in deciders(found) if unregistered(each, self._dump))
        return replace(found, unregistered=unheard) if unheard else found

    def _roles(self, stem: str, sublayers: Sequence[MachineSublayer], assumptions: Assumptions) -> tuple[Role, ...]:
        """Return what a layer may come to, whatever its sublayers may decide."""
        choices = [tuple(dict.fromkeys(self._decisions(stem, own, assumptions))) for own in sublayers]
        found: dict[Role, None] = {}
        for each in possible_roles(stem, choices):
            found.update(dict.fromkeys(_OTHERS if each == "callout:other" else (each,)))
        return tuple(found)

    def _decisions(self, stem: str, own: MachineSublayer, assumptions: Assumptions) -> Iterator[Decision | None]:
        yield from (self._decision(stem, possible.filter, assumptions) for possible in own.before)
        yield None if own.deciding is None else self._decision(stem, own.deciding, assumptions)

    def _decision(self, stem: str, each: DumpFilter, assumptions: Assumptions) -> Decision:
        effect = effect_of(each, self._dump, assumptions.callouts)
        hard = CLEAR_ACTION_RIGHT in each.flags
        if effect in ("permit", "block"):
            return Decision("exempt" if effect == "permit" else "block", hard)
        return Decision(role(stem, each.action, each.callout, each.raw_context or 0), hard)


_OTHERS: tuple[Role, ...] = ("exempt", "block")
"""What a callout of another's may do: let pass, or block."""
_DECIDING = (INBOUND_TRANSPORT, OUTBOUND_TRANSPORT, ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT)
_PASSED: tuple[Outcome, ...] = ("exempt", "untouched", "clear")


def _outcomes(packet: Packet, steps: Sequence[MachineStep]) -> tuple[Outcomes, ...]:
    """Return every outcome there may be; of layers where nothing but a block counts it counts only once."""
    deciding = [step for step in steps if step.bears and step.stem in _DECIDING]
    others = [step for step in steps if step.bears and step.stem not in _DECIDING]
    if any(step.roles == ("block",) for step in others):
        return (BLOCKED,)
    found: dict[Outcomes, None] = {}
    for roles in product(*(step.roles for step in deciding)):
        found[outcomes(packet.direction, dict(zip((step.stem for step in deciding), roles, strict=True)))] = None
    if any("block" in step.roles for step in others):
        found[BLOCKED] = None
    return tuple(found)


def _by_peer(clear: Outcomes, secured: Outcomes) -> Outcomes:
    """Return what becomes of a packet that is clear with the one peer, and protected in the end with the other."""
    settled = secured.peer_with_ipsec.settled
    return Outcomes(
        Course(clear.peer_with_ipsec.first, "protected" if settled in _PASSED else settled),
        Course(clear.peer_without_ipsec.first, clear.peer_without_ipsec.settled),
    )


def undecided_fields(steps: Sequence[MachineStep]) -> Mapping[str, int]:
    """Return the fields that leave a packet open, and how many filters ask for each."""
    found: dict[str, int] = {}
    for step in steps:
        for sublayer in step.sublayers if step.bears else ():
            for possible in sublayer.before:
                for field in dict.fromkeys(condition.field for condition in possible.undecided):
                    found[field] = found.get(field, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
