"""Findings about rules that overlap: which of them decides, layer by layer, each with a packet that shows it."""

from collections.abc import Callable, Iterator
from functools import partial

from ndtui.analysis.check.finding import Finding, Rule, some_names
from ndtui.analysis.check.rule_places import place_of
from ndtui.analysis.check.undecided import undecided
from ndtui.analysis.packet_sets.box import meet
from ndtui.analysis.packet_sets.cover import uncovered
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.rule_layers import CONNECTION, TRANSPORT, Held, RuleLayers, Way
from ndtui.analysis.packet_sets.traffic_sets import on_the_network
from ndtui.analysis.traffic.packet import Packet
from ndtui.common.text import in_quotes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.scenarios.catalogue import ENCRYPT, MODES
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, IKEEXT, IPSEC, stem_of
from ndtui.model.vocabulary.pages import PAGES

_TOLD_APART = "Tell the rules apart by addresses or profiles, or let both negotiate alike."
_WHY = {
    ALE_AUTH_RECV_ACCEPT: "A boundary has no filter at ALE_AUTH_RECV_ACCEPT, so that what it accepts in clear is held "
    "to the other rule's filter there, and dropped.",
    IPSEC: "IPSEC has no field for the type of an interface, and weighs the others differently: quick mode is "
    "negotiated as the other rule has it.",
    IKEEXT: "IKEEXT cannot tell protocols, ports and types of interfaces apart: main mode is negotiated as the other "
    "rule has it.",
}


def disagreements(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """Two rules overlap, and at one layer the one decides, at another the other."""
    layers = RuleLayers(filterset, effort)
    found: dict[tuple[str, str], dict[str, Packet]] = {}
    for way in layers.ways if len(layers.rules) > 1 else ():
        for one in layers.at(TRANSPORT[way.direction], way.family):
            _disagreeing(layers, way, one, found)
    for (name, other), at in found.items():
        packet = next(iter(at.values()))
        names = " and ".join(short_name(stem) for stem in at)
        yield Finding(
            "rules-disagree",
            "warning",
            place_of(layers.rules[name]),
            f"Rule {in_quotes(name)} decides over {packet} at the transport layer, rule {in_quotes(other)} at {names}",
            " ".join(_WHY[stem] for stem in at),
            "Give the two rules addresses that have none in common." if ALE_AUTH_RECV_ACCEPT in at else _TOLD_APART,
            PAGES["conditions"],
        )


def _disagreeing(layers: RuleLayers, way: Way, one: Held, found: dict[tuple[str, str], dict[str, Packet]]) -> None:
    """Note the layers at which another rule decides over packets that one decides over at the transport layer."""
    stem = TRANSPORT[way.direction]
    heavier = [each for each in layers.at(stem, way.family) if each.weight > one.weight and each.rule != one.rule]
    for at, other in _rivals(layers, way, one):
        if at in found.get((one.rule, other.rule), {}):
            continue
        packet = layers.packet(way, stem, meet(one.box, other.box), heavier)
        if packet is None:
            continue
        winners = layers.deciding(at, packet, other.kind)
        if not any(_suits(layers, one, each) for each in winners):
            found.setdefault((one.rule, winners[0].rule), {}).setdefault(at, packet)


def _rivals(layers: RuleLayers, way: Way, one: Held) -> Iterator[tuple[str, Held]]:
    """Return the filters at other layers by which another rule may decide."""
    rule = layers.rules[one.rule]
    accept = CONNECTION[way.direction]
    if accept == ALE_AUTH_RECV_ACCEPT and MODES[rule.mode].accepts_clear and accept not in rule.stems:
        yield from ((accept, each) for each in layers.at(accept, way.family) if not _suits(layers, one, each))
    for stem, kind in layers.kinds:
        for each in layers.at(stem, way.family):
            if each.kind == kind and not _suits(layers, one, each):
                yield stem, each


def _suits(layers: RuleLayers, one: Held, other: Held) -> bool:
    """Tell whether a filter at another layer does what the rule of one at a transport layer means."""
    if other.kind:
        return layers.contexts.get(one.rule, {}).get(other.kind) == other.filter.slot.context
    return other.rule == one.rule or not MODES[layers.rules[other.rule].mode].protects


def outranked(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """What a rule adds at the ALE layers counts only where its filter decides there."""
    layers = RuleLayers(filterset, effort)
    said: set[tuple[str, str]] = set()
    for way in layers.ways if len(layers.rules) > 1 else ():
        stem = CONNECTION[way.direction]
        held = layers.at(stem, way.family)
        for one in held:
            for other in held:
                if other.weight <= one.weight or (one.rule, other.rule) in said:
                    continue
                what = _lost(layers.rules[one.rule], layers.rules[other.rule], one)
                region = meet(one.box, other.box) if what else None
                heavier = [each for each in held if each.weight > other.weight and each.rule != other.rule]
                packet = layers.packet(way, stem, region, heavier)
                if packet is not None:
                    said.add((one.rule, other.rule))
                    yield Finding(
                        "outranked-rule",
                        "warning",
                        place_of(layers.rules[one.rule]),
                        f"Rule {in_quotes(other.rule)} outranks rule {in_quotes(one.rule)} at "
                        f"{short_name(stem)} for {packet}: {what} of "
                        f"{in_quotes(one.rule)} does not count there",
                        "One filter decides at a layer, the heavier; what another one asks for is not added to it.",
                        _say_too(layers.rules[one.rule], layers.rules[other.rule]),
                        PAGES["filter-arbitration"],
                    )


def _say_too(rule: DesignRule, other: DesignRule) -> str:
    """Return what helps a rule that another outranks: not to outrank that one in turn, where it adds something too."""
    adds = other.encryption != "none" or other.is_identified
    if adds:
        return f"Say it in rule {in_quotes(other.name)} too, or narrow that one down."
    return (
        f"Say it in rule {in_quotes(other.name)} too, narrow that one down, or give "
        f"{in_quotes(rule.name)} a higher weight range."
    )


def _lost(rule: DesignRule, other: DesignRule, one: Held) -> str:
    """Return in words what a rule asks for by a filter and another rule does not; empty for nothing."""
    if rule.name == other.name:
        return ""
    if one.filter.slot.role == "block" and (rule.machines, rule.users) != (other.machines, other.users):
        return "who may connect"
    encrypts = one.filter.slot.raw_context_name == ENCRYPT
    return "guaranteed encryption" if encrypts and other.encryption == "none" else ""


def equal_weights(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """Of filters with equal weight that match the same packet it is not documented which decides."""
    layers = RuleLayers(filterset, effort)
    found: dict[tuple[str, str], tuple[Held, Held, Packet, list[str]]] = {}
    for family in filterset.design.families:
        for layer in (each for each in filterset.by_layer if each.endswith(family)):
            stem = stem_of(layer)
            way = next((each for each in layers.ways if stem in _met(each) and each.family == family), None)
            way = way or Way("out", family)
            for one, other in _ties(layers.at(stem, family)):
                key = (one.rule, other.rule)
                both = meet(one.box, other.box)
                if key in found and both is not None:
                    found[key][3].extend([] if stem in found[key][3] else [stem])
                    continue
                packet = layers.packet(way, stem, both, ())
                if packet is not None:
                    found[key] = (one, other, packet, [stem])
    for one, other, packet, stems in found.values():
        yield Finding(
            "equal-weights",
            "warning",
            other.filter.origin,
            f"{in_quotes(one.filter.name)} and {in_quotes(other.filter.name)} match {packet} and weigh the same at "
            f"{', '.join(map(short_name, stems))}",
            "The first matching filter of a sublayer decides; which of equal ones is first is not documented."
            + (" A condition that a layer does not have is left out there." if {IKEEXT, IPSEC} & {*stems} else ""),
            _untied(filterset.design, (one.rule, other.rule), stems),
            PAGES["filter-weight"],
        )


def _untied(design: Design, names: tuple[str, str], stems: list[str]) -> str:
    """Return what helps against a tie: where only policy ties, for want of conditions, weight would tie rules anew."""
    scopes = [rule.scope for rule in design.rules if rule.name in names]
    lacking = any(scope.interfaces or (IKEEXT in stems and scope.protocol != "any") for scope in scopes)
    if {*stems} <= {IKEEXT, IPSEC} and lacking:
        return _TOLD_APART
    return "Give one of them a weight range of its own."


def _met(way: Way) -> tuple[str, str]:
    return TRANSPORT[way.direction], CONNECTION[way.direction]


def _ties(held: tuple[Held, ...]) -> Iterator[tuple[Held, Held]]:
    """Return pairs of filters of one layer that weigh the same and do different things."""
    for number, other in enumerate(held):
        for one in reversed(held[:number]):
            if one.weight != other.weight:
                break
            if one.filter.slot.sublayer == other.filter.slot.sublayer and _differ(one, other):
                yield one, other


def _differ(one: Held, other: Held) -> bool:
    mine, theirs = one.filter.slot, other.filter.slot
    return one.kind == other.kind and (mine.callout, mine.raw_context_name, mine.action, mine.context) != (
        theirs.callout,
        theirs.raw_context_name,
        theirs.action,
        theirs.context,
    )


def shadowed(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """A rule whose traffic is all decided over by others changes nothing."""
    layers = RuleLayers(filterset, effort)
    for rule in layers.rules.values() if len(layers.rules) > 1 else ():
        by = _covering(layers, rule)
        if by:
            yield Finding(
                "shadowed-rule",
                "warning",
                place_of(rule),
                f"Rule {in_quotes(rule.name)} changes nothing: heavier filters of {some_names(by)} match "
                f"all of its traffic",
                "At each layer the heaviest filter that matches decides, and that is never one of this rule.",
                "Delete it, narrow down what covers it, or give it a higher weight range.",
                PAGES["filter-arbitration"],
            )


def _covering(layers: RuleLayers, rule: DesignRule) -> list[str]:
    """Return the rules whose filters are before all of a rule's; empty where one of its filters decides somewhere.

    Raises:
        UndecidedError: to find out takes too much effort.
    """
    names: dict[str, None] = {}
    own = layers.contexts.get(rule.name)
    for way in layers.ways:
        space = on_the_network(way.direction, way.family)
        for stem in _met(way):
            held = layers.at(stem, way.family)
            for number, one in enumerate(held):
                region = meet(one.box, space) if one.rule == rule.name else None
                if region is None:
                    continue
                before = [
                    each
                    for place, each in enumerate(held)
                    if _is_before(each, one, earlier=place < number and layers.contexts.get(each.rule) == own)
                ]
                if not before or uncovered(region, [each.box for each in before], layers.effort) is not None:
                    return []
                names |= dict.fromkeys(each.rule for each in before if meet(each.box, region) is not None)
    return list(names)


def _is_before(other: Held, one: Held, *, earlier: bool) -> bool:
    """Tell whether the filter of another rule decides before one does; or as it does, by an earlier rule."""
    alike = earlier and other.box == one.box and not _differ(other, one)
    return other.rule != one.rule and (other.weight > one.weight or alike)


_Search = Callable[[FilterSet, Effort], Iterator[Finding]]
_QUESTIONS: dict[_Search, str] = {
    disagreements: "whether at every layer the same of two rules decides",
    outranked: "whether all that rules add counts",
    equal_weights: "whether filters of equal weight match the same packets",
    shadowed: "whether a rule is covered by others",
}


def _asked(filterset: FilterSet, rule: _Search, effort: Effort) -> Iterator[Finding]:
    try:
        yield from rule(filterset, effort)
    except UndecidedError:
        yield undecided(Origin("rules"), _QUESTIONS[rule])


def rules(effort: Effort) -> tuple[Rule, ...]:
    """Return the rules, each with a part of an effort."""
    return tuple(partial(_asked, rule=each, effort=effort.part(effort.left // len(_QUESTIONS))) for each in _QUESTIONS)
