"""Others in the way: which filters of a machine come before a design's, and which of the design's each affects."""

from dataclasses import replace

import pytest

from ndtui.analysis.dump import Dump
from ndtui.analysis.machine.others_in_the_way import in_the_way
from ndtui.analysis.ranking.placement import place
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.conditions import UNICAST, equals, port_condition
from ndtui.model.compiled.ike_exemptions import ike_exemptions
from ndtui.model.compiled.objects import Condition, FilterSet, Value
from ndtui.model.design.design import Design
from ndtui.model.design.ports import PortRange
from ndtui.model.vocabulary.sublayers import UNIVERSAL
from tests.analysis.machine.there import (
    ACCEPT,
    BLOCK,
    CONNECT,
    DRIVER,
    HARD,
    HIGH,
    IN,
    LOW,
    OUT,
    PERMIT,
    TERMINATING,
    TWIN,
    machine,
    there,
)
from tests.support import design, exempting, preset

DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
UDP, TCP = (equals("FWPM_CONDITION_IP_PROTOCOL", "FWP_UINT8", number) for number in (17, 6))
PORT_53, PORT_80 = (port_condition("FWPM_CONDITION_IP_REMOTE_PORT", PortRange(port, port)) for port in (53, 80))
IPSEC_OUT = "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4"


def compiled(of: Design | None = None) -> FilterSet:
    return compile_design(of or exempting(DNS))


def found(dump: Dump, of: Design | None = None) -> list[tuple[str, str, list[str]]]:
    """Return the kind, the place, and the labels of what is affected, of each filter in the way."""
    return [(each.kind, each.place, sorted(f.label for f in each.affected)) for each in in_the_way(compiled(of), dump)]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (there(OUT), [("decides", "same", ["exempt DNS", "outbound transport"])]),
        (there(OUT, effective_weight=0, weight=0), []),
        (there(OUT, PERMIT), [("decides", "same", ["outbound transport"])]),
        (there(OUT, sublayer=HIGH), [("decides", "before", ["exempt DNS", "outbound transport"])]),
        (there(OUT, sublayer=LOW), []),
        (there(OUT, sublayer=TWIN), [("decides", "unknown", ["exempt DNS", "outbound transport"])]),
        (there(OUT, PERMIT, sublayer=HIGH), []),
        (there(OUT, PERMIT, sublayer=HIGH, flags=HARD), [("hard-permit", "before", ["outbound transport"])]),
        (there(OUT, PERMIT, sublayer=LOW, flags=HARD), []),
        (
            there(OUT, TERMINATING, sublayer=HIGH, callout=IPSEC_OUT),
            [("ipsec", "before", ["exempt DNS", "outbound transport"])],
        ),
        (there(OUT, TERMINATING, sublayer=LOW, callout=IPSEC_OUT), []),
        (
            there(OUT, TERMINATING, sublayer=HIGH, callout=DRIVER),
            [("transport-callout", "before", ["exempt DNS", "outbound transport"])],
        ),
        (
            there(OUT, "FWP_ACTION_CALLOUT_INSPECTION", callout=DRIVER, effective_weight=0),
            [("transport-callout", "same", ["exempt DNS", "outbound transport"])],
        ),
        (there(OUT, TERMINATING, sublayer=LOW, callout=DRIVER), []),
        (there(ACCEPT, "FWP_ACTION_CALLOUT_INSPECTION", sublayer=HIGH, callout=DRIVER), []),
        (
            there(ACCEPT, TERMINATING, sublayer=HIGH, callout=DRIVER),
            [("decides", "before", ["exempt DNS", "require protection inbound"])],
        ),
        (there(CONNECT, sublayer=HIGH), []),
        (there(OUT, flags=("FWPM_FILTER_FLAG_DISABLED",)), []),
        (there(OUT, flags=("FWPM_FILTER_FLAG_BOOTTIME",)), []),
    ],
)
def test_what_is_in_the_way_by_its_place_and_by_what_it_does(other, said):
    assert found(machine(other)) == said


def test_a_filter_of_equal_weight_ties():
    rows = (row for group in place(compiled(), machine()) if group.layer == OUT for row in group.rows)
    weights = {row.ours.label: row.weight for row in rows if row.ours is not None}
    tied = there(OUT, BLOCK, UNICAST, effective_weight=weights["outbound transport"])
    assert found(machine(tied)) == [("ties", "same", ["outbound transport"])]
    assert found(machine(replace(tied, effective_weight=tied.effective_weight - 1))) == []


@pytest.mark.parametrize(
    ("conditions", "affected"),
    [
        ((UDP,), ["exempt DNS", "outbound transport"]),
        ((TCP,), ["outbound transport"]),
        ((TCP, UDP), ["exempt DNS", "outbound transport"]),
        ((UDP, PORT_80), ["outbound transport"]),
        ((UDP, PORT_80, PORT_53), ["exempt DNS", "outbound transport"]),
        ((PORT_80._replace(match="FWP_MATCH_NOT_EQUAL"),), ["exempt DNS", "outbound transport"]),
        ((UNICAST._replace(value=Value("FWP_UINT8", 3, 3)),), []),
    ],
)
def test_only_filters_are_affected_that_a_packet_may_match_too(conditions: tuple[Condition, ...], affected: list[str]):
    kinds = [("decides", "same", affected)] if affected else []
    assert found(machine(there(OUT, BLOCK, *conditions))) == kinds


def test_a_condition_of_which_the_numbers_are_not_known_keeps_nothing_apart():
    program = Condition("FWPM_CONDITION_ALE_APP_ID", "FWP_MATCH_EQUAL", Value("FWP_BYTE_BLOB_TYPE", 7, 7, "x.exe"))
    of = design(exemptions=[{"name": "x", "program": "C:\\y.exe"}])
    other = there(ACCEPT, BLOCK, program, sublayer=HIGH)
    assert found(machine(other), of) == [("decides", "before", ["exempt x", "require protection inbound"])]


def test_what_is_known_of_a_layer_alone_is_said():
    assert found(machine(there(IN), there(OUT), there("FWPM_LAYER_STREAM_V4"))) == [
        ("decides", "same", ["exempt DNS", "inbound transport"]),
        ("decides", "same", ["exempt DNS", "outbound transport"]),
    ]


def test_bfes_own_exemptions_belong_to_the_policy():
    exemption = next(each for each in ike_exemptions() if each.layer == OUT)
    weight = {"weight_type": "FWP_UINT8", "weight": 12, "effective_weight": 12 << 60}
    other = there(OUT, PERMIT, *exemption.conditions, **weight)
    assert found(machine(other)) == []
    assert found(machine(replace(other, action=BLOCK))) != []
    assert found(machine(replace(other, weight=15, effective_weight=15 << 60))) != []


def test_what_the_design_has_until_bfe_is_up_is_not_affected():
    early = {"name": "ICMP", "protocol": "icmp", "before_bfe": True}
    of = design(lifetime="persistent", before_bfe=["inbound"], exemptions=[early])
    assert [each.label for each in compiled(of).before_bfe if each.layer == ACCEPT] == [
        "before BFE: block inbound",
        "before BFE: exempt ICMP",
    ]
    assert found(machine(there(ACCEPT, TERMINATING, sublayer=HIGH, callout=DRIVER)), of) == [
        ("decides", "before", ["exempt ICMP", "require protection inbound"])
    ]


def test_what_a_machine_has_of_ours_is_in_nobodys_way():
    ours = f"{{{compiled().provider.key}}}"
    assert found(machine(there(OUT, sublayer=HIGH, provider=ours.upper()))) == []


def test_an_own_sublayer_is_asked_before_the_universal_one():
    own = exempting(DNS, sublayer={"kind": "own", "weight": 50_000})
    assert found(machine(there(OUT)), own) == []
    assert found(machine(there(OUT, sublayer=HIGH)), own) == []
    driver = there(OUT, TERMINATING, callout=DRIVER)
    assert found(machine(driver), own) == [("transport-callout", "after", ["exempt DNS", "outbound transport"])]


UNLISTED = "{0badc0de-0000-4000-8000-00000000abcd}"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([UNLISTED], "unknown"),
        ([UNLISTED, UNIVERSAL], "before"),
        ([UNIVERSAL, UNLISTED], ""),
        ([UNLISTED, "FWPM_SUBLAYER_IPSEC_TUNNEL"], "before"),
        (["FWPM_SUBLAYER_MPSSVC_WF", UNLISTED], ""),
        (["FWPM_SUBLAYER_IPSEC_TUNNEL", UNLISTED, "FWPM_SUBLAYER_MPSSVC_WF"], "unknown"),
        (["FWPM_SUBLAYER_MPSSVC_WF", "FWPM_SUBLAYER_IPSEC_TUNNEL", UNLISTED], "unknown"),
    ],
)
def test_where_no_weights_are_told_the_order_of_the_file_tells_the_place(order: list[str], said: str):
    """The last has sublayers in an order that their weights contradict: then the order tells nothing."""
    filters = [there(OUT, effective_weight=0, weight=0, sublayer=each) for each in order]
    places = [each for _, each, _ in found(machine(*filters, kind="filters"))]
    from_tunnel = ["before"] if "FWPM_SUBLAYER_IPSEC_TUNNEL" in order else []
    assert sorted(places) == sorted([*from_tunnel, *filter(None, [said])])


def test_every_filter_of_a_large_design_that_is_affected_is_named():
    exemptions = [{"name": f"e{n}", "protocol": "tcp", "remote_ports": [n]} for n in range(1, 301)]
    [each] = in_the_way(compiled(exempting(*exemptions)), machine(there(OUT, BLOCK, TCP, sublayer=HIGH)))
    assert len(each.affected) == 301


def test_presets_are_in_nobodys_way_on_an_empty_machine():
    assert in_the_way(compile_design(preset("nd-transport")), machine()) == ()
