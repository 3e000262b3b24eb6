"""The forms of what is negotiated: a field for every member, nothing changed by itself, nothing that is refused."""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel

from ndtui.analysis.wording.negotiation_words import method_words
from ndtui.model.design.authentication import METHODS, SIDES, AuthenticationMethod, check_methods
from ndtui.model.design.certificate_criteria import CertificateCriteria
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.ipsec_policy import (
    ExtendedMode,
    MainMode,
    MainModeProposal,
    QuickMode,
    QuickModeProposal,
    Transform,
)
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.negotiation_edits import certificates_of, common
from ndtui.model.design.proposal_sets import PROPOSAL_SETS, with_set
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.vocabulary import members
from ndtui.ui.rows.criteria_form import criteria_form, root_of
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from ndtui.ui.rows.decision_rows import decision_rows
from ndtui.ui.rows.form_fields import (
    ChoiceField,
    Form,
    IncompleteError,
    ListField,
    TextField,
    TicksField,
    Values,
)
from ndtui.ui.rows.method_form import method_form
from ndtui.ui.rows.mode_forms import algorithms_form, extended_mode_form, main_mode_form, modules_form, quick_mode_form
from ndtui.ui.rows.negotiation_parts import PART_FORMS
from ndtui.ui.rows.proposal_forms import (
    main_mode_proposal_form,
    quick_mode_proposal_form,
    refused_transforms,
    shown_transforms,
    transforms_of,
)
from ndtui.ui.rows.rule_form import rule_form
from ndtui.ui.state.selection import Decision
from ndtui.ui.state.workbench import open_workbench
from tests.forms import forms_in
from tests.negotiations import negotiating_designs

WHOLE = Negotiation.model_validate(
    {
        "keying_modules": KEYING_MODULES,
        "main_mode": {"ikev2_authentication": [certificates_of("IKEv2", ())]},
        "extended_mode": {},
    }
)


def typed(form: Form[Any], **values: Any) -> Any:
    """Return what is made of a form after some fields were changed, each with what follows from it."""
    now = dict(form.values)
    for name, value in values.items():
        now[name] = value
        now |= form.follow(name, now)
    return form.make(now)


def refusals(form: Form[Any], field: str, **values: Any) -> set[str]:
    return {option for name, option in form.refuse({**form.values, **values}) if name == field}


# -- a field for everything ------------------------------------------------------------------------------------------

#: The form of each part of what is negotiated, and the members that its fields say in other words.
FORMS: dict[type[BaseModel], tuple[Form[Any], dict[str, set[str]]]] = {
    MainMode: (main_mode_form(WHOLE), {}),
    QuickMode: (quick_mode_form(WHOLE), {}),
    ExtendedMode: (extended_mode_form(WHOLE), {}),
    AuthenticationMethod: (method_form(None, "IKE"), {}),
    CertificateCriteria: (criteria_form(None, ""), {}),
    MainModeProposal: (main_mode_proposal_form(None, (), ()), {}),
    QuickModeProposal: (quick_mode_proposal_form(None), {"transforms": {"esp_cipher", "esp_auth", "ah"}}),
}


@pytest.mark.parametrize("part", FORMS)
def test_every_member_has_a_field(part: type[BaseModel]):
    form, otherwise = FORMS[part]
    fields = {field.id for field in form.fields}
    for member in part.model_fields:
        assert otherwise.get(member, {member}) <= fields


def test_every_part_of_a_negotiation_has_a_form():
    parts = {"modules": "keying_modules", "algorithms": "main_mode"}
    assert {parts.get(part, part) for part in PART_FORMS} == set(Negotiation.model_fields)


def test_nothing_of_a_design_can_only_be_changed_outside_the_designer():
    """What has no row of its own stands in a list, or in the form of the name."""
    persistent = Design(name="test", lifetime="persistent")  # of others it is not said what is before BFE
    rows = {row.id for row in decision_rows(persistent) if isinstance(row, Decision)}
    lists = {"rules": "add_rule", "exemptions": "add", "assertions": "add_test", "suppressions": "add_accepted"}
    elsewhere = {
        **lists,
        "id": "name",
        "description": "name",
        "keying_modules": "IKE",
        "families": "V4",
        "peers": "windows",
    }
    for member in set(Design.model_fields) - {"format", "version"}:
        assert elsewhere.get(member, member) in rows
    fields = {field.id for field in DECISION_FORMS["name"](open_workbench(Design(name="test"), None)).fields}
    assert {"name", "id", "description"} <= fields
    said = {field.id for field in rule_form(open_workbench(Design(name="test"), None), None).fields}
    words = {"enabled": "applies", "nd_secure": "flags", "ale_persist_context": "flags", "encryption": "protection"}
    assert {words.get(each, each) for each in Rule.model_fields} - {"scope"} <= said


_STORE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
CERTIFICATE = {"method": "IKEEXT_CERTIFICATE"}
ROOTED = {**CERTIFICATE, "roots": ("subject:CN=R",)}
CHANGES: list[tuple[type[BaseModel], dict[str, Any], str, Any]] = [
    (MainMode, {"lifetime": "4h"}, "proposals.0.lifetime_seconds", 14400),
    (
        MainMode,
        {"flags": ("IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH",)},
        "flags.0",
        "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH",
    ),
    (MainMode, {"impersonation": "IKEEXT_IMPERSONATION_NONE"}, "impersonation", "IKEEXT_IMPERSONATION_NONE"),
    (MainMode, {"max_dynamic_filters": "7"}, "max_dynamic_filters", 7),
    (MainMode, {"retransmit_seconds": "3min"}, "retransmit_seconds", 180),
    (MainMode, {"proof": "certificate", "proof_roots": "CN=A; CN=B"}, "authip_authentication.0.method", "IKEEXT_SSL"),
    (
        MainMode,
        {"proof": "certificate", "proof_roots": "CN=A; CN=B"},
        "ikev2_authentication.0.roots",
        ("subject:CN=A", "subject:CN=B"),
    ),
    (QuickMode, {"pfs": "IPSEC_PFS_NONE"}, "proposals.2.pfs_group", "IPSEC_PFS_NONE"),
    (QuickMode, {"lifetime": "30min"}, "proposals.1.lifetime_seconds", 1800),
    (QuickMode, {"nd_allow_clear_timeout_seconds": "5"}, "nd_allow_clear_timeout_seconds", 5),
    (QuickMode, {"idle_timeout_seconds": "10min"}, "idle_timeout_seconds", 600),
    (QuickMode, {"idle_timeout_failover_seconds": "30"}, "idle_timeout_failover_seconds", 30),
    (ExtendedMode, {"impersonation": "IKEEXT_IMPERSONATION_NONE"}, "impersonation", "IKEEXT_IMPERSONATION_NONE"),
    (AuthenticationMethod, {"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}, "key", "env:KEY"),
    (AuthenticationMethod, {"proxy": "kdc.example.com"}, "proxy", "kdc.example.com"),
    (AuthenticationMethod, CERTIFICATE, "inbound", "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"),
    (AuthenticationMethod, ROOTED, "outbound", "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"),
    (AuthenticationMethod, ROOTED, "roots.0", "subject:CN=R"),
    (
        AuthenticationMethod,
        {**CERTIFICATE, "outbound": "IKEEXT_CERT_CONFIG_UNSPECIFIED"},
        "outbound",
        "IKEEXT_CERT_CONFIG_UNSPECIFIED",
    ),
    (
        AuthenticationMethod,
        {**CERTIFICATE, "inbound_criteria": (CertificateCriteria(thumbprint="a" * 40),)},
        "inbound_criteria.0.thumbprint",
        "a" * 40,
    ),
    (
        AuthenticationMethod,
        {**CERTIFICATE, "outbound_criteria": (CertificateCriteria(thumbprint="b" * 40),)},
        "outbound_criteria.0.thumbprint",
        "b" * 40,
    ),
    (AuthenticationMethod, {**CERTIFICATE, "certificate_url": "http://a/b"}, "certificate_url", "http://a/b"),
    (
        AuthenticationMethod,
        {**CERTIFICATE, "flags": ("IKEEXT_CERT_AUTH_ENABLE_CRL_CHECK_STRONG",)},
        "flags.0",
        "IKEEXT_CERT_AUTH_ENABLE_CRL_CHECK_STRONG",
    ),
    (CertificateCriteria, {"root": "CN=R"}, "root", "subject:CN=R"),
    (CertificateCriteria, {"thumbprint": "AB" * 20}, "thumbprint", "ab" * 20),
    (CertificateCriteria, {"key_usages": "1.3.6.1, 2.5.29"}, "key_usages", ("1.3.6.1", "2.5.29")),
    (CertificateCriteria, {"name_type": "IKEEXT_CERT_CRITERIA_DNS", "name": "a.b"}, "name", "a.b"),
    (
        CertificateCriteria,
        {"name_type": "IKEEXT_CERT_CRITERIA_DNS", "name": "a.b"},
        "name_type",
        "IKEEXT_CERT_CRITERIA_DNS",
    ),
    (
        CertificateCriteria,
        {"flags": ("IKEEXT_CERT_FLAG_INTERMEDIATE_CA",)},
        "flags.0",
        "IKEEXT_CERT_FLAG_INTERMEDIATE_CA",
    ),
    (MainModeProposal, {"cipher": "IKEEXT_CIPHER_AES_128"}, "cipher", "IKEEXT_CIPHER_AES_128"),
    (MainModeProposal, {"integrity": "IKEEXT_INTEGRITY_SHA_256"}, "integrity", "IKEEXT_INTEGRITY_SHA_256"),
    (MainModeProposal, {"dh_group": "IKEEXT_DH_ECP_256"}, "dh_group", "IKEEXT_DH_ECP_256"),
    (MainModeProposal, {"lifetime_seconds": "4h"}, "lifetime_seconds", 14400),
    (MainModeProposal, {"quick_mode_limit": "5"}, "quick_mode_limit", 5),
    (
        QuickModeProposal,
        {"esp_cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_256"},
        "transforms.0.auth",
        "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128",
    ),
    (QuickModeProposal, {"pfs_group": "IPSEC_PFS_MM"}, "pfs_group", "IPSEC_PFS_MM"),
    (QuickModeProposal, {"lifetime_seconds": "2h"}, "lifetime_seconds", 7200),
    (QuickModeProposal, {"lifetime_kilobytes": "30000"}, "lifetime_kilobytes", 30000),
    (QuickModeProposal, {"lifetime_packets": "9"}, "lifetime_packets", 9),
]


@pytest.mark.parametrize(("part", "values", "place", "expected"), CHANGES)
def test_what_is_entered_is_what_is_made(part: type[BaseModel], values: dict[str, Any], place: str, expected: Any):
    made = typed(FORMS[part][0], **values)
    modes = {MainMode: "main_mode", QuickMode: "quick_mode", ExtendedMode: "extended_mode"}
    found = getattr(made, modes[part]) if part in modes else made
    for step in place.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    assert found == expected


def test_flags_of_quick_mode_are_boxes_with_plain_titles():
    flags = next(field for field in quick_mode_form(WHOLE).fields if field.id == "flags")
    assert isinstance(flags, TicksField)
    assert flags.options[0].title == "NAT traversal"
    made = typed(quick_mode_form(WHOLE), flags=(flags.options[0].id,))
    assert made.quick_mode.flags == ("IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL",)


def test_every_choice_has_something_said_of_it():
    for form, _ in FORMS.values():
        for field in form.fields:
            if isinstance(field, ChoiceField | TicksField):
                assert all(option.help for option in field.options), field.id
            else:
                assert field.help, field.id


# -- round trip ------------------------------------------------------------------------------------------------------


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(negotiating_designs())
def test_forms_that_are_only_looked_at_change_nothing(design: Design):
    whole = Negotiation.model_validate(dict(negotiation_of(design)))
    roots = [(part(whole), whole) for part in PART_FORMS.values()]
    workbench = open_workbench(design, None)
    roots += [(rule_form(workbench, rule), rule) for rule in design.rules]
    for root in roots:
        for form, holds in forms_in(*root):
            assert form.make(form.values) == holds
            for field in form.fields:
                if isinstance(field, ListField):
                    assert all(field.words(item) for item in form.values[field.id])


def test_a_single_proposal_that_differs_is_said_so_and_kept():
    proposals = [
        *WHOLE.quick_mode.proposals[:-1],
        {**dict(WHOLE.quick_mode.proposals[-1]), "pfs_group": "IPSEC_PFS_MM"},
    ]
    differing = Negotiation.model_validate({**dict(WHOLE), "quick_mode": {"proposals": proposals}})
    form = quick_mode_form(differing)
    assert form.values["pfs"] == ""
    assert form.make(form.values) == differing
    assert common(typed(form, pfs="IPSEC_PFS_14").quick_mode.proposals, "pfs_group") == "IPSEC_PFS_14"


# -- what Windows would refuse cannot be chosen ----------------------------------------------------------------------


def is_refused(make: Any) -> bool:
    try:
        make()
    except IncompleteError:
        return False
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    ("ah", "auth", "cipher"), tuple(product(("", "IPSEC_AUTH_CONFIG_GCM_AES_128"), (True, False), (True, False)))
)
def test_transforms_that_do_not_go_together_cannot_be_chosen(ah: str, auth: bool, cipher: bool):
    for one in members("IPSEC_CIPHER_CONFIG") if cipher else ("",):
        for other in members("IPSEC_AUTH_CONFIG") if auth else ("",):
            values = {"esp_cipher": one, "esp_auth": other, "ah": ah}
            assert is_refused(lambda v=values: transforms_of(v, ())) == (
                ("esp_auth", other) in refused_transforms(values)
            )


@pytest.mark.parametrize(
    "types", [["IPSEC_TRANSFORM_AH", "IPSEC_TRANSFORM_ESP_AUTH"], ["IPSEC_TRANSFORM_ESP_AUTH", "IPSEC_TRANSFORM_AH"]]
)
def test_transforms_stay_in_their_order(types: list[str]):
    transforms = tuple(Transform(type=each, auth="IPSEC_AUTH_CONFIG_HMAC_SHA_256_128") for each in types)
    assert transforms_of(shown_transforms(transforms), transforms) == transforms


@pytest.mark.parametrize("modules", [("IKE",), ("AuthIP",), ("IKEv2",), ("IKE", "AuthIP"), ("AuthIP", "IKEv2")])
def test_algorithms_that_a_keying_module_does_not_have_cannot_be_chosen(modules: tuple[str, ...]):
    methods = {"ikev2_authentication": [certificates_of("IKEv2", ())]}
    whole = Negotiation.model_validate({"keying_modules": modules, "main_mode": methods})
    main = main_mode_form(whole)
    for name in ("proposals", *(f"{module.lower()}_proposals" for module in modules)):
        field = next(each for each in main.fields if each.id == name)
        assert isinstance(field, ListField)
        form = field.form(None, main.values)
        for choice in ("cipher", "dh_group"):
            options = next(each.options for each in form.fields if each.id == choice)  # type: ignore[union-attr]
            for option in options:
                made = form.make({**form.values, choice: option.id})
                offered = {**main.values, name: (made,)}
                assert is_refused(lambda v=offered: main.make(v)) == (option.id in refusals(form, choice)), option.id


@pytest.mark.parametrize("module", KEYING_MODULES)
def test_methods_that_a_keying_module_does_not_have_cannot_be_chosen(module: Any):
    form = method_form(None, module)
    refused = refusals(form, "method")
    assert {option.id for option in form.fields[0].options} - refused == set(METHODS[module])  # type: ignore[union-attr]
    for method in METHODS[module]:
        check_methods(module, (AuthenticationMethod.model_construct(method=method),), "here")
    assert all(
        reason.endswith(" only") for (_, option), reason in form.refuse(form.values).items() if option in refused
    )


@pytest.mark.parametrize("modules", [("IKE",), ("AuthIP",), ("IKE", "AuthIP"), KEYING_MODULES])
def test_sets_that_a_keying_module_cannot_offer_cannot_be_chosen(modules: tuple[str, ...]):
    whole = Negotiation.model_validate({**dict(WHOLE), "keying_modules": modules, "extended_mode": None})
    refused = refusals(algorithms_form(whole), "set") - {"own"}
    assert refused == {each.id for each in PROPOSAL_SETS if is_refused(lambda name=each.id: with_set(whole, name))}


def test_kerberos_cannot_be_chosen_for_all_where_ikev2_negotiates_too():
    assert refusals(main_mode_form(WHOLE), "proof") == {"kerberos"}
    assert is_refused(lambda: typed(main_mode_form(WHOLE), proof="kerberos"))


def test_extended_mode_cannot_be_ticked_without_authip():
    whole = Negotiation.model_validate({"keying_modules": ["IKE"]})
    assert extended_mode_form(whole).refuse({}) == {("applies", "extended_mode"): "with AuthIP only"}


@pytest.mark.parametrize(
    ("form", "values", "said"),
    [
        (main_mode_form(WHOLE), {"lifetime": "0"}, "lifetime_seconds"),
        (main_mode_form(WHOLE), {"lifetime": "soon"}, "is no time"),
        (main_mode_form(WHOLE), {"retransmit_seconds": "60"}, "too short for Windows"),
        (main_mode_form(WHOLE), {"ike_authentication": ()}, "ike_authentication is empty while IKE is on"),
        (main_mode_form(WHOLE), {"max_dynamic_filters": "some"}, "is no number of filters"),
        (quick_mode_form(WHOLE), {"lifetime": "1min"}, "lifetime_seconds"),
        (modules_form(WHOLE), {"modules": ()}, "keying_modules is empty"),
        (method_form(None, "IKE"), {"method": "IKEEXT_PRESHARED_KEY", "key": "secret"}, "no reference to a secret"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_model(form: Form[Any], values: Values, said: str):
    with pytest.raises(ValueError, match=said):
        typed(form, **values)


@pytest.mark.parametrize(
    ("form", "values"),
    [
        (method_form(None, "IKE"), {"method": "IKEEXT_PRESHARED_KEY"}),
        (method_form(None, "IKEv2"), {"inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"}),
        (criteria_form(None, "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"), {}),
        (criteria_form(None, "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"), {}),
        (quick_mode_proposal_form(None), {"esp_cipher": "", "esp_auth": ""}),
    ],
)
def test_what_is_missing_is_asked_for(form: Form[Any], values: Values):
    with pytest.raises(IncompleteError):
        typed(form, **values)


def test_fields_of_other_methods_are_hidden():
    form = method_form(None, "IKE")
    shown = {field.id for field in form.fields} - set(form.hide(form.values))
    assert shown == {"method", "proxy", "flags"}
    hidden = form.hide({**form.values, "method": "IKEEXT_PRESHARED_KEY"})
    assert {"proxy", "roots", "IKEEXT_KERB_AUTH_DONT_ACCEPT_EXPLICIT_CREDENTIALS"} <= set(hidden)
    assert not {"key", "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY"} & set(hidden)


def test_roots_stand_below_what_asks_for_them_and_leave_the_other_side_alone():
    form = method_form(certificates_of("IKE", ()), "IKE")
    places = [field.id for field in form.fields]
    assert places.index("roots") > max(places.index(side) for side in SIDES)
    assert "roots" in form.hide(form.values)
    asked = {"inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"}
    assert "roots" not in form.hide({**form.values, **asked})
    made = typed(form, **asked, roots=("subject:CN=R",))
    assert (made.roots, made.outbound) == (("subject:CN=R",), "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")


@pytest.mark.parametrize(("count", "words"), [(1, "1 criterion"), (2, "2 criteria")])
def test_criteria_are_counted_in_words(count: int, words: str):
    criteria = (CertificateCriteria(thumbprint="a" * 40),) * count
    method = AuthenticationMethod(
        method="IKEEXT_CERTIFICATE", inbound=_STORE, outbound=_STORE, inbound_criteria=criteria
    )
    assert words in method_words(method).split("; ")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("CN=Root, O=Example", "subject:CN=Root, O=Example"),
        (" AB:CD" * 10, f"thumbprint:{'ABCD' * 10}"),
        ("subject: x", "subject: x"),
        ("thumbprint:" + "0" * 40, "thumbprint:" + "0" * 40),
    ],
)
def test_roots_are_typed_as_subject_or_thumbprint(text: str, root: str):
    assert root_of(text) == root


def test_a_root_with_the_separator_in_it_is_left_to_the_list():
    odd = ("subject:CN=a;b",)
    main = {"ike_authentication": [certificates_of("IKE", odd)]}
    form = main_mode_form(Negotiation.model_validate({"keying_modules": ["IKE"], "main_mode": main}))
    assert (form.values["proof"], form.values["proof_roots"]) == ("", "")
    assert isinstance(form.fields[1], TextField)


def test_methods_changed_by_hand_are_what_counts():
    form = main_mode_form(WHOLE)
    own = AuthenticationMethod(method="IKEEXT_PRESHARED_KEY", key="env:KEY")
    made = typed(form, proof="certificate", ike_authentication=(own,))
    assert made.main_mode.ike_authentication == (own,)
    assert made.main_mode.authip_authentication == (certificates_of("AuthIP", ()),)
