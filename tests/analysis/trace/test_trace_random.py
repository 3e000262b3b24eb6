"""The trace against an interpreter that was written without it: random designs, random packets, the same outcome."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.trace import Tracer, filter_index
from ndtui.analysis.trace.matching import failed
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.traffic.packet_values import taken_values
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.analysis.trace.trace_interpreter import Machine, first_failed
from tests.strategies import designs, of_any_kind, packets, ruled_designs
from tests.support import exempting, often

PACKETS_EACH = 12


@st.composite
def situations(draw: st.DrawFn) -> tuple[Design, list[Packet]]:
    design = draw(st.one_of(designs(8), ruled_designs(4, 4)))
    return design, [draw(packets(design).flatmap(of_any_kind)) for _ in range(PACKETS_EACH)]


@contextmanager
def branching() -> Iterator[None]:
    """Make an index branch as far as it can: a few filters would otherwise be looked at one by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filter_index, "_FEW", 0)
        yield


@often
@given(situations())
def test_the_outcome_is_what_a_packet_played_through_by_the_book_meets(situation: tuple[Design, list[Packet]]):
    design, asked = situation
    machine, tracer = Machine(design), Tracer(compile_design(design))
    for packet in asked:
        traced = tracer.trace(packet)
        assert tuple(map(tuple, traced.outcomes)) in machine.possible(packet), str(packet)


@often
@given(situations())
def test_the_filters_that_match_and_the_one_that_decides_are_the_same(situation: tuple[Design, list[Packet]]):
    design, asked = situation
    machine, tracer = Machine(design), Tracer(compile_design(design))
    for packet in asked:
        with branching():
            traced = tracer.trace(packet)
        assert [step.layer for step in traced.steps] == machine.layers(packet)
        for step in traced.steps:
            wanted = machine.matching(step.layer, packet)
            assert [each.sublayer for each in step.sublayers] == list(wanted)
            for each, own in zip(step.sublayers, wanted.values(), strict=True):
                matching = (each.deciding, *each.outranked)
                assert sorted(f"{{{m.filter.key}}}" for m in matching) == sorted(f["filterKey"] for f in own)
                weights = [m.weight.value for m in matching]
                assert weights == sorted(weights, reverse=True)


@given(st.one_of(designs(40), ruled_designs(8, 8)), st.data())
def test_an_index_loses_no_filter_that_matches(design: Design, data: st.DataObject):
    filterset = compile_design(design)
    for layer, filters in filterset.by_layer.items():
        with branching():
            found = filter_index.LayerIndex(filters)
        for _ in range(4):
            values = taken_values(data.draw(packets(design)))
            matching = [each for each in filters if not failed(each.conditions, values)]
            candidates = {id(each) for each in found.candidates(values)}
            assert {id(each) for each in matching} <= candidates, layer


@pytest.mark.parametrize("ports", [([443], ["443-500"]), (["443-500"], [443]), (["443-500"], ["443-444"], [443])])
@pytest.mark.parametrize("side", ["local_ports", "remote_ports"])
def test_an_index_tells_a_number_from_a_range_that_begins_with_it(ports: tuple[list[int | str], ...], side: str):
    filterset = compile_design(exempting(*({"protocol": "tcp", side: each} for each in ports)))
    for number, met in ((442, 0), (443, len(ports)), (444, len(ports) - 1), (500, 1), (501, 0)):
        ends = ("10.0.0.5:1", f"10.0.0.9:{number}")
        packet = parse_packet("in tcp {} -> {}".format(*(ends if side == "local_ports" else reversed(ends))))
        with branching():
            step = Tracer(filterset).trace(packet).steps[1]
        matching = [each.filter.origin for each in (step.deciding, *step.outranked) if each is not None]
        exempted = {origin for origin in matching if origin.exemption_name is not None}
        assert len(exempted) == met


@given(situations())
def test_what_does_not_match_is_given_its_first_condition_that_fails(situation: tuple[Design, list[Packet]]):
    design, asked = situation
    machine, tracer = Machine(design), Tracer(compile_design(design))
    for packet in asked:
        for step in tracer.trace(packet).steps:
            others = {f"{{{each.filter.key}}}": each.failed[0].field for each in step.others()}
            failed = {each["filterKey"]: first_failed(each, packet) for each in machine.at(step.layer)}
            assert others == {key: field for key, field in failed.items() if field is not None}


@given(situations())
def test_a_packet_is_read_as_it_is_written(situation: tuple[Design, list[Packet]]):
    for packet in situation[1]:
        read = parse_packet(str(packet))
        if packet.loopback == read.loopback:  # two ends that are one address are loopback whatever is said
            assert read == packet
        else:
            assert packet.local_address == packet.remote_address or str(read).count("127.") or "::1" in str(read)
