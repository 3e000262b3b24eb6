"""The grammar of packets: what is read, what is taken for granted, and how what is wrong is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.traffic.packet import Packet, parse_packet, read_packets
from ndtui.analysis.traffic.packet_grammar import GRAMMAR, INTERFACE_WORDS, PROFILE_WORDS
from ndtui.analysis.traffic.packet_values import field_values, taken_values
from ndtui.common.errors import InputError
from ndtui.model.design.program_path import program_number
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES
from tests.support import one_line


def refused(text: str, **beside: object) -> str:
    with pytest.raises(InputError) as caught:
        parse_packet(text, **beside)  # type: ignore[arg-type]
    return one_line(str(caught.value))


def test_in_has_its_source_at_the_peer_and_out_at_this_host():
    arriving = parse_packet("in tcp 10.0.0.5:51000 -> 10.0.0.9:443")
    assert (arriving.remote_address, arriving.remote_port) == (0x0A000005, 51000)
    assert (arriving.local_address, arriving.local_port) == (0x0A000009, 443)
    leaving = parse_packet("out tcp 10.0.0.5:51000 -> 10.0.0.9:443")
    assert (leaving.local_address, leaving.local_port) == (0x0A000005, 51000)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("in tcp 10.0.0.5 -> 10.0.0.9:443", "remote_port", 49152),
        ("in icmp 10.0.0.5 -> 10.0.0.9", "icmp_type", 8),
        ("in icmp fe80::1 -> fe80::2", "icmp_type", 128),
        ("in icmp fe80::1 -> fe80::2", "protocol", 58),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3", "icmp_code", 0),
        ("in gre 10.0.0.5 -> 10.0.0.9", "local_port", None),
        ("in 6 10.0.0.5:1 -> 10.0.0.9:2", "protocol", 6),
        ("IN TCP 10.0.0.5:1 -> 10.0.0.9:2 LATER", "later", True),
        ("in tcp 127.0.0.1:1 -> 127.0.0.1:2", "loopback", True),
        ("in tcp 10.0.0.5:1 -> 10.0.0.5:2", "loopback", True),
        ("in tcp 127.0.0.1:1 -> 10.0.0.9:2", "loopback", True),
        ("in tcp 10.0.0.5:1 -> 127.0.0.1:2", "loopback", True),
        ("out tcp 10.0.0.9:1 -> 127.255.255.255:2", "loopback", True),
        ("in tcp [::1]:1 -> [fe80::9]:2", "loopback", True),
        ("out tcp [fe80::9]:1 -> [::1]:2", "loopback", True),
        ("in tcp [::2]:1 -> [fe80::9]:2", "loopback", False),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2", "loopback", False),
        ("in udp 10.0.0.5:1 -> 224.0.0.1:2", "local_type", "multicast"),
        ("out udp 10.0.0.5:1 -> 224.0.0.1:2", "local_type", "multicast"),
        ("in udp 10.0.0.5:1 -> 255.255.255.255:2", "local_type", "broadcast"),
        ("in udp 10.0.0.5:1 -> 10.0.0.255:2", "local_type", "unicast"),
        ("in udp 10.0.0.5:1 -> 10.0.0.255:2 broadcast", "local_type", "broadcast"),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2", "profile", None),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2 profile private", "profile", "private"),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2", "interface", None),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2 INTERFACE remote-access", "interface", "remote-access"),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2", "unauthorized", False),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2 unauthorized", "unauthorized", True),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2", "program", ""),
        (r"in tcp 10.0.0.5:1 -> 10.0.0.9:2 APP C:\X.exe later", "program", r"C:\X.exe"),
        (r'in tcp 10.0.0.5:1 -> 10.0.0.9:2 app "C:\a, b\X y.exe" later', "program", r"C:\a, b\X y.exe"),
        (r'in tcp 10.0.0.5:1 -> 10.0.0.9:2 later app "C:\later.exe"', "later", True),
        (r"in tcp 10.0.0.5:1 -> 10.0.0.9:2 app C:\later", "later", False),
    ],
)
def test_what_is_read_and_what_is_taken_for_granted(text: str, field: str, value: object):
    assert getattr(parse_packet(text), field) == value


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("in tcp 127.0.0.1:1 -> 10.0.0.9:2", ""),
        ("in tcp 10.0.0.5:1 -> 10.0.0.9:2", " loopback"),
    ],
)
def test_loopback_is_written_where_the_addresses_do_not_say_it(text: str, word: str):
    assert str(parse_packet(f"{text} loopback")) == f"{text}{word}"


def test_fields_said_beside_it_count():
    packet = parse_packet("icmp 10.0.0.5 -> 10.0.0.9", direction="out", words=["type", "3", "later"])
    assert packet == parse_packet("out icmp 10.0.0.5 -> 10.0.0.9 later type 3")


BAD = {
    "": "no ->",
    "in tcp 10.0.0.5:1 10.0.0.9:2": "no ->",
    "in tcp 10.0.0.5:1 ->": "ends at ->",
    "-> 10.0.0.9:2": "starts with ->",
    "in 10.0.0.5 -> 10.0.0.9": "no protocol",
    "tcp 10.0.0.5:1 -> 10.0.0.9:2": ": start it with in or out",
    "sideways tcp 10.0.0.5:1 -> 10.0.0.9:2": "'sideways tcp', which is more than a protocol",
    "in quic 10.0.0.5:1 -> 10.0.0.9:2": "'quic' is no protocol: write icmp, tcp, udp, icmpv6, igmp, gre",
    "in Tpc 10.0.0.5:1 -> 10.0.0.9:2": "'Tpc' is no protocol: did you mean tcp?",
    "in tcp 10.0.0.5:1 -> 10.0.0.9:2 profile Work": "'Work' is no network profile",
    "in tcp 10.0.0.5:1 -> 10.0.0.9:2 socket RPC,Odd": "'Odd' is nothing of a socket",
    r"in tcp 10.0.0.5:1 -> 10.0.0.9:2 app D:\Some Dir\X.exe": r"'Dir\X.exe' after the addresses means nothing",
    "in 256 10.0.0.5 -> 10.0.0.9": "'256' is no protocol",
    "in tcp host:1 -> 10.0.0.9:2": "the source 'host:1' is no address",
    "in tcp 10.0.0.5:1 -> 10.0.0.9": "the destination 10.0.0.9 has no port: write 10.0.0.9:443",
    "in tcp [fe80::1]:1 -> fe80::2": "the destination fe80::2 has no port: write [fe80::2]:443",
    "in tcp 10.0.0.5:x -> 10.0.0.9:2": "the source's port 'x' is no number from 0 to 65535",
    "in tcp 10.0.0.5:1 -> 10.0.0.9:65536": "the destination's port '65536'",
    "in tcp 10.0.0.5:1 -> [fe80::1]:2": "two address families",
    "in tcp [fe80::1:1 -> [fe80::2]:2": "no [ADDRESS]:PORT",
    "in tcp [fe80::1]9 -> [fe80::2]:2": "no [ADDRESS]:PORT",
    "in tcp [fe80::1%eth0]:1 -> [fe80::2]:2": "has a zone",
    "in tcp [fe80::g]:1 -> [fe80::2]:2": "no IPv6 address",
    "in icmp 10.0.0.5:1 -> 10.0.0.9": "protocol icmp has no ports",
    "in gre 10.0.0.5 -> 10.0.0.9:1": "protocol gre has no ports",
    "in tcp 10.0.0.5:1 -> 10.0.0.9:2 type 3": "type belongs to ICMP, not to tcp",
    "in icmp 10.0.0.5 -> 10.0.0.9 type": "the ICMP type ''",
    "in icmp 10.0.0.5 -> 10.0.0.9 code 256": "the ICMP code '256' is no number from 0 to 255",
    "in tcp 10.0.0.5:1 -> 10.0.0.9:2 maybe": "'maybe' after the addresses means nothing: write later",
    "in tcp 10.0.0.5:1 -> 10.0.0.9:2 unicast multicast": "said to be unicast and multicast",
    "in tcp 10.0.0.5:1\x1b[2J -> 10.0.0.9:2": "\\x1b[2J",
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_wrong_is_named_with_what_would_be_right(text: str):
    assert BAD[text] in refused(text)


def test_two_directions_are_one_too_many():
    assert "the packet says in, and beside it stands out" in refused("in icmp 1.1.1.1 -> 2.2.2.2", direction="out")


@given(st.text(max_size=60) | st.text("in tcp10.:[]-> \t", max_size=40))
def test_whatever_is_written_is_a_packet_or_one_line(text: str):
    try:
        assert isinstance(parse_packet(text), Packet)
    except InputError as error:
        one_line(str(error))


def test_a_text_of_many_lines_has_comments_and_names_the_line_that_is_wrong():
    text = "# ours\nin icmp 10.0.0.5 -> 10.0.0.9 # ping\n\nout icmp 10.0.0.9 -> 10.0.0.5\n"
    assert [packet.direction for packet in read_packets(text, "f")] == ["in", "out"]
    with pytest.raises(InputError, match=r"^packets.txt, line 5: "):
        list(read_packets(f"{text}nonsense\n", "packets.txt"))


def test_icmp_stands_where_ports_do():
    values = field_values(parse_packet("in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4"))
    assert values["FWPM_CONDITION_IP_LOCAL_PORT"] == values["FWPM_CONDITION_ORIGINAL_ICMP_TYPE"] == 3
    assert values["FWPM_CONDITION_IP_REMOTE_PORT"] == 4
    without = field_values(parse_packet("in gre 10.0.0.5 -> 10.0.0.9"))
    assert "FWPM_CONDITION_IP_LOCAL_PORT" not in without


PROFILE, INTERFACE = "FWPM_CONDITION_CURRENT_PROFILE_ID", "FWPM_CONDITION_INTERFACE_TYPE"
PROGRAM = "FWPM_CONDITION_ALE_APP_ID"
WHO = ("FWPM_CONDITION_ALE_REMOTE_MACHINE_ID", "FWPM_CONDITION_ALE_REMOTE_USER_ID")
PLAIN = "in tcp 10.0.0.5:1 -> 10.0.0.9:2"


def test_what_a_packet_does_not_say_is_open_on_a_machine_and_taken_for_granted_under_a_design():
    bare, taken = field_values(parse_packet(PLAIN)), taken_values(parse_packet(PLAIN))
    assert not {PROFILE, INTERFACE, PROGRAM, *WHO} & set(bare)
    assert taken[PROGRAM] == 0
    program = parse_packet(rf"{PLAIN} app C:\x.exe")
    assert field_values(program)[PROGRAM] == taken_values(program)[PROGRAM] == program_number("c:\\X.exe")
    assert (taken[PROFILE], taken[INTERFACE], *(taken[field] for field in WHO)) == (3, 6, 0, 0)
    said = parse_packet(f"{PLAIN} profile public interface wireless unauthorized")
    assert (field_values(said)[PROFILE], field_values(said)[INTERFACE]) == (1, 71)
    assert (taken_values(said)[PROFILE], taken_values(said)[INTERFACE], *(taken_values(said)[f] for f in WHO)) == (
        1,
        71,
        1,
        1,
    )


def test_what_names_no_program_is_refused_with_what_would():
    for words, said in (
        ("app", "the program '' is no full path"),
        ("app x.exe", "the program 'x.exe' is no full path of a program: write a full path"),
        (r"app C:\Program Files\X\x.exe", r'in quotes: app "C:\Program Files\X\x.exe"'),
        (r'app "C:\x.exe', "has a quote that is not closed"),
        (r"app C:\x.exe app C:\x.exe", "two programs"),
    ):
        assert said in refused(f"{PLAIN} {words}")


def test_in_quotes_a_hash_is_no_comment():
    text = f'{PLAIN} app "C:\\C#\\x.exe" # a comment\n{PLAIN} # app "C:\\y.exe'
    assert [each.program for each in read_packets(text, "file")] == [r"C:\C#\x.exe", ""]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("profile", "network profile"),
        ("profile home", "home is no network profile"),
        ("interface tunnel", "tunnel is no type of interface"),
        ("profile domain profile public", "two network profiles"),
        ("authorized", "authorized after the addresses means nothing"),
    ],
)
def test_a_network_that_is_none_is_refused_with_those_there_are(words: str, said: str):
    message = refused(f"{PLAIN} {words}")
    assert said in message.replace("'", "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3", "icmp-error"),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 8", "usual"),
        ("in icmp fe80::5 -> fe80::9 type 1", "icmp-error"),
        ("in icmp fe80::5 -> fe80::9 type 135", "usual"),
        ("in 58 10.0.0.5 -> 10.0.0.9 type 1", "usual"),  # of the other family: no ICMP of this one
        ("in esp 10.0.0.5 -> 10.0.0.9", "ipsec"),
        ("in ah 10.0.0.5 -> 10.0.0.9", "ipsec"),
        ("in gre 10.0.0.5 -> 10.0.0.9", "usual"),
    ],
)
def test_errors_of_icmp_and_the_packets_of_ipsec_are_kinds_of_their_own(text: str, kind: str):
    assert parse_packet(text).kind == kind


def test_the_words_for_networks_are_those_of_the_vocabulary():
    assert tuple(PROFILES) == PROFILE_WORDS
    assert tuple(INTERFACES) == INTERFACE_WORDS
    for word in (*PROFILE_WORDS, *INTERFACE_WORDS):
        assert f" {word}" in GRAMMAR
