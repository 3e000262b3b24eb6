"""What a packet says beside its addresses: read, written again, and refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.traffic.packet_circumstances import BINDS, SOCKETS, TUNNELS, UNSAID, VALUED
from ndtui.analysis.traffic.packet_grammar import ALONE, GRAMMAR
from ndtui.common.errors import InputError

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"


def test_a_packet_that_says_nothing_says_nothing():
    assert parse_packet(IN).said is UNSAID
    assert all(value is None for value in UNSAID.document.values())


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("service none", "service", ()),
        ("service S-1-5-80-1-2-3-4-5,S-1-5-80-0", "service", ("S-1-5-80-1-2-3-4-5", "S-1-5-80-0")),
        ("package none", "package", ""),
        ("package S-1-15-2-7", "package", "S-1-15-2-7"),
        ("capability internetClient,S-1-15-3-9", "capability", ("S-1-15-3-1", "S-1-15-3-9")),
        ("account BU,s-1-5-21-1-2-3-1001", "account", ("BU", "S-1-5-21-1-2-3-1001")),
        ("tunnel teredo", "tunnel", 14),
        ("tunnel 77", "tunnel", 77),
        ("luid 18446744073709551615", "luid", 2**64 - 1),
        ("epoch 0", "epoch", 0),
        ("compartment 1", "compartment", 1),
        ("socket rpc,deny-edge", "socket", 5),
        ("socket plain", "socket", 0),
        ("bind any", "bind", "any"),
        ("secured", "secured", True),
        ("clear", "secured", False),
        ("app-loopback", "app_loopback", True),
        ("non-app-loopback", "app_loopback", False),
        ("raw", "raw", True),
        ("fragment", "fragment", True),
        ("whole", "fragment", False),
        ("forwarded", "forwarded", True),
    ],
)
def test_every_word(words: str, field: str, value: object):
    packet = parse_packet(f"{IN} {words}")
    assert getattr(packet.said, field) == value
    assert parse_packet(str(packet)) == packet
    assert parse_packet(IN, words=words.split()) == packet


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("service", "no name of a service"),
        ("package notepad", "is no package"),
        ("capability flying", "no capability"),
        ("account none", "every program runs as somebody"),
        ("account 17", "is no SID"),
        ("tunnel deep", "no type of tunnel: write none, other"),
        ("luid -1", "write one from 0 to 18446744073709551615"),
        ("epoch x", "no such number"),
        ("compartment 4294967296", "write one from 0 to 4294967295"),
        ("socket plain,rpc", "leave plain out"),
        ("socket open", "nothing of a socket"),
        ("bind here", "write any or address"),
        ("secured clear", "say one"),
        ("app-loopback non-app-loopback", "say one"),
        ("fragment whole", "say one"),
        ("package none capability internetClient", "only packages have them"),
        ("luid 1 luid 2", "the packet has two values of luid: say one"),
    ],
)
def test_what_means_nothing_is_refused(words: str, wanted: str):
    with pytest.raises(InputError) as refused:
        parse_packet(f"{IN} {words}")
    assert wanted in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_packet_that_goes_out_is_not_forwarded():
    with pytest.raises(InputError, match="is forwarded comes in"):
        parse_packet("out tcp 10.0.0.5:51000 -> 10.0.0.9:443 forwarded")


def test_what_is_sent_is_no_fragment_at_any_layer():
    with pytest.raises(InputError, match="fragmented after the last layer"):
        parse_packet("out tcp 10.0.0.5:51000 -> 10.0.0.9:443 fragment")
    assert parse_packet("out tcp 10.0.0.5:51000 -> 10.0.0.9:443 whole").said.fragment is False


def test_loopback_of_packages_is_loopback():
    assert parse_packet(f"{IN} non-app-loopback").loopback


def test_the_kernel_is_a_program():
    packet = parse_packet(f"{IN} app system")
    assert packet.program == "System"
    assert parse_packet(str(packet)) == packet


def test_a_value_may_be_a_word_of_the_grammar():
    packet = parse_packet(f"{IN} service socket socket plain")
    assert packet.said.socket == 0
    assert parse_packet(str(packet)) == packet


def test_the_grammar_has_every_word():
    for word in (*VALUED, *ALONE, *TUNNELS, *SOCKETS, *BINDS):
        assert word in GRAMMAR


@given(st.text(max_size=12))
def test_no_value_makes_the_reader_fail_otherwise(text: str):
    for word in VALUED:
        try:
            packet = parse_packet(IN, words=(word, text))
        except InputError:
            continue
        assert parse_packet(str(packet)).said == packet.said
