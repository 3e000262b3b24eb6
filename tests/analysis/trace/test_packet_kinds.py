"""Packets that do not meet every layer, under designs: which layers they meet, why not the others, and what is said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.trace import Trace, trace
from ndtui.analysis.trace.boot_trace import boot_tracer
from ndtui.analysis.trace.packet_way import unmet_layers, way_of
from ndtui.analysis.trace.trace_json import trace_document
from ndtui.analysis.trace.trace_wording import notes, sentence
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.cli.printing.trace_text import trace_lines
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.strategies import designs, of_any_kind, packets, ruled_designs
from tests.support import design, exempting, preset

T_IN, T_OUT = "INBOUND_TRANSPORT", "OUTBOUND_TRANSPORT"
ACCEPT, CONNECT = "ALE_AUTH_RECV_ACCEPT", "ALE_AUTH_CONNECT"
ERROR = "an ICMP error belongs to no connection of its own"
IPSEC = "it is IPsec itself: what it carries meets this layer decrypted"
LATER = "its connection was authorised by the first packet"
PASSED_ON = "it passes through this host, and belongs to no program here"
FORWARDED = "in tcp 10.0.0.5:51000 -> 198.51.100.7:443 forwarded"


def traced(of: Design, packet: str) -> Trace:
    return trace(compile_design(of), parse_packet(packet))


@pytest.mark.parametrize(
    ("packet", "met", "unmet"),
    [
        ("in tcp 10.0.0.5 -> 10.0.0.9:443", (T_IN, ACCEPT), {}),
        ("out tcp 10.0.0.9 -> 10.0.0.5:443", (CONNECT, T_OUT), {}),
        ("in tcp 10.0.0.5 -> 10.0.0.9:443 later", (T_IN,), {ACCEPT: LATER}),
        ("out tcp 10.0.0.9 -> 10.0.0.5:443 later", (T_OUT,), {CONNECT: LATER}),
        *((f"in icmp 10.0.0.5 -> 10.0.0.9 type {n}", (T_IN,), {ACCEPT: ERROR}) for n in (3, 4, 5, 11, 12)),
        *((f"out icmp 10.0.0.9 -> 10.0.0.5 type {n}", (T_OUT,), {CONNECT: ERROR}) for n in (3, 11, 12)),
        *((f"in icmp 10.0.0.5 -> 10.0.0.9 type {n}", (T_IN, ACCEPT), {}) for n in (0, 8, 9, 10, 13)),
        *((f"in icmpv6 fe80::5 -> fe80::9 type {n}", (T_IN,), {ACCEPT: ERROR}) for n in (1, 2, 3, 4, 127)),
        *((f"out icmpv6 fe80::9 -> fe80::5 type {n}", (T_OUT,), {CONNECT: ERROR}) for n in (1, 2, 3, 4)),
        *((f"in icmpv6 fe80::5 -> fe80::9 type {n}", (T_IN, ACCEPT), {}) for n in (128, 129, 135, 136, 137)),
        ("in esp 10.0.0.5 -> 10.0.0.9", (), {T_IN: IPSEC, ACCEPT: IPSEC}),
        ("out ah fe80::9 -> fe80::5", (), {CONNECT: IPSEC, T_OUT: IPSEC}),
        ("in gre 10.0.0.5 -> 10.0.0.9", (T_IN, ACCEPT), {}),
        ("in udp 10.0.0.5:500 -> 10.0.0.9:500", (T_IN, ACCEPT), {}),
        ("in udp 10.0.0.5:5353 -> 224.0.0.251:5353", (T_IN, ACCEPT), {}),
        (FORWARDED, ("IPFORWARD",), {T_IN: PASSED_ON, ACCEPT: PASSED_ON}),
        ("in esp 10.0.0.5 -> 198.51.100.7 forwarded", ("IPFORWARD",), {T_IN: PASSED_ON, ACCEPT: PASSED_ON}),
    ],
)
def test_the_layers_that_are_met_and_why_not_the_others(packet: str, met: tuple[str, ...], unmet: dict[str, str]):
    found = traced(design(), packet)
    family = found.packet.family
    assert [step.layer for step in found.steps if "IPPACKET" not in step.layer] == [
        f"FWPM_LAYER_{stem}_{family}" for stem in met
    ]
    document = trace_document(found)
    assert document["notMet"] == [{"layerKey": f"FWPM_LAYER_{s}_{family}", "why": why} for s, why in unmet.items()]
    lines = list(trace_lines(found, way_of(compile_design(design()), found), 0))
    text = " ".join(" ".join(lines).split())
    for stem, why in unmet.items():
        assert f"{stem}_{family} not met by this packet: {why}" in text
    assert ("not met by this packet" in text) == bool(unmet)
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_no_design_touches_what_is_passed_on_to_another_host(name: str):
    found = traced(preset(name), FORWARDED)
    assert found.outcomes.peer_with_ipsec == found.outcomes.peer_without_ipsec == ("untouched", "untouched")
    assert found.responsible is None
    assert sentence(found) == (
        "Not touched by this policy: it passes through this host, and the filters are for what this host itself sends "
        "and receives."
    )


@given(st.one_of(designs(8), ruled_designs(4, 4)), st.data())
def test_sets_and_trace_say_the_same_of_packets_of_every_kind(made: Design, data: st.DataObject):
    filterset = compile_design(made)
    sets = PolicySets.of(filterset)
    for _ in range(6):
        packet = replace(data.draw(packets(made).flatmap(of_any_kind)), later=False)  # sets are of first packets
        assert sets.outcome(packet) == trace(filterset, packet).outcomes, str(packet)


@given(designs(4), st.data())
def test_a_layer_is_met_or_it_is_said_why_not(made: Design, data: st.DataObject):
    packet = data.draw(packets(made).flatmap(of_any_kind))
    met = {step.stem for step in trace(compile_design(made), packet).steps}
    unmet = unmet_layers(packet)
    assert not met & set(unmet)
    usual = {T_IN, ACCEPT} if packet.direction == "in" else {CONNECT, T_OUT}
    assert {f"FWPM_LAYER_{stem}" for stem in usual} <= met | set(unmet)
    assert all(unmet.values())


MANY = "out udp 10.0.0.9:5353 -> 224.0.0.251:5353"


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (MANY, "For four seconds after a multicast or broadcast packet went out, answers are let in"),
        ("out udp 10.0.0.9:67 -> 255.255.255.255:68", "For four seconds after a multicast or broadcast packet"),
        (
            "in icmp 10.0.0.5 -> 10.0.0.9 type 11",
            "At the ICMP_ERROR layers, which it meets in their place, a design has",
        ),
        ("in tcp 10.0.0.5 -> 10.0.0.9:443 secured", "It is said to be secured: what holds is what a peer with IPsec"),
        ("in tcp 10.0.0.5 -> 10.0.0.9:443 clear", "It is said to be clear: what holds is what comes while IPsec"),
        ("in tcp 10.0.0.5 -> 10.0.0.9:443 raw", "What is said of raw changes nothing here: no filter of a design asks"),
        (
            "in tcp 127.0.0.1:1 -> 127.0.0.1:443 non-app-loopback service none compartment 1",
            "What is said of service, compartment, loopback of app packages changes nothing here",
        ),
    ],
)
def test_what_is_to_be_borne_in_mind(packet: str, words: str):
    assert any(note.startswith(words) or words in note for note in notes(traced(design(), packet)))


@pytest.mark.parametrize(
    "packet",
    [
        "in udp 10.0.0.5:5353 -> 224.0.0.251:5353",
        f"{MANY} later",
        "out udp 10.0.0.9:53 -> 10.0.0.5:53",
        "in esp 10.0.0.5 -> 10.0.0.9 secured",
        f"{FORWARDED} clear",
        "in icmp 10.0.0.5 -> 10.0.0.9",
    ],
)
def test_nothing_is_to_be_borne_in_mind_of_others(packet: str):
    said = ("For four seconds", "It is said to be", "What is said of", "An ICMP error")
    assert not any(note.startswith(said) for note in notes(traced(design(), packet)))


def test_loopback_is_no_news_to_filters_that_ask_for_it():
    made = exempting(rules=[{"mode": "require"}], lifetime="persistent", before_bfe=["inbound"])
    packet = parse_packet("in tcp 127.0.0.1:1 -> 127.0.0.1:443")
    filterset = compile_design(made)
    said = "Loopback: no filter here asks for it, so they match as for any packet."
    assert said in notes(trace(filterset, packet))
    assert said not in notes(boot_tracer(filterset).trace(packet))


def test_the_negotiation_of_a_later_packet_is_a_connection_of_its_own():
    filterset = compile_design(design())
    for packet in ("in tcp 10.0.0.5 -> 10.0.0.9:443 later", "in tcp 10.0.0.5 -> 10.0.0.9:443"):
        keying = way_of(filterset, trace(filterset, parse_packet(packet))).keying
        assert keying is not None
        assert keying.packet.step(f"FWPM_LAYER_{ACCEPT}") is not None
