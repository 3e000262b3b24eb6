"""Packets against the shipped presets: each with its verdict, the filter that decides, and where Microsoft says so."""

import pytest

from ndtui.analysis.trace import trace
from ndtui.analysis.traffic.outcome import Outcomes
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from tests.support import preset

#: What the documentation says, in our words, and the page under learn.microsoft.com/windows/win32/fwp/ that says it.
SAYS = {
    "nd-in": "negotiation-discovery-transport-mode: protection is required for all matching inbound traffic; the "
    "filter at ALE_AUTH_RECV_ACCEPT only allows inbound connection attempts that are secured",
    "nd-out": "negotiation-discovery-transport-mode: without an SA the packet is sent in clear while a negotiation "
    "starts; success upgrades the connection, otherwise it stays in clear",
    "boundary": "negotiation-discovery-transport-mode-in-boundary-mode: protection is requested for all matching "
    "traffic; if negotiation fails inbound and outbound connections fall back to clear text",
    "require": "regular-transport-mode: matching clear traffic is dropped until negotiation has succeeded; if it fails "
    "connectivity stays broken",
    "icmp": "negotiation-discovery-transport-mode, step 2 at each layer: ICMP is exempted by a permit in weight range "
    "FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS",
    "unicast": "negotiation-discovery-transport-mode: every filter has the condition IP_LOCAL_ADDRESS_TYPE "
    "NlatUnicast, so that other traffic matches none",
    "ike4": "ike-exemptions: BFE permits UDP 500 and 4500 over IPv4 at the transport and at the ALE layers",
    "ike6": "ike-exemptions: BFE permits UDP 500 over IPv6 at the transport and at the ALE layers",
    "not-ike": "ike-exemptions: the exemptions are those of UDP 500 and 4500 over IPv4 and UDP 500 over IPv6, no other",
    "weight": "filter-weight-assignment, filter-arbitration: a filter in weight range 0xC is met before those of range "
    "0; in one sublayer the first permit or block ends the evaluation",
    "flow": "tcp-packet-flows, udp-packet-flows: a later packet meets the transport layer alone",
    "v4-only": "management-filtering-layer-identifiers-: the layers of IPv4 do not see IPv6",
}

R = "blocked>protected blocked"
N = "clear>protected clear"
E, U, B = "exempt exempt", "untouched untouched", "blocked blocked"

IN, OUT, ACCEPT = "inbound transport", "outbound transport", "require protection inbound"
IKE, NATT = "IKE/AuthIP exemption, UDP 500", "IKE/AuthIP exemption, UDP 4500"
ICMP = "exempt ICMP"
CONTROLLERS = "exempt Domain controllers"

#: (preset, packet, verdict with and without IPsec at the peer, deciding filter of each of the two main layers, SAYS)
TABLE = [
    ("nd-transport", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "in tcp 192.0.2.7:1 -> 198.51.100.1:65535", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "in tcp [2001:db8::5]:51000 -> [2001:db8::9]:443", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "in udp 10.0.0.5:51000 -> 10.0.0.9:53", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "in udp [fe80::5]:51000 -> [fe80::9]:53", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "in gre 10.0.0.5 -> 10.0.0.9", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "in 0 10.0.0.5 -> 10.0.0.9", R, (IN, ACCEPT), "nd-in"),
    ("nd-transport", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443", N, ("", OUT), "nd-out"),
    ("nd-transport", "out tcp [2001:db8::9]:51000 -> [2001:db8::5]:443", N, ("", OUT), "nd-out"),
    ("nd-transport", "out udp 10.0.0.9:51000 -> 10.0.0.5:53", N, ("", OUT), "nd-out"),
    ("nd-transport", "out 255 10.0.0.9 -> 10.0.0.5", N, ("", OUT), "nd-out"),
    ("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9", E, (ICMP, ICMP), "icmp"),
    ("nd-transport", "out icmp 10.0.0.9 -> 10.0.0.5", E, ("", ICMP), "icmp"),
    ("nd-transport", "in icmp fe80::5 -> fe80::9", E, (ICMP, ICMP), "icmp"),
    ("nd-transport", "out icmpv6 fe80::9 -> fe80::5 type 135", E, ("", ICMP), "icmp"),
    ("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4", E, (ICMP, None), "icmp"),
    ("nd-transport", "in 58 10.0.0.5 -> 10.0.0.9", R, (IN, ACCEPT), "icmp"),
    ("nd-transport", "in 1 fe80::5 -> fe80::9", R, (IN, ACCEPT), "icmp"),
    ("nd-transport", "in udp 10.0.0.5:5353 -> 224.0.0.251:5353", U, ("", ""), "unicast"),
    ("nd-transport", "in udp [fe80::5]:5353 -> [ff02::fb]:5353", U, ("", ""), "unicast"),
    ("nd-transport", "in udp 0.0.0.0:68 -> 255.255.255.255:67", U, ("", ""), "unicast"),
    ("nd-transport", "in udp 10.0.0.5:137 -> 10.0.0.255:137 broadcast", U, ("", ""), "unicast"),
    ("nd-transport", "in tcp [2001:db8::5]:51000 -> [2001:db8::]:443 anycast", U, ("", ""), "unicast"),
    ("nd-transport", "in icmp fe80::5 -> ff02::1", U, ("", ""), "unicast"),
    ("nd-transport", "out udp 10.0.0.9:5353 -> 224.0.0.251:5353", U, ("", ""), "unicast"),
    ("nd-transport", "in udp 10.0.0.5:500 -> 10.0.0.9:500", E, (IKE, IKE), "ike4"),
    ("nd-transport", "in udp 10.0.0.5:4500 -> 10.0.0.9:4500", E, (NATT, NATT), "ike4"),
    ("nd-transport", "out udp 10.0.0.9:500 -> 10.0.0.5:500", E, (IKE, IKE), "ike4"),
    ("nd-transport", "out udp 10.0.0.9:4500 -> 10.0.0.5:4500", E, (NATT, NATT), "ike4"),
    ("nd-transport", "in udp 10.0.0.5:60000 -> 10.0.0.9:500", E, (IKE, IKE), "ike4"),
    ("nd-transport", "in udp [fe80::5]:500 -> [fe80::9]:500", E, (IKE, IKE), "ike6"),
    ("nd-transport", "out udp [fe80::9]:500 -> [fe80::5]:500", E, (IKE, IKE), "ike6"),
    ("nd-transport", "in udp [fe80::5]:4500 -> [fe80::9]:4500", R, (IN, ACCEPT), "not-ike"),
    ("nd-transport", "out udp [fe80::9]:4500 -> [fe80::5]:4500", N, ("", OUT), "not-ike"),
    ("nd-transport", "in tcp 10.0.0.5:500 -> 10.0.0.9:500", R, (IN, ACCEPT), "not-ike"),
    ("nd-transport", "out udp 10.0.0.9:51000 -> 10.0.0.5:500", N, ("", OUT), "not-ike"),
    ("nd-transport", "in udp 10.0.0.5:501 -> 10.0.0.9:501", R, (IN, ACCEPT), "not-ike"),
    ("nd-transport", "in tcp 10.0.0.5:443 -> 10.0.0.9:51000 later", N, (IN, None), "flow"),
    ("nd-transport", "out tcp 10.0.0.9:443 -> 10.0.0.5:51000 later", N, (None, OUT), "flow"),
    ("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9 later", E, (ICMP, None), "flow"),
    ("nd-boundary", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", N, (IN, ""), "boundary"),
    ("nd-boundary", "in udp [fe80::5]:51000 -> [fe80::9]:53", N, (IN, ""), "boundary"),
    ("nd-boundary", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443", N, ("", OUT), "boundary"),
    ("nd-boundary", "out gre 10.0.0.9 -> 10.0.0.5", N, ("", OUT), "boundary"),
    ("nd-boundary", "in icmp 10.0.0.5 -> 10.0.0.9", E, (ICMP, ""), "icmp"),
    ("nd-boundary", "out icmp 10.0.0.9 -> 10.0.0.5", E, ("", ICMP), "icmp"),
    ("nd-boundary", "in udp 10.0.0.5:500 -> 10.0.0.9:500", E, (IKE, IKE), "ike4"),
    ("nd-boundary", "in udp 10.0.0.5:5353 -> 224.0.0.251:5353", U, ("", ""), "unicast"),
    ("transport-require", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", R, (IN, ""), "require"),
    ("transport-require", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443", R, ("", OUT), "require"),
    ("transport-require", "out udp [fe80::9]:51000 -> [fe80::5]:53", R, ("", OUT), "require"),
    ("transport-require", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443 later", R, (IN, None), "require"),
    ("transport-require", "in icmp 10.0.0.5 -> 10.0.0.9", E, (ICMP, ""), "icmp"),
    ("transport-require", "out icmp fe80::9 -> fe80::5", E, ("", ICMP), "icmp"),
    ("transport-require", "out udp 10.0.0.9:500 -> 10.0.0.5:500", E, (IKE, IKE), "ike4"),
    ("transport-require", "out udp 10.0.0.9:138 -> 10.0.0.255:138 broadcast", U, ("", ""), "unicast"),
    ("nd-ike-only", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", R, (IN, ACCEPT), "nd-in"),
    ("nd-ike-only", "in udp 10.0.0.5:500 -> 10.0.0.9:500", E, (IKE, IKE), "ike4"),
    ("nd-authip-only", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443", N, ("", OUT), "nd-out"),
    ("nd-authip-only", "out udp 10.0.0.9:500 -> 10.0.0.5:500", E, (IKE, IKE), "ike4"),
    ("nd-ipv4-only", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", R, (IN, ACCEPT), "nd-in"),
    ("nd-ipv4-only", "in tcp [fe80::5]:51000 -> [fe80::9]:443", U, ("", ""), "v4-only"),
    ("nd-ipv4-only", "in udp [fe80::5]:500 -> [fe80::9]:500", E, (IKE, IKE), "ike6"),
    ("ms-sample", "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", R, (IN, ACCEPT), "nd-in"),
    ("ms-sample", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443", N, ("", OUT), "nd-out"),
    ("nd-domain-member", "out udp 10.0.0.9:51000 -> 10.0.0.5:53", E, ("", "exempt DNS over UDP"), "weight"),
    ("nd-domain-member", "in udp 10.0.0.5:53 -> 10.0.0.9:51000", B, ("exempt DNS over UDP", ACCEPT), "weight"),
    ("nd-domain-member", "in udp 10.0.0.5:51000 -> 10.0.0.9:53", R, (IN, ACCEPT), "weight"),
    ("nd-domain-member", "out udp 10.0.0.9:68 -> 10.0.0.1:67", E, ("", "exempt DHCP"), "weight"),
    ("nd-domain-member", "out udp 10.0.0.9:69 -> 10.0.0.1:67", N, ("", OUT), "weight"),
    ("nd-domain-member", "out udp [fe80::9]:546 -> [fe80::1]:547", E, ("", "exempt DHCPv6"), "weight"),
    ("nd-domain-member", "in udp 10.0.0.5:53 -> 10.0.0.9:51000 later", E, ("exempt DNS over UDP", None), "flow"),
    ("nd-domain-member", "in tcp 10.0.0.5:53 -> 10.0.0.9:3389", B, ("exempt DNS over TCP", ACCEPT), "weight"),
    ("nd-domain-member", "out tcp 10.0.0.9:51000 -> 192.0.2.10:389", E, ("", CONTROLLERS), "weight"),
    ("nd-domain-member", "out tcp 10.0.0.9:51000 -> 192.0.2.12:389", N, ("", OUT), "weight"),
    ("nd-domain-member", "out tcp 10.0.0.9:51000 -> 192.0.2.10:445", E, ("", CONTROLLERS), "weight"),
    ("nd-domain-member", "in tcp 192.0.2.10:51000 -> 10.0.0.9:445", E, (CONTROLLERS,) * 2, "weight"),
    ("nd-domain-member", "in tcp [2001:db8::11]:88 -> [2001:db8::9]:51000", E, (CONTROLLERS,) * 2, "weight"),
]


def verdict(outcomes: Outcomes) -> str:
    """Return an outcome as the table has it."""
    return " ".join(first if first == settled else f"{first}>{settled}" for first, settled in outcomes)


def test_the_table_is_as_large_as_it_should_be():
    assert len({(name, text) for name, text, *_ in TABLE}) >= 60
    assert {row[-1] for row in TABLE} == set(SAYS)


@pytest.mark.parametrize(("name", "text", "wanted", "deciding", "says"), TABLE, ids=lambda value: str(value)[:60])
def test_packet(name: str, text: str, wanted: str, deciding: tuple[str | None, str | None], says: str):
    traced = trace(compile_design(preset(name)), parse_packet(text))
    assert verdict(traced.outcomes) == wanted, SAYS[says]
    stems = (
        ("INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT")
        if text.startswith("in")
        else ("ALE_AUTH_CONNECT", "OUTBOUND_TRANSPORT")
    )
    for stem, label in zip(stems, deciding, strict=True):
        step = traced.step(f"FWPM_LAYER_{stem}")
        if label is None:
            assert step is None, f"{stem} is met"
        else:
            assert step is not None, f"{stem} is not met"
            found = "" if step.deciding is None else step.deciding.filter.label
            assert found == label, f"at {stem}: {SAYS[says]}"
