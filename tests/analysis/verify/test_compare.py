"""Compare: by objects whatever their keys, and by meaning the same as asking every packet of a small world."""

from itertools import islice
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given

from ndtui.analysis.packet_sets.box import Box, meet
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.traffic_sets import boxes_of, point_of
from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.verify.compare import Policy, Region, compare_meaning, compare_objects
from ndtui.common.counted import listening
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import FilterDocument, ObjectLists
from ndtui.model.design.assertion import parse_traffic
from ndtui.model.design.design import Design, change
from tests.analysis.verify.brute_force import Brute, world
from tests.analysis.verify.small_designs import small_designs
from tests.rule_strategies import designs_with_rules
from tests.support import documents, exempting, preset

LISTS = ("subLayers", "providerContexts", "filters")


def meaning(before: Policy, after: Policy) -> tuple[Region, ...]:
    found = compare_meaning(before, after, Effort.for_filters(0))
    assert found.undecided == ()
    return found.regions


def policy(of: Design) -> Policy:
    return Policy.of(compile_design(of))


def with_filters(objects: ObjectLists, filters: list[FilterDocument]) -> ObjectLists:
    return {"subLayers": objects["subLayers"], "providerContexts": objects["providerContexts"], "filters": filters}


def boxes_in(region: Region) -> tuple[Box, ...]:
    return boxes_of(parse_traffic(region.traffic), region.direction, region.family)


@given(small_designs(5), small_designs(5))
def test_regions_hold_every_packet_whose_verdict_changes(before: Design, after: Design):
    regions = meaning(policy(before), policy(after))
    old, new = Brute(before), Brute(after)
    around = [(region, boxes_in(region), (verdict_of(region.before), verdict_of(region.after))) for region in regions]
    for region, boxes, (was, becomes) in around:
        assert (old.verdict(region.witness), new.verdict(region.witness)) == (was, becomes)
        assert region.before != region.after
        assert any(meet(box, point_of(region.witness)) for box in boxes)
    for direction, family in (("in", "V4"), ("out", "V4"), ("in", "V6"), ("out", "V6")):
        for packet in islice(world(direction, family), 0, None, 7):
            point, verdicts = point_of(packet), (old.verdict(packet), new.verdict(packet))
            here = [
                (region.whole, said)
                for region, boxes, said in around
                if (region.direction, region.family) == (direction, family) and any(meet(box, point) for box in boxes)
            ]
            assert verdicts[0] == verdicts[1] or verdicts in [said for _, said in here]
            assert all(verdicts == said for whole, said in here if whole)


@given(small_designs())
def test_a_design_means_what_it_means(design: Design):
    assert meaning(policy(design), policy(design)) == ()
    assert not list(compare_objects(policy(design), policy(design)))


def test_what_a_backend_holds_means_what_its_design_means():
    for name in ("nd-domain-member", "transport-require"):
        held = Policy.of_documents(name, documents(preset(name)))
        assert meaning(policy(preset(name)), held) == ()
        assert not list(compare_objects(policy(preset(name)), held))


def test_other_words_for_the_same_traffic_are_no_change_of_meaning():
    one = exempting({"protocol": "tcp", "remote_ports": ["1-10"]})
    other = exempting({"protocol": "tcp", "remote_ports": ["1-5"]}, {"protocol": "tcp", "remote_ports": ["6-10"]})
    assert meaning(policy(one), policy(other)) == ()
    assert {change.action for change in compare_objects(policy(one), policy(other))} == {"add", "change"}


def test_a_new_exemption_is_a_region_with_its_name():
    one = exempting({"name": "DNS", "protocol": "udp", "remote_ports": [53]}, families=["V4"])
    found = meaning(policy(exempting(families=["V4"])), policy(one))
    assert [(r.traffic, verdict_of(r.before), verdict_of(r.after), r.whole) for r in found] == [
        ("in v4 udp from any port 53", "protected", "exempt", False),  # IKE's own ports are exempt already
        ("out v4 udp to any port 53", "requested", "exempt", False),
    ]
    assert all("exemption DNS" in r.after_by for r in found)


@pytest.mark.parametrize(
    ("was", "now", "traffic"),
    [
        ({"remote_ports": [53]}, {"remote_ports": [53, 853]}, "to any port 853"),
        ({"remote_ports": ["100-200"]}, {"remote_ports": ["100-250"]}, "to any port 201-250"),
        ({"remote_ports": [53, 853]}, {"remote_ports": [53]}, "to any port 853"),
        (
            {"remote_addresses": ["10.0.0.0/30"], "remote_ports": [53]},
            {"remote_addresses": ["10.0.0.0/29"], "remote_ports": [53]},
            "to 10.0.0.4/30 port 53",
        ),
    ],
)
def test_of_an_exemption_that_is_changed_only_what_differs_is_told(was: Any, now: Any, traffic: str):
    before, after = (exempting({"name": "DNS", "protocol": "udp", **each}) for each in (was, now))
    found = meaning(policy(before), policy(after))
    told = {each.traffic for each in found if each.direction == "out" and each.family == "V4"}
    assert told == {f"out v4 udp {traffic}"}


def test_what_is_taken_out_of_the_middle_is_told_as_what_others_decide():
    before = exempting({"name": "one", "protocol": "udp", "remote_ports": [150]})
    after = exempting(
        {"name": "one", "protocol": "udp", "remote_ports": [150]},
        {"name": "more", "protocol": "udp", "remote_ports": ["100-200"]},
    )
    found = meaning(policy(before), policy(after))
    told = {(each.traffic, each.whole) for each in found if each.direction == "out" and each.family == "V4"}
    assert told == {("out v4 udp to any port 100-200", False)}


def test_designs_with_other_keys_are_matched_by_what_their_objects_are_for():
    found = list(compare_objects(policy(preset("nd-transport")), policy(preset("nd-boundary"))))
    assert [(each.action, each.name) for each in found if each.action != "change"] == [
        ("remove", name) for _ in ("V4", "V6") for name in ("require protection inbound", "exempt ICMP")
    ]
    flags = [each.differences for each in found if each.action == "change"]
    assert all(after == "IPSEC_POLICY_FLAG_ND_BOUNDARY" for ((_, _, after),) in flags)


def test_a_policy_of_another_name_has_the_same_objects():
    one = preset("nd-transport")
    other = change(one, name="another", sublayer={"kind": "own", "weight": 5})
    assert not list(compare_objects(policy(change(one, name="another")), policy(one)))
    assert [each.kind for each in compare_objects(policy(one), policy(other)) if each.action == "add"] == ["subLayers"]


def test_what_the_engine_assigns_is_no_difference():
    held = documents(preset("nd-transport"))
    weighed = with_filters(
        held,
        [{**each, "effectiveWeight": {"type": "FWP_UINT64", "uint64": 5}, "filterId": 7} for each in held["filters"]],
    )
    assert not list(compare_objects(Policy.of_documents("x", held), Policy.of_documents("x", weighed)))


def test_nothing_is_compared_with_a_policy_as_traffic_that_nobody_touches():
    nothing = Policy.of_documents("", {"subLayers": [], "providerContexts": [], "filters": []})
    found = meaning(nothing, policy(preset("nd-transport")))
    assert ("untouched", "protected") in {(verdict_of(r.before), verdict_of(r.after)) for r in found}


def test_all_of_a_host_is_one_region_whatever_kind_its_protocol_is():
    one = exempting({"remote_addresses": ["10.0.0.1"]}, families=["V4"])
    found = meaning(policy(exempting(families=["V4"])), policy(one))
    assert [(each.traffic, verdict_of(each.before)) for each in found] == [
        ("in v4 any from 10.0.0.1", "protected"),
        ("in v4 icmp type 0-2,6-10,13-255 from 10.0.0.1", "protected"),
        ("in v4 icmp type 3-5,11-12 from 10.0.0.1", "requested"),  # an ICMP error is not held to what ALE requires
        ("out v4 any to 10.0.0.1", "requested"),
    ]


def test_multicast_that_a_policy_begins_to_touch_is_a_region():
    before = documents(preset("nd-transport"))
    after = with_filters(before, [{**each, "filterCondition": []} for each in before["filters"]])
    found = meaning(Policy.of_documents("before", before), Policy.of_documents("after", after))
    assert [each.traffic for each in found if verdict_of(each.before) == "untouched"] == [
        "in v4 multicast any",
        "in v6 multicast any",
        "out v4 multicast any",
        "out v6 multicast any",
    ]


def test_objects_that_say_they_are_for_the_same_are_told_apart_by_their_keys():
    held = documents(preset("nd-transport"))
    first = held["filters"][0]
    twins = [{**first, "filterKey": f"{{00000000-0000-0000-0000-00000000000{n}}}"} for n in (1, 2)]
    one, two = (with_filters(held, [*held["filters"], *added]) for added in (twins[:1], twins))
    found = compare_objects(Policy.of_documents("x", one), Policy.of_documents("x", two))
    assert [(each.action, each.kind) for each in found] == [("add", "filters")]


def with_rules(*rules: dict[str, object], **fields: object) -> Design:
    return Design.model_validate({"name": "srv", "version": 2, "rules": rules, **fields})


@given(designs_with_rules())
def test_the_objects_of_rules_are_the_same_under_another_identity(made: Design):
    other = change(made, id=UUID(int=7))
    assert not list(compare_objects(policy(made), policy(other)))
    assert len(policy(made).identified) == sum(len(policy(made).objects[name]) for name in LISTS)


def test_filters_of_one_rule_at_one_layer_are_told_apart():
    """Under other keys, and with nothing else changed, each of them meets its own."""
    both = {"protocol": "tcp", "local_ports": [5555], "remote_ports": [5555], "either_port": True}
    before = with_rules({"name": "base"}, {"name": "SQL", "scope": both, "machines": "O:LSD:(A;;CC;;;DC)"})
    after = change(
        before, id=UUID(int=7), rules=(before.rules[0], {**dict(before.rules[1]), "machines": "O:LSD:(A;;CC;;;SY)"})
    )
    found = list(compare_objects(policy(before), policy(after)))
    assert {(each.action, each.name) for each in found} == {
        ("change", "SQL: only who may connect (service here)"),
        ("change", "SQL: only who may connect (service elsewhere)"),
    }
    assert len(found) == 4


def test_a_filter_that_leads_to_another_context_is_a_change():
    rules = {"name": "base"}, {"name": "SQL", "scope": {"protocol": "tcp", "local_ports": [1433]}}
    before = with_rules(*rules, keying_modules=["IKE"])
    after = change(before, rules=(before.rules[0], {**dict(before.rules[1]), "nd_secure": False}))
    found = [(each.action, each.kind, each.name) for each in compare_objects(policy(before), policy(after))]
    assert ("add", "providerContexts", "SQL: IKE quick mode") in found
    assert found.count(("change", "filters", "SQL: IKE quick mode")) == 2


def test_a_comparison_counts_what_it_goes_through() -> None:
    """Of a large design it takes long: filters, traffic that differs, objects; each is counted."""
    reached: list[tuple[int, int]] = []

    class Listener:
        def reach(self, done: int, of: int, step: int) -> None:
            reached.append((done, of))

        def seal(self) -> None:
            raise AssertionError("nothing is written")

    many = 230
    exemptions = [
        {"name": f"e{n}", "protocol": "udp", "families": ["V4"], "remote_addresses": [f"10.0.{n}.0/24"]}
        for n in range(many)
    ]
    plain, exempt = (compile_design(each) for each in (preset("nd-transport"), exempting(*exemptions)))
    before, after = Policy.of(plain), Policy.of(exempt)
    with listening(Listener()):
        found = compare_meaning(before, after, Effort.for_filters(1000))
    assert len(found.regions) >= 2 * many
    assert any(done == 200 and of > many for done, of in reached)  # the filters of a layer, BFE's own among them
    assert (200, many) in reached  # the traffic of each exemption
    reached.clear()
    with listening(Listener()):
        objects = list(compare_objects(before, after))
    assert len(objects) >= 2 * many
    compared = len(after.identified)
    assert (compared // 200 * 200, compared) in reached
