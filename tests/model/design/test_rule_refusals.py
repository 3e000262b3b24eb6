"""What a rule, its scope, access lists and negotiation refuse: once, in one line, with the place and a remedy."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from ndtui.common.errors import InputError
from ndtui.model.design.access_list import MAX_SDDL, access_list, entries_of, others_in, words_of
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import design_from
from ndtui.model.vocabulary.domain_groups import Members
from ndtui.model.vocabulary.pages import PAGES
from tests.support import one_line

ALLOWED = "O:LSD:(A;;CC;;;DC)"
KERBEROS = {"method": "IKEEXT_KERBEROS"}
EXTENDED = {"extended_mode": {}}
MACHINE_LIST = "rules[0].machines"


def rule(**fields: Any) -> dict[str, Any]:
    return {"rules": [fields]}


def scope(**fields: Any) -> dict[str, Any]:
    return rule(scope=fields)


def machines(sddl: str) -> dict[str, Any]:
    return rule(machines=sddl)


def negotiation(**fields: Any) -> dict[str, Any]:
    return rule(negotiation=fields)


REFUSALS: dict[str, tuple[dict[str, Any], list[str]]] = {
    # Rules.
    "no rule": ({"rules": []}, ["rules", "protects", "negotiation-discovery, boundary, require"]),
    "a rule without any that protects": (
        rule(mode="inherit", encryption="guaranteed"),
        ["rules", "protects", "negotiation-discovery, boundary, require"],
    ),
    "no rule that is on": (rule(enabled=False), ["rules", "enabled", "protects"]),
    "two rules of one name": ({"rules": [{"name": "a"}, {"name": "a"}]}, ["rules[1].name", "'a'", "twice"]),
    "a rule without a name in characters": (rule(name=" "), ["rules[0].name", "FWP_E_NULL_DISPLAY_NAME"]),
    "an unknown mode": (rule(mode="tunnel"), ["rules[0].mode", "'tunnel'", "'boundary'"]),
    "an unknown encryption": (rule(encryption="yes"), ["rules[0].encryption", "'yes'", "'guaranteed'"]),
    "ND_SECURE and ND_BOUNDARY": (
        rule(mode="boundary", nd_secure=True),
        ["rules[0]", "nd_secure", "IPSEC_POLICY_FLAG_ND_BOUNDARY", PAGES["boundary"], "nd_secure = false"],
    ),
    "ND_SECURE without a policy": (
        {"rules": [{"name": "base"}, {"name": "b", "mode": "inherit", "encryption": "guaranteed", "nd_secure": True}]},
        ["rules[1]", "nd_secure", "inherit", "quick mode policy", "nd_secure = false"],
    ),
    "the raw context of the sample without filters at accept": (
        rule(mode="require", ale_persist_context=True),
        ["rules[0]", "ale_persist_context", "negotiation-discovery", "false"],
    ),
    "two raw contexts": (
        rule(encryption="guaranteed", ale_persist_context=True),
        ["rules[0]", "ale_persist_context", "encryption", PAGES["encryption"], "ale_persist_context = false"],
    ),
    "an addition of nothing": (
        {"rules": [{"name": "base"}, {"name": "b", "mode": "inherit"}]},
        ["rules[1]", "inherit", "adds nothing", "encryption, machines or users"],
    ),
    "an addition that negotiates": (
        {"rules": [{"name": "base"}, {"name": "b", "mode": "inherit", "machines": ALLOWED, "negotiation": {}}]},
        ["rules[1]", "negotiation", "inherit", "leave it out"],
    ),
    "a weight range of exemptions": (rule(weight_range=12), ["rules[0].weight_range", "11", "12"]),
    "a weight range of nothing": (rule(weight_range=0), ["rules[0].weight_range", "1", "0"]),
    "users without extended mode": (
        rule(users=ALLOWED),
        ["rules[0].users", "extended mode", PAGES["remote-identity"], "extended_mode", "machines"],
    ),
    "users without extended mode in the rule's own negotiation": (
        {**rule(users=ALLOWED, negotiation={}), **EXTENDED},
        ["rules[0].users", "extended mode"],
    ),
    # Scopes.
    "ports of any protocol": (scope(local_ports=[1433]), ["rules[0].scope", "ports", "any", "tcp or udp"]),
    "ports of GRE": (scope(protocol=47, remote_ports=[1]), ["rules[0].scope", "ports", "47", "tcp or udp"]),
    "either port of one": (
        scope(protocol="tcp", local_ports=[443], either_port=True),
        ["rules[0].scope", "either_port", "local_ports and remote_ports", "name both"],
    ),
    "addresses of no common family": (
        scope(local_addresses=["192.0.2.1"], remote_addresses=["2001:db8::1"]),
        ["rules[0].scope", "local_addresses and remote_addresses", "family"],
    ),
    "an address of a family left out": (
        {"families": ["V4"], **scope(remote_addresses=["2001:db8::/32"])},
        ["rules[0].scope.remote_addresses", "2001:db8::/32", "'base'", "V6", "families"],
    ),
    "a profile twice": (scope(profiles=["domain", "domain"]), ["rules[0].scope.profiles", "twice", "once"]),
    "an unknown profile": (scope(profiles=["work"]), ["rules[0].scope.profiles[0]", "'work'", "'domain'"]),
    "an interface twice": (scope(interfaces=["lan", "lan"]), ["rules[0].scope.interfaces", "twice", "once"]),
    "an unknown interface": (scope(interfaces=["wifi"]), ["rules[0].scope.interfaces[0]", "'wifi'", "'wireless'"]),
    # Access lists.
    "a name in place of a list": (machines("CORP\\Admins"), [MACHINE_LIST, "CORP", "O:LSD:(A;;CC;;;S-1-5-21-"]),
    "a list without D:": (machines("O:LS(A;;CC;;;DC)"), [MACHINE_LIST, "no access list"]),
    "flags that SDDL does not know": (
        machines("O:LSD:FOO(A;;CC;;;DC)"),
        [MACHINE_LIST, "'FOO' stands outside the entries"],
    ),
    "a SID of more than 32 bits": (machines("O:LSD:(A;;CC;;;S-1-5-21-1-2-3-4294967296)"), [MACHINE_LIST, "is no SID"]),
    "an authority of more than 48 bits": (
        machines("O:LSD:(A;;CC;;;S-1-281474976710656-1)"),
        [MACHINE_LIST, "is no SID"],
    ),
    "an owner that is none": (machines("O:ZZD:(A;;CC;;;DC)"), [MACHINE_LIST, "'ZZ'", "S-1-5-21-"]),
    "something beside the entries": (machines("D:(A;;CC;;;DC)S:"), [MACHINE_LIST, "'S:'", "brackets"]),
    "an entry of five parts": (machines("D:(A;CC;;;DC)"), [MACHINE_LIST, "(A;CC;;;DC)", "5 parts", "five semicolons"]),
    "an entry that audits": (machines("D:(AU;;CC;;;DC)"), [MACHINE_LIST, "allows (A)", "denies (D)"]),
    "an entry about objects": (
        machines("D:(A;;CC;6f0d28a9-0d3e-4ffc-a4f9-4f9d05a3e3d0;;DC)"),
        [MACHINE_LIST, "kind of object", "empty"],
    ),
    "another right": (machines("D:(A;;GR;;;DC)"), [MACHINE_LIST, "FWP_ACTRL_MATCH_FILTER", "write CC"]),
    "another right in numbers": (machines("D:(A;;0x2;;;DC)"), [MACHINE_LIST, "FWP_ACTRL_MATCH_FILTER", "write CC"]),
    "no SID": (machines("D:(A;;CC;;;Admins)"), [MACHINE_LIST, "'Admins'", "S-1-5-21-", "DC"]),
    "nobody is allowed": (machines("D:(D;;CC;;;DC)"), [MACHINE_LIST, "allows nobody", "add an entry"]),
    "an empty list": (machines("D:"), [MACHINE_LIST, "allows nobody"]),
    "a list too long": (machines(f"D:{'(A;;CC;;;DC)' * (MAX_SDDL // 12 + 1)}"), [MACHINE_LIST, str(MAX_SDDL)]),
    # A rule's own negotiation.
    "no keying module": (
        negotiation(keying_modules=[]),
        ["rules[0].negotiation.keying_modules is empty", '"IKE"', '"AuthIP"'],
    ),
    "a keying module twice": (
        negotiation(keying_modules=["IKE", "IKE"]),
        ["rules[0].negotiation.keying_modules", "FWP_E_DUPLICATE_KEYMOD"],
    ),
    "no method": (
        negotiation(main_mode={"ike_authentication": []}),
        ["rules[0].negotiation.main_mode.ike_authentication is empty", "IKE", "FWP_E_ZERO_LENGTH_ARRAY"],
    ),
    "no group for IKE": (
        negotiation(
            main_mode={
                "proposals": [
                    {
                        "cipher": "IKEEXT_CIPHER_AES_256",
                        "integrity": "IKEEXT_INTEGRITY_SHA_256",
                        "dh_group": "IKEEXT_DH_GROUP_NONE",
                    }
                ]
            }
        ),
        ["rules[0].negotiation.main_mode.proposals[0]", "FWP_E_INCOMPATIBLE_DH_GROUP", "choose a group"],
    ),
    "extended mode of IKE": (
        negotiation(keying_modules=["IKE"], extended_mode={}),
        ["rules[0].negotiation.extended_mode", "FWP_E_EM_NOT_SUPPORTED", PAGES["em-policy"]],
    ),
    "an unknown key": (negotiation(lifetime="static"), ["rules[0].negotiation.lifetime"]),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_once_with_the_place_and_a_remedy(case: str):
    fields, said = REFUSALS[case]
    plain = json.loads(json.dumps({"name": "test", "version": 2, **fields}))
    with pytest.raises(ValidationError) as raised:
        Design.model_validate(plain)
    # A default that hangs on a field that is refused is not an error of its own.
    assert [each["type"] for each in raised.value.errors()].count("default_factory_not_called") <= 1
    assert len([each for each in raised.value.errors() if each["type"] != "default_factory_not_called"]) == 1
    with pytest.raises(InputError) as caught:
        design_from(plain, "file.json")
    message = one_line(str(caught.value))
    assert message.startswith("file.json")
    for part in said:
        assert part in message, f"{part!r} is not in: {message}"
    assert not re.search(r"and \d+ more", message), "one problem, told once"


ACCEPTED: list[dict[str, Any]] = [
    rule(),
    rule(weight_range=1),
    rule(weight_range=11),
    rule(mode="boundary"),
    rule(encryption="guaranteed"),
    rule(ale_persist_context=True),
    {"rules": [{"name": "base"}, {"name": "b", "mode": "inherit", "machines": ALLOWED}]},
    {**rule(users=ALLOWED), **EXTENDED},
    rule(users=ALLOWED, negotiation=EXTENDED),
    scope(protocol="tcp", local_ports=[443], remote_ports=[443], either_port=True),
    scope(local_addresses=["192.0.2.1", "2001:db8::2"], remote_addresses=["2001:db8::1"]),
    scope(profiles=["public", "domain"], interfaces=["remote-access"]),
    machines("D:(A;;CC;;;DC)"),
    machines("O:SYG:BAD:P(D;;GA;;;S-1-5-21-1-2-3-1601)(A;;0x1;;;DC)"),
    machines("D:(A;;CCDC;;;AU)"),
    negotiation(keying_modules=["AuthIP"]),
]


@pytest.mark.parametrize("fields", ACCEPTED)
def test_what_stands_beside_the_refusals_is_accepted(fields: dict[str, Any]):
    Design.model_validate({"name": "test", "version": 2, **fields})


# Access lists, said and made.


def test_entries_stand_in_the_order_in_which_windows_looks():
    assert [tuple(each) for each in entries_of("D:(D;;CC;;;BG)(A;;CC;;;S-1-5-21-1-2-3-513)")] == [
        (False, "BG"),
        (True, "S-1-5-21-1-2-3-513"),
    ]


def test_a_list_in_words():
    assert words_of("D:(D;;CC;;;BG)(A;;CC;;;S-1-5-21-1-2-3-513)(A;;CC;;;DC)") == (
        "the guests of this machine may not connect; members of S-1-5-21-1-2-3-513 may connect; "
        "domain computers may connect"
    )


def test_a_list_in_words_says_whose_it_is_where_nothing_else_does():
    said = "D:(D;;CC;;;BG)(A;;CC;;;S-1-5-21-1-2-3-1104)"
    assert words_of(said, "machines") == (
        "machines with the SID of the guests of this machine may not connect; "
        "machines that are members of S-1-5-21-1-2-3-1104 may connect"
    )
    assert words_of(said, "users").endswith("users that are members of S-1-5-21-1-2-3-1104 may connect")


@pytest.mark.parametrize(
    ("sid", "whose", "said"),
    [
        ("S-1-5-21-1-2-3-512", "machines", "Domain Admins has users by default, no machines: name it in Users"),
        ("S-1-0x5-21-1-2-3-0519", "machines", "Enterprise Admins has users by default, no machines: name it in Users"),
        ("DU", "machines", "Domain Users has users by default, no machines: name it in Users"),
        ("S-1-5-21-1-2-3-515", "users", "Domain Computers has machines by default, no users: name it in Machines"),
        ("DD", "users", "Domain Controllers has machines by default, no users: name it in Machines"),
        ("S-1-5-21-1-2-3-512", "users", ""),
        ("S-1-5-21-1-2-3-515", "machines", ""),
        ("S-1-5-21-1-2-3-1512", "machines", ""),
        ("S-1-5-21-1-2-512", "machines", ""),
        ("S-1-5-80-1-2-3-512", "machines", ""),
        ("WD", "machines", ""),
    ],
)
def test_a_group_in_the_list_of_the_other_kind_is_told(sid: str, whose: Members, said: str):
    assert others_in(access_list([sid]), whose) == said


def test_a_group_that_is_denied_or_named_twice_is_not_told_of_again():
    assert others_in(access_list(["WD"], ["DA"]), "machines") == ""
    assert others_in(access_list(["DA", "S-1-5-21-1-2-3-512", "DC"]), "machines").count("Domain Admins") == 1


def test_a_list_is_made_of_sids_those_denied_first():
    made = access_list(["S-1-5-21-1-2-3-513", "DA"], ["S-1-5-21-1-2-3-1104"])
    assert made == "O:LSD:(D;;CC;;;S-1-5-21-1-2-3-1104)(A;;CC;;;S-1-5-21-1-2-3-513)(A;;CC;;;DA)"
    assert access_list(["DC"]) == ALLOWED


@pytest.mark.parametrize(
    ("allowed", "denied", "said"),
    [([], [], "allows nobody"), ([], ["DC"], "allows nobody"), (["Admins"], [], "'Admins'"), (["DC"], ["x"], "'x'")],
)
def test_a_list_that_cannot_be_made(allowed: list[str], denied: list[str], said: str):
    with pytest.raises(ValueError, match=said):
        access_list(allowed, denied)


@pytest.mark.parametrize(
    "hostile", ["DC)(A;;CC;;;WD", "S-1-5-32-544;;", "(", "S-1-5-21-\u0661-2-3", "S-1-5" + "-1" * 40]
)
def test_a_sid_cannot_smuggle_in_an_entry(hostile: str):
    with pytest.raises(ValueError, match=r"is no SID|parts|outside the entries|no access list"):
        access_list([hostile])
