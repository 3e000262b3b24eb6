"""Exempt connections that guaranteed encryption holds at ALE_AUTH_CONNECT: what is said is what a trace blocks."""

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ndtui.analysis.check.examine import check
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.held_at_connect import held_at_connect
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.trace import trace
from ndtui.analysis.traffic.outcome import BLOCKED
from ndtui.analysis.traffic.packet import FIRST_DYNAMIC_PORT, Packet, parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from tests.strategies import packets, ruled_designs
from tests.support import exempting, often

CONNECT = "FWPM_LAYER_ALE_AUTH_CONNECT"
HOSTS = ["10.0.0.53", "10.0.0.54"]
DNS = {"name": "DNS", "protocol": "tcp", "remote_ports": [53], "remote_addresses": HOSTS}
NTP = {"name": "NTP", "protocol": "udp", "remote_ports": [123], "remote_addresses": HOSTS}
SQL = {"protocol": "tcp", "local_ports": [1433]}


def encrypting(scope: dict[str, Any], *exemptions: dict[str, Any]) -> Design:
    rules = [{"name": "base"}, {"name": "SQL", "mode": "inherit", "encryption": "guaranteed", "scope": scope}]
    return exempting(*exemptions, rules=rules)


def found(of: Design) -> list[Finding]:
    return [each for each in check(compile_design(of)) if each.id == "held-at-connect"]


def example(finding: Finding) -> Packet:
    said = re.search(r"asks for encryption: (.*) is blocked$", finding.message)
    assert said is not None
    return parse_packet(said[1])


def test_nothing_is_said_of_a_service_port_as_the_source_of_a_connection():
    """Only out of port 1433 of this host would a connection to the exempt hosts be blocked: nobody makes one."""
    of = encrypting(SQL, DNS)
    outcomes = trace(compile_design(of), parse_packet("out tcp 10.0.0.9:51000 -> 10.0.0.53:53")).outcomes
    assert {each for course in outcomes for each in course} == {"exempt"}
    assert trace(compile_design(of), parse_packet("out tcp 10.0.0.9:1433 -> 10.0.0.53:53")).outcomes == BLOCKED
    assert found(of) == []
    answers = "out tcp 10.0.0.9:1433 -> 10.0.0.53:51000 later"
    service = encrypting(SQL, {"protocol": "tcp", "local_ports": [1433], "remote_addresses": HOSTS})
    assert trace(compile_design(service), parse_packet(answers)).outcomes.peer_without_ipsec == ("exempt", "exempt")
    assert found(service) == []


@pytest.mark.parametrize(
    ("scope", "exempt", "severity", "packet"),
    [
        ({"protocol": "tcp", "remote_ports": [53]}, DNS, "warning", "out tcp 10.0.0.9:51000 -> 10.0.0.53:53"),
        (
            {"protocol": "tcp", "local_ports": ["1000-50000"]},
            DNS,
            "warning",
            "out tcp 10.0.0.9:49152 -> 10.0.0.53:53",
        ),
        (
            {**SQL, "remote_ports": [53], "either_port": True},
            DNS,
            "warning",
            "out tcp 10.0.0.9:51000 -> 10.0.0.53:53",
        ),
        ({}, {"name": "ICMP", "protocol": "icmp"}, "warning", "out icmp 10.0.0.9 -> 10.0.0.5"),
        ({"protocol": "udp", "local_ports": [123]}, NTP, "note", "out udp 10.0.0.9:123 -> 10.0.0.53:123"),
    ],
)
def test_what_is_held_is_shown_by_a_packet_that_is_blocked(scope, exempt, severity: str, packet: str):
    of = encrypting(scope, exempt)
    (finding,) = found(of)
    assert (finding.severity, str(example(finding))) == (severity, packet)
    assert trace(compile_design(of), example(finding)).outcomes == BLOCKED
    assert "rule 'SQL'" in finding.message


def test_an_icmp_error_meets_no_layer_at_which_it_is_held():
    for kind, number in ((3, 0), (8, 1)):
        of = encrypting({}, {"protocol": "icmp", "icmp_type": kind, "families": ["V4"]})
        assert len(found(of)) == number
        outcomes = trace(compile_design(of), parse_packet(f"out icmp 10.0.0.9 -> 10.0.0.5 type {kind}")).outcomes
        assert (outcomes == BLOCKED) is bool(number)


def test_what_another_exemption_leaves_out_at_the_layer_is_not_held():
    there = {"name": "there", "protocol": "tcp", "remote_ports": ["1-100"], "layers": [CONNECT]}
    assert found(encrypting({}, DNS, there)) == []
    half = {**there, "remote_addresses": ["10.0.0.53"]}
    (finding,) = found(encrypting({}, DNS, half))
    assert str(example(finding)).endswith("10.0.0.54:53")


def test_it_is_said_once_where_it_takes_too_long():
    there = {"name": "there", "protocol": "tcp", "remote_ports": ["1-100"], "layers": [CONNECT]}
    of = encrypting({}, DNS, {**DNS, "name": "more"}, there)
    (finding,) = held_at_connect(compile_design(of), Effort(0))
    assert (finding.id, finding.where) == ("not-decided", Origin("exemptions"))


@often
@given(st.data())
def test_what_is_said_to_be_blocked_is_blocked_and_nothing_else_that_clients_send(data: st.DataObject):
    of = data.draw(ruled_designs(4))
    filterset = compile_design(of)
    said = {each.where.name: each for each in held_at_connect(filterset, Effort.for_filters(len(filterset.filters)))}
    for each in said.values():
        assume(each.id == "held-at-connect")
        assert trace(filterset, example(each)).outcomes == BLOCKED
    packet = data.draw(packets(of))
    traced = trace(filterset, packet)
    connect, transport = traced.step(CONNECT), traced.step("FWPM_LAYER_OUTBOUND_TRANSPORT")
    if connect is None or transport is None or connect.role != "callout:encrypt" or transport.deciding is None:
        return
    exemption = transport.deciding.filter.origin.exemption_name
    ordinary = not packet.loopback and packet.local_type == "unicast" and not packet.unauthorized
    if exemption is not None and ordinary and (packet.local_port or FIRST_DYNAMIC_PORT) >= FIRST_DYNAMIC_PORT:
        every = {exemption, *(each.filter.origin.exemption_name for each in transport.outranked)}
        assert every & said.keys()
