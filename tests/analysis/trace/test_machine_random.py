"""The trace of a machine against an interpreter that knows nothing of it, on random filters and packets."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
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
    "CURRENT_PROFILE_ID": (0, 1, 2),
    "ORIGINAL_PROFILE_ID": (0, 1),
    "INTERFACE_TYPE": (6, 71),
    "TUNNEL_TYPE": (0, 14),
    "IP_LOCAL_INTERFACE": (6 << 48, 7 << 48),
    "INTERFACE_QUARANTINE_EPOCH": (1, 2),
    "COMPARTMENT_ID": (1, 2),
    "ALE_SIO_FIREWALL_SYSTEM_PORT": (0, 1, 5),
    "FLAGS": (1, 2, 3, 4),
}
MATCHES = ("EQUAL", "RANGE", "NOT_EQUAL")
BITS = ("FLAGS_ALL_SET", "FLAGS_NONE_SET", "FLAGS_ANY_SET")


@st.composite
def conditions(draw: st.DrawFn) -> list[tuple[str, str, int, int]]:
    found = []
    for field in draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3)):
        low = draw(st.sampled_from(FIELDS[field]))
        match = draw(st.sampled_from(BITS if field == "FLAGS" else MATCHES))
        found.append((field, match, low, draw(st.sampled_from(FIELDS[field])) if match == "RANGE" else low))
    return [(field, match, min(low, high), max(low, high)) for field, match, low, high in found]


@st.composite
def plain_filters(draw: st.DrawFn) -> list[dict[str, Any]]:
    layers = sorted({layer for names in LAYERS.values() for layer in names.split()})
    return [
        {
            "layer": draw(st.sampled_from(layers)),
            "sublayer": draw(st.sampled_from(sorted(WEIGHTS))),
            "weight": weight,  # no two are equal: which of those decides is undefined
            "action": draw(st.sampled_from(["permit", "permit", "block", "unknown", "terminating", "inspection"])),
            "hard": draw(st.booleans()),
            "asleep": draw(st.sampled_from(["", "", "", "DISABLED", "BOOTTIME"])),
            "permits_unregistered": draw(st.booleans()),
            "conditions": draw(conditions()),
        }
        for weight in draw(st.permutations(range(draw(st.integers(0, 12)))))
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


@given(plain_filters(), st.data())
@settings(max_examples=300)
def test_both_say_the_same(filters: list[dict[str, Any]], data: st.DataObject):
    way, protocol = data.draw(st.sampled_from(["in", "out"])), data.draw(st.sampled_from(["tcp", "udp"]))
    local, remote = (data.draw(st.sampled_from(FIELDS[f"IP_{side}_PORT"])) for side in ("LOCAL", "REMOTE"))
    address = data.draw(st.sampled_from(["10.0.0.5", "10.0.0.6"]))
    profile, number = data.draw(st.sampled_from([("public", 0), ("private", 1), ("domain", 2)]))
    interface, kind = data.draw(st.sampled_from([("lan", 6), ("wireless", 71)]))
    luid, epoch, compartment = (data.draw(st.sampled_from(FIELDS[name])) for name in _NUMBERS)
    socket, flag = data.draw(st.sampled_from([("plain", 0), ("rpc", 1), ("rpc,deny-edge", 5)]))
    loopback, secured = data.draw(st.booleans()), data.draw(st.booleans())
    ends = (f"10.0.0.9:{local}", f"{address}:{remote}")
    text = " -> ".join(ends if way == "out" else ends[::-1])
    words = f"profile {profile} interface {interface} luid {luid} epoch {epoch} compartment {compartment}"
    more = f"socket {socket} {'secured' if secured else 'clear'}{' loopback' if loopback else ''}"
    packet = parse_packet(f"{way} {protocol} {text} {words} {more}")
    fields = {
        "IP_PROTOCOL": {"tcp": 6, "udp": 17}[protocol],
        "IP_REMOTE_PORT": remote,
        "IP_LOCAL_PORT": local,
        "IP_REMOTE_ADDRESS": {"10.0.0.5": 0x0A000005, "10.0.0.6": 0x0A000006}[address],
        "CURRENT_PROFILE_ID": number,
        "ORIGINAL_PROFILE_ID": number,
        "INTERFACE_TYPE": kind,
        "TUNNEL_TYPE": 0,
        "IP_LOCAL_INTERFACE": luid,
        "INTERFACE_QUARANTINE_EPOCH": epoch,
        "COMPARTMENT_ID": compartment,
        "ALE_SIO_FIREWALL_SYSTEM_PORT": flag,
        "FLAGS": loopback + 2 * secured,
    }
    if loopback:  # whether a socket that takes loopback is bound to it alone nobody said
        filters = [each for each in filters if each["layer"] not in _OF_A_SOCKET or not _asks_flags(each)]
    machine = [as_machine_has_it(place, each) for place, each in enumerate(filters)]
    sublayers = tuple(DumpSublayer(key, key, "", weight, ()) for key, weight in WEIGHTS.items())
    callouts = {"{callout}": DumpCallout("{callout}", "x", "", registered=False)}
    found = trace_machine(replace(dump_of(machine, sublayers), callouts=callouts), packet)
    blocked = {each.peer_without_ipsec.settled == "blocked" for each in found.outcomes}
    assert blocked == {not passes(filters, WEIGHTS, fields, (protocol, way))}
    assert len(found.outcomes) == 1


_NUMBERS = ("IP_LOCAL_INTERFACE", "INTERFACE_QUARANTINE_EPOCH", "COMPARTMENT_ID")
_OF_A_SOCKET = ("ALE_BIND_REDIRECT", "ALE_RESOURCE_ASSIGNMENT", "ALE_AUTH_LISTEN")


def _asks_flags(each: dict[str, Any]) -> bool:
    return any(field == "FLAGS" for field, *_ in each["conditions"])
