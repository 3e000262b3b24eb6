"""The trace of a machine against an interpreter that knows nothing of it, on random filters and packets."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.dump import DumpCallout, DumpFilter, DumpSublayer
from ndtui.analysis.trace.dump_tracer import trace_machine
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.objects import Condition, Value
from tests.analysis.trace.machine_interpreter import LAYERS, passes
from tests.analysis.trace.test_dump_tracer import dump_of, machine_filter

WEIGHTS = {"{a}": 300, "{b}": 200, "{c}": 100}
FLAG = "FWPM_FILTER_FLAG_"
#: Fields with the numbers that packets and filters have there, so that they meet often; FLAGS are those that are known.
FIELDS = {
    "IP_PROTOCOL": (6, 17),
    "IP_REMOTE_PORT": (53, 443, 51000),
    "IP_LOCAL_PORT": (53, 443, 51000),
    "IP_REMOTE_ADDRESS": (0x0A000005, 0x0A000006),
    "CURRENT_PROFILE_ID": (0, 1, 2, 3),
    "ORIGINAL_PROFILE_ID": (1, 2),
    "INTERFACE_TYPE": (6, 71),
    "TUNNEL_TYPE": (0, 14),
    "IP_LOCAL_INTERFACE": (6 << 48, 7 << 48),
    "INTERFACE_QUARANTINE_EPOCH": (1, 2),
    "COMPARTMENT_ID": (1, 2),
    "ALE_SIO_FIREWALL_SYSTEM_PORT": (0, 1, 5),
    "FLAGS": (1, 2, 3, 4, 0x20, 0x20, 0x21),
}
_OFTEN = ["FLAGS"] * 4 + ["IP_REMOTE_ADDRESS"] * 3 + ["IP_LOCAL_PORT"]
MATCHES = ("EQUAL", "RANGE", "NOT_EQUAL")
BITS = ("FLAGS_ALL_SET", "FLAGS_NONE_SET", "FLAGS_ANY_SET")


@st.composite
def conditions(draw: st.DrawFn) -> list[tuple[str, str, int, int]]:
    found = []
    for field in draw(st.lists(st.sampled_from([*sorted(FIELDS), *_OFTEN]), min_size=1, max_size=2)):
        low = draw(st.sampled_from(FIELDS[field]))
        match = draw(st.sampled_from(BITS if field == "FLAGS" else MATCHES))
        found.append((field, match, low, draw(st.sampled_from(FIELDS[field])) if match == "RANGE" else low))
    return [(field, match, min(low, high), max(low, high)) for field, match, low, high in found]


@st.composite
def plain_filters(draw: st.DrawFn, layers: list[str]) -> list[dict[str, Any]]:
    every = sorted({layer for names in LAYERS.values() for layer in names.split()})
    return [
        {
            "layer": draw(st.sampled_from([*layers, *layers, *every])),
            "sublayer": draw(st.sampled_from(sorted(WEIGHTS))),
            "weight": weight,  # no two are equal: which of those decides is undefined
            "action": draw(st.sampled_from(["permit"] * 4 + ["block"] * 2 + ["unknown", "terminating", "inspection"])),
            "hard": draw(st.booleans()),
            "asleep": draw(st.sampled_from(["", "", "", "DISABLED", "BOOTTIME"])),
            "permits_unregistered": draw(st.booleans()),
            "conditions": draw(st.one_of(st.just([]), conditions())),
        }
        for weight in draw(st.permutations(range(draw(st.integers(0, 8)))))
    ]


def as_machine_has_it(number: int, each: dict[str, Any]) -> DumpFilter:
    callout = {"unknown": "CALLOUT_UNKNOWN", "terminating": "CALLOUT_TERMINATING", "inspection": "CALLOUT_INSPECTION"}
    action = callout.get(each["action"], each["action"].upper())
    flags = [each["asleep"]] if each["asleep"] else []
    flags += ["CLEAR_ACTION_RIGHT"] if each["hard"] else []
    flags += ["PERMIT_IF_CALLOUT_UNREGISTERED"] if each["permits_unregistered"] else []
    asked = [
        Condition(f"FWPM_CONDITION_{field}", f"FWP_MATCH_{match}", Value("FWP_UINT64", low, high))
        for field, match, low, high in each["conditions"]
    ]
    return machine_filter(
        number,
        f"FWPM_LAYER_{each['layer']}_V4",
        f"FWP_ACTION_{action}",
        *asked,
        callout="{callout}" if "CALLOUT" in action else "",
        sublayer=each["sublayer"],
        weight=each["weight"],
        flags=tuple(f"{FLAG}{name}" for name in flags),
    )


#: How a packet of each kind is written, and the number of its protocol.
KINDS = {
    "tcp": ("tcp", "", 6),
    "udp": ("udp", "", 17),
    "later tcp": ("tcp", " later", 6),
    "later udp": ("udp", " later", 17),
    "icmp error": ("icmp", " type 3 code 4", 1),
    "esp": ("esp", "", 50),
    "ah": ("ah", "", 51),
    "forwarded": ("tcp", " forwarded", 6),
}


@pytest.mark.parametrize(("kind", "way"), sorted(LAYERS))
@given(data=st.data())
def test_both_say_the_same(kind: str, way: str, data: st.DataObject):
    agree(kind, way, data.draw(plain_filters(LAYERS[kind, way].split())), data)


@pytest.mark.parametrize(("kind", "way"), sorted(LAYERS))
@given(data=st.data())
def test_both_say_the_same_of_each_filter_alone(kind: str, way: str, data: st.DataObject):
    for each in data.draw(plain_filters(LAYERS[kind, way].split())):
        agree(kind, way, [{**each, "action": "block", "asleep": "", "conditions": data.draw(conditions())}], data)


def agree(kind: str, way: str, filters: list[dict[str, Any]], data: st.DataObject) -> None:
    """Draw a packet of a kind, and hold what the trace says of it against what the interpreter does."""
    name, word, protocol = KINDS[kind]
    local, remote = (data.draw(st.sampled_from(FIELDS[f"IP_{side}_PORT"])) for side in ("LOCAL", "REMOTE"))
    address = data.draw(st.sampled_from(["10.0.0.5", "10.0.0.6"]))
    profile, number = data.draw(st.sampled_from([("public", 1), ("private", 2), ("domain", 3)]))
    interface, type_ = data.draw(st.sampled_from([("lan", 6), ("wireless", 71)]))
    luid, epoch, compartment = (data.draw(st.sampled_from(FIELDS[name])) for name in _NUMBERS)
    socket, flag = data.draw(st.sampled_from([("plain", 0), ("rpc", 1), ("rpc,deny-edge", 5)]))
    loopback, secured = data.draw(st.booleans()), data.draw(st.booleans())
    ports = protocol in (6, 17)
    ends = (f"10.0.0.9:{local}", f"{address}:{remote}") if ports else ("10.0.0.9", address)
    text = " -> ".join(ends if way == "out" else ends[::-1])
    fragment = way == "in" and data.draw(st.booleans())
    words = f"profile {profile} interface {interface} luid {luid} epoch {epoch} compartment {compartment}"
    more = f"socket {socket} {'secured' if secured else 'clear'}{' loopback' if loopback else ''}"
    packet = parse_packet(f"{way} {name} {text}{word} {words} {more} {'fragment' if fragment else 'whole'}")
    fields = {
        "IP_PROTOCOL": protocol,
        "IP_REMOTE_PORT": remote if ports else 4,  # where ports are, ICMP has its type and code
        "IP_LOCAL_PORT": local if ports else 3,
        "IP_REMOTE_ADDRESS": {"10.0.0.5": 0x0A000005, "10.0.0.6": 0x0A000006}[address],
        "CURRENT_PROFILE_ID": number,
        "ORIGINAL_PROFILE_ID": number,
        "INTERFACE_TYPE": type_,
        "TUNNEL_TYPE": 0,
        "IP_LOCAL_INTERFACE": luid,
        "INTERFACE_QUARANTINE_EPOCH": epoch,
        "COMPARTMENT_ID": compartment,
        "ALE_SIO_FIREWALL_SYSTEM_PORT": flag,
        "FLAGS": loopback + 2 * secured,
    }
    if loopback:  # whether a socket that takes loopback is bound to it alone nobody said
        filters = [each for each in filters if each["layer"] not in _OF_A_SOCKET or not _asks(each, "FLAGS")]
    if kind in ("esp", "ah"):  # they have no ports, which no filter of the layers that they meet asks for
        filters = [each for each in filters if not _asks(each, "IP_LOCAL_PORT", "IP_REMOTE_PORT")]
    if kind == "forwarded":  # by which interface it leaves nobody said
        filters = [each for each in filters if each["layer"] == "INBOUND_IPPACKET" or not _asks(each, *_LEAVING)]
    machine = [as_machine_has_it(place, each) for place, each in enumerate(filters)]
    sublayers = tuple(DumpSublayer(key, key, "", weight, ()) for key, weight in WEIGHTS.items())
    callouts = {"{callout}": DumpCallout("{callout}", "x", "", registered=False)}
    found = trace_machine(replace(dump_of(machine, sublayers), callouts=callouts), packet)
    blocked = {each.peer_without_ipsec.settled == "blocked" for each in found.outcomes}
    here = {"INBOUND_IPPACKET": {"FLAGS": fields["FLAGS"] + 0x20 * fragment}}
    if kind == "forwarded":  # its ends change sides where it is sent on
        here["OUTBOUND_IPPACKET"] = {"IP_REMOTE_ADDRESS": 0x0A000009}
    assert blocked == {not passes(filters, WEIGHTS, fields, (kind, way), here)}
    assert len(found.outcomes) == 1


_NUMBERS = ("IP_LOCAL_INTERFACE", "INTERFACE_QUARANTINE_EPOCH", "COMPARTMENT_ID")
_OF_A_SOCKET = ("ALE_BIND_REDIRECT", "ALE_RESOURCE_ASSIGNMENT", "ALE_AUTH_LISTEN")


_LEAVING = ("INTERFACE_TYPE", "TUNNEL_TYPE", "IP_LOCAL_INTERFACE")


def _asks(each: dict[str, Any], *fields: str) -> bool:
    return any(field in fields for field, *_ in each["conditions"])
