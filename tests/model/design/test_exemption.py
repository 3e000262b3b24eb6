"""Exemptions one by one: the name of a copy, and what is checked when one is rebuilt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.model.design.exemption import Exemption, copy_name, default_icmp, rebuild
from tests.strategies import names

TRANSPORT, ACCEPT = "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("DNS", ["DNS"], "DNS 2"),
        ("DNS", ["DNS", "DNS 2"], "DNS 3"),
        ("DNS 2", ["DNS", "DNS 2"], "DNS 3"),
        ("DNS 9", ["DNS 9"], "DNS 9 2"),
        ("Server 2025", ["Server 2025", "Server 2"], "Server 2025 2"),
        ("7", ["7"], "7 2"),
        ("DNS  2", ["DNS  2"], "DNS  2 2"),
    ],
)
def test_the_name_of_a_copy(name, taken, free):
    assert copy_name(name, taken) == free


@given(names.filter(lambda n: len(n) < 500), st.lists(names, max_size=4))
def test_the_name_of_a_copy_is_free_and_a_name(name, others):
    taken = [name, *others]
    copy = copy_name(name, taken)
    assert copy not in taken
    assert Exemption(name=copy).name == copy


def test_a_rebuilt_exemption_is_checked():
    icmp = default_icmp()
    assert rebuild(icmp, enabled=False).enabled is False
    assert rebuild(icmp) == icmp
    with pytest.raises(ValidationError, match="ports belong to TCP or UDP"):
        rebuild(icmp, local_ports=[53])
    with pytest.raises(ValidationError):
        rebuild(icmp, colour="red")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, {}),
        ({"protocol": "tcp"}, {"protocol": "IP_PROTOCOL"}),
        ({"local_addresses": ["10.0.0.1"]}, {"local_addresses": "IP_LOCAL_ADDRESS"}),
        ({"remote_addresses": ["10.0.0.1"]}, {"remote_addresses": "IP_REMOTE_ADDRESS"}),
        ({"protocol": "tcp", "local_ports": [1]}, {"protocol": "IP_PROTOCOL", "local_ports": "IP_LOCAL_PORT"}),
        ({"protocol": "udp", "remote_ports": [1]}, {"protocol": "IP_PROTOCOL", "remote_ports": "IP_REMOTE_PORT"}),
    ],
)
def test_the_fields_of_its_conditions(fields, wanted):
    for stem in (TRANSPORT, ACCEPT):
        found = Exemption(name="e", **fields).condition_fields(stem)
        assert found == [
            ("", "FWPM_CONDITION_IP_LOCAL_ADDRESS_TYPE"),
            *((name, f"FWPM_CONDITION_{field}") for name, field in wanted.items()),
        ]


def test_the_fields_of_icmp():
    icmp = Exemption(name="e", protocol="icmp", icmp_type=3, icmp_code=4)
    assert dict(icmp.condition_fields(TRANSPORT))["icmp_type"] == "FWPM_CONDITION_IP_LOCAL_PORT"
    assert dict(icmp.condition_fields(ACCEPT))["icmp_type"] == "FWPM_CONDITION_ORIGINAL_ICMP_TYPE"
    assert {dict(icmp.condition_fields(stem))["icmp_code"] for stem in (TRANSPORT, ACCEPT)} == {
        "FWPM_CONDITION_IP_REMOTE_PORT"
    }
    assert "icmp_code" not in dict(rebuild(icmp, icmp_code=None).condition_fields(TRANSPORT))
