"""The flows as Microsoft's pages list them, layer by layer."""

import pytest

from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.traffic.packet_flow import flow_of, unmet_by, why_unmet

#: Short names as the pages have them, by packet: what meets them is in the order of "TCP Packet Flows" and "UDP Packet
#: Flows", which ends with what "ALE Layers" says of the end.
FLOWS = {
    "in tcp 10.0.0.5:51000 -> 10.0.0.9:443": (
        "bind ALE_BIND_REDIRECT, bind ALE_RESOURCE_ASSIGNMENT, listen ALE_AUTH_LISTEN, packet INBOUND_IPPACKET, "
        "packet INBOUND_TRANSPORT, packet ALE_AUTH_RECV_ACCEPT, answer OUTBOUND_TRANSPORT, answer OUTBOUND_IPPACKET, "
        "flow ALE_FLOW_ESTABLISHED, data STREAM, close ALE_ENDPOINT_CLOSURE, close ALE_RESOURCE_RELEASE"
    ),
    "out tcp 10.0.0.9:51000 -> 10.0.0.5:443": (
        "bind ALE_BIND_REDIRECT, bind ALE_RESOURCE_ASSIGNMENT, connect ALE_CONNECT_REDIRECT, connect ALE_AUTH_CONNECT, "
        "packet OUTBOUND_TRANSPORT, packet OUTBOUND_IPPACKET, answer INBOUND_IPPACKET, answer INBOUND_TRANSPORT, "
        "flow ALE_FLOW_ESTABLISHED, data STREAM, close ALE_ENDPOINT_CLOSURE, close ALE_RESOURCE_RELEASE"
    ),
    "in udp 10.0.0.5:51000 -> 10.0.0.9:53": (
        "bind ALE_BIND_REDIRECT, bind ALE_RESOURCE_ASSIGNMENT, packet INBOUND_IPPACKET, packet INBOUND_TRANSPORT, "
        "packet ALE_AUTH_RECV_ACCEPT, flow ALE_FLOW_ESTABLISHED, packet DATAGRAM_DATA, close ALE_ENDPOINT_CLOSURE, "
        "close ALE_RESOURCE_RELEASE"
    ),
    "out udp 10.0.0.9:51000 -> 10.0.0.5:53": (
        "bind ALE_BIND_REDIRECT, bind ALE_RESOURCE_ASSIGNMENT, connect ALE_CONNECT_REDIRECT, connect ALE_AUTH_CONNECT, "
        "flow ALE_FLOW_ESTABLISHED, packet DATAGRAM_DATA, packet OUTBOUND_TRANSPORT, packet OUTBOUND_IPPACKET, "
        "close ALE_ENDPOINT_CLOSURE, close ALE_RESOURCE_RELEASE"
    ),
    "in tcp 10.0.0.5:51000 -> 10.0.0.9:443 later": "packet INBOUND_IPPACKET, packet INBOUND_TRANSPORT, packet STREAM",
    "out tcp 10.0.0.9:51000 -> 10.0.0.5:443 later": (
        "packet STREAM, packet OUTBOUND_TRANSPORT, packet OUTBOUND_IPPACKET"
    ),
    "in udp 10.0.0.5:51000 -> 10.0.0.9:53 later": (
        "packet INBOUND_IPPACKET, packet INBOUND_TRANSPORT, packet DATAGRAM_DATA"
    ),
    "in icmp 10.0.0.5 -> 10.0.0.9 type 11": (
        "packet INBOUND_IPPACKET, packet INBOUND_TRANSPORT, packet INBOUND_ICMP_ERROR"
    ),
    "out icmp 10.0.0.9 -> 10.0.0.5 type 3": (
        "packet OUTBOUND_ICMP_ERROR, packet OUTBOUND_TRANSPORT, packet OUTBOUND_IPPACKET"
    ),
    "in esp 10.0.0.5 -> 10.0.0.9": "packet INBOUND_IPPACKET",
    "out ah 10.0.0.9 -> 10.0.0.5": "packet OUTBOUND_IPPACKET",
    "in tcp 10.0.0.5:51000 -> 10.0.0.9:443 forwarded": (
        "packet INBOUND_IPPACKET, packet IPFORWARD, packet OUTBOUND_IPPACKET"
    ),
}


@pytest.mark.parametrize("text", FLOWS)
def test_the_layers_of_a_flow(text: str):
    met = [f"{each.phase} {each.stem.removeprefix('FWPM_LAYER_')}" for each in flow_of(parse_packet(text))]
    assert ", ".join(met) == FLOWS[text]


@pytest.mark.parametrize("text", FLOWS)
def test_a_layer_is_met_or_is_not_and_the_reason_is_said(text: str):
    packet = parse_packet(text)
    met, unmet = {each.stem for each in flow_of(packet)}, unmet_by(packet)
    assert met.isdisjoint(each.stem for each in unmet)
    assert len(met) + len(unmet) == 18
    assert all(each.why for each in unmet)


@pytest.mark.parametrize(
    ("text", "layer", "why"),
    [
        ("in tcp 10.0.0.5:51000 -> 10.0.0.9:443", "DATAGRAM_DATA", "TCP carries a stream"),
        ("in udp 10.0.0.5:51000 -> 10.0.0.9:443", "STREAM", "only TCP has it"),
        ("out tcp 10.0.0.9:51000 -> 10.0.0.5:443", "ALE_AUTH_LISTEN", "this host connects, and does not listen"),
        ("out tcp 10.0.0.9:51000 -> 10.0.0.5:443", "ALE_AUTH_RECV_ACCEPT", "it goes the other way"),
        ("in tcp 10.0.0.5:51000 -> 10.0.0.9:443", "IPFORWARD", "it is not forwarded"),
        ("in tcp 10.0.0.5:51000 -> 10.0.0.9:443", "INBOUND_ICMP_ERROR", "it is no ICMP error"),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3", "ALE_AUTH_RECV_ACCEPT", "belongs to no connection of its own"),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3", "OUTBOUND_ICMP_ERROR", "it goes the other way"),
        ("in tcp 10.0.0.5:51000 -> 10.0.0.9:443 later", "ALE_AUTH_RECV_ACCEPT", "authorised by the first packet"),
        ("in esp 10.0.0.5 -> 10.0.0.9", "INBOUND_TRANSPORT", "decrypted"),
        ("in tcp 10.0.0.5:51000 -> 10.0.0.9:443 forwarded", "ALE_AUTH_RECV_ACCEPT", "passes through this host"),
    ],
)
def test_why_a_layer_of_another_flow_is_not_met(text: str, layer: str, why: str):
    reasons = {each.stem: each.why for each in unmet_by(parse_packet(text))}
    assert why in reasons[f"FWPM_LAYER_{layer}"]


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        ("INBOUND_TRANSPORT_V4_DISCARD", "only what was dropped"),
        ("STREAM_V6", "the other address family"),
        ("INBOUND_MAC_FRAME_NATIVE", "of frames"),
        ("EGRESS_VSWITCH_TRANSPORT_V4", "of a virtual switch"),
        ("RPC_UM", "remote procedure calls"),
        ("IKEEXT_V4", "IKE looks up"),
        ("IPSEC_V4", "IPsec looks up"),
        ("STREAM_PACKET_V4", "on none of the documented flows"),
    ],
)
def test_why_a_layer_on_no_flow_is_not_met(layer: str, why: str):
    assert why in why_unmet(f"FWPM_LAYER_{layer}", parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:443"))
