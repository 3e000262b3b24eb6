"""Exemptions one by one: the name of a copy, and what is checked when one is rebuilt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ndtui.model.design.exemption import Exemption, copy_name, default_icmp, rebuild
from tests.strategies import names


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
