"""What the model refuses is said in the words of the screen: no keys of a file, no places in it, no codes and pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from ndtui.model.design.assertion import Suppression
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import WORDS
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from ndtui.ui.rows.form_fields import Form
from ndtui.ui.rows.item_forms import ITEM_FORMS
from ndtui.ui.rows.member_labels import LABELS
from ndtui.ui.rows.refusal_words import refusal_words
from ndtui.ui.rows.rule_form import rule_form
from ndtui.ui.state.workbench import open_workbench
from tests.forms import forms_in
from tests.model.design.test_refusals import REFUSALS
from tests.model.design.test_rule_refusals import REFUSALS as OF_RULES
from tests.support import design

#: What somebody wrote is quoted, and stays.
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_OF_A_FILE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|\w\[\d|FWP_E_|https?://|\w = |\bIKEEXT_|\bV[46]\b")
#: What no form lets anybody say: other constants than those that it offers, and what belongs to files alone.
_IN_FILES_ALONE = {
    "a certificate without configuration",
    "a flag of another method",
    "a flag of tunnels",
    "a root of a subject that is too long",
    "an address of certificates that is too long",
    "an unknown cipher",
    "an unknown impersonation",
    "an unknown integrity",
    "boot-time as a lifetime",
    "flags for NTLM",
}
_SHOWN = design(
    exemptions=[{"name": name, "protocol": "udp"} for name in ("DNS", "remote_addresses[0]", "NTP")],
    rules=[{"name": "base"}, {"name": "web", "scope": {"protocol": "tcp"}}],
    assertions=[{"traffic": "in icmp", "verdict": "exempt"}],
    suppressions=[{"id": "some-finding", "reason": "seen"}],
)


def refused(make: Callable[[], Any]) -> str:
    with pytest.raises(ValueError) as error:
        make()
    return refusal_words(error.value, _SHOWN)


@pytest.mark.parametrize(
    ("name", "fields"), [(name, case[0]) for of in (REFUSALS, OF_RULES) for name, case in of.items()]
)
def test_no_words_of_a_file_reach_a_screen(name: str, fields: dict[str, Any]):
    with pytest.raises(ValidationError) as error:
        design(**fields)
    said = refusal_words(error.value, _SHOWN)
    assert said.strip() == said != ""
    assert "  " not in said
    if name not in _IN_FILES_ALONE:
        assert _OF_A_FILE.findall(_QUOTED.sub("", said)) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"rules": [{}, {"name": "web", "users": "O:LSD:(A;;CC;;;DA)"}]},
            "rule 'web', Users: who the user is, is told by AuthIP's extended mode alone: switch Extended mode on, or "
            "name Machines",
        ),
        (
            {"rules": [{}, {"name": "web", "mode": "inherit"}]},
            "rule 'web': the mode As other rules adds nothing: tick Encryption, name Machines or Users, or choose a "
            "mode that protects",
        ),
        (
            {"keying_modules": ["IKE"], "extended_mode": {}},
            "Extended mode without AuthIP: an IKE policy cannot contain an Extended Mode policy: switch AuthIP on, or "
            "Extended mode off",
        ),
        ({"keying_modules": []}, "no keying module is on, and one has to negotiate"),
        ({"families": []}, "no address family is covered: choose IPv4, IPv6 or both"),
        (
            {"families": ["V4"], "exemptions": [{"name": "DNS", "remote_addresses": ["fe80::1"]}]},
            "exemption 'DNS', Remote: fe80::1 of 'DNS' is IPv6, and the design covers only IPv4: cover IPv6 too, or "
            "leave it out",
        ),
        (
            {"rules": [{"enabled": False}]},
            "Rules: none that is enabled protects anything by itself: one is needed whose mode is ND transport, "
            "ND boundary, Require both",
        ),
        (
            {"before_bfe": ["inbound"]},
            "Before BFE: boot-time filters are kept across restarts, and those of the lifetime static are not: choose "
            "the lifetime persistent, or let nothing hold before BFE",
        ),
        (
            {"main_mode": {"ike_authentication": [{"method": "IKEEXT_KERBEROS"}] * 2}},
            "Main mode: IKE names Kerberos twice: name it once",
        ),
        ({"main_mode": {"ike_authentication": []}}, "Main mode: IKE has no method while it is on: name one"),
        (
            {"rules": [{"negotiation": {"quick_mode": {"idle_timeout_seconds": 0}}}]},
            "rule 'base', Quick mode, Idle: should be at least 1 s, not 0 s",
        ),
        (
            {"exemptions": [{"name": str(number), "protocol": "quic"} for number in range(4)]},
            "exemption 'DNS', Protocol: 'quic' is no protocol: write any, icmp, tcp, udp, icmpv6, igmp, gre, esp, ah, "
            "or a number from 0 to 255 "
            "(and 3 more)",
        ),
        (
            {"rules": [{}, {"name": "b"}, {"name": "b"}]},
            "Name: 'b' is there twice: names must differ",
        ),
    ],
)  # fmt: skip
def test_what_the_model_refuses(fields: dict[str, Any], said: str):
    assert refused(lambda: design(**fields)) == said


def test_what_somebody_wrote_stays_as_it_is():
    exemptions = [{"name": each.name, "protocol": "udp"} for each in _SHOWN.exemptions]
    exemptions[1] |= {"remote_addresses": ["fe80::1"]}
    said = refused(lambda: change(_SHOWN, families=("V4",), exemptions=exemptions))
    assert said.startswith("exemption 'remote_addresses[0]', Remote: fe80::1 of 'remote_addresses[0]' is IPv6")
    said = refused(lambda: Exemption.model_validate({"name": "x", "protocol": "V4 is_no (https://a.b)"}))
    assert said.startswith("Protocol: 'V4 is_no (https://a.b)' is no protocol: ")


def test_a_field_is_called_what_its_form_calls_it():
    with pytest.raises(ValidationError) as error:
        Suppression(id="No Such", reason="seen")
    said = refusal_words(error.value, _SHOWN, {"id": "Finding"})
    assert said == "Finding: 'No Such' is no id of a finding: write it as the Findings view has it"


def test_sentences_of_forms_stay_as_they_are():
    for said in ("Say which traffic it is for: a protocol", "'x' is no weight: write a number", "names only some"):
        assert refusal_words(ValueError(said), _SHOWN) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"protocol": "tcp", "ports": "70000"}, "Ports: port 70000 is out of range: ports go from 0 to 65535"),
        ({"protocol": "tcp", "ports": "70000", "service": "elsewhere"}, "Ports: port 70000 is out of range"),
        ({"protocol": "tcp", "ports": "70000", "service": "either"}, "Ports: port 70000 is out of range"),
        ({"protocol": "tcp", "ports": "1", "other_ports": "70000"}, "Other ports: port 70000 is out of range"),
        ({"protocol": "tcp", "other_ports": "70000", "service": "elsewhere"}, "Other ports: port 70000 is"),
        ({"remote_addresses": "any"}, "Remote: 'any' is every address: leave the field empty"),
        ({"machines": "Admins"}, "Machines: 'ADMINS' is no SID"),
        ({"users": "DA"}, "rule 'web', Users: who the user is, is told by AuthIP's extended mode alone: switch"),
        ({"mode": "inherit", "flags": ()}, "the mode As other rules adds nothing: tick Encryption"),
    ],
)
def test_what_the_form_of_a_rule_refuses_names_its_fields(values: dict[str, Any], said: str):
    form = rule_form(open_workbench(_SHOWN, None), _SHOWN.rules[1])
    now = {**form.values, **values}
    now |= form.follow("ports", now)
    assert refused(lambda: form.make(now)).startswith(said)


def test_members_are_called_what_forms_call_them():
    bench = open_workbench(_with_all_kinds(), None)
    roots: list[Form[Any]] = [form(bench) for form in DECISION_FORMS.values()]
    roots += [ITEM_FORMS[field](bench, None) for field in WORDS]
    labels: set[str] = set()
    for root in roots:
        for form, _ in forms_in(root, None):
            labels |= {form.title, *(field.label for field in form.fields)}
            labels |= {option.title for field in form.fields for option in getattr(field, "options", ())}
    of_several = {"Rules", "Service either", LABELS["inbound_criteria"], LABELS["outbound_criteria"], "Methods"}
    assert set(LABELS.values()) - labels - of_several == set()


def _with_all_kinds() -> Design:
    store = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
    method = {
        "method": "IKEEXT_CERTIFICATE",
        "inbound": store,
        "outbound": store,
        "inbound_criteria": [{"thumbprint": "a" * 40}],
    }
    return design(lifetime="persistent", main_mode={"ike_authentication": [method]}, extended_mode={})
