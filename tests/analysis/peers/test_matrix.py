"""The matrix: Microsoft's textbook picture, and one design after the other that negotiation fails on."""

from dataclasses import FrozenInstanceError
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.peers.matrix import UNMANAGED, Cell, matrix
from ndtui.analysis.peers.windows_firewall import NAME, windows_firewall
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


def cell(initiator: Design, responder: Design) -> Cell:
    """Return the cell of two hosts, which stands second of the sixteen that two designs and the usual two make."""
    return matrix([initiator, responder])[1]


def of_pairs(*designs: Design) -> dict[tuple[str, str], Cell]:
    """Return the cells of some designs by the names of their hosts."""
    return {(each.initiator, each.responder): each for each in matrix(designs)}


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
    cells = matrix([SECURE, BOUNDARY, REQUIRE])
    found = [(c.initiator.replace(" ", "_"), c.responder.replace(" ", "_"), c.first, c.settled) for c in cells]
    assert found == wanted


def test_what_was_chosen_is_named_in_full() -> None:
    found = cell(SECURE, REQUIRE)
    assert (found.module, found.main_mode, found.quick_mode) == ("AuthIP", MAIN, QUICK)
    assert found.why == "AuthIP was chosen with KERBEROS authentication; main mode by the responder's order"


def test_without_designs_there_are_the_hosts_that_anybody_meets() -> None:
    ours, _, _, found = matrix([])
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
    assert matrix([REQUIRE])[position].why == why


def test_a_cell_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        matrix([])[0].why = "x"  # type: ignore[misc]


def test_designs_of_one_name_keep_their_places() -> None:
    cells = matrix([SECURE, change(REQUIRE, name="nd")])
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


def test_a_common_family_is_enough_and_is_named() -> None:
    found = cell(over(SECURE, "V4"), SECURE)
    assert (found.settled, found.first) == ("protected", "blocked")
    wanted = "AuthIP was chosen with KERBEROS authentication; main mode by the responder's order, over V4 only"
    assert found.why == wanted


@pytest.mark.parametrize(
    ("initiator", "responder", "outcome", "reason"),
    [
        (SECURE, SECURE, "clear", "clear is allowed over V4"),
        (REQUIRE, BOUNDARY, "clear", "clear is allowed over V6"),
        (BOUNDARY, BOUNDARY, "clear", "clear is allowed over V4 and V6"),
        (REQUIRE, REQUIRE, "blocked", "over either family one side forbids clear"),
    ],
)
def test_without_a_common_family_each_is_unmanaged_in_the_others(
    initiator: Design, responder: Design, outcome: str, reason: str
) -> None:
    one, other = over(initiator, "V4"), over(responder, "V6")
    assert failed(one, other) == f"no common address family, and {reason}"
    assert cell(one, other).settled == outcome


def test_an_unmanaged_host_is_met_in_the_families_of_the_design() -> None:
    found = of_pairs(over(SECURE, "V4"))
    assert (found["nd", UNMANAGED].settled, found[UNMANAGED, "nd"].settled) == ("clear", "blocked")


def with_rules(*rules: dict[str, object], **fields: object) -> Design:
    return Design.model_validate({"name": "srv", "version": 2, "rules": rules, **fields})


SQL = {"protocol": "tcp", "local_ports": [1433]}


def test_a_design_is_a_host_for_each_rule_that_protects() -> None:
    made = with_rules(
        {"name": "base"},
        {"name": "SQL", "mode": "require", "scope": SQL},
        {"name": "off", "mode": "boundary", "enabled": False},
        {"name": "encrypted", "mode": "inherit", "encryption": "guaranteed", "scope": SQL},
    )
    cells = matrix([made])
    assert [each.responder for each in cells[:4]] == ["srv: base", "srv: SQL", NAME, UNMANAGED]
    courses = {(each.initiator, each.responder): (each.first, each.settled) for each in cells}
    assert courses["srv: base", UNMANAGED] == ("clear", "clear")
    assert courses["srv: SQL", UNMANAGED] == ("blocked", "blocked")
    assert courses["srv: base", "srv: SQL"] == ("blocked", "protected")


def test_one_rule_that_protects_has_the_name_of_its_design() -> None:
    made = with_rules({"name": "all"}, {"name": "SQL", "mode": "inherit", "encryption": "guaranteed", "scope": SQL})
    assert [each.responder for each in matrix([made])[:3]] == ["srv", NAME, UNMANAGED]


def test_a_rule_negotiates_by_itself() -> None:
    own = {"keying_modules": ["IKE"], "main_mode": offering(SECURE, "IKEEXT_DH_GROUP_14").main_mode}
    made = with_rules({"name": "base"}, {"name": "old", "mode": "boundary", "nd_secure": False, "negotiation": own})
    found = of_pairs(made)
    base, old = found["srv: base", "srv: base"], found["srv: old", "srv: old"]
    assert (base.module, base.main_mode.endswith("ECP_384")) == ("AuthIP", True)
    assert (old.module, old.main_mode.endswith("GROUP_14")) == ("IKE", True)


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


def test_a_rule_covers_the_families_of_its_addresses() -> None:
    made = with_rules({"name": "base", "scope": {"remote_addresses": ["10.0.0.0/8"]}})
    assert cell(made, SECURE).why.endswith(", over V4 only")


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
    cells = matrix(designs)
    hosts = [*designs, windows_firewall(), None]
    assert len(cells) == len(hosts) ** 2
    for (initiator, responder), found in zip(product(hosts, hosts), cells, strict=True):
        assert found.first in ("clear", "blocked")
        assert (found.settled == "protected") == bool(found.module) == bool(found.main_mode) == bool(found.quick_mode)
        assert found.settled in ("protected", found.first)
        assert found.why
        assert "\n" not in found.why
        if initiator is None or responder is None:
            assert found.settled != "protected"
        if initiator is not None and initiator is responder:
            assert found.settled == "protected"
