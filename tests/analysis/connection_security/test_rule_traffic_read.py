"""Traffic that a rule has in other words than a design: ICMP of one address family, all addresses but multicast."""

import pytest

from ndtui.model.design.exemption import Exemption
from tests.analysis.connection_security.rule_files import DEFAULTS, ISOLATION, STORE, imported, registry, whole

ALL_V4 = "EP2_4=0.0.0.0-223.255.255.255|EP2_4=240.0.0.0-255.255.255.255|"
ALL_V6 = "EP2_6=::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff|"


def secured(said: str) -> list[str]:
    """Return the addresses of the peers of a rule that says something."""
    design = whole(registry(ISOLATION, f"v2.10|Active=TRUE|Action=SecureServer|Name=x|{said}{DEFAULTS}"))
    return list(map(str, design.rules[1].scope.remote_addresses))


def exempt(said: str) -> Exemption:
    """Return the exemption that a rule becomes."""
    design = whole(registry(ISOLATION, f"v2.10|Active=TRUE|Action=DoNotSecure|Name=x|{said}"))
    return next(each for each in design.exemptions if each.name == "x")


@pytest.mark.parametrize(
    ("said", "addresses"),
    [
        (ALL_V4, ["0.0.0.0/0"]),
        (ALL_V6, ["::/0"]),
        (ALL_V6 + ALL_V4, ["0.0.0.0/0", "::/0"]),
        (f"EP2_6=2001:db8::/32|{ALL_V4}", ["0.0.0.0/0", "2001:db8::/32"]),
        ("EP2_4=0.0.0.0-223.255.255.255|", ["0.0.0.0-223.255.255.255"]),
    ],
)
def test_all_addresses_but_multicast_are_all(said: str, addresses: list[str]):
    assert secured(said) == addresses


@pytest.mark.parametrize(("protocol", "family", "addresses"), [(1, "V4", "0.0.0.0/0"), (58, "V6", "::/0")])
def test_icmp_is_of_one_address_family(protocol: int, family: str, addresses: str):
    assert secured(f"Protocol={protocol}|") == [addresses]
    assert exempt(f"Protocol={protocol}|").families == (family,)


def test_icmp_between_addresses_has_those():
    assert secured("Protocol=1|EP2_4=10.0.0.0/8|") == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    ("bits", "names"),
    [
        (0, set()),
        (1, {f"Neighbour discovery {kind}" for kind in range(133, 138)}),
        (2, {"ICMP"}),
        (4, {"Router advertisement", "Router solicitation"}),
        (8, {"DHCP", "DHCPv6"}),
    ],
)
def test_what_the_host_leaves_out(bits: int, names: set[str]):
    design = whole(registry(ISOLATION) + f'[{STORE}]\n"IPsecExempt"=dword:{bits:08x}\n')
    assert {each.name for each in design.exemptions} == names


def test_bits_that_stand_for_nothing_are_named():
    assert imported(registry(ISOLATION) + f'[{STORE}]\n"IPsecExempt"=dword:00000018\n').missing == (
        "IPsecExempt: 0x10 stands for nothing that is left out",
    )


def test_an_address_that_is_none_is_named_with_its_rule():
    made = imported(registry(ISOLATION, f"v2.10|Active=TRUE|Action=Secure|Name=x|EP2_4=10.0.0|{DEFAULTS}"))
    assert [each for each in made.missing if each.startswith("rule x, all of it: ") and "10.0.0" in each]
