"""Traffic and verdicts in a design: what can be written, what is refused and how, and that files keep them."""

import re

import pytest

from ndtui.exporters.bundle.bundle import format_bundle, parse_bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.access_check import Token
from ndtui.model.design.assertion import VERDICTS, Assertion, Side, Verdict, parse_traffic
from ndtui.model.design.design import Design, change
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.files.design_json import format_json, parse_json
from tests.support import design, refused

HEAD = 'name = "test"\n'


def test_traffic_is_read_part_by_part():
    traffic = parse_traffic("in v4 tcp, udp from 10.0.0.0/8, 192.0.2.1 port 1-5 to any port 443")
    assert traffic.directions == ("in",)
    assert traffic.families == ("V4",)
    assert traffic.protocols == (6, 17)
    assert [str(each) for each in traffic.source.addresses] == ["10.0.0.0/8", "192.0.2.1"]
    assert [str(each) for each in traffic.source.ports] == ["1-5"]
    assert traffic.destination == Side((), ((443, 443),))


def test_what_is_left_out_is_anything():
    traffic = parse_traffic("any")
    assert traffic.directions == ("in", "out")
    assert traffic.families == ("V4", "V6")
    assert traffic.protocols == ()
    assert traffic.source == traffic.destination == Side()
    assert parse_traffic("icmp type 3 code 4")[4:6] == (((3, 3),), ((4, 4),))
    assert parse_traffic("icmp type 0-2,8")[4:6] == (((0, 2), (8, 8)), ())
    assert parse_traffic("multicast 1-3").protocols == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("in", "ends where a protocol should stand"),
        ("in frob", "'frob' is no protocol"),
        ("in Frob", "'Frob' is no protocol"),
        ("in any profile Work", "'Work' is no network profile"),
        ("in any interface Wire", "'Wire' is no type of interface"),
        ("in any app D:\\Some Dir\\X.exe", re.escape("'Dir\\X.exe' means nothing where it stands")),
        ("in tcp,any", "any beside other protocols"),
        ("in 256", "protocols go from 0 to 255"),
        ("in tcp from", "ends where an address, or any, after from"),
        ("in tcp from here", "'here' is no address"),
        ("in tcp from 10.0.0.1/8", "host bits"),
        ("in tcp to any port", "ends where a port"),
        ("in tcp to any port 70000", "out of range"),
        ("in icmp to any port 5", "ports belong to TCP and UDP"),
        ("in any to any port 5", "ports belong to TCP and UDP"),
        ("in tcp type 8", "type belongs to ICMP"),
        ("in icmp type 300", "is no number from 0 to 255"),
        ("in tcp to any from any", "'from' means nothing where it stands"),
        ("in v6 tcp from 10.0.0.1", "it has no packets"),
        ("in tcp from 10.0.0.1 to 2001:db8::1", "it has no packets"),
    ],
)
def test_what_is_no_traffic_is_refused(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        parse_traffic(text)


@pytest.mark.parametrize(
    ("name", "number"),
    [("tcp", 6), ("udp", 17), ("icmpv6", 58), ("igmp", 2), ("gre", 47), ("esp", 50), ("ah", 51), ("132", 132)],
)
def test_protocols_by_name(name: str, number: int):
    assert parse_traffic(f"in {name}").protocols == (number,)


def test_icmpv6_by_its_name_is_of_ipv6_unless_it_is_said_otherwise():
    assert parse_traffic("in ICMPv6 type 135").families == ("V6",)
    assert parse_traffic("v4 icmpv6").families == ("V4",)
    assert parse_traffic("icmp,icmpv6").families == parse_traffic("58").families == ("V4", "V6")
    with pytest.raises(ValueError, match="addresses of one family where the other is meant"):
        parse_traffic("icmpv6 from 10.0.0.0/8")


@pytest.mark.parametrize("protocol", ["icmp", "1", "58", "icmpv6", "1,58", "icmp,icmpv6"])
def test_every_protocol_that_has_types(protocol: str):
    traffic = parse_traffic(f"in {protocol} type 3 code 4")
    assert (traffic.icmp_types, traffic.icmp_codes) == (((3, 3),), ((4, 4),))
    with pytest.raises(ValueError, match="type belongs to ICMP alone"):
        parse_traffic(f"in {protocol},tcp type 3")


def test_a_file_with_a_wrong_assertion_names_the_line():
    assert refused(f'{HEAD}[[assert]]\ntraffic = "in frob"\nverdict = "protected"\n').startswith(
        "file.toml: line 3: assert[0].traffic: 'frob' is no protocol"
    )
    assert "line 4: assert[0].verdict" in refused(f'{HEAD}[[assert]]\ntraffic = "any"\nverdict = "safe"\n')
    assert "suppress[0].reason" in refused(f'{HEAD}[[suppress]]\nid = "one-family"\nreason = " "\n')
    assert "suppress[0].id" in refused(f'{HEAD}[[suppress]]\nid = "One Family"\nreason = "no"\n')
    assert "suppress[0].reason" in refused(f'{HEAD}[[suppress]]\nid = "one-family"\n')


def carrying() -> Design:
    said = [{"traffic": "in tcp", "verdict": "protected", "comment": "the point of it"}]
    return design(**{"assert": said}, suppress=[{"id": "one-family", "reason": "IPv6 is off", "where": "families"}])


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_and_who_the_peers_are_survive_a_file_and_a_bundle(verdict: Verdict):
    traffic = "in tcp to any port 3389 machine S-1-5-21-1-2-3-1104,DC user none"
    of = design(**{"assert": [{"traffic": traffic, "verdict": verdict}]})
    assert parse_design(format_design(of), "file.toml") == of
    assert parse_json(format_json(of), "file.json") == of
    assert parse_bundle(format_bundle(compile_design(of)), "file.json") == of


def test_a_file_keeps_assertions_and_suppressions_with_their_comments():
    text = format_design(carrying())
    assert parse_design(text, "file.toml") == carrying()
    assert '[[assert]]\ntraffic = "in tcp"\nverdict = "protected"\n' in text
    commented = text.replace("[[assert]]", "# why\n[[assert]]").replace('id = "one-family"', 'id = "one-family" # so')
    more = change(
        carrying(), assertions=(*carrying().assertions, Assertion(traffic="icmp", verdict="exempt")), description="new"
    )
    kept = format_design(more, commented)
    assert parse_design(kept, "file.toml") == more
    assert 'id = "one-family" # so' in kept


def test_a_design_without_any_says_nothing_of_them():
    plain = design()
    assert not {"assert", "suppress", "assertions", "suppressions"} & plain.model_dump(mode="json").keys()
    assert "assert" not in format_design(plain)
    assert "suppress" not in format_design(plain)
    assert {"assert", "suppress"} <= carrying().model_dump(mode="json").keys()
    assert Design.model_validate(carrying().model_dump(mode="json")) == carrying()


def test_the_schema_has_them_by_the_names_of_the_file():
    properties = Design.model_json_schema()["properties"]
    assert {"assert", "suppress"} <= properties.keys()
    assert not {"assertions", "suppressions"} & properties.keys()


def test_traffic_names_its_networks_and_the_peers_that_may_not_connect():
    plain = parse_traffic("in tcp")
    assert (plain.profiles, plain.interfaces, plain.unauthorized) == ((), (), False)
    said = parse_traffic("in tcp from any to any port 443 profile private, public interface lan,131-135 unauthorized")
    assert said.profiles == ("private", "public")
    assert said.interfaces == ((6, 6), (131, 135))
    assert said.unauthorized
    assert parse_traffic("in tcp interface wireless").interfaces == ((71, 71),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in tcp profile home", "'home' is no network profile: write domain, private, public"),
        ("in tcp profile", "ends where a network profile should stand"),
        (
            "in tcp interface tunnel",
            "'tunnel' is no type of interface: write lan, wireless, remote-access, or a",
        ),
        ("in tcp interface 5-4", "'5-4' is no type of interface"),
        ("in tcp interface 4294967296", "'4294967296' is no type of interface"),
        ("in tcp unauthorized profile private", "'profile' means nothing where it stands"),
        ("in icmp type 8-3", "the ICMP type '8-3' is no number from 0 to 255"),
    ],
)
def test_a_network_or_a_peer_that_is_none_is_refused(text: str, said: str):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_traffic(text)


def test_traffic_says_who_its_peers_are():
    said = parse_traffic("in tcp to any port 3389 machine S-1-5-21-1-2-3-513, DC user none")
    assert (said.machine, said.user) == (Token(("S-1-5-21-1-2-3-513", "DC")), Token(()))
    assert (parse_traffic("in tcp").machine, parse_traffic("in tcp").user) == (None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("in tcp machine", "ends where the SIDs of the machine should stand"),
        ("in tcp machine x", "the machine 'X' is no SID"),
        ("in tcp user DC unauthorized", "says who its peers are and unauthorized: say one"),
        ("in tcp user DC machine DC", "means nothing where it stands"),
    ],
)
def test_who_is_nobody_is_refused(text: str, words: str):
    with pytest.raises(ValueError, match=words):
        parse_traffic(text)
