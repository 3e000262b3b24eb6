"""Both ways: what becomes of traffic in and out, with a peer that has IPsec and with one that has not, rule by rule.

It is traced, not remembered: each rule is told by packets that no other rule takes, without the exemptions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ndtui.analysis.trace.tracer import trace
from ndtui.analysis.traffic.examples import START, in_scope
from ndtui.analysis.traffic.outcome import Course, Direction, Outcomes
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_phrase import scope_words
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name

if TYPE_CHECKING:
    from ndtui.analysis.packet_sets.rule_layers import RuleLayers

#: Boxes that are looked at to find packets of the rules that are told.
_EFFORT = 50_000
_START_V6 = "in tcp [2001:db8::5]:51000 -> [2001:db8::9]:443"
_DIRECTIONS: tuple[Direction, ...] = ("in", "out")


class Way(NamedTuple):
    """What becomes of a rule's traffic in one direction."""

    direction: Direction
    outcomes: Outcomes

    @property
    def words(self) -> tuple[str, str]:
        """The same in words, with a peer that has IPsec, and with one that has not: ``blocked, then protected``."""
        first, second = map(_words, self.outcomes)
        return first, second


def _words(course: Course) -> str:
    return course.first if course.first == course.settled else f"{course.first}, then {course.settled}"


class ToldRule(NamedTuple):
    """A rule, its traffic in words, and what becomes of that; nothing where no packet of a design's families has it."""

    name: str
    traffic: str
    ways: tuple[Way, ...]


class BothWays(NamedTuple):
    """What a policy does: the rules that are enabled, as far as they are told, and how many more there are.

    ``is_one``: it is one rule for all traffic. ``elsewhere``: there is traffic that no rule is for, left untouched.
    """

    rules: tuple[ToldRule, ...]
    more: int
    is_one: bool
    elsewhere: bool


def both_ways(filterset: FilterSet, most: int) -> BothWays:
    """Return what becomes of traffic that no exemption matches, by at most so many rules."""
    bare, design = filterset.without_exemptions, filterset.design
    rules = [rule for rule in design.rules if rule.enabled]
    if len(rules) == 1 and rules[0].scope.is_everything:
        packet = parse_packet(START if "V4" in design.families else _START_V6)
        told = [ToldRule(rules[0].name, "all unicast traffic", tuple(_ways(bare, packet)))]
        return BothWays(tuple(told), 0, is_one=True, elsewhere=False)
    elsewhere = not any(MODES[rule.mode].protects and rule.scope.is_everything for rule in rules)
    return BothWays(tuple(_told(bare, rules[:most])), max(0, len(rules) - most), is_one=False, elsewhere=elsewhere)


def _told(bare: FilterSet, rules: Sequence[Rule]) -> Iterator[ToldRule]:
    """Yield the rules with what becomes of their traffic: of what no rule takes that stands above."""
    from ndtui.analysis.packet_sets.effort import Effort  # noqa: PLC0415
    from ndtui.analysis.packet_sets.rule_layers import RuleLayers  # noqa: PLC0415 - most designs have one rule

    layers = RuleLayers(bare, Effort(_EFFORT))
    for rule in rules:
        packets = (_own_packet(layers, rule, direction) for direction in _DIRECTIONS)
        ways = tuple(Way(packet.direction, trace(bare, packet).outcomes) for packet in packets if packet is not None)
        yield ToldRule(rule.name, scope_words(rule.scope) or "all unicast traffic", ways)


def _own_packet(layers: "RuleLayers", rule: Rule, direction: Direction) -> Packet | None:
    """Return a packet of a rule in a direction that no other takes; where others take all, any that the rule is for."""
    from ndtui.analysis.packet_sets.effort import UndecidedError  # noqa: PLC0415
    from ndtui.analysis.packet_sets.rule_layers import CONNECTION, TRANSPORT  # noqa: PLC0415
    from ndtui.analysis.packet_sets.rule_layers import Way as WayOfFamily  # noqa: PLC0415

    families = layers.design.families
    try:
        for family, stem in product(families, (TRANSPORT[direction], CONNECTION[direction])):
            callouts = [each for each in layers.at(stem, family) if not each.kind]
            for own in (each for each in callouts if each.rule == rule.name):
                above = [each for each in callouts if each.rule != rule.name and each.weight >= own.weight]
                packet = layers.packet(WayOfFamily(direction, family), stem, own.box, above)
                if packet is not None:
                    return packet
    except UndecidedError:
        pass  # then what is told is told of some packet of the rule, as where all of it is taken
    packet = in_scope(rule.scope, families)
    return None if packet is None else replace(packet, direction=direction)


def _ways(bare: FilterSet, packet: Packet) -> Iterator[Way]:
    """Yield what becomes of a packet with these ends, whichever way it goes."""
    for direction in _DIRECTIONS:
        yield Way(direction, trace(bare, replace(packet, direction=direction)).outcomes)


def left_out(design: Design) -> dict[str, list[str]]:
    """Return the names of the exemptions that are enabled, by how far they leave traffic out, in words."""
    enabled = [each for each in design.exemptions if each.enabled]
    parts = {
        "in clear both ways": [each.name for each in enabled if not each.program],
        "for one program, as far as ALE decides": [each.name for each in enabled if each.program],
    }
    return {words: names for words, names in parts.items() if names}


def negotiates_words(design: Design) -> str:
    """Return what a design negotiates with, in a line."""
    modules = " before ".join(reversed(design.keying_modules))
    methods = {
        short_name(m.method) for module in design.keying_modules for m in design.main_mode.authentication(module)
    }
    families = " and ".join(f"IP{family.lower()}" for family in design.families)
    return f"{modules}, {', '.join(sorted(methods))}; {families}, unicast"
