"""Ports and addresses as a person writes them: read, written and read again, and refused with what would be right."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ndtui.model.design.addresses import Addresses, AddressRange, format_address, format_addresses, parse_addresses
from ndtui.model.design.ip_protocol import parse_protocol
from ndtui.model.design.ports import PortRange, Ports, format_ports, parse_ports
from tests.strategies import FAMILIES, addresses, ports


def v4(text):
    return int(IPv4Address(text))


def v6(text):
    return int(IPv6Address(text))


# Ports.

PORTS = {
    "a number": (53, [(53, 53)]),
    "a text": ("53", [(53, 53)]),
    "a range": ("1024-2047", [(1024, 2047)]),
    "a range of one": ("53-53", [(53, 53)]),
    "several in one text": ("88, 464", [(88, 88), (464, 464)]),
    "spaces": ("  53 -  60 ", [(53, 60)]),
    "a list": ([88, "464", "49152-65535"], [(88, 88), (464, 464), (49152, 65535)]),
    "a list of texts of several": (["1,2", "3"], [(1, 1), (2, 2), (3, 3)]),
    "sorted": ([443, 80], [(80, 80), (443, 443)]),
    "side by side": (["10-19", "20-29"], [(10, 19), (20, 29)]),
    "the first": (0, [(0, 0)]),
    "the last": (65535, [(65535, 65535)]),
    "all": ("0-65535", [(0, 65535)]),
    "leading zeros": ("00053", [(53, 53)]),
    "nothing": ([], []),
    "an empty text": ("", []),
    "a comma too many": ("53,", [(53, 53)]),
    "what was parsed before": (PortRange(1, 2), [(1, 2)]),
    "a list of what was parsed before": ([PortRange(3, 4), 1], [(1, 1), (3, 4)]),
}


@pytest.mark.parametrize("case", PORTS)
def test_ports(case):
    value, wanted = PORTS[case]
    found = parse_ports(value)
    assert found == tuple(wanted)
    assert all(isinstance(port, PortRange) for port in found)


PORT_ERRORS = {
    "70000": (70000, "port 70000 is out of range: ports go from 0 to 65535"),
    "65536": ("65536", "out of range"),
    "six digits": ("100000", "out of range"),
    "below nothing": (-1, "'-1' is no port"),
    "a range to 70000": ("60000-70000", "port 70000 is out of range"),
    "backwards": ("20-10", "runs backwards: write 10-20"),
    "a name": ("http", "'http' is no port: write 53, or a range such as 1024-2047"),
    "half a range": ("53-", "'53-' is no port"),
    "the other half": ("-53", "'-53' is no port"),
    "three ends": ("1-2-3", "'1-2-3' is no port"),
    "a fraction": (1.5, "1.5 is no port"),
    "a yes": (True, "True is no port"),
    "none": (None, "None is no port"),
    "hexadecimal": ("0x50", "'0x50' is no port"),
    "digits of another script": ("٥٣", "is no port"),
    "a superscript": ("²", "is no port"),
    "an underscore": ("1_000", "is no port"),
    "a dash that is none": ("10–20", "is no port"),
    "twice": ([53, 53], "port 53 is already in 53: name each port once"),
    "in a range": ([53, "50-60"], "port 53 is already in 50-60"),
    "two ranges that touch": (["10-20", "20-30"], "port 20-30 is already in 10-20"),
    "a name in a list": ([53, "dns"], "'dns' is no port"),
    "a table": ({53: "dns"}, "no port"),
    "bytes": (b"5", "no port"),
}


@pytest.mark.parametrize("case", PORT_ERRORS)
def test_port_errors(case):
    value, said = PORT_ERRORS[case]
    with pytest.raises(ValueError) as caught:
        parse_ports(value)
    assert said in str(caught.value)


def test_ports_are_written_as_numbers_and_texts():
    assert format_ports(parse_ports("53, 1024-2047, 60-60")) == [53, 60, "1024-2047"]
    assert str(PortRange(5, 5)) == "5"
    assert str(PortRange(5, 6)) == "5-6"


@given(ports())
def test_ports_survive_being_written(written):
    found = parse_ports(written)
    assert parse_ports(format_ports(found)) == found
    assert parse_ports(", ".join(str(p) for p in found)) == found
    assert parse_ports(found) == found


@given(ports())
def test_ports_cover_what_was_written_and_no_more(written):
    wanted = set()
    for part in written:
        low, _, high = str(part).partition("-")
        wanted |= set(range(int(low), int(high or low) + 1))
    found = parse_ports(written)
    covered = [port for r in found for port in range(r.low, r.high + 1)]
    assert covered == sorted(wanted)


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(sorted), max_size=5))
def test_ports_overlap_or_they_do_not(pairs):
    count = sum(high - low + 1 for low, high in pairs)
    apart = len({p for low, high in pairs for p in range(low, high + 1)}) == count
    written = [f"{low}-{high}" for low, high in pairs]
    if apart:
        assert [tuple(r) for r in parse_ports(written)] == sorted(map(tuple, pairs))
    else:
        with pytest.raises(ValueError, match="name each port once"):
            parse_ports(written)


@given(st.one_of(st.text(), st.integers(), st.lists(st.text(max_size=6))))
def test_anything_is_ports_or_a_value_error(value):
    try:
        found = parse_ports(value)
    except ValueError:
        return
    assert all(0 <= r.low <= r.high <= 65535 for r in found)


# Addresses.

ADDRESSES = {
    "one of IPv4": ("10.0.0.1", [("V4", v4("10.0.0.1"), v4("10.0.0.1"), 32)]),
    "one of IPv6": ("fe80::1", [("V6", v6("fe80::1"), v6("fe80::1"), 128)]),
    "a network of IPv4": ("10.0.0.0/8", [("V4", v4("10.0.0.0"), v4("10.255.255.255"), 8)]),
    "a network of IPv6": (
        "2001:db8::/32",
        [("V6", v6("2001:db8::"), v6("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), 32)],
    ),
    "a network with a mask": ("10.0.0.0/255.0.0.0", [("V4", v4("10.0.0.0"), v4("10.255.255.255"), 8)]),
    "a network of one": ("10.0.0.1/32", [("V4", v4("10.0.0.1"), v4("10.0.0.1"), 32)]),
    "everything": ("0.0.0.0/0", [("V4", 0, 2**32 - 1, 0)]),
    "everything of IPv6": ("::/0", [("V6", 0, 2**128 - 1, 0)]),
    "a range": ("10.0.0.1-10.0.0.9", [("V4", v4("10.0.0.1"), v4("10.0.0.9"), None)]),
    "a range of IPv6": ("::1-::9", [("V6", 1, 9, None)]),
    "a range with spaces": (" 10.0.0.1 - 10.0.0.9 ", [("V4", v4("10.0.0.1"), v4("10.0.0.9"), None)]),
    "several in one text": ("10.0.0.1, ::1", [("V4", v4("10.0.0.1"), v4("10.0.0.1"), 32), ("V6", 1, 1, 128)]),
    "IPv4 before IPv6, low before high": (
        ["::1", "10.0.0.2", "10.0.0.1"],
        [("V4", v4("10.0.0.1"), v4("10.0.0.1"), 32), ("V4", v4("10.0.0.2"), v4("10.0.0.2"), 32), ("V6", 1, 1, 128)],
    ),
    "the same number in two families": (["0.0.0.1", "::1"], [("V4", 1, 1, 32), ("V6", 1, 1, 128)]),
    "capitals": ("FE80::ABCD", [("V6", v6("fe80::abcd"), v6("fe80::abcd"), 128)]),
    "IPv4 inside IPv6": ("::ffff:10.0.0.1", [("V6", v6("::ffff:a00:1"), v6("::ffff:a00:1"), 128)]),
    "nothing": ([], []),
    "an empty text": ("", []),
    "a range of one is that one": ("10.0.0.1-10.0.0.1", [("V4", v4("10.0.0.1"), v4("10.0.0.1"), 32)]),
    "a range of one in IPv6": ("::1-::1", [("V6", 1, 1, 128)]),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_addresses(case):
    value, wanted = ADDRESSES[case]
    found = parse_addresses(value)
    assert found == tuple(wanted)
    assert all(isinstance(address, AddressRange) for address in found)
    assert parse_addresses(found) == found


ADDRESS_ERRORS = {
    "three numbers": ("10.0.0", "'10.0.0' is no address: write 10.0.0.1, 10.0.0.0/8 or fe80::/10"),
    "a large number": ("10.0.0.256", "is no address"),
    "a leading zero": ("10.0.0.01", "is no address"),
    "a name": ("dc1.example.com", "'dc1.example.com' is no address"),
    "any": ("any", "is every address"),
    "a number": (167772161, "167772161 is no address: write a text such as 10.0.0.1"),
    "none": (None, "is no address"),
    "a yes": (True, "is no address"),
    "a table": ({"10.0.0.1": 1}, "no address"),
    "bytes": (b"1234", "no address"),
    "a port": ("10.0.0.1:53", "is no address"),
    "brackets": ("[::1]", "is no address"),
    "two colons twice": ("1::2::3", "is no address"),
    "a zone": ("fe80::1%eth0", "'fe80::1%eth0' has a zone: WFP matches addresses without one"),
    "a zone in a network": ("fe80::%1/10", "has a zone"),
    "a zone in a range": ("fe80::1%1-fe80::2%1", "has a zone"),
    "host bits": ("10.0.0.1/8", "10.0.0.1/8 has host bits set: write 10.0.0.0/8, or the single address"),
    "host bits of IPv6": ("fe80::1/10", "has host bits set: write fe80::/10"),
    "host bits under a mask": ("10.1.0.0/255.0.0.0", "has host bits set: write 10.0.0.0/8"),
    "a prefix too long": ("10.0.0.0/33", "'10.0.0.0/33' is no network"),
    "a prefix too long for IPv6": ("::/129", "is no network"),
    "no prefix": ("10.0.0.0/", "is no network"),
    "two prefixes": ("10.0.0.0/8/8", "is no network"),
    "a mask with holes": ("10.0.0.0/255.0.255.0", "is no network"),
    "a range of networks": ("10.0.0.0/8-11.0.0.0/8", "is no network"),
    "backwards": ("10.0.0.9-10.0.0.1", "runs backwards: write 10.0.0.1-10.0.0.9"),
    "a range over two families": ("10.0.0.1-::1", "starts in one address family and ends in the other"),
    "half a range": ("10.0.0.1-", "'' is no address"),
    "the last number alone": ("10.0.0.1-9", "'9' is no address"),
    "twice": (["10.0.0.1", "10.0.0.1"], "10.0.0.1 overlaps 10.0.0.1: name each address once"),
    "in a network": (["10.0.0.0/8", "10.1.2.3"], "10.1.2.3 overlaps 10.0.0.0/8"),
    "ranges that touch": (["10.0.0.1-10.0.0.5", "10.0.0.5-10.0.0.9"], "overlaps"),
    "one in everything": (["::/0", "::1"], "::1 overlaps ::/0"),
}


@pytest.mark.parametrize("case", ADDRESS_ERRORS)
def test_address_errors(case):
    value, said = ADDRESS_ERRORS[case]
    with pytest.raises(ValueError) as caught:
        parse_addresses(value)
    assert said in str(caught.value)


def test_addresses_are_written_in_their_usual_form():
    written = ["10.0.0.0/8", "10.0.0.0/255.0.0.0", "FE80::0/10", "::1", "1.2.3.4/32", "::5-::9"]
    assert [format_addresses(parse_addresses(w)) for w in written] == [
        ["10.0.0.0/8"],
        ["10.0.0.0/8"],
        ["fe80::/10"],
        ["::1"],
        ["1.2.3.4"],
        ["::5-::9"],
    ]
    assert format_address("V4", 2**32 - 1) == "255.255.255.255"
    assert format_address("V6", 0) == "::"


@given(addresses(FAMILIES))
def test_addresses_survive_being_written(written):
    found = parse_addresses(written)
    assert parse_addresses(format_addresses(found)) == found
    assert parse_addresses(", ".join(format_addresses(found))) == found
    assert parse_addresses(found) == found


@given(st.sampled_from(FAMILIES), st.data())
def test_a_range_that_is_written_is_the_range_that_is_read(family, data):
    kind, bits = (IPv4Address, 32) if family == "V4" else (IPv6Address, 128)
    low = data.draw(st.integers(0, 2**bits - 1))
    high = data.draw(st.integers(low, 2**bits - 1))
    [found] = parse_addresses(f"{kind(low)}-{kind(high)}")
    assert (found.family, found.low, found.high) == (family, low, high)
    assert parse_addresses(str(found)) == (found,)


@given(st.sampled_from(FAMILIES), st.data())
def test_a_network_that_is_written_is_the_network_that_is_read(family, data):
    kind, bits = (IPv4Address, 32) if family == "V4" else (IPv6Address, 128)
    prefix = data.draw(st.integers(0, bits))
    number = data.draw(st.integers(0, 2**bits - 1))
    network = ip_network(f"{kind(number)}/{prefix}", strict=False)
    [found] = parse_addresses(str(network))
    wanted = (family, int(network.network_address), int(network.broadcast_address), prefix)
    assert tuple(found) == wanted
    if number != wanted[1]:
        with pytest.raises(ValueError, match="host bits"):
            parse_addresses(f"{kind(number)}/{prefix}")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=4))
def test_addresses_overlap_or_they_do_not(pairs):
    count = sum(high - low + 1 for low, high in pairs)
    apart = len({a for low, high in pairs for a in range(low, high + 1)}) == count
    written = [f"{IPv4Address(low)}-{IPv4Address(high)}" for low, high in pairs]
    if apart:
        assert [(r.low, r.high) for r in parse_addresses(written)] == sorted(map(tuple, pairs))
    else:
        with pytest.raises(ValueError, match="name each address once"):
            parse_addresses(written)


@given(st.one_of(st.text(), st.text("0123456789abcdef:./-, "), st.lists(st.text(max_size=12))))
def test_anything_is_addresses_or_a_value_error(value):
    try:
        found = parse_addresses(value)
    except ValueError:
        return
    assert parse_addresses(format_addresses(found)) == found


# As fields of a model.


@pytest.mark.parametrize(("kind", "value"), [(Ports, ["53", "60-70"]), (Addresses, ["10.0.0.0/8", "::1"])])
def test_as_a_field_they_are_written_as_they_are_read(kind, value):
    adapter = TypeAdapter(kind)
    found = adapter.validate_python(value)
    assert adapter.validate_python(adapter.dump_python(found, mode="json")) == found
    assert adapter.validate_json(adapter.dump_json(found)) == found
    assert adapter.json_schema()["type"] == "array"


# Protocols.


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("any", "any"),
        ("TCP", "tcp"),
        (" udp ", "udp"),
        ("icmp", "icmp"),
        (6, "tcp"),
        ("17", "udp"),
        (1, 1),
        ("58", 58),
        (0, 0),
        (255, 255),
        ("047", 47),
        ("igmp", 2),
        ("GRE", 47),
        ("esp", 50),
        ("ah", 51),
        ("icmpv6", "icmp"),
    ],
)
def test_protocols(written, found):
    assert parse_protocol(written) == found


@pytest.mark.parametrize(
    "written", ["quic", "", "256", 256, -1, "-1", 1.0, True, None, ["tcp"], "٦", "²", "0x6", "1000"]
)
def test_what_is_no_protocol(written):
    with pytest.raises(
        ValueError,
        match="is no protocol: write any, icmp, tcp, udp, icmpv6, igmp, gre, esp, ah, or a number from 0 to 255",
    ):
        parse_protocol(written)
