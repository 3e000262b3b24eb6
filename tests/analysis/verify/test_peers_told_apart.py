"""Two policies that let in different peers differ in meaning: by whom their lists name, each with a packet."""

from typing import Any

import pytest

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.verify import peers_told_apart as module
from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.verify.compare import Meaning, Policy, compare_meaning
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.design.design import Design
from tests.support import design

ONE, TWO = "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-9"
ALLOW_ONE, ALLOW_TWO = f"D:(A;;CC;;;{ONE})", f"D:(A;;CC;;;{TWO})"


def guarded(*rules: tuple[str, int, str], **fields: Any) -> Design:
    own = [
        {"name": name, "mode": "inherit", "scope": {"protocol": "tcp", "local_ports": [port]}, "machines": sddl}
        for name, port, sddl in rules
    ]
    return design(version=2, families=["V4"], rules=[{"name": "base"}, *own], **fields)


def compared(before: Design, after: Design) -> Meaning:
    sides = [Policy.of(compile_design(each)) for each in (before, after)]
    return compare_meaning(*sides, Effort.for_filters(sum(side.sets.count for side in sides)))


def changes(before: Design, after: Design) -> list[tuple[str, str, str]]:
    found = compared(before, after)
    assert found.undecided == ()
    return [(each.traffic, verdict_of(each.before), verdict_of(each.after)) for each in found.regions]


def test_another_list_lets_others_in():
    before, after = guarded(("RDP", 3389, ALLOW_ONE)), guarded(("RDP", 3389, ALLOW_TWO))
    assert sorted(changes(before, after)) == [
        (f"in v4 tcp to any port 3389 machine {ONE}", "protected", "blocked"),
        (f"in v4 tcp to any port 3389 machine {TWO}", "blocked", "protected"),
    ]
    (region, _) = sorted(compared(before, after).regions)
    assert str(region.witness) == f"in tcp 10.0.0.5:51000 -> 10.0.0.9:3389 machine {ONE}"
    assert "only who may connect" in region.before_by
    assert "block who may not connect" in region.after_by


def test_a_sid_that_is_denied_is_tried_with_one_that_is_allowed():
    before, after = guarded(("RDP", 3389, f"D:(D;;CC;;;{TWO})(A;;CC;;;{ONE})")), guarded(("RDP", 3389, ALLOW_ONE))
    assert changes(before, after) == [(f"in v4 tcp to any port 3389 machine {TWO},{ONE}", "blocked", "protected")]


def test_lists_that_change_places_are_told_apart():
    before = guarded(("RDP", 3389, ALLOW_ONE), ("SQL", 1433, ALLOW_TWO))
    after = guarded(("RDP", 3389, ALLOW_TWO), ("SQL", 1433, ALLOW_ONE))
    assert {traffic for traffic, _, _ in changes(before, after)} == {
        f"in v4 tcp to any port {port} machine {sid}" for port in (3389, 1433) for sid in (ONE, TWO)
    }


def test_where_the_lists_say_the_same_nobody_is_told_apart():
    before = guarded(("RDP", 3389, ALLOW_ONE))
    assert changes(before, guarded(("RDP", 3389, f"O:LSD:(A;;GA;;;{ONE})"))) == []
    assert module.peers_told_apart(*[PolicySets.of(compile_design(before))] * 2) == ((), True)


def test_users_are_told_apart_as_machines_are():
    def of(sddl: str) -> Design:
        rule = {"name": "RDP", "mode": "inherit", "scope": {"protocol": "tcp", "local_ports": [3389]}, "users": sddl}
        return design(version=2, families=["V4"], rules=[{"name": "base"}, rule], extended_mode={})

    assert {traffic.partition(" port ")[2] for traffic, _, _ in changes(of(ALLOW_ONE), of(ALLOW_TWO))} == {
        f"3389 user {ONE}",
        f"3389 user {TWO}",
    }


def test_beyond_so_many_peers_it_is_said_to_be_undecided(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST", 1)
    found = compared(guarded(("RDP", 3389, ALLOW_ONE)), guarded(("RDP", 3389, ALLOW_TWO)))
    assert len(found.regions) == 1
    assert [each.traffic for each in found.undecided] == ["in v4 tcp to any port 3389"]


def test_a_list_that_no_design_has_leaves_it_undecided():
    before, after = guarded(("RDP", 3389, ALLOW_ONE)), guarded(("RDP", 3389, ALLOW_TWO))
    held: Any = object_lists(compile_design(after))
    for each in held["filters"]:
        for condition in each["filterCondition"]:
            if "sd" in condition["conditionValue"]:
                condition["conditionValue"]["sd"] = "D:(A;;RC;;;WD)"
    sides = (Policy.of(compile_design(before)), Policy.of_documents("test", held))
    found = compare_meaning(*sides, Effort.for_filters(0))
    assert {each.traffic for each in found.undecided} == {"in v4 tcp to any port 3389"}
