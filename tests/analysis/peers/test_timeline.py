"""The timeline of a connection: what the peer can do, what is agreed on, and what happens when."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.peers.connection_host import mirrored
from ndtui.analysis.peers.matrix import matrix
from ndtui.analysis.peers.peer_words import KINDS
from ndtui.analysis.peers.timeline import Peer, Timeline, timeline_of
from ndtui.analysis.trace import trace
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.access_check import Token
from ndtui.model.design.design import Design, change
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from tests.strategies import designs, packets, ruled_designs
from tests.support import exempting, preset

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
OUT = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"


def timeline_for(design: Design, packet: str, peer: Peer) -> Timeline:
    return timeline_of(compile_design(design), parse_packet(packet), peer)


def with_design(name: str) -> Peer:
    return Peer(design=preset(name))


ND = preset("nd-transport")
_STORE = dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")
WITH_IKEV2 = change(ND, main_mode={"ikev2_authentication": [{"method": "IKEEXT_CERTIFICATE", **_STORE}]})


def test_a_peer_that_can_upgrades_the_connection_and_there_is_no_way_back():
    timeline = timeline_for(ND, OUT, Peer("both"))
    assert timeline.course == ("clear", "protected")
    assert [event.title for event in timeline.events] == [
        "The first packet is sent in clear",
        "Main mode by AuthIP",
        "Quick mode",
        "The connection is upgraded",
        "A SYN that the peer drops is sent again",
        "The SA takes no more clear packets",
        "An idle SA is given up",
        "New keys",
        "Main mode anew",
    ]
    outcomes = [event.outcome for event in timeline.events]
    assert outcomes == sorted(outcomes), "clear comes before protected and never after"
    assert all(event.page.startswith("https://learn.microsoft.com/") for event in timeline.events)


@pytest.mark.parametrize(
    ("modules", "kind", "module"),
    [
        (("IKE", "AuthIP"), "both", "AuthIP"),
        (("IKE", "AuthIP"), "ike", "IKE"),
        (("IKE", "AuthIP"), "authip", "AuthIP"),
        (("IKE",), "both", "IKE"),
        (("AuthIP",), "both", "AuthIP"),
        (("IKE",), "authip", None),
        (("AuthIP",), "ike", None),
        (("IKE", "AuthIP"), "none", None),
        (("IKE", "AuthIP"), "ikev2", None),
        (("IKEv2",), "ikev2", "IKEv2"),
        (("IKEv2",), "both", None),
        (("IKEv2",), "ike", None),
        (("IKE", "IKEv2"), "both", "IKE"),
        (("IKE", "IKEv2"), "ikev2", "IKEv2"),
        (("IKEv2",), "all", "IKEv2"),
        (("IKE", "AuthIP", "IKEv2"), "all", "AuthIP"),
    ],
)
def test_the_keying_module_that_wins(modules, kind, module: str | None):
    timeline = timeline_for(change(WITH_IKEV2, keying_modules=modules), OUT, Peer(kind))
    assert (timeline.agreement.module if timeline.agreement else None) == module
    assert timeline.course.settled == ("protected" if module else "clear")
    assert bool(timeline.reason) == (module is None)


@pytest.mark.parametrize("mismatch", ["authentication", "main-mode", "quick-mode"])
def test_a_peer_with_nothing_in_common_is_a_peer_that_cannot(mismatch):
    timeline = timeline_for(ND, IN, Peer("both", mismatch))
    assert timeline.course == ("blocked", "blocked")
    assert timeline.reason.startswith("no common")
    assert "stays broken" in timeline.events[-1].detail


def test_the_times_are_those_of_the_design():
    quick = {"nd_allow_clear_timeout_seconds": 7, "idle_timeout_seconds": 11}
    timeline = timeline_for(change(ND, quick_mode=quick), OUT, Peer("both"))
    times = [event.at for event in timeline.events]
    assert "SA + 7 s" in times
    assert "SA + 11 s idle" in times
    assert "SA + 3600 s" in times
    required = timeline_for(preset("transport-require"), OUT, Peer("both"))
    assert not any("clear packets" in event.title for event in required.events)


def test_a_peer_with_a_design_has_its_say():
    assert timeline_for(ND, OUT, with_design("nd-boundary")).course == ("clear", "protected")
    assert timeline_for(ND, OUT, with_design("transport-require")).course == ("blocked", "protected")
    assert timeline_for(ND, OUT, with_design("nd-ipv4-only")).course == ("blocked", "protected")


def test_what_one_host_encrypts_for_certain_is_encrypted_for_both():
    strict = change(ND, rules=[{"name": "base", "encryption": "guaranteed"}])
    for ours, theirs in ((ND, strict), (strict, ND)):
        timeline = timeline_for(ours, OUT, Peer(design=theirs))
        assert timeline.course == ("blocked", "encrypted")
        assert timeline.events[-1].outcome == "encrypted"


def test_a_peer_that_exempts_what_we_protect_never_gets_through():
    everything = Peer(design=exempting({"protocol": "tcp"}, name="lax"))
    timeline = timeline_for(ND, IN, everything)
    assert timeline.course == ("blocked", "blocked")
    assert timeline.reason == "the peer does not negotiate for this packet"


def test_what_is_left_out_is_not_negotiated():
    timeline = timeline_for(ND, "in icmp 10.0.0.5 -> 10.0.0.9", Peer("both"))
    assert (timeline.course, timeline.agreement) == (("exempt", "exempt"), None)
    assert [event.title for event in timeline.events] == ["Passes in clear"]


def test_extended_mode_is_part_of_it():
    extended = change(ND, extended_mode={})
    timeline = timeline_for(extended, OUT, Peer("authip"))
    titles = [event.title for event in timeline.events]
    assert titles.index("Extended mode") == titles.index("Quick mode") + 1  # [MS-AIPS] 3.6.7.1


def with_rules(*rules: dict[str, object], **fields: object) -> Design:
    return Design.model_validate({"name": "srv", "version": 2, "rules": rules, **fields})


SQL = {"protocol": "tcp", "local_ports": [1433]}


def test_the_rule_that_decides_says_mode_and_policy():
    fast = {"quick_mode": {"idle_timeout_seconds": 11, "nd_allow_clear_timeout_seconds": 7}}
    made = with_rules(
        {"name": "base", "mode": "require"},
        {"name": "SQL", "mode": "boundary", "scope": SQL, "negotiation": fast},
    )
    sql = timeline_for(made, "in tcp 10.0.0.5:51000 -> 10.0.0.9:1433", Peer("both"))
    assert sql.course == ("clear", "protected")
    assert sql.agreement is not None
    times = [event.at for event in sql.events]
    assert {"SA + 7 s", "SA + 11 s idle"} <= set(times)
    assert sql.events[0].page.endswith("negotiation-discovery-transport-mode-in-boundary-mode")
    rest = timeline_for(made, IN, Peer("both"))
    assert rest.course == ("blocked", "protected")
    assert rest.agreement is not None
    assert rest.agreement.module == "AuthIP"
    assert not any("clear packets" in event.title for event in rest.events)
    assert "SA + 11 s idle" not in [event.at for event in rest.events]


def test_main_mode_cannot_tell_ports_apart():
    """Both rules have a filter for everything at IKEEXT: the first stands for both, and IKE meets its policy there."""
    old = {"main_mode": {"proposals": [OLD_PROPOSAL]}}
    made = with_rules({"name": "base"}, {"name": "SQL", "mode": "boundary", "scope": SQL, "negotiation": old})
    sql = timeline_for(made, "in tcp 10.0.0.5:51000 -> 10.0.0.9:1433", Peer("both"))
    assert sql.agreement is not None
    assert sql.agreement.main.dh_group == "IKEEXT_DH_ECP_384"


OLD_PROPOSAL = {
    "cipher": "IKEEXT_CIPHER_AES_128",
    "integrity": "IKEEXT_INTEGRITY_SHA1",
    "dh_group": "IKEEXT_DH_GROUP_14",
}


def test_where_encryption_is_guaranteed_only_proposals_that_encrypt_count():
    proposals = [
        {"transforms": [{"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"}]},
        {"transforms": [{"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_256"}]},
    ]
    made = with_rules(
        {"name": "base", "mode": "require"},
        {"name": "SQL", "mode": "inherit", "encryption": "guaranteed", "scope": SQL},
        quick_mode={"proposals": proposals},
    )
    sql = timeline_for(made, "in tcp 10.0.0.5:51000 -> 10.0.0.9:1433", Peer("both"))
    rest = timeline_for(made, IN, Peer("both"))
    assert sql.agreement is not None
    assert rest.agreement is not None
    assert sql.agreement.quick_words.startswith("IPSEC_TRANSFORM_ESP_CIPHER")
    assert rest.agreement.quick_words.startswith("IPSEC_TRANSFORM_AH")


ONE_USER = {"scope": {"protocol": "tcp", "local_ports": [3389]}, "users": "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1104)"}
RDP = "in tcp 10.0.0.5:51000 -> 10.0.0.9:3389"


def for_users(**fields: Any) -> Design:
    """Return a design that lets in one user at a port, whom extended mode tells."""
    rules = ({"name": "base", "mode": "require"}, {"name": "RDP", "mode": "inherit", **ONE_USER})
    return change(with_rules(*rules, extended_mode={}), **fields)


def user_of_nobody(packet: Packet) -> Packet:
    return replace(packet, user=Token(()))


@pytest.mark.parametrize("who", ["", " user S-1-5-21-1-2-3-1104", " user none", " machine S-1-5-21-1-2-3-9"])
@pytest.mark.parametrize(("kind", "lets_in"), [("ike", False), ("authip", True), ("both", True), ("all", True)])
def test_a_peer_without_extended_mode_authenticates_no_user(kind, lets_in: bool, who: str):
    timeline = timeline_for(for_users(), f"{RDP}{who}", Peer(kind))
    nobody = trace(compile_design(for_users()), user_of_nobody(parse_packet(f"{RDP}{who}")))
    told = lets_in and who != " user none"
    assert timeline.course == (("blocked", "protected") if told else nobody.outcomes.peer_with_ipsec)
    assert nobody.outcomes.peer_with_ipsec == ("blocked", "blocked")
    assert str(timeline.trace.packet) == f"{RDP}{who}"
    assert timeline.reason.startswith("IKE has no extended mode") is (kind == "ike" and who != " user none")
    assert timeline_for(for_users(), IN, Peer(kind)).course == ("blocked", "protected"), "no rule asks for users"


def test_a_peer_with_ikev2_authenticates_no_user():
    made = for_users(keying_modules=["AuthIP", "IKEv2"], main_mode=WITH_IKEV2.main_mode)
    assert timeline_for(made, IN, Peer("ikev2")).course == ("blocked", "protected")
    timeline = timeline_for(made, RDP, Peer("ikev2"))
    assert (timeline.course, timeline.agreement) == (("blocked", "blocked"), None)
    assert timeline.reason.startswith("IKEv2 has no extended mode")


def test_it_is_said_why_a_peer_without_extended_mode_is_not_let_in():
    (event,) = timeline_for(for_users(), RDP, Peer("ike")).events
    assert (event.outcome, event.title) == ("blocked", "Is dropped")
    assert event.detail == (
        "IKE has no extended mode, so that no user is authenticated. Blocked: who may connect does not name its user "
        "(users: members of S-1-5-21-1-2-3-1104 may connect)."
    )
    assert event.page.endswith("/remote-identity-authorization")


def test_what_is_said_of_the_machine_counts_without_extended_mode():
    machines = for_users(rules=[{"name": "base"}, {**ONE_USER, "name": "RDP", "users": "", "machines": f"O:LSD:{DC}"}])
    for who, settled in (("", "protected"), (" machine DC", "protected"), (" machine none", "blocked")):
        assert timeline_for(machines, f"{RDP}{who}", Peer("ike")).course == ("blocked", settled)


DC = "(A;;CC;;;DC)"


def test_policy_that_is_found_without_extended_mode_tells_no_user():
    """The rule for users inherits the design's negotiation; its traffic is negotiated by the base rule's own."""
    base = {"name": "base", "mode": "require", "negotiation": {"keying_modules": ["AuthIP"]}}
    made = for_users(rules=[base, {"name": "RDP", "mode": "inherit", **ONE_USER}])
    timeline = timeline_for(made, RDP, Peer("authip"))
    assert timeline.course == ("blocked", "blocked")
    assert timeline.reason.startswith("AuthIP is agreed on without extended mode")
    assert timeline_for(made, IN, Peer("authip")).course == ("blocked", "protected")


def test_extended_mode_that_is_anonymous_tells_no_user():
    nobody = for_users(extended_mode={"authentication": [{"method": "IKEEXT_ANONYMOUS"}]})
    timeline = timeline_for(nobody, RDP, Peer("authip"))
    assert timeline.course == ("blocked", "blocked")
    assert timeline.reason.startswith("extended mode is anonymous")


def test_two_designs_without_extended_mode_in_common_tell_no_user():
    ours = for_users(keying_modules=["IKE", "AuthIP"])
    theirs = with_rules({"name": "base", "mode": "require"}, keying_modules=["IKE"])
    for one, other, packet in ((ours, theirs, RDP), (theirs, ours, mirror(RDP))):
        timeline = timeline_for(one, packet, Peer(design=other))
        assert timeline.course == ("blocked", "blocked")
        assert timeline.reason.startswith("IKE has no extended mode")
    assert timeline_for(theirs, mirror(RDP), Peer(design=ours)).events[0].detail.count("At the peer: Blocked") == 1
    same = for_users(name="same")
    assert timeline_for(ours, RDP, Peer(design=same)).course == ("blocked", "protected")


@given(st.data())
def test_no_peer_without_extended_mode_gets_further_than_a_peer_without_a_user(data: st.DataObject):
    filterset = compile_design(data.draw(ruled_designs(1)))
    packet = data.draw(packets(filterset.design))
    unknown = user_of_nobody(packet)
    for kind in KINDS:
        timeline, without = (timeline_of(filterset, each, Peer(kind)) for each in (packet, unknown))
        if timeline.agreement is None or timeline.agreement.why_no_user:
            assert timeline.course == without.course
            assert without.course in trace(filterset, unknown).outcomes


def test_the_other_end_sees_the_same_packet_the_other_way():
    packet = parse_packet(IN)
    assert str(mirrored(packet)) == f"out{IN[2:]}"
    assert mirrored(mirrored(packet)) == packet


def test_ipsec_itself_and_what_is_passed_on_pass_and_it_is_said_why():
    for packet, why in (
        ("in esp 10.0.0.5 -> 10.0.0.9", "ESP is IPsec itself"),
        ("out ah 10.0.0.9 -> 10.0.0.5", "AH is IPsec itself"),
        ("in tcp 10.0.0.5:51000 -> 198.51.100.7:443 forwarded", "it passes through this host"),
    ):
        for peer in (Peer(), Peer(design=preset("nd-boundary"))):
            told = timeline_of(compile_design(preset("nd-transport")), parse_packet(packet), peer)
            (event,) = told.events
            assert (event.title, event.outcome) == ("Passes", "untouched")
            assert why in event.detail
            assert event.detail.endswith(" Nothing is negotiated.")


@pytest.mark.parametrize("modules", [("IKE",), ("AuthIP",), ("IKEv2",), ("IKE", "IKEv2"), KEYING_MODULES])
def test_the_first_peer_is_the_one_that_the_verdict_speaks_of(modules: tuple[KeyingModule, ...]):
    made = change(WITH_IKEV2, keying_modules=modules)
    for packet in (IN, OUT):
        timeline = timeline_for(made, packet, Peer())
        assert timeline.course == timeline.trace.outcomes.peer_with_ipsec
        assert timeline.course.settled == "protected"
        assert timeline.peer.name == "a peer with all keying modules"


@given(designs(3))
def test_every_design_has_a_story_with_every_kind_of_peer(design: Design):
    for text in (IN, OUT, "in icmp fe80::1 -> fe80::2"):
        for kind in KINDS:
            timeline = timeline_for(design, text, Peer(kind))
            outcomes = timeline.trace.outcomes
            assert timeline.course in outcomes
            assert timeline.course == (outcomes.peer_with_ipsec if timeline.agreement else outcomes.peer_without_ipsec)


def without_exemptions() -> st.SearchStrategy[Design]:
    return designs(0).filter(lambda design: "V4" in design.families)


@given(without_exemptions(), without_exemptions())
def test_the_story_of_two_designs_is_their_cell_of_the_matrix(ours: Design, theirs: Design):
    cell = matrix([ours, theirs])[1].cells[0]
    timeline = timeline_for(ours, OUT, Peer(design=theirs))
    assert timeline.course == (cell.first, cell.settled)
    assert (timeline.agreement.module if timeline.agreement else "") == cell.module
    seen_from_there = timeline_for(theirs, mirror(OUT), Peer(design=ours))
    assert (seen_from_there.course, seen_from_there.agreement) == (timeline.course, timeline.agreement)


def mirror(packet: str) -> str:
    return str(mirrored(parse_packet(packet)))
