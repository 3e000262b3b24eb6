"""What a policy does, in five lines."""

import pytest

from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.ui.rows.policy_picture import policy_picture
from tests.support import design, exempting, preset

PICTURES = {
    "nd-transport": ("blocked, then protected  blocked", "clear, then protected    clear"),
    "nd-boundary": ("clear, then protected    clear", "clear, then protected    clear"),
    "transport-require": ("blocked, then protected  blocked", "blocked, then protected  blocked"),
}


def pictured(of: Design) -> list[Line]:
    return policy_picture(compile_design(of))


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("families", [("V4", "V6"), ("V4",), ("V6",)])
def test_in_and_out_with_each_kind_of_peer(name: str, families: tuple[str, ...]):
    lines = pictured(change(preset(name), families=families, exemptions=()))
    assert len(lines) == 5
    assert (lines[1].text, lines[2].text) == PICTURES[name]
    assert lines[3].text == "nothing: not even ICMP"


def test_exemptions_are_named_as_far_as_there_is_room():
    named = exempting(*({"name": f"e{n}", "protocol": "tcp", "remote_ports": [n + 1]} for n in range(9)))
    assert pictured(named)[3].text == "in clear both ways: e0, e1, e2, e3, e4, e5 and 3 more"


def test_one_for_a_program_is_told_apart():
    """The transport layers cannot tell it: IPsec still negotiates for it."""
    agent = {"name": "agent", "protocol": "tcp", "program": r"C:\x.exe"}
    words = "for one program, as far as ALE decides: agent"
    assert pictured(exempting(agent))[3].text == words
    both = pictured(exempting({"name": "on", "protocol": "udp"}, agent))[3].text
    assert both == f"in clear both ways: on; {words}"


def test_what_is_switched_off_is_not_exempt():
    off = exempting({"name": "off", "protocol": "tcp", "enabled": False}, {"name": "on", "protocol": "udp"})
    assert pictured(off)[3].text == "in clear both ways: on"


def test_a_name_from_outside_is_made_visible():
    hostile = exempting({"name": "[red]x" + "y" * 300, "protocol": "tcp"})
    assert len(pictured(hostile)[3].text) < 80


def test_what_it_negotiates_with():
    assert pictured(design())[4].text == "AuthIP before IKE, KERBEROS; IPv4 and IPv6, unicast"
    assert pictured(design(keying_modules=["IKE"]))[4].text == "IKE, KERBEROS; IPv4 and IPv6, unicast"


def said(name: str) -> list[tuple[str, str]]:
    return [(line.label, " ".join(line.text.split())) for line in pictured(preset(name))[1:]]


def test_rules_are_told_one_by_one():
    assert said("nd-zones")[:10] == [
        ("Rule", "Secure zone: 192.0.2.0/24, 2001:db8:1::/48"),
        ("In  -->", "blocked, then protected blocked"),
        ("Out <--", "clear, then protected clear"),
        ("Rule", "Boundary zone: 198.51.100.0/24, 2001:db8:2::/48"),
        ("In  -->", "clear, then protected clear"),
        ("Out <--", "clear, then protected clear"),
        ("Rule", "SQL: TCP 1433 here from 192.0.2.0/24, 2001:db8:1::/48"),
        ("In  -->", "blocked, then encrypted blocked"),
        ("Out <--", "blocked, then encrypted blocked"),
        ("Elsewhere", "untouched: no rule is for it"),
    ]


def test_a_rule_for_one_network_is_told_by_a_packet_of_it():
    assert [line[0] for line in said("nd-subnet")[:4]] == ["Rule", "In  -->", "Out <--", "Elsewhere"]
    assert "untouched" not in said("nd-subnet")[1][1]


def test_beside_a_rule_for_all_there_is_no_elsewhere_and_many_rules_are_counted():
    many = [{"name": "base"}] + [
        {
            "name": f"r{n}",
            "mode": "inherit",
            "encryption": "guaranteed",
            "scope": {"protocol": "tcp", "local_ports": [n]},
        }
        for n in range(1, 7)
    ]
    lines = pictured(design(version=2, rules=many))
    assert "Elsewhere" not in [line.label for line in lines]
    assert Line("", "and 3 more") in lines
    limited = {"name": "base", "scope": {"profiles": ["private"], "interfaces": ["wireless"]}}
    (_, _, inbound, *_) = pictured(design(version=2, rules=[limited]))
    assert inbound.text.startswith("blocked, then protected")


def of_two(other: str, mode: str = "require") -> list[tuple[str, str]]:
    """Return what is told of a base rule of negotiation discovery beside one for a network."""
    rules = [
        {"name": "base", "mode": "negotiation-discovery"},
        {"name": "net", "mode": mode, "scope": {"remote_addresses": [other]}},
    ]
    return [(line.label, " ".join(line.text.split())) for line in pictured(design(rules=rules))[1:7]]


@pytest.mark.parametrize("other", ["10.0.0.0/8", "10.0.0.5", "172.16.0.0/12", "0.0.0.0/1", "2001:db8::/32"])
def test_a_rule_is_told_by_what_no_other_rule_takes(other: str):
    """The packet that one usually looks at, from 10.0.0.5, belongs to the other rule."""
    assert of_two(other) == [
        ("Rule", "base: all unicast traffic"),
        ("In  -->", "blocked, then protected blocked"),
        ("Out <--", "clear, then protected clear"),
        ("Rule", f"net: {other}"),
        ("In  -->", "blocked, then protected blocked"),
        ("Out <--", "blocked, then protected blocked"),
    ]


def test_a_rule_that_others_take_all_of_is_told_by_some_packet_of_it():
    halves = [{"name": half, "mode": "boundary", "scope": {"remote_addresses": [half]}} for half in HALVES]
    rules = [{"name": "base", "mode": "require"}, *halves]
    said = [line.text for line in pictured(design(rules=rules, families=["V4"]))[1:4]]
    assert [" ".join(text.split()) for text in said] == [
        "base: all unicast traffic",
        "clear, then protected clear",
        "clear, then protected clear",
    ]


HALVES = ("0.0.0.0/1", "128.0.0.0/1")
