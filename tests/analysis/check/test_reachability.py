"""What a host that requires protection can no longer reach: which exemptions answer it, in which direction."""

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
REQUIRE, DISCOVERY = [{"mode": "require"}], [{"mode": "negotiation-discovery"}]
PSK = {"main_mode": {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}]}}
BOTH = ["192.0.2.10", "2001:db8::10"]
MACHINES = "O:LSD:(A;;CC;;;DC)"


def found(of: Design, kind: str) -> list[Finding]:
    return [each for each in check(compile_design(of)) if each.id == kind]


def exempt(rules: list[dict[str, Any]], *exemptions: dict[str, Any]) -> Design:
    return exempting(*exemptions, rules=rules)


# Domain controllers.


@pytest.mark.parametrize(
    ("rules", "exemption", "left"),
    [
        (REQUIRE, {"remote_addresses": BOTH}, ""),
        (REQUIRE, {"remote_addresses": BOTH[:1]}, "(V6)"),
        (REQUIRE, {"remote_addresses": BOTH[1:]}, "(V4)"),
        (REQUIRE, {"remote_addresses": BOTH, "protocol": "tcp", "remote_ports": [88, 389]}, ""),
        (REQUIRE, {"remote_addresses": BOTH, "protocol": "tcp", "remote_ports": [389]}, "(V4 and V6)"),
        (REQUIRE, {"remote_addresses": BOTH, "protocol": "udp", "remote_ports": [88]}, "(V4 and V6)"),
        (REQUIRE, {"remote_addresses": BOTH, "layers": [OUT]}, "(V4 and V6)"),
        (REQUIRE, {"remote_addresses": BOTH, "layers": [IN, OUT]}, ""),
        (REQUIRE, {"remote_addresses": BOTH, "enabled": False}, "(V4 and V6)"),
        (DISCOVERY, {"remote_addresses": BOTH}, ""),
        (DISCOVERY, {"remote_addresses": BOTH, "layers": [IN, OUT]}, "(V4 and V6)"),
        (DISCOVERY, {"remote_addresses": BOTH, "protocol": "tcp", "remote_ports": ["49152-65535"]}, ""),
        (DISCOVERY, {"remote_addresses": BOTH, "layers": [IN, ACCEPT]}, ""),
        (DISCOVERY, {"remote_addresses": BOTH, "protocol": "tcp", "remote_ports": [88, 389]}, "(V4 and V6)"),
    ],
)
def test_a_controller_has_to_be_exempt_in_the_direction_and_family_concerned(
    rules: list[dict[str, Any]], exemption: dict[str, Any], left: str
):
    said = found(exempt(rules, exemption), "no-domain-controller")
    assert [left in each.message for each in said] == [True] * bool(left)
    assert {each.severity for each in said} <= {"warning" if rules is REQUIRE else "note"}


def test_without_kerberos_there_is_no_ticket_to_ask_for():
    ike = {"keying_modules": ["IKE"]}
    assert found(design(rules=REQUIRE, **ike), "no-domain-controller")
    assert not found(design(rules=REQUIRE, **ike, **PSK), "no-domain-controller")
    own = [{"mode": "require", "negotiation": {**ike, **PSK}}]
    assert not found(design(rules=own, **ike), "no-domain-controller")


@pytest.mark.parametrize("kind", ["no-domain-controller", "management-dropped", "start-up"])
@pytest.mark.parametrize(
    "rules",
    [
        [{"mode": "boundary"}],
        [{"mode": "require", "scope": {"remote_addresses": ["10.0.0.0/8"]}}],
        [{"mode": "require", "scope": {"protocol": "tcp", "local_ports": [1433]}}],
        [{"mode": "boundary"}, {"name": "off", "mode": "require", "enabled": False}],
    ],
)
def test_rules_for_some_traffic_and_rules_that_let_clear_in_lock_nobody_out(kind: str, rules: list[dict[str, Any]]):
    assert not found(design(rules=rules), kind)


# DHCP and DNS.


def test_what_is_missing_at_the_start_is_named_by_family():
    (said,) = found(design(rules=REQUIRE), "start-up")
    assert "DHCP, DNS and DHCPv6 are not exempt" in said.message
    assert said.remedy == "Exempt UDP 67, UDP 53 and UDP 547 to the servers' addresses."
    (said,) = found(design(rules=REQUIRE, families=["V4"]), "start-up")
    assert "DHCP and DNS are not exempt" in said.message
    dns = {"protocol": "udp", "remote_ports": [53]}
    dhcp = {"protocol": "udp", "local_ports": [68], "remote_ports": [67]}
    (said,) = found(exempt(REQUIRE, dns, dhcp), "start-up")
    assert "DHCPv6 is not exempt" in said.message
    dhcpv6 = {"protocol": "udp", "local_ports": [546], "remote_ports": [547]}
    assert not found(exempt(REQUIRE, dns, dhcp, dhcpv6), "start-up")


def test_answers_of_dhcpv6_are_connections_of_their_own():
    dhcpv6 = {"protocol": "udp", "local_ports": [546], "remote_ports": [547], "families": ["V6"]}
    (said,) = found(design(rules=DISCOVERY), "start-up")
    assert said.severity == "note"
    assert not found(exempt(DISCOVERY, dhcpv6), "start-up")
    assert found(exempt(DISCOVERY, {**dhcpv6, "layers": [IN, OUT]}), "start-up")
    assert not found(design(rules=DISCOVERY, families=["V4"]), "start-up")


# Remote management.


@pytest.mark.parametrize(
    ("exemption", "dropped"),
    [
        ({"protocol": "tcp", "local_ports": [3389], "remote_addresses": ["192.0.2.7"]}, False),
        ({"protocol": "tcp", "local_ports": [445, 80]}, False),
        ({"remote_addresses": ["192.0.2.7"]}, False),
        ({"protocol": "tcp", "local_ports": [443]}, True),
        ({"protocol": "udp", "local_ports": [3389]}, True),
        ({"protocol": "tcp", "local_ports": [22], "layers": [IN, OUT]}, True),
        ({"protocol": "tcp", "local_ports": [22], "remote_ports": [22]}, True),
        ({"protocol": "tcp", "local_ports": [22], "remote_ports": ["1024-65535"]}, False),
        ({"protocol": "tcp", "local_ports": [22], "remote_ports": ["49152-65535"]}, False),
        ({"protocol": "tcp", "local_ports": [22], "remote_ports": ["50000-65535"]}, True),
        ({"protocol": "tcp", "local_ports": [22], "enabled": False}, True),
    ],
)
def test_one_way_in_is_enough(exemption: dict[str, Any], dropped: bool):
    assert bool(found(exempt(DISCOVERY, exemption), "management-dropped")) == dropped


ALL_FOUR = {"protocol": "tcp", "local_ports": [22, 445, 3389, 5985]}
SSH = {"protocol": "tcp", "local_ports": [22]}


@pytest.mark.parametrize(
    ("exemption", "dropped"),
    [
        ({**SSH, "layers": [IN]}, True),
        ({**SSH, "layers": [OUT]}, True),
        ({**SSH, "layers": [IN, OUT]}, False),
        ({**SSH, "remote_addresses": ["2001:db8::7"]}, False),
    ],
)
def test_a_way_in_is_one_for_the_answers_too(exemption: dict[str, Any], dropped: bool):
    assert bool(found(exempt(REQUIRE, exemption), "management-dropped")) == dropped


def test_what_alone_holds_connections_to_a_demand_may_alone_let_them_in():
    at_accept = {**SSH, "layers": [ACCEPT]}
    assert not found(exempt(DISCOVERY, at_accept), "management-dropped")
    assert found(exempt([{**REQUIRE[0], "encryption": "guaranteed"}], at_accept), "management-dropped")


@pytest.mark.parametrize(
    ("rules", "dropped"),
    [
        ([{"scope": {"remote_addresses": ["0.0.0.0/0", "::/0"]}}], True),
        ([{"scope": {"remote_addresses": ["0.0.0.0-255.255.255.255"]}}], True),
        ([{"scope": {"remote_addresses": ["1.0.0.0/8", "::/0"]}}], True),  # nothing gets in by IPv6
        ([{"scope": {"remote_addresses": ["1.0.0.0/8"]}}], False),
        ([{"mode": "require", "scope": ALL_FOUR}], True),
        ([{"mode": "require", "scope": {**ALL_FOUR, "local_ports": ["1-65535"]}}], True),
        ([{"mode": "require", "scope": {**ALL_FOUR, "local_ports": [22, 445, 3389]}}], False),
        ([{"mode": "require", "scope": {**ALL_FOUR, "remote_ports": [22]}}], False),
        ([{"mode": "require", "scope": {**ALL_FOUR, "remote_ports": ["1024-65535"]}}], True),
        ([{"mode": "require", "scope": {**ALL_FOUR, "remote_ports": [22], "either_port": True}}], True),
        ([{"mode": "require", "scope": {**ALL_FOUR, "protocol": "udp"}}], False),
        ([{"mode": "require", "scope": SSH}, {"name": "b", "scope": {**ALL_FOUR, "local_ports": [445, 3389]}}], False),
        ([{"mode": "require", "scope": SSH}, {"name": "b", "scope": {**ALL_FOUR, "local_ports": ["445-5985"]}}], True),
        ([{"mode": "boundary"}, {"name": "b", "mode": "inherit", "machines": MACHINES, "scope": ALL_FOUR}], True),
        ([{"mode": "boundary"}, {"name": "b", "mode": "inherit", "machines": MACHINES, "scope": SSH}], False),
        ([*REQUIRE, {"name": "b", "mode": "boundary", "scope": SSH}], False),
        ([*REQUIRE, {"name": "b", "mode": "boundary", "scope": {"remote_addresses": ["192.0.2.0/24"]}}], False),
        ([{**REQUIRE[0], "weight_range": 2}, {"name": "b", "mode": "boundary", "scope": SSH}], True),
        ([*DISCOVERY, {"name": "b", "mode": "boundary", "scope": SSH}], True),
    ],
)
def test_who_is_locked_out_is_found_by_what_rules_are_for(rules: list[dict[str, Any]], dropped: bool):
    assert bool(found(design(rules=rules), "management-dropped")) == dropped


def test_every_host_may_be_written_in_addresses():
    every = {"remote_addresses": ["0.0.0.0/0", "::/0"], "local_addresses": ["0.0.0.0/1", "128.0.0.0/1", "::/0"]}
    for kind in ("start-up", "no-domain-controller"):
        said = found(design(rules=REQUIRE), kind)
        assert said
        assert found(design(rules=[{**REQUIRE[0], "scope": every}]), kind) == said
        one = {"remote_addresses": ["0.0.0.0/0", "2001:db8::/32"]}
        assert "V6" not in "".join(each.message for each in found(design(rules=[{**REQUIRE[0], "scope": one}]), kind))


def test_it_is_said_once_of_the_rule_that_asks_for_most():
    two = [{"name": "base"}, {"name": "Strict", "mode": "require"}]
    for kind in ("start-up", "no-domain-controller"):
        (said,) = found(design(rules=two), kind)
        assert said.severity == "warning"
        assert said.message.startswith("Rule 'Strict': ")
