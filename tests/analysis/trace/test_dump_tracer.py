"""A packet on a machine whose filters are known from a dump: what is decided, and what a packet cannot tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter, DumpSublayer, read_dump
from ndtui.analysis.trace import trace
from ndtui.analysis.trace.dump_tracer import MachineTrace, trace_machine, undecided_fields
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM, exemptions_beside
from ndtui.model.compiled.objects import Condition, Filter, Value
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.design import Design
from tests.strategies import designs, packets
from tests.support import ROOT

DUMPS = ROOT.parent / "shared" / "data" / "windows"
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
        conditions=tuple(DumpCondition(c.field, c.match, str(c.value.low)) for c in conditions),
        filter_id=number,
        values=tuple(None if c == IS_LOCAL_SYSTEM else c.value for c in conditions),
    )


@given(designs(5), st.data())
def test_the_filters_of_a_design_do_on_a_machine_what_they_do_in_the_trace(design: Design, data: st.DataObject):
    filterset = compile_design(design)
    filters = [dumped(n, each) for n, each in enumerate((*filterset.filters, *exemptions_beside(filterset)))]
    sublayers = tuple(DumpSublayer(f"{{{s.key}}}", s.name, "", s.weight, ()) for s in filterset.sublayers)
    dump = dump_of(filters, sublayers)
    for _ in range(8):
        packet = data.draw(packets(design))
        found, wanted = trace_machine(dump, packet), trace(filterset, packet)
        assert wanted.outcomes in found.outcomes
        if packet.local_port not in (500, 4500):
            assert len(found.outcomes) == 1


def ways(*filters: DumpFilter, packet: str = OUT) -> set[str]:
    return {each.peer_without_ipsec.settled for each in traced(*filters, packet=packet).outcomes}


def traced(*filters: DumpFilter, packet: str = OUT) -> MachineTrace:
    return trace_machine(dump_of(list(filters)), parse_packet(packet))


def condition(field: str, low: int, match: str = "FWP_MATCH_EQUAL", kind: str = "FWP_UINT32") -> Condition:
    return Condition(f"FWPM_CONDITION_{field}", match, Value(kind, low, low))


PERMIT, BLOCK = "FWP_ACTION_PERMIT", "FWP_ACTION_BLOCK"


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
    assert ways(maybe, machine_filter(2, CONNECT, PERMIT)) == {"exempt"}


def test_what_comes_after_a_certain_match_does_not_matter():
    certain = machine_filter(1, CONNECT, PERMIT, weight=9)
    maybe = machine_filter(2, CONNECT, BLOCK, condition("INTERFACE_TYPE", 6), weight=1)
    assert ways(certain, maybe) == {"exempt"}


def test_filters_of_equal_weight_may_each_decide():
    assert ways(machine_filter(1, CONNECT, PERMIT, weight=5), machine_filter(2, CONNECT, BLOCK, weight=5)) == {
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
        ("FLAGS_ALL_SET", 2, OUT, {"blocked", "untouched"}),
        ("FLAGS_ALL_SET", 3, OUT, {"untouched"}),
        ("FLAGS_ANY_SET", 5, f"{OUT} loopback", {"blocked"}),
        ("FLAGS_ANY_SET", 5, OUT, {"untouched"}),
        ("FLAGS_NONE_SET", 3, OUT, {"blocked", "untouched"}),
    ],
)
def test_flags(match: str, mask: int, packet: str, wanted: set[str]):
    block = machine_filter(1, CONNECT, BLOCK, condition("FLAGS", mask, f"FWP_MATCH_{match}"))
    assert ways(block, packet=packet) == wanted


def test_not_equal_is_the_other_way_round():
    other = condition("IP_PROTOCOL", 6, "FWP_MATCH_NOT_EQUAL", "FWP_UINT8")
    assert ways(machine_filter(1, CONNECT, BLOCK, other)) == {"untouched"}
    other = condition("IP_PROTOCOL", 17, "FWP_MATCH_NOT_EQUAL", "FWP_UINT8")
    assert ways(machine_filter(1, CONNECT, BLOCK, other)) == {"blocked"}


def test_a_callout_nobody_knows_may_do_either_and_one_that_inspects_does_nothing():
    unknown = machine_filter(1, CONNECT, "FWP_ACTION_CALLOUT_TERMINATING", callout="{x}")
    assert ways(unknown) == {"exempt", "blocked"}
    inspecting = machine_filter(1, CONNECT, "FWP_ACTION_CALLOUT_INSPECTION", callout="{x}")
    assert ways(inspecting) == {"untouched"}


def test_filters_for_the_time_before_bfe_runs_are_asleep():
    asleep = machine_filter(1, CONNECT, BLOCK, flags=("FWPM_FILTER_FLAG_BOOTTIME",))
    assert ways(asleep) == {"untouched"}


@pytest.mark.parametrize("name", ["filters-a.xml", "wfpstate-2024-10.xml", "wfpstate-2026-07.xml"])
def test_a_real_machine_can_be_asked(name: str):
    if not (DUMPS / name).is_file():
        pytest.skip("the dumps of real machines are not part of the project")
    dump = read_dump(DUMPS / name)
    found = trace_machine(dump, parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:445"))
    assert {each.peer_with_ipsec.first for each in found.outcomes} == {"exempt", "blocked"}
    assert "FWPM_CONDITION_ALE_APP_ID" in undecided_fields(found.steps)
