"""Findings about exemptions look at the rules that the exempt traffic is in scope of, and at no others."""

from typing import Any

import pytest

from ndtui.analysis.check.examine import check
from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.support import design, exempting

IN, OUT, ACCEPT = (
    "FWPM_LAYER_INBOUND_TRANSPORT",
    "FWPM_LAYER_OUTBOUND_TRANSPORT",
    "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT",
)
DNS = {"protocol": "udp", "remote_ports": [53]}
DESK = {"protocol": "tcp", "local_ports": [3389]}
SECURE = {"name": "Secure", "scope": {"remote_addresses": ["192.0.2.0/24"]}}
SQL = {"name": "SQL", "scope": {"protocol": "tcp", "local_ports": [1433]}}
EDGE = {"name": "Edge", "mode": "boundary", "scope": {"remote_addresses": ["198.51.100.0/24"]}}
AT_EDGE, AT_SECURE = {"remote_addresses": ["198.51.100.7"]}, {"remote_addresses": ["192.0.2.7"]}


def found(of: Design, kind: str) -> list[Finding]:
    return [each for each in check(compile_design(of)) if each.id == kind]


@pytest.mark.parametrize(
    ("rules", "exemption", "said"),
    [
        ([SECURE], DNS, "to every port of this host"),
        ([EDGE], DNS, ""),
        ([SQL], DNS, ""),
        ([SQL], {"protocol": "tcp", "remote_ports": [53]}, "to the ports of rule 'SQL' of this host"),
        ([SECURE, SQL], {"protocol": "tcp", "remote_ports": [53]}, "to every port of this host"),
        ([SECURE, EDGE], {**DNS, "layers": [IN, OUT]}, ""),
        ([{**SECURE, "mode": "require"}], {**DNS, "layers": [IN, OUT]}, "to every port of this host"),
        ([SECURE], {**DNS, "layers": [ACCEPT]}, "to every port of this host"),
        ([SECURE], {**DNS, "remote_addresses": ["0.0.0.0/0"]}, "to every port of this host"),
        ([SECURE], {**DNS, "remote_addresses": ["0.0.0.0/1", "128.0.0.0/1"]}, "to every port of this host"),
        ([SECURE], {**DNS, "local_addresses": ["192.0.2.1"]}, "to every port of this host"),
        ([SECURE], {**DNS, "local_ports": ["0-65535"]}, "to every port of this host"),
        ([SECURE], {**DNS, "local_ports": [53]}, ""),
        ([SECURE], {**DNS, "remote_addresses": ["0.0.0.0/1"]}, ""),
    ],
)
def test_a_source_port_opens_the_rules_that_it_is_exempt_from(
    rules: list[dict[str, Any]], exemption: dict[str, Any], said: str
):
    messages = [each.message for each in found(exempting(exemption, rules=rules), "source-port")]
    assert [each.endswith(said) for each in messages] == [True] * bool(said)


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ({"protocol": 50}, "Its traffic is ESP alone"),
        ({"protocol": "51", "remote_addresses": ["192.0.2.0/24"]}, "Its traffic is AH alone"),
        ({"remote_addresses": ["224.0.0.0/4"]}, "multicast or broadcast addresses alone"),
        ({"remote_addresses": ["ff00::/8", "255.255.255.255"]}, "multicast or broadcast addresses alone"),
        ({"local_addresses": ["ff02::1"], "remote_addresses": ["2001:db8::/32"]}, "multicast or broadcast addresses"),
        ({"remote_addresses": ["224.0.0.0/4", "2001:db8::/32"]}, ""),
        ({"local_addresses": ["127.0.0.1"]}, ""),
        ({"protocol": 47}, ""),
        ({}, ""),
    ],
)
def test_a_rule_may_be_for_what_ipsec_leaves_alone(scope: dict[str, Any], said: str):
    of = design(rules=[{"name": "Other"}, {"name": "Rule", "scope": scope, "mode": "require"}])
    messages = [each.message for each in found(of, "needless-rule")]
    assert [said in each for each in messages] == [True] * bool(said)
    off = {"name": "Rule", "scope": scope, "enabled": False}
    assert not found(design(rules=[{"name": "Other"}, off]), "needless-rule")


def test_leaving_a_layer_out_is_no_remedy_where_no_rule_has_filters_there():
    (said,) = found(exempting(DNS, rules=[{"mode": "require"}]), "source-port")
    assert said.remedy == "Add the servers' addresses."


def test_leaving_a_layer_out_is_no_remedy_where_it_is_the_only_one():
    (said,) = found(exempting({**DNS, "layers": [ACCEPT]}), "source-port")
    assert said.remedy == "Add the servers' addresses."


@pytest.mark.parametrize(
    ("rules", "opened"), [([SECURE], True), ([EDGE], False), ([SQL], False), ([EDGE, SECURE], True)]
)
def test_management_is_opened_where_a_rule_protects_it(rules: list[dict[str, Any]], opened: bool):
    assert bool(found(exempting(DESK, rules=rules), "exempts-management")) == opened
    everybody = {**DESK, "remote_addresses": ["0.0.0.0/0"]}
    assert bool(found(exempting(everybody, rules=rules), "exempts-management")) == opened
    at_accept = {**DESK, "layers": [ACCEPT]}
    assert bool(found(exempting(at_accept, rules=rules), "exempts-management")) == opened
    assert not found(exempting({**DESK, "remote_addresses": ["192.0.2.9"]}, rules=rules), "exempts-management")


@pytest.mark.parametrize(
    ("rules", "exemption", "partial"),
    [
        ([EDGE, SECURE], {**AT_EDGE, "layers": [IN, OUT]}, False),
        ([EDGE, SECURE], {**AT_SECURE, "layers": [IN, OUT]}, True),
        ([EDGE, SECURE], {**AT_SECURE, "layers": [IN, OUT, ACCEPT]}, False),
        ([EDGE, SECURE], {**DNS, "layers": [IN, OUT]}, False),
        ([EDGE, SECURE], {**DNS, "layers": [OUT]}, True),
        ([SECURE], {"protocol": "udp", "local_ports": [53], "layers": [IN, OUT]}, True),
    ],
)
def test_an_exemption_is_partial_by_the_layers_of_the_rules_that_it_is_from(
    rules: list[dict[str, Any]], exemption: dict[str, Any], partial: bool
):
    assert bool(found(exempting(exemption, rules=rules), "partial-exemption")) == partial


@pytest.mark.parametrize(
    ("rules", "stops"),
    [
        ([SQL], False),
        ([SECURE], False),
        ([{"name": "ICMP", "scope": {"protocol": "icmp"}}], True),
        ([SQL, {"name": "six", "scope": {"remote_addresses": ["2001:db8::/32"]}}], True),
        ([SQL, {"name": "six", "scope": {"remote_addresses": ["2001:db8::/32"]}, "enabled": False}], False),
    ],
)
def test_neighbour_discovery_stops_where_a_rule_reaches_it(rules: list[dict[str, Any]], stops: bool):
    assert bool(found(design(rules=rules), "neighbour-discovery")) == stops


@pytest.mark.parametrize(
    ("rules", "drops"),
    [
        ([EDGE], ""),
        ([EDGE, SECURE], "inbound clear traffic"),
        ([EDGE, SECURE, {**SQL, "mode": "require"}], "clear traffic"),
        ([EDGE, {**SQL, "mode": "inherit", "encryption": "guaranteed"}], "connections that a rule does not let in"),
        ([EDGE, {**SECURE, "enabled": False}], ""),
    ],
)
def test_what_a_persistent_policy_drops_is_what_its_rules_drop(rules: list[dict[str, Any]], drops: str):
    said = found(design(rules=rules, lifetime="persistent"), "persistent-drop")
    assert [each.message.startswith(f"The policy drops {drops} and is persistent") for each in said] == [True] * bool(
        drops
    )


@pytest.mark.parametrize(
    ("rules", "said"), [([SECURE], False), ([SECURE, SQL], True), ([{"name": "base"}], True), ([SECURE, EDGE], False)]
)
def test_one_family_is_no_oversight_where_addresses_say_which(rules: list[dict[str, Any]], said: bool):
    assert bool(found(design(rules=rules, families=["V4"]), "one-family")) == said


def test_nd_secure_is_enforced_by_a_rule_for_everything():
    secure = {**SQL, "mode": "require", "nd_secure": True}
    assert found(design(rules=[EDGE, secure]), "nd-secure-unenforced")
    assert not found(design(rules=[{"name": "base"}, secure]), "nd-secure-unenforced")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            "(A;;CC;;;DC)(D;;CC;;;DD)",
            "'domain controllers may not connect' stands behind an entry that allows: it counts f",
        ),
        ("(D;;CC;;;DG)(A;;CC;;;DC)(A;;CC;;;DA)(D;;CC;;;DD)", "it counts for nobody whom that allows"),
        ("(A;;CC;;;DC)(D;;CC;;;DC)", "it never counts"),
        ("(A;;CC;;;WD)(D;;CC;;;DD)", "it never counts"),
        ("(D;;CC;;;DD)(D;;CC;;;DG)(A;;CC;;;DC)", ""),
        ("(D;;CC;;;DD)(A;;CC;;;DC)(D;;CC;;;DD)", ""),
    ],
)
def test_an_entry_that_denies_counts_before_those_that_allow(entries: str, said: str):
    for field in ("machines", "users"):
        rule = {"name": "Rule", "mode": "require", "scope": {"local_ports": [3389], "protocol": "tcp"}}
        of = design(extended_mode={}, rules=[{"name": "Other"}, {**rule, field: f"O:LSD:{entries}"}])
        messages = [each.message for each in found(of, "denied-too-late")]
        assert [said in each and f"In {field}, " in each for each in messages] == [True] * bool(said)


@pytest.mark.parametrize(
    ("rule", "exemption", "said"),
    [
        ({"profiles": ["domain"]}, {"profiles": ["public"]}, False),
        ({"profiles": ["domain", "public"]}, {"profiles": ["public"]}, True),
        ({"profiles": ["domain"]}, {}, True),
        ({"interfaces": ["lan"]}, {"interfaces": ["wireless"]}, False),
        ({"interfaces": ["lan"]}, {"profiles": ["public"]}, True),
    ],
)
def test_an_exemption_on_another_network_than_a_rule_is_none_from_it(
    rule: dict[str, Any], exemption: dict[str, Any], said: bool
):
    open_ = {"name": "SSH", "protocol": "tcp", "local_ports": [22], **exemption}
    of = design(rules=[{"name": "Rule", "mode": "require", "scope": rule}], exemptions=[open_])
    assert bool(found(of, "exempts-management")) is said
