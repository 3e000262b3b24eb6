"""The rules of a design as findings look at them: which are on, what they reach, and where they stand."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from ndtui.analysis.check.every_host import every_host_in
from ndtui.analysis.packet_sets.box import Box, box_of, meet
from ndtui.common.text import in_quotes
from ndtui.model.compiled.conditions import Traffic, traffic_conditions
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.rule import Rule
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import (
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    PROTECTED_LAYERS,
    Family,
)

Boxes = dict[Family, Box]

#: The protocols of IPsec itself, by number.
IPSEC_ITSELF: Mapping[str | int, str] = {50: "ESP", 51: "AH"}


def enabled(design: Design) -> tuple[Rule, ...]:
    """Return the rules that are on."""
    return tuple(rule for rule in design.rules if rule.enabled)


def protecting(design: Design) -> tuple[Rule, ...]:
    """Return the rules that are on and protect by themselves."""
    return tuple(rule for rule in enabled(design) if MODES[rule.mode].protects)


def protected_stems(design: Design) -> frozenset[str]:
    """Return the layers of Microsoft's scenarios at which some rule that protects has filters."""
    stems = {stem for rule in protecting(design) for stem in rule.stems}
    return frozenset(stem for stem in PROTECTED_LAYERS if stem in stems)


def place_of(rule: Rule, field: str = "scenario") -> Origin:
    """Return where something is said about a rule: the field, as ever, where it is the base rule."""
    return Origin(field) if rule.is_base else Origin.rule(rule.name)


def whose(rule: Rule) -> str:
    """Return what a message about a rule begins with; nothing for the base rule."""
    return "" if rule.is_base else f"Rule {in_quotes(rule.name)}: "


def requires_inbound(rule: Rule) -> bool:
    """Whether it drops inbound connections that are not protected."""
    return ALE_AUTH_RECV_ACCEPT in rule.stems or (MODES[rule.mode].protects and not MODES[rule.mode].accepts_clear)


def dropping_stems(rule: Rule) -> frozenset[str]:
    """Return the layers at which it drops a connection that comes in in clear, or what is answered to it in clear.

    Negotiation discovery lets clear packets pass both transport layers, and holds connections to its demand at
    ALE_AUTH_RECV_ACCEPT. Source: https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration and its pages.
    """
    mode = MODES[rule.mode]
    inbound = mode.protects and not mode.accepts_clear and not mode.requires_at_accept
    stems = {INBOUND_TRANSPORT: inbound, OUTBOUND_TRANSPORT: mode.protects and not mode.sends_clear}
    return frozenset(stem for stem, drops in stems.items() if drops) | (rule.stems & {ALE_AUTH_RECV_ACCEPT})


def inbound_dropping_stems(rule: Rule) -> frozenset[str]:
    """Return the layers at which it drops what comes in in clear."""
    return dropping_stems(rule) - {OUTBOUND_TRANSPORT}


def whole_families(rule: Rule, families: Iterable[Family]) -> tuple[Family, ...]:
    """Return those of a design's families in which no address limits it: it is for every peer there is."""
    scope = rule.scope
    return every_host_in(scope.reach(families), scope.local_addresses, scope.remote_addresses)


def boxes_of_traffic(traffic: Traffic, families: Iterable[Family]) -> Boxes:
    """Return what traffic is in protocol, addresses and ports, for each address family it reaches."""
    found: Boxes = {}
    for family in families:
        box = box_of(traffic_conditions(traffic, family), family)
        if box is not None:
            found[family] = box
    return found


def scope_boxes(scope: Scope, families: Iterable[Family]) -> Boxes:
    """Return what a scope is in protocol, addresses and ports; without ports where either of them is enough."""
    ported = scope.model_copy(update={"local_ports": (), "remote_ports": ()}) if scope.either_port else scope
    return boxes_of_traffic(ported, scope.reach(families))


class Reaching(NamedTuple):
    """Rules with what they reach, to ask which of them an exemption is an exemption from."""

    rules: tuple[tuple[Rule, Boxes], ...]
    families: tuple[Family, ...]

    @classmethod
    def of(cls, design: Design, rules: Iterable[Rule]) -> "Reaching":
        """Return rules of a design with what they reach."""
        return cls(tuple((rule, scope_boxes(rule.scope, design.families)) for rule in rules), design.families)

    def touched_by(self, exemption: Exemption) -> Iterator[Rule]:
        """Return the rules that traffic of an exemption is in scope of."""
        if all(rule.scope.is_everything for rule, _ in self.rules):
            yield from (rule for rule, _ in self.rules)
            return
        own = boxes_of_traffic(exemption, exemption.reach(self.families))
        for rule, boxes in self.rules:
            if not (
                _in_common(rule.scope.profiles, exemption.profiles)
                and _in_common(rule.scope.interfaces, exemption.interfaces)
            ):
                continue
            if any(family in boxes and meet(box, boxes[family]) is not None for family, box in own.items()):
                yield rule


def _in_common(one: Collection[str], other: Collection[str]) -> bool:
    """Tell whether two choices of networks have one in common; none named is every one."""
    return not one or not other or not set(one).isdisjoint(other)
