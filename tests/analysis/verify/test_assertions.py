"""Assertions: true of every packet or false with a witness, and the same as asking every packet of a small world."""

from functools import cache
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.trace import trace
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.verify.assertions import Proof, decide, failures, filter_words, prove, verdict_of
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.addresses import AddressRange, parse_addresses
from ndtui.model.design.assertion import VERDICTS, Assertion
from ndtui.model.design.design import Design, change
from ndtui.model.design.ports import parse_ports
from tests.analysis.verify.brute_force import Brute, true_of, world
from tests.analysis.verify.small_designs import addresses, ports, small_designs
from tests.support import design, exempting, often, preset


def effort() -> Effort:
    return Effort.for_filters(0)


def proof(of: Design, traffic: str, verdict: str) -> Proof:
    return decide(PolicySets.of(compile_design(of)), Assertion(traffic=traffic, verdict=verdict), effort())


@st.composite
def small_traffic(draw: st.DrawFn) -> dict[str, Any]:
    """Draw traffic of the small world, part by part."""
    parts: dict[str, Any] = {
        "direction": draw(st.sampled_from(["in", "out"])),
        "protocol": draw(st.sampled_from(["tcp", "udp", "icmp", "any", "47"])),
    }
    if draw(st.booleans()):
        parts["remote"] = draw(addresses("10.0.0", 7))
    if draw(st.integers(0, 3)) == 0:
        parts["local"] = draw(addresses("10.1.0", 3))
    if parts["protocol"] in ("tcp", "udp") and draw(st.booleans()):
        parts["remote ports"] = draw(ports(4))
    return parts


def written(parts: dict[str, Any]) -> str:
    remote = ",".join(parts.get("remote", ["any"]))
    if "remote ports" in parts:
        remote += f" port {','.join(parts['remote ports'])}"
    local = ",".join(parts.get("local", ["any"]))
    source, destination = (remote, local) if parts["direction"] == "in" else (local, remote)
    return f"{parts['direction']} {parts['protocol']} from {source} to {destination}"


@cache
def ranges_of(parts: tuple[str, ...]) -> tuple[AddressRange, ...]:
    return parse_addresses(parts)


def is_in(packet: Packet, parts: dict[str, Any]) -> bool:
    any_but_ipsec = (*range(50), *range(52, 256))
    numbers = {"tcp": (6,), "udp": (17,), "icmp": (1, 58), "47": (47,), "any": any_but_ipsec}
    if packet.protocol not in numbers[parts["protocol"]]:
        return False
    for side, address in (("remote", packet.remote_address), ("local", packet.local_address)):
        if side in parts:
            asked = ranges_of(tuple(parts[side]))
            if packet.family == "V6" or not any(r.low <= address <= r.high for r in asked):
                return False
    if "remote ports" in parts:
        return any(r.low <= (packet.remote_port or 0) <= r.high for r in parse_ports(parts["remote ports"]))
    return True


@often
@given(small_designs(), small_traffic(), st.sampled_from(VERDICTS))
def test_an_assertion_is_true_when_it_is_of_every_packet(design: Design, parts: dict[str, Any], verdict: str):
    brute = Brute(design)
    true = true_of(verdict)
    wrong = [
        packet
        for family in ("V4", "V6")
        for packet in world(parts["direction"], family)
        if is_in(packet, parts) and brute.verdict(packet) not in true
    ]
    found = proof(design, written(parts), verdict)
    # The world lacks one port of BFE's own exemptions, 4500: it may be the only packet that is exempt.
    if found.witness is not None and found.witness.local_port == 4500:
        return
    assert found.holds == (not wrong)
    if found.witness is not None:
        assert brute.verdict(found.witness) not in true
        assert is_in(found.witness, parts)


@given(small_designs(), small_traffic(), st.sampled_from(VERDICTS))
def test_the_trace_of_a_witness_says_the_same(design: Design, parts: dict[str, Any], verdict: str):
    found = proof(design, written(parts), verdict)
    if found.witness is not None and found.outcomes is not None:
        traced = trace(compile_design(design), parse_packet(str(found.witness)))
        assert traced.packet == found.witness
        assert traced.outcomes == found.outcomes
        assert verdict_of(found.outcomes) != verdict


@pytest.mark.parametrize(
    ("name", "traffic", "verdict"),
    [
        ("nd-transport", "in tcp from 10.0.0.0/8 to any port 443", "protected"),
        ("nd-transport", "in tcp", "protected"),
        ("nd-transport", "out tcp", "requested"),
        ("nd-transport", "out tcp", "clear"),
        ("nd-transport", "icmp", "exempt"),
        ("nd-transport", "in udp to any port 500", "exempt"),
        ("nd-transport", "in v4 udp to any port 4500", "exempt"),
        ("nd-transport", "in v6 udp to any port 4500", "protected"),
        ("nd-transport", "multicast tcp", "untouched"),
        ("nd-boundary", "tcp", "requested"),
        ("transport-require", "tcp", "protected"),
        ("transport-require", "icmp type 8", "exempt"),
        ("nd-ipv4-only", "v6 tcp", "untouched"),
        ("nd-domain-member", "out tcp to 192.0.2.10,192.0.2.11 port 88", "exempt"),
        ("nd-boundary", "tcp", "clear"),
        ("nd-transport", "icmp", "clear"),
        ("nd-ipv4-only", "v6 tcp", "clear"),
        ("nd-transport", "multicast tcp", "clear"),
        ("nd-guaranteed-encryption", "in tcp to any port 1433", "encrypted"),
        ("nd-guaranteed-encryption", "in tcp to any port 1433", "protected"),
        ("nd-guaranteed-encryption", "out tcp from any port 1433", "encrypted"),
        ("nd-guaranteed-encryption", "in tcp to any port 1434", "protected"),
    ],
)
def test_what_the_scenario_pages_say_is_provable(name: str, traffic: str, verdict: str):
    assert proof(preset(name), traffic, verdict).holds


@pytest.mark.parametrize(
    ("name", "traffic", "verdict", "actual", "by"),
    [
        ("nd-transport", "in tcp", "requested", "protected", "require protection inbound at ALE_AUTH_RECV_ACCEPT_V4"),
        ("nd-boundary", "in tcp", "protected", "requested", "inbound transport at INBOUND_TRANSPORT_V4"),
        ("nd-transport", "in icmp", "protected", "exempt", "exemption ICMP decides"),
        ("nd-transport", "in udp", "protected", "exempt", "BFE itself decides"),
        ("nd-ipv4-only", "in tcp", "protected", "untouched", "no filter of the policy matches"),
        ("nd-transport", "in tcp", "clear", "protected", "the scenario decides: nd-transport: require protection"),
        ("transport-require", "out tcp", "clear", "protected", "outbound transport at OUTBOUND_TRANSPORT_V4"),
        ("transport-require", "tcp", "encrypted", "protected", "inbound transport at INBOUND_TRANSPORT_V4"),
        ("nd-guaranteed-encryption", "in tcp", "encrypted", "protected", "require protection inbound at"),
        ("nd-guaranteed-encryption", "in tcp to any port 1433", "requested", "encrypted", "at ALE_AUTH_RECV_ACCEPT_V4"),
        ("nd-guaranteed-encryption", "out tcp to any port 1433", "encrypted", "requested", "outbound transport at"),
    ],
)
def test_what_is_false_has_a_witness_and_a_filter(name: str, traffic: str, verdict: str, actual: str, by: str):
    found = proof(preset(name), traffic, verdict)
    assert not found.holds
    assert found.outcomes is not None
    assert verdict_of(found.outcomes) == actual
    assert by in filter_words(found.responsible)


def test_a_witness_is_found_in_a_gap_of_one_address():
    whole = [{"remote_addresses": ["0.0.0.0-10.0.0.4"]}, {"remote_addresses": ["10.0.0.6-255.255.255.255"]}]
    found = proof(exempting(*whole), "in v4 tcp", "exempt")
    assert str(found.witness) == "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
    assert proof(exempting(*whole, {"remote_addresses": ["10.0.0.5"]}), "in v4 tcp", "exempt").holds


def test_exempt_at_transport_alone_is_blocked_where_ale_requires_protection():
    layers = ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]
    one = exempting({"protocol": "tcp", "remote_ports": [53], "layers": layers})
    assert proof(one, "in tcp from any port 53", "blocked").holds
    assert proof(one, "out tcp to any port 53", "exempt").holds


def test_prove_answers_for_every_assertion_of_a_design():
    said = [("in tcp", "protected"), ("out tcp", "protected")]
    of = design(**{"assert": [{"traffic": traffic, "verdict": verdict} for traffic, verdict in said]})
    assert [each.holds for each in prove(compile_design(of), effort())] == [True, False]
    assert [each.assertion.traffic for each in failures(prove(compile_design(of), effort()))] == ["out tcp"]
    assert prove(compile_design(change(of, assertions=())), effort()) == ()


@pytest.mark.parametrize("weight", [100, 40000])
def test_a_sublayer_of_its_own_is_arbitrated_as_in_a_trace(weight: int):
    of = change(preset("nd-transport"), sublayer={"kind": "own", "weight": weight})
    packet = parse_packet("in udp 10.0.0.5:500 -> 10.0.0.9:500")
    sets = PolicySets.of(compile_design(of))
    assert sets.outcome(packet) == trace(compile_design(of), packet).outcomes


@often
@given(small_designs(), st.sampled_from(["in", "out"]))
def test_check_and_trace_owe_an_outcome_to_the_same_element(design: Design, direction: str):
    filterset = compile_design(design)
    sets = PolicySets.of(filterset)
    for packet in islice(world(direction, design.families[0]), 0, None, 7):
        traced = trace(filterset, packet)
        if any(sublayer.tied for step in traced.steps for sublayer in step.sublayers):
            continue  # which of them decides is undefined
        found = None if traced.responsible is None else traced.responsible.filter
        owed = sets.owed_to(packet)
        assert (owed and owed.key) == (found and found.key)


@pytest.mark.parametrize("layers", [["FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"], ["FWPM_LAYER_INBOUND_TRANSPORT"]])
def test_an_exemption_at_one_inbound_layer_is_owed_the_same_by_check_and_trace(layers: list[str]):
    of = exempting({"name": "half", "protocol": "tcp", "layers": layers}, families=["V4"])
    packet = parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:443")
    traced = trace(compile_design(of), packet).responsible
    owed = PolicySets.of(compile_design(of)).owed_to(packet)
    assert owed is not None and traced is not None
    assert owed == traced.filter
    assert owed.origin.exemption_name == ("half" if "ACCEPT" in layers[0] else None)
