"""A packet and its connection on a machine: every layer of the flow, callouts, sleeping filters, what is not said."""

from dataclasses import replace

import pytest

from ndtui.analysis.dump import Dump, DumpCallout, DumpCondition, DumpFilter, DumpSublayer, filters_in_order
from ndtui.analysis.trace.dump_tracer import Assumptions, MachineTrace, trace_machine
from ndtui.analysis.trace.filter_effect import Callouts
from ndtui.analysis.trace.machine_questions import machine_questions
from ndtui.analysis.trace.machine_wording import (
    after_words,
    kind_words,
    outcome_words,
    status,
    unregistered_callouts,
)
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.objects import Condition, Value
from tests.analysis.trace.test_dump_tracer import condition, dump_of, machine_filter

PERMIT, BLOCK = "FWP_ACTION_PERMIT", "FWP_ACTION_BLOCK"
IN, OUT = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"
CONNECT = "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
TERMINATING, UNKNOWN = "FWP_ACTION_CALLOUT_TERMINATING", "FWP_ACTION_CALLOUT_UNKNOWN"


def layer(name: str) -> str:
    return f"FWPM_LAYER_{name}_V4"


def traced(*filters: DumpFilter, packet: str = OUT, callouts: tuple[DumpCallout, ...] = ()) -> MachineTrace:
    dump = replace(dump_of([*filters]), callouts={each.key: each for each in callouts})
    return trace_machine(dump, parse_packet(packet))


def sentences(found: MachineTrace) -> list[str]:
    return [outcome_words(found, each) for each in found.outcomes]


@pytest.mark.parametrize(
    ("name", "packet", "wanted"),
    [
        ("DATAGRAM_DATA", "out udp 10.0.0.9:51000 -> 10.0.0.53:53", "it is dropped"),
        ("DATAGRAM_DATA", "in udp 10.0.0.53:53 -> 10.0.0.9:51000 later", "it is dropped"),
        ("STREAM", f"{IN} later", "it is dropped"),
        ("ALE_FLOW_ESTABLISHED", IN, "the connection is dropped as soon as it is established"),
        ("ALE_FLOW_ESTABLISHED", "in udp 10.0.0.5:51000 -> 10.0.0.9:53", "as soon as it is established"),
        ("ALE_RESOURCE_ASSIGNMENT", IN, "cannot bind its socket, so there is no connection (event 5159)"),
        ("ALE_BIND_REDIRECT", OUT, "cannot bind its socket"),
        ("ALE_AUTH_LISTEN", IN, "cannot listen, so there is no connection (event 5155)"),
        ("ALE_CONNECT_REDIRECT", OUT, "the program cannot connect"),
        ("INBOUND_ICMP_ERROR", "in icmp 203.0.113.1 -> 10.0.0.9 type 11 code 0", "it is dropped"),
        ("OUTBOUND_ICMP_ERROR", "out icmp 10.0.0.9 -> 203.0.113.1 type 3 code 3", "it is dropped"),
        ("IPFORWARD", f"{IN} forwarded", "it is dropped"),
    ],
)
def test_a_block_at_any_layer_on_the_way_blocks(name: str, packet: str, wanted: str):
    found = traced(machine_filter(7, layer(name), BLOCK), packet=packet)
    (sentence,) = sentences(found)
    assert sentence.startswith(f'blocked at {name}_V4 by "filter 7" (filter 7): ')
    assert wanted in sentence


@pytest.mark.parametrize(
    ("name", "packet"),
    [
        ("INBOUND_TRANSPORT_V4_DISCARD", IN),
        ("IPFORWARD_V4", IN),
        ("ALE_AUTH_RECV_ACCEPT_V4", "in icmp 203.0.113.1 -> 10.0.0.9 type 11"),
        ("ALE_AUTH_RECV_ACCEPT_V4", f"{IN} later"),
        ("ALE_AUTH_RECV_ACCEPT_V4", f"{IN} forwarded"),
        ("INBOUND_ICMP_ERROR_V4", "in icmp 203.0.113.1 -> 10.0.0.9"),
        ("ALE_AUTH_LISTEN_V4", OUT),
        ("STREAM_V6", f"{IN} later"),
    ],
)
def test_a_block_at_a_layer_that_is_not_met_does_not(name: str, packet: str):
    found = traced(machine_filter(1, f"FWPM_LAYER_{name}", BLOCK), packet=packet)
    assert [each.peer_with_ipsec.first for each in found.outcomes] == ["untouched"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("STREAM", "data of the connection, either way: blocked at STREAM_V4"),
        ("OUTBOUND_TRANSPORT", "the answer of the handshake: blocked at OUTBOUND_TRANSPORT_V4"),
    ],
)
def test_what_is_blocked_after_the_packet_is_said_beside_it(name: str, words: str):
    found = traced(machine_filter(7, layer(name), BLOCK), packet=IN)
    assert [each.peer_with_ipsec.first for each in found.outcomes] == ["untouched"]
    assert list(after_words(found)) == [f'{words} by "filter 7" (filter 7)']
    assert sentences(found) == ["the packet itself passes, for no filter matches on its way; what follows it is below"]
    blocked = traced(
        machine_filter(7, layer(name), BLOCK), machine_filter(8, layer("ALE_AUTH_LISTEN"), BLOCK), packet=IN
    )
    assert list(after_words(blocked)) == []


def test_how_each_layer_stands():
    filters = [
        machine_filter(1, layer("ALE_AUTH_LISTEN"), PERMIT),
        machine_filter(2, layer("INBOUND_TRANSPORT"), BLOCK, condition("INTERFACE_TYPE", 6)),
        machine_filter(3, layer("ALE_AUTH_RECV_ACCEPT"), BLOCK, condition("IP_LOCAL_PORT", 80)),
    ]
    dump = replace(dump_of(filters), layers=(*(each.layer for each in filters), layer("STREAM")))
    found = trace_machine(dump, parse_packet(IN))
    standing = {step.layer.removeprefix("FWPM_LAYER_").removesuffix("_V4"): status(step) for step in found.steps}
    assert standing["ALE_AUTH_LISTEN"] == "decided"
    assert standing["INBOUND_TRANSPORT"] == "open"
    assert standing["ALE_AUTH_RECV_ACCEPT"] == "no filter matches"
    assert standing["STREAM"] == "no filter here"
    assert standing["ALE_BIND_REDIRECT"] == "not in this file"


@pytest.mark.parametrize(
    ("action", "flag", "wanted"),
    [
        (TERMINATING, "", "blocked"),
        (UNKNOWN, "", "blocked"),
        (TERMINATING, "FWPM_FILTER_FLAG_PERMIT_IF_CALLOUT_UNREGISTERED", "exempt"),
        (UNKNOWN, "FWPM_FILTER_FLAG_PERMIT_IF_CALLOUT_UNREGISTERED", "exempt"),
        ("FWP_ACTION_CALLOUT_INSPECTION", "", "untouched"),
    ],
)
def test_a_callout_that_no_driver_has_registered(action: str, flag: str, wanted: str):
    calls = machine_filter(1, CONNECT, action, callout="{x}", flags=(flag,) if flag else ())
    gone = DumpCallout("{x}", "gone", CONNECT, registered=False)
    found = traced(calls, callouts=(gone,))
    assert [each.peer_with_ipsec.first for each in found.outcomes] == [wanted]
    assert [each for _, each in unregistered_callouts(found)] == ([calls] if wanted != "untouched" else [])
    there = traced(calls, callouts=(replace(gone, registered=True),))
    assert unregistered_callouts(there) == ()
    assert len(there.outcomes) > 1 or wanted == "untouched"


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (TERMINATING, {"open": {"exempt", "blocked"}, "pass": {"exempt"}, "block": {"blocked"}}),
        (UNKNOWN, {"open": {"exempt", "blocked", "untouched"}, "pass": {"untouched"}, "block": {"blocked"}}),
    ],
)
def test_a_callout_that_nobody_knows_is_open_unless_it_is_said_what_it_does(action: str, wanted: dict[str, set[str]]):
    dump = dump_of([machine_filter(1, CONNECT, action, callout="{x}")])
    ways: tuple[Callouts, ...] = ("open", "pass", "block")
    found = {each: trace_machine(dump, parse_packet(OUT), Assumptions(each)) for each in ways}
    assert {way: {each.peer_with_ipsec.first for each in found[way].outcomes} for way in ways} == wanted
    assert {each.peer_with_ipsec.first for each in found["open"].passing} == wanted["pass"]


@pytest.mark.parametrize("name", ["SET_OPTIONS_AUTH_CONNECT_LAYER_V4", "TCP_TEMPLATES_CONNECT_LAYER_V4"])
def test_a_callout_of_windows_that_only_sets_something_judges_nothing(name: str):
    calls = machine_filter(1, CONNECT, TERMINATING, callout=f"FWPM_CALLOUT_{name}")
    assert [each.peer_with_ipsec.first for each in traced(calls).outcomes] == ["exempt"]


def with_text(each: DumpFilter, *conditions: tuple[str, str, str]) -> DumpFilter:
    asked = tuple(
        DumpCondition(f"FWPM_CONDITION_{field}", f"FWP_MATCH_{match}", text) for field, match, text in conditions
    )
    return replace(each, conditions=(*each.conditions, *asked), values=(*each.values, *(None for _ in asked)))


def app_isolation() -> Dump:
    """Return what a machine has for app packages: capabilities permit, the rest is blocked, desktop programs pass."""
    no_package = ("ALE_PACKAGE_ID", "NOT_EQUAL", "S-1-0-0")
    client = ("ALE_USER_ID", "EQUAL", "O:LSD:(A;;CC;;;S-1-15-3-1)(A;;CC;;;WD)(A;;CC;;;AN)")
    away = Condition("FWPM_CONDITION_IP_REMOTE_ADDRESS", "FWP_MATCH_RANGE", Value("FWP_UINT32", 0x0B000000, 0xFFFFFFFF))
    profile = condition("CURRENT_PROFILE_ID", 2)
    permit = machine_filter(1, CONNECT, PERMIT, away, profile, sublayer="{isolation}", weight=9)
    filters = [
        with_text(permit, no_package, client),
        with_text(machine_filter(2, CONNECT, BLOCK, sublayer="{isolation}", weight=5), no_package),
        machine_filter(3, CONNECT, PERMIT, sublayer="{firewall}"),
    ]
    return dump_of(filters, (DumpSublayer("{isolation}", "", "", 7, ()), DumpSublayer("{firewall}", "", "", 2, ())))


AWAY, NEAR = "out tcp 10.0.0.9:51000 -> 198.51.100.7:443", "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"
APP = "package S-1-15-2-1-2-3"


@pytest.mark.parametrize(
    ("packet", "wanted"),
    [
        (f"{AWAY} package none", "exempt"),
        (f"{AWAY} {APP} capability internetClient profile private", "exempt"),
        (f"{AWAY} {APP} capability none profile private", "blocked"),
        (f"{AWAY} {APP} capability internetClientServer profile private", "blocked"),
        (f"{AWAY} {APP} capability internetClient profile public", "blocked"),
        (f"{NEAR} {APP} capability internetClient profile private", "blocked"),
    ],
)
def test_programs_of_packages(packet: str, wanted: str):
    found = trace_machine(app_isolation(), parse_packet(packet))
    assert [each.peer_with_ipsec.first for each in found.outcomes] == [wanted]


@pytest.mark.parametrize(
    ("packet", "settling", "others"),
    [
        (f"{AWAY} profile private", {"package"}, set()),
        (f"{AWAY} {APP} profile private", {"capability"}, set()),
        (f"{AWAY} {APP} capability internetClient", {"profile"}, set()),
        (AWAY, set(), {"package", "profile"}),
        (f"{AWAY} package none", set(), set()),
    ],
)
def test_which_single_answer_would_decide(packet: str, settling: set[str], others: set[str]):
    dump = app_isolation()
    questions = machine_questions(dump, trace_machine(dump, parse_packet(packet)))
    assert {each.word for each in questions if each.settles} == settling
    assert {each.word for each in questions if not each.settles} == others


def test_where_filters_ask_whether_ipsec_protects_it_the_peer_makes_the_difference():
    only = machine_filter(
        1, layer("ALE_AUTH_RECV_ACCEPT"), PERMIT, condition("FLAGS", 2, "FWP_MATCH_FLAGS_ALL_SET"), weight=9
    )
    dump = dump_of([only, machine_filter(2, layer("ALE_AUTH_RECV_ACCEPT"), BLOCK)])
    (outcome,) = trace_machine(dump, parse_packet(IN)).outcomes
    assert outcome.peer_with_ipsec == ("blocked", "protected")
    assert outcome.peer_without_ipsec == ("blocked", "blocked")
    (secured,) = trace_machine(dump, parse_packet(f"{IN} secured")).outcomes
    assert secured.peer_without_ipsec.settled == "exempt"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", {"blocked", "untouched"}),
        (" bind address", {"blocked"}),
        (" bind any", {"untouched"}),
    ],
)
def test_a_socket_may_be_bound_to_any_address(words: str, wanted: set[str]):
    block = machine_filter(1, layer("ALE_AUTH_LISTEN"), BLOCK, condition("IP_LOCAL_ADDRESS", 0x0A000009))
    found = traced(block, packet=IN + words)
    assert {each.peer_with_ipsec.first for each in found.outcomes} == wanted
    other = machine_filter(1, layer("ALE_AUTH_LISTEN"), BLOCK, condition("IP_LOCAL_ADDRESS", 0x0A000008))
    assert [each.peer_with_ipsec.first for each in traced(other, packet=IN + words).outcomes] == ["untouched"]


@pytest.mark.parametrize(
    ("field", "number", "words", "wanted"),
    [
        ("ARRIVAL_TUNNEL_TYPE", 0, " interface lan", {"blocked"}),
        ("ARRIVAL_TUNNEL_TYPE", 14, " interface 131", {"blocked", "untouched"}),
        ("ARRIVAL_TUNNEL_TYPE", 14, " interface 131 tunnel teredo", {"blocked"}),
        ("NEXTHOP_INTERFACE_TYPE", 6, f" luid {6 << 48}", {"blocked"}),
        ("IP_ARRIVAL_INTERFACE", 24 << 48, " interface lan", {"untouched"}),
        ("IP_ARRIVAL_INTERFACE", 6 << 48, " interface lan", {"blocked", "untouched"}),
        ("INTERFACE_QUARANTINE_EPOCH", 3, " epoch 3", {"blocked"}),
        ("COMPARTMENT_ID", 1, " compartment 2", {"untouched"}),
        ("ALE_SIO_FIREWALL_SYSTEM_PORT", 1, " socket rpc", {"blocked"}),
        ("ORIGINAL_PROFILE_ID", 2, " profile private", {"blocked"}),
    ],
)
def test_what_is_said_of_the_interface_and_the_socket(field: str, number: int, words: str, wanted: set[str]):
    found = traced(machine_filter(1, CONNECT, BLOCK, condition(field, number)), packet=OUT + words)
    assert {each.peer_with_ipsec.first for each in found.outcomes} == wanted


@pytest.mark.parametrize(
    ("name", "bit", "packet", "wanted"),
    [
        ("INBOUND_IPPACKET", 0x20, IN, {"blocked", "untouched"}),
        ("INBOUND_IPPACKET", 0x20, f"{IN} fragment", {"blocked"}),
        ("INBOUND_IPPACKET", 0x20, f"{IN} whole", {"untouched"}),
        ("INBOUND_IPPACKET", 0x400, f"{IN} fragment", {"blocked", "untouched"}),
        ("INBOUND_IPPACKET", 0x400, f"{IN} whole", {"untouched"}),
        ("INBOUND_TRANSPORT", 0x20, f"{IN} fragment", {"untouched"}),
        ("INBOUND_TRANSPORT", 0x20, IN, {"untouched"}),
        ("OUTBOUND_IPPACKET", 0x20, OUT, {"untouched"}),
        ("IPFORWARD", 0x40, f"{IN} forwarded", {"blocked", "untouched"}),
        ("IPFORWARD", 0x40, f"{IN} forwarded fragment", {"blocked", "untouched"}),
        ("IPFORWARD", 0x40, f"{IN} forwarded whole", {"untouched"}),
        ("INBOUND_IPPACKET", 0x40, IN, {"untouched"}),
    ],
)
def test_fragments(name: str, bit: int, packet: str, wanted: set[str]):
    asks = Condition("FWPM_CONDITION_FLAGS", "FWP_MATCH_FLAGS_ALL_SET", Value("FWP_UINT32", bit, bit))
    found = traced(machine_filter(1, layer(name), BLOCK, asks), packet=packet)
    assert {each.peer_with_ipsec.first for each in found.outcomes} == wanted
    questions = machine_questions(dump_of([machine_filter(1, layer(name), BLOCK, asks)]), found)
    assert [each.word for each in questions] == (["fragment"] if len(wanted) == 2 else [])


def test_ends_of_what_is_forwarded():
    to = condition("IP_DESTINATION_ADDRESS", 0x0A000009)
    found = traced(machine_filter(1, layer("IPFORWARD"), BLOCK, to), packet=f"{IN} forwarded")
    assert [each.peer_with_ipsec.first for each in found.outcomes] == ["blocked"]
    source = condition("IP_SOURCE_ADDRESS", 0x0A000009)
    found = traced(machine_filter(1, layer("IPFORWARD"), BLOCK, source), packet=f"{IN} forwarded")
    assert [each.peer_with_ipsec.first for each in found.outcomes] == ["untouched"]


def test_sublayers_of_show_filters_stand_in_the_order_of_the_file():
    permit = machine_filter(1, CONNECT, PERMIT, sublayer="{first}", flags=("FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT",))
    block = machine_filter(2, CONNECT, BLOCK, sublayer="FWPM_SUBLAYER_MPSSVC_WF")
    filters = replace(dump_of([permit, block]), kind="filters")
    assert [each.sublayer for each in filters_in_order(filters, CONNECT)] == ["{first}", "FWPM_SUBLAYER_MPSSVC_WF"]
    assert [each.peer_with_ipsec.first for each in trace_machine(filters, parse_packet(OUT)).outcomes] == ["exempt"]
    state = replace(filters, kind="state")
    assert [each.sublayer for each in filters_in_order(state, CONNECT)] == ["FWPM_SUBLAYER_MPSSVC_WF", "{first}"]
    low = machine_filter(3, CONNECT, BLOCK, sublayer="FWPM_SUBLAYER_UNIVERSAL")
    against = replace(dump_of([block, permit, low]), kind="filters")
    assert next(iter(filters_in_order(against, CONNECT))).sublayer == "FWPM_SUBLAYER_UNIVERSAL"


@pytest.mark.parametrize(
    ("packet", "wanted"),
    [
        ("in esp 10.0.0.5 -> 10.0.0.9", "ESP and AH are IPsec itself"),
        ("out ah 10.0.0.9 -> 10.0.0.5", "ESP and AH are IPsec itself"),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3", "An ICMP error meets the ICMP_ERROR layers"),
        ("out udp 10.0.0.9:5353 -> 224.0.0.251:5353", "For four seconds"),
        (f"{IN} fragment", "A fragment meets INBOUND_IPPACKET as it arrives"),
        (f"{IN} whole", ""),
        (f"{IN} forwarded fragment", ""),
        (IN, ""),
    ],
)
def test_what_is_to_be_known_of_some_packets(packet: str, wanted: str):
    assert [words.startswith(wanted) for words in kind_words(parse_packet(packet))] == ([True] if wanted else [])


def test_a_block_for_transport_does_not_meet_esp_and_one_for_ip_packets_does():
    esp = "in esp 10.0.0.5 -> 10.0.0.9"
    above = traced(machine_filter(1, layer("INBOUND_TRANSPORT"), BLOCK), packet=esp)
    assert [each.peer_with_ipsec.first for each in above.outcomes] == ["untouched"]
    below = traced(machine_filter(1, layer("INBOUND_IPPACKET"), BLOCK), packet=esp)
    assert [each.peer_with_ipsec.first for each in below.outcomes] == ["blocked"]
