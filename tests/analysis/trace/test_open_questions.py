"""What a packet leaves open and filters ask for, held against packets that say it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.trace import trace
from ndtui.analysis.trace.boot_trace import boot_tracer, until_bfe
from ndtui.analysis.trace.open_questions import OpenQuestion, open_questions
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.traffic.packet_values import INTERFACE, PROFILE
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.access_list import IDENTITY_FIELDS
from ndtui.model.design.design import Design
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES
from tests.strategies import PROGRAMS, designs, packets
from tests.support import exempting, often

SQL = "in tcp 10.0.0.5:51000 -> 10.0.0.9:1433"
PRIVATE = {"name": "SQL", "protocol": "tcp", "local_ports": [1433], "profiles": ["private"]}


def asked(design: Design, text: str) -> tuple[OpenQuestion, ...]:
    filterset = compile_design(design)
    return open_questions(filterset, trace(filterset, parse_packet(text)))


def test_a_filter_that_asks_for_the_profile_leaves_it_open():
    (question,) = asked(exempting(PRIVATE), SQL)
    assert question.fields == (PROFILE,)
    assert question.taken == "in the domain profile"
    layers = [each.slot.layer.removeprefix("FWPM_LAYER_") for each in question.filters]
    assert layers == ["INBOUND_TRANSPORT_V4", "ALE_AUTH_RECV_ACCEPT_V4"]
    settled = {said: outcomes.peer_without_ipsec.settled for said, outcomes in question.otherwise}
    assert settled == {"private": "exempt", "public": "blocked"}


@pytest.mark.parametrize(
    "packet",
    [f"{SQL} profile public", SQL.replace("1433", "1434"), SQL.replace("in", "out"), SQL.replace("tcp", "udp")],
)
def test_what_the_packet_says_or_what_does_not_concern_it_is_no_question(packet: str):
    assert asked(exempting(PRIVATE), packet) == ()


def test_a_filter_that_something_else_keeps_from_matching_is_not_counted():
    held = exempting({**PRIVATE, "program": r"C:\x.exe"})
    (profile, program) = asked(held, SQL)
    assert (len(profile.filters), len(program.filters)) == (1, 1)
    assert asked(held, rf"{SQL} app C:\y.exe") == ()


def test_who_connects_is_one_question_however_many_lists_ask():
    lists = {"machines": "O:LSD:(A;;CC;;;DC)", "users": "O:LSD:(A;;CC;;;DU)"}
    rule = {"name": "base", "mode": "require", **lists}
    (question,) = asked(exempting(rules=[rule], extended_mode={}), SQL)
    assert question.fields == IDENTITY_FIELDS
    assert [said for said, _ in question.otherwise] == ["a peer who may not connect"]


def test_who_connects_is_half_a_question_where_the_packet_says_the_other_half():
    lists = {"machines": "O:LSD:(A;;CC;;;DC)", "users": "O:LSD:(A;;CC;;;DU)"}
    of = exempting(rules=[{"name": "base", "mode": "require", **lists}], extended_mode={})
    (question,) = asked(of, f"{SQL} machine DC")
    assert question.fields == (IDENTITY_FIELDS[1],)
    assert question.taken == "from a user who may connect"
    assert asked(of, f"{SQL} machine DC user DU") == ()
    assert asked(of, f"{SQL} machine DA") == ()  # refused, whoever its user is


@pytest.mark.parametrize(("programs", "tried"), [(5, 5), (50, 12), (1000, 3), (2000, 2)])
def test_of_many_programs_only_some_are_tried(programs: int, tried: int):
    many = [{"name": f"p{n}", "protocol": "tcp", "program": rf"C:\x{n}.exe"} for n in range(programs)]
    (question,) = asked(exempting(*many), SQL)
    assert len(question.filters) == programs
    assert [words for words, _ in question.otherwise] == [rf"C:\x{n}.exe" for n in range(tried)]


def test_before_bfe_is_up_boot_time_filters_ask():
    held = exempting({**PRIVATE, "before_bfe": True}, lifetime="persistent", before_bfe=["inbound"])
    early = until_bfe(compile_design(held))
    (question,) = open_questions(early, boot_tracer(compile_design(held)).trace(parse_packet(SQL)))
    assert dict(question.otherwise)["private"].peer_with_ipsec.settled == "exempt"
    assert all(each.slot.is_before_bfe for each in question.filters)


def saying(packet: Packet) -> dict[str, dict[str, Packet]]:
    """Return packets that say one thing more, by the field that asks for it and the words."""
    found: dict[str, dict[str, Packet]] = {}
    if packet.profile is None:
        found[PROFILE] = {each: replace(packet, profile=each) for each in PROFILES}
    if packet.interface is None:
        found[INTERFACE] = {each: replace(packet, interface=each) for each in INTERFACES}
    if not packet.program:
        found[PROGRAM] = {each: replace(packet, program=each) for each in PROGRAMS}
    if not packet.unauthorized and not packet.identities:
        found[IDENTITY_FIELDS[0]] = {"a peer who may not connect": replace(packet, unauthorized=True)}
    return found


@often
@given(designs(5), st.data())
def test_of_any_packet_every_answer_is_that_of_the_packet_that_says_it(design: Design, data: st.DataObject):
    filterset = compile_design(design)
    for _ in range(4):
        packet = data.draw(packets(design))
        traced = trace(filterset, packet)
        questions = {each.fields[0]: each for each in open_questions(filterset, traced)}
        for field, others in saying(packet).items():
            outcomes = {words: trace(filterset, other).outcomes for words, other in others.items()}
            if any(each != traced.outcomes for each in outcomes.values()):
                assert field in questions, f"{packet} depends on {field}"
            for said, found in questions[field].otherwise if field in questions else ():
                lowered = {words.lower(): each for words, each in outcomes.items()}
                assert found == lowered[said.lower()], f"{packet}, {said}"
