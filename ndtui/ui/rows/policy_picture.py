"""What a policy does, in a few lines: in and out, with a peer that has IPsec and with one that has not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ndtui.analysis.trace.tracer import trace
from ndtui.analysis.traffic.examples import START, in_scope
from ndtui.analysis.traffic.outcome import Course, Direction
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import shortened, visible
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, change
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_phrase import scope_words
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name

#: Cells of the column for peers that have IPsec.
_PEER = 25
_START_V6 = "in tcp [2001:db8::5]:51000 -> [2001:db8::9]:443"
_MOST = 6
#: So many rules are told of; the list of rules has them all.
_MOST_RULES = 4


def policy_picture(design: Design) -> list[Line]:
    """Return what becomes of traffic that no exemption matches, and what is left out; traced, not remembered.

    A design of one rule for all traffic says just that; of others each rule is told by a packet of its own.
    """
    bare = compile_design(change(design, exemptions=(), assertions=(), suppressions=()))
    rules = [rule for rule in design.rules if rule.enabled]
    lines = [Line("", f"{'peer with IPsec':<{_PEER}}peer without IPsec")]
    if len(rules) == 1 and rules[0].scope.is_everything:
        lines += _both_ways(bare, parse_packet(START if "V4" in design.families else _START_V6))
    else:
        lines += _rule_by_rule(bare, rules)
    return [*lines, Line("Exempt", _exempt(design)), Line("Negotiates", _negotiates(design))]


def _rule_by_rule(bare: FilterSet, rules: Sequence[Rule]) -> Iterator[Line]:
    for rule in rules[:_MOST_RULES]:
        yield Line("Rule", f"{shortened(visible(rule.name), 30)}: {scope_words(rule.scope) or 'all unicast traffic'}")
        packet = in_scope(rule.scope, bare.design.families)
        if packet is not None:
            yield from _both_ways(bare, packet)
    if len(rules) > _MOST_RULES:
        yield Line("", f"and {len(rules) - _MOST_RULES} more")
    if not any(MODES[rule.mode].protects and rule.scope.is_everything for rule in rules):
        yield Line("Elsewhere", "untouched: no rule is for it")


def _both_ways(bare: FilterSet, packet: Packet) -> Iterator[Line]:
    """Yield what becomes of a packet with these ends, whichever way it goes."""
    ways: tuple[tuple[str, Direction], ...] = (("In  -->", "in"), ("Out <--", "out"))
    for label, direction in ways:
        traced = trace(bare, replace(packet, direction=direction))
        first, second = map(_words, traced.outcomes)
        yield Line(label, f"{first:<{_PEER}}{second}")


def _words(course: Course) -> str:
    return course.first if course.first == course.settled else f"{course.first}, then {course.settled}"


def _exempt(design: Design) -> str:
    enabled = [each for each in design.exemptions if each.enabled]
    parts = {
        "in clear both ways": [each.name for each in enabled if not each.program],
        "for one program, as far as ALE decides": [each.name for each in enabled if each.program],
    }
    said = [f"{words}: {_some(names)}" for words, names in parts.items() if names]
    return "; ".join(said) or "nothing: not even ICMP"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{', '.join(shortened(visible(name), 30) for name in names[:_MOST])}{more}"


def _negotiates(design: Design) -> str:
    modules = " before ".join(reversed(design.keying_modules))
    methods = {
        short_name(m.method) for module in design.keying_modules for m in design.main_mode.authentication(module)
    }
    families = " and ".join(f"IP{family.lower()}" for family in design.families)
    return f"{modules}, {', '.join(sorted(methods))}; {families}, unicast"
