"""What export formats say of a design: each finding where it is so, and where it is not, not."""

from dataclasses import fields
from urllib.parse import urlparse

import pytest

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.finding_ids import IDS, OF_WAYS_OUT
from ndtui.analysis.check.reachability_findings import MANAGEMENT_DROPPED
from ndtui.exporters.registry import BUILT_IN
from ndtui.model.design.design import change
from ndtui.testing.sample_designs import HOSTILE_NAMES, hostile
from tests.exporters.way_out_cases import AES, BASE, CASES, DHCP, DHCPV6, OLD_MAIN, PLAIN, SQL, USERS, Case, rules
from tests.support import design, exempting, one_line, preset

FOUND = [(kind, case) for kind, (found, _) in CASES.items() for case in found]
ABSENT = [(kind, case) for kind, (_, absent) in CASES.items() for case in absent]
#: Formats that are for a person, or for another program: nothing of theirs is installed on a host.
SAY_NOTHING = ("bundle", "design", "html", "netsh-xml", "report", "table")


@pytest.mark.parametrize(("kind", "case"), FOUND, ids=[kind for kind, _ in FOUND])
def test_it_is_said_where_it_is_so(kind: str, case: Case) -> None:
    assert kind in {each.id for each in case.findings}


@pytest.mark.parametrize(("kind", "case"), ABSENT, ids=[kind for kind, _ in ABSENT])
def test_it_is_not_said_where_it_is_not_so(kind: str, case: Case) -> None:
    assert kind not in {each.id for each in case.findings}


def test_every_finding_of_a_way_out_has_cases_and_an_id_of_its_own() -> None:
    assert set(CASES) == {*OF_WAYS_OUT, MANAGEMENT_DROPPED}
    assert not set(OF_WAYS_OUT) & set(IDS)


def test_they_are_sentences_with_a_source() -> None:
    for _, case in FOUND:
        for each in case.findings:
            assert urlparse(each.source).scheme == "https", each
            assert not each.message.endswith("."), each
            assert each.why.endswith("."), each
            assert each.remedy.endswith("."), each
            for name in (each.message, each.why, each.remedy, str(each.where)):
                one_line(name)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_format_that_installs_nothing_has_nothing_to_say(name: str) -> None:
    assert (Case(preset("transport-require"), name).findings == ()) is (name in SAY_NOTHING)


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
@pytest.mark.parametrize("kind", ["powershell", "c"])
def test_a_hostile_name_is_said_in_one_line(kind: str, name: str) -> None:
    for each in Case(hostile(name), kind).findings:
        for part in fields(Finding):
            assert str(getattr(each, part.name)).isprintable()


def test_errors_are_said_first_and_what_is_accepted_is_not_said() -> None:
    design = preset("nd-guaranteed-encryption")
    found = Case(design).findings
    severities = [each.severity for each in found]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    for each in found:
        accepted = change(design, suppressions=[{"id": each.id, "where": str(each.where), "reason": "known"}])
        left = {(other.id, str(other.where)) for other in Case(accepted).findings}
        assert left == {(other.id, str(other.where)) for other in found} - {(each.id, str(each.where))}


def test_what_can_be_done_is_what_the_way_out_has() -> None:
    def remedy(kind: str, id_: str = MANAGEMENT_DROPPED) -> str:
        (found,) = [each for each in Case(preset("nd-transport"), kind).findings if each.id == id_]
        return found.remedy

    assert "-ConfirmWithin" in remedy("powershell")
    assert remedy("handover") == remedy("powershell")
    assert "confirm" not in remedy("c")
    assert "confirm" not in remedy("netsh").casefold()
    assert "have one keying module, which is written out" in remedy("powershell", "key-module-default")
    assert "export it with one keying module as powershell" in remedy("netsh", "key-module-default")


def test_azure_is_named_with_what_is_dropped_of_it() -> None:
    def said(of: str) -> list[str]:
        return [each.message for each in Case(preset(of)).findings if each.id == "cloud-platform"]

    (probes,) = said("nd-transport")
    assert probes.endswith("on a virtual machine in Azure health probes of load balancers are dropped")
    both, metadata = said("transport-require")
    assert "health probes of load balancers and what its agent asks the platform are dropped" in both
    assert metadata.startswith("169.254.169.254 is not exempt")


@pytest.mark.parametrize(
    ("exemption", "left"),
    [
        ({"remote_addresses": ["168.63.129.16"], "protocol": "tcp"}, {"169.254.169.254"}),
        ({"remote_addresses": ["169.254.169.254"], "protocol": "tcp", "remote_ports": [80]}, {"168.63.129.16"}),
        ({"protocol": "tcp", "local_ports": [443]}, {"168.63.129.16", "169.254.169.254"}),
    ],
)
def test_what_is_exempt_of_a_platform_is_not_said(exemption: dict[str, object], left: set[str]) -> None:
    design = exempting(exemption, rules=[{"name": "base", "mode": "require"}], version=2)
    found = [each.message.split()[0] for each in Case(design).findings if each.id == "cloud-platform"]
    assert set(found) == left


def test_a_rule_for_some_addresses_of_the_host_drops_what_a_platform_sends_to_them() -> None:
    scope = {"local_addresses": ["192.168.7.0/24"]}
    design = change(preset("nd-transport"), rules=({"name": "base", "scope": scope},))
    assert "cloud-platform" in {each.id for each in Case(design).findings}


def test_default_sets_of_peers_are_told_by_what_is_agreed_on() -> None:
    def said(case: Case) -> list[tuple[str, str]]:
        return [(each.severity, each.message) for each in case.findings if each.id == "default-peers"]

    nothing, plain, order = CASES["default-peers"][0]
    ((severity, message),) = said(nothing)
    assert (severity, message.rpartition(": ")[2]) == ("note", "no common main mode proposal")
    for case in (plain, order):  # whoever begins, in one of both ways the first of the defaults is what is common
        ((severity, message),) = said(case)
        assert severity == "warning"
        assert message.endswith("is not encrypted")


def messages(case: Case, kind: str) -> list[str]:
    return [each.message for each in case.findings if each.id == kind]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"users": USERS}, "of a user who may connect"),
        ({"users": USERS, "encryption": "guaranteed"}, "encrypted and of a user who may connect"),
        ({"encryption": "guaranteed"}, "encrypted"),
    ],
)
def test_what_is_kept_out_by_the_default_alone_is_named(more: dict[str, str], asked: str) -> None:
    proposals = {"quick_mode": {"proposals": [AES, PLAIN]}}
    by_authip = {"keying_modules": ["AuthIP"], "extended_mode": {}}
    design = rules(BASE, {**SQL, "mode": "inherit", **more}, **by_authip, **proposals)
    (message,) = messages(Case(design), "inbound-default")
    assert message == (
        f"Rule 'SQL': A connection that is not {asked} is kept out by the default of the network profile alone"
    )


@pytest.mark.parametrize(
    ("exempt", "names", "remedy"),
    [
        ([DHCP, DHCPV6], "neighbour discovery is left out", "Exempt it in"),
        ([{"protocol": "icmp"}], "DHCP is left out", "Exempt it in"),
        ([], "DHCP and neighbour discovery are left out", "Exempt both in"),
    ],
)
def test_what_a_host_leaves_out_by_itself_is_named(exempt: list[dict[str, object]], names: str, remedy: str) -> None:
    (found,) = [each for each in Case(exempting(*exempt)).findings if each.id == "host-exemptions"]
    assert found.message.startswith(names)
    assert found.remedy.startswith(remedy)


@pytest.mark.parametrize("ports", [{"remote_ports": [80]}, {"remote_ports": [32526]}])
def test_what_an_agent_asks_is_said_where_it_is_dropped_at_both_ports(ports: dict[str, object]) -> None:
    one = {"protocol": "tcp", "remote_addresses": ["168.63.129.16"], **ports}
    design = exempting(one, rules=[{"name": "base", "mode": "require"}], version=2)
    first, _ = messages(Case(design), "cloud-platform")
    assert first.endswith("on a virtual machine in Azure health probes of load balancers are dropped")


@pytest.mark.parametrize("ports", [[80], [443], ["51000-52000"]])
def test_probes_are_said_to_be_dropped_where_they_are_at_whatever_port(ports: list[object]) -> None:
    design = exempting({"protocol": "tcp", "local_ports": ports})
    assert messages(Case(design), "cloud-platform") == []


def test_a_rule_that_negotiates_by_itself_is_named() -> None:
    own = {"keying_modules": ["IKE"], "main_mode": {"proposals": [OLD_MAIN]}, "quick_mode": {"proposals": [PLAIN]}}
    zone = {"name": "Old", "scope": {"remote_addresses": ["10.1.0.0/16"]}, "negotiation": own}
    base = {"name": "New", "scope": {"remote_addresses": ["10.2.0.0/16"]}}
    found = [each for each in Case(rules(base, zone)).findings if each.id == "default-peers"]
    assert [(str(each.where), each.severity) for each in found] == [("rule:Old", "warning"), ("main_mode", "note")]
    assert found[0].message.startswith("Rule 'Old': What is agreed on")
    assert found[1].message.startswith("With a peer on")
    modules = [each for each in Case(rules(zone, base)).findings if each.id == "key-module-default"]
    assert [str(each.where) for each in modules] == ["keying_modules"]


def test_main_mode_that_is_left_to_the_default_set_is_what_peers_on_that_have() -> None:
    (other,) = [each for each in Case(preset("nd-transport"), "gpo-reg").findings if each.id == "default-peers"]
    assert other.message.endswith("nothing can be negotiated: no common quick mode proposal")
    plain = design(quick_mode={"proposals": [PLAIN]})
    (warned,) = [each for each in Case(plain, "gpo-reg").findings if each.id == "default-peers"]
    assert (warned.severity, warned.message[-16:]) == ("warning", "is not encrypted")
    (written,) = [each for each in Case(plain).findings if each.id == "default-peers"]
    assert written.message.endswith("nothing can be negotiated: no common main mode proposal")


def test_main_mode_that_the_design_says_itself_is_a_note() -> None:
    usual = {"proposals": [OLD_MAIN, {**OLD_MAIN, "cipher": "IKEEXT_CIPHER_3DES"}]}
    for proposals, severity in ((usual, "note"), ({"proposals": [OLD_MAIN]}, "warning")):
        case = Case(design(keying_modules=["IKE"], main_mode=proposals), "gpo-reg")
        (found,) = [each for each in case.findings if each.id == "main-mode-default"]
        assert found.severity == severity


def test_the_option_that_has_the_host_say_it_is_named() -> None:
    for name, option in (("powershell", "host-icmp"), ("gpo-reg", "ipsec-exempt")):
        case = Case(preset("nd-transport"), name, {option: "yes"})
        (found,) = [each for each in case.findings if each.id == "host-wide-icmp"]
        assert found.remedy.startswith(f"Leave {option} out")
