"""The matrix: Microsoft's textbook picture, and one design after the other that negotiation fails on."""

from dataclasses import FrozenInstanceError, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.packet_sets.box import holds, meet
from ndtui.analysis.packet_sets.traffic_sets import boxes_of, point_of
from ndtui.analysis.peers.matrix import UNMANAGED, Cell, Pair, matrix
from ndtui.analysis.peers.timeline import Peer, timeline_of
from ndtui.analysis.peers.windows_firewall import NAME, windows_firewall
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.assertion import parse_traffic
from ndtui.model.design.authentication import AuthenticationMethod
from ndtui.model.design.design import Design, change, default_design
from ndtui.model.design.ipsec_policy import (
    ExtendedMode,
    MainMode,
    MainModeProposal,
    QuickMode,
    QuickModeProposal,
    Transform,
)
from ndtui.model.design.keying_modules import SCENARIO_MODULES
from ndtui.model.scenarios.catalogue import MODES, SCENARIOS
from ndtui.model.vocabulary.layers import FAMILIES
from tests.analysis.verify.brute_force import ruled_world
from tests.analysis.verify.small_rules import small_ruled_designs
from tests.support import ruled

SECURE = default_design("nd")
BOUNDARY = change(ruled(SECURE, mode="boundary", nd_secure=False), name="boundary")
REQUIRE = change(ruled(SECURE, mode="require", nd_secure=False), name="require")

# initiator: (first, settled) with each responder
TEXTBOOK = """
             nd                 boundary           require            firewall         unmanaged
nd           blocked/protected  clear/protected    blocked/protected  clear/clear      clear/clear
boundary     blocked/protected  clear/protected    blocked/protected  clear/clear      clear/clear
require      blocked/protected  blocked/protected  blocked/protected  blocked/blocked  blocked/blocked
firewall     blocked/blocked    clear/clear        blocked/blocked    clear/protected  clear/clear
unmanaged    blocked/blocked    clear/clear        blocked/blocked    clear/clear      clear/clear
"""

MAIN = "IKEEXT_CIPHER_AES_256 IKEEXT_INTEGRITY_SHA_384 IKEEXT_DH_ECP_384"
QUICK = (
    "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER IPSEC_AUTH_CONFIG_GCM_AES_256 IPSEC_CIPHER_CONFIG_GCM_AES_256"
    " IPSEC_PFS_ECP_384"
)


def pair(initiator: Design, responder: Design) -> Pair:
    """Return the pair of two hosts, which stands second of the sixteen that two designs and the usual two make."""
    return matrix([initiator, responder])[1]


def cell(initiator: Design, responder: Design) -> Cell:
    """Return the only cell of two hosts, of all TCP."""
    found = pair(initiator, responder)
    assert [each.traffic for each in found.cells] == [("tcp",)]
    return found.cells[0]


def of_pairs(*designs: Design) -> dict[tuple[str, str], Cell]:
    """Return the first cell of each pair of some designs, by the names of their hosts."""
    return {each[:2]: each.cells[0] for each in matrix(designs)}


def lines(found: Pair) -> list[tuple[str, str, str]]:
    """Return the cells of a pair: traffic, first packet, and how it ends."""
    return [("; ".join(each.traffic), each.first, each.settled) for each in found.cells]


def reason(initiator: Design, responder: Design) -> str:
    """Return why two hosts negotiate as they do, without whose order decided."""
    return cell(initiator, responder).why.partition("; main mode")[0]


def failed(initiator: Design, responder: Design) -> str:
    """Return why two hosts do not negotiate."""
    found = cell(initiator, responder)
    assert (found.settled, found.module, found.main_mode, found.quick_mode) == (found.first, "", "", "")
    return found.why


def methods(*names: str) -> tuple[AuthenticationMethod, ...]:
    certificate = {"inbound": "IKEEXT_CERT_CONFIG_UNSPECIFIED", "outbound": "IKEEXT_CERT_CONFIG_UNSPECIFIED"}
    extra = {"IKEEXT_PRESHARED_KEY": {"key": "env:KEY"}, "IKEEXT_SSL": certificate, "IKEEXT_CERTIFICATE": certificate}
    return tuple(AuthenticationMethod.model_validate({"method": name, **extra.get(name, {})}) for name in names)


def authenticated(design: Design, *names: str, module: str = "authip") -> Design:
    main_mode = {**dict(design.main_mode), f"{module}_authentication": methods(*names)}
    return change(design, main_mode=MainMode.model_validate(main_mode))


def extended(design: Design, *names: str) -> Design:
    return change(design, extended_mode=ExtendedMode(authentication=methods(*names)))


def offering(design: Design, *dh_groups: str) -> Design:
    proposals = tuple(
        MainModeProposal(cipher="IKEEXT_CIPHER_AES_256", integrity="IKEEXT_INTEGRITY_SHA_256", dh_group=group)
        for group in dh_groups
    )
    return change(design, main_mode=MainMode(proposals=proposals))


def quick(design: Design, *proposals: QuickModeProposal) -> Design:
    return change(design, quick_mode=QuickMode(proposals=proposals))


def test_the_textbook_picture() -> None:
    header, *rows = [line.replace("firewall", NAME.replace(" ", "_")).split() for line in TEXTBOOK.strip().splitlines()]
    wanted = [(i, r, *ways.split("/")) for i, *cells in rows for r, ways in zip(header, cells, strict=True)]
    cells = [each.cells[0] for each in matrix([SECURE, BOUNDARY, REQUIRE]) if len(each.cells) == 1]
    found = [(c.initiator.replace(" ", "_"), c.responder.replace(" ", "_"), c.first, c.settled) for c in cells]
    assert found == wanted


def test_what_was_chosen_is_named_in_full() -> None:
    found = cell(SECURE, REQUIRE)
    assert (found.module, found.main_mode, found.quick_mode) == ("AuthIP", MAIN, QUICK)
    assert found.why == "AuthIP was chosen with KERBEROS authentication; main mode by the responder's order"


def test_without_designs_there_are_the_hosts_that_anybody_meets() -> None:
    ours, _, _, found = (each.cells[0] for each in matrix([]))
    assert (ours.initiator, ours.responder, ours.first, ours.settled) == (NAME, NAME, "clear", "protected")
    assert ours.main_mode == "IKEEXT_CIPHER_AES_128 IKEEXT_INTEGRITY_SHA1 IKEEXT_DH_GROUP_NONE"
    assert ours.quick_mode == "IPSEC_TRANSFORM_ESP_AUTH IPSEC_AUTH_CONFIG_HMAC_SHA_1_96 IPSEC_PFS_NONE"
    assert (found.initiator, found.responder, found.first, found.settled) == (UNMANAGED, UNMANAGED, "clear", "clear")
    assert found.why == "neither side has a policy to negotiate with, and both sides allow clear"


@pytest.mark.parametrize(
    ("position", "why"),
    [
        (2, "unmanaged does not have a policy to negotiate with, and the initiator sends nothing in clear"),
        (6, "unmanaged does not have a policy to negotiate with, and the responder accepts nothing in clear"),
    ],
)
def test_an_unmanaged_host_is_said_to_have_no_policy(position: int, why: str) -> None:
    assert matrix([REQUIRE])[position].cells[0].why == why


def test_a_cell_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        matrix([])[0].cells[0].why = "x"  # type: ignore[misc]


def test_designs_of_one_name_keep_their_places() -> None:
    cells = [each.cells[0] for each in matrix([SECURE, change(REQUIRE, name="nd")])]
    assert [c.first for c in cells if NAME not in (c.initiator, c.responder)] == [
        "blocked", "blocked", "clear", *["blocked"] * 5, "clear"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("initiator", "responder", "module"),
    [
        (("IKE", "AuthIP"), ("IKE", "AuthIP"), "AuthIP"),
        (("IKE", "AuthIP"), ("IKE",), "IKE"),
        (("AuthIP",), ("IKE", "AuthIP"), "AuthIP"),
        (("IKE",), ("IKE", "AuthIP"), "IKE"),
    ],
)
def test_the_common_keying_module_authip_first(
    initiator: tuple[str, ...], responder: tuple[str, ...], module: str
) -> None:
    found = cell(change(SECURE, keying_modules=initiator), change(REQUIRE, keying_modules=responder))
    assert (found.module, found.settled) == (module, "protected")


@pytest.mark.parametrize(
    ("initiator", "responder", "why"),
    [
        (SECURE, SECURE, "no common keying module, and the responder accepts nothing in clear"),
        (SECURE, BOUNDARY, "no common keying module, and both sides allow clear"),
        (REQUIRE, BOUNDARY, "no common keying module, and the initiator sends nothing in clear"),
    ],
)
def test_without_a_common_module_clear_decides(initiator: Design, responder: Design, why: str) -> None:
    one, other = change(initiator, keying_modules=("IKE",)), change(responder, keying_modules=("AuthIP",))
    assert failed(one, other) == why


def test_authip_without_a_common_method_does_not_go_back_to_ike() -> None:
    why = failed(authenticated(SECURE, "IKEEXT_NTLM_V2"), REQUIRE)
    assert why == "no common AuthIP authentication method, and the responder accepts nothing in clear"


def test_the_initiators_order_of_methods_wins() -> None:
    one = authenticated(SECURE, "IKEEXT_ANONYMOUS", "IKEEXT_NTLM_V2", "IKEEXT_KERBEROS")
    other = authenticated(REQUIRE, "IKEEXT_KERBEROS", "IKEEXT_NTLM_V2")
    assert cell(one, other).why.startswith("AuthIP was chosen with NTLM_V2 authentication")
    assert cell(other, one).why.startswith("AuthIP was chosen with KERBEROS authentication")


@pytest.mark.parametrize(
    ("module", "method", "condition"),
    [
        ("AuthIP", "IKEEXT_SSL", ", if the certificates are trusted"),
        ("IKE", "IKEEXT_CERTIFICATE", ", if the certificates are trusted"),
        ("IKE", "IKEEXT_PRESHARED_KEY", ", if both have the same pre-shared key"),
        ("AuthIP", "IKEEXT_ANONYMOUS", ""),
    ],
)
def test_methods_that_need_more_than_their_name_say_so(module: str, method: str, condition: str) -> None:
    one = authenticated(change(SECURE, keying_modules=(module,)), method, module=module.lower())
    found = cell(one, one)
    assert found.settled == "protected"
    said = f"{module} was chosen with {method.removeprefix('IKEEXT_')} authentication{condition}"
    assert found.why.partition("; ")[0] == said


@pytest.mark.parametrize(
    ("modules", "groups", "choice"),
    [
        (("AuthIP",), ("ECP_384", "GROUP_14"), "by the responder's order"),
        (("IKE",), ("GROUP_14", "ECP_384"), "by the initiator's order, unless the responder chooses another"),
    ],
)
def test_whose_order_decides_on_main_mode_depends_on_the_keying_module(
    modules: tuple[str, ...], groups: tuple[str, str], choice: str
) -> None:
    """[MS-AIPS] 3.3.5.1 has the responder's order for AuthIP; in IKE the responder chooses freely (RFC 2408, 5.4)."""
    one = change(offering(SECURE, "IKEEXT_DH_GROUP_14", "IKEEXT_DH_ECP_384"), keying_modules=modules)
    other = offering(REQUIRE, "IKEEXT_DH_ECP_256", "IKEEXT_DH_ECP_384", "IKEEXT_DH_GROUP_14")
    there, back = cell(one, other), cell(other, one)
    assert there.main_mode.endswith(groups[0])
    assert back.main_mode.endswith(groups[1])
    assert there.why.endswith(f"; main mode {choice}")
    why = failed(one, offering(BOUNDARY, "IKEEXT_DH_GROUP_2"))
    assert why == "no common main mode proposal, and both sides allow clear"


OPTIONAL = "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"


def with_main_mode(design: Design, **fields: object) -> Design:
    return change(design, main_mode=MainMode.model_validate({**dict(design.main_mode), **fields}))


def test_an_authip_responder_takes_a_peer_without_a_group_where_its_policy_lets_it() -> None:
    without = offering(change(SECURE, keying_modules=("AuthIP",)), "IKEEXT_DH_GROUP_NONE")
    strict = offering(REQUIRE, "IKEEXT_DH_ECP_384")
    assert failed(without, strict).startswith("no common main mode proposal")
    lenient = with_main_mode(strict, flags=(OPTIONAL,))
    assert cell(without, lenient).main_mode.endswith("IKEEXT_DH_GROUP_NONE")
    assert failed(lenient, without).startswith("no common main mode proposal")  # the flag is for responders


@pytest.mark.parametrize("method", ["IKEEXT_NTLM_V2", "IKEEXT_ANONYMOUS"])
def test_a_method_that_needs_a_group_does_not_go_without(method: str) -> None:
    """[MS-AIPS] 3.2.4."""
    authip = change(SECURE, keying_modules=("AuthIP",))
    one = authenticated(offering(authip, "IKEEXT_DH_GROUP_NONE"), method)
    assert failed(one, one).startswith("no common main mode proposal")
    with_group = with_main_mode(
        one, proposals=offering(authip, "IKEEXT_DH_GROUP_NONE", "IKEEXT_DH_ECP_256").main_mode.proposals
    )
    assert cell(with_group, with_group).main_mode.endswith("IKEEXT_DH_ECP_256")


def test_each_keying_module_meets_by_its_own_proposals() -> None:
    groups = offering(SECURE, "IKEEXT_DH_ECP_384").main_mode.proposals
    one = with_main_mode(SECURE, ike_proposals=groups)
    assert cell(one, SECURE).module == "AuthIP"
    assert cell(one, SECURE).settled == "protected"
    ike = change(one, keying_modules=("IKE",))
    assert failed(ike, SECURE).startswith("no common main mode proposal")


def test_ikev2_meets_ikev2_alone() -> None:
    certificate = methods("IKEEXT_CERTIFICATE")
    one = change(SECURE, keying_modules=("IKEv2",), main_mode=MainMode(ikev2_authentication=certificate))
    both = change(REQUIRE, keying_modules=("IKE", "IKEv2"), main_mode=MainMode(ikev2_authentication=certificate))
    assert cell(one, both).module == "IKEv2"
    assert failed(one, REQUIRE).startswith("no common keying module")


@pytest.mark.parametrize("changed", ["cipher", "integrity", "dh_group"])
def test_a_main_mode_proposal_is_cipher_integrity_and_group(changed: str) -> None:
    weak = {"cipher": "IKEEXT_CIPHER_3DES", "integrity": "IKEEXT_INTEGRITY_MD5", "dh_group": "IKEEXT_DH_GROUP_2"}
    (proposal,) = offering(SECURE, "IKEEXT_DH_ECP_384").main_mode.proposals
    one, other = (
        change(SECURE, main_mode=MainMode(proposals=(proposal.model_copy(update=update),)))
        for update in ({}, {changed: weak[changed]})
    )
    assert failed(one, other).startswith("no common main mode proposal")


def test_lifetimes_do_not_count() -> None:
    (proposal,) = offering(SECURE, "IKEEXT_DH_ECP_384").main_mode.proposals
    longer = proposal.model_copy(update={"lifetime_seconds": 60, "quick_mode_limit": 1})
    one, other = (change(SECURE, main_mode=MainMode(proposals=(p,))) for p in (proposal, longer))
    assert cell(one, other).settled == "protected"


AH = Transform(type="IPSEC_TRANSFORM_AH", auth="IPSEC_AUTH_CONFIG_HMAC_SHA_256_128")
ESP = Transform(type="IPSEC_TRANSFORM_ESP_CIPHER", cipher="IPSEC_CIPHER_CONFIG_CBC_AES_256")


def test_quick_mode_proposals_initiators_order_and_none() -> None:
    ah, esp = QuickModeProposal(transforms=(AH,)), QuickModeProposal(transforms=(ESP,))
    assert cell(quick(SECURE, ah, esp), quick(REQUIRE, esp, ah)).quick_mode.startswith("IPSEC_TRANSFORM_AH ")
    why = failed(quick(SECURE, ah), quick(REQUIRE, esp))
    assert why == "no common quick mode proposal, and the responder accepts nothing in clear"


def test_a_quick_mode_proposal_is_its_transforms_and_pfs_group() -> None:
    both = QuickModeProposal(transforms=(AH, ESP))
    assert cell(quick(SECURE, both), quick(SECURE, both)).quick_mode == (
        "IPSEC_TRANSFORM_AH IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"
        " IPSEC_TRANSFORM_ESP_CIPHER IPSEC_CIPHER_CONFIG_CBC_AES_256 IPSEC_PFS_ECP_384"
    )
    assert cell(quick(SECURE, both), quick(SECURE, QuickModeProposal(transforms=(ESP, AH)))).settled == "protected"
    assert failed(quick(SECURE, both), quick(SECURE, QuickModeProposal(transforms=(AH,))))
    assert failed(quick(SECURE, both), quick(SECURE, both.model_copy(update={"pfs_group": "IPSEC_PFS_NONE"})))


def test_extended_mode_both_or_neither_with_a_common_method() -> None:
    one = extended(SECURE, "IKEEXT_NTLM_V2", "IKEEXT_KERBEROS")
    other = extended(BOUNDARY, "IKEEXT_KERBEROS", "IKEEXT_NTLM_V2")
    wanted = "AuthIP was chosen with KERBEROS authentication and NTLM_V2 in extended mode"
    assert (reason(one, other), cell(one, other).settled) == (wanted, "protected")
    assert failed(one, BOUNDARY) == "only the initiator has extended mode, and both sides allow clear"
    assert failed(SECURE, other) == "only the responder has extended mode, and both sides allow clear"
    why = failed(one, extended(BOUNDARY, "IKEEXT_ANONYMOUS"))
    assert why == "no common extended mode authentication method, and both sides allow clear"


def test_extended_mode_with_a_certificate_is_conditional() -> None:
    one = extended(SECURE, "IKEEXT_SSL")
    wanted = "KERBEROS authentication and SSL in extended mode, if the certificates are trusted"
    assert reason(one, one).endswith(wanted)


def test_extended_mode_does_not_count_where_ike_is_chosen() -> None:
    found = cell(extended(SECURE, "IKEEXT_KERBEROS"), change(REQUIRE, keying_modules=("IKE",)))
    assert (found.module, found.settled) == ("IKE", "protected")
    assert found.why.startswith("IKE was chosen with KERBEROS authentication; main mode by the initiator's order")


def over(design: Design, *families: str) -> Design:
    return change(design, families=families, exemptions=())


def test_what_becomes_of_each_family_is_said() -> None:
    found = pair(over(SECURE, "V4"), SECURE)
    assert lines(found) == [("v4 tcp", "blocked", "protected"), ("v6 tcp", "blocked", "blocked")]
    assert found.cells[1].why == "the initiator has no rule for it, and the responder accepts nothing in clear"


@pytest.mark.parametrize(
    ("initiator", "responder", "outcomes"),
    [
        (SECURE, SECURE, ("clear", "blocked")),
        (REQUIRE, BOUNDARY, ("blocked", "clear")),
        (BOUNDARY, BOUNDARY, ("clear", "clear")),
        (REQUIRE, REQUIRE, ("blocked", "blocked")),
    ],
)
def test_without_a_common_family_each_is_without_a_rule_in_the_others(
    initiator: Design, responder: Design, outcomes: tuple[str, str]
) -> None:
    found = pair(over(initiator, "V4"), over(responder, "V6"))
    assert lines(found) == [(f"v{n} tcp", each, each) for n, each in zip((4, 6), outcomes, strict=True)]
    assert [each.why.partition(", and")[0] for each in found.cells] == [
        "the responder has no rule for it",
        "the initiator has no rule for it",
    ]


def test_an_unmanaged_host_is_met_in_each_family() -> None:
    found = {each[:2]: lines(each) for each in matrix([over(SECURE, "V4")])}
    assert found["nd", UNMANAGED] == [("tcp", "clear", "clear")]
    assert found[UNMANAGED, "nd"] == [("v4 tcp", "blocked", "blocked"), ("v6 tcp", "clear", "clear")]


def with_rules(*rules: dict[str, object], **fields: object) -> Design:
    return Design.model_validate({"name": "srv", "version": 2, "rules": rules, **fields})


SQL = {"protocol": "tcp", "local_ports": [1433]}


ENCRYPTED = {"name": "encrypted", "mode": "inherit", "encryption": "guaranteed", "scope": SQL}


def test_every_enabled_rule_counts() -> None:
    made = with_rules(
        {"name": "base"},
        {"name": "SSH", "mode": "require", "scope": {"protocol": "tcp", "local_ports": [22]}},
        {"name": "off", "mode": "boundary", "enabled": False, "scope": {"protocol": "tcp", "local_ports": [80]}},
        ENCRYPTED,
    )
    found = {each[:2]: each for each in matrix([made])}
    assert lines(found["srv", UNMANAGED]) == [
        ("tcp", "clear", "clear"),
        ("tcp from any port 1433; tcp from any port 22", "blocked", "blocked"),
    ]
    assert lines(found[UNMANAGED, "srv"]) == [("tcp", "blocked", "blocked")]
    wide, narrow = found["srv", UNMANAGED].cells
    assert wide.initiator_rules == ("rule 'base' (negotiation-discovery)",)
    assert narrow.initiator_rules == ("rule 'encrypted' (inherit)", "rule 'SSH' (require)")
    assert narrow.responder_rules == wide.responder_rules == ()
    assert narrow.witness == "out tcp 10.0.0.9:1433 -> 10.0.0.5:443"


def test_what_a_rule_adds_that_inherits_is_told_apart() -> None:
    found = pair(SECURE, with_rules({"name": "all"}, ENCRYPTED))
    assert lines(found) == [("tcp", "blocked", "protected"), ("tcp to any port 1433", "blocked", "encrypted")]
    assert found.cells[1].responder_rules == ("rule 'encrypted' (inherit)",)
    assert found.cells[1].initiator_rules == ("scenario negotiation-discovery",)
    assert found.cells[1].witness == "out tcp 10.0.0.9:51000 -> 10.0.0.5:1433"
    assert found.cells[1].why == found.cells[0].why


def test_encryption_that_is_not_offered_counts_for_its_traffic_alone() -> None:
    lenient, strict = quick(SECURE, QuickModeProposal(transforms=(AH,))), with_rules({"name": "all"}, ENCRYPTED)
    strict = quick(strict, QuickModeProposal(transforms=(AH,)), QuickModeProposal(transforms=(ESP,)))
    found = pair(lenient, strict)
    assert lines(found) == [("tcp", "blocked", "protected"), ("tcp to any port 1433", "blocked", "blocked")]
    assert found.cells[1].why.startswith("no common quick mode proposal that encrypts")


def test_who_may_not_connect_is_told_apart_where_somebody_asks() -> None:
    guarded = {"name": "RDP", "mode": "inherit", "machines": "O:LSD:(A;;CC;;;DC)", "scope": SQL}
    made = with_rules({"name": "all"}, guarded)
    assert lines(pair(SECURE, made)) == [
        ("tcp", "blocked", "protected"),
        ("tcp to any port 1433 unauthorized", "blocked", "blocked"),
    ]
    refused = pair(SECURE, made).cells[1]
    assert refused.why == (
        "at the responder: Blocked: who may connect does not name it (machines: domain computers may connect)"
    )
    assert refused.witness.endswith(":1433 unauthorized")
    assert lines(pair(made, SECURE)) == [("tcp", "blocked", "protected")]
    without = change(SECURE, keying_modules=("IKE",), name="ike")
    apart = change(made, keying_modules=("AuthIP",))
    assert lines(pair(without, apart)) == [("tcp", "blocked", "blocked")]  # who they are makes no difference


def test_a_user_is_let_in_by_extended_mode_alone() -> None:
    guarded = {"name": "RDP", "mode": "inherit", "users": "O:LSD:(A;;CC;;;BU)", "scope": SQL}
    made = with_rules({"name": "all"}, guarded, extended_mode={})
    assert lines(pair(change(SECURE, extended_mode={}), made)) == [
        ("tcp", "blocked", "protected"),
        ("tcp to any port 1433 unauthorized", "blocked", "blocked"),
    ]
    found = pair(change(SECURE, keying_modules=("IKE",)), made)
    assert lines(found) == [("tcp", "blocked", "protected"), ("tcp to any port 1433", "blocked", "blocked")]
    assert found.cells[1].why == (
        "IKE has no extended mode, so that no user is authenticated; at the responder: Blocked: who may connect does "
        "not name its user (users: the users of this machine may connect)"
    )
    assert found.cells[1].responder_rules == ("rule 'RDP' (inherit)",)


def test_scopes_are_told_apart_from_the_rest() -> None:
    made = with_rules({"name": "net", "mode": "require", "scope": {"remote_addresses": ["10.0.0.0/8"]}})
    assert lines(pair(SECURE, made)) == [
        ("tcp", "clear", "clear"),
        ("v4 tcp from 10.0.0.0/8", "blocked", "protected"),
    ]
    assert lines(pair(made, SECURE)) == [
        ("tcp", "blocked", "blocked"),
        ("v4 tcp to 10.0.0.0/8", "blocked", "protected"),
    ]


def test_networks_are_told_apart() -> None:
    made = with_rules({"name": "home", "mode": "require", "scope": {"profiles": ["private"], "interfaces": ["lan"]}})
    assert lines(pair(SECURE, made)) == [
        ("tcp", "clear", "clear"),
        ("tcp profile private interface lan", "blocked", "protected"),
    ]


def test_rules_that_cross_in_too_many_ways_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    made = with_rules({"name": "base"}, ENCRYPTED)
    assert pair(SECURE, made).complete
    monkeypatch.setattr("ndtui.analysis.peers.connection_kinds.MOST", 1)
    assert not pair(SECURE, made).complete


def test_a_rule_negotiates_by_itself() -> None:
    own = {"keying_modules": ["IKE"], "main_mode": offering(SECURE, "IKEEXT_DH_GROUP_14").main_mode}
    scope = {"remote_addresses": ["192.0.2.0/24"]}
    old = {"name": "old", "mode": "boundary", "nd_secure": False, "negotiation": own, "scope": scope}
    both = (*SECURE.main_mode.proposals, *offering(SECURE, "IKEEXT_DH_GROUP_14").main_mode.proposals)
    responder = change(SECURE, main_mode=MainMode(proposals=both))
    found = pair(with_rules({"name": "base"}, old, keying_modules=["IKE"]), responder)
    wide, narrow = found.cells
    assert (wide.traffic, wide.module, wide.main_mode.endswith("ECP_384")) == (("tcp",), "IKE", True)
    assert (narrow.traffic, narrow.module) == (("v4 tcp to 192.0.2.0/24",), "IKE")
    assert narrow.main_mode.endswith("GROUP_14")


@pytest.mark.parametrize("addition", [{"encryption": "guaranteed"}, {"machines": "O:LSD:(A;;CC;;;DC)"}])
def test_who_has_to_encrypt_or_to_be_known_is_not_let_in_in_clear(addition: dict[str, str]) -> None:
    made = with_rules({"name": "base", "mode": "boundary", "nd_secure": False, **addition})
    found = of_pairs(made)
    out, into = found["srv", UNMANAGED], found[UNMANAGED, "srv"]
    assert (into.first, into.settled) == ("blocked", "blocked")
    assert out.first == ("blocked" if "encryption" in addition else "clear")


def test_of_a_rule_that_encrypts_only_proposals_that_do_count() -> None:
    ah, esp = QuickModeProposal(transforms=(AH,)), QuickModeProposal(transforms=(ESP,))
    made = quick(with_rules({"name": "base", "encryption": "guaranteed"}), ah, esp)
    assert cell(made, quick(SECURE, ah, esp)).quick_mode.startswith("IPSEC_TRANSFORM_ESP_CIPHER")
    assert cell(quick(SECURE, ah, esp), made).quick_mode.startswith("IPSEC_TRANSFORM_ESP_CIPHER")
    why = failed(made, quick(BOUNDARY, ah))
    assert why == "no common quick mode proposal that encrypts, and the initiator sends nothing in clear"


DESIGNS = st.builds(
    lambda scenario, modules, families, em: Design(
        name="any",
        rules=({"mode": scenario},),
        keying_modules=modules,
        families=families,
        extended_mode=ExtendedMode() if em and "AuthIP" in modules else None,
    ),
    st.sampled_from([each for each in SCENARIOS if MODES[each].protects]),
    st.sampled_from([SCENARIO_MODULES, ("IKE",), ("AuthIP",)]),
    st.sampled_from([FAMILIES, ("V4",), ("V6",)]),
    st.booleans(),
)


@given(st.lists(DESIGNS, max_size=3))
def test_what_holds_for_every_matrix(designs: list[Design]) -> None:
    pairs = matrix(designs)
    hosts = [*designs, windows_firewall(), None]
    assert len(pairs) == len(hosts) ** 2
    for (initiator, responder), met in zip(product(hosts, hosts), pairs, strict=True):
        assert met.complete
        for found in met.cells:
            assert found.first in ("clear", "blocked")
            assert (found.settled == "protected") == bool(found.module)
            assert bool(found.module) == bool(found.main_mode) == bool(found.quick_mode)
            assert found.settled in ("protected", found.first)
            assert found.why
            assert "\n" not in found.why
            if initiator is None or responder is None:
                assert found.settled != "protected"
        if initiator is not None and initiator is responder:
            assert "protected" in [found.settled for found in met.cells]


def cell_of(found: Pair, packet: Packet) -> Cell:
    """Return the cell of a connection by what the cells say: that with the narrowest traffic that it is in."""
    point = point_of(packet)
    named = [
        (cell, box)
        for cell in found.cells
        for words in cell.traffic
        for box in boxes_of(parse_traffic(f"out {words}"), "out", packet.family)
        if meet(box, point)
    ]
    narrowest = {id(cell): cell for cell, box in named if not any(box != b and holds(box, b) for _, b in named)}
    if not narrowest:  # of who may not connect nothing is said: they fare as the others do
        return cell_of(found, replace(packet, unauthorized=False))
    assert len(narrowest) == 1, (str(packet), [words for cell in narrowest.values() for words in cell.traffic])
    return next(iter(narrowest.values()))


@given(small_ruled_designs(exemptions=0), small_ruled_designs(exemptions=0), st.integers(0, 28))
def test_every_connection_is_in_a_cell_that_says_what_becomes_of_it(one: Design, other: Design, first: int) -> None:
    found, policy = pair(one, other), compile_design(one)
    assert found.complete
    connections = [p for family in FAMILIES for p in ruled_world("out", family) if p.protocol == 6 and not p.program]
    for packet in connections[first::29]:
        cell = cell_of(found, packet)
        timeline = timeline_of(policy, packet, Peer(design=other))
        clear = {"untouched": "clear", "exempt": "clear"}
        assert (cell.first, cell.settled) == tuple(clear.get(each, each) for each in timeline.course), str(packet)
        agreed = timeline.agreement
        assert ((agreed.module, agreed.quick_words) if agreed else ("", "")) == (cell.module, cell.quick_mode)
    for cell in found.cells:
        assert cell_of(found, parse_packet(cell.witness)) == cell
