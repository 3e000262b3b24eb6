"""Rules that overlap: which of them decides at which layer, each time with a packet that shows it."""

import re
from typing import Any

import pytest

from ndtui.analysis.check.examine import check
from ndtui.analysis.check.finding import Finding, some_places
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.rule_layers import RuleLayers, Way
from ndtui.analysis.trace.tracer import trace
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.addresses import parse_addresses
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.layers import INBOUND_TRANSPORT
from tests.support import design, exempting

WEB = {"protocol": "tcp", "local_ports": [80]}
EDGE = {"remote_addresses": ["192.0.2.0/24", "2001:db8:2::/48"]}
OWN_MAIN = {
    "keying_modules": ["IKE"],
    "main_mode": {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}]},
}
GROUP = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1104)"
ACCEPT = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"


def rule(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, **fields}


def ike(*rules: dict[str, Any], **fields: Any) -> Design:
    """Return a design for IPv4 and IKE alone."""
    return design(rules=rules, families=["V4"], keying_modules=["IKE"], **fields)


def found(of: Design, kind: str) -> list[Finding]:
    return [each for each in check(compile_design(of)) if each.id == kind]


def only(of: Design, kind: str) -> Finding:
    (one,) = found(of, kind)
    return one


def witness(finding: Finding) -> Packet:
    """Return the packet that a finding names."""
    told = re.search(r"\b((?:in|out) \S+ \S+ -> \S+)", finding.message)
    assert told is not None, finding.message
    return parse_packet(told[1].rstrip(":,"))


def deciding(of: Design, packet: Packet, layer: str) -> str:
    step = trace(compile_design(of), packet).step(layer)
    assert step is not None
    assert step.deciding is not None
    return str(step.deciding.filter.origin)


def test_a_boundary_inside_of_a_wider_rule_is_held_to_that_at_accept():
    of = ike(rule("base"), rule("Edge", mode="boundary", scope={"remote_addresses": ["192.0.2.0/24"]}))
    said = only(of, "rules-disagree")
    assert str(said.where) == "rule:Edge"
    assert "rule 'base' at ALE_AUTH_RECV_ACCEPT" in said.message
    packet = witness(said)
    assert parse_addresses("192.0.2.0/24")[0].low <= packet.remote_address <= parse_addresses("192.0.2.0/24")[0].high
    assert deciding(of, packet, "FWPM_LAYER_INBOUND_TRANSPORT") == "rule:Edge"
    assert deciding(of, packet, ACCEPT) == "scenario"
    assert trace(compile_design(of), packet).outcomes.peer_without_ipsec.settled == "blocked"


def test_a_boundary_that_shares_no_address_with_it_is_not():
    inside = {"remote_addresses": ["198.51.100.0/24"]}
    of = ike(rule("base", scope=inside), rule("Edge", mode="boundary", scope={"remote_addresses": ["192.0.2.0/24"]}))
    assert found(of, "rules-disagree") == []


def test_a_boundary_that_is_exempt_where_they_overlap_is_not_either():
    edge = {"remote_addresses": ["192.0.2.0/24"]}
    of = exempting(
        edge, rules=[rule("base"), rule("Edge", mode="boundary", scope=edge)], families=["V4"], keying_modules=["IKE"]
    )
    assert found(of, "rules-disagree") == []


def test_part_of_an_overlap_is_enough():
    wide = {"protocol": "tcp", "local_ports": ["1-1023"], "remote_addresses": ["192.0.2.0/25"]}
    edge = {"protocol": "tcp", "local_ports": [80], "remote_addresses": ["192.0.2.0/24"]}
    of = ike(rule("Wide", scope=wide), rule("Edge", mode="boundary", scope=edge, weight_range=1))
    packet = witness(only(of, "rules-disagree"))
    assert packet.local_port == 80
    assert packet.remote_address < parse_addresses("192.0.2.128")[0].low


def test_main_mode_cannot_tell_ports_apart():
    """Without addresses both filters at IKEEXT ask for nothing: which of them decides is nowhere said."""
    of = ike(rule("base"), rule("Web", scope=WEB, negotiation=OWN_MAIN))
    said = only(of, "equal-weights")
    assert said.message.endswith("weigh the same at IKEEXT")
    assert "left out there" in said.why
    assert found(of, "rules-disagree") == []
    left = only(of, "condition-left-out")
    assert "Main mode cannot tell ports apart" in left.message


def test_the_heavier_main_mode_holds_for_traffic_of_the_other_rule_too():
    of = ike(rule("base", weight_range=1), rule("Web", scope=WEB, negotiation=OWN_MAIN, weight_range=2))
    said = only(of, "rules-disagree")
    assert str(said.where) == "scenario"
    assert "rule 'Web' at IKEEXT" in said.message
    packet = witness(said)
    assert (packet.protocol, packet.local_port) != (6, 80)


def test_rules_that_negotiate_alike_share_main_mode_without_a_word():
    of = ike(rule("base"), rule("Web", scope=WEB))
    assert found(of, "rules-disagree") == found(of, "equal-weights") == []


def test_a_keying_module_that_a_rule_left_out_is_negotiated_by_the_wider_one():
    edge = {"remote_addresses": ["192.0.2.0/24"]}
    only_ike = {"keying_modules": ["IKE"]}
    of = design(rules=[rule("base"), rule("Edge", scope=edge, negotiation=only_ike)], families=["V4"])
    said = only(of, "rules-disagree")
    assert str(said.where) == "rule:Edge"
    assert "rule 'base' at IKEEXT and IPSEC" in said.message


def test_types_of_interfaces_are_not_known_where_policy_is():
    of = ike(rule("base"), rule("Radio", mode="boundary", scope={"interfaces": ["wireless"]}))
    assert "IPSEC" in only(of, "equal-weights").message
    assert (
        "Neither main mode nor quick mode can tell types of interfaces apart" in only(of, "condition-left-out").message
    )


@pytest.mark.parametrize(
    ("other", "equal"),
    [
        ({"mode": "require"}, True),
        ({"mode": "boundary"}, False),  # what the two callouts at the transport layers do is the same
        ({"mode": "require", "weight_range": 1}, False),
        ({"mode": "require", "scope": {"protocol": "tcp", "local_ports": [81]}}, False),
        ({}, False),
    ],
)
def test_an_overlap_may_be_decided_by_nothing_but_equal_weight(other: dict[str, Any], equal: bool):
    of = ike(rule("a", scope=WEB), rule("b", **{"scope": WEB, **other}))
    at_transport = [each for each in found(of, "equal-weights") if "INBOUND_TRANSPORT" in each.message]
    assert bool(at_transport) == equal
    if at_transport:
        assert witness(at_transport[0]).local_port == 80


def test_encryption_that_a_heavier_rule_does_not_ask_for_does_not_count():
    sql = rule("SQL", mode="inherit", encryption="guaranteed", scope={"protocol": "tcp", "local_ports": [1433]})
    of = ike(rule("base", weight_range=4), sql)
    said = only(of, "outranked-rule")
    assert str(said.where) == "rule:SQL"
    assert "guaranteed encryption of 'SQL' does not count there" in said.message
    assert deciding(of, witness(said), ACCEPT) == "scenario"
    assert found(ike(rule("base"), sql), "outranked-rule") == []


def test_who_may_connect_does_not_count_where_another_rule_decides():
    who = rule("Desk", mode="inherit", machines=GROUP, scope={"protocol": "tcp", "local_ports": [3389]})
    inside = rule("Inside", scope={"remote_addresses": ["10.0.0.0/8"]}, weight_range=1)
    said = only(ike(rule("base"), who, inside), "outranked-rule")
    assert "who may connect of 'Desk' does not count there" in said.message
    assert "give 'Desk' a higher weight range" in said.remedy
    encrypted = {**inside, "encryption": "guaranteed"}
    assert "weight range" not in only(ike(rule("base"), who, encrypted), "outranked-rule").remedy
    assert witness(said).local_port == 3389
    same = {**inside, "machines": GROUP}
    assert found(ike(rule("base"), who, same), "outranked-rule") == []


def test_a_rule_that_others_cover_together():
    halves = [
        rule(f"half {n}", scope={"remote_addresses": [half]}, weight_range=1)
        for n, half in enumerate(("192.0.2.0/25", "192.0.2.128/25"))
    ]
    whole = rule("whole", scope={"remote_addresses": ["192.0.2.0/24"]})
    assert "'half 0', 'half 1'" in only(ike(*halves, whole), "shadowed-rule").message
    assert found(ike(halves[0], whole), "shadowed-rule") == []


def test_of_two_rules_that_say_the_same_one_changes_nothing():
    of = ike(rule("a", scope=WEB), rule("b", scope=WEB))
    assert str(only(of, "shadowed-rule").where) == "rule:b"


@pytest.mark.parametrize("other", [{"mode": "require"}, {"mode": "boundary"}, {"negotiation": OWN_MAIN}])
def test_which_of_two_rules_that_weigh_the_same_decides_is_open(other: dict[str, Any]):
    """Neither is said to change nothing: which of equal filters is first is not documented."""
    of = ike(rule("a", scope=WEB), rule("b", **{"scope": WEB, **other}))
    assert found(of, "equal-weights")
    assert found(of, "shadowed-rule") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"scope": {"interfaces": ["wireless"]}, "mode": "require"}, {"scope": {"interfaces": ["lan"]}}),
        ({}, {"scope": WEB, "negotiation": OWN_MAIN}),
    ],
)
def test_a_weight_range_is_no_remedy_where_policy_ties_for_want_of_a_condition(
    one: dict[str, Any], other: dict[str, Any]
):
    tied = ike(rule("a", **one), rule("b", **other))
    assert only(tied, "equal-weights").remedy == (
        "Tell the rules apart by addresses or profiles, or let both negotiate alike."
    )
    assert found(ike(rule("a", **one), rule("b", **other, weight_range=5)), "rules-disagree")
    assert (
        "weight range" in only(ike(rule("a", scope=WEB), rule("b", scope=WEB, mode="require")), "equal-weights").remedy
    )


def test_an_addition_needs_others_that_protect_all_of_it():
    sql = rule("SQL", mode="inherit", encryption="guaranteed", scope={"protocol": "tcp", "local_ports": [1433]})
    of = ike(rule("Inside", scope={"remote_addresses": ["10.0.0.0/8"]}), sql)
    packet = witness(only(of, "addition-unprotected"))
    assert packet.local_port == 1433
    assert not parse_addresses("10.0.0.0/8")[0].low <= packet.remote_address <= parse_addresses("10.0.0.0/8")[0].high
    assert found(ike(rule("base"), sql), "addition-unprotected") == []


def test_encryption_is_asked_of_the_policy_that_protects_the_traffic():
    auth = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}
    plain = {"quick_mode": {"proposals": [{"transforms": [auth]}]}}
    sql = rule("SQL", mode="inherit", encryption="guaranteed", scope={**WEB, **EDGE})
    inside = rule("Inside", scope={"remote_addresses": ["10.0.0.0/8"]}, negotiation={**OWN_MAIN, **plain})
    edge = rule("Edge", scope=EDGE)
    assert found(design(rules=[edge, inside, sql]), "encryption-not-offered") == []
    own = {"name": "Own", "encryption": "guaranteed", "scope": WEB}
    assert found(design(rules=[own, {**inside, "scope": {}}]), "encryption-not-offered") == []
    said = only(design(rules=[{**edge, "negotiation": {**OWN_MAIN, **plain}}, sql]), "encryption-not-offered")
    assert (said.severity, str(said.where)) == ("error", "rule:SQL")
    assert "no quick mode proposal of rule 'Edge' encrypts" in said.message


def test_what_a_rule_negotiates_itself_is_asked_about_too():
    sha1 = {"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}
    weak = {**OWN_MAIN, "quick_mode": {"proposals": [{"transforms": [sha1]}]}}
    of = design(rules=[rule("base"), rule("Edge", scope=EDGE, negotiation=weak)])
    said = only(of, "weak-quick-mode")
    assert str(said.where) == "rule:Edge"
    assert said.message.startswith("Rule 'Edge', quick_mode.proposals[0]: Quick mode proposal 1 offers SHA-1")
    assert str(only(of, "preshared-key").where) == "rule:Edge"
    off = rule("Edge", scope=EDGE, negotiation=weak, enabled=False)
    assert not found(design(rules=[rule("base"), off]), "weak-quick-mode")


def test_a_rule_that_is_off_is_not_looked_at():
    of = ike(rule("base"), rule("Edge", mode="boundary", scope=WEB, enabled=False))
    kinds = {each.id for each in check(compile_design(of))}
    assert kinds & {"rules-disagree", "equal-weights", "shadowed-rule", "condition-left-out"} == set()


def test_findings_of_a_rule_stand_at_that_rule():
    of = ike(rule("base"), rule("Web", scope=WEB, nd_secure=False))
    assert str(only(of, "nd-secure-off").where) == "rule:Web"
    assert only(of, "nd-secure-off").message.startswith("Rule 'Web': ")
    one = design(nd_secure=False)
    assert str(only(one, "nd-secure-off").where) == "nd_secure"
    assert not only(one, "nd-secure-off").message.startswith("Rule")


def test_a_packet_that_many_exemptions_leave_is_found_by_a_look_at_few():
    several = [{"name": f"e{n}", "remote_addresses": [f"10.{n // 200}.{n % 200}.0/25"]} for n in range(800)]
    single = [{"name": f"p{n}", "remote_addresses": [f"10.{n}.0.1"]} for n in range(250)]
    inner = rule("inner", scope={"remote_addresses": ["10.0.0.0/8"]})
    of = ike(rule("base"), inner, exemptions=[*several, *single])
    layers = RuleLayers(compile_design(of), Effort(500))  # no search among a thousand is to be had for that
    packet = layers.packet(Way("in", "V4"), INBOUND_TRANSPORT, layers.at(INBOUND_TRANSPORT, "V4")[0].box, ())
    assert packet is not None
    assert deciding(of, packet, INBOUND_TRANSPORT) == "rule:inner"


def test_a_name_is_spelled_in_one_way_where_it_is_and_in_what_is_said_of_it():
    twice = {"protocol": "tcp", "remote_ports": [443]}
    found = check(compile_design(exempting({"name": "zero\u200dwidth", **twice}, {"name": "b", **twice})))
    found = [each for each in found if "width" in f"{each.where}{each.message}"]
    assert found
    for each in found:
        said = f"{some_places([each])} {each.message}"
        assert "\u200d" not in said
        assert "zero\\u200dwidth" in said
