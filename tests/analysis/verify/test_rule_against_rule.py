"""Rule against rule: which is tried first at each layer, what decides that, and what is undefined."""

from itertools import combinations
from typing import Any

from hypothesis import given

from ndtui.analysis.traffic.packet import Packet
from ndtui.analysis.verify.rule_against_rule import contests
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import family_of
from tests.analysis.verify.brute_force import matcher, ruled_world
from tests.analysis.verify.small_rules import small_ruled_designs
from tests.support import design, documents

BASE = {"name": "base", "mode": "negotiation-discovery"}
SQL = {"protocol": "tcp", "local_ports": [1433]}
GROUP = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)"


def found(*rules: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    """Return (layer, rule, the rule behind it, why) of IPv4; of rules that tie the layer ends in a question mark."""
    made = compile_design(design(version=2, rules=list(rules), families=["V4"]))
    return {
        (short_name(each.layer).removesuffix("_V4") + "?" * each.tied, each.above.name, each.below.name, each.why)
        for each in contests(made)
    }


TIED = "they weigh the same: which of them is tried first is undefined"


def test_one_rule_meets_no_other():
    assert found(BASE) == set()


def test_the_rule_with_more_conditions_is_tried_first_where_the_layer_has_them():
    contest = found(BASE, {"name": "SQL", "mode": "require", "scope": SQL})
    assert {each[:3] for each in contest} == {
        ("INBOUND_TRANSPORT", "SQL", "base"),
        ("OUTBOUND_TRANSPORT", "SQL", "base"),
        ("IPSEC", "SQL", "base"),
        # IKEEXT has no ports: there both are about everything, and the first stands for both where they say the same.
    }
    assert {each[3] for each in contest if each[0] == "INBOUND_TRANSPORT"} == {"it is heavier in the bits of protocol"}


def test_rules_of_other_traffic_do_not_meet():
    nets = [{"name": f"n{n}", "mode": "require", "scope": {"remote_addresses": [f"10.{n}.0.0/16"]}} for n in (1, 2)]
    assert found(*nets) == set()


def test_a_weight_range_stands_above_every_condition():
    ranged = {**BASE, "weight_range": 3}
    contest = found(ranged, {"name": "SQL", "mode": "require", "scope": SQL})
    assert ("INBOUND_TRANSPORT", "base", "SQL", "range 3 stands above range 0") in contest


def test_rules_that_weigh_the_same_are_named_as_a_tie():
    twins = [{"name": name, "mode": mode, "scope": SQL} for name, mode in (("a", "require"), ("b", "boundary"))]
    contest = found(*twins)
    assert ("INBOUND_TRANSPORT?", "a", "b", TIED) in contest
    assert ("OUTBOUND_TRANSPORT?", "a", "b", TIED) in contest


def test_a_rule_and_its_own_block_are_no_contest():
    guarded = {"name": "RDP", "mode": "inherit", "scope": SQL, "machines": GROUP}
    contest = found(BASE, guarded)
    assert {each[:3] for each in contest} == {("ALE_AUTH_RECV_ACCEPT", "RDP", "base")}


@given(small_ruled_designs(4, 0))
def test_rules_meet_where_a_packet_matches_filters_of_both(of: Design):
    ours: dict[tuple[str, frozenset[str]], bool] = {}
    for each in contests(compile_design(of)):
        names = frozenset((each.above.name, each.below.name))
        ours[each.layer, names] = ours.get((each.layer, names), False) or each.tied
    by_hand: dict[tuple[str, frozenset[str]], bool] = {}
    callouts = [each for each in documents(of)["filters"] if not each.get("providerContextKey")]
    for one, other in combinations(callouts, 2):
        if one["layerKey"] == other["layerKey"] and _rule(one) != _rule(other) and _both_match(one, other):
            key = one["layerKey"], frozenset((_rule(one), _rule(other)))
            tied = one["effectiveWeight"]["uint64"] == other["effectiveWeight"]["uint64"]
            by_hand[key] = by_hand.get(key, False) or tied
    assert {key: tied for key, tied in ours.items() if "IKEEXT" not in key[0] and "IPSEC" not in key[0]} == by_hand


def _rule(document: Any) -> str:
    return "base" if document["origin"] == "scenario" else document["origin"].removeprefix("rule:")


def _both_match(one: Any, other: Any) -> bool:
    first, second = matcher(one), matcher(other)
    packets: tuple[Packet, ...] = ruled_world("in", family_of(one["layerKey"]))
    return any(first(packet) and second(packet) for packet in packets)
