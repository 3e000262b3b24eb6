"""The line that says a rule's traffic, and what is proposed for it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.model.design.access_list import access_list
from ndtui.model.design.design import Design
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_phrase import (
    SILENT,
    Who,
    fields_of,
    parse_rule_phrase,
    rule_phrase_of,
    scope_data,
    scope_words,
    sddl_of,
    who_of,
)
from ndtui.model.design.rule_proposal import proposed_limits, proposed_mode
from ndtui.model.design.scope import Scope
from tests.strategies import addresses, ports
from tests.support import design

SID = "S-1-5-21-1-2-3-513"


def said(text: str) -> dict[str, object]:
    return {name: value for name, value in parse_rule_phrase(text).items() if value != SILENT[name]}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("tcp 1433", {"protocol": "tcp", "ports": "1433"}),
        ("10.0.0.0/8", {"remote_addresses": "10.0.0.0/8"}),
        (
            "tcp 3389 here from 10.1.0.0/16 domain wireless",
            {
                "protocol": "tcp",
                "ports": "3389",
                "remote_addresses": "10.1.0.0/16",
                "profiles": ("domain",),
                "interfaces": ("wireless",),
            },
        ),
        ("TCP 1433 encrypted", {"protocol": "tcp", "ports": "1433", "protection": ("guaranteed",)}),
        (
            "tcp 445 to 10.0.0.5",
            {"protocol": "tcp", "ports": "445", "service": "elsewhere", "remote_addresses": "10.0.0.5"},
        ),
        (
            "tcp 445 either to 10.0.0.5",
            {"protocol": "tcp", "ports": "445", "service": "either", "remote_addresses": "10.0.0.5"},
        ),
        ("tcp local 22 10.0.0.5", {"protocol": "tcp", "ports": "22", "local_addresses": "10.0.0.5"}),
        ("tcp 22 other 1024-65535", {"protocol": "tcp", "ports": "22", "other_ports": "1024-65535"}),
        (f"tcp 22 only {SID}", {"protocol": "tcp", "ports": "22", "machines": SID}),
        (
            f"tcp 22 only {SID} {SID} not da",
            {"protocol": "tcp", "ports": "22", "machines": f"{SID}, {SID}", "not_machines": "DA"},
        ),
        (
            "tcp 22 only users du,DG encrypt",
            {"protocol": "tcp", "ports": "22", "users": "DU,DG", "protection": ("guaranteed",)},
        ),
        ("only O:SYD:(A;;GA;;;DC) lan", {"machines": "O:SYD:(A;;GA;;;DC)", "interfaces": ("lan",)}),
        ("private,domain", {"profiles": ("domain", "private")}),
        ("esp", {"protocol": "50"}),
        ("protocol gre from 10.0.0.7", {"protocol": "47", "remote_addresses": "10.0.0.7"}),
        ("protocol 47 10.0.0.7", {"protocol": "47", "remote_addresses": "10.0.0.7"}),
        ("", {}),
    ],
)
def test_what_a_line_says(text, fields):
    assert said(text) == fields


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("quic 443", "'quic' is no protocol"),
        ("tcp udp", "'udp' means nothing where it stands"),
        ("protocol tcp protocol udp", "'udp' is a second protocol: a rule has one"),
        ("tcp from", "ends after from"),
        ("tcp 22 only", "ends after only"),
        ("tcp 22 not users", "ends after not users: write a SID"),
        ("tcp 22 domain,lan", "'domain,lan' means nothing"),
        ("1433", "'1433' is no protocol"),
        (r"tcp 22 Dir\X", r"'Dir\X' means nothing where it stands"),
    ],
)
def test_a_word_that_means_nothing_is_named(text, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse_rule_phrase(text)


_SIDS = st.lists(st.sampled_from(["DC", "DG", SID, "S-1-5-32-544"]), unique=True, max_size=3)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Return a rule whose scope and access lists say anything that they can."""
    protocol = draw(st.sampled_from(["any", "icmp", "tcp", "udp", 47]))
    with_ports = protocol in ("tcp", "udp")
    own, peer = (draw(st.just([]) | ports()) if with_ports else [] for _ in range(2))
    families = draw(st.sampled_from([("V4",), ("V6",), ("V4", "V6")]))
    kept = {
        "protocol": protocol,
        "local_ports": own,
        "remote_ports": peer,
        "either_port": bool(own and peer and draw(st.booleans())),
        "local_addresses": draw(st.just([]) | addresses(families[:1])),
        "remote_addresses": draw(st.just([]) | addresses(families[:1])),
        "profiles": draw(st.sets(st.sampled_from(["domain", "private", "public"]))),
        "interfaces": draw(st.sets(st.sampled_from(["lan", "wireless", "remote-access"]))),
    }
    made = Scope.model_validate({**kept, "profiles": [*kept["profiles"]], "interfaces": [*kept["interfaces"]]})
    lists = {}
    for identity in ("machines", "users"):
        allowed, denied = draw(_SIDS), draw(_SIDS)
        lists[identity] = access_list(allowed, denied) if allowed else ""
    return Rule(mode="require", scope=made, encryption=draw(st.sampled_from(["none", "guaranteed"])), **lists)


@given(rules())
def test_the_line_of_a_rule_says_its_scope_encryption_and_who_may_connect(rule: Rule):
    fields = fields_of(rule)
    again = parse_rule_phrase(rule_phrase_of(fields))
    assert Scope.model_validate(scope_data(fields)) == Scope.model_validate(scope_data(again)) == rule.scope
    assert again["protection"] == fields["protection"]
    for identity, sddl in (("machines", rule.machines), ("users", rule.users)):
        for each in (fields, again):
            assert sddl_of(Who(each[identity], each[f"not_{identity}"])) == sddl


def test_an_access_list_that_says_more_stays_as_it_is():
    assert who_of(access_list([SID, "DC"], ["DG"])) == (f"{SID}, DC", "DG")
    for sddl in ("O:SYD:(A;;CC;;;DC)", "O:LSD:(A;;CC;;;DC)(D;;CC;;;DG)", "O:LSD:P(A;;CC;;;DC)"):
        assert who_of(sddl) == (sddl, "")
        assert sddl_of(who_of(sddl)) == sddl
    with pytest.raises(ValueError, match="leave the other field empty"):
        sddl_of(Who("D:(A;;CC;;;DC)", "DG"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("tcp 1433", "TCP 1433 here"),
        ("udp 53,88 to 10.0.0.1,10.0.0.2", "UDP 53, 88 elsewhere to 10.0.0.1, 10.0.0.2"),
        ("10.0.0.0/8 domain lan", "10.0.0.0/8, domain, lan"),
        ("protocol 47", "protocol 47"),
    ],
)
def test_a_scope_in_a_few_words(text, words):
    assert scope_words(Scope.model_validate(scope_data(parse_rule_phrase(text)))) == words


def scope(text: str) -> Scope:
    return Scope.model_validate(scope_data(parse_rule_phrase(text)))


def with_scopes(*said: tuple[str, str]) -> Design:
    made = [{"name": f"r{n}", "mode": mode, "scope": scope(text)} for n, (mode, text) in enumerate(said)]
    return design(version=2, rules=made)


@pytest.mark.parametrize(
    ("there", "new", "mode", "adding"),
    [
        ([("require", "")], "tcp 1433", "require", "inherit"),
        ([("boundary", "10.0.0.0/8"), ("require", "")], "10.1.0.0/16", "boundary", "inherit"),
        ([("boundary", "10.0.0.0/8"), ("require", "")], "192.0.2.1", "require", "inherit"),
        ([("boundary", "10.0.0.0/8")], "192.0.2.1", "boundary", "boundary"),
        ([("boundary", "tcp 22"), ("require", "udp")], "tcp 443", "boundary", "boundary"),
        ([("require", "tcp 22"), ("boundary", "udp")], "udp 53", "boundary", "inherit"),
        ([("require", "tcp 22 either"), ("boundary", "udp")], "tcp 22 to 10.0.0.1", "require", "inherit"),
        ([("require", "domain"), ("boundary", "private")], "private", "boundary", "inherit"),
        ([("require", "lan")], "wireless", "require", "require"),
        ([("require", "fe80::/10")], "10.0.0.0/8", "require", "require"),
    ],
)
def test_a_new_rule_is_proposed_the_mode_of_the_rule_that_has_its_traffic(there, new, mode, adding):
    made = with_scopes(*there)
    assert proposed_mode(made, scope(new), adds=False) == mode
    assert proposed_mode(made, scope(new), adds=True) == adding


def test_what_a_rule_that_adds_takes_over_of_the_others():
    limits = proposed_limits(with_scopes(("require", "10.0.0.0/8 domain")), scope("tcp 22"))
    assert {name: str(*each) for name, each in limits.items() if each} == {
        "remote_addresses": "10.0.0.0/8",
        "profiles": "domain",
    }
    assert "remote_addresses" not in proposed_limits(
        with_scopes(("require", "10.0.0.0/8")), scope("tcp 22 10.1.0.0/16")
    )
    two = with_scopes(("require", "10.0.0.0/8"), ("boundary", "192.0.2.0/24"))
    assert "remote_addresses" not in proposed_limits(two, scope("tcp 22"))
    assert not any(proposed_limits(with_scopes(("require", "udp 53")), scope("tcp 22")).values())


def test_a_rule_that_is_off_has_no_traffic():
    made = design(
        version=2, rules=[{"name": "a", "mode": "boundary", "enabled": False}, {"name": "b", "mode": "require"}]
    )
    assert proposed_mode(made, scope("tcp 22"), adds=False) == "require"
