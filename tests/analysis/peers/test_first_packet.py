"""The first packet of a connection: what each end does with it, and how long a SYN may wait until it comes again."""

import pytest

from ndtui.analysis.peers.timeline import Event, Peer, timeline_of
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.vocabulary.pages import PAGES
from tests.support import design, preset

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
OUT = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"
EXAMPLES, REQUIRE = PAGES["discovery-examples"], PAGES["require"]


def events(of: str, packet: str, peer: str = "both") -> tuple[Event, ...]:
    """Return the timeline of a preset's packet with a peer: a kind, or another preset."""
    with_peer = Peer(design=preset(peer)) if "-" in peer else Peer(peer)  # type: ignore[arg-type]
    return timeline_of(compile_design(preset(of)), parse_packet(packet), with_peer).events


def again(found: tuple[Event, ...]) -> Event | None:
    return next((each for each in found if "SYN" in each.title), None)


@pytest.mark.parametrize(
    ("of", "packet", "peer", "first", "title", "page"),
    [
        ("nd-transport", OUT, "both", "is sent in clear", "A SYN that the peer drops is sent again", EXAMPLES),
        ("nd-transport", OUT, "nd-ipv4-only", "The peer drops", "TCP sends its SYN again", EXAMPLES),
        ("nd-transport", IN, "both", "is dropped", "The peer's TCP sends its SYN again", EXAMPLES),
        ("nd-transport", OUT, "transport-require", "The peer drops", "TCP sends its SYN again", REQUIRE),
        ("transport-require", OUT, "both", "is not sent in clear", "TCP sends its SYN again", REQUIRE),
        ("transport-require", IN, "both", "is dropped", "The peer's TCP sends its SYN again", REQUIRE),
        (
            "nd-boundary",
            IN,
            "transport-require",
            "The peer does not",
            "The peer's TCP sends its SYN again",
            REQUIRE,
        ),
    ],
)
def test_a_syn_that_was_dropped_is_sent_again(of: str, packet: str, peer: str, first: str, title: str, page: str):
    found = events(of, packet, peer)
    assert first in found[0].title
    syn = again(found)
    assert syn is not None
    assert (syn.title, syn.page, syn.at) == (title, page, "1 or 3 s")
    assert "3 s after the first by RFC 2988" in syn.detail
    assert "1 s by RFC 6298" in syn.detail
    assert "not documented" in syn.detail
    assert found.index(syn) > [each.at for each in found].index("SA")
    assert syn.outcome == "protected"


@pytest.mark.parametrize(
    ("of", "packet", "peer"),
    [
        ("nd-boundary", IN, "both"),  # it is accepted in clear
        ("nd-transport", OUT, "nd-boundary"),  # and here by the peer
        ("nd-transport", OUT, "none"),  # nothing negotiates: it stays in clear, and nobody waits
        ("nd-transport", IN, "none"),  # it never gets through
        ("nd-transport", "in udp 10.0.0.5:51000 -> 10.0.0.9:443", "both"),  # UDP has no SYN
        ("nd-transport", f"{IN} later", "both"),
        ("nd-transport", f"{OUT} later", "both"),  # no SYN either
        ("nd-transport", "in icmp 10.0.0.5 -> 10.0.0.9", "both"),  # it is exempt
    ],
)
def test_what_does_not_wait_is_not_said_to(of: str, packet: str, peer: str):
    assert again(events(of, packet, peer)) is None


@pytest.mark.parametrize(
    ("of", "packet", "peer", "title"),
    [
        ("nd-transport", IN, "both", "The later packet is accepted in clear"),
        ("nd-transport", OUT, "both", "The later packet is sent in clear"),
        ("transport-require", IN, "both", "The later packet is dropped"),
        ("transport-require", OUT, "both", "The later packet is not sent in clear"),
        ("nd-transport", OUT, "transport-require", "The peer drops the later packet"),
    ],
)
def test_of_a_later_packet_the_timeline_does_not_speak_of_the_first(of: str, packet: str, peer: str, title: str):
    found = events(of, f"{packet} later", peer)
    assert found[0].title == title
    assert not any("first packet" in f"{each.title} {each.detail}" for each in found)


def test_a_packet_that_the_peer_drops_is_said_to_have_been_sent():
    first = events("nd-transport", OUT, "nd-ipv4-only")[0]
    assert first.outcome == "blocked"
    assert first.detail.startswith("It is sent in clear while a negotiation starts.")


def test_transport_mode_drops_clear_text_by_its_page():
    syn = again(events("transport-require", OUT))
    assert syn is not None
    assert syn.detail.startswith("Clear text is dropped until the negotiation has completed. TCP sends it again")


def test_of_other_modes_it_is_not_documented_whether_a_packet_that_is_not_sent_is_kept():
    rule = {"name": "base", "mode": "negotiation-discovery", "encryption": "guaranteed"}
    encrypted = design(rules=[{**rule, "scope": {"protocol": "tcp", "remote_ports": [443]}}])
    found = timeline_of(compile_design(encrypted), parse_packet(OUT), Peer("both")).events
    assert found[0].title == "The first packet is not sent in clear"
    syn = again(found)
    assert syn is not None
    assert "is kept until the SA stands, or dropped, is not documented. If it is dropped, TCP sends" in syn.detail
    assert syn.page == PAGES["initial-rto"]
