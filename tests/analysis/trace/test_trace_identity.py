"""Traces and assertions of a peer that says who it is: the lists of a rule are asked, what would turn it is said."""

from typing import Any

import pytest

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.trace import trace
from ndtui.analysis.trace.trace_json import trace_document
from ndtui.analysis.trace.trace_wording import because, notes, sentence
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.verify.assertions import prove
from ndtui.common.errors import InputError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.access_check import Token
from ndtui.model.design.design import Design
from tests.support import design

RDP = "in tcp 10.0.0.5:51000 -> 10.0.0.9:3389"
GROUP, DENIED, USER = "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-9", "S-1-5-21-1-2-3-1104"
MACHINES = f"O:LSD:(D;;CC;;;{DENIED})(A;;CC;;;{GROUP})(A;;CC;;;DC)"
USERS = f"O:LSD:(A;;CC;;;{USER})"
SCOPE = {"protocol": "tcp", "local_ports": [3389]}
ASKING = "mine: RDP: only who may connect"


def policy(*, users: str = USERS, said: tuple[dict[str, Any], ...] = ()) -> Design:
    rule = {"name": "RDP", "mode": "inherit", "scope": SCOPE, "machines": MACHINES, "users": users}
    rules = [{"name": "base"}, rule]
    return design(name="mine", version=2, rules=rules, extended_mode={}, **{"assert": said})


def traced(words: str, **more: Any) -> Any:
    return trace(compile_design(policy(**more)), parse_packet(f"{RDP} {words}"))


@pytest.mark.parametrize(
    ("words", "settled", "says"),
    [
        ("", "protected", "Must be protected"),
        ("machine DC", "protected", "Must be protected"),
        (f"machine DC user {USER}", "protected", "Must be protected"),
        (f"machine {DENIED},DC", "blocked", f"refuses its machine (members of {DENIED} may not connect)."),
        ("machine DU", "blocked", f"does not name its machine (machines: members of {DENIED} may not connect; "),
        ("machine none", "blocked", "does not name its machine"),
        (f"machine DC user {GROUP}", "blocked", f"does not name its user (users: members of {USER} may connect)."),
        ("user none", "blocked", "does not name its user"),
        ("unauthorized", "blocked", "does not name it (machines: "),
    ],
)
def test_a_peer_is_let_in_by_the_lists_of_the_rule(words: str, settled: str, says: str):
    found = traced(words)
    assert found.outcomes.peer_with_ipsec.settled == settled
    assert says in sentence(found)
    assert because(found).startswith("rule 'RDP' (inherit): mine: RDP: ")
    assert ("block who may not connect" in because(found)) == (settled == "blocked")


def test_two_rules_ask_their_own_lists():
    other = {
        "name": "SQL",
        "mode": "inherit",
        "scope": {**SCOPE, "local_ports": [1433]},
        "machines": f"D:(A;;CC;;;{DENIED})",
    }
    both = design(version=2, rules=[{"name": "base"}, *policy(users="").model_dump(mode="json")["rules"][1:], other])
    for port, token, settled in ((3389, GROUP, "protected"), (1433, GROUP, "blocked"), (1433, DENIED, "protected")):
        packet = parse_packet(f"{RDP.replace('3389', str(port))} machine {token}")
        assert trace(compile_design(both), packet).outcomes.peer_with_ipsec.settled == settled


WITH = "With {0} SIDS the packet says who its {0} is, and {1} decides by it: {2}."
TURNED = "The {} is taken to have no SID but those said: with {} it would be {} by {}."
WHO = f"members of {DENIED} may not connect; members of {GROUP} may connect; domain computers may connect"
ITS_USER = WITH.format("user", ASKING, f"members of {USER} may connect")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", [WITH.format("machine", ASKING, WHO), ITS_USER]),
        ("machine DC", [TURNED.format("machine", DENIED, "refused", ASKING), ITS_USER]),
        (f"machine DC user {USER}", [TURNED.format("machine", DENIED, "refused", ASKING)]),
        ("machine DU", [TURNED.format("machine", f"{GROUP} or DC", "let in", ASKING)]),
        (f"machine {DENIED}", []),
        (f"machine DC user {GROUP}", [TURNED.format("user", USER, "let in", ASKING)]),
        ("machine DU user DU", []),
        ("machine none", []),
        ("unauthorized", []),
        ("later", []),
    ],
)
def test_what_would_settle_it_is_said(words: str, wanted: list[str]):
    said = [note for note in notes(traced(words)) if note.startswith(("With ", "The machine", "The user"))]
    assert said == wanted


def test_what_is_taken_for_granted_is_what_is_not_said():
    taken = [note for note in notes(traced("machine DC")) if "taken to be" in note]
    assert taken == [
        "The packet was taken to be from a user who may connect: a filter asks for that, and the packet does not say."
    ]
    assert not [note for note in notes(traced(f"machine DC user {USER}")) if "taken to be" in note]
    assert "from a machine who may connect" in " ".join(notes(traced(f"user {USER}")))


def test_the_filter_that_does_not_match_says_why():
    reasons = {
        each["reason"]
        for step in trace_document(traced(f"machine {DENIED}"))["steps"]
        for each in step["notMatching"]  # type: ignore[attr-defined]
    }
    assert f"wants machines: {WHO}, and the peer is refused: members of {DENIED} may not connect" in reasons
    document: Any = trace_document(traced("machine DC,DU user none"))["packet"]
    assert (document["machine"], document["user"]) == (["DC", "DU"], [])
    document = trace_document(traced(""))["packet"]
    assert (document["machine"], document["user"]) == (None, None)


@pytest.mark.parametrize(
    ("traffic", "verdict", "witness"),
    [
        (f"in tcp to any port 3389 machine {GROUP} user {USER}", "protected", None),
        (f"in tcp to any port 3389 machine {GROUP}", "protected", None),  # of the user it is not said: who may connect
        (f"in tcp to any port 3389 machine {GROUP},{DENIED}", "blocked", None),
        (f"in tcp to any port 3389 machine {GROUP} user none", "blocked", None),
        ("in tcp to any port 3389 user DU", "blocked", None),
        (f"in tcp to any port 3389 machine {DENIED}", "protected", f"{RDP} machine {DENIED}"),
        ("in tcp to any port 3389 machine DU user DU", "protected", f"{RDP} machine DU user DU"),
        (f"in tcp to any port 443 machine {DENIED}", "protected", None),
        (f"out tcp machine {DENIED}", "requested", None),
    ],
)
def test_an_assertion_is_about_who_the_peer_is(traffic: str, verdict: str, witness: str | None):
    filterset = compile_design(
        policy(said=({"traffic": f"{traffic}".replace("in tcp", "in v4 tcp"), "verdict": verdict},))
    )
    (found,) = prove(filterset, Effort.for_filters(len(filterset.filters)))
    assert found.holds is (witness is None)
    assert (None if found.witness is None else str(found.witness)) == witness
    if found.witness is not None:
        again = trace(filterset, parse_packet(str(found.witness)))
        assert again.outcomes == found.outcomes
        assert again.responsible is not None
        assert again.responsible.filter is found.responsible


def test_a_packet_says_who_its_peer_is_and_is_written_so():
    packet = parse_packet(f"{RDP} Machine s-1-5-21-1-2-3-513,dc user none")
    assert (packet.machine, packet.user) == (Token((GROUP, "DC")), Token(()))
    assert str(packet) == f"{RDP} machine {GROUP},DC user none"
    assert parse_packet(str(packet)) == packet


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("machine", "the machine '' is no SID"),
        ("user Bob", "the user 'BOB' is no SID"),
        ("machine DC machine DU", "two machines: say one"),
        ("user DC unauthorized", "says user and unauthorized"),
    ],
)
def test_who_is_nobody_is_refused(words: str, said: str):
    with pytest.raises(InputError) as caught:
        parse_packet(f"{RDP} {words}")
    assert said in str(caught.value)
