"""Rules come back from a dump: ours by the names of their filters, another's by what their filters ask."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ndtui.analysis.dump import read_dump
from ndtui.analysis.reconstruct.design_from_dump import Reconstruction, reconstruct
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design, change, derived_id
from ndtui.model.design.rule import BASE
from tests.netsh import show_state
from tests.rule_strategies import designs_with_rules
from tests.support import design as plain
from tests.support import documents, often

#: What no object can tell: said where the policy that a rule with users leaves to the design is in no context.
UNKNOWN = ("id: ", "extended mode: ")
SQL = {"protocol": "tcp", "local_ports": [1433]}
DC = "O:LSD:(A;;CC;;;DC)"


def reconstructed(tmp_path: Path, text: str) -> Reconstruction:
    path = tmp_path / "state.xml"
    path.write_text(text, encoding="utf-8")
    return reconstruct(read_dump(path))


def objects(design: Design) -> Any:
    """Return the objects of a design, conditions and contexts in no order: netsh lists them as Windows sorts them."""
    found = documents(design)
    for each in found["filters"]:
        each["filterCondition"] = sorted(map(str, each["filterCondition"]))
    return {**found, "providerContexts": sorted(found["providerContexts"], key=str)}


def unkeyed(design: Design) -> Any:
    """Return the filters and contexts of a design without what is made of its id, its name and its rules' names."""
    found = objects(design)
    names = {each["providerContextKey"]: each["displayData"]["name"] for each in found["providerContexts"]}
    for each in (*found["providerContexts"], *found["filters"]):
        del each["origin"]
        each["providerContextKey"] = names.get(each.get("providerContextKey", ""), "")
        each.pop("filterKey", None)
    return found["filters"], sorted(found["providerContexts"], key=str)


def in_objects(design: Design) -> Design:
    """Return what the objects of a design tell of it: nothing that is off, and no identity of its own."""
    filters = compile_design(design).filters
    exemptions = [e for e in design.exemptions if any(f.origin == Origin.exemption(e.name) for f in filters)]
    fields: dict[str, Any] = {
        "id": derived_id(design.name),
        "lifetime": "static" if design.lifetime == "dynamic" else design.lifetime,
        "exemptions": exemptions,
    }
    return change(design, **fields)


@settings(
    parent=often, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(designs_with_rules())
def test_any_design_with_rules_comes_back(tmp_path_factory: pytest.TempPathFactory, design: Design):
    path = tmp_path_factory.getbasetemp() / "rules.xml"
    path.write_text(show_state(design), encoding="utf-8")
    found = reconstruct(read_dump(path))
    assert [line for line in found.missing if not line.startswith(UNKNOWN)] == []
    assert found.design is not None, found.missing
    if found.design.name == design.name:
        assert objects(found.design) == objects(in_objects(design))
    else:  # its one rule has a name, and no key tells where the policy's ends: the objects are called the same
        assert design.id != derived_id(design.name)
        assert BASE not in {rule.name for rule in design.rules if rule.enabled}
        assert unkeyed(found.design) == unkeyed(in_objects(design))


def with_rules(*rules: dict[str, Any], **fields: Any) -> Design:
    return plain(version=2, rules=list(rules), **fields)


def foreign(design: Design) -> str:
    """Return the dump of somebody else's policy: another provider, and names that say nothing of rules."""
    text = show_state(design).replace(str(compile_design(design).provider.key), "0badc0de-0000-4000-8000-000000000000")
    return re.sub(rf"<name>{design.name}: [^<]*</name>", "<name>Contoso</name>", text)


def what_packets_meet(design: Design) -> set[str]:
    """Return what the filters of a design do, without keys and names; filters that do the same are one."""
    left_out = ("filterKey", "displayData", "origin", "providerContextKey", "subLayerKey", "effectiveWeight")
    return {str({k: v for k, v in each.items() if k not in left_out}) for each in objects(design)["filters"]}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(designs_with_rules(exemptions=0))
def test_of_any_rules_of_somebody_else_what_does_not_come_back_is_named(
    tmp_path_factory: pytest.TempPathFactory, design: Design
):
    path = tmp_path_factory.getbasetemp() / "foreign.xml"
    theirs = "0badc0de-0000-4000-8000-000000000000"
    path.write_text(show_state(design).replace(str(compile_design(design).provider.key), theirs), encoding="utf-8")
    found = reconstruct(read_dump(path))
    if not found.missing:
        assert found.design is not None
        assert what_packets_meet(found.design) == what_packets_meet(in_objects(design))


def told(design: Design | None) -> list[tuple[Any, ...]]:
    assert design is not None
    return [(r.mode, r.scope, r.encryption, r.machines, r.users, r.negotiation is not None) for r in design.rules]


def test_a_known_design_comes_back_rule_by_rule(tmp_path: Path):
    design = with_rules(
        {"name": "base"},
        {"name": "branch", "mode": "boundary", "scope": {"remote_addresses": ["10.0.0.0/8"], "profiles": ["domain"]}},
        {"name": "SQL", "mode": "require", "encryption": "guaranteed", "scope": SQL, "weight_range": 9},
        {
            "name": "either",
            "mode": "require",
            "scope": {**SQL, "remote_ports": [1434], "either_port": True, "interfaces": ["lan", "wireless"]},
            "negotiation": {"keying_modules": ["AuthIP"], "quick_mode": {"idle_timeout_seconds": 9}},
        },
        {"name": "RDP", "mode": "inherit", "scope": {**SQL, "local_ports": [3389]}, "machines": DC},
    )
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())


def test_what_is_off_does_not_come_back_and_is_not_missed(tmp_path: Path):
    design = with_rules({"name": "base"}, {"name": "SQL", "mode": "require", "scope": SQL, "enabled": False})
    found = reconstructed(tmp_path, show_state(design))
    assert found == Reconstruction(change(design, rules=design.rules[:1]), ())


def test_rules_that_share_what_they_negotiate_get_none_of_their_own(tmp_path: Path):
    own = {"quick_mode": {"idle_timeout_seconds": 9}}
    design = with_rules(
        {"name": "a", "negotiation": own},
        {"name": "b", "negotiation": own, "scope": SQL},
        {"name": "c", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
    )
    found = reconstructed(tmp_path, show_state(design)).design
    assert found is not None
    assert found.quick_mode.idle_timeout_seconds == 9
    assert [rule.negotiation is not None for rule in found.rules] == [False, False, True]


@pytest.mark.parametrize(
    "rules",
    [
        [{"name": "base"}, {"name": "SQL", "mode": "inherit", "encryption": "guaranteed", "scope": SQL}],
        [{"name": "base"}, {"name": "SQL", "mode": "inherit", "machines": DC, "scope": SQL}],
        [{"name": "base", "mode": "boundary", "scope": {"remote_addresses": ["10.0.0.0/8"]}}],
        [{"name": "base", "mode": "require", "encryption": "guaranteed", "scope": SQL}],
        [
            {"name": "base", "mode": "require"},
            {"name": "SQL", "scope": SQL, "machines": DC, "encryption": "guaranteed"},
        ],
        [{"name": "base"}, {"name": "ten", "mode": "boundary", "scope": {"local_addresses": ["10.0.0.1"]}}],
    ],
)
def test_rules_of_somebody_else_are_known_by_their_traffic(rules: list[dict[str, Any]], tmp_path: Path):
    """The tables of Microsoft's pages on guaranteed encryption and remote identity are among them."""
    design = with_rules(*rules)
    found = reconstructed(tmp_path, foreign(design))
    assert found.missing == ()
    assert told(found.design) == told(design)
    assert found.design is not None
    assert [rule.name for rule in found.design.rules] == ["base", "Contoso"][: len(rules)]


def test_rules_for_the_same_traffic_are_told_by_their_weight(tmp_path: Path):
    own = {"quick_mode": {"idle_timeout_seconds": 9}}
    heavy = {"name": "heavy", "mode": "boundary", "weight_range": 9, "negotiation": own}
    design = with_rules({"name": "base", "mode": "require"}, heavy)
    found = reconstructed(tmp_path, foreign(design))
    assert found.missing == ()
    assert told(found.design) == told(design)
    assert [rule.weight_range for rule in (found.design or design).rules] == [None, 9]


def test_what_asks_for_encryption_and_for_identity_beside_each_other_are_two_rules(tmp_path: Path):
    design = with_rules(
        {"name": "base"},
        {"name": "encrypted", "mode": "inherit", "encryption": "guaranteed", "scope": SQL},
        {"name": "known", "mode": "inherit", "machines": DC, "scope": SQL},
    )
    found = reconstructed(tmp_path, foreign(design))
    assert found.missing == ()
    assert told(found.design) == told(design)


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        (
            "<uint32>3</uint32>",
            "<uint32>0</uint32>",
            "rule SQL: a condition on CURRENT_PROFILE_ID has no place in a rule",
        ),
        ("FWPM_CONDITION_IP_REMOTE_PORT", "FWPM_CONDITION_IP_LOCAL_INTERFACE", "rule SQL: a condition on IP_LOCAL_INT"),
        ("O:LSD:(A;;CC;;;DC)", "O:LSD:(XA;;CC;;;DC)", "rule SQL: machines"),
        ("<uint8>9</uint8>", "<uint8>13</uint8>", "rule SQL: weight_range"),
    ],
)
def test_what_no_rule_can_say_is_named(before: str, after: str, missing: str, tmp_path: Path):
    scope = {**SQL, "remote_ports": [1434], "profiles": ["domain"]}
    design = with_rules({"name": "base"}, {"name": "SQL", "scope": scope, "machines": DC, "weight_range": 9})
    text = show_state(design)
    assert before in text
    found = reconstructed(tmp_path, text.replace(before, after))
    assert any(line.startswith(missing) for line in found.missing), found.missing
    assert found.design is not None
    assert found.design.rules[0] == design.rules[0]


def test_users_without_extended_mode_are_named(tmp_path: Path):
    design = with_rules({"name": "base", "users": DC}, extended_mode={})
    text = re.sub(r"<emPolicy>.*?</emPolicy>", "", show_state(design), flags=re.DOTALL)
    found = reconstructed(tmp_path, text)
    assert any(line.startswith("rule base: who the user is") for line in found.missing), found.missing
    assert found.design is not None
    assert found.design.rules[0].users == ""


def test_users_are_known_by_the_policy_that_has_extended_mode(tmp_path: Path):
    """Two rules for the same traffic, of which the second has the policy of its own; a third has the same."""
    own = {"keying_modules": ["IKE", "AuthIP"], "extended_mode": {}}
    second = {"name": "b", "mode": "boundary", "negotiation": own}
    design = with_rules({"name": "a", "mode": "boundary"}, second, {**second, "name": "c", "users": DC})
    found = reconstructed(tmp_path, show_state(design))
    assert found.missing == ()
    assert objects(found.design or design) == objects(design)
    assert [rule.users for rule in (found.design or design).rules] == ["", "", DC]


def test_a_block_that_stands_for_itself_is_no_part_of_somebodys_policy(tmp_path: Path):
    """Only what is behind a callout that asks who the peer is, for the same traffic."""
    design = with_rules({"name": "base"}, {"name": "SQL", "mode": "inherit", "machines": DC, "scope": SQL})
    lonely = re.sub(r"<sd>[^<]*</sd>", "<sd/>", foreign(design)).replace("ALE_REMOTE_MACHINE_ID", "ALE_USER_ID")
    found = reconstructed(tmp_path, lonely)
    assert not any("block" in line for line in found.missing)
    assert any(line.startswith("filter Contoso at ALE_AUTH_RECV_ACCEPT_V4") for line in found.missing)


def test_a_policy_is_told_from_its_rule_where_every_name_has_both(tmp_path: Path):
    design = with_rules({"name": "b: c"}, name="a")
    assert reconstructed(tmp_path, show_state(design)) == Reconstruction(design, ())
    other = with_rules({"name": "c"}, name="a: b")
    assert reconstructed(tmp_path, show_state(other)) == Reconstruction(other, ())
    own = change(other, id="11111111-2222-4333-8444-555555555555", sublayer={"kind": "own", "weight": 7})
    found = reconstructed(tmp_path, show_state(own)).design
    assert found is not None
    assert (found.name, [rule.name for rule in found.rules]) == ("a: b", ["c"])


def test_a_rule_of_one_keying_module_does_not_get_the_other_from_a_rule_of_another_mode(tmp_path: Path):
    """Both have filters of one weight for all traffic, and main mode of AuthIP in common."""
    own = {"keying_modules": ["AuthIP"]}
    of = with_rules(
        {"name": "base", "weight_range": 1},
        {"name": "b", "weight_range": 1, "mode": "require", "negotiation": own},
    )
    path = tmp_path / "state.xml"
    path.write_text(show_state(of), encoding="utf-8")
    found = reconstruct(read_dump(path)).design
    assert found is not None
    assert found.rules[1].negotiation is not None
    assert found.rules[1].negotiation.keying_modules == ("AuthIP",)
