"""A packet on a machine whose filters are known from a dump: what is decided, and what a packet cannot tell."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter, DumpSublayer, read_dump
from ndtui.analysis.trace import trace
from ndtui.analysis.trace.dump_tracer import (
    MachineTrace,
    trace_machine,
    undecided_fields,
)
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import exemptions_beside
from ndtui.model.compiled.objects import Condition, Filter, Value
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.access_list import MACHINE
from ndtui.model.design.design import Design
from ndtui.model.design.program_path import is_device_path
from tests.machines import MACHINES, machine_file
from tests.strategies import designs, packets

CONNECT = "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
OUT = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"


def dump_of(filters: list[DumpFilter], sublayers: tuple[DumpSublayer, ...] = ()) -> Dump:
    layers = tuple(dict.fromkeys(each.layer for each in filters))
    return Dump("state", "", tuple(filters), sublayers, (), (), (), layers, {}, {})


def dumped(number: int, each: Filter) -> DumpFilter:
    """Return a filter of ours as a machine would list it."""
    return machine_filter(
        number,
        each.slot.layer,
        each.slot.action,
        *each.conditions,
        callout=each.slot.callout,
        sublayer=each.slot.sublayer,
        raw_context=each.slot.raw_context,
        weight=effective_weight(each).value,
        flags=each.slot.flags,
    )


def machine_filter(
    number: int,
    layer: str,
    action: str,
    *conditions: Condition,
    callout: str = "",
    sublayer: str = "FWPM_SUBLAYER_UNIVERSAL",
    raw_context: int = 0,
    weight: int = 0,
    flags: tuple[str, ...] = (),
) -> DumpFilter:
    return DumpFilter(
        key=f"{{{number}}}",
        name=f"filter {number}",
        description="",
        layer=layer,
        sublayer=sublayer,
        provider="",
        weight_type="FWP_EMPTY",
        weight=None,
        effective_weight=weight,
        action=action,
        callout=callout,
        raw_context=raw_context,
        provider_context_key="",
        flags=flags,
        conditions=tuple(DumpCondition(c.field, c.match, c.value.element or str(c.value.low)) for c in conditions),
        filter_id=number,
        values=tuple(None if c.value.type == "FWP_SECURITY_DESCRIPTOR_TYPE" else c.value for c in conditions),
    )


@given(designs(5), st.data())
def test_the_filters_of_a_design_do_on_a_machine_what_they_do_in_the_trace(design: Design, data: st.DataObject):
    filterset = compile_design(design)
    programs = [each.program for each in design.exemptions]
    filters = [dumped(n, each) for n, each in enumerate((*filterset.filters, *exemptions_beside(filterset)))]
    sublayers = tuple(DumpSublayer(f"{{{s.key}}}", s.name, "", s.weight, ()) for s in filterset.sublayers)
    dump = dump_of(filters, sublayers)
    for _ in range(8):
        packet = data.draw(packets(design))
        told = {"profile": packet.profile or "domain", "interface": packet.interface or "lan"}
        packet = replace(packet, program=packet.program or r"E:\none.exe", **told)
        found, wanted = trace_machine(dump, packet), trace(filterset, packet)
        assert wanted.outcomes in found.outcomes
        two_forms = len({is_device_path(path) for path in (packet.program, *programs) if path}) > 1
        if packet.local_port not in (500, 4500) and not two_forms:
            assert len(found.outcomes) == 1


def outcomes_of(*filters: DumpFilter, packet: str = OUT) -> set[str]:
    return {each.peer_without_ipsec.settled for each in traced(*filters, packet=packet).outcomes}


def traced(*filters: DumpFilter, packet: str = OUT) -> MachineTrace:
    return trace_machine(dump_of(list(filters)), parse_packet(packet))


def condition(field: str, low: int, match: str = "FWP_MATCH_EQUAL", kind: str = "FWP_UINT32") -> Condition:
    return Condition(f"FWPM_CONDITION_{field}", match, Value(kind, low, low))


@pytest.mark.parametrize(
    ("field", "number", "words", "settled"),
    [
        ("INTERFACE_TYPE", 6, "", {"blocked", "untouched"}),
        ("INTERFACE_TYPE", 6, " interface lan", {"blocked"}),
        ("INTERFACE_TYPE", 6, " interface wireless", {"untouched"}),
        ("CURRENT_PROFILE_ID", 2, "", {"blocked", "untouched"}),
        ("CURRENT_PROFILE_ID", 2, " profile private", {"blocked"}),
        ("CURRENT_PROFILE_ID", 2, " profile public", {"untouched"}),
    ],
)
def test_a_network_is_open_on_a_machine_unless_the_packet_says_it(field, number, words, settled):
    block = machine_filter(1, CONNECT, BLOCK, condition(field, number), weight=9)
    assert outcomes_of(block, packet=OUT + words) == settled


PERMIT, BLOCK = "FWP_ACTION_PERMIT", "FWP_ACTION_BLOCK"
INTERFACE = condition("INTERFACE_TYPE", 6)  # a packet does not tell


def test_a_condition_that_a_packet_does_not_answer_leaves_both_open():
    maybe = machine_filter(1, CONNECT, BLOCK, condition("INTERFACE_TYPE", 6), weight=9)
    certain = machine_filter(2, CONNECT, PERMIT, weight=1)
    found = traced(maybe, certain)
    assert {each.peer_with_ipsec.first for each in found.outcomes} == {"blocked", "exempt"}
    assert undecided_fields(found.steps) == {"FWPM_CONDITION_INTERFACE_TYPE": 1}


def test_one_condition_that_fails_is_enough_to_decide():
    maybe = machine_filter(
        1, CONNECT, BLOCK, condition("INTERFACE_TYPE", 6), condition("IP_PROTOCOL", 17, kind="FWP_UINT8"), weight=9
    )
    assert outcomes_of(maybe, machine_filter(2, CONNECT, PERMIT)) == {"exempt"}


def test_what_comes_after_a_certain_match_does_not_matter():
    certain = machine_filter(1, CONNECT, PERMIT, weight=9)
    maybe = machine_filter(2, CONNECT, BLOCK, condition("INTERFACE_TYPE", 6), weight=1)
    assert outcomes_of(certain, maybe) == {"exempt"}


def test_filters_of_equal_weight_may_each_decide():
    assert outcomes_of(machine_filter(1, CONNECT, PERMIT, weight=5), machine_filter(2, CONNECT, BLOCK, weight=5)) == {
        "exempt",
        "blocked",
    }


@pytest.mark.parametrize(
    ("match", "mask", "packet", "wanted"),
    [
        ("FLAGS_ALL_SET", 1, OUT, {"untouched"}),
        ("FLAGS_ALL_SET", 1, f"{OUT} loopback", {"blocked"}),
        ("FLAGS_NONE_SET", 1, OUT, {"blocked"}),
        ("FLAGS_NONE_SET", 1, f"{OUT} loopback", {"untouched"}),
        ("FLAGS_ALL_SET", 2, OUT, {"untouched"}),  # with this peer it is clear for good
        ("FLAGS_ALL_SET", 2, f"{OUT} secured", {"blocked"}),
        ("FLAGS_ALL_SET", 2, f"{OUT} clear", {"untouched"}),
        ("FLAGS_NONE_SET", 2, f"{OUT} secured", {"untouched"}),
        ("FLAGS_ALL_SET", 3, OUT, {"untouched"}),
        ("FLAGS_ALL_SET", 8, OUT, {"blocked", "untouched"}),
        ("FLAGS_ALL_SET", 0x20, OUT, {"untouched"}),
        ("FLAGS_ANY_SET", 5, f"{OUT} loopback", {"blocked"}),
        ("FLAGS_ANY_SET", 5, OUT, {"untouched"}),
        ("FLAGS_NONE_SET", 3, OUT, {"blocked"}),
        ("FLAGS_NONE_SET", 9, OUT, {"blocked", "untouched"}),
        ("FLAGS_NONE_SET", 0x21, OUT, {"blocked"}),
        ("FLAGS_ALL_SET", 0x400000, OUT, {"untouched"}),
        ("FLAGS_ALL_SET", 0x400000, f"{OUT} loopback", {"blocked", "untouched"}),
        ("FLAGS_ALL_SET", 0x400000, f"{OUT} app-loopback", {"blocked"}),
        ("FLAGS_ALL_SET", 0x400000, f"{OUT} non-app-loopback", {"untouched"}),
        ("FLAGS_ALL_SET", 0x10, f"{OUT} raw", {"blocked"}),
    ],
)
def test_flags(match: str, mask: int, packet: str, wanted: set[str]):
    block = machine_filter(1, CONNECT, BLOCK, condition("FLAGS", mask, f"FWP_MATCH_{match}"))
    assert outcomes_of(block, packet=packet) == wanted


def test_not_equal_is_the_other_way_round():
    other = condition("IP_PROTOCOL", 6, "FWP_MATCH_NOT_EQUAL", "FWP_UINT8")
    assert outcomes_of(machine_filter(1, CONNECT, BLOCK, other)) == {"untouched"}
    other = condition("IP_PROTOCOL", 17, "FWP_MATCH_NOT_EQUAL", "FWP_UINT8")
    assert outcomes_of(machine_filter(1, CONNECT, BLOCK, other)) == {"blocked"}


@pytest.mark.parametrize(
    ("field", "match", "low", "high", "wanted"),
    [
        ("IP_REMOTE_PORT", "EQUAL", 443, 443, {"blocked"}),
        ("IP_REMOTE_PORT", "EQUAL", 80, 80, {"untouched"}),
        ("IP_REMOTE_PORT", "RANGE", 443, 500, {"blocked"}),
        ("IP_REMOTE_PORT", "RANGE", 400, 443, {"blocked"}),
        ("IP_REMOTE_PORT", "RANGE", 444, 500, {"untouched"}),
        ("IP_REMOTE_PORT", "RANGE", 400, 442, {"untouched"}),
        ("IP_REMOTE_PORT", "GREATER", 443, 65535, {"blocked"}),
        ("IP_REMOTE_PORT", "GREATER_OR_EQUAL", 444, 65535, {"untouched"}),
        ("IP_REMOTE_PORT", "LESS", 0, 443, {"blocked"}),
        ("IP_REMOTE_PORT", "LESS_OR_EQUAL", 0, 442, {"untouched"}),
        ("IP_REMOTE_ADDRESS", "PREFIX", 0x0A000000, 0x0AFFFFFF, {"blocked"}),
        ("IP_REMOTE_PORT", "NOT_EQUAL", 400, 500, {"untouched"}),
        ("IP_REMOTE_PORT", "NOT_EQUAL", 500, 600, {"blocked"}),
        # Of these a packet does not tell, or nobody knows what they ask.
        ("IP_REMOTE_PORT", "FLAGS_ALL_SET", 443, 443, {"blocked", "untouched"}),
        ("IP_REMOTE_PORT", "OF_TOMORROW", 80, 80, {"blocked", "untouched"}),
        ("FLAGS", "EQUAL", 1, 1, {"blocked", "untouched"}),
        ("INTERFACE_TYPE", "NOT_EQUAL", 6, 6, {"blocked", "untouched"}),
        # One that a packet has none of fails, but for one that asks for anything else.
        ("ORIGINAL_ICMP_TYPE", "EQUAL", 8, 8, {"untouched"}),
        ("ORIGINAL_ICMP_TYPE", "NOT_EQUAL", 8, 8, {"blocked", "untouched"}),
    ],
)
def test_every_kind_of_match(field: str, match: str, low: int, high: int, wanted: set[str]):
    asked = Condition(f"FWPM_CONDITION_{field}", f"FWP_MATCH_{match}", Value("FWP_UINT32", low, high))
    assert outcomes_of(machine_filter(1, CONNECT, BLOCK, asked)) == wanted


@pytest.mark.parametrize("field", ["IP_LOCAL_PORT", "IP_REMOTE_PORT", "ORIGINAL_ICMP_TYPE"])
def test_a_packet_without_ports_matches_no_port(field: str):
    block = machine_filter(1, CONNECT, BLOCK, condition(field, 0))
    assert outcomes_of(block, packet="out gre 10.0.0.9 -> 10.0.0.5") == {"untouched"}


def test_of_several_conditions_on_one_field_one_is_enough():
    ports = [condition("IP_REMOTE_PORT", port) for port in (80, 443)]
    assert outcomes_of(machine_filter(1, CONNECT, BLOCK, *ports)) == {"blocked"}
    unclear = condition("IP_REMOTE_PORT", 80, "FWP_MATCH_OF_TOMORROW")
    found = traced(machine_filter(1, CONNECT, BLOCK, *ports, unclear, INTERFACE, INTERFACE))
    assert {each.peer_with_ipsec.first for each in found.outcomes} == {"blocked", "untouched"}
    assert undecided_fields(found.steps) == {"FWPM_CONDITION_INTERFACE_TYPE": 1}


def test_a_callout_of_type_unknown_may_let_the_next_filter_decide():
    unknown = machine_filter(1, CONNECT, "FWP_ACTION_CALLOUT_UNKNOWN", callout="{x}", weight=9)
    assert outcomes_of(unknown) == {"exempt", "blocked", "untouched"}
    assert outcomes_of(unknown, machine_filter(2, CONNECT, BLOCK, weight=1)) == {"exempt", "blocked"}


def test_a_callout_nobody_knows_may_do_either_and_one_that_inspects_does_nothing():
    unknown = machine_filter(1, CONNECT, "FWP_ACTION_CALLOUT_TERMINATING", callout="{x}")
    assert outcomes_of(unknown) == {"exempt", "blocked"}
    for goes_on in ("CALLOUT_INSPECTION", "CONTINUE", "NONE", "NONE_NO_MATCH"):
        inspecting = machine_filter(1, CONNECT, f"FWP_ACTION_{goes_on}", callout="{x}")
        assert outcomes_of(inspecting) == {"untouched"}


@pytest.mark.parametrize("flag", ["FWPM_FILTER_FLAG_BOOTTIME", "FWPM_FILTER_FLAG_DISABLED"])
def test_filters_for_the_time_before_bfe_runs_and_disabled_ones_are_asleep(flag: str):
    asleep = machine_filter(1, CONNECT, BLOCK, weight=9, flags=("FWPM_FILTER_FLAG_PERSISTENT", flag))
    assert outcomes_of(asleep) == {"untouched"}
    found = traced(asleep, machine_filter(2, CONNECT, PERMIT, weight=1))
    assert {each.peer_with_ipsec.first for each in found.outcomes} == {"exempt"}
    [deciding] = [each.deciding for step in found.steps for each in step.sublayers]
    assert deciding is not None
    assert deciding.filter_id == 2


INBOUND = "FWPM_LAYER_INBOUND_TRANSPORT_V4"
IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
CALLS_OUT, PERSIST = "FWP_ACTION_CALLOUT_TERMINATING", 2
IPSEC_IN = "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4"


def many(layer: str, count: int = 20) -> list[DumpFilter]:
    """Return filters that may permit or not, each in a sublayer of its own: 2 ** count ways to decide."""
    return [machine_filter(n, layer, PERMIT, INTERFACE, sublayer=f"{{{n}}}") for n in range(100, 100 + count)]


@pytest.mark.parametrize("place", ["first", "among", "last"])
def test_a_block_is_not_forgotten_beside_many_combinations(place: str):
    maybe = machine_filter(1, CONNECT, BLOCK, INTERFACE, sublayer="{block}")
    others = many(CONNECT)
    filters = {"first": [maybe, *others], "among": [*others[:9], maybe, *others[9:]], "last": [*others, maybe]}[place]
    assert outcomes_of(*filters) == {"exempt", "blocked", "untouched"}


def test_among_many_combinations_nothing_is_made_up():
    assert outcomes_of(*many(CONNECT)) == {"exempt", "untouched"}
    assert outcomes_of(*many(CONNECT), machine_filter(1, CONNECT, BLOCK, sublayer="{block}")) == {"blocked"}
    assert outcomes_of(*many(CONNECT), machine_filter(1, CONNECT, PERMIT, sublayer="{permit}")) == {"exempt"}


def test_what_a_permit_makes_of_a_callout_is_not_forgotten_beside_many_combinations():
    """A permit in a lower sublayer overrides the callout's block: what had to be protected is let in clear."""
    callout = machine_filter(1, INBOUND, CALLS_OUT, callout=IPSEC_IN, sublayer="{callout}")
    assert outcomes_of(callout, packet=IN) == {"blocked"}
    assert outcomes_of(callout, *many(INBOUND), packet=IN) == {"blocked", "clear"}


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_can_be_asked(name: str, tmp_path: Path):
    dump = read_dump(machine_file(name, tmp_path))
    found = trace_machine(dump, parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:445"))
    # One of the machines has nothing in its firewall's own sublayer that may permit: it blocks whatever is not said.
    assert {each.peer_with_ipsec.first for each in found.outcomes} in ({"exempt", "blocked"}, {"blocked"})
    assert "FWPM_CONDITION_ALE_PACKAGE_ID" in undecided_fields(found.steps)
    (accept,) = [step for step in found.steps if "RECV_ACCEPT" in step.layer]
    assert accept.count == sum(each.layer == accept.layer for each in dump.filters) > 10


@pytest.mark.parametrize(
    ("sddl", "words", "settled"),
    [
        ("O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)", "", {"blocked", "untouched"}),
        ("O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)", " machine S-1-5-21-1-2-3-513", {"blocked"}),
        ("O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)", " machine DU", {"untouched"}),
        (
            "O:LSD:(A;;RC;;;S-1-5-21-1-2-3-513)",
            " machine S-1-5-21-1-2-3-513",
            {"blocked", "untouched"},
        ),  # about another right
    ],
)
def test_a_machine_asks_who_the_peer_is_where_the_packet_says_it(sddl: str, words: str, settled: set[str]):
    asking = Condition(MACHINE, "FWP_MATCH_EQUAL", Value("FWP_SECURITY_DESCRIPTOR_TYPE", 0, 0, sddl))
    block = machine_filter(1, "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", BLOCK, asking, weight=9)
    assert outcomes_of(block, packet=f"in tcp 10.0.0.5:51000 -> 10.0.0.9:3389{words}") == settled
