"""Packets before BFE is up, played through once more by what the design says in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.trace.boot_trace import boot_outcome, boot_sentence, boot_tracer, until_bfe
from ndtui.analysis.trace.tracer import trace
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.traffic.packet_values import taken_values
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from tests.strategies import designs, packets
from tests.support import exempting, often

DHCP = {"name": "DHCP", "protocol": "udp", "remote_ports": [67], "before_bfe": True}
CLOSED = exempting(DHCP, rules=[{"mode": "require"}], lifetime="persistent", before_bfe=["inbound", "outbound"])


def outcome(design: Design, packet: str) -> str:
    return boot_outcome(boot_tracer(compile_design(design)).trace(parse_packet(packet)))


@pytest.mark.parametrize(
    ("packet", "wanted"),
    [
        ("in tcp 10.0.0.5:51000 -> 10.0.0.9:443", "blocked"),
        ("out tcp [2001:db8::9]:51000 -> [2001:db8::5]:443", "blocked"),
        ("out udp 10.0.0.9:68 -> 10.0.0.5:67", "exempt"),
        ("in udp 10.0.0.5:67 -> 10.0.0.9:68", "exempt"),
        ("in udp 10.0.0.5:67 -> 10.0.0.9:68 later", "untouched"),
        ("in udp 10.0.0.5:67 -> 224.0.0.1:68", "untouched"),
        ("out tcp 127.0.0.1:51000 -> 127.0.0.1:443", "untouched"),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4", "untouched"),
    ],
)
def test_what_is_blocked_and_what_passes(packet: str, wanted: str):
    assert outcome(CLOSED, packet) == wanted


def test_without_anything_blocked_everything_passes():
    assert outcome(exempting(lifetime="persistent"), "in tcp 10.0.0.5 -> 10.0.0.9:443") == "untouched"


def test_it_changes_nothing_of_the_time_after():
    packet = parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:443")
    traced = trace(compile_design(CLOSED), packet)
    assert not any(each.slot.is_before_bfe for step in traced.steps for each in step.filters)
    assert traced.outcomes.peer_with_ipsec.settled == "protected"


def test_what_it_is_owed_to_is_said():
    tracer = boot_tracer(compile_design(CLOSED))
    said = boot_sentence(tracer.trace(parse_packet("in tcp 10.0.0.5 -> 10.0.0.9:443")))
    assert said.startswith("Blocked until BFE is up. Because of block before BFE, inbound: ")
    said = boot_sentence(tracer.trace(parse_packet("out udp 10.0.0.9:68 -> 10.0.0.5:67")))
    assert "Because of exemption DHCP: " in said


def met(each: Exemption, packet: Packet) -> bool:
    """Tell whether an exemption is about a packet, field by field."""
    named = {"tcp": 6, "udp": 17, "icmp": 1 if packet.family == "V4" else 58, "any": packet.protocol}
    if named.get(str(each.protocol), each.protocol) != packet.protocol:
        return False
    if each.families and packet.family not in each.families:
        return False
    if each.program and each.program.lower() != packet.program.lower():
        return False
    if each.profiles and (packet.profile or "domain") not in each.profiles:
        return False
    if each.interfaces and (packet.interface or "lan") not in each.interfaces:
        return False
    asked = (
        (each.local_addresses, packet.local_address),
        (each.remote_addresses, packet.remote_address),
        (each.local_ports, packet.local_port),
        (each.remote_ports, packet.remote_port),
    )
    for ranges, has in asked:
        own = [r for r in ranges if getattr(r, "family", packet.family) == packet.family]
        if ranges and not any(has is not None and r.low <= has <= r.high for r in own):
            return False
    icmp = ((each.icmp_type, packet.icmp_type), (each.icmp_code, packet.icmp_code))
    return all(wanted in (None, has) for wanted, has in icmp)


def played(design: Design, packet: Packet) -> str:
    """Return what becomes of a packet by what the design says, without its filters."""
    error = (3, 4, 5, 11, 12) if packet.family == "V4" else range(128)
    of_icmp = packet.protocol == (1 if packet.family == "V4" else 58) and packet.icmp_type in error
    if packet.later or packet.protocol in (50, 51) or of_icmp or packet.local_type != "unicast":
        return "untouched"
    inbound = packet.direction == "in"
    if packet.family not in design.families or ("inbound" if inbound else "outbound") not in design.before_bfe:
        return "untouched"
    says = {f"FWPM_LAYER_{name}" for name in (("INBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT") if inbound else ())}
    says |= {f"FWPM_LAYER_{name}" for name in (() if inbound else ("OUTBOUND_TRANSPORT", "ALE_AUTH_CONNECT"))}
    if any(e.enabled and e.before_bfe and says & set(e.layers) and met(e, packet) for e in design.exemptions):
        return "exempt"
    return "untouched" if packet.loopback else "blocked"


@often
@given(designs(5), st.data())
def test_any_packet_of_any_design_meets_what_the_design_says(design: Design, data: st.DataObject):
    tracer = boot_tracer(compile_design(design))
    for _ in range(6):
        packet = data.draw(packets(design))
        assert boot_outcome(tracer.trace(packet)) == played(design, packet), str(packet)


def test_the_filter_set_until_then_holds_nothing_else():
    filterset = compile_design(CLOSED)
    early = until_bfe(filterset)
    assert early.filters == filterset.before_bfe
    assert early.contexts == ()
    assert taken_values(parse_packet("in tcp 127.0.0.1:1 -> 127.0.0.1:2"))["FWPM_CONDITION_FLAGS"] == 1
