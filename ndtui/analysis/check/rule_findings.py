"""Findings about what one rule says: encryption, additions to what others protect, conditions that a layer lacks."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from ndtui.analysis.check.cited_pages import ACCESS_LISTS, CALLOUT_DRIVERS
from ndtui.analysis.check.every_host import has_hosts
from ndtui.analysis.check.finding import Finding, Rule, Severity
from ndtui.analysis.check.held_at_connect import held_at_connect
from ndtui.analysis.check.rule_places import IPSEC_ITSELF, enabled, place_of, protecting, scope_boxes, whose
from ndtui.analysis.check.undecided import undecided
from ndtui.analysis.packet_sets.box import meet
from ndtui.analysis.packet_sets.effort import Effort, UndecidedError
from ndtui.analysis.packet_sets.rule_layers import CONNECTION, TRANSPORT, RuleLayers
from ndtui.common.text import in_quotes
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.access_list import AccessEntry, entries_of, entry_words
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.rule import Rule as DesignRule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.pages import PAGES


def encryption_offered(filterset: FilterSet) -> Iterator[Finding]:
    """Guaranteed encryption needs proposals that encrypt."""
    design = filterset.design
    for rule in enabled(design):
        if rule.encryption == "none":
            continue
        for source in _negotiating(design, rule):
            said = negotiation_of(design, source)
            offered = dict.fromkeys(map(said.quick_mode.offers, said.keying_modules))
            proposals = tuple(chain.from_iterable(offered))
            plain = [n for n, each in enumerate(proposals, 1) if not any(t.cipher for t in each.transforms)]
            if len(plain) == len(proposals):
                yield _finding(
                    "encryption-not-offered",
                    rule,
                    f"Encryption is guaranteed, and no quick mode proposal {_of(source)}encrypts",
                    "Nothing that is negotiated is let through: the connections are dropped.",
                    "Offer IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER.",
                )
                break
            if plain:
                yield _finding(
                    "encryption-optional",
                    rule,
                    f"Encryption is guaranteed, and quick mode proposal {', '.join(map(str, plain))} "
                    f"{_of(source)}does not encrypt",
                    "A peer that agrees on it is protected and not encrypted, and its connections are dropped.",
                    "Leave proposals that only authenticate out, or put them into a negotiation of another rule.",
                )
                break


def _of(source: DesignRule) -> str:
    return "" if source.is_base or source.negotiation is None else f"of rule {in_quotes(source.name)} "


def _finding(kind: str, rule: DesignRule, message: str, why: str, remedy: str) -> Finding:
    severity: Severity = "error" if kind == "encryption-not-offered" else "warning"
    return Finding(kind, severity, place_of(rule), f"{whose(rule)}{message}", why, remedy, PAGES["encryption"])


def _negotiating(design: Design, rule: DesignRule) -> Iterator[DesignRule]:
    """Return the rules whose policy a rule's traffic is negotiated with: itself, or those that protect it."""
    if MODES[rule.mode].protects:
        yield rule
        return
    own = scope_boxes(rule.scope, design.families)
    for each in protecting(design):
        theirs = scope_boxes(each.scope, design.families)
        if any(meet(box, theirs[family]) is not None for family, box in own.items() if family in theirs):
            yield each


def addition_unprotected(filterset: FilterSet, effort: Effort) -> Iterator[Finding]:
    """A rule that leaves protection to others needs others that protect all of its traffic."""
    layers = RuleLayers(filterset, effort)
    adding = {rule.name for rule in layers.rules.values() if not MODES[rule.mode].protects}
    said: set[str] = set()
    for way in layers.ways if adding else ():
        stem, transport = CONNECTION[way.direction], TRANSPORT[way.direction]
        for one in layers.at(stem, way.family):
            if one.rule not in adding - said:
                continue
            rule = layers.rules[one.rule]
            try:
                packet = layers.packet(way, transport, one.box, layers.at(transport, way.family))
            except UndecidedError:
                yield undecided(
                    place_of(rule), f"whether other rules protect all traffic of rule {in_quotes(rule.name)}"
                )
                said.add(rule.name)
                continue
            if packet is not None:
                said.add(rule.name)
                yield Finding(
                    "addition-unprotected",
                    "warning",
                    place_of(rule),
                    f"Rule {in_quotes(rule.name)} leaves protection to other rules, and none protects "
                    f"{packet}: it is blocked",
                    "Its filters at the ALE layers let in only what IPsec protects, and nothing asks for that below.",
                    "Narrow the rule down to what others protect, or choose a mode that protects.",
                    PAGES["encryption" if rule.encryption != "none" else "remote-identity"],
                )


def needless(filterset: FilterSet) -> Iterator[Finding]:
    """ESP and AH are IPsec itself, and multicast and broadcast are left alone: a rule for them alone has no traffic."""
    for rule in enabled(filterset.design):
        scope, itself = rule.scope, IPSEC_ITSELF.get(rule.scope.protocol)
        sides = [ranges for ranges in (scope.local_addresses, scope.remote_addresses) if ranges]
        hosts = (all(has_hosts(side, family) for side in sides) for family in scope.reach(filterset.design.families))
        if itself is None and any(hosts):
            continue
        yield Finding(
            "needless-rule",
            "warning",
            place_of(rule),
            f"{whose(rule)}Its traffic is {itself} alone, which is IPsec itself: it protects nothing"
            if itself
            else f"{whose(rule)}Its addresses are multicast or broadcast addresses alone: it protects nothing",
            "IPsec verifies and decrypts at the transport layer: what it protects meets the filters there by its own "
            "protocol and ports."
            if itself
            else "Negotiation discovery secures unicast traffic alone, and so do the other scenarios.",
            "Name the traffic that is to be protected, or leave the rule out.",
            CALLOUT_DRIVERS if itself else PAGES["negotiation-discovery"],
        )


def denied_too_late(filterset: FilterSet) -> Iterator[Finding]:
    """Entries of an access list are asked in order: one that denies has to come before those that allow."""
    for rule in enabled(filterset.design):
        for who, sddl in (("machines", rule.machines), ("users", rule.users)):
            late, allowed = _late(entries_of(sddl) if sddl else ())
            if late is None:
                continue
            never = not allowed.isdisjoint((late.sid, "WD"))
            yield Finding(
                "denied-too-late",
                "warning",
                place_of(rule),
                f"{whose(rule)}In {who}, {in_quotes(entry_words(late))} stands behind an entry that allows: it "
                f"{'never counts' if never else 'counts for nobody whom that allows'}",
                "Windows reads the entries in order until access is granted or denied.",
                "Put the entries that deny before those that allow.",
                ACCESS_LISTS,
            )


def _late(entries: Iterable[AccessEntry]) -> tuple[AccessEntry | None, set[str]]:
    """Return the first entry that denies somebody not denied before and stands behind some that allow, and whom."""
    allowed: set[str] = set()
    denied: set[str] = set()
    for each in entries:
        if each.allows:
            allowed.add(each.sid)
        elif allowed and each.sid not in denied:
            return each, allowed
        else:
            denied.add(each.sid)
    return None, allowed


def left_out(filterset: FilterSet) -> Iterator[Finding]:
    """A condition that a layer does not have is left out there: what follows."""
    for rule in protecting(filterset.design):
        scope = rule.scope
        if scope.protocol != "any":
            what = "ports" if scope.local_ports or scope.remote_ports else "protocols"
            asks = "addresses and profiles alone" if _narrow(rule) else "nothing"
            yield _left_out(rule, f"Main mode cannot tell {what} apart: the filter at IKEEXT asks for {asks}")
        if scope.interfaces:
            message = "Neither main mode nor quick mode can tell types of interfaces apart: IKEEXT and IPSEC have no"
            yield _left_out(rule, f"{message} such field")


def _left_out(rule: DesignRule, message: str) -> Finding:
    return Finding(
        "condition-left-out",
        "note",
        place_of(rule),
        f"{whose(rule)}{message}",
        "A condition that a layer does not have is left out there: peers can negotiate by this rule's policy for other "
        "traffic too, and of two rules for the same peers the policy of the heavier filter holds.",
        "Let rules for the same peers negotiate alike, or tell them apart by address or profile.",
        PAGES["conditions"],
    )


def _narrow(rule: DesignRule) -> bool:
    return bool(rule.scope.local_addresses or rule.scope.remote_addresses or rule.scope.profiles)


def rules(effort: Effort) -> tuple[Rule, ...]:
    """Return the rules; those that search packets may take a part of the effort each."""
    unprotected = partial(addition_unprotected, effort=effort.part(effort.left // 4))
    held = partial(held_at_connect, effort=effort.part(effort.left // 4))
    return (encryption_offered, unprotected, needless, denied_too_late, held, left_out)
