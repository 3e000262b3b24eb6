"""Programs in traces: under a design, with what a packet does not say; on a machine, which has other names for them."""

import pytest

from ndtui.analysis.check.examine import check
from ndtui.analysis.trace import trace
from ndtui.analysis.trace.dump_tracer import trace_machine
from ndtui.analysis.trace.packet_way import way_of
from ndtui.analysis.trace.trace_json import trace_document
from ndtui.analysis.trace.trace_wording import because, notes, reason
from ndtui.analysis.traffic.examples import matching
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.wording.properties import explain_filter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.conditions import program_condition
from ndtui.model.compiled.objects import Condition, FilterSet
from ndtui.model.design.exemption import Exemption
from tests.analysis.trace.test_dump_tracer import dump_of, machine_filter
from tests.support import exempting

DOS = r"C:\Program Files\X\x.exe"
NT = r"\device\harddiskvolume3\program files\x\x.exe"
IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:7000"
OUT = "out tcp 10.0.0.9:51000 -> 10.0.0.5:7000"
ENCRYPTED = {"rules": [{"name": "base", "encryption": "guaranteed"}]}
STRICT = {"rules": [{"name": "base", "mode": "require", "encryption": "guaranteed"}]}


def policy(**fields: object) -> FilterSet:
    return compile_design(exempting({"name": "agent", "protocol": "tcp", "program": DOS}, **fields))


@pytest.mark.parametrize(
    ("fields", "packet", "verdict", "other"),
    [
        ({}, IN, "requested", "protected"),
        ({}, OUT, "requested", "requested"),
        ({"scenario": "boundary"}, IN, "requested", "requested"),
        ({"scenario": "require"}, IN, "protected", "protected"),
        ({"scenario": "require"}, OUT, "protected", "protected"),
        (ENCRYPTED, IN, "requested", "encrypted"),
        (ENCRYPTED, OUT, "requested", "encrypted"),
        (STRICT, IN, "protected", "encrypted"),
    ],
)
def test_what_becomes_of_its_traffic_and_of_other_traffic(
    fields: dict[str, object], packet: str, verdict: str, other: str
):
    filterset = policy(**fields)
    assert verdict_of(trace(filterset, parse_packet(f'{packet} app "{DOS.upper()}"')).outcomes) == verdict
    for program in ("", r" app C:\other.exe", f' app "{NT}"'):
        assert verdict_of(trace(filterset, parse_packet(packet + program)).outcomes) == other


@pytest.mark.parametrize(
    ("fields", "severity", "words"),
    [
        ({}, "note", "connections to it are let in in clear, and IPsec still negotiates"),
        ({"scenario": "boundary"}, "warning", "changes nothing: clear connections to it are let in anyway"),
        ({"scenario": "require"}, "warning", "still dropped at INBOUND_TRANSPORT, and what it sends still waits"),
        (ENCRYPTED, "note", "are let in in clear, and what it sends goes out in clear, and IPsec still negotiates"),
        (STRICT, "note", "still dropped at INBOUND_TRANSPORT, and what it sends still waits at OUTBOUND_TRANSPORT"),
    ],
)
def test_what_the_transport_layers_still_do_is_said_as_a_trace_has_it(
    fields: dict[str, object], severity: str, words: str
):
    """The verdicts of the test above, in words: in the finding, and where the filter is explained."""
    filterset = policy(**fields)
    (found,) = (each for each in check(filterset) if each.id == "program-at-transport")
    assert (found.severity, found.where.name) == (severity, "agent")
    assert words in found.message
    for each in filterset.filters:
        if each.slot.role == "exemption":
            lines = dict(explain_filter(each, filterset))
            assert lines["Stays"] in found.message
            assert "cannot tell programs apart" in lines["Why"]
            assert lines["Matches"].endswith(f"app {DOS}")
            assert lines["Condition"].endswith(f"FWP_BYTE_BLOB_TYPE {DOS}")


def test_a_layer_that_it_leaves_out_is_said():
    each = {"name": "agent", "program": DOS, "layers": ["FWPM_LAYER_ALE_AUTH_CONNECT"]}
    (found,) = (f for f in check(compile_design(exempting(each, **ENCRYPTED))) if f.id == "program-at-transport")
    assert "connections to it must still be protected, at ALE_AUTH_RECV_ACCEPT" in found.message
    assert "what it sends goes out in clear" in found.message


def test_rules_that_differ_are_named():
    rules = [
        {"name": "base", "scope": {"remote_addresses": ["10.0.0.0/8"]}},
        {"name": "strict", "mode": "require", "scope": {"remote_addresses": ["192.0.2.0/24"]}},
    ]
    (found,) = (f for f in check(policy(rules=rules)) if f.id == "program-at-transport")
    assert "under 'base' connections to it are let in" in found.message
    assert "; under 'strict' clear connections to it are still dropped" in found.message


def test_what_was_taken_for_granted_is_noted():
    filterset = policy()
    assert any("of no program that is named" in note for note in notes(trace(filterset, parse_packet(IN))))
    said = trace(filterset, parse_packet(f'{IN} app "{DOS}"'))
    assert not any("program" in note for note in notes(said))
    assert because(said).startswith("exemption agent")


@pytest.mark.parametrize(("program", "has"), [("", "none that is named"), (r"C:\Other.exe", r"c:\other.exe")])
def test_why_it_does_not_match(program: str, has: str):
    traced = trace(policy(), parse_packet(f"{IN} app {program}" if program else IN))
    (step,) = (step for step in traced.steps if "_ALE_" in step.layer)
    (unmet,) = (each for each in step.others() if each.filter.origin.name == "agent")
    assert reason(unmet, step.values) == f"wants app {DOS}, has {has}"


def test_the_packets_of_ike_are_those_of_its_own_service():
    filterset = policy()
    way = way_of(filterset, trace(filterset, parse_packet(f'{IN} app "{DOS}"')))
    assert way.keying is not None
    assert way.keying.packet.packet.program == ""


def test_a_trace_as_json_has_it():
    packets = [trace_document(trace(policy(), parse_packet(text)))["packet"] for text in (IN, f'{IN} app "{DOS}"')]
    assert [each["program"] for each in packets] == [None, DOS]  # type: ignore[index]


def test_the_packet_of_an_exemption_is_of_its_program_and_networks():
    exemption = Exemption(name="e", program=DOS, profiles=("private",), interfaces=("wireless",))
    packet = matching(exemption, ("V4",))
    assert packet is not None
    assert (packet.program, packet.profile, packet.interface) == (DOS, "private", "wireless")


@pytest.mark.parametrize(
    ("held", "program", "answers"),
    [
        (NT, f' app "{NT.upper()}"', {"blocked"}),
        (NT, f' app "{NT.replace("3", "4")}"', {"clear"}),
        (NT, f' app "{DOS}"', {"blocked", "clear"}),
        (NT, r' app "D:\mounted\Program Files\X\x.exe"', {"blocked", "clear"}),
        (NT, r" app C:\other.exe", {"clear"}),
        (NT, "", {"blocked", "clear"}),
        (DOS, f' app "{DOS}"', {"blocked"}),
        ("System", f' app "{DOS}"', {"clear"}),
    ],
)
def test_on_a_machine_the_letter_of_a_drive_leaves_it_open(held: str, program: str, answers: set[str]):
    layer = "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
    held_filter = machine_filter(1, layer, "FWP_ACTION_BLOCK", program_condition(held), weight=9)
    found = {
        each.peer_without_ipsec.settled
        for each in trace_machine(dump_of([held_filter]), parse_packet(OUT + program)).outcomes
    }
    assert {"clear" if each == "untouched" else each for each in found} == answers


def test_every_program_but_one_on_a_machine():
    condition = program_condition(NT)
    other = Condition(condition.field, "FWP_MATCH_NOT_EQUAL", condition.value)
    dump = dump_of([machine_filter(1, "FWPM_LAYER_ALE_AUTH_CONNECT_V4", "FWP_ACTION_BLOCK", other)])

    def settled(program: str) -> set[str]:
        found = trace_machine(dump, parse_packet(f'{OUT} app "{program}"')).outcomes
        return {each.peer_without_ipsec.settled for each in found}

    assert settled(NT) == {"untouched"}
    assert settled(r"C:\other.exe") == {"blocked"}
    assert settled(DOS) == {"untouched", "blocked"}
