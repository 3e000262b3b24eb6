"""Traffic there: what the copy of a design on a machine does with traffic, by the filters that decide there."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.drift.traffic_there import compare_traffic, policy_there
from ndtui.analysis.dump import Dump, DumpCondition
from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.traffic.packet import Packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.filter_values import PERMIT
from ndtui.model.compiled.ike_exemptions import exemptions_with
from ndtui.model.compiled.objects import Filter
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.layers import ALE_AUTH_RECV_ACCEPT, stem_of
from tests.analysis.drift.shown import DISABLED, changing, drift_of, each_filter, shown, under_other_keys, without
from tests.strategies import packets
from tests.support import design, exempting, preset

DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}


def regions(made: Design, dump: Dump) -> set[str]:
    """Return the traffic that is treated otherwise; nothing may be left open."""
    meaning, unread = compare_traffic(compile_design(made), drift_of(made, dump))
    assert (meaning.undecided, unread) == ((), "")
    return {each.traffic for each in meaning.regions}


def test_a_filter_that_is_gone_or_sleeps_decides_nothing(tmp_path: Path):
    made = exempting(DNS)
    dump = shown(made, tmp_path)
    assert regions(made, dump) == set()
    gone, asleep = without(dump, "exempt DNS"), changing(dump, "exempt DNS", flags=(DISABLED,))
    assert regions(made, gone) == regions(made, asleep) != set()
    assert all("udp" in each for each in regions(made, gone))


def test_what_is_left_of_another_version_decides_too(tmp_path: Path):
    assert all("udp" in each and "53" in each for each in regions(design(), shown(exempting(DNS), tmp_path)))
    assert regions(design(), shown(exempting(DNS), tmp_path)) != set()


def test_what_stands_until_bfe_is_up_has_no_part_in_it(tmp_path: Path):
    """Its conditions ask for what no packet shows."""
    made = exempting(DNS, lifetime="persistent", before_bfe=["inbound", "outbound"])
    assert regions(made, without(shown(made, tmp_path), "exempt DNS")) != set()
    assert regions(made, without(shown(made, tmp_path), "before BFE: block inbound")) == set()


def test_an_own_sublayer_is_asked_where_the_design_says_if_the_file_does_not_tell(tmp_path: Path):
    made = exempting(DNS, sublayer={"kind": "own", "weight": 9})
    for show in ("state", "filters"):
        gone = without(shown(made, tmp_path, show), "exempt DNS")
        assert policy_there(drift_of(made, gone)).sets.layer("FWPM_LAYER_INBOUND_TRANSPORT", "V4")
        assert regions(made, gone) == regions(made, without(shown(made, tmp_path), "exempt DNS")) != set()


@pytest.mark.parametrize(
    "condition",
    [
        DumpCondition("FWPM_CONDITION_ALE_PACKAGE_ID", "FWP_MATCH_EQUAL", "S-1-15-2-1"),
        DumpCondition("FWPM_CONDITION_ALE_REMOTE_USER_ID", "FWP_MATCH_EQUAL", "not SDDL"),
        DumpCondition("FWPM_CONDITION_IP_REMOTE_PORT", "FWP_MATCH_EQUAL", "no number"),
    ],
)
def test_a_filter_that_asks_for_what_no_packet_shows_leaves_it_open(condition: DumpCondition, tmp_path: Path):
    made = preset("nd-transport")
    dump = each_filter(
        shown(made, tmp_path),
        lambda f: (
            replace(f, conditions=(condition,), values=(None,)) if stem_of(f.layer) == ALE_AUTH_RECV_ACCEPT else f
        ),
    )
    meaning, unread = compare_traffic(compile_design(made), drift_of(made, dump))
    assert meaning.regions == ()
    assert " asks for " in unread


def test_a_match_that_is_not_one_of_equality_leaves_it_open(tmp_path: Path):
    made = exempting(DNS)
    other = each_filter(
        shown(made, tmp_path),
        lambda f: replace(f, conditions=tuple(c._replace(match="FWP_MATCH_NOT_EQUAL") for c in f.conditions)),
    )
    assert compare_traffic(compile_design(made), drift_of(made, other))[1] != ""


@given(data=st.data())
def test_every_packet_fares_as_with_the_filters_that_are_left(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    """What is compared is the machine's own: a packet outside of every region has the same outcome on both sides."""
    made = preset("nd-zones")
    dump = shown(made, tmp_path_factory.getbasetemp())
    gone = data.draw(st.sets(st.sampled_from([each.key for each in dump.filters]), max_size=4))
    there = each_filter(dump, lambda f: None if f.key in gone else f)
    packet: Packet = data.draw(packets(made))
    filterset = compile_design(made)
    left = [each for each in filterset.filters if f"{{{each.key}}}" not in gone]
    by_layer: dict[str, list[Filter]] = {}
    for each in left:
        by_layer.setdefault(each.layer, []).append(each)
    for each in exemptions_with(by_layer):
        by_layer.setdefault(each.layer, []).append(each)
    expected = PolicySets(by_layer, {}).outcome(packet)
    assert policy_there(drift_of(made, there)).sets.outcome(packet) == expected


def test_the_policy_of_another_program_is_read_whatever_its_provider_is_called(tmp_path: Path):
    made = exempting(DNS)
    dump = under_other_keys(shown(made, tmp_path), "FWPM_PROVIDER_IKEEXT")
    assert regions(made, dump) == set()
    exempt = each_filter(dump, lambda f: None if f.action == PERMIT and not f.provider_context_key else f)
    assert regions(made, exempt) != set()
