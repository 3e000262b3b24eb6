"""Traces under rules: encryption, who may connect, networks, what an outcome is owed to, and what nobody documents."""

from typing import Any

import pytest

from ndtui.analysis.trace import Trace, filter_index, trace
from ndtui.analysis.trace.packet_way import way_of
from ndtui.analysis.trace.trace_json import trace_document
from ndtui.analysis.trace.trace_wording import because, notes, sentence
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from tests.support import design, exempting, preset

GROUP = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)"
BASE = {"name": "base", "mode": "negotiation-discovery"}
SQL = {"protocol": "tcp", "local_ports": [1433]}
IN, OUT = "in tcp 10.0.0.5:51000 -> 10.0.0.9:1433", "out tcp 10.0.0.9:1433 -> 10.0.0.5:51000"
T, A = "FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT"


def ruled(*rules: dict[str, Any], **fields: Any) -> Design:
    return design(version=2, rules=[{"name": f"r{n}", **rule} for n, rule in enumerate(rules)], **fields)


def traced(of: Design, packet: str) -> Trace:
    return trace(compile_design(of), parse_packet(packet))


def ends(of: Design, packet: str) -> tuple[str, str]:
    """Return what becomes of a packet in the end: with a peer that can negotiate, and with one that cannot."""
    with_ipsec, without = traced(of, packet).outcomes
    return with_ipsec.settled, without.settled


ENCRYPTING = ruled(BASE, {"name": "SQL", "mode": "inherit", "scope": SQL, "encryption": "guaranteed"})


@pytest.mark.parametrize(("packet", "words"), [(IN, "accepted once an encrypted"), (OUT, "sent once it is encrypted")])
def test_guaranteed_encryption_is_required_in_both_directions_and_said(packet: str, words: str):
    found = traced(ENCRYPTING, packet)
    assert found.encrypted
    assert sentence(found).startswith("Must be protected, encrypted, and is dropped if it is not: ")
    assert words in sentence(found)
    assert ends(ENCRYPTING, packet) == ("encrypted", "blocked")
    document: Any = trace_document(found)
    assert document["encrypted"] is True
    assert document["outcome"]["peer_with_ipsec"] == {"first": "blocked", "settled": "encrypted"}


def test_beside_the_scope_of_an_encrypting_rule_nothing_changes():
    for packet in (IN, OUT):
        other = traced(ENCRYPTING, packet.replace("1433", "1434"))
        assert not other.encrypted
        assert "encrypted" not in sentence(other)
    assert ends(ENCRYPTING, OUT.replace("1433", "1434")) == ("protected", "clear")


def test_encryption_that_nothing_protects_is_blocked():
    elsewhere = {"name": "net", "mode": "require", "scope": {"remote_addresses": ["192.0.2.0/24"]}}
    alone = ruled(elsewhere, {"name": "SQL", "mode": "inherit", "scope": SQL, "encryption": "guaranteed"})
    for packet, words in (
        (IN, "nothing protects it at INBOUND_TRANSPORT, and ALE_AUTH_RECV_ACCEPT lets in only what is encrypted"),
        (OUT, "nothing protects it at OUTBOUND_TRANSPORT, and ALE_AUTH_CONNECT lets out only what is encrypted"),
    ):
        assert ends(alone, packet) == ("blocked", "blocked")
        assert words in sentence(traced(alone, packet))
        assert because(traced(alone, packet)).startswith("rule 'SQL' (inherit): ")


GUARDED = ruled(BASE, {"name": "RDP", "mode": "inherit", "scope": SQL, "machines": GROUP})


def test_who_may_connect_is_protected_and_who_may_not_is_blocked_by_name():
    assert ends(GUARDED, IN) == ("protected", "blocked")
    owed = "rule 'RDP' (inherit): test: RDP: only who may connect at ALE_AUTH_RECV_ACCEPT_V4"
    assert because(traced(GUARDED, IN)) == owed
    assert ends(GUARDED, f"{IN} unauthorized") == ("blocked", "blocked")
    refused = traced(GUARDED, f"{IN} unauthorized")
    assert sentence(refused) == (
        "Blocked: who may connect does not name it (machines: members of S-1-5-21-1-2-3-513 may connect)."
    )
    assert because(refused).startswith("rule 'RDP' (inherit): test: RDP: block who may not connect at ")


def test_who_may_connect_is_asked_of_nobody_else():
    assert ends(GUARDED, f"{IN.replace('1433', '1434')} unauthorized") == ("protected", "blocked")
    assert ends(GUARDED, f"{OUT} unauthorized") == ("protected", "clear")
    assert ends(GUARDED, f"{IN} later unauthorized") == ("protected", "clear")


def test_the_filter_that_does_not_match_says_that_the_peer_is_not_named():
    step = traced(GUARDED, f"{IN} unauthorized").step(A)
    assert step is not None
    unmet = trace_document(traced(GUARDED, f"{IN} unauthorized"))["steps"]
    reasons = [each["reason"] for own in unmet for each in own["notMatching"]]  # type: ignore[attr-defined]
    assert "wants machines: members of S-1-5-21-1-2-3-513 may connect, and the peer is none of them" in reasons


def test_encryption_and_identity_of_one_rule_go_together():
    both = ruled({"name": "SQL", "mode": "require", "scope": SQL, "machines": GROUP, "encryption": "guaranteed"})
    assert traced(both, IN).encrypted
    assert ends(both, f"{IN} unauthorized") == ("blocked", "blocked")


NETWORKS = ruled(
    {"name": "home", "mode": "require", "scope": {"profiles": ["private"], "interfaces": ["wireless"]}},
    {"name": "office", "mode": "boundary", "scope": {"profiles": ["domain"]}},
)


@pytest.mark.parametrize(
    ("words", "wanted", "rule"),
    [
        ("", ("protected", "clear"), "rule 'office' (boundary)"),
        ("profile domain interface wireless", ("protected", "clear"), "rule 'office' (boundary)"),
        ("profile private interface wireless", ("protected", "blocked"), "rule 'home' (require)"),
        ("profile private", ("untouched", "untouched"), ""),
        ("profile private interface remote-access", ("untouched", "untouched"), ""),
        ("profile public", ("untouched", "untouched"), ""),
    ],
)
def test_a_rule_is_for_its_networks(words: str, wanted: tuple[str, str], rule: str):
    for packet in (IN, OUT):
        assert ends(NETWORKS, f"{packet} {words}") == wanted
        assert because(traced(NETWORKS, f"{packet} {words}")).partition(":")[0] == rule


@pytest.mark.parametrize(
    ("of", "packet", "words"),
    [
        (NETWORKS, IN, "in the domain profile, on a LAN"),
        (NETWORKS, f"{IN} profile private", "on a LAN"),
        (NETWORKS, f"{IN} interface lan", "in the domain profile"),
        (GUARDED, IN, "from a peer who may connect"),
        (NETWORKS, f"{IN} profile private interface wireless", ""),
        (GUARDED, f"{IN} unauthorized", ""),
        (GUARDED, OUT, ""),
        (GUARDED, IN.replace("1433", "1434"), ""),
        (preset("nd-transport"), IN, ""),
    ],
)
def test_what_was_taken_for_granted_is_noted_where_a_filter_asks_for_it(of: Design, packet: str, words: str):
    said = [note for note in notes(traced(of, packet)) if "taken to be" in note]
    wanted = f"The packet was taken to be {words}: a filter asks for that, and the packet does not say."
    assert said == ([wanted] if words else [])


def test_the_base_rule_is_the_scenario_where_it_is_alone_and_a_rule_beside_others():
    assert because(traced(ruled(BASE), IN)).startswith("scenario negotiation-discovery: ")
    assert because(traced(ENCRYPTING, IN.replace("1433", "1"))).startswith("rule 'base' (negotiation-discovery): ")
    assert trace_document(traced(ENCRYPTING, IN))["rule"] == "SQL"
    assert trace_document(traced(ENCRYPTING, IN.replace("1433", "1")))["rule"] == "base"
    assert trace_document(traced(exempting({"protocol": "tcp"}), IN))["rule"] is None
    alone = ruled({"name": "all", "mode": "require"})
    assert because(traced(alone, IN)).startswith("rule 'all' (require): ")
    owed = traced(alone, IN).responsible
    assert owed is not None
    assert owed.filter.origin == Origin.rule("all")


def test_of_rules_that_tie_and_do_not_do_the_same_the_first_is_shown_and_the_tie_named():
    twins = ruled({"mode": "require", "scope": SQL}, {"mode": "boundary", "scope": SQL})
    found = traced(twins, IN)
    assert because(found).startswith("rule 'r0' (require)")
    assert any("r0: inbound transport and test: r1: inbound transport weigh the same" in note for note in notes(found))


@pytest.mark.parametrize("ports", [("5-6", "6-7"), ("6-7", "5-6")])
def test_of_rules_that_tie_the_first_is_shown_in_whatever_order_an_index_finds_them(
    ports: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(filter_index, "_FEW", 0)
    scopes = [{"protocol": "tcp", "remote_ports": [each]} for each in ports]
    modes = ("require", "boundary")
    twins = ruled(*({"mode": mode, "scope": scope} for mode, scope in zip(modes, scopes, strict=True)))
    assert because(traced(twins, "out tcp 10.0.0.9:1 -> 10.0.0.5:6")).startswith("rule 'r0' (require)")


def test_main_and_quick_mode_find_the_policy_of_the_rule_that_covers_the_packet():
    own = {"name": "net", "mode": "require", "scope": {"remote_addresses": ["192.0.2.0/24"]}}
    filterset = compile_design(ruled(BASE, own))
    for peer, rule in (("192.0.2.5", "net: "), ("10.0.0.5", "")):
        keying = way_of(filterset, trace(filterset, parse_packet(f"in tcp {peer}:1 -> 10.0.0.9:2"))).keying
        assert keying is not None
        quick = keying.stages[1]
        assert quick.modules == ("IKE", "AuthIP")
        assert [each.label for each in quick.filters] == [f"{rule}IKE quick mode", f"{rule}AuthIP quick mode"]


# -- packets that do not meet every layer, and what no document says ---------------------------------------------------


def test_an_icmp_error_is_not_held_to_what_ale_requires():
    bare = design()
    error, echo = "in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4", "in icmp 10.0.0.5 -> 10.0.0.9"
    assert ends(bare, error) == ("protected", "clear")
    assert ends(bare, echo) == ("protected", "blocked")
    assert traced(bare, error).step(A) is None
    assert any(note.startswith("An ICMP error does not meet the ALE layers") for note in notes(traced(bare, error)))
    assert not any("ICMP error" in note for note in notes(traced(bare, echo)))


@pytest.mark.parametrize("protocol", ["esp", "ah"])
@pytest.mark.parametrize("way", ["in", "out"])
def test_esp_and_ah_are_ipsec_itself_whatever_is_exempt(protocol: str, way: str):
    for of in (design(), exempting({"protocol": 50}, {"protocol": 51})):
        found = traced(of, f"{way} {protocol} 10.0.0.5 -> 10.0.0.9")
        assert found.responsible is None
        assert sentence(found) == (
            f"Not touched by this policy: {protocol.upper()} is IPsec itself, and what it protects meets the transport "
            "layers decrypted."
        )


@pytest.mark.parametrize(
    ("of", "packet", "words"),
    [
        (design(), f"{IN} loopback", "Whether IPsec's callouts do that with loopback traffic is not documented."),
        (
            design(),
            "out udp 10.0.0.9:5353 -> 224.0.0.251:5353",
            "Whether filters see the type of the group's address, as is taken here, or that of the sender's, is not "
            "documented.",
        ),
        (
            design(sublayer={"kind": "own", "weight": 65535}),
            "in udp 10.0.0.5:500 -> 10.0.0.9:500",
            "In which sublayer BFE has its own exemptions for IKE is not documented: it is taken to be "
            "the universal one.",
        ),
        (
            exempting({"protocol": "tcp", "layers": [T, A]}),
            IN,
            "What IPsec does with the answers, which OUTBOUND_TRANSPORT still hands to it, is not documented.",
        ),
    ],
)
def test_what_no_document_says_is_said_with_the_outcome(of: Design, packet: str, words: str):
    assert sentence(traced(of, packet)).endswith(words)


@pytest.mark.parametrize(
    ("of", "packet"),
    [
        (design(), IN),
        (preset("nd-transport"), "in icmp 10.0.0.5 -> 10.0.0.9 loopback"),
        (design(), "in udp 10.0.0.5:5353 -> 224.0.0.251:5353"),
        (design(), "in udp 10.0.0.5:500 -> 10.0.0.9:500"),
        (exempting({"protocol": "tcp"}), IN),
    ],
)
def test_what_is_documented_is_said_to_be_nothing_else(of: Design, packet: str):
    assert "not documented" not in sentence(traced(of, packet))
