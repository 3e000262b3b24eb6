"""Rules, encryption and who may connect as sets of packets: the same as asking every packet of a small world."""

from dataclasses import replace
from ipaddress import ip_address
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.packet_sets.box import AUTHORIZED, meet
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.packet_sets.traffic_sets import boxes_of, point_of
from ndtui.analysis.trace import Tracer
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.verify.assertions import decide, filter_words, verdict_of
from ndtui.analysis.verify.compare import Policy, Region, compare_meaning
from ndtui.analysis.verify.peers_told_apart import peers_told_apart
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.access_check import Token
from ndtui.model.design.access_list import MACHINE
from ndtui.model.design.assertion import VERDICTS, Assertion, parse_traffic
from ndtui.model.design.design import Design
from tests.analysis.verify.brute_force import DENIED, GROUP, PROGRAMS, Brute, ruled_world, true_of
from tests.analysis.verify.small_rules import small_ruled_designs
from tests.support import design, documents

WAYS = (("in", "V4"), ("out", "V4"), ("in", "V6"), ("out", "V6"))
STEP = 29
LIST = f"O:LSD:(A;;CC;;;{GROUP})"
SQL = {"protocol": "tcp", "local_ports": [1433]}


def some_packets(first: int) -> list[Packet]:
    return [packet for way in WAYS for packet in islice(ruled_world(*way), first, None, STEP)]


_PEERS: list[dict[str, Any]] = [
    {"unauthorized": False},
    {"unauthorized": True},
    {"unauthorized": False, "machine": GROUP},
    {"unauthorized": False, "machine": f"{GROUP},{DENIED}"},
    {"unauthorized": False, "machine": "none", "user": GROUP},
]


@given(small_ruled_designs(), st.integers(0, STEP - 1), st.sampled_from(_PEERS))
def test_trace_sets_and_interpreter_say_the_same_of_every_packet(of: Design, first: int, peer: dict[str, Any]):
    filterset, brute = compile_design(of), Brute(of)
    sets, tracer = PolicySets.of(filterset), Tracer(filterset)
    for each in some_packets(first):
        packet = each if each.unauthorized else of_peer(each, peer)
        traced = tracer.trace(packet)
        assert verdict_of(traced.outcomes) == brute.verdict(packet), str(packet)
        assert sets.outcome(packet) == traced.outcomes, str(packet)
        found = None if traced.responsible is None else traced.responsible.filter
        owed = sets.owed_to(packet)
        assert (owed and owed.key) == (found and found.key), str(packet)


OTHER = r"C:\other.exe"


@st.composite
def ruled_traffic(draw: st.DrawFn) -> dict[str, Any]:
    """Draw traffic of the ruled world, part by part."""

    def some(names: list[str]) -> list[str]:
        chosen = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
        return draw(chosen) if draw(st.integers(0, 2)) == 0 else []

    return {
        "direction": draw(st.sampled_from(["in", "out"])),
        "protocol": draw(st.sampled_from(["any", "tcp", "udp", "icmp", "esp", "tcp,esp"])),
        "remote": some(["10.0.0.0-10.0.0.1", "10.0.0.2-10.0.0.3"]),
        "profiles": some(["domain", "private", "public"]),
        "interfaces": some(["lan", "wireless", "131"]),
        "programs": some([*PROGRAMS, OTHER]),
        "others": draw(st.booleans()),
        **draw(st.sampled_from(_PEERS)),
    }


def written(parts: dict[str, Any]) -> str:
    words = [parts["direction"], parts["protocol"]]
    side = "from" if parts["direction"] == "in" else "to"
    for word, name in ((side, "remote"), ("profile", "profiles"), ("interface", "interfaces")):
        words += [word, ",".join(parts[name])] if parts[name] else []
    if parts["programs"]:
        words += ["app", *(["not"] if parts["others"] else []), ",".join(f'"{each}"' for each in parts["programs"])]
    words += [part for word in ("machine", "user") if word in parts for part in (word, parts[word])]
    return " ".join([*words, *(["unauthorized"] if parts["unauthorized"] else [])])


def is_in(packet: Packet, parts: dict[str, Any]) -> bool:
    any_but_ipsec = [number for number in range(256) if number not in (50, 51)]
    icmp = 1 if packet.family == "V4" else 58
    numbers = {"any": any_but_ipsec, "tcp": [6], "udp": [17], "icmp": [icmp], "esp": [50], "tcp,esp": [6, 50]}
    remote = [[int(ip_address(end)) for end in each.split("-")] for each in parts["remote"]]
    if remote and (packet.family == "V6" or not any(low <= packet.remote_address <= high for low, high in remote)):
        return False
    return (
        packet.protocol in numbers[parts["protocol"]]
        and (not parts["profiles"] or packet.profile in parts["profiles"])
        and (not parts["interfaces"] or str(packet.interface) in parts["interfaces"])
        and (not parts["programs"] or _has_program(packet, parts))
        and packet.unauthorized == parts["unauthorized"]
    )


def of_peer(packet: Packet, parts: dict[str, Any]) -> Packet:
    """Return the packet from the peer that traffic says, where it does."""
    tokens = {word: Token(() if parts[word] == "none" else tuple(parts[word].split(","))) for word in _SAID & {*parts}}
    return replace(packet, **tokens) if tokens else packet


_SAID = {"machine", "user"}


def _has_program(packet: Packet, parts: dict[str, Any]) -> bool:
    """Whether a packet is of the programs; one of no program stands for all that no design names, such as OTHER."""
    if parts["others"]:
        return packet.program not in parts["programs"]
    return packet.program in parts["programs"] or (not packet.program and OTHER in parts["programs"])


@given(small_ruled_designs(), ruled_traffic(), st.sampled_from(VERDICTS))
def test_an_assertion_is_true_when_it_is_of_every_packet(of: Design, parts: dict[str, Any], verdict: Any):
    brute = Brute(of)
    true = true_of(verdict)
    asked = [p for family in ("V4", "V6") for p in ruled_world(parts["direction"], family) if is_in(p, parts)]
    asked = [of_peer(packet, parts) for packet in asked]
    wrong = [packet for packet in asked if brute.verdict(packet) not in true]
    sets = PolicySets.of(compile_design(of))
    found = decide(sets, Assertion(traffic=written(parts), verdict=verdict), Effort.for_filters(0))
    assert found.holds == (not wrong)
    if found.witness is not None:
        assert parse_packet(str(found.witness)) == found.witness
        assert brute.verdict(found.witness) not in true
        assert Tracer(compile_design(of)).trace(found.witness).outcomes == found.outcomes


def policy(of: Design) -> Policy:
    return Policy.of(compile_design(of))


def meaning(before: Policy, after: Policy) -> tuple[Region, ...]:
    found = compare_meaning(before, after, Effort.for_filters(0))
    assert found.undecided == ()
    return found.regions


@given(small_ruled_designs(), small_ruled_designs(), st.integers(0, STEP - 1))
def test_regions_hold_every_packet_whose_verdict_changes(before: Design, after: Design, first: int):
    was, becomes = policy(before), policy(after)
    old, new = Brute(before), Brute(after)

    def said(packet: Packet) -> tuple[Any, ...]:
        return old.verdict(packet), new.verdict(packet)

    around: list[tuple[Any, ...]] = []
    for region in meaning(was, becomes):
        boxes = boxes_of(parse_traffic(region.traffic), region.direction, region.family)
        verdicts = (verdict_of(region.before), verdict_of(region.after))
        assert said(region.witness) == verdicts
        assert verdicts[0] != verdicts[1]
        assert any(meet(box, point_of(region.witness)) for box in boxes)
        assert parse_traffic(region.traffic).identities == region.witness.identities
        around.append((region, boxes, verdicts))
    told = peers_told_apart(was.sets, becomes.sets)
    assert told.complete
    known = [
        replace(p, machine=peer[MACHINE]) for p in some_packets(first) if not p.unauthorized for peer in told.peers
    ]
    for packet in (*some_packets(first), *known):
        point = point_of(packet)
        asking = [*was.sets.asking_who(packet.family), *becomes.sets.asking_who(packet.family)]
        apart = packet.direction == "in" and packet.kind == "usual" and any(meet(box, point) for box in asking)
        if packet.identities and not apart:
            continue  # who it is makes no difference
        wanted = point if apart else point._replace(peer=AUTHORIZED)  # nobody asks who it is
        here = [
            (region.whole, verdicts)
            for region, boxes, verdicts in around
            if (region.direction, region.family) == (packet.direction, packet.family)
            and region.witness.identities == packet.identities
            and any(meet(box, wanted) for box in boxes)
        ]
        changed = said(packet)
        assert changed[0] == changed[1] or changed in [verdicts for _, verdicts in here], str(packet)
        assert all(changed == verdicts for whole, verdicts in here if whole), str(packet)


@given(small_ruled_designs())
def test_what_a_backend_holds_means_what_its_design_means(of: Design):
    assert meaning(policy(of), Policy.of_documents("test", documents(of))) == ()


def changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return the regions of IPv4 in words: the traffic, the verdict before, and the verdict after."""
    one, other = (design(version=2, rules=rules, families=["V4"]) for rules in (before, after))
    return [
        (each.traffic, verdict_of(each.before), verdict_of(each.after)) for each in meaning(policy(one), policy(other))
    ]


BASE = {"name": "base", "mode": "negotiation-discovery"}


def test_guaranteed_encryption_is_a_change_of_meaning():
    sql = {"name": "SQL", "mode": "inherit", "scope": SQL, "encryption": "guaranteed"}
    assert changes([BASE], [BASE, sql]) == [
        ("in v4 tcp to any port 1433", "protected", "encrypted"),
        ("out v4 tcp from any port 1433", "requested", "encrypted"),
    ]


def test_peers_that_may_not_connect_are_compared_where_somebody_asks_who_they_are():
    guarded = {"name": "RDP", "mode": "inherit", "scope": SQL, "machines": LIST}
    assert changes([BASE], [BASE, guarded]) == [("in v4 tcp to any port 1433 unauthorized", "protected", "blocked")]


def test_a_network_is_named_in_the_traffic_that_changes():
    home = {"name": "home", "mode": "require", "scope": {"profiles": ["private"], "interfaces": ["wireless"]}}
    boundary = {"name": "base", "mode": "boundary"}
    assert changes([boundary], [boundary, home]) == [
        ("in v4 any profile private interface wireless", "requested", "protected"),
        ("out v4 any profile private interface wireless", "requested", "protected"),
    ]


def test_rules_that_tie_in_another_order_are_compared_as_they_are_shown():
    one, other = ({"name": name, "mode": mode, "scope": SQL} for name, mode in (("a", "require"), ("b", "boundary")))
    assert changes([one, other], [other, one]) == [
        ("in v4 tcp to any port 1433", "protected", "requested"),
        ("out v4 tcp from any port 1433", "protected", "requested"),
    ]


@pytest.mark.parametrize(
    ("traffic", "verdict", "holds"),
    [
        ("in tcp to any port 1433", "protected", True),
        ("in tcp to any port 1433 unauthorized", "blocked", True),
        ("in tcp to any port 1433 unauthorized", "protected", False),
        ("in tcp to any port 1434 unauthorized", "protected", True),
        ("in esp", "untouched", True),
        ("in any from 10.0.0.0/8 to 10.0.0.9", "untouched", False),
    ],
)
def test_assertions_tell_peers_that_may_not_connect_and_ipsec_itself(traffic: str, verdict: Any, holds: bool):
    of = design(version=2, rules=[BASE, {"name": "RDP", "mode": "inherit", "scope": SQL, "machines": LIST}])
    found = decide(
        PolicySets.of(compile_design(of)), Assertion(traffic=traffic, verdict=verdict), Effort.for_filters(0)
    )
    assert found.holds is holds


def test_a_false_assertion_names_the_rule():
    of = design(version=2, rules=[BASE, {"name": "RDP", "mode": "inherit", "scope": SQL, "machines": LIST}])
    sets = PolicySets.of(compile_design(of))
    said = Assertion(traffic="in v4 tcp to any port 1433 unauthorized", verdict="protected")
    found = decide(sets, said, Effort.for_filters(0))
    assert str(found.witness) == "in tcp 10.0.0.5:51000 -> 10.0.0.9:1433 unauthorized"
    assert filter_words(found.responsible, of).startswith("rule 'RDP' (inherit) decides: test: RDP: block who may not")


def test_fifty_rules_and_many_exemptions_are_compared_within_the_effort_of_their_filters():
    rules = [BASE]
    for number in range(49):
        mode = ("require", "boundary", "negotiation-discovery")[number % 3]
        scope = {"remote_addresses": [f"10.{number}.0.0/16"], "protocol": "tcp", "local_ports": [1000 + number]}
        rules.append({"name": f"r{number}", "mode": mode, "scope": scope})
    exempt = [{"name": f"e{n}", "remote_addresses": [f"192.168.{n}.0/24"]} for n in range(100)]
    before = design(version=2, rules=rules, exemptions=exempt)
    after = design(version=2, rules=[*rules[:-1], {**rules[-1], "encryption": "guaranteed"}], exemptions=exempt)
    sides = policy(before), policy(after)
    found = compare_meaning(*sides, Effort.for_filters(sum(side.sets.count for side in sides)))
    assert found.undecided == ()
    assert {each.traffic for each in found.regions} == {
        "in v4 tcp from 10.48.0.0/16 to any port 1048",
        "out v4 tcp from any port 1048 to 10.48.0.0/16",
    }
