"""A trace's steps: what is outranked, tied and left alone, sublayers, and what an outcome is owed to."""

import gc
from dataclasses import replace

import pytest

from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.trace import Trace, trace, tracer, tracer_of
from ndtui.analysis.trace.trace_wording import because, notes, sentence
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import Filter, FilterSet, Weight
from ndtui.model.compiled.origin import SCENARIO
from ndtui.model.design.design import Design, change
from tests.support import exempting, preset

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
T, A = "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"


def traced(design: Design, packet: str = IN) -> Trace:
    return trace(compile_design(design), parse_packet(packet))


def test_an_exemption_at_one_layer_alone_breaks_the_connection():
    half = exempting({"protocol": "tcp", "layers": [T]})
    found = traced(half)
    assert set(found.outcomes.peer_with_ipsec) == {"blocked"}
    assert "nothing protects it at INBOUND_TRANSPORT" in sentence(found)
    assert because(found).startswith("scenario negotiation-discovery: test: require protection inbound")


def test_an_exemption_at_the_ale_layer_alone_lets_clear_connections_in():
    lenient = exempting({"protocol": "tcp", "layers": [A]})
    assert traced(lenient).outcomes.peer_without_ipsec == ("clear", "clear")


PACKET, C, OUT = "FWPM_LAYER_INBOUND_IPPACKET", "FWPM_LAYER_ALE_AUTH_CONNECT", "FWPM_LAYER_OUTBOUND_TRANSPORT"
ND, BOUNDARY, REQUIRE = "negotiation-discovery", "boundary", "require"
BACK = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"


def blocking(filterset: FilterSet, *stems: str) -> FilterSet:
    """Return a filter set with a filter at some layers that blocks everything before any other is asked."""
    slot = filterset.base[0].slot
    blocks = {
        f"{stem}_V4": Filter(
            slot._replace(
                layer=f"{stem}_V4",
                role="exemption",
                action="FWP_ACTION_BLOCK",
                callout="",
                weight=Weight("FWP_UINT8", 15),
                context=None,
                label=f"block {stem}",
            ),
            SCENARIO,
        )
        for stem in stems
    }
    layers = {
        **filterset.by_layer,
        **{name: [each, *filterset.by_layer.get(name, [])] for name, each in blocks.items()},
    }
    return replace(filterset, by_layer=layers)


@pytest.mark.parametrize(
    ("scenario", "exempt_at", "blocked_at", "packet", "outcome", "owed_to"),
    [
        # A block is final, and of several the first.
        (ND, [], [A], IN, "blocked", (A, "block")),
        (ND, [], [T], IN, "blocked", (T, "block")),
        (ND, [], [T, A], IN, "blocked", (T, "block")),
        (ND, [T, A], [PACKET, T, A], IN, "blocked", (PACKET, "block")),
        (ND, [A], [T], IN, "blocked", (T, "block")),
        (ND, [], [C, OUT], BACK, "blocked", (C, "block")),
        (ND, [C, OUT], [OUT], BACK, "blocked", (OUT, "block")),
        # Where only what is protected is let in, that decides over all that passes before.
        (ND, [], [], IN, "protected", (A, "require protection inbound")),
        (ND, [T], [], IN, "blocked", (A, "require protection inbound")),
        # Where it is not asked for, what was exempt there lets clear connections in.
        (ND, [A], [], IN, "protected", (A, "exempt e0")),
        (BOUNDARY, [], [], IN, "protected", (T, "inbound transport")),
        (REQUIRE, [], [], IN, "protected", (T, "inbound transport")),
        # The transport layer comes before the ALE layer of connections that go out.
        (ND, [T, A], [], IN, "exempt", (T, "exempt e0")),
        (ND, [C, OUT], [], BACK, "exempt", (OUT, "exempt e0")),
        (ND, [C], [], BACK, "protected", (OUT, "outbound transport")),
        (REQUIRE, [C], [], BACK, "protected", (OUT, "outbound transport")),
        (ND, [], [], BACK, "protected", (OUT, "outbound transport")),
    ],
)
def test_what_an_outcome_is_owed_to(
    scenario: str, exempt_at: list[str], blocked_at: list[str], packet: str, outcome: str, owed_to: tuple[str, str]
):
    exemptions = [{"protocol": "tcp", "layers": exempt_at}] if exempt_at else []
    filterset = blocking(compile_design(exempting(*exemptions, scenario=scenario)), *blocked_at)
    found = trace(filterset, parse_packet(packet))
    assert found.outcomes.peer_with_ipsec.settled == outcome
    assert found.responsible is not None
    by_sets = PolicySets.of(filterset).owed_to(found.packet)
    for each in (found.responsible.filter, *([by_sets] if by_sets and PACKET not in blocked_at else [])):
        assert each.layer == f"{owed_to[0]}_V4"
        assert each.label.startswith(owed_to[1])


def test_what_is_exempt_before_it_connects_is_owed_to_that_where_no_other_layer_has_a_say():
    filterset = compile_design(exempting({"protocol": "tcp", "layers": [C]}))
    alone = replace(filterset, by_layer={name: own for name, own in filterset.by_layer.items() if OUT not in name})
    for packet in (parse_packet(BACK), parse_packet(BACK.replace("tcp", "udp"))):
        found = trace(alone, packet)
        by_sets = PolicySets.of(alone).owed_to(packet)
        if packet.protocol == 6:
            assert found.outcomes.peer_with_ipsec.first == "exempt"
            assert found.responsible is not None
            assert found.responsible.filter == by_sets
            assert found.responsible.filter.layer == f"{C}_V4"
        else:
            assert found.outcomes.peer_with_ipsec.first == "untouched"
            assert found.responsible is by_sets is None


def test_nothing_is_owed_to_a_filter_where_none_matches():
    found = traced(preset("nd-transport"), "in udp 10.0.0.5:5353 -> 224.0.0.251:5353")
    assert found.responsible is None
    assert because(found) == ""


def test_filters_of_the_same_weight_are_said_to_be_undefined():
    twins = exempting(
        {"name": "a", "remote_ports": [51000], "protocol": "tcp"},
        {"name": "b", "remote_ports": [51000], "protocol": "tcp"},
    )
    found = traced(twins)
    step = found.step(T)
    assert step is not None
    assert len(step.tied) == 1
    assert len(step.outranked) == 2
    assert any("weigh the same: which of them decides is undefined" in note for note in notes(found))


@pytest.mark.parametrize(("weight", "outcome"), [(1, ("blocked", "protected")), (65535, ("clear", "protected"))])
def test_filters_of_an_own_sublayer_are_not_outweighed_by_bfes(weight: int, outcome: tuple[str, str]):
    own = change(preset("nd-transport"), sublayer={"kind": "own", "weight": weight})
    found = traced(own, "in udp 10.0.0.5:500 -> 10.0.0.9:500")
    assert found.outcomes.peer_with_ipsec == outcome
    step = found.step(A)
    assert step is not None
    assert [each.weight for each in step.sublayers] == sorted([weight, 32768], reverse=True)
    assert any("every sublayer has its say" in note for note in notes(found))


def test_a_tracer_is_made_once_and_goes_with_its_filter_set():
    filterset = compile_design(preset("nd-transport"))
    assert tracer_of(filterset) is tracer_of(filterset)
    before = len(tracer._TRACERS)
    del filterset
    gc.collect()
    assert len(tracer._TRACERS) < before


def test_many_exemptions_that_overlap_are_all_found():
    nested = exempting(*({"remote_addresses": f"10.0.0.0/{8 + n % 24}", "protocol": "tcp"} for n in range(200)))
    step = traced(nested, "in tcp 10.0.0.0:1 -> 10.9.9.9:2").step(T)
    assert step is not None
    assert len(step.outranked) == 200
    assert len(list(step.others())) == len(step.filters) - 201


def test_exemptions_with_many_alternatives_do_not_multiply():
    ports = [str(n) for n in range(1, 600, 2)]
    addresses = [f"10.{n}.0.0/24" for n in range(200)]
    many = exempting(*({"protocol": "tcp", "remote_ports": ports, "remote_addresses": addresses},) * 12)
    step = traced(many, "in tcp 10.7.0.9:301 -> 10.0.0.9:443").step(T)
    assert step is not None
    assert len(step.outranked) == 12
