"""What cannot be chosen for the Windows that a design is meant for, and what a choice says of it where it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ndtui.analysis.check.examine import check
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change, negotiation_of
from ndtui.model.design.first_windows import came_with, first_windows, not_in, since
from ndtui.model.design.proposal_sets import PROPOSAL_SETS, with_set
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.windows_versions import VERSIONS
from ndtui.model.vocabulary.algorithms import ALGORITHMS, METHODS_KNOWN
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from ndtui.ui.rows.decision_rows import decision_rows
from ndtui.ui.rows.form_fields import ChoiceField, Field, Form, ListField, Option, TextField, TicksField
from ndtui.ui.rows.rule_form import rule_form
from ndtui.ui.state.selection import Decision
from ndtui.ui.state.workbench import open_workbench
from tests.forms import forms_in
from tests.negotiations import negotiating_designs
from tests.support import design

PARTS = ("IKE", "algorithms", "main_mode", "quick_mode", "extended_mode")
STORE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
CERTIFICATE = {"method": "IKEEXT_CERTIFICATE", "inbound": STORE, "outbound": STORE}
GROUP_14 = {
    "cipher": "IKEEXT_CIPHER_AES_256",
    "integrity": "IKEEXT_INTEGRITY_SHA_256",
    "dh_group": "IKEEXT_DH_GROUP_14",
}
ECP = {**GROUP_14, "dh_group": "IKEEXT_DH_ECP_256"}


def roots_of(of: Design) -> list[Form[Any]]:
    """Return the forms of what a design negotiates, and those of its rules."""
    workbench = open_workbench(of, None)
    return [*(DECISION_FORMS[part](workbench) for part in PARTS), *(rule_form(workbench, each) for each in of.rules)]


def every_form(of: Design) -> Iterator[Form[Any]]:
    """Yield every form that a design's leads to, those that add to a list too."""
    for root in roots_of(of):
        for form, _ in forms_in(root, None):
            yield form
            yield from (each.form(None, form.values) for each in form.fields if isinstance(each, ListField))


def field_of(form: Form[Any], name: str) -> Any:
    return next(each for each in form.fields if each.id == name)


def main_mode(of: Design) -> Form[Any]:
    return DECISION_FORMS["main_mode"](open_workbench(of, None))


def adding(form: Form[Any], name: str) -> Form[Any]:
    made: Form[Any] = field_of(form, name).form(None, form.values)
    return made


def held(form: Form[Any], field: Field, option: Option) -> bool:
    value = form.values[field.id]
    return not form.new and (option.id in value if isinstance(field, TicksField) else option.id == value)


# -- what cannot be chosen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("windows", VERSIONS)
def test_nothing_can_be_chosen_in_any_form_that_the_windows_does_not_have(windows: str):
    own = {"keying_modules": ["IKE", "AuthIP"], "extended_mode": {}}
    of = design(windows=windows, rules=[{"name": "a", "negotiation": own}], **own)
    asked = set()
    for form in every_form(of):
        refused = form.refuse(form.values)
        for field in form.fields:
            for option in field.options if isinstance(field, ChoiceField | TicksField) else ():
                newer = VERSIONS.index(first_windows(option.id)) > VERSIONS.index(windows)
                asked |= {option.id} if newer else set()
                said = refused.get((field.id, option.id), "")
                assert not newer or said or held(form, field, option), (form.title, option.id)
                assert newer or option.brings or "Windows" not in said, option.id
    missing = {
        "Vista": {"IKEv2", "IKEEXT_DH_GROUP_14", "IPSEC_PFS_24", "IKEEXT_EAP", "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY"}
    }
    assert missing.get(windows, set()) <= asked


def test_with_no_target_nothing_is_refused_for_its_age():
    of = design(keying_modules=["IKE", "AuthIP", "IKEv2"], main_mode={"ikev2_authentication": [CERTIFICATE]})
    for form in every_form(of):
        assert not [each for each in form.refuse(form.values).values() if "Windows" in each]


def test_the_reason_stands_at_what_cannot_be_chosen():
    form = adding(main_mode(design(windows="7")), "proposals")
    assert form.refuse(form.values)["dh_group", "IKEEXT_DH_GROUP_14"] == "not in Windows 7: since Windows 8"
    assert ("dh_group", "IKEEXT_DH_GROUP_2048") not in form.refuse(form.values)


def test_what_a_form_refuses_by_itself_is_still_refused():
    form = adding(main_mode(design(windows="7")), "ike_authentication")
    assert form.refuse(form.values)["method", "IKEEXT_NTLM_V2"] == "AuthIP only"
    both = adding(main_mode(design(windows="Vista")), "ike_authentication")
    assert both.refuse(both.values)["method", "IKEEXT_EAP"] == "IKEv2 only"  # whatever Windows it is


def test_a_rule_follows_the_target_of_the_design():
    of = design(windows="7", rules=[{"name": "a", "negotiation": {}}])
    rule = rule_form(open_workbench(of, None), of.rules[0])
    parts = field_of(rule, "negotiation")
    modules = parts.form("modules", of.rules[0].negotiation)
    assert modules.refuse(modules.values) == {("modules", "IKEv2"): "not in Windows 7: since Windows 8"}
    main = parts.form("main_mode", of.rules[0].negotiation)
    form = adding(main, "proposals")
    assert ("dh_group", "IKEEXT_DH_GROUP_14") in form.refuse(form.values)


# -- what is there stays ---------------------------------------------------------------------------------------------


def test_a_choice_that_is_there_stays_and_can_be_taken_out_and_back():
    of = design(windows="7", main_mode={"proposals": [GROUP_14]})
    main = main_mode(of)
    form = field_of(main, "proposals").form(of.main_mode.proposals[0], main.values)
    assert ("dh_group", "IKEEXT_DH_GROUP_14") not in form.refuse(form.values)
    options = {each.id: each for each in field_of(form, "dh_group").options}
    assert options["IKEEXT_DH_GROUP_14"].note == "not in Windows 7: since Windows 8"
    assert ("dh_group", "IKEEXT_DH_GROUP_24") in form.refuse(form.values)
    assert form.make(form.values) == of.main_mode.proposals[0]
    assert form.make({**form.values, "dh_group": "IKEEXT_DH_ECP_256"}).dh_group == "IKEEXT_DH_ECP_256"


def test_a_box_that_is_ticked_stays_and_can_be_unticked():
    notify, dictate = (f"IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_{what}_KEY" for what in ("NOTIFY", "DICTATE"))
    form = DECISION_FORMS["quick_mode"](open_workbench(design(windows="7", quick_mode={"flags": [notify]}), None))
    refused = form.refuse(form.values)
    assert ("flags", dictate) in refused
    assert ("flags", notify) not in refused
    note = next(each.note for each in field_of(form, "flags").options if each.id == notify)
    assert note == "not in Windows 7: since Windows 8"
    assert form.make({**form.values, "flags": ()}).quick_mode.flags == ()


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(negotiating_designs())
def test_forms_of_any_target_that_are_only_looked_at_change_nothing(of: Design):
    meant = Design.model_validate({**dict(of), "windows": "Vista"})
    for form, other in zip(roots_of(of), roots_of(meant), strict=True):
        for plain, limited in zip(forms_in(form, None), forms_in(other, None), strict=True):
            made, same = plain[0].make(plain[0].values), limited[0].make(limited[0].values)
            assert made == same or isinstance(made, Design)


# -- members that are no options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ({"method": "IKEEXT_KERBEROS"}, "proxy", "kdc.example.com"),
        (CERTIFICATE, "certificate_url", "http://pki.example.com/a.cer"),
    ],
)
def test_a_text_that_the_windows_does_not_have_cannot_be_written(method: dict[str, Any], name: str, value: str):
    def form_of(windows: str | None, **more: str) -> Form[Any]:
        of = design(windows=windows, keying_modules=["IKE"], main_mode={"ike_authentication": [{**method, **more}]})
        main = main_mode(of)
        form: Form[Any] = field_of(main, "ike_authentication").form(of.main_mode.ike_authentication[0], main.values)
        return form

    form = form_of("Vista")
    reason = not_in("Vista", name)
    assert reason
    field = field_of(form, name)
    assert isinstance(field, TextField)
    assert field.hint == reason
    assert reason in field.help
    with pytest.raises(ValueError, match=reason):
        form.make({**form.values, name: value})
    assert getattr(form_of(None).make({**form.values, name: value}), name) == value
    there = form_of("Vista", **{name: value})
    assert getattr(there.make(there.values), name) == value
    assert getattr(there.make({**there.values, name: ""}), name) == ""


def test_a_time_that_the_windows_does_not_have_cannot_be_written_but_none_can():
    form = main_mode(design(windows="Vista"))
    assert form.make({**form.values, "retransmit_seconds": "0"}).main_mode.retransmit_seconds == 0
    with pytest.raises(ValueError, match="Sends again: not in Windows Vista: since Windows 7"):
        form.make({**form.values, "retransmit_seconds": "2min"})


def test_criteria_that_the_windows_does_not_have_cannot_be_added():
    of = design(windows="7", keying_modules=["IKE"], main_mode={"ike_authentication": [CERTIFICATE]})
    main = main_mode(of)
    form = field_of(main, "ike_authentication").form(of.main_mode.ike_authentication[0], main.values)
    field = field_of(form, "inbound_criteria")
    assert field.empty == "not in Windows 7: since Windows 8"
    criteria = field.form(None, form.values)
    made = criteria.make({**criteria.values, "key_usages": "1.3.6.1.5.5.8.2.2"})
    with pytest.raises(ValueError, match="not in Windows 7: since Windows 8"):
        form.make({**form.values, "inbound_criteria": (made,)})
    kerberos = {**form.values, "inbound_criteria": (made,), "method": "IKEEXT_KERBEROS"}
    assert form.make(kerberos).inbound_criteria == ()  # they are hidden then, and left out


# -- one source ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("windows", VERSIONS)
@pytest.mark.parametrize("name", [name for name in ALGORITHMS if name.startswith("IKEEXT_DH_")])
def test_what_can_be_chosen_is_what_no_finding_is_about(windows: Any, name: str):
    of = design(windows=windows, keying_modules=["AuthIP"], main_mode={"proposals": [{**ECP, "dh_group": name}]})
    found = [each for each in check(compile_design(of)) if each.id == "too-new"]
    form = adding(main_mode(of), "proposals")
    assert bool(found) == (("dh_group", name) in form.refuse(form.values))
    assert not found or came_with(name) in found[0].why


def test_since_which_windows_stands_at_every_choice_that_not_each_has():
    of = design(keying_modules=["IKE", "AuthIP", "IKEv2"], main_mode={"ikev2_authentication": [CERTIFICATE]})
    seen = set()
    for form in every_form(of):
        for field in form.fields:
            for option in field.options if isinstance(field, ChoiceField | TicksField) else ():
                if first_windows(option.id) != VERSIONS[0]:
                    seen.add(option.id)
                    assert since(option.id).removeprefix("Windows ") in f"{option.title} {option.note} {option.help}"
    known = ALGORITHMS.keys() | METHODS_KNOWN.keys()
    assert {name for name in known if first_windows(name) != VERSIONS[0]} <= seen


@pytest.mark.parametrize("windows", VERSIONS)
def test_a_set_with_an_algorithm_that_the_windows_does_not_have_cannot_be_taken_over(windows: Any):
    """The set that a design has stays; what taking over one would bring is what the checker says of it."""
    own = design(windows=windows, main_mode={"proposals": [ECP]})
    by_authip = Negotiation.model_validate({**dict(negotiation_of(own)), "keying_modules": ["AuthIP"]})
    form = DECISION_FORMS["algorithms"](open_workbench(own, None))
    refused = {option: why for (_, option), why in form.refuse(form.values).items() if "Windows" in why}
    for each in PROPOSAL_SETS:
        taken = change(own, **dict(with_set(by_authip, each.id)))
        found = [f for f in check(compile_design(taken)) if f.id == "too-new"]
        assert bool(found) == (each.id in refused), each.id
    if windows == "7":
        assert refused == {"modern": "not in Windows 7: group 14 since Windows 8"}
        there = DECISION_FORMS["algorithms"](open_workbench(design(windows=windows), None))
        assert there.values["set"] == "modern"
        assert ("set", "modern") not in there.refuse(there.values)


def test_the_row_of_a_keying_module_says_that_the_windows_does_not_have_it():
    def row(windows: Any) -> Decision:
        rows = decision_rows(design(windows=windows))
        return next(each for each in rows if isinstance(each, Decision) and each.id == "IKEv2")

    assert row("7").text == "[ ] IKEv2  not in Windows 7: since Windows 8"
    assert row("7").help.endswith("It is not in Windows 7: since Windows 8.")
    assert row("8").text == row(None).text == "[ ] IKEv2"
